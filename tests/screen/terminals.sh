#!/bin/sh
# Compare in every kind of terminal and locale: usable, or one clear line; never garbage, never stuck.
# Usage: terminals.sh PROGRAM
set -eu
. "$(dirname "$0")/terminal.sh"
real=$program
program=$work/wrapped

# Runs the program with this variable: within COLUMNS ROWS NAME=VALUE [OPTION...]
within() {
    printf 'exec env %s "%s" "$@"\n' "$3" "$real" >"$program.sh"
    printf '#!/bin/sh\n. "%s.sh"\n' "$program" >"$program"
    chmod +x "$program"
    rm -f "$work/status"
    columns=$1
    rows=$2
    shift 3
    start "$columns" "$rows" practice sharepoint-stale --view compare "$@"
}
again() {
    tmux -S "$socket" kill-server
    until_true sh -c "! tmux -S '$socket' has-session 2>/dev/null"
}
leave() {
    press q
    ended 0
    again
}
is_ascii() {
    ! screen | LC_ALL=C grep -q '[^ -~]'
}

for term in xterm-256color xterm-direct xterm-16color xterm linux vt100 tmux-256color screen \
    unheard-of; do
    within 100 30 "TERM=$term"
    see 'Microsoft 365' 'SharePoint large' 648
    leave
done

# Eight copies in a large window: every cell of every picture still has colours of its own.
uncoloured() {
    tmux -S "$socket" capture-pane -e -p -t t | perl -CSD -ne '
        while (/\e\[([0-9;:]*)m|([\x{2580}-\x{259f}])/g) {
            if (defined $2) { $all++; $bare++ unless $fg || $bg; next; }
            my @codes = split /;/, $1; @codes = (0) unless @codes;
            while (defined(my $code = shift @codes)) {
                if ($code == 0) { $fg = $bg = 0; }
                elsif ($code == 39) { $fg = 0; }
                elsif ($code == 49) { $bg = 0; }
                elsif ($code == 38 || $code == 48) {
                    $code == 38 ? ($fg = 1) : ($bg = 1);
                    splice @codes, 0, $codes[0] == 2 ? 4 : 2;
                }
                elsif ($code >= 30 && $code < 38 || $code >= 90 && $code < 98) { $fg = 1; }
                elsif ($code >= 40 && $code < 48 || $code >= 100 && $code < 108) { $bg = 1; }
            }
        }
        END { printf "%d %d\n", $bare // 0, $all // 0 }'
}
has_all_colours() {
    set -- $(uncoloured)
    [ "$1" = 0 ] && [ "$2" -gt 500 ]
}
reference=$(cd "$(dirname "$0")/../../assets/practice/photos" && pwd)/anna-old.jpg
for term in xterm-256color xterm-direct xterm-16color xterm linux vt100 tmux-256color screen; do
    within 200 60 "TERM=$term" --reference "$reference"
    see 'SharePoint large' 'Directory' 'Your file'
    case $term in
        xterm-256color | xterm-direct | tmux-256color)
            until_true has_all_colours || fail "$term: cells without colours: $(uncoloured)"
            ;;
    esac
    leave
done
within 80 24 'NO_COLOR=1'
see 'SharePoint large'
if tmux -S "$socket" capture-pane -e -p -t t | grep -q '\[[0-9;]*[34]8;'; then
    fail "colours in spite of NO_COLOR"
fi
leave
within 80 24 'LC_ALL=C'
see 'SharePoint large'
until_true is_ascii || fail "characters that the locale C does not have"
leave
within 80 24 'TERM=dumb'
ended 2
see '--plain'
again

# Too small for anything, then large enough, then a storm.
within 100 30 'TERM=tmux-256color'
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
within 80 24 'TERM=tmux-256color'
see 'SharePoint large'
kill -ABRT "$(cat "$work/pid")"
ended 134
