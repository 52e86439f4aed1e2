#!/bin/sh
# Output that goes nowhere, locales without UTF-8, names from everywhere: usable, never a crash.
# Usage: output.sh PROGRAM
set -eu
. "$(dirname "$0")/terminal.sh"

# A reader that leaves early: an end, not a fault.
piped() {
    {
        code=0
        "$program" check --practice sharepoint-stale --json 2>"$work/err" || code=$?
        echo "$code" >"$work/code"
    } | head -c 10 >/dev/null
    code=$(cat "$work/code")
    [ "$code" -lt 128 ] || [ "$code" = 141 ] || fail "a closed pipe ends with $code: $(cat "$work/err")"
}
piped
# What does not arrive is never called a success: one line on stderr, 70.
begin() {
    "$program" practice sharepoint-stale --plain "$@" </dev/null >"$work/out" 2>&1 || true
}
begin
refused() {
    for there in full closed; do
        got=0
        if [ $there = full ]; then
            "$program" "$@" >/dev/full 2>"$work/err" </dev/null || got=$?
        else
            "$program" "$@" >&- 2>"$work/err" </dev/null || got=$?
        fi
        [ "$got" = 70 ] || fail "'$*' with stdout $there ends with $got: $(cat "$work/err")"
        [ "$(grep -c 'cannot be written' "$work/err")" = 1 ] || fail "'$*' says: $(cat "$work/err")"
    done
}
refused --version
refused --help
refused check --practice sharepoint-stale
refused check --practice in-sync --json
refused session list
refused session report 1
refused session report 1 --format html
refused session message 1
refused session show 1 --json
refused playbook show profile-photo
refused playbook lint profile-photo --json
refused practice --list
refused watch --practice in-sync --json
refused tenant
"$program" session delete 1 >"$work/out"

# The names of a list come back as they are to a program, clean to a terminal, as valid JSON always.
printf 'left,right\n\033[31mone\377.jpg,two.jpg\n' >"$work/pairs.csv"
"$program" compare --pairs "$work/pairs.csv" >"$work/out" 2>"$work/err" || true
LC_ALL=C grep -qaF "$(printf '\033[31mone\377.jpg,two.jpg,unreadable,')" "$work/out" ||
    fail "the list is not echoed: $(cat "$work/out")"
"$program" compare --pairs "$work/pairs.csv" --json >"$work/out" 2>"$work/err" || true
iconv -f UTF-8 -t UTF-8 "$work/out" >/dev/null || fail "JSON is no UTF-8: $(cat "$work/out")"
grep -q '"left": *"\\u001b\[31mone' "$work/out" || fail "JSON has another name: $(cat "$work/out")"
for json in '' --json; do
    script -qec "$program compare --pairs $work/pairs.csv $json" /dev/null >"$work/out" </dev/null || true
    grep -q 'one' "$work/out" || fail "nothing in a terminal: $(cat "$work/out")"
    if grep -q "$(printf '\033')" "$work/out"; then
        fail "a name reaches the terminal as it is: $(cat -v "$work/out")"
    fi
done
refused compare --pairs "$work/pairs.csv"

# French where there is only ASCII: letters without their accents, on stdout, in errors, on the screen.
LC_ALL=C "$program" check --practice sharepoint-stale --lang fr >"$work/out" 2>"$work/err" || true
grep -qF 'une autre dans SharePoint' "$work/out" || fail "no French: $(cat "$work/out")"
grep -qF 'meme photo' "$work/out" || fail "letters are lost with their accents: $(cat "$work/out")"
LC_ALL=C "$program" check --lang fr >>"$work/out" 2>>"$work/err" || true
LC_ALL=C "$program" check --lang fr --help >>"$work/out"
LC_ALL=C "$program" practice --plain --lang fr </dev/null >>"$work/out" 2>>"$work/err" || true
if LC_ALL=C grep -n '[^ -~]\|[a-z]?[a-z]\|??' "$work/out" "$work/err" >"$work/odd"; then
    fail "signs that ASCII does not have: $(cat "$work/odd")"
fi
LC_ALL=C start 100 30 practice sharepoint-stale --lang fr
see 'Etape 1 sur' 'a faire'
if screen | LC_ALL=C grep -n '[^ -~]\|[a-z]?[a-z]' >"$work/odd"; then
    fail "the screen has signs that ASCII does not have: $(cat "$work/odd")"
fi
press q
ended 0
tmux -S "$socket" kill-server
rm -f "$work/status"

# French in ISO 8859-1: its own bytes, nothing of UTF-8.
LOCPATH=$work/locales
mkdir "$LOCPATH"
localedef -i fr_FR -f ISO-8859-1 "$LOCPATH/fr_FR.ISO-8859-1"
# The C library itself never frees what it makes of LOCPATH.
ASAN_OPTIONS=$ASAN_OPTIONS:detect_leaks=0
export ASAN_OPTIONS
LOCPATH=$LOCPATH LC_ALL=fr_FR.ISO-8859-1 "$program" check --practice sharepoint-stale >"$work/out" || true
grep -q 'Microsoft 365' "$work/out" || fail "nothing in ISO 8859-1"
if LC_ALL=C grep -qa "$(printf '\303[\200-\277]')" "$work/out"; then
    fail "UTF-8 in an ISO 8859-1 locale: $(cat "$work/out")"
fi
printf 'LOCPATH=%s LC_ALL=fr_FR.ISO-8859-1 exec "%s" "$@"\n' "$LOCPATH" "$program" >"$work/latin"
printf '#!/bin/sh\n. "%s"\n' "$work/latin" >"$work/wrapped"
chmod +x "$work/wrapped"
# Documents are UTF-8 everywhere.
begin --lang fr
session=$("$program" session list --json | sed -n 's/.*"id": *\([0-9]*\).*/\1/p' | tail -n 1)
document() {
    LOCPATH=$work/locales LC_ALL=fr_FR.ISO-8859-1 "$program" "$@" >"$work/document" || true
    iconv -f UTF-8 -t UTF-8 "$work/document" >/dev/null || fail "'$*' is no UTF-8"
    LC_ALL=C grep -qa "$(printf '\303[\200-\277]')" "$work/document" || fail "'$*' has lost its accents"
}
document session report "$session"
document session report "$session" --format html
document session report "$session" --format json
document check --practice sharepoint-stale --json
document watch --practice in-sync --json
real=$program
program=$work/wrapped
start 100 30 practice sharepoint-stale --view compare
see 'Microsoft 365' 648
# At every width what is cut ends in three points, and the names that differ at their ends still do.
columns=60
while [ $columns -lt 100 ]; do
    resize $columns 24
    columns=$((columns + 3))
done
resize 66 24
press 1
see 'Sha...ite' 'Sha...nde'
press q
ended 0
program=$real
