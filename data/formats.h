/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef PH_DATA_FORMATS_H
#define PH_DATA_FORMATS_H

#include <stdbool.h>
#include <stddef.h>

#include "data/images.h"
#include "data/table.h"

enum { PH_FORMAT_HEAD_SIZE = 8 }; /* bytes that tell what a file is */

/** One row: all there is to know of a format of files. */
typedef struct {
    const char *word; /* as messages name it */
    const char *way;  /* what to do where it is read in vain; NULL: nothing helps */
    bool rows;        /* lists usually stand in rows */
    bool named;       /* a file holds tables by name: source->dataset */
    bool pictures;    /* each file is a picture or more: folders of them are read */
    /** Whether a file that begins with these bytes, fewer where it is shorter, is one. */
    bool (*is)(const unsigned char *head, size_t size);
    /**
     * Reads a table into an empty one (source->lists is not PH_LISTS_AS_USUAL); closes the
     * descriptor of the file. Errors as ph_table_load(). NULL where it has none.
     */
    int (*read)(ph_table_t *self, const ph_table_source_t *source, int descriptor,
                ph_report_t *report);
    /** The same of a list of whole numbers; NULL where it has none. */
    int (*read_numbers)(ph_numbers_t *self, const ph_table_source_t *source, int descriptor,
                        ph_report_t *report);
    /** Adds the images of a file; errors as ph_images_load(). NULL where it has none. */
    int (*read_images)(ph_images_t *self, const ph_images_source_t *source, int descriptor,
                       ph_report_t *report);
} ph_format_t;

/** The row of a file that begins so. The last row takes all others' files: text. */
const ph_format_t *ph_format_of(const unsigned char *head, size_t size);

/** Opens a regular file to read, whose descriptor is to be closed, and finds its row. */
int ph_format_open(const char *path, int *descriptor, const ph_format_t **format,
                   ph_report_t *report);

/** Reports that a dataset was asked for of a file of this row. PH_ERR_INPUT. */
int ph_format_no_datasets(const ph_format_t *self, const char *path, ph_report_t *report);

#endif
