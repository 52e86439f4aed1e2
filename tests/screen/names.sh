#!/bin/sh
# Names from everywhere: wide, joined, combined and written from right to left; columns stay where they
# are. Addresses become links where the terminal takes them, and nothing at all where it does not.
# Usage: names.sh PROGRAM
set -eu
here=$(cd "$(dirname "$0")" && pwd)
. "$here/terminal.sh"
samephoto=$program
tenant=
stop_tenant() {
    status=$?
    [ -z "$tenant" ] || end_tenant
    (exit $status)
    clear_away
}
trap stop_tenant EXIT
. "$here/../bench/settings.sh"
frames_are_whole() {
    screen | perl "$here/frames" 2>"$work/broken"
}
whole() {
    until_true frames_are_whole || fail "$1: $(cat "$work/broken")"
}

# Sources whose titles are like that; their photos cannot be had, which each of them says in its frame.
cat >>"$settings" <<END
[source wide]
title=王小明的照片
url=http://127.0.0.1:9/{upn}
[source right]
title=שרה כהן 12 (א)
url=http://127.0.0.1:9/{upn}
[source joined]
title=👩‍💻 Zoë ❤️ 👍🏽
url=http://127.0.0.1:9/{upn}
[source combined]
title=Zoé Nguyễn
url=http://127.0.0.1:9/{upn}
END
sed -i 's/^enabled=.*/enabled=graph;exchange;wide;right;joined;combined/' "$settings"
for size in '160 48' '80 24'; do
    start $size --config "$settings" bashir.rahimi@norvane.example --view compare
    see 648 'Microsoft 365' '王小明' 'שרה' 'Zoé'
    whole "Compare at $size"
    press 1
    see 'Bashir Rahimi'
    press 3
    see 'Bashir Rahimi'
    press C-c
    ended 0
    tmux -S "$socket" kill-server
    rm -f "$work/status"
done

# A case of its own, without those sources.
XDG_DATA_HOME=$work/other
export XDG_DATA_HOME

# The same in a note, within the step's frame.
start 100 30 practice sharepoint-stale
see 'Step 1 of'
press n
see 'Note'
press -l '王小明 שרה 12 👩‍💻 Zoë'
press Enter
see '王小明 שרה'
whole 'a note'
press q
ended 0
tmux -S "$socket" kill-server

# Links: what is written to the terminal is looked at on its way.
links() {
    within 100 30 "TERM=$1" --view guide
    see ' of 4'
    press Home
    see 'Step 1 of'
    press Down
    see 'https://www.office.com' 'Step 2 of'
    leave
}
real=$work/logged
printf '#!/bin/sh\nexec script -qefc "%s $*" "%s"\n' "$samephoto" "$work/log" >"$real"
chmod +x "$real"
link=$(printf "\033]8;")
links xterm-256color
grep -qaE "$link[^;]*;https://www.office.com" "$work/log" || fail "no address is a link"
for term in vt100 linux; do
    links $term
    if grep -qaF "$(printf '\033]8;')" "$work/log"; then
        fail "$term is sent a link that it would print"
    fi
done
