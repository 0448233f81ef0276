/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef PH_STORE_ATTRIBUTES_H
#define PH_STORE_ATTRIBUTES_H

#include <hdf5.h>
#include <stdbool.h>
#include <stddef.h>

#include "data/quiet.h"

/* Small things the writers and readers of HDF5 files share inside this room. */

enum { PH_ATTRIBUTE_TEXT_MAX = 65536 };

/**
 * Texts are fixed-length UTF-8 in the object's header, which carries a checksum. All return a
 * negative number on failure.
 */
int ph_attribute_text(hid_t object, const char *name, const char *text);
int ph_attribute_values(hid_t object, const char *name, hid_t type, size_t count,
                        const void *values);

/**
 * The text of an attribute, to be freed, at most PH_ATTRIBUTE_TEXT_MAX bytes; `*text` is NULL on
 * failure. PH_ERR_MEMORY, or PH_ERR_DAMAGED where it is absent, damaged or not one text of fixed
 * length.
 */
int ph_attribute_read_text(hid_t object, const char *name, char **text);

/** One number, stored in the standard form of `type`; negative on failure. */
int ph_attribute_read_value(hid_t object, const char *name, hid_t type, void *value);

/** Whether a stored type is the standard form of `type`. */
bool ph_type_is(hid_t stored, hid_t type);

/** `type` with little-endian byte order; to be closed by H5Tclose(). */
hid_t ph_standard_type(hid_t type);

/** Variable-length UTF-8 string; to be closed by H5Tclose(). */
hid_t ph_text_type(void);

#endif
