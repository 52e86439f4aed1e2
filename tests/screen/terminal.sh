# A private terminal for one test, to be sourced: a tmux server of its own with an empty configuration
# and a fixed size. Looking at the screen always waits for what should be there, up to a bound.
#
#   . terminal.sh PROGRAM        $program, a home of its own, everything cleared away at the end
#   start COLUMNS ROWS ARG...    runs "samephoto ARG..." in it
#   within COLUMNS ROWS NAME=VALUE ARG...   the practice tenant in it, with this variable
#   leave                        by q; the next start may follow
#   see TEXT...                  waits until the screen shows all of them (fixed strings)
#   unsee TEXT                   waits until it shows it no more
#   press KEY...                 keys as tmux names them
#   resize COLUMNS ROWS
#   say MSGID [LANGUAGE]         the message in that language, up to its first directive

program=$1
real=$program
work=$(mktemp -d)
servers=0
socket=$work/tmux$servers
test_name=$(basename "$0" .sh)
HOME=$work/home
XDG_CONFIG_HOME=$HOME/.config
XDG_DATA_HOME=$HOME/.local/share
XDG_STATE_HOME=$HOME/.local/state
XDG_CACHE_HOME=$HOME/.cache
TZ=UTC
LC_ALL=C.UTF-8
export HOME XDG_CONFIG_HOME XDG_DATA_HOME XDG_STATE_HOME XDG_CACHE_HOME TZ LC_ALL
unset LANGUAGE LANG NO_COLOR TMUX TMUX_PANE COLORTERM SAMEPHOTO_CONFIG || true
mkdir -p "$XDG_CONFIG_HOME" "$XDG_DATA_HOME"
# A leak is a failure too; what is told goes to a file, not over the screen.
ASAN_OPTIONS=log_path=$work/asan:exitcode=99
UBSAN_OPTIONS=print_stacktrace=1
G_DEBUG=fatal-criticals
export ASAN_OPTIONS UBSAN_OPTIONS G_DEBUG

clear_away() {
    status=$?
    for server in "$work"/tmux*; do
        [ ! -S "$server" ] || tmux -S "$server" kill-server 2>/dev/null || true
    done
    if [ $status -ne 0 ] || ls "$work"/asan.* >/dev/null 2>&1; then
        cat "$work"/asan.* >&2 2>/dev/null && status=1
    fi
    rm -rf "$work"
    exit $status
}
trap clear_away EXIT
trap 'exit 1' INT TERM HUP

fail() {
    echo "$test_name: $*" >&2
    echo "--- the screen:" >&2
    tmux -S "$socket" capture-pane -p >&2 2>/dev/null || true
    exit 1
}

screen() {
    tmux -S "$socket" capture-pane -p -t t
}

# Waits until the command holds, for at most about 20 seconds.
until_true() {
    looks=0
    until "$@"; do
        looks=$((looks + 1))
        [ $looks -lt 400 ] || return 1
        sleep 0.05
    done
}

shows() {
    screen | grep -qF -- "$1"
}

shows_not() {
    ! shows "$1"
}

see() {
    for text in "$@"; do
        until_true shows "$text" || fail "does not show '$text'"
    done
}

unsee() {
    until_true shows_not "$1" || fail "still shows '$1'"
}

press() {
    tmux -S "$socket" send-keys -t t "$@"
}

resize() {
    tmux -S "$socket" resize-window -t t -x "$1" -y "$2"
}

quote() {
    for word in "$@"; do
        printf " '%s'" "$word"
    done
}

# The shell around the program notes the terminal's modes before and after, and then stays.
# Each start has a server of its own: one that is still ending would take the next session with it.
start() {
    columns=$1
    rows=$2
    shift 2
    servers=$((servers + 1))
    socket=$work/tmux$servers
    rm -f "$work/status"
    printf 'set -g status off\nset -g default-terminal tmux-256color\nset -sg escape-time 5\nset -g remain-on-exit on\nset -s set-clipboard on\n' \
        >"$work/tmux.conf"
    cat >"$work/session" <<END
trap : INT
stty -a | sed 's,rows [0-9]*; columns [0-9]*;,,' >'$work/before'
sh -c 'echo \$\$ >"$work/pid"; exec "\$0" "\$@"' '$program' $(quote "$@")
status=\$?
stty -a | sed 's,rows [0-9]*; columns [0-9]*;,,' >'$work/after'
echo "EXIT=\$status"
echo \$status >'$work/status'
exec cat
END
    tmux -S "$socket" -f "$work/tmux.conf" new-session -d -s t -x "$columns" -y "$rows" \
        "sh '$work/session'"
}

within() {
    printf '#!/bin/sh\nexec env %s "%s" "$@"\n' "$3" "$real" >"$work/wrapped"
    chmod +x "$work/wrapped"
    program=$work/wrapped
    rm -f "$work/status"
    columns=$1
    rows=$2
    shift 3
    start "$columns" "$rows" practice sharepoint-stale "$@"
}
again() {
    tmux -S "$socket" kill-server
    until_true sh -c "! tmux -S '$socket' has-session 2>/dev/null"
}
leave() {
    press q
    ended 0
    again
}

say() {
    LANGUAGE=${2:-${language:-en}} TEXTDOMAINDIR=$(dirname "$program")/../share/locale \
        gettext -d samephoto -- "$1" | sed 's/[[:space:]]*%.*//'
}

# The program has ended with this status, and left the terminal as it was.
ended() {
    until_true test -s "$work/status" || fail "has not ended"
    [ "$(cat "$work/status")" = "$1" ] || fail "ended with $(cat "$work/status") instead of $1"
    cmp -s "$work/before" "$work/after" || fail "left other terminal modes: $(diff "$work/before" "$work/after")"
    see "EXIT=$1"
    flags=$(tmux -S "$socket" display-message -p -t t \
        '#{alternate_on} #{cursor_flag} #{mouse_any_flag} #{keypad_flag} #{keypad_cursor_flag}')
    [ "$flags" = "0 1 0 0 0" ] || fail "left the terminal's flags as '$flags'"
}
