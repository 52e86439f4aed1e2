#!/bin/sh
# Holds the one direction of dependency: each row names a folder and what it must not include.
set -eu
cd "$1"
failed=0

forbid() {
    folder=$1
    pattern=$2
    hits=$(grep -nE "^[[:space:]]*#[[:space:]]*include[[:space:]]*[<\"]($pattern)" -r "$folder" \
        --include='*.[ch]' || true)
    if [ -n "$hits" ]; then
        printf '%s must not include %s:\n%s\n' "$folder" "$pattern" "$hits" >&2
        failed=1
    fi
}

screen='tui/|n?cursesw?[/.]|ncurses|panel\.h|form\.h|chafa'
forbid core "$screen"
forbid core/photo 'core/(net|services|guide|practice)/'
forbid core/net 'core/(services|guide|practice)/'
forbid core/services 'core/(guide|practice)/'
forbid core/guide 'core/practice/'
forbid core/practice 'core/(services|guide)/'
for file in core/*.[ch]; do
    if grep -nE '#[[:space:]]*include "core/[^"]*/' "$file" >&2; then
        echo "$file must include nothing of core's folders" >&2
        failed=1
    fi
done
# The terminal's face holds no HTTP, SQL or directory code, but may name the libraries' versions.
for file in $(grep -lE '#[[:space:]]*include <(curl/|sqlite3|ldap|microhttpd)' -r tui \
    --include='*.[ch]' || true); do
    case $file in
    tui/main.c | tui/commands/version.c) ;;
    *)
        echo "$file must leave HTTP, SQL and LDAP to core" >&2
        failed=1
        ;;
    esac
done
exit $failed
