#!/bin/sh
# The photos on the screen are recognisably the people: a screenshot holds the right person's photo by
# its coarse colours, and nobody else's; the checklist, which has none, its theme's. A popup over them and
# another tab leave no ghost, not of one cell; a storm of resizes ends in the same picture.
# Usage: photos.sh PROGRAM FIND-PHOTO PHOTOS-FOLDER COLUMNS ROWS VIEW [KIND [LANGUAGE]]
# KIND: xterm, light (xterm with a light background), indexed (256 colours), sixel, light-sixel, kitty,
# tmux (in xterm)
set -eu
. "$(dirname "$0")/terminal.sh"
find_photo=$2
photos=$3
columns=$4
rows=$5
view=$6
kind=${7:-xterm}
language=${8:-en}
name=photos-$kind-$view-$columns-$language
limit=40

. "$(dirname "$0")/x.sh"

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
    light-sixel) in_xterm -ti vt340 -bg white -fg black -e sh "$work/ours" ;;
    tmux)
        printf 'set -g status off\nset -g default-terminal tmux-256color\n' >"$work/tmux.conf"
        in_xterm -bg black -fg gray90 -e tmux -S "$socket" -f "$work/tmux.conf" new-session -s t \
            "sh '$work/ours'"
        limit=55
        ;;
    kitty)
        in_kitty sh "$work/ours"
        ;;
esac

holds() {
    result=$("$find_photo" "$shot" "$1" 40)
    set -- $result
    awk -v distance="$1" -v correlation="$2" -v limit="$limit" \
        'BEGIN { exit !(distance <= limit && correlation >= 0.85) }'
}
# The checklist: the bar on top, and one row that is selected, each as wide as the window; kitty leaves
# a pixel at either edge.
rows_of_colour() {
    convert "$shot" -crop "4x$((rows * 15))+$1+0" +repage -scale 1x! -depth 8 txt: | grep -cF "$2" || true
}
looks_like_a_list() {
    bar=$(rows_of_colour 2 "$bar_colour")
    selected=$(rows_of_colour $((columns * 8 - 12)) "$selected_colour")
    result="$bar rows of the bar, $selected selected"
    [ "$bar" = 15 ] && [ "$selected" = 15 ]
}
case $kind in
    light*) bar_colour='#E2E7EF' selected_colour='#C9DAF8' ;;
    indexed) bar_colour='#262626' selected_colour='#4E4E4E' ;;
    *) bar_colour='#232834' selected_colour='#36456B' ;;
esac
# Finer than symbols can be.
is_fine() {
    set -- $result
    awk -v distance="$6" 'BEGIN { exit !(distance <= 6.5) }'
}
looks_right() {
    look || return 1
    case $kind-$view in
        *-checklist) looks_like_a_list && return 0 || return 1 ;;
    esac
    holds "$photos/$person-old.jpg" && holds "$photos/$person-new.jpg" || return 1
    case $kind-$view in
        kitty-compare | *sixel-compare) is_fine ;;
    esac
}
failed() {
    echo "$name: $*" >&2
    keep "$name-failed"
    exit 1
}
# xterm draws lines in pieces, and where two of them meet a pixel may differ: fewer do than the 120 that
# a single cell has. The guide's clock goes on. A sixel's height is a multiple of six: in the rest of its
# last cells the symbols beneath show, or what it was drawn over, of much the same colours.
slack=60
fuzz=0
case $kind in *sixel) fuzz=20% ;; esac
[ "$view" != guide ] || slack=400
alike() {
    differing=0
    cmp -s "$1" "$shot" || {
        differing=$(compare -metric AE -fuzz "$fuzz" "$1" "$shot" null: 2>&1 | sed 's/[.e].*//')
        [ "$differing" -le $slack ]
    }
}
# Nothing moves any more: the last copy has been read and drawn.
is_still() {
    look
    cp "$shot" "$work/earlier.ppm"
    sleep 0.4
    look
    alike "$work/earlier.ppm"
}
# The right photos are there once all copies have been read: look until they are, up to a bound.
settle() {
    tries=0
    until looks_right && is_still && looks_right; do
        tries=$((tries + 1))
        [ $tries -lt 40 ] || failed "$1 (best: $result)"
        sleep 0.3
    done
}
no_stranger() {
    [ "$view" != checklist ] || return 0
    for wrong in anna-new.jpg emeka-new.jpg priya-old.jpg; do
        ! holds "$photos/$wrong" || failed "$wrong is found where it is not ($result)"
    done
}
is_as_before() {
    look && alike "$work/before.ppm"
}
is_other() {
    ! is_as_before
}
is_gone() {
    look && ! holds "$photos/$person-new.jpg"
}

person=$("$program" practice --list --json | sed -n '/"sharepoint-stale"/,/}/s/.*"user": *"\([a-z]*\).*/\1/p')
settle "$person is not on the screen"
no_stranger
cp "$shot" "$work/before.ppm"
keep "$name"

focus

# A list says how long it has been worked at, which goes on.
[ "$view" != checklist ] || exit 0

# A popup over the pictures, and away again: nothing of it stays.
xdotool key question
until_true is_other || failed "no popup came up"
keep "$name-popup"
xdotool key Escape
until_true is_as_before || failed "the popup leaves something behind ($differing pixels)"

# Another tab and back: nothing of the one in the other.
xdotool key 3
until_true is_gone || failed "the photos stay when they should be gone"
keep "$name-tab"
case $view in compare) xdotool key 2 ;; *) xdotool key 1 ;; esac
until_true is_as_before || failed "the other tab leaves something behind ($differing pixels)"

# A storm of resizes ends in the same picture.
[ "$columns" = 120 ] && [ "$view" = compare ] || exit 0
i=0
while [ $i -lt 100 ]; do
    xdotool windowsize "$window" $((columns * 8 - i % 17 * 8)) $((rows * 15 - i % 7 * 15))
    i=$((i + 1))
done
xdotool windowsize "$window" $((columns * 8)) $((rows * 15))
until_true is_as_before || failed "after the storm the picture is another one ($differing pixels)"
