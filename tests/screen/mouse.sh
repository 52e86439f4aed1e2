#!/bin/sh
# The mouse, where it is wanted: a click selects a copy, two zoom it, the wheel scrolls, a drag moves the
# swipe's line, a tab opens its screen; in every list a click selects, two choose and the wheel moves;
# where it is not wanted, the terminal keeps it for selecting text.
# Usage: mouse.sh PROGRAM
set -eu
. "$(dirname "$0")/terminal.sh"

# report BUTTONS COLUMN ROW FINAL: what a terminal sends (SGR), counted from 1.
report() {
    press -l "$(printf '\033[<%d;%d;%d%s' "$1" "$2" "$3" "$4")"
}
click() {
    [ $# -eq 2 ] || fail "what to click on is not there"
    report 0 "$1" "$2" M
    report 0 "$1" "$2" m
}
# All at once: on a busy machine two clicks would come too late for one.
click_twice() {
    [ $# -eq 2 ] || fail "what to click on is not there"
    press -l "$(printf '\033[<0;%d;%dM\033[<0;%d;%dm\033[<0;%d;%dM\033[<0;%d;%dm' "$@" "$@" "$@" "$@")"
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
click_twice $(place 'SharePoint small')
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
# The face alone, too; and not from beside the picture.
press f
for column in 75 52; do
    drag_to $column
    until_true is_line_at $column || fail "with the face alone the line is not under the mouse at $column"
done
press f
drag_to 52
until_true is_line_at 52 || fail "the line does not come back to 52"
report 0 5 15 M
report 32 40 15 M
report 0 40 15 m
sleep 0.3
is_line_at 52 || fail "a press beside the picture moves the line"
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
# Guide's steps: by click, by wheel; two clicks tick. Over the step's box the wheel scrolls it.
click $(place '1 Guide')
see 'Step 1 of'
click $(place ' 3. Choose')
see 'Step 3 of'
report 65 10 38 M
see 'Step 4 of'
report 64 10 38 M
see 'Step 3 of'
click_twice $(place ' 2. Go to')
see 'Step 3 of 4' '1 done'

# A popup's rows.
press s
see 'Skip this step'
click_twice $(place 'not allowed')
see 'A note for the report'
press Escape
unsee 'A note for the report'
press s
see 'Skip this step'
report 65 10 10 M
report 65 10 10 M
press Enter
see 'A note for the report'
press Escape
unsee 'A note for the report'

# A low window: the box of the step scrolls.
resize 60 20
see '+3 ' ' 4. Open'
click $(place ' 4. Open')
see 'Step 4 of' 'more lines: PgDn'
report 65 10 12 M
report 65 10 12 M
report 65 10 12 M
see 'more lines: PgUp'
resize 120 40
see '1. Open a private window in the browser (InPrivate, incognito).'

# Start's stories, and its field.
press 0
see 'Practice stories'
click $(place 'no-photo')
stands_on 'no-photo'
report 65 10 10 M
stands_on 'thumbnails-disagree'
click $(place 'name, mail or userPrincipalName' | { read -r x y; echo "$x $((y - 1))"; })
see 'Ctrl-C leave'
click_twice $(place 'no-photo')
see 'Viktor Lange' 'There is no photo in any service'

# Several people who may be meant.
press 0
see 'Practice stories'
press /
press -l Ada
see 'Ada Dubois'
press Enter
see 'Who is meant?'
report 65 10 10 M
stands_on 'Ada Conti'
click_twice $(place 'Ada Dubois')
unsee 'Who is meant?'
see 'Ada Dubois'
press C-x
until_true is_mouse 0 || fail "the mouse is not given back"
leave

# Without a person: the playbooks.
start 100 30 --mouse --view checklist
see 'Which checklist?' 'profile-photo'
click_twice $(place 'profile-photo')
see '[ ] 1.'
leave
