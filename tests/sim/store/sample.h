/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef PH_TESTS_STORE_SAMPLE_H
#define PH_TESTS_STORE_SAMPLE_H

#include <stdio.h>
#include <stdlib.h>

#include "sim/model/moments.h"
#include "sim/model/observables.h"
#include "sim/store/runfile.h"

/* Segments filled by a rule that check_xarray.py knows too, instead of by a simulation. */

/** Value of a component at a record; exact as float32. */
static inline double sample_value(size_t point, uint32_t sample, uint32_t replica, uint64_t record,
                                  uint64_t component)
{
    return (double)((37 * point + 11 * sample + 7 * replica + 3 * record + component) % 128) / 128;
}

/** A byte of recorded state number k. */
static inline uint8_t sample_byte(size_t point, uint32_t replica, uint64_t k, uint64_t byte)
{
    return (uint8_t)(31 * byte + 5 * k + replica + point);
}

/** The segment of some chains between two sweeps; its sums run from the chains' start. */
static inline int sample_segment(ph_segment_t *segment, const ph_grid_t *grid, size_t point,
                                 uint32_t sample, uint32_t replica_first, uint32_t replicas,
                                 uint64_t from, uint64_t to)
{
    const ph_point_t *where = &grid->points[point];
    int status = ph_segment_init(segment, grid, where, sample, replica_first, replicas, from, to);
    if (status == PH_OK)
        status = ph_segment_add_states(segment, grid, where);
    if (status != PH_OK)
        return status;
    for (uint64_t b = 0; b < replicas * segment->states_count * segment->states_bytes; b++) {
        const uint64_t state = b / segment->states_bytes;
        segment->states[b] = sample_byte(
            point, replica_first + (uint32_t)(state / segment->states_count),
            segment->states_first + state % segment->states_count, b % segment->states_bytes);
    }
    const size_t components = (size_t)segment->components;
    const size_t bytes = ph_segment_spin_bytes(segment->state_bits);
    for (uint32_t r = 0; r < replicas; r++) {
        for (size_t c = 0; c < components; c++) {
            for (uint64_t k = 0; k < segment->record_first + segment->records; k++) {
                const double x = sample_value(point, sample, replica_first + r, k, c);
                if (segment->sums != NULL)
                    ph_moments_add(segment->sums + (r * components + c) * PH_MOMENT_WORDS, k, x);
                if (segment->series != NULL && k >= segment->record_first) {
                    const size_t row =
                        r * (size_t)segment->records + (size_t)(k - segment->record_first);
                    segment->series[row * components + c] = x;
                }
            }
        }
        for (size_t b = 0; b < bytes; b++)
            segment->spins[r * bytes + b] = (uint8_t)(31 * b + replica_first + r + point);
    }
    return PH_OK;
}

/** A run file in which all points but the last are complete, written in two segments. */
static inline int sample_run(const ph_grid_t *grid, const char *path, ph_report_t *report)
{
    ph_runfile_t file;
    int status = ph_runfile_create(&file, path, grid, report);
    const size_t points = grid->points_count > 1 ? grid->points_count - 1 : 1;
    for (size_t p = 0; p < points && status == PH_OK; p++) {
        const uint64_t end = (uint64_t)(grid->points[p].burn_in + grid->points[p].sweeps);
        for (uint32_t s = 0; s < grid->samples && status == PH_OK; s++)
            for (int half = 0; half < 2 && status == PH_OK; half++) {
                ph_segment_t segment;
                status = sample_segment(&segment, grid, p, s, 0, (uint32_t)grid->replicas,
                                        half == 0 ? 0 : end / 2, half == 0 ? end / 2 : end);
                if (status == PH_OK)
                    status = ph_runfile_write(&file, p, &segment, report);
                ph_segment_free(&segment);
            }
    }
    if (status == PH_OK)
        status = ph_runfile_commit(&file, report);
    ph_runfile_close(&file);
    return status;
}

#endif
