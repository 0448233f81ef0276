/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sim/store/filedriver.h"

#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#if H5_VERSION_GE(1, 13, 0)
#include <H5FDdevelop.h>
#endif

/* What HDF5 hands from the access property list to the driver: where errors go. */
typedef struct {
    int *error;
} ph_driver_info_t;

typedef struct {
    H5FD_t public; /* first: HDF5 sees only this */
    int descriptor;
    int *error;
    haddr_t allocated, end;
} ph_driver_file_t;

static H5FD_t *driver_open(const char *name, unsigned flags, hid_t access, haddr_t limit)
{
    (void)limit;
    const ph_driver_info_t *info = H5Pget_driver_info(access);
    ph_driver_file_t *self = info != NULL ? calloc(1, sizeof(*self)) : NULL;
    if (self == NULL)
        return NULL;
    int mode = (flags & H5F_ACC_RDWR) != 0 ? O_RDWR : O_RDONLY;
    mode |= (flags & H5F_ACC_TRUNC) != 0 ? O_TRUNC : 0;
    mode |= (flags & H5F_ACC_CREAT) != 0 ? O_CREAT : 0;
    struct stat facts;
    self->error = info->error;
    self->descriptor = open(name, mode | O_CLOEXEC, 0666);
    if (self->descriptor < 0 || fstat(self->descriptor, &facts) < 0) {
        /* HDF5 first asks for a file that is there, then makes one: the last answer counts. */
        *self->error = errno;
        if (self->descriptor >= 0)
            close(self->descriptor);
        free(self);
        return NULL;
    }
    *self->error = 0;
    self->end = (haddr_t)facts.st_size;
    return &self->public;
}

static herr_t driver_close(H5FD_t *file)
{
    ph_driver_file_t *self = (ph_driver_file_t *)file;
    if (close(self->descriptor) < 0 && *self->error == 0)
        *self->error = errno;
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

/* Bytes past the end, or that could not be written, read as zeros. */
static herr_t driver_read(H5FD_t *file, H5FD_mem_t type, hid_t transfer, haddr_t address,
                          size_t size, void *buffer)
{
    (void)type;
    (void)transfer;
    const ph_driver_file_t *self = (const ph_driver_file_t *)file;
    char *bytes = buffer;
    while (size > 0) {
        ssize_t got = pread(self->descriptor, bytes, size, (off_t)address);
        if (got < 0 && errno == EINTR)
            continue;
        if (got < 0 && *self->error == 0)
            return -1;
        if (got <= 0)
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
    const char *bytes = buffer;
    const haddr_t end = address + size;
    while (size > 0 && *self->error == 0) {
        ssize_t put = pwrite(self->descriptor, bytes, size, (off_t)address);
        if (put < 0) {
            if (errno != EINTR)
                *self->error = errno;
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
    if (*self->error == 0 && ftruncate(self->descriptor, (off_t)self->allocated) < 0)
        *self->error = errno;
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

int ph_filedriver_use(hid_t access, int *error, hid_t *driver)
{
    const ph_driver_info_t info = {error};
    *driver = H5FDregister(&DRIVER);
    return *driver < 0 ? -1 : H5Pset_driver(access, *driver, &info);
}
