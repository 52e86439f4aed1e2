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

"$samephoto" session report 1 --format html --output "$folder/report.html"
grep -q 'data:image/jpeg' "$folder/report.html" || fail 'the report has no pictures'
"$samephoto" session export 1 "$folder/case.json" >"$folder/out"
"$samephoto" session delete 1 >"$folder/out"
"$samephoto" session import "$folder/case.json" --json >"$folder/out"
grep -q '"session": *[0-9]' "$folder/out" || fail 'the case did not come back'
