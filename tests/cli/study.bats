#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-3.0-or-later
# From grids to figures and verdicts in one go: what is made, what is not made again, exit codes.
load common

# small [FILE]: two points that the comparison decides, in a tenth of a second of one core.
small()
{
    cat >"${1:-grid.yaml}" <<END
title: a study
network: {neurons: ${NEURONS:-1000}, patterns: 1, dilution: [0.1, 0.3]}
noise: 0.3
dynamics: {start: hierarchical, sweeps: ${SWEEPS:-40}, burn_in: 20}
ensemble: {samples: 2, replicas: 16}
END
}

# A study of grid.yaml in out/, and of every file there when it was written.
studied()
{
    small
    run -0 polyhebb study grid.yaml -f svg -o out
    stat -c '%n %y' out/* | grep -v status >before
}

@test "study: what run, theory, compare and plot make one by one, and the table" {
    studied
    [[ "$output" == *"[1/1] grid: run"*"[1/1] grid: theory"*"[1/1] grid: compare"*"[1/1] grid: plot"* ]]
    [[ "$output" =~ grid\ +agree\ +2\ +0\ +0\ +.*out/grid-curves.svg ]]
    polyhebb run grid.yaml -q
    polyhebb theory grid.h5
    polyhebb compare grid.h5 -o table.h5
    polyhebb plot grid.h5 --comparison table.h5 -o grid -f svg
    same grid.h5 out/grid.h5
    same grid-theory.h5 out/grid-theory.h5
    same table.h5 out/grid-comparison.h5
    cmp grid-curves.dat out/grid-curves.dat
    cmp grid-curves.svg out/grid-curves.svg
}

@test "study: options of print go to every figure, and another look is drawn anew" {
    studied
    cp out/grid-curves.svg usual.svg
    for look in --monochrome "--font Serif,9"; do
        # shellcheck disable=SC2086
        run -0 polyhebb study grid.yaml -f svg -o out $look
        [[ "$output" == *": plot"* ]]
        # shellcheck disable=SC2086
        polyhebb plot out/grid.h5 --comparison out/grid-comparison.h5 -o grid -f svg $look
        cmp grid-curves.svg out/grid-curves.svg
        run cmp -s usual.svg out/grid-curves.svg
        [ "$status" -eq 1 ]
        # shellcheck disable=SC2086
        run -0 polyhebb study grid.yaml -f svg -o out $look
        [[ "$output" != *": plot"* ]]
    done
    run -0 polyhebb study grid.yaml -f svg -o out
    cmp usual.svg out/grid-curves.svg
    run -0 polyhebb study grid.yaml --tex -o out
    [[ "$output" == *out/grid-curves-tex.tex* ]]
    [ -s out/grid-curves-tex.pdf ]
    run -0 polyhebb study grid.yaml --tex -o out
    [[ "$output" != *": plot"* ]]
    stat -c '%n %y' out/*.h5 >after
    grep '\.h5 ' before | cmp after -
    run -2 polyhebb study grid.yaml --tex -f svg
    [[ "$output" == *"--tex is a format of its own"* ]]
    cp grid.yaml "a b.yaml"
    run -2 polyhebb study "a b.yaml" --tex
    [[ "$output" == *"expected for LaTeX letters"*"rename the grid's file"* ]]
    [ ! -e "a b.h5" ]
}

@test "study: what is there is not made again, only what a change makes another" {
    studied
    run -0 polyhebb study grid.yaml -f svg -o out
    [[ "$output" =~ grid\ +agree\ +2\ +0\ +.*out/grid-curves.svg ]]
    [[ "$output" != *theory* && "$output" != *"compare"* && "$output" != *plot* ]]
    stat -c '%n %y' out/* | grep -v status | cmp before -
    rm out/grid-curves.svg
    run -0 polyhebb study grid.yaml -f svg -o out
    [ -s out/grid-curves.svg ]
    sed -i 's/a study/another title/' grid.yaml
    run -0 polyhebb study grid.yaml -f svg -o out
    grep -q "another title" out/grid-curves.gp
    stat -c '%n %y' out/*.h5 >after
    grep '\.h5 ' before | cmp after -
    run -0 polyhebb study grid.yaml -f svg -o out -S ensemble.samples=3
    [[ "$output" == *": theory"*": compare"*": plot"* ]]
    stat -c '%n %y' out/*.h5 >later
    [ "$(sort after later | uniq -d | wc -l)" -eq 0 ]
    touch later.svg
    mv later.svg out/grid-curves.svg # an empty figure is none
    run -0 polyhebb study grid.yaml -f svg -o out -S ensemble.samples=3
    [ -s out/grid-curves.svg ]
}

@test "study: --paper takes the grids' other size, and of many grids it says how far it is" {
    small
    echo 'paper: { samples: 3, network.dilution: 0.2 }' >>grid.yaml
    sed 's/neurons: 1000/neurons: 500/' grid.yaml >other.yaml
    run -0 polyhebb study grid.yaml other.yaml -f svg -o out --paper -S replicas=20
    [[ "$output" == *"[1/2] grid: run"* ]]
    [[ "$output" =~ \[2/2,\ about\ [0-9].*\ left\]\ other:\ run ]]
    polyhebb grid out/grid.h5 >made.yaml
    polyhebb check made.yaml | grep -q '^chains: *60 (samples 3 x replicas 20 a point)'
    polyhebb check grid.yaml | grep -q '^points: *2 '
    polyhebb check -S paper=true grid.yaml | grep -q '^chains: *48 '
    small plain.yaml
    run -2 polyhebb study grid.yaml plain.yaml --paper -o none
    [[ "$output" == *"plain.yaml:1:1: the grid has no other size"* ]]
    run -2 polyhebb study grid.yaml --paper -S paper=false -o none
    [[ "$output" == *"--set paper=false: paper is set twice"* ]]
    [ ! -e none ]
}

@test "study: all grids are read before the first is run, and all that is wrong is said" {
    small
    mkdir other
    cp grid.yaml other/
    sed 's/dilution/dilutoin/' grid.yaml >one.yaml
    sed 's/sweeps: 40/sweeps: many/' grid.yaml >two.yaml
    run -2 polyhebb study grid.yaml one.yaml two.yaml -o out
    [[ "$output" == *"one.yaml:2"*dilutoin*"two.yaml:4"*many* ]]
    run -2 polyhebb study grid.yaml other/grid.yaml
    [[ "$output" == *"grid.yaml and other/grid.yaml would have results of one name"* ]]
    run -1 polyhebb study grid.yaml nothere.yaml
    sed 's/dilution/rule: supervised, examples: 40000, dilution/' grid.yaml >many.yaml
    run -1 polyhebb study grid.yaml many.yaml
    [[ "$output" == *"expected at most 32767"* ]]
    mkdir mine
    echo mine >mine/grid-theory.h5
    run -2 polyhebb study grid.yaml -o mine
    [ "$(cat mine/grid-theory.h5)" = mine ]
    [ ! -e out ]
    [ ! -e grid.h5 ]
    [ ! -e mine/grid.h5 ]
}

# stopped_in_run FOLDER: a study of grid.yaml and long.yaml that gets a signal while the second is simulated. Where the
# machine was faster than the signal, a longer run is tried.
stopped_in_run()
{
    for sweeps in 400 1600 6400 25600; do
        rm -rf "$1"
        NEURONS=20000 SWEEPS=$sweeps small long.yaml
        "$POLYHEBB" study grid.yaml long.yaml -f svg -o "$1" >said 2>noted &
        wait_for "$1/grid-curves.svg"
        checkpointed "$1/long.h5" 500 # its grid is there
        kill -TERM $!
        code=0
        wait $! || code=$?
        ! grep -q "long: theory" noted || continue
        return 0
    done
    echo "no signal came in time"
    return 1
}

@test "study: a signal ends it with 75, and the same command goes on to the same results" {
    small
    stopped_in_run out
    [ "$code" -eq 75 ]
    grep -q "in grid 2 of 2; everything is saved. The same command goes on from here" said
    leaves_nothing out/long.h5
    run -75 polyhebb check out/long.h5
    [ ! -e out/long-theory.h5 ]
    run -0 polyhebb study grid.yaml long.yaml -f svg -o out
    [[ "$output" =~ long\ +agree\ .*out/long-curves.svg ]]
    polyhebb run long.yaml -q
    same long.h5 out/long.h5
    run -75 polyhebb study long.yaml -o later -t 0.01
}

# Theory ends before its next point, and keeps nothing of what it has.
@test "study: a signal ends it in the middle of a theory" {
    cat >slow.yaml <<END
network: {rule: unsupervised, neurons: 3000, patterns: 2, dilution: {from: 0.1, to: 0.6, steps: 60},
          examples: 4, quality: 0.8}
noise: 0.3
dynamics: {start: hierarchical, sweeps: 2, burn_in: 2}
ensemble: {samples: 2, replicas: 2}
theory: {kinds: [mean_field, flow]}
END
    "$POLYHEBB" study slow.yaml -f svg -o out >said 2>noted &
    wait_for out/slow.h5
    while ! grep -q "slow: theory" noted; do sleep 0.02; done
    kill -TERM $!
    code=0
    wait $! || code=$?
    [ "$code" -eq 75 ]
    grep -q "stopped before the end, in grid 1 of 1; everything is saved" said
    [ ! -e out/slow-theory.h5 ]
    run grep -q "compare\|failed" noted
    [ "$status" -eq 1 ]
    leaves_nothing out/slow.h5
}

@test "study: the exit code is the worst of the grids', and one that fails leaves the others" {
    studied
    NEURONS=100 small near.yaml
    sed -i 's/patterns: 1, dilution: .*}/patterns: 1}/; s/^noise.*/noise: [1, 1.01]/' near.yaml
    run -5 polyhebb study near.yaml grid.yaml -f svg -o out
    [[ "$output" == *"why: polyhebb compare -b out/near-comparison.h5"* ]]
    /usr/bin/python3 - <<END
import h5py
with h5py.File("out/grid-comparison.h5", "r+") as file:
    for name, value in ("deviate", 50), ("verdict", 1):
        values = file[name][...]
        values[0] = value
        file[name][...] = values
END
    run -3 polyhebb study near.yaml grid.yaml -f svg -o out
    [[ "$output" =~ near\ +undecided\ .*grid\ +disagree\ +2\  ]]
    cp near.yaml fails.yaml
    mkdir out/fails.h5.journal
    run -1 polyhebb study fails.yaml near.yaml grid.yaml -f svg -o out
    [[ "$output" =~ fails\ +none\ .*near\ +undecided\ .*grid\ +disagree ]]
}

@test "study: a grid says what it is drawn as, and is refused before it is run where it cannot be" {
    small
    echo "figure: { x: noise, by: dilution, compare: [flow] }" >>grid.yaml
    sed -i 's/^noise:.*/noise: [0.3, 0.4]/' grid.yaml
    for wrong in "y=binderr: --y binderr: expected of " "x=rule:x rule: dilution, noise can be drawn" \
        "compare=basin:compare: basin has no line of" "scale=loq:figure.scale: loq is unknown"; do
        run -2 polyhebb study grid.yaml -o out -S "figure.${wrong%%:*}"
        [[ "$output" == *"${wrong#*:}"* ]]
        [ ! -e out/grid.h5 ]
        run -2 polyhebb check grid.yaml -S "figure.${wrong%%:*}"
        [[ "$output" == *"${wrong#*:}"* ]]
    done
    run -0 polyhebb check grid.yaml
    run -0 polyhebb study grid.yaml -f svg -o out
    [[ "$output" == *"out/grid-magnetization-noise-dilution.svg"* ]]
    grep -q "flow<" out/grid-magnetization-noise-dilution.svg
    polyhebb run grid.yaml -q
    run -0 polyhebb plot grid.h5 -f svg -o again
    [ "$output" = again-magnetization-noise-dilution.svg ]
    cmp again-magnetization-noise-dilution.dat out/grid-magnetization-noise-dilution.dat
    run -0 polyhebb plot grid.h5 -f svg --x dilution --y energy -o again
    [ "$output" = again-energy-dilution.svg ]
    run -2 polyhebb plot grid.h5 --scale logx
    [[ "$output" == *"--scale logx: expected auto, linear, log, logy or loglog"* ]]
}

# What figures of theory need is solved for them: nothing else in the grid asks for it.
@test "study: a grid's own figures, of its run, its theory and its phase diagram" {
    cat >grid.yaml <<END
network: {rule: supervised, neurons: 200, patterns: 1, dilution: [0.1, 0.3, 0.5], examples: 5, quality: 0.5}
noise: [0.3, 0.5, 0.7]
dynamics: {start: archetype, sweeps: 20, burn_in: 10}
ensemble: {replicas: 4}
figure: {draw: [map, diagram]}
END
    run polyhebb study grid.yaml -f svg -o out
    [[ "$output" == *": phase"* ]]
    [[ "$output" == *"out/grid-{diagram,map}.svg"* ]]
    polyhebb check out/grid-phase.h5
    touch -d '1 hour ago' out/grid-phase.h5
    stat -c %y out/grid-phase.h5 >before
    run polyhebb study grid.yaml -f svg -o out
    [[ "$output" != *": phase"* ]]
    stat -c %y out/grid-phase.h5 | cmp before -
    run polyhebb study grid.yaml -f svg -o thresholds -S noise=0.3 -S figure.draw=thresholds
    [[ "$output" == *" thresholds/grid-thresholds.svg"* ]]
    [ ! -e thresholds/grid-phase.h5 ]
    run polyhebb study grid.yaml -f svg -o path -S noise=0.3 -S network.dilution=0.1 -S figure.draw=trajectory
    [[ "$output" == *" path/grid-trajectory.svg"* ]]
    run -2 polyhebb study grid.yaml -o none -S noise=0.3 -S figure.draw=diagram
    [[ "$output" == *"a phase diagram is drawn over two axes; this leaves 1 open"*"its figure cannot be drawn"* ]]
    run -2 polyhebb study grid.yaml -o none -S figure.draw=trajectory
    [[ "$output" == *"9 points are selected"* ]]
    [ ! -e none ]
    run polyhebb study grid.yaml -f svg -o networks -S figure.draw=attractors
    [[ "$output" == *": attractors"* ]]
    [[ "$output" == *" networks/grid-dilution-0.{1,3,5}-attractors.svg"* || -s networks/grid-dilution-0.3-attractors.svg ]]
    polyhebb check networks/grid-attractors.h5
    [ ! -e networks/grid-phase.h5 ]
    run polyhebb study grid.yaml -f svg -o networks -S figure.draw=attractors
    [[ "$output" != *": attractors"* ]]
    run -2 polyhebb study grid.yaml -o none -S figure.draw=attractors -S noise=0.3
    [[ "$output" == *"no axis of it is open"*"its figure cannot be drawn"* ]]
    mkdir mine
    echo mine >mine/grid-attractors.h5
    run -2 polyhebb study grid.yaml -o mine -S figure.draw=attractors
    [ "$(cat mine/grid-attractors.h5)" = mine ]
    echo mine >mine/grid-phase.h5
    run -2 polyhebb study grid.yaml -o mine
    [ "$(cat mine/grid-phase.h5)" = mine ]
}

# A name that is no file stops the study behind the reading of all.
@test "study: every grid of the atlas is read, and so is its figure" {
    atlas=("$DATA"/../../params/atlas/*.yaml)
    [ "${#atlas[@]}" -ge 3 ]
    for grid in "${atlas[@]}"; do
        grep -q "^figure: " "$grid"
        grep -q "polyhebb study params/atlas/$(basename "$grid") -o out" "$grid"
        grep -q "^paper: { " "$grid"
        grep -q "params/atlas/$(basename "$grid")'" "$DATA/../validation/meson.build"
        grep -q "^| .$(basename "$grid" .yaml). |" "$DATA/../../docs/atlas.md"
        run -0 polyhebb check -S paper=true "$grid"
    done
    run -1 polyhebb study "${atlas[@]}" nothere.yaml
    [ "$output" = "polyhebb: error: nothere.yaml: cannot be read: No such file or directory" ]
}

@test "study: an inset that its figures cannot have is an error of the grid" {
    cat >plain.yaml <<END
network: {neurons: 50, patterns: 2, dilution: [0, 0.2, 0.4, 0.6, 0.8]}
noise: [0.1, 0.3, 0.5, 0.7]
dynamics: {start: hierarchical, sweeps: 10}
END
    while IFS='|' read -r figure words; do
        { cat plain.yaml; echo "figure: $figure"; } >grid.yaml
        tail -n 1 grid.yaml
        for verb in check "study -o none"; do
            # shellcheck disable=SC2086
            run -2 polyhebb $verb grid.yaml
            [[ "$output" == *"figure.inset$words"* ]]
            [[ "$output" != *"--inset"* ]]
        done
    done <<END
{ draw: [curves, map], inset: "0.1:0.2,0.1:0.2" }| is of one figure, here there are 2 ('curves', 'map'): choose one by figure.draw
{ draw: [curves, diagram], inset: "0.1:0.2,0.1:0.2" }| is of one figure, or of diagram and map
{ draw: overlaps, inset: "0.1:0.2,0.1:0.2" }| one of curves, map, quantity, diagram
{ draw: curves, inset: "0.1:0.2,5:6" }|: along magnetization 5 to 6 was asked for, expected a part of -1 to 1
{ draw: curves, inset: "1:2,0:0.5" }|: along dilution 1 to 2 was asked for
{ draw: map, inset: "0.1:0.2,0.1:0.9" }|: along noise 0.1 to 0.9 was asked for
{ draw: diagram, inset: "0.1:0.9,0.1:0.2" }|: along dilution 0.1 to 0.9 was asked for
END
    [ -z "$(ls | grep none)" ]
    { cat plain.yaml; echo 'figure: { draw: [diagram, map], inset: "0.1:0.2,0.1:0.2" }'; } >grid.yaml
    run -0 polyhebb check grid.yaml
    # What is known after the simulation alone says where it was asked for, too.
    { cat plain.yaml; echo 'figure: { draw: curves, inset: "0.1:0.7,-2:1" }'; } >grid.yaml
    run polyhebb study grid.yaml -o late -q
    [ "$status" -ne 0 ]
    [[ "$output" == *"figure.inset: along magnetization -2 to 1 was asked for"* ]]
}
