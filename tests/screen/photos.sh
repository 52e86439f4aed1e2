#!/bin/sh
# The photos on the screen are recognisably the people: a screenshot of xterm holds the right person's
# photo by its coarse colours, and nobody else's.
# Usage: photos.sh PROGRAM FIND-PHOTO PHOTOS-FOLDER COLUMNS ROWS VIEW
set -eu
. "$(dirname "$0")/terminal.sh"
find_photo=$2
photos=$3
columns=$4
rows=$5
view=$6
shots=${SAMEPHOTO_SHOTS:-}

Xvfb -displayfd 3 -screen 0 $((columns * 8))x$((rows * 15))x24 -nolisten tcp 3>"$work/display" >/dev/null 2>&1 &
x_server=$!
stop_x() {
    status=$?
    [ -z "${x_term:-}" ] || kill "$x_term" 2>/dev/null || true
    kill "$x_server" 2>/dev/null || true
    (exit $status)
    clear_away
}
trap stop_x EXIT
until_true test -s "$work/display" || fail "no X server"
DISPLAY=:$(cat "$work/display")
export DISPLAY

xterm -tn xterm-256color -b 0 -bw 0 -bg black -fg gray90 -fa 'DejaVu Sans Mono' -fs 9 \
    -geometry "${columns}x$rows+0+0" -e "$program" practice sharepoint-stale --view "$view" &
x_term=$!

# The right photo is there once all copies have been read: look until it is, up to a bound.
shot=$work/shot.png
looks_right() {
    timeout 20 import -window root "PNG24:$shot" 2>/dev/null || return 1
    result=$("$find_photo" "$shot" "$1" 40)
    set -- $result
    awk -v distance="$1" -v correlation="$2" 'BEGIN { exit !(distance <= 40 && correlation >= 0.85) }'
}
person=$("$program" practice --list --json | sed -n '/"sharepoint-stale"/,/}/s/.*"user": *"\([a-z]*\).*/\1/p')
tries=0
until looks_right "$photos/$person-new.jpg"; do
    tries=$((tries + 1))
    [ $tries -lt 8 ] || {
        echo "photos: $person-new is not on the screen (best: $result)" >&2
        [ -z "$shots" ] || cp "$shot" "$shots/photos-$columns-$view.png"
        exit 1
    }
done
echo "right: $result"
[ -z "$shots" ] || cp "$shot" "$shots/photos-$columns-$view.png"
looks_right "$photos/$person-old.jpg" || {
    echo "photos: $person-old is not on the screen (best: $result)" >&2
    exit 1
}
for wrong in anna-new.jpg emeka-new.jpg priya-old.jpg; do
    if looks_right "$photos/$wrong"; then
        echo "photos: $wrong is found where it is not ($result)" >&2
        exit 1
    fi
done
