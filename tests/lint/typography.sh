#!/bin/sh
# French has one rule for the spaces of its punctuation, in the catalogue, the playbook and the
# messages: U+202F before ; ! ? and inside guillemets, U+00A0 before a colon.
# Usage: typography.sh SOURCE-FOLDER
set -eu
cd "$1"
export LC_ALL=C.UTF-8
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# What people read: translations behind the header, each string on one line; text behind front matter.
msgcat --no-wrap assets/po/fr.po |
    awk '/^$/ { begun = 1 } /^msgid|^#|^$/ { on = 0 } /^msgstr/ { on = begun } on' >"$work/fr.po"
for file in assets/playbooks/*.fr.md assets/messages/*.fr.txt; do
    awk 'NR == 1 && /^---$/ { on = 1; next } on { on = !/^---$/; next } 1' "$file" \
        >"$work/$(basename "$file")"
done

failed=0
forbid() {
    hits=$(cd "$work" && grep -nP "$2" ./*) || return 0
    printf '%s:\n%s\n' "$1" "$hits" >&2
    failed=1
}
forbid 'no narrow no-break space before ; ! ? or a closing guillemet' \
    '[^\x{202F}\s&][;!?](?=[ "]|$)|[ \x{A0}][;!?»]|[^\x{202F}]»'
forbid 'no narrow no-break space after an opening guillemet' '«(?!\x{202F})'
forbid 'no no-break space before a colon' '[ \x{202F}]:(?=[ "]|\\n|$)|[\p{L})%s»]:(?= )'
exit $failed
