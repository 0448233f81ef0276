/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef PH_CLI_ENCODE_FACTS_H
#define PH_CLI_ENCODE_FACTS_H

#include "data/classes.h"
#include "data/encode.h"

/** What `polyhebb encode` prints of what it wrote. */
typedef struct {
    const ph_encoding_t *encoding;
    size_t rows, columns;        /* of an image */
    const ph_classes_t *classes; /* without any, or where their means are patterns: patterns */
    bool averaged;
    const ph_images_t *images; /* whose labels may have names */
} ph_encode_facts_t;

/**
 * Prints what patterns have in common, or examples and the signs of their means, and what of the
 * theory holds for such. PH_ERR_INPUT, and nothing is printed, where a pattern is blank at all
 * neurons; PH_ERR_MEMORY.
 */
int ph_encode_print(const ph_encode_facts_t *self, const ph_table_t *table,
                    const ph_numbers_t *labels, ph_report_t *report);

#endif
