#!/bin/sh
# Keeps the sign-in in a Secret Service that nobody here wrote (gnome-keyring), for the next process
# and through rotation, and in a private file where there is none, or where it does not open.
# Usage: keyring.sh SOURCE-FOLDER BUILD-FOLDER SAMEPHOTO
set -eu
source=$1
build=$2/npm
samephoto=$3

# The stock bus knows how to start the keyring; of the others, one knows nobody and one gives no answer.
bus() {
    printf '<busconfig><type>session</type><listen>unix:tmpdir=/tmp</listen>'
    printf '<policy context="default"><allow own="*"/><allow send_destination="*"/>%s</policy>' "$1"
    printf '</busconfig>'
}
if [ -z "${4-}" ]; then
    home=$(mktemp -d)
    trap 'rm -rf "$home"' EXIT
    trap 'exit 1' INT TERM HUP
    export HOME="$home" XDG_RUNTIME_DIR="$home" XDG_DATA_HOME="$home" XDG_CONFIG_HOME="$home"
    export XDG_CACHE_HOME="$home"
    unset DISPLAY WAYLAND_DISPLAY DBUS_SESSION_BUS_ADDRESS
    cp /usr/share/dbus-1/session.conf "$home/unlocked"
    cp /usr/share/dbus-1/session.conf "$home/locked"
    bus '<allow receive_sender="*"/>' >"$home/missing"
    bus '' >"$home/silent"
    for keyring in unlocked locked missing silent; do
        dbus-run-session --config-file="$home/$keyring" -- sh "$0" "$@" "$keyring" \
            2>"$home/bus.log" || {
            cat "$home/bus.log" >&2
            exit 1
        }
    done
    echo "keyring: everything as it should be"
    exit 0
fi
. "$source/oauth-start.sh"
export HOME="$work" XDG_DATA_HOME="$work/data"
unset G_MESSAGES_DEBUG
settings device app flow=device

kept_in_file() {
    find "$work/state" -type f -name 'sign-in-*' 2>/dev/null
}

kept_in_keyring() {
    secret-tool search --all xdg:schema samephoto.SignIn 2>/dev/null | sed -n 's/^secret = //p'
}

case $4 in
unlocked)
    printf 'PASSWORD-of-the-keyring' | gnome-keyring-daemon --unlock --components=secrets \
        >"$work/daemon.log" 2>&1
    device used device approve 0
    [ -z "$(kept_in_file)" ] || fail "the sign-in is in a file although there is a keyring"
    first=$(kept_in_keyring)
    grep -qxF -- "$first" "$work/secrets.txt" || fail "the keyring does not hold the sign-in"
    secret-tool search --all xdg:schema samephoto.SignIn >"$work/found.log" 2>&1
    if grep -v '^secret = ' "$work/found.log" | grep -qF -- "$first"; then
        fail "the sign-in is in the keyring item's label or attributes"
    fi

    # Every process redeems the kept token; this provider takes each only once.
    run first 0 whoami --config "$work/device.conf"
    second=$(kept_in_keyring)
    [ "$first" != "$second" ] || fail "the refresh token was not replaced"
    run second 0 whoami --config "$work/device.conf"
    run third 0 whoami --config "$work/device.conf"
    [ -z "$(kept_in_file)" ] || fail "a renewed sign-in went to a file"

    run out 0 sign-out --config "$work/device.conf"
    [ -z "$(kept_in_keyring)" ] || fail "sign-out left the sign-in in the keyring"
    run nobody 4 whoami --config "$work/device.conf"
    says nobody 'samephoto sign-in'

    # What is locked stays, and nobody can be asked for the password here.
    printf 'KEPT-AND-LOCKED' | secret-tool store --label=kept xdg:schema samephoto.SignIn \
        account "$issuer/t/app"
    dbus-send --session --print-reply --dest=org.freedesktop.secrets /org/freedesktop/secrets \
        org.freedesktop.Secret.Service.Lock array:objpath:/org/freedesktop/secrets/collection/login \
        >"$work/lock.log"
    run in-vain 4 sign-out --config "$work/device.conf"
    says in-vain 'unlock it'
    ;;
*)
    device used device approve 0
    [ -n "$(kept_in_file)" ] || fail "the sign-in is kept nowhere ($4)"
    [ "$(stat -c %a "$(kept_in_file)")" = 600 ] || fail "the sign-in's file is not private"
    [ "$4" = silent ] || run first 0 whoami --config "$work/device.conf"
    run out 0 sign-out --config "$work/device.conf"
    [ -z "$(kept_in_file)" ] || fail "sign-out left the file ($4)"
    ;;
esac
if grep -F -l -f "$work/secrets.txt" "$work"/[!f]*.log; then
    fail "a secret is in these files"
fi
