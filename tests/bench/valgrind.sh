#!/bin/sh
# The same answers under valgrind, and no error. Usage: valgrind.sh FOLDER PROGRAM FILE.csv
set -eu
mkdir -p "$1"
list=$1/few-pairs.csv
folder=$(cd "$(dirname "$3")" && pwd)
# One pair of each label, by absolute paths.
awk -F, -v folder="$folder" 'NR == 1 { print "left,right"; next }
    !seen[$3]++ { print folder "/" $1 "," folder "/" $2 }' "$3" >"$list"
"$2" "$list" >"$1/plain.csv"
valgrind --quiet --error-exitcode=9 "$2" "$list" 1 >"$1/valgrind.csv"
cmp "$1/plain.csv" "$1/valgrind.csv"
