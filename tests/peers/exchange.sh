#!/bin/sh
# Exchange on-premises behind a stock nginx over TLS: Basic with the right and the wrong password, NTLM
# and Negotiate against a server that takes neither; no password in anything that is printed.
# Usage: exchange.sh SAMEPHOTO PICTURE
set -eu
samephoto=$1
picture=$2
work=$(mktemp -d)
server=
tenant=
finish() {
    [ -z "$server" ] || kill "$server" 2>/dev/null || true
    [ -z "$tenant" ] || kill "$tenant" 2>/dev/null || true
    rm -rf "$work"
}
trap finish EXIT
trap 'exit 1' INT TERM HUP
cd "$work"
chmod 755 "$work"
export HOME="$work" XDG_STATE_HOME="$work/state" XDG_CONFIG_HOME="$work/config"
export XDG_DATA_HOME="$work/data" LC_ALL=C.UTF-8 NO_COLOR=1 KRB5CCNAME="FILE:$work/no-ticket"

fail() {
    echo "FAILED: $1" >&2
    tail -n 20 "$work"/*.log >&2
    exit 1
}

# await COMMAND...
await() {
    tries=0
    until "$@" >/dev/null 2>&1; do
        tries=$((tries + 1))
        [ "$tries" -lt 200 ] || return 1
        sleep 0.1
    done
}

"$samephoto" tenant --tls "$work/tls" >tenant.json 2>tenant.log &
tenant=$!
await grep -q '^{' tenant.json || fail "no tenant"

openssl req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=localhost \
    -addext subjectAltName=DNS:localhost -keyout key.pem -out certificate.pem 2>openssl.log
cat tls/ca.pem certificate.pem >both.pem
printf 'reader:%s\n' "$(openssl passwd -apr1 'PASSWORD-of-the-reader')" >users
cp "$picture" photo.jpg
write_server() {
    echo "daemon off; error_log $work/nginx.log; pid $work/pid; events { }"
    [ "$(id -u)" -ne 0 ] || echo "user root;"
    echo "http { client_body_temp_path $work/body; proxy_temp_path $work/proxy;"
    echo "fastcgi_temp_path $work/f; uwsgi_temp_path $work/u; scgi_temp_path $work/s;"
    echo "log_format seen '\$status|\$arg_size|\$http_authorization';"
    echo "access_log $work/seen.txt seen;"
    echo "server { listen 127.0.0.1:$port ssl; server_name localhost;"
    echo "ssl_certificate $work/certificate.pem; ssl_certificate_key $work/key.pem;"
    echo "location /EWS/ { auth_basic exchange; auth_basic_user_file $work/users;"
    echo "default_type image/jpeg; root $work; try_files /photo.jpg =404; } } }"
}
try=0
while :; do
    port=$((20000 + ($$ + try * 997) % 30000))
    write_server >nginx.conf
    nginx -p "$work" -c "$work/nginx.conf" 2>start.log &
    server=$!
    await curl -s --cacert certificate.pem "https://localhost:$port/" && kill -0 "$server" && break
    try=$((try + 1))
    [ "$try" -lt 5 ] || fail "nginx does not start"
done

umask 077
echo PASSWORD-of-the-reader >right
echo PASSWORD-of-nobody >wrong
sed 's/.*"client_secret":"\([^"]*\)".*/\1/' tenant.json >secret
# settings AUTH PASSWORD-FILE
settings() {
    printf '%b\n' "$(sed 's/.*"settings":"\([^"]*\)".*/\1/' tenant.json)" |
        sed "s|^flow=.*|flow=secret\\nsecret-file=$work/secret|
            s|^exchange=.*|exchange=https://localhost:$port|
            s|^ca-file=.*|ca-file=$work/both.pem|"
    printf '[exchange]\nkind=on-premises\nauth=%s\n' "$1"
    [ -z "${2-}" ] || printf 'user=reader\npassword-file=%s\n' "$work/$2"
}
# ask NAME PATTERN
ask() {
    "$samephoto" check anna.keller@norvane.example --only exchange -vvv --json --config "$1.conf" \
        >"$1.log" 2>&1 || true
    grep -q -- "$2" "$1.log" || fail "$1 does not give '$2'"
}
settings basic right >basic.conf
settings basic wrong >refused.conf
settings ntlm right >ntlm.conf
settings negotiate >negotiate.conf
ask basic '"status": *"present"'
grep -q '^200|HR648x648|Basic ' seen.txt || fail "Basic was not asked for: $(cat seen.txt)"
ask refused '"status": *"denied"'
grep -q 'check \[exchange\] auth, user and password-file' refused.log || fail "no way out is named"
: >seen.txt
ask ntlm '"status": *"denied"'
grep -q '^401|HR648x648|NTLM ' seen.txt || fail "NTLM was not asked for: $(cat seen.txt)"
ask negotiate '"status": *"denied"'

# Neither in the clear nor as Basic sends them.
{
    cat right wrong secret
    printf 'reader:PASSWORD-of-the-reader' | base64
} >secrets
if grep -lFf secrets ./*.log; then
    fail "a password is in these files"
fi
echo "exchange: everything as it should be"
