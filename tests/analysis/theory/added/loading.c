/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "analysis/theory/kinds_private.h"

/* A kind of theory that is not in the tree: patterns over neurons, of up to two patterns. */
static const ph_theory_dataset_t DATASETS[] = {
    {.name = "loading", .long_name = "patterns over neurons", .unit = "1"},
    {.name = "loading_share",
     .long_name = "share of each pattern in it",
     .unit = "1",
     .dims_count = 1,
     .dims = {"pattern"}},
};

static int solve(ph_theory_task_t *task)
{
    const ph_point_t *point = task->point;
    if (point->patterns > 2)
        return PH_ERR_UNSUPPORTED;
    task->out[0][0] = (double)point->patterns / (double)point->neurons;
    for (int64_t mu = 0; mu < point->patterns; mu++)
        task->out[1][mu] = 1.0 / (double)point->patterns;
    return PH_OK;
}

const ph_theory_solver_t PH_THEORY_SOLVER_LOADING = {
    .help = "how many patterns a neuron has to hold",
    .limits = "up to two patterns",
    .count = sizeof(DATASETS) / sizeof(DATASETS[0]),
    .datasets = DATASETS,
    .solve = solve,
};
