#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-3.0-or-later
# What export, compare and plot say of a run: whose numbers they are, and what they cannot say.
load common

@test "compare: why trajectories were not held against the flow, and at how many points" {
    NEURONS=300 SWEEPS=10 make_grid late.yaml # burn_in 5
    sed 's/burn_in: 5/sampler: [glauber, descent]/; s/^noise.*/noise: 0/' late.yaml >mixed.yaml
    for grid in late mixed; do
        polyhebb run $grid.yaml -q
    done
    run -3 polyhebb compare late.h5
    [[ "$output" == *"trajectories not compared: not recorded from the start (4 points)"* ]]
    [[ "$output" != *"comparisons with the flow"* ]]
    run -3 polyhebb compare mixed.h5 --brief
    [[ "$output" == *"not compared:"*"no flow with a band for this dynamics (2 points)"* ]]
}
