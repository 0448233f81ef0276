#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-3.0-or-later
# What the host imposes: bound threads, schedulers' numbers of processors.
load common

# threads_with NAME=VALUE...: the line of info on threads.
threads_with()
{
    env -u OMP_NUM_THREADS "$@" "$POLYHEBB" info | grep '^threads'
}

@test "threads that OpenMP binds may use all processors, unless bound to fewer" {
    all=$(threads_with A=1 | awk '{print $2}')
    for setting in OMP_PROC_BIND=true OMP_PROC_BIND=spread OMP_PROC_BIND=close OMP_PLACES=threads \
        GOMP_CPU_AFFINITY="0-$((all - 1))"; do
        run -0 threads_with "$setting"
        [[ "$output" =~ ^threads\ +$all\  ]] || { echo "$setting: $output"; return 1; }
    done
    for setting in OMP_PROC_BIND=master GOMP_CPU_AFFINITY=0 'OMP_PLACES={0},{0}'; do
        run -0 threads_with "$setting"
        [[ "$output" =~ ^threads\ +1\  ]] || { echo "$setting: $output"; return 1; }
        [ "$all" -eq 1 ] || [[ "$output" == *"bound to: "* ]]
    done
}

@test "limits of OpenMP and of schedulers hold and are named, also where more is asked for" {
    NEURONS=500 make_grid
    for name in OMP_THREAD_LIMIT OMP_NUM_THREADS NSLOTS NCPUS LSB_DJOB_NUMPROC SLURM_CPUS_PER_TASK; do
        run -0 threads_with $name=1
        [[ "$output" =~ ^threads\ +1\  ]] || { echo "$name: $output"; return 1; }
        run -0 env -u OMP_NUM_THREADS $name=1 "$POLYHEBB" run grid.yaml -j 8 -o $name.h5
        [[ "$output" == *" on 1 thread ("* ]]
        [ "$(nproc)" -eq 1 ] || [[ "$output" == *" on 1 thread ($name)"* ]]
    done
    same NSLOTS.h5 NCPUS.h5
}

@test "a run says how many threads OpenMP gave, not how many it was asked for" {
    [ "$(nproc)" -gt 1 ] || skip "one processor"
    NEURONS=500 make_grid
    run -0 env -u OMP_NUM_THREADS OMP_MAX_ACTIVE_LEVELS=0 "$POLYHEBB" run grid.yaml -j 2
    [[ "$output" == *" on 1 thread (OpenMP gave no more)"* ]]
}
