#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-3.0-or-later
# Starts from files: text, and the last states of another run.

load common

grid() { # extra keys of dynamics
    printf 'network: { neurons: 40, patterns: 2, dilution: 0.2 }\nnoise: 0\n'
    printf 'dynamics: { sweeps: 3, %s }\nensemble: { replicas: 3, samples: 2 }\n' "$1"
}

# energies FILE RECORD [COUNT]: of samples x replicas, at one record.
energies() {
    h5dump -y -m %.17g -d energy -s "0,0,$2" -c "2,3,1" "$1" | sed -n '/DATA {/,/}/p' | tr -d ' ,\n'
}

@test "a run from the last states of another begins where that ended, sample by sample, chain by chain" {
    grid "start: random, sampler: glauber" >first.yaml
    run -0 polyhebb run first.yaml
    grid "start: { kind: file, file: first.h5 }, order: permuted" >second.yaml
    run -0 polyhebb run second.yaml
    [ "$(energies first.h5 3)" = "$(energies second.h5 0)" ]
    [ "$(energies first.h5 0)" != "$(energies second.h5 0)" ]
    # Finished, it needs the file no more; with other content it does not begin.
    cp second.h5 kept.h5
    run -0 polyhebb run first.yaml --set dynamics.sweeps=5
    run -0 polyhebb check second.h5
    run polyhebb run second.yaml -o second.h5
    [ "$status" -ne 0 ]
    grid "start: { kind: file, file: first.h5, digest: 0123456789abcdef0123456789abcdef }" >third.yaml
    run polyhebb run third.yaml
    [ "$status" -eq 1 ]
    [[ "$output" == *"not the one the grid was read with"* ]]
}

@test "a start from text: the spins as they stand, for all chains or each replica" {
    for i in $(seq 20); do echo "+1 -1"; done >all.txt
    grid "start: { kind: file, file: all.txt }, sampler: little" >all.yaml
    run -0 polyhebb run all.yaml
    h5dump -y -m %.17g -d energy -s "0,0,0" -c "1,3,1" all.h5 | grep -E '^ +-?[0-9]' | tr -d , | sort -u >same
    [ "$(wc -l <same)" -eq 1 ]
    { cat all.txt; for i in $(seq 40); do echo 1; done; cat all.txt; } >each.txt
    grid "start: { kind: file, file: each.txt }" >each.yaml
    run -0 polyhebb run each.yaml
    h5dump -y -m %.17g -d energy -s "0,0,0" -c "1,3,1" each.h5 | grep -E '^ +-?[0-9]' | tr -d , >each
    [ "$(sed -n 1p each)" = "$(sed -n 3p each)" ]
    [ "$(sed -n 1p each)" != "$(sed -n 2p each)" ]
    [ "$(sed -n 1p each)" = "$(cat same)" ]
    echo "+1 0" >>all.txt
    run -2 polyhebb run all.yaml -o other.h5
    [[ "$output" == *'spin 42 is "0", expected +1 or -1'* ]]
    head -c 60 each.txt >short.txt
    grid "start: { kind: file, file: short.txt }" >short.yaml
    run -1 polyhebb run short.yaml
    [[ "$output" == *"spins, expected 40 for all chains or for each replica"* ]]
    for file in other short; do
        [ ! -e $file.h5 ]
        leaves_nothing $file.h5
    done
}

@test "a start from a run that has no such state: which one, of what size, what would do" {
    grid "start: random" >first.yaml
    run -0 polyhebb run first.yaml
    refused() { # TEXT SET...
        local text=$1
        shift
        run -1 polyhebb run second.yaml -o second.h5 "$@"
        [[ "$output" == *"$text"* ]]
        [ ! -e second.h5 ]
        leaves_nothing second.h5
    }
    grid "start: { kind: file, file: first.h5 }" >second.yaml
    refused "first.h5: has 40 neurons, expected 41" --set network.neurons=41
    refused "first.h5: holds no state of sample 3, replica 1" --set ensemble.samples=3
    refused "first.h5: holds no state of sample 1, replica 4" --set ensemble.replicas=4
    run -0 polyhebb run first.yaml -o first.h5 --set 'noise=[0, 0.1]'
    refused "no point, or more than one, has the same neurons, patterns and dilution"
    run -0 polyhebb run first.yaml -o one.h5 --set ensemble.samples=1 --set ensemble.replicas=1
    grid "start: { kind: file, file: one.h5 }" >second.yaml
    run -0 polyhebb run second.yaml -o second.h5 # one for all
    [ "$(energies second.h5 0 | sort -u | wc -l)" -le 2 ]
}

@test "lumped-little is refused where the start sets spins of one class apart; little and block Gibbs are not" {
    for i in $(seq 20); do echo "+1 -1"; done >all.txt
    grid "start: { kind: file, file: all.txt }, sampler: lumped-little" >file.yaml
    run -2 polyhebb run file.yaml
    [[ "$output" == *"file.yaml:3:"*": dynamics.start: file with sampler lumped-little, which does not follow"* ]]
    [[ "$output" == *"expected another start or sampler little"* ]]
    [ ! -e file.h5 ]
    for sampler in little lumped-block-gibbs; do
        run -0 polyhebb run file.yaml --set dynamics.sampler=$sampler --set noise=0.5 -o $sampler.h5
    done
    grid "start: example, sampler: lumped-little" >example.yaml
    set -- --set network.examples=3 --set network.quality=0.6
    run -2 polyhebb run example.yaml "$@" --set network.rule=supervised
    [[ "$output" == *"dynamics.start: example with sampler lumped-little in rule supervised, which"* ]]
    run -0 polyhebb run example.yaml "$@" --set network.rule=unsupervised # a class has one entry of each example
}

@test "check looks at the start file as run does, and both say where it is of another network" {
    for i in $(seq 20); do echo "1 0"; done >bits.txt
    grid "start: { kind: file, file: bits.txt }" >start.yaml
    says() { # CODE TEXT VERB...
        run "-$1" polyhebb "${@:3}"
        [[ "$output" == *"$2"* ]]
    }
    says 2 'bits.txt: spin 2 is "0", expected +1 or -1; in a file of 0 and 1 write -1 for every 0' check start.yaml
    for i in $(seq 39); do echo 1; done >start.txt
    grid "start: { kind: file, file: start.txt }" >start.yaml
    says 1 "start.txt: has 39 spins, expected 40 for all chains or for each replica" check start.yaml
    for i in $(seq 41); do echo 1; done >>start.txt # 80: two states for three replicas
    says 1 "start.txt: has 80 spins" check start.yaml
    for verb in check run; do
        says 0 "start.txt: holds 2 states of 40 neurons; the grid has 1 replicas, which take the first" \
            $verb start.yaml --set ensemble.replicas=1
    done
    rm start.txt
    says 2 "cannot read start.txt: No such file" check start.yaml
    grid "start: random" >first.yaml
    run -0 polyhebb run first.yaml
    grid "start: { kind: file, file: first.h5 }" >second.yaml
    for verb in check run; do
        run -0 polyhebb $verb second.yaml
        [[ "$output" != *note* ]]
    done
    says 1 "first.h5: has 40 neurons, expected 41" check second.yaml --set network.neurons=41
    says 1 "first.h5: holds no state of sample 3" check second.yaml --set ensemble.samples=3
    for verb in "check second.yaml" "run second.yaml -o other.h5"; do
        says 0 "first.h5: the chains start from a run of another network: network.dilution 0.2 there and 0.5 here" \
            $verb --set network.dilution=0.5
    done
    says 0 "first.h5: the chains start from a run with other patterns: seed 1 there and 2 here" check second.yaml --set seed=2
}
