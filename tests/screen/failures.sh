#!/bin/sh
# A refusal, a broken network and a throttle are three things and no missing photo: printed, as JSON, on
# the screen and in every report. A service that never ends keeps nobody waiting but itself.
# Usage: failures.sh PROGRAM
set -eu
. "$(dirname "$0")/terminal.sh"
faults='--fault exchange=403 --fault viva-engage=429 --fault sharepoint=reset'
tenant=
check=
end_tenant() {
    status=$?
    [ -z "$tenant$check" ] || kill $tenant $check || true
    set +e
    (exit $status)
    clear_away
}
trap end_tenant EXIT

# has FILE TEXT...
has() {
    file=$1
    shift
    for text; do
        grep -qiF -- "$text" "$file" || fail "$file does not say '$text'"
    done
}
no_photo_is_missing() {
    if grep -niE -- '(: |  |")(no photo|absent)' "$1"; then
        fail "$1 calls a failure no photo"
    fi
}
status() {
    grep -A3 "\"service\": *\"$1\"" "$work/json" | sed -n 's/.*"status": *"\(.*\)",*/\1/p'
}

# Printed and as JSON.
got=0
"$program" check --practice in-sync $faults >"$work/text" 2>"$work/err" || got=$?
[ "$got" = 3 ] || fail "check exits $got"
has "$work/err" 'Viva Engage: next try in'
grep -qE 'Exchange +access denied' "$work/text" || fail "no refusal: $(cat "$work/text")"
grep -qE 'SharePoint large +not reachable' "$work/text" || fail "no fault: $(cat "$work/text")"
grep -qE 'Viva Engage +asked to wait' "$work/text" || fail "no throttle: $(cat "$work/text")"
has "$work/text" 'EWS.AccessAsUser.All is missing' 'broke; try again' 'too many requests'
no_photo_is_missing "$work/text"
"$program" check --practice in-sync $faults --json >"$work/json" 2>"$work/err" || true
[ "$(status exchange)" = denied ] || fail "a refusal is '$(status exchange)'"
[ "$(status sharepoint-l)" = unreachable ] || fail "a fault is '$(status sharepoint-l)'"
[ "$(status viva-engage)" = throttled ] || fail "a throttle is '$(status viva-engage)'"
has "$work/json" '"verdict": "incomplete"' '"id": "access-denied"' '"id": "throttled"' '"id": "unreachable"'
no_photo_is_missing "$work/json"

# Half an answer is none, and who asks for more patience than a caller has is not waited for.
got=0
"$program" check --practice in-sync --fault exchange=reset-body --fault viva-engage=429-minute \
    >"$work/text" 2>"$work/err" || got=$?
[ "$got" = 3 ] || fail "check exits $got"
grep -qE 'Exchange +not reachable' "$work/text" || fail "half an answer is taken: $(cat "$work/text")"
has "$work/text" 'broke; try again' 'too many requests' '(in 60 s)'
grep -q 'Viva Engage: next try' "$work/err" && fail "a minute is waited for: $(cat "$work/err")"
no_photo_is_missing "$work/text"

# An interrupt prints what there is.
start 120 40 check --practice in-sync --fault viva-engage=timeout
waits_for_engage_alone() {
    screen | grep -q 'Reading: Viva Engage$'
}
until_true waits_for_engage_alone || fail 'waits for more than Viva Engage'
press C-c
ended 3
see 'stopped; this is what was read until then' 'not read: Viva Engage' 'Viva Engage        not reachable' 'stopped before this service answered'
tmux -S "$socket" kill-server
start 120 40 check --practice in-sync --fault graph=timeout --json
see 'Reading: '
press C-c
ended 3
see 'stopped before anything was read'
tmux -S "$socket" kill-server

# In the reports of a session.
printf '1\n' | "$program" practice in-sync $faults --plain >"$work/plain" 2>"$work/err" || true
has "$work/plain" 'Viva Engage: next try in' 'access denied' 'not reachable' 'asked to wait'
for format in markdown html text json; do
    "$program" session report 1 --format "$format" --output "$work/report"
    if [ "$format" = json ]; then
        has "$work/report" '"denied"' '"unreachable"' '"throttled"'
    else
        has "$work/report" 'access denied' 'not reachable' 'asked to wait'
    fi
    no_photo_is_missing "$work/report"
done

# On the screen: what is held counts down in sight, the rest is there already, Escape ends the wait.
start 120 40 practice in-sync --view compare --fault viva-engage=timeout --fault exchange=429 \
    --fault sharepoint=403
see 'next try in' 'Microsoft 365' 'access denied' 'asked to wait' 'Waiting for Viva Engage'
see 'Esc stop'
press Escape
see 'Reading stopped' 'not reachable' 'and Viva Engage'
see 'asked to wait'
press q
ended 0
tmux -S "$socket" kill-server
start 120 40 practice in-sync --view compare --fault viva-engage=slow --fault exchange=reset-body \
    --fault sharepoint=429-minute
see 'Waiting for Viva Engage' 'waiting …' 'Microsoft 365' 'not reachable' 'asked to wait' '(in 60'
press Escape
see 'Reading stopped' 'and Viva Engage'
press q
ended 0
tmux -S "$socket" kill-server

# One service never ends: the others' copies come while it is waited for, and it ends by the settings'
# bound.
others_are_there() {
    for title in 'Microsoft 365' Exchange Directory; do
        grep -q "  $title: " "$work/err" || return 1
    done
}
for kind in timeout slow; do
    rm -f "$work/tenant"
    "$program" tenant --fault sharepoint=$kind --fault my=$kind >"$work/tenant" 2>"$work/tenant.err" &
    tenant=$!
    until_true grep -qs '^{.*}$' "$work/tenant" || fail "no tenant: $(cat "$work/tenant.err")"
    printf '%b\n' "$(sed 's/.*"settings":"\([^"]*\)".*/\1/' "$work/tenant")" |
        sed 's|^flow=browser|flow=secret\nsecret-file='"$work/secret"'|' >"$work/settings.conf"
    (umask 077 && sed 's/.*"client_secret":"\([^"]*\)".*/\1/' "$work/tenant" >"$work/secret")
    cp "$work/settings.conf" "$work/patient.conf"
    printf '[network]\ntimeout=100\n' >>"$work/patient.conf"
    printf '[network]\ntimeout=1\n' >>"$work/settings.conf"
    "$program" check anna.keller@norvane.example --config "$work/patient.conf" -v >"$work/text" \
        2>"$work/err" &
    check=$!
    until_true others_are_there || fail "$kind: the others had to wait: $(cat "$work/err")"
    grep -q '  SharePoint' "$work/err" && fail "$kind: this is no wait: $(cat "$work/err")"
    kill "$check"
    got=0
    wait "$check" || got=$?
    check=
    [ "$got" = 3 ] || fail "$kind: an interrupted check exits $got: $(cat "$work/err")"
    has "$work/text" 'Microsoft 365' 'not asked'
    "$program" check anna.keller@norvane.example --config "$work/settings.conf" --only sharepoint-l \
        >"$work/text" 2>"$work/err" && fail "a service that never ends is fine"
    has "$work/text" 'within 1 s'
    kill "$tenant"
    wait "$tenant" || true
    tenant=
done

# Stopped before the person is known: it says so, and can be tried again.
start 100 30 practice in-sync --view compare --latency login=8000
see 'Waiting for Microsoft 365'
press Escape
see 'stopped before the person was looked up'
press 1
see 'stopped before the person was looked up' 'r read again'
press r
see 'Waiting for Microsoft 365'
press q
ended 0
tmux -S "$socket" kill-server
