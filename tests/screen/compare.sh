#!/bin/sh
# Compare: every copy with its group, through a resize, in and out of the modes.
# Usage: compare.sh PROGRAM LANGUAGE COLUMNS ROWS
set -eu
. "$(dirname "$0")/terminal.sh"
language=$2
start "$3" "$4" practice sharepoint-stale --lang "$2" --view compare
see "$(say 'Compare')" 'Microsoft 365'
see 648
press Right
press Right
press Enter
press Escape
resize 100 30
see 'Microsoft 365'
resize 61 21
see "$(say 'Compare')"
resize "$3" "$4"
see 'Microsoft 365'
press '?'
press Escape
press q
ended 0
