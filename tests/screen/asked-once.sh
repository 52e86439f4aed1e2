#!/bin/sh
# A terminal is asked once for each shell in it: the second start waits for nothing, also where the
# terminal never answers; another shell asks again; what is kept may be broken.
# Usage: asked-once.sh PROGRAM
set -eu
. "$(dirname "$0")/terminal.sh"
memory=$XDG_CACHE_HOME/samephoto/terminals

# A shell to type into, as a person has one.
printf 'set -g status off\nset -g default-terminal tmux-256color\nset -sg escape-time 5\n' >"$work/tmux.conf"
new_shell() {
    servers=$((servers + 1))
    socket=$work/tmux$servers
    tmux -S "$socket" -f "$work/tmux.conf" new-session -d -s t -x 100 -y 70 "PS1='ready> ' exec sh -i"
    see 'ready>'
}
visit() {
    press -l "'$program' practice in-sync --view compare; echo left=\$?"
    press Enter
    see 'Microsoft 365' 'same photo'
    press q
    see 'left=0'
    press -l 'clear'
    press Enter
    unsee 'left=0'
}
count() {
    grep -c '^\[' "$memory" || true
}
asked() {
    sed -n 's/^asked=//p' "$memory" | sort | tail -n 1
}

new_shell
visit
[ "$(count)" = 1 ] || fail "not one terminal is known: $(cat "$memory")"
grep -q '^answered=1$' "$memory" || fail "tmux gave no answer: $(cat "$memory")"
# What is recalled is not written again.
sed -i 's/^elapsed-ms=.*/elapsed-ms=77/' "$memory"
visit
grep -q '^elapsed-ms=77$' "$memory" || fail 'asked twice in one shell'
# Half a day later it is.
sed -i "s/^asked=.*/asked=$(($(date +%s) - 50000))/" "$memory"
visit
! grep -q '^elapsed-ms=77$' "$memory" || fail 'what is half a day old still counts'
tmux -S "$socket" kill-server

new_shell
visit
[ "$(count)" = 2 ] || fail "another shell is not asked: $(cat "$memory")"
printf '\000[[[\nasked=never\n' >"$memory"
visit
grep -q '^answered=1$' "$memory" || fail 'a broken memory stays broken'
# Asked for a diagnosis, the terminal is asked.
sed -i 's/^elapsed-ms=.*/elapsed-ms=77/' "$memory"
press -l "'$program' doctor --practice in-sync"
press Enter
see 'answered after'
until_true sh -c "! grep -q '^elapsed-ms=77$' '$memory'" || fail 'doctor does not ask'
