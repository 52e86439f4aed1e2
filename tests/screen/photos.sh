#!/bin/sh
# The photos on the screen are recognisably the people: a screenshot holds the right person's photo by
# its coarse colours, and nobody else's. A popup over them leaves no ghost, and a storm of resizes ends
# in the same picture.
# Usage: photos.sh PROGRAM FIND-PHOTO PHOTOS-FOLDER COLUMNS ROWS VIEW [KIND [LANGUAGE]]
# KIND: xterm, light (xterm with a light background), indexed (256 colours), sixel, kitty, tmux (in xterm)
set -eu
. "$(dirname "$0")/terminal.sh"
find_photo=$2
photos=$3
columns=$4
rows=$5
view=$6
kind=${7:-xterm}
language=${8:-en}
shots=${SAMEPHOTO_SHOTS:-}
name=photos-$kind-$view-$columns-$language
limit=40

Xvfb -displayfd 3 -screen 0 $((columns * 8))x$((rows * 15))x24 -nolisten tcp 3>"$work/display" \
    >/dev/null 2>&1 &
x_server=$!
stop_x() {
    status=$?
    [ -z "${terminal:-}" ] || kill "$terminal" 2>/dev/null || true
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
}
ours() {
    printf "exec '%s' practice sharepoint-stale --view %s --lang %s %s\n" "$program" "$view" \
        "$language" "$*" >"$work/ours"
}
ours
case $kind in
    xterm) in_xterm -bg black -fg gray90 -e sh "$work/ours" ;;
    light) in_xterm -bg white -fg black -e sh "$work/ours" ;;
    indexed)
        ours --colours 256
        limit=55
        in_xterm -bg black -fg gray90 -e sh "$work/ours"
        ;;
    sixel) in_xterm -ti vt340 -bg black -fg gray90 -e sh "$work/ours" ;;
    tmux)
        printf 'set -g status off\nset -g default-terminal tmux-256color\n' >"$work/tmux.conf"
        in_xterm -bg black -fg gray90 -e tmux -S "$socket" -f "$work/tmux.conf" new-session -s t \
            "sh '$work/ours'"
        limit=55
        ;;
    kitty)
        LIBGL_ALWAYS_SOFTWARE=1 kitty --config NONE -o font_size=9 -o initial_window_width="$((columns * 8))" \
            -o initial_window_height="$((rows * 15))" -o remember_window_size=no -o window_padding_width=0 \
            -o update_check_interval=0 sh "$work/ours" >"$work/kitty" 2>&1 &
        ;;
esac
terminal=$!

shot=$work/shot.png
look() {
    timeout 20 import -window root "PNG24:$shot" 2>/dev/null
}
holds() {
    result=$("$find_photo" "$shot" "$1" 40)
    set -- $result
    awk -v distance="$1" -v correlation="$2" -v limit="$limit" \
        'BEGIN { exit !(distance <= limit && correlation >= 0.85) }'
}
looks_right() {
    look && holds "$photos/$person-new.jpg" && holds "$photos/$person-old.jpg"
}
failed() {
    echo "$name: $*" >&2
    [ -z "$shots" ] || cp "$shot" "$shots/$name.png"
    exit 1
}
# The right photos are there once all copies have been read: look until they are, up to a bound.
settle() {
    tries=0
    until looks_right; do
        tries=$((tries + 1))
        [ $tries -lt 10 ] || failed "$1 (best: $result)"
    done
}
no_stranger() {
    for wrong in anna-new.jpg emeka-new.jpg priya-old.jpg; do
        ! holds "$photos/$wrong" || failed "$wrong is found where it is not ($result)"
    done
}
key() {
    xdotool key "$@"
    sleep 0.3
}

person=$("$program" practice --list --json | sed -n '/"sharepoint-stale"/,/}/s/.*"user": *"\([a-z]*\).*/\1/p')
settle "$person is not on the screen"
no_stranger
[ -z "$shots" ] || cp "$shot" "$shots/$name.png"

# The window manager that gives the focus is missing: the pointer does.
window=$(xdotool search --sync --onlyvisible --pid "$terminal" | tail -n 1)
xdotool windowfocus --sync "$window"

# A popup over the pictures, and away again: not a pixel of it stays.
sleep 1
look
cp "$shot" "$work/before.png"
key question
look
[ "$(compare -metric AE "$work/before.png" "$shot" null: 2>&1)" != 0 ] || failed "no popup came up"
key Escape
is_as_before() {
    look
    # A sixel's height is a multiple of six: the cells below it show through by a pixel or two.
    differing=$(compare -metric AE -fuzz 20% "$work/before.png" "$shot" null: 2>&1 | sed 's/[.e].*//')
    # A clock may have moved on.
    [ "$differing" -le 600 ]
}
until_true is_as_before || failed "the popup leaves $differing pixels behind"

# A storm of resizes ends in the right picture.
[ "$kind" != kitty ] || exit 0
i=0
while [ $i -lt 100 ]; do
    xdotool windowsize "$window" $((columns * 8 - i % 17 * 8)) $((rows * 15 - i % 7 * 15))
    i=$((i + 1))
done
xdotool windowsize "$window" $((columns * 8)) $((rows * 15))
settle "after the storm $person is not on the screen"
no_stranger
