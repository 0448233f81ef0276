#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-3.0-or-later
# Runs that go on until an error is had: killed and resumed, said, refused.
load common

make_until()
{
    cat >until.yaml <<END
network: {neurons: ${NEURONS:-2000}, patterns: 2, dilution: 0.2}
noise: [0.6, 1.5]
dynamics: {sweeps: 20, burn_in: 5, until: {error: ${ERROR:-0.002}, rhat: 1.3, sweeps_max: ${CAP:-320}}}
ensemble: {samples: 2, replicas: 24, lanes: 8}
record: {trajectory: true}
END
}

@test "killed and resumed, and in shards: the same bits as one fresh run; check says what it came to" {
    NEURONS=3000 make_until
    run -5 polyhebb run until.yaml -j 1 -o fresh.h5
    [[ "$output" == *"as dynamics.until asks at 1 of 2 points, after 20 to 320 sweeps"* ]]
    [[ "$output" == *"cap of 320 sweeps reached at 1 of 2 points: error 0."*" > 0.002, R-hat "*" > 1.3 at noise=0.6"* ]]
    "$POLYHEBB" run until.yaml -q -c 0.01 &
    checkpointed until.h5 $((RANDOM % 30000 + 5000))
    kill -9 $! 2>/dev/null || true
    wait $! 2>/dev/null || true
    run -5 polyhebb run until.yaml -q
    same until.h5 fresh.h5
    leaves_nothing until.h5
    for shard in 0 1; do
        polyhebb run until.yaml -q -s "$shard/2" || [ $? -eq 5 ]
    done
    run -5 polyhebb merge until.?-of-2.h5 -o merged.h5
    same merged.h5 fresh.h5
    run -5 polyhebb check merged.h5
    [[ "$output" == *"whole, complete: 2 of 2 points complete"* ]]
    [[ "$output" == *"noise=0.6: error 0."*" (asked: 0.002), R-hat "*" (asked: 1.3), needs about "*" sweeps more"* ]]
    [[ "$output" == *"needs:      until: { sweeps_max: "* ]]
    run -0 polyhebb export merged.h5
    run -0 polyhebb status merged.h5
}

@test "reached: exit 0; a later error goes on from there; a looser one is refused" {
    ERROR=0.05 make_until
    sed -i 's/rhat: 1.3, //; s/\[0.6, 1.5\]/1.5/' until.yaml
    run -0 polyhebb run until.yaml
    [[ "$output" == *"as dynamics.until asks at 1 of 1 points, after 20 to 20 sweeps"* ]]
    run -0 polyhebb check until.h5
    [[ "$output" == *"as asked at 1 of 1 points, after 20 to 20 sweeps; at the cap at 0"* ]]
    run -0 polyhebb run until.yaml --set until_error=0.001
    [[ "$output" == *"as dynamics.until asks at 1 of 1 points, after 160 to 320 sweeps"* ]]
    run -0 polyhebb run until.yaml -q -o fresh.h5 --set until_error=0.001
    same until.h5 fresh.h5
    run -1 polyhebb run until.yaml
    [[ "$output" == *"dynamics.until_error: 0.001 in until.h5, 0.05 in this grid"* ]]
}

@test "bad input: what is wrong, and what was expected; times are ranges" {
    make_until
    run -2 polyhebb check until.yaml --set 'until={ error: 0.1, rhat: 0, sweeps_max: 0 }'
    [[ "$output" == *"dynamics.until: without an end, expected sweeps_max"* ]]
    run -0 polyhebb check until.yaml
    [[ "$output" == *"time:       about "*" to "*", as dynamics.until goes; the rest is for its cap of 320 sweeps"* ]]
    run -0 polyhebb slurm until.yaml -t 1h
    [[ "$output" == *"# as dynamics.until goes, a part takes about "*" to "* ]]
    grep -q '\[ $code -eq 0 \] || \[ $code -eq 5 \] || break' until-array.sh
}
