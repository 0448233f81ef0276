#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-3.0-or-later
# Patterns of the user's own: from a file to a run, which has them from there on.

load common

put() { # FILE: 30 neurons, 3 correlated patterns, one neuron a row
    awk 'BEGIN { for (i = 0; i < 30; i++) {
        a = i % 2 ? 1 : -1; b = i % 5 ? a : -a; c = i % 3 ? (i < 15 ? 1 : -1) : 0; print a, b, c } }' >"$1"
}

grid() { # FILE [SWEEPS [REPLICAS]]
    printf 'network: { patterns: { file: %s } }\nnoise: [0.2, 0.5]\ndynamics: { sweeps: %s, start: archetype }\n' "$1" "${2:-20}"
    printf 'ensemble: { replicas: %s, samples: 2, lanes: 2 }\n' "${3:-2}"
}

@test "a run of a file's patterns has them: it is exported, resumed, extended and merged without the file" {
    put letters.txt
    grid letters.txt >grid.yaml
    run -0 polyhebb check grid.yaml
    run -0 polyhebb run grid.yaml -o whole.h5
    run -0 polyhebb export whole.h5 --patterns --sample 2 --point noise=0.5
    [ "$(grep -v '^#' <<<"$output")" = "$(cat letters.txt)" ]
    cp grid.yaml long.yaml
    grid letters.txt 40 4 >long.yaml
    run -0 polyhebb run long.yaml -o long.h5
    for part in 0 1; do run -0 polyhebb run long.yaml -o part.h5 --shard $part/2; done
    polyhebb grid whole.h5 >again.yaml
    [[ "$(cat again.yaml)" != *letters.txt* ]]
    rm letters.txt
    run -0 polyhebb run again.yaml -o again.h5
    run -0 same whole.h5 again.h5
    run -0 polyhebb run again.yaml -o again.h5 --set dynamics.sweeps=40 --set ensemble.replicas=4
    run -0 same long.h5 again.h5
    run -0 polyhebb merge -o merged.h5 part.0-of-2.h5 part.1-of-2.h5
    run -0 same long.h5 merged.h5
    run -0 polyhebb check merged.h5
    run -0 polyhebb export merged.h5 --quantities
}

@test "the file's name is nothing, its content the network: another one neither goes on nor is taken for it" {
    put letters.txt
    grid letters.txt >grid.yaml
    run -0 polyhebb run grid.yaml -o run.h5
    mv letters.txt other.csv
    sed -i 's/ /,/g; s/$/\r/' other.csv
    grid other.csv 40 >grid.yaml
    run -0 polyhebb run grid.yaml -o run.h5
    sed -i '1s/^-1/1/' other.csv
    run -1 polyhebb run grid.yaml -o run.h5
    [[ "$output" == *"network.patterns_given: "*" in run.h5"* ]]
    run -0 polyhebb run grid.yaml -o changed.h5
    run -1 same run.h5 changed.h5
}

@test "check says what is wrong with a file, where and of what; oddities are notes" {
    put letters.txt
    grid letters.txt >grid.yaml
    sed -i '7s/ .*/ 2 1/' letters.txt
    run -2 polyhebb check grid.yaml
    [[ "$output" == *'letters.txt:7:'*': "2", expected -1, 0 or +1'* ]]
    put letters.txt
    run -2 polyhebb check grid.yaml --set network.neurons=31
    [[ "$output" == *"network.neurons: 31, but the given patterns are 3 of 30 neurons, expected 30"* ]]
    run -2 polyhebb check grid.yaml --set network.rule=supervised
    [[ "$output" == *"expected storage"* ]]
    echo "0 0 0" >>letters.txt
    run -0 polyhebb check grid.yaml
    [[ "$output" == *"note: letters.txt: 1 of 31 neurons are blank in all patterns"* ]]
    rm letters.txt
    run -1 polyhebb check grid.yaml
    [[ "$output" == *"letters.txt: cannot be read: No such file"* ]]
}

@test "theory of given patterns is that of their network; what needs the infinite one says so" {
    put letters.txt
    grid letters.txt 200 8 >grid.yaml
    run -0 polyhebb theory grid.yaml -o theory.h5
    [[ "$output" == *"the patterns are given"*"nan"* ]]
    run -0 polyhebb check theory.h5
    run -0 polyhebb run grid.yaml -o run.h5
    run -0 polyhebb plot run.h5 -o plot
    [ -s plot-curves.dat ]
    run -1 polyhebb compare run.h5
    [[ "$output" == *"its patterns are given, and runs of such are not compared yet"* ]]
    run -1 polyhebb phase grid.yaml -o phase.h5
    [[ "$output" == *"a phase diagram is of the infinite network"* ]]
    [ ! -e phase.h5 ]
    run -0 polyhebb study grid.yaml -o study
    [[ "$output" == *"runs of given patterns are not compared yet"* ]]
    [ -s study/grid-theory.h5 ]
}
