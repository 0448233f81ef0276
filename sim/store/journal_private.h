/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef PH_STORE_JOURNAL_PRIVATE_H
#define PH_STORE_JOURNAL_PRIVATE_H

#include "sim/store/journal.h"

/*
 * File header: magic, version and byte order mark (two 32-bit words), checksum of these 16 bytes.
 * Record header: magic, payload length, checksum of these 16 bytes, checksum of the payload.
 * A header with its own checksum lets a scan trust the length (and no other): that is what keeps a
 * flipped byte from losing more than its record and an absurd length from being believed.
 */
enum { PH_JOURNAL_HEADER = 24, PH_RECORD_HEADER = 32, PH_PAYLOAD_HEAD = 80 };
enum { PH_PAYLOAD_STATES = 24 }; /* more of the head, where states are recorded */
#define PH_JOURNAL_VERSION UINT32_C(1)

/* Numbers of doubles and bytes of a segment's arrays, the head's length, and the payload's with
 * all of them. */
typedef struct {
    uint64_t series, sums, spins, states, head, payload;
} ph_extent_t;

/* Little-endian whole numbers. */
void ph_record_put(uint8_t *out, uint64_t value, size_t bytes);
uint64_t ph_record_get(const uint8_t *in, size_t bytes);

/* [PH_JOURNAL_HEADER] */
void ph_journal_header(uint8_t *header);

/* Whether a record header is here: a magic, and its checksum holds; and whether it is a grid's. */
bool ph_record_is_header(const uint8_t *header);
bool ph_record_is_grid(const uint8_t *header);

/* False where the sizes overflow. */
bool ph_record_extent(const ph_segment_t *head, bool series, bool sums, ph_extent_t *extent);

/* The record of a segment, header and payload, to be freed. PH_ERR_LIMIT where it is too large for
 * this machine to count, PH_ERR_MEMORY. */
int ph_record_encode(const ph_segment_t *segment, uint8_t **record, size_t *size);

/* The record of a grid's text, as above. Behind the text a line says, as a comment, how many faults
 * the segments that follow are free of (sim/store/mended.h): other versions read over it. */
enum { PH_MARK_MOST = 32 };
int ph_record_encode_grid(const char *text, uint8_t **record, size_t *size);

/* The length of that line at the end of a text of `length` bytes, of which at least the last
 * PH_MARK_MOST are here, and what it says; 0 and 0 where there is none. */
size_t ph_record_mark(const char *end, size_t length, uint32_t *mended);

/* Reads the fixed fields of a payload; false unless it has just the length they imply. */
bool ph_record_head(const uint8_t *payload, uint64_t length, ph_journal_entry_t *entry);

/* A fresh segment from a payload that has passed its checksum and has this head. PH_ERR_MEMORY. */
int ph_record_decode(const uint8_t *payload, const ph_journal_entry_t *entry,
                     ph_segment_t *segment);

/* What is at a place in a journal. */
typedef enum { PH_FOUND_RECORD, PH_FOUND_GRID, PH_FOUND_BAD_PAYLOAD, PH_FOUND_NOTHING } ph_found_t;

/*
 * Looks for the record at `offset` of a file of `size` bytes: the length of its payload where its
 * header holds, its fields where both checksums do. No length is believed that does not fit into
 * the file. PH_ERR_IO (errno), PH_ERR_MEMORY: nothing is known.
 */
int ph_record_find(int descriptor, uint64_t size, uint64_t offset, ph_found_t *found,
                   uint64_t *length, ph_journal_entry_t *entry);

/*
 * Fills the index from an open file; *good_size: what to keep when appending. On failure the file
 * is not known: nothing of it may be changed.
 */
int ph_journal_scan_open(int descriptor, const char *path, ph_journal_index_t *index,
                         uint64_t *good_size, ph_report_t *report);

/* Says that a journal could not be read at a byte: PH_ERR_IO with errno, or PH_ERR_MEMORY. */
int ph_journal_unreadable(int status, const char *path, uint64_t offset, ph_report_t *report);

#endif
