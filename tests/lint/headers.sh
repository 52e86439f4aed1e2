#!/bin/sh
# Every header compiles alone and has a guard of its own name.
# Usage: headers.sh SOURCE-FOLDER COMPILER PACKAGE...
set -eu
top=$1
compiler=$2
shift 2
cd "$top"
flags=$(pkg-config --cflags "$@")
failed=0
for header in $(find core tui tests -name '*.h' | LC_ALL=C sort); do
    # shellcheck disable=SC2086
    if ! "$compiler" -std=gnu17 -D_GNU_SOURCE -DGETTEXT_PACKAGE='"samephoto"' -I. $flags \
        -Wall -Wextra -Werror -Wno-unused-function -fsyntax-only -x c "$header"; then
        failed=1
    fi
    guard=SAMEPHOTO_$(printf '%s' "$header" | tr 'a-z/.-' 'A-Z___')
    if ! grep -qx "#ifndef $guard" "$header"; then
        echo "$header: the guard should be $guard" >&2
        failed=1
    fi
done
exit $failed
