#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# headers.sh SOURCE BUILD COMPILER C++COMPILER: the public headers compile alone, as the first of a file, without any flag
# of ours, in pedantic C and C++ (C++COMPILER: - for none); with C++COMPILER `private` all others do.
cd "$1" || exit 1
build=$2 compiler=$3 cxx=$4
flags=$(pkg-config --cflags gsl hdf5-serial libfyaml libxxhash check 2>/dev/null ||
    pkg-config --cflags gsl hdf5 libfyaml libxxhash check) || exit 1
count=0 bad=0

# alone HEADER NAME COMMAND...: NAME as it is included
alone()
{
    name=$2
    header=$1
    shift 2
    count=$((count + 1))
    printf '#include %s\n#include %s\ntypedef int anything;\n' "$name" "$name" | "$@" -fsyntax-only - || {
        echo "$header does not compile alone: $*"
        bad=$((bad + 1))
    }
}

[ "$cxx" != private ] || for header in $(find base data params sim analysis api bench cli tests -name '*.h'); do
    # shellcheck disable=SC2086 # flags are meant to be split
    alone "$header" "\"$header\"" "$compiler" -std=c11 -D_POSIX_C_SOURCE=200809L -D_DEFAULT_SOURCE -Wall \
        -Wextra -Wundef -Wstrict-prototypes -Wno-unused-function -Wno-unused-const-variable -Werror -I. \
        -Iinclude "-I$build" "-I$build/include" $flags -x c
done
[ "$cxx" = private ] || for header in include/polyhebb/*.h "$build/include/polyhebb/version.h"; do
    name="<polyhebb/${header##*/}>"
    strict='-Wall -Wextra -Wundef -pedantic -Werror'
    # shellcheck disable=SC2086
    alone "$header" "$name" "$compiler" -std=c11 $strict -Wstrict-prototypes -Iinclude "-I$build/include" -x c
    # shellcheck disable=SC2086
    [ "$cxx" = - ] ||
        alone "$header" "$name" "$cxx" -std=c++11 $strict -Iinclude "-I$build/include" -x c++
done
echo "$count headers, $bad bad"
[ $bad -eq 0 ] && [ $count -gt 0 ]
