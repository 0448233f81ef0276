/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>
#include <stdlib.h>

#include "analysis/meanfield/meanfield.h"
#include "analysis/snr/snr.h"
#include "analysis/theory/kinds_private.h"

enum {
    SIGNAL,
    DEVIATION,
    DEVIATION_FINITE,
    GAUSSIAN,
    ROWS,
    EXACT,
    ABSOLUTE,
    ABSOLUTE_WHOLE,
    RELATIVE,
    RELATIVE_WHOLE,
    COUNT
};

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
    snr->neurons = INFINITY;
    int status = ph_snr_rows(snr, mu, &out[ROWS][mu]);
    if (isnan(out[ROWS][mu])) /* too many patterns at work to sum over their rows */
        task->trouble = "too many patterns with an overlap to sum over their rows";
    if (status == PH_OK)
        status = ph_snr_exact(snr, mu, &out[EXACT][mu]);
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

static int solve(ph_theory_task_t *task)
{
    ph_snr_t snr = {0};
    if (ph_point_is_given(task->point))
        return PH_ERR_UNSUPPORTED;
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

const ph_theory_solver_t PH_THEORY_SOLVER_SIGNAL_TO_NOISE = {
    .help = "one parallel step at zero noise from the grid's start; thresholds of learning",
    .limits = "patterns that are not given, up to 12 patterns that the start tells apart (a list "
              "of patterns in it leaves the "
              "others alike)",
    .count = COUNT,
    .datasets = DATASETS,
    .solve = solve,
};
