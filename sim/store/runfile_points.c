/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sim/store/runfile_points.h"

#include <stdlib.h>
#include <string.h>

#include "base/floating.h"
#include "sim/store/attributes.h"
#include "sim/store/runfile_private.h"
#include "sim/store/share.h"

/* Points between two that are wanted, over which reading and writing go on: one call of HDF5 costs
 * as much as the bytes of more points. */
enum { GAP = 16, FEW = 8 };

/* sweeps_done and ended are kept by the run file itself; arrays with fewer dimensions hold nothing
 * of a chain. */
static bool is_of_chains(const ph_runfile_t *file, const ph_dataset_t *set)
{
    return set->rank >= file->base.grid->axes_count + 2 && strcmp(set->name, "sweeps_done") != 0 &&
           strcmp(set->name, "ended") != 0;
}

/* The value of what was not written, in the array's type in memory. */
static int read_fill(ph_points_array_t *self, hid_t set)
{
    hid_t list = H5Dget_create_plist(set);
    const int result = list < 0 ? -1 : H5Pget_fill_value(list, self->type, self->fill);
    if (list >= 0)
        H5Pclose(list);
    return result;
}

static int init_array(ph_points_array_t *self, const ph_runfile_t *file, const ph_dataset_t *set,
                      ph_report_t *report)
{
    hid_t stored = H5Dget_type(set->set);
    *self = (ph_points_array_t){
        .name = strdup(set->name), .type = H5I_INVALID_HID, .like = H5I_INVALID_HID};
    if (stored >= 0) {
        self->type = H5Tget_native_type(stored, H5T_DIR_ASCEND);
        H5Tclose(stored);
    }
    self->fill_bytes = self->type >= 0 ? H5Tget_size(self->type) : 0;
    self->fill = calloc(1, self->fill_bytes + 1);
    if (self->name == NULL || self->fill == NULL)
        return ph_fail(report, PH_ERR_MEMORY, "no memory for the chains of %s", file->base.path);
    if (self->type < 0 || read_fill(self, set->set) < 0)
        return ph_hdf5_fail(report, PH_ERR_DAMAGED, file->base.path, "cannot read a type");
    ph_share_init(&self->share, set->rank - set->axes, set->extent + set->axes, self->fill_bytes);
    self->chain_bytes = self->share.stride[1];
    return PH_OK;
}

static int list_arrays(ph_runfile_points_t *self, const ph_runfile_t *like, ph_report_t *report)
{
    int status = PH_OK;
    self->arrays = calloc(like->base.arrays_count, sizeof(*self->arrays));
    if (self->arrays == NULL)
        return ph_fail(report, PH_ERR_MEMORY, "no memory for the chains of %s", like->base.path);
    for (size_t k = 0; k < like->base.arrays_count && status == PH_OK; k++)
        if (is_of_chains(like, &like->base.arrays[k]))
            status = init_array(&self->arrays[self->arrays_count++], like, &like->base.arrays[k],
                                report);
    return status;
}

size_t ph_runfile_points_fit(size_t bytes, size_t point, size_t points)
{
    const size_t most = bytes / point;
    return most < FEW ? 0 : most < points ? most : points;
}

int ph_runfile_points_init(ph_runfile_points_t *self, const ph_runfile_t *like, size_t bytes,
                           ph_report_t *report)
{
    const ph_grid_t *grid = like->base.grid;
    ph_quiet_t quiet;
    *self = (ph_runfile_points_t){.chains = (size_t)grid->samples * (size_t)grid->replicas};
    ph_quiet_begin(&quiet);
    int status = list_arrays(self, like, report);
    ph_quiet_end(&quiet);
    size_t point = 1, largest = self->chains * sizeof(*self->sweeps_done);
    for (size_t k = 0; k < self->arrays_count; k++) {
        const size_t own = self->chains * self->arrays[k].chain_bytes;
        point += own;
        largest = own > largest ? own : largest;
    }
    self->most = ph_runfile_points_fit(bytes, point, grid->points_count);
    if (status != PH_OK || self->most == 0)
        return status;
    self->scratch = malloc(self->most * largest);
    self->taken = malloc(self->most * sizeof(*self->taken));
    self->sweeps_done = malloc(self->most * self->chains * sizeof(*self->sweeps_done));
    bool all = self->scratch != NULL && self->taken != NULL && self->sweeps_done != NULL;
    for (size_t k = 0; k < self->arrays_count; k++) {
        ph_points_array_t *array = &self->arrays[k];
        array->data = malloc(self->most * self->chains * array->chain_bytes);
        all = all && array->data != NULL;
    }
    return all ? PH_OK
               : ph_fail(report, PH_ERR_MEMORY, "no memory for %zu points of %s", self->most,
                         like->base.path);
}

void ph_runfile_points_free(ph_runfile_points_t *self)
{
    for (size_t k = 0; k < self->arrays_count; k++) {
        ph_points_array_t *array = &self->arrays[k];
        if (array->type >= 0)
            H5Tclose(array->type);
        free(array->name);
        free(array->fill);
        free(array->data);
    }
    free(self->arrays);
    free(self->scratch);
    free(self->taken);
    free(self->sweeps_done);
    memset(self, 0, sizeof(*self));
}

void ph_runfile_points_begin(ph_runfile_points_t *self, size_t first, size_t count)
{
    self->first = first;
    self->count = count;
    memset(self->taken, 0, count * sizeof(*self->taken));
    memset(self->sweeps_done, 0, count * self->chains * sizeof(*self->sweeps_done));
    for (size_t k = 0; k < self->arrays_count; k++) {
        const ph_points_array_t *array = &self->arrays[k];
        const size_t bytes = count * self->chains * array->chain_bytes;
        for (size_t at = 0; at < bytes; at += array->fill_bytes)
            memcpy(array->data + at, array->fill, array->fill_bytes);
    }
}

/* The next points [*at, *end) that are marked, with no more than GAP between them that are not;
 * false behind the last. A point is `each` marks. */
static bool next_points(const bool *marks, size_t each, size_t count, size_t *at, size_t *end)
{
    size_t last = count;
    for (size_t p = *end; p < count && (last == count || p <= last + GAP); p++) {
        if (memchr(marks + p * each, 1, each) == NULL)
            continue;
        *at = last == count ? p : *at;
        last = p;
    }
    *end = last == count ? count : last + 1;
    return last < count;
}

/* The wanted ones of so many chains that were read into the scratch. */
static void copy_chains(const ph_runfile_points_t *self, const ph_points_array_t *array, size_t at,
                        size_t end, const bool *wanted)
{
    const size_t from = at * self->chains, to = end * self->chains, bytes = array->chain_bytes;
    for (size_t c = from, next; c < to; c = next) {
        for (next = c; next < to && wanted[next] == wanted[c]; next++)
            continue;
        if (wanted[c])
            memcpy(array->data + c * bytes, self->scratch + (c - from) * bytes, (next - c) * bytes);
    }
}

/* How far the wanted chains are, by the very file that their arrays are read from: it may have been
 * replaced since it was last looked at. */
static int take_sweeps(ph_runfile_points_t *self, ph_runfile_t *from, const bool *wanted,
                       ph_report_t *report)
{
    int64_t *sweeps = (void *)self->scratch;
    const int status = ph_gridfile_read_points(&from->base, "sweeps_done", self->first, self->count,
                                               H5T_NATIVE_INT64, sweeps, report);
    for (size_t c = 0; c < self->count * self->chains && status == PH_OK; c++)
        if (wanted[c])
            self->sweeps_done[c] = sweeps[c];
    return status;
}

int ph_runfile_points_take(ph_runfile_points_t *self, ph_runfile_t *from, const bool *wanted,
                           ph_report_t *report)
{
    PH_FLOATING_GUARD();
    int status = PH_OK;
    for (size_t k = 0; k < self->arrays_count && status == PH_OK; k++) {
        const ph_points_array_t *array = &self->arrays[k];
        size_t at = 0, end = 0;
        while (status == PH_OK && next_points(wanted, self->chains, self->count, &at, &end)) {
            status = ph_gridfile_read_points(&from->base, array->name, self->first + at, end - at,
                                             array->type, self->scratch, report);
            if (status == PH_OK)
                copy_chains(self, array, at, end, wanted);
        }
    }
    if (status == PH_OK)
        status = take_sweeps(self, from, wanted, report);
    for (size_t c = 0; c < self->count * self->chains; c++)
        self->taken[c / self->chains] |= wanted[c];
    return status;
}

/* How far the chains are that were taken. */
static void say_taken(const ph_runfile_points_t *self, ph_runfile_t *out)
{
    int64_t *said = out->sweeps_done + self->first * self->chains;
    for (size_t c = 0; c < self->count * self->chains; c++)
        said[c] = self->sweeps_done[c] > said[c] ? self->sweeps_done[c] : said[c];
}

void ph_runfile_points_gather(ph_runfile_points_t *self, ph_runfile_t *out)
{
    say_taken(self, out);
    out->gathered = self;
}

/* The array that a box at this point goes to; NULL: none, and no box of its size and type. */
static ph_points_array_t *array_of_box(const ph_runfile_points_t *self, const char *name,
                                       size_t point, const size_t *offset, const size_t *count,
                                       hid_t type)
{
    ph_points_array_t *array = NULL;
    if (self == NULL || point < self->first || point - self->first >= self->count)
        return NULL;
    for (size_t k = 0; k < self->arrays_count && array == NULL; k++)
        array = strcmp(self->arrays[k].name, name) == 0 ? &self->arrays[k] : NULL;
    if (array == NULL || (array->like != type && H5Tequal(array->type, type) <= 0))
        return NULL;
    array->like = type;
    return ph_share_holds(&array->share, offset, count) ? array : NULL;
}

int ph_runfile_put(ph_runfile_t *self, const char *name, size_t point, const size_t *offset,
                   const size_t *count, hid_t type, const void *data, ph_report_t *report)
{
    ph_runfile_points_t *points = self->gathered;
    ph_points_array_t *array = array_of_box(points, name, point, offset, count, type);
    if (array == NULL)
        return ph_gridfile_write(&self->base, name, point, offset, count, type, data, report);
    const size_t at = point - points->first;
    ph_share_put(&array->share, offset, count, array->data + at * array->share.bytes, data);
    points->taken[at] = true;
    return PH_OK;
}

int ph_runfile_points_put(ph_runfile_points_t *self, ph_runfile_t *out, ph_report_t *report)
{
    PH_FLOATING_GUARD();
    int status = PH_OK;
    out->gathered = NULL;
    for (size_t k = 0; k < self->arrays_count && status == PH_OK; k++) {
        const ph_points_array_t *array = &self->arrays[k];
        size_t at = 0, end = 0;
        while (status == PH_OK && next_points(self->taken, 1, self->count, &at, &end))
            status = ph_gridfile_write_points(
                &out->base, array->name, self->first + at, end - at, array->type,
                array->data + at * self->chains * array->chain_bytes, report);
    }
    if (status == PH_OK)
        say_taken(self, out);
    return status;
}
