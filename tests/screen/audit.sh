#!/bin/sh
# Audits of many people: from a list, from standard input and of everybody; told as text, CSV and JSON
# Lines; stopped in the middle and gone on with; what does not go together is a usage error.
# Usage: audit.sh PROGRAM
set -eu
. "$(dirname "$0")/terminal.sh"

# audited STATUS ARG...: into $work/out and $work/err.
audited() {
    wanted=$1
    shift
    got=0
    "$program" audit "$@" >"$work/out" 2>"$work/err" </dev/null || got=$?
    [ "$got" -eq "$wanted" ] || fail "audit $*: $got instead of $wanted: $(cat "$work/out" "$work/err")"
}
tells() {
    grep -qF -- "$1" "$work/out" || fail "the audit does not tell '$1': $(cat "$work/out" "$work/err")"
}
parses() {
    node -e 'require("fs").readFileSync(0, "utf8").trim().split("\n").forEach(JSON.parse)' <"$1" ||
        fail "not JSON Lines: $(cat "$1")"
}

list=$work/people.csv
printf 'Display name,User principal name\n"Keller, Anna",anna.keller@norvane.example\nB,bashir.rahimi@norvane.example\nN,nobody@norvane.example\n' >"$list"
audited 1 --practice in-sync --users "$list"
tells 'bashir.rahimi@norvane.example: Not the same photo everywhere'
tells "nobody@norvane.example: Nobody is called 'nobody@norvane.example'"
tells '3 people'
tells '    1  the same photo everywhere'
tells '    1  could not be looked up'
tells '(sharepoint-stale)'
! grep -q '^anna' "$work/out" || fail 'who is in sync is told without -v'
audited 1 --practice in-sync --users "$list" -v
tells 'anna.keller@norvane.example: All 7 copies show the same photo'
audited 1 --practice in-sync --users "$list" --lang fr
tells '3 personnes'
audited 1 --practice in-sync --users "$list" --csv
tells 'userPrincipalName,displayName,verdict,exit_code,finding,headline'
tells 'anna.keller@norvane.example,Anna Keller,in-sync,0,'
[ "$(wc -l <"$work/out")" -eq 4 ] || fail "CSV: $(cat "$work/out")"
audited 1 --practice in-sync --users "$list" --json
parses "$work/out"
tells '"schema":"samephoto.audit-summary/1","people":3'

# A list from another program.
got=0
echo anna.keller@norvane.example | "$program" audit --practice in-sync --users - >"$work/out" || got=$?
[ $got -eq 0 ] || fail "a list on standard input: $got"
tells '1 person'

# Everybody, stopped in the middle, and gone on with: each person once. Viva Engage takes few
# questions at a time, so it is left out.
"$program" tenant --users 150 >"$work/tenant" 2>/dev/null &
tenant=$!
end_tenant() {
    status=$?
    kill $tenant 2>/dev/null || true
    (exit $status)
    clear_away
}
trap end_tenant EXIT
until_true grep -qs '^{' "$work/tenant" || fail 'no tenant'
(umask 077 && sed 's/.*"client_secret":"\([^"]*\)".*/\1/' "$work/tenant" >"$work/secret")
printf '%b\n' "$(sed 's/.*"settings":"\([^"]*\)".*/\1/' "$work/tenant")" |
    sed "s|^flow=browser|flow=secret\\nsecret-file=$work/secret|; s/^enabled=.*/enabled=graph;directory/" \
        >"$work/settings.conf"
records=$work/records.jsonl
"$program" audit --config "$work/settings.conf" --all --output "$records" >"$work/out" 2>"$work/err" &
pid=$!
has_some() {
    [ -s "$records" ] && [ "$(wc -l <"$records")" -ge 20 ]
}
until_true has_some || fail "no records: $(cat "$work/out" "$work/err")"
kill -INT $pid
got=0
wait $pid || got=$?
[ $got -eq 3 ] || fail "an interrupt ends it with $got"
grep -q 'resume goes on from here' "$work/err" || fail "an interrupt tells: $(cat "$work/err")"
before=$(wc -l <"$records")
# As after a fall: the last line is cut.
truncate -s -20 "$records"
audited 2 --config "$work/settings.conf" --all --output "$records"
grep -q 'resume goes on with it' "$work/err" || fail "a file that is there: $(cat "$work/err")"
audited 1 --config "$work/settings.conf" --all --jobs 8 --output "$records" --resume
parses "$records"
total=$(wc -l <"$records")
[ "$total" -gt 180 ] && [ "$total" -gt "$before" ] || fail "only $total records, $before before"
[ "$(sed 's/.*"query":"\([^"]*\)".*/\1/' "$records" | sort | uniq -d | wc -l)" -eq 0 ] ||
    fail 'somebody was read twice'
tells "$total people"
tells 'guests and disabled accounts, left out'
audited 1 --config "$work/settings.conf" --all --output "$records" --resume
[ "$(wc -l <"$records")" -eq "$total" ] || fail 'who was read is read again'

# What cannot be written is told, and ends it.
got=0
"$program" audit --practice in-sync --users "$list" >/dev/full 2>"$work/err" || got=$?
[ $got -eq 70 ] || fail "a full disk ends it with $got"

# Who could not be looked up for want of a network is read again; what is no audit's file is left alone.
echo 00000000-0000-4000-8000-000000000001 >"$work/ids"
echo anna >>"$work/ids"
audited 5 --practice in-sync --fault graph=reset --users "$work/ids" --output "$work/again.jsonl"
audited 3 --practice in-sync --users "$work/ids" --output "$work/again.jsonl" --resume
tells '    1  the same photo everywhere'
[ "$(wc -l <"$work/again.jsonl")" -eq 4 ] || fail "not read again: $(cat "$work/again.jsonl")"
printf 'alpha@norvane.example\nbeta@norvane.example' >"$work/precious"
cp "$work/precious" "$work/copy"
audited 2 --practice in-sync --users "$work/ids" --output "$work/precious" --resume
cmp -s "$work/precious" "$work/copy" || fail "a file that is no audit's was written to"
printf 'anna\n\0bashir\n' >"$work/nul"
audited 2 --practice in-sync --users "$work/nul"
audited 2 --practice in-sync --users "$work"

# Usage.
audited 2 --practice in-sync
audited 2 --practice in-sync --all --users "$list"
audited 2 --practice in-sync --all --resume
audited 2 --practice in-sync --all --csv --json
audited 2 --practice in-sync --all --jobs 0
audited 2 --practice in-sync --all somebody
audited 2 --practice in-sync --users "$work/missing"
printf '"open\n' >"$list"
audited 2 --practice in-sync --users "$list"
grep -q 'line 1 of the list of people' "$work/err" || fail "a broken list: $(cat "$work/err")"

# Nobody is signed in: told once.
sed "s|^secret-file=.*|secret-file=$work/wrong|" "$work/settings.conf" >"$work/wrong.conf"
(umask 077 && echo wrong >"$work/wrong")
audited 4 --config "$work/wrong.conf" --all
