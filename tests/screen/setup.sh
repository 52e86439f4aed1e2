#!/bin/sh
# Set-up from a scripted pipe against a practice tenant: proves the answers, writes the file, and
# what it wrote works.
# Usage: setup.sh PROGRAM
set -eu
. "$(dirname "$0")/terminal.sh"
language=en

"$program" tenant >"$work/tenant" 2>"$work/tenant.err" &
tenant=$!
until_true test -s "$work/tenant" || fail "no tenant: $(cat "$work/tenant.err")"
member() {
    grep -oE "\"$1\": *\"[^\"]*\"" "$work/tenant" | head -n 1 | sed 's/^[^:]*: *"//;s/"$//'
}
umask 022
printf '%s' "$(member client_secret)" >"$work/secret"
chmod 600 "$work/secret"
printf 'open to all' >"$work/open"
chmod 644 "$work/open"

# The addresses of the pretend organisation stand there already, as an administrator would give them.
conf=$work/etc/samephoto.conf
mkdir "$work/etc"
{
    echo '# kept'
    echo '[endpoints]'
    for key in login graph sharepoint my exchange viva-engage; do
        echo "$key=$(member "$key")"
    done
} >"$conf"
cp "$conf" "$work/before.conf"

# set_up EXIT-CODE ANSWER...: one answer a line; what is said stays in $work/out.
set_up() {
    wanted=$1
    shift
    got=0
    printf '%s\n' "$@" | "$program" setup --config "$conf" >"$work/out" 2>"$work/err" || got=$?
    [ "$got" = "$wanted" ] || fail "set-up exits $got instead of $wanted: $(cat "$work/out" "$work/err")"
    if LC_ALL=C grep -q "$(printf '[\001-\010\013-\037]')" "$work/out"; then
        fail "set-up prints control characters"
    fi
}
said() {
    grep -qF -- "$1" "$work/out" || fail "set-up does not say '$1': $(cat "$work/out" "$work/err")"
}

# Nothing is written where the person leaves or says no, at whatever question.
set_up 2 n
said 'Nothing was written'
set_up 2 y norvane
said 'Nothing was written'
set_up 2 y norvane "$(member tenant_id)" 1 4 "$(member client_id)" "$work/secret" y '' '' n
said 'Nothing was written'
cmp -s "$conf" "$work/before.conf" || fail "the file was changed without a yes"
[ "$(ls "$work/etc")" = samephoto.conf ] || fail "left behind: $(ls "$work/etc")"

# Wrong answers are told and asked again; the answers are tried.
set_up 0 y 'not a name!' norvane.onmicrosoft.com 'no id' "$(member tenant_id)" 9 1 \
    4 "$(member client_id)" "$work/none" "$work/open" "$work/secret" y 2 2 y
said 'letters, digits and hyphens only'
said 'that is no id'
said 'from 1 to 4'
said 'Sign-in: answers in'
said 'Permission: '
said 'Written.'
grep -q "$(cat "$work/secret")" "$conf" "$work/out" "$work/err" && fail "tells the secret"
[ "$(stat -c %a "$conf")" = 600 ] || fail "the file is open to others"
[ "$(stat -c %a "$conf.bak")" = 600 ] || fail "the kept file is open to others"
cmp -s "$conf.bak" "$work/before.conf" || fail "what stood there is not kept"
for line in '# kept' name=norvane flow=secret "secret-file=$work/secret" theme=dark graphics=symbols; do
    grep -qF -- "$line" "$conf" || fail "the file has no '$line': $(cat "$conf")"
done
grep -q '^cloud=' "$conf" && fail "the worldwide cloud needs no line"

# It works, and going on takes what stands there.
got=0
"$program" doctor --config "$conf" >"$work/out" 2>&1 || got=$?
said 'Microsoft Graph: answers in'
set_up 0 y '' '' '' '' '' '' y '' '' ''
said 'norvane'

# A wrong secret is told, and kept only where that is wanted.
printf 'wrong' >"$work/secret"
set_up 2 y '' '' '' '' '' '' n
said 'Not all of it works'

# On a terminal the way of drawing is proved by a photo, until it looks right.
printf '%s' "$(member client_secret)" >"$work/secret"
start 100 40 setup --config "$conf"
answer() {
    see "$1"
    press -l "$2"
    press Enter
}
has_photo() {
    [ "$(screen | perl -CSDA -ne '$rows++ if /^[^\x00-\x1f]{20,32}\s*$/ && tr/\x{2500}-\x{259f}// > 12; END { print $rows + 0 }')" -ge "$1" ]
}
answer 'Change it?' y
for part in 'What is the tenant called?' 'And its id?' 'In which cloud is it?' 'How is the sign-in done?' \
    'application (client) id?' 'Which file has the secret?'; do
    answer "$part" ''
done
answer 'Which colours shall' ''
answer 'How shall photos be shown?' 1
see 'Is this the photo of a person'
until_true has_photo 10 || fail "no photo is drawn"
answer 'Is this the photo of a person' n
answer 'How many colours shall photos have?' 4
answer 'None, and letters' 2
twice() {
    [ "$(screen | grep -c "$1")" -eq 2 ]
}
until_true twice 'Is this the photo of a person' || fail "does not ask about the second photo"
press Enter
answer 'Write this to' y
ended 0
grep -qF 'colours=mono' "$conf" || fail "the colours were not kept: $(cat "$conf")"

# The start screen of a first run offers it under the cursor, and comes back.
unset SAMEPHOTO_CONFIG || true
start 100 30
see 'Set up samephoto' "Enter $(say 'set up')"
press Enter
see 'What is the tenant called?'
press C-d
see 'Nothing was written'
press Enter
see 'Set up samephoto'
press C-c
ended 0
kill $tenant
wait $tenant || true

# The doctor's card is for eyes only.
"$program" doctor --practice in-sync >"$work/told"
if grep -q "$(say 'Test card: what this terminal should show')" "$work/told"; then
    fail "a file gets the test card"
fi
again
start 120 40 doctor --practice in-sync
see "$(say 'Test card: what this terminal should show')" "$(say '24-bit colour: one smooth band')" \
    "$(say 'a photo, as the screens will show it')"
until_true has_photo 10 || fail "the card has no photo"
