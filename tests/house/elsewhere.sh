#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# elsewhere.sh SOURCE [all]: the build on machines that are no Debian: HDF5 without a .pc file, as most clusters' modules have
# it; all: also a library in a folder of its own, and nothing there at all.
set -eu
source=$1
place=$(mktemp -d)
trap 'rm -rf "$place"' EXIT
setup() { folder=$1; shift; meson setup "$folder" "$source" -Dtests=disabled -Dbuildtype=plain "$@" >log 2>&1; }
fail() { tail -n 30 log; echo "$*"; exit 1; }

cd "$place"
mkdir packages
for folder in $(pkg-config --variable pc_path pkg-config | tr : ' '); do
    for file in gsl libfyaml libxxhash; do
        [ ! -e "$folder/$file.pc" ] || ln -s "$folder/$file.pc" packages/
    done
done
PKG_CONFIG_LIBDIR=$place/packages setup modules || fail "not configured with an HDF5 that has no .pc file"
grep -q '^Libs.private:.*hdf5' modules/meson-private/polyhebb.pc || fail "polyhebb.pc does not name HDF5"
# shellcheck disable=SC2016
grep -qx 'libdir=${prefix}/lib' modules/meson-private/polyhebb.pc || fail "libraries do not go to lib of the prefix"
[ "${2:-}" = all ] || exit 0

# A folder beside the sources whose name begins with theirs: the program as built and as installed knows it.
mkdir -p polyhebb polyhebb-own/pkgconfig
tar -c -C "$source" --exclude=.git --exclude='./build*' --exclude=./out . | tar -x -C polyhebb
own=$place/polyhebb-own
cp "$(pkg-config --variable=libdir libfyaml)"/libfyaml.so* "$own"
sed "s#^libdir=.*#libdir=$own#" "$(readlink packages/libfyaml.pc)" >"$own/pkgconfig/libfyaml.pc"
source=$place/polyhebb
PKG_CONFIG_PATH=$own/pkgconfig setup polyhebb/build --prefix "$place/installed" || fail "not configured with a library of its own folder"
ninja -C polyhebb/build >log 2>&1 || fail "not built"
meson install -C polyhebb/build --quiet
for file in polyhebb/build/cli/polyhebb "$place/installed/bin/polyhebb" "$(find "$place/installed" -name 'libpolyhebb.so')"; do
    readelf -d "$file" | grep "RUNPATH" | tr '[]' '::' | grep -q ":$own:" || fail "$file will not find libfyaml"
done
# There a program of one's own is built by its .pc file, and runs as built.
export PKG_CONFIG_PATH="$place/installed/lib/pkgconfig:$own/pkgconfig"
# shellcheck disable=SC2046 # flags are meant to be split
cc "$source/docs/examples/magnet.c" -o magnet $(pkg-config --cflags --libs polyhebb) \
    "-Wl,-rpath,$(pkg-config --variable=libdir polyhebb)" >log 2>&1 || fail "not built by polyhebb.pc"
[ "$(env -u LD_LIBRARY_PATH ./magnet)" = "0.957 0.000" ] || fail "magnet does not run"
env -u LD_LIBRARY_PATH installed/bin/polyhebb --version >log 2>&1 || fail "the installed program does not run"
unset PKG_CONFIG_PATH

mkdir nothing
if PKG_CONFIG_LIBDIR=$place/nothing setup bare; then fail "configured without libraries"; fi
for name in GSL xxHash libfyaml; do
    grep -q "^ *$name (Debian lib" log || fail "$name is not said to be missing"
done
