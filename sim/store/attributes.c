/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sim/store/attributes.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Walking upward, the first message is the innermost: it has the errno of the system call. */
static herr_t take_cause(unsigned n, const H5E_error2_t *error, void *data)
{
    ph_quiet_t *self = data;
    if (n == 0 && error->desc != NULL)
        snprintf(self->cause, sizeof(self->cause), "%s", error->desc);
    return 0;
}

/* Called by HDF5 where it would print; what fails while cleaning up does not count. */
static herr_t keep_cause(hid_t stack, void *data)
{
    const ph_quiet_t *self = data;
    return self->cause[0] != '\0' ? 0 : H5Ewalk2(stack, H5E_WALK_UPWARD, take_cause, data);
}

void ph_quiet_begin(ph_quiet_t *self)
{
    memset(self, 0, sizeof(*self));
    H5Eget_auto2(H5E_DEFAULT, &self->print, &self->data);
    H5Eset_auto2(H5E_DEFAULT, keep_cause, self);
}

void ph_quiet_end(const ph_quiet_t *self)
{
    H5Eset_auto2(H5E_DEFAULT, self->print, self->data);
}

int ph_hdf5_fail(ph_report_t *report, int status, const char *path, const char *what)
{
    H5E_auto2_t function = NULL;
    void *data = NULL;
    const char *cause = "", *advice = "";
    H5Eget_auto2(H5E_DEFAULT, &function, &data);
    if (function == keep_cause && data != NULL)
        cause = ((const ph_quiet_t *)data)->cause;
    if (strstr(cause, "lock file") != NULL)
        advice = "; this file system does not lock files, or another program has the file open "
                 "to write: unset HDF5_USE_FILE_LOCKING or set it to FALSE";
    return ph_fail(report, status, "%s: %s%s%s%s", path, what, cause[0] != '\0' ? ": " : "", cause,
                   advice);
}

int ph_attribute_text(hid_t object, const char *name, const char *text)
{
    int result = -1;
    hid_t space = H5Screate(H5S_SCALAR), attribute = H5I_INVALID_HID;
    hid_t type = H5Tcopy(H5T_C_S1);
    size_t length = strlen(text);
    if (space < 0 || type < 0 || H5Tset_size(type, length > 0 ? length : 1) < 0 ||
        H5Tset_strpad(type, H5T_STR_NULLPAD) < 0 || H5Tset_cset(type, H5T_CSET_UTF8) < 0)
        goto out;
    attribute = H5Acreate2(object, name, type, space, H5P_DEFAULT, H5P_DEFAULT);
    if (attribute >= 0)
        result = H5Awrite(attribute, type, text);
out:
    if (attribute >= 0 && H5Aclose(attribute) < 0)
        result = -1;
    H5Tclose(type);
    H5Sclose(space);
    return result;
}

int ph_attribute_values(hid_t object, const char *name, hid_t type, size_t count,
                        const void *values)
{
    int result = -1;
    const hsize_t extent = count;
    hid_t space = H5Screate_simple(1, &extent, NULL), attribute = H5I_INVALID_HID;
    hid_t stored = ph_standard_type(type);
    if (space >= 0 && stored >= 0)
        attribute = H5Acreate2(object, name, stored, space, H5P_DEFAULT, H5P_DEFAULT);
    if (attribute >= 0) {
        result = H5Awrite(attribute, type, values);
        if (H5Aclose(attribute) < 0)
            result = -1;
    }
    H5Tclose(stored);
    H5Sclose(space);
    return result;
}

char *ph_attribute_read_text(hid_t object, const char *name)
{
    char *text = NULL;
    hid_t type = H5I_INVALID_HID, memory = H5I_INVALID_HID;
    hid_t attribute = H5Aopen(object, name, H5P_DEFAULT);
    if (attribute < 0)
        return NULL;
    type = H5Aget_type(attribute);
    if (type < 0 || H5Tget_class(type) != H5T_STRING || H5Tis_variable_str(type) != 0)
        goto out;
    memory = H5Tcopy(type);
    size_t size = H5Tget_size(type);
    text = calloc(size + 1, 1);
    if (memory < 0 || text == NULL || H5Aread(attribute, memory, text) < 0) {
        free(text);
        text = NULL;
    }
out:
    if (memory >= 0)
        H5Tclose(memory);
    if (type >= 0)
        H5Tclose(type);
    H5Aclose(attribute);
    return text;
}

int ph_attribute_read_value(hid_t object, const char *name, hid_t type, void *value)
{
    int result = -1;
    hid_t attribute = H5Aopen(object, name, H5P_DEFAULT);
    if (attribute < 0)
        return -1;
    hid_t space = H5Aget_space(attribute);
    hid_t stored = H5Aget_type(attribute);
    if (space >= 0 && H5Sget_simple_extent_npoints(space) == 1 && stored >= 0 &&
        H5Tget_class(stored) == H5Tget_class(type))
        result = H5Aread(attribute, type, value);
    H5Tclose(stored);
    H5Sclose(space);
    H5Aclose(attribute);
    return result;
}

hid_t ph_standard_type(hid_t type)
{
    hid_t copy = H5Tcopy(type);
    if (copy >= 0 && H5Tset_order(copy, H5T_ORDER_LE) < 0) {
        H5Tclose(copy);
        return H5I_INVALID_HID;
    }
    return copy;
}

hid_t ph_text_type(void)
{
    hid_t type = H5Tcopy(H5T_C_S1);
    if (type >= 0 &&
        (H5Tset_size(type, H5T_VARIABLE) < 0 || H5Tset_cset(type, H5T_CSET_UTF8) < 0)) {
        H5Tclose(type);
        return H5I_INVALID_HID;
    }
    return type;
}
