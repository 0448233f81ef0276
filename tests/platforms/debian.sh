#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# debian.sh SOURCE PROGRAM SUITE PLACE: the program on a release of Debian (bookworm, trixie, sid), in a bare system of its own in
# PLACE made by debootstrap: built by its gcc with its HDF5, and again with both parallel builds of HDF5 used as serial ones. The
# files of version 0.1.0 are read, resumed, extended and merged to the same bits, and grids of every sampler, rule and start are
# the bits of PROGRAM, the one of this machine, each reading the other's files. As root; downloads packages, once.
set -eu
source=$1 native=$2 suite=$3 place=$4/$3
. "$(dirname "$0")/platforms.sh"
needs debootstrap chroot unshare h5diff
[ "$(id -u)" -eq 0 ] || skip "not root"
mkdir -p "$4"

packages='gcc libc6-dev meson ninja-build pkg-config libgsl-dev libhdf5-dev libhdf5-openmpi-dev libhdf5-mpich-dev
librandom123-dev libfyaml-dev libxxhash-dev bats hdf5-tools gnuplot-nox ccache'
# In the system, as root; what is mounted there goes with the command.
inside()
{
    # shellcheck disable=SC2016 # the inner shell's
    unshare --mount sh -c 'mount -t proc proc "$0/proc" && mount --rbind /dev "$0/dev" && exec chroot "$0" "$@"' \
        "$place" env LC_ALL=C.UTF-8 DEBIAN_FRONTEND=noninteractive CC='ccache gcc' CCACHE_DIR=/ccache "$@"
}
# quietly LOG COMMAND...: shown where it fails
quietly()
{
    log=$1
    shift
    "$@" >"$log" 2>&1 || { tail -n 40 "$log"; exit 1; }
}
if [ ! -e "$place/complete" ]; then
    rm -rf "$place"
    quietly "$place.log" debootstrap --variant=minbase "$suite" "$place"
    # shellcheck disable=SC2086 # a list of names
    quietly "$place.log" inside apt-get -q -y install --no-install-recommends $packages
    : >"$place/complete"
fi

rm -rf "$place/source"
mkdir -p "$place/source"
tar -c -C "$source" --exclude=.git --exclude='./build*' --exclude=./out . | tar -x -C "$place/source"
inside gcc --version | head -n 1
inside pkg-config --modversion hdf5-serial hdf5-openmpi hdf5-mpich gsl libfyaml libxxhash | tr '\n' ' '

# build_and_compare NAME: HDF5's package hdf5-NAME, as the only one
build_and_compare()
{
    echo "HDF5: $1"
    inside sh -c "rm -rf /pc-$1; mkdir /pc-$1; cp \$(pkg-config --variable pc_path pkg-config | tr : '\n' | sed 's#\$#/*.pc#') /pc-$1 2>/dev/null
        cd /pc-$1; mv hdf5-$1.pc keep; rm -f hdf5*.pc; mv keep hdf5.pc"
    quietly "$place/build-$1.log" inside sh -c "rm -rf /build-$1 && PKG_CONFIG_LIBDIR=/pc-$1 meson setup /build-$1 /source \
        -Dtests=disabled -Ddefault_library=static -Dbuildtype=plain -Doptimization=1 && ninja -C /build-$1 cli/polyhebb"
    inside sh -c "ldd /build-$1/cli/polyhebb" | grep -o 'libhdf5[^ ]*so[^ ]*' | sort -u | tr '\n' ' '
    inside env POLYHEBB=/build-$1/cli/polyhebb DATA=/source/tests/data bats --tap /source/tests/cli/compat.bats
    printf '#!/bin/sh\nexec chroot %s sh -c '\''cd /grids && exec "$0" "$@"'\'' /build-%s/cli/polyhebb "$@"\n' "$place" "$1" >"$place/polyhebb"
    chmod +x "$place/polyhebb"
    (same_grids "$place/polyhebb" "$source" "$native" "$place/grids")
}
for name in serial openmpi mpich; do
    build_and_compare $name
done
