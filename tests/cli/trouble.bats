#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-3.0-or-later
# Two writers, dead writers, full disks, folders that cannot be written to.
load common

export NEURONS=20000 # for the files to be large

setup_file()
{
    cd "$BATS_FILE_TMPDIR" || return 1
    make_grid
    polyhebb run grid.yaml -q
}

@test "two writers of one file: the second is refused (1) and harms nothing" {
    SWEEPS=100000 make_grid
    "$POLYHEBB" run grid.yaml -q &
    writer=$!
    wait_for grid.h5.status
    run -1 polyhebb run grid.yaml
    [[ "$output" == *"process $writer"* ]]
    run -1 polyhebb merge "$BATS_FILE_TMPDIR/grid.h5" -o grid.h5
    run -0 polyhebb status grid.h5
    [[ "$output" == *"grid.h5: running, "*"process $writer"* ]]
    kill -INT $writer
    code=0
    wait $writer || code=$?
    [ $code -eq 75 ]
    run -75 polyhebb check grid.h5
}

@test "the claim of a dead writer is taken over with a note" {
    make_grid
    "$POLYHEBB" run grid.yaml -q --set dynamics.sweeps=100000 -o other.h5 &
    writer=$!
    wait_for other.h5.status
    kill -9 $writer
    wait $writer 2>/dev/null || true
    [ -e other.h5.claim ]
    run -0 polyhebb run grid.yaml -o other.h5
    [[ "$output" == *note:*"$writer"* ]]
    same other.h5 "$BATS_FILE_TMPDIR/grid.h5"
    leaves_nothing other.h5
}

@test "a claim that names another host: refused by run and merge until --take-over" {
    make_grid
    printf 'host: node17\nprocess: 1\nsince: 2026-01-31T12:00:00Z\n' >node17
    cp node17 grid.h5.claim
    run -1 polyhebb run grid.yaml
    [[ "$output" == *"claimed by process 1 on node17"*"--take-over"* ]]
    cmp grid.h5.claim node17
    run -0 polyhebb run grid.yaml --take-over
    [[ "$output" == *"process 1 on node17"*"going on with it"* ]]
    leaves_nothing grid.h5
    cp node17 merged.h5.claim
    run -1 polyhebb merge grid.h5 -o merged.h5
    [ ! -e merged.h5 ]
    run -0 polyhebb merge grid.h5 -o merged.h5 --take-over
    leaves_nothing merged.h5
}

# with_quota KIB COMMAND...: no file may grow beyond that.
with_quota()
{
    (
        ulimit -f "$1"
        shift
        exec "$@"
    )
}

@test "a claim of another host: taken over after a time without a sign of life, of status and claim" {
    make_grid
    claimed_long_ago() { # STATUS: minutes ago that it was written
        printf 'host: node17\nprocess: 1\nsince: 2026-01-31T12:00:00Z\n' >grid.h5.claim
        touch -d "-1 hour" grid.h5.claim
        cat >grid.h5.status <<END
polyhebb status 1
state: running
host: node17
pid: 1
started: 2026-01-31T12:00:00Z
updated: $(date -u -d "-$1 minutes" +%Y-%m-%dT%H:%M:%SZ)
points: 4
points_done: 0
updates: 1000
updates_done: 10
rate: 1
shard: 0
shards: 1
END
    }
    claimed_long_ago 8
    run -1 polyhebb run grid.yaml --take-over-after 10m
    [[ "$output" == *"claimed by process 1 on node17"* ]]
    claimed_long_ago 12
    touch grid.h5.claim # just taken over by another worker
    run -1 polyhebb run grid.yaml --take-over-after 10m
    claimed_long_ago 12
    run -0 polyhebb run grid.yaml --take-over-after 10m
    [[ "$output" == *"process 1 on node17"*"going on with it"* ]]
    leaves_nothing grid.h5
    run -2 polyhebb run grid.yaml --take-over-after 60
    [[ "$output" == *"at least 5 minutes"* ]]
}

@test "disk full while computing: exit 1, said so, the journal kept, later the same bits" {
    make_grid
    run -1 with_quota 60 "$POLYHEBB" run grid.yaml -c 0.05
    [[ "$output" == *"grid.h5.journal"* ]]
    [ ! -e grid.h5.partial ]
    if [ -e grid.h5 ]; then
        run -75 polyhebb check grid.h5
    else
        [ -s grid.h5.journal ]
    fi
    run -0 polyhebb run grid.yaml
    same grid.h5 "$BATS_FILE_TMPDIR/grid.h5"
    leaves_nothing grid.h5
}

@test "disk full while the file is put together: the old file untouched, later the same bits" {
    cp "$BATS_FILE_TMPDIR/grid.h5" grid.h5
    SAMPLES=3 make_grid
    quota=$(($(stat -c %s grid.h5) / 1024 + 10))
    run -1 with_quota $quota "$POLYHEBB" run grid.yaml
    [[ "$output" == *grid.h5* ]]
    cmp grid.h5 "$BATS_FILE_TMPDIR/grid.h5"
    [ ! -e grid.h5.partial ]
    [ -s grid.h5.journal ]
    run -0 polyhebb run grid.yaml
    [[ "$output" == *"going on from grid.h5.journal"* ]]
    polyhebb run grid.yaml -q -o fresh.h5
    same grid.h5 fresh.h5
    leaves_nothing grid.h5
}

@test "no room for anything at all: exit 1, nothing under the final name" {
    make_grid
    run -1 with_quota 0 "$POLYHEBB" run grid.yaml
    [ ! -e grid.h5 ]
    run -0 polyhebb run grid.yaml -q
    same grid.h5 "$BATS_FILE_TMPDIR/grid.h5"
}

@test "a folder that is absent or cannot be written to, a folder as output: exit 1, named" {
    make_grid
    run -1 polyhebb run grid.yaml -o absent/grid.h5
    [[ "$output" == *"absent/grid.h5"*"folder"* ]]
    run -1 polyhebb run grid.yaml -o /proc/grid.h5
    [[ "$output" == *"/proc/grid.h5"*"folder"* ]]
    mkdir folder
    run -1 polyhebb run grid.yaml -o folder
    [[ "$output" == *folder* ]]
    if [ "$(id -u)" -ne 0 ]; then
        chmod a-w folder
        run -1 polyhebb run grid.yaml -o folder/grid.h5
        [[ "$output" == *"folder/grid.h5"* ]]
    fi
}

@test "an output named by mistake is not overwritten: grid, run, table over run, theory over run" {
    make_grid
    cp "$BATS_FILE_TMPDIR/grid.h5" run.h5
    cp grid.yaml before.yaml
    for victim in grid.yaml run.h5; do
        run -2 polyhebb theory grid.yaml -o $victim
        [[ "$output" == *"$victim"*"not overwritten"* ]]
    done
    run -2 polyhebb theory run.h5 -o ./run.h5
    run -2 polyhebb export run.h5 -o ./run.h5
    [[ "$output" == *"run.h5"*"not overwritten"* ]]
    run -2 polyhebb export run.h5 -o grid.yaml
    run -0 polyhebb check grid.yaml
    run -0 polyhebb export run.h5 -o table.txt
    cp table.txt before.txt
    run -2 polyhebb export run.h5 --point noise=99 -o table.txt
    cmp table.txt before.txt
    [ ! -e table.txt.partial ]
    run -0 polyhebb export run.h5 --csv -o table.txt
    run -0 polyhebb export run.h5 --patterns --point dilution=0.2 -o table.txt
    for other in $'notes of mine\n' $'# notes\n# of mine\n' $'noise,energy\n0.1,0.2\n' x; do
        printf %s "$other" >notes.txt
        run -2 polyhebb export run.h5 -o notes.txt
        [[ "$output" == *"notes.txt exists and is not a table of polyhebb export"* ]]
        [ "$(cat notes.txt)" = "$(printf %s "$other")" ]
    done
    : >empty.txt
    run -0 polyhebb export run.h5 -o empty.txt
    cmp empty.txt before.txt
    run -0 polyhebb export run.h5 -o /dev/stdout
    [ "$output" = "$(cat before.txt)" ]
    run -1 polyhebb export run.h5 -o .
    : >behind.txt
    ln -s behind.txt link.txt
    run -0 polyhebb export run.h5 -o link.txt
    [ -L link.txt ]
    cmp behind.txt before.txt
    mkfifo pipe
    timeout 10 cat pipe >through.txt &
    run -0 polyhebb export run.h5 -o pipe
    wait $!
    cmp through.txt before.txt
    run -1 polyhebb run grid.yaml -o grid.yaml
    cmp grid.yaml before.yaml
    cmp run.h5 "$BATS_FILE_TMPDIR/grid.h5"
    polyhebb theory grid.yaml -o theory.h5
    run -0 polyhebb theory run.h5 -o theory.h5
    run -1 polyhebb run grid.yaml -o theory.h5
    leaves_nothing theory.h5
}

@test "results that find no room on standard output: exit 1, said so" {
    make_grid
    cp "$BATS_FILE_TMPDIR/grid.h5" grid.h5
    for verb in --help --version new info "check grid.yaml" "check grid.h5" "status grid.h5" \
        "export grid.h5" "compare grid.h5" "run grid.yaml"; do
        [ "$verb" != "status grid.h5" ] || cp "$BATS_FILE_TMPDIR/grid.h5.status" .
        # shellcheck disable=SC2086
        run -1 bash -c "'$POLYHEBB' $verb >/dev/full"
        [[ "$output" == *"No space left on device"* ]]
    done
    for verb in run theory phase compare check status merge export plot slurm tasks new encode bench info; do
        for option in --help --usage; do
            run -1 bash -c "'$POLYHEBB' $verb $option >/dev/full"
            [[ "$output" == *"cannot write to standard output: No space left on device"* ]]
        done
    done
    for verb in "theory grid.yaml -o t.h5" "phase grid.yaml -o p.h5" "slurm grid.yaml" \
        "merge grid.h5 -o m.h5" "new --reference" "export grid.h5 --patterns --point dilution=0.2"; do
        run -1 bash -c "'$POLYHEBB' $verb >/dev/full"
        [[ "$output" == *"No space left on device"* ]]
    done
}

@test "check says where run would refuse for memory, and run does" {
    printf 'network: { neurons: 1000000, patterns: 2, dilution: 0.3 }\nnoise: 0.1\ndynamics: { sweeps: 1 }\n' >large.yaml
    export SLURM_MEM_PER_NODE=2
    run -0 polyhebb check large.yaml
    [[ "$output" == *"allowed here (SLURM_MEM_PER_NODE): polyhebb run would refuse"* ]]
    run -1 polyhebb run large.yaml
    [[ "$output" == *"GB are allowed (SLURM_MEM_PER_NODE)"* ]]
    unset SLURM_MEM_PER_NODE
    run -0 polyhebb check large.yaml
    [[ "$output" != *"would refuse"* ]]
}
