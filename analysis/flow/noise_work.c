/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What it costs to follow the noise. */
#include <math.h>

#include "analysis/flow/noise_sequential_private.h"
#include "analysis/flow/noise_work_private.h"

/* Of one step of the Runge-Kutta method of order 8: evaluations of the rates, and for each of them
 * how often it adds up a state. */
static const double STAGES = 13.0, SUMS = 6.5;
/* Steps of the first sweep, and of each later one, in random order, and of any in permuted order.
 */
static const double STEPS_FIRST = 13.0, STEPS_RANDOM = 3.5, STEPS_PERMUTED = 10.0;
/* Of the sequential order: cells of the third pass, which is the last at the least, what more of
 * them are made on average, and iterations of a cell's mean. */
static const double CELLS = 64.0, MORE = 1.7, ITERATIONS = 10.0;
/* Sweeps before which nothing is at rest: spins by spins, or all of them anew in each sweep. */
static const double SOON_RANDOM = 25.0, SOON = 4.0;

ph_flow_cost_t ph_noise_cost(const ph_noise_t *self)
{
    return (ph_flow_cost_t){
        .law = self->law, .classes = self->count, .size = self->size, .features = self->features};
}

double ph_noise_evaluation(const ph_flow_cost_t *cost)
{
    const double c = (double)cost->classes, n = (double)cost->size, f = (double)cost->features;
    const double drift = c * (n * f + 3.0 * n + f), pull = c * (f * f + n);
    switch (cost->law) {
    case PH_FLOW_RANDOM: /* two covariances */
        return drift + pull + 4.0 * c * n * n + 4.0 * n * n * n + SUMS * (2.0 * c + 2.0 * n * n);
    case PH_FLOW_PERMUTED: /* and q, what each site does to the end, and Cov(Q, Q) */
        return drift + pull + c * (10.0 * n * n + 2.0 * n * f) + 8.0 * n * n * n +
               SUMS * (2.0 * c + 4.0 * n * n + c * n);
    default: /* J Sigma J^T entry by entry */
        return drift + pull + 2.0 * c * n * n + 2.0 * n * n * f * f;
    }
}

double ph_noise_cell(const ph_flow_cost_t *cost, double cells, double iterations)
{
    const double c = (double)cost->classes, n = (double)cost->size, f = (double)cost->features;
    return iterations * c * (n * f + 2.0 * n + f) + c * (2.0 * n * n + f * f) +
           (cells + 6.0) * n * n * n;
}

double ph_flow_noise_work(const ph_flow_cost_t *cost, double sweeps)
{
    double work = 0.0;
    switch (cost->law) {
    case PH_FLOW_RANDOM:
        return sweeps < 1.0 ? 0.0
                            : STAGES * (STEPS_FIRST + STEPS_RANDOM * (sweeps - 1.0)) *
                                  ph_noise_evaluation(cost);
    case PH_FLOW_PERMUTED:
        return STAGES * STEPS_PERMUTED * sweeps * ph_noise_evaluation(cost);
    case PH_FLOW_SEQUENTIAL:
        for (double cells = PH_NOISE_CELLS_MIN;
             cells <= CELLS && ph_noise_cells_room(cost->size, cells); cells *= 2.0)
            work += MORE * sweeps * cells * ph_noise_cell(cost, cells, ITERATIONS);
        return work;
    default:
        return sweeps * ph_noise_evaluation(cost);
    }
}

bool ph_flow_noise_affordable(const ph_flow_cost_t *cost, uint64_t sweeps, double work)
{
    const double soon = cost->law == PH_FLOW_RANDOM ? SOON_RANDOM : SOON;
    if (cost->law == PH_FLOW_SEQUENTIAL && cost->size > PH_NOISE_SEQUENTIAL_MAX)
        return false;
    return ph_flow_noise_work(cost, fmin((double)sweeps, soon)) <= work;
}
