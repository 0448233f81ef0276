/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "data/formats.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "base/file.h"
#include "data/foreign.h"
#include "data/hdf5.h"
#include "data/idx.h"
#include "data/pnm.h"
#include "data/text.h"

/* In the order in which a file is asked. */
static const ph_format_t *const FORMATS[] = {
    &PH_FORMAT_HDF5,    &PH_FORMAT_PNM,   &PH_FORMAT_IDX,  &PH_FORMAT_GZIP,
    &PH_FORMAT_PICTURE, &PH_FORMAT_NUMPY, &PH_FORMAT_TEXT,
};

enum { COUNT = sizeof(FORMATS) / sizeof(FORMATS[0]) };

const ph_format_t *ph_format_of(const unsigned char *head, size_t size)
{
    size_t k = 0;
    while (k + 1 < COUNT && !FORMATS[k]->is(head, size))
        k++;
    return FORMATS[k];
}

/* The first bytes of a file, all that there are of them. PH_ERR_IO. */
static int read_head(int descriptor, const char *path, unsigned char *head, size_t *size,
                     ph_report_t *report)
{
    for (*size = 0; *size < PH_FORMAT_HEAD_SIZE; *size += 1) {
        const int status = ph_file_read_at(descriptor, *size, head + *size, 1);
        if (status == PH_ERR_IO)
            return ph_fail(report, PH_ERR_IO, "%s: cannot be read: %s", path, strerror(errno));
        if (status != PH_OK)
            break;
    }
    return PH_OK;
}

int ph_format_open(const char *path, int *descriptor, const ph_format_t **format,
                   ph_report_t *report)
{
    unsigned char head[PH_FORMAT_HEAD_SIZE];
    size_t size;
    int status = ph_file_open(path, UINT64_MAX, descriptor, report);
    if (status != PH_OK)
        return status;
    status = read_head(*descriptor, path, head, &size, report);
    if (status != PH_OK)
        close(*descriptor);
    else
        *format = ph_format_of(head, size);
    return status;
}

int ph_format_no_datasets(const ph_format_t *self, const char *path, ph_report_t *report)
{
    return ph_fail(report, PH_ERR_INPUT,
                   "%s: is %s%s, which has no datasets, expected no dataset, or a file of HDF5",
                   path, self->way == NULL ? "a file of " : "", self->word);
}
