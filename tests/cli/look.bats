#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-3.0-or-later
# A run is looked at while it goes on, or after it was killed, from its file and journal; nothing changes by that.
# And `polyhebb grid` gives back the grid that makes it again.
load common

# killed/: four finished points in grid.h5, and a journal of four large ones that were begun. The large
# ones take a minute at least: no machine is so fast or so busy that they end before the kill.
setup_file()
{
    mkdir "$BATS_FILE_TMPDIR/killed"
    cd "$BATS_FILE_TMPDIR/killed" || return 1
    NEURONS=300 SWEEPS=400 REPLICAS=8 make_grid
    polyhebb run grid.yaml -q
    polyhebb export grid.h5 --csv >../finished.csv
    NEURONS='[300, 200000]' SWEEPS=400 REPLICAS=8 make_grid
    "$POLYHEBB" run grid.yaml -q -c 0.01 &
    checkpointed grid.h5 1500000
    kill -9 $!
    wait $! || true
}

# fetch_killed: a copy to look at, and what it is.
fetch_killed()
{
    cp -a "$BATS_FILE_TMPDIR/killed" run
    known run >before
}

# known FOLDER: everything in it, byte for byte and with its times.
known()
{
    stat -c '%n %s %Y %Z %i' "$1"/*
    cksum "$1"/*
}

@test "a killed run: finished points as in its file, begun ones marked; nothing is changed" {
    fetch_killed
    run -0 --separate-stderr polyhebb export run/grid.h5 --csv
    [[ "$stderr" == *"run/grid.h5: unfinished: 4 of 8 points, from run/grid.h5.journal"* ]]
    awk -F, '$1 == 300 || NR == 1' <<<"$output" | cut -d, -f2- | diff - "$BATS_FILE_TMPDIR/finished.csv"
    [ "$(awk -F, '$1 == 200000 && $NF ~ /unfinished|empty/' <<<"$output" | wc -l)" -eq 12 ]
    run -0 polyhebb export run/grid.h5 --trajectory -p neurons=300,dilution=0.2,noise=0.3
    [ "$(grep -vc '^#\|^polyhebb' <<<"$output")" -eq 401 ]
    run -0 polyhebb status run/grid.h5
    [[ "$output" == *"ended without finishing"*"run/grid.h5: unfinished: 4 of 8 points, from run/grid.h5.journal"* ]]
    polyhebb plot run/grid.h5 -f svg -o fig -F curves -p neurons=300,noise=0.05 2>said
    grep -q "unfinished: 4 of 8 points" said
    [ -s fig*-curves.svg ]
    known run | diff before -
}

@test "a killed run is compared where it is finished" {
    fetch_killed
    run polyhebb compare run/grid.h5 --csv
    [[ "$output" == *"unfinished: 4 of 8 points, from run/grid.h5.journal"* ]]
    [ "$(grep -c '^200000,.*,undecided,chains not finished' <<<"$output")" -eq 12 ]
    [ "$(grep -c '^300,' <<<"$output")" -eq 12 ]
    polyhebb compare run/grid.h5 >table || true
    [ "$(grep -c '^200000 .* nan +- nan *nan *nan *nan *nan *nan *nan +- nan *undecided: chains not finished$' table)" -eq 12 ]
    run -1 grep '^300,.*chains not finished' <<<"$output"
    known run | diff before -
}

@test "a run killed before it had a file: its journal says the grid, and what was begun is there" {
    fetch_killed
    rm run/grid.h5 run/grid.h5.status
    known run >before
    run -0 --separate-stderr polyhebb export run/grid.h5 --csv
    [[ "$stderr" == *"unfinished: 0 of 8 points, from run/grid.h5.journal"* ]]
    [ "$(grep -c '^300,.*,empty$' <<<"$output")" -eq 12 ]
    grep -q '^200000,.*unfinished$' <<<"$output"
    run -0 polyhebb status run/grid.h5
    [ "$output" = "run/grid.h5: unfinished: 0 of 8 points, from run/grid.h5.journal" ]
    polyhebb grid run/grid.h5 >grid.yaml
    polyhebb check grid.yaml --expand | diff - <(polyhebb check run/grid.yaml --expand)
    known run | diff before -
}

@test "a record that is just being appended is not there yet, and not damaged" {
    fetch_killed
    polyhebb export run/grid.h5 >whole
    size=$(stat -c %s run/grid.h5.journal)
    for more in 20 31 33 5000; do
        head -c $((24 + 2000 + more)) run/grid.h5.journal | tail -c "$more" >>run/grid.h5.journal
        known run >before
        run -0 --separate-stderr polyhebb export run/grid.h5
        diff whole - <<<"$output"
        [[ "$stderr" != *damaged* ]]
        known run | diff before -
        truncate -s "$size" run/grid.h5.journal
    done
}

@test "a running run is looked at again and again, and ends with the bits of one nobody looked at" {
    NEURONS=20000 SWEEPS=60 make_grid
    "$POLYHEBB" run grid.yaml -q -c 0.02 $SLOW &
    checkpointed grid.h5
    kill -STOP $!
    polyhebb grid grid.h5 >again.yaml
    run -0 polyhebb export grid.h5
    [[ "$output" == *"grid.h5: unfinished: "[0-3]" of 4 points, from grid.h5.journal"* ]]
    kill -CONT $!
    while kill -0 $! 2>/dev/null; do
        sleep 0.05
        polyhebb export grid.h5 >table 2>said || { cat said; return 1; }
        run -1 grep -q damaged said
    done
    wait $!
    leaves_nothing grid.h5
    run -0 --separate-stderr polyhebb export grid.h5
    [ -z "$stderr" ]
    polyhebb run again.yaml -q
    same grid.h5 again.h5
    polyhebb grid again.h5 | diff again.yaml -
}

@test "folders that cannot be written to are looked into; what is put together needs TMPDIR" {
    fetch_killed
    run -1 env TMPDIR=/absent "$POLYHEBB" export run/grid.h5
    [[ "$output" == *"/absent: takes no temporary file (set TMPDIR"* ]]
    chmod a-w run run/*
    as=()
    [ "$(id -u)" -ne 0 ] || as=(setpriv --inh-caps=-all --bounding-set=-all)
    run -1 "${as[@]}" touch run/new
    run -0 "${as[@]}" "$POLYHEBB" export run/grid.h5
    [[ "$output" == *"unfinished: 4 of 8 points"* ]]
    run -0 "${as[@]}" "$POLYHEBB" status run/grid.h5
    chmod u+w run
}

@test "a journal of 0.1.0 holds no grid: told where there is no file, else the file's" {
    cp "$DATA"/0.1.0/interrupted.h5.journal .
    for verb in export compare plot grid; do
        run -1 polyhebb $verb interrupted.h5
        [[ "$output" == *"interrupted.h5.journal, of an earlier version, does not say which grid"* ]]
    done
    cp "$DATA"/0.1.0/stopped.h5 interrupted.h5
    run -0 polyhebb export interrupted.h5
    [[ "$output" == *"from interrupted.h5.journal"* ]]
}

@test "grid: of runs, shards, theory, phase and comparison files; run again it gives the same bits" {
    NEURONS=300 SWEEPS=10 make_grid
    polyhebb run grid.yaml -q
    polyhebb run grid.yaml -q -s 1/2
    polyhebb theory grid.yaml
    polyhebb phase grid.yaml
    polyhebb compare grid.h5 -o table.h5 || true
    polyhebb grid grid.h5 >one.yaml
    for file in grid.1-of-2.h5 grid-theory.h5 grid-phase.h5 table.h5; do
        polyhebb grid $file | diff one.yaml -
    done
    polyhebb run one.yaml -q
    same grid.h5 one.h5
    polyhebb grid one.h5 -o two.yaml
    cmp one.yaml two.yaml
    polyhebb grid one.h5 -o two.yaml
    run -2 polyhebb grid one.h5 -o grid.yaml
    [[ "$output" == *"grid.yaml exists and is not a grid that 'polyhebb grid' wrote"* ]]
    run -1 polyhebb grid grid.yaml
    run -1 polyhebb grid absent.h5
    [[ "$output" == *"absent.h5: cannot be read: No such file"* ]]
}
