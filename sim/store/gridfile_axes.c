/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <hdf5_hl.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "sim/store/attributes.h"
#include "sim/store/gridfile_private.h"
#include "sim/store/properties_private.h"

/* A 1-D array of coordinate values: doubles, whole numbers as int64, or words. */
typedef struct {
    const char *name, *long_name, *unit;
    size_t pattern; /* from 1, whose values they are; 0: any */
    size_t length;
    const double *values;    /* NULL: a dimension without values */
    const ph_words_t *words; /* not NULL: values are indices into it */
    bool whole;
} ph_labels_t;

static ph_labels_t axis_labels(const ph_axis_t *axis, size_t i)
{
    const ph_schema_t *schema = ph_schema(axis->coordinates[i].key);
    ph_labels_t labels = {.name = schema->name,
                          .long_name = schema->help,
                          .unit = schema->unit,
                          .pattern = axis->coordinates[i].pattern,
                          .length = axis->size};
    labels.values = axis->coordinates[i].values;
    if (schema->type == PH_TYPE_WORD)
        labels.words = schema->words;
    labels.whole = schema->type == PH_TYPE_INTEGER || schema->type == PH_TYPE_FLAG;
    return labels;
}

static hid_t labels_type(const ph_labels_t *labels)
{
    if (labels->words != NULL)
        return ph_text_type();
    if (labels->values == NULL)
        return H5Tcopy(H5T_IEEE_F32LE);
    return H5Tcopy(labels->whole ? H5T_STD_I64LE : H5T_IEEE_F64LE);
}

/* One element as it is handed to HDF5. */
typedef union {
    double real;
    int64_t integer;
    const char *word;
} ph_label_t;

_Static_assert(sizeof(ph_label_t) == 8, "labels of one size");

static ph_label_t *labels_elements(const ph_labels_t *labels)
{
    ph_label_t *elements = calloc(labels->length, sizeof(*elements));
    if (elements == NULL)
        ph_hdf5_no_memory();
    for (size_t i = 0; elements != NULL && i < labels->length; i++) {
        if (labels->words != NULL)
            elements[i].word = labels->words->words[(size_t)labels->values[i]];
        else if (labels->whole)
            elements[i].integer = (int64_t)labels->values[i];
        else
            elements[i].real = labels->values[i];
    }
    return elements;
}

static hid_t labels_memory_type(const ph_labels_t *labels)
{
    if (labels->words != NULL)
        return ph_text_type();
    return H5Tcopy(labels->whole ? H5T_NATIVE_INT64 : H5T_NATIVE_DOUBLE);
}

static int labels_fill(hid_t set, const ph_labels_t *labels)
{
    ph_label_t *elements = labels_elements(labels);
    hid_t memory = labels_memory_type(labels);
    int result = -1;
    if (elements != NULL && memory >= 0)
        result = H5Dwrite(set, memory, H5S_ALL, H5S_ALL, H5P_DEFAULT, elements);
    char of_one[512];
    snprintf(of_one, sizeof(of_one), "%s; of pattern %zu", labels->long_name, labels->pattern);
    if (result >= 0)
        result =
            ph_attribute_text(set, "long_name", labels->pattern > 0 ? of_one : labels->long_name);
    if (result >= 0 && labels->words == NULL)
        result = ph_attribute_text(set, "units", labels->unit);
    H5Tclose(memory);
    free(elements);
    return result;
}

/*
 * A new dataset; `scale` < 0: it becomes a dimension itself, else an auxiliary coordinate on it.
 * Words are few and take no filters: they go without chunks.
 */
static hid_t labels_create(hid_t file, const ph_labels_t *labels, hid_t scale)
{
    const hsize_t extent = labels->length;
    const hsize_t chunk = labels->length < 32768 ? labels->length : 32768;
    char name[96];
    snprintf(name, sizeof(name), "%s", labels->name);
    if (labels->values == NULL) /* the name netCDF gives to dimensions without values */
        snprintf(name, sizeof(name), "This is a netCDF dimension but not a netCDF variable.%10zu",
                 labels->length);
    int result = -1;
    hid_t type = labels_type(labels), space = H5Screate_simple(1, &extent, NULL);
    hid_t list = labels->words == NULL ? ph_dataset_properties(1, &chunk, 1, type, NULL)
                                       : ph_dataset_properties(0, NULL, 1, type, NULL);
    hid_t set = H5I_INVALID_HID;
    if (type >= 0 && space >= 0 && list >= 0)
        set = H5Dcreate2(file, labels->name, type, space, H5P_DEFAULT, list, H5P_DEFAULT);
    if (set >= 0)
        result = scale < 0 ? H5DSset_scale(set, name) : H5DSattach_scale(set, scale, 0);
    if (result >= 0 && labels->values != NULL)
        result = labels_fill(set, labels);
    H5Pclose(list);
    H5Sclose(space);
    H5Tclose(type);
    if (result >= 0)
        return set;
    if (set >= 0)
        H5Dclose(set);
    return H5I_INVALID_HID;
}

/* Words are not read: they lie in a heap without checksums (see provenance.c). PH_ERR_MISMATCH
 * where the labels are others, PH_ERR_DAMAGED where HDF5 cannot read them. */
static int labels_match(hid_t set, const ph_labels_t *labels)
{
    int status = PH_ERR_DAMAGED;
    hid_t memory = H5I_INVALID_HID, stored = H5Dget_type(set), space = H5Dget_space(set);
    ph_label_t *wanted = NULL, *found = NULL;
    hsize_t extent = 0;
    if (stored < 0 || space < 0)
        goto out;
    status = PH_ERR_MISMATCH;
    if (H5Sget_simple_extent_ndims(space) != 1 ||
        H5Sget_simple_extent_dims(space, &extent, NULL) != 1 || extent != labels->length)
        goto out;
    if (labels->words != NULL || labels->values == NULL) {
        if (labels->words == NULL || H5Tis_variable_str(stored) > 0)
            status = PH_OK;
        goto out;
    }
    memory = labels_memory_type(labels);
    if (memory < 0 || !ph_type_is(stored, memory))
        goto out;
    wanted = labels_elements(labels);
    found = calloc(labels->length, sizeof(*found));
    status = PH_ERR_MEMORY;
    if (wanted == NULL || found == NULL)
        goto out;
    status = PH_ERR_DAMAGED;
    if (ph_hdf5_read(set, memory, H5S_ALL, H5S_ALL, found) < 0)
        goto out;
    status = memcmp(found, wanted, labels->length * sizeof(*found)) == 0 ? PH_OK : PH_ERR_MISMATCH;
out:
    free(wanted);
    free(found);
    if (memory >= 0)
        H5Tclose(memory);
    if (stored >= 0)
        H5Tclose(stored);
    if (space >= 0)
        H5Sclose(space);
    return status;
}

int ph_dims_add(ph_gridfile_t *self, const char *name, size_t length, hid_t scale,
                ph_report_t *report)
{
    ph_dim_t *dims = realloc(self->dims, (self->dims_count + 1) * sizeof(*dims));
    char *copy = strdup(name);
    if (dims != NULL)
        self->dims = dims;
    if (dims == NULL || copy == NULL) {
        free(copy);
        H5Dclose(scale);
        return ph_fail(report, PH_ERR_MEMORY, "no memory for the dimensions of %s", self->path);
    }
    self->dims[self->dims_count++] = (ph_dim_t){copy, length, scale};
    return PH_OK;
}

static int labels_write(ph_gridfile_t *self, const ph_labels_t *labels, ph_report_t *report)
{
    hid_t set = labels_create(self->file, labels, H5I_INVALID_HID);
    if (set < 0)
        return ph_gridfile_write_failure(self, "cannot write a coordinate", report);
    return ph_dims_add(self, labels->name, labels->length, set, report);
}

static int labels_check(ph_gridfile_t *self, const ph_labels_t *labels, bool dimension,
                        ph_report_t *report)
{
    hid_t set;
    int status = ph_gridfile_stored(self, labels->name, H5P_DEFAULT, &set, report);
    if (status != PH_OK)
        return status;
    status = labels_match(set, labels);
    if (status == PH_OK && dimension)
        return ph_dims_add(self, labels->name, labels->length, set, report);
    if (status == PH_ERR_MEMORY)
        ph_fail(report, status, "no memory for the dimensions of %s", self->path);
    else if (status == PH_ERR_MISMATCH)
        status = ph_fail(report, PH_ERR_DAMAGED,
                         "%s: coordinate \"%s\" is damaged: its values are not those of the grid "
                         "in /provenance; take the file from a backup or run the grid again",
                         self->path, labels->name);
    else if (status != PH_OK)
        status = ph_gridfile_read_failure(self, "cannot read a coordinate", report);
    H5Dclose(set);
    return status;
}

int ph_axes_write(ph_gridfile_t *self, ph_report_t *report)
{
    const ph_grid_t *grid = self->grid;
    for (size_t a = 0; a < grid->axes_count; a++) {
        const ph_axis_t *axis = &grid->axes[a];
        for (size_t c = 0; c < axis->coordinates_count; c++) {
            const ph_labels_t labels = axis_labels(axis, c);
            if (c == 0) {
                int status = labels_write(self, &labels, report);
                if (status != PH_OK)
                    return status;
                continue;
            }
            hid_t set = labels_create(self->file, &labels, self->dims[a].scale);
            if (set < 0 || H5Dclose(set) < 0)
                return ph_gridfile_write_failure(self, "cannot write a coordinate", report);
        }
    }
    return PH_OK;
}

int ph_axes_check(ph_gridfile_t *self, ph_report_t *report)
{
    const ph_grid_t *grid = self->grid;
    for (size_t a = 0; a < grid->axes_count; a++) {
        const ph_axis_t *axis = &grid->axes[a];
        for (size_t c = 0; c < axis->coordinates_count; c++) {
            const ph_labels_t labels = axis_labels(axis, c);
            int status = labels_check(self, &labels, c == 0, report);
            if (status != PH_OK)
                return status;
        }
    }
    return PH_OK;
}

char *ph_axes_auxiliary(const ph_grid_t *grid, const char *more)
{
    char *text = calloc(PH_KEY_COUNT * 32 + (more != NULL ? strlen(more) + 2 : 0), 1);
    if (text == NULL)
        return NULL;
    char *end = text;
    for (size_t a = 0; a < grid->axes_count; a++)
        for (size_t c = 1; c < grid->axes[a].coordinates_count; c++) {
            const char *name = ph_schema(grid->axes[a].coordinates[c].key)->name;
            end += snprintf(end, 32, "%s%.30s", end == text ? "" : " ", name);
        }
    if (more != NULL)
        snprintf(end, strlen(more) + 2, "%s%s", end == text ? "" : " ", more);
    return text;
}

int ph_gridfile_dim(ph_gridfile_t *self, const char *name, size_t length, const double *values,
                    const char *unit, const char *long_name, ph_report_t *report)
{
    ph_labels_t labels = {name, long_name, unit, 0, length, values, NULL, values != NULL};
    for (size_t i = 0; labels.whole && i < length; i++)
        labels.whole = values[i] == floor(values[i]) && fabs(values[i]) < 0x1p53;
    ph_quiet_t quiet;
    ph_quiet_begin(&quiet);
    int status = self->temporary != NULL ? labels_write(self, &labels, report)
                                         : labels_check(self, &labels, true, report);
    ph_quiet_end(&quiet);
    return status;
}
