#!/bin/sh
# Checklist: ticks, notes, filter, search, folding; the same session as the guide.
# Usage: checklist.sh PROGRAM LANGUAGE COLUMNS ROWS
set -eu
. "$(dirname "$0")/terminal.sh"
language=$2
start "$3" "$4" practice sharepoint-stale --lang "$2"
see "$(say 'Step %u of %u')"
press 3
see "[ ] 1."
press Space
see "[x] 1."
press n
see "$(say 'Note')"
press -l 'asked twice'
press Enter
see 'asked twice'

# Filters, the search and folding; a filter that shows nothing says so and can be left.
press f
see "$(say 'open steps')" '[ ] 2.'
unsee '[x] 1.'
press f
see "$(say 'done steps')" '[x] 1.'
unsee '[ ] 2.'
press f
see "$(say 'skipped steps')" "$(say 'There is no such step; f shows others.')"
press f
see "$(say 'all steps')" '[ ] 2.'
press /
see "$(say 'Search')"
press -l office.com
press Enter
see '  https://www.office.com'
press c
see "$(say 'unfold')"
unsee '[x] 1.'
press Enter
see '[x] 1.'
press Down
press 1
see "$(say 'Step %u of %u')"
press 3
see "[x] 1."
resize 100 30
see "[x] 1."
resize "$3" "$4"
see "[x] 1."
press q
ended 0

# It is all still there in the next run.
start2() {
    rm -f "$work/status"
    tmux -S "$socket" kill-server
    start "$@"
}
start2 "$3" "$4" practice sharepoint-stale --lang "$2" --view checklist
see "[x] 1."
press q
ended 0
