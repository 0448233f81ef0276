#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-3.0-or-later
# Whatever stops a run, the same command goes on from there and ends with the very same numbers.
load common

setup_file()
{
    cd "$BATS_FILE_TMPDIR" || return 1
    NEURONS=20000 SWEEPS=60 make_grid long.yaml
    polyhebb run long.yaml -q
    NEURONS=300 SWEEPS=30 SAMPLES=40 make_grid short.yaml
    polyhebb run short.yaml -q
}

# kill_often NAME MILLISECONDS CHECKPOINT: kill -9 at random instants until 8 kills have hit, or KILLS; every run
# that gets to its end meanwhile, and the last one, must equal the uninterrupted one.
kill_often()
{
    local whole=$BATS_FILE_TMPDIR/$1.h5 kills=0 code
    cp "$BATS_FILE_TMPDIR/$1.yaml" .
    while [ $kills -lt "${KILLS:-8}" ]; do
        "$POLYHEBB" run "$1.yaml" -q -c "$3" 2>>said &
        random_pause "$2"
        kill -9 $! 2>/dev/null || true
        code=0
        wait $! 2>/dev/null || code=$?
        case $code in
        137) kills=$((kills + 1)) ;;
        0)
            same "$1.h5" "$whole"
            leaves_nothing "$1.h5"
            rm "$1.h5"
            ;;
        *)
            echo "exit $code after $kills kills"
            cat said
            return 1
            ;;
        esac
    done
    polyhebb run "$1.yaml" -q 2>>said
    same "$1.h5" "$whole"
    leaves_nothing "$1.h5"
    run -0 polyhebb check "$1.h5"
}

@test "kill -9 at random instants of a long run: the same bits in the end" {
    kill_often long 250 0.1
}

@test "kill -9: the next run says that the one before ended without finishing, and where it goes on" {
    cp "$BATS_FILE_TMPDIR/long.yaml" .
    "$POLYHEBB" run long.yaml -q -c 0.05 $SLOW &
    local process=$!
    checkpointed long.h5
    kill -9 $process
    wait $process || true
    run -0 polyhebb run long.yaml -q
    [[ "$output" == *"process $process on "*"ended without finishing; going on with it"* ]]
    [[ "$output" == *"going on from long.h5.journal: "*" checkpoints found"* ]]
}

@test "kill -9 at random instants of a short run, file being put together: the same bits" {
    kill_often short 150 0.2
}

# interrupted_by SIGNAL
interrupted_by()
{
    cp "$BATS_FILE_TMPDIR/long.yaml" .
    "$POLYHEBB" run long.yaml -c 0.05 $SLOW >said &
    checkpointed long.h5
    kill -s "$1" $!
    code=0
    wait $! || code=$?
    [ "$code" -eq 75 ]
    grep -q "The same command goes on from here" said
    leaves_nothing long.h5
    run -75 polyhebb check long.h5
    [[ "$output" == *resumable* ]]
    run -0 polyhebb status long.h5
    [[ "$output" == *"long.h5: stopped, "* ]]
    run -0 polyhebb run long.yaml
    [[ "$output" == *"4 of 4 points"* ]]
    same long.h5 "$BATS_FILE_TMPDIR/long.h5"
    run -0 polyhebb check long.h5
}

@test "SIGINT: everything saved, exit 75, goes on" {
    interrupted_by INT
}

@test "SIGTERM: everything saved, exit 75, goes on" {
    interrupted_by TERM
}

@test "SIGUSR1: everything saved, exit 75, goes on" {
    interrupted_by USR1
}

@test "--time-limit: stops in time, exit 75, as often as needed" {
    cp "$BATS_FILE_TMPDIR/long.yaml" .
    for _ in 1 2; do
        run -75 timeout 5 "$POLYHEBB" run long.yaml --time-limit 0.1
        run -75 polyhebb check long.h5
    done
    run -0 polyhebb run long.yaml -q
    same long.h5 "$BATS_FILE_TMPDIR/long.h5"
}

@test "--time-limit: leaves time to put the file together, the more the larger it is" {
    cat >large.yaml <<END
network: { neurons: 125000, patterns: 1 }
noise: 0.5
dynamics: { sweeps: 1 }
ensemble: { samples: 8, replicas: 64, lanes: 64 }
record: { moments: false }
END
    computed_within() { # FILE FROM TO, of a limit of 4 s
        run -75 polyhebb run large.yaml -j 1 -o "$1" --set dynamics.sweeps=1000000 --time-limit 4
        echo "$output"
        [[ "$output" =~ points,\ ([0-9.]+)\ s\ on.*which\ took\ ([0-9.]+)\ s ]]
        awk "BEGIN { c = ${BASH_REMATCH[1]} - ${BASH_REMATCH[2]}; exit !(c > $2 && c < $3) }"
    }
    run -0 polyhebb run large.yaml -q
    computed_within large.h5 1.9 3 # 8 MB of spins: 1.6 s are left for them
    computed_within new.h5 3 4.5   # without: 0.1 s for the states in hand
}

# A run killed in the middle, with some checkpoints in its journal.
killed_run()
{
    cp "$BATS_FILE_TMPDIR/long.yaml" .
    "$POLYHEBB" run long.yaml -q -c 0.05 $SLOW &
    checkpointed long.h5 20000
    kill -9 $!
    wait $! 2>/dev/null || true
    [ "$(stat -c %s long.h5.journal)" -gt 20000 ]
}

@test "a journal cut off anywhere: what is whole of it is kept" {
    killed_run
    size=$(stat -c %s long.h5.journal)
    truncate -s $((size - 100)) long.h5.journal
    run -0 polyhebb run long.yaml
    [[ "$output" =~ going\ on\ from\ long.h5.journal:\ [0-9]+\ checkpoints ]]
    same long.h5 "$BATS_FILE_TMPDIR/long.h5"
}

@test "a flipped byte in the journal: noted, the rest kept, the same bits" {
    killed_run
    size=$(stat -c %s long.h5.journal)
    flip long.h5.journal $((size / 3))
    run -0 polyhebb run long.yaml
    [[ "$output" =~ [1-9][0-9]*\ damaged\ record ]]
    [[ "$output" =~ going\ on\ from\ long.h5.journal:\ [1-9][0-9]*\ checkpoints ]]
    same long.h5 "$BATS_FILE_TMPDIR/long.h5"
}

@test "a journal of nobody's: refused, not touched" {
    cp "$BATS_FILE_TMPDIR/short.yaml" .
    head -c 3000 /dev/urandom >short.h5.journal
    cp short.h5.journal before
    run -1 polyhebb run short.yaml
    [[ "$output" == *"short.h5.journal"* ]]
    cmp short.h5.journal before
}

@test "scratch: killed there, what was saved is at home; a signal brings all back: the bits of one run" {
    export NEURONS=20000 SWEEPS=80 NOISE=0.05 SAMPLES=1
    make_grid
    mkdir one two
    "$POLYHEBB" run grid.yaml -q -c 0.01 $SLOW --scratch one &
    checkpointed grid.h5 12000
    kill -9 $! || true
    wait $! 2>/dev/null || true
    cmp -n "$(stat -c %s grid.h5.journal)" grid.h5.journal one/*/grid.h5.journal
    rm -rf one grid.h5.status
    "$POLYHEBB" run grid.yaml -q -c 0.01 $SLOW --scratch two &
    wait_for grid.h5.status
    kill -s USR1 $! || true
    wait $! || [ $? -eq 75 ]
    [ -s grid.h5 ]
    [ -z "$(ls two)" ]
    polyhebb run grid.yaml -q --scratch two
    leaves_nothing grid.h5
    polyhebb run grid.yaml -q -o fresh.h5
    same grid.h5 fresh.h5
}

@test "scratch: purged while a run goes on, what was saved is at home, and the run goes on from there" {
    export NEURONS=20000 SWEEPS=80 NOISE=0.05 SAMPLES=1
    make_grid
    mkdir one
    "$POLYHEBB" run grid.yaml -q -c 0.01 $SLOW --scratch one 2>said &
    checkpointed grid.h5 12000
    kill -s STOP $!
    rm -rf one/polyhebb-*
    kill -s INT $!
    kill -s CONT $!
    code=0
    wait $! || code=$?
    [ "$code" -ne 0 ]
    [ "$(stat -c %s grid.h5.journal)" -gt 12000 ]
    run -0 polyhebb run grid.yaml -q
    [[ "$output" == *"going on from grid.h5.journal"* ]]
    polyhebb run grid.yaml -q -o fresh.h5
    same grid.h5 fresh.h5
}
