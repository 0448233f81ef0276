#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-3.0-or-later
# What the program says and with which exit code: help, misspelt keys, impossible values and sizes.
load common

@test "help: the program's names every verb, every verb's names its options" {
    run -0 polyhebb --help
    verbs=$(sed -n 's/^  \([a-z]*\) .*/\1/p' <<<"$output")
    [ "$(wc -w <<<"$verbs")" -ge 6 ]
    for verb in $verbs; do
        run -0 polyhebb "$verb" --help
        [[ "$output" == "Usage: polyhebb $verb "* ]]
    done
}

@test "version: name, number, revision" {
    run -0 polyhebb --version
    [[ "$output" =~ ^polyhebb\ [0-9]+\.[0-9]+\.[0-9]+\ \([0-9a-z]+\)$ ]]
}

@test "no verb, an unknown verb, an unknown option, a missing argument: exit 2" {
    run -2 polyhebb
    run -2 polyhebb frobnicate
    [[ "$output" == *"unknown verb 'frobnicate'"* ]]
    run -2 polyhebb run --frobnicate
    for verb in run check status merge; do
        run -2 polyhebb $verb
    done
    make_grid
    run -2 polyhebb run grid.yaml extra
    run -2 polyhebb run grid.yaml -o ''
    run -2 polyhebb run grid.yaml -j 0
    run -2 polyhebb run grid.yaml -s 2/2
    run -2 polyhebb run grid.yaml -t soon
    run -2 polyhebb merge grid.h5
    [ ! -e grid.h5 ]
}

@test "a grid that cannot be read: exit 1, named" {
    for verb in run check; do
        run -1 polyhebb $verb nothere.yaml
        [[ "$output" == *"nothere.yaml"*"No such file"* ]]
        run -1 polyhebb $verb .
    done
}

@test "a misspelt key: exit 2, its place and the right word" {
    make_grid
    sed -i 's/samples:/sampels:/' grid.yaml
    run -2 polyhebb run grid.yaml
    [[ "$output" == *"grid.yaml:6:12: "*"sampels"*"samples"* ]]
    [ ! -e grid.h5 ]
    make_grid
    run -2 polyhebb run grid.yaml --set netwrk.neurons=10
    [[ "$output" == *"network.neurons"* ]]
}

@test "impossible values: exit 2, the key and its range" {
    make_grid
    for bad in noise=.nan noise=-0.1 noise=.inf network.dilution=1.01 network.dilution=-0.01 \
        network.dilution=.nan network.patterns=0 network.patterns=5000 network.neurons=0 \
        network.neurons=-3 network.neurons=1.5 dynamics.sweeps=0 ensemble.samples=0 seed=-1 \
        'noise=[]' 'noise=[0.1, 0.1]' dynamics.start=warm; do
        run -2 polyhebb run grid.yaml --set "$bad"
        [[ "$output" == *"${bad%%=*}"* ]]
        [[ "$output" == *expected* ]]
    done
    [ ! -e grid.h5 ]
}

@test "sizes this machine cannot hold: exit 1 at once, what is needed and what there is" {
    make_grid
    for big in ensemble.samples=1000000000 network.neurons=1073741824 dynamics.sweeps=1000000000000; do
        run -1 timeout 10 "$POLYHEBB" run grid.yaml --set "$big" --set network.patterns=100
        [[ "$output" =~ needs\ about\ [0-9.e+]+\ .B.*[0-9.e+]+\ .B\ are ]]
        leaves_nothing grid.h5
        [ ! -e grid.h5 ]
    done
    run -1 timeout 10 "$POLYHEBB" run grid.yaml --set ensemble.samples=1000000000 \
        --set ensemble.replicas=1000000000
    [[ "$output" =~ needs\ about ]]
}

@test "check GRID: points, chains, work; --expand lists every point; --set counts" {
    make_grid
    run -0 polyhebb check grid.yaml
    [[ "$output" == *"points:     4 = dilution 2 x noise 2"* ]]
    [[ "$output" == *"chains:     24 "* ]]
    [[ "$output" == *"31.2 Mspin updates"* ]]
    run -0 polyhebb check grid.yaml --expand
    [[ "$output" == *"0: dilution=0.2, noise=0.05"*"3: dilution=0.5, noise=0.3"* ]]
    run -0 polyhebb check grid.yaml --expand --set 'noise=[0.1, 0.2, 0.3]'
    [[ "$output" == *"points:     6"*"5: dilution=0.5, noise=0.3"* ]]
}

@test "new: the starter and the reference are grids that check takes" {
    run -0 polyhebb new
    printf '%s\n' "$output" >starter.yaml
    run -0 polyhebb check starter.yaml
    run -0 polyhebb new --reference
    printf '%s\n' "$output" >reference.yaml
    run -0 polyhebb check reference.yaml
}

@test "info: threads, memory, libraries" {
    run -0 polyhebb info
    [[ "$output" == *HDF5*threads*memory*glauber* ]]
    run -0 polyhebb info samplers
    [[ "$output" == *lumped-little*law*Little*caution* ]]
    run -2 polyhebb info sampler
}
