/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sim/store/runfile.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/floating.h"
#include "sim/model/moments.h"
#include "sim/model/until.h"
#include "sim/store/attributes.h"
#include "sim/store/gridfile_private.h"
#include "sim/store/runfile_private.h"

static int count_dim(ph_gridfile_t *base, const char *name, size_t length, double first,
                     double step, const char *unit, const char *long_name, ph_report_t *report)
{
    double *values = malloc(length * sizeof(*values));
    if (values == NULL)
        return ph_fail(report, PH_ERR_MEMORY, "no memory for the coordinates of %s", base->path);
    for (size_t i = 0; i < length; i++)
        values[i] = first + step * (double)i;
    int status = ph_gridfile_dim(base, name, length, values, unit, long_name, report);
    free(values);
    return status;
}

static bool has_dim(const ph_gridfile_t *base, const char *name)
{
    for (size_t d = 0; d < base->dims_count; d++)
        if (strcmp(base->dims[d].name, name) == 0)
            return true;
    return false;
}

int ph_runfile_table_dim(ph_gridfile_t *base, ph_dim_id_t id, ph_report_t *report)
{
    const ph_dimension_t *row = ph_dimension(id);
    const size_t length = ph_dimension_length(id, base->grid, base->grid->patterns_max);
    if (has_dim(base, row->name))
        return PH_OK;
    if (row->values != NULL)
        return ph_gridfile_dim(base, row->name, length, row->values(base->grid), "1",
                               row->long_name, report);
    return count_dim(base, row->name, length, row->first, row->step, "1", row->long_name, report);
}

static int observable_dims(ph_gridfile_t *base, const ph_observable_t *row, ph_report_t *report)
{
    int status = PH_OK;
    for (size_t d = 0; d < row->dims_count && status == PH_OK; d++)
        status = ph_runfile_table_dim(base, row->dims[d], report);
    return status;
}

int ph_runfile_record_dim(ph_gridfile_t *base, ph_report_t *report)
{
    const ph_grid_t *grid = base->grid;
    const size_t length = (size_t)grid->records_max;
    if (!grid->records_vary)
        return count_dim(base, "record", length, 0, (double)grid->points[0].record_every, "sweeps",
                         "time after burn-in", report);
    int status = count_dim(base, "record", length, 0, 1, "1", "number of the record", report);
    if (status != PH_OK)
        return status;
    const double fill = NAN;
    const char *dims[] = {"record"};
    const ph_array_t time = {.name = "time",
                             .long_name = "time after burn-in",
                             .unit = "sweeps",
                             .type = H5T_NATIVE_DOUBLE,
                             .fill = &fill,
                             .dims_count = 1,
                             .dims = dims};
    return ph_gridfile_array(base, &time, report);
}

static int make_dims(ph_gridfile_t *base, ph_report_t *report)
{
    const ph_grid_t *grid = base->grid;
    uint64_t bits = 1;
    for (size_t p = 0; p < grid->points_count; p++)
        if (ph_point_state_bits(&grid->points[p]) > bits)
            bits = ph_point_state_bits(&grid->points[p]);
    int status = ph_runfile_table_dim(base, PH_DIM_SAMPLE, report);
    if (status == PH_OK)
        status = count_dim(base, "replica", (size_t)grid->replicas, 1, 1, "1",
                           "number of the replica", report);
    if (status == PH_OK && grid->trajectory)
        status = ph_runfile_record_dim(base, report);
    for (int id = 0; id < ph_observables_count() && status == PH_OK; id++)
        if (ph_observable_recorded((ph_observable_id_t)id, grid))
            status = observable_dims(base, ph_observable((ph_observable_id_t)id), report);
    if (status == PH_OK && grid->moments)
        status = ph_gridfile_dim(base, "moment", PH_MOMENT_WORDS, NULL, NULL, NULL, report);
    if (status == PH_OK)
        status =
            ph_gridfile_dim(base, "byte", ph_segment_spin_bytes(bits), NULL, NULL, NULL, report);
    return status;
}

/* One array of an observable: (sample, replica, [record], own dims, [moment]). */
static int observable_array(ph_gridfile_t *base, const ph_observable_t *row, const char *suffix,
                            const char *what, bool records, bool moments, ph_report_t *report)
{
    const double fill = NAN;
    const float fill_single = NAN;
    const bool single = row->single && records;
    const char *dims[PH_BOX_RANK] = {"sample", "replica"};
    char name[PH_ARRAY_NAME_SIZE], long_name[256], unit[64];
    size_t count = 2;
    if (records)
        dims[count++] = "record";
    for (size_t d = 0; d < row->dims_count; d++)
        dims[count++] = ph_dimension(row->dims[d])->name;
    if (moments)
        dims[count++] = "moment";
    snprintf(name, sizeof(name), "%s%s", ph_observable_name(row->id), suffix);
    snprintf(long_name, sizeof(long_name), "%s%s", what, row->long_name);
    snprintf(unit, sizeof(unit), "%s", row->unit);
    if (strcmp(suffix, "_variance") == 0 && strcmp(row->unit, "1") != 0)
        snprintf(unit, sizeof(unit), "(%s)2", row->unit);
    const ph_array_t array = {
        .name = name,
        .long_name = long_name,
        .unit = unit,
        .type = single ? H5T_NATIVE_FLOAT : H5T_NATIVE_DOUBLE,
        .fill = single ? (const void *)&fill_single : (const void *)&fill,
        .dims_count = count,
        .dims = dims,
        .coordinates = records && base->grid->records_vary ? "time" : NULL,
    };
    return ph_gridfile_array(base, &array, report);
}

static int observable_arrays(ph_gridfile_t *base, const ph_observable_t *row, ph_report_t *report)
{
    int status = PH_OK;
    if (base->grid->trajectory)
        status = observable_array(base, row, "", "", true, false, report);
    if (!base->grid->moments || status != PH_OK)
        return status;
    status = observable_array(base, row, "_mean", "mean over the records: ", false, false, report);
    if (status == PH_OK)
        status = observable_array(base, row, "_variance",
                                  "unbiased variance over the records: ", false, false, report);
    if (status == PH_OK)
        status =
            observable_array(base, row, "_sums",
                             "running sums for means, moments and blocks: ", false, true, report);
    return status;
}

static int make_arrays(ph_gridfile_t *base, ph_report_t *report)
{
    int status = PH_OK;
    for (int id = 0; id < ph_observables_count() && status == PH_OK; id++)
        if (ph_observable_recorded((ph_observable_id_t)id, base->grid))
            status = observable_arrays(base, ph_observable((ph_observable_id_t)id), report);
    if (status != PH_OK)
        return status;
    const char *dims[] = {"sample", "replica", "byte"};
    const ph_array_t arrays[] = {
        {"last_state", "spins after the last sweep, spin i is bit i % 8 of byte i / 8, 1 for +1",
         "1", H5T_NATIVE_UINT8, NULL, 3, dims, 0, NULL},
        {"sweeps_done", "sweeps done, burn-in included; 0 for a chain not begun", "sweeps",
         H5T_NATIVE_INT64, NULL, 2, dims, 0, NULL},
        {"status", "how far the point is", "1", H5T_NATIVE_INT8, NULL, 0, dims, 0, NULL},
    };
    for (size_t i = 0; i < sizeof(arrays) / sizeof(arrays[0]) && status == PH_OK; i++)
        status = ph_gridfile_array(base, &arrays[i], report);
    const ph_array_t used = {"sampler_used",
                             "number, in the list of samplers from 0, of what auto "
                             "stands for: 0 glauber, 5 lumped-block-gibbs",
                             "1",
                             H5T_NATIVE_INT8,
                             NULL,
                             0,
                             dims,
                             0,
                             NULL};
    const ph_array_t ended = {
        "ended", "why the chain has ended (dynamics.until)", "1", H5T_NATIVE_INT8, NULL, 2, dims, 0,
        NULL};
    if (status == PH_OK && ph_grid_has_until(base->grid))
        status = ph_gridfile_array(base, &ended, report);
    return status == PH_OK && base->grid->any_auto ? ph_gridfile_array(base, &used, report)
                                                   : status;
}

static void free_chains(ph_runfile_t *self)
{
    free(self->sweeps_done);
    free(self->ended);
    self->sweeps_done = NULL;
    self->ended = NULL;
}

/* Dimensions and arrays. */
static int make_shape(ph_gridfile_t *base, ph_report_t *report)
{
    int status = make_dims(base, report);
    if (status == PH_OK)
        status = make_arrays(base, report);
    return status == PH_OK ? ph_runfile_states_layout(base, report) : status;
}

static int make_layout(ph_runfile_t *self, ph_report_t *report)
{
    const ph_grid_t *grid = self->base.grid;
    const size_t chains = grid->points_count * (size_t)grid->samples * (size_t)grid->replicas;
    self->sweeps_done = calloc(chains, sizeof(*self->sweeps_done));
    if (ph_grid_has_until(grid))
        self->ended = calloc(chains, sizeof(*self->ended));
    if (self->sweeps_done == NULL || (ph_grid_has_until(grid) && self->ended == NULL))
        return ph_fail(report, PH_ERR_MEMORY, "no memory for the chains of %s", self->base.path);
    return make_shape(&self->base, report);
}

int ph_runfile_write_times(ph_gridfile_t *base, ph_report_t *report)
{
    const ph_grid_t *grid = base->grid;
    const size_t length = (size_t)grid->records_max, from = 0;
    double *times = malloc(length * sizeof(*times));
    if (times == NULL)
        return ph_fail(report, PH_ERR_MEMORY, "no memory for the times of %s", base->path);
    int status = PH_OK;
    for (size_t p = 0; p < grid->points_count && status == PH_OK; p++) {
        const ph_point_t *point = &grid->points[p];
        const size_t records = (size_t)ph_point_records(point);
        for (size_t r = 0; r < length; r++)
            times[r] = r < records ? (double)r * (double)point->record_every : (double)NAN;
        status =
            ph_gridfile_write(base, "time", p, &from, &length, H5T_NATIVE_DOUBLE, times, report);
    }
    free(times);
    return status;
}

static int write_samplers(ph_gridfile_t *base, ph_report_t *report)
{
    const ph_grid_t *grid = base->grid;
    int8_t *samplers = malloc(grid->points_count);
    if (samplers == NULL)
        return ph_fail(report, PH_ERR_MEMORY, "no memory for the samplers of %s", base->path);
    for (size_t p = 0; p < grid->points_count; p++)
        samplers[p] = (int8_t)grid->points[p].sampler;
    int status = ph_gridfile_write_all(base, "sampler_used", H5T_NATIVE_INT8, samplers, report);
    free(samplers);
    return status;
}

/* There is one way for all samplers and machines, so it belongs to the file, not to its origin. */
static int write_fields(ph_gridfile_t *base, ph_report_t *report)
{
    ph_quiet_t quiet;
    ph_quiet_begin(&quiet);
    int status = PH_OK;
    if (ph_attribute_text(base->file, "fields", "overlaps") < 0)
        status = ph_gridfile_write_failure(base, "cannot write an attribute", report);
    ph_quiet_end(&quiet);
    return status;
}

/* The layout of a file that has just been made with this status. */
static int begin(ph_runfile_t *self, int status, ph_report_t *report)
{
    const ph_grid_t *grid = self->base.grid;
    static const int8_t codes[] = {PH_POINT_NOT_RUN, PH_POINT_BEGUN, PH_POINT_COMPLETE};
    if (status == PH_OK)
        status = write_fields(&self->base, report);
    if (status == PH_OK)
        status = make_layout(self, report);
    if (status == PH_OK && grid->trajectory && grid->records_vary)
        status = ph_runfile_write_times(&self->base, report);
    if (status == PH_OK && grid->any_auto)
        status = write_samplers(&self->base, report);
    if (status == PH_OK)
        status = ph_gridfile_flags(&self->base, "status", "flag_values", 3, codes, report);
    if (status == PH_OK)
        status = ph_gridfile_note(&self->base, "status", "flag_meanings", "not_run begun complete",
                                  report);
    static const int8_t ends[] = {PH_UNTIL_GOES_ON, PH_UNTIL_REACHED, PH_UNTIL_CAP};
    if (status == PH_OK && self->ended != NULL)
        status =
            ph_gridfile_flags(&self->base, "ended", "flag_values", PH_UNTIL_COUNT, ends, report);
    if (status == PH_OK && self->ended != NULL)
        status =
            ph_gridfile_note(&self->base, "ended", "flag_meanings", "goes_on reached cap", report);
    return status;
}

int ph_runfile_create(ph_runfile_t *self, const char *path, const ph_grid_t *grid,
                      ph_report_t *report)
{
    PH_FLOATING_GUARD();
    self->sweeps_done = NULL;
    self->ended = NULL;
    self->gathered = NULL;
    return begin(self, ph_gridfile_create(&self->base, path, "run", grid, report), report);
}

int ph_runfile_create_unnamed(ph_runfile_t *self, const char *path, const ph_grid_t *grid,
                              ph_report_t *report)
{
    PH_FLOATING_GUARD();
    self->sweeps_done = NULL;
    self->ended = NULL;
    self->gathered = NULL;
    return begin(self, ph_gridfile_create_unnamed(&self->base, path, "run", grid, report), report);
}

/* Why chains have ended. */
static int read_ended(ph_runfile_t *self, ph_report_t *report)
{
    const ph_grid_t *grid = self->base.grid;
    const size_t chains = grid->points_count * (size_t)grid->samples * (size_t)grid->replicas;
    int status = ph_gridfile_read_all(&self->base, "ended", H5T_NATIVE_INT8, self->ended, report);
    for (size_t c = 0; c < chains && status == PH_OK; c++)
        if (self->ended[c] < 0 || self->ended[c] >= PH_UNTIL_COUNT)
            status = ph_fail(report, PH_ERR_DAMAGED, "%s: ended is %d somewhere, expected 0 to %d",
                             self->base.path, self->ended[c], PH_UNTIL_COUNT - 1);
    return status;
}

/* The layout and the chains of a file open to read. */
static int read_layout(ph_runfile_t *self, ph_report_t *report)
{
    int status = make_layout(self, report);
    if (status == PH_OK)
        status = ph_gridfile_read_all(&self->base, "sweeps_done", H5T_NATIVE_INT64,
                                      self->sweeps_done, report);
    return status == PH_OK && self->ended != NULL ? read_ended(self, report) : status;
}

int ph_runfile_open_known(ph_runfile_t *self, const char *path, const ph_grid_t *known,
                          ph_report_t *report)
{
    PH_FLOATING_GUARD();
    self->sweeps_done = NULL;
    self->ended = NULL;
    self->gathered = NULL;
    int status = ph_gridfile_open_known(&self->base, path, "run", known, report);
    return status == PH_OK ? read_layout(self, report) : status;
}

int ph_runfile_open_arrays(ph_runfile_t *self, const char *path, const ph_grid_t *known,
                           ph_report_t *report)
{
    PH_FLOATING_GUARD();
    self->sweeps_done = NULL;
    self->ended = NULL;
    self->gathered = NULL;
    int status = ph_gridfile_open_known(&self->base, path, "run", known, report);
    self->base.once = true;
    return status == PH_OK ? make_shape(&self->base, report) : status;
}

int ph_runfile_open(ph_runfile_t *self, const char *path, ph_report_t *report)
{
    return ph_runfile_open_known(self, path, NULL, report);
}

size_t ph_runfile_chain(const ph_runfile_t *self, size_t point, uint32_t sample, uint32_t replica)
{
    return ph_grid_chain(self->base.grid, point, sample, replica);
}

int64_t ph_runfile_sweeps_done(const ph_runfile_t *self, size_t point, uint32_t sample,
                               uint32_t replica)
{
    return self->sweeps_done[ph_runfile_chain(self, point, sample, replica)];
}

/* By its place in sweeps_done. */
static bool is_complete(const ph_runfile_t *self, size_t point, size_t chain)
{
    return self->sweeps_done[chain] >= (int64_t)ph_point_total(&self->base.grid->points[point]) ||
           (self->ended != NULL && self->ended[chain] != PH_UNTIL_GOES_ON);
}

bool ph_runfile_chain_complete(const ph_runfile_t *self, size_t point, uint32_t sample,
                               uint32_t replica)
{
    return is_complete(self, point, ph_runfile_chain(self, point, sample, replica));
}

int ph_runfile_point_status(const ph_runfile_t *self, size_t point)
{
    const ph_grid_t *grid = self->base.grid;
    const size_t chains = (size_t)grid->samples * (size_t)grid->replicas;
    size_t begun = 0, complete = 0;
    for (size_t c = 0; c < chains; c++) {
        begun += self->sweeps_done[point * chains + c] > 0;
        complete += is_complete(self, point, point * chains + c);
    }
    if (begun == 0)
        return PH_POINT_NOT_RUN;
    return complete == chains ? PH_POINT_COMPLETE : PH_POINT_BEGUN;
}

/* How far points and chains are. */
static int write_progress(ph_runfile_t *self, ph_report_t *report)
{
    int8_t *codes = malloc(self->base.grid->points_count);
    int status = codes != NULL ? PH_OK
                               : ph_fail(report, PH_ERR_MEMORY, "no memory for the points of %s",
                                         self->base.path);
    if (status == PH_OK) {
        for (size_t p = 0; p < self->base.grid->points_count; p++)
            codes[p] = (int8_t)ph_runfile_point_status(self, p);
        status = ph_gridfile_write_all(&self->base, "status", H5T_NATIVE_INT8, codes, report);
    }
    if (status == PH_OK)
        status = ph_gridfile_write_all(&self->base, "sweeps_done", H5T_NATIVE_INT64,
                                       self->sweeps_done, report);
    if (status == PH_OK && self->ended != NULL)
        status = ph_gridfile_write_all(&self->base, "ended", H5T_NATIVE_INT8, self->ended, report);
    free(codes);
    return status;
}

int ph_runfile_commit(ph_runfile_t *self, ph_report_t *report)
{
    PH_FLOATING_GUARD();
    int status = write_progress(self, report);
    if (status == PH_OK)
        status = ph_gridfile_commit(&self->base, report);
    ph_runfile_close(self);
    return status;
}

int ph_runfile_to_read(ph_runfile_t *self, ph_report_t *report)
{
    PH_FLOATING_GUARD();
    int status = write_progress(self, report);
    if (status == PH_OK)
        status = ph_gridfile_to_read(&self->base, "run", report);
    free_chains(self);
    return status == PH_OK ? read_layout(self, report) : status;
}

void ph_runfile_close(ph_runfile_t *self)
{
    free_chains(self);
    ph_gridfile_close(&self->base);
}
