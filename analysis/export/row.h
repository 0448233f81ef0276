/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef PH_EXPORT_ROW_H
#define PH_EXPORT_ROW_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

#include "base/report.h"
#include "params/grid.h"

/** Columns divided by blanks under lines that begin with '#'; CSV with one line of names; JSON, an
 * object with the rows as objects in a list `rows`. What is not there is "nan", in JSON null. */
typedef enum { PH_TEXT_COLUMNS, PH_TEXT_CSV, PH_TEXT_JSON } ph_text_format_t;

/** A table under way: first its names, then row by row as many cells. */
typedef struct {
    FILE *out;
    ph_text_format_t format;
    bool begun;   /* the row */
    bool head;    /* cells are names */
    size_t cell;  /* of the row */
    size_t rows;  /* begun */
    size_t count; /* names */
    char **names; /* JSON only */
    bool out_of_memory;
} ph_row_t;

/** The first lines: of JSON the table's kind and the grid's title, of columns the title. */
void ph_row_begin(ph_row_t *self, FILE *out, ph_text_format_t format, const char *kind,
                  const ph_grid_t *grid);

/** Whether lines of text may stand above the names. */
bool ph_row_has_notes(const ph_row_t *self);

/** A name, a word, a number or a whole number; ph_row_end() after the last of a row. */
void ph_row_text(ph_row_t *self, const char *text);
void ph_row_number(ph_row_t *self, double value);
void ph_row_count(ph_row_t *self, uint64_t value);

/** A value and its error, two cells: in columns to two significant digits of the error, elsewhere,
 * and where it has none, like any number. */
void ph_row_estimate(ph_row_t *self, double value, double error);
void ph_row_end(ph_row_t *self);

/** The names of a grid's axes, or their values at index[axes], without axis `without`
 * (PH_MAX_AXES: all). */
void ph_row_axes(ph_row_t *self, const ph_grid_t *grid, const size_t *index, size_t without);

/** Ends the table and frees what it holds. PH_ERR_IO where `out` took no more; PH_ERR_MEMORY.
 * A table that is given up is freed by _drop. */
int ph_row_finish(ph_row_t *self, ph_report_t *report);
void ph_row_drop(ph_row_t *self);

/** Whether a line is the first of a JSON table. */
bool ph_row_is_json(const char *line);

#endif
