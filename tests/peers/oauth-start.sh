# What the tests of the sign-in share: installs and starts the OpenID provider, and runs samephoto
# against it in a home of its own. To be sourced, with $source, $build and $samephoto set.

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
export G_MESSAGES_DEBUG=all LC_ALL=C.UTF-8 NO_COLOR=1
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
