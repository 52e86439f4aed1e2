#!/bin/sh
# Nothing is lost and nothing is read that is not there while services fail: the released program under
# valgrind, against a tenant that hangs, trickles, breaks off, asks to wait and talks nonsense.
# Usage: valgrind.sh PROGRAM (built without sanitizers; tests/run has it built before)
set -eu
[ -x "$1" ] || sh "$(dirname "$0")/../../tui/build" release samephoto
. "$(dirname "$0")/terminal.sh"
export DBUS_SESSION_BUS_ADDRESS= XDG_RUNTIME_DIR="$work" NO_COLOR=1
person=anna.keller@norvane.example
tenant=
end_tenant() {
    status=$?
    [ -z "$tenant" ] || kill "$tenant" || true
    set +e
    (exit $status)
    clear_away
}
trap end_tenant EXIT

# libldap asks once what this machine is called; what the C library's resolver keeps of that belongs to
# a worker thread, which still waits for work when the program ends.
cat >"$work/libc.supp" <<END
{
    the-resolver-of-a-worker
    Memcheck:Leak
    match-leak-kinds: definite
    ...
    fun:__resolv_conf_load
    ...
    fun:ldap_create
}
END

# against EXIT-CODE FAULT...: a check of the person on a tenant with these faults.
against() {
    wanted=$1
    shift
    rm -f "$work/tenant"
    "$program" tenant "$@" >"$work/tenant" 2>"$work/tenant.err" &
    tenant=$!
    until_true grep -qs '^{.*}$' "$work/tenant" || fail "no tenant: $(cat "$work/tenant.err")"
    printf '%b\n' "$(sed 's/.*"settings":"\([^"]*\)".*/\1/' "$work/tenant")" |
        sed "s|^flow=browser|flow=secret\nsecret-file=$work/secret|" >"$work/settings.conf"
    printf '[network]\ntimeout=2\n' >>"$work/settings.conf"
    (umask 077 && sed 's/.*"client_secret":"\([^"]*\)".*/\1/' "$work/tenant" >"$work/secret")
    got=0
    valgrind --quiet --leak-check=full --errors-for-leak-kinds=definite \
        --show-leak-kinds=definite --error-exitcode=99 --log-file="$work/valgrind" \
        --suppressions="$work/libc.supp" \
        "$program" check "$person" --config "$work/settings.conf" --json \
        >"$work/out" 2>"$work/err" </dev/null || got=$?
    [ "$got" = "$wanted" ] ||
        fail "$*: exits $got instead of $wanted: $(cat "$work/valgrind" "$work/err")"
    kill "$tenant"
    wait "$tenant" || true
    tenant=
}

against 3 --fault exchange=timeout --fault sharepoint=slow
against 3 --fault exchange=reset-body --fault sharepoint=429-minute --fault directory=reset
against 3 --fault graph=huge --fault exchange=garbage --fault sharepoint=truncate
