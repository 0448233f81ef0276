/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/file.h"
#include "sim/store/journal_private.h"

enum { WINDOW = 1 << 16 };

int ph_journal_unreadable(int status, const char *path, uint64_t offset, ph_report_t *report)
{
    if (status == PH_ERR_MEMORY)
        return ph_fail(report, status, "%s: out of memory while reading it", path);
    return ph_fail(
        report, PH_ERR_IO,
        "%s: cannot read at byte %llu: %s; nothing was changed. Run again when the disk "
        "or network answers; if it never will, put a copy of what can be read (ddrescue) "
        "in its place: what is missing in it is computed again",
        path, (unsigned long long)offset, strerror(errno));
}

int ph_record_find(int descriptor, uint64_t size, uint64_t offset, ph_found_t *found,
                   uint64_t *length, ph_journal_entry_t *entry)
{
    uint8_t header[PH_RECORD_HEADER], head[PH_PAYLOAD_HEAD + PH_PAYLOAD_STATES];
    uint64_t checksum = 0;
    *found = PH_FOUND_NOTHING;
    if (size < PH_RECORD_HEADER || offset > size - PH_RECORD_HEADER)
        return PH_OK;
    int status = ph_file_read_at(descriptor, offset, header, sizeof(header));
    if (status != PH_OK)
        return status == PH_ERR_DAMAGED ? PH_OK : status;
    *length = ph_record_get(header + 8, 8);
    const bool grid = ph_record_is_grid(header);
    if (!ph_record_is_header(header) || *length > size - PH_RECORD_HEADER - offset ||
        *length < (grid ? 1 : PH_PAYLOAD_HEAD))
        return PH_OK;
    *found = PH_FOUND_BAD_PAYLOAD;
    offset += PH_RECORD_HEADER;
    status = ph_checksum_file(descriptor, offset, *length, &checksum);
    if (status == PH_OK && checksum == ph_record_get(header + 24, 8)) {
        if (grid) {
            *found = PH_FOUND_GRID;
            return PH_OK;
        }
        status = ph_file_read_at(descriptor, offset, head,
                                 *length < sizeof(head) ? (size_t)*length : sizeof(head));
        if (status == PH_OK && ph_record_head(head, *length, entry))
            *found = PH_FOUND_RECORD;
    }
    return status == PH_ERR_DAMAGED ? PH_OK : status;
}

/* The next place from *offset on where a record header with a good checksum is, or size. */
static int next_header(int descriptor, uint64_t size, uint64_t *offset)
{
    uint8_t window[WINDOW];
    while (*offset < size && size - *offset >= PH_RECORD_HEADER) {
        uint64_t rest = size - *offset;
        size_t length = rest < WINDOW ? (size_t)rest : WINDOW;
        int status = ph_file_read_at(descriptor, *offset, window, length);
        if (status == PH_ERR_DAMAGED)
            break;
        if (status != PH_OK)
            return status;
        for (size_t i = 0; i + PH_RECORD_HEADER <= length; i++)
            if (window[i] == 0xf5 && ph_record_is_header(window + i)) {
                *offset += i;
                return PH_OK;
            }
        *offset += length - PH_RECORD_HEADER + 1;
    }
    *offset = size;
    return PH_OK;
}

static bool add_entry(ph_journal_index_t *index, const ph_journal_entry_t *entry, uint64_t offset)
{
    /* Capacity is the next power of two: grow when the count reaches one. */
    if ((index->count & (index->count - 1)) == 0) {
        size_t capacity = index->count == 0 ? 1 : 2 * index->count;
        ph_journal_entry_t *grown = realloc(index->entries, capacity * sizeof(*grown));
        if (grown == NULL)
            return false;
        index->entries = grown;
    }
    index->entries[index->count] = *entry;
    index->entries[index->count++].offset = offset;
    return true;
}

/* What the last line of a grid's record says. */
static int read_mark(int descriptor, uint64_t end, uint64_t length, uint32_t *mended)
{
    char text[PH_MARK_MOST];
    const size_t bytes = length < sizeof(text) ? (size_t)length : sizeof(text);
    const int status = ph_file_read_at(descriptor, end - bytes, text, bytes);
    if (status == PH_OK)
        ph_record_mark(text + bytes, bytes, mended);
    return status;
}

/*
 * Walks the records from the file header on. *end: where the last record stops that is whole or at
 * least has a good header; what follows is an unfinished tail.
 */
static int walk(int descriptor, uint64_t size, const char *path, ph_journal_index_t *index,
                uint64_t *end, ph_report_t *report)
{
    uint64_t offset = PH_JOURNAL_HEADER, length = 0;
    bool in_gap = false;
    *end = PH_JOURNAL_HEADER;
    while (offset < size) {
        ph_journal_entry_t entry;
        ph_found_t found;
        int status = ph_record_find(descriptor, size, offset, &found, &length, &entry);
        if (status == PH_OK && found == PH_FOUND_NOTHING) {
            in_gap = true;
            offset++;
            status = next_header(descriptor, size, &offset);
            if (status == PH_OK)
                continue;
        }
        entry.mended = index->mended;
        if (status == PH_OK && found == PH_FOUND_RECORD && !add_entry(index, &entry, offset))
            status = PH_ERR_MEMORY;
        if (status == PH_OK && found == PH_FOUND_GRID)
            status =
                read_mark(descriptor, offset + PH_RECORD_HEADER + length, length, &index->mended);
        if (status != PH_OK)
            return ph_journal_unreadable(status, path, offset, report);
        if (status == PH_OK && found == PH_FOUND_GRID) {
            index->grid = offset;
            index->grid_bytes = length;
        }
        index->damaged += (in_gap ? 1U : 0U) + (found == PH_FOUND_BAD_PAYLOAD ? 1U : 0U);
        in_gap = false;
        offset += PH_RECORD_HEADER + length;
        *end = offset;
    }
    index->cut = size > *end ? size - *end : 0;
    return PH_OK;
}

/* Whether the first bytes are our file header (or, in a shorter file, the start of one). */
typedef enum { HEADER_GOOD, HEADER_STARTED, HEADER_DAMAGED, HEADER_NEWER } header_t;

static int classify_header(int descriptor, uint64_t size, header_t *found, uint32_t *version)
{
    uint8_t expected[PH_JOURNAL_HEADER], header[PH_JOURNAL_HEADER];
    ph_journal_header(expected);
    size_t length = size < PH_JOURNAL_HEADER ? (size_t)size : PH_JOURNAL_HEADER;
    *found = HEADER_DAMAGED;
    int status = ph_file_read_at(descriptor, 0, header, length);
    if (status != PH_OK)
        return status == PH_ERR_DAMAGED ? PH_OK : status;
    if (memcmp(header, expected, length) == 0) {
        *found = length == PH_JOURNAL_HEADER ? HEADER_GOOD : HEADER_STARTED;
        return PH_OK;
    }
    if (length < PH_JOURNAL_HEADER || memcmp(header, expected, 8) != 0 ||
        ph_record_get(header + 16, 8) != ph_checksum(header, 16))
        return PH_OK;
    *found = HEADER_NEWER;
    *version = (uint32_t)ph_record_get(header + 8, 4);
    return PH_OK;
}

int ph_journal_scan_open(int descriptor, const char *path, ph_journal_index_t *index,
                         uint64_t *good_size, ph_report_t *report)
{
    struct stat facts;
    uint32_t version = 0;
    header_t header;
    *good_size = 0;
    if (fstat(descriptor, &facts) != 0)
        return ph_fail(report, PH_ERR_IO, "%s: cannot read: %s", path, strerror(errno));
    if (!S_ISREG(facts.st_mode))
        return ph_fail(report, PH_ERR_FORMAT, "%s: not a file; expected a journal", path);
    uint64_t size = (uint64_t)facts.st_size;
    int result = classify_header(descriptor, size, &header, &version);
    if (result != PH_OK)
        return ph_journal_unreadable(result, path, 0, report);
    if (header == HEADER_NEWER)
        return ph_fail(report, PH_ERR_FORMAT,
                       "%s: journal of format %u, this version of polyhebb reads format %u; use a "
                       "newer polyhebb",
                       path, version, PH_JOURNAL_VERSION);
    if (header == HEADER_STARTED) {
        index->cut = size;
        return PH_OK;
    }
    result = walk(descriptor, size, path, index, good_size, report);
    if (result == PH_OK && header == HEADER_DAMAGED) {
        if (index->count == 0)
            return ph_fail(
                report, PH_ERR_FORMAT,
                "%s: not a journal of polyhebb; move it away or choose another name (-o)", path);
        index->damaged++;
    }
    return result;
}
