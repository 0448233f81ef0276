#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-3.0-or-later
# Recall experiments: the commands of docs/recall.md, of a small network.

load common

@test "the commands of docs/recall.md draw the curve and tell what all chains recall" {
    local docs="$DATA/../../docs/recall.md" line
    ln -s "$DATA/../../params" params
    pieces docs/recall.md
    sed -n 's/^polyhebb //p' 1.sh >commands
    cmp <(sed 's/^/polyhebb /' commands) 1.sh
    [ "$(wc -l <commands)" -eq 4 ]
    read -r line <commands
    # shellcheck disable=SC2086 # words of a command line
    run polyhebb $line -S 'network.neurons=[60, 800]' -S ensemble.samples=2 -S ensemble.replicas=8 \
        -S 'dynamics.start_overlap=[0.3, 0.46, 0.6]'
    [ "$status" -eq 5 ] # too few samples for a verdict
    [[ "$output" == *"out/recall-recalled-start_overlap-neurons."* ]]
    # The flow of the infinite network: not recalled, then recalled.
    [ "$(awk '$1 + 0 > 0 { printf "%s ", $6 }' out/recall-recalled-start_overlap-neurons.dat)" = "0 0 1 0 0 1 " ]
    line=$(sed -n 2p commands)
    # shellcheck disable=SC2086
    run -0 polyhebb $line
    # Every chain has one outcome.
    [ "$(awk '$3 ~ /^recalled/ { sum += $5; n++ } END { print n, sum }' <<<"$output")" = "5 1" ]
    [[ "$output" == *"recall_overlap - "* ]]
    [[ "$output" == *"recall_sweeps - "* ]]
    line=$(sed -n 3p commands)
    # shellcheck disable=SC2086
    run -0 polyhebb $line
    run -0 h5dump -d /basin_pattern basin.h5
    [[ "$output" == *"(0,0): nan, 0.510"* ]]
    [[ "$(<"$docs")" == *"has 0.510 for pattern 2: so much of it, and 0.490 of pattern 1"* ]]
    line=$(sed -n 4p commands)
    # shellcheck disable=SC2086
    run polyhebb $line -S 'noise=[0.1, 0.2, 0.8]' -S ensemble.samples=2 -S ensemble.replicas=8 -S neurons=2000
    [[ "$output" == *"out/hysteresis-energy-noise-follow."* ]]
    # Upwards the mixture is kept, with more energy than the pattern downwards; from above both are one.
    [ "$(awk '$1 + 0 > 0 { e[++n] = $2 } END { print (e[1] - e[4] > 0.1), (e[2] - e[5] > 0.1), (e[3] - e[6] < 0.02) }' \
        out/hysteresis-energy-noise-follow.dat)" = "1 1 1" ]
}

@test "a figure of what is not recorded says what is missing" {
    printf 'network: { neurons: 40, patterns: 2 }\nnoise: [0.1, 0.2]\ndynamics: { sweeps: 3 }\n' >none.yaml
    run -0 polyhebb run none.yaml
    run polyhebb plot none.h5 --y recalled
    [ "$status" -eq 2 ]
    [[ "$output" == *"the run has not recorded it, expected record: { recall: { threshold: 0.9 } }"* ]]
    run ls none-recalled.dat
    [ "$status" -ne 0 ]
    run polyhebb run none.yaml --set 'record.recall={ threshold: 1.5 }' -o bad.h5
    [ "$status" -eq 2 ]
    [ ! -e bad.h5 ]
}
