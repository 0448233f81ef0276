/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sim/store/journal.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/file.h"
#include "sim/store/journal_private.h"
#include "sim/store/mended.h"

/* Makes the file fit to append: tail cut, header in place, its name in the folder on disk. */
static int prepare_append(ph_journal_t *self, uint64_t good_size, ph_report_t *report)
{
    uint8_t header[PH_JOURNAL_HEADER];
    ph_journal_header(header);
    self->size = good_size < PH_JOURNAL_HEADER ? PH_JOURNAL_HEADER : good_size;
    if (ph_file_write_at(self->descriptor, 0, header, sizeof(header)) != PH_OK ||
        ftruncate(self->descriptor, (off_t)self->size) != 0)
        return ph_fail(report, PH_ERR_IO, "%s: cannot write: %s; make room there and run again",
                       self->path, strerror(errno));
    int status = ph_file_sync(self->descriptor, self->path, report);
    return status == PH_OK && good_size == 0 ? ph_file_sync_name(self->path, report) : status;
}

char *ph_journal_path(const char *run)
{
    return ph_file_beside(run, ".journal");
}

int ph_journal_open(ph_journal_t *self, const char *path, ph_journal_index_t *index,
                    ph_report_t *report)
{
    uint64_t good_size = 0;
    memset(index, 0, sizeof(*index));
    *self = (ph_journal_t){.descriptor = -1, .path = strdup(path)};
    if (self->path == NULL)
        return ph_fail(report, PH_ERR_MEMORY, "out of memory while opening %s", path);
    int status = ph_file_open_beside(path, &self->descriptor, report);
    if (status == PH_OK)
        status = ph_journal_scan_open(self->descriptor, path, index, &good_size, report);
    if (status == PH_OK)
        status = prepare_append(self, good_size, report);
    self->holds = index->count > 0 || index->damaged > 0;
    if (status != PH_OK) {
        ph_journal_index_free(index);
        ph_journal_close(self);
    }
    return status;
}

int ph_journal_look(const char *path, int *descriptor, ph_journal_index_t *index,
                    ph_report_t *report)
{
    uint64_t good_size;
    memset(index, 0, sizeof(*index));
    *descriptor = -1;
    bool exists;
    int status = ph_file_exists(path, &exists, report);
    if (status == PH_OK && exists)
        status = ph_file_open(path, UINT64_MAX, descriptor, report);
    if (status != PH_OK || !exists)
        return status;
    status = ph_journal_scan_open(*descriptor, path, index, &good_size, report);
    if (status != PH_OK) {
        ph_journal_index_free(index);
        close(*descriptor);
        *descriptor = -1;
    }
    return status;
}

int ph_journal_scan(const char *path, ph_journal_index_t *index, ph_report_t *report)
{
    int descriptor;
    const int status = ph_journal_look(path, &descriptor, index, report);
    if (descriptor >= 0)
        close(descriptor);
    return status;
}

void ph_journal_index_free(ph_journal_index_t *index)
{
    free(index->entries);
    memset(index, 0, sizeof(*index));
}

/* Takes the record over; `status` is that of making it. */
static int append(ph_journal_t *self, int status, uint8_t *record, size_t size, ph_report_t *report)
{
    if (status != PH_OK)
        return ph_fail(report, PH_ERR_MEMORY, "%s: no memory for a record of %zu bytes", self->path,
                       size);
    const bool written = ph_file_write_at(self->descriptor, self->size, record, size) == PH_OK;
    int reason = errno;
    free(record);
    if (written) {
        self->size += size;
        return PH_OK;
    }
    /* Should this fail too, the next append overwrites the remains and the next open cuts them. */
    int cut = ftruncate(self->descriptor, (off_t)self->size);
    return ph_fail(report, PH_ERR_IO,
                   "%s: cannot append %zu bytes: %s%s; what was written before is kept: make room "
                   "and run again to go on",
                   self->path, size, strerror(reason), cut == 0 ? "" : " (nor cut the file back)");
}

int ph_journal_append(ph_journal_t *self, const ph_segment_t *segment, ph_report_t *report)
{
    uint8_t *record = NULL;
    size_t size = 0;
    int status = ph_record_encode(segment, &record, &size);
    status = append(self, status, record, size, report);
    self->holds = self->holds || status == PH_OK;
    return status;
}

int ph_journal_grid(int descriptor, const char *path, const ph_journal_index_t *index, char **text,
                    ph_report_t *report)
{
    uint8_t header[PH_RECORD_HEADER];
    const size_t length = (size_t)index->grid_bytes;
    *text = calloc(length + 1, 1);
    int status = *text != NULL ? ph_file_read_at(descriptor, index->grid, header, sizeof(header))
                               : PH_ERR_MEMORY;
    if (status == PH_OK)
        status = ph_file_read_at(descriptor, index->grid + PH_RECORD_HEADER, *text, length);
    if (status == PH_OK && ph_checksum(*text, length) != ph_record_get(header + 24, 8))
        status = PH_ERR_DAMAGED;
    if (status == PH_OK) {
        uint32_t mended;
        (*text)[length - ph_record_mark(*text + length, length, &mended)] = '\0';
        return PH_OK;
    }
    free(*text);
    *text = NULL;
    return status == PH_ERR_DAMAGED
               ? ph_fail(report, status, "%s: the grid at byte %llu is damaged", path,
                         (unsigned long long)index->grid)
               : ph_journal_unreadable(status, path, index->grid, report);
}

int ph_journal_read_grid(const char *path, const ph_journal_index_t *index, char **text,
                         ph_report_t *report)
{
    int descriptor, status = PH_OK;
    *text = NULL;
    if (index->grid > 0)
        status = ph_file_open(path, UINT64_MAX, &descriptor, report);
    if (index->grid == 0 || status != PH_OK)
        return status;
    status = ph_journal_grid(descriptor, path, index, text, report);
    close(descriptor);
    return status;
}

int ph_journal_keep_grid(ph_journal_t *self, const ph_journal_index_t *index, const char *text,
                         ph_report_t *report)
{
    uint8_t *record = NULL;
    char *kept = NULL;
    size_t size = 0;
    if (index->grid > 0 && index->mended == PH_MENDED) {
        int status = ph_journal_grid(self->descriptor, self->path, index, &kept, report);
        const bool same = status == PH_OK && strcmp(kept, text) == 0;
        free(kept);
        if (status != PH_OK || same)
            return status;
    }
    const int status = ph_record_encode_grid(text, &record, &size);
    return append(self, status, record, size, report);
}

int ph_journal_sync(ph_journal_t *self, ph_report_t *report)
{
    return ph_file_sync(self->descriptor, self->path, report);
}

/* Whether the fields are still those that the index was made with, and held against the grid. */
static bool same_entry(const ph_journal_entry_t *a, const ph_journal_entry_t *b)
{
    const ph_segment_t *x = &a->head, *y = &b->head;
    return ph_digest_equal(x->chain, y->chain) && x->sample == y->sample &&
           x->replica_first == y->replica_first && x->replicas == y->replicas &&
           x->sweep_from == y->sweep_from && x->sweep_to == y->sweep_to &&
           x->record_first == y->record_first && x->records == y->records &&
           x->components == y->components && x->state_bits == y->state_bits &&
           x->states_first == y->states_first && x->states_count == y->states_count &&
           x->states_bytes == y->states_bytes && a->series == b->series && a->sums == b->sums;
}

/* The record that the index has found here, to be freed; checked anew. */
static int read_record(int descriptor, const ph_journal_entry_t *entry, uint8_t **record)
{
    ph_extent_t extent;
    ph_journal_entry_t now;
    ph_record_extent(&entry->head, entry->series, entry->sums, &extent);
    const size_t length = (size_t)extent.payload;
    uint8_t *header = *record = malloc(PH_RECORD_HEADER + length);
    if (header == NULL)
        return PH_ERR_MEMORY;
    const uint8_t *payload = header + PH_RECORD_HEADER;
    const int status =
        ph_file_read_at(descriptor, entry->offset, header, PH_RECORD_HEADER + length);
    if (status != PH_OK)
        return status;
    return ph_record_is_header(header) && ph_record_get(header + 8, 8) == length &&
                   ph_checksum(payload, length) == ph_record_get(header + 24, 8) &&
                   ph_record_head(payload, length, &now) && same_entry(entry, &now)
               ? PH_OK
               : PH_ERR_DAMAGED;
}

int ph_journal_read(const char *path, const ph_journal_entry_t *entry, ph_segment_t *segment,
                    ph_report_t *report)
{
    memset(segment, 0, sizeof(*segment));
    int descriptor, status = ph_file_open(path, UINT64_MAX, &descriptor, report);
    if (status != PH_OK)
        return status;
    status = ph_journal_read_open(descriptor, path, entry, segment, report);
    close(descriptor);
    return status;
}

int ph_journal_read_open(int descriptor, const char *path, const ph_journal_entry_t *entry,
                         ph_segment_t *segment, ph_report_t *report)
{
    uint8_t *record = NULL;
    memset(segment, 0, sizeof(*segment));
    int status = read_record(descriptor, entry, &record);
    if (status == PH_OK)
        status = ph_record_decode(record + PH_RECORD_HEADER, entry, segment);
    if (status == PH_ERR_DAMAGED)
        ph_fail(report, status,
                "%s: the record at byte %llu is damaged; run again to compute it anew", path,
                (unsigned long long)entry->offset);
    else if (status != PH_OK)
        ph_journal_unreadable(status, path, entry->offset, report);
    free(record);
    return status;
}

bool ph_journal_drop_empty(ph_journal_t *self)
{
    if (self->descriptor < 0 || self->holds)
        return false;
    unlink(self->path);
    ph_journal_close(self);
    return true;
}

void ph_journal_close(ph_journal_t *self)
{
    if (self->descriptor >= 0)
        close(self->descriptor);
    free(self->path);
    *self = (ph_journal_t){.descriptor = -1};
}
