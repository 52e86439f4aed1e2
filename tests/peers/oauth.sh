#!/bin/sh
# Signs in and gets tokens from an OpenID provider that nobody here wrote: by device code (used, slowed
# down, declined, expired), by browser with PKCE, by refresh token with rotation, by certificate and by
# secret; then looks for every secret of these runs where it must not be.
# Usage: oauth.sh SOURCE-FOLDER BUILD-FOLDER SAMEPHOTO
set -eu
source=$1
build=$2/npm
samephoto=$3

export DBUS_SESSION_BUS_ADDRESS=
. "$source/oauth-start.sh"

settings device app flow=device
settings expiring short flow=device
settings browser app flow=browser
settings certificate daemon flow=certificate "certificate=$work/both.pem"
settings secret secretive flow=secret "secret-file=$work/secret"
settings wrong secretive flow=secret "secret-file=$work/wrong"
settings stranger daemon flow=certificate "certificate=$work/other.pem"

run nobody 4 whoami --config "$work/device.conf"
says nobody 'samephoto sign-in'

# Pending until it is used.
device used device approve 0
says used 'You are signed in'
file=$(find "$work/state" -type f)
[ "$(stat -c %a "$file")" = 600 ] || fail "the sign-in's file is not private"
[ "$(stat -c %a "$(dirname "$file")")" = 700 ] || fail "the sign-in's folder is not private"

# Each run redeems the kept token and keeps its successor; a provider that rotates refuses an old one.
cp "$file" "$work/first"
run first 0 whoami --config "$work/device.conf"
run second 0 whoami --config "$work/device.conf"
cmp -s "$file" "$work/first" && fail "the refresh token was not replaced"
cp "$work/first" "$file"
run replayed 4 whoami --config "$work/device.conf"
says replayed 'samephoto sign-in'
run out 0 sign-out --config "$work/device.conf"
[ -z "$(find "$work/state" -type f)" ] || fail "sign-out left something behind"

# Told to slow down, it does and gets there.
curl -sS "$issuer/control?do=slow" >/dev/null
device slowed device approve 0
grep -q '^slow_down' "$work/provider.err" || fail "nothing was slowed down"

device declined device decline 4
says declined 'declined'
run expired 4 sign-in --config "$work/expiring.conf"
says expired 'expired'

# The browser: follows the page to the forms, fills them in, and is sent back to the program.
"$samephoto" sign-in --config "$work/browser.conf" -v >"$work/browser.log" 2>&1 &
pid=$!
await "$work/browser.log" '^    http'
page=$(sed -n 's/^    \(http.*\)$/\1/p' "$work/browser.log")
tr '\0' '\n' <"/proc/$pid/cmdline" >>"$work/cmdline.log"
agent() {
    curl -sSL -c "$work/cookies" -b "$work/cookies" "$@"
}
form() {
    sed -n 's/.*action="\([^"]*\)".*/\1/p' "$1" | head -n 1
}
absolute() {
    case $1 in http*) echo "$1" ;; *) echo "$issuer$1" ;; esac
}
agent "$page" >"$work/login.html"
agent -d 'prompt=login&login=anna&password=x' "$(absolute "$(form "$work/login.html")")" \
    >"$work/consent.html"
agent -d 'prompt=consent' "$(absolute "$(form "$work/consent.html")")" >"$work/end.html"
grep -q 'You are signed in' "$work/end.html" || fail "the browser was not told the end"
wait "$pid" || fail "the browser's sign-in failed"
run browsed 0 whoami --config "$work/browser.conf"

run certified 0 whoami --config "$work/certificate.conf"
run secretly 0 whoami --config "$work/secret.conf"
printf 'WRONG-SECRET-VALUE-0123456789\n' >"$work/wrong"
chmod 600 "$work/wrong"
run refused 4 whoami --config "$work/wrong.conf"
says refused 'credentials'
openssl req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=stranger \
    -keyout "$work/other.key" -out "$work/other.crt" 2>/dev/null
cat "$work/other.key" "$work/other.crt" >"$work/other.pem"
chmod 600 "$work/other.pem"
run unknown 4 whoami --config "$work/stranger.conf"
says unknown 'credentials'

# No token, code, verifier, assertion or secret in anything that was printed or on a command line.
printf 'CLIENT-SECRET-VALUE-0123456789\nWRONG-SECRET-VALUE-0123456789\n' >>"$work/secrets.txt"
grep -v '^-----' "$work/key.pem" | head -n 3 >>"$work/secrets.txt"
[ "$(wc -l <"$work/secrets.txt")" -ge 20 ] || fail "too few secrets were noted to look for"
if grep -F -l -f "$work/secrets.txt" "$work"/*.log; then
    fail "a secret is in these files"
fi
echo "oauth: everything as it should be"
