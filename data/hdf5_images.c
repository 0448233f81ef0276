/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>
#include <string.h>

#include "data/hdf5_private.h"
#include "data/quiet.h"

enum { READ_AT_ONCE = 1 << 18 /* pixels */, BYTES_MAX = 8 /* of a pixel */ };

static const char KIND[] = "numbers in two dimensions, images x pixels, or three, images x rows x "
                           "columns";

/* A dataset that is read. */
typedef struct {
    const ph_hdf5_file_t *file;
    const char *name;
    hid_t set, space;
    int rank;
    hsize_t extent[3];
    ph_report_t *report;
} reading_t;

static int fail(const reading_t *self, const char *what)
{
    return ph_fail(self->report, PH_ERR_INPUT, "%s: /%s: %s, expected %s", self->file->path,
                   self->name, what, KIND);
}

static int check_type(const reading_t *self)
{
    hid_t type = H5Dget_type(self->set);
    const H5T_class_t class = type >= 0 ? H5Tget_class(type) : H5T_NO_CLASS;
    const bool numbers =
        (class == H5T_INTEGER || class == H5T_FLOAT) && H5Tget_size(type) <= BYTES_MAX;
    if (type >= 0)
        H5Tclose(type);
    return numbers ? PH_OK : fail(self, "holds no integers or reals of at most 8 bytes");
}

static int check_extent(reading_t *self)
{
    const int rank = self->space >= 0 && H5Sget_simple_extent_type(self->space) == H5S_SIMPLE
                         ? H5Sget_simple_extent_ndims(self->space)
                         : 0;
    if (rank != 2 && rank != 3)
        return fail(self, rank == 1 ? "has one dimension" : "has another shape");
    if (H5Sget_simple_extent_dims(self->space, self->extent, NULL) != rank)
        return fail(self, "has no extent");
    self->rank = rank;
    self->extent[2] = rank == 2 ? 1 : self->extent[2];
    return self->extent[0] > 0 && self->extent[1] > 0 && self->extent[2] > 0
               ? PH_OK
               : fail(self, "is empty");
}

/* Images [first, first + count), whose values have to be finite as single reals. */
static int read_some(const reading_t *self, hsize_t first, hsize_t count, float *values)
{
    const hsize_t start[3] = {first, 0, 0}, box[3] = {count, self->extent[1], self->extent[2]};
    const hsize_t pixels = self->extent[1] * self->extent[2];
    hid_t memory = H5Screate_simple(self->rank, box, NULL);
    int result = -1;
    if (memory >= 0 &&
        H5Sselect_hyperslab(self->space, H5S_SELECT_SET, start, NULL, box, NULL) >= 0)
        result = ph_hdf5_read(self->set, H5T_NATIVE_FLOAT, memory, self->space, values);
    if (memory >= 0)
        H5Sclose(memory);
    if (result < 0)
        return ph_hdf5_read_failure(self->file, "cannot read its images", self->report);
    for (hsize_t p = 0; p < count * pixels; p++)
        if (!isfinite(values[p]))
            return ph_fail(self->report, PH_ERR_INPUT,
                           "%s: /%s: image %zu, pixel %zu (from 0): %g, expected a finite number",
                           self->file->path, self->name, (size_t)(first + p / pixels),
                           (size_t)(p % pixels), (double)values[p]);
    return PH_OK;
}

static int read_set(reading_t *self, ph_images_t *images, const ph_images_source_t *source)
{
    size_t shape[2];
    float *values = NULL;
    int status = check_type(self);
    if (status == PH_OK)
        status = check_extent(self);
    if (status != PH_OK)
        return status;
    shape[0] = (size_t)self->extent[1];
    shape[1] = (size_t)self->extent[2];
    if (self->rank == 2)
        status = ph_images_shape(source, shape[0], &shape[0], &shape[1], self->report);
    if (status == PH_OK)
        status = ph_images_grow(images, source, (size_t)self->extent[0], shape[0], shape[1],
                                &values, self->report);
    if (status != PH_OK)
        return status;
    const hsize_t pixels = self->extent[1] * self->extent[2];
    const hsize_t at_once = pixels >= READ_AT_ONCE ? 1 : READ_AT_ONCE / pixels;
    for (hsize_t first = 0; first < self->extent[0] && status == PH_OK; first += at_once) {
        const hsize_t left = self->extent[0] - first;
        status = read_some(self, first, left < at_once ? left : at_once, values + first * pixels);
    }
    return status;
}

static int read_file(ph_images_t *images, const ph_images_source_t *source, int descriptor,
                     ph_report_t *report)
{
    ph_hdf5_file_t file;
    const bool named = source->dataset != NULL && source->dataset[0] != '\0';
    const char *name = named ? source->dataset : "images";
    reading_t reading = {.file = &file, .name = name + strspn(name, "/"), .report = report};
    int status = ph_hdf5_open(&file, descriptor, source->path, "a file of HDF5", report);
    if (status == PH_OK)
        status = ph_hdf5_open_set(&file, reading.name, KIND, &reading.set, report);
    if (status == PH_OK) {
        reading.space = H5Dget_space(reading.set);
        status = read_set(&reading, images, source);
        if (reading.space >= 0)
            H5Sclose(reading.space);
        H5Dclose(reading.set);
    }
    ph_hdf5_close(&file);
    return status;
}

int ph_hdf5_read_images(ph_images_t *self, const ph_images_source_t *source, int descriptor,
                        ph_report_t *report)
{
    ph_quiet_t quiet;
    ph_numbers_t labels = {0, NULL};
    ph_quiet_begin(&quiet);
    int status = read_file(self, source, descriptor, report);
    ph_quiet_end(&quiet);
    const ph_table_source_t of = {
        .path = source->path, .dataset = source->labels, .most = self->count};
    if (status == PH_OK && source->labels != NULL) {
        status = ph_numbers_load(&labels, &of, report);
        if (status == PH_OK)
            status = ph_images_add_labels(self, source, &labels, report);
        ph_numbers_free(&labels);
    }
    return status;
}
