/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "data/hdf5_driver.h"

#include <errno.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#if H5_VERSION_GE(1, 13, 0)
#include <H5FDdevelop.h>
#endif

/* What a file of HDF5 and whoever opened it share, whichever of them lives longer. */
struct ph_hdf5_driver {
    hid_t class;
    int descriptor, error, users;
    bool given_up; /* nothing is read or written any more */
};

/* What HDF5 hands from the access property list to the driver. */
typedef struct {
    ph_hdf5_driver_t *shared;
} ph_driver_info_t;

typedef struct {
    H5FD_t public; /* first: HDF5 sees only this */
    ph_hdf5_driver_t *shared;
    haddr_t allocated, end;
} ph_driver_file_t;

static void keep_error(ph_hdf5_driver_t *self)
{
    if (self->error == 0)
        self->error = errno != 0 ? errno : EIO;
}

/* The descriptor lives as long as its last user: its number must not come to mean another file. */
static void release(ph_hdf5_driver_t *self)
{
    if (--self->users > 0)
        return;
    close(self->descriptor);
    free(self);
}

static H5FD_t *driver_open(const char *name, unsigned flags, hid_t access, haddr_t limit)
{
    (void)name;
    (void)flags;
    (void)limit;
    struct stat facts;
    const ph_driver_info_t *info = H5Pget_driver_info(access);
    ph_driver_file_t *self = info != NULL ? calloc(1, sizeof(*self)) : NULL;
    if (self == NULL) {
        if (info != NULL)
            info->shared->error = ENOMEM;
        return NULL;
    }
    if (fstat(info->shared->descriptor, &facts) < 0) {
        keep_error(info->shared);
        free(self);
        return NULL;
    }
    self->shared = info->shared;
    self->shared->users++;
    self->end = (haddr_t)facts.st_size;
    return &self->public;
}

static herr_t driver_close(H5FD_t *file)
{
    ph_driver_file_t *self = (ph_driver_file_t *)file;
    release(self->shared);
    free(self);
    return 0;
}

static herr_t driver_query(const H5FD_t *file, unsigned long *flags)
{
    (void)file;
    *flags = H5FD_FEAT_AGGREGATE_METADATA | H5FD_FEAT_ACCUMULATE_METADATA | H5FD_FEAT_DATA_SIEVE |
             H5FD_FEAT_AGGREGATE_SMALLDATA | H5FD_FEAT_DEFAULT_VFD_COMPATIBLE;
    return 0;
}

static haddr_t driver_allocated(const H5FD_t *file, H5FD_mem_t type)
{
    (void)type;
    return ((const ph_driver_file_t *)file)->allocated;
}

static herr_t driver_allocate(H5FD_t *file, H5FD_mem_t type, haddr_t address)
{
    (void)type;
    ((ph_driver_file_t *)file)->allocated = address;
    return 0;
}

static haddr_t driver_end(const H5FD_t *file, H5FD_mem_t type)
{
    (void)type;
    return ((const ph_driver_file_t *)file)->end;
}

/* Bytes past the end read as zeros; so do those of a file given up. */
static herr_t driver_read(H5FD_t *file, H5FD_mem_t type, hid_t transfer, haddr_t address,
                          size_t size, void *buffer)
{
    (void)type;
    (void)transfer;
    ph_hdf5_driver_t *shared = ((ph_driver_file_t *)file)->shared;
    char *bytes = buffer;
    while (size > 0 && !shared->given_up) {
        const ssize_t got = pread(shared->descriptor, bytes, size, (off_t)address);
        if (got < 0 && errno == EINTR)
            continue;
        if (got < 0) {
            keep_error(shared);
            return -1;
        }
        if (got == 0)
            break;
        bytes += got;
        address += (haddr_t)got;
        size -= (size_t)got;
    }
    memset(bytes, 0, size);
    return 0;
}

static herr_t driver_write(H5FD_t *file, H5FD_mem_t type, hid_t transfer, haddr_t address,
                           size_t size, const void *buffer)
{
    (void)type;
    (void)transfer;
    ph_driver_file_t *self = (ph_driver_file_t *)file;
    ph_hdf5_driver_t *shared = self->shared;
    const char *bytes = buffer;
    const haddr_t end = address + size;
    while (size > 0 && shared->error == 0 && !shared->given_up) {
        const ssize_t put = pwrite(shared->descriptor, bytes, size, (off_t)address);
        if (put < 0) {
            if (errno != EINTR)
                keep_error(shared);
            continue;
        }
        bytes += put;
        address += (haddr_t)put;
        size -= (size_t)put;
    }
    if (end > self->end)
        self->end = end;
    return 0;
}

static herr_t driver_truncate(H5FD_t *file, hid_t transfer, hbool_t closing)
{
    (void)transfer;
    (void)closing;
    ph_driver_file_t *self = (ph_driver_file_t *)file;
    ph_hdf5_driver_t *shared = self->shared;
    if (shared->error == 0 && !shared->given_up &&
        ftruncate(shared->descriptor, (off_t)self->allocated) < 0)
        keep_error(shared);
    self->end = self->allocated;
    return 0;
}

static const H5FD_class_t DRIVER = {
#if H5_VERSION_GE(1, 13, 0)
    .version = H5FD_CLASS_VERSION,
    .value = (H5FD_class_value_t)512, /* the first number open to all */
#endif
    .name = "polyhebb",
    .maxaddr = INT64_MAX,
    .fc_degree = H5F_CLOSE_STRONG,
    .fapl_size = sizeof(ph_driver_info_t),
    .open = driver_open,
    .close = driver_close,
    .query = driver_query,
    .get_eoa = driver_allocated,
    .set_eoa = driver_allocate,
    .get_eof = driver_end,
    .read = driver_read,
    .write = driver_write,
    .truncate = driver_truncate,
    .fl_map = H5FD_FLMAP_DICHOTOMY,
};

ph_hdf5_driver_t *ph_hdf5_driver_new(int descriptor)
{
    ph_hdf5_driver_t *self = calloc(1, sizeof(*self));
    if (self == NULL) {
        close(descriptor);
        return NULL;
    }
    self->class = H5I_INVALID_HID;
    self->descriptor = descriptor;
    self->users = 1;
    return self;
}

int ph_hdf5_driver_use(ph_hdf5_driver_t *self, hid_t access)
{
    const ph_driver_info_t info = {self};
    self->class = H5FDregister(&DRIVER);
    return self->class < 0 ? -1 : H5Pset_driver(access, self->class, &info);
}

int ph_hdf5_driver_error(const ph_hdf5_driver_t *self)
{
    return self != NULL ? self->error : 0;
}

int ph_hdf5_driver_descriptor(const ph_hdf5_driver_t *self)
{
    return self->descriptor;
}

void ph_hdf5_driver_drop(ph_hdf5_driver_t *self)
{
    if (self == NULL)
        return;
    self->given_up = true;
    if (self->class >= 0)
        H5FDunregister(self->class);
    release(self);
}
