#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-3.0-or-later
# Learning grids: all that they record is the same on any threads, shards, after interruptions and
# extensions; networks share what they should.
load common

# make_learning RULES EXAMPLES: both learning rules, integer and real fields, every record.
make_learning()
{
    cat >"${3:-grid.yaml}" <<END
seed: 3
network:
  {rule: $1, neurons: 600, patterns: 2, examples: $2, quality: 0.6, blank_fidelity: 0.9,
   dilution: {each: [0.2, 0.5]}}
noise: ${NOISE:-[0, 0.3]}
dynamics: {sweeps: ${SWEEPS:-30}, burn_in: 2, start: hierarchical}
ensemble: {samples: 2, replicas: 4, lanes: 2}
record: {loss: true, example_magnetization: true, example_overlaps: 4, replica_overlap: true,
         flips: true, acceptance: true}
END
}

BOTH='[supervised, unsupervised]'

setup_file()
{
    cd "$BATS_FILE_TMPDIR" || return 1
    make_learning "$BOTH" '[3, 12]'
    polyhebb run grid.yaml -q
}

@test "one thread and two, and shards put together: the same bits" {
    make_learning "$BOTH" '[3, 12]'
    polyhebb run grid.yaml -q -j 1 -o one.h5
    same one.h5 "$BATS_FILE_TMPDIR/grid.h5"
    for k in 0 1 2; do
        polyhebb run grid.yaml -q -s $k/3
    done
    run -0 polyhebb merge grid.*-of-3.h5 -o merged.h5
    same merged.h5 "$BATS_FILE_TMPDIR/grid.h5"
}

@test "interrupted again and again: the same bits" {
    SWEEPS=400 make_learning "$BOTH" '[3, 12]'
    polyhebb run grid.yaml -q -o whole.h5
    for _ in $(seq 3); do
        run polyhebb run grid.yaml -q -t 0.1 -c 0.01
        [ "$status" -eq 75 ] || [ "$status" -eq 0 ]
    done
    polyhebb run grid.yaml -q
    same grid.h5 whole.h5
}

@test "more examples, another rule, longer chains extend a run and change nothing" {
    NOISE=0.3 SWEEPS=20 make_learning supervised 3
    polyhebb run grid.yaml -q
    make_learning "$BOTH" '[3, 12]'
    polyhebb run grid.yaml -q
    same grid.h5 "$BATS_FILE_TMPDIR/grid.h5"
}

@test "patterns are those of storage, whatever is learned of them" {
    make_learning "$BOTH" '[3, 12]'
    make_learning storage 1 storage.yaml
    polyhebb run storage.yaml -q
    polyhebb export storage.h5 --patterns -p noise=0 >storage.txt
    polyhebb export "$BATS_FILE_TMPDIR/grid.h5" --patterns -p noise=0.3,rule=unsupervised,examples=12 >learned.txt
    grep -v '^#' storage.txt >a
    grep -v '^#' learned.txt >b
    cmp a b
}

@test "check says how many features the dearest point has" {
    make_learning "$BOTH" '[3, 12]'
    run -0 polyhebb check grid.yaml
    [[ "$output" == *"features:   at most 24,"* ]]
}

@test "a rule that sums too many examples is refused with the limit" {
    NOISE=0.3 make_learning supervised 40000
    run -1 polyhebb run grid.yaml
    [[ "$output" == *"32767"* ]]
}

# Features times overlaps are beyond 32 bits here; unequal qualities make weights unequal.
@test "lumped Little follows Little where fields are sums of a thousand examples" {
    cat >many.yaml <<'END'
network: { rule: supervised, neurons: 10000, patterns: 2, dilution: 0.1, quality: { each: [0.9, 0.8] }, examples: 1000 }
noise: 0.1
dynamics: { sampler: [little, lumped-little], start: archetype, sweeps: 3 }
ensemble: { replicas: 4 }
END
    run -0 polyhebb run many.yaml -q -o many.h5
    polyhebb export many.h5 | awk '$1 ~ /little/ && $2 == 1 { n++; if ($3 < 0.89 || $3 > 0.92) exit 1 } END { exit n != 2 }'
}

@test "compare finds the state a chain is in by its last state, and knows which examples it follows" {
    cat >example.yaml <<'END'
network: { rule: [supervised, unsupervised], neurons: 2000, patterns: 2, dilution: 0.2, quality: 0.4, examples: 3 }
noise: [0.05, 0.1]
dynamics: { start: [example, random, archetype], sweeps: 400, burn_in: 100 }
ensemble: { samples: 2, replicas: 8 }
END
    run -0 polyhebb run example.yaml -q -o example.h5
    run -0 polyhebb compare example.h5
    [ "$(grep -c ' agree$' <<<"$output")" -ge 18 ]
    [ "$(grep -c '^unsupervised 0.05  *example .* agree$' <<<"$output")" -eq 2 ]
    [[ "$output" == *"beyond 4 errors: 0"* ]]
    run -0 polyhebb run example.yaml -q -o one.h5 --set network.patterns=1 --set network.dilution=0 \
        --set dynamics.start=example --set network.rule=unsupervised --set noise=0.05
    run -0 polyhebb compare one.h5 # the state of all examples is as stable, 0.12 away
    run -0 polyhebb run example.yaml -q -o early.h5 --set dynamics.burn_in=1 --set dynamics.sweeps=30 \
        --set dynamics.start=example --set network.rule=unsupervised --set noise=0.1
    run -5 polyhebb compare early.h5
    [[ "$output" == *"records begin before equilibrium"* ]]
}

@test "compare decides nothing where all chains have left the state of their start, learned or not" {
    cat >left.yaml <<'END'
network: { rule: [supervised, unsupervised], neurons: 4000, patterns: 2, dilution: 0.3, quality: 0.6, examples: 9, blank_fidelity: 0.7 }
noise: 0
dynamics: { start: hierarchical, sweeps: 60, burn_in: 20 }
ensemble: { samples: 2, replicas: 4 }
seed: 3
END
    run -0 polyhebb run left.yaml -q -o left.h5
    run -5 polyhebb compare left.h5
    [ "$(grep -c 'undecided: chains left the state of their start' <<<"$output")" -eq 4 ]
    [[ "$output" != *"verdict: simulation and theory disagree"* ]]
}
