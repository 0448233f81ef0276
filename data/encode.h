/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef PH_DATA_ENCODE_H
#define PH_DATA_ENCODE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "data/images.h"

/** How pixels become entries -1, 0 and +1. Lengths are shares of the range of the values. */
typedef struct {
    double least, greatest; /* the range */
    double threshold;       /* of the range, 0 to 1: +1 from there on; not used where centred */
    double dead_zone;       /* blank up to this far from the threshold */
    const double *means;    /* NULL, or of each pixel: its own threshold instead */
    bool invert;            /* dark is +1 */
} ph_encoding_t;

/**
 * Makes a list of entries of each image, pixels row by row. Where a pixel is at its threshold it is
 * +1, or blank where there is a dead zone or pixels have their means. PH_ERR_INPUT where the range
 * is empty, PH_ERR_MEMORY.
 */
int ph_images_encode(const ph_images_t *self, const ph_encoding_t *encoding, ph_table_t *table,
                     ph_report_t *report);

/** The mean of each pixel over all images, to be freed; NULL without memory. Of equal values it is
 * their value. */
double *ph_images_means(const ph_images_t *self);

/** Least and greatest value of all images. */
void ph_images_range(const ph_images_t *self, double *least, double *greatest);

/**
 * Gives images another shape: a new pixel is the mean of what its area covers of the old ones, by
 * the parts that it covers of each; fewer pixels or more. PH_ERR_MEMORY, PH_ERR_LIMIT where they
 * are more than PH_IMAGES_MAX.
 */
int ph_images_resample(ph_images_t *self, size_t rows, size_t columns, ph_report_t *report);

#endif
