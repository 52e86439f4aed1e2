#!/bin/sh
# Start: a slow search says how long it takes, what is due says since when, a session that was begun in
# another language is told in the reader's, and no story's title is cut.
# Usage: start.sh PROGRAM
set -eu
. "$(dirname "$0")/terminal.sh"
language=en

start 80 24 practice sharepoint-stale --lang en
see "$(say 'Step %u of %u') 1"
press w
see "$(say 'Wait until')"
press 1
see "($(say 'waits until %s') "
press 0
see "$(say 'Recent')" "$(say 'waits until %s')" ', 0 of 4' 'Not the same'
press 1
see "($(say 'waits until %s') "
press A
see "$(say 'A day has passed in the practice tenant')"
press 0
see "$(say 'Due now')" "$(say 'due since %s')"
due() {
    screen | grep -qE "$(say 'due since %s') .*[0-9]{2}:[0-9]{2}, 0 of 4"
}
until_true due || fail "what is due does not say since when"
leave

language=fr
start 80 24 practice in-sync --lang fr
see "$(say 'Guide')" 'Anna Keller'
press 0
see "$(say 'Recent')" 'Bashir Rahimi' 'partout la même photo'
unsee 'Not the same'
# Every title is there to its end.
press End
see 'nothing-read'
# The lowest one may have a part of its rows only.
shows_cut() {
    screen | sed -n '7,21p' | grep -q '…$'
}
for page in 1 2 3 4 5 6; do
    ! shows_cut || fail "a title is cut"
    press PPage
    sleep 0.2
done
leave

language=en
start 80 24 practice in-sync --lang en --latency graph=2000
press 0
see "$(say 'Practice stories')"
press /
press -l Bash
see "$(say 'Searching')"
took() {
    screen | grep -qE "$(say 'Searching … %s') [0-9.]+ s"
}
until_true took || fail "a slow search does not say how long it takes"
see "$(say 'People')" 'Bashir Rahimi'
press C-c
ended 0
