/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef PH_EXPORT_SELECTION_H
#define PH_EXPORT_SELECTION_H

#include <stdbool.h>
#include <stddef.h>

#include "base/report.h"
#include "params/grid.h"

enum { PH_SELECTION_ALL = -1 };

/** Part of a grid: on some axes one value is chosen, on the others all are. */
typedef struct {
    const ph_grid_t *grid;
    int64_t index[PH_MAX_AXES]; /* by axis; PH_SELECTION_ALL: every value */
    bool given[PH_KEY_COUNT];   /* keys that have been named, of which an axis may have several */
} ph_selection_t;

/** The whole grid; an axis with a single value counts as chosen. */
void ph_selection_init(ph_selection_t *self, const ph_grid_t *grid);

/**
 * Narrows it by "key=value,key=value": dotted or short names of keys on axes, values as in the
 * grid. Of keys that vary together each may be named. PH_ERR_INPUT names the axes, or the values of
 * the axis, where there is none such; or where keys that vary together have these values nowhere,
 * or at several places; or where a key is named again with another value.
 */
int ph_selection_add(ph_selection_t *self, const char *text, ph_report_t *report);

/** By several texts, in any order. */
int ph_selection_add_all(ph_selection_t *self, const char *const *texts, size_t count,
                         ph_report_t *report);

/** "-noise-0.1-neurons-200": the values chosen on axes that have others, for the name of a file;
 * empty where none is. Cut off after `size` bytes. */
void ph_selection_suffix(const ph_selection_t *self, char *text, size_t size);

bool ph_selection_holds(const ph_selection_t *self, size_t point);

/**
 * The one point selected. PH_ERR_INPUT where there are several, naming the axes that are open.
 * With `disorder`, points that share their patterns count as one, and the first is given.
 */
int ph_selection_point(const ph_selection_t *self, bool disorder, size_t *point,
                       ph_report_t *report);

/** PH_ERR_INPUT unless the number of a "sample" or "replica", counted from 1, is one of `count`. */
int ph_selection_number(const char *name, int64_t value, int64_t count, ph_report_t *report);

#endif
