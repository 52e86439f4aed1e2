#!/bin/sh
# A case over several days, on a slow link: a step waits until a time on the clock, the start screen
# says when it is due, its session is watched from there, and the history tells what has changed.
# Usage: days.sh PROGRAM
set -eu
. "$(dirname "$0")/terminal.sh"
language=en
start 100 30 practice sharepoint-stale --slow --lang "$language"
see "$(say 'Step %u of %u') 1" 'slow link'
press w
see "$(say 'Wait until')"
press 1
see "($(say 'waits until %s') "

# A day later it is due.
press A
see "$(say 'A day has passed in the practice tenant')"
press 0
see "$(say 'Due now')" "$(say 'watch')"
press Enter
see "$(say 'was to wait until %s: check again now')"

# To the step that is proved; then the pretend person does it while the case is watched.
tries=0
until screen | grep -qF "$(say 'v reads again: %s')"; do
    press Down
    tries=$((tries + 1))
    [ $tries -lt 12 ] || fail "no step can be verified"
    see "$(say 'Step %u of %u') $((tries + 1))"
done
press H
see "$(say 'Nothing has changed, or this is the first time.')"
press Escape
unsee "$(say 'History')"
press p
see "$(say 'It has been done in the practice tenant; v reads the copies again')"
press 0
see "$(say 'Due now')"
press w
see "$(say 'Watching: reads again at %s, and tells when all copies agree')"
see 'Bashir Rahimi: all copies show the same photo now'
press H
see "$(say 'History')" "$(say 'Every change that was noticed')" 'SharePoint'
press Escape
leave
