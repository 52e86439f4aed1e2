#!/bin/sh
# Evidence: a picture of what the person sees becomes one more copy in Compare.
# Usage: evidence.sh PROGRAM PHOTOS-FOLDER
set -eu
. "$(dirname "$0")/terminal.sh"
start 120 40 practice sharepoint-stale --view compare
see 'SharePoint'
press e
see 'What the person sees'
press -l "$2/bashir-old.jpg"
press Enter
see 'compared with the copies'
press e
see 'A picture file'
press -l '/nonexistent'
press Enter
see 'Error opening file /nonexistent'
press q
ended 0
