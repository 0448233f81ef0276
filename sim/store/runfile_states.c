/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdlib.h>

#include "base/floating.h"
#include "sim/model/states.h"
#include "sim/store/runfile_private.h"

enum { COPIED_BYTES = 8 << 20 }; /* at a time */

int ph_runfile_states_layout(ph_gridfile_t *base, ph_report_t *report)
{
    const size_t count = ph_grid_states(base->grid);
    if (count == 0)
        return PH_OK;
    double *times = malloc(count * sizeof(*times));
    if (times == NULL)
        return ph_fail(report, PH_ERR_MEMORY, "no memory for the coordinates of %s", base->path);
    for (size_t k = 0; k < count; k++)
        times[k] = (double)ph_grid_state_time(base->grid, k);
    int status = ph_gridfile_dim(base, "state_time", count, times, "sweeps",
                                 "time after burn-in of a recorded state", report);
    free(times);
    if (status == PH_OK)
        status = ph_gridfile_dim(base, "spin_byte", ph_grid_spin_bytes(base->grid), NULL, NULL,
                                 NULL, report);
    static const char *const dims[] = {"sample", "replica", "state_time", "spin_byte"};
    const ph_array_t array = {
        .name = "states",
        .long_name = "recorded spins, spin i is bit i % 8 of byte i / 8, 1 for +1; there where "
                     "sweeps_done reaches burn_in and state_time",
        .unit = "1",
        .type = H5T_NATIVE_UINT8,
        .dims_count = 4,
        .dims = dims};
    return status == PH_OK ? ph_gridfile_array(base, &array, report) : status;
}

int ph_runfile_check_states(const ph_runfile_t *self, size_t point, const ph_segment_t *segment,
                            ph_report_t *report)
{
    const ph_grid_t *grid = self->base.grid;
    const ph_point_t *where = &grid->points[point];
    const uint64_t first = ph_states_first(grid, where, segment->sweep_from);
    const uint64_t count = ph_states_until(grid, where, segment->sweep_to) - first;
    if (count == 0 || segment->sweep_to == 0 || segment->states_copied ||
        (segment->states != NULL && segment->states_first == first &&
         segment->states_count == count && segment->states_bytes == ph_point_spin_bytes(where)))
        return PH_OK;
    return ph_fail(report, PH_ERR_MISMATCH,
                   "%s: the chains to be written at point %zu lack their recorded states",
                   self->base.path, point);
}

int ph_runfile_write_states(ph_runfile_t *self, size_t point, const ph_segment_t *segment,
                            ph_report_t *report)
{
    if (segment->states == NULL || segment->states_count == 0 || segment->states_copied)
        return PH_OK;
    const size_t offset[] = {segment->sample, segment->replica_first, (size_t)segment->states_first,
                             0};
    const size_t count[] = {1, segment->replicas, (size_t)segment->states_count,
                            (size_t)segment->states_bytes};
    return ph_runfile_put(self, "states", point, offset, count, H5T_NATIVE_UINT8, segment->states,
                          report);
}

int ph_runfile_read_states(ph_runfile_t *self, size_t point, uint32_t sample, uint32_t replica,
                           uint64_t first, uint64_t count, uint8_t *states, ph_report_t *report)
{
    PH_FLOATING_GUARD();
    const int status = ph_runfile_check_chains(self, point, sample, replica, 1, report);
    if (status != PH_OK)
        return status;
    const size_t offset[] = {sample, replica, (size_t)first, 0};
    const size_t box[] = {1, 1, (size_t)count,
                          ph_point_spin_bytes(&self->base.grid->points[point])};
    return ph_gridfile_read(&self->base, "states", point, offset, box, H5T_NATIVE_UINT8, states,
                            report);
}

int ph_runfile_copy_states(ph_runfile_t *self, size_t point, ph_runfile_t *from, size_t from_point,
                           ph_segment_t *segment, ph_report_t *report)
{
    PH_FLOATING_GUARD();
    const ph_grid_t *grid = from->base.grid;
    const ph_point_t *where = &grid->points[from_point];
    const uint64_t total = ph_states_until(grid, where, segment->sweep_to);
    const size_t bytes = ph_point_spin_bytes(where), most = COPIED_BYTES / bytes + 1;
    const size_t part = total < most ? (size_t)total : most;
    segment->states_copied = true;
    if (total == 0)
        return PH_OK;
    uint8_t *states = malloc(part * bytes);
    int status = states != NULL ? PH_OK
                                : ph_fail(report, PH_ERR_MEMORY,
                                          "no memory to read the states of %s", from->base.path);
    for (uint32_t r = 0; r < segment->replicas && status == PH_OK; r++)
        for (uint64_t first = 0; first < total && status == PH_OK; first += part) {
            const size_t count = total - first < part ? (size_t)(total - first) : part;
            const size_t offset[] = {segment->sample, segment->replica_first + r, (size_t)first, 0};
            const size_t box[] = {1, 1, count, bytes};
            status =
                ph_runfile_read_states(from, from_point, segment->sample,
                                       segment->replica_first + r, first, count, states, report);
            if (status == PH_OK)
                status = ph_runfile_put(self, "states", point, offset, box, H5T_NATIVE_UINT8,
                                        states, report);
        }
    free(states);
    return status;
}
