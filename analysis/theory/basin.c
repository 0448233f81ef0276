/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdlib.h>

#include "analysis/flow/problem.h"
#include "analysis/theory/kinds_private.h"

enum { RANDOM, PARALLEL, COUNT };

static const ph_theory_dataset_t DATASETS[COUNT] = {
    {.name = "basin_random",
     .long_name = "share of neurons made random from which the flow ends in another state",
     .unit = "1"},
    {.name = "basin_parallel",
     .long_name = "share of neurons put into the parallel start from which it ends elsewhere",
     .unit = "1"},
};

static int solve(ph_theory_task_t *task)
{
    const ph_start_id_t toward[COUNT] = {PH_START_RANDOM, PH_START_PARALLEL};
    const ph_flow_law_t law = ph_flow_law(task->point);
    ph_flow_problem_t problem;
    if (!ph_flow_known(task->point) || ph_point_is_given(task->point))
        return PH_ERR_UNSUPPORTED;
    int status = ph_flow_problem_init(&problem, task->point, task->grid->average);
    double *other = status == PH_OK ? malloc(problem.system.size * sizeof(*other)) : NULL;
    if (status == PH_OK && other == NULL)
        status = PH_ERR_MEMORY;
    for (size_t i = 0; i < COUNT && status == PH_OK; i++) {
        ph_point_t point = *task->point;
        point.start = toward[i];
        point.start_patterns = (ph_list_t){0};
        ph_flow_problem_start(&problem, &point, other);
        status = ph_flow_basin(&problem.system, law, problem.start, other, task->out[i], NULL);
        if (status == PH_ERR_NUMERIC) { /* the other way may be clear */
            task->trouble = "a flow could not be integrated, or not until it rests";
            status = PH_OK;
        }
    }
    free(other);
    ph_flow_problem_free(&problem);
    return status;
}

const ph_theory_solver_t PH_THEORY_SOLVER_BASIN = {
    .help = "how far the basin of the grid's start reaches towards two other starts",
    .limits = "patterns that are not given, samplers whose mean follows a flow (not metropolis, "
              "descent or replica-exchange), "
              "starts but file, and up to 12 patterns that the start "
              "tells apart (a list of patterns in it leaves the others alike)",
    .count = COUNT,
    .datasets = DATASETS,
    .solve = solve,
};
