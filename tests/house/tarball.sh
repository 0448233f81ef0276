#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# tarball.sh SOURCE [whole]: in a tree as `git archive` leaves it (no .git, the revision put in by export-subst), without
# tests, nothing that is to be built is missing and the revision is known; whole: it builds and runs, too (a minute).
set -eu
source=$1
place=$(mktemp -d)
trap 'rm -rf "$place"' EXIT

grep -q '^/.revision export-subst' "$source/.gitattributes"
grep -q '^revision: ' "$source/.revision"
mkdir "$place/polyhebb"
tar -c -C "$source" --exclude=.git --exclude='./build*' --exclude=./out . | tar -x -C "$place/polyhebb"
cd "$place"
echo 'revision: 0123456789ab' >polyhebb/.revision
GIT_CEILING_DIRECTORIES=$place meson setup build polyhebb -Dtests=disabled -Dbuildtype=plain \
    -Ddefault_library=static >log 2>&1 || { cat log; exit 1; }
# All that is to be compiled is there (what it compiles to, the other builds show), and the program itself where asked for.
ninja -C build -n >log 2>&1 || { tail -n 40 log; exit 1; }
grep -q "\"0123456789ab\"" build/polyhebb_build.h || { cat build/polyhebb_build.h; exit 1; }
tests=$(meson introspect build --tests)
[ "$tests" = '[]' ] || { echo "tests in spite of -Dtests=disabled: $tests"; exit 1; }
[ "${2:-}" = whole ] || exit 0

meson compile -C build >log 2>&1 || { tail -n 40 log; exit 1; }
said=$(build/cli/polyhebb --version)
[ "${said##* }" = '(0123456789ab)' ] || { echo "version: $said"; exit 1; }
build/cli/polyhebb new >grid.yaml
build/cli/polyhebb run -q grid.yaml --set network.neurons=50
build/cli/polyhebb check grid.h5
