/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef PH_RUN_CHECKPOINT_INDEX_H
#define PH_RUN_CHECKPOINT_INDEX_H

#include <stddef.h>
#include <stdint.h>

#include "base/report.h"
#include "params/grid.h"
#include "sim/model/segment.h"
#include "sim/model/until.h"
#include "sim/store/journal.h"
#include "sim/store/runfile.h"
#include "sim/store/shard.h"

/** One place with finished segments of chains: a run file, or a journal. */
typedef struct {
    char *path;
    bool is_file;
    bool is_open; /* file: many shards are not kept open all at once */
    ph_runfile_t file;
    bool is_alike; /* file: of the very grid of the checkpoint index */
    size_t *match; /* file of another: [points of that grid] the file's point, or SIZE_MAX */
    const ph_grid_t *grid;    /* of the checkpoint index */
    ph_journal_index_t index; /* journal */
    int journal;              /* its descriptor, closed with it; -1: opened by its name to read */
    size_t *sorted;           /* journal: entries by (chain, sample), else in file order */
    size_t misfits;           /* journal: records left out because they do not fit the grid */
    uint64_t misfit_offset;   /* of the first of them, and what is wrong with it */
    const char *misfit;
} ph_source_t;

/**
 * What is already known of a grid's chains: how far each one is, from which sources, and how to
 * put it together. Chains are recognised by their digest, so sources may come from a smaller grid,
 * a shard or an interrupted call.
 */
typedef struct {
    const ph_grid_t *grid;
    size_t sources_count;
    ph_source_t *sources;
    uint64_t *done;  /* [points][samples][replicas] sweeps, burn-in included */
    int32_t *source; /* the source of that state, -1: none (not begun) */
    size_t *entry;   /* which entry of a journal */
    uint8_t *doubts; /* as done: ph_doubt_level_t of what it comes from (sim/run/doubt.h); NULL: no
                        doubt */
    /* [points][samples][ph_checkpoint_index_blocks()]: what ph_until_settle() found, NULL: nothing
     */
    ph_until_t *until;
} ph_checkpoint_index_t;

/** PH_ERR_MEMORY on failure; free is safe then. The grid must outlive the index. */
int ph_checkpoint_index_init(ph_checkpoint_index_t *self, const ph_grid_t *grid,
                             ph_report_t *report);
void ph_checkpoint_index_free(ph_checkpoint_index_t *self);

/**
 * Takes in a run file. PH_ERR_MISMATCH, with the differences as notes, if it holds chains that the
 * grid does not contain (they would be lost); else errors as ph_runfile_open.
 */
int ph_checkpoint_index_add_file(ph_checkpoint_index_t *self, const char *path,
                                 ph_report_t *report);

/** The same, but of all chains only those marked in `own` are taken ([chains]). */
int ph_checkpoint_index_add_own(ph_checkpoint_index_t *self, const char *path, const bool *own,
                                ph_report_t *report);

/**
 * The same for a file that has to be of the very grid of the index, as `first` is, the file that
 * the grid comes from: PH_ERR_MISMATCH, with the differences as notes, where it is not. It is
 * closed then until it is needed; *shard says which it is.
 */
int ph_checkpoint_index_add_part(ph_checkpoint_index_t *self, const char *path, const char *first,
                                 ph_shard_t *shard, ph_report_t *report);

/** Opens a file source again, or closes it until it is needed. */
int ph_source_open(ph_source_t *source, ph_report_t *report);

/** A file's point that holds the chains of a point of the checkpoint index's grid; SIZE_MAX: none.
 */
size_t ph_source_point(const ph_source_t *source, size_t point);
void ph_source_close(ph_source_t *source);

/**
 * Takes in a journal by its index, which it then owns. Every field of a record is held against the
 * grid first: PH_ERR_MISMATCH as above for chains, or sweeps, that the grid does not contain; a
 * record of a chain of the grid that no run of it can have written is left out and counted.
 */
int ph_checkpoint_index_add_journal(ph_checkpoint_index_t *self, const char *path,
                                    ph_journal_index_t *index, ph_report_t *report);

/**
 * With dynamics.until: that the run which wrote the journal added last, by the grid in it, let no
 * chain go on where this grid may end it, PH_ERR_MISMATCH with the differences as notes if it did.
 * PH_ERR_IO, PH_ERR_DAMAGED, PH_ERR_MEMORY.
 */
int ph_checkpoint_index_hold_journal(const ph_checkpoint_index_t *self, ph_report_t *report);

/** Reads the journal added last through this descriptor from now on, which it then owns. */
void ph_checkpoint_index_keep_open(ph_checkpoint_index_t *self, int descriptor);

/** The segment of a journal's entry, as ph_journal_read(). */
int ph_source_segment(const ph_source_t *source, size_t entry, ph_segment_t *segment,
                      ph_report_t *report);

/** Notes the records of the journal added last that were left out, if any. */
void ph_checkpoint_index_note_damage(const ph_checkpoint_index_t *self, ph_report_t *report);

/** Number of all chains. */
size_t ph_checkpoint_index_chains(const ph_checkpoint_index_t *self);

/** Blocks of chains of one sample. */
size_t ph_checkpoint_index_blocks(const ph_grid_t *grid);

/** Whether a chain has ended: it has all its sweeps or, with dynamics.until and once settled, its
 * block has what was asked for. */
bool ph_checkpoint_index_finished(const ph_checkpoint_index_t *self, size_t point, uint32_t sample,
                                  uint32_t replica);

/** Position of a chain in done, source, entry. */
size_t ph_checkpoint_index_chain(const ph_checkpoint_index_t *self, size_t point, uint32_t sample,
                                 uint32_t replica);

/**
 * Sums (or NULL without moments; [components][PH_MOMENT_WORDS]) and spins of one chain's state, at
 * most as much as the grid's point has. PH_ERR_IO, PH_ERR_DAMAGED, PH_ERR_MEMORY.
 */
int ph_checkpoint_index_state(ph_checkpoint_index_t *self, size_t point, uint32_t sample,
                              uint32_t replica, double *sums, uint8_t *spins, ph_report_t *report);

/** Points all of whose chains are complete. */
size_t ph_checkpoint_index_points_complete(const ph_checkpoint_index_t *self);

#endif
