# Settings of a practice tenant that runs as a process of its own, to be sourced: needs $samephoto and
# $work, and sets $settings; end_tenant stops it. Services beyond the tenant's may be appended.

"$samephoto" tenant >"$work/tenant" 2>"$work/tenant.err" &
tenant=$!
end_tenant() {
    kill "$tenant" 2>/dev/null || true
    wait "$tenant" 2>/dev/null || true
}
settings=$work/settings.conf
looks=0
until grep -qs '^{' "$work/tenant"; do
    looks=$((looks + 1))
    [ $looks -lt 600 ] || exit 1
    sleep 0.05
done
(umask 077 && sed 's/.*"client_secret":"\([^"]*\)".*/\1/' "$work/tenant" >"$work/secret")
printf '%b\n' "$(sed 's/.*"settings":"\([^"]*\)".*/\1/' "$work/tenant")" |
    sed "s|^flow=browser|flow=secret\\nsecret-file=$work/secret|" >"$settings"
