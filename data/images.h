/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef PH_DATA_IMAGES_H
#define PH_DATA_IMAGES_H

#include <stddef.h>

#include "base/report.h"
#include "data/table.h"

/** Images of one shape, as files of users hold them; bright is large. */
typedef struct {
    size_t count, rows, columns;
    size_t capacity;     /* images that there is room for */
    float *values;       /* pixel p of image k, row by row, at k * rows * columns + p; all finite */
    ph_numbers_t labels; /* one for each image; without labels none */
    size_t names_count;  /* names[k] is that of label k + 1; 0: labels have none */
    char **names;
} ph_images_t;

enum { PH_IMAGES_MAX = 1 << 28 }; /* pixels, over all images: 1 GiB of memory */

/** Labels: the path is a folder of folders, each of which is a label with its name. */
#define PH_LABELS_OF_FOLDERS "folders"

/** A file of images, or a folder of such, and what is asked of it. */
typedef struct {
    const char *path;
    const char *dataset;  /* which of its datasets, in formats that name them; NULL: images */
    const char *labels;   /* NULL, or where a format that can keeps labels: a dataset of HDF5, the
                             "first" or the "last" column of text; PH_LABELS_OF_FOLDERS */
    size_t rows, columns; /* shape of the images, also where the file says none; 0: what it says,
                             or one row */
    size_t most;          /* pixels, over all images */
} ph_images_source_t;

/**
 * Adds the images of a regular file of any format of data/formats.h that holds some, or of all such
 * files in a folder, in the order of their names as bytes (those that begin with a dot are left
 * out). All have the shape of the first. Sizes are held against the file, `most` and the memory
 * there is before it is taken. Errors name the place in the file, the value and what was expected:
 * PH_ERR_INPUT for what the file holds, PH_ERR_LIMIT for too many, else as ph_file_load(). Free is
 * safe after them.
 */
int ph_images_load(ph_images_t *self, const ph_images_source_t *source, ph_report_t *report);
void ph_images_free(ph_images_t *self);

/** For formats: the shape asked for of images that have none; rows x columns have to be pixels.
 * PH_ERR_INPUT. */
int ph_images_shape(const ph_images_source_t *source, size_t pixels, size_t *rows, size_t *columns,
                    ph_report_t *report);

/**
 * For formats: room for `more` images of this shape, whose values[] the caller then sets; they
 * count from here on. Errors as ph_images_load().
 */
int ph_images_grow(ph_images_t *self, const ph_images_source_t *source, size_t more, size_t rows,
                   size_t columns, float **values, ph_report_t *report);

/** For formats: labels for the images added last, one each: all images then have theirs.
 * PH_ERR_INPUT, PH_ERR_MEMORY. */
int ph_images_add_labels(ph_images_t *self, const ph_images_source_t *source,
                         const ph_numbers_t *labels, ph_report_t *report);

#endif
