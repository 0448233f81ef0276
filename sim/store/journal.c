/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sim/store/journal.h"

#include <errno.h>
#include <fcntl.h>
#include <libgen.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "sim/model/moments.h"

/*
 * File header: magic, version and byte order mark (two 32-bit words), checksum of these 16 bytes.
 * Record header: magic, payload length, checksum of these 16 bytes, checksum of the payload.
 * A header with its own checksum lets a scan trust the length (and no other): that is what keeps a
 * flipped byte from losing more than its record and an absurd length from being believed.
 */
enum { FILE_HEADER = 24, RECORD_HEADER = 32, PAYLOAD_HEAD = 80, WINDOW = 1 << 16 };
enum { FLAG_SERIES = 1, FLAG_SUMS = 2 };
static const uint8_t FILE_MAGIC[8] = {0x89, 'P', 'H', 'J', '\r', '\n', 0x1a, '\n'};
static const uint8_t RECORD_MAGIC[8] = {0xf5, 'S', 'E', 'G', 0xa9, 0x0b, 0xd7, 0x3c};
static const uint32_t VERSION = 1, BYTE_ORDER_MARK = 0x01020304;

static void put(uint8_t *out, uint64_t value, size_t bytes)
{
    for (size_t i = 0; i < bytes; i++)
        out[i] = (uint8_t)(value >> (8 * i));
}

static uint64_t get(const uint8_t *in, size_t bytes)
{
    uint64_t value = 0;
    for (size_t i = 0; i < bytes; i++)
        value |= (uint64_t)in[i] << (8 * i);
    return value;
}

static void put_reals(uint8_t *out, const double *values, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        uint64_t bits;
        memcpy(&bits, &values[i], sizeof(bits));
        put(out + 8 * i, bits, 8);
    }
}

static void get_reals(const uint8_t *in, double *values, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        uint64_t bits = get(in + 8 * i, 8);
        memcpy(&values[i], &bits, sizeof(bits));
    }
}

/* Adds a * b * c to *sum; false on overflow. */
static bool add_product(uint64_t *sum, uint64_t a, uint64_t b, uint64_t c)
{
    uint64_t product;
    return !__builtin_mul_overflow(a, b, &product) &&
           !__builtin_mul_overflow(product, c, &product) &&
           !__builtin_add_overflow(*sum, product, sum);
}

/* Numbers of doubles and bytes of a segment's arrays, and the payload's length with them. */
typedef struct {
    uint64_t series, sums, spins, payload;
} extent_t;

static bool extent_of(const ph_segment_t *head, bool series, bool sums, extent_t *extent)
{
    uint64_t chains = head->replicas;
    uint64_t spin_bytes = head->neurons / 8 + (head->neurons % 8 != 0);
    memset(extent, 0, sizeof(*extent));
    if (series && (!add_product(&extent->series, chains, head->records, head->components)))
        return false;
    if (sums && !add_product(&extent->sums, chains, head->components, PH_MOMENT_WORDS))
        return false;
    extent->payload = PAYLOAD_HEAD;
    return add_product(&extent->spins, chains, spin_bytes, 1) &&
           add_product(&extent->payload, extent->series, 8, 1) &&
           add_product(&extent->payload, extent->sums, 8, 1) &&
           add_product(&extent->payload, extent->spins, 1, 1) &&
           extent->payload <= SIZE_MAX - RECORD_HEADER;
}

static void put_head(uint8_t *out, const ph_segment_t *head)
{
    unsigned flags =
        (head->series != NULL ? FLAG_SERIES : 0U) | (head->sums != NULL ? FLAG_SUMS : 0U);
    put(out, head->chain.high, 8);
    put(out + 8, head->chain.low, 8);
    put(out + 16, head->sample, 4);
    put(out + 20, head->replica_first, 4);
    put(out + 24, head->replicas, 4);
    put(out + 28, flags, 4);
    put(out + 32, head->sweep_from, 8);
    put(out + 40, head->sweep_to, 8);
    put(out + 48, head->record_first, 8);
    put(out + 56, head->records, 8);
    put(out + 64, head->components, 8);
    put(out + 72, head->neurons, 8);
}

/* Reads the fixed fields and checks that the payload has just the length they imply. */
static bool get_head(const uint8_t *in, uint64_t length, ph_segment_t *head, extent_t *extent)
{
    memset(head, 0, sizeof(*head));
    if (length < PAYLOAD_HEAD)
        return false;
    head->chain.high = get(in, 8);
    head->chain.low = get(in + 8, 8);
    head->sample = (uint32_t)get(in + 16, 4);
    head->replica_first = (uint32_t)get(in + 20, 4);
    head->replicas = (uint32_t)get(in + 24, 4);
    uint64_t flags = get(in + 28, 4);
    head->sweep_from = get(in + 32, 8);
    head->sweep_to = get(in + 40, 8);
    head->record_first = get(in + 48, 8);
    head->records = get(in + 56, 8);
    head->components = get(in + 64, 8);
    head->neurons = get(in + 72, 8);
    return extent_of(head, (flags & FLAG_SERIES) != 0, (flags & FLAG_SUMS) != 0, extent) &&
           extent->payload == length;
}

static bool read_at(int descriptor, uint64_t offset, void *bytes, size_t size)
{
    for (size_t done = 0; done < size;) {
        ssize_t got = pread(descriptor, (char *)bytes + done, size - done, (off_t)(offset + done));
        if (got < 0 && errno == EINTR)
            continue;
        if (got <= 0)
            return false;
        done += (size_t)got;
    }
    return true;
}

static bool write_at(int descriptor, uint64_t offset, const void *bytes, size_t size)
{
    for (size_t done = 0; done < size;) {
        ssize_t put_bytes =
            pwrite(descriptor, (const char *)bytes + done, size - done, (off_t)(offset + done));
        if (put_bytes < 0 && errno == EINTR)
            continue;
        if (put_bytes <= 0)
            return false;
        done += (size_t)put_bytes;
    }
    return true;
}

static void make_file_header(uint8_t *header)
{
    memcpy(header, FILE_MAGIC, 8);
    put(header + 8, VERSION, 4);
    put(header + 12, BYTE_ORDER_MARK, 4);
    put(header + 16, ph_checksum(header, 16), 8);
}

static bool good_record_header(const uint8_t *header)
{
    return memcmp(header, RECORD_MAGIC, 8) == 0 && get(header + 16, 8) == ph_checksum(header, 16);
}

/* What stands at a place in the file. */
typedef enum { FOUND_SEGMENT, FOUND_BAD_PAYLOAD, FOUND_NOTHING, FOUND_NO_MEMORY } found_t;

/*
 * Reads the record at `offset` into a fresh *payload (owned by the caller, only for
 * FOUND_SEGMENT). No length is believed that does not fit into the file.
 */
static found_t read_record(int descriptor, uint64_t size, uint64_t offset, uint8_t **payload,
                           uint64_t *length)
{
    uint8_t header[RECORD_HEADER];
    *payload = NULL;
    if (size < RECORD_HEADER || offset > size - RECORD_HEADER ||
        !read_at(descriptor, offset, header, sizeof(header)) || !good_record_header(header))
        return FOUND_NOTHING;
    *length = get(header + 8, 8);
    if (*length > size - RECORD_HEADER - offset || *length < PAYLOAD_HEAD)
        return FOUND_NOTHING;
    uint8_t *bytes = malloc((size_t)*length);
    if (bytes == NULL)
        return FOUND_NO_MEMORY;
    if (!read_at(descriptor, offset + RECORD_HEADER, bytes, (size_t)*length) ||
        ph_checksum(bytes, (size_t)*length) != get(header + 24, 8)) {
        free(bytes);
        return FOUND_BAD_PAYLOAD;
    }
    *payload = bytes;
    return FOUND_SEGMENT;
}

/* The next place from `offset` on where a record header with a good checksum stands, or size. */
static uint64_t next_header(int descriptor, uint64_t size, uint64_t offset)
{
    uint8_t window[WINDOW];
    while (offset < size && size - offset >= RECORD_HEADER) {
        uint64_t rest = size - offset;
        size_t length = rest < WINDOW ? (size_t)rest : WINDOW;
        if (!read_at(descriptor, offset, window, length))
            return size;
        for (size_t i = 0; i + RECORD_HEADER <= length; i++)
            if (window[i] == RECORD_MAGIC[0] && good_record_header(window + i))
                return offset + i;
        offset += length - RECORD_HEADER + 1;
    }
    return size;
}

static bool add_entry(ph_journal_index_t *index, const ph_segment_t *head, uint64_t offset)
{
    /* Capacity is the next power of two: grow when the count reaches one. */
    if ((index->count & (index->count - 1)) == 0) {
        size_t capacity = index->count == 0 ? 1 : 2 * index->count;
        ph_journal_entry_t *grown = realloc(index->entries, capacity * sizeof(*grown));
        if (grown == NULL)
            return false;
        index->entries = grown;
    }
    index->entries[index->count++] = (ph_journal_entry_t){.head = *head, .offset = offset};
    return true;
}

/*
 * Walks the records from the file header on. *end: where the last record stops that is whole or at
 * least has a good header; what follows is an unfinished tail.
 */
static int walk(int descriptor, uint64_t size, const char *path, ph_journal_index_t *index,
                uint64_t *end, ph_report_t *report)
{
    uint64_t offset = FILE_HEADER, length = 0;
    bool in_gap = false;
    *end = FILE_HEADER;
    while (offset < size) {
        uint8_t *payload;
        ph_segment_t head;
        extent_t extent;
        found_t found = read_record(descriptor, size, offset, &payload, &length);
        bool good = found == FOUND_SEGMENT && get_head(payload, length, &head, &extent);
        free(payload);
        if (found == FOUND_NO_MEMORY || (good && !add_entry(index, &head, offset)))
            return ph_fail(report, PH_ERR_MEMORY, "%s: out of memory while reading it", path);
        if (found == FOUND_NOTHING) {
            in_gap = true;
            offset = next_header(descriptor, size, offset + 1);
            continue;
        }
        index->damaged += (in_gap ? 1U : 0U) + (good ? 0U : 1U);
        in_gap = false;
        offset += RECORD_HEADER + length;
        *end = offset;
    }
    index->cut = size > *end ? size - *end : 0;
    return PH_OK;
}

/* Whether the first bytes are our file header (or, in a shorter file, the start of one). */
typedef enum { HEADER_GOOD, HEADER_STARTED, HEADER_DAMAGED, HEADER_NEWER } header_t;

static header_t classify_header(int descriptor, uint64_t size, uint32_t *version)
{
    uint8_t expected[FILE_HEADER], header[FILE_HEADER];
    make_file_header(expected);
    size_t length = size < FILE_HEADER ? (size_t)size : FILE_HEADER;
    if (!read_at(descriptor, 0, header, length))
        return HEADER_DAMAGED;
    if (memcmp(header, expected, length) == 0)
        return length == FILE_HEADER ? HEADER_GOOD : HEADER_STARTED;
    if (length < FILE_HEADER || memcmp(header, FILE_MAGIC, 8) != 0 ||
        get(header + 16, 8) != ph_checksum(header, 16))
        return HEADER_DAMAGED;
    *version = (uint32_t)get(header + 8, 4);
    return HEADER_NEWER;
}

/* Fills the index from an open file; *good_size: what to keep when appending. */
static int scan_open(int descriptor, const char *path, ph_journal_index_t *index,
                     uint64_t *good_size, ph_report_t *report)
{
    struct stat status;
    uint32_t version = 0;
    *good_size = 0;
    if (fstat(descriptor, &status) != 0)
        return ph_fail(report, PH_ERR_IO, "%s: cannot read: %s", path, strerror(errno));
    if (!S_ISREG(status.st_mode))
        return ph_fail(report, PH_ERR_FORMAT, "%s: not a file; expected a journal", path);
    uint64_t size = (uint64_t)status.st_size;
    header_t header = classify_header(descriptor, size, &version);
    if (header == HEADER_NEWER)
        return ph_fail(report, PH_ERR_FORMAT,
                       "%s: journal of format %u, this version of polyhebb reads format %u; use a "
                       "newer polyhebb",
                       path, version, VERSION);
    if (header == HEADER_STARTED) {
        index->cut = size;
        return PH_OK;
    }
    int result = walk(descriptor, size, path, index, good_size, report);
    if (result == PH_OK && header == HEADER_DAMAGED) {
        if (index->count == 0)
            return ph_fail(
                report, PH_ERR_FORMAT,
                "%s: not a journal of polyhebb; move it away or choose another name (-o)", path);
        index->damaged++;
    }
    return result;
}

static int sync_folder(const char *path)
{
    char *copy = strdup(path);
    if (copy == NULL)
        return -1;
    int folder = open(dirname(copy), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    free(copy);
    if (folder < 0)
        return -1;
    int failed = fsync(folder);
    close(folder);
    return failed;
}

/* Makes the file fit to append: tail cut, header in place, its name in the folder on disk. */
static int prepare_append(ph_journal_t *self, uint64_t good_size, ph_report_t *report)
{
    uint8_t header[FILE_HEADER];
    make_file_header(header);
    self->size = good_size < FILE_HEADER ? FILE_HEADER : good_size;
    if (!write_at(self->descriptor, 0, header, sizeof(header)) ||
        ftruncate(self->descriptor, (off_t)self->size) != 0 || fsync(self->descriptor) != 0 ||
        (good_size == 0 && sync_folder(self->path) != 0))
        return ph_fail(report, PH_ERR_IO, "%s: cannot write: %s; make room there and run again",
                       self->path, strerror(errno));
    return PH_OK;
}

int ph_journal_open(ph_journal_t *self, const char *path, ph_journal_index_t *index,
                    ph_report_t *report)
{
    uint64_t good_size = 0;
    memset(index, 0, sizeof(*index));
    *self = (ph_journal_t){.descriptor = -1, .path = strdup(path)};
    if (self->path == NULL)
        return ph_fail(report, PH_ERR_MEMORY, "out of memory while opening %s", path);
    int status = PH_OK;
    self->descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0666);
    if (self->descriptor < 0)
        status = ph_fail(report, PH_ERR_IO,
                         "%s: cannot open to write: %s; choose a folder where files can be "
                         "written (-o)",
                         path, strerror(errno));
    if (status == PH_OK)
        status = scan_open(self->descriptor, path, index, &good_size, report);
    if (status == PH_OK)
        status = prepare_append(self, good_size, report);
    if (status != PH_OK) {
        ph_journal_index_free(index);
        ph_journal_close(self);
    }
    return status;
}

int ph_journal_scan(const char *path, ph_journal_index_t *index, ph_report_t *report)
{
    uint64_t good_size;
    memset(index, 0, sizeof(*index));
    int descriptor = open(path, O_RDONLY | O_CLOEXEC);
    if (descriptor < 0 && errno == ENOENT)
        return PH_OK;
    if (descriptor < 0)
        return ph_fail(report, PH_ERR_IO, "%s: cannot read: %s", path, strerror(errno));
    int status = scan_open(descriptor, path, index, &good_size, report);
    if (status != PH_OK)
        ph_journal_index_free(index);
    close(descriptor);
    return status;
}

void ph_journal_index_free(ph_journal_index_t *index)
{
    free(index->entries);
    memset(index, 0, sizeof(*index));
}

int ph_journal_append(ph_journal_t *self, const ph_segment_t *segment, ph_report_t *report)
{
    extent_t extent;
    if (!extent_of(segment, segment->series != NULL, segment->sums != NULL, &extent))
        return ph_fail(report, PH_ERR_MEMORY, "%s: a segment is too large to be stored",
                       self->path);
    size_t size = RECORD_HEADER + (size_t)extent.payload;
    uint8_t *record = malloc(size);
    if (record == NULL)
        return ph_fail(report, PH_ERR_MEMORY, "%s: no memory for a record of %zu bytes", self->path,
                       size);
    uint8_t *payload = record + RECORD_HEADER, *place = payload + PAYLOAD_HEAD;
    put_head(payload, segment);
    put_reals(place, segment->series, (size_t)extent.series);
    place += 8 * extent.series;
    put_reals(place, segment->sums, (size_t)extent.sums);
    memcpy(place + 8 * extent.sums, segment->spins, (size_t)extent.spins);
    memcpy(record, RECORD_MAGIC, 8);
    put(record + 8, extent.payload, 8);
    put(record + 16, ph_checksum(record, 16), 8);
    put(record + 24, ph_checksum(payload, (size_t)extent.payload), 8);
    bool written = write_at(self->descriptor, self->size, record, size);
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

int ph_journal_sync(ph_journal_t *self, ph_report_t *report)
{
    if (fsync(self->descriptor) != 0)
        return ph_fail(report, PH_ERR_IO, "%s: cannot bring it to disk: %s", self->path,
                       strerror(errno));
    return PH_OK;
}

/* Fills a segment's arrays from a checked payload. */
static int get_segment(const uint8_t *payload, const extent_t *extent, const ph_segment_t *head,
                       ph_segment_t *segment)
{
    const uint8_t *place = payload + PAYLOAD_HEAD;
    uint64_t flags = get(payload + 28, 4);
    *segment = *head;
    segment->spins = malloc((size_t)extent->spins + 1);
    if ((flags & FLAG_SERIES) != 0)
        segment->series = malloc((size_t)extent->series * 8 + 1);
    if ((flags & FLAG_SUMS) != 0)
        segment->sums = malloc((size_t)extent->sums * 8 + 1);
    if (segment->spins == NULL || ((flags & FLAG_SERIES) != 0 && segment->series == NULL) ||
        ((flags & FLAG_SUMS) != 0 && segment->sums == NULL)) {
        ph_segment_free(segment);
        return PH_ERR_MEMORY;
    }
    get_reals(place, segment->series, (size_t)extent->series);
    place += 8 * extent->series;
    get_reals(place, segment->sums, (size_t)extent->sums);
    memcpy(segment->spins, place + 8 * extent->sums, (size_t)extent->spins);
    return PH_OK;
}

int ph_journal_read(const char *path, const ph_journal_entry_t *entry, ph_segment_t *segment,
                    ph_report_t *report)
{
    struct stat file;
    ph_segment_t head;
    extent_t extent;
    uint8_t *payload = NULL;
    uint64_t length = 0;
    memset(segment, 0, sizeof(*segment));
    int status = PH_OK, descriptor = open(path, O_RDONLY | O_CLOEXEC);
    if (descriptor < 0 || fstat(descriptor, &file) != 0) {
        status = ph_fail(report, PH_ERR_IO, "%s: cannot read: %s", path, strerror(errno));
        goto out;
    }
    found_t found =
        read_record(descriptor, (uint64_t)file.st_size, entry->offset, &payload, &length);
    if (found == FOUND_NO_MEMORY) {
        status = ph_fail(report, PH_ERR_MEMORY, "%s: out of memory while reading it", path);
        goto out;
    }
    if (found != FOUND_SEGMENT || !get_head(payload, length, &head, &extent)) {
        status = ph_fail(report, PH_ERR_DAMAGED,
                         "%s: the record at byte %llu is damaged; run again to compute it anew",
                         path, (unsigned long long)entry->offset);
        goto out;
    }
    status = get_segment(payload, &extent, &head, segment);
    if (status != PH_OK)
        ph_fail(report, status, "%s: out of memory while reading it", path);
out:
    free(payload);
    if (descriptor >= 0)
        close(descriptor);
    return status;
}

bool ph_journal_drop_empty(ph_journal_t *self)
{
    const bool empty = self->descriptor >= 0 && self->size <= FILE_HEADER;
    if (empty)
        unlink(self->path);
    ph_journal_close(self);
    return empty;
}

void ph_journal_close(ph_journal_t *self)
{
    if (self->descriptor >= 0)
        close(self->descriptor);
    free(self->path);
    *self = (ph_journal_t){.descriptor = -1};
}
