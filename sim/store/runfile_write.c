/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdlib.h>
#include <string.h>

#include "base/floating.h"
#include "sim/model/moments.h"
#include "sim/store/runfile_private.h"

int ph_runfile_check_chains(const ph_runfile_t *self, size_t point, uint32_t sample,
                            uint32_t replica_first, uint32_t replicas, ph_report_t *report)
{
    const ph_grid_t *grid = self->base.grid;
    if (point < grid->points_count && sample < grid->samples && replica_first < grid->replicas &&
        replicas <= grid->replicas - replica_first)
        return PH_OK;
    return ph_fail(report, PH_ERR_MISMATCH,
                   "%s: has %zu points, %lld samples, %lld replicas; point %zu, sample %u, "
                   "replicas %u to %u (from 0) are not all in it",
                   self->base.path, grid->points_count, (long long)grid->samples,
                   (long long)grid->replicas, point, sample, replica_first,
                   replica_first + replicas - 1);
}

ph_box_t ph_runfile_box(const ph_runfile_t *self, size_t point, const ph_segment_t *segment,
                        ph_observable_id_t id, const char *suffix, bool records, bool moments)
{
    const ph_grid_t *grid = self->base.grid;
    const ph_observable_t *row = ph_observable(id);
    const int64_t patterns = grid->points[point].patterns;
    ph_box_t box = {.offset = {segment->sample, segment->replica_first},
                    .count = {1, segment->replicas}};
    size_t rank = 2;
    snprintf(box.name, sizeof(box.name), "%s%s", ph_observable_name(id), suffix);
    if (records) {
        box.offset[rank] = (size_t)segment->record_first;
        box.count[rank++] = (size_t)segment->records;
    }
    for (size_t d = 0; d < row->dims_count; d++)
        box.count[rank++] = ph_dimension_length(row->dims[d], grid, patterns);
    if (moments)
        box.count[rank] = PH_MOMENT_WORDS;
    box.first = ph_observable_offset(id, grid, patterns);
    box.components = ph_observable_components(id, grid, patterns);
    return box;
}

/* An observable's components cut out of the series, as they are stored. */
static void gather_series(const ph_segment_t *segment, const ph_box_t *box, bool single, void *data)
{
    const size_t rows = (size_t)segment->replicas * (size_t)segment->records;
    const double *from = segment->series + box->first;
    float *singles = data;
    double *doubles = data;
    for (size_t r = 0; r < rows; r++, from += segment->components) {
        if (!single) {
            memcpy(doubles + r * box->components, from, box->components * sizeof(double));
            continue;
        }
        for (size_t c = 0; c < box->components; c++)
            singles[r * box->components + c] = (float)from[c];
    }
}

static int write_series(ph_runfile_t *self, size_t point, const ph_segment_t *segment,
                        ph_observable_id_t id, double *scratch, ph_report_t *report)
{
    const bool single = ph_observable(id)->single;
    const ph_box_t box = ph_runfile_box(self, point, segment, id, "", true, false);
    gather_series(segment, &box, single, scratch);
    return ph_runfile_put(self, box.name, point, box.offset, box.count,
                          single ? H5T_NATIVE_FLOAT : H5T_NATIVE_DOUBLE, scratch, report);
}

static int write_sums(ph_runfile_t *self, size_t point, const ph_segment_t *segment,
                      ph_observable_id_t id, double *scratch, ph_report_t *report)
{
    const ph_box_t box = ph_runfile_box(self, point, segment, id, "_sums", false, true);
    const size_t words = box.components * PH_MOMENT_WORDS;
    for (size_t r = 0; r < segment->replicas; r++)
        memcpy(scratch + r * words,
               segment->sums + (r * segment->components + box.first) * PH_MOMENT_WORDS,
               words * sizeof(double));
    return ph_runfile_put(self, box.name, point, box.offset, box.count, H5T_NATIVE_DOUBLE, scratch,
                          report);
}

static int write_derived(ph_runfile_t *self, size_t point, const ph_segment_t *segment,
                         ph_observable_id_t id, double *scratch, ph_report_t *report)
{
    static const char *const suffixes[] = {"_mean", "_variance"};
    const uint64_t n = ph_records_until(&self->base.grid->points[point], segment->sweep_to);
    int status = PH_OK;
    for (int k = 0; k < 2 && status == PH_OK && n > 0; k++) {
        const ph_box_t box = ph_runfile_box(self, point, segment, id, suffixes[k], false, false);
        for (size_t r = 0; r < segment->replicas; r++)
            for (size_t c = 0; c < box.components; c++) {
                const double *sums =
                    segment->sums + (r * segment->components + box.first + c) * PH_MOMENT_WORDS;
                scratch[r * box.components + c] =
                    k == 0 ? ph_moments_mean(sums, n) : ph_moments_variance(sums, n);
            }
        status = ph_runfile_put(self, box.name, point, box.offset, box.count, H5T_NATIVE_DOUBLE,
                                scratch, report);
    }
    return status;
}

static int write_observables(ph_runfile_t *self, size_t point, const ph_segment_t *segment,
                             ph_report_t *report)
{
    const ph_grid_t *grid = self->base.grid;
    const bool series = grid->trajectory && segment->records > 0;
    const size_t rows = series && segment->records > PH_MOMENT_WORDS ? (size_t)segment->records
                                                                     : (size_t)PH_MOMENT_WORDS;
    double *scratch =
        malloc(segment->replicas * rows * (size_t)segment->components * sizeof(*scratch));
    if (scratch == NULL)
        return ph_fail(report, PH_ERR_MEMORY, "no memory to write %s", self->base.path);
    int status = PH_OK;
    for (int k = 0; k < ph_observables_count() && status == PH_OK; k++) {
        const ph_observable_id_t id = (ph_observable_id_t)k;
        if (!ph_observable_recorded(id, grid))
            continue;
        if (series)
            status = write_series(self, point, segment, id, scratch, report);
        if (status == PH_OK && grid->moments)
            status = write_sums(self, point, segment, id, scratch, report);
        if (status == PH_OK && grid->moments)
            status = write_derived(self, point, segment, id, scratch, report);
    }
    free(scratch);
    return status;
}

static int check_segment(const ph_runfile_t *self, size_t point, const ph_segment_t *segment,
                         ph_report_t *report)
{
    int status = ph_runfile_check_chains(self, point, segment->sample, segment->replica_first,
                                         segment->replicas, report);
    if (status != PH_OK)
        return status;
    const ph_grid_t *grid = self->base.grid;
    const ph_point_t *where = &grid->points[point];
    const uint64_t records = (uint64_t)ph_point_records(where);
    if (segment->state_bits != ph_point_state_bits(where) ||
        segment->components != ph_observables_total(grid, where->patterns) ||
        !ph_digest_equal(segment->chain, where->chain))
        return ph_fail(report, PH_ERR_MISMATCH,
                       "%s: the chains to be written at point %zu are those of another point",
                       self->base.path, point);
    if (segment->sweep_to > ph_point_total(where) || segment->record_first > records ||
        segment->records > records - segment->record_first)
        return ph_fail(report, PH_ERR_MISMATCH,
                       "%s: sweep %llu is past the end of point %zu, %lld sweeps after %lld of "
                       "burn-in",
                       self->base.path, (unsigned long long)segment->sweep_to, point,
                       (long long)ph_point_sweeps(where), (long long)where->burn_in);
    if ((grid->trajectory && segment->records > 0 && segment->series == NULL) ||
        (grid->moments && segment->sums == NULL) || segment->spins == NULL)
        return ph_fail(report, PH_ERR_MISMATCH,
                       "%s: the chains to be written at point %zu lack their records or sums",
                       self->base.path, point);
    return ph_runfile_check_states(self, point, segment, report);
}

int ph_runfile_write(ph_runfile_t *self, size_t point, const ph_segment_t *segment,
                     ph_report_t *report)
{
    PH_FLOATING_GUARD();
    int status = check_segment(self, point, segment, report);
    if (status != PH_OK || segment->sweep_to == 0)
        return status;
    status = write_observables(self, point, segment, report);
    if (status != PH_OK)
        return status;
    const size_t offset[] = {segment->sample, segment->replica_first, 0};
    const size_t count[] = {1, segment->replicas, ph_segment_spin_bytes(segment->state_bits)};
    status = ph_runfile_put(self, "last_state", point, offset, count, H5T_NATIVE_UINT8,
                            segment->spins, report);
    if (status == PH_OK)
        status = ph_runfile_write_states(self, point, segment, report);
    for (uint32_t r = 0; r < segment->replicas && status == PH_OK; r++)
        self->sweeps_done[ph_runfile_chain(
            self, point, segment->sample, segment->replica_first + r)] = (int64_t)segment->sweep_to;
    return status;
}
