#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-3.0-or-later
# Job scripts under a real Slurm of one machine, private to this test (suite `slurm`, by hand).
load ../cli/common
load slurm

setup_file()
{
    start_slurm "$(mktemp -d /tmp/polyhebb-slurm-XXXXXX)"
    export place
}

teardown_file()
{
    stop_slurm
}

teardown()
{
    scancel -u "$(id -un)" 2>/dev/null || true
    jobs_end 60 || true
}

# submit [OPTION...]: what `polyhebb slurm` printed; options go to the array's sbatch
submit()
{
    local line
    line=$(tail -n 1 said)
    bash -c "${line/--parsable/--parsable $*}"
}

# running FILE: a program writes it, and has saved something
running()
{
    for _ in $(seq 300); do
        [ "$(stat -c %s "$1.journal" 2>/dev/null || echo 0)" -le "${2:-5000}" ] || return 0
        sleep 0.1
    done
    squeue
    cat ./*.log
    return 1
}

# half a minute of one core, so that it is met at work
long_grid()
{
    NEURONS=20000 SWEEPS=${1:-2500} make_grid grid.yaml
}

complete()
{
    grep -q "grid.h5: complete" grid-merge.log || { cat ./*.log; return 1; }
    [ "$("$POLYHEBB" check grid.h5 | grep -c 'whole, complete')" = 1 ]
}

@test "slurm: array, then merge, submitted from another folder: the bits of one run" {
    make_grid
    polyhebb slurm grid.yaml -n 3 -c 2 >said
    mkdir other
    cp grid-array.sh grid-merge.sh said other/
    echo "no grid at all" >other/grid.yaml
    (cd other && submit)
    jobs_end
    complete
    [ -z "$(ls other/*.h5 2>/dev/null)" ]
    grep -q "of 4 points, .* on 2 threads" grid.0-of-3.log
    polyhebb run -q grid.yaml -o fresh.h5
    same grid.h5 fresh.h5
}

@test "slurm: an array that is not taken submits no merge" {
    make_grid
    polyhebb slurm grid.yaml -n 2 >said
    run submit --partition=nowhere
    [ "$status" -ne 0 ]
    [ -z "$(squeue -h)" ]
    [ ! -e grid-merge.log ]
}

@test "slurm: out of time, a part saves, asks to be started again, and ends: the bits of one run" {
    long_grid 3500
    polyhebb slurm grid.yaml -n 2 >said
    submit --time=1 --signal=B:USR1@45
    jobs_end 400
    complete
    grep -q "stopped before the end" grid.0-of-2.log
    [ "$(grep -c 'of 4 points, .* on 1 thread' grid.0-of-2.log)" -ge 2 ]
    polyhebb run -q grid.yaml -o fresh.h5
    same grid.h5 fresh.h5
}

@test "slurm: cancelled parts are not started again; merge names them, --resubmit submits them alone" {
    long_grid 800
    polyhebb slurm grid.yaml -n 4 >said
    submit
    running grid.1-of-4.h5
    id=$(squeue -h -o %F -n grid | head -n 1)
    scancel "${id}_1" "${id}_3"
    jobs_end 180
    grep -q "grid.h5 holds what there is" grid-merge.log
    grep -q -- "--array=1,3 'grid-array.sh'" grid-merge.log
    [ -z "$(squeue -h)" ]
    run polyhebb merge grid.*-of-4.h5 -o grid.h5 --resubmit
    [ "$status" -eq 75 ]
    # shellcheck disable=SC2012
    squeue -h -r -o %K -n grid >tasks
    [ "$(sort tasks | tr '\n' ' ')" = "1 3 " ] || { cat tasks; false; }
    jobs_end 180
    complete
    polyhebb run -q grid.yaml -o fresh.h5
    same grid.h5 fresh.h5
}

@test "slurm: killed, and requeued by hand: each goes on from its journal" {
    long_grid 800
    polyhebb slurm grid.yaml -n 2 >said
    submit
    running grid.0-of-2.h5
    running grid.1-of-2.h5
    id=$(squeue -h -o %F -n grid | head -n 1)
    scontrol requeue "${id}_0"
    pkill -9 -f -- "-s 1/2" || true
    jobs_end 180
    [ "$(grep -c 'of 4 points, .* on 1 thread' grid.0-of-2.log)" -ge 2 ]
    grep -q -- "--array=1 'grid-array.sh'" grid-merge.log
    polyhebb merge grid.*-of-2.h5 -o grid.h5 --resubmit || true
    jobs_end 180
    complete
    polyhebb run -q grid.yaml -o fresh.h5
    same grid.h5 fresh.h5
}

@test "slurm: the same part twice at once: one is refused, the other ends" {
    long_grid 400
    polyhebb slurm grid.yaml -n 1 >said
    sbatch grid-array.sh
    wait_for grid.h5.status
    sbatch --output=second.log grid-array.sh
    jobs_end 120
    grep -q "is being written by" second.log || { cat second.log; false; }
    polyhebb check grid.h5
}

@test "slurm: threads bound by OMP_PROC_BIND, steps of srun, a read-only site file: all run to the end" {
    make_grid
    mkdir -p config/polyhebb
    printf 'slurm: {sbatch: ["--comment=site"], setup: ["export OMP_PROC_BIND=spread"]}\n' >config/polyhebb/site.yaml
    XDG_CONFIG_HOME=$PWD/config polyhebb slurm grid.yaml -n 2 -c 2 >said
    grep -qxF '#SBATCH --comment=site' grid-array.sh
    submit
    jobs_end
    complete
    grep -q "on 2 threads" grid.1-of-2.log
    run -0 srun -n 1 -c 2 "$POLYHEBB" run grid.yaml -o step.h5
    same grid.h5 step.h5
}

@test "slurm: parts side by side on the node, in scratch, out of time: they save, go on, and end" {
    long_grid 2500
    mkdir scratch
    polyhebb slurm grid.yaml -n 3 -p 2 --scratch "$PWD/scratch" >said
    submit --time=1 --signal=B:USR1@45
    for _ in $(seq 300); do
        [ ! -s grid.1-of-3.h5.status ] || break
        sleep 0.1
    done
    polyhebb status grid.yaml >told
    jobs_end 500
    complete
    [ -z "$(ls scratch)" ]
    grep -q "stopped before the end" grid.0-of-2.log
    h5dump -a /provenance/job grid.0-of-3.h5 | grep -q '"Slurm [0-9]*_0"'
    [[ "$(cat told)" == *"running: "* ]]
    polyhebb run -q grid.yaml -o fresh.h5
    same grid.h5 fresh.h5
}

@test "slurm: parts in one allocation of srun; a part that waits is told as queued" {
    make_grid
    run -0 srun -n 2 "$POLYHEBB" run -q grid.yaml --shard slurm
    polyhebb merge grid.0-of-2.h5 grid.1-of-2.h5 -o whole.h5
    polyhebb run -q grid.yaml -o fresh.h5
    same whole.h5 fresh.h5
    rm grid.1-of-2.h5 grid.1-of-2.h5.status
    polyhebb slurm grid.yaml -n 2 >said
    sbatch --hold grid-array.sh
    run -0 polyhebb status grid.yaml
    [[ "$output" == *"not begun, queued: 1 (1)"*"done: 1 (0)"* ]]
}
