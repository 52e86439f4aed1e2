#!/bin/sh
# Watch: the screens and the command read again by themselves until all copies agree.
# Usage: watch.sh PROGRAM
set -eu
. "$(dirname "$0")/terminal.sh"
language=en

# The command: one line a reading, the last one without a next.
"$program" watch --practice in-sync --fault viva-engage=403:1 --every 1 --json >"$work/lines" ||
    fail "watch ends with $?"
[ "$(wc -l <"$work/lines")" -eq 2 ] || fail "not two readings: $(cat "$work/lines")"
head -n 1 "$work/lines" | grep -qE '"reading":1,.*"verdict":"incomplete".*"next":"20' ||
    fail "the first line: $(head -n 1 "$work/lines")"
tail -n 1 "$work/lines" | grep -qE '"reading":2,.*"verdict":"in-sync".*"next":null' ||
    fail "the last line: $(tail -n 1 "$work/lines")"

# An interrupt gives what the last reading stands for, not a fault.
"$program" watch --practice sharepoint-stale --every 1 --lang "$language" >"$work/out" 2>"$work/err" &
pid=$!
until_true test -s "$work/out" || fail "no reading: $(cat "$work/err")"
kill -TERM $pid
got=0
wait $pid || got=$?
[ $got -eq 1 ] || fail "an interrupted watch exits $got"
if LC_ALL=C grep -q "$(printf '[\007\033]')" "$work/out" "$work/err"; then
    fail "rings where nobody sits"
fi
got=0
"$program" watch anna@norvane.example --every 5 2>"$work/err" || got=$?
[ $got -eq 2 ] || fail "hammering is allowed: $got"

# The screens: what mends it happens while we watch.
start 120 30 practice sharepoint-stale --lang "$language"
see "$(say 'Step %u of %u') 1"
tries=0
until screen | grep -qF "$(say 'v reads again: %s')"; do
    press Enter
    tries=$((tries + 1))
    [ $tries -lt 12 ] || fail "no step can be verified"
    see "$(say 'Step %u of %u') $((tries + 1))"
done
press W
see "$(say 'Watching: reads again at %s, and tells when all copies agree')" "$(say 'watching, %s')"
press W
see "$(say 'Not watching any more')"
unsee "$(say 'watching, %s')"
press W
see "$(say 'watching, %s')"
title() {
    tmux -S "$socket" display-message -p -t t '#{pane_title}'
}
is_title() {
    [ "$(title)" = "$1" ]
}
before=$(title)
press p
see 'all copies show the same photo now'
until_true sh -c "tmux -S '$socket' display-message -p -t t '#{pane_title}' | grep -qF 'all copies'" ||
    fail "the window's title is $(title)"
unsee "$(say 'watching, %s')"
press W
see "$(say 'All copies show the same photo already')"
press q
ended 0
until_true is_title "$before" || fail "the title stays behind: $(title)"
