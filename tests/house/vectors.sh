#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# vectors.sh SOURCE COMPILER: an instruction set that is unknown, that lacks its flags or whose registers are too wide is
# no kernel, and none becomes one of another set.
cd "$1" || exit 1
compiler=$2
flags=$(pkg-config --cflags gsl hdf5-serial 2>/dev/null || pkg-config --cflags gsl hdf5) || exit 1
failed=0

# compile ISA HEADER FLAG...: the text of what the compiler says.
compile() {
    isa=$1 header=$2
    shift 2
    # shellcheck disable=SC2086 # flags are meant to be split
    "$compiler" -std=c11 -D_DEFAULT_SOURCE -fsyntax-only -I. -Iinclude $flags "$@" -DPH_ISA="$isa" \
        -DPH_ISA_HEADER="\"sim/vector/$header.h\"" sim/samplers/gibbs_vector.c 2>&1
}

# refused WORD ISA HEADER FLAG...
refused() {
    word=$1
    shift
    if said=$(compile "$@"); then
        echo "$*: was compiled" >&2
        failed=1
    else
        case $said in
        *"$word"*) ;;
        *)
            echo "$*: refused without '$word': $said" >&2
            failed=1
            ;;
        esac
    fi
}

compile VECTOR256 portable -DPH_VECTOR_BITS=256 -Wno-psabi || failed=1
refused "nonsense.h" NONSENSE nonsense
refused "128 to 512 bits" VECTOR1024 portable -DPH_VECTOR_BITS=1024 -Wno-psabi
if [ "$(uname -m)" = x86_64 ]; then
    refused "flags of this instruction set" AVX2 avx2 -mno-avx2
fi
exit $failed
