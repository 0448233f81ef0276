#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# install.sh SOURCE BUILD COMPILER: after an installation into a folder of its own and with source
# and build out of reach, the program runs and somebody else's C program builds by pkg-config,
# shared and static.
set -eu
source=$1 build=$2 compiler=$3
place=$(mktemp -d)
trap 'rm -rf "$place"' EXIT

DESTDIR=$place meson install -C "$build" --no-rebuild --quiet
prefix=$place$(meson introspect "$build" --buildoptions |
    python3 -c 'import json, sys; print({o["name"]: o["value"] for o in json.load(sys.stdin)}["prefix"])')
pc=$(find "$prefix" -name polyhebb.pc)
library=$(find "$prefix" -name 'libpolyhebb.so')
[ -n "$pc" ] && [ -n "$library" ]
cp "$source/tests/house/example.c" "$place"

cd "$place"
export PKG_CONFIG_SYSROOT_DIR="$place" PKG_CONFIG_PATH="${pc%/*}"
# The sysroot is for our own package only: others' paths are taken out of it again.
own() { pkg-config "$@" polyhebb | sed "s#$place/usr/\(include\|lib\)#/usr/\1#g"; }

"$prefix/bin/polyhebb" --version
"$prefix/bin/polyhebb" new >grid.yaml
"$prefix/bin/polyhebb" run -q grid.yaml --set network.neurons=100
"$prefix/bin/polyhebb" check grid.h5
[ -s "$prefix/share/man/man1/polyhebb.1" ] || [ -s "$prefix/share/man/man1/polyhebb.1.gz" ]

# shellcheck disable=SC2046 # flags are meant to be split
"$compiler" -std=c11 -Wall -Wextra -Werror example.c -o shared $(own --cflags --libs)
LD_LIBRARY_PATH=${library%/*} ./shared
readelf -d shared | grep -q 'NEEDED.*libpolyhebb'

# shellcheck disable=SC2046
"$compiler" -std=c11 -Wall -Wextra -Werror example.c -o static $(own --cflags) \
    "${library%.so}.a" $(own --libs --static | sed 's/-lpolyhebb//')
./static
if readelf -d static | grep -q libpolyhebb; then
    echo "static program asks for the shared library"
    exit 1
fi
