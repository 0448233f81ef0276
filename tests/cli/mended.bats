#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-3.0-or-later
# Runs whose single chains 1.0.0 may have sampled wrong: who uses them is told, and nothing is joined to them.
load common

# wrong REPLICAS: one point of two has fields beyond that version's table. run.h5 is as if it had written it.
wrong()
{
    cat >grid.yaml <<END
network: {rule: supervised, neurons: 700, patterns: 2, examples: 100, quality: 0.3, dilution: 0.2}
noise: [0.001, 0.5]
dynamics: {sweeps: ${SWEEPS:-3}, start: archetype}
ensemble: {samples: 2, replicas: $1}
END
    rm -f run.h5
    polyhebb run grid.yaml -q -o run.h5
    make_old run.h5
}

# make_old FILE...: without the mark that this version leaves.
make_old()
{
    /usr/bin/python3 - "$@" <<'END'
import sys, h5py
for name in sys.argv[1:]:
    with h5py.File(name, "r+") as file:
        facts = file["provenance"].attrs
        assert facts["mended"] == 1
        del facts["mended"]
        facts["version"] = "1.0.0"
END
}

# told COUNT: how many notes of it the last command printed.
told()
{
    [ "$(grep -c "^polyhebb: note: .*may have followed another law" <<<"$output")" -eq "$1" ]
}

@test "an old run with wrong chains: every command that uses them says so once, and ends as ever" {
    wrong 1
    for command in "check run.h5" "export run.h5 --csv" "export run.h5 --quantities" "plot run.h5 -o p" "plot run.h5 --trajectory --point noise=0.5 -o t"; do
        # shellcheck disable=SC2086
        run -0 polyhebb $command
        told 1
        [[ "$output" == *"run.h5: chains of 1 point may have followed another law, first point 1 (noise=0.5)"* ]]
    done
    rm run.h5.status
    run -0 polyhebb status run.h5
    told 1
    run polyhebb compare run.h5
    [ "$status" -eq 0 ] || [ "$status" -eq 3 ] || [ "$status" -eq 5 ]
    told 1
    for command in "grid run.h5" "theory run.h5 -o theory.h5"; do
        # shellcheck disable=SC2086
        run -0 polyhebb $command
        told 0
    done
}

@test "an old run with wrong chains: complete, it stays; nothing is joined to it" {
    wrong 1
    before=$(sha256sum run.h5)
    run -0 polyhebb run grid.yaml -o run.h5
    told 1
    [[ "$output" == *"run.h5 is complete already"* ]]
    for more in dynamics.sweeps=4 ensemble.samples=3 ensemble.replicas=2 "noise=[0.001, 0.4, 0.5]"; do
        run -1 polyhebb run grid.yaml -o run.h5 --set "$more"
        [[ "$output" == *"error: run.h5 holds chains of 1 point that may have followed another law, first point "*" (noise=0.5)"* ]]
        [[ "$output" == *"Run the grid anew, into another file (-o)"* ]]
        [ "$before" = "$(sha256sum run.h5)" ]
        leaves_nothing run.h5
    done
    run -1 polyhebb run grid.yaml -o run.h5 --set dynamics.sweeps=4 --scratch .
    [ "$before" = "$(sha256sum run.h5)" ]
    leaves_nothing run.h5
    run -1 polyhebb merge run.h5 -o merged.h5
    [[ "$output" == *"error: run.h5 holds chains of 1 point"* ]]
    [ ! -e merged.h5 ]
}

@test "parts of an old run with wrong chains are not merged, and a part goes not on from such a run" {
    wrong 1
    polyhebb run grid.yaml -q -s 0/2
    polyhebb run grid.yaml -q -s 1/2
    make_old grid.1-of-2.h5
    run -1 polyhebb merge grid.0-of-2.h5 grid.1-of-2.h5 -o merged.h5
    [[ "$output" == *"error: grid.1-of-2.h5 holds chains of 1 point"* ]]
    [ ! -e merged.h5 ]
    rm grid.?-of-2.h5
    mv run.h5 grid.h5
    run -1 polyhebb run grid.yaml -s 0/2 --set dynamics.sweeps=4
    [[ "$output" == *"error: grid.h5 holds chains of 1 point"* ]]
    [ ! -e grid.0-of-2.h5 ]
    mv grid.h5 run.h5
    polyhebb run grid.yaml -q -s 1/2
    polyhebb run grid.yaml -q -s 0/2
    run -0 polyhebb merge grid.0-of-2.h5 grid.1-of-2.h5 -o merged.h5
    told 0
    same merged.h5 run.h5
}

@test "runs of today, old ones of weak fields or many chains a block: nothing is said, or that blocks may have been cut" {
    wrong 1
    polyhebb run grid.yaml -q
    run -0 polyhebb run grid.yaml --set dynamics.sweeps=4
    told 0
    run -0 polyhebb export grid.h5 --csv
    told 0
    polyhebb run grid.yaml -q -o weak.h5 --set noise=0.001
    make_old weak.h5
    run -0 polyhebb run grid.yaml -o weak.h5 --set "noise=[0.001, 0.002]"
    told 0
    run -0 polyhebb export weak.h5 --csv
    told 0
    wrong 2
    run -0 polyhebb run grid.yaml -o run.h5 --set dynamics.sweeps=4
    told 1
    [[ "$output" == *"run.h5: if it was computed on more threads than there were blocks of replicas, chains of 1 point"* ]]
    run -0 polyhebb export run.h5 --csv
    told 1
}

@test "study of an old run with wrong chains says so once" {
    wrong 1
    mkdir out
    mv run.h5 out/grid.h5
    run -0 polyhebb study grid.yaml -o out -f svg
    told 1
}
