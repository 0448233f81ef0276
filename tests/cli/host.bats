#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-3.0-or-later
# What the host imposes: bound threads, schedulers' numbers of processors.
load common

# threads_with NAME=VALUE...: the line of info on threads.
threads_with()
{
    env -u OMP_NUM_THREADS "$@" "$POLYHEBB" info 2>/dev/null | grep '^threads'
}

@test "threads that OpenMP binds may use all processors, unless bound to fewer" {
    said=$(OMP_PLACES=threads "$POLYHEBB" info 2>&1 >/dev/null)
    [[ "$said" != *topology* ]] || skip "libgomp cannot bind here: $said"
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

# with_stack KIB COMMAND...
with_stack()
{
    (
        ulimit -s "$1"
        shift
        exec "$@"
    )
}

@test "too little stack is told before anything begins, and what to do about it" {
    NEURONS=500 make_grid
    for verb in run theory phase; do
        run -1 with_stack 128 "$POLYHEBB" $verb grid.yaml -o out.h5
        [[ "$output" == *"stack may grow to "*" kB and 512 kB are needed: 'ulimit -s 1024'"* ]]
        [ ! -e out.h5 ]
        run -0 with_stack 1024 "$POLYHEBB" $verb grid.yaml -o $verb.h5
    done
    [ "$(nproc)" -gt 1 ] || skip "one processor"
    for verb in run theory phase; do
        run -1 env OMP_STACKSIZE=16k "$POLYHEBB" $verb grid.yaml -o out.h5
        [[ "$output" == *"threads have stacks of "*"OMP_STACKSIZE=1024k"* ]]
        [ ! -e out.h5 ]
        run -0 env OMP_STACKSIZE=1024k "$POLYHEBB" $verb grid.yaml -o $verb.h5
    done
}

@test "closed standard streams: results take no lines meant for people, and those are missed" {
    NEURONS=500 make_grid
    polyhebb run grid.yaml -q -o open.h5
    run -1 bash -c "'$POLYHEBB' run grid.yaml >&-"
    [[ "$output" == *"cannot write to standard output"* ]]
    same open.h5 grid.h5
    run -0 bash -c "'$POLYHEBB' run grid.yaml -q -o silent.h5 <&- >&- 2>&-"
    same open.h5 silent.h5
    run -0 polyhebb check silent.h5
    SWEEPS=2000000 NEURONS=500 make_grid
    bash -c "exec '$POLYHEBB' run grid.yaml -q -o long.h5 >&- 2>&-" &
    writer=$!
    wait_for long.h5.status
    for stream in 1 2; do
        [ "$(readlink /proc/$writer/fd/$stream)" = /dev/null ]
    done
    kill -s TERM $writer
    wait $writer || true
    run -75 polyhebb check long.h5
}

# begin [COMMAND...]: a run of twenty seconds or more in the background, its process in $writer.
begin()
{
    NEURONS=500 SWEEPS=2000000 make_grid
    "$@" "$POLYHEBB" run grid.yaml -c 0.05 >said 2>errors &
    writer=$!
    checkpointed grid.h5
}

# saved: the run has ended with 75 and everything it had.
saved()
{
    code=0
    wait $writer || code=$?
    [ "$code" -eq 75 ]
    grep -q "everything is saved" said
    leaves_nothing grid.h5
    run -75 polyhebb check grid.h5
    rm grid.h5
}

# goes_on: the run hands on three checkpoints more; one that was stopped takes its journal away.
goes_on()
{
    for _ in 1 2 3; do
        checkpointed grid.h5 "$(stat -c %s grid.h5.journal)"
    done
}

@test "signals of schedulers and of a closed terminal: everything saved, exit 75" {
    for signal in HUP USR2 XCPU; do
        begin env --default-signal=$signal # these tests may run under nohup
        kill -s $signal $writer
        saved
    done
}

@test "signals that are repeated do not cut saving short, and it says so; SIGHUP stays ignored under nohup" {
    begin
    kill -s TERM $writer
    kill -s USR1 $writer
    kill -s XCPU $writer
    kill -s INT $writer
    kill -s INT $writer
    saved
    [ "$(grep -c "saving what is computed" errors)" -eq 1 ]
    begin env --ignore-signal=HUP
    kill -s HUP $writer
    goes_on
    kill -s TERM $writer
    saved
}
