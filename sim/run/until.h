/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef PH_RUN_UNTIL_H
#define PH_RUN_UNTIL_H

#include "sim/run/checkpoint_index.h"

/**
 * Judges every block of chains whose sweeps are a time to decide (sim/model/until.h), from the
 * sums in the sources; call once all of these are taken in. Without dynamics.until nothing is
 * read. PH_ERR_IO, PH_ERR_DAMAGED, PH_ERR_MEMORY.
 */
int ph_until_settle(ph_checkpoint_index_t *self, ph_report_t *report);

/** How far the blocks of a point are, once settled. */
typedef struct {
    size_t blocks, ended; /* all; those that have */
    uint64_t least, most; /* sweeps after burn-in of the blocks that have ended */
    double error;         /* of the mean over the chains of these, at most; and their R-hat */
    double rhat;
    ph_until_end_t end; /* of the point: PH_UNTIL_CAP where one block came there and, of a
                           point that has ended, the whole is not what was asked for */
} ph_until_point_t;

ph_until_point_t ph_until_point(const ph_checkpoint_index_t *self, size_t point);

/** The same of all points that have blocks that have ended. */
typedef struct {
    size_t points, capped;
    uint64_t least, most; /* sweeps after burn-in */
    size_t worst;         /* the point at the cap farthest from what was asked for */
    ph_until_point_t at;  /* there */
} ph_until_survey_t;

ph_until_survey_t ph_until_survey(const ph_checkpoint_index_t *self);

/**
 * About how many sweeps after burn-in the longest block of a point at its cap would need: its error
 * falls as 1 / sqrt(sweeps), R-hat^2 - 1 as 1 / sweeps. INFINITY where it was too short to tell.
 */
double ph_until_needs(const ph_grid_t *grid, const ph_until_point_t *at);

/** PH_ERR_UNREACHED, said in one sentence, where a point came to its cap; else PH_OK. */
int ph_until_tell(const ph_checkpoint_index_t *self, ph_report_t *report);

#endif
