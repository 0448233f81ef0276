#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# install.sh SOURCE BUILD COMPILER C++COMPILER: after an installation into a folder of its own and with
# source and build out of reach, the program runs, and the examples of docs/examples build by pkg-config (C
# shared and static, C++ where there is a compiler), run, and say what is known.
set -eu
source=$1 build=$2 compiler=$3 cxx=$4
place=$(mktemp -d)
trap 'rm -rf "$place"' EXIT

DESTDIR=$place meson install -C "$build" --no-rebuild --quiet
prefix=$place$(meson introspect "$build" --buildoptions |
    python3 -c 'import json, sys; print({o["name"]: o["value"] for o in json.load(sys.stdin)}["prefix"])')
pc=$(find "$prefix" -name polyhebb.pc)
library=$(find "$prefix" -name 'libpolyhebb.so')
[ -n "$pc" ] && [ -n "$library" ]
cp "$source"/docs/examples/* "$place"

cd "$place"
export PKG_CONFIG_SYSROOT_DIR="$place" PKG_CONFIG_PATH="${pc%/*}"
# The sysroot is for our own package only: others' paths are taken out of it again.
own() { pkg-config "$@" polyhebb | sed "s#$place/usr/\(include\|lib\)#/usr/\1#g"; }

"$prefix/bin/polyhebb" --version
"$prefix/bin/polyhebb" new >grid.yaml
"$prefix/bin/polyhebb" run -q grid.yaml --set network.neurons=100
"$prefix/bin/polyhebb" check grid.h5
grep -q -- --take-over-after "$prefix/share/bash-completion/completions/polyhebb.bash"
grep -q -- --take-over-after "$prefix/share/zsh/site-functions/_polyhebb"
grep -q take-over-after "$prefix/share/fish/vendor_completions.d/polyhebb.fish"
# Debian's packages fail to build where a folder is installed that none of them takes.
for folder in "$prefix"/share/*; do
    grep -qx "usr/share/${folder##*/}" "$source"/packaging/debian/*.install || {
        echo "share/${folder##*/} is in no packaging/debian/*.install"
        exit 1
    }
done
page=$(find "$prefix/share/man/man1" -name 'polyhebb.1*')
# All pages are of one version and date.
dated=$(zcat -f "$page" | grep -o '^\.TH POLYHEBB 1 "20[0-9-]*" "polyhebb [0-9.]*"')
for verb in $("$prefix/bin/polyhebb" --help | sed -n 's/^  \([a-z]*\) .*/\1/p'); do
    grep -q "^\.TH POLYHEBB-[A-Z]* ${dated#* * }" "$prefix/share/man/man1/polyhebb-$verb.1" || {
        echo "no page of the manual for $verb, or not of $dated"
        exit 1
    }
done

# says WANTED COMMAND...: what a command prints, line by line
says()
{
    wanted=$1
    shift
    said=$("$@")
    [ "$said" = "$wanted" ] || { printf '%s\n%s\ninstead of\n%s\n' "$*" "$said" "$wanted"; exit 1; }
}

# Only what is public is installed.
[ "$(find "$prefix/include" -name '*.h' | wc -l)" -eq "$(ls "$source"/include/polyhebb/*.h* | wc -l)" ]

# shellcheck disable=SC2046 # flags are meant to be split
"$compiler" -std=c11 -Wall -Wextra -pedantic -Werror magnet.c -o shared $(own --cflags --libs)
export LD_LIBRARY_PATH="${library%/*}"
magnet='0.957 0.000'
says "$magnet" ./shared
readelf -d shared | grep -q 'NEEDED.*libpolyhebb'

# shellcheck disable=SC2046
"$compiler" -std=c11 -Wall -Wextra -Werror magnet.c -o static $(own --cflags) \
    "${library%.so}.a" $(own --libs --static | sed 's/-lpolyhebb//')
says "$magnet" ./static
if readelf -d static | grep -q libpolyhebb; then
    echo "static program asks for the shared library"
    exit 1
fi

# shellcheck disable=SC2046
[ "$cxx" = - ] || {
    "$cxx" -std=c++11 -Wall -Wextra -pedantic -Werror crossover.cpp -o crossover $(own --cflags --libs)
    says 'point 0, pattern 1: 0.72, theory 0.72
point 0, pattern 2: 0.21, theory 0.21
point 1, pattern 1: 0.51, theory 0.51
point 1, pattern 2: 0.25, theory 0.25
point 1, pattern 1: Binder cumulant 0.67
point 1, pattern 2: Binder cumulant 0.67' ./crossover
}

says '0.451 0.221 -0.2513
0.460 0.230 -0.2634
0.467 0.210 -0.2608' python3 chains.py
