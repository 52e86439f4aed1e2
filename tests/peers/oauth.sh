#!/bin/sh
# Signs in and gets tokens from an OpenID provider that nobody here wrote: by device code (used, slowed
# down, declined, expired), by browser with PKCE, by refresh token with rotation, by certificate and by
# secret; then looks for every secret of these runs where it must not be.
# Usage: oauth.sh SOURCE-FOLDER BUILD-FOLDER SAMEPHOTO
set -eu
source=$1
build=$2/oauth
samephoto=$3

sh "$source/modules" "$source" "$build"

work=$(mktemp -d)
provider=
finish() {
    [ -z "$provider" ] || kill "$provider" 2>/dev/null || true
    rm -rf "$work"
}
trap finish EXIT
trap 'exit 1' INT TERM HUP
export XDG_STATE_HOME="$work/state" XDG_RUNTIME_DIR="$work" XDG_CONFIG_HOME="$work/config"
export DBUS_SESSION_BUS_ADDRESS= G_MESSAGES_DEBUG=all LC_ALL=C.UTF-8 NO_COLOR=1
unset DISPLAY WAYLAND_DISPLAY

fail() {
    echo "FAILED: $1" >&2
    tail -n 30 "$work"/*.log >&2
    exit 1
}

# Waits until a file has a line that matches.
await() {
    tries=0
    until grep -q "$2" "$1" 2>/dev/null; do
        tries=$((tries + 1))
        [ "$tries" -lt 300 ] || fail "'$2' did not appear in $1"
        sleep 0.1
    done
}

openssl req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=samephoto-test \
    -keyout "$work/key.pem" -out "$work/certificate.pem" 2>/dev/null
cat "$work/key.pem" "$work/certificate.pem" >"$work/both.pem"
printf 'CLIENT-SECRET-VALUE-0123456789\n' >"$work/secret"
chmod 600 "$work/both.pem" "$work/secret"
: >"$work/secrets.txt"
node "$source/oauth-provider.mjs" "$build/node_modules" "$work/certificate.pem" \
    "$work/secrets.txt" >"$work/issuer" 2>"$work/provider.err" &
provider=$!
await "$work/issuer" '^http'
issuer=$(cat "$work/issuer")

# settings NAME CLIENT-ID LINE...
settings() {
    name=$1
    client=$2
    shift 2
    {
        printf '[tenant]\nname=norvane\nid=t\n[endpoints]\nlogin=%s\ngraph=%s\n' "$issuer" "$issuer"
        printf '[sign-in]\nclient-id=%s\n' "$client"
        printf '%s\n' "$@"
    } >"$work/$name.conf"
}

# run LOG EXPECTED-EXIT-CODE ARGUMENT...
run() {
    log=$work/$1.log
    expected=$2
    shift 2
    code=0
    "$samephoto" "$@" -v >"$log" 2>&1 || code=$?
    [ "$code" -eq "$expected" ] || fail "samephoto $* exits $code, not $expected"
}

says() {
    grep -q "$2" "$work/$1.log" || fail "$1 does not say '$2'"
}

# The person with the code; the command line of the waiting program is looked at meanwhile.
device() {
    log=$1
    "$samephoto" sign-in --config "$work/$2.conf" -v >"$work/$log.log" 2>&1 &
    pid=$!
    await "$work/$log.log" '^    [A-Z]'
    code=$(sed -n 's/^    \([A-Z][A-Z-]*\)$/\1/p' "$work/$log.log")
    tr '\0' '\n' <"/proc/$pid/cmdline" >>"$work/cmdline.log"
    await "$work/provider.err" 'authorization_pending\|^slow_down'
    curl -sSf "$issuer/control?do=$3&code=$code" >/dev/null || fail "the code cannot be used"
    result=0
    wait "$pid" || result=$?
    [ "$result" -eq "$4" ] || fail "$log exits $result, not $4"
}

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
