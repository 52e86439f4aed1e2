#!/bin/sh
# Through a stock proxy (Apache): a bearer goes to its service inside a tunnel and nowhere else, also
# when the proxy wants a sign-in, refuses or is gone; what runs on this machine is asked directly.
# 0.0.0.0 stands for the world here: it is this machine, but no name that says so.
# Usage: proxy.sh FETCH-PROGRAM
set -eu
fetch=$1
work=$(mktemp -d)
server=
finish() {
    [ -z "$server" ] || kill "$server" 2>/dev/null || true
    rm -rf "$work"
}
trap finish EXIT
trap 'exit 1' INT TERM HUP
cd "$work"
chmod 755 "$work"
export PATH="$PATH:/usr/sbin"
unset http_proxy https_proxy HTTPS_PROXY no_proxy NO_PROXY all_proxy ALL_PROXY

fail() {
    echo "FAILED: $1" >&2
    tail -n 20 "$work"/answer.log "$work"/*.txt "$work"/start.log "$work"/apache.log >&2
    exit 1
}

openssl req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=world -keyout key.pem \
    -addext subjectAltName=IP:0.0.0.0,IP:127.0.0.1 -out certificate.pem 2>openssl.log
echo "agent:$(openssl passwd -apr1 PROXY-PASSWORD-SECRET)" >users
mkdir www
echo hello >www/photo

# proxy PORT LINE...: one that notes what it is told outside the tunnels.
proxy() {
    printf 'Listen 127.0.0.1:%s\n<VirtualHost 127.0.0.1:%s>\nProxyRequests on\n' "$1" "$1"
    printf 'AllowCONNECT 1-65535\nCustomLog %s/proxy.txt told\n<Proxy "*">\n' "$work"
    shift
    printf '%s\n' "$@" '</Proxy>' '</VirtualHost>'
}
write_server() {
    for module in mpm_event authn_core authz_core authz_user authn_file auth_basic ssl proxy \
        proxy_connect proxy_http; do
        echo "LoadModule ${module}_module /usr/lib/apache2/modules/mod_$module.so"
    done
    echo "ServerRoot $work
ServerName localhost
PidFile $work/apache.pid
Mutex file:$work
DefaultRuntimeDir $work
ErrorLog $work/apache.log
LogFormat \"%r|%>s|%{Authorization}i|%{Proxy-Authorization}i|%{X-Key}i\" told
DocumentRoot $work/www
Listen 127.0.0.1:$world
<VirtualHost 127.0.0.1:$world>
SSLEngine on
SSLCertificateFile $work/certificate.pem
SSLCertificateKeyFile $work/key.pem
CustomLog $work/world.txt told
</VirtualHost>"
    proxy "$open" 'Require all granted'
    proxy "$guarded" 'AuthType Basic' 'AuthName proxy' "AuthUserFile $work/users" \
        'Require valid-user'
    proxy "$closed" 'Require all denied'
    [ "$(id -u)" -ne 0 ] || printf 'User www-data\nGroup www-data\n'
}
is_decided() {
    ! kill -0 "$server" || curl -s --noproxy '*' --cacert certificate.pem "https://127.0.0.1:$world/photo"
}
try=0
while :; do
    world=$((20000 + ($$ + try * 997) % 30000))
    open=$((world + 1)) guarded=$((world + 2)) closed=$((world + 3)) nobody=$((world + 4))
    write_server >apache.conf
    apache2 -f "$work/apache.conf" -D FOREGROUND >start.log 2>&1 &
    server=$!
    tries=0
    until is_decided >/dev/null 2>&1 || [ "$tries" -ge 200 ]; do
        tries=$((tries + 1))
        sleep 0.1
    done
    kill -0 "$server" 2>/dev/null && [ "$tries" -lt 200 ] && break
    try=$((try + 1))
    [ "$try" -lt 4 ] || fail "Apache does not start"
done

# settings PROXY
settings() {
    printf '[network]\nca-file=%s/certificate.pem\ntimeout=10\n' "$work"
    [ -z "$1" ] || printf 'proxy=%s\n' "$1"
}
settings '' >none.conf
settings "http://127.0.0.1:$open" >open.conf
settings "http://127.0.0.1:$guarded" >guarded.conf
settings "http://agent:PROXY-PASSWORD-SECRET@127.0.0.1:$guarded" >agent.conf
settings "http://127.0.0.1:$closed" >closed.conf
settings "http://127.0.0.1:$nobody" >nobody.conf

# expect SETTINGS URL PATTERN [VARIABLE=VALUE...]: asks with a bearer.
expect() {
    : >world.txt
    : >proxy.txt
    settings=$1
    url=$2
    pattern=$3
    shift 3
    env "$@" "$fetch" "$settings.conf" "$url" BEARER-SECRET >answer.log 2>&1 || true
    grep -q -- "$pattern" answer.log || fail "$url by $settings does not give '$pattern'"
    if grep -q 'BEARER-SECRET\|HEADER-SECRET' proxy.txt || grep -q SECRET answer.log; then
        fail "$url by $settings tells a secret"
    fi
}
through() {
    grep -q "$1" proxy.txt || fail "the proxy was not asked: $1"
}
past() {
    [ ! -s proxy.txt ] || fail "the proxy was asked"
}
arrived() {
    grep -qF '|200|Bearer BEARER-SECRET|-|HEADER-SECRET' world.txt || fail "nothing arrived"
}

far=https://0.0.0.0:$world/photo
near=https://127.0.0.1:$world/photo
expect open "$far" '^200 6 '
through "^CONNECT 0.0.0.0:$world HTTP/1.1|200|-|-|-"
arrived
expect open "$near" '^200 6 '
past
expect none "$far" '^200 6 ' "HTTPS_PROXY=http://127.0.0.1:$open"
through '^CONNECT '
arrived
expect none "$near" '^200 6 ' "HTTPS_PROXY=http://127.0.0.1:$open"
past
expect none "$far" '^200 6 ' "HTTPS_PROXY=http://127.0.0.1:$open" NO_PROXY=example.org,0.0.0.0
past
arrived
# In the clear a token goes nowhere, proxy or not.
expect open "http://0.0.0.0:$world/photo" '^error .*without TLS'
past

expect agent "$far" '^200 6 '
through "^CONNECT 0.0.0.0:$world HTTP/1.1|200|-|Basic "
arrived
expect guarded "$far" '^error 0 .*the proxy asks for a sign-in of its own'
[ "$(wc -l <proxy.txt)" -eq 1 ] || fail "a proxy that wants a sign-in was asked again"
expect closed "$far" '^error 0 .*the proxy does not let .* HTTP 403'
[ ! -s world.txt ] || fail "the world was asked past the proxy"
expect nobody "$far" '^error 0 .*takes no connection; check the network, the proxy'
[ ! -s world.txt ] || fail "the world was asked past the proxy"
echo "proxy: everything as it should be"
