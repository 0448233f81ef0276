#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-3.0-or-later
# Threads, shards and growing grids change nothing: the numbers are those of one fresh run.
load common

setup_file()
{
    cd "$BATS_FILE_TMPDIR" || return 1
    make_grid
    polyhebb run grid.yaml -q
}

@test "one thread, two threads: the same bits" {
    make_grid
    run -0 polyhebb run grid.yaml -j 1
    [[ "$output" == *"on 1 thread ("* ]]
    same grid.h5 "$BATS_FILE_TMPDIR/grid.h5"
    polyhebb run grid.yaml -j 2 -q -o two.h5
    same two.h5 "$BATS_FILE_TMPDIR/grid.h5"
}

@test "one block, cut into pieces for its threads: the same bits, also of a run in two goes" {
    for sampler in glauber block-gibbs lumped-block-gibbs; do
        cat >one.yaml <<END
network: { neurons: 203, patterns: 3, dilution: 0.3 }
noise: 0.5
dynamics: { sampler: $sampler, sweeps: 30, burn_in: 3 }
ensemble: { samples: 1, replicas: 14 }
record: { loss: true, states: [5, 20], replica_overlap: $([ $sampler = lumped-block-gibbs ] && echo false || echo true) }
END
        polyhebb run -q one.yaml -j 1
        polyhebb run -q one.yaml -j 3 -o goes.h5 --set dynamics.sweeps=20
        polyhebb run -q one.yaml -j 6 -o goes.h5
        same goes.h5 one.h5
        rm ./*.h5
    done
}

@test "shards put together equal the whole, from 2 and from 5 of them" {
    make_grid
    for shards in 2 5; do
        for k in $(seq 0 $((shards - 1))); do
            polyhebb run grid.yaml -q -s "$k/$shards"
        done
        run -0 polyhebb merge grid.*-of-$shards.h5 -o merged$shards.h5
        same merged$shards.h5 "$BATS_FILE_TMPDIR/grid.h5"
        run -0 polyhebb check merged$shards.h5
        leaves_nothing merged$shards.h5
    done
}

@test "shards killed and left so: merge takes what their journals hold, running on it completes" {
    NEURONS=20000 SWEEPS=50 make_grid
    polyhebb run grid.yaml -q -s 0/2
    polyhebb run grid.yaml -q -s 1/2 -t 0.1 $SLOW || [ $? -eq 75 ]
    "$POLYHEBB" run grid.yaml -q -s 1/2 -c 0.05 $SLOW &
    checkpointed grid.1-of-2.h5
    kill -9 $!
    wait $! 2>/dev/null || true
    run -75 polyhebb merge grid.0-of-2.h5 grid.1-of-2.h5 -o merged.h5
    [[ "$output" == *"not finished: shard 1 of 2"* ]]
    [[ "$output" != *"missing"* ]]
    polyhebb run grid.yaml -q -o merged.h5
    polyhebb run grid.yaml -q -o fresh.h5
    same merged.h5 fresh.h5
}

@test "a shard killed before it had a file: merge takes its journal, calls it not finished" {
    NEURONS=20000 SWEEPS=50 make_grid
    polyhebb run grid.yaml -q -s 0/3
    "$POLYHEBB" run grid.yaml -q -s 1/3 -c 0.05 $SLOW &
    checkpointed grid.1-of-3.h5 20000
    kill -9 $!
    wait $! 2>/dev/null || true
    [ ! -e grid.1-of-3.h5 ]
    for files in grid.*-of-3.h5 "grid.1-of-3.h5 grid.0-of-3.h5"; do
        # shellcheck disable=SC2086
        run -75 polyhebb merge $files -o merged.h5
        [[ "$output" == *"grid.1-of-3.h5 is not there, but its journal is"* ]]
        [[ "$output" == *"missing: shard 2 of 3"*"not finished: shard 1 of 3"* ]]
    done
    polyhebb run grid.yaml -q -o merged.h5
    polyhebb run grid.yaml -q -o fresh.h5
    same merged.h5 fresh.h5
}

@test "merge with shards missing: named, exit 75, what there is is kept, running on it completes" {
    make_grid
    for k in 0 2; do
        polyhebb run grid.yaml -q -s $k/3
    done
    run -75 polyhebb merge grid.0-of-3.h5 grid.2-of-3.h5 -o merged.h5
    [[ "$output" == *"merged.h5 holds what there is"*"missing: shard 1 of 3"* ]]
    [[ "$output" != *"not finished"* ]]
    polyhebb run grid.yaml -q -s 1/5
    polyhebb run grid.yaml -q -s 3/4
    run -75 polyhebb merge grid.1-of-5.h5 grid.3-of-4.h5 -o other.h5
    [[ "$output" == *"grid.3-of-4.h5 is shard 3 of 4, not of 5"*"missing: shards 0, 2-4 of 5"* ]]
    run -75 polyhebb check merged.h5
    run -0 polyhebb run grid.yaml -q -o merged.h5
    same merged.h5 "$BATS_FILE_TMPDIR/grid.h5"
}

@test "merge refuses another grid, a damaged file, an existing output; nothing is written" {
    make_grid
    SEED=8 make_grid other.yaml
    polyhebb run grid.yaml -q -s 0/2
    polyhebb run other.yaml -q -s 1/2
    run -1 polyhebb merge grid.0-of-2.h5 other.1-of-2.h5 -o merged.h5
    [[ "$output" == *"seed: 7"*"8 in"* ]]
    [ ! -e merged.h5 ]
    polyhebb run grid.yaml -q -s 1/2
    cp grid.1-of-2.h5 bad.h5
    truncate -s 20000 bad.h5
    run -4 polyhebb merge grid.0-of-2.h5 bad.h5 -o merged.h5
    [[ "$output" == *bad.h5* ]]
    [ ! -e merged.h5 ]
    run -1 polyhebb merge grid.0-of-2.h5 absent.h5 -o merged.h5
    cp grid.0-of-2.h5 before
    run polyhebb merge grid.0-of-2.h5 grid.1-of-2.h5 -o grid.0-of-2.h5
    [ "$status" -ne 0 ]
    cmp grid.0-of-2.h5 before
    leaves_nothing merged.h5
}

@test "more shards than files may be open: merged all the same" {
    NEURONS=100 SWEEPS=2 SAMPLES=8 make_grid
    for k in $(seq 0 39); do
        polyhebb run grid.yaml -q -s "$k/40"
    done
    (
        ulimit -n 24
        "$POLYHEBB" merge grid.*-of-40.h5 -o merged.h5
    )
    polyhebb run grid.yaml -q
    same merged.h5 grid.h5
}

# extended VARIABLE=VALUE...: the file of the small grid, run with the larger grid, equals a fresh
# run of that; and only what is new has been computed.
extended()
{
    cp "$BATS_FILE_TMPDIR/grid.h5" grid.h5
    env "$@" bash -c "$(declare -f make_grid); make_grid"
    run -0 polyhebb run grid.yaml
    polyhebb run grid.yaml -q -o fresh.h5
    same grid.h5 fresh.h5
    leaves_nothing grid.h5
    run -1 same grid.h5 "$BATS_FILE_TMPDIR/grid.h5"
}

@test "extended by values in the middle and at the ends of an axis" {
    extended NOISE='[0.3, 0.01, 0.1, 0.05, 0.4]'
}

@test "extended by samples" {
    extended SAMPLES=3
}

@test "extended by replicas, across blocks of two lanes" {
    extended REPLICAS=5
}

@test "extended by sweeps" {
    extended SWEEPS=100
}

@test "extended by everything at once" {
    extended NOISE='[0.05, 0.1, 0.3]' SAMPLES=3 REPLICAS=4 SWEEPS=90
}

@test "extended while interrupted: killed at random while extending, the same bits" {
    cp "$BATS_FILE_TMPDIR/grid.h5" grid.h5
    SAMPLES=4 REPLICAS=5 SWEEPS=120 make_grid
    for _ in 1 2 3 4 5 6; do
        "$POLYHEBB" run grid.yaml -q -c 0.03 &
        random_pause 150
        kill -9 $! 2>/dev/null || true
        wait $! 2>/dev/null || true
    done
    run -0 polyhebb run grid.yaml -q
    polyhebb run grid.yaml -q -o fresh.h5
    same grid.h5 fresh.h5
}

@test "the title may change; nothing is computed again" {
    cp "$BATS_FILE_TMPDIR/grid.h5" grid.h5
    make_grid
    sed -i 's/program test/another title/' grid.yaml
    run -0 polyhebb run grid.yaml
    [[ "$output" == *" 0 updates/s"* ]]
}

@test "what is recorded, by keys or by words: one grid, one file" {
    cat >keys.yaml <<END
network: {neurons: 500, patterns: 3}
noise: [0.1, 0.3]
dynamics: {sweeps: 6}
ensemble: {replicas: 2, lanes: 2}
record: {flips: true, loss: true}
END
    sed 's/record: .*/record: {observables: [loss, flips]}/' keys.yaml >words.yaml
    polyhebb run keys.yaml -q
    polyhebb run words.yaml -q
    same keys.h5 words.h5
    before=$(cksum <keys.h5)
    run -0 polyhebb run words.yaml -o keys.h5
    [[ "$output" == *"keys.h5 is complete already"* ]]
    [ "$before" = "$(cksum <keys.h5)" ]
    polyhebb run keys.yaml -q --set record.flips=false --set "record.observables=[flips,loss]" -o set.h5
    same keys.h5 set.h5
    run -1 polyhebb run words.yaml --set "record.observables=[flips,acceptance]" -o keys.h5
    [[ "$output" == *"record.acceptance: false in keys.h5, true in this grid"* ]]
    [ "$before" = "$(cksum <keys.h5)" ]
}

@test "output of another or a smaller grid: refused, the difference named, the file untouched" {
    cp "$BATS_FILE_TMPDIR/grid.h5" grid.h5
    SEED=8 make_grid
    run -1 polyhebb run grid.yaml
    [[ "$output" == *"seed: 7 in grid.h5, 8 in this grid"* ]]
    NOISE='[0.05]' make_grid
    run -1 polyhebb run grid.yaml
    [[ "$output" == *"noise: "*"0.3"* ]]
    SAMPLES=1 make_grid
    run -1 polyhebb run grid.yaml
    [[ "$output" == *"ensemble.samples: 2"*"1 in this grid"* ]]
    SWEEPS=59 make_grid
    run -1 polyhebb run grid.yaml
    [[ "$output" == *"dynamics.sweeps: 60"*"59"* ]]
    make_grid
    run -1 polyhebb run grid.yaml --set dynamics.burn_in=6
    [[ "$output" == *"dynamics.burn_in: 5"*"6"* ]]
    cmp grid.h5 "$BATS_FILE_TMPDIR/grid.h5"
    leaves_nothing grid.h5
}

@test "parts go on from the merged file: new samples alone, in other parts, one killed on the way" {
    export NEURONS=20000 SWEEPS=50 NOISE=0.05 REPLICAS=2
    SAMPLES=1 make_grid
    for k in 0 1; do polyhebb run grid.yaml -q -s $k/2; done
    polyhebb merge grid.*-of-2.h5 -o grid.h5
    rm grid.*-of-2.h5
    SAMPLES=3 make_grid
    "$POLYHEBB" run grid.yaml -q -s 1/3 -c 0.01 -j 1 &
    random_pause 80
    kill -9 $! || true
    wait $! 2>/dev/null || true
    for k in 0 1 2; do polyhebb run grid.yaml -q -s $k/3 2>>said; done
    grep -q "going on from grid.h5: .* chains of this part are there" said
    work=$(cat grid.*-of-3.h5.status | awk '/^updates:/ {sum += $2} END {print sum}')
    [ "$work" -le $((2 * 20000 * 105 * 2 * 2)) ] # of two new samples
    run -0 polyhebb merge grid.*-of-3.h5 -o grid.h5
    [[ "$output" == *"grid.h5 exists already: what it holds is kept"* ]]
    run -0 polyhebb run grid.yaml
    [[ "$output" == *"grid.h5 is complete already"* ]]
    polyhebb run grid.yaml -q -o fresh.h5
    same grid.h5 fresh.h5
}

@test "one pattern's dilution as an axis: parts, merge and values put in between; a point is that of a grid without the axis" {
    each() # VALUE...: the grid, with these of the third pattern
    {
        printf 'seed: 7\nnetwork: { neurons: 300, patterns: 3, dilution: { each: [0.1, 0.3, %s] } }\nnoise: [0.05, 0.3]\n' "$1"
        printf 'dynamics: { sweeps: 20, start: archetype }\nensemble: { samples: 2, replicas: 4, lanes: 2 }\n'
    }
    each '[0.1, 0.2, 0.5]' >grid.yaml
    run -0 polyhebb run grid.yaml -q
    for part in 0 1; do run -0 polyhebb run grid.yaml -q -o part.h5 --shard $part/2; done
    run -0 polyhebb merge -o merged.h5 part.*-of-2.h5
    run -0 same grid.h5 merged.h5
    each 0.2 >one.yaml
    run -0 polyhebb run one.yaml -q
    /usr/bin/python3 - <<'END'
import h5py, numpy
grid, one = h5py.File('grid.h5'), h5py.File('one.h5')
assert (grid['dilution'][...] == [0.1, 0.2, 0.5]).all() and b'pattern 3' in numpy.bytes_(grid['dilution'].attrs['long_name'])
assert (grid['magnetization'][1] == one['magnetization'][...]).all() and (grid['magnetization'][0] != one['magnetization'][...]).any()
END
    each '{ from: 0.1, to: 0.5, steps: 5 }' >grid.yaml
    run -0 polyhebb run grid.yaml -q -o grid.h5
    run -0 polyhebb run grid.yaml -q -o fresh.h5
    run -0 same grid.h5 fresh.h5
    sed -i 's/0.1, 0.3, /0.1, 0.4, /' grid.yaml
    run -1 polyhebb run grid.yaml -q -o grid.h5
    [[ "$output" == *"network.dilution: { each: [0.1, 0.3, [0.1, "*" in grid.h5, { each: [0.1, 0.4, [0.1, "*"in this grid"* ]]
    run -0 polyhebb plot fresh.h5 -f svg -o fresh
    grep -q 'of pattern 3' fresh-curves.gp
}
