/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "data/hdf5.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "data/hdf5_file.h"
#include "data/hdf5_private.h"
#include "data/quiet.h"
#include "data/save_private.h"

enum {
    READ_AT_ONCE = 1 << 18, /* entries */
    BYTES_MAX = 8           /* of an integer */
};

/* A dataset that is read, and where to. */
typedef struct {
    ph_hdf5_file_t file;
    const char *name, *kind; /* what it has to be */
    int rank;
    hid_t set, space;
    hsize_t extent[2]; /* the second is 1 where there is one dimension */
    int8_t *entries;   /* of rank 2 */
    int64_t *numbers;  /* of rank 1 */
    size_t shape[2];   /* that the file says */
    bool wide; /* its type has values beyond int64_t, which HDF5 reads as the last of these */
    ph_report_t *report;
} reading_t;

static int fail(const reading_t *self, const char *what)
{
    return ph_fail(self->report, PH_ERR_INPUT, "%s: /%s: %s", self->file.path, self->name, what);
}

/* NULL where it is a dataset of integers of this rank, else what it is. */
static const char *what_is_wrong(hid_t set, int rank, hsize_t *extent)
{
    const char *wrong = NULL;
    hid_t type = H5Dget_type(set), space = H5Dget_space(set);
    const H5T_class_t class = type >= 0 ? H5Tget_class(type) : H5T_NO_CLASS;
    if (class == H5T_STRING)
        wrong = "holds texts";
    else if (class == H5T_FLOAT)
        wrong = "holds numbers with fractions (floating point)";
    else if (class == H5T_ENUM)
        wrong = "holds truth values or names (an enumeration)";
    else if (class != H5T_INTEGER || H5Tget_size(type) > BYTES_MAX)
        wrong = "holds no integers";
    else if (space < 0 || H5Sget_simple_extent_type(space) != H5S_SIMPLE)
        wrong = "has no rows";
    else if (H5Sget_simple_extent_ndims(space) != rank)
        wrong = H5Sget_simple_extent_ndims(space) == 1   ? "has one dimension"
                : H5Sget_simple_extent_ndims(space) == 2 ? "has two dimensions"
                                                         : "has more than two dimensions";
    else if (H5Sget_simple_extent_dims(space, extent, NULL) != rank)
        wrong = "has no extent";
    if (type >= 0)
        H5Tclose(type);
    if (space >= 0)
        H5Sclose(space);
    return wrong;
}

static bool is_wide(hid_t set)
{
    const hid_t type = H5Dget_type(set);
    const size_t size = type >= 0 ? H5Tget_size(type) : 0;
    const bool wide =
        size > sizeof(int64_t) || (size == sizeof(int64_t) && H5Tget_sign(type) == H5T_SGN_NONE);
    if (type >= 0)
        H5Tclose(type);
    return wide;
}

static int check_shape(reading_t *self, size_t most)
{
    char what[200];
    const char *wrong = what_is_wrong(self->set, self->rank, self->extent);
    if (wrong != NULL) {
        snprintf(what, sizeof(what), "%s, expected %s", wrong, self->kind);
        return fail(self, what);
    }
    self->wide = is_wide(self->set);
    const size_t rows = (size_t)self->extent[0], columns = (size_t)self->extent[1];
    if (rows == 0 || columns == 0) {
        snprintf(what, sizeof(what), "%zu x %zu is empty, expected %s", rows, columns, self->kind);
        return fail(self, what);
    }
    if (self->rank == 1 && rows > most) {
        snprintf(what, sizeof(what), "%zu values, expected at most %zu", rows, most);
        return fail(self, what);
    }
    if (rows > most / columns) {
        snprintf(what, sizeof(what),
                 "%zu x %zu are more than %zu entries, expected at most that many, which the grid "
                 "then holds",
                 rows, columns, most);
        return fail(self, what);
    }
    return PH_OK;
}

/* Rows [first, first + count) of the dataset as they are. */
static int read_rows(const reading_t *self, hsize_t first, hsize_t count, int64_t *values)
{
    const hsize_t start[2] = {first, 0}, box[2] = {count, self->extent[1]};
    hid_t memory = H5Screate_simple(self->rank, box, NULL);
    int result = -1;
    if (memory >= 0 &&
        H5Sselect_hyperslab(self->space, H5S_SELECT_SET, start, NULL, box, NULL) >= 0)
        result = ph_hdf5_read(self->set, H5T_NATIVE_INT64, memory, self->space, values);
    if (memory >= 0)
        H5Sclose(memory);
    return result >= 0 ? PH_OK
                       : ph_hdf5_read_failure(&self->file, "cannot read its values", self->report);
}

static int take_values(const reading_t *self, hsize_t first, hsize_t count, const int64_t *values)
{
    const hsize_t columns = self->extent[1];
    for (hsize_t k = 0; k < count && self->rank == 1 && self->wide; k++)
        if (values[k] == INT64_MAX || values[k] == INT64_MIN) {
            char what[120];
            snprintf(what, sizeof(what),
                     "value %zu (from 0): too large, expected less than 2^63 - 1",
                     (size_t)(first + k));
            return fail(self, what);
        }
    if (self->rank == 1) {
        memcpy(self->numbers + first, values, (size_t)count * sizeof(*values));
        return PH_OK;
    }
    int8_t *into = self->entries + first * columns;
    for (hsize_t k = 0; k < count * columns; k++) {
        if (values[k] < -1 || values[k] > 1) {
            char what[160];
            snprintf(what, sizeof(what),
                     "row %zu, column %zu (from 0): %" PRId64 ", expected -1, 0 or +1",
                     (size_t)(first + k / columns), (size_t)(k % columns), values[k]);
            return fail(self, what);
        }
        into[k] = (int8_t)values[k];
    }
    return PH_OK;
}

static int read_all(reading_t *self)
{
    const hsize_t columns = self->extent[1];
    const hsize_t at_once = columns >= READ_AT_ONCE ? 1 : READ_AT_ONCE / columns;
    int64_t *values = malloc((size_t)(at_once * columns) * sizeof(*values));
    const size_t all = (size_t)(self->extent[0] * columns);
    if (self->rank == 2)
        self->entries = malloc(all);
    else
        self->numbers = malloc(all * sizeof(*self->numbers));
    self->space = H5Dget_space(self->set);
    int status = PH_OK;
    if (values == NULL || (self->entries == NULL && self->numbers == NULL) || self->space < 0)
        status =
            ph_fail(self->report, PH_ERR_MEMORY, "%s: no memory for its entries", self->file.path);
    for (hsize_t first = 0; first < self->extent[0] && status == PH_OK; first += at_once) {
        const hsize_t left = self->extent[0] - first, count = left < at_once ? left : at_once;
        status = read_rows(self, first, count, values);
        if (status == PH_OK)
            status = take_values(self, first, count, values);
    }
    if (self->space >= 0)
        H5Sclose(self->space);
    free(values);
    return status;
}

/* H5I_GROUP, also of the name "" (the file's own), H5I_DATASET, else H5I_BADID. */
static H5I_type_t kind_of(const ph_hdf5_file_t *file, const char *name)
{
    hid_t group = H5Gopen2(file->file, name[0] == '\0' ? "/" : name, H5P_DEFAULT), set;
    if (group >= 0) {
        H5Gclose(group);
        return H5I_GROUP;
    }
    set = H5Dopen2(file->file, name, H5P_DEFAULT);
    if (set >= 0)
        H5Dclose(set);
    return set >= 0 ? H5I_DATASET : H5I_BADID;
}

/* NULL where a name may be that of a dataset, else what is there. A name is followed only within
 * the file: links to elsewhere, and what is damaged, are for ph_stored_open() to refuse. */
static const char *what_is_there(const ph_hdf5_file_t *file, const char *name)
{
    char part[PH_STORED_NAME_MAX + 1];
    for (size_t length = strcspn(name, "/"); length < sizeof(part);) {
        H5L_info_t facts;
        snprintf(part, sizeof(part), "%.*s", (int)length, name);
        if (length > 0 && H5Lexists(file->file, part, H5P_DEFAULT) == 0)
            return "there is none";
        if (length > 0 &&
            (H5Lget_info(file->file, part, &facts, H5P_DEFAULT) < 0 || facts.type != H5L_TYPE_HARD))
            return NULL;
        const bool end = name[length] == '\0';
        const H5I_type_t kind = kind_of(file, part);
        if (end || kind == H5I_BADID)
            return kind == H5I_GROUP ? "is a group" : NULL;
        if (kind == H5I_DATASET)
            return "there is none, a dataset holds no others";
        length += 1 + strcspn(name + length + 1, "/");
    }
    return NULL;
}

int ph_hdf5_open_set(const ph_hdf5_file_t *file, const char *name, const char *kind, hid_t *set,
                     ph_report_t *report)
{
    const char *wrong = what_is_there(file, name);
    *set = H5I_INVALID_HID;
    return wrong == NULL ? ph_stored_open(file, name, H5P_DEFAULT, set, report)
                         : ph_fail(report, PH_ERR_INPUT,
                                   "%s: /%s: %s, expected %s (h5ls -r lists what there is)",
                                   file->path, name, wrong, kind);
}

static int read_dataset(reading_t *self, const ph_table_source_t *source)
{
    int status = ph_hdf5_open_set(&self->file, self->name, self->kind, &self->set, self->report);
    if (status != PH_OK)
        return status;
    self->extent[1] = 1;
    status = check_shape(self, source->most);
    if (status == PH_OK)
        status = read_all(self);
    H5Dclose(self->set);
    return status;
}

/* Reads what `self` asks for from a file whose descriptor it closes. */
static int read_file(reading_t *self, const ph_table_source_t *source, int descriptor,
                     ph_report_t *report)
{
    ph_quiet_t quiet;
    const bool named = source->dataset != NULL && source->dataset[0] != '\0';
    const char *name = named ? source->dataset : "patterns";
    self->report = report;
    self->name = name + strspn(name, "/");
    ph_quiet_begin(&quiet);
    int status = ph_hdf5_open(&self->file, descriptor, source->path, "a file of HDF5", report);
    if (status == PH_OK)
        status = read_dataset(self, source);
    if (status == PH_OK)
        ph_saved_shape_hdf5(self->file.file, self->shape);
    ph_hdf5_close(&self->file);
    ph_quiet_end(&quiet);
    return status;
}

static int load(ph_table_t *self, const ph_table_source_t *source, int descriptor,
                ph_report_t *report)
{
    reading_t reading = {
        .rank = 2,
        .kind = "integers -1, 0 and +1 in two dimensions, patterns or examples x neurons"};
    const int status = read_file(&reading, source, descriptor, report);
    const bool in_rows = source->lists == PH_LISTS_IN_ROWS;
    const size_t rows = (size_t)reading.extent[0], columns = (size_t)reading.extent[1];
    *self = (ph_table_t){.lists = in_rows ? rows : columns,
                         .length = in_rows ? columns : rows,
                         .step_list = in_rows ? columns : 1,
                         .step_entry = in_rows ? 1 : columns,
                         .entries = reading.entries,
                         .shape = {reading.shape[0], reading.shape[1]}};
    return status;
}

static int load_numbers(ph_numbers_t *self, const ph_table_source_t *source, int descriptor,
                        ph_report_t *report)
{
    reading_t reading = {.rank = 1, .kind = "integers in one dimension"};
    const int status = read_file(&reading, source, descriptor, report);
    *self = (ph_numbers_t){.count = (size_t)reading.extent[0], .values = reading.numbers};
    return status;
}

static bool is_hdf5(const unsigned char *head, size_t size)
{
    return size == PH_HDF5_SIGNATURE_SIZE && memcmp(head, PH_HDF5_SIGNATURE, size) == 0;
}

const ph_format_t PH_FORMAT_HDF5 = {.word = "hdf5",
                                    .rows = true,
                                    .named = true,
                                    .is = is_hdf5,
                                    .read = load,
                                    .read_numbers = load_numbers,
                                    .read_images = ph_hdf5_read_images};
