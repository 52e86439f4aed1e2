#!/bin/sh
# Evidence: a picture of what the person sees becomes one more copy in Compare, and what is cut out
# of it takes its place, in the session too.
# Usage: evidence.sh PROGRAM PHOTOS-FOLDER MAKE-SCREENSHOT COLUMNS ROWS
set -eu
. "$(dirname "$0")/terminal.sh"
photos=$2
columns=$4
rows=$5
# Where the square begins is 180 pixels wide at 230, 90.
"$3" "$work/screen.png" "$photos/bashir-old.jpg" 640 360 380 0 180

start "$columns" "$rows" practice sharepoint-stale --view guide --mouse
see 'SharePoint' '(InPrivate'
press 2
see 'reference'
press c
see 'e adds one'
press e
see 'What the person sees'
press -l '/nonexistent'
press Enter
see 'Error opening file /nonexistent'
press e
see 'A picture file'
press -l "$work/screen.png"
press Enter
see 'c cuts the photo out' 'what the'

# Esc leaves all as it was.
press c
see '180 × 180 pixels at 230, 90 of 640 × 360' 'What is cut out'
press Right K
see 'at 260, 89 of'
press Escape
see 'reference'
press i
see 'What the services said' '640×360'
press Escape
unsee 'What the services said'

# Every way to move and resize it.
press c
see 'at 230, 90 of'
press l j H L J
see '180 × 180 pixels at 260, 121 of'
press -l '-'
see '158 × 158 pixels at 271, 132 of'
press -l '>'
see '159 × 159 pixels at 271, 132 of'
press S-Down
see '140 × 140 pixels'
press S-Up
see '157 × 157 pixels'
press Home
for key in + + + + + + + + + +; do press -l "$key"; done
see '360 × 360 pixels at' ', 0 of'
# The mouse draws from corner to corner.
printf '\033[<0;10;8M\033[<32;20;12M\033[<0;20;12m' >"$work/mouse"
press -l "$(cat "$work/mouse")"
unsee '360 × 360 pixels'
press Escape
see 'reference'

# What is cut out is the old photo, and no longer the whole screen.
press c
see '180 × 180 pixels at 230, 90'
press Right Right Right Right Right Up Up Up
see '180 × 180 pixels at 380, 0 of'
press Enter
see 'this part is compared now' 'different'
press i
see '180×180' 'What the services said'
press Escape
press q
ended 0

# The session has it, with its place, and shows it again.
"$program" session report 1 --practice sharepoint-stale --json >"$work/report"
grep -q '"cut out":"180 × 180 at 380, 0 of 640 × 360"' "$work/report" ||
    fail "the session has no cut-out: $(grep -c '"cut out"' "$work/report")"
# Of the whole screenshot it keeps nothing: that picture is as wide as none of the others.
"$program" session export 1 "$work/case.json" --practice sharepoint-stale >"$work/out"
whole=$(sha256sum "$work/screen.png" | cut -d' ' -f1)
grep -q "\"sha256\":\"$whole\",\"bytes\"" "$work/case.json" && fail 'the session keeps the whole screenshot'
grep -q '"sha256":"[0-9a-f]*","bytes"' "$work/case.json" || fail 'the case file has no pictures'
rm "$work/screen.png"
rm -f "$work/status"
start "$columns" "$rows" session resume 1 --practice sharepoint-stale --view compare
see 'different' 'what the'
press End i
see '180×180' 'What the services said'
press q q
ended 0
