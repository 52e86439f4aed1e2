#!/bin/sh
# The whole program against a tenant that runs elsewhere, over TLS: every way to sign in by a settings
# file, no trust without the tenant's CA, and no secret in anything that was printed or kept.
# Usage: settings.sh PROGRAM
set -eu
. "$(dirname "$0")/terminal.sh"
export DBUS_SESSION_BUS_ADDRESS= XDG_RUNTIME_DIR="$work" NO_COLOR=1 G_MESSAGES_DEBUG=all
unset DISPLAY WAYLAND_DISPLAY || true
person=bashir.rahimi@norvane.example
watched=

"$program" tenant --tls "$work/tls" --latency graph=200 >"$work/tenant" 2>"$work/tenant.err" &
tenant=$!
end_tenant() {
    status=$?
    kill "$tenant" $watched 2>/dev/null || true
    wait "$tenant" || true
    set +e
    (exit $status)
    clear_away
}
trap end_tenant EXIT

# await FILE PATTERN
await() {
    tries=0
    until grep -q -- "$2" "$1" 2>/dev/null; do
        tries=$((tries + 1))
        [ "$tries" -lt 300 ] || fail "'$2' does not appear in $1: $(cat "$1" "$work/tenant.err")"
        sleep 0.1
    done
}
await "$work/tenant" '^{'

# value NAME: a string of the line that the tenant printed, its escapes undone.
value() {
    printf '%b\n' "$(sed "s/.*\"$1\":\"\\([^\"]*\\)\".*/\\1/" "$work/tenant")"
}

# settings NAME LINE...: the tenant's own settings with another way to sign in.
settings() {
    name=$1
    shift
    value settings | sed '/^flow=/d' >"$work/$name.conf"
    for line; do
        sed -i "s|^\[sign-in\]|&\n$line|" "$work/$name.conf"
    done
}
umask 077
value client_secret >"$work/secret"
login=$(value login)
tenant_id=$(value tenant_id)
cat >"$work/token-for-audience" <<END
#!/bin/sh
echo "\$SAMEPHOTO_AUDIENCE" >>"$work/audiences"
read -r secret <"$work/secret"
printf 'client_secret=%s' "\$secret" | curl -sS --cacert "$work/tls/ca.pem" -d @- \\
    -d grant_type=client_credentials -d client_id=$(value client_id) \\
    -d "scope=\$SAMEPHOTO_AUDIENCE/.default" "$login/$tenant_id/oauth2/v2.0/token" |
    sed 's/.*"access_token":"\([^"]*\)".*/\1/' >"$work/token.\$\$"
cat "$work/token.\$\$"
echo >>"$work/token.\$\$"
END
chmod 700 "$work/token-for-audience"
settings certificate flow=certificate "certificate=$work/tls/app.pem"
settings secret flow=secret "secret-file=$work/secret"
settings command flow=command "command=$work/token-for-audience"
settings browser flow=browser
settings device flow=device
echo 'wrong-SECRET-of-the-app' >"$work/wrong"
settings wrong flow=secret "secret-file=$work/wrong"
sed '/^\[network\]/,$d' "$work/certificate.conf" >"$work/untrusted.conf"
# Every kind of password at once: the mail server's and the directory's as well.
echo 'password-of-the-MAIL-reader' >"$work/mail"
echo 'password-of-the-DIRECTORY-reader' >"$work/bind"
{
    cat "$work/certificate.conf"
    printf '[exchange]\nkind=on-premises\nauth=basic\nuser=reader\npassword-file=%s\n' "$work/mail"
    printf '[directory]\nbind-dn=cn=reader,dc=norvane,dc=example\npassword-file=%s\n' "$work/bind"
} >"$work/passwords.conf"

# Everything that is printed is kept, to be searched in the end.
mkdir "$work/said"
said=
# run NAME EXIT-CODE ARGUMENT...
run() {
    said=$work/said/$1
    wanted=$2
    shift 2
    got=0
    "$program" "$@" >"$said.out" 2>"$said.err" </dev/null || got=$?
    [ "$got" = "$wanted" ] || fail "'$*' exits $got instead of $wanted: $(cat "$said.out" "$said.err")"
}
says() {
    grep -qE -- "$1" "$said.out" "$said.err" || fail "$said has no '$1': $(cat "$said.out" "$said.err")"
}

# Trust comes from the settings' CA alone.
run untrusted 3 check "$person" --config "$work/untrusted.conf"
says 'authority that this machine does not trust.*ca-file='

# Machines.
run certificate 1 check "$person" --config "$work/certificate.conf" -vvv
says 'SharePoint large  *photo  *B  *different'
run certificate-json 1 check "$person" --config "$work/certificate.conf" --json
says '"id": *"sharepoint-stale"'
run secret 3 check "$person" --config "$work/secret.conf" --json -v
says 'Unsupported app only token'
says '"id": *"app-only-secret"'
run command 3 check "$person" --config "$work/command.conf" -v
says 'Microsoft 365  *photo'
grep -qx 'https://graph.microsoft.com' "$work/audiences" || fail "the command saw no audience"
run wrong 4 check "$person" --config "$work/wrong.conf" -vvv
says 'secret'
run passwords 1 check "$person" --config "$work/passwords.conf" --json -vvv
says '"http_status": *401'
run doctor-passwords 0 doctor --config "$work/passwords.conf" -vvv
run doctor-certificate 0 doctor --config "$work/certificate.conf" -v

# A source of the settings is a service like any other, to hold the copies against as well.
{
    sed "s/^enabled=/enabled=hr;/" "$work/certificate.conf"
    printf '[source hr]\nurl=http://127.0.0.1:9/{id}.jpg\n'
} >"$work/source.conf"
run source 1 check "$person" --config "$work/source.conf" --reference hr --json
says '"reference": "hr"'
run not-read 2 check "$person" --config "$work/source.conf" --reference hr --only graph
says "--reference: 'hr' is not among"

# People: nobody yet, then by code, then by browser; the keyring is none, so it is a private file.
run nobody 4 check "$person" --config "$work/device.conf"
says 'samephoto sign-in'
start 100 30 "$person" --config "$work/device.conf"
see 'samephoto sign-in' '─ Sign-in ─'
press q
until_true test -s "$work/status" || fail 'does not leave'
tmux -S "$socket" kill-server
# sign_in NAME ARGUMENT...: in the background, its command line kept.
sign_in() {
    said=$work/said/$1
    shift
    "$program" sign-in -v "$@" >"$said.out" 2>"$said.err" &
    watched=$!
    await "$said.err" '^    [A-Zh]'
    tr '\0' '\n' <"/proc/$watched/cmdline" >"$said.cmdline"
}
signed_in() {
    wait "$watched" || fail "no sign-in: $(cat "$said.err")"
    watched=
    says 'You are signed in'
}
sign_in sign-in-device --device --config "$work/device.conf"
signed_in
vault=$(find "$HOME" -name 'sign-in-*' -type f)
[ "$(stat -c %a "$vault")" = 600 ] || fail "the sign-in is kept in '$vault'"
run device 1 check "$person" --config "$work/device.conf" -v
says 'Viva Engage  *photo'
run whoami 0 whoami --config "$work/device.conf" --json
says 'helpdesk@norvane.example'
run doctor 0 doctor --config "$work/device.conf" --json
run out 0 sign-out --config "$work/device.conf"
[ ! -e "$vault" ] || fail "sign-out leaves $vault"

sign_in sign-in-browser --config "$work/browser.conf"
page=$(sed -n 's/^    \(https:.*\)/\1/p' "$said.err")
curl -sSL --cacert "$work/tls/ca.pem" "$page" >"$work/page" || fail "the page cannot be opened"
grep -q 'You are signed in' "$work/page" || fail "the browser is not told the end"
signed_in
run browser 1 check "$person" --config "$work/browser.conf" -vvv

# What the command lines show while a check runs, those of its helpers included.
for name in browser secret certificate command passwords; do
    "$program" check "$person" --config "$work/$name.conf" >"$work/said/seen-$name" 2>&1 &
    watched=$!
    while kill -0 "$watched" 2>/dev/null; do
        cat /proc/[0-9]*/cmdline 2>/dev/null | tr '\0' '\n' >>"$work/said/cmdlines" || true
    done
    wait "$watched" || true
    watched=
done
grep -q -- "$work/secret.conf" "$work/said/cmdlines" || fail "no command line was seen"

# A session with its evidence, and every form of its report.
printf '1\n4\nrang the person\n1\n' |
    "$program" "$person" --plain -v --config "$work/browser.conf" >"$work/said/plain" 2>&1 || true
for format in markdown html text json; do
    run "report-$format" 0 session report 1 --format "$format" --output "$work/said/report.$format"
done
printf '1\n4\nrang\n1\n' |
    "$program" anna.keller@norvane.example --plain -vvv --config "$work/passwords.conf" \
        >"$work/said/plain-passwords" 2>&1 || true
run report-passwords 0 session report 2 --format html --output "$work/said/report-passwords.html"
run export 0 session export 1 "$work/said/case.json"
[ -n "$(find "$XDG_DATA_HOME" -name '*.db*' -type f)" ] || fail "there is no database"

# No secret in any of it. The patterns find what they are meant to find where it may be.
vault=$(find "$HOME" -name 'sign-in-*' -type f)
cat "$work/secret" "$work/wrong" "$work/mail" "$work/bind" >"$work/secrets"
printf 'reader:%s' "$(cat "$work/mail")" | base64 >>"$work/secrets"
grep -v '^-----' "$work/tls/app.pem" >>"$work/secrets"
value refresh_token >>"$work/secrets"
cat "$work"/token.* | grep . >>"$work/secrets"
# Access and refresh tokens, the browser's code and the device's.
token='eyJ[A-Za-z0-9_-]{12,}\.eyJ|[01]\.AXkA[A-Za-z0-9_-]{40,}|HAQABAAEAAAD'
[ "$(grep -cE "$token" "$work/secrets")" -ge 3 ] || fail "the tenant's tokens look different"
grep -qE "$token" "$vault" || fail "the vault holds no token"
mv "$vault" "$work/vault"
if grep -rlaFf "$work/secrets" "$work/said" "$HOME"; then
    fail "a secret is in these files"
fi
if grep -rlaE "$token" "$work/said" "$HOME"; then
    fail "a token is in these files"
fi
