/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "analysis/attractors/cues_private.h"
#include "analysis/attractors/map_private.h"
#include "analysis/estimate/jackknife.h"
#include "analysis/meanfield/meanfield.h"
#include "base/floating.h"
#include "base/interrupt.h"
#include "base/machine.h"

const ph_attractors_t *ph_attractor_map_at(const ph_attractor_map_t *self, size_t point,
                                           size_t sample)
{
    return &self->networks[point * self->samples + sample];
}

void ph_attractor_map_free(ph_attractor_map_t *self)
{
    for (size_t k = 0; self->networks != NULL && k < self->grid->points_count * self->samples; k++)
        ph_attractors_free(&self->networks[k]);
    free(self->networks);
    memset(self, 0, sizeof(*self));
}

size_t ph_attractor_samples(const ph_grid_t *grid)
{
    bool fixed = true;
    for (size_t p = 0; p < grid->points_count; p++)
        fixed = fixed && ph_point_is_fixed(&grid->points[p]);
    return fixed ? 1 : (size_t)grid->samples;
}

int ph_attractor_map_init(ph_attractor_map_t *self, const ph_grid_t *grid, ph_report_t *report)
{
    *self = (ph_attractor_map_t){.grid = grid, .samples = ph_attractor_samples(grid)};
    self->networks = calloc(grid->points_count * self->samples, sizeof(*self->networks));
    return self->networks != NULL
               ? PH_OK
               : ph_fail(report, PH_ERR_MEMORY, "no memory for the states of %zu networks",
                         grid->points_count * self->samples);
}

/* Were every start to lead to a state of its own. */
static int check_memory(const ph_attractor_map_t *self, ph_report_t *report)
{
    const ph_grid_t *grid = self->grid;
    const ph_limit_t limit = ph_machine_memory();
    double bytes = 0.0;
    for (size_t p = 0; p < grid->points_count; p++) {
        const ph_point_t *point = &grid->points[p];
        const size_t k = (size_t)point->patterns;
        if (k > PH_ATTRACTORS_PATTERNS_MAX)
            continue;
        const double features = point->noise > 0.0 ? fmin((double)ph_coupling_features(point),
                                                          (double)PH_MEANFIELD_FEATURES_MAX)
                                                   : 0.0;
        bytes += (double)self->samples * (double)ph_cues_count(k, !(point->noise > 0.0)) *
                 (8.0 * (2.0 * (double)k + features) + (double)sizeof(ph_attractor_t));
    }
    if (bytes <= (double)limit.value)
        return PH_OK;
    return ph_fail(report, PH_ERR_LIMIT,
                   "the states of %zu networks with all their overlaps may take %.0f MB, and there "
                   "are %.0f MB (%s); choose fewer points or --set samples=N",
                   grid->points_count * self->samples, bytes / 1e6, (double)limit.value / 1e6,
                   limit.source);
}

void ph_attractor_map_count(ph_attractor_map_t *self)
{
    self->left_out = self->unconverged = 0;
    for (size_t k = 0; k < self->grid->points_count * self->samples; k++) {
        self->left_out += self->networks[k].count == 0;
        self->unconverged += self->networks[k].unconverged;
    }
}

static int conclude(ph_attractor_map_t *self, const int *status, ph_report_t *report)
{
    const size_t count = self->grid->points_count * self->samples;
    for (size_t k = 0; k < count; k++)
        if (status[k] != PH_OK && status[k] != PH_ERR_UNSUPPORTED)
            return ph_fail(report, status[k],
                           "the search for the states of sample %zu at point %zu failed: %s",
                           1 + k % self->samples, k / self->samples, ph_status_text(status[k]));
    ph_attractor_map_count(self);
    if (self->left_out == count)
        return ph_fail(report, PH_ERR_UNSUPPORTED,
                       "states of a network are looked for with up to %d patterns and, above zero "
                       "noise, %d features (rule unsupervised: examples of all patterns); every "
                       "network has more",
                       (int)PH_ATTRACTORS_PATTERNS_MAX, (int)PH_MEANFIELD_FEATURES_MAX);
    return PH_OK;
}

int ph_attractor_map_solve(ph_attractor_map_t *self, const ph_grid_t *grid, int threads,
                           ph_report_t *report)
{
    PH_FLOATING_GUARD();
    int status = ph_attractor_map_init(self, grid, report);
    const int count = (int)(grid->points_count * self->samples);
    int *statuses = calloc((size_t)count, sizeof(*statuses));
    if (status == PH_OK && statuses == NULL)
        status = ph_fail(report, PH_ERR_MEMORY, "no memory for the states of %d networks", count);
    if (status == PH_OK)
        status = check_memory(self, report);
    if (status == PH_OK) {
#pragma omp parallel for schedule(dynamic) num_threads(threads > 0 ? threads : 1)
        for (int k = 0; k < count; k++)
            statuses[k] = ph_interrupted()
                              ? PH_ERR_INTERRUPTED
                              : ph_attractors_find(
                                    &self->networks[k], &grid->points[(size_t)k / self->samples],
                                    grid->seed, (uint32_t)((size_t)k % self->samples), NULL);
        status = conclude(self, statuses, report);
    }
    free(statuses);
    if (status != PH_OK)
        ph_attractor_map_free(self);
    return status;
}

size_t ph_attractor_map_share(const ph_attractor_map_t *self, size_t point, size_t pattern,
                              double *share, double *error)
{
    size_t count = 0, all = 0;
    for (size_t s = 0; s < self->samples; s++) {
        const ph_attractors_t *network = ph_attractor_map_at(self, point, s);
        if (network->count == 0 || pattern >= network->patterns)
            continue;
        all++;
        count += ph_attractors_of_pattern(network, pattern) >= 0;
    }
    *share = all > 0 ? (double)count / (double)all : (double)NAN;
    *error = all > 0 ? sqrt(ph_share_variance_least(*share, (double)all)) : (double)NAN;
    return count;
}

double ph_attractor_map_overlap(const ph_attractor_map_t *self, size_t point, size_t pattern)
{
    double sum = 0.0, count = 0.0;
    for (size_t s = 0; s < self->samples; s++) {
        const ph_attractors_t *network = ph_attractor_map_at(self, point, s);
        const int at =
            pattern < network->patterns ? ph_attractors_of_pattern(network, pattern) : -1;
        if (at < 0)
            continue;
        sum += fabs(network->states[at].overlap[pattern]) / network->activity[pattern];
        count += 1.0;
    }
    return count > 0.0 ? sum / count : (double)NAN;
}
