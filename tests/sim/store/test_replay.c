/* SPDX-License-Identifier: GPL-3.0-or-later */

/* A journal as it is replayed: of any number of records, changed under its index, held against it
 * field by field; and what is said where it cannot be read. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "sim/model/moments.h"
#include "sim/store/journal_private.h"
#include "tests/testing.h"

enum { SPINS = 3, MANY = 70 };

static char path[64];
static ph_report_t report;

static void begin(void)
{
    snprintf(path, sizeof(path), "/tmp/polyhebb-replay-XXXXXX");
    close(mkstemp(path));
    unlink(path);
    ph_report_init(&report);
}

static void end(void)
{
    unlink(path);
    ph_report_free(&report);
}

/* A record of its own size; without arrays where `number` is odd. */
static ph_segment_t segment_of(uint32_t number)
{
    static double series[8], sums[4 * PH_MOMENT_WORDS];
    static uint8_t spins[8];
    for (size_t i = 0; i < 8; i++) {
        series[i] = (double)number + (double)i / 8;
        spins[i] = (uint8_t)(number + i);
    }
    for (size_t i = 0; i < 4 * PH_MOMENT_WORDS; i++)
        sums[i] = -(double)number - (double)i / 4;
    const bool full = number % 2 == 0;
    return (ph_segment_t){.chain = {.high = 1, .low = number},
                          .sample = number,
                          .replica_first = 3,
                          .replicas = 2,
                          .sweep_from = 5,
                          .sweep_to = 8,
                          .record_first = 1,
                          .records = full ? 1 + number % 4 : 0,
                          .components = 1,
                          .state_bits = 17,
                          .series = full ? series : NULL,
                          .sums = full ? sums : NULL,
                          .spins = spins};
}

static bool equal(const ph_segment_t *a, const ph_segment_t *b)
{
    const size_t series = (size_t)(a->replicas * a->records * a->components);
    const size_t sums = (size_t)(a->replicas * a->components) * PH_MOMENT_WORDS;
    return ph_digest_equal(a->chain, b->chain) && a->sample == b->sample &&
           a->records == b->records && (a->series == NULL) == (b->series == NULL) &&
           (a->sums == NULL) == (b->sums == NULL) &&
           (a->series == NULL || memcmp(a->series, b->series, series * sizeof(double)) == 0) &&
           (a->sums == NULL || memcmp(a->sums, b->sums, sums * sizeof(double)) == 0) &&
           memcmp(a->spins, b->spins, 2 * SPINS) == 0;
}

static void append(uint32_t first, uint32_t behind)
{
    ph_journal_t journal;
    ph_journal_index_t index;
    ck_assert_int_eq(ph_journal_open(&journal, path, &index, &report), PH_OK);
    ck_assert_uint_eq(index.count, first);
    for (uint32_t i = first; i < behind; i++) {
        const ph_segment_t segment = segment_of(i);
        ck_assert_int_eq(ph_journal_append(&journal, &segment, &report), PH_OK);
    }
    ck_assert_int_eq(ph_journal_sync(&journal, &report), PH_OK);
    ph_journal_close(&journal);
    ph_journal_index_free(&index);
}

/* Records of all sizes, appended in goes of any length, come back in order, each as it was; the
 * index knows where each is. */
START_TEST(any_number)
{
    begin();
    for (uint32_t have = 0, go = 1; have < MANY; have += go, go = go % 7 + 1) {
        ph_journal_index_t index;
        uint64_t offset = PH_JOURNAL_HEADER;
        append(have, have + go);
        ck_assert_int_eq(ph_journal_scan(path, &index, &report), PH_OK);
        ck_assert(index.count == have + go && index.damaged == 0 && index.cut == 0);
        for (uint32_t i = 0; i < index.count; i++) {
            const ph_segment_t right = segment_of(i);
            ph_segment_t found;
            ph_extent_t extent;
            ck_assert_int_eq(ph_journal_read(path, &index.entries[i], &found, &report), PH_OK);
            ck_assert_msg(equal(&right, &found), "record %u of %zu", i, index.count);
            ph_segment_free(&found);
            ck_assert_uint_eq(index.entries[i].offset, offset);
            ck_assert(ph_record_extent(&right, i % 2 == 0, i % 2 == 0, &extent));
            offset += PH_RECORD_HEADER + extent.payload;
        }
        ph_journal_index_free(&index);
    }
    ck_assert_uint_eq(report.count, 0);
    end();
}
END_TEST

static void set_chain(ph_segment_t *s)
{
    s->chain.low++;
}
static void set_chain_high(ph_segment_t *s)
{
    s->chain.high++;
}
static void set_sample(ph_segment_t *s)
{
    s->sample++;
}
static void set_replica(ph_segment_t *s)
{
    s->replica_first++;
}
static void set_from(ph_segment_t *s)
{
    s->sweep_from--;
}
static void set_to(ph_segment_t *s)
{
    s->sweep_to++;
}
static void set_record(ph_segment_t *s)
{
    s->record_first++;
}
static void set_bits(ph_segment_t *s)
{
    s->state_bits++;
}
static void set_shape(ph_segment_t *s)
{
    s->records = 2;
    s->components = 3;
}
static void set_records(ph_segment_t *s)
{
    s->records = 4;
}
static void set_components(ph_segment_t *s)
{
    s->components = 4;
}
static void set_spins(ph_segment_t *s)
{
    s->spins[0] ^= 1;
}

/* What can change while a record keeps its length, which without a series hangs on neither records
 * nor components; spins alone are no field of the index. */
static const struct {
    void (*change)(ph_segment_t *segment);
    int status;
    bool bare;
} CHANGES[] = {{set_chain, PH_ERR_DAMAGED, false},     {set_chain_high, PH_ERR_DAMAGED, false},
               {set_sample, PH_ERR_DAMAGED, false},    {set_replica, PH_ERR_DAMAGED, false},
               {set_from, PH_ERR_DAMAGED, false},      {set_to, PH_ERR_DAMAGED, false},
               {set_record, PH_ERR_DAMAGED, false},    {set_bits, PH_ERR_DAMAGED, false},
               {set_shape, PH_ERR_DAMAGED, false},     {set_records, PH_ERR_DAMAGED, true},
               {set_components, PH_ERR_DAMAGED, true}, {set_spins, PH_OK, false}};

/* A record that is whole, but not the one that the index was made of, is not taken for it. */
START_TEST(changed_records)
{
    double series[12] = {0};
    for (size_t i = 0; i < sizeof(CHANGES) / sizeof(CHANGES[0]); i++) {
        ph_segment_t segment = segment_of(0), found;
        ph_journal_index_t index;
        uint8_t *record;
        size_t size;
        begin();
        segment.records = 6; /* series of 6 x 1, which 2 x 3 are as well */
        segment.series = CHANGES[i].bare ? NULL : series;
        segment.sums = NULL;
        ck_assert_int_eq(ph_record_encode(&segment, &record, &size), PH_OK);
        uint8_t header[PH_JOURNAL_HEADER];
        ph_journal_header(header);
        FILE *file = fopen(path, "wb");
        fwrite(header, 1, sizeof(header), file);
        fwrite(record, 1, size, file);
        fclose(file);
        free(record);
        ck_assert_int_eq(ph_journal_scan(path, &index, &report), PH_OK);
        ck_assert_uint_eq(index.count, 1);
        CHANGES[i].change(&segment);
        size_t again;
        ck_assert_int_eq(ph_record_encode(&segment, &record, &again), PH_OK);
        ck_assert_uint_eq(again, size);
        file = fopen(path, "r+b");
        fseek(file, PH_JOURNAL_HEADER, SEEK_SET);
        fwrite(record, 1, size, file);
        fclose(file);
        free(record);
        ck_assert_msg(ph_journal_read(path, &index.entries[0], &found, &report) ==
                          CHANGES[i].status,
                      "change %zu", i);
        if (CHANGES[i].status != PH_OK)
            ck_assert_ptr_nonnull(
                strstr(report.messages[0].text, ": the record at byte 24 is damaged; run again"));
        ck_assert_int_eq(found.spins != NULL, CHANGES[i].status == PH_OK);
        ph_segment_free(&found);
        ph_journal_index_free(&index);
        end();
    }
}
END_TEST

/* A record cut off, or gone with its file, after the index was made. */
START_TEST(cut_under_index)
{
    ph_journal_index_t index;
    ph_segment_t found;
    struct stat facts;
    begin();
    append(0, 2);
    ck_assert_int_eq(ph_journal_scan(path, &index, &report), PH_OK);
    ck_assert_int_eq(stat(path, &facts), 0);
    for (off_t left = facts.st_size - 1; left >= (off_t)index.entries[1].offset; left -= 9) {
        ck_assert_int_eq(truncate(path, left), 0);
        ck_assert_int_eq(ph_journal_read(path, &index.entries[1], &found, &report), PH_ERR_DAMAGED);
        ck_assert_ptr_null(found.spins);
        ck_assert_int_eq(ph_journal_read(path, &index.entries[0], &found, &report), PH_OK);
        ph_segment_free(&found);
    }
    unlink(path);
    ck_assert_int_eq(ph_journal_read(path, &index.entries[0], &found, &report), PH_ERR_IO);
    ph_journal_index_free(&index);
    end();
}
END_TEST

/* What is at each byte of a journal: records where they begin, nothing between, a bad payload where
 * one byte of it is another. No length reaches beyond the size that is said. */
START_TEST(found_at)
{
    ph_journal_index_t index;
    struct stat facts;
    begin();
    append(0, 3);
    ck_assert_int_eq(ph_journal_scan(path, &index, &report), PH_OK);
    const int file = open(path, O_RDWR);
    fstat(file, &facts);
    const uint64_t size = (uint64_t)facts.st_size;
    size_t records = 0, others = 0;
    for (uint64_t at = 0; at <= size + 40; at++) {
        ph_journal_entry_t entry;
        ph_found_t found = PH_FOUND_BAD_PAYLOAD;
        uint64_t length = 0;
        ck_assert_int_eq(ph_record_find(file, size, at, &found, &length, &entry), PH_OK);
        const bool right = records < index.count && index.entries[records].offset == at;
        records += right && found == PH_FOUND_RECORD;
        others += right ? found != PH_FOUND_RECORD : found != PH_FOUND_NOTHING;
    }
    ck_assert(records == 3 && others == 0);
    const uint64_t last = index.entries[2].offset;
    for (uint64_t end_at = last; end_at < size; end_at += 7) { /* a file said to end sooner */
        ph_journal_entry_t entry;
        ph_found_t found = PH_FOUND_BAD_PAYLOAD;
        uint64_t length = 0;
        ck_assert_int_eq(ph_record_find(file, end_at, last, &found, &length, &entry), PH_OK);
        ck_assert_int_eq(found, PH_FOUND_NOTHING);
    }
    for (uint64_t at = last + PH_RECORD_HEADER; at < size; at += 11) {
        ph_journal_entry_t entry;
        ph_found_t found = PH_FOUND_NOTHING;
        uint64_t length = 0;
        char byte, other;
        ck_assert_int_eq(pread(file, &byte, 1, (off_t)at), 1);
        other = (char)(byte ^ 4);
        ck_assert_int_eq(pwrite(file, &other, 1, (off_t)at), 1);
        ck_assert_int_eq(ph_record_find(file, size, last, &found, &length, &entry), PH_OK);
        ck_assert_int_eq(found, PH_FOUND_BAD_PAYLOAD);
        ck_assert_uint_eq(length, size - last - PH_RECORD_HEADER);
        ck_assert_int_eq(pwrite(file, &byte, 1, (off_t)at), 1);
    }
    close(file);
    ph_journal_entry_t entry;
    ph_found_t found;
    uint64_t length;
    ck_assert_int_eq(ph_record_find(file, size, last, &found, &length, &entry), PH_ERR_IO);
    ph_journal_index_free(&index);
    end();
}
END_TEST

/* A journal in which nothing was begun goes with its writer; one with a record stays, open. */
START_TEST(drop_empty)
{
    ph_journal_t journal;
    ph_journal_index_t index;
    begin();
    ck_assert_int_eq(ph_journal_open(&journal, path, &index, &report), PH_OK);
    ck_assert_int_eq(access(path, F_OK), 0);
    ck_assert_uint_eq(journal.size, PH_JOURNAL_HEADER);
    ck_assert(ph_journal_drop_empty(&journal));
    ck_assert_int_ne(access(path, F_OK), 0);
    ck_assert(!ph_journal_drop_empty(&journal)); /* once */
    ck_assert_int_eq(journal.descriptor, -1);
    append(0, 1);
    ck_assert_int_eq(ph_journal_open(&journal, path, &index, &report), PH_OK);
    ck_assert(!ph_journal_drop_empty(&journal));
    ck_assert_int_eq(access(path, F_OK), 0);
    const ph_segment_t segment = segment_of(1);
    ck_assert_int_eq(ph_journal_append(&journal, &segment, &report), PH_OK);
    ph_journal_close(&journal);
    ph_journal_close(&journal);
    ph_journal_index_free(&index);
    ck_assert_int_eq(ph_journal_scan(path, &index, &report), PH_OK);
    ck_assert_uint_eq(index.count, 2);
    ph_journal_index_free(&index);
    end();
}
END_TEST

/* What cannot be read is told with the byte and the system's reason, as no damage; without memory
 * it is that. */
START_TEST(unreadable)
{
    ph_journal_index_t index = {0};
    uint64_t good = 7;
    begin();
    errno = EIO;
    ck_assert_int_eq(ph_journal_unreadable(PH_ERR_IO, "a.journal", 77, &report), PH_ERR_IO);
    ck_assert_int_eq(strncmp(report.messages[0].text,
                             "a.journal: cannot read at byte 77: Input/output error; nothing was "
                             "changed.",
                             72),
                     0);
    ck_assert_int_eq(ph_journal_unreadable(PH_ERR_MEMORY, "a.journal", 77, &report), PH_ERR_MEMORY);
    ck_assert_str_eq(report.messages[1].text, "a.journal: out of memory while reading it");
    append(0, 1);
    const int file = open(path, O_WRONLY);
    ck_assert_int_eq(ph_journal_scan_open(file, path, &index, &good, &report), PH_ERR_IO);
    ck_assert_ptr_nonnull(strstr(report.messages[2].text, "cannot read at byte 0"));
    ck_assert(good == 0 && index.count == 0);
    close(file);
    const int null = open("/dev/null", O_RDONLY);
    ck_assert_int_eq(ph_journal_scan_open(null, "null", &index, &good, &report), PH_ERR_FORMAT);
    ck_assert_str_eq(report.messages[3].text, "null: not a file; expected a journal");
    close(null);
    ck_assert_int_eq(ph_journal_scan_open(null, "null", &index, &good, &report), PH_ERR_IO);
    end();
}
END_TEST

/* A segment whose record would be longer than can be counted is refused before any memory. */
START_TEST(too_long)
{
    ph_segment_t segment = segment_of(0);
    uint8_t *record = NULL;
    size_t size = 0;
    segment.records = UINT64_C(1) << 60;
    ck_assert_int_eq(ph_record_encode(&segment, &record, &size), PH_ERR_LIMIT);
    ck_assert_ptr_null(record);
    segment = segment_of(1);
    segment.state_bits = UINT64_MAX;
    segment.replicas = UINT32_MAX;
    ck_assert_int_eq(ph_record_encode(&segment, &record, &size), PH_ERR_LIMIT);
    ck_assert_uint_eq(size, 0);
}
END_TEST

PH_TEST_MAIN("replay", any_number, changed_records, cut_under_index, found_at, drop_empty,
             unreadable, too_long)
