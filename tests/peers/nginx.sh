#!/bin/sh
# Talks to a stock nginx: certificates that must be refused, redirects that must not carry anything
# along, and answers in every shape that HTTP allows.
# Usage: nginx.sh FETCH-PROGRAM
set -eu
fetch=$1
work=$(mktemp -d)
pid=
finish() {
    [ -z "$pid" ] || kill "$pid" 2>/dev/null || true
    rm -rf "$work"
}
trap finish EXIT
trap 'exit 1' INT TERM HUP
cd "$work"
chmod 755 "$work"

fail() {
    echo "FAILED: $1" >&2
    cat "$work"/answer.log "$work"/start.log "$work"/error.log >&2
    exit 1
}

# authority NAME
authority() {
    openssl req -x509 -newkey rsa:2048 -nodes -days 2 -subj "/CN=$1" -keyout "$1.key" \
        -out "$1.crt" 2>>openssl.log
}

# certificate NAME AUTHORITY SUBJECT-ALT-NAMES START END
certificate() {
    openssl req -newkey rsa:2048 -nodes -subj "/CN=$1" -keyout "$1.key" -out "$1.csr" \
        2>>openssl.log
    : >index.txt
    rm -f index.txt.attr
    {
        printf '[ca]\ndefault_ca=it\n[it]\ndatabase=index.txt\nnew_certs_dir=.\nrand_serial=yes\n'
        printf 'default_md=sha256\npolicy=any\nx509_extensions=ext\n[any]\ncommonName=supplied\n'
        printf '[ext]\nsubjectAltName=%s\n' "$3"
    } >ca.conf
    openssl ca -batch -config ca.conf -cert "$2.crt" -keyfile "$2.key" -in "$1.csr" \
        -out "$1.crt" -startdate "$4" -enddate "$5" -notext >>openssl.log 2>&1 ||
        fail "no certificate $1"
}

now=$(date -u +%Y%m%d%H%M%SZ)
tomorrow=$(date -u -d tomorrow +%Y%m%d%H%M%SZ)
here=DNS:localhost,IP:127.0.0.1
authority trusted
authority stranger
certificate good trusted "$here" "$now" "$tomorrow"
certificate elsewhere trusted DNS:photos.example "$now" "$tomorrow"
certificate expired trusted "$here" 20250101000000Z 20250201000000Z
certificate future trusted "$here" 20450101000000Z 20460101000000Z
certificate unknown stranger "$here" "$now" "$tomorrow"

# Free ports: nginx cannot choose them itself, so a taken one is tried again with others.
ports() {
    base=$((20000 + ($$ + $1 * 997) % 30000))
    good=$base elsewhere=$((base + 1)) expired=$((base + 2)) future=$((base + 3))
    unknown=$((base + 4)) plain=$((base + 5)) away=$((base + 6))
}

tls() {
    printf 'server { listen 127.0.0.1:%s ssl http2; server_name localhost;' "$2"
    printf ' ssl_certificate %s/%s.crt; ssl_certificate_key %s/%s.key;' "$work" "$1" "$work" "$1"
    printf ' location / { return 200 hello; }'
    printf ' location = /down { return 302 http://127.0.0.1:%s/seen; }' "$away"
    printf ' location = /across { return 302 https://localhost:%s/; } }\n' "$good"
}

write_settings() {
    {
        echo "daemon off; error_log $work/error.log; pid $work/pid; events { }"
        [ "$(id -u)" -ne 0 ] || echo "user root;"
        echo "http { access_log off; client_body_temp_path $work/body; proxy_temp_path $work/proxy;"
        echo "fastcgi_temp_path $work/f; uwsgi_temp_path $work/u; scgi_temp_path $work/s;"
        echo "log_format seen '\$request|\$http_authorization|\$http_cookie|\$http_x_key';"
        for name in good elsewhere expired future unknown; do
            eval "tls $name \$$name"
        done
        echo "server { listen 127.0.0.1:$away; access_log $work/seen.txt seen;"
        echo "location / { return 200 away; } }"
        echo "server { listen 127.0.0.1:$plain; root $work/files; gzip_types *; gzip_min_length 1;"
        echo "add_header Set-Cookie 'FedAuth=COOKIE-SECRET';"
        echo "location = /away { return 302 http://127.0.0.1:$away/seen; }"
        echo "location = /away-by-name { return 302 http://localhost:$plain/file; }"
        echo "location = /up { return 301 https://localhost:$good/; }"
        echo "location = /empty { return 204; }"
        echo "location = /packed { gzip on; try_files /file =404; }"
        echo "location = /nothing { return 444; }"
        echo "location = /missing { return 404; }"
        echo "location = /busy { add_header Retry-After 0 always; return 503; }"
        echo "location = /trickle { limit_rate 1; try_files /file =404; }"
        echo "location = /headers { add_header X-Large $(head -c 3500 /dev/zero | tr '\0' x); return 200 ok; }"
        echo "location = /too-many-headers {"
        for n in $(seq 60); do
            echo "add_header X-Large-$n $(head -c 3500 /dev/zero | tr '\0' x);"
        done
        echo "return 200 ok; } } }"
    } >nginx.conf
}

mkdir files
head -c 20000 /dev/zero | tr '\0' p >files/file
try=0
while :; do
    ports "$try"
    write_settings
    nginx -p "$work" -c "$work/nginx.conf" 2>start.log &
    pid=$!
    tries=0
    while [ "$tries" -lt 100 ] && kill -0 "$pid" 2>/dev/null &&
        ! curl -s "http://127.0.0.1:$plain/empty"; do
        tries=$((tries + 1))
        sleep 0.1
    done
    kill -0 "$pid" 2>/dev/null && [ "$tries" -lt 100 ] && break
    try=$((try + 1))
    [ "$try" -lt 5 ] || fail "nginx does not start"
done

printf '[network]\nca-file=%s/trusted.crt\ntimeout=3\n' "$work" >own.conf
printf '[network]\ntimeout=3\n' >plain.conf

# expect SETTINGS URL PATTERN [BEARER]
expect() {
    "$fetch" "$1" "$2" ${4:+"$4"} >answer.log 2>&1 || true
    grep -q -- "$3" answer.log || fail "$2 does not give '$3'"
    if grep -q SECRET answer.log; then
        fail "$2 tells a secret"
    fi
}

# Certificates.
expect own.conf "https://localhost:$good/" '^200 5 '
expect own.conf "https://127.0.0.1:$good/" '^200 5 '
expect plain.conf "https://localhost:$good/" '^error 1 .*does not trust.*ca-file='
expect own.conf "https://localhost:$elsewhere/" '^error 1 .*certificate is not for localhost'
expect own.conf "https://127.0.0.1:$elsewhere/" '^error 1 .*certificate is not for 127.0.0.1'
expect own.conf "https://localhost:$expired/" '^error 1 .*has expired'
expect own.conf "https://localhost:$future/" '^error 1 .*not valid yet'
expect own.conf "https://localhost:$unknown/" '^error 1 .*does not trust'
expect own.conf "https://localhost:$plain/" '^error [14] '

# Redirects: followed, but alone.
expect own.conf "http://127.0.0.1:$plain/away" "^200 4 http://127.0.0.1:$away/seen" TOKEN-SECRET
grep -q '^GET /seen' seen.txt || fail "nobody came to the other server"
if grep -q SECRET seen.txt; then
    fail "something secret came along with a redirect"
fi
expect own.conf "http://127.0.0.1:$plain/up" "^200 5 https://localhost:$good/" TOKEN-SECRET
expect own.conf "https://localhost:$good/down" '^error 4 .*from https to http'
expect own.conf "https://127.0.0.1:$good/across" '^200 5 '
[ "$(wc -l <seen.txt)" -eq 1 ] || fail "https was left for http"

# Shapes of answers.
expect own.conf "http://127.0.0.1:$plain/file" '^200 20000 '
expect own.conf "http://127.0.0.1:$plain/packed" '^200 20000 '
expect own.conf "http://127.0.0.1:$plain/empty" '^204 0 '
expect own.conf "http://127.0.0.1:$plain/missing" '^404 '
expect own.conf "http://127.0.0.1:$plain/headers" '^200 2 '
expect own.conf "http://127.0.0.1:$plain/too-many-headers" '^error 6 .*headers are too large'
expect own.conf "http://127.0.0.1:$plain/nothing" '^error 0 .*without an answer'
expect own.conf "http://127.0.0.1:$plain/busy" '^503 '
expect own.conf "http://127.0.0.1:$plain/trickle" '^error 2 .*within 3 s'
kill "$pid"
wait "$pid" || true
pid=
expect own.conf "http://127.0.0.1:$plain/file" '^error 0 .*takes no connection'
expect own.conf "http://name.invalid/" '^error 0 .*no host named name.invalid'
echo "nginx: everything as it should be"
