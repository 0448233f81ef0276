/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bench/bench.h"

#include <math.h>
#include <omp.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "analysis/estimate/statistics.h"
#include "base/floating.h"
#include "base/machine.h"
#include "bench/baseline.h"
#include "sim/chain/block.h"
#include "sim/samplers/samplers.h"

static const double DILUTION = 0.3;
static const uint64_t SEED = 1;
static const double CHECKED_MAX = 1e7; /* larger blocks would take seconds to check */
enum { REPETITIONS_MAX = 64, WARM_UP = 5 };

/* Of replica exchange: the noises that are measured among others. */
static const double LADDER[] = {0.4, 0.5, 0.6, 0.7, 0.8, 0.95, 1.1, 1.3};
enum { RUNGS = sizeof(LADDER) / sizeof(LADDER[0]) };

static uint32_t rungs_of(ph_sampler_id_t sampler)
{
    return ph_sampler_has(sampler, PH_TRAIT_LADDER) ? RUNGS : 1;
}

/* A point with its dilution list. */
static int make_point(ph_point_t *point, const ph_bench_case_t *what)
{
    double *dilution = calloc((size_t)what->patterns, sizeof(*dilution));
    if (dilution == NULL)
        return PH_ERR_MEMORY;
    for (int64_t mu = 0; mu < what->patterns; mu++)
        dilution[mu] = DILUTION;
    *point = (ph_point_t){.rule = PH_RULE_STORAGE,
                          .normalization = PH_NORM_VARIANCE,
                          .neurons = what->neurons,
                          .patterns = what->patterns,
                          .dilution = dilution,
                          .noise = what->noise,
                          .sampler = what->sampler,
                          .order = what->order,
                          .start = PH_START_ARCHETYPE,
                          .sweeps = 1000, /* or more: setting up pays */
                          .record_every = 1,
                          .disorder = {1, (uint64_t)what->neurons},
                          .identity = {2, (uint64_t)what->patterns}};
    if (rungs_of(what->sampler) > 1)
        point->ladder = (ph_list_t){RUNGS, LADDER};
    return PH_OK;
}

static void free_point(ph_point_t *point)
{
    free((void *)(uintptr_t)point->dilution);
    point->dilution = NULL;
}

static int make_block(ph_block_t *block, const ph_point_t *point, const ph_bench_case_t *what,
                      uint32_t number)
{
    int status =
        ph_block_init(block, ph_sampler(point->sampler), point, SEED, 0, number, 0, what->replicas);
    if (status == PH_OK && what->kernel != NULL)
        status = ph_block_use(block, what->kernel);
    if (status != PH_OK)
        return status;
    ph_block_start(block);
    for (int t = 0; t < WARM_UP; t++)
        ph_block_sweep(block);
    return PH_OK;
}

static double thread_seconds(void)
{
    struct timespec now;
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
    return (double)now.tv_sec + 1e-9 * (double)now.tv_nsec;
}

static int compare_doubles(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

static double median(double *values, uint32_t count)
{
    qsort(values, count, sizeof(*values), compare_doubles);
    return 0.5 * (values[(count - 1) / 2] + values[count / 2]);
}

/* Half of what the middle half of sorted values spans, of their median. */
static double half_span(const double *sorted, uint32_t count, double typical)
{
    return 0.5 * (sorted[count - 1 - count / 4] - sorted[count / 4]) / typical;
}

static uint32_t repetitions(const ph_bench_effort_t *effort)
{
    return effort->repetitions < REPETITIONS_MAX ? effort->repetitions : REPETITIONS_MAX;
}

/* Sweeps of the blocks of one thread. */
static void sweep_blocks(ph_block_t *blocks, uint32_t count, uint64_t sweeps)
{
    PH_FLOATING_GUARD(); /* as those who work for a run have it */
    for (uint64_t t = 0; t < sweeps; t++)
        if (count == 2)
            ph_block_sweep_two(&blocks[0], &blocks[1]);
        else
            ph_block_sweep(&blocks[0]);
}

/* Time of `sweeps` sweeps of every block, `count` a thread. */
static double time_sweeps(ph_block_t *blocks, uint32_t count, uint64_t threads, uint64_t sweeps)
{
    if (threads == 1) {
        double begun = thread_seconds();
        sweep_blocks(blocks, count, sweeps);
        return thread_seconds() - begun;
    }
    double begun = ph_machine_clock();
#pragma omp parallel for num_threads((int)threads) schedule(static, 1)
    for (uint64_t b = 0; b < threads; b++)
        sweep_blocks(&blocks[b * count], count, sweeps);
    return ph_machine_clock() - begun;
}

/* Sweeps that take about as long as one repetition should. */
static uint64_t sweeps_for(ph_block_t *blocks, uint32_t count, double seconds)
{
    for (uint64_t sweeps = 1;; sweeps *= 2) {
        double taken = time_sweeps(blocks, count, 1, sweeps);
        if (taken > 0.2 * seconds)
            return (uint64_t)((double)sweeps * seconds / taken) + 1;
    }
}

/* Attempts a second of one repetition of the naive loop. */
static double naive_rate(ph_bench_naive_t *self)
{
    const double begun = thread_seconds();
    ph_naive_run(&self->naive, self->attempts);
    return (double)self->attempts / (thread_seconds() - begun);
}

/* Seconds of each repetition, and its rate over that of the naive loop right after it. */
static void repeat(ph_block_t *blocks, const ph_bench_case_t *what, uint64_t sweeps, uint32_t count,
                   ph_bench_naive_t *beside, ph_bench_speed_t *speed)
{
    double seconds[REPETITIONS_MAX], ratios[REPETITIONS_MAX];
    for (uint32_t r = 0; r < count; r++) {
        seconds[r] = time_sweeps(blocks, what->blocks, what->threads, sweeps);
        ratios[r] = beside != NULL ? speed->updates / seconds[r] / naive_rate(beside) : NAN;
    }
    const double typical = median(seconds, count);
    speed->per_second = speed->updates / typical;
    speed->sweep_seconds = typical / (double)sweeps;
    speed->spread = half_span(seconds, count, typical);
    speed->to_naive = beside != NULL ? median(ratios, count) : NAN;
    speed->to_naive_spread = beside != NULL ? half_span(ratios, count, speed->to_naive) : NAN;
}

static int measure(ph_block_t *blocks, const ph_bench_case_t *what, const ph_bench_effort_t *effort,
                   ph_bench_naive_t *beside, ph_bench_speed_t *speed)
{
    const uint64_t sweeps = sweeps_for(blocks, what->blocks, effort->seconds);
    const uint64_t before = blocks[0].sweep;
    const uint32_t rungs = rungs_of(what->sampler);
    speed->kernel = blocks[0].kernel->name;
    speed->rungs = rungs;
    speed->updates = (double)sweeps * (double)what->neurons * what->replicas * what->blocks *
                     (double)what->threads * rungs;
    repeat(blocks, what, sweeps, repetitions(effort), beside, speed);
    speed->sweeps = blocks[0].sweep - before;
    speed->classes = ph_point_classes(blocks[0].point);
    int status = PH_OK;
    double spins = (double)what->neurons * what->replicas;
    for (uint64_t b = 0;
         b < what->threads * what->blocks && status == PH_OK && spins <= CHECKED_MAX; b++)
        status = ph_block_check(&blocks[b]);
    return status;
}

int ph_bench_speed(const ph_bench_case_t *what, const ph_bench_effort_t *effort,
                   ph_bench_naive_t *beside, ph_bench_speed_t *speed)
{
    ph_point_t point;
    uint64_t made = 0;
    const uint64_t all = what->threads * what->blocks;
    ph_block_t *blocks = calloc(all, sizeof(*blocks));
    int status = blocks == NULL ? PH_ERR_MEMORY : make_point(&point, what);
    if (status != PH_OK) {
        free(blocks);
        return status;
    }
    for (; made < all && status == PH_OK; made++)
        status = make_block(&blocks[made], &point, what, (uint32_t)made);
    if (status == PH_OK)
        status = measure(blocks, what, effort, beside, speed);
    for (uint64_t b = 0; b < made; b++)
        ph_block_free(&blocks[b]);
    free_point(&point);
    free(blocks);
    return status;
}

/* Attempts of a baseline that take about `seconds`, at least. */
static int64_t attempts_for(void *object, void (*run)(void *, int64_t), double seconds)
{
    int64_t attempts = 256;
    for (double taken = 0.0; taken < seconds;) {
        attempts *= 2;
        const double begun = thread_seconds();
        run(object, attempts);
        taken = thread_seconds() - begun;
    }
    return attempts;
}

static void run_naive(void *object, int64_t attempts)
{
    ph_naive_run(object, attempts);
}

static void run_dense(void *object, int64_t attempts)
{
    ph_dense_run(object, attempts);
}

int ph_bench_naive_init(ph_bench_naive_t *self, const ph_bench_case_t *what,
                        const ph_bench_effort_t *effort)
{
    ph_point_t point;
    *self = (ph_bench_naive_t){0};
    int status = make_point(&point, what);
    if (status != PH_OK)
        return status;
    status = ph_patterns_draw(&self->patterns, &point, SEED, 0);
    if (status == PH_OK)
        status =
            ph_naive_init(&self->naive, &self->patterns, 1.0 / (1.0 - DILUTION), what->noise, SEED);
    if (status == PH_OK)
        self->attempts = attempts_for(&self->naive, run_naive, effort->seconds / 3.0);
    free_point(&point);
    return status;
}

void ph_bench_naive_free(ph_bench_naive_t *self)
{
    ph_naive_free(&self->naive);
    ph_patterns_free(&self->patterns);
    *self = (ph_bench_naive_t){0};
}

/* Attempts per second of the dense loop, median. */
static double dense_rate(ph_dense_t *dense, const ph_bench_effort_t *effort)
{
    double rates[REPETITIONS_MAX];
    const int64_t attempts = attempts_for(dense, run_dense, 0.5 * effort->seconds);
    for (uint32_t r = 0; r < repetitions(effort); r++) {
        const double begun = thread_seconds();
        ph_dense_run(dense, attempts);
        rates[r] = (double)attempts / (thread_seconds() - begun);
    }
    return median(rates, repetitions(effort));
}

int ph_bench_dense(const ph_bench_case_t *what, const ph_bench_effort_t *effort, double *per_second)
{
    ph_point_t point;
    ph_patterns_t patterns = {0};
    ph_dense_t dense = {0};
    double bytes = 4.0 * (double)what->neurons * (double)what->neurons;
    *per_second = NAN;
    if (bytes > 0.5 * (double)ph_machine_memory().value)
        return PH_OK;
    int status = make_point(&point, what);
    if (status != PH_OK)
        return status;
    status = ph_patterns_draw(&patterns, &point, SEED, 0);
    if (status == PH_OK)
        status = ph_dense_init(&dense, &patterns, 1.0 / (1.0 - DILUTION), what->noise, SEED);
    if (status == PH_OK)
        *per_second = dense_rate(&dense, effort);
    ph_dense_free(&dense);
    ph_patterns_free(&patterns);
    free_point(&point);
    return status;
}

/* The energy of every chain after every sweep, energies[lane][sweep]. */
static int record_energies(ph_block_t *block, uint64_t sweeps, double *energies, double *seconds)
{
    static const ph_grid_t grid = {.trajectory = true};
    size_t energy = (size_t)block->point->patterns;
    int64_t *scratch = calloc(ph_block_scratch(block), sizeof(*scratch));
    double *out = calloc(energy + 1, sizeof(*out));
    int status = scratch == NULL || out == NULL ? PH_ERR_MEMORY : PH_OK;
    *seconds = 0.0;
    for (uint64_t t = 0; t < sweeps / 10 && status == PH_OK; t++)
        ph_block_sweep(block);
    for (uint64_t t = 0; t < sweeps && status == PH_OK; t++) {
        double begun = thread_seconds();
        ph_block_sweep(block);
        *seconds += thread_seconds() - begun;
        for (uint32_t l = 0; l < block->lanes; l++) {
            ph_block_measure(block, &grid, l, scratch, out);
            energies[l * sweeps + t] = out[energy];
        }
    }
    free(scratch);
    free(out);
    return status;
}

int ph_bench_effective(const ph_bench_case_t *what, uint64_t sweeps, ph_bench_effective_t *result)
{
    ph_point_t point;
    ph_block_t block = {0};
    double seconds;
    double *energies = calloc(sweeps * what->replicas, sizeof(*energies));
    int status = energies == NULL ? PH_ERR_MEMORY : make_point(&point, what);
    if (status != PH_OK) {
        free(energies);
        return status;
    }
    status = make_block(&block, &point, what, 0);
    if (status == PH_OK)
        status = record_energies(&block, sweeps, energies, &seconds);
    if (status == PH_OK) {
        result->kernel = block.kernel->name;
        result->tau = ph_estimate_chains(energies, what->replicas, sweeps).tau;
        result->per_second = (double)sweeps * what->replicas / seconds / (2.0 * result->tau);
    }
    ph_block_free(&block);
    free_point(&point);
    free(energies);
    return status;
}
