#!/bin/sh
# Where there are pixels curses scrolls nothing and shifts nothing: a terminal would take them along.
# Usage: unmoved.sh PROGRAM
set -eu
. "$(dirname "$0")/terminal.sh"

printf '#!/bin/sh\nexec script -qfec "%s $*" "%s"\n' "$real" "$work/typescript" >"$work/recorded"
chmod +x "$work/recorded"
program=$work/recorded
moves() {
    LC_ALL=C grep -aoE "$(printf '\033')\\[[0-9;]*([rSTLM@P])" "$work/typescript" | sort | uniq -c
}
for graphics in sixel symbols; do
    start 80 24 practice sharepoint-stale --view guide --lang fr --graphics $graphics
    see 'Pas partout'
    unsee 'lecture'
    for key in 3 1 f Escape PageDown 2 1 Down Down Enter Enter; do
        press $key
        sleep 0.1
    done
    press q
    ended 0
    tmux -S "$socket" kill-server
    if [ $graphics = sixel ]; then
        LC_ALL=C grep -qa "$(printf '\033P')" "$work/typescript" || fail 'no sixels were sent'
        [ -z "$(moves)" ] || fail "what is on the screen is moved: $(moves)"
    else
        # What this test looks for is what curses does otherwise.
        [ -n "$(moves)" ] || fail 'nothing is ever moved: this test would not see it'
    fi
done
