/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef POLYHEBB_QUANTITIES_H
#define POLYHEBB_QUANTITIES_H

/** @file
 * Quantities of papers with their errors, at the points of a run or along the noise by reweighting;
 * docs/theory.md has their definitions.
 */
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <polyhebb/runfile.h>

/** Quantities of a run, row by row. */
typedef struct ph_quantity_table ph_quantity_table_t;

/** One quantity at one noise. NaN where a number is not known. */
typedef struct {
    const char *name; /**< "binder", "susceptibility", ... Static storage */
    const char *of;   /**< number of the pattern, label of the well, "-" of a point; it lives as
                           long as the table */
    double noise;     /**< temperature */
    double value;     /**< mean over samples */
    double error;     /**< one standard deviation of it */
    double freedom;   /**< its degrees of freedom: Student's t makes intervals of it */
    double thermal;   /**< the part of it that the chains make */
    double disorder;  /**< the part that samples make beyond it */
    double exact;     /**< sums over all states of the same samples */
    double theory;    /**< of the wells the chains are in; NaN along the noise */
    double effective; /**< records that count, of the sample with fewest; NaN at a point */
    const char
        *remark; /**< why it is not there: "short", "noise-0", ...; "" else. Static storage */
} ph_quantity_row_t;

PH_BEGIN_C

/**
 * The quantities of one point, those that can be formed from what the run keeps; with `exact` sums
 * over all states too, where the samples allow. The run may be closed before the table is used.
 * PH_ERR_INPUT: no such point; PH_ERR_MEMORY, or what reading the run gave. On failure *table is
 * NULL.
 */
PH_API int ph_quantity_table_new(ph_quantity_table_t **table, ph_runfile_t *run, size_t point,
                                 bool exact, ph_report_t *report);

/**
 * The same along the noise, at noises[count] > 0 in any order, by all records of
 * points[points_count] together, which differ in noise alone, and of the rungs of their ladders
 * (replica exchange): rows noise by noise, with sums over all states where the samples allow.
 *
 * PH_ERR_INPUT: no such point, a noise beyond those simulated, or records of one noise only.
 * PH_ERR_UNSUPPORTED: a law that is not exp(-H/T), noise 0, no trajectories, points of other
 * samples. PH_ERR_NUMERIC: noises share no energies. PH_ERR_MEMORY, or what reading the run gave.
 * On failure *table is NULL.
 */
PH_API int ph_quantity_table_new_reweighted(ph_quantity_table_t **table, ph_runfile_t *run,
                                            const size_t *points, size_t points_count,
                                            const double *noises, size_t count,
                                            ph_report_t *report);

/** Frees a table; NULL does nothing. */
PH_API void ph_quantity_table_delete(ph_quantity_table_t *table);

/** Number of rows. */
PH_API size_t ph_quantity_table_rows(const ph_quantity_table_t *table);

/** Row i = 0, 1, ... PH_ERR_INPUT where there is none. */
PH_API int ph_quantity_table_row(const ph_quantity_table_t *table, size_t i,
                                 ph_quantity_row_t *values);

PH_END_C

#endif
