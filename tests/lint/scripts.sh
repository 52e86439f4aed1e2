#!/bin/sh
# Shell scripts parse, in the shell that their first line names.
set -eu
cd "$1"
failed=0
for script in $(grep -lE '^#!/bin/(sh|bash)' -r .ci assets tests tui .githooks 2>/dev/null); do
    shell=$(sed -n '1s/^#!//p' "$script")
    $shell -n "$script" || failed=1
done
exit $failed
