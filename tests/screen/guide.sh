#!/bin/sh
# Guide: from the verdict through the steps to the proof, by keys, through a resize.
# Usage: guide.sh PROGRAM LANGUAGE COLUMNS ROWS
set -eu
. "$(dirname "$0")/terminal.sh"
language=$2
start "$3" "$4" practice sharepoint-stale --lang "$2"
see "$(say 'Step %u of %u')" "$(say 'Guide')"
# As much of a message as the lowest line of a low window holds.
began() {
    say "$1" | sed 's/^\(.\{40\}\).*/\1/'
}
first=$(screen | grep -oE "$(say 'Step %u of %u') 1 .* [0-9]+" | head -n 1)
[ -n "$first" ] || fail "does not stand on step 1"

# A note and a reason for skipping are asked for and kept.
press n
see "$(say 'Note')"
press -l 'called back'
press Enter
see "$(say 'Note saved')" 'called back'
press s
see "$(say 'Skip this step')"
press Enter
press Enter
see "$(say 'Step %u of %u') 2"

# What the pretend person does turns the proof green. In a low window it stands on the step's next page.
can_verify() {
    if shows ": $(say 'PgDn') ─╯"; then
        press NPage
        unsee ": $(say 'PgDn') ─╯"
    fi
    shows "$(say 'v reads again: %s')"
}
tries=0
until can_verify; do
    press Enter
    tries=$((tries + 1))
    [ $tries -lt 12 ] || fail "no step can be verified"
    see "$(say 'Step %u of %u') $((tries + 2))"
done
press v
see "$(began 'Not yet: the copies do not show the reference'\''s photo')"
press p
see "$(began 'It has been done in the practice tenant; v reads the copies again')"
press v
see "$(began 'Passed: the copies show the reference'\''s photo now')"

# What was found, in full, comes up and goes again.
press f
see "$(say 'What was found, and why')"
press Escape
unsee "$(say 'What was found, and why')"

resize 100 30
see "$(say 'Guide')"
resize 60 20
see "$(say 'Guide')"
resize 50 10
unsee "$(say 'Step %u of %u')"
resize "$3" "$4"
see "$(say 'Guide')"
press '?'
see v
press Escape
press q
ended 0
