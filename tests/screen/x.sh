# An X server of its own for one test, to be sourced behind terminal.sh; ended with the test.
#
#   columns=120 rows=40; . x.sh
#   in_xterm ARG...        a terminal of that size; $terminal is its process
#   in_kitty ARG...        the same, drawn by software
#   focus                  keys from now on go to it, by xdotool
#   look                   the screen into $shot
#   keep NAME              into the folder $SAMEPHOTO_SHOTS, where that is set

shot=$work/shot.ppm
Xvfb -displayfd 3 -screen 0 $((columns * 8))x$((rows * 15))x24 -nolisten tcp 3>"$work/display" \
    >/dev/null 2>&1 &
x_server=$!
terminal=
stop_x() {
    status=$?
    [ -z "$terminal" ] || kill "$terminal" 2>/dev/null || true
    kill "$x_server" 2>/dev/null || true
    (exit $status)
    clear_away
}
trap stop_x EXIT
until_true test -s "$work/display" || fail "no X server"
DISPLAY=:$(cat "$work/display")
export DISPLAY

in_xterm() {
    xterm -tn xterm-256color -b 0 -bw 0 -fa 'DejaVu Sans Mono' -fs 9 -geometry "${columns}x$rows+0+0" \
        "$@" &
    terminal=$!
}

in_kitty() {
    LIBGL_ALWAYS_SOFTWARE=1 kitty --config NONE -o font_size=9 -o initial_window_width="$((columns * 8))" \
        -o initial_window_height="$((rows * 15))" -o remember_window_size=no -o window_padding_width=0 \
        -o update_check_interval=0 "$@" >"$work/kitty" 2>&1 &
    terminal=$!
}

# The window manager that gives the focus is missing: the pointer does.
focus() {
    window=$(xdotool search --sync --onlyvisible --pid "$terminal" | tail -n 1)
    xdotool windowfocus --sync "$window"
}

look() {
    timeout 20 import -window root "$shot" 2>/dev/null
}

keep() {
    [ -z "${SAMEPHOTO_SHOTS:-}" ] || convert "$shot" "PNG24:$SAMEPHOTO_SHOTS/$1.png"
}
