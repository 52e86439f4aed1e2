#!/bin/sh
# Guide in small windows: the cause, the key to the findings and what became of the step are in sight,
# what does not fit is announced and can be paged to, and no time is cut off a step that waits.
# Usage: small.sh PROGRAM LANGUAGE COLUMNS ROWS
set -eu
. "$(dirname "$0")/terminal.sh"
language=$2
start "$3" "$4" practice sharepoint-stale --lang "$2"
cause=$(say 'SharePoint still shows the photo that it fetched on %s; the newer one is in %s' | cut -c1-30)
see "$(say 'Step %u of %u') 1" "$cause"
hints() {
    screen | tail -n 1 | grep -qF "f $(say findings)"
}
until_true hints || fail "no key to the findings in the hint line"

# No copy is missing: those without room are named with their groups, and none of them differs.
[ "$3" -gt 60 ] || see '+3 ●A Exchange' ' ●A Viva Engage'

# The step that has most to say; it tells more than such a window has room for.
press End
see "$(say 'Step %u of %u') 4" ": $(say 'PgDn')"
press NPage
see "$(say 'v reads again: %s') SharePoint" ": $(say 'PgUp')"
press PPage
see ": $(say 'PgDn')"

# Its time stands in the box and in the list, where only the text gives way.
press w
see "$(say 'Wait until')"
press 1
see "$(say 'State')" "($(say 'waits until %s') "
time_is_whole() {
    [ "$(screen | grep -cE "$(say 'waits until %s') .*20[0-9][0-9].* [0-9][0-9]:[0-9][0-9]")" -ge 2 ]
}
until_true time_is_whole || fail "the time is cut"
press f
see "$(say 'What was found, and why')"
press Escape
leave
