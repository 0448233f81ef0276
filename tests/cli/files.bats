#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-3.0-or-later
# Run files: a small run, check FILE on whole, unfinished, damaged and foreign files, status.
load common

setup_file()
{
    cd "$BATS_FILE_TMPDIR" || return 1
    NEURONS=500 SWEEPS=20 make_grid
    polyhebb run grid.yaml -q
    NEURONS=500 SWEEPS=20 make_grid shard.yaml
    polyhebb run shard.yaml -q -s 0/2
}

@test "run: a small grid gives a file, a summary, a status, and nothing else" {
    NEURONS=500 SWEEPS=20 make_grid
    run -0 polyhebb run grid.yaml
    [[ "$output" == *"grid.h5: 4 of 4 points"* ]]
    leaves_nothing grid.h5
    same grid.h5 "$BATS_FILE_TMPDIR/grid.h5"
    run -0 polyhebb run grid.yaml
    [[ "$output" == *"complete already"* ]]
}

@test "run: by default into the folder one stands in, not beside the grid" {
    mkdir there
    NEURONS=500 SWEEPS=20 make_grid there/grid.yaml
    run -0 polyhebb run -q there/grid.yaml
    [ "$output" = "" ]
    [ -s grid.h5 ]
    [ "$(ls there)" = grid.yaml ]
}

@test "comparison of these tests: another seed, one changed number and a NaN all count" {
    NEURONS=500 SWEEPS=20 SEED=8 make_grid
    polyhebb run grid.yaml -q
    run -1 same grid.h5 "$BATS_FILE_TMPDIR/grid.h5"
    polyhebb run "$BATS_FILE_TMPDIR/grid.yaml" -q -o nan.h5
    same nan.h5 "$BATS_FILE_TMPDIR/grid.h5"
    /usr/bin/python3 - <<END
import h5py, numpy
with h5py.File("nan.h5", "r+") as file:
    value = file["energy_mean"][0, 0, 0, 0]
    file["energy_mean"][0, 0, 0, 0] = numpy.nextafter(value, 1)
END
    run -1 same nan.h5 "$BATS_FILE_TMPDIR/grid.h5"
    /usr/bin/python3 - <<END
import h5py
with h5py.File("nan.h5", "r+") as file:
    file["energy_mean"][0, 0, 0, 0] = float("nan")
END
    run -1 same nan.h5 "$BATS_FILE_TMPDIR/grid.h5"
}

@test "check FILE: complete 0, unfinished 75, a shard by its own part" {
    run -0 polyhebb check "$BATS_FILE_TMPDIR/grid.h5"
    [[ "$output" == *"whole, complete: 4 of 4 points"* ]]
    run -0 polyhebb check "$BATS_FILE_TMPDIR/shard.0-of-2.h5"
    [[ "$output" == *"whole, shard 0 of 2 complete: to be merged"* ]]
    SWEEPS=100000 make_grid
    run -75 polyhebb run grid.yaml -q -t 0.1
    run -75 polyhebb check grid.h5
    [[ "$output" == *"whole, resumable: 0 of 4 points"* ]]
    run -75 polyhebb run grid.yaml -q -t 0.1 -s 1/2
    run -75 polyhebb check grid.1-of-2.h5
    [[ "$output" == *"whole, shard 1 of 2 resumable"* ]]
}

@test "check FILE, status: a run that was killed is told as such, before there is a file and after" {
    SWEEPS=100000 make_grid
    for told in "not there yet, resumable from its journal" "whole, resumable: 0 of 4 points"; do
        "$POLYHEBB" run grid.yaml -q -c 0.1 &
        writer=$!
        wait_for grid.h5.status
        sleep 0.5
        run -0 polyhebb status grid.h5
        [[ "$output" == *"grid.h5: running, "*"updates/s"* ]]
        kill -9 $writer
        wait $writer 2>/dev/null || true
        run -75 polyhebb check grid.h5
        [[ "$output" == *"$told"* ]]
        [[ "$output" =~ grid.h5.journal\ holds\ [1-9][0-9]*\ checkpoints ]]
        run -0 polyhebb status grid.h5
        [[ "$output" == *"grid.h5: ended without finishing (run it again)"* ]]
        run -75 polyhebb run grid.yaml -q -t 0.1
        run -0 polyhebb status grid.h5
        [[ "$output" == *"grid.h5: stopped, "* ]]
    done
}

@test "check FILE: a theory file whole 0, damaged 4" {
    polyhebb theory "$BATS_FILE_TMPDIR/grid.h5" -o theory.h5
    run -0 polyhebb check theory.h5
    [[ "$output" == *"theory.h5: whole, a theory file: 4 points, 0 without a solution"* ]]
    truncate -s 9000 theory.h5
    run -4 polyhebb check theory.h5
    [[ "$output" == *theory.h5* ]]
}

@test "status: shards without a status are named" {
    make_grid
    for k in 0 2 3; do
        polyhebb run grid.yaml -q -s $k/6
    done
    run -0 polyhebb status grid.*-of-6.h5
    [[ "$output" == *"without a status: shards 1, 4, 5 of 6"* ]]
    run -0 polyhebb status grid.0-of-6.h5
    [[ "$output" != *"without a status"* ]]
}

@test "check FILE: a byte flipped anywhere is damage (4) or leaves the data as they were" {
    size=$(stat -c %s "$BATS_FILE_TMPDIR/grid.h5")
    damaged=0
    for k in $(seq 0 15); do
        cp "$BATS_FILE_TMPDIR/grid.h5" bad.h5
        flip bad.h5 $(((2 * k + 1) * size / 32))
        code=0
        polyhebb check bad.h5 >said 2>&1 || code=$?
        case $code in
        4 | 1) damaged=$((damaged + 1)) ;;
        0) cp bad.h5 taken.$k.h5 ;;
        *)
            echo "byte $(((2 * k + 1) * size / 32)): exit $code"
            cat said
            return 1
            ;;
        esac
    done
    [ "$damaged" -ge 4 ]
    /usr/bin/python3 - "$BATS_FILE_TMPDIR/grid.h5" taken.*.h5 <<END
import sys, h5py
whole, *taken = [h5py.File(name) for name in sys.argv[1:]]
for file in taken:
    list(file.attrs.items())
    for name, data in whole.items():
        if isinstance(data, h5py.Dataset) and data.dtype.kind in "iuf" and data.size:
            assert file[name][()].tobytes() == data[()].tobytes(), (file.filename, name)
END
}

@test "check FILE: cut off or with data overwritten is damage (4), and run does not take it either" {
    head -c 5000 "$BATS_FILE_TMPDIR/grid.h5" >cut.h5
    run -4 polyhebb check cut.h5
    [[ "$output" == *cut.h5* ]]
    cp "$BATS_FILE_TMPDIR/grid.h5" grid.h5
    /usr/bin/python3 - <<END
import h5py
with h5py.File("grid.h5") as file:
    place = file["magnetization_sums"].id.get_chunk_info(0)
with open("grid.h5", "r+b") as file:
    file.seek(place.byte_offset)
    file.write(bytes(place.size))
END
    run -4 polyhebb check grid.h5
    [[ "$output" == *"grid.h5"* ]]
    NEURONS=500 SWEEPS=20 make_grid
    cp cut.h5 before.h5
    run -4 polyhebb run grid.yaml -o cut.h5
    cmp cut.h5 before.h5
}

@test "check FILE: absent, empty, text, other people's HDF5, a newer format: exit 1" {
    echo hello >text.h5
    /usr/bin/python3 - <<END
import h5py
h5py.File("other.h5", "w")["x"] = 1
END
    cp "$BATS_FILE_TMPDIR/grid.h5" newer.h5
    /usr/bin/python3 - <<END
import h5py, numpy
with h5py.File("newer.h5", "r+") as file:
    file.attrs.modify("format_version", file.attrs["format_version"] + 1)
END
    NEURONS=500 SWEEPS=20 make_grid
    for name in text other newer; do
        run -1 polyhebb check $name.h5
        [[ "$output" == *"$name.h5"* ]]
        cp $name.h5 before
        run -1 polyhebb run grid.yaml -o $name.h5
        cmp $name.h5 before
    done
    run -1 polyhebb check absent.h5
    [[ "$output" == *"absent.h5"* ]]
}

@test "check FILE: a grid inside that is of a later polyhebb is foreign (1), one changed is damage (4)" {
    change() {
        cp "$BATS_FILE_TMPDIR/grid.h5" other.h5
        /usr/bin/python3 - "$1" "$2" <<END
import sys, h5py, numpy
with h5py.File("other.h5", "r+") as file:
    text = file["provenance/grid_bytes"][()].tobytes()
    old, new = (word.encode() for word in sys.argv[1:])
    assert old in text and len(old) == len(new)
    file["provenance/grid_bytes"][...] = numpy.frombuffer(text.replace(old, new), dtype="u1")
END
    }
    change $'\nnoise:' $'\nnoisy:'
    run -1 polyhebb check other.h5
    [[ "$output" == *"does not understand the grid in /provenance"* ]]
    change $'\nseed: 7' $'\nseed: 8'
    run -4 polyhebb check other.h5
    [[ "$output" == *"does not have the file's grid_digest"* ]]
}

@test "status: state and progress of several runs; without a status file exit 1" {
    run -0 polyhebb status "$BATS_FILE_TMPDIR/grid.h5" "$BATS_FILE_TMPDIR/shard.0-of-2.h5"
    [[ "${lines[0]}" == *"grid.h5: complete, 4 of 4 points, 100.0%"* ]]
    [[ "${lines[1]}" == *"shard 0 of 2"* ]]
    run -1 polyhebb status absent.h5
    [[ "$output" == *"absent.h5"* ]]
}

@test "the tour: a new user's first grid ends in agreement, tables and figures" {
    polyhebb new >grid.yaml
    run -0 polyhebb check grid.yaml
    polyhebb run grid.yaml -q -s 0/2
    polyhebb run grid.yaml -q -s 1/2
    run -0 polyhebb merge grid.*-of-2.h5 -o grid.h5
    run -0 polyhebb theory grid.h5
    run -0 polyhebb compare grid.h5 grid-theory.h5
    [[ "$output" == *"verdict: simulation and theory agree"* ]]
    [[ "$output" != *"solved anew"* ]]
    run -0 polyhebb compare grid.h5 --brief
    [[ "${lines[0]}" == *"note: the theory is solved anew, not read from grid-theory.h5: "* ]]
    [[ "${lines[1]}" == "theory: solved anew" ]]
    [[ "${lines[2]}" == "points: 8, undecided: "* ]]
    [[ "${lines[-2]}" == "trajectories not compared: not recorded from the start"* ]]
    [[ "$output" == *"a theory off by "*"% would be seen in half of the rows"* ]]
    run -0 polyhebb plot grid.h5 -f svg
    [ -s grid-curves.svg ]
    [ -s grid-map.svg ]
    run -0 polyhebb export grid.h5 --csv
    [ "${#lines[@]}" -eq 25 ]
    run -0 polyhebb export grid.h5 --patterns --sample 4 --point dilution=0.3
    [ "$(grep -c '^[-01]' <<<"$output")" -eq 8000 ]
}

@test "compare: simulation and theory agree (0); with the theory changed by a tenth they do not (3)" {
    cat >grid.yaml <<END
seed: 7
network: {neurons: 20000, patterns: 2, dilution: 0.2}
noise: [0.05, 0.1]
dynamics: {sweeps: 60, burn_in: 20, start: hierarchical}
ensemble: {samples: 4, replicas: 4}
END
    polyhebb run grid.yaml -q
    polyhebb theory grid.h5 -o theory.h5
    run -0 polyhebb compare grid.h5 theory.h5
    [[ "$output" == *"verdict: simulation and theory agree"* ]]
    /usr/bin/python3 - <<END
import h5py
with h5py.File("theory.h5", "r+") as file:
    for name in ("magnetization", "magnetization_sample"):
        file[name][...] *= 0.9
END
    run -3 polyhebb compare grid.h5 theory.h5
    [[ "$output" == *"verdict: simulation and theory disagree"* ]]
    run -1 polyhebb compare absent.h5
}

@test "plot draws its figures side by side, and after one that fails none takes its name" {
    command -v gnuplot >/dev/null || skip "gnuplot is not installed"
    [ "$(OMP_NUM_THREADS='' nproc)" -ge 2 ] || skip "one processor"
    SWEEPS=10 NEURONS=200 make_grid
    polyhebb run grid.yaml -q
    mkdir bin

    # None goes on before another one is at work, for ten seconds.
    printf '#!/bin/sh\n: >at.$$\nfor i in $(seq 100); do\n[ $(ls at.* | wc -l) -lt 2 ] || PATH=%s exec gnuplot "$@"\nsleep 0.1\ndone\nexit 3\n' \
        "'$PATH'" >bin/gnuplot
    chmod 755 bin/gnuplot
    OMP_NUM_THREADS=2 PATH=$PWD/bin:$PATH run -0 polyhebb plot grid.h5 -f png -o two
    [ "$output" = "$(printf '%s\n' two-curves.png two-map.png)" ]
    [ -s two-curves.png ]
    [ -s two-map.png ]

    # On one thread there is one at a time, and they are the same.
    printf '#!/bin/sh\nmkdir at || exit 3\nPATH=%s gnuplot "$@"\nrmdir at\n' "'$PATH'" >bin/gnuplot
    OMP_NUM_THREADS=1 PATH=$PWD/bin:$PATH run -0 polyhebb plot grid.h5 -f png -o one
    [ "$output" = "$(printf '%s\n' one-curves.png one-map.png)" ]
    cmp one-map.png two-map.png

    printf '#!/bin/sh\ncase "$*" in *curves*) exit 3;; esac\nPATH=%s exec gnuplot "$@"\n' "'$PATH'" >bin/gnuplot
    OMP_NUM_THREADS=2 PATH=$PWD/bin:$PATH run -1 polyhebb plot grid.h5 -f png -o bad
    [[ "$output" == *"gnuplot failed on bad-curves.gp (exit status 3): it said nothing"* ]]
    [ "$(echo bad-*)" = "bad-curves.dat bad-curves.gp bad-map.dat bad-map.gp" ]
}

@test "the README's tour: every line works as it stands, and says what its comment promises" {
    command -v gnuplot >/dev/null || skip "gnuplot is not installed"
    mkdir checkout
    ln -s "$BATS_TEST_DIRNAME/../../params" checkout/params
    typed
    pieces README.md
    # Of the phase diagram a corner is enough.
    sed -e '/^export PATH/d' -e 's/phase-storage-k3.yaml/& --set network.dilution=[0.3,0.6] --set noise=[0.1,0.3]/' 1.sh >tour
    [ "$(wc -l <tour)" -ge 15 ]
    cd checkout
    eval "$(head -n 1 ../tour)"
    while read -r line; do
        run -0 bash -c "$line"
    done < <(tail -n +2 "$BATS_TEST_TMPDIR/tour")
    [ "$(ls -A ../..)" = "$(printf '%s\n' out params)" ] # what git leaves alone, and nothing else
    [[ "$output" == *magnetization* ]] # what xarray prints
    [ -s grid.h5 ]
    [ -s grid-theory.h5 ]
    [ -s grid-array.sh ]
    [ -s grid-merge.sh ]
    [ -s phase-diagram.png ]
    [ -s grid-curves.pdf ]
    [ -s grid-map.svg ]
    [ -s cue-dilution-0.4-noise-0.45-trajectory.png ]
    # What a new user sees first moves: pattern 1 from a fifth of its 0.6 to nearly all of it.
    awk '/^# pattern 1/ { on = 1; next } /^# pattern 2/ { exit } on && NF > 3 { if (first == "") first = $2; last = $2 }
        END { exit !(first < 0.15 && last > 0.55) }' cue-dilution-0.4-noise-0.45-trajectory.dat
    [ -s grid-dilution-0.1-noise-0.02-states.png ]
    [ -s grid-dilution-0.1-overlaps.png ]
}

@test "status GRID: each part of its run, done, running, silent, stopped or not begun" {
    make_grid
    run -1 polyhebb status grid.yaml
    for part in 1 4; do polyhebb run -q grid.yaml -s $part/6; done
    rm grid.4-of-6.h5.status
    NEURONS=20000 SWEEPS=6000 make_grid long.yaml
    "$POLYHEBB" run -q long.yaml -o grid.h5 -s 3/6 &
    job=$!
    wait_for grid.3-of-6.h5.status
    run -0 polyhebb status grid.yaml
    [[ "$output" == *"grid: 6 parts"*"  3: "*"not begun: 3 (0, 2, 5)"*"done: 2 (1, 4)"*"running: 1 (3)"*"of the work"* ]]
    [[ "$output" != *"points"* ]]
    checkpointed grid.3-of-6.h5
    kill -9 $job
    wait $job || true
    run -0 polyhebb status grid.yaml
    [[ "$output" == *"stopped, to be run again: 1 (3)"* ]]
    rm grid.3-of-6.h5.status
    run -0 polyhebb status grid.yaml
    [[ "$output" == *"stopped, to be run again: 1 (3)"* ]]
    run -0 polyhebb status grid.1-of-6.h5.status
    [[ "$output" == "grid.1-of-6.h5: complete, 100.0%, shard 1 of 6"* ]]
    sed 's/^state: .*/state: running/; s/^host: .*/host: node17/; s/^updated: .*/updated: 2020-01-01T00:00:00Z/' \
        grid.1-of-6.h5.status >grid.5-of-6.h5.status
    run -0 polyhebb status grid.yaml
    [[ "$output" == *"  5: 100.0%, last heard of "*" years ago (node17"*"no sign of life: 1 (5)"* ]]
    echo >grid.5-of-6.h5 && rm grid.5-of-6.h5.status
    run -0 polyhebb status grid.yaml
    [[ "$output" == *"unreadable: 1 (5)"* ]]
    rm grid.[0-9]*
    polyhebb run -q grid.yaml
    run -0 polyhebb status grid.yaml
    [[ "$output" == "grid.h5: complete, 4 of 4 points"* ]]
}

# In proportion to their number, as the table of docs/clusters.md has it: by its square it took a minute.
@test "check: a hundred thousand points within seconds" {
    cat >many.yaml <<END
network: {neurons: 20, patterns: 2, dilution: {from: 0.0, to: 0.9, steps: 100}}
noise: {from: 0.1, to: 1.5, steps: 1000}
dynamics: {sweeps: 5, burn_in: 0}
ensemble: {samples: 1, replicas: 1}
END
    run -0 bash -c "ulimit -t 10; '$POLYHEBB' check many.yaml"
    [[ "$output" == "points:     100000 = "* ]]
}

@test "plot, compare: damaged records end them in any thread, and no figure, table or part of one is left" {
    cp "$BATS_FILE_TMPDIR/grid.h5" bad.h5
    run -5 polyhebb compare bad.h5 -o whole.tsv
    flip bad.h5 "$(/usr/bin/python3 -c '
import h5py
chunk = h5py.File("bad.h5")["magnetization"].id.get_chunk_info(0)
print(chunk.byte_offset + chunk.size // 2)')"
    for threads in 1 3; do
        export OMP_NUM_THREADS=$threads
        run -4 polyhebb plot bad.h5 -f png -c whole.tsv
        [[ "$output" == *"bad.h5: "* ]]
        run -4 polyhebb compare bad.h5 -o table.tsv
        [[ "$output" == *"bad.h5: "* ]]
        [ "$(echo *)" = "bad.h5 whole.tsv" ]
    done
}
