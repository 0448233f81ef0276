/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef PH_DATA_TABLE_H
#define PH_DATA_TABLE_H

#include <stddef.h>
#include <stdint.h>

#include "base/report.h"

/** What a user's file holds: lists of -1, 0 and +1, all as long (patterns over neurons). */
typedef struct {
    size_t lists, length;
    size_t step_list, step_entry; /* entry i of list k is entries[k * step_list + i * step_entry] */
    int8_t *entries;
    size_t shape[2]; /* rows and columns of the images that lists were, where a file that encode
                        wrote says it and they make `length`; else 0 */
} ph_table_t;

/** Where a list stands in a file. */
typedef enum {
    PH_LISTS_AS_USUAL, /* in the format (data/formats.h) */
    PH_LISTS_IN_COLUMNS,
    PH_LISTS_IN_ROWS
} ph_lists_t;

/** A list of whole numbers. */
typedef struct ph_numbers {
    size_t count;
    int64_t *values;
} ph_numbers_t;

/** A file, and what is asked of it. */
typedef struct {
    const char *path;
    const char *dataset; /* which of its tables, in formats that name them; NULL or "": patterns */
    ph_lists_t lists;
    size_t most;               /* entries, over all lists */
    struct ph_numbers *labels; /* NULL, or where the first value of each row is put: a label */
} ph_table_source_t;

/**
 * Reads a table from a regular file of any format of data/formats.h, which its first bytes tell.
 * What it would take is held against `most` before there is memory for it. Errors name the place in
 * the file, the value and what was expected: PH_ERR_INPUT for what the file holds, else as
 * ph_file_load(). Free is safe after them.
 */
int ph_table_load(ph_table_t *self, const ph_table_source_t *source, ph_report_t *report);
void ph_table_free(ph_table_t *self);

/** Reads a list of whole numbers, at most `most`, of a format that has them; the same errors. */
int ph_numbers_load(ph_numbers_t *self, const ph_table_source_t *source, ph_report_t *report);
void ph_numbers_free(ph_numbers_t *self);

/**
 * Reads lists in rows with a label each: where the format names its tables the two of these names
 * (NULL: "examples", "labels"), else rows that begin with their label, and a name is an error.
 * The same errors; both are to be freed.
 */
int ph_table_load_labelled(ph_table_t *self, ph_numbers_t *labels, const char *path,
                           const char *examples_name, const char *labels_name, size_t most,
                           ph_report_t *report);

#endif
