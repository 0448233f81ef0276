/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <hdf5_hl.h>
#include <stdlib.h>
#include <string.h>

#include "sim/store/attributes.h"
#include "sim/store/gridfile_private.h"
#include "sim/store/properties_private.h"

enum {
    CHUNK_TARGET = 262144, /* bytes of a chunk at most, a quarter of a megabyte */
    CHUNK_SHARED = 65536,  /* the same where points share chunks */
    POINT_SMALL = 4096,    /* bytes of a point below which points share chunks */
    CACHE_SLOTS = 10007,
    CACHE_ONCE = 1 << 20, /* the same of a file that is read once */
    SLOTS_ONCE = 521
};

/* Of the chunks in memory the fully written ones leave first, but the oldest others after them:
 * with 1 HDF5 would keep chunks for ever that reach beyond the array's edge. */
static const double CACHE_PREEMPTION = 0.75;

static const ph_dim_t *find_dim(const ph_gridfile_t *self, const char *name)
{
    for (size_t d = 0; d < self->dims_count; d++)
        if (strcmp(self->dims[d].name, name) == 0)
            return &self->dims[d];
    return NULL;
}

static ph_dataset_t *find_array(const ph_gridfile_t *self, const char *name)
{
    for (size_t i = 0; i < self->arrays_count; i++)
        if (strcmp(self->arrays[i].name, name) == 0)
            return &self->arrays[i];
    return NULL;
}

/* Grows the chunk from dimension `last` down to `first` up to `target` bytes; returns its bytes. */
static size_t grow_chunk(ph_dataset_t *set, size_t first, size_t last, size_t bytes, size_t target)
{
    for (size_t d = last; d > first && bytes < target; d--) {
        const hsize_t extent = set->extent[d - 1];
        hsize_t room = target / bytes > 0 ? target / bytes : 1;
        if (room >= extent) {
            set->chunk[d - 1] = extent;
            bytes *= (size_t)extent;
            continue;
        }
        const hsize_t pieces = (extent + room - 1) / room;
        set->chunk[d - 1] = (extent + pieces - 1) / pieces;
        bytes *= (size_t)set->chunk[d - 1];
        break;
    }
    return bytes;
}

static int shape_array(const ph_gridfile_t *self, const ph_array_t *array, ph_dataset_t *set,
                       ph_report_t *report)
{
    const size_t axes = set->axes;
    set->rank = axes + array->dims_count;
    set->element = H5Tget_size(array->type);
    if (set->rank > PH_ARRAY_RANK_MAX)
        return ph_fail(report, PH_ERR_UNSUPPORTED, "%s: %s would have %zu dimensions, at most %d",
                       self->path, array->name, set->rank, PH_ARRAY_RANK_MAX);
    size_t point_bytes = set->element;
    for (size_t d = 0; d < set->rank; d++) {
        const ph_dim_t *dim = d < axes ? &self->dims[d] : find_dim(self, array->dims[d - axes]);
        if (dim == NULL)
            return ph_fail(report, PH_ERR_INPUT, "%s: array %s: there is no dimension \"%s\"",
                           self->path, array->name, array->dims[d - axes]);
        set->extent[d] = dim->length;
        set->chunk[d] = 1;
        if (d >= axes)
            point_bytes *= dim->length;
    }
    size_t bytes =
        grow_chunk(set, axes + array->chunk_outer, set->rank, set->element, CHUNK_TARGET);
    if (point_bytes < POINT_SMALL && array->chunk_outer == 0)
        grow_chunk(set, 0, axes, bytes, CHUNK_SHARED);
    return PH_OK;
}

static int describe_array(const ph_gridfile_t *self, const ph_array_t *array, size_t axes,
                          hid_t set)
{
    char *auxiliary = ph_axes_auxiliary(self->grid, array->coordinates);
    int result = auxiliary == NULL ? -1 : 0;
    if (auxiliary == NULL)
        ph_hdf5_no_memory();
    else if (auxiliary[0] != '\0' && axes == self->grid->axes_count)
        result = ph_attribute_text(set, "coordinates", auxiliary);
    free(auxiliary);
    if (result >= 0)
        result = ph_attribute_text(set, "long_name", array->long_name);
    if (result >= 0)
        result = ph_attribute_text(set, "units", array->unit);
    if (result >= 0 && array->fill != NULL)
        result = ph_attribute_values(set, "_FillValue", array->type, 1, array->fill);
    for (size_t d = 0; result >= 0 && d < axes + array->dims_count; d++) {
        const ph_dim_t *dim = d < axes ? &self->dims[d] : find_dim(self, array->dims[d - axes]);
        result = H5DSattach_scale(set, dim->scale, (unsigned)d);
    }
    return result;
}

/* Slots of the chunks in memory: some more than there are chunks, whose numbers fall into them
 * unevenly, but of small files few, as each that is opened has to clear them. */
static size_t cache_slots(const ph_dataset_t *shape)
{
    size_t chunks = 1;
    for (size_t d = 0; d < shape->rank && chunks < CACHE_SLOTS; d++)
        chunks *= (size_t)((shape->extent[d] + shape->chunk[d] - 1) / shape->chunk[d]);
    return 8 * chunks < CACHE_SLOTS ? 8 * chunks + 1 : CACHE_SLOTS;
}

static hid_t array_access(const ph_gridfile_t *self, const ph_dataset_t *shape)
{
    const size_t bytes = self->once ? CACHE_ONCE : PH_ARRAY_CACHE_BYTES;
    const size_t slots = self->once ? SLOTS_ONCE : cache_slots(shape);
    hid_t list = H5Pcreate(H5P_DATASET_ACCESS);
    if (list >= 0 && H5Pset_chunk_cache(list, slots, bytes, CACHE_PREEMPTION) < 0) {
        H5Pclose(list);
        return H5I_INVALID_HID;
    }
    return list;
}

static hid_t make_array(const ph_gridfile_t *self, const ph_array_t *array,
                        const ph_dataset_t *shape)
{
    hid_t set = H5I_INVALID_HID;
    hid_t type = ph_standard_type(array->type), access = array_access(self, shape);
    hid_t space = shape->rank == 0 ? H5Screate(H5S_SCALAR)
                                   : H5Screate_simple((int)shape->rank, shape->extent, NULL);
    hid_t list =
        ph_dataset_properties(shape->rank, shape->chunk, shape->element, array->type, array->fill);
    if (type >= 0 && access >= 0 && space >= 0 && list >= 0)
        set = H5Dcreate2(self->file, array->name, type, space, H5P_DEFAULT, list, access);
    H5Pclose(list);
    H5Sclose(space);
    H5Pclose(access);
    H5Tclose(type);
    if (set >= 0 && describe_array(self, array, shape->axes, set) < 0) {
        H5Dclose(set);
        return H5I_INVALID_HID;
    }
    return set;
}

static bool shape_equal(hid_t set, const ph_array_t *array, const ph_dataset_t *shape)
{
    hsize_t extent[PH_ARRAY_RANK_MAX];
    bool equal = false;
    hid_t type = H5Dget_type(set), space = H5Dget_space(set);
    if (type < 0 || space < 0 || !ph_type_is(type, array->type) ||
        H5Sget_simple_extent_ndims(space) != (int)shape->rank ||
        H5Sget_simple_extent_dims(space, extent, NULL) != (int)shape->rank)
        goto out;
    equal = shape->rank == 0 || memcmp(extent, shape->extent, shape->rank * sizeof(*extent)) == 0;
out:
    H5Sclose(space);
    H5Tclose(type);
    return equal;
}

/* The chunks as they are in the file, for verify: another version may cut them otherwise. */
static int take_chunks(hid_t set, ph_dataset_t *shape)
{
    if (shape->rank == 0)
        return 0;
    hid_t list = H5Dget_create_plist(set);
    int result = -1;
    if (list >= 0 && H5Pget_layout(list) == H5D_CHUNKED &&
        H5Pget_chunk(list, (int)shape->rank, shape->chunk) == (int)shape->rank)
        result = 0;
    H5Pclose(list);
    return result;
}

static int find_stored(const ph_gridfile_t *self, const ph_array_t *array, ph_dataset_t *shape,
                       ph_report_t *report)
{
    hid_t access = array_access(self, shape);
    if (access < 0)
        return ph_fail(report, PH_ERR_MEMORY, "no memory for the arrays of %s", self->path);
    int status = ph_gridfile_stored(self, array->name, access, &shape->set, report);
    H5Pclose(access);
    if (status != PH_OK)
        return status;
    if (shape_equal(shape->set, array, shape) && take_chunks(shape->set, shape) >= 0)
        return PH_OK;
    H5Dclose(shape->set);
    return ph_fail(report, PH_ERR_DAMAGED,
                   "%s: the array \"%s\" does not have the type and size its grid asks for",
                   self->path, array->name);
}

static int add_array(ph_gridfile_t *self, const ph_array_t *array, size_t axes, ph_report_t *report)
{
    ph_dataset_t set = {.axes = axes};
    char what[160];
    int status = shape_array(self, array, &set, report);
    if (status != PH_OK)
        return status;
    ph_dataset_t *arrays = realloc(self->arrays, (self->arrays_count + 1) * sizeof(*arrays));
    if (arrays != NULL)
        self->arrays = arrays;
    set.name = strdup(array->name);
    if (arrays == NULL || set.name == NULL) {
        free(set.name);
        return ph_fail(report, PH_ERR_MEMORY, "no memory for the arrays of %s", self->path);
    }
    if (self->temporary == NULL) {
        status = find_stored(self, array, &set, report);
    } else {
        set.set = make_array(self, array, &set);
        snprintf(what, sizeof(what), "cannot make the array \"%s\"", array->name);
        if (set.set < 0)
            status = ph_gridfile_write_failure(self, what, report);
    }
    if (status == PH_OK)
        self->arrays[self->arrays_count++] = set;
    else
        free(set.name);
    return status;
}

int ph_gridfile_array(ph_gridfile_t *self, const ph_array_t *array, ph_report_t *report)
{
    ph_quiet_t quiet;
    ph_quiet_begin(&quiet);
    int status = add_array(self, array, self->grid->axes_count, report);
    ph_quiet_end(&quiet);
    return status;
}

int ph_gridfile_array_apart(ph_gridfile_t *self, const ph_array_t *array, ph_report_t *report)
{
    ph_quiet_t quiet;
    ph_quiet_begin(&quiet);
    int status = add_array(self, array, 0, report);
    ph_quiet_end(&quiet);
    return status;
}

bool ph_gridfile_has(const ph_gridfile_t *self, const char *name)
{
    ph_quiet_t quiet;
    ph_quiet_begin(&quiet);
    htri_t found = H5Lexists(self->file, name, H5P_DEFAULT);
    ph_quiet_end(&quiet);
    return found > 0;
}

int ph_gridfile_length(ph_gridfile_t *self, const char *name, size_t *length, ph_report_t *report)
{
    hsize_t extent = 0;
    hid_t set;
    ph_quiet_t quiet;
    ph_quiet_begin(&quiet);
    int status = ph_gridfile_stored(self, name, H5P_DEFAULT, &set, report);
    hid_t space = status == PH_OK ? H5Dget_space(set) : H5I_INVALID_HID;
    if (status == PH_OK && (space < 0 || H5Sget_simple_extent_ndims(space) != 1 ||
                            H5Sget_simple_extent_dims(space, &extent, NULL) != 1))
        status = ph_gridfile_read_failure(self, "has a list of no length", report);
    if (space >= 0)
        H5Sclose(space);
    if (set >= 0)
        H5Dclose(set);
    ph_quiet_end(&quiet);
    *length = (size_t)extent;
    return status;
}

int ph_gridfile_note(ph_gridfile_t *self, const char *array, const char *name, const char *text,
                     ph_report_t *report)
{
    const ph_dataset_t *set = array != NULL ? find_array(self, array) : NULL;
    const hid_t object = array == NULL ? self->file : set != NULL ? set->set : H5I_INVALID_HID;
    ph_quiet_t quiet;
    ph_quiet_begin(&quiet);
    int status = PH_OK;
    if (object < 0 || ph_attribute_text(object, name, text) < 0)
        status = ph_gridfile_write_failure(self, "cannot write an attribute", report);
    ph_quiet_end(&quiet);
    return status;
}

int ph_gridfile_noted(const ph_gridfile_t *self, const char *name, char **text, ph_report_t *report)
{
    ph_quiet_t quiet;
    ph_quiet_begin(&quiet);
    *text = NULL;
    int status = PH_OK;
    if (H5Aexists(self->file, name) > 0 &&
        (status = ph_attribute_read_text(self->file, name, text)) != PH_OK)
        status = ph_hdf5_fail(report, status, self->path, "cannot read its attributes");
    ph_quiet_end(&quiet);
    return status;
}

int ph_gridfile_flags(ph_gridfile_t *self, const char *array, const char *name, size_t count,
                      const int8_t *values, ph_report_t *report)
{
    const ph_dataset_t *set = find_array(self, array);
    ph_quiet_t quiet;
    ph_quiet_begin(&quiet);
    int status = PH_OK;
    if (set == NULL || ph_attribute_values(set->set, name, H5T_NATIVE_INT8, count, values) < 0)
        status = ph_gridfile_write_failure(self, "cannot write an attribute", report);
    ph_quiet_end(&quiet);
    return status;
}
