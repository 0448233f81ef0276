# SPDX-License-Identifier: GPL-3.0-or-later
# What the scripts of this folder share.

# A linker that is chosen for this machine is none of theirs.
unset CC_LD

# Emulated threads that wait for each other spin.
export OMP_NUM_THREADS=1

skip()
{
    echo "skipped: $*"
    exit 77
}

# needs TOOL...
needs()
{
    lacking=
    for tool in "$@"; do
        command -v "$tool" >/dev/null 2>&1 || lacking="$lacking $tool"
    done
    [ -z "$lacking" ] || skip "not found:$lacking"
}

# same_grids PROGRAM SOURCE NATIVE FOLDER: in FOLDER, where PROGRAM works as well, grids of every sampler, rule and start have the
# same bits from PROGRAM and NATIVE; each finds the other's files whole and goes on with them; theory is the same to 1e-10.
same_grids()
{
    rm -rf "$4"
    mkdir "$4"
    cp "$2"/tests/platforms/*.yaml "$4"
    cd "$4"
    for grid in *.yaml; do
        name=${grid%.yaml}
        "$3" run -q "$grid" -o "$name-here.h5"
        "$1" run -q "$grid" -o "$name-there.h5"
        h5diff --exclude-path /provenance "$name-here.h5" "$name-there.h5"
        "$1" check "$name-here.h5" >said
        "$3" check "$name-there.h5" >said
        "$3" theory "$name-here.h5" -o "$name-here-theory.h5" >said 2>&1
        "$1" theory "$name-there.h5" -o "$name-there-theory.h5" >said 2>&1
        # Nearer than 1e-10, absolutely or relatively.
        h5diff -p 1e-10 --exclude-path /provenance "$name-here-theory.h5" "$name-there-theory.h5" >differ ||
            h5diff -d 1e-10 --exclude-path /provenance "$name-here-theory.h5" "$name-there-theory.h5" || { cat differ; exit 1; }
        # Begun here and ended there.
        "$3" run -q "$grid" -o "$name-on.h5" --set ensemble.samples=1 --set ensemble.replicas=4
        "$1" run "$grid" -o "$name-on.h5" >said 2>&1
        if grep "complete already" said; then exit 1; fi
        h5diff --exclude-path /provenance "$name-here.h5" "$name-on.h5"
        echo "$name: the same"
    done
}

# seconds_said PROGRAM GRID: what check expects of the grid, in seconds
seconds_said()
{
    "$1" check "$2" | awk '$1 == "time:" { print $3 * ($4 == "min" ? 60 : $4 == "h" ? 3600 : $4 == "ms" ? 0.001 : 1) }'
}
