/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sim/store/properties_private.h"

#include <stdbool.h>

enum { GZIP_LEVEL = 4, GZIP_FROM = 4096 /* bytes of a chunk from which it is compressed */ };

hid_t ph_dataset_properties(size_t rank, const hsize_t *chunk, size_t element, hid_t type,
                            const void *fill)
{
    hid_t list = H5Pcreate(H5P_DATASET_CREATE);
    hsize_t bytes = element;
    for (size_t d = 0; d < rank; d++)
        bytes *= chunk[d];
    int result = list < 0 ? -1 : H5Pset_obj_track_times(list, false);
    if (result >= 0 && rank == 0) /* within the object's header, under its checksum */
        result = H5Pset_layout(list, H5D_COMPACT);
    if (result >= 0 && rank > 0)
        result = H5Pset_chunk(list, (int)rank, chunk);
    if (result >= 0 && rank > 0 && bytes >= GZIP_FROM)
        result = H5Pset_deflate(list, GZIP_LEVEL);
    if (result >= 0 && rank > 0) /* after gzip, so that it never unpacks damaged bytes */
        result = H5Pset_fletcher32(list);
    if (result >= 0 && fill != NULL)
        result = H5Pset_fill_value(list, type, fill);
    if (result >= 0)
        return list;
    if (list >= 0)
        H5Pclose(list);
    return H5I_INVALID_HID;
}
