#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-3.0-or-later
# Names in a shared folder at which somebody has put something else: links, pipes, protected files.
load common

export NEURONS=200 SWEEPS=20

# victim LINK...: a file that every one of the links leads to.
victim()
{
    echo "a victim" >victim
    chmod 640 victim
    for link; do
        ln -sf victim "$link"
    done
}

unharmed()
{
    [ "$(cat victim)" = "a victim" ]
    [ "$(stat -c %a victim)" = 640 ]
}

@test "nothing is written through links under the names of a run's parts" {
    make_grid
    victim grid.h5.partial grid.h5.status.partial grid.h5.status
    run -0 polyhebb run grid.yaml -q
    [ ! -L grid.h5 ]
    unharmed
    victim grid.h5.claim
    run -1 polyhebb run grid.yaml -q --set dynamics.sweeps=30
    [[ "$output" == *"grid.h5.claim: is a symbolic link"* ]]
    unharmed
    rm victim
    run -1 polyhebb run grid.yaml -q --set dynamics.sweeps=30
    [ ! -e victim ]
}

@test "nothing is written through links under the names of tables and figures" {
    make_grid
    polyhebb run grid.yaml -q
    polyhebb plot grid.h5 -o plain >/dev/null
    ls plain* >names
    grep -q '\.gp$' names
    grep -q '\.dat$' names
    victim table.txt.partial $(sed -n '/\.\(gp\|dat\)$/s/^plain\(.*\)/linked\1 linked\1.partial/p' names)
    run -0 polyhebb export grid.h5 -o table.txt
    run -0 polyhebb plot grid.h5 -o linked
    unharmed
    for name in $(sed -n 's/^plain/linked/; /\.dat$/p' names); do
        [ ! -L $name ]
        cmp $name "plain${name#linked}"
        [ ! -e $name.partial ]
    done
}

@test "a table is not written through another user's link" {
    [ "$(id -u)" -eq 0 ] || skip "needs another user's link"
    make_grid
    polyhebb run grid.yaml -q
    echo "# table of polyhebb export" >victim
    : >victim
    ln -s victim table.txt
    chown -h 4321 table.txt
    run -2 polyhebb export grid.h5 -o table.txt
    [[ "$output" == *"table.txt: is a symbolic link made by user 4321"* ]]
    [ ! -s victim ]
}

@test "a private result stays private, a protected one stays" {
    make_grid
    polyhebb run grid.yaml -q
    chmod 600 grid.h5
    run -0 polyhebb run grid.yaml -q --set dynamics.sweeps=30
    [ "$(stat -c %a grid.h5)" = 600 ]
    polyhebb theory grid.yaml -o theory.h5
    chmod 444 grid.h5 theory.h5
    cp grid.h5 before.h5
    cp theory.h5 theory-before.h5
    run -0 polyhebb run grid.yaml -q --set dynamics.sweeps=30
    run -2 polyhebb run grid.yaml -q --set dynamics.sweeps=40
    [[ "$output" == *"grid.h5: is write-protected (mode 0444"*"chmod u+w"* ]]
    [ ! -e grid.h5.journal ]
    run -2 polyhebb theory grid.yaml -o theory.h5
    [[ "$output" == *"theory.h5: is write-protected"* ]]
    cmp grid.h5 before.h5
    cmp theory.h5 theory-before.h5
    [ "$(stat -c %a grid.h5)" = 444 ]
    chmod u+w grid.h5
    run -0 polyhebb run grid.yaml -q --set dynamics.sweeps=40
    [ "$(stat -c %a grid.h5)" = 644 ]
}

@test "no verb waits at a pipe" {
    make_grid
    polyhebb run grid.yaml -q
    mkfifo pipe pipe.h5
    for verb in check export plot compare theory phase status; do
        code=0
        timeout 20 "$POLYHEBB" $verb pipe.h5 >output 2>&1 || code=$?
        [ $code -eq 1 ] || [ $code -eq 2 ]
        [ -s output ]
    done
    for verb in "run grid.yaml -q -o pipe.h5" "theory grid.yaml -o pipe.h5" "merge grid.h5 pipe.h5 -o out.h5" \
        "merge grid.h5 -o pipe.h5"; do
        code=0
        timeout 20 "$POLYHEBB" $verb >output 2>&1 || code=$?
        [ $code -eq 1 ] || [ $code -eq 2 ]
        grep -q "pipe.h5: is a pipe" output
    done
    rm -f grid.h5.status
    mkfifo grid.h5.status
    run -1 timeout 20 "$POLYHEBB" status grid.h5
    [[ "$output" == *"grid.h5.status: is a pipe, expected a regular file"* ]]
}
