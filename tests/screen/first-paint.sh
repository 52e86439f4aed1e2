#!/bin/sh
# The first screen costs no network and no decoding: it is painted before anything else is done.
# Usage: first-paint.sh PROGRAM WITNESS-LIBRARY PHOTOS-FOLDER
set -eu
. "$(dirname "$0")/terminal.sh"
samephoto=$program
witness=$2
photo=$3/bashir-new.jpg
tenant=
stop_tenant() {
    status=$?
    [ -z "$tenant" ] || end_tenant
    (exit $status)
    clear_away
}
trap stop_tenant EXIT
. "$(dirname "$0")/../bench/settings.sh"

# comes_first ARG...: runs with the witness until a copy is drawn.
comes_first() {
    rm -f "$work/deeds" "$work/status"
    printf '#!/bin/sh\nexport LD_PRELOAD="%s" WITNESS="%s" ASAN_OPTIONS="%s"\nexec "%s" "$@"\n' "$witness" \
        "$work/deeds" "$ASAN_OPTIONS:verify_asan_link_order=0" "$samephoto" >"$work/watched"
    chmod +x "$work/watched"
    program=$work/watched
    start 100 30 --config "$settings" "$@"
    until_true grep -qs painted "$work/deeds" || fail "nothing was painted"
    until_true grep -qs "$deed" "$work/deeds" || fail "never $deed: $(cat "$work/deeds")"
    [ "$(sed -n 1p "$work/deeds")" = painted ] || fail "'$*' did this first: $(cat "$work/deeds")"
    press C-c
    ended 0
    tmux -S "$socket" kill-server
}
for view in guide compare checklist; do
    deed=decoded
    comes_first bashir.rahimi@norvane.example --view $view
    grep -q connected "$work/deeds" || fail "no network was used: $(cat "$work/deeds")"
done
comes_first bashir.rahimi@norvane.example --reference "$photo"
deed=painted
comes_first
