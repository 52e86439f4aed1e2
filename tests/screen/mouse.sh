#!/bin/sh
# The mouse, where it is wanted: a click selects a copy, two zoom it, the wheel scrolls, a drag moves the
# swipe's line, a tab opens its screen; where it is not, the terminal keeps it for selecting text.
# Usage: mouse.sh PROGRAM
set -eu
. "$(dirname "$0")/terminal.sh"

# report BUTTONS COLUMN ROW FINAL: what a terminal sends (SGR), counted from 1.
report() {
    press -l "$(printf '\033[<%d;%d;%d%s' "$1" "$2" "$3" "$4")"
}
click() {
    report 0 "$1" "$2" M
    report 0 "$1" "$2" m
}
# The last place of a text: the headline names the copies too.
place() {
    screen | perl -CSDA -ne 'BEGIN { $text = shift } my $at = index $_, $text;
        $place = sprintf "%d %d\n", $at + 2, $. if $at >= 0; END { print $place }' "$1"
}
cursor_at() {
    [ "$(tmux -S "$socket" display-message -p -t t '#{cursor_y}')" = $(($(place "$1" | cut -d' ' -f2) - 1)) ]
}
stands_on() {
    until_true cursor_at "$1" || fail "the cursor is not on the line of '$1'"
}
is_mouse() {
    [ "$(tmux -S "$socket" display-message -p -t t '#{mouse_any_flag}')" = "$1" ]
}

start 120 40 practice sharepoint-stale --view compare
see 'SharePoint large' 'Directory' 648 'Not the same photo everywhere'
is_mouse 0 || fail "the mouse is taken though nobody wanted it"
press C-x
see 'The mouse works here'
until_true is_mouse 1 || fail "the mouse is not taken"

# A click, then two.
click $(place 'Viva Engage')
stands_on 'Viva Engage'
report 65 10 10 M
click $(place 'SharePoint medium')
stands_on 'SharePoint medium'
report 65 10 10 M
stands_on 'Directory'
report 64 10 10 M
stands_on 'SharePoint medium'
click $(place 'Microsoft 365')
stands_on 'Microsoft 365'
set -- $(place 'SharePoint small')
# All at once: on a busy machine two clicks would come too late for one.
press -l "$(printf '\033[<0;%d;%dM\033[<0;%d;%dm\033[<0;%d;%dM\033[<0;%d;%dm' "$@" "$@" "$@" "$@")"
unsee 'SharePoint medium'
press Escape
see 'SharePoint medium'

# The line of a swipe follows the mouse.
press Home
press Space
press Right
press Right
press Space
press s
see 'of the left copy'
drag_to() {
    report 0 60 15 M
    report 32 "$1" 15 M
    report 0 "$1" 15 m
}
# The line is white, and the cell at the pointer holds it.
is_line_at() {
    tmux -S "$socket" capture-pane -e -p -t t | "$(dirname "$0")/paint-capture" >"$work/screen.ppm"
    white=$(convert "$work/screen.ppm" -crop "8x160+$((($1 - 1) * 8))+160" +repage -colorspace gray \
        -threshold 92% -format '%[fx:mean*100]' info:)
    awk -v white="$white" 'BEGIN { exit !(white >= 40) }'
}
for column in 40 75 52; do
    drag_to $column
    until_true is_line_at $column || fail "the line of the swipe does not come under the mouse at $column"
    ! is_line_at $((column + 12)) || fail "the line of the swipe is everywhere"
done
press Left
press Left
until_true is_line_at 45 || until_true is_line_at 46 || fail "Left does not move the line to the left"
press Escape

# Tabs and rows of a list.
click $(place '3 Checklist')
see '[ ] 1.'
click $(place '[ ] 3.')
stands_on '[ ] 3.'
report 64 10 10 M
stands_on '[ ] 2.'
click $(place '1 Guide')
see 'Step 1 of'
press C-x
until_true is_mouse 0 || fail "the mouse is not given back"
press q
ended 0
