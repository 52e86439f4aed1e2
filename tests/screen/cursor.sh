#!/bin/sh
# For those who listen to a screen: the real cursor stands on what has the focus, in every mode.
# Usage: cursor.sh PROGRAM
set -eu
. "$(dirname "$0")/terminal.sh"

# The line from the cursor on.
at_cursor() {
    place=$(tmux -S "$socket" display-message -p -t t '#{cursor_y} #{cursor_x}')
    screen | perl -CSD -ne 'BEGIN { ($y, $x) = split / /, shift } print substr($_, $x) if $. == $y + 1' "$place"
}
stands_on() {
    case $(at_cursor) in
        *"$1"*) ;;
        *) return 1 ;;
    esac
}
# What is focused is near the cursor, not somewhere in the line: at most six signs before it.
begins_with() {
    at_cursor | perl -CSDA -e '$t = shift; $_ = <STDIN>; exit !(defined $_ && /^.{0,6}\Q$t\E/)' "$1"
}
focus() {
    until_true begins_with "$1" || fail "the cursor stands on '$(at_cursor)' instead of '$1'"
}

start 100 30 practice sharepoint-stale
see 'Step 1 of'
focus 'Open a private window'
press Down
focus 'Go to https://www.office.com'
press Down
focus 'Choose the SharePoint icon'
press n
focus_field() {
    stands_on '' && [ "$(tmux -S "$socket" display-message -p -t t '#{cursor_flag}')" = 1 ]
}
until_true focus_field || fail "no visible cursor in the field"
press Escape
press 2
see 'SharePoint large'
focus 'Microsoft 365'
press Right
focus 'Exchange'
press Right
focus 'SharePoint small'
press Enter
focus 'SharePoint small'
press Escape
press 3
see '[ ] 1.'
focus '[ ] 3.'
press Down
focus '[ ] 4.'
press Up
press Up
focus '[ ] 2.'
press q
ended 0
