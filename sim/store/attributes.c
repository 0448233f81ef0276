/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sim/store/attributes.h"

#include <stdlib.h>
#include <string.h>

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

/* Opens an attribute of one element, and only such a one. */
static hid_t open_single(hid_t object, const char *name)
{
    hid_t attribute = H5Aopen(object, name, H5P_DEFAULT);
    hid_t space = attribute >= 0 ? H5Aget_space(attribute) : H5I_INVALID_HID;
    const bool single = space >= 0 && H5Sget_simple_extent_npoints(space) == 1;
    if (space >= 0)
        H5Sclose(space);
    if (attribute >= 0 && !single) {
        H5Aclose(attribute);
        return H5I_INVALID_HID;
    }
    return attribute;
}

/* Bytes of a text of fixed length, 0 for any other type. */
static size_t text_size(hid_t type)
{
    if (type < 0 || H5Tget_class(type) != H5T_STRING || H5Tis_variable_str(type) != 0)
        return 0;
    return H5Tget_size(type);
}

int ph_attribute_read_text(hid_t object, const char *name, char **text)
{
    int status = PH_ERR_DAMAGED;
    *text = NULL;
    hid_t attribute = open_single(object, name);
    if (attribute < 0)
        return status;
    hid_t type = H5Aget_type(attribute);
    const size_t size = text_size(type);
    if (size > 0 && size <= PH_ATTRIBUTE_TEXT_MAX) {
        *text = calloc(size + 1, 1);
        status = *text == NULL                          ? PH_ERR_MEMORY
                 : H5Aread(attribute, type, *text) >= 0 ? PH_OK
                                                        : PH_ERR_DAMAGED;
    }
    if (status != PH_OK) {
        free(*text);
        *text = NULL;
    }
    if (type >= 0)
        H5Tclose(type);
    H5Aclose(attribute);
    return status;
}

int ph_attribute_read_value(hid_t object, const char *name, hid_t type, void *value)
{
    int result = -1;
    hid_t attribute = open_single(object, name);
    if (attribute < 0)
        return -1;
    hid_t stored = H5Aget_type(attribute);
    if (stored >= 0 && ph_type_is(stored, type))
        result = H5Aread(attribute, type, value);
    if (stored >= 0)
        H5Tclose(stored);
    H5Aclose(attribute);
    return result;
}

bool ph_type_is(hid_t stored, hid_t type)
{
    hid_t standard = ph_standard_type(type);
    const bool same = standard >= 0 && H5Tequal(stored, standard) > 0;
    if (standard >= 0)
        H5Tclose(standard);
    return same;
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
