/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>
#include <stdlib.h>

#include "analysis/meanfield/meanfield.h"
#include "analysis/snr/snr.h"
#include "analysis/snr/step.h"
#include "analysis/theory/kinds_private.h"
#include "sim/model/sample.h"
#include "sim/model/starts.h"

enum {
    SIGNAL,
    DEVIATION,
    DEVIATION_FINITE,
    GAUSSIAN,
    ROWS,
    EXACT,
    EXACT_FINITE,
    SCATTER_FINITE,
    ABSOLUTE,
    ABSOLUTE_WHOLE,
    RELATIVE,
    RELATIVE_WHOLE,
    OF_SAMPLE, /* from the grid's start, for each sample */
    OWN = OF_SAMPLE + 4,
    REASON = OWN + 4,
    OWN_REASON,
    ABSOLUTE_SAMPLE,
    ABSOLUTE_WHOLE_SAMPLE,
    RELATIVE_SAMPLE,
    RELATIVE_WHOLE_SAMPLE,
    COUNT
};

enum { ABSENT = PH_STEP_GAUSSIAN + 1 }; /* of step_reason_sample; before it ph_step_law_t */

#define OF_SAMPLE_PATTERN(NAME, LONG_NAME)                                                         \
    {                                                                                              \
        .name = (NAME), .long_name = (LONG_NAME), .unit = "1", .dims_count = 2,                    \
        .dims = {"sample", "pattern"}, .later = true                                               \
    }

#define THRESHOLD_OF_SAMPLE(NAME, LONG_NAME)                                                       \
    {                                                                                              \
        .name = (NAME), .long_name = (LONG_NAME), .unit = "1", .dims_count = 2,                    \
        .dims = {"sample", "pattern"}, .learning = true, .later = true                             \
    }

static const ph_theory_dataset_t DATASETS[COUNT] = {
    {.name = "signal_mean",
     .long_name = "kappa_1: mean of xi h over neurons where xi is not blank, one parallel step",
     .unit = "1",
     .dims_count = 1,
     .dims = {"pattern"}},
    {.name = "signal_deviation",
     .long_name = "kappa_2: standard deviation of the same, infinite network",
     .unit = "1",
     .dims_count = 1,
     .dims = {"pattern"}},
    {.name = "signal_deviation_finite",
     .long_name = "kappa_2 with the overlaps' fluctuations at the grid's number of neurons",
     .unit = "1",
     .dims_count = 1,
     .dims = {"pattern"}},
    {.name = "step_gaussian",
     .long_name = "magnetization after one parallel step at zero noise, fields Gaussian",
     .unit = "1",
     .dims_count = 1,
     .dims = {"pattern"}},
    {.name = "step_rows",
     .long_name = "the same over the archetypes' rows, fields Gaussian in the examples",
     .unit = "1",
     .dims_count = 1,
     .dims = {"pattern"}},
    {.name = "step_exact",
     .long_name = "the same, exact at the finite number of examples",
     .unit = "1",
     .dims_count = 1,
     .dims = {"pattern"}},
    {.name = "step_exact_finite",
     .long_name = "the same with the overlaps' fluctuations at the grid's number of neurons",
     .unit = "1",
     .dims_count = 1,
     .dims = {"pattern"},
     .later = true},
    {.name = "step_scatter_finite",
     .long_name = "largest standard deviation over samples that these fluctuations can make of it",
     .unit = "1",
     .dims_count = 1,
     .dims = {"pattern"},
     .later = true},
    {.name = "threshold_absolute",
     .long_name = "least number of examples with signal/noise above theory.confidence (inf: never)",
     .unit = "1",
     .dims_count = 1,
     .dims = {"pattern"},
     .learning = true},
    {.name = "threshold_absolute_whole",
     .long_name = "the same as a whole number of at least 1",
     .unit = "1",
     .dims_count = 1,
     .dims = {"pattern"},
     .learning = true},
    {.name = "threshold_relative",
     .long_name = "least number of examples with which a step keeps erf(theory.confidence) of m",
     .unit = "1",
     .dims_count = 1,
     .dims = {"pattern"},
     .learning = true},
    {.name = "threshold_relative_whole",
     .long_name = "the same as a whole number of at least 1",
     .unit = "1",
     .dims_count = 1,
     .dims = {"pattern"},
     .learning = true},
    OF_SAMPLE_PATTERN("signal_mean_sample", "signal_mean over the neurons of each sample"),
    OF_SAMPLE_PATTERN("signal_deviation_sample",
                      "standard deviation of the same over neurons and draws of the start"),
    OF_SAMPLE_PATTERN("step_gaussian_sample",
                      "magnetization after the step, fields Gaussian over these neurons"),
    OF_SAMPLE_PATTERN("step_exact_sample",
                      "magnetization after the step, by the sign of every neuron's field"),
    OF_SAMPLE_PATTERN("own_signal_mean_sample",
                      "signal_mean_sample, each pattern's from a start at this very pattern"),
    OF_SAMPLE_PATTERN("own_signal_deviation_sample",
                      "signal_deviation_sample, from a start at this very pattern"),
    OF_SAMPLE_PATTERN("own_step_gaussian_sample",
                      "step_gaussian_sample, from a start at this very pattern"),
    OF_SAMPLE_PATTERN("own_step_exact_sample",
                      "step_exact_sample, from a start at this very pattern"),
    {.name = "step_reason_sample",
     .long_name = "how the mean signs over the start's draws were found",
     .unit = "1",
     .dims_count = 1,
     .dims = {"sample"},
     .flag = true,
     .codes = "exact gaussian absent",
     .nothing = ABSENT,
     .later = true},
    {.name = "own_step_reason_sample",
     .long_name = "step_reason_sample, from a start at each pattern",
     .unit = "1",
     .dims_count = 2,
     .dims = {"sample", "pattern"},
     .flag = true,
     .codes = "exact gaussian absent",
     .nothing = ABSENT,
     .later = true},
    THRESHOLD_OF_SAMPLE("threshold_absolute_sample",
                        "threshold_absolute over examples of each sample's archetypes"),
    THRESHOLD_OF_SAMPLE("threshold_absolute_whole_sample",
                        "the same as a whole number of at least 1"),
    THRESHOLD_OF_SAMPLE("threshold_relative_sample",
                        "threshold_relative over examples of each sample's archetypes"),
    THRESHOLD_OF_SAMPLE("threshold_relative_whole_sample",
                        "the same as a whole number of at least 1"),
};

static int solve_thresholds(const ph_snr_t *snr, const ph_theory_task_t *task, size_t mu)
{
    const double theta = task->grid->confidence;
    int status = PH_OK;
    for (int c = 0; c < PH_SNR_CRITERIA && status == PH_OK; c++) {
        double *const *out = task->out + (c == PH_SNR_ABSOLUTE ? ABSOLUTE : RELATIVE);
        if (out[0] != NULL)
            status =
                ph_snr_threshold(snr, (ph_snr_criterion_t)c, mu, theta, out[0] + mu, out[1] + mu);
    }
    return status;
}

static int solve_pattern(ph_snr_t *snr, ph_theory_task_t *task, size_t mu)
{
    double *const *out = task->out;
    ph_snr_field(snr, mu, &out[SIGNAL][mu], &out[DEVIATION][mu]);
    out[GAUSSIAN][mu] = ph_snr_gaussian(snr, mu);
    snr->neurons = (double)task->point->neurons;
    ph_snr_field(snr, mu, &out[SIGNAL][mu], &out[DEVIATION_FINITE][mu]);
    int status = ph_snr_exact(snr, mu, &out[EXACT_FINITE][mu], &out[SCATTER_FINITE][mu]);
    snr->neurons = INFINITY;
    if (status == PH_OK)
        status = ph_snr_rows(snr, mu, &out[ROWS][mu]);
    if (isnan(out[ROWS][mu])) /* too many patterns at work to sum over their rows */
        task->trouble = "too many patterns with an overlap to sum over their rows";
    if (status == PH_OK)
        status = ph_snr_exact(snr, mu, &out[EXACT][mu], NULL);
    if (status == PH_OK && isnan(out[EXACT][mu]) && !isnan(out[ROWS][mu]))
        task->trouble = "step_exact has more than 10^7 terms; the other averages are there";
    return status == PH_OK ? solve_thresholds(snr, task, mu) : status;
}

/* Overlaps of the start with the archetypes, whatever the rule. */
static int find_start(const ph_point_t *point, double *start)
{
    ph_meanfield_t problem = {0};
    ph_point_t stored = *point;
    stored.rule = PH_RULE_STORAGE;
    int status = ph_meanfield_init_start(&problem, &stored, PH_AVERAGE_AUTO, NULL);
    double *n = status == PH_OK ? malloc((size_t)problem.features * sizeof(*n)) : NULL;
    if (status == PH_OK && n == NULL)
        status = PH_ERR_MEMORY;
    if (status == PH_OK) {
        ph_meanfield_start(&problem, &stored, n);
        ph_meanfield_expand(&problem, n, start);
    }
    free(n);
    ph_meanfield_free(&problem);
    return status;
}

static int solve_population(ph_theory_task_t *task)
{
    ph_snr_t snr = {0};
    double *start = malloc((size_t)task->point->patterns * sizeof(*start));
    if (start == NULL)
        return PH_ERR_MEMORY;
    int status = find_start(task->point, start);
    if (status == PH_OK)
        status = ph_snr_init(&snr, task->point, start);
    for (size_t mu = 0; mu < snr.patterns && status == PH_OK; mu++)
        status = solve_pattern(&snr, task, mu);
    ph_snr_free(&snr);
    free(start);
    return status;
}

/* Patterns `from` to `to` into the four datasets from `first` on. */
static void put(const ph_theory_task_t *task, const ph_step_t *step, const ph_patterns_t *patterns,
                size_t first, size_t from, size_t to)
{
    for (size_t mu = from; mu < to; mu++) {
        const size_t at = patterns->sample * (size_t)task->grid->patterns_max + mu;
        ph_step_pattern_t found;
        ph_step_pattern(step, patterns, mu, &found);
        const double values[] = {found.signal, found.deviation, found.gaussian, found.after};
        for (size_t i = 0; i < sizeof(values) / sizeof(values[0]); i++)
            task->out[first + i][at] = values[i];
    }
}

/* Every pattern from a start at itself. */
static int solve_own(const ph_theory_task_t *task, const ph_sample_t *drawn, double *spins)
{
    ph_point_t own = *task->point;
    int status = PH_OK;
    own.start = PH_START_ARCHETYPE;
    for (size_t mu = 0; mu < (size_t)own.patterns && status == PH_OK; mu++) {
        ph_step_t step;
        own.start_pattern = (int64_t)mu + 1;
        ph_step_start(&own, &drawn->patterns, spins);
        status = ph_step_init(&step, &drawn->coupling, spins, PH_STEP_WORK / (double)own.patterns);
        if (status == PH_OK) {
            put(task, &step, &drawn->patterns, OWN, mu, mu + 1);
            task->out[OWN_REASON][drawn->patterns.sample * (size_t)task->grid->patterns_max + mu] =
                step.law;
        }
        ph_step_free(&step);
    }
    return status;
}

/* Of the patterns that the start holds: others have an overlap by chance. */
static int solve_sample_thresholds(const ph_theory_task_t *task, const ph_sample_t *drawn,
                                   const double *spins)
{
    int status = PH_OK;
    for (size_t mu = 0; mu < (size_t)task->point->patterns && status == PH_OK; mu++) {
        const size_t at = drawn->patterns.sample * (size_t)task->grid->patterns_max + mu;
        if (task->out[ABSOLUTE_SAMPLE] == NULL ||
            ph_start(task->point->start)->symmetry(task->point, mu) == PH_SYMMETRY_FREE)
            continue;
        for (int c = 0; c < PH_SNR_CRITERIA && status == PH_OK; c++) {
            double *const *out =
                task->out + (c == PH_SNR_ABSOLUTE ? ABSOLUTE_SAMPLE : RELATIVE_SAMPLE);
            status = ph_step_threshold(task->point, &drawn->patterns, spins, (ph_snr_criterion_t)c,
                                       mu, task->grid->confidence, out[0] + at, out[1] + at);
        }
    }
    return status;
}

static int solve_from_start(ph_theory_task_t *task, const ph_sample_t *drawn, double *spins)
{
    ph_step_t step;
    if (task->point->start == PH_START_FILE) {
        task->trouble = "a start from a file has no step of its own; those from each pattern are "
                        "there (own_)";
        return PH_OK;
    }
    ph_step_start(task->point, &drawn->patterns, spins);
    int status = ph_step_init(&step, &drawn->coupling, spins, PH_STEP_WORK);
    if (status == PH_OK) {
        put(task, &step, &drawn->patterns, OF_SAMPLE, 0, (size_t)task->point->patterns);
        task->out[REASON][drawn->patterns.sample] = step.law;
    }
    ph_step_free(&step);
    return status == PH_OK ? solve_sample_thresholds(task, drawn, spins) : status;
}

static int solve_sample(ph_theory_task_t *task, size_t sample)
{
    ph_sample_t drawn;
    double *spins = malloc((size_t)task->point->neurons * sizeof(*spins));
    int status = ph_sample_draw(&drawn, task->point, task->grid->seed, (uint32_t)sample);
    if (spins == NULL)
        status = PH_ERR_MEMORY;
    if (status == PH_OK)
        status = solve_from_start(task, &drawn, spins);
    if (status == PH_OK)
        status = solve_own(task, &drawn, spins);
    ph_sample_free(&drawn);
    free(spins);
    return status;
}

/* Population and samples apart: what one of them does not cover may be within the other's reach. */
static int solve(ph_theory_task_t *task)
{
    int status = ph_point_is_given(task->point) ? PH_OK : solve_population(task);
    for (size_t s = 0; s < task->samples && (status == PH_OK || status == PH_ERR_UNSUPPORTED);
         s++) {
        const int found = solve_sample(task, s);
        if (found == PH_ERR_LIMIT)
            task->samples_left_out = true;
        else if (found != PH_OK)
            status = found;
    }
    return status;
}

const ph_theory_solver_t PH_THEORY_SOLVER_SIGNAL_TO_NOISE = {
    .help = "one parallel step at zero noise from the grid's start; thresholds of learning",
    .limits = "up to 12 patterns that the start tells apart (a list "
              "of patterns in it leaves the "
              "others alike)",
    .sample_limits = "neurons x features x coins, or x features again, up to 10^9 in all starts",
    .count = COUNT,
    .datasets = DATASETS,
    .solve = solve,
};
