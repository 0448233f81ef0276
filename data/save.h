/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef PH_DATA_SAVE_H
#define PH_DATA_SAVE_H

#include <stdbool.h>
#include <stdio.h>

#include "data/table.h"

/** What is written for grids to read: patterns, or examples with a label each. */
typedef struct {
    const ph_table_t *table;
    const ph_numbers_t *labels; /* NULL: patterns */
    size_t rows, columns;       /* shape of the images they were */
    size_t names_count;         /* names[k] is that of label k + 1, or of pattern k + 1; 0: none */
    const char **names;
} ph_saved_t;

/** Text: a pattern a column, as `export --patterns` writes them, or a label and its example a row.
 * Errors stay with the stream. */
void ph_save_text(const ph_saved_t *self, FILE *out);

/**
 * HDF5, into an empty file open as `descriptor`, which stays open; `path` is for messages:
 * /patterns, or /examples and /labels, /names where there are some, and the attributes
 * polyhebb_kind (patterns or data), format_version and shape. PH_ERR_IO, PH_ERR_MEMORY.
 */
int ph_save_hdf5(const ph_saved_t *self, int descriptor, const char *path, ph_report_t *report);

/** The shape that the first line of such a text says, at most PH_SHAPE_MAX either way; else 0. */
enum { PH_SHAPE_MAX = 1 << 16 };
void ph_saved_shape(const char *text, size_t length, size_t shape[2]);

/** Whether a file was written by one of these. */
bool ph_save_wrote(FILE *file);

#endif
