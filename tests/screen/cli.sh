#!/bin/sh
# Bad input gets one clear line and the right exit code, and what could be read is still shown.
# Usage: cli.sh PROGRAM PHOTOS-FOLDER
set -eu
. "$(dirname "$0")/terminal.sh"
photos=$2

# tried EXIT-CODE STDERR-PATTERN ARG...: runs it; its stdout stays in $work/out.
tried() {
    wanted=$1
    pattern=$2
    shift 2
    got=0
    "$program" "$@" >"$work/out" 2>"$work/err" </dev/null || got=$?
    [ "$got" = "$wanted" ] || fail "'$*' exits $got instead of $wanted: $(cat "$work/err")"
    if [ -n "$pattern" ]; then
        grep -qE -- "$pattern" "$work/err" || fail "'$*' does not say '$pattern': $(cat "$work/err")"
        [ "$(grep -cv '^Try ' "$work/err")" -le 1 ] || fail "'$*' says more than a line: $(cat "$work/err")"
    fi
    if LC_ALL=C grep -q "$(printf '[\001-\010\013-\037]')" "$work/out" "$work/err"; then
        fail "'$*' prints control characters"
    fi
}
prints() {
    grep -qE -- "$1" "$work/out" || fail "stdout has no '$1': $(cat "$work/out")"
}

# The command line.
tried 0 '' --help
prints '^Usage:'
tried 0 '' --version
prints '^samephoto [0-9]'
tried 0 '' help
tried 2 "did you mean 'check'.*samephoto -- chekc" chekc
tried 0 '' --practice in-sync -v --version
prints '^samephoto [0-9]'
tried 0 '' help
prints '^  samephoto \[open\] \[USER\]'
tried 2 "no command 'bogus'" help bogus
tried 2 "--lang: 'xx'" check --practice in-sync --lang xx
LANGUAGE=fr tried 0 '' help --lang fr
prints 'aucun compte'
for command in tenant doctor session; do
    tried 0 '' "$command" --help --lang fr
    if grep -qi 'content-type\|po-revision' "$work/out"; then
        fail "the catalogue's header is in the help of $command: $(cat "$work/out")"
    fi
done
# An option's value is no command, whichever command the option belongs to; neither is a name.
tried 2 'screens need a terminal' --practice in-sync --view compare
tried 2 'screens need a terminal' --practice in-sync --ticket check
tried 2 'screens need a terminal' --practice in-sync -t session
tried 2 'screens need a terminal' --practice in-sync -vt session
tried 2 'screens need a terminal' --practice in-sync Chuck
tried 2 '[Uu]nknown option --nope' check --nope
tried 2 'too many' check anna bert
tried 2 'name a person' check
tried 2 "--config" --config
tried 2 "--latency" check anna --latency graph=300
for command in $("$program" help | sed -n 's/^  samephoto \([a-z][a-z-]*\) .*/\1/p'); do
    tried 0 '' "$command" --help
    tried 2 '[Uu]nknown option --nope' "$command" --nope
done

# People and stories.
tried 0 '' practice --list
tried 0 '' practice --list --json
prints '"sharepoint-stale"'
tried 2 'no-such-story' practice no-such-story
tried 2 'extra' practice --list extra
tried 2 "story is 'burst' already" practice burst --practice in-sync
tried 2 "story is 'burst' already" tenant --scenario burst --practice nosuch
tried 2 'no-such-story' practice --practice no-such-story
tried 2 "no view 'bogus'" practice in-sync --plain --view bogus
tried 2 "no theme 'bogus'" practice in-sync --plain --theme bogus
tried 2 'no-such-story' check --practice no-such-story
tried 2 'nobody@norvane.example' check nobody@norvane.example --practice in-sync
tried 0 '' check --practice in-sync
tried 1 '' check --practice sharepoint-stale
prints 'lets SharePoint fetch the photo \(SPS-PictureExchangeSyncState is 1\)'
tried 3 '' check --practice throttled
prints '^  Viva Engage: .*\(HTTP 429'
tried 1 '' check --practice reference-not-uploaded
prints '^  Your file +photo +A'
tried 3 '' check --practice app-only-secret
prints 'wants a certificate'
tried 1 '' check --practice sharepoint-stale --json
prints '"schema": "samephoto.check/1"'
LANGUAGE=fr tried 1 '' check --practice sharepoint-stale --lang fr
prints 'Microsoft 365'

# Arguments and options that an action does not take; numbers beyond every session and every day.
tried 0 '' session list
tried 2 "'5' is one argument too many" session purge 5
tried 2 "'extra' is one argument too many" session list extra
tried 2 "'extra' is one argument too many" playbook list extra
tried 2 "'extra' is one argument too many" playbook show profile-photo extra
tried 2 "--format is no option of 'list'" session list --format nonsense
tried 2 "--playbook is no option of 'resume'" session resume 1 --playbook profile-photo
tried 2 "--days is no option of 'report'" session report 1 --days 3
tried 2 "--force is no option of 'list'" playbook list --force
tried 2 'no session 99999999999999$' session show 99999999999999
tried 2 '--days: a number from 0 to 36500' session purge --days 2000000000
tried 2 '--days: a number from 0 to 36500' session purge --days -1
tried 2 '--limit' session report 1 --limit -5
tried 0 '' session purge --days 36500

# Playbooks: nothing is replaced in silence, ours never.
printf '# Etwas\n\n1. Eins\n' >"$work/thing.de.md"
tried 0 '' playbook import "$work/thing.de.md"
tried 0 '' playbook list
prints '^thing +1 +Etwas'
tried 0 '' playbook show thing
tried 2 "'thing.de' already; --force" playbook import "$work/thing.de.md"
tried 0 '' playbook import --force "$work/thing.de.md"
cp "$work/thing.de.md" "$work/profile-photo.md"
for force in '' --force; do
    tried 2 'built-in playbook' playbook import $force "$work/profile-photo.md"
done

# What this machine refuses is nobody's programming fault.
printf '8\n' | "$program" practice sharepoint-stale --plain >"$work/out" 2>&1 || true
tried 0 '' session export 1 "$work/case.json"
sleep 1
printf '4\nnewer\n8\n' | "$program" session resume 1 --plain >"$work/out" 2>&1 || true
tried 2 'newer state of the case already' session import "$work/case.json"
tried 2 'cannot be written|failed|not' session export 1 "$work/none/case.json"
tried 2 '--output: ' session report 1 --output "$work/none/report"
tried 2 '--output: ' session report 1 --output "$work"
: >"$work/no-folder"
XDG_STATE_HOME=$work/no-folder/x XDG_DATA_HOME=$work/no-folder/x tried 2 '' session list

# Reports go where they are sent: through links and pipes, and no device is ever replaced.
ln -s target.md "$work/link"
tried 0 '' session report 1 --output "$work/link"
[ -L "$work/link" ] && [ -s "$work/target.md" ] || fail "a link is replaced"
mkfifo "$work/pipe"
cat "$work/pipe" >"$work/piped" &
tried 0 '' session export 1 "$work/pipe"
wait
[ -p "$work/pipe" ] && [ -s "$work/piped" ] || fail "a pipe is replaced"
if mknod "$work/full" c 1 7 2>/dev/null; then
    tried 2 '--output: .*cannot be written' session report 1 --output "$work/full"
    [ -c "$work/full" ] || fail "a device is replaced"
fi

# Settings.
printf '[tennant]\nname=x\n' >"$work/typo.conf"
tried 2 "tennant.*tenant" check anna@norvane.example --config "$work/typo.conf"
printf '[tenant]\nnmae=x\n' >"$work/typo.conf"
tried 2 "nmae.*name" check anna@norvane.example --config "$work/typo.conf"
for name in graph file evidence-1; do
    printf '[source %s]\nurl=http://127.0.0.1:9/\n' "$name" >"$work/typo.conf"
    tried 2 "source $name" check anna@norvane.example --config "$work/typo.conf"
done
tried 2 'none.conf' check anna@norvane.example --config "$work/none.conf"

# Reference files: what could be read is still shown.
tried 2 'none.jpg' check --practice in-sync --reference "$work/none.jpg"
prints 'Microsoft 365'
printf 'this is no picture' >"$work/text.jpg"
tried 2 'text.jpg' check --practice in-sync --reference "$work/text.jpg"
prints 'Microsoft 365'
head -c 2000 "$photos/anna-new.jpg" >"$work/cut.jpg"
tried 2 'cut.jpg' check --practice in-sync --reference "$work/cut.jpg"
prints 'SharePoint'
tried 2 '--reference .*none.jpg' watch --practice in-sync --reference "$work/none.jpg"
tried 2 '--reference .*none.jpg' practice in-sync --plain --reference "$work/none.jpg"
# A picture without a photo is no reference, and agreement without one is none.
base64 -d >"$work/blank.png" <<'END'
iVBORw0KGgoAAAANSUhEUgAAAGAAAABgCAAAAADH8yjkAAAAO0lEQVR42u3NMQ0AAAwDoPo33arYsQQMkB6LQCAQCAQCgUAgEAgEAoFAIBAIBAKBQCAQCAQCgUAg+BoMnXneDpEXkWUAAAAASUVORK5CYII=
END
tried 2 '--reference .*blank.png: .*shows no photo' check --practice in-sync --reference "$work/blank.png"
prints 'Microsoft 365'
if grep -q 'same photo$' "$work/out"; then
    fail "agreement is told with a blank reference: $(cat "$work/out")"
fi
tried 2 'shows no photo' check --practice in-sync --reference "$work/blank.png" --json
prints '"verdict": "incomplete"'
tried 2 'shows no photo' watch --practice in-sync --reference "$work/blank.png"
tried 2 'shows no photo' practice in-sync --plain --reference "$work/blank.png"
tried 2 '--reference .*none.jpg' practice in-sync --reference "$work/none.jpg"
# Services: one that is read, or one from the settings.
tried 0 '' check --practice in-sync --reference exchange
tried 2 "--reference: 'exchange' is not among" check --practice in-sync --only graph --reference exchange
tried 2 '--only file needs --reference' check --practice in-sync --only file
tried 2 "Entra's picture" check --practice in-sync --only entra
tried 0 '' check --practice in-sync --only graph --only sharepoint
prints 'SharePoint large'
tried 2 '--evidence .*none.png' check --practice in-sync --evidence "$work/none.png"
tried 2 '--evidence .*text.jpg: .*no picture' check --practice in-sync --evidence "$work/text.jpg"
tried 2 '--evidence .*text.jpg' practice in-sync --evidence "$work/text.jpg"
tried 2 '--evidence .*text.jpg' practice in-sync --plain --evidence "$work/text.jpg"

# -v: what was asked of whom, in every command that asks; never the part where secrets may stand.
for command in check watch whoami doctor; do
    "$program" $command --practice in-sync -v >"$work/out" 2>"$work/err" </dev/null || true
    grep -qE '^(GET|POST) http://127\.0\.0\.1:[0-9]+/.*: 200, [0-9]+ ms$' "$work/err" ||
        fail "$command -v tells no request: $(cat "$work/err")"
    if grep -q '[?]' "$work/err"; then
        fail "$command -v tells queries: $(cat "$work/err")"
    fi
done

# Services that send nonsense: the others still show, and nothing is called "no photo".
for fault in huge garbage truncate reset 503 403; do
    tried 3 '' check --practice in-sync --fault "viva-engage=$fault"
    prints 'Microsoft 365'
    "$program" check --practice in-sync --fault "viva-engage=$fault" --json >"$work/out" 2>/dev/null || true
    grep -A4 '"service": "viva-engage"' "$work/out" | grep -qE '"status": "(absent|present)"' &&
        fail "viva-engage=$fault is told as an answer: $(grep -A6 '"viva-engage"' "$work/out")"
done
tried 2 'nonsense' check --practice in-sync --fault 'graph=nonsense'
tried 2 'nowhere' check --practice in-sync --fault 'nowhere=429'

# No colour where it is not wanted.
if "$program" check --practice sharepoint-stale 2>&1 | grep -q "$(printf '\033')"; then
    fail "escape sequences in a pipe"
fi
