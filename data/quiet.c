/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "data/quiet.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Walking upward, the first message is the innermost: it has the errno of the system call. */
static herr_t take_cause(unsigned n, const H5E_error2_t *error, void *data)
{
    ph_quiet_t *self = data;
    if (n == 0 && error->desc != NULL)
        snprintf(self->cause, sizeof(self->cause), "%s", error->desc);
    if (n == 0)
        self->no_memory = (error->maj_num == H5E_RESOURCE && error->min_num == H5E_NOSPACE) ||
                          error->min_num == H5E_CANTALLOC ||
                          /* zlib fails to begin for no other reason */
                          (error->desc != NULL && strcmp(error->desc, "inflateInit() failed") == 0);
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

/* NULL outside of begin and end. */
static ph_quiet_t *quiet_now(void)
{
    H5E_auto2_t function = NULL;
    void *data = NULL;
    H5Eget_auto2(H5E_DEFAULT, &function, &data);
    return function == keep_cause ? data : NULL;
}

void ph_hdf5_no_memory(void)
{
    ph_quiet_t *quiet = quiet_now();
    if (quiet != NULL) {
        snprintf(quiet->cause, sizeof(quiet->cause), "no memory");
        quiet->no_memory = true;
    }
}

bool ph_memory_left(size_t bytes)
{
    char *room = malloc(bytes);
    if (room == NULL)
        return false;
    *(volatile char *)room = 0; /* a compiler may leave out a malloc that nobody uses */
    free(room);
    return true;
}

enum {
    ZLIB_BYTES = 1 << 16,   /* more than zlib takes to unpack */
    CONVERT_BYTES = 1 << 16 /* HDF5's own buffer for other types has 1 MB, which it clears first */
};

static int read_converted(hid_t set, hid_t type, hid_t memory, hid_t file, void *into)
{
    const hid_t how = H5Pcreate(H5P_DATASET_XFER);
    if (how < 0)
        return -1;
    const int result = H5Pset_buffer(how, CONVERT_BYTES, NULL, NULL) < 0
                           ? -1
                           : H5Dread(set, type, memory, file, how, into);
    H5Pclose(how);
    return result;
}

int ph_hdf5_read(hid_t set, hid_t type, hid_t memory, hid_t file, void *into)
{
    const int result = read_converted(set, type, memory, file, into);
    ph_quiet_t *quiet = quiet_now();
    if (result >= 0 || quiet == NULL || strcmp(quiet->cause, "inflate() failed") != 0)
        return result;
    quiet->cause[0] = '\0';
    if (ph_memory_left(ZLIB_BYTES))
        return read_converted(set, type, memory, file, into);
    ph_hdf5_no_memory();
    return -1;
}

int ph_hdf5_fail(ph_report_t *report, int status, const char *path, const char *what)
{
    const ph_quiet_t *quiet = quiet_now();
    if (quiet != NULL && quiet->no_memory)
        return ph_fail(report, PH_ERR_MEMORY, "%s: %s: no memory", path, what);
    const char *cause = quiet != NULL ? quiet->cause : "";
    return ph_fail(report, status, "%s: %s%s%s", path, what, cause[0] != '\0' ? ": " : "", cause);
}
