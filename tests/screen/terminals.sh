#!/bin/sh
# Compare in every kind of terminal and locale: usable, or one clear line; never garbage, never stuck.
# Usage: terminals.sh PROGRAM
set -eu
. "$(dirname "$0")/terminal.sh"
is_ascii() {
    ! screen | LC_ALL=C grep -q '[^ -~]'
}

within 100 30 'TERM=unheard-of' --view compare
see 'Microsoft 365' 'SharePoint large' 648
leave
within 80 24 'NO_COLOR=1' --view compare
see 'SharePoint large'
if tmux -S "$socket" capture-pane -e -p -t t | grep -q '\[[0-9;]*[34]8;'; then
    fail "colours in spite of NO_COLOR"
fi
leave
within 80 24 'LC_ALL=C' --view compare
see 'SharePoint large'
until_true is_ascii || fail "characters that the locale C does not have"
leave
within 80 24 'TERM=dumb' --view compare
ended 2
see '--plain'
again

# Nothing that is asked of the terminal becomes the pane's title.
within 100 30 'TERM=tmux-256color' --view compare
see 'SharePoint large'
title=$(tmux -S "$socket" display-message -p -t t '#{pane_title}')
case $title in *'Gi='* | *[\;_]*) fail "the pane's title is '$title'" ;; esac
leave

# Too small for anything, then large enough, then a storm.
within 100 30 'TERM=tmux-256color' --view compare
see 'SharePoint large'
resize 20 5
see '60 columns'
resize 80 24
see 'SharePoint large'
for i in $(seq 50); do
    resize $((61 + i)) $((21 + i % 20))
    resize $((160 - i)) $((48 - i % 20))
done
resize 100 30
see 'SharePoint large' 'Directory'
press C-l
see 'SharePoint large'

# A shell that has no jobs goes on at once.
press C-z
see 'SharePoint large'
leave

# A fault: the terminal is given back all the same.
within 80 24 'TERM=tmux-256color' --view compare
see 'SharePoint large'
kill -ABRT "$(cat "$work/pid")"
ended 134
