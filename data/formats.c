/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "data/formats.h"

#include "data/hdf5.h"
#include "data/text.h"

/* In the order in which a file is asked. */
static const ph_format_t *const FORMATS[] = {&PH_FORMAT_HDF5, &PH_FORMAT_TEXT};

enum { COUNT = sizeof(FORMATS) / sizeof(FORMATS[0]) };

const ph_format_t *ph_format_of(const unsigned char *head, size_t size)
{
    size_t k = 0;
    while (k + 1 < COUNT && !FORMATS[k]->is(head, size))
        k++;
    return FORMATS[k];
}
