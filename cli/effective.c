/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/effective.h"

#include <math.h>
#include <stdio.h>

#include "analysis/phase/slowest.h"
#include "base/interrupt.h"
#include "base/visible.h"
#include "sim/run/plan.h"

/* Sweeps that costs are asked for: what begins a block is not to count. */
static const double SWEEPS = 1000.0;

/* Samplers whose slowest mode theory has, a column each. */
static bool has_column(ph_sampler_id_t sampler)
{
    const ph_slowest_t any = {.rate = 0.5, .metropolis = 0.5};
    return isfinite(ph_slowest_tau(&any, sampler, PH_ORDER_RANDOM));
}

/* What one point came to. */
typedef struct {
    ph_slowest_t slowest;
    double tau[PH_SAMPLER_COUNT], rate[PH_SAMPLER_COUNT]; /* independent samples a second */
    int best;                                             /* -1: not known */
    double made; /* by the grid's own sweeps and sampler, of all its chains; NaN: not known */
} effective_t;

static int find(effective_t *self, ph_grid_t *grid, size_t p)
{
    ph_point_t *point = &grid->points[p];
    const ph_sampler_id_t own = point->sampler;
    const double chains = (double)grid->samples * (double)grid->replicas;
    const int status = ph_slowest(&self->slowest, point, grid->average);
    self->best = -1;
    for (int s = 0; s < PH_SAMPLER_COUNT && status == PH_OK; s++) {
        self->tau[s] = ph_slowest_tau(&self->slowest, (ph_sampler_id_t)s, point->order);
        /* A grid with an order has no sampler that updates all at once. */
        if (point->order != PH_ORDER_RANDOM &&
            !ph_sampler_has((ph_sampler_id_t)s, PH_TRAIT_ORDERED))
            self->tau[s] = (double)NAN;
        if (!isfinite(self->tau[s]))
            continue;
        point->sampler = (ph_sampler_id_t)s;
        self->rate[s] = (double)ph_grid_block_chains(grid) * SWEEPS / (2.0 * self->tau[s]) /
                        ph_plan_seconds(grid, p, SWEEPS);
        if (self->best < 0 || self->rate[s] > self->rate[self->best])
            self->best = s;
    }
    point->sampler = own;
    self->made = chains * (double)point->sweeps / (2.0 * self->tau[own]);
    return status;
}

static void print_head(void)
{
    printf("effective:  independent samples of the slowest mode, by theory: tau in sweeps, samples "
           "a second of one\n            thread, and those of this grid's own sweeps, all chains "
           "of a point\n%12s",
           "point");
    for (int s = 0; s < PH_SAMPLER_COUNT; s++)
        if (has_column((ph_sampler_id_t)s))
            printf(" %20s", ph_sampler_facts((ph_sampler_id_t)s)->word);
    printf(" %20s %8s\n", "most", "here");
}

static void print_point(const effective_t *self, const ph_grid_t *grid, size_t p)
{
    const bool known = self->best >= 0;
    char where[512];
    ph_grid_point_text(grid, p, where, sizeof(where));
    printf("%12zu", p);
    for (int s = 0; s < PH_SAMPLER_COUNT; s++) {
        if (has_column((ph_sampler_id_t)s) && known && isfinite(self->tau[s]))
            printf(" %9.3g %8.2g/s", self->tau[s], self->rate[s]);
        else if (has_column((ph_sampler_id_t)s))
            printf(" %20s", "-");
    }
    printf(" %20s", known ? ph_sampler_facts((ph_sampler_id_t)self->best)->word : "-");
    if (isfinite(self->made))
        printf(" %8.2g", self->made);
    else
        printf(" %8s", "-");
    ph_print(stdout, "  %-10s  %s\n", ph_slowest_word(self->slowest.kind), where);
    fflush(stdout); /* of many patterns a point takes seconds */
}

/* What the words mean that were printed, and which sampler is best where. */
static void print_end(const ph_grid_t *grid, const size_t *best, const size_t *kinds)
{
    for (int k = 0; k < PH_SLOWEST_COUNT; k++)
        if (kinds[k] > 0)
            ph_print(stdout, "%12s %s: %s\n", "", ph_slowest_word((ph_slowest_kind_t)k),
                     ph_slowest_help((ph_slowest_kind_t)k));
    for (int s = 0; s < PH_SAMPLER_COUNT; s++)
        if (best[s] > 0)
            ph_print(stdout, "%12s most by --set sampler=%s: %zu of %zu points\n", "",
                     ph_sampler_facts((ph_sampler_id_t)s)->word, best[s], grid->points_count);
}

int ph_cli_effective(ph_grid_t *grid, ph_report_t *report)
{
    size_t best[PH_SAMPLER_COUNT] = {0}, kinds[PH_SLOWEST_COUNT] = {0};
    int status = PH_OK;
    print_head();
    for (size_t p = 0; p < grid->points_count && status == PH_OK; p++) {
        effective_t point = {0};
        if (ph_interrupted())
            return PH_ERR_INTERRUPTED;
        status = find(&point, grid, p);
        if (status != PH_OK)
            return ph_fail(report, status, "no memory for the states of point %zu", p);
        /* Near a transition tau is of no use, nor what follows from it. */
        if (point.slowest.kind == PH_SLOWEST_NEAR) {
            point.best = -1;
            point.made = (double)NAN;
        }
        print_point(&point, grid, p);
        kinds[point.slowest.kind]++;
        if (point.best >= 0)
            best[point.best]++;
    }
    print_end(grid, best, kinds);
    return status;
}
