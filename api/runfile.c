/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <polyhebb/runfile.h>

#include <stdlib.h>
#include <string.h>

#include "analysis/estimate/estimates.h"
#include "api/entry_private.h"
#include "sim/model/states.h"
#include "sim/run/doubt.h"
#include "sim/store/runfile.h"

int ph_runfile_new(ph_runfile_t **run, const char *path, ph_report_t *report)
{
    PH_ENTRY();
    ph_runfile_t *self = *run = malloc(sizeof(*self));
    if (self == NULL)
        return ph_fail(report, PH_ERR_MEMORY, "no memory to open %s", path);
    int status = ph_runfile_open(self, path, report);
    if (status == PH_OK)
        status = ph_doubt_say(self, report);
    if (status != PH_OK) {
        ph_runfile_close(self);
        free(self);
        *run = NULL;
    }
    return status;
}

void ph_runfile_delete(ph_runfile_t *self)
{
    PH_ENTRY();
    if (self != NULL)
        ph_runfile_close(self);
    free(self);
}

const ph_grid_t *ph_runfile_grid(const ph_runfile_t *self)
{
    return self->base.grid;
}

int ph_runfile_status(const ph_runfile_t *self, size_t point)
{
    return point < self->base.grid->points_count ? ph_runfile_point_status(self, point)
                                                 : PH_POINT_NOT_RUN;
}

static bool has_chain(const ph_runfile_t *self, size_t point, uint32_t sample, uint32_t replica)
{
    const ph_grid_t *grid = self->base.grid;
    return point < grid->points_count && sample < grid->samples && replica < grid->replicas;
}

int64_t ph_runfile_sweeps(const ph_runfile_t *self, size_t point, uint32_t sample, uint32_t replica)
{
    return has_chain(self, point, sample, replica)
               ? ph_runfile_sweeps_done(self, point, sample, replica)
               : 0;
}

size_t ph_runfile_components(const ph_runfile_t *self, size_t point)
{
    const ph_grid_t *grid = self->base.grid;
    return point < grid->points_count ? ph_observables_total(grid, grid->points[point].patterns)
                                      : 0;
}

int ph_runfile_component(const ph_runfile_t *self, size_t point, size_t c, char *text, size_t size,
                         int64_t *pattern)
{
    const ph_grid_t *grid = self->base.grid;
    if (c >= ph_runfile_components(self, point))
        return PH_ERR_INPUT;
    const ph_component_t found = ph_component(grid, grid->points[point].patterns, c);
    ph_component_name(&found, text, size);
    *pattern = found.of_pattern ? (int64_t)found.pattern : -1;
    return PH_OK;
}

static int no_point(const ph_runfile_t *self, size_t point, ph_report_t *report)
{
    return ph_fail(report, PH_ERR_INPUT, "%s: there is no point %zu: the grid has %zu",
                   self->base.path, point, self->base.grid->points_count);
}

int ph_runfile_estimates(ph_runfile_t *self, size_t point, double *mean, double *error, double *tau,
                         ph_report_t *report)
{
    PH_ENTRY();
    ph_estimates_t found;
    if (point >= self->base.grid->points_count)
        return no_point(self, point, report);
    const int status = ph_estimates_read(&found, self, point, PH_VIEW_PATTERNS, report);
    if (status != PH_OK)
        return status;
    for (size_t c = 0; c < found.components; c++) {
        if (mean != NULL)
            mean[c] = found.values[c].mean;
        if (error != NULL)
            error[c] = found.values[c].error;
        if (tau != NULL)
            tau[c] = found.values[c].tau;
    }
    ph_estimates_free(&found);
    return PH_OK;
}

uint64_t ph_runfile_records(const ph_runfile_t *self, size_t point, uint32_t sample,
                            uint32_t replica)
{
    const ph_grid_t *grid = self->base.grid;
    const int64_t done = ph_runfile_sweeps(self, point, sample, replica);
    return grid->trajectory && done > 0 ? ph_records_until(&grid->points[point], (uint64_t)done)
                                        : 0;
}

/* One chain; `records_from` as in ph_runfile_read(). */
static int read_chain(ph_runfile_t *self, size_t point, uint32_t sample, uint32_t replica,
                      uint64_t records_from, ph_segment_t *segment, ph_report_t *report)
{
    if (!has_chain(self, point, sample, replica))
        return ph_fail(report, PH_ERR_INPUT,
                       "%s: there is no chain of point %zu, sample %u, replica %u", self->base.path,
                       point, sample, replica);
    if (ph_runfile_sweeps_done(self, point, sample, replica) == 0)
        return ph_fail(report, PH_ERR_INPUT,
                       "%s: the chain of point %zu, sample %u, replica %u has not begun",
                       self->base.path, point, sample, replica);
    return ph_runfile_read(self, point, sample, replica, 1, records_from, segment, report);
}

int ph_runfile_trajectory(ph_runfile_t *self, size_t point, uint32_t sample, uint32_t replica,
                          double *values, ph_report_t *report)
{
    PH_ENTRY();
    ph_segment_t segment;
    if (!self->base.grid->trajectory)
        return ph_fail(report, PH_ERR_INPUT, "%s has no trajectories: record.trajectory is false",
                       self->base.path);
    const int status = read_chain(self, point, sample, replica, 0, &segment, report);
    if (status != PH_OK)
        return status;
    memcpy(values, segment.series, segment.records * segment.components * sizeof(*values));
    ph_segment_free(&segment);
    return PH_OK;
}

static void unpack(const uint8_t *bits, size_t neurons, int8_t *spins)
{
    for (size_t i = 0; i < neurons; i++)
        spins[i] = bits[i / 8] >> (i % 8) & 1 ? 1 : -1;
}

int ph_runfile_spins(ph_runfile_t *self, size_t point, uint32_t sample, uint32_t replica,
                     int8_t *spins, ph_report_t *report)
{
    PH_ENTRY();
    ph_segment_t segment;
    const int status = read_chain(self, point, sample, replica, UINT64_MAX, &segment, report);
    if (status != PH_OK)
        return status;
    unpack(segment.spins, (size_t)self->base.grid->points[point].neurons, spins);
    ph_segment_free(&segment);
    return PH_OK;
}

uint64_t ph_runfile_states(const ph_runfile_t *self, size_t point, uint32_t sample,
                           uint32_t replica)
{
    const ph_grid_t *grid = self->base.grid;
    const int64_t done = ph_runfile_sweeps(self, point, sample, replica);
    return done > 0 ? ph_states_until(grid, &grid->points[point], (uint64_t)done) : 0;
}

int64_t ph_runfile_state_time(const ph_runfile_t *self, uint64_t k)
{
    const ph_grid_t *grid = self->base.grid;
    return k < ph_grid_states(grid) ? (int64_t)ph_grid_state_time(grid, (size_t)k) : -1;
}

int ph_runfile_state(ph_runfile_t *self, size_t point, uint32_t sample, uint32_t replica,
                     uint64_t k, int8_t *spins, ph_report_t *report)
{
    PH_ENTRY();
    if (k >= ph_runfile_states(self, point, sample, replica))
        return ph_fail(report, PH_ERR_INPUT,
                       "%s: there is no state %llu of point %zu, sample %u, replica %u",
                       self->base.path, (unsigned long long)k, point, sample, replica);
    const ph_point_t *of = &self->base.grid->points[point];
    uint8_t *bits = malloc(ph_point_spin_bytes(of));
    if (bits == NULL)
        return ph_fail(report, PH_ERR_MEMORY, "no memory for a state of %lld neurons",
                       (long long)of->neurons);
    const int status = ph_runfile_read_states(self, point, sample, replica, k, 1, bits, report);
    if (status == PH_OK)
        unpack(bits, (size_t)of->neurons, spins);
    free(bits);
    return status;
}

int ph_runfile_check(ph_runfile_t *self, ph_report_t *report)
{
    PH_ENTRY();
    return ph_runfile_verify(self, report);
}
