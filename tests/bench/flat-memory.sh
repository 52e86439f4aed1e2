#!/bin/sh
# A list twenty times as long, of the same pictures, must not take noticeably more memory.
# Usage: flat-memory.sh FOLDER PHOTO_BENCH SAMEPHOTO PICTURES
set -eu
mkdir -p "$1"
# Small pictures, so that 2,000 rows are soon done; more of them than the program keeps at hand.
find "$4" -name '*.jpg' -size -4k | sort | head -n 24 >"$1/pictures"
[ "$(wc -l <"$1/pictures")" -eq 24 ]
# An address sanitizer would keep what was freed, and so hide what was not.
export ASAN_OPTIONS="${ASAN_OPTIONS:+$ASAN_OPTIONS:}quarantine_size_mb=1"

measure() { # FOLDER ROWS BENCH SAMEPHOTO
    awk -v rows="$2" '{ name[NR - 1] = $0 } END {
        print "left,right"
        for (i = 0; i < rows; i++) print name[i % NR] "," name[(i * 5 + 1) % NR]
    }' "$1/pictures" >"$1/list-$2.csv"
    "$3" run "$4" compare --pairs "$1/list-$2.csv" >"$1/rows" 2>"$1/usage"
    [ "$(wc -l <"$1/rows")" -eq "$(($2 + 1))" ]
    tail -n 1 "$1/usage" | cut -d ' ' -f 3
}

short=$(measure "$1" 100 "$2" "$3")
long=$(measure "$1" 2000 "$2" "$3")
echo "peak memory: $short KiB for 100 rows, $long KiB for 2000"
[ "$((long * 10))" -le "$((short * 12))" ]
