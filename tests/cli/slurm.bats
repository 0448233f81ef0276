#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-3.0-or-later
# Job scripts: what Slurm is told, and what its array and the merge after it leave behind.
load common

# A Slurm of one machine that does everything at once: sbatch takes the directives down to the first
# line of another kind, runs a copy of the script from elsewhere, in the folder it is called in, for
# each index of the array, and prints the number of the job. It refuses what it does not know.
# STOP=I: the time of task I is up as soon as it runs.
give_slurm()
{
    mkdir -p bin
    cat >bin/sbatch <<'END'
#!/bin/bash
set -u
parsable= array= after= cpus=1 output=slurm-%j.out mode=truncate
die() { echo "sbatch: error: $*" >&2; exit 1; }
option() {
    case $1 in
    --array=*) array=${1#*=} ;;
    --dependency=afterany:*) after=${1#*:} ;;
    --parsable) parsable=yes ;;
    --cpus-per-task=*) cpus=${1#*=} ;;
    --output=*) output=${1#*=} ;;
    --open-mode=*) mode=${1#*=} ;;
    --signal=B:USR1@[0-9]*) ;;
    --job-name=* | --mem=[1-9]*M | --time=[1-9]* | -A*) ;;
    *) die "unknown option $1" ;;
    esac
}
script=${*: -1}
[ "$(head -c 3 "$script")" = "#!/" ] || die "no script: $script"
while read -r mark word rest; do
    [[ $mark == '#'* || -z $mark ]] || break
    [[ $mark != '#SBATCH' ]] || { [ -z "$rest" ] || die "two words: $rest"; option "$word"; }
done <"$script"
while [ $# -gt 1 ]; do option "$1"; shift; done
[ -z "$after" ] || [ -e "$SPOOL/$after.done" ] || die "no job $after"
job=$(($(find "$SPOOL" -name '*.done' | wc -l) + 100))
mkdir "$SPOOL/$job"
cp "$script" "$SPOOL/$job/slurm_script"
chmod 700 "$SPOOL/$job/slurm_script"
tasks=${array//,/ }
[[ $array != *-* ]] || tasks=$(seq -s ' ' "${array%-*}" "${array#*-}")
export SLURM_JOB_ID=$job SLURM_CPUS_PER_TASK=$cpus SLURM_SUBMIT_DIR=$PWD
for task in ${tasks:-none}; do
    if [ "$task" != none ]; then
        export SLURM_ARRAY_JOB_ID=$job SLURM_ARRAY_TASK_ID=$task
        SLURM_ARRAY_TASK_COUNT=$(wc -w <<<"$tasks")
        export SLURM_ARRAY_TASK_COUNT
    fi
    log=${output//%a/$task}
    log=${log//%j/$job}
    [ "$mode" = append ] || : >"$log"
    "$SPOOL/$job/slurm_script" >>"$log" 2>&1 &
    [ "${STOP:-}" != "$task" ] || { until compgen -G "*.$task-of-*.status" >/dev/null; do sleep 0.01; done; kill -s USR1 $!; }
    wait $!
    echo "$task exit $?" >>"$SPOOL/$job.done"
done
[ -n "$parsable" ] && echo "$job" || echo "Submitted batch job $job"
END
    chmod +x bin/sbatch
    export PATH=$PWD/bin:$PATH SPOOL=$PWD/spool
    mkdir -p "$SPOOL"
}

@test "slurm: the line it prints submits all; a task out of time is sent again: the bits of one run" {
    give_slurm
    NEURONS=20000 SWEEPS=120 make_grid
    polyhebb slurm grid.yaml -n 3 -t 10m --set seed=9 >said
    bash -n grid-array.sh
    bash -n grid-merge.sh
    STOP=1 bash -c "$(tail -n 1 said)"
    [ "$(cat spool/100.done)" = "$(printf '0 exit 0\n1 exit 75\n2 exit 0')" ]
    [ "$(cat spool/101.done)" = "none exit 75" ]
    grep -q "not finished: shard 1 of 3" grid-merge.log
    run -0 sbatch -Aproject --array=1 grid-array.sh
    run -0 sbatch grid-merge.sh
    grep -q "grid.h5: complete, from 3 files" grid-merge.log
    polyhebb run grid.yaml -q -o fresh.h5 --set seed=9
    same grid.h5 fresh.h5
}

@test "slurm: scripts it wrote are written anew; what somebody changed or wrote is not" {
    make_grid
    polyhebb slurm grid.yaml -n 3
    run -0 polyhebb slurm grid.yaml -n 4
    grep -q "array=0-3" grid-array.sh
    [ -x grid-array.sh ]
    [ -x grid-merge.sh ]
    sed -i '/SBATCH --mem/i #SBATCH --account=physics' grid-merge.sh
    cp grid-array.sh array && cp grid-merge.sh merge
    run -2 polyhebb slurm grid.yaml -n 5
    [[ "$output" == *"grid-merge.sh exists and is not a script as polyhebb slurm wrote it"* ]]
    cmp grid-array.sh array
    cmp grid-merge.sh merge
    rm grid-merge.sh
    echo "echo mine" >grid-array.sh
    run -2 polyhebb slurm grid.yaml
    [[ "$output" == *"grid-array.sh exists"*"not overwritten"* ]]
    [ "$(cat grid-array.sh)" = "echo mine" ]
    [ "$(echo grid-*)" = grid-array.sh ]
}

@test "slurm: no room, or a folder in the way: exit 1, no half scripts" {
    make_grid
    run -1 bash -c "trap '' XFSZ; ulimit -f 0; exec '$POLYHEBB' slurm grid.yaml"
    [[ "$output" == *"grid-array.sh: cannot write"* ]]
    [ "$(echo grid*)" = grid.yaml ]
    mkdir grid-array.sh
    run -1 polyhebb slurm grid.yaml
    [[ "$output" == *"grid-array.sh"*"s a directory"* ]]
    [ ! -e grid-merge.sh ]
}

@test "slurm: the scripts' parts, one stopped by its signal and run again, merge into the whole" {
    NEURONS=20000 SWEEPS=100 make_grid "it's a grid.yaml"
    run -2 polyhebb slurm "it's a grid.yaml"
    [[ "$output" == *"rename the grid file"* ]]
    mv "it's a grid.yaml" grid.yaml
    run -2 polyhebb slurm grid.yaml -n 0
    run -2 polyhebb slurm grid.yaml -t 60
    run -0 polyhebb slurm grid.yaml -n 3 -c 2 -t 2h --set "title=it's"
    [[ "${lines[1]}" == "sbatch --dependency=afterany:"*"grid-array.sh"*"grid-merge.sh" ]]
    for line in --array=0-2 --cpus-per-task=2 --time=120 --signal=B:USR1@120 --open-mode=append; do
        grep -qxF "#SBATCH $line" grid-array.sh
    done
    [[ "$(tail -n 1 grid-array.sh)" == "exec "* ]]
    printf 'host: node17\nprocess: 1\nsince: 2026-01-31T12:00:00Z\n' >grid.0-of-3.h5.claim
    SLURM_ARRAY_TASK_ID=0 run -1 ./grid-array.sh
    [[ "$output" == *"node17"*"--take-over"* ]]
    SLURM_RESTART_COUNT=1 SLURM_ARRAY_TASK_ID=0 ./grid-array.sh
    run -75 ./grid-merge.sh
    [[ "$output" == *"missing: shards 1, 2 of 3"* ]]
    SLURM_ARRAY_TASK_ID=1 ./grid-array.sh &
    job=$!
    wait_for grid.1-of-3.h5.status
    kill -s USR1 $job
    code=0
    wait $job || code=$?
    [ $code -eq 75 ]
    SLURM_ARRAY_TASK_ID=2 ./grid-array.sh
    run -75 ./grid-merge.sh
    [[ "$output" == *"grid.h5 exists already: what it holds is kept"*"not finished: shard 1 of 3"* ]]
    SLURM_ARRAY_TASK_ID=1 ./grid-array.sh
    run -0 ./grid-merge.sh
    polyhebb run grid.yaml -q -o fresh.h5 --set "title=it's"
    same grid.h5 fresh.h5
    SEED=8 make_grid other.yaml
    polyhebb run other.yaml -q -o grid.h5.other && mv grid.h5.other grid.h5
    run -1 ./grid-merge.sh
    [[ "$output" == *"grid.h5 belongs to another grid"*"seed: 7"* ]]
}

@test "check --shards: how long parts take, how much of that they idle, and how few are as fast" {
    make_grid
    run -0 polyhebb check grid.yaml --shards 1
    [[ "$output" == *"parts:      1 of at most "*"idle 0%"* ]]
    run -0 polyhebb check grid.yaml -n 1000 -c 4
    [[ "$output" =~ "the longest of "([0-9]+)" blocks" ]]
    blocks=${BASH_REMATCH[1]}
    [[ "$output" =~ ([0-9]+)" parts are as fast" ]]
    [ "${BASH_REMATCH[1]}" -le "$blocks" ]
    run -2 polyhebb check grid.yaml -n 0
    polyhebb run -q grid.yaml
    run -2 polyhebb check grid.h5 -n 4
    [[ "$output" == *"--shards go with a grid file"* ]]
}
