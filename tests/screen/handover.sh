#!/bin/sh
# A case goes to a second-line agent who has no network: question and answer show what is on record, in
# the reader's language, and both names stay. A playbook's file needs nobody at all.
# Usage: handover.sh PROGRAM
set -eu
. "$(dirname "$0")/terminal.sh"

# has TEXT...: what was printed last holds all of them.
has() {
    for text in "$@"; do
        grep -qF -- "$text" "$work/out" || fail "does not print '$text': $(cat "$work/out")"
    done
}
settings=$XDG_CONFIG_HOME/samephoto/samephoto.conf
mkdir -p "$XDG_CONFIG_HOME/samephoto"

printf '8\n' | "$program" practice sharepoint-stale --plain --ticket INC-9 >"$work/out" || true
"$program" session export 1 "$work/case.json" >"$work/out"
rm -rf "$XDG_DATA_HOME"
printf '[sessions]\nagent=Second Line\nkeep-days=30\n' >"$settings"
"$program" session import "$work/case.json" --json >"$work/out"
has '"session": 1'

# The copies as recorded, then the step in French; what is done is done by the one in the settings.
printf '1\n4\nbonjour\n8\n' | "$program" session resume 1 --plain --lang fr >"$work/out" || true
has "$(say 'The copies as recorded on %s by %s:' fr) " 'SharePoint grande' \
    "$(say 'Step %u of %u: %s' fr) 1" 'navigation priv'
"$program" session show 1 --json >"$work/out"
has '"changed_by": "Second Line"' '"note": "bonjour"' '"text": "Open a private window'
"$program" session report 1 --format text --lang fr >"$work/out"
has 'navigation priv' 'Second Line'
"$program" session report 1 --format text >"$work/out"
has 'Open a private window'

# So do the screens.
start 80 24 session resume 1 --lang fr
see 'navigation priv' 'Choisissez l'
press q
ended 0
rm -f "$work/status"

# The ticket that is named on the command line is the session's, however it is begun or gone on with.
printf '8\n' | "$program" session resume 1 --plain --ticket INC-10 >"$work/out" || true
"$program" session list >"$work/out"
has INC-10
start 100 30 session resume 1 --ticket INC-11
see 'Step ' INC-11
press q
ended 0
rm -f "$work/status"
start 100 30 practice sharepoint-stale --ticket INC-12
see 'Step 1 of' INC-12
press q
ended 0
rm -f "$work/status"
"$program" session list >"$work/out"
has INC-11 INC-12

# What is not kept any longer goes whenever sessions are asked for, not with the screens only.
printf '[sessions]\nkeep-days=never\n' >"$settings"
code=0
"$program" session list >"$work/out" 2>&1 || code=$?
[ $code = 2 ] || fail "session list exits $code: $(cat "$work/out")"
has 'keep-days=never'
rm "$settings"

# A support article as a checklist, by its path.
printf '# Article\r\n\r\n1. First\r\n2. Second\r\n' >"$work/article.md"
printf '1\n8\n' | "$program" --playbook "$work/article.md" --plain >"$work/out"
has '1 of 2' 'Second'
start 80 24 --playbook "$work/article.md"
see 'First' 'Second' '0 of 2 done'
press Space
see '1 of 2 done'
press o
see 'A file'
press End Enter
see 'A Markdown file'
press -l "$work/article.md"
press Enter
see '0 of 2 done'
press q
ended 0
code=0
"$program" --playbook "$work/none.md" 2>"$work/out" || code=$?
[ $code = 2 ] || fail "a missing playbook exits $code"
has 'none'
