#!/bin/sh
# The number of steps that samephoto reads in every article, in its own playbooks and in documents
# that were never written for it is that of another Markdown parser.
# Usage: articles.sh SOURCE-FOLDER BUILD-FOLDER SAMEPHOTO
set -eu
source=$1
build=$2/npm
samephoto=$3

sh "$source/modules" "$source" "$build"

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
export XDG_DATA_HOME="$work" LC_ALL=C.UTF-8

top=$source/../..
set -- "$top"/tests/data/playbooks/*.md "$top"/assets/playbooks/*.md "$top/README.md" \
    "$build"/node_modules/*/README.md "$build"/node_modules/*/HISTORY.md
[ $# -ge 100 ] || {
    echo "articles: only $# documents" >&2
    exit 1
}
node "$source/count-steps.mjs" "$build/node_modules" "$@" >"$work/theirs"
for file in "$@"; do
    steps=$("$samephoto" playbook show "$file" --json | grep -c '"text":' || true)
    printf '%s\t%s\n' "$file" "$steps"
done >"$work/ours"
diff "$work/theirs" "$work/ours" >&2 || {
    echo "articles: '<' is what markdown-it counts, '>' what samephoto does" >&2
    exit 1
}
