#!/bin/sh
# Every way out leaves the terminal as it was.
# Usage: exit.sh PROGRAM
set -eu
. "$(dirname "$0")/terminal.sh"

leave() {
    rm -f "$work/status" "$work/pid"
    start 80 24 practice sharepoint-stale
    see "Step 1 of"
    "$@"
}
hit() {
    kill "-$1" "$(cat "$work/pid")"
}
again() {
    tmux -S "$socket" kill-server
    until_true sh -c "! tmux -S '$socket' has-session 2>/dev/null"
}

leave press q
ended 0
again
leave press C-c
ended 0
again
leave hit TERM
ended 143
again
leave hit HUP
ended 129
again

# Whatever else ends a program (the sanitizers have SEGV for themselves); QUIT, TRAP, SYS, XCPU and XFSZ would leave a core as well.
ulimit -c 0
for number in 3 5 6 10 12 14 16 24 25 26 27 29 30 31 34; do
    leave hit "$number"
    ended $((128 + number))
    again
done

# The window is closed: nobody is left behind, and nothing of it is written to anybody.
leave true
pid=$(cat "$work/pid")
is_gone() {
    ! kill -0 "$pid" 2>/dev/null
}
tmux -S "$socket" kill-server
until_true is_gone || fail "the program outlives its terminal"

# A window that is too small from the beginning.
rm -f "$work/status"
start 20 5 practice sharepoint-stale
see '60 columns'
press q
ended 0
