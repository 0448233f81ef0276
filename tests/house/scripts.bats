#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-3.0-or-later
# What quickstart and check do before they build, and the line check ends with. No real package is
# touched: dpkg-query, id, sudo and apt-get are stand-ins. SOURCE: the source folder.
bats_require_minimum_version 1.5.0

setup()
{
    cd "$BATS_TEST_TMPDIR" || return 1
    mkdir bin
    export HERE=$PWD NUMBER=1000 INSTALLED='gcc meson'
    stand_in dpkg-query 'for word in "$@"; do package=$word; done
        case " $INSTALLED " in *" $package "*) echo installed ;; *) exit 1 ;; esac'
    stand_in id 'echo "$NUMBER"'
    stand_in apt-get 'echo "apt-get $*" >>"$HERE/called"; [ -z "${BROKEN:-}" ] || { echo no network; exit 100; }'
    for tool in sh env cat rm dirname true; do
        ln -s "$(type -P $tool)" bin/
    done
}

stand_in()
{
    printf '#!/bin/sh\n%s\n' "$2" >"bin/$1"
    chmod +x "bin/$1"
}

# A sudo that needs a password unless OPEN is set, and notes when it would have asked for one.
give_sudo()
{
    stand_in sudo 'if [ "$1" = -n ]; then shift; [ -n "${OPEN:-}" ] || exit 1; echo "sudo $*" >>"$HERE/called"; exec "$@"; fi
        echo "asked for a password" >>"$HERE/called"; exit 1'
}

packages()
{
    PATH=$HERE/bin "$SOURCE/scripts/install-packages" "$@" </dev/null
}

# Says what is missing and how to go on without root, and has called nobody.
goes_on_without_root()
{
    [[ "$output" == *"Missing packages: ninja-build bats"* ]]
    [[ "$output" == *"apt-get install --no-install-recommends ninja-build bats"* ]]
    [[ "$output" == *"without root"*"meson setup build && ninja -C build"* ]]
    [ ! -e called ]
}

@test "packages: nothing is done where nothing is missing" {
    run -0 packages gcc meson
    [ ! -e called ]
}

@test "packages: --no-install, no sudo, or a sudo that would ask off a terminal: said, exit 1" {
    run -1 packages --no-install gcc ninja-build bats
    goes_on_without_root
    run -1 packages gcc ninja-build bats
    [[ "$output" == *"there is no sudo"* ]]
    goes_on_without_root
    give_sudo
    run -1 packages gcc ninja-build bats
    [[ "$output" == *"would ask for a password with no terminal"* ]]
    goes_on_without_root
}

@test "packages: root installs exactly what is missing, and says so first" {
    NUMBER=0 run -0 packages gcc ninja-build meson bats
    [[ "$output" == *"Will install: ninja-build bats"* ]]
    grep -q "^apt-get .*update" called
    grep -q "^apt-get .*install --no-install-recommends ninja-build bats$" called
}

@test "packages: through a sudo that needs no password" {
    give_sudo
    OPEN=1 run -0 packages gcc bats
    [[ "$output" == *"Will install (through sudo): bats"* ]]
    grep -q "^sudo env DEBIAN_FRONTEND=noninteractive apt-get .*install .* bats$" called
}

@test "packages: apt-get fails: what it said is shown, exit 1" {
    NUMBER=0 BROKEN=1 run -1 packages gcc bats
    [[ "$output" == *"no network"*"apt-get failed"*"Missing packages: bats"* ]]
}

@test "packages: on another system the names of what is missing are told, exit 1" {
    rm bin/dpkg-query
    run -1 packages gcc bats
    [[ "$output" == *"Not a Debian system"*"Missing packages: gcc bats"* ]]
    stand_in gcc true
    run -1 packages gcc bats
    [[ "$output" == *"Missing packages: bats"* ]]
    stand_in bats true
    run -0 packages gcc bats
}

@test "packages: what is found through PATH, pkg-config and the compiler need not be installed by dpkg" {
    stand_in pkg-config '[ "$*" = "--exists gsl" ] || [ "$*" = "--exists hdf5" ]'
    stand_in cc 'while read -r line; do case $line in *Random123/philox.h*) exit 0 ;; esac; done; exit 1'
    stand_in ninja true
    stand_in gnuplot true
    run -0 packages libgsl-dev libhdf5-dev librandom123-dev ninja-build pkg-config gnuplot-nox
    run -1 packages libfyaml-dev libc6-dev libgsl-dev
    [[ "$output" == *"Missing packages: libfyaml-dev libc6-dev"* ]]
    [ ! -e called ]
}

@test "quickstart and check: --no-install with packages missing stops before the build" {
    for script in quickstart check; do
        PATH=$HERE/bin run -1 "$SOURCE/$script" --no-install
        [[ "$output" == *"Missing packages: "*"ninja-build"*"without root"* ]]
        [[ "$output" != *"Build"* ]]
        run -2 "$SOURCE/$script" --frobnicate
    done
    run -0 "$SOURCE/quickstart" --help
    [[ "$output" == *"--no-install"* ]]
}

@test "sanitized: a test is run again where LeakSanitizer broke down, four times at most, and for nothing else" {
    cat >prog <<'END'
echo run >>runs
echo "100%: Checks: 7, Failures: ${FAILURES:-0}, Errors: 0"
[ "$(wc -l <runs)" -le "$1" ] || exit 0
echo "==1==LeakSanitizer has encountered a fatal error."
exit 1
END
    again() { # EXIT RUNS BROKEN-RUNS
        rm -f runs
        run -"$1" "$SOURCE/tests/sanitized.sh" sh prog "$3"
        [ "$(wc -l <runs)" -eq "$2" ]
        [ "$(grep -c '^100%' <<<"$output")" -eq 1 ] # to be counted once
    }
    again 0 1 0
    again 0 2 1
    again 0 5 4
    again 1 5 5
    FAILURES=1
    export FAILURES
    again 1 1 1
    run -3 "$SOURCE/tests/sanitized.sh" sh -c "echo '==1==ERROR: LeakSanitizer: detected memory leaks'; exit 3"
}

@test "sanitized: what a test had said is shown where its time is over and both are ended" {
    mkdir tmp
    cat >prog <<'END'
echo "case 7"
echo $$ >running
exec sleep 30
END
    TMPDIR=$PWD/tmp "$SOURCE/tests/sanitized.sh" sh prog >out 3>&- &
    for _ in {1..100}; do
        [ ! -s running ] || break
        sleep 0.05
    done
    kill -TERM $! "$(cat running)"
    code=0
    wait $! || code=$?
    grep -q '^case 7$' out
    [ "$code" -eq 143 ]
    [ -z "$(ls tmp)" ]
}

@test "summary: cases of bats and Check counted one by one, failures and skips named" {
    cat >good.json <<'END'
{"name": "usage", "result": "OK", "stdout": "1..3\nok 1 one\nok 2 two # skip no quota here\nok 3 three\n"}
{"name": "grid", "result": "OK", "stdout": "Running suite(s): grid\n100%: Checks: 11, Failures: 0, Errors: 0\n"}
{"name": "house", "result": "OK", "stdout": "fine\n"}
{"name": "plot", "result": "SKIP", "stdout": "gnuplot is not installed\n"}
END
    run -0 "$SOURCE/scripts/summary" good.json
    [[ "$output" == *"skipped: usage: two: no quota here"* ]]
    [[ "$output" == *"skipped: plot: gnuplot is not installed"* ]]
    [ "${lines[-1]}" = "14 passed, 0 failed, 2 skipped" ]
    cat >bad.json <<'END'
{"name": "usage", "result": "FAIL", "stdout": "1..2\nnot ok 1 one\nok 2 two\n"}
{"name": "grid", "result": "FAIL", "stdout": "90%: Checks: 10, Failures: 1, Errors: 0\n"}
{"name": "slow", "result": "TIMEOUT", "stdout": ""}
END
    run -1 "$SOURCE/scripts/summary" good.json bad.json
    [[ "$output" == *"failed: usage: one"*"failed: grid"*"failed: slow: timeout"* ]]
    [ "${lines[-1]}" = "24 passed, 3 failed, 2 skipped" ]
    : >empty.json
    run -1 "$SOURCE/scripts/summary" empty.json
    [ "${lines[-1]}" = "0 passed, 0 failed, 0 skipped" ]
}

@test "pre-commit: format, arrows, licence lines and white space are named, exit 1" {
    git -C "$SOURCE" rev-parse HEAD >/dev/null 2>&1 || skip "not a git checkout"
    for tool in clang-format ctags; do
        command -v $tool >/dev/null || skip "$tool is not installed"
    done
    git clone -q --shared "$SOURCE" tree
    cp "$SOURCE/scripts/pre-commit" tree/scripts/
    cp "$SOURCE"/tests/house/*.py "$SOURCE"/tests/house/*.sh tree/tests/house/
    cd tree || return 1
    printf '#include "cli/cli.h"\nint  ph_x;\n' >base/odd.c
    printf 'a line \n' >docs/odd.md
    git add base/odd.c docs/odd.md
    run -1 scripts/pre-commit
    [[ "$output" == *"base/odd.c:2:4: error: code should be clang-formatted"* ]]
    [[ "$output" == *"without SPDX line: base/odd.c"* ]]
    [[ "$output" == *"base/odd.c"*"cli/cli.h"* ]]
    [[ "$output" == *"docs/odd.md:1: trailing whitespace"* ]]
    [[ "$output" == *"mend what is named above"* ]]
}

@test "revision: by git, without git from what it has written, in an archive from .revision" {
    rm bin/*
    for tool in sh sed cat printf tr; do
        ln -s "$(type -P $tool)" bin/
    done
    without() { PATH=$PWD/bin "$SOURCE/scripts/revision" "$1"; }
    a=0123456789abcdef0123456789abcdef01234567 b=abcdef0123456789abcdef0123456789abcdef01
    mkdir -p tree/.git/refs/heads packed/.git detached/.git branch linked/.git/worktrees/branch archive nothing/.git nothing/refs
    echo 'ref: refs/heads/main' | tee tree/.git/HEAD packed/.git/HEAD nothing/.git/HEAD linked/.git/worktrees/branch/HEAD >/dev/null
    echo 'ref: refs/heads/a|b' >packed/.git/HEAD
    echo $a >tree/.git/refs/heads/main
    printf '# pack-refs with: peeled\n%s refs/heads/old\n%s refs/heads/a|b\n' $b $a >packed/.git/packed-refs
    echo $b >detached/.git/HEAD
    echo "gitdir: ../linked/.git/worktrees/branch" >branch/.git
    echo ../.. >linked/.git/worktrees/branch/commondir
    echo "$b refs/heads/main" >linked/.git/packed-refs
    echo "revision: $b" >archive/.revision
    [ "$(without tree)" = 0123456789ab ]
    [ "$(without packed)" = 0123456789ab ]
    [ "$(without detached)" = abcdef012345 ]
    [ "$(without branch)" = abcdef012345 ]
    [ "$(without archive)" = abcdef012345 ]
    [ "$(without nothing)" = "" ]
    [ "$(without missing)" = "" ]
    if command -v git >/dev/null; then
        git init -q made
        mkdir made/inner made/plain
        echo "revision: $a" >made/inner/.revision
        cd made
        git -c user.name=a -c user.email=a@b commit -q --allow-empty -m a
        [ "$("$SOURCE/scripts/revision" .)" = "$(git rev-parse --short=12 HEAD)" ]
        [ "$("$SOURCE/scripts/revision" inner)" = 0123456789ab ]
        [ "$("$SOURCE/scripts/revision" plain)" = "" ]
    fi
}
