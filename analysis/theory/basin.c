/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdlib.h>

#include "analysis/flow/problem.h"
#include "analysis/theory/kinds_private.h"
#include "sim/model/starts.h"

enum { RANDOM, PARALLEL, PATTERN, COUNT };

static const ph_theory_dataset_t DATASETS[COUNT] = {
    {.name = "basin_random",
     .long_name = "share of neurons made random from which the flow ends in another state",
     .unit = "1"},
    {.name = "basin_parallel",
     .long_name = "share of neurons put into the parallel start from which it ends elsewhere",
     .unit = "1"},
    {.name = "basin_pattern",
     .long_name = "share of neurons taken from a pattern from which it no longer recalls the "
                  "start's pattern; NaN without record.recall, or at no share",
     .unit = "1",
     .dims_count = 1,
     .dims = {"pattern"},
     .later = true},
};

/* The boundary stays NaN where a flow has no end; other ways may be clear. */
static int conclude(ph_theory_task_t *task, int status)
{
    if (status != PH_ERR_NUMERIC)
        return status;
    task->trouble = "a flow could not be integrated, or not until it rests";
    return PH_OK;
}

/* Towards each pattern, until the start's own is recalled no more. Of patterns that nothing tells
 * apart the first stands for all; beyond 12 patterns no single one can be approached. */
static int find_patterns(ph_theory_task_t *task, const ph_flow_problem_t *problem, double *other,
                         double *boundaries)
{
    const ph_point_t *point = task->point;
    const int64_t target = ph_start_target(point, 0);
    const bool known = task->grid->recall_threshold > 0.0 && target >= 0 &&
                       problem->meanfield.group == NULL && point->dilution[target] < 1.0;
    int status = PH_OK;
    for (size_t mu = 0; known && mu < (size_t)point->patterns && status == PH_OK; mu++) {
        ph_point_t toward = *point;
        size_t nu = 0;
        while (nu < mu && !ph_meanfield_exchangeable(point, mu, nu))
            nu++;
        boundaries[mu] = boundaries[nu];
        if (nu < mu)
            continue;
        toward.start = PH_START_ARCHETYPE;
        toward.start_pattern = (int64_t)mu + 1;
        ph_flow_problem_start(problem, &toward, other);
        status = conclude(
            task, ph_flow_recall(&problem->system, ph_flow_law(point), problem->start, other,
                                 ph_flow_problem_place(problem, (size_t)target),
                                 task->grid->recall_threshold * (1.0 - point->dilution[target]),
                                 &boundaries[mu], NULL));
    }
    return status;
}

static int solve(ph_theory_task_t *task)
{
    const ph_start_id_t toward[] = {PH_START_RANDOM, PH_START_PARALLEL};
    ph_flow_problem_t problem;
    task->trouble =
        ph_point_is_given(task->point)
            ? "given patterns are one network, and not infinite; take the flow of its "
              "samples (kind flow, theory --samples), or the share of chains that recall"
            : ph_flow_missing(task->point);
    if (task->trouble != NULL)
        return PH_ERR_UNSUPPORTED;
    int status = ph_flow_problem_init(&problem, task->point, task->grid->average);
    double *other = status == PH_OK ? malloc(problem.system.size * sizeof(*other)) : NULL;
    if (status == PH_OK && other == NULL)
        status = PH_ERR_MEMORY;
    for (size_t i = RANDOM; i <= PARALLEL && status == PH_OK; i++) {
        ph_point_t point = *task->point;
        point.start = toward[i];
        point.start_patterns = (ph_list_t){0};
        ph_flow_problem_start(&problem, &point, other);
        status = conclude(task, ph_flow_basin(&problem.system, ph_flow_law(task->point),
                                              problem.start, other, task->out[i], NULL));
    }
    if (status == PH_OK)
        status = find_patterns(task, &problem, other, task->out[PATTERN]);
    free(other);
    ph_flow_problem_free(&problem);
    return status;
}

const ph_theory_solver_t PH_THEORY_SOLVER_BASIN = {
    .help =
        "how far the basin of the grid's start reaches towards two other starts and each pattern",
    .limits = "patterns that are not given, samplers whose mean follows a flow (not metropolis "
              "or replica-exchange; descent of stored patterns), "
              "starts but file, and up to 12 patterns that the start "
              "tells apart (a list of patterns in it leaves the others alike)",
    .count = COUNT,
    .datasets = DATASETS,
    .solve = solve,
};
