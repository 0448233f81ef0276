/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef PH_STORE_JOURNAL_H
#define PH_STORE_JOURNAL_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

#include "base/report.h"
#include "sim/model/segment.h"

/*
 * The journal beside a run file: an append-only log of segments, each with its own checksum, so
 * that whatever was written before a kill or a power cut (up to the last sync) is found again.
 * Layout (docs/format.md): a file header (magic, format version, byte order mark), then records:
 * magic, payload length, header checksum, payload checksum, payload (the segment's fields in
 * order, little-endian, then its arrays; or the text of the grid that the run has).
 */
typedef struct {
    int descriptor;
    char *path;
    uint64_t size; /* bytes of good data */
    bool holds;    /* a segment, or a damaged record that may have been one */
} ph_journal_t;

/** Where a good segment is in the journal; the fixed fields without the arrays. */
typedef struct {
    ph_segment_t head; /* series, sums, spins are NULL */
    bool series, sums; /* whether the record has them */
    uint32_t mended;   /* sim/store/mended.h */
    uint64_t offset;
} ph_journal_entry_t;

/** What a scan of a journal found. */
typedef struct {
    size_t count;
    ph_journal_entry_t *entries; /* in file order */
    uint64_t damaged;            /* places at which bytes were skipped, as a checksum failed */
    uint64_t cut;                /* bytes of an unfinished record at the end */
    uint64_t grid, grid_bytes;   /* the last grid: offset of its record (0: none), its length */
    uint32_t mended;             /* of what comes after it (sim/store/mended.h) */
} ph_journal_index_t;

/** The name of the journal beside a run file, owned by the caller; NULL without memory. */
char *ph_journal_path(const char *run);

/**
 * Opens (or makes) the journal to append. What is unfinished at its end is cut off; damaged
 * records within are left out of the index and counted. The checksums say that a record is as it
 * was written, not what it was written for: who uses the index holds its fields against the grid.
 * PH_ERR_FORMAT: not one of ours. PH_ERR_IO: the system cannot read it (or cannot write); what
 * could not be read is not taken for damaged, and nothing is cut off.
 */
int ph_journal_open(ph_journal_t *self, const char *path, ph_journal_index_t *index,
                    ph_report_t *report);

/** Reads an existing journal's index without changing it. An absent file is an empty index. */
int ph_journal_scan(const char *path, ph_journal_index_t *index, ph_report_t *report);

/**
 * The same, and keeps it open to read (-1 where it is absent, or on failure): a writer that removes
 * it meanwhile takes nothing away, and what it appends is not in the index.
 */
int ph_journal_look(const char *path, int *descriptor, ph_journal_index_t *index,
                    ph_report_t *report);

/** The text of the index's last grid, to be freed. PH_ERR_DAMAGED, PH_ERR_IO, PH_ERR_MEMORY. */
int ph_journal_grid(int descriptor, const char *path, const ph_journal_index_t *index, char **text,
                    ph_report_t *report);

/** The same of a journal that is not open; NULL where it has none (version 0.1.0). */
int ph_journal_read_grid(const char *path, const ph_journal_index_t *index, char **text,
                         ph_report_t *report);
void ph_journal_index_free(ph_journal_index_t *index);

/** Appends one segment with a single write; on failure (disk full) cuts the file back. PH_ERR_IO,
 * PH_ERR_MEMORY. */
int ph_journal_append(ph_journal_t *self, const ph_segment_t *segment, ph_report_t *report);

/** Appends the text of the run's grid, and that what follows is free of the faults that are mended,
 * unless the index (of the opened journal) ends with both. */
int ph_journal_keep_grid(ph_journal_t *self, const ph_journal_index_t *index, const char *text,
                         ph_report_t *report);

/** fsync. */
int ph_journal_sync(ph_journal_t *self, ph_report_t *report);

/**
 * Reads the segment at an index entry in full. PH_ERR_DAMAGED if its checksum fails now or its
 * fields are not those of the entry any more; PH_ERR_IO where the system cannot read it.
 */
int ph_journal_read(const char *path, const ph_journal_entry_t *entry, ph_segment_t *segment,
                    ph_report_t *report);

/** The same of a journal that is open already. */
int ph_journal_read_open(int descriptor, const char *path, const ph_journal_entry_t *entry,
                         ph_segment_t *segment, ph_report_t *report);

void ph_journal_close(ph_journal_t *self);

/**
 * Closes and removes a journal that holds no segment: nothing was begun. Whether it did: one that
 * holds some stays as it is, open.
 */
bool ph_journal_drop_empty(ph_journal_t *self);

#endif
