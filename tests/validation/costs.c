/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * The seconds of sweeps that samplers say, by which parts are dealt and `check` tells the time,
 * beside the seconds they take here: every sampler and rule, few and many patterns, neurons and
 * chains. Usage: costs [-v] [SAMPLER]. Prints the table of docs/performance.md, with -v each case
 * as well. Exit 1 where the mean ratio of a sampler and rule is off by more than a factor 1.5; all
 * ratios are taken over that of all cases together, the speed of this machine.
 */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "sim/chain/block.h"
#include "sim/samplers/load.h"
#include "sim/samplers/samplers.h"

enum { REPEATS = 4, RULES = 4, RATIOS_MAX = 64 };

typedef struct {
    ph_sampler_id_t sampler;
    int rule, patterns, lanes;
    long neurons;
} case_t;

typedef struct {
    int count;
    double logs[RATIOS_MAX]; /* log(said / taken) */
} ratios_t;

static const char *const RULE_NAMES[RULES] = {"storage", "storage, unequal weights", "supervised",
                                              "unsupervised"};

static double processor_seconds(void)
{
    struct timespec now;
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
    return (double)now.tv_sec + 1e-9 * (double)now.tv_nsec;
}

static double run_sweeps(ph_block_t *block, int sweeps)
{
    const double begun = processor_seconds();
    for (int t = 0; t < sweeps; t++)
        ph_block_sweep(block);
    return processor_seconds() - begun;
}

/* Of one sweep, the least of some repetitions. */
static double sweep_seconds(ph_block_t *block)
{
    double best = INFINITY;
    int sweeps = 1;
    while (run_sweeps(block, sweeps) < 0.003)
        sweeps *= 2;
    for (int r = 0; r < REPEATS; r++)
        best = fmin(best, run_sweeps(block, sweeps) / sweeps);
    return best;
}

/* Of a thousand sweeps, during which the chains come to rest. */
static double descent_seconds(ph_block_t *block)
{
    double best = INFINITY;
    for (int r = 0; r < REPEATS; r++) {
        ph_block_start(block);
        best = fmin(best, run_sweeps(block, 1000));
    }
    return best;
}

/* A grid of one point and one block. */
static int make_grid(ph_grid_t *grid, const case_t *what)
{
    char text[1024], dilution[256] = "0.3";
    ph_report_t report;
    const bool learns = what->rule >= 2, freezes = ph_sampler_has(what->sampler, PH_TRAIT_FREEZES);
    const bool ladder = ph_sampler_has(what->sampler, PH_TRAIT_LADDER);
    size_t used = 0;
    for (int mu = 0; what->rule == 1 && mu < what->patterns; mu++)
        used += (size_t)snprintf(dilution + used, sizeof(dilution) - used, "%s%g",
                                 mu == 0 ? "{each: [" : ", ", 0.1 + 0.1 * (mu % 4));
    if (used > 0)
        snprintf(dilution + used, sizeof(dilution) - used, "]}");
    snprintf(text, sizeof(text),
             "network: {rule: %s, patterns: %d, neurons: %ld, dilution: %s, normalization: "
             "variance%s}\n"
             "noise: %s\ndynamics: {sampler: %s, sweeps: 1000%s}\nensemble: {replicas: %d, lanes: "
             "%d}\n",
             learns ? RULE_NAMES[what->rule] : "storage", what->patterns, what->neurons, dilution,
             learns ? ", examples: 8, quality: 0.8" : "", freezes ? "0" : "0.4",
             ph_sampler_facts(what->sampler)->word, ladder ? ", ladder: [0.4, 0.5, 0.6, 0.7]" : "",
             what->lanes, what->lanes);
    ph_report_init(&report);
    ph_grid_init(grid);
    const int status = ph_grid_parse(grid, text, "costs", 0, NULL, &report);
    if (status != PH_OK)
        ph_report_print(&report, stderr);
    ph_report_free(&report);
    return status;
}

/* Adds log(said / taken) of one case. */
static int measure(const case_t *what, bool tell, ratios_t *ratios)
{
    ph_grid_t grid;
    ph_block_t block;
    ph_load_t load;
    const ph_sampler_t *row = ph_sampler(what->sampler);
    const bool freezes = ph_sampler_has(row->id, PH_TRAIT_FREEZES);
    int status = make_grid(&grid, what);
    if (status == PH_OK)
        status = ph_block_init(&block, row, &grid.points[0], 7, 0, 0, 0, (uint32_t)what->lanes);
    if (status != PH_OK)
        return status;
    ph_load_init(&load, &grid);
    ph_load_point(&load, row, &grid.points[0]);
    ph_block_start(&block);
    const double taken = freezes ? descent_seconds(&block) : sweep_seconds(&block);
    const double said = row->seconds(&load, freezes ? 1000.0 : 1.0);
    ratios->logs[ratios->count++] = log(said / taken);
    if (tell)
        printf("%s,%s,%d,%ld,%d,%s,%.4g,%.4g,%.3f\n", ph_sampler_facts(row->id)->word,
               RULE_NAMES[what->rule], what->patterns, what->neurons, what->lanes,
               block.kernel->name, taken, said, said / taken);
    ph_block_free(&block);
    ph_grid_free(&grid);
    return PH_OK;
}

static int measure_rule(ph_sampler_id_t sampler, int rule, bool tell, ratios_t *ratios)
{
    static const int PATTERNS[] = {1, 3, 8, 16}, LANES[] = {1, 2, 8, 32};
    static const long NEURONS[] = {1000, 10000, 100000};
    int status = PH_OK;
    for (int k = 0; k < (rule < 2 ? 4 : 3); k++)
        for (int n = 0; n < (ph_sampler_has(sampler, PH_TRAIT_FREEZES) ? 2 : 3); n++)
            for (int l = 0; l < 4 && status == PH_OK; l++)
                status = measure(&(case_t){sampler, rule, PATTERNS[k], LANES[l], NEURONS[n]}, tell,
                                 ratios);
    fflush(stdout);
    return status;
}

static int compare_doubles(const void *a, const void *b)
{
    const double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

static double mean_of(const ratios_t *ratios)
{
    double sum = 0.0;
    for (int k = 0; k < ratios->count; k++)
        sum += ratios->logs[k];
    return sum / fmax(1.0, ratios->count);
}

/* A row, its ratios over `speed`; whether its mean is within bounds. */
static bool print_row(ph_sampler_id_t sampler, int rule, ratios_t *ratios, double speed)
{
    const double bound = log(1.5), mean = mean_of(ratios) - speed;
    int within = 0;
    for (int k = 0; k < ratios->count; k++)
        within += fabs(ratios->logs[k] - speed) <= bound;
    qsort(ratios->logs, (size_t)ratios->count, sizeof(*ratios->logs), compare_doubles);
    printf("| %s | %s | %.2f | %.2f to %.2f | %d of %d |\n", ph_sampler_facts(sampler)->word,
           RULE_NAMES[rule], exp(mean), exp(ratios->logs[0] - speed),
           exp(ratios->logs[ratios->count - 1] - speed), within, ratios->count);
    return fabs(mean) <= bound;
}

int main(int argc, char **argv)
{
    static ratios_t ratios[PH_SAMPLER_COUNT][RULES];
    const bool tell = argc > 1 && strcmp(argv[1], "-v") == 0;
    const char *only = argc > 1 + tell ? argv[1 + tell] : NULL;
    double sum = 0.0, rows = 0.0;
    bool good = true;
    for (int s = 0; s < PH_SAMPLER_COUNT; s++)
        for (int rule = 0; rule < RULES; rule++) {
            const ph_sampler_id_t sampler = (ph_sampler_id_t)s;
            if (only != NULL && strcmp(only, ph_sampler_facts(sampler)->word) != 0)
                continue;
            if (measure_rule(sampler, rule, tell, &ratios[s][rule]) != PH_OK)
                return 2;
            sum += mean_of(&ratios[s][rule]);
            rows += 1.0;
        }
    printf("| sampler | rule | said / taken, mean | least to most | within 1.5 |\n"
           "|---|---|---|---|---|\n");
    for (int s = 0; s < PH_SAMPLER_COUNT; s++)
        for (int rule = 0; rule < RULES; rule++)
            if (ratios[s][rule].count > 0)
                good &= print_row((ph_sampler_id_t)s, rule, &ratios[s][rule],
                                  only == NULL ? sum / rows : 0.0);
    printf("\nall of them: %.2f, which is taken out of the others\n", exp(sum / fmax(1.0, rows)));
    return good ? 0 : 1;
}
