/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sim/model/moments.h"
#include "sim/store/journal_private.h"
#include "sim/store/mended.h"

enum { FLAG_SERIES = 1, FLAG_SUMS = 2, FLAG_STATES = 4 };
static const uint8_t FILE_MAGIC[8] = {0x89, 'P', 'H', 'J', '\r', '\n', 0x1a, '\n'};
static const uint8_t RECORD_MAGIC[8] = {0xf5, 'S', 'E', 'G', 0xa9, 0x0b, 0xd7, 0x3c};
static const uint8_t GRID_MAGIC[8] = {0xf5, 'G', 'R', 'D', 0xa9, 0x0b, 0xd7, 0x3c};
static const char MARK[] = "\n# mended: ";
static const uint32_t BYTE_ORDER_MARK = 0x01020304;

void ph_record_put(uint8_t *out, uint64_t value, size_t bytes)
{
    for (size_t i = 0; i < bytes; i++)
        out[i] = (uint8_t)(value >> (8 * i));
}

uint64_t ph_record_get(const uint8_t *in, size_t bytes)
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
        ph_record_put(out + 8 * i, bits, 8);
    }
}

static void get_reals(const uint8_t *in, double *values, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        uint64_t bits = ph_record_get(in + 8 * i, 8);
        memcpy(&values[i], &bits, sizeof(bits));
    }
}

void ph_journal_header(uint8_t *header)
{
    memcpy(header, FILE_MAGIC, 8);
    ph_record_put(header + 8, PH_JOURNAL_VERSION, 4);
    ph_record_put(header + 12, BYTE_ORDER_MARK, 4);
    ph_record_put(header + 16, ph_checksum(header, 16), 8);
}

bool ph_record_is_header(const uint8_t *header)
{
    return (memcmp(header, RECORD_MAGIC, 8) == 0 || ph_record_is_grid(header)) &&
           ph_record_get(header + 16, 8) == ph_checksum(header, 16);
}

bool ph_record_is_grid(const uint8_t *header)
{
    return memcmp(header, GRID_MAGIC, 8) == 0;
}

/* The header before a payload that is in place. */
static void put_header(uint8_t *record, const uint8_t *magic, uint64_t length)
{
    memcpy(record, magic, 8);
    ph_record_put(record + 8, length, 8);
    ph_record_put(record + 16, ph_checksum(record, 16), 8);
    ph_record_put(record + 24, ph_checksum(record + PH_RECORD_HEADER, (size_t)length), 8);
}

/* Adds a * b * c to *sum; false on overflow. */
static bool add_product(uint64_t *sum, uint64_t a, uint64_t b, uint64_t c)
{
    uint64_t product;
    return !__builtin_mul_overflow(a, b, &product) &&
           !__builtin_mul_overflow(product, c, &product) &&
           !__builtin_add_overflow(*sum, product, sum);
}

bool ph_record_extent(const ph_segment_t *head, bool series, bool sums, ph_extent_t *extent)
{
    uint64_t chains = head->replicas;
    uint64_t spin_bytes = head->state_bits / 8 + (head->state_bits % 8 != 0);
    memset(extent, 0, sizeof(*extent));
    if (series && (!add_product(&extent->series, chains, head->records, head->components)))
        return false;
    if (sums && !add_product(&extent->sums, chains, head->components, PH_MOMENT_WORDS))
        return false;
    extent->head = PH_PAYLOAD_HEAD + (head->states_count > 0 ? PH_PAYLOAD_STATES : 0);
    extent->payload = extent->head;
    return add_product(&extent->spins, chains, spin_bytes, 1) &&
           add_product(&extent->states, chains, head->states_count, head->states_bytes) &&
           add_product(&extent->payload, extent->series, 8, 1) &&
           add_product(&extent->payload, extent->sums, 8, 1) &&
           add_product(&extent->payload, extent->spins, 1, 1) &&
           add_product(&extent->payload, extent->states, 1, 1) &&
           extent->payload <= SIZE_MAX - PH_RECORD_HEADER;
}

static void put_head(uint8_t *out, const ph_segment_t *head)
{
    unsigned flags = (head->series != NULL ? FLAG_SERIES : 0U) |
                     (head->sums != NULL ? FLAG_SUMS : 0U) |
                     (head->states_count > 0 ? FLAG_STATES : 0U);
    ph_record_put(out, head->chain.high, 8);
    ph_record_put(out + 8, head->chain.low, 8);
    ph_record_put(out + 16, head->sample, 4);
    ph_record_put(out + 20, head->replica_first, 4);
    ph_record_put(out + 24, head->replicas, 4);
    ph_record_put(out + 28, flags, 4);
    ph_record_put(out + 32, head->sweep_from, 8);
    ph_record_put(out + 40, head->sweep_to, 8);
    ph_record_put(out + 48, head->record_first, 8);
    ph_record_put(out + 56, head->records, 8);
    ph_record_put(out + 64, head->components, 8);
    ph_record_put(out + 72, head->state_bits, 8);
    if (head->states_count == 0)
        return;
    ph_record_put(out + 80, head->states_first, 8);
    ph_record_put(out + 88, head->states_count, 8);
    ph_record_put(out + 96, head->states_bytes, 8);
}

bool ph_record_head(const uint8_t *payload, uint64_t length, ph_journal_entry_t *entry)
{
    ph_segment_t *head = &entry->head;
    ph_extent_t extent;
    memset(entry, 0, sizeof(*entry));
    if (length < PH_PAYLOAD_HEAD)
        return false;
    head->chain.high = ph_record_get(payload, 8);
    head->chain.low = ph_record_get(payload + 8, 8);
    head->sample = (uint32_t)ph_record_get(payload + 16, 4);
    head->replica_first = (uint32_t)ph_record_get(payload + 20, 4);
    head->replicas = (uint32_t)ph_record_get(payload + 24, 4);
    uint64_t flags = ph_record_get(payload + 28, 4);
    head->sweep_from = ph_record_get(payload + 32, 8);
    head->sweep_to = ph_record_get(payload + 40, 8);
    head->record_first = ph_record_get(payload + 48, 8);
    head->records = ph_record_get(payload + 56, 8);
    head->components = ph_record_get(payload + 64, 8);
    head->state_bits = ph_record_get(payload + 72, 8);
    entry->series = (flags & FLAG_SERIES) != 0;
    entry->sums = (flags & FLAG_SUMS) != 0;
    if ((flags & FLAG_STATES) != 0) {
        if (length < PH_PAYLOAD_HEAD + PH_PAYLOAD_STATES)
            return false;
        head->states_first = ph_record_get(payload + 80, 8);
        head->states_count = ph_record_get(payload + 88, 8);
        head->states_bytes = ph_record_get(payload + 96, 8);
    }
    return (flags & ~(uint64_t)(FLAG_SERIES | FLAG_SUMS | FLAG_STATES)) == 0 &&
           ((flags & FLAG_STATES) != 0) == (head->states_count > 0) &&
           ph_record_extent(head, entry->series, entry->sums, &extent) && extent.payload == length;
}

int ph_record_encode(const ph_segment_t *segment, uint8_t **record, size_t *size)
{
    ph_extent_t extent;
    if (!ph_record_extent(segment, segment->series != NULL, segment->sums != NULL, &extent))
        return PH_ERR_LIMIT;
    *size = PH_RECORD_HEADER + (size_t)extent.payload;
    *record = malloc(*size);
    if (*record == NULL)
        return PH_ERR_MEMORY;
    uint8_t *payload = *record + PH_RECORD_HEADER, *place = payload + extent.head;
    put_head(payload, segment);
    put_reals(place, segment->series, (size_t)extent.series);
    place += 8 * extent.series;
    put_reals(place, segment->sums, (size_t)extent.sums);
    place += 8 * extent.sums;
    memcpy(place, segment->spins, (size_t)extent.spins);
    if (extent.states > 0)
        memcpy(place + extent.spins, segment->states, (size_t)extent.states);
    put_header(*record, RECORD_MAGIC, extent.payload);
    return PH_OK;
}

int ph_record_encode_grid(const char *text, uint8_t **record, size_t *size)
{
    char mark[PH_MARK_MOST];
    const int marked = snprintf(mark, sizeof(mark), "%s%d\n", MARK, PH_MENDED);
    const size_t length = strlen(text), more = (size_t)marked;
    *size = PH_RECORD_HEADER + length + more;
    *record = malloc(*size);
    if (*record == NULL)
        return PH_ERR_MEMORY;
    memcpy(*record + PH_RECORD_HEADER, text, length);
    memcpy(*record + PH_RECORD_HEADER + length, mark, more);
    put_header(*record, GRID_MAGIC, length + more);
    return PH_OK;
}

size_t ph_record_mark(const char *end, size_t length, uint32_t *mended)
{
    const size_t head = strlen(MARK), most = length < PH_MARK_MOST ? length : PH_MARK_MOST;
    size_t line = 1;
    *mended = 0;
    while (line < most && end[-1 - (ptrdiff_t)line] >= '0' && end[-1 - (ptrdiff_t)line] <= '9')
        line++;
    if (length < line + head || end[-1] != '\n' || line < 2 || line > 9 ||
        memcmp(end - line - head, MARK, head) != 0)
        return 0;
    for (const char *digit = end - line; digit < end - 1; digit++)
        *mended = 10 * *mended + (uint32_t)(*digit - '0');
    return line + head;
}

int ph_record_decode(const uint8_t *payload, const ph_journal_entry_t *entry, ph_segment_t *segment)
{
    ph_extent_t extent;
    ph_record_extent(&entry->head, entry->series, entry->sums, &extent);
    const uint8_t *place = payload + extent.head;
    *segment = entry->head;
    segment->spins = malloc((size_t)extent.spins + 1);
    if (entry->series)
        segment->series = malloc((size_t)extent.series * 8 + 1);
    if (entry->sums)
        segment->sums = malloc((size_t)extent.sums * 8 + 1);
    if (extent.states > 0)
        segment->states = malloc((size_t)extent.states);
    if (segment->spins == NULL || (entry->series && segment->series == NULL) ||
        (entry->sums && segment->sums == NULL) || (extent.states > 0 && segment->states == NULL)) {
        ph_segment_free(segment);
        return PH_ERR_MEMORY;
    }
    get_reals(place, segment->series, (size_t)extent.series);
    place += 8 * extent.series;
    get_reals(place, segment->sums, (size_t)extent.sums);
    place += 8 * extent.sums;
    memcpy(segment->spins, place, (size_t)extent.spins);
    if (extent.states > 0)
        memcpy(segment->states, place + extent.spins, (size_t)extent.states);
    return PH_OK;
}
