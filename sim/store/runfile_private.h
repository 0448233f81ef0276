/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef PH_STORE_RUNFILE_PRIVATE_H
#define PH_STORE_RUNFILE_PRIVATE_H

#include "sim/store/runfile.h"

enum { PH_BOX_RANK = PH_OBS_DIMS_MAX + 4, PH_ARRAY_NAME_SIZE = 64 };

/* Inside this room only. */

/** The box of one observable's data in one of its arrays, and the observable's place. */
typedef struct {
    char name[PH_ARRAY_NAME_SIZE];
    size_t offset[PH_BOX_RANK], count[PH_BOX_RANK];
    size_t first;      /* of its components among all of them */
    size_t components; /* its own */
} ph_box_t;

/** Number of chains before this one in sweeps_done. */
size_t ph_runfile_chain(const ph_runfile_t *self, size_t point, uint32_t sample, uint32_t replica);

/**
 * The box of an observable at a point: (sample, replicas, [middle], own dims, [inner]). `suffix` is
 * "", "_mean", ...
 */
ph_box_t ph_runfile_box(const ph_runfile_t *self, size_t point, const ph_segment_t *segment,
                        ph_observable_id_t id, const char *suffix, bool records, bool moments);

/** PH_ERR_MISMATCH unless the chains are within the file. */
int ph_runfile_check_chains(const ph_runfile_t *self, size_t point, uint32_t sample,
                            uint32_t replica_first, uint32_t replicas, ph_report_t *report);

/**
 * Writes a box of an array at a point as ph_gridfile_write(), or puts it with the points that are
 * gathered, if the point is among them.
 */
int ph_runfile_put(ph_runfile_t *self, const char *name, size_t point, const size_t *offset,
                   const size_t *count, hid_t type, const void *data, ph_report_t *report);

/** Dimensions and array of the recorded states, where the grid has some. */
int ph_runfile_states_layout(ph_gridfile_t *base, ph_report_t *report);

/** PH_ERR_MISMATCH where a segment lacks the recorded states of its sweeps. */
int ph_runfile_check_states(const ph_runfile_t *self, size_t point, const ph_segment_t *segment,
                            ph_report_t *report);

/** Writes those that a segment holds. */
int ph_runfile_write_states(ph_runfile_t *self, size_t point, const ph_segment_t *segment,
                            ph_report_t *report);

#endif
