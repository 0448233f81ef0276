/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>

#include "analysis/exact/exact.h"
#include "analysis/theory/kinds_private.h"
#include "sim/model/sample.h"

enum { SECOND, FOURTH, ENERGY, FREE_ENERGY, METHOD, COUNT };
enum { INTEGRAL_FEATURES = 3, ENUMERATED_NEURONS = 20 };

static const ph_theory_dataset_t DATASETS[COUNT] = {
    {.name = "exact_second_sample",
     .long_name = "equilibrium <n^2> of each pattern's mean example (storage: <m^2>)",
     .unit = "1",
     .dims_count = 2,
     .dims = {"sample", "pattern"}},
    {.name = "exact_fourth_sample",
     .long_name = "equilibrium <n^4> of the same, where a pattern has one feature",
     .unit = "1",
     .dims_count = 2,
     .dims = {"sample", "pattern"}},
    {.name = "exact_energy_sample",
     .long_name = "equilibrium energy per neuron <H>/N",
     .unit = "1",
     .dims_count = 1,
     .dims = {"sample"}},
    {.name = "exact_free_energy_sample",
     .long_name = "free energy per neuron -(T/N) log Z",
     .unit = "1",
     .dims_count = 1,
     .dims = {"sample"}},
    {.name = "exact_method_sample",
     .long_name = "1 where the sample was summed exactly, else 0",
     .unit = "1",
     .dims_count = 1,
     .dims = {"sample"},
     .flag = true},
};

static void fill(const ph_theory_task_t *task, const ph_coupling_t *coupling,
                 const ph_exact_t *exact, size_t sample)
{
    const size_t features = (size_t)coupling->features;
    for (size_t mu = 0; mu < (size_t)coupling->patterns; mu++) {
        const size_t from = (size_t)coupling->first[mu], to = (size_t)coupling->first[mu + 1];
        const size_t at = sample * (size_t)task->grid->patterns_max + mu;
        const double scale = coupling->mean_scales[mu];
        double second = 0.0;
        for (size_t p = from; p < to; p++)
            for (size_t q = from; q < to; q++)
                second += exact->second[p * features + q];
        task->out[SECOND][at] = scale * scale * second;
        if (to - from == 1)
            task->out[FOURTH][at] = pow(scale, 4.0) * exact->fourth[from];
    }
    task->out[ENERGY][sample] = exact->energy;
    task->out[FREE_ENERGY][sample] = exact->free_energy;
    task->out[METHOD][sample] = 1.0;
}

static int solve_sample(ph_theory_task_t *task, size_t sample)
{
    const ph_sample_t *drawn;
    ph_exact_t exact = {0};
    int status = ph_samples_take(task->drawn, task->point, (uint32_t)sample, &drawn);
    if (status == PH_OK)
        status = ph_exact_init(&exact, drawn->coupling.features);
    if (status == PH_OK)
        status = task->point->neurons <= ENUMERATED_NEURONS
                     ? ph_exact_enumerate(&exact, &drawn->coupling, task->point->noise, NULL)
                     : ph_exact_integral(&exact, &drawn->coupling, task->point->noise, NULL);
    if (status == PH_OK)
        fill(task, &drawn->coupling, &exact, sample);
    ph_exact_free(&exact);
    ph_samples_give(task->drawn, drawn);
    return status;
}

static int solve(ph_theory_task_t *task)
{
    const ph_point_t *point = task->point;
    if (!(point->noise > 0.0) ||
        (point->neurons > ENUMERATED_NEURONS && ph_coupling_features(point) > INTEGRAL_FEATURES))
        return PH_ERR_UNSUPPORTED;
    for (size_t s = 0; s < task->samples; s++) {
        int status = solve_sample(task, s);
        if (status == PH_ERR_NUMERIC || status == PH_ERR_LIMIT)
            task->trouble = "the quadrature is too fine, or not fine enough";
        else if (status != PH_OK)
            return status;
    }
    return PH_OK;
}

const ph_theory_solver_t PH_THEORY_SOLVER_EXACT = {
    .help = "equilibrium moments and free energy of each sample at its finite size",
    .limits =
        "noise above 0 with up to 3 features (patterns; unsupervised: examples) or 20 neurons",
    .always_samples = true,
    .count = COUNT,
    .datasets = DATASETS,
    .solve = solve,
};
