#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# headers.sh SOURCE BUILD COMPILER: every header compiles alone, as the first of a file.
cd "$1" || exit 1
build=$2 compiler=$3
flags=$(pkg-config --cflags gsl hdf5-serial libfyaml libxxhash check 2>/dev/null ||
    pkg-config --cflags gsl hdf5 libfyaml libxxhash check) || exit 1
count=0 bad=0
for header in polyhebb.h $(find base params sim analysis bench cli tests -name '*.h'); do
    count=$((count + 1))
    # shellcheck disable=SC2086 # flags are meant to be split
    printf '#include "%s"\n#include "%s"\n' "$header" "$header" |
        "$compiler" -std=c11 -D_POSIX_C_SOURCE=200809L -D_DEFAULT_SOURCE -Wall -Wextra -Wundef \
            -Wstrict-prototypes -Wno-unused-function -Wno-unused-const-variable -Werror -I. "-I$build" $flags \
            -fsyntax-only -x c - || {
        echo "$header does not compile alone with $compiler"
        bad=$((bad + 1))
    }
done
echo "$count headers, $bad bad"
[ $bad -eq 0 ] && [ $count -gt 0 ]
