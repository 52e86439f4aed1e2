#!/bin/sh
# Exchange on-premises as Windows guards it. Negotiate with a ticket: Apache with mod_auth_gssapi, and
# MIT's KDC. NTLM: Samba's ntlm_auth (gss-ntlmssp 1.2 refuses the short first message that libcurl
# sends and Windows takes). Each handshake over TLS, carried through and refused.
# Usage: windows.sh SAMEPHOTO PICTURE
set -eu
here=$(cd "$(dirname "$0")" && pwd)
samephoto=$1
picture=$2
work=$(mktemp -d)
started=
finish() {
    for one in $started; do
        kill "$one" 2>/dev/null || true
    done
    rm -rf "$work"
}
trap finish EXIT
trap 'exit 1' INT TERM HUP
cd "$work"
chmod 755 "$work"
export HOME="$work" XDG_STATE_HOME="$work/state" XDG_CONFIG_HOME="$work/config"
export XDG_DATA_HOME="$work/data" LC_ALL=C.UTF-8 NO_COLOR=1
export PATH="$PATH:/usr/sbin"
export KRB5_CONFIG="$work/krb5.conf" KRB5_KDC_PROFILE="$work/kdc.conf"
export KRB5CCNAME="FILE:$work/ticket" KRB5RCACHEDIR="$work/replayed"

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

# Whether the last server runs and listens, or has ended: both are worth waiting for.
is_decided() {
    ! kill -0 "$server" || curl -s --cacert certificate.pem "https://localhost:$web/"
}

has_answer() {
    ! kill -0 "$kdc" || kinit -k -t reader.keytab reader
}

# port NUMBER: one to try; servers that cannot choose for themselves try again with others.
port() {
    echo $((20000 + ($$ + $1 * 997) % 30000))
}

# A realm with a reader, whose tickets come without a password.
write_realm() {
    {
        printf '[libdefaults]\ndefault_realm = NORVANE.EXAMPLE\ndns_lookup_kdc = false\nrdns = false\n'
        printf 'dns_canonicalize_hostname = false\nudp_preference_limit = 0\n'
        printf '[realms]\nNORVANE.EXAMPLE = {\nkdc = 127.0.0.1:%s\n}\n' "$1"
        printf '[domain_realm]\nlocalhost = NORVANE.EXAMPLE\n'
    } >krb5.conf
    {
        printf '[kdcdefaults]\nkdc_listen = ""\nkdc_tcp_listen = 127.0.0.1:%s\n' "$1"
        printf '[realms]\nNORVANE.EXAMPLE = {\ndatabase_module = here\nkey_stash_file = %s/stash\n' \
            "$work"
        printf 'max_life = 1h\n}\n[dbmodules]\nhere = {\ndb_library = db2\ndatabase_name = %s/db\n}\n' \
            "$work"
    } >kdc.conf
}
write_realm 1
kdb5_util create -s -P MASTER-PASSWORD >kdb.log 2>&1 || fail "no realm"
for who in reader HTTP/localhost; do
    kadmin.local addprinc -randkey "$who" >>kdb.log 2>&1 || fail "no $who"
done
kadmin.local ktadd -k reader.keytab reader >>kdb.log 2>&1 || fail "no key of the reader"
kadmin.local ktadd -k http.keytab HTTP/localhost >>kdb.log 2>&1 || fail "no key of the server"
try=0
while :; do
    write_realm "$(port "$try")"
    krb5kdc -n >kdc.log 2>&1 &
    kdc=$!
    started="$started $kdc"
    await has_answer && kill -0 "$kdc" 2>/dev/null && break
    try=$((try + 1))
    [ "$try" -lt 3 ] || fail "the KDC does not start"
done

openssl req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=localhost \
    -addext subjectAltName=DNS:localhost -keyout key.pem -out certificate.pem 2>openssl.log
"$samephoto" tenant --tls "$work/tls" >tenant.json 2>tenant.log &
started="$started $!"
await grep -q '^{' tenant.json || fail "no tenant"
cat tls/ca.pem certificate.pem >both.pem
mkdir -p www/EWS/Exchange.asmx/s replayed
chmod 1777 replayed
cp "$picture" www/EWS/Exchange.asmx/s/GetUserPhoto
chmod 644 http.keytab

write_server() {
    modules=/usr/lib/apache2/modules
    for module in mpm_event authn_core authz_core authz_user ssl auth_gssapi; do
        echo "LoadModule ${module}_module $modules/mod_$module.so"
    done
    echo "ServerRoot $work
ServerName localhost
PidFile $work/apache.pid
Mutex file:$work
DefaultRuntimeDir $work
ErrorLog $work/apache.log
LogFormat \"%>s|%u|%{Authorization}i\" seen
CustomLog $work/seen.txt seen
DocumentRoot $work/www
Listen 127.0.0.1:$web
SSLEngine on
SSLCertificateFile $work/certificate.pem
SSLCertificateKeyFile $work/key.pem
KeepAlive on
<Location /EWS>
ForceType image/jpeg
AuthType GSSAPI
AuthName exchange
GssapiCredStore keytab:$work/http.keytab
GssapiAllowedMech krb5
Require valid-user
</Location>"
    [ "$(id -u)" -ne 0 ] || printf 'User www-data\nGroup www-data\n'
}
serve() {
    tries_left=3
    while :; do
        try=$((try + 1))
        web=$(port "$try")
        write_server >apache.conf
        apache2 -f "$work/apache.conf" -D FOREGROUND >start.log 2>&1 &
        server=$!
        started="$started $server"
        await is_decided && kill -0 "$server" 2>/dev/null && break
        tries_left=$((tries_left - 1))
        [ "$tries_left" -gt 0 ] || fail "Apache does not start"
    done
    : >seen.txt
}

: >seen.txt
umask 077
echo PASSWORD-of-the-reader >right
echo PASSWORD-of-nobody >wrong
sed 's/.*"client_secret":"\([^"]*\)".*/\1/' tenant.json >secret
# settings AUTH [USER PASSWORD-FILE]
settings() {
    printf '%b\n' "$(sed 's/.*"settings":"\([^"]*\)".*/\1/' tenant.json)" |
        sed "s|^flow=.*|flow=secret\\nsecret-file=$work/secret|
            s|^exchange=.*|exchange=https://localhost:$web|
            s|^ca-file=.*|ca-file=$work/both.pem|"
    printf '[exchange]\nkind=on-premises\nauth=%s\n' "$1"
    [ $# -eq 1 ] || printf 'user=%s\npassword-file=%s\n' "$2" "$work/$3"
}
# ask NAME PATTERN
ask() {
    timeout 60 "$samephoto" check anna.keller@norvane.example --only exchange -vvv --json \
        --config "$1.conf" >"$1.log" 2>&1 || true
    grep -q -- "$2" "$1.log" || fail "$1 does not give '$2'"
}

serve
settings negotiate >ticket.conf
ask ticket '"status": *"present"'
grep -q '^200|reader@NORVANE.EXAMPLE|Negotiate ' seen.txt || fail "no ticket was shown: $(cat seen.txt)"
kdestroy >/dev/null
cp ticket.conf no-ticket.conf
ask no-ticket '"status": *"denied"'

node "$here/ntlm-server.mjs" key.pem certificate.pem "$picture" \
    "$(cat right)" seen.txt >ntlm.port 2>ntlm-server.log &
started="$started $!"
await grep -q . ntlm.port || fail "no server for NTLM"
web=$(cat ntlm.port)
settings ntlm 'NORVANE\reader' right >ntlm.conf
settings ntlm 'NORVANE\reader' wrong >refused.conf
ask ntlm '"status": *"present"'
grep -q '^200|[^|]*reader|NTLM ' seen.txt || fail "NTLM did not come to its end: $(cat seen.txt)"
ask refused '"status": *"denied"'
grep -q 'check \[exchange\] auth, user and password-file' refused.log || fail "no way out is named"

cat right wrong secret >secrets
awk -F '|' '{ print $3 }' seen.txt | sed 's/^[A-Za-z]* //' | grep '.\{20\}' >>secrets
if grep -lFf secrets ./*.log; then
    fail "a password, or what stands for it, is in these files"
fi
echo "windows: everything as it should be"
