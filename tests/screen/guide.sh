#!/bin/sh
# Guide: from the verdict through the steps to the proof, by keys, through a resize.
# Usage: guide.sh PROGRAM LANGUAGE COLUMNS ROWS
set -eu
. "$(dirname "$0")/terminal.sh"
language=$2
start "$3" "$4" practice sharepoint-stale --lang "$2"
see "$(say 'Step %u of %u')" "$(say 'Guide')"
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

# What the pretend person does turns the proof green.
tries=0
until screen | grep -qF "$(say 'v reads again: %s')"; do
    press Enter
    tries=$((tries + 1))
    [ $tries -lt 12 ] || fail "no step can be verified"
    see "$(say 'Step %u of %u') $((tries + 2))"
done
press v
see "$(say 'Not yet: the copies do not show the reference'\''s photo')"
press p
see "$(say 'It has been done in the practice tenant; v reads the copies again')"
press v
see "$(say 'Passed: the copies show the reference'\''s photo now')"

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
