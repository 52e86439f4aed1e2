#!/bin/bash
# Help, man page, completions and README name the same commands, actions and options.
# Usage: options.bash SOURCE-FOLDER PROGRAM
set -eu
cd "$1"
program=$2
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
export LC_ALL=C.UTF-8 XDG_CONFIG_HOME="$work" XDG_DATA_HOME="$work"
ln -s "$program" "$work/samephoto"
PATH=$work:$PATH
man=assets/samephoto.1
failed=0

# same WHAT EXPECTED-FILE FOUND-FILE
same() {
    if ! diff "$2" "$3" >"$work/diff"; then
        echo "$1: '<' is the program's, '>' is there" >&2
        cat "$work/diff" >&2
        failed=1
    fi
}
# known WHAT: every line of stdin is a line of $work/options.
known() {
    if grep -vxF -f "$work/options" >"$work/unknown"; then
        echo "$1 names options that no command has: $(paste -sd ' ' "$work/unknown")" >&2
        failed=1
    fi
}
options_of() {
    samephoto "$@" --help | grep -oE -- '^ .*--[a-z][a-z-]*' | grep -oE -- '--[a-z][a-z-]*' | sort -u
}

samephoto help | sed -n 's/^  samephoto \([a-z][a-z-]*\) .*/\1/p' | sort >"$work/commands"
options_of >"$work/of-"
cp "$work/of-" "$work/common"
while read -r command; do
    options_of "$command" >"$work/of-$command"
    comm -12 "$work/common" "$work/of-$command" >"$work/both"
    mv "$work/both" "$work/common"
done <"$work/commands"
{
    cat "$work"/of-*
    printf -- '--version\n'
} | sort -u >"$work/options"

# The man page, as it is read.
sed -n '/^\.SH COMMANDS/,/^\.SH OPTIONS/p' "$man" | grep -A1 '^\.TP' | grep -v '^\.TP\|^--' |
    sed 's/\\-/-/g; s/^\.[A-Z]* //; s/ .*\[.*//; s/", "/ /g; s/[",]//g' |
    sed 's/^\(playbook\|session\) .*/\1/; s/ [A-Z].*//' | tr ' ' '\n' | grep . | sort >"$work/man-commands"
same "$man's commands" "$work/commands" "$work/man-commands"
sed 's/\\-/-/g' "$man" | grep -oE -- '--[a-z][a-z-]*' | sort -u >"$work/man-options"
known "$man" <"$work/man-options"
comm -23 "$work/options" "$work/man-options" >"$work/missing"
if [ -s "$work/missing" ]; then
    echo "$man lacks options: $(paste -sd ' ' "$work/missing")" >&2
    failed=1
fi

# Actions: "session list|show|…" in the help, the man page and every completion.
for command in playbook session; do
    samephoto help | sed -n "s/^  samephoto $command \([a-z|]*\) .*/\1/p" | tr '|' '\n' >"$work/actions"
    sed -n "s/^\.BR \"$command \(.*\)/\1/p" "$man" | tr -d '" ' | tr '|' '\n' >"$work/found"
    same "$man's actions of $command" "$work/actions" "$work/found"
    for file in assets/completions/*; do
        grep -E "\b$command\b.*\blist\b" "$file" | grep -oE "list [a-z ]*[a-z]" | tr ' ' '\n' >"$work/found"
        same "$file's actions of $command" "$work/actions" "$work/found"
    done
done

# bash's completion, asked as bash asks it.
. assets/completions/samephoto.bash
complete_words() {
    COMP_WORDS=(samephoto "$@")
    COMP_CWORD=$#
    _samephoto
    printf '%s\n' "${COMPREPLY[@]}" | sort -u
}
complete_words '' >"$work/found"
same "bash's commands" "$work/commands" "$work/found"
while read -r command; do
    samephoto "$command" --help | grep -oE -- '--[a-z][a-z-]*' | sort -u >"$work/shown"
    complete_words "$command" -- >"$work/found"
    same "bash's options of $command" "$work/shown" "$work/found"
done <"$work/commands"

# The README's examples.
grep -oE -- '(^|[ `(])--[a-z][a-z-]*' README.md | grep -v -- '--install' | tr -d ' `(' | sort -u |
    known README.md
grep -oE '(^    |`)samephoto [a-z][a-z-]*( |`|$)' README.md | sed 's/.*samephoto //' | tr -d ' `' |
    sort -u >"$work/found"
comm -13 "$work/commands" "$work/found" >"$work/unknown"
if [ -s "$work/unknown" ]; then
    echo "README.md names commands that there are not: $(paste -sd ' ' "$work/unknown")" >&2
    failed=1
fi
exit $failed
