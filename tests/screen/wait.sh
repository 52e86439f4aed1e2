#!/bin/sh
# A step that waits: until the time that the finding names, or any that is typed; days are named in the
# language of the program, whatever LC_TIME says.
# Usage: wait.sh PROGRAM LANGUAGE DAY-NAMES TOMORROW
set -eu
. "$(dirname "$0")/terminal.sh"
language=$2
days=$3
start 60 20 practice sharepoint-not-yet --lang "$2"
see "$(say 'Step %u of %u') 1"

# The finding's own time is the first that is offered.
press f
see "$(say 'What was found, and why')"
named=$(screen | grep -oE '[0-9]{2}:[0-9]{2}' | tail -n 1)
press Escape
unsee "$(say 'What was found, and why')"
press w
see "$(say 'as the finding says')" "$(say 'Another time')"
screen | grep -qE "1  $days .* $named  $(say 'as the finding says')" ||
    fail "the finding's $named is not the first"
press Enter
see "($(say 'waits until %s') "
screen | grep -qE "\($(say 'waits until %s') $days .* $named\)" || fail "does not wait until $named"

# Typed: what is no time is asked for again, with what was typed.
press w
see "$(say 'Another time')"
press t
see '+2h'
press -l soonish
press Enter
see 'soonish' '2026-12-01'
press C-u
press -l "$4 7:05"
press Enter
see "($(say 'waits until %s') "
until_true sh -c "tmux -S '$socket' capture-pane -p -t t | grep -qE '$days .* 07:05\)'" ||
    fail "does not wait until 7:05"
leave
