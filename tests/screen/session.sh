#!/bin/sh
# From a name to a pasted report by keys alone: the person is searched, a step's re-check fails before
# it is played in the practice tenant and passes after, and the report and a message to the person
# reach the terminal's clipboard and a file.
# Usage: session.sh PROGRAM LANGUAGE COLUMNS ROWS
set -eu
. "$(dirname "$0")/terminal.sh"
language=$2
start "$3" "$4" practice sharepoint-stale --lang "$2" --view start
see "$(say 'Person')" sharepoint-stale
press /
press -l bashir
see "bashir.rahimi@norvane.example"
press Enter
see "$(say 'Step %u of %u')"

tries=0
until screen | grep -qF "$(say 'v reads again: %s')"; do
    press Enter
    tries=$((tries + 1))
    [ $tries -lt 12 ] || fail "no step can be verified"
    see "$(say 'Step %u of %u') $((tries + 1))"
done
press v
see "$(say 'Not yet: the copies do not show the reference'\''s photo')"
press p
see "$(say 'It has been done in the practice tenant; v reads the copies again')"
press v
see "$(say 'Passed: the copies show the reference'\''s photo now')"

# The report for the ticket is on the clipboard, and where it is told to be.
pasted() {
    tmux -S "$socket" show-buffer 2>/dev/null | grep -qF -- "$1"
}
folder=$XDG_DATA_HOME/samephoto/reports
press y
see "$(say 'What is it for?')"
press 3
until_true pasted "$(say 'Re-check: %s')" || fail "the clipboard has no report"
see "$(say 'Sent to the clipboard and saved as %s')" "$folder/session-1.txt"
tmux -S "$socket" show-buffer >"$work/pasted"
cmp "$work/pasted" "$folder/session-1.txt" || fail "the clipboard is not the file"
grep -qF 'Bashir Rahimi' "$work/pasted" || fail "the report names nobody"
[ "$(stat -c %a "$folder/session-1.txt")" = 600 ] || fail "others may read the report"
press Escape
unsee "$(say 'Sent to the clipboard and saved as %s')"

# A message to the person, in the other language than the screen's.
case $language in en) other=fr ;; *) other=en ;; esac
press y
see "$(say 'What is it for?')"
press 5
see "$(say 'In which language?')"
press "${other%?}"
see /session-1.mess
"$program" session message 1 --to user --in "$other" >"$work/message"
cmp "$work/message" "$folder/session-1.message-user.txt" || fail "the message is another one"
first=$(sed -n 1p "$work/message")
pasted "$first" || fail "the message is not on the clipboard"
press Escape
press q
ended 0

# What the report tells from: it began out of sync, and is the same everywhere now.
"$program" session report 1 --format json >"$work/report.json"
grep '"verdict"' "$work/report.json" >"$work/verdicts"
[ "$(tr -cd 'a-z-\n' <"$work/verdicts" | paste -sd ' ')" = 'verdictout-of-sync verdictin-sync' ] ||
    fail "the readings are: $(cat "$work/verdicts")"
