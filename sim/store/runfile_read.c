/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdlib.h>
#include <string.h>

#include "base/floating.h"
#include "sim/model/moments.h"
#include "sim/store/runfile_private.h"

static int read_series(ph_runfile_t *self, size_t point, ph_segment_t *segment,
                       ph_observable_id_t id, double *scratch, ph_report_t *report)
{
    const ph_box_t box = ph_runfile_box(self, point, segment, id, "", true, false);
    int status = ph_gridfile_read(&self->base, box.name, point, box.offset, box.count,
                                  H5T_NATIVE_DOUBLE, scratch, report);
    if (status != PH_OK)
        return status;
    const size_t rows = (size_t)segment->replicas * (size_t)segment->records;
    for (size_t r = 0; r < rows; r++)
        memcpy(segment->series + r * segment->components + box.first, scratch + r * box.components,
               box.components * sizeof(double));
    return PH_OK;
}

static int read_sums(ph_runfile_t *self, size_t point, ph_segment_t *segment, ph_observable_id_t id,
                     double *scratch, ph_report_t *report)
{
    const ph_box_t box = ph_runfile_box(self, point, segment, id, "_sums", false, true);
    const size_t words = box.components * PH_MOMENT_WORDS;
    int status = ph_gridfile_read(&self->base, box.name, point, box.offset, box.count,
                                  H5T_NATIVE_DOUBLE, scratch, report);
    for (size_t r = 0; r < segment->replicas && status == PH_OK; r++)
        memcpy(segment->sums + (r * segment->components + box.first) * PH_MOMENT_WORDS,
               scratch + r * words, words * sizeof(double));
    return status;
}

static int read_observables(ph_runfile_t *self, size_t point, ph_segment_t *segment,
                            ph_report_t *report)
{
    const ph_grid_t *grid = self->base.grid;
    const size_t rows =
        segment->records > PH_MOMENT_WORDS ? (size_t)segment->records : (size_t)PH_MOMENT_WORDS;
    double *scratch =
        malloc(segment->replicas * rows * (size_t)segment->components * sizeof(*scratch));
    if (scratch == NULL)
        return ph_fail(report, PH_ERR_MEMORY, "no memory to read %s", self->base.path);
    int status = PH_OK;
    for (int k = 0; k < ph_observables_count() && status == PH_OK; k++) {
        const ph_observable_id_t id = (ph_observable_id_t)k;
        if (!ph_observable_recorded(id, grid))
            continue;
        if (segment->series != NULL && segment->records > 0)
            status = read_series(self, point, segment, id, scratch, report);
        if (status == PH_OK && segment->sums != NULL)
            status = read_sums(self, point, segment, id, scratch, report);
    }
    free(scratch);
    return status;
}

/* The sweeps all these chains have done. */
static int common_sweeps(const ph_runfile_t *self, size_t point, uint32_t sample,
                         uint32_t replica_first, uint32_t replicas, uint64_t *done,
                         ph_report_t *report)
{
    int status = ph_runfile_check_chains(self, point, sample, replica_first, replicas, report);
    if (status != PH_OK)
        return status;
    const ph_point_t *where = &self->base.grid->points[point];
    const int64_t first = ph_runfile_sweeps_done(self, point, sample, replica_first);
    for (uint32_t r = 1; r < replicas; r++)
        if (ph_runfile_sweeps_done(self, point, sample, replica_first + r) != first)
            return ph_fail(report, PH_ERR_MISMATCH,
                           "%s: point %zu, sample %u: replicas %u and %u have done different "
                           "numbers of sweeps",
                           self->base.path, point, sample, replica_first, replica_first + r);
    if (first < 0 || first > (int64_t)ph_point_total(where))
        return ph_fail(report, PH_ERR_DAMAGED, "%s: point %zu has done %lld sweeps of %lld",
                       self->base.path, point, (long long)first, (long long)ph_point_total(where));
    *done = (uint64_t)first;
    return PH_OK;
}

int ph_runfile_read(ph_runfile_t *self, size_t point, uint32_t sample, uint32_t replica_first,
                    uint32_t replicas, uint64_t records_from, ph_segment_t *segment,
                    ph_report_t *report)
{
    PH_FLOATING_GUARD();
    const ph_grid_t *grid = self->base.grid;
    uint64_t done = 0;
    memset(segment, 0, sizeof(*segment));
    int status = common_sweeps(self, point, sample, replica_first, replicas, &done, report);
    if (status != PH_OK)
        return status;
    const ph_point_t *where = &grid->points[point];
    const uint64_t records = done > 0 ? ph_records_until(where, done) : 0;
    const bool all = records_from < records;
    /* Room for all records or, when none is wanted, for none. */
    if (ph_segment_init(segment, grid, where, sample, replica_first, replicas, all ? 0 : done,
                        done) != PH_OK)
        return ph_fail(report, PH_ERR_MEMORY, "no memory to read point %zu of %s", point,
                       self->base.path);
    segment->sweep_from = 0;
    segment->record_first = all ? records_from : records;
    segment->records = records - segment->record_first;
    if (done == 0)
        return PH_OK;
    status = read_observables(self, point, segment, report);
    const size_t offset[] = {sample, replica_first, 0};
    const size_t count[] = {1, replicas, ph_segment_spin_bytes(segment->state_bits)};
    if (status == PH_OK)
        status = ph_gridfile_read(&self->base, "last_state", point, offset, count, H5T_NATIVE_UINT8,
                                  segment->spins, report);
    if (status != PH_OK)
        ph_segment_free(segment);
    return status;
}

int ph_runfile_verify(ph_runfile_t *self, ph_report_t *report)
{
    PH_FLOATING_GUARD();
    return ph_gridfile_verify(&self->base, report);
}
