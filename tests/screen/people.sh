#!/bin/sh
# Who is meant: a part of a name that several people share is a list to choose from, with keys and
# without a screen; an old address and another spelling lead straight to the one person.
# Usage: people.sh PROGRAM
set -eu
. "$(dirname "$0")/terminal.sh"
language=en

start 100 30 --practice in-sync Ada --lang "$language"
see "$(say 'Who is meant? Enter chooses.')" 'Ada Bauer' 'Ada Conti' 'Ada Dubois'
# Below the last one is none, and above the first.
press Up Down Down Down Down Home End Up Enter
unsee "$(say 'Who is meant? Enter chooses.')"
see 'Ada Conti'
unsee 'Ada Bauer'
press q
ended 0

# A renamed user, by the address from before.
start 100 30 --practice in-sync fiona.berg@norvane.example --lang "$language"
see 'Fiona Hansen'
press q
ended 0

# found QUERY NAME: without a screen, one person and no question.
found() {
    "$program" check "$1" --practice in-sync --json >"$work/out" 2>"$work/err" || true
    grep -qE "\"userPrincipalName\": *\"$2\"" "$work/out" ||
        fail "'$1' is not $2: $(head -n 8 "$work/out" "$work/err")"
}
found FIONA.BERG@norvane.example fiona.hansen@norvane.example
found 'Ada Conti' staff00048@norvane.example

# Several without a screen: all are named, nobody is guessed.
code=0
"$program" check Ada --practice in-sync >"$work/out" 2>"$work/err" || code=$?
[ $code -eq 2 ] || fail "a choice exits $code"
for name in 'Ada Bauer' 'Ada Conti' 'Ada Dubois'; do
    grep -qF "$name" "$work/err" || fail "'$name' is not offered: $(cat "$work/err")"
done
