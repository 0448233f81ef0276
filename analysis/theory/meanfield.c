/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>
#include <stdlib.h>

#include "analysis/meanfield/meanfield.h"
#include "analysis/theory/kinds_private.h"
#include "sim/model/sample.h"

enum {
    MAGNETIZATION,
    EXAMPLE,
    FREE_ENERGY,
    RESIDUAL,
    STABILITY,
    CONVERGED,
    OF_SAMPLE, /* the same six for each sample, in the same order */
    CORRECTION = 2 * OF_SAMPLE,
    REASON,
    DOUBTFUL,
    GAUSSIAN,
    COUNT
};

static const ph_theory_dataset_t DATASETS[COUNT] = {
    {.name = "magnetization",
     .long_name = "Mattis magnetization of each archetype, mean field",
     .unit = "1",
     .dims_count = 1,
     .dims = {"pattern"}},
    {.name = "example_magnetization",
     .long_name = "overlap n with the mean example S/(M r) of each archetype",
     .unit = "1",
     .dims_count = 1,
     .dims = {"pattern"},
     .learning = true},
    {.name = "free_energy",
     .long_name = "free energy per neuron, mean field (energy at zero noise)",
     .unit = "1"},
    {.name = "residual",
     .long_name = "largest residual of the self-consistency equations",
     .unit = "1"},
    {.name = "stability",
     .long_name = "least eigenvalue of the stability matrix of the state",
     .unit = "1"},
    {.name = "converged",
     .long_name = "1 where the state was found, else 0",
     .unit = "1",
     .flag = true},
    {.name = "magnetization_sample",
     .long_name = "Mattis magnetization in the mean field of each sample",
     .unit = "1",
     .dims_count = 2,
     .dims = {"sample", "pattern"}},
    {.name = "example_magnetization_sample",
     .long_name = "example_magnetization in the mean field of each sample",
     .unit = "1",
     .dims_count = 2,
     .dims = {"sample", "pattern"},
     .learning = true},
    {.name = "free_energy_sample",
     .long_name = "free energy per neuron in the mean field of each sample",
     .unit = "1",
     .dims_count = 1,
     .dims = {"sample"}},
    {.name = "residual_sample",
     .long_name = "largest residual, for each sample",
     .unit = "1",
     .dims_count = 1,
     .dims = {"sample"}},
    {.name = "stability_sample",
     .long_name = "least eigenvalue of the stability matrix, for each sample",
     .unit = "1",
     .dims_count = 1,
     .dims = {"sample"}},
    {.name = "converged_sample",
     .long_name = "1 where the state of the sample was found, else 0",
     .unit = "1",
     .dims_count = 1,
     .dims = {"sample"},
     .flag = true},
    {.name = "correction_sample",
     .long_name = "first finite-size correction to magnetization_sample",
     .unit = "1",
     .dims_count = 2,
     .dims = {"sample", "pattern"}},
    {.name = "correction_reason_sample",
     .long_name = "why correction_sample is or is not there",
     .unit = "1",
     .dims_count = 1,
     .dims = {"sample"},
     .flag = true,
     .codes = "small unsolved unstable large absent",
     .nothing = PH_CORRECTION_ABSENT,
     .later = true},
    {.name = "doubtful",
     .long_name = "1 where the Gaussian limit in the examples may have the wrong phase",
     .unit = "1",
     .flag = true,
     .learning = true},
    {.name = "magnetization_gaussian",
     .long_name = "magnetization in the Gaussian limit of the examples, whatever theory.average is",
     .unit = "1",
     .dims_count = 1,
     .dims = {"pattern"},
     .learning = true},
};

/* Solves from the start and puts the state where dataset `first` and the five after it are. */
static int solve_problem(ph_state_t *state, const ph_theory_task_t *task,
                         const ph_meanfield_t *problem, size_t first, size_t sample)
{
    const size_t k = (size_t)task->grid->patterns_max;
    int status = ph_state_init(state, problem->features, problem->patterns);
    if (status != PH_OK)
        return status;
    ph_meanfield_start(problem, task->point, state->n);
    status = ph_meanfield_solve(state, problem, NULL);
    if (status != PH_OK)
        return status;
    ph_meanfield_expand(problem, state->m, task->out[first + MAGNETIZATION] + sample * k);
    if (task->out[first + EXAMPLE] != NULL)
        ph_meanfield_expand(problem, state->examples, task->out[first + EXAMPLE] + sample * k);
    task->out[first + FREE_ENERGY][sample] = state->free_energy;
    task->out[first + RESIDUAL][sample] = state->residual;
    task->out[first + STABILITY][sample] = state->stability;
    task->out[first + CONVERGED][sample] = state->converged;
    return PH_OK;
}

static int add_correction(const ph_state_t *state, ph_theory_task_t *task,
                          const ph_meanfield_t *problem, size_t sample)
{
    ph_correction_t became;
    double *out = task->out[CORRECTION] + sample * (size_t)task->grid->patterns_max;
    double *n = malloc((size_t)state->features * sizeof(*n));
    if (n == NULL)
        return PH_ERR_MEMORY;
    int status =
        ph_meanfield_correction(state, problem, task->point->neurons, n, out, &became, NULL);
    task->out[REASON][sample] = became;
    task->not_small += status == PH_ERR_NUMERIC;
    free(n);
    return status == PH_ERR_NUMERIC ? PH_OK : status;
}

static int solve_sample(ph_theory_task_t *task, size_t sample)
{
    const ph_sample_t *drawn;
    ph_meanfield_t problem = {0};
    ph_state_t state = {0};
    int status = ph_samples_take(task->drawn, task->point, (uint32_t)sample, &drawn);
    if (status == PH_OK)
        status = ph_meanfield_init_sample(&problem, task->point, &drawn->coupling, &drawn->patterns,
                                          NULL);
    if (status == PH_OK)
        status = solve_problem(&state, task, &problem, OF_SAMPLE, sample);
    if (status == PH_OK)
        status = add_correction(&state, task, &problem, sample);
    if (status == PH_OK && !state.converged)
        task->trouble = "no state of a sample solves its equations to 10^-12";
    ph_state_free(&state);
    ph_meanfield_free(&problem);
    ph_samples_give(task->drawn, drawn);
    return status;
}

/* The Gaussian limit beside the exact average, for what it errs by. */
static int solve_gaussian(const ph_theory_task_t *task)
{
    double *out = task->out[GAUSSIAN];
    ph_meanfield_t problem = {0};
    ph_state_t state = {0};
    int status = ph_meanfield_init_start(&problem, task->point, PH_AVERAGE_GAUSSIAN, NULL);
    if (status == PH_OK)
        status = ph_state_init(&state, problem.features, problem.patterns);
    if (status == PH_OK) {
        ph_meanfield_start(&problem, task->point, state.n);
        status = ph_meanfield_solve(&state, &problem, NULL);
    }
    if (status == PH_OK && state.converged)
        ph_meanfield_expand(&problem, state.m, out);
    ph_state_free(&state);
    ph_meanfield_free(&problem);
    return status == PH_ERR_UNSUPPORTED ? PH_OK : status;
}

static int solve_population(ph_theory_task_t *task)
{
    ph_meanfield_t problem = {0};
    ph_state_t state = {0};
    int status = ph_meanfield_init_start(&problem, task->point, task->grid->average, NULL);
    if (status == PH_OK)
        status = solve_problem(&state, task, &problem, MAGNETIZATION, 0);
    if (status == PH_OK && !state.converged)
        task->trouble = "no state of the infinite network solves its equations to 10^-12";
    task->doubtful = state.doubtful;
    if (task->out[DOUBTFUL] != NULL)
        task->out[DOUBTFUL][0] = state.doubtful;
    ph_state_free(&state);
    ph_meanfield_free(&problem);
    if (status == PH_OK && task->out[GAUSSIAN] != NULL && ph_rule_learns(task->point->rule))
        status = solve_gaussian(task);
    return status;
}

/* Population and samples apart: what one of them does not cover may be within the other's reach. */
static int solve(ph_theory_task_t *task)
{
    int status = ph_point_is_given(task->point) ? PH_OK : solve_population(task);
    for (size_t s = 0; s < task->samples && status != PH_ERR_MEMORY; s++) {
        const int found = solve_sample(task, s);
        if (found == PH_ERR_UNSUPPORTED || found == PH_ERR_LIMIT)
            task->samples_left_out = true;
        else if (found != PH_OK)
            status = found;
    }
    return status;
}

const ph_theory_solver_t PH_THEORY_SOLVER_MEAN_FIELD = {
    .help = "equilibrium states of the infinite network and of each sample, from the grid's start",
    .limits = "up to 12 patterns that the start tells apart (a list of patterns in it leaves the "
              "others alike), and exact averages up to 4194304 rows "
              "(theory.average auto or gaussian has no such limit)",
    .sample_limits = "at most 600",
    .count = COUNT,
    .datasets = DATASETS,
    .solve = solve,
};
