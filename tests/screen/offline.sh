#!/bin/sh
# A case handed over in a file opens without network or settings in the same screens, said to be of
# its time, and goes on from the step it stood on; resumed with the network, it shows at once what was
# recorded and reads again.
# Usage: offline.sh PROGRAM COLUMNS ROWS
set -eu
. "$(dirname "$0")/terminal.sh"
again() {
    rm -f "$work/status"
    tmux -S "$socket" kill-server
    start "$@"
}
start "$2" "$3" practice sharepoint-stale
see "Step 1 of"
press n
see "Note"
press -l 'called back twice'
press Enter
see "Note saved"
press Enter
see "Step 2 of"
press q
ended 0

"$program" session export 1 "$work/case.json" --agent 'Agnes First' >"$work/out"
XDG_DATA_HOME=$work/other
export XDG_DATA_HOME
"$program" session import "$work/case.json" --agent 'Sven Second' >"$work/out"
grep -q 'session resume 1' "$work/out" || fail "import says: $(cat "$work/out")"

again "$2" "$3" session resume 1
see "Step 2 of" "Bashir Rahimi" "As recorded on $(date -u +%Y)" " by $(id -un): Not the same"
press 2
see "As recorded on" "SharePoint" "648"
press 3
see "· call"
press 1
see "Step 2 of"
press v
see "Nothing can be read without settings"
press Enter
see "Step 3 of"
press q
ended 0
"$program" session show 1 --json >"$work/shown"
for name in 'Agnes First' 'Sven Second'; do
    grep -qF "$name" "$work/shown" || fail "the log has no $name"
done

# With the services in reach the recorded copies give way to those of now.
again "$2" "$3" session resume 1 --practice sharepoint-stale
see "Step 3 of" "Bashir Rahimi"
unsee "As recorded on"
press q
ended 0
