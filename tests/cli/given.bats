#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-3.0-or-later
# Patterns of the user's own: from a file to a run, which has them from there on.

load common

put() { # FILE [NEURONS]: 3 patterns, two of which overlap by 0.6; one neuron a row
    awk -v n="${2:-30}" 'BEGIN { for (i = 0; i < n; i++) {
        a = i % 2 ? 1 : -1; b = i % 5 ? a : -a; c = i % 3 ? (2 * i < n ? 1 : -1) : 0; print a, b, c } }' >"$1"
}

grid() { # FILE [SWEEPS [REPLICAS]]
    printf 'network: { patterns: { file: %s } }\nnoise: [0.2, 0.5]\ndynamics: { sweeps: %s, start: archetype }\n' "$1" "${2:-20}"
    printf 'ensemble: { replicas: %s, samples: 2, lanes: 2 }\n' "${3:-2}"
}

@test "a run of a file's patterns has them: it is exported, resumed, extended and merged without the file" {
    put letters.txt
    grid letters.txt >grid.yaml
    run -0 polyhebb check grid.yaml
    [[ "$output" == *"given:      3 patterns, dilution 0, 0, 0.3333"* ]]
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
    echo "0 0 0" >>letters.txt
    run -0 polyhebb check grid.yaml
    [[ "$output" == *"note: letters.txt: 1 of 31 neurons are blank in all patterns"* ]]
    rm letters.txt
    run -1 polyhebb check grid.yaml
    [[ "$output" == *"letters.txt: cannot be read: No such file"* ]]
}

@test "a study of given patterns goes from start to figure by the theory of their network; the infinite one is not asked" {
    put letters.txt 300
    grid letters.txt 600 16 >grid.yaml
    sed -i 's/sweeps: 600/burn_in: 100, &/' grid.yaml
    run -0 polyhebb study grid.yaml -o study
    [[ "$output" == *"the patterns are given"*"nan"* ]]
    [[ "$output" == *"agree"* ]]
    [ -s study/grid-curves.svg ]
    [ "$(grep -c -v '^#\|^$\|NaN' study/grid-curves.dat)" -eq 12 ] # two noises, three patterns, simulation and theory
    run -0 polyhebb compare study/grid.h5 --csv
    [ "$(grep -c ',nan,nan,nan,agree' <<<"$output")" -eq 6 ] # no population, no disorder
    run -0 polyhebb compare study/grid.h5 study/grid-theory.h5
    run -0 polyhebb check study/grid-theory.h5
    run -0 polyhebb plot study/grid.h5 -o plot -f svg
    cmp <(grep -v '^#' plot-curves.dat) <(grep -v '^#' study/grid-curves.dat)
    run -0 polyhebb phase grid.yaml -o phase.h5 # of this network, not of the infinite one
    run -0 polyhebb check phase.h5
    [[ "$output" == *"the states of 1 network"* ]]
}

@test "a theory of given patterns that is not theirs disagrees" {
    put letters.txt 300
    grid letters.txt 600 16 >grid.yaml
    sed -i 's/sweeps: 600/burn_in: 100, &/' grid.yaml
    run -0 polyhebb run grid.yaml -o run.h5
    run -0 polyhebb theory run.h5 -o theory.h5
    /usr/bin/python3 - <<'END'
import h5py
with h5py.File('theory.h5', 'r+') as file:
    file['magnetization_sample'][...] *= 0.97
END
    run -3 polyhebb compare run.h5 theory.h5
    [[ "$output" == *"simulation and theory disagree"* ]]
}

@test "patterns drawn from a pool: K is an axis, samples are networks, and the run needs the pool no more" {
    put letters.txt 100
    grid letters.txt 300 8 >grid.yaml
    sed -i 's/letters.txt }/letters.txt, choose: [1, 2], from: random }/; s/samples: 2/samples: 6/; s/sweeps: 300/burn_in: 100, &/' grid.yaml
    run -0 polyhebb check grid.yaml
    [[ "$output" == *"points:     4 = patterns 2 x noise 2"* ]]
    [[ "$output" == *"given:      3 patterns, dilution of all together 0.1133"* ]] # 34 of 300
    run -0 polyhebb study grid.yaml -o study
    run -0 polyhebb compare study/grid.h5 --csv
    [ "$(grep -c ',nan,0\.[0-9]*,nan,agree' <<<"$output")" -eq 6 ] # a disorder, but no population
    polyhebb export study/grid.h5 --patterns --sample 2 --point patterns=1,noise=0.2 >one
    chosen=$(sed -n 's/^# of those given: //p' one)
    cmp <(grep -v '^#' one) <(cut -d ' ' -f "$chosen" letters.txt)
    run -0 polyhebb export study/grid.h5 --patterns --sample 2 --point patterns=1,noise=0.2 --csv
    [ "${lines[0]}" = "pattern_1_given_$chosen" ] # no line of notes in CSV
    run -0 polyhebb export study/grid.h5 --patterns --sample 2 --point patterns=1,noise=0.2 --json
    [[ "$output" == *"\"pattern_1_given_$chosen\""* ]]
    rm letters.txt
    polyhebb grid study/grid.h5 >again.yaml
    run -0 polyhebb run again.yaml -o again.h5
    run -0 same study/grid.h5 again.h5
    run -2 polyhebb check again.yaml --set network.patterns=4
    [[ "$output" == *"network.patterns: 4 from: random, but 3 patterns are given, expected at most as many"* ]]
}

@test "examples of given patterns: learned, exported, compared" {
    put letters.txt 300
    grid letters.txt 300 8 >grid.yaml
    sed -i 's/network: {/network: { rule: [supervised, unsupervised], examples: 4, quality: 0.7,/; s/samples: 2/samples: 3/; s/sweeps: 300/burn_in: 100, &/' grid.yaml
    run -0 polyhebb study grid.yaml -o study
    run -0 polyhebb compare study/grid.h5
    polyhebb export study/grid.h5 --examples --sample 2 --point rule=supervised,noise=0.2 >examples
    polyhebb export study/grid.h5 --patterns --sample 2 --point rule=supervised,noise=0.2 >patterns
    [ "$(grep -v '^#' patterns)" = "$(cat letters.txt)" ]
    # (1 + r)/2 of the entries are right, 0.85 of 12 x 300 less the blanks; 5 deviations
    paste -d ' ' <(grep -v '^#' patterns) <(grep -v '^#' examples) | awk '{ for (m = 1; m <= 3; m++) for (a = 0; a < 4; a++)
        if ($m != 0) { all++; right += $m == $(3 + 4 * (m - 1) + a + 1) } else if ($(3 + 4 * (m - 1) + a + 1) != 0) exit 1 }
        END { e = sqrt(0.85 * 0.15 / all); exit !(all == 3200 && right / all > 0.85 - 5 * e && right / all < 0.85 + 5 * e) }'
}

@test "patterns of an HDF5 file are those of the text: one grid, whichever dataset, way round and type" {
    put letters.txt
    /usr/bin/python3 - <<'END'
import h5py, numpy
x = numpy.loadtxt('letters.txt', dtype=int)
with h5py.File('letters.h5', 'w') as f:
    f['set/turned'] = x
    f.create_dataset('patterns', data=x.T, dtype='>i2', chunks=(2, 7), compression='gzip', shuffle=True)
    f['line'] = [1, -1]
    f['far'] = h5py.ExternalLink('letters.h5', 'patterns')
END
    grid letters.txt >text.yaml
    grid letters.h5 >grid.yaml
    grid 'letters.h5, dataset: /set/turned, layout: columns' >turned.yaml
    run -0 polyhebb check grid.yaml
    [[ "$output" == *"points:     2 = noise 2"* ]]
    run -0 polyhebb run text.yaml -o text.h5
    run -0 polyhebb run grid.yaml -o run.h5
    run -0 same text.h5 run.h5
    run -0 polyhebb run turned.yaml -o turned.h5
    run -0 same text.h5 turned.h5
    cmp <(polyhebb grid text.h5) <(polyhebb grid turned.h5)
    run -2 polyhebb check grid.yaml --set network.patterns_dataset=line
    [[ "$output" == *"letters.h5: /line: has one dimension, expected integers -1, 0 and +1"* ]]
    run -1 polyhebb check grid.yaml --set network.patterns_dataset=far
    [[ "$output" == *'"far" is a link to another file, which is not followed'* ]]
    sed 's/letters.h5/&, choose: [1, 2], from: random/' grid.yaml >choose.yaml
    run -0 polyhebb run choose.yaml -o chosen.h5
    rm letters.h5
    polyhebb grid chosen.h5 >again.yaml
    run -0 polyhebb run again.yaml -o again.h5
    run -0 same chosen.h5 again.h5
}
