/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sim/model/states.h"

/* Times of the list up to one. */
static uint64_t listed_until(const ph_list_t *times, double time)
{
    size_t low = 0, high = times->count;
    while (low < high) {
        const size_t middle = low + (high - low) / 2;
        if (times->values[middle] <= time)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

uint64_t ph_states_until(const ph_grid_t *grid, const ph_point_t *point, uint64_t sweep)
{
    const uint64_t burn_in = (uint64_t)point->burn_in;
    if (sweep < burn_in)
        return 0;
    if (grid->states_every > 0)
        return (sweep - burn_in) / (uint64_t)grid->states_every + 1;
    return listed_until(&grid->states, (double)(sweep - burn_in));
}

size_t ph_grid_states(const ph_grid_t *grid)
{
    int64_t sweeps = 0;
    if (grid->states_every == 0)
        return grid->states.count;
    for (size_t p = 0; p < grid->points_count; p++) {
        const int64_t own = ph_point_sweeps(&grid->points[p]);
        sweeps = own > sweeps ? own : sweeps;
    }
    return (size_t)(sweeps / grid->states_every + 1);
}

uint64_t ph_grid_state_time(const ph_grid_t *grid, size_t k)
{
    return grid->states_every > 0 ? k * (uint64_t)grid->states_every
                                  : (uint64_t)grid->states.values[k];
}

size_t ph_point_spin_bytes(const ph_point_t *point)
{
    return ((size_t)point->neurons + 7) / 8;
}

size_t ph_grid_spin_bytes(const ph_grid_t *grid)
{
    size_t bytes = 1;
    for (size_t p = 0; p < grid->points_count; p++) {
        const size_t own = ph_point_spin_bytes(&grid->points[p]);
        bytes = own > bytes ? own : bytes;
    }
    return bytes;
}

double ph_states_bytes(const ph_grid_t *grid, const ph_point_t *point)
{
    const uint64_t end = (uint64_t)(point->burn_in + ph_point_sweeps(point));
    return (double)ph_states_until(grid, point, end) * (double)ph_point_spin_bytes(point);
}
