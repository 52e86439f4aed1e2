#!/bin/sh
# A whole guided session over pipes: the re-check fails before the step is played and passes after;
# the end of the input leaves the session where it stood; no escape sequence is ever written.
set -eu
samephoto=$1
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
export XDG_DATA_HOME="$folder/data" XDG_CONFIG_HOME="$folder/config" TERM=dumb LC_ALL=C.UTF-8

fail() {
    echo "plain: $1"
    cat "$folder/out"
    exit 1
}

# The exit code is that of the last check; what counts here is what was said.
lead() {
    printf '%s\n' "$@" | "$samephoto" practice sharepoint-stale --plain >"$folder/out" 2>&1 || true
}

lead 1 4 'rang the person' 1
grep -q 'session resume 1 --plain' "$folder/out" || fail 'the end of the input names no way back'
"$samephoto" session show 1 --json | grep -q '"current": *2' || fail 'the session lost its step'
"$samephoto" session show 1 --json | grep -q 'rang the person' || fail 'the session lost its note'

lead 2 1 2 9 2
grep -q '^Not yet: ' "$folder/out" || fail 'the re-check did not fail before the step was played'
grep -q '^Passed: ' "$folder/out" || fail 'the re-check did not pass after the step was played'
grep -q 'Every step has been walked' "$folder/out" || fail 'the session did not end'
if LC_ALL=C grep -q "$(printf '\033')" "$folder/out"; then
    fail 'an escape sequence was written'
fi

"$samephoto" session list | grep -q closed || fail 'what was walked to its end stays open'
code=0
"$samephoto" session resume 1 --plain </dev/null >"$folder/out" 2>&1 || code=$?
grep -q 'Every step has been walked' "$folder/out" || fail 'a session that has ended does not say so'

# The next run finds a new cause, and leaves no step behind: what waits is come back to.
lead 5 1 1 1 1 8
grep -q '^Step 1 of' "$folder/out" || fail 'a finished session is gone on with'
"$samephoto" session show 2 --json | grep -q '"current": *0' || fail 'the step that waits is left behind'

# What goes wrong is told on stderr, and exits as a check does.
exits() {
    wanted=$1
    shift
    code=0
    "$samephoto" --plain "$@" >"$folder/out" 2>"$folder/err" </dev/null || code=$?
    [ $code = "$wanted" ] || fail "'$*' exits $code instead of $wanted: $(cat "$folder/err")"
    [ "$wanted" -le 1 ] || [ "$wanted" = 3 ] || [ -s "$folder/err" ] || fail "'$*' says nothing on stderr"
}
printf '[tenant]\nid=x\n[sign-in]\nflow=device\n[endpoints]\ngraph=http://127.0.0.1:9\nlogin=http://127.0.0.1:9\n' \
    >"$folder/signed-out.conf"
exits 4 anna --config "$folder/signed-out.conf"
exits 2 nobody@norvane.example --practice in-sync
exits 5 anna --practice in-sync --fault graph=reset:99
exits 2 --practice in-sync --fault graph=nonsense
exits 2 a --practice in-sync
exits 3 --practice throttled
exits 1 --practice sharepoint-stale

"$samephoto" session report 1 --format html --output "$folder/report.html"
grep -q 'data:image/jpeg' "$folder/report.html" || fail 'the report has no pictures'
"$samephoto" session export 1 "$folder/case.json" >"$folder/out"
"$samephoto" session delete 1 >"$folder/out"
"$samephoto" session import "$folder/case.json" --json >"$folder/out"
grep -q '"session": *[0-9]' "$folder/out" || fail 'the case did not come back'
