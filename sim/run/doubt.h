/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef PH_RUN_DOUBT_H
#define PH_RUN_DOUBT_H

#include "sim/run/checkpoint_index.h"
#include "sim/store/runfile.h"

/*
 * Chains that a version with a fault may have sampled by another law: of files and journals that do
 * not say that it was mended (sim/store/mended.h). The fault there is concerns chains that were
 * alone in what a thread worked at (sim/samplers/overrun.h). Files do not say which processor they
 * come from, nor which call of run did what: x86-64 and the chosen kernel are taken for granted.
 */

/** What makes a chain doubtful, where its point and sample do. */
typedef enum {
    PH_DOUBT_NONE,
    PH_DOUBT_CUT,  /* alone if its block was cut for threads, or had one more chain later */
    PH_DOUBT_ALONE /* alone in its block, or in a record of a journal */
} ph_doubt_level_t;

/** Doubtful points of one level: how many, the first, and where it is in words. */
typedef struct {
    size_t points, first;
    char place[160];
} ph_doubtful_t;

/** By the worst of their chains. */
typedef struct {
    ph_doubtful_t alone, cut;
} ph_doubt_t;

/** Of an open file; nothing where it says that it is right. PH_ERR_MEMORY. */
int ph_doubt_find(const ph_runfile_t *file, ph_doubt_t *found, ph_report_t *report);

/** Notes it, if there is any; once in a report. */
void ph_doubt_note(const ph_doubt_t *found, const char *path, ph_report_t *report);

/** Both of these. */
int ph_doubt_say(const ph_runfile_t *file, ph_report_t *report);

/**
 * Remembers in the index which chains are doubtful, of a file source that is about to be taken in:
 * those that are further in it than the index knows, and in `own` (NULL: all). PH_ERR_MEMORY.
 */
int ph_doubt_take_file(ph_checkpoint_index_t *index, const ph_source_t *source, const bool *own,
                       ph_report_t *report);

/** The same of a chain that goes forward over an entry of a journal; room for it first. */
int ph_doubt_begin_journal(ph_checkpoint_index_t *index, const ph_source_t *source,
                           ph_report_t *report);
void ph_doubt_take_entry(ph_checkpoint_index_t *index, size_t chain,
                         const ph_journal_entry_t *entry);

/** What is remembered. PH_ERR_MEMORY. */
int ph_doubt_of_index(const ph_checkpoint_index_t *index, ph_doubt_t *found, ph_report_t *report);

/**
 * Before chains are computed, or put together, with those of the index: PH_ERR_MISMATCH where some
 * were alone in their blocks, or a note where nothing is `joined` to them; a note where they may
 * have been.
 */
int ph_doubt_refuse(const ph_checkpoint_index_t *index, bool joined, ph_report_t *report);

/** How many faults a file put together of the index is free of. PH_ERR_MEMORY. */
int ph_doubt_mended(const ph_checkpoint_index_t *index, uint32_t *mended, ph_report_t *report);

#endif
