/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "sim/store/attributes.h"
#include "sim/store/gridfile_private.h"

/* One transfer between memory and a box of an array; `count` NULL: the whole array. */
typedef struct {
    const ph_dataset_t *set;
    const hsize_t *start, *count;
    hid_t type;
    const void *from; /* to write, or */
    void *into;       /* to read */
} ph_transfer_t;

static int transfer(const ph_transfer_t *job)
{
    int result = -1;
    hid_t memory = H5S_ALL, file = H5S_ALL;
    if (job->count != NULL && job->set->rank > 0) {
        const int rank = (int)job->set->rank;
        memory = H5Screate_simple(rank, job->count, NULL);
        file = H5Screate_simple(rank, job->set->extent, NULL);
        if (memory < 0 || file < 0 ||
            H5Sselect_hyperslab(file, H5S_SELECT_SET, job->start, NULL, job->count, NULL) < 0)
            goto out;
    }
    if (job->from != NULL)
        result = H5Dwrite(job->set->set, job->type, memory, file, H5P_DEFAULT, job->from);
    else
        result = ph_hdf5_read(job->set->set, job->type, memory, file, job->into);
out:
    if (memory > 0)
        H5Sclose(memory);
    if (file > 0)
        H5Sclose(file);
    return result;
}

static ph_dataset_t *array_named(const ph_gridfile_t *self, const char *name)
{
    for (size_t i = 0; i < self->arrays_count; i++)
        if (strcmp(self->arrays[i].name, name) == 0)
            return &self->arrays[i];
    return NULL;
}

int ph_gridfile_write_failure(const ph_gridfile_t *self, const char *what, ph_report_t *report)
{
    const ph_hdf5_file_t file = ph_gridfile_hdf5(self);
    return ph_hdf5_write_failure(&file, what, report);
}

int ph_gridfile_read_failure(const ph_gridfile_t *self, const char *what, ph_report_t *report)
{
    const ph_hdf5_file_t file = ph_gridfile_hdf5(self);
    return ph_hdf5_read_failure(&file, what, report);
}

ph_hdf5_file_t ph_gridfile_hdf5(const ph_gridfile_t *self)
{
    return (ph_hdf5_file_t){.file = self->file, .driver = self->driver, .path = self->path};
}

int ph_gridfile_stored(const ph_gridfile_t *self, const char *name, hid_t access, hid_t *set,
                       ph_report_t *report)
{
    const ph_hdf5_file_t file = ph_gridfile_hdf5(self);
    return ph_stored_open(&file, name, access, set, report);
}

static int transfer_failure(const ph_gridfile_t *self, const ph_transfer_t *job,
                            ph_report_t *report)
{
    char what[160];
    snprintf(what, sizeof(what), "cannot %s the array \"%s\"", job->from != NULL ? "write" : "read",
             job->set->name);
    return job->from != NULL ? ph_gridfile_write_failure(self, what, report)
                             : ph_gridfile_read_failure(self, what, report);
}

static int run_transfer(ph_gridfile_t *self, const char *name, ph_transfer_t *job,
                        ph_report_t *report)
{
    job->set = array_named(self, name);
    if (job->from != NULL && self->temporary == NULL)
        return ph_fail(report, PH_ERR_IO, "%s: was opened to read only", self->path);
    if (job->set == NULL)
        return ph_fail(report, PH_ERR_INPUT, "%s: has no array \"%s\"", self->path, name);
    ph_quiet_t quiet;
    ph_quiet_begin(&quiet);
    int result = transfer(job);
    if (job->from != NULL && ph_hdf5_driver_error(self->driver) != 0)
        result = -1;
    int status = result < 0 ? transfer_failure(self, job, report) : PH_OK;
    ph_quiet_end(&quiet);
    return status;
}

static int run_box(ph_gridfile_t *self, const char *name, size_t point, const size_t *offset,
                   const size_t *count, ph_transfer_t *job, ph_report_t *report)
{
    const size_t axes = self->grid->axes_count;
    size_t index[PH_ARRAY_RANK_MAX];
    hsize_t start[PH_ARRAY_RANK_MAX], extent[PH_ARRAY_RANK_MAX];
    const ph_dataset_t *set = array_named(self, name);
    if (set == NULL || set->axes != axes || point >= self->grid->points_count)
        return ph_fail(report, PH_ERR_INPUT, "%s: has no array \"%s\" at point %zu", self->path,
                       name, point);
    ph_grid_unravel(self->grid, point, index);
    for (size_t d = 0; d < set->rank; d++) {
        start[d] = d < axes ? index[d] : offset[d - axes];
        extent[d] = d < axes ? 1 : count[d - axes];
        if (extent[d] == 0)
            return PH_OK;
    }
    job->start = start;
    job->count = extent;
    return run_transfer(self, name, job, report);
}

int ph_gridfile_write(ph_gridfile_t *self, const char *name, size_t point, const size_t *offset,
                      const size_t *count, hid_t type, const void *data, ph_report_t *report)
{
    ph_transfer_t job = {.type = type, .from = data};
    return run_box(self, name, point, offset, count, &job, report);
}

int ph_gridfile_read(ph_gridfile_t *self, const char *name, size_t point, const size_t *offset,
                     const size_t *count, hid_t type, void *data, ph_report_t *report)
{
    ph_transfer_t job = {.type = type, .into = data};
    ph_dataset_t *set = array_named(self, name);
    if (set != NULL && ph_ahead_get(self, set, point, offset, count, type, data))
        return PH_OK;
    return run_box(self, name, point, offset, count, &job, report);
}

int ph_gridfile_write_all(ph_gridfile_t *self, const char *name, hid_t type, const void *data,
                          ph_report_t *report)
{
    ph_transfer_t job = {.type = type, .from = data};
    return run_transfer(self, name, &job, report);
}

int ph_gridfile_read_all(ph_gridfile_t *self, const char *name, hid_t type, void *data,
                         ph_report_t *report)
{
    ph_transfer_t job = {.type = type, .into = data};
    return run_transfer(self, name, &job, report);
}

/* The largest box of points that begins at `first` and is no larger than `most` >= 1 points: all of
 * the fastest axes, some of one, and one place of the others. */
static size_t box_of_points(const ph_grid_t *grid, size_t first, size_t most, hsize_t *start,
                            hsize_t *extent)
{
    size_t index[PH_ARRAY_RANK_MAX], points = 1, axis = grid->axes_count;
    ph_grid_unravel(grid, first, index);
    for (size_t a = 0; a < grid->axes_count; a++) {
        start[a] = index[a];
        extent[a] = 1;
    }
    while (axis > 0 && index[axis - 1] == 0 && points * grid->axes[axis - 1].size <= most) {
        axis--;
        extent[axis] = grid->axes[axis].size;
        points *= grid->axes[axis].size;
    }
    if (axis > 0) {
        const size_t room = grid->axes[axis - 1].size - index[axis - 1], some = most / points;
        extent[axis - 1] = some < room ? some : room;
        points *= (size_t)extent[axis - 1];
    }
    return points;
}

/* Whole points, box by box; of `job` the type and what is written or read are given. */
static int run_points(ph_gridfile_t *self, const char *name, size_t first, size_t count,
                      ph_transfer_t *job, ph_report_t *report)
{
    const size_t axes = self->grid->axes_count, total = self->grid->points_count;
    hsize_t start[PH_ARRAY_RANK_MAX] = {0}, extent[PH_ARRAY_RANK_MAX];
    const ph_dataset_t *set = array_named(self, name);
    int status = PH_OK;
    if (set == NULL || first > total || count > total - first)
        return ph_fail(report, PH_ERR_INPUT, "%s: has no array \"%s\" at points %zu to %zu",
                       self->path, name, first, first + count);
    size_t bytes = H5Tget_size(job->type);
    for (size_t d = axes; d < set->rank; d++) {
        extent[d] = set->extent[d];
        bytes *= (size_t)extent[d];
    }
    const unsigned char *from = job->from;
    unsigned char *into = job->into;
    job->start = start;
    job->count = extent;
    for (size_t done = 0, box; done < count && status == PH_OK; done += box) {
        box = box_of_points(self->grid, first + done, count - done, start, extent);
        job->from = from != NULL ? from + done * bytes : NULL;
        job->into = into != NULL ? into + done * bytes : NULL;
        status = run_transfer(self, name, job, report);
    }
    return status;
}

int ph_gridfile_write_points(ph_gridfile_t *self, const char *name, size_t first, size_t count,
                             hid_t type, const void *data, ph_report_t *report)
{
    ph_transfer_t job = {.type = type, .from = data};
    return run_points(self, name, first, count, &job, report);
}

int ph_gridfile_read_points(ph_gridfile_t *self, const char *name, size_t first, size_t count,
                            hid_t type, void *data, ph_report_t *report)
{
    ph_transfer_t job = {.type = type, .into = data};
    return run_points(self, name, first, count, &job, report);
}

/* To the next chunk in row-major order; false behind the last. */
static bool next_chunk(const ph_dataset_t *set, hsize_t *start)
{
    for (size_t d = set->rank; d > 0; d--) {
        start[d - 1] += set->chunk[d - 1];
        if (start[d - 1] < set->extent[d - 1])
            return true;
        start[d - 1] = 0;
    }
    return false;
}

static int verify_array(const ph_dataset_t *set, int *status)
{
    hsize_t start[PH_ARRAY_RANK_MAX] = {0}, count[PH_ARRAY_RANK_MAX] = {1};
    size_t bytes = set->element;
    for (size_t d = 0; d < set->rank; d++)
        bytes *= (size_t)set->chunk[d];
    void *data = malloc(bytes);
    if (data == NULL) {
        *status = PH_ERR_MEMORY;
        return -1;
    }
    int result = 0;
    hid_t type = H5Dget_type(set->set);
    const ph_transfer_t job = {
        .set = set, .start = start, .count = count, .type = type, .into = data};
    do {
        for (size_t d = 0; d < set->rank; d++) {
            const hsize_t left = set->extent[d] - start[d];
            count[d] = left < set->chunk[d] ? left : set->chunk[d];
        }
        result = type < 0 ? -1 : transfer(&job);
    } while (result >= 0 && next_chunk(set, start));
    H5Tclose(type);
    free(data);
    return result;
}

int ph_gridfile_verify(ph_gridfile_t *self, ph_report_t *report)
{
    int status = PH_OK;
    ph_quiet_t quiet;
    ph_quiet_begin(&quiet);
    for (size_t i = 0; status == PH_OK && i < self->arrays_count; i++) {
        const ph_dataset_t *set = &self->arrays[i];
        const ph_transfer_t job = {.set = set};
        if (verify_array(set, &status) >= 0)
            continue;
        status = status == PH_ERR_MEMORY
                     ? ph_fail(report, status, "%s: no memory to check it", self->path)
                     : transfer_failure(self, &job, report);
    }
    ph_quiet_end(&quiet);
    return status;
}
