#!/bin/sh
# Ctrl-Z and fg: the shell gets a clean terminal, without a pixel of ours, and what stood there comes
# back as it was, pixel by pixel.
# Usage: suspend.sh PROGRAM xterm|sixel|kitty
set -eu
. "$(dirname "$0")/terminal.sh"
kind=$2
columns=100
rows=30
. "$(dirname "$0")/x.sh"

printf "PS1='$ '\nalias go='%s practice sharepoint-stale --view compare'\n" "$program" >"$work/rc"
case $kind in
    xterm) in_xterm -bg black -fg gray90 -e bash --rcfile "$work/rc" ;;
    sixel) in_xterm -ti vt340 -bg black -fg gray90 -e bash --rcfile "$work/rc" ;;
    kitty) in_kitty bash --rcfile "$work/rc" ;;
esac
focus

# How many colours there are: a prompt has few (letters have soft edges), photos have thousands.
colours() {
    look && convert "$shot" -format '%k' info:
}
has_photos() {
    [ "$(colours)" -gt 2000 ]
}
is_clean() {
    count=$(colours)
    [ "$count" -lt 400 ] && [ "$count" -gt 1 ]
}
is_still() {
    look && cp "$shot" "$work/earlier.ppm" && sleep 0.5 && look && cmp -s "$shot" "$work/earlier.ppm"
}
differing=0
is_as_before() {
    look && differing=$(compare -metric AE "$work/before.ppm" "$shot" null: 2>&1 | sed 's/[.e].*//')
    [ "$differing" = 0 ]
}

until_true is_clean || fail "no shell"
sleep 0.5
xdotool type go
xdotool key Return
until_true has_photos || fail "no photos"
until_true is_still || fail "the screen never stands still"
cp "$shot" "$work/before.ppm"
for round in 1 2; do
    xdotool key ctrl+z
    until_true is_clean || {
        keep "suspend-$kind-failed"
        fail "$count colours while the shell has the terminal"
    }
    xdotool type fg
    xdotool key Return
    until_true is_as_before || {
        keep "suspend-$kind-failed"
        fail "$differing pixels differ after coming back, round $round"
    }
done
xdotool key q
until_true is_clean || fail "$count colours after leaving"
