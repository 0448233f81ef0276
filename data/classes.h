/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef PH_DATA_CLASSES_H
#define PH_DATA_CLASSES_H

#include "data/images.h"

/* Images by their labels. */

/** The labels of images that are kept, in the order in which they are counted from 1 on. */
typedef struct {
    size_t count;
    int64_t *labels;
    size_t *members; /* images of each */
} ph_classes_t;

enum { PH_LABEL_SIZE = 256 };

/** A label of images as it is shown: its name, or its number. Returns `text`. */
const char *ph_images_label(const ph_images_t *images, int64_t label, char text[PH_LABEL_SIZE]);

/**
 * Keeps the images of the labels in `wanted`, in its order (none: of all labels, ascending), and of
 * each the first `take` (0: all); their labels become 1, 2, ... PH_ERR_INPUT where a wanted label
 * has no image or fewer, PH_ERR_MEMORY. To be freed after failure too.
 */
int ph_images_classify(ph_images_t *self, const ph_numbers_t *wanted, size_t take,
                       ph_classes_t *classes, ph_report_t *report);
/** Puts the mean of the images of each label in their place, in the order of the labels 1, 2, ...,
 * without labels. PH_ERR_MEMORY. */
int ph_images_average(ph_images_t *self, const ph_classes_t *classes, ph_report_t *report);

void ph_classes_free(ph_classes_t *self);

#endif
