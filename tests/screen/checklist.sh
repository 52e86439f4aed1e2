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

# What is folded is found, and what the filter hides, by all that is told of a step.
search() {
    press /
    see "$(say 'Search')"
    press -l "$1"
    press Enter
}
stands_on() {
    until_true cursor_at "$1" || fail "does not stand on '$1'"
}
cursor_at() {
    screen | sed -n "$(($(tmux -S "$socket" display-message -p -t t '#{cursor_y}') + 1))p" | grep -qF "$1"
}
search office.com
see '[x] 1.'
stands_on '[ ] 2.'
press f f f
see "$(say 'skipped steps')" "$(say 'There is no such step; f shows others.')"
case $language in fr) said='laissez-la OUVERTE' ;; *) said='leave it OPEN' ;; esac
search "$said"
see "$(say 'all steps')" '[x] 1.'
stands_on '[ ] 4.'
search 'asked TWICE'
stands_on '[x] 1.'
search 'no such thing'
see "$(say 'Nothing found')"
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
