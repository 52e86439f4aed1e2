#!/bin/sh
# Eight copies in a large window, in every kind of terminal: all that is shown is recognisably the people,
# and every cell still has colours of its own where there are any.
# Usage: colours.sh PROGRAM FIND-PHOTO PHOTOS-FOLDER
set -eu
. "$(dirname "$0")/terminal.sh"
find_photo=$2
photos=$3
here=$(cd "$(dirname "$0")" && pwd)

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
# The photos themselves, painted from the cells: everybody who is shown, and nobody else. Few colours
# leave light and dark only.
holds() {
    result=$("$find_photo" "$work/picture.ppm" "$photos/$1.jpg" 300 "$levels")
    set -- $result
    awk -v distance="$1" -v correlation="$2" -v far="$far" -v like="$like" \
        'BEGIN { exit !(distance <= far && correlation >= like) }'
}
holds_everybody() {
    tmux -S "$socket" capture-pane -e -p -t t | "$here/paint-capture" >"$work/picture.ppm"
    for photo in bashir-new bashir-old anna-old; do
        holds $photo || return 1
    done
}
colours_used() {
    tmux -S "$socket" capture-pane -e -p -t t | grep -oE '\[([0-9]+;)*[39][0-7]([;m])' | sort -u | wc -l
}
for term in xterm-256color xterm-direct xterm-16color xterm linux vt100 tmux-256color screen; do
    within 200 60 "TERM=$term" --view compare --reference "$photos/anna-old.jpg"
    see 'SharePoint large' 'Directory' 'Your file'
    levels=2 far=441 like=0.87
    case $term in
        *-16color) levels=4 like=0.85 ;;
        *-256color | *-direct) levels=0 far=40 ;;
    esac
    until_true holds_everybody || fail "$term: $photo is not recognisable: $result"
    for photo in emeka-new priya-old; do
        ! holds $photo || fail "$term: $photo is found where it is not: $result"
    done
    # No cell ran out of colours: pictures have them where there are enough, groups where there are any.
    case $term in
        *-256color | *-direct | *-16color)
            has_all_colours || fail "$term: cells without colours: $(uncoloured)"
            ;;
        vt100) [ "$(colours_used)" = 0 ] || fail "$term: colours where there are none" ;;
        *) [ "$(colours_used)" -ge 4 ] || fail "$term: $(colours_used) colours in use" ;;
    esac
    leave
done
