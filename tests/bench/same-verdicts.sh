#!/bin/sh
# Two programs must print the same text. Usage: same-verdicts.sh FOLDER PROGRAM_A PROGRAM_B FILE.csv
set -eu
mkdir -p "$1"
"$2" "$4" >"$1/a.csv"
"$3" "$4" >"$1/b.csv"
[ "$(wc -l <"$1/a.csv")" -eq "$(($(wc -l <"$4") - 1))" ]
cmp "$1/a.csv" "$1/b.csv"
