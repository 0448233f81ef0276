#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-3.0-or-later
# scripts/install-libraries, with small archives that look like the real ones. SOURCE: the source folder.
bats_require_minimum_version 1.5.0

setup()
{
    cd "$BATS_TEST_TMPDIR" || return 1
    mkdir -p yaml-1/include hash-1 random-1/include/Random123
    touch yaml-1/include/libfyaml.h hash-1/xxhash.h hash-1/libxxhash.pc.in random-1/include/Random123/philox.h
    cat >yaml-1/configure <<'END'
#!/bin/sh
for word in "$@"; do case $word in --prefix=*) prefix=${word#*=} ;; --libdir=*) libdir=${word#*=} ;; esac; done
printf 'all:\n\techo built\ninstall:\n\tmkdir -p %s\n\techo yaml >%s/libfyaml.a\n' "$libdir" "$libdir" >Makefile
[ -d "$prefix" ]
END
    chmod +x yaml-1/configure
    printf 'lib libxxhash.pc:\n\techo $@ >>built\ninstall:\n\tmkdir -p $(libdir)\n\tcp built $(libdir)/libxxhash.a\n' >hash-1/Makefile
    pack
}

pack()
{
    for library in yaml hash random; do
        tar -cf $library.tar $library-1
    done
}

libraries()
{
    "$SOURCE/scripts/install-libraries" "$@" </dev/null
}

@test "libraries: all three from their archives into a prefix, and how a shell finds them" {
    run -0 libraries prefix yaml.tar hash.tar random.tar
    [ "$(cat prefix/lib/libfyaml.a)" = yaml ]
    [ "$(tr '\n' ' ' <prefix/lib/libxxhash.a)" = "lib libxxhash.pc " ]
    [ -e prefix/include/Random123/philox.h ]
    [[ "$output" == *". $PWD/prefix/environment.sh"* ]]
    run -0 env -i PATH="$PATH" PKG_CONFIG_PATH=/else sh -c '. prefix/environment.sh; echo "$PKG_CONFIG_PATH $C_INCLUDE_PATH"'
    [ "$output" = "$PWD/prefix/lib/pkgconfig:/else $PWD/prefix/include" ]
    run -0 libraries prefix random.tar # one more time, and one alone
}

@test "libraries: all archives are looked at before any is built" {
    mkdir other-1
    touch other-1/README
    tar -cf other.tar other-1
    run -2 libraries prefix random.tar other.tar
    [[ "$output" == *"neither libfyaml nor xxHash nor Random123: 'other.tar'"* ]]
    [ ! -e prefix/include ]
    echo text >text.tar
    run -1 libraries prefix random.tar text.tar
    [[ "$output" == *"cannot unpack 'text.tar'"* ]]
    run -1 libraries prefix random.tar none.tar
    [[ "$output" == *"cannot read 'none.tar'"* ]]
    rm yaml-1/configure
    pack
    run -2 libraries prefix random.tar yaml.tar
    [[ "$output" == *"no script configure in 'yaml.tar'"*"archive of a release"* ]]
    [ ! -e prefix/include ]
}

@test "libraries: a build that fails is shown and named, and tells no shell that it is there" {
    printf '#!/bin/sh\necho no luck\nexit 1\n' >yaml-1/configure
    pack
    run -1 libraries prefix hash.tar yaml.tar
    [[ "$output" == *"xxHash: in"*"no luck"*"libfyaml is not built"*"prefix/log/libfyaml.log"* ]]
    [ ! -e prefix/environment.sh ]
}

@test "libraries: a prefix that configure scripts do not take, tools that are missing, no arguments" {
    run -2 libraries 'a prefix' random.tar
    [[ "$output" == *"PREFIX has a character"* ]]
    run -2 libraries prefix
    [[ "$output" == *"usage: scripts/install-libraries PREFIX TARBALL..."* ]]
    run -0 libraries --help
    mkdir bin
    for tool in sh mkdir dirname getconf; do
        ln -s "$(type -P $tool)" bin/
    done
    PATH=$PWD/bin run -1 "$SOURCE/scripts/install-libraries" prefix random.tar
    [[ "$output" == *"not found: cc make tar"* ]]
}
