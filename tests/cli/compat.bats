#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-3.0-or-later
# Files of version 0.1.0 (tests/data/0.1.0): read, extended, resumed and merged to the same bits.
load common

fetch_old()
{
    local file
    for file in "$@"; do
        cp "$DATA/0.1.0/$file" . || return 1
    done
}

@test "finished runs of 0.1.0: nothing left to do, and a fresh run has the same bits" {
    for name in storage learning ladder; do
        fetch_old $name.yaml $name.h5
        before=$(cksum <$name.h5)
        polyhebb check $name.h5
        polyhebb run $name.yaml -q
        [ "$before" = "$(cksum <$name.h5)" ]
        polyhebb run $name.yaml -q -o fresh-$name.h5
        same fresh-$name.h5 $name.h5
    done
}

@test "a run of 0.1.0 grows: points, samples, replicas and sweeps, the bits of a fresh one" {
    for name in storage learning ladder; do
        fetch_old $name.yaml $name.h5
        more=(--set ensemble.samples=3 --set ensemble.replicas=6 --set dynamics.sweeps=9)
        [ $name = ladder ] || more+=(--set "noise=[0, 0.2, 0.3, 0.4]")
        polyhebb run $name.yaml -q "${more[@]}"
        polyhebb run $name.yaml -q "${more[@]}" -o fresh-$name.h5
        same fresh-$name.h5 $name.h5
    done
}

@test "a killed run of 0.1.0 goes on from its journal, a stopped one from its file" {
    fetch_old interrupted.yaml interrupted.h5.journal stopped.h5
    polyhebb run interrupted.yaml -q -o fresh.h5
    run -0 polyhebb run interrupted.yaml
    [[ "$output" == *"going on from interrupted.h5.journal: 10 checkpoints found"* ]]
    [[ "$output" != *damaged* ]]
    same interrupted.h5 fresh.h5
    run -75 polyhebb check stopped.h5
    polyhebb run interrupted.yaml -q -o stopped.h5
    same stopped.h5 fresh.h5
}

@test "shards of 0.1.0 put together equal the whole of 0.1.0" {
    fetch_old storage.h5 storage.0-of-2.h5 storage.1-of-2.h5
    polyhebb merge storage.0-of-2.h5 storage.1-of-2.h5 -o merged.h5
    same merged.h5 storage.h5
}

# Today's costs deal other blocks to a part than those of 0.1.0 did.
@test "a shard of 0.1.0 and one of today: merge names what neither has, running those again completes" {
    fetch_old storage.yaml storage.h5 storage.1-of-2.h5
    mv storage.h5 whole.h5
    polyhebb run storage.yaml -q -s 0/2
    run -75 polyhebb merge storage.0-of-2.h5 storage.1-of-2.h5 -o merged.h5
    [[ "$output" == *"not finished: shard 1 of 2"* ]]
    polyhebb run storage.yaml -q -s 1/2
    polyhebb merge storage.0-of-2.h5 storage.1-of-2.h5 -o merged.h5
    same merged.h5 whole.h5
}

@test "theory and phase files of 0.1.0 are read: compared, exported, drawn" {
    fetch_old storage.h5 storage-theory.h5 phase.h5
    run polyhebb compare storage.h5 storage-theory.h5
    [ "$status" -eq 0 ] || [ "$status" -eq 3 ] || [ "$status" -eq 5 ]
    [[ "$output" == *"points: 24"* ]]
    polyhebb check storage-theory.h5
    polyhebb check phase.h5
    polyhebb plot phase.h5 -o phase
    [ -s phase-diagram.png ]
}
