/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef PH_RUN_STARTFILE_H
#define PH_RUN_STARTFILE_H

#include "sim/store/runfile.h"

/**
 * The file that start `file` takes spins from: a run file, whose chains' last states are taken, or
 * text of numbers +1 and -1 between white space, N of them for all chains, or N for each replica in
 * turn. Not thread-safe.
 */
typedef struct {
    const char *path;
    bool is_run;
    ph_runfile_t run;
    int8_t *spins; /* [count], of text */
    size_t count;
} ph_startfile_t;

/**
 * Opens the grid's start file, and checks that it is what it was when the grid was read. Does
 * nothing for a grid without one. PH_ERR_IO, PH_ERR_MISMATCH (other content), PH_ERR_INPUT (text
 * that is no spin), or as ph_runfile_open. Free is safe after that.
 */
int ph_startfile_open(ph_startfile_t *self, const ph_grid_t *grid, ph_report_t *report);
void ph_startfile_close(ph_startfile_t *self);

/**
 * Spins of one chain as bits[(N + 7) / 8]. From a run: those of the one point of the file or, if it
 * has more, of the one with the same patterns (neurons, patterns, dilution); of the same sample
 * and replica, or of the only one. PH_ERR_MISMATCH where there is no such chain, or another N.
 */
int ph_startfile_spins(ph_startfile_t *self, const ph_point_t *point, uint32_t sample,
                       uint32_t replica, uint8_t *bits, ph_report_t *report);

/** Whether ph_startfile_spins() will find that chain: PH_OK, or PH_ERR_MISMATCH as it would. */
int ph_startfile_check(const ph_startfile_t *self, const ph_point_t *point, uint32_t sample,
                       uint32_t replica, ph_report_t *report);

/**
 * Whether the first and the last chain of every point will find their states, as
 * ph_startfile_check(). Notes where the file holds more states than there are replicas, or is a run
 * of another network or of other patterns.
 */
int ph_startfile_examine(const ph_startfile_t *self, const ph_grid_t *grid, ph_report_t *report);

#endif
