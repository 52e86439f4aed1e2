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
# What is focused is near the cursor, not somewhere in the line: at most six signs before it.
begins_with() {
    at_cursor | perl -CSDA -e '$t = shift; $_ = <STDIN>; exit !(defined $_ && /^.{0,6}\Q$t\E/)' "$1"
}
focus() {
    until_true begins_with "$1" || fail "the cursor stands on '$(at_cursor)' instead of '$1'"
}

# Behind what was typed, and to be seen.
is_behind_typed() {
    place=$(tmux -S "$socket" display-message -p -t t '#{cursor_y} #{cursor_x}')
    [ "$(tmux -S "$socket" display-message -p -t t '#{cursor_flag}')" = 1 ] &&
        screen | perl -CSD -ne 'BEGIN { ($y, $x) = split / /, shift }
            $found = substr($_, 0, $x) =~ /rang twice$/ if $. == $y + 1; END { exit !$found }' "$place"
}
in_field() {
    until_true is_behind_typed || fail "the cursor is not behind what is typed: '$(at_cursor)'"
}

start 100 30 practice sharepoint-stale
see 'Step 1 of'
focus 'Open a private window'
press Down
focus 'Go to https://www.office.com'
press Down
focus 'Choose the SharePoint icon'
press n
see 'Note'
press -l 'rang twice'
in_field
press Home
focus 'rang twice'
press Escape
unsee 'rang twice'

# Popups: the row that is selected, the first line of what is to be read.
press s
see 'Skip this step'
focus '1  not needed here'
press Down
focus '2  not allowed here'
press Escape
press '?'
see 'Keys here'
focus 'The guide walks you through'
press Escape
unsee 'Keys here'
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
press Space
press Home
press Space
see '◉'
focus '◉ ▲B SharePoint small'
press Escape
press 3
see '[ ] 1.'
focus '[ ] 3.'
press Down
focus '[ ] 4.'
press Up
press Up
focus '[ ] 2.'
press 0
see 'Practice stories'
focus 'Bashir Rahimi'
press Down
focus 'in-sync'
press /
press -l 'rang twice'
in_field
press C-c
ended 0

# Shown everywhere where that is wanted.
is_shown() {
    [ "$(tmux -S "$socket" display-message -p -t t '#{cursor_flag}')" = "$1" ]
}
printf '[screen]\ncursor=true\n' >"$work/shown.conf"
for settings in '' "$work/shown.conf"; do
    rm -f "$work/status"
    within 100 30 "SAMEPHOTO_CONFIG=$settings"
    see ' of 4'
    until_true is_shown $([ -n "$settings" ] && echo 1 || echo 0) || fail "cursor= under [screen] is not obeyed"
    press q
    ended 0
    program=$real
done
