/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef PH_PARAMS_GIVEN_TABLE_H
#define PH_PARAMS_GIVEN_TABLE_H

#include <stddef.h>
#include <stdint.h>

#include "params/reader_private.h"

/** A table of -1, 0 and +1: entries[rows][columns]. */
typedef struct {
    size_t rows, columns, count, capacity;
    int8_t *entries;
} ph_given_table_t;

/**
 * Reads one from text[length], which stands in the file `path`: numbers between white space or
 * commas, a row a line. Lines that are empty or begin with # are no rows; where `header` is set the
 * first row may be one of names, as many as there are columns. Line ends of Windows and a byte
 * order mark are read. Errors name line, column, value and what was expected; free is safe after
 * them.
 */
void ph_given_table_read(ph_given_table_t *self, const char *text, size_t length, const char *path,
                         bool header, ph_reader_t *reader);
void ph_given_table_free(ph_given_table_t *self);

#endif
