/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdio.h>
#include <string.h>

#include "data/hdf5_file.h"

/*
 * What is held against a file before HDF5 follows it: a file may come from anyone, and HDF5 opens
 * other files, loads filters and takes memory at its word.
 */

enum { NAME_SIZE = PH_STORED_NAME_MAX + 1 };

static int fail(const ph_hdf5_file_t *self, const char *name, const char *what, ph_report_t *report)
{
    return ph_fail(report, PH_ERR_FORMAT,
                   "%s: \"%s\" %s; a file has to hold all that is its own: copy it with h5repack, "
                   "or take it from where it was made",
                   self->path, name, what);
}

/* Each part of the name is an object of this very file under its own name. */
static int check_links(const ph_hdf5_file_t *self, const char *name, ph_report_t *report)
{
    char part[NAME_SIZE], what[NAME_SIZE + 32];
    for (size_t length = strcspn(name, "/");; length += 1 + strcspn(name + length + 1, "/")) {
        H5L_info_t facts;
        snprintf(part, sizeof(part), "%.*s", (int)length, name);
        if (H5Lget_info(self->file, part, &facts, H5P_DEFAULT) < 0) {
            snprintf(what, sizeof(what), "cannot find \"%s\"", part);
            return ph_hdf5_read_failure(self, what, report);
        }
        if (facts.type != H5L_TYPE_HARD)
            return fail(self, part,
                        facts.type == H5L_TYPE_EXTERNAL
                            ? "is a link to another file, which is not followed"
                            : "is a symbolic link, which is not followed",
                        report);
        if (name[length] == '\0')
            return PH_OK;
    }
}

/* Chunks are read whole, whatever part of them is asked for. */
static bool chunk_fits(hid_t list, size_t element)
{
    hsize_t chunk[H5S_MAX_RANK], bytes = element;
    const int rank = H5Pget_chunk(list, H5S_MAX_RANK, chunk);
    for (int d = 0; d < rank; d++) {
        if (chunk[d] == 0 || bytes > PH_CHUNK_BYTES_MAX / chunk[d])
            return false;
        bytes *= chunk[d];
    }
    return rank > 0 && bytes <= PH_CHUNK_BYTES_MAX;
}

static bool filters_known(hid_t list)
{
    const int count = H5Pget_nfilters(list);
    for (int i = 0; i < count; i++) {
        unsigned flags, config;
        size_t values = 0;
        const H5Z_filter_t filter =
            H5Pget_filter2(list, (unsigned)i, &flags, &values, NULL, 0, NULL, &config);
        if (filter != H5Z_FILTER_DEFLATE && filter != H5Z_FILTER_SHUFFLE &&
            filter != H5Z_FILTER_FLETCHER32)
            return false;
    }
    return count >= 0;
}

/* NULL where the file itself holds the bytes, in a form we write; else what is wrong. */
static const char *what_is_wrong(hid_t list, size_t element)
{
    const H5D_layout_t layout = H5Pget_layout(list);
    if (layout != H5D_COMPACT && layout != H5D_CONTIGUOUS && layout != H5D_CHUNKED)
        return "is put together from other datasets (virtual)";
    if (H5Pget_external_count(list) != 0)
        return "keeps its values in other files (external storage)";
    if (!filters_known(list))
        return "has a filter other than gzip, shuffle and fletcher32";
    if (layout == H5D_CHUNKED && !chunk_fits(list, element))
        return "has chunks of more than 64 MiB";
    return NULL;
}

static int check_storage(const ph_hdf5_file_t *self, const char *name, hid_t set,
                         ph_report_t *report)
{
    int status = PH_OK;
    hid_t list = H5Dget_create_plist(set), type = H5Dget_type(set);
    const size_t element = type >= 0 ? H5Tget_size(type) : 0;
    if (list < 0 || element == 0) {
        status = ph_hdf5_read_failure(self, "cannot read how an array is stored", report);
    } else {
        const char *wrong = what_is_wrong(list, element);
        if (wrong != NULL)
            status = fail(self, name, wrong, report);
    }
    if (type >= 0)
        H5Tclose(type);
    if (list >= 0)
        H5Pclose(list);
    return status;
}

int ph_stored_open(const ph_hdf5_file_t *self, const char *name, hid_t access, hid_t *set,
                   ph_report_t *report)
{
    char what[NAME_SIZE + 32];
    *set = H5I_INVALID_HID;
    if (strlen(name) > PH_STORED_NAME_MAX)
        return fail(self, "a name of more than 159 bytes", "is not looked for", report);
    int status = check_links(self, name, report);
    if (status != PH_OK)
        return status;
    hid_t opened = H5Dopen2(self->file, name, access);
    if (opened < 0) {
        snprintf(what, sizeof(what), "cannot open the array \"%s\"", name);
        return ph_hdf5_read_failure(self, what, report);
    }
    status = check_storage(self, name, opened, report);
    if (status == PH_OK)
        *set = opened;
    else
        H5Dclose(opened);
    return status;
}
