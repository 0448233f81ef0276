#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# foreign.sh SOURCE PROGRAM ARCHITECTURE PLACE: the program for another processor (Debian's name: arm64, s390x, ...), built by
# Debian's cross compiler against libraries unpacked in PLACE and run by qemu: the files of version 0.1.0 are read, resumed,
# extended and merged to the same bits, and grids of every sampler, rule and start are the bits of PROGRAM, the one of this
# machine, each reading the other's files. Needs no root; downloads packages of this Debian, or of the first that has the
# processor, into PLACE, once.
set -eu
source=$1 native=$2 architecture=$3 place=$4/$3
. "$(dirname "$0")/platforms.sh"

flags=
case $architecture in
arm64) cpu=aarch64 endian=little ;;
armhf) cpu=arm endian=little ;;
riscv64) cpu=riscv64 endian=little ;;
ppc64el) cpu=ppc64le endian=little ;;
s390x) cpu=s390x endian=big flags=", '-march=z13'" ;; # without vectors gcc takes minutes a kernel
*) echo "unknown architecture '$architecture'" && exit 2 ;;
esac
triplet=$(dpkg-architecture -qDEB_HOST_MULTIARCH -a "$architecture" 2>/dev/null) || skip "no dpkg-architecture (dpkg-dev)"
needs apt-get dpkg-deb meson ninja pkg-config bats h5diff "$triplet-gcc" "qemu-$cpu-static"
mkdir -p "$place"
cd "$place"

# A root of libraries, unpacked and not installed.
if [ ! -e root/complete ]; then
    rm -rf root apt
    mkdir -p apt/lists/partial apt/cache/archives/partial root/usr/lib root/usr/bin root/usr/sbin
    ln -s usr/lib usr/bin usr/sbin root/
    : >apt/status
    . /etc/os-release
    # From where this machine has its own packages.
    release=${VERSION_CODENAME:-sid}
    mirror=$(apt-get indextargets --format '$(SITE) $(RELEASE)' 'Created-By: Packages' |
        awk -v release="$release" '$2 == release { print $1; exit }')
    [ -n "$mirror" ] || skip "apt has no source of $release"
    [ "$architecture $release" != "riscv64 bookworm" ] || release=trixie # the first that has it
    echo "deb [signed-by=/usr/share/keyrings/debian-archive-keyring.gpg] $mirror $release main" >apt/sources.list
    cat >apt/conf <<END
APT::Architecture "$architecture";
APT::Architectures { "$architecture"; };
APT::Install-Recommends "false";
Dir::State "$place/apt";
Dir::State::lists "$place/apt/lists";
Dir::State::status "$place/apt/status";
Dir::Cache "$place/apt/cache";
Dir::Etc::SourceList "$place/apt/sources.list";
Dir::Etc::SourceParts "/dev/null";
END
    (
        export APT_CONFIG=$place/apt/conf
        apt-get -q update &&
            apt-get -q -y --download-only install libc6-dev libgomp1 libgsl-dev libhdf5-dev libfyaml-dev libxxhash-dev librandom123-dev
    ) >apt.log 2>&1 || { tail -n 20 apt.log; exit 1; }
    for package in apt/cache/archives/*.deb; do
        dpkg-deb --fsys-tarfile "$package" | tar -x -C root --keep-directory-symlink
    done
    # Links that begin at the root lead into this machine's own files.
    find root -type l -lname '/*' | while read -r link; do
        ln -sfn "$place/root$(readlink "$link")" "$link"
    done
    rm -r apt
    : >root/complete
fi

cat >cross.txt <<END
[binaries]
c = '$triplet-gcc'
ar = '$triplet-ar'
strip = '$triplet-strip'
pkgconfig = 'pkg-config'
pkg-config = 'pkg-config'
exe_wrapper = ['qemu-$cpu-static', '-L', '$place/root']

[built-in options]
c_args = ['--sysroot=$place/root'$flags]
c_link_args = ['--sysroot=$place/root', '-L$place/root/usr/lib/$triplet'] # before a C library that came with the compiler

[properties]
sys_root = '$place/root'
pkg_config_libdir = ['$place/root/usr/lib/$triplet/pkgconfig', '$place/root/usr/share/pkgconfig']

[host_machine]
system = 'linux'
cpu_family = '$(echo $cpu | sed 's/ppc64le/ppc64/')'
cpu = '$cpu'
endian = '$endian'
END
rm -rf build
meson setup build "$source" --cross-file cross.txt -Dtests=disabled -Ddefault_library=static \
    -Dbuildtype=plain -Doptimization=1 >setup.log 2>&1 || { tail -n 40 setup.log; exit 1; }
ninja -C build cli/polyhebb >build.log 2>&1 || { tail -n 40 build.log; exit 1; }
printf '#!/bin/sh\nexec qemu-%s-static -L %s %s "$@"\n' "$cpu" "$place/root" "$place/build/cli/polyhebb" >polyhebb
chmod +x polyhebb
./polyhebb info | head -n 12
POLYHEBB=$place/polyhebb DATA=$source/tests/data bats --tap "$source/tests/cli/compat.bats"
same_grids "$place/polyhebb" "$source" "$native" "$place/grids"

# Every processor has vector kernels, and the time that check expects is theirs.
for sampler in glauber little block-gibbs; do
    echo "{network: {neurons: 200000, patterns: 3, dilution: 0.3}, noise: 0.4, dynamics: {sampler: $sampler, sweeps: 2000}," \
        "ensemble: {replicas: 64}, record: {trajectory: false}}" >"$place/long.yaml"
    echo "$sampler: expected $(seconds_said "$native" "$place/long.yaml") s here, $(seconds_said "$place/polyhebb" "$place/long.yaml") s there"
    awk -v here="$(seconds_said "$native" "$place/long.yaml")" -v there="$(seconds_said "$place/polyhebb" "$place/long.yaml")" \
        'BEGIN { exit !(here > 0 && there >= here / 2 && there <= 2.5 * here) }'
done
