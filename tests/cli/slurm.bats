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
    --signal=B:USR1@[0-9]* | --requeue | --chdir=/* | --nodes=1 | --ntasks-per-node=[2-9]) ;;
    --job-name=* | --mem=[1-9]*M | --time=[1-9]* | --account=* | -A*) ;;
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
array=${array%'%'*}
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
    if [ -e "$SPOOL/requeue-${job}_$task" ]; then
        rm "$SPOOL/requeue-${job}_$task"
        SLURM_RESTART_COUNT=1 "$SPOOL/$job/slurm_script" >>"$log" 2>&1
        echo "$task again, exit $?" >>"$SPOOL/$job.done"
    fi
done
[ -n "$parsable" ] && echo "$job" || echo "Submitted batch job $job"
END
    cat >bin/scontrol <<'END'
#!/bin/sh
[ "$1" = requeue ] && [ -d "$SPOOL/${2%_*}" ] && : >"$SPOOL/requeue-$2"
END
    cat >bin/srun <<'END'
#!/bin/bash
[ "${*:1:4}" = "--kill-on-bad-exit=0 --wait=0 --ntasks=2 --cpus-per-task=2" ] || exit 1
shift 4
SLURM_PROCID=0 "$@" & first=$!
SLURM_PROCID=1 "$@" & second=$!
wait $first; a=$?
wait $second; b=$?
exit $((a > b ? a : b))
END
    chmod +x bin/sbatch bin/scontrol bin/srun
    export PATH=$PWD/bin:$PATH SPOOL=$PWD/spool
    mkdir -p "$SPOOL"
}

@test "slurm: the line it prints submits all; a task out of time asks for another turn: the bits of one run" {
    give_slurm
    NEURONS=20000 SWEEPS=60 make_grid
    polyhebb slurm grid.yaml -n 3 -t 10m --set seed=9 >said
    bash -n grid-array.sh
    bash -n grid-merge.sh
    STOP=1 bash -c "$(tail -n 1 said)"
    [ "$(cat spool/100.done)" = "$(printf '0 exit 0\n1 exit 75\n1 again, exit 0\n2 exit 0')" ]
    [ "$(cat spool/101.done)" = "none exit 0" ]
    grep -q "grid.h5: complete, from 3 files" grid-merge.log
    polyhebb run grid.yaml -q -o fresh.h5 --set seed=9
    same grid.h5 fresh.h5
}

@test "slurm: turns are counted; merge prints what submits the rest, --resubmit submits it" {
    give_slurm
    NEURONS=20000 SWEEPS=60 make_grid
    polyhebb slurm grid.yaml -n 3 -b account=physics >said
    sed -i 's/^requeues=[0-9]*/requeues=0/' grid-array.sh
    STOP=1 bash -c "$(tail -n 1 said)"
    [ "$(cat spool/100.done)" = "$(printf '0 exit 0\n1 exit 75\n2 exit 0')" ]
    grep -q "started again 0 times and not done yet" grid.1-of-3.log
    [ "$(cat spool/101.done)" = "none exit 75" ]
    grep -q "not finished: shard 1 of 3" grid-merge.log
    line="job=\$(sbatch --parsable --array=1 'grid-array.sh') && sbatch --dependency=afterany:\${job%;*} 'grid-merge.sh'"
    grep -qxF "$line" grid-merge.log
    rm grid.0-of-3.h5
    run -75 polyhebb merge grid.*-of-3.h5 -o other.h5 -r
    [[ "$output" == *"missing: shard 0 of 3"*"not finished: shard 1 of 3"* ]]
    [ "$(cat spool/102.done)" = "$(printf '0 exit 0\n1 exit 0')" ]
    grep -q "grid.h5: complete, from 3 files" grid-merge.log
    rm grid.1-of-3.h5 grid.h5
    printf '#!/bin/sh\nexit 1\n' >bin/sbatch
    run -1 polyhebb merge grid.*-of-3.h5 -o grid.h5 --resubmit
    [[ "$output" == *"sbatch did not take the jobs"* ]]
    rm grid-array.sh
    run -2 polyhebb merge grid.*-of-3.h5 -o grid.h5 --resubmit
    [[ "$output" == *"--resubmit: expected the parts' job scripts"* ]]
}

@test "slurm: more parts than an array has tasks: each task does several, one after the other" {
    make_grid
    run -0 --separate-stderr polyhebb slurm grid.yaml -n 1005 -m 50
    [[ "$output" == *"an array of 1000 tasks with up to 2 parts each"* ]]
    [[ "$stderr" == *"fewer than 1005 x 1 processors"* ]]
    grep -qxF "#SBATCH --array=0-999%50" grid-array.sh
    SLURM_ARRAY_TASK_ID=3 ./grid-array.sh
    [ "$(echo grid.*-of-1005.h5)" = "grid.1003-of-1005.h5 grid.3-of-1005.h5" ]
    SLURM_ARRAY_TASK_ID=5 ./grid-array.sh
    run -75 ./grid-merge.sh
    [[ "$output" == *"--array=0-2,4,6-"*"%50 'grid-array.sh'"* ]]
    SLURM_ARRAY_TASK_ID=1000 run -2 ./grid-array.sh
    [[ "$output" == *"there is no task 1000: 0 to 999 have all 1005 parts"* ]]
}

@test "merge: no room in its middle is named, and the parts stay; a grid changed since is told apart" {
    make_grid
    for k in 0 1; do polyhebb run grid.yaml -q -s $k/2; done
    cp grid.0-of-2.h5 before
    run -1 bash -c "trap '' XFSZ; ulimit -f 24; exec '$POLYHEBB' merge grid.0-of-2.h5 grid.1-of-2.h5 -o grid.h5"
    [[ "$output" == *"grid.h5: cannot "*"File too large"* ]]
    [ "$(echo grid.h5*)" = "grid.h5*" ]
    cmp grid.0-of-2.h5 before
    sed 's/burn_in: 5/burn_in: 6/' grid.yaml >other.yaml
    polyhebb run other.yaml -q -s 1/2
    run -1 polyhebb merge grid.0-of-2.h5 other.1-of-2.h5 -o grid.h5
    [[ "$output" == *"other.1-of-2.h5 belongs to another grid than grid.0-of-2.h5"*"burn_in: 5 in grid.0-of-2.h5, 6 in other.1-of-2.h5"* ]]
    run -0 polyhebb merge grid.0-of-2.h5 grid.1-of-2.h5 -o grid.h5
    polyhebb merge grid.0-of-2.h5 -o grid.h5 # no less for less
    run -0 polyhebb check grid.h5
    # a part that runs by a clock that is ahead
    sed "s/^state: .*/state: running/; s/^updated: .*/updated: 2999-01-01T00:00:00Z/; s/^pid: .*/pid: $$/" \
        grid.1-of-2.h5.status >status && mv status grid.1-of-2.h5.status
    run -0 polyhebb status grid.yaml
    [[ "$output" == *"by a clock "*" ahead of the one here"*"running: 1 (1)"* ]]
}

@test "an empty part, two divisions of one grid in a folder, a clock that went back: named, nothing lost" {
    SAMPLES=1 make_grid
    one=(--set network.dilution=0.2 --set noise=0.3) # two blocks of replicas
    polyhebb run grid.yaml -q -o whole.h5 "${one[@]}"
    run -0 polyhebb slurm grid.yaml -n 3 -t 1h "${one[@]}"
    [[ "$output" == *"the grid has 2 blocks of replicas to share out, fewer than 3 x 1 processors"* ]]
    run -0 polyhebb run grid.yaml -s 2/3 "${one[@]}"
    [[ "$output" == *", 0 updates/s"* ]]
    run -75 polyhebb merge grid.2-of-3.h5 -o empty.h5
    [[ "$output" == *"missing: shards 0, 1 of 3"* ]]
    polyhebb run grid.yaml -q -s 0/2 "${one[@]}"
    run -0 polyhebb status grid.yaml
    [[ "$output" == *"parts of several divisions of grid are here; these are those of 3"*"done: 1 (2)"* ]]
    # what a process has left that ended by a clock a thousand years ahead
    printf 'host: %s\nprocess: %s\nsince: 2999-01-01T00:00:00Z\n' "$(hostname)" "$(bash -c 'echo $$')" >grid.1-of-2.h5.claim
    run -0 polyhebb run grid.yaml -s 1/2 "${one[@]}"
    [[ "$output" == *"since 2999-01-01T00:00:00Z) ended without finishing"* ]]
    run -0 polyhebb merge grid.*-of-*.h5 -o merged.h5
    [[ "$output" == *"is shard 2 of 3, not of 2"*"merged.h5: complete, from 3 files"* ]]
    same merged.h5 whole.h5
}

@test "slurm: parts side by side on a node, in its scratch; kept when the scripts are written again" {
    give_slurm
    make_grid
    mkdir scratch
    polyhebb slurm grid.yaml -n 5 -p 2 --scratch '$SCRATCH' -c 2 -m 7
    run -0 polyhebb slurm grid.yaml -n 5
    [[ "$output" == *"2 of them side by side on a node"* ]]
    grep -qxF "#SBATCH --array=0-2%7" grid-array.sh
    grep -qxF "#SBATCH --cpus-per-task=2" grid-array.sh
    grep -qxF "#SBATCH --ntasks-per-node=2" grid-array.sh
    SCRATCH=$PWD/scratch bash -c "${lines[-1]}"
    [ "$(cat spool/100.done)" = "$(printf '0 exit 0\n1 exit 0\n2 exit 0')" ]
    grep -q "grid.h5: complete, from 5 files" grid-merge.log
    [ -z "$(ls scratch)" ]
    run -1 grep "complete already" grid.0-of-3.log grid.1-of-3.log grid.2-of-3.log # none twice
    polyhebb run grid.yaml -q -o fresh.h5
    same grid.h5 fresh.h5
    rm grid.[23]-of-5.h5 grid.h5
    run -75 polyhebb merge grid.*-of-5.h5 -o grid.h5
    [[ "$output" == *"--array=1%7 'grid-array.sh'"* ]]
    for bad in relative '$1' '$(id)' 'a"b' '${A'; do
        run -2 polyhebb slurm grid.yaml --scratch "$bad"
    done
    polyhebb slurm grid.yaml -n 5 -p 1 --scratch "" -m 0 -c 1
    [ "$(grep -c "srun\|scratch" grid-array.sh)" = 0 ]
    grep -qxF "#SBATCH --array=0-4" grid-array.sh
    grep -qxF "#SBATCH --cpus-per-task=1" grid-array.sh
}

@test "slurm: status asks the queue where parts are that are not done" {
    make_grid
    polyhebb slurm grid.yaml -n 5
    SLURM_ARRAY_JOB_ID=4711 SLURM_ARRAY_TASK_ID=0 ./grid-array.sh
    h5dump -a /provenance/job grid.0-of-5.h5 | grep -qF '"Slurm 4711_0"'
    run -0 polyhebb status grid.yaml # as it may be, without a squeue or with one that knows nothing
    [[ "$output" == *"not begun: 4 (1-4)"* ]]
    mkdir bin
    cat >bin/squeue <<END
#!/bin/sh
[ "\$*" = "-h -r -n grid -o %K %t %Z" ] || exit 1
printf '%s\n' "0 R $PWD" "1 PD $PWD" "2 R $PWD" "3 PD /elsewhere" "9 PD $PWD" "N/A PD $PWD" "nothing"
END
    chmod +x bin/squeue
    PATH=$PWD/bin:$PATH run -0 polyhebb status grid.yaml
    [[ "$output" == *"not begun: 2 (3, 4)"*"not begun, queued: 1 (1)"*"done: 1 (0)"*"its task runs, not heard of yet: 1 (2)"* ]]
    printf '#!/bin/sh\necho 1 PD; exit 1\n' >bin/squeue
    PATH=$PWD/bin:$PATH run -0 polyhebb status grid.yaml
    [[ "$output" == *"not begun: 4 (1-4)"* ]]
}

@test "slurm: options of sbatch are kept when scripts are written again; a site has a file of its own" {
    make_grid
    polyhebb slurm grid.yaml -b account=physics -b "comment=one two"
    polyhebb slurm grid.yaml -n 2
    for script in grid-array.sh grid-merge.sh; do
        grep -qxF "#SBATCH --account=physics" $script
        grep -qxF "#SBATCH --comment=one two" $script
    done
    polyhebb slurm grid.yaml --sbatch ""
    [ "$(grep -c "account\|comment" grid-array.sh)" = 0 ]
    run -2 polyhebb slurm grid.yaml -b $'account=a\nrm -rf'
    export XDG_CONFIG_HOME=$PWD/config
    mkdir -p config/polyhebb
    printf 'slurm:\n  sbatch: [--partition=main, qos=long]\n  setup: ["module load gsl"]\n' >config/polyhebb/site.yaml
    polyhebb slurm grid.yaml
    grep -qxF "#SBATCH --partition=main" grid-merge.sh
    grep -qxF "#SBATCH --qos=long" grid-array.sh
    grep -qxF "module load gsl" grid-array.sh
    for bad in 'slurm: {sbach: []}' 'sbatch: []' 'slurm: {sbatch: no}' 'slurm: {setup: [[a]]}' 'slurm: [' 'slurm: 3'; do
        echo "$bad" >config/polyhebb/site.yaml
        run -2 polyhebb slurm grid.yaml
        [[ "$output" == "polyhebb: error: "*"config/polyhebb/site.yaml:"*"expected slurm: {"* ]]
    done
    rm config/polyhebb/site.yaml
    mkfifo config/polyhebb/site.yaml
    run -1 timeout 20 "$POLYHEBB" slurm grid.yaml
    [[ "$output" == *"config/polyhebb/site.yaml: is a pipe, expected a regular file"* ]]
}

@test "slurm: times as sbatch reads them" {
    make_grid
    while read -r given minutes; do
        polyhebb slurm grid.yaml -n 2 -t "$given"
        grep -qxF "#SBATCH --time=$minutes" grid-array.sh
    done <<END
90 90
2-12 3600
1-02:30 1590
1-00:00:30 1440
2:30:00 150
45:30 46
90m 90
4h 240
2d 2880
END
    for bad in 3 7:59 0-0 1-2-3 1-2:3:4:5 -5 x 1-x 1e9:00:; do
        run -2 polyhebb slurm grid.yaml -t "$bad"
    done
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
    NEURONS=20000 SWEEPS=50 make_grid "it's a grid.yaml"
    run -2 polyhebb slurm "it's a grid.yaml"
    [[ "$output" == *"rename the grid file"* ]]
    mv "it's a grid.yaml" grid.yaml
    run -2 polyhebb slurm grid.yaml -n 0
    run -2 polyhebb slurm grid.yaml -t 60s
    run -0 polyhebb slurm grid.yaml -n 3 -c 2 -t 2h --set "title=it's"
    [[ "${lines[-1]}" == "job=\$(sbatch --parsable grid-array.sh) && sbatch --dependency=afterany:"*"grid-merge.sh" ]]
    for line in --array=0-2 --cpus-per-task=2 --time=120 --signal=B:USR1@120 --open-mode=append; do
        grep -qxF "#SBATCH $line" grid-array.sh
    done
    bash -n grid-array.sh
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
    [[ "$output" == *"grid.h5 holds results of 4 points that this grid does not contain"*"seed: 8 in grid.h5"* ]]
}

@test "check --shards: how long parts take, how much of that they idle, and how few are as fast" {
    make_grid
    run -0 polyhebb check grid.yaml --shards 1
    [[ "$output" == *"parts:      1 of at most "*"idle 0%"* ]]
    [[ "$output" =~ "memory:     "([^$'\n']*)" on "([0-9]+)" thread" ]]
    memory=${BASH_REMATCH[1]} threads=${BASH_REMATCH[2]}
    run -0 polyhebb check grid.yaml -n 8 -c "$threads" # each part as much as this run
    [[ "$output" == *"each in $memory of memory on $threads thread"* ]]
    run -0 polyhebb check grid.yaml -n 8 -c $((10 * threads + 90))
    [[ "$output" == *"of memory on $((10 * threads + 90)) threads"* && "$output" != *"each in $memory of"* ]]
    run -0 polyhebb check grid.yaml -n 1000 -c 4
    [[ "$output" =~ "the longest "("piece ")?"of "([0-9]+)" blocks" ]]
    blocks=${BASH_REMATCH[2]}
    [[ "$output" =~ ([0-9]+)" part"(s are| is)" as fast" ]]
    [ "${BASH_REMATCH[1]}" -le "$blocks" ]
    run -2 polyhebb check grid.yaml -n 0
    lone=(--set network.neurons=1000000 --set network.dilution=0.3 --set noise=0.4 --set ensemble.samples=1
        --set ensemble.replicas=32 --set ensemble.lanes=32 --set dynamics.sampler=block-gibbs)
    run -0 polyhebb check grid.yaml -n 1 -c 1 "${lone[@]}"
    [[ "$output" == *"idle 0% of that; the longest of 1 block takes"* ]]
    run -0 polyhebb check grid.yaml -n 1 -c 2 "${lone[@]}"
    [[ "$output" == *"idle 0% of that; the longest piece of 1 block takes"* ]]
    polyhebb run -q grid.yaml
    run -2 polyhebb check grid.h5 -n 4
    [[ "$output" == *"--shards go with a grid file"* ]]
}

@test "run --progress: lines for a log, each with its time" {
    NEURONS=20000 SWEEPS=300 make_grid
    polyhebb run grid.yaml --progress 0.1 2>log >/dev/null
    grep -qE '^20[0-9]{2}-[0-9-]+T[0-9:]+Z [0-4] of 4 points, +[0-9]+%, [0-9.e+]+ updates/s' log
    [ "$(wc -l <log)" -lt 40 ]
}

@test "tasks: one command a line, from any folder, in any array; given again they go on" {
    make_grid
    cp grid.yaml "it's.yaml"
    run -2 polyhebb tasks grid.yaml
    polyhebb tasks "it's.yaml" -n 3 -j 1 --set seed=9 >tasks
    [ "$(wc -l <tasks)" = 3 ]
    mkdir elsewhere && cd elsewhere
    xargs -P 2 -d '\n' -n 1 sh -c <../tasks
    PBS_ARRAY_INDEX=2 bash -c 'eval "$(sed -n "${PBS_ARRAY_INDEX}p" ../tasks) -t 3:50:00"'
    cd ..
    [ "$(echo it*.h5)" = "it's.0-of-3.h5 it's.1-of-3.h5 it's.2-of-3.h5" ]
    polyhebb merge it*-of-3.h5 -o whole.h5
    polyhebb run grid.yaml -q -o fresh.h5 --set seed=9
    same whole.h5 fresh.h5
    rm "it's.1-of-3.h5"
    run -0 polyhebb status "it's.yaml"
    [[ "$output" == *"begun once, its file is gone: 1 (1)"*"done: 2 (0, 2)"* ]]
    run -2 polyhebb run grid.yaml -s slurm
    SLURM_PROCID=1 SLURM_NTASKS=2 run -0 polyhebb run grid.yaml -s slurm
    [[ "$output" == *"grid.1-of-2.h5: its share of 4 of 4 points, "* ]]
}
