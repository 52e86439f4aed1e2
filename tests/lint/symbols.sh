#!/bin/sh
# Core never prints, reads keys or exits: its objects must not even refer to what does.
# Usage: symbols.sh LIBRARY...
set -eu
failed=0
for library in "$@"; do
    symbols=$(nm -A -u "$library" 2>/dev/null)
    [ -n "$symbols" ] || {
        echo "$library: no symbols read" >&2
        exit 1
    }
    hits=$(printf '%s\n' "$symbols" | grep -E \
        ' U (_?_?v?printf(_chk)?|puts|putchar|perror|_?exit|_Exit|quick_exit|abort|stdout|stderr|stdin|getchar|g_print|g_printerr|initscr|endwin|chafa_.*)$' || true)
    if [ -n "$hits" ]; then
        printf '%s\n' "$hits" >&2
        failed=1
    fi
done
exit $failed
