#!/bin/sh
# The screens in a language whose words are 40 % longer: frames stay whole, every tab has its title, the
# hint line only whole keys and words, and no key's name is cut in the help.
# Usage: longer.sh PROGRAM COLUMNS ROWS
set -eu
here=$(cd "$(dirname "$0")" && pwd)
. "$here/terminal.sh"
columns=$2
rows=$3
real=$program

# The catalogue is found beside the program: a copy of it stands beside this one.
mkdir -p "$work/bin" "$work/share/locale/long/LC_MESSAGES"
cp "$program" "$work/bin/samephoto"
program=$work/bin/samephoto
sh "$here/../../assets/po/extract" "$work/template.pot"
msgcat --no-wrap "$work/template.pot" | perl "$here/lengthen" >"$work/long.po"
msgfmt --check-format -o "$work/share/locale/long/LC_MESSAGES/samephoto.mo" "$work/long.po"
msgcat --no-wrap "$work/long.po" | sed -n 's/^msgstr\(\[[01]\]\)\{0,1\} "\(.*\)"$/\2/p' >"$work/long"
LANGUAGE=long
export LANGUAGE
language=long

frames_are_whole() {
    screen | perl "$here/frames" "${1-}" 2>"$work/broken"
}
# Each "key  what it does" is a message of its own.
hints_are_whole() {
    screen | tail -n 1 | perl -Mutf8 -CSDA -e '
        open my $file, "<:utf8", shift; my %known = map { chomp; $_ => 1 } <$file>;
        my $line = <STDIN>; chomp $line; $line =~ s/^ //;
        my $count = 0;
        for my $hint (split /  +/, $line) {
            my @words = split / /, $hint;
            my $found = 0;
            for my $n (1 .. $#words) {
                my ($name, $text) = (join(" ", @words[0 .. $n - 1]), join(" ", @words[$n .. $#words]));
                $found ||= $known{$text} && (length $name == 1 || $known{$name} || $name =~ /^F\d+$/);
            }
            $found or die "\"$hint\" is cut\n";
            $count++;
        }
        $count >= 3 or die "only $count hints\n";' "$work/long" 2>"$work/broken"
}
tabs_are_whole() {
    first=$(screen | head -n 1)
    for tab in "1 $(say Guide)" "2 $(say Compare)" "3 $(say Checklist)"; do
        case $first in *" $tab "*) ;; *) echo "$tab" >"$work/broken" && return 1 ;; esac
    done
}
say() {
    LANGUAGE=long TEXTDOMAINDIR=$work/share/locale gettext -d samephoto -- "$1" | sed 's/[[:space:]]*%.*//'
}
keep() {
    [ -z "${SAMEPHOTO_SHOTS:-}" ] || screen >"$SAMEPHOTO_SHOTS/longer-$1-$columns.txt"
}
holds() {
    for claim in frames_are_whole hints_are_whole tabs_are_whole; do
        until_true $claim || fail "$1 at ${columns}x$rows: $claim: $(cat "$work/broken")"
    done
    keep "$1"
}
# A popup: its frame, and not a word of it cut, on any of its pages.
pops_up() {
    for page in 1 2 3 4; do
        until_true frames_are_whole "$2" || fail "$1 at ${columns}x$rows: $(cat "$work/broken")"
        keep "$1-$page"
        case $1 in *help) until_true keys_are_apart || fail "$1: $(cat "$work/broken")" ;; esac
        press NPage
    done
    press Escape
    until_true gone "$2" || fail "$1 stays"
}
# In the help no name of a key reaches into what the key does.
keys_are_apart() {
    screen | grep -F "$(say 'Ctrl-%c')" | perl -Mutf8 -CSD -ne '
        /│   (\S+ )*\S+  +[^│\s]/ or die "no gap: $_"' 2>"$work/broken"
}
gone() {
    ! screen | grep -qF "─ $1"
}

start "$columns" "$rows" practice sharepoint-stale
see "$(say 'Step %u of %u')"
holds guide
press '?'
pops_up guide-help "$(say 'Help: %s')"
press f
pops_up findings "$(say 'What was found, and why')"
press n
see "$(say 'Note')"
pops_up note "$(say 'Note')"
press s
pops_up skip "$(say 'Skip this step')"
press w
pops_up wait "$(say 'Wait')"
press R
pops_up report "$(say 'Report')"
press 3
see '[ ] 1.'
holds checklist
press '?'
pops_up checklist-help "$(say 'Help: %s')"
press 2
see 648
holds compare
press '?'
pops_up compare-help "$(say 'Help: %s')"
press i
keep metadata
press Escape
press Space
press Right
press Right
press Space
holds marked
press t
holds two-up
press d
holds difference
press Escape
press 0
see "$(say 'Person')"
holds start
press C-c
ended 0
