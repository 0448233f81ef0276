/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "data/hdf5_file.h"

#include <errno.h>
#include <string.h>

#include "base/file.h"
#include "data/quiet.h"

/*
 * Format 1.10 gives every piece of metadata a checksum. No locks, which our driver does not know:
 * a file is written under a name of its own by whoever holds the claim, and some cluster file
 * systems refuse to lock.
 */
hid_t ph_hdf5_access(ph_hdf5_driver_t *driver)
{
    hid_t list = H5Pcreate(H5P_FILE_ACCESS);
    if (list < 0)
        return list;
    int result = H5Pset_libver_bounds(list, H5F_LIBVER_V110, H5F_LIBVER_V110);
    if (result >= 0)
        result = H5Pset_fclose_degree(list, H5F_CLOSE_STRONG);
    if (result >= 0)
        result = ph_hdf5_driver_use(driver, list);
    if (result >= 0)
        return list;
    H5Pclose(list);
    return H5I_INVALID_HID;
}

const unsigned char PH_HDF5_SIGNATURE[] = {0x89, 'H', 'D', 'F', '\r', '\n', 0x1a, '\n'};

/* What is no HDF5 file is told from its first bytes. */
static int check_signature(const ph_hdf5_file_t *self, const char *expected, ph_report_t *report)
{
    unsigned char head[PH_HDF5_SIGNATURE_SIZE];
    const int file = ph_hdf5_driver_descriptor(self->driver);
    const int status = ph_file_read_at(file, 0, head, sizeof(head));
    if (status == PH_ERR_IO)
        return ph_fail(report, PH_ERR_IO, "%s: cannot be read: %s", self->path, strerror(errno));
    if (status == PH_OK && memcmp(head, PH_HDF5_SIGNATURE, sizeof(head)) == 0)
        return PH_OK;
    const bool empty = status != PH_OK && ph_file_read_at(file, 0, head, 1) != PH_OK;
    return ph_fail(report, PH_ERR_FORMAT, "%s: %s; %s was expected", self->path,
                   empty ? "empty" : "not an HDF5 file", expected);
}

int ph_hdf5_open(ph_hdf5_file_t *self, int descriptor, const char *path, const char *expected,
                 ph_report_t *report)
{
    *self = (ph_hdf5_file_t){.file = H5I_INVALID_HID, .path = path};
    self->driver = ph_hdf5_driver_new(descriptor);
    if (self->driver == NULL || !ph_memory_left(PH_HDF5_OPENING_BYTES))
        return ph_fail(report, PH_ERR_MEMORY, "no memory to open %s", path);
    const int status = check_signature(self, expected, report);
    if (status != PH_OK)
        return status;
    hid_t access = ph_hdf5_access(self->driver);
    if (access < 0) /* which hangs on nothing in the file */
        return ph_fail(report, PH_ERR_MEMORY, "no memory to open %s", path);
    self->file = H5Fopen(path, H5F_ACC_RDONLY, access);
    H5Pclose(access);
    return self->file >= 0
               ? PH_OK
               : ph_hdf5_read_failure(self, "is an HDF5 file that is cut short or damaged", report);
}

void ph_hdf5_close(ph_hdf5_file_t *self)
{
    if (self->file >= 0)
        H5Fclose(self->file);
    ph_hdf5_driver_drop(self->driver);
    *self = (ph_hdf5_file_t){.file = H5I_INVALID_HID};
}

int ph_hdf5_write_failure(const ph_hdf5_file_t *self, const char *what, ph_report_t *report)
{
    const int error = ph_hdf5_driver_error(self->driver);
    if (error == 0)
        return ph_hdf5_fail(report, PH_ERR_IO, self->path, what);
    return ph_fail(report, error == ENOMEM ? PH_ERR_MEMORY : PH_ERR_IO, "%s: %s: %s", self->path,
                   what, strerror(error));
}

int ph_hdf5_read_failure(const ph_hdf5_file_t *self, const char *what, ph_report_t *report)
{
    if (ph_hdf5_driver_error(self->driver) != 0)
        return ph_hdf5_write_failure(self, what, report);
    return ph_hdf5_fail(report, PH_ERR_DAMAGED, self->path, what);
}
