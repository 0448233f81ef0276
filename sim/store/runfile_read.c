/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "base/floating.h"
#include "sim/model/moments.h"
#include "sim/store/runfile_private.h"

/* Chains of some samples on their way from a file into segments, one a sample. */
typedef struct {
    ph_runfile_t *file;
    size_t point, samples;
    const ph_wanted_t *wanted;
    ph_segment_t *segments;
    void *scratch; /* of one array */
    ph_report_t *report;
} reading_t;

static bool in_set(uint64_t set, ph_observable_id_t id)
{
    return (set >> id & 1) != 0;
}

typedef enum { FLOAT, DOUBLE, BYTE } stored_t;

/* HDF5 knows one thread at a time, be it for the name of a type. Who waits for a file sleeps: in a
 * critical section of OpenMP it would take a processor. */
static pthread_mutex_t in_hdf5 = PTHREAD_MUTEX_INITIALIZER;

/* A box of the first sample, and the same of all, into the scratch. */
static int read_box(const reading_t *self, const char *name, const size_t *offset, size_t *count,
                    stored_t stored)
{
    count[0] = self->samples;
    pthread_mutex_lock(&in_hdf5);
    const hid_t type = stored == FLOAT    ? H5T_NATIVE_FLOAT
                       : stored == DOUBLE ? H5T_NATIVE_DOUBLE
                                          : H5T_NATIVE_UINT8;
    const int status = ph_gridfile_read(&self->file->base, name, self->point, offset, count, type,
                                        self->scratch, self->report);
    pthread_mutex_unlock(&in_hdf5);
    return status;
}

/* An observable's components put among all of a segment's records. */
static void spread_series(const ph_segment_t *segment, const ph_box_t *box, bool single,
                          const void *data)
{
    const size_t rows = (size_t)segment->replicas * (size_t)segment->records;
    const size_t own = box->components, width = (size_t)segment->components;
    const float *singles = data;
    const double *doubles = data;
    double *to = segment->series + box->first;
    for (size_t r = 0; r < rows; r++, to += width)
        for (size_t c = 0; c < own; c++)
            to[c] = single ? (double)singles[r * own + c] : doubles[r * own + c];
}

static int read_series(const reading_t *self, ph_observable_id_t id)
{
    const ph_segment_t *first = self->segments;
    const bool single = ph_observable(id)->single;
    ph_box_t box = ph_runfile_box(self->file, self->point, first, id, "", true, false);
    const size_t bytes = first->replicas * (size_t)first->records * box.components *
                         (single ? sizeof(float) : sizeof(double));
    const int status = read_box(self, box.name, box.offset, box.count, single ? FLOAT : DOUBLE);
    for (size_t s = 0; s < self->samples && status == PH_OK; s++)
        spread_series(&self->segments[s], &box, single,
                      (const unsigned char *)self->scratch + s * bytes);
    return status;
}

static int read_sums(const reading_t *self, ph_observable_id_t id)
{
    const ph_segment_t *first = self->segments;
    ph_box_t box = ph_runfile_box(self->file, self->point, first, id, "_sums", false, true);
    const size_t words = box.components * PH_MOMENT_WORDS;
    const double *from = self->scratch;
    const int status = read_box(self, box.name, box.offset, box.count, DOUBLE);
    for (size_t s = 0; s < self->samples && status == PH_OK; s++)
        for (size_t r = 0; r < first->replicas; r++, from += words)
            memcpy(self->segments[s].sums +
                       (r * (size_t)first->components + box.first) * PH_MOMENT_WORDS,
                   from, words * sizeof(double));
    return status;
}

static int read_spins(const reading_t *self)
{
    const ph_segment_t *first = self->segments;
    const size_t own = ph_segment_spin_bytes(first->state_bits), bytes = first->replicas * own;
    const size_t offset[] = {first->sample, first->replica_first, 0};
    size_t count[] = {1, first->replicas, own};
    const int status = read_box(self, "last_state", offset, count, BYTE);
    for (size_t s = 0; s < self->samples && status == PH_OK; s++)
        memcpy(self->segments[s].spins, (const unsigned char *)self->scratch + s * bytes, bytes);
    return status;
}

/* Bytes of the largest array of one sample's chains, at least 1. */
static size_t largest(const reading_t *self)
{
    const ph_grid_t *grid = self->file->base.grid;
    const ph_segment_t *first = self->segments;
    size_t most = first->replicas * ph_segment_spin_bytes(first->state_bits);
    for (int k = 0; k < ph_observables_count(); k++) {
        const ph_observable_id_t id = (ph_observable_id_t)k;
        size_t rows = in_set(self->wanted->series, id) ? (size_t)first->records : 0;
        if (!ph_observable_recorded(id, grid))
            continue;
        if (in_set(self->wanted->sums, id) && rows < PH_MOMENT_WORDS)
            rows = PH_MOMENT_WORDS;
        const size_t own = ph_observable_components(id, grid, grid->points[self->point].patterns);
        const size_t bytes = first->replicas * rows * own * sizeof(double);
        most = bytes > most ? bytes : most;
    }
    return most + 1;
}

static int read_arrays(reading_t *self)
{
    const ph_grid_t *grid = self->file->base.grid;
    const ph_segment_t *first = self->segments;
    self->scratch = malloc(self->samples * largest(self));
    if (self->scratch == NULL)
        return ph_fail(self->report, PH_ERR_MEMORY, "no memory to read %s", self->file->base.path);
    int status = PH_OK;
    for (int k = 0; k < ph_observables_count() && status == PH_OK; k++) {
        const ph_observable_id_t id = (ph_observable_id_t)k;
        if (!ph_observable_recorded(id, grid))
            continue;
        if (first->series != NULL && first->records > 0 && in_set(self->wanted->series, id))
            status = read_series(self, id);
        if (status == PH_OK && first->sums != NULL && in_set(self->wanted->sums, id))
            status = read_sums(self, id);
    }
    if (status == PH_OK && self->wanted->spins)
        status = read_spins(self);
    free(self->scratch);
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

/* The sweeps that the chains of all these samples have done. */
static int common_of_samples(const reading_t *self, uint32_t sample, uint32_t replica_first,
                             uint32_t replicas, uint64_t *done)
{
    int status =
        common_sweeps(self->file, self->point, sample, replica_first, replicas, done, self->report);
    for (uint32_t s = 1; s < self->samples && status == PH_OK; s++) {
        uint64_t own = 0;
        status = common_sweeps(self->file, self->point, sample + s, replica_first, replicas, &own,
                               self->report);
        if (status == PH_OK && own != *done)
            return ph_fail(self->report, PH_ERR_MISMATCH,
                           "%s: point %zu: samples %u and %u have done different numbers of sweeps",
                           self->file->base.path, self->point, sample, sample + s);
    }
    return status;
}

/* Room for what is wanted, with all chains at their start where they have not begun. */
static int init_segment(const reading_t *self, size_t s, uint32_t sample, uint32_t replica_first,
                        uint32_t replicas, uint64_t done)
{
    ph_segment_t *segment = &self->segments[s];
    const ph_grid_t *grid = self->file->base.grid;
    const ph_point_t *where = &grid->points[self->point];
    const uint64_t records = done > 0 ? ph_records_until(where, done) : 0;
    const uint64_t from = self->wanted->series != 0 ? self->wanted->records_from : UINT64_MAX;
    const bool all = from < records;
    /* Room for all records or, when none is wanted, for none. */
    if (ph_segment_init(segment, grid, where, sample + (uint32_t)s, replica_first, replicas,
                        all ? 0 : done, done) != PH_OK)
        return ph_fail(self->report, PH_ERR_MEMORY, "no memory to read point %zu of %s",
                       self->point, self->file->base.path);
    segment->sweep_from = 0;
    segment->record_first = all ? from : records;
    segment->records = records - segment->record_first;
    if (self->wanted->sums == 0) {
        free(segment->sums);
        segment->sums = NULL;
    }
    if (!self->wanted->spins) {
        free(segment->spins);
        segment->spins = NULL;
    }
    return PH_OK;
}

int ph_runfile_read_samples(ph_runfile_t *self, size_t point, uint32_t sample, uint32_t samples,
                            uint32_t replica_first, uint32_t replicas, const ph_wanted_t *wanted,
                            ph_segment_t *segments, ph_report_t *report)
{
    PH_FLOATING_GUARD();
    uint64_t done = 0;
    reading_t reading = {.file = self,
                         .point = point,
                         .samples = samples,
                         .wanted = wanted,
                         .segments = segments,
                         .report = report};
    memset(segments, 0, samples * sizeof(*segments));
    int status = common_of_samples(&reading, sample, replica_first, replicas, &done);
    for (size_t s = 0; s < samples && status == PH_OK; s++)
        status = init_segment(&reading, s, sample, replica_first, replicas, done);
    if (status == PH_OK && done > 0)
        status = read_arrays(&reading);
    for (size_t s = 0; s < samples && status != PH_OK; s++)
        ph_segment_free(&segments[s]);
    return status;
}

int ph_runfile_read(ph_runfile_t *self, size_t point, uint32_t sample, uint32_t replica_first,
                    uint32_t replicas, uint64_t records_from, ph_segment_t *segment,
                    ph_report_t *report)
{
    const ph_wanted_t all = {records_from, UINT64_MAX, UINT64_MAX, true};
    return ph_runfile_read_samples(self, point, sample, 1, replica_first, replicas, &all, segment,
                                   report);
}

int ph_runfile_verify(ph_runfile_t *self, ph_report_t *report)
{
    PH_FLOATING_GUARD();
    return ph_gridfile_verify(&self->base, report);
}
