# SPDX-License-Identifier: GPL-3.0-or-later
# What the program tests share. POLYHEBB holds the program's path.
bats_require_minimum_version 1.5.0

setup()
{
    cd "$BATS_TEST_TMPDIR" || return 1
    unset SLURM_CPUS_PER_TASK SLURM_MEM_PER_NODE SLURM_MEM_PER_CPU NSLOTS NCPUS LSB_DJOB_NUMPROC
    unset OMP_PROC_BIND OMP_PLACES GOMP_CPU_AFFINITY OMP_THREAD_LIMIT
}

# Options of a run that must be caught at work: the same bits in at least twice the time, and a processor is left to
# who waits for it. What goes on from there does without.
SLOW="--kernel reference -j 1"

# make_grid [FILE]: four points, 24 chains; a tenth of a second of one core. What must be caught at
# work takes NEURONS=20000 and more SWEEPS, and SLOW.
make_grid()
{
    cat >"${1:-grid.yaml}" <<END
title: program test
seed: ${SEED:-7}
network: {neurons: ${NEURONS:-1500}, patterns: 3, dilution: [0.2, 0.5]}
noise: ${NOISE:-[0.05, 0.3]}
dynamics: {sweeps: ${SWEEPS:-60}, burn_in: 5}
ensemble: {samples: ${SAMPLES:-2}, replicas: ${REPLICAS:-3}, lanes: 2}
END
}

polyhebb()
{
    "$POLYHEBB" "$@"
}

# same A B: all data equal bit for bit (NaN equals NaN); only /provenance may differ.
same()
{
    h5diff --exclude-path /provenance "$1" "$2"
}

# Waits until a file is there and not empty, for at most ten seconds.
wait_for()
{
    for _ in $(seq 1000); do
        [ -s "$1" ] && return 0
        sleep 0.01
    done
    echo "no $1 after ten seconds"
    return 1
}

# checkpointed FILE: waits until the journal of FILE holds a checkpoint.
checkpointed()
{
    for _ in $(seq 1000); do
        [ "$(stat -c %s "$1.journal" 2>/dev/null || echo 0)" -gt "${2:-5000}" ] && return 0
        sleep 0.01
    done
    echo "no checkpoint of $1 after ten seconds"
    return 1
}

# A pause of 20 to 20 + $1 milliseconds.
random_pause()
{
    sleep "$(printf '0.%03d' $((RANDOM % $1 + 20)))"
}

# leaves_nothing FILE: no journal, claim or half-written file beside a finished run.
leaves_nothing()
{
    [ ! -e "$1.journal" ] && [ ! -e "$1.claim" ] && [ ! -e "$1.partial" ]
}

# Overwrites one byte by its complement.
flip()
{
    local byte
    byte=$(od -An -tu1 -j "$2" -N 1 "$1")
    printf "\\x$(printf %02x $((255 - byte)))" | dd of="$1" bs=1 seek="$2" conv=notrunc status=none
}

# pieces PAGE: what this file of tests runs of a page of the manual: what is typed up to the N-th box as N.sh, what that
# box shows as N.txt.
pieces()
{
    /usr/bin/python3 "$BATS_TEST_DIRNAME/../house/blocks.py" pieces "$BATS_TEST_DIRNAME/../.." "$1" \
        "tests/cli/$(basename "$BATS_TEST_FILENAME")"
}

# typed: POLYHEBB is what a shell finds, and python3 the one that has h5py.
typed()
{
    mkdir bin
    ln -s "$POLYHEBB" bin/polyhebb
    ln -s /usr/bin/python3 bin/python3
    PATH=$PWD/bin:$PATH
    unset -f polyhebb
}
