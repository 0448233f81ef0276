/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef PH_BENCH_BENCH_H
#define PH_BENCH_BENCH_H

#include <stdbool.h>
#include <stdint.h>

#include "bench/baseline.h"
#include "params/grid.h"
#include "sim/model/patterns.h"

/** The network and dynamics a speed is measured on: storage, dilution 0.3. */
typedef struct {
    ph_sampler_id_t sampler;
    ph_order_t order;
    int64_t neurons, patterns;
    double noise;      /* replica exchange: 0.4, 0.5, 0.6, 0.7, 0.8, 0.95, 1.1 or 1.3, its ladder */
    uint32_t replicas; /* chains of one block */
    uint32_t blocks;   /* 1 or, in step, 2: of each thread */
    uint64_t threads;  /* each with blocks of its own */
    const char *kernel; /* NULL: the one chosen */
} ph_bench_case_t;

typedef struct {
    const char *kernel; /* its name */
    uint32_t rungs;     /* of replica exchange; else 1 */
    double updates;     /* attempted spin updates of one repetition, all threads and rungs */
    double per_second;  /* median over repetitions. One thread: of its processor time; more: of
                           the time that passes */
    double spread;      /* half of what the middle half of the repetitions spans, of the median */
    double to_naive;    /* over the naive loop timed next to each repetition, median; NaN: none */
    double to_naive_spread; /* as spread, of those ratios */
    uint64_t sweeps;        /* one block's count of sweeps over all repetitions */
    double sweep_seconds;   /* time of one sweep of a thread's blocks, median */
    double classes;         /* of neurons that are alike, at most */
} ph_bench_speed_t;

/** Times for one repetition and how many. */
typedef struct {
    double seconds;
    uint32_t repetitions;
} ph_bench_effort_t;

/**
 * The naive loop (bench/baseline.h) on the network of a case, for ratios: a machine whose speed
 * moves from second to second slows both alike.
 */
typedef struct {
    ph_patterns_t patterns;
    ph_naive_t naive;
    int64_t attempts; /* of one repetition */
} ph_bench_naive_t;

/** Sets it up, a repetition of a third of the effort's. PH_ERR_MEMORY; free is safe then. */
int ph_bench_naive_init(ph_bench_naive_t *self, const ph_bench_case_t *what,
                        const ph_bench_effort_t *effort);
void ph_bench_naive_free(ph_bench_naive_t *self);

/**
 * Measures the speed of one case, beside the naive loop unless that is NULL. PH_ERR_INPUT if the
 * kernel does not take it, PH_ERR_MEMORY, PH_ERR_NUMERIC if the running overlaps differ from a
 * recount afterwards (up to 10^7 spins).
 */
int ph_bench_speed(const ph_bench_case_t *what, const ph_bench_effort_t *effort,
                   ph_bench_naive_t *beside, ph_bench_speed_t *speed);

/** Attempts per second of the dense baseline, median; NaN where its matrix has no room. */
int ph_bench_dense(const ph_bench_case_t *what, const ph_bench_effort_t *effort,
                   double *per_second);

/** Independent samples per second. */
typedef struct {
    const char *kernel;
    double tau;        /* integrated autocorrelation time of the energy, sweeps */
    double per_second; /* chains x sweeps a second / (2 tau), one thread */
} ph_bench_effective_t;

/** Runs `sweeps` sweeps after a tenth of them as burn-in and estimates tau from all chains. */
int ph_bench_effective(const ph_bench_case_t *what, uint64_t sweeps, ph_bench_effective_t *result);

#endif
