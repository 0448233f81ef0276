#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-3.0-or-later
# A run with a kernel of one's choice: the same numbers, or a clear refusal.
load common

grid() { # network, sampler, replicas
    printf 'network: { %s }\nnoise: [0.3, 0.9]\ndynamics: { sweeps: 30, burn_in: 3, %s }\n' "$1" "$2"
    printf 'ensemble: { replicas: %s, samples: 2 }\nrecord: { acceptance: true }\n' "$3"
}

has_avx2() {
    grep -qm 1 avx2 /proc/cpuinfo
}

@test "reference, sse2 and avx2 write the same data bit for bit, and say what they are" {
    local n=0 network sampler
    for network in "neurons: 900, patterns: 3, dilution: 0.3" \
        "neurons: 2500, patterns: 12, dilution: 0.1" "neurons: 500, patterns: 3, dilution: { each: [0.1, 0.3, 0.5] }"; do
        for sampler in "sampler: glauber" "sampler: metropolis, order: permuted"; do
            n=$((n + 1))
            grid "$network" "$sampler" 20 >$n.yaml
            run -0 polyhebb run $n.yaml --kernel reference -o $n.reference.h5
            h5dump -a /provenance/kernel $n.reference.h5 | grep -q '"reference"'
            run -0 polyhebb run $n.yaml --kernel sse2 -o $n.sse2.h5
            h5dump -a /provenance/kernel $n.sse2.h5 | grep -q '"sse2"'
            same $n.reference.h5 $n.sse2.h5
            if has_avx2; then
                run -0 polyhebb run $n.yaml --kernel avx2 -o $n.avx2.h5
                same $n.reference.h5 $n.avx2.h5
            fi
        done
    done
    [ $n -eq 6 ]
    same 1.reference.h5 2.reference.h5 && return 1
    run -0 polyhebb run 1.yaml -o 1.chosen.h5
    same 1.reference.h5 1.chosen.h5
}

@test "a single chain takes the kernels of single chains" {
    grid "neurons: 700, patterns: 2, dilution: 0.3" "sampler: glauber" 1 >grid.yaml
    run -0 polyhebb run grid.yaml --kernel single4-sse2 -o a.h5
    run -0 polyhebb run grid.yaml --kernel reference -o b.h5
    same a.h5 b.h5
}

@test "a run that was stopped goes on with another kernel, to the same numbers" {
    NEURONS=20000 SWEEPS=100 SAMPLES=1 make_grid
    sed -i 's/replicas: 3, lanes: 2/replicas: 8, lanes: 8/' grid.yaml
    run polyhebb run grid.yaml --kernel reference -t 0.2 -c 0.05 -o parts.h5 -j 1
    [ "$status" -eq 75 ]
    run -0 polyhebb run grid.yaml --kernel sse2 -o parts.h5
    run -0 polyhebb run grid.yaml -o whole.h5
    same parts.h5 whole.h5
}

@test "a kernel that does not take the network is refused, with those that do; nothing is left" {
    grid "neurons: 500, patterns: 3, dilution: 0.3" "sampler: glauber" 20 >grid.yaml
    run polyhebb run grid.yaml --kernel single -o a.h5
    [ "$status" -eq 2 ]
    [[ "$output" == *"kernel 'single' does not take point 0"*"these do: "*"sse2"*"reference"* ]]
    run polyhebb run grid.yaml --kernel nonsense -o a.h5
    [ "$status" -eq 2 ]
    [[ "$output" == *"no sampler has a kernel 'nonsense' on this machine"* ]]
    [ ! -e a.h5 ]
    leaves_nothing a.h5
}

@test "every block is computed with the kernel, the last one of one replica too" {
    grid "neurons: 50, patterns: 3, dilution: 0.3" "sampler: glauber" 33 >grid.yaml
    run -0 polyhebb run grid.yaml --kernel sse2 -o a.h5
    run -0 polyhebb run grid.yaml --kernel reference -o b.h5
    same a.h5 b.h5
}

@test "a kernel that does not take the last noise of a schedule is refused there" {
    grid "neurons: 50, patterns: 3, dilution: 0.3" "sampler: little, schedule: { from: 0.5, sweeps: 3 }" 8 |
        sed 's/0.3, 0.9/0/' >grid.yaml
    run polyhebb run grid.yaml --kernel sse2 -o a.h5
    [ "$status" -eq 2 ]
    [[ "$output" == *"does not take every block"* ]]
    run -0 polyhebb run grid.yaml -o a.h5
}

@test "avx512 is taken where it is built, asked for and there is such a processor, and never chosen" {
    grid "neurons: 300, patterns: 3, dilution: 0.3" "sampler: glauber" 20 >grid.yaml
    run -0 polyhebb run grid.yaml -o a.h5
    if polyhebb run grid.yaml --kernel avx512 -o b.h5 2>said; then
        grep -qm 1 avx512bw /proc/cpuinfo
        same a.h5 b.h5
    else
        grep -q "kernel 'avx512'" said
        leaves_nothing b.h5
    fi
    run -0 polyhebb bench --largest 1000 --seconds 0.0003 -j 1
    [[ "$output" != *avx512* ]]
}
