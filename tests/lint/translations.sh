#!/bin/sh
# Every string that is marked in the sources stands in every catalogue: translated, not fuzzy, and with
# the same format directives; no catalogue holds strings that are gone.
# Usage: translations.sh SOURCE-FOLDER
set -eu
top=$1
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$top"
failed=0

sh assets/po/extract "$work/samephoto.pot"
for catalogue in assets/po/*.po; do
    merged=$work/$(basename "$catalogue")
    msgfmt -c -o /dev/null "$catalogue" || failed=1
    msgmerge -q --no-fuzzy-matching -o "$merged" "$catalogue" "$work/samephoto.pot"
    for kind in untranslated fuzzy only-obsolete; do
        found=$(msgattrib "--$kind" --no-obsolete --no-wrap "$merged" | grep -E '^msgid ' | grep -vx 'msgid ""' || true)
        [ "$kind" != only-obsolete ] || found=$(msgattrib --only-obsolete "$merged" | grep -E '^#~ msgid ' || true)
        if [ -n "$found" ]; then
            printf '%s: %s entries:\n%s\n' "$catalogue" "$kind" "$found" >&2
            failed=1
        fi
    done
done
exit $failed
