/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The bytes of a journal's records: order, lengths, and numbers that no record can have. */
#include <stdlib.h>
#include <string.h>

#include "sim/model/moments.h"
#include "sim/store/journal_private.h"
#include "tests/testing.h"

/* Little-endian, whatever the machine; as many bytes as asked for. */
START_TEST(whole_numbers)
{
    uint8_t bytes[9] = {0};
    ph_record_put(bytes, UINT64_C(0x0123456789abcdef), 8);
    ck_assert_int_eq(memcmp(bytes, "\xef\xcd\xab\x89\x67\x45\x23\x01\0", 9), 0);
    ck_assert_uint_eq(ph_record_get(bytes, 8), UINT64_C(0x0123456789abcdef));
    ck_assert_uint_eq(ph_record_get(bytes, 4), 0x89abcdef);
    ph_record_put(bytes, UINT64_MAX, 2);
    ck_assert_uint_eq(ph_record_get(bytes, 8), UINT64_C(0x0123456789abffff));
}
END_TEST

/* Lengths are those of the arrays; what does not fit into 64 bits is none. */
START_TEST(extents)
{
    static const uint64_t HUGE_ONES[] = {UINT64_MAX, UINT64_C(1) << 62, UINT64_C(1) << 33};
    const ph_segment_t plain = {.replicas = 3, .records = 5, .components = 7, .state_bits = 17};
    ph_extent_t extent;
    for (int k = 0; k < 4; k++) {
        const bool series = k & 1, sums = k & 2;
        ck_assert(ph_record_extent(&plain, series, sums, &extent));
        ck_assert_uint_eq(extent.series, series ? 105 : 0);
        ck_assert_uint_eq(extent.sums, sums ? 21 * PH_MOMENT_WORDS : 0);
        ck_assert_uint_eq(extent.spins, 9);
        ck_assert_uint_eq(extent.payload, PH_PAYLOAD_HEAD + 8 * (extent.series + extent.sums) + 9);
    }
    const ph_segment_t even = {.replicas = 3, .state_bits = 16};
    ck_assert(ph_record_extent(&even, false, false, &extent));
    ck_assert_uint_eq(extent.spins, 6);
    for (size_t i = 0; i < 3; i++) {
        ph_segment_t records = plain, components = plain;
        records.records = components.components = HUGE_ONES[i];
        records.components = HUGE_ONES[i];
        ck_assert(!ph_record_extent(&records, true, false, &extent));
        if (i < 2)
            ck_assert(!ph_record_extent(&components, false, true, &extent));
        ck_assert(ph_record_extent(&records, false, false, &extent));
    }
}
END_TEST

/* A record reads back as its segment; one byte more or less than its head implies, or a flag that
 * there is not, is no record. */
START_TEST(round_trip)
{
    double series[6], sums[4 * PH_MOMENT_WORDS];
    uint8_t spins[6] = {1, 2, 3, 4, 5, 6};
    for (size_t i = 0; i < 4 * PH_MOMENT_WORDS; i++)
        sums[i] = (double)i / 7;
    for (size_t i = 0; i < 6; i++)
        series[i] = -(double)i / 3;
    const ph_segment_t segment = {.chain = {1, 2},
                                  .sample = 3,
                                  .replica_first = 4,
                                  .replicas = 2,
                                  .sweep_from = 5,
                                  .sweep_to = 8,
                                  .record_first = 1,
                                  .records = 3,
                                  .components = 1,
                                  .state_bits = 19,
                                  .series = series,
                                  .sums = sums,
                                  .spins = spins};
    uint8_t *record;
    size_t size;
    ph_journal_entry_t entry;
    ph_segment_t back;
    ck_assert_int_eq(ph_record_encode(&segment, &record, &size), PH_OK);
    uint8_t *payload = record + PH_RECORD_HEADER;
    const size_t length = size - PH_RECORD_HEADER;
    ck_assert(ph_record_is_header(record));
    ck_assert_uint_eq(ph_record_get(record + 8, 8), length);
    ck_assert_uint_eq(ph_record_get(record + 24, 8), ph_checksum(payload, length));
    ck_assert(ph_record_head(payload, length, &entry) && entry.series && entry.sums);
    ck_assert(!ph_record_head(payload, length - 1, &entry));
    ck_assert(!ph_record_head(payload, length + 1, &entry));
    ck_assert(!ph_record_head(payload, PH_PAYLOAD_HEAD - 1, &entry));
    payload[28] |= 8;
    ck_assert(!ph_record_head(payload, length, &entry));
    payload[28] = (payload[28] & 3) | 4; /* states that are not there */
    ck_assert(!ph_record_head(payload, length, &entry));
    payload[28] &= 3;
    ck_assert(ph_record_head(payload, length, &entry));
    ck_assert_int_eq(ph_record_decode(payload, &entry, &back), PH_OK);
    ck_assert(ph_digest_equal(back.chain, segment.chain) && back.sample == 3 &&
              back.replica_first == 4 && back.replicas == 2 && back.sweep_from == 5 &&
              back.sweep_to == 8 && back.record_first == 1 && back.records == 3 &&
              back.components == 1 && back.state_bits == 19);
    ck_assert_mem_eq(back.series, series, sizeof(series));
    ck_assert_mem_eq(back.sums, sums, 2 * PH_MOMENT_WORDS * sizeof(*sums));
    ck_assert_mem_eq(back.spins, spins, 6);
    record[9] ^= 1; /* a length that its checksum does not cover */
    ck_assert(!ph_record_is_header(record));
    ph_segment_free(&back);
    free(record);
}
END_TEST

/* The same of recorded states, which have a longer head; without any it is as it was. */
START_TEST(round_trip_of_states)
{
    uint8_t spins[2] = {7, 8}, states[8] = {1, 2, 3, 4, 5, 6, 9, 10};
    ph_segment_t segment = {.replicas = 2, .sweep_to = 8, .state_bits = 8, .spins = spins};
    uint8_t *record;
    size_t size;
    ph_journal_entry_t entry;
    ph_segment_t back;
    for (uint64_t count = 0; count < 3; count += 2) {
        segment.states_first = 3;
        segment.states_count = count;
        segment.states_bytes = 2;
        segment.states = states;
        ck_assert_int_eq(ph_record_encode(&segment, &record, &size), PH_OK);
        ck_assert_uint_eq(size, PH_RECORD_HEADER + 80 + 2 + (count > 0 ? 24 + 8 : 0));
        uint8_t *payload = record + PH_RECORD_HEADER;
        ck_assert(ph_record_head(payload, size - PH_RECORD_HEADER, &entry));
        ck_assert_uint_eq(entry.head.states_count, count);
        ck_assert_int_eq(ph_record_decode(payload, &entry, &back), PH_OK);
        ck_assert_mem_eq(back.spins, spins, 2);
        ck_assert_int_eq(back.states != NULL, count > 0);
        if (count > 0) {
            ck_assert_uint_eq(back.states_first, 3);
            ck_assert_uint_eq(back.states_bytes, 2);
            ck_assert_mem_eq(back.states, states, 8);
            ck_assert(!ph_record_head(payload, 100, &entry));
        }
        ph_segment_free(&back);
        free(record);
    }
    double series[4] = {0.0}; /* where the flag would have the head go on: no states */
    const ph_segment_t zeros = {.replicas = 2,
                                .sweep_to = 8,
                                .records = 1,
                                .components = 2,
                                .state_bits = 8,
                                .series = series,
                                .spins = spins};
    ck_assert_int_eq(ph_record_encode(&zeros, &record, &size), PH_OK);
    ck_assert(ph_record_head(record + PH_RECORD_HEADER, size - PH_RECORD_HEADER, &entry));
    record[PH_RECORD_HEADER + 28] |= 4;
    ck_assert(!ph_record_head(record + PH_RECORD_HEADER, size - PH_RECORD_HEADER, &entry));
    free(record);
    segment.states_count = UINT64_C(1) << 62;
    ph_extent_t extent;
    ck_assert(!ph_record_extent(&segment, false, false, &extent));
}
END_TEST

PH_TEST_MAIN("record", whole_numbers, extents, round_trip, round_trip_of_states)
