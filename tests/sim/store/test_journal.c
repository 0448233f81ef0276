/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sim/store/journal.h"

#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include "sim/model/moments.h"
#include "sim/store/journal_private.h"
#include "sim/store/mended.h"
#include "tests/testing.h"

/* Length of what stands behind a grid: an end of line, "# mended: 1" and another. */
enum { SEGMENTS = 3, FILE_HEADER = 24, RECORD_HEADER = 32, MARK = 13 };

static char path[64];

static void new_path(void)
{
    snprintf(path, sizeof(path), "/tmp/polyhebb-journal-XXXXXX");
    int descriptor = mkstemp(path);
    ck_assert_int_ge(descriptor, 0);
    close(descriptor);
    unlink(path);
}

static double value(size_t i, int number)
{
    return (double)i / 3.0 + number;
}

/* Segment `number`: every field distinct, arrays filled by a rule. */
static ph_segment_t make_segment(int number)
{
    ph_segment_t s = {.chain = {.high = UINT64_C(0xfedcba9876543210), .low = (uint64_t)number},
                      .sample = 5,
                      .replica_first = 7,
                      .replicas = 2,
                      .sweep_from = 11,
                      .sweep_to = 13,
                      .record_first = 17,
                      .records = 3,
                      .components = 2,
                      .state_bits = 19};
    s.series = malloc(12 * sizeof(double));
    s.sums = malloc(4 * PH_MOMENT_WORDS * sizeof(double));
    s.spins = malloc(6);
    for (size_t i = 0; i < 12; i++)
        s.series[i] = value(i, number);
    for (size_t i = 0; i < 4 * PH_MOMENT_WORDS; i++)
        s.sums[i] = -value(i, number);
    for (size_t i = 0; i < 6; i++)
        s.spins[i] = (uint8_t)(31 * i + (size_t)number);
    return s;
}

static void check_segment(const ph_segment_t *s, int number)
{
    ph_segment_t expected = make_segment(number);
    ck_assert(ph_digest_equal(s->chain, expected.chain));
    ck_assert_uint_eq(s->sample, 5);
    ck_assert_uint_eq(s->replica_first, 7);
    ck_assert_uint_eq(s->replicas, 2);
    ck_assert_uint_eq(s->sweep_from, 11);
    ck_assert_uint_eq(s->sweep_to, 13);
    ck_assert_uint_eq(s->record_first, 17);
    ck_assert_uint_eq(s->state_bits, 19);
    ck_assert_mem_eq(s->series, expected.series, 12 * sizeof(double));
    ck_assert_mem_eq(s->sums, expected.sums, 4 * PH_MOMENT_WORDS * sizeof(double));
    ck_assert_mem_eq(s->spins, expected.spins, 6);
    ph_segment_free(&expected);
}

static uint64_t file_size(void)
{
    struct stat status;
    ck_assert_int_eq(stat(path, &status), 0);
    return (uint64_t)status.st_size;
}

/* A journal of SEGMENTS segments; returns the length of one record. */
static uint64_t make_journal(void)
{
    ph_journal_t journal;
    ph_journal_index_t index;
    new_path();
    ck_assert_int_eq(ph_journal_open(&journal, path, &index, NULL), PH_OK);
    ck_assert_uint_eq(index.count, 0);
    for (int i = 0; i < SEGMENTS; i++) {
        ph_segment_t segment = make_segment(i);
        ck_assert_int_eq(ph_journal_append(&journal, &segment, NULL), PH_OK);
        ph_segment_free(&segment);
    }
    ck_assert_int_eq(ph_journal_sync(&journal, NULL), PH_OK);
    ck_assert_uint_eq(journal.size, file_size());
    ph_journal_close(&journal);
    return (file_size() - FILE_HEADER) / SEGMENTS;
}

static void flip(uint64_t offset)
{
    FILE *file = fopen(path, "r+b");
    fseek(file, (long)offset, SEEK_SET);
    int byte = fgetc(file);
    fseek(file, (long)offset, SEEK_SET);
    fputc(byte ^ 0x10, file);
    fclose(file);
}

/* What is written comes back bit for bit, in order, with nothing reported lost. */
START_TEST(round_trip)
{
    make_journal();
    ph_journal_index_t index;
    ck_assert_int_eq(ph_journal_scan(path, &index, NULL), PH_OK);
    ck_assert_uint_eq(index.count, SEGMENTS);
    ck_assert_uint_eq(index.damaged, 0);
    ck_assert_uint_eq(index.cut, 0);
    for (int i = 0; i < SEGMENTS; i++) {
        ph_segment_t segment;
        ck_assert_int_eq(ph_journal_read(path, &index.entries[i], &segment, NULL), PH_OK);
        check_segment(&segment, i);
        ph_segment_free(&segment);
    }
    ph_journal_index_free(&index);
    unlink(path);
}
END_TEST

/* A segment without trajectory and moments comes back without them. */
START_TEST(bare_segment)
{
    ph_journal_t journal;
    ph_journal_index_t index;
    new_path();
    ck_assert_int_eq(ph_journal_open(&journal, path, &index, NULL), PH_OK);
    ph_segment_t full = make_segment(0), bare = full, back;
    bare.series = bare.sums = NULL;
    ck_assert_int_eq(ph_journal_append(&journal, &bare, NULL), PH_OK);
    ph_journal_close(&journal);
    ck_assert_int_eq(ph_journal_scan(path, &index, NULL), PH_OK);
    ck_assert_uint_eq(index.count, 1);
    ck_assert_int_eq(ph_journal_read(path, &index.entries[0], &back, NULL), PH_OK);
    ck_assert_ptr_null(back.series);
    ck_assert_ptr_null(back.sums);
    ck_assert_mem_eq(back.spins, full.spins, 6);
    ph_segment_free(&back);
    ph_segment_free(&full);
    ph_journal_index_free(&index);
    unlink(path);
}
END_TEST

/* Whatever single byte flips, at most its own record is lost, and the loss is counted. */
START_TEST(flipped_bytes)
{
    uint64_t record = make_journal(), size = file_size();
    for (uint64_t at = 0; at < size; at += at < FILE_HEADER + 2 * record - 100 ? 1 : 7) {
        ph_journal_index_t index;
        flip(at);
        ck_assert_int_eq(ph_journal_scan(path, &index, NULL), PH_OK);
        ck_assert_uint_eq(index.count, at < FILE_HEADER ? SEGMENTS : SEGMENTS - 1);
        ck_assert_msg(index.damaged + (index.cut > 0) == 1, "byte %llu", (unsigned long long)at);
        for (size_t i = 0; i < index.count; i++)
            ck_assert_uint_ne(index.entries[i].offset,
                              at < FILE_HEADER ? 0 : at - (at - FILE_HEADER) % record);
        ph_journal_index_free(&index);
        flip(at);
    }
    unlink(path);
}
END_TEST

/* A journal cut at any byte keeps its whole records; appending goes on behind them. */
START_TEST(truncated_tail)
{
    uint64_t record = make_journal(), size = file_size();
    for (uint64_t left = 0; left < size; left += left < FILE_HEADER + RECORD_HEADER ? 1 : 97) {
        ph_journal_t journal;
        ph_journal_index_t index;
        uint64_t whole = left < FILE_HEADER ? 0 : (left - FILE_HEADER) / record;
        make_journal();
        ck_assert_int_eq(truncate(path, (off_t)left), 0);
        ck_assert_int_eq(ph_journal_open(&journal, path, &index, NULL), PH_OK);
        ck_assert_uint_eq(index.count, whole);
        ck_assert_uint_eq(index.damaged, 0);
        ck_assert_uint_eq(index.cut,
                          left < FILE_HEADER ? left : left - FILE_HEADER - whole * record);
        ck_assert_uint_eq(file_size(), FILE_HEADER + whole * record);
        ph_segment_t segment = make_segment(9), back;
        ck_assert_int_eq(ph_journal_append(&journal, &segment, NULL), PH_OK);
        ph_segment_free(&segment);
        ph_journal_close(&journal);
        ph_journal_index_free(&index);
        ck_assert_int_eq(ph_journal_scan(path, &index, NULL), PH_OK);
        ck_assert_uint_eq(index.count, whole + 1);
        ck_assert_int_eq(ph_journal_read(path, &index.entries[whole], &back, NULL), PH_OK);
        check_segment(&back, 9);
        ph_segment_free(&back);
        ph_journal_index_free(&index);
        unlink(path);
    }
}
END_TEST

/* A full disk fails the append with PH_ERR_IO, leaves no remains, and later appends work. */
START_TEST(disk_full)
{
    uint64_t record = make_journal(), size = file_size();
    ph_journal_t journal;
    ph_journal_index_t index;
    struct rlimit before, tight;
    ck_assert_int_eq(ph_journal_open(&journal, path, &index, NULL), PH_OK);
    ph_journal_index_free(&index);
    signal(SIGXFSZ, SIG_IGN);
    getrlimit(RLIMIT_FSIZE, &before);
    tight = before;
    tight.rlim_cur = (rlim_t)(size + record / 2);
    ck_assert_int_eq(setrlimit(RLIMIT_FSIZE, &tight), 0);
    ph_segment_t segment = make_segment(3);
    ck_assert_int_eq(ph_journal_append(&journal, &segment, NULL), PH_ERR_IO);
    ck_assert_uint_eq(file_size(), size);
    ck_assert_int_eq(setrlimit(RLIMIT_FSIZE, &before), 0);
    ck_assert_int_eq(ph_journal_append(&journal, &segment, NULL), PH_OK);
    ck_assert_uint_eq(file_size(), size + record);
    ph_segment_free(&segment);
    ph_journal_close(&journal);
    unlink(path);
}
END_TEST

/* A header with a good checksum but an absurd length is not believed: no huge allocation. */
START_TEST(absurd_length)
{
    uint64_t record = make_journal();
    uint8_t header[16];
    uint64_t lengths[] = {UINT64_MAX, UINT64_C(1) << 62, UINT64_C(1) << 40, 0, 79};
    struct rlimit before, tight;
    ck_assert_int_eq(getrlimit(RLIMIT_AS, &before), 0);
    tight = before;
    tight.rlim_cur = before.rlim_cur < UINT64_C(1) << 30 ? before.rlim_cur : UINT64_C(1) << 30;
    if (!PH_TEST_SANITIZED) /* which reserves more address space than that */
        ck_assert_int_eq(setrlimit(RLIMIT_AS, &tight), 0);
    for (size_t i = 0; i < sizeof(lengths) / sizeof(lengths[0]); i++) {
        FILE *file = fopen(path, "r+b");
        fseek(file, (long)(FILE_HEADER + record), SEEK_SET);
        ck_assert_uint_eq(fread(header, 1, sizeof(header), file), sizeof(header));
        for (size_t b = 0; b < 8; b++)
            header[8 + b] = (uint8_t)(lengths[i] >> (8 * b));
        uint64_t sum = ph_checksum(header, 16);
        fseek(file, (long)(FILE_HEADER + record), SEEK_SET);
        fwrite(header, 1, sizeof(header), file);
        for (size_t b = 0; b < 8; b++)
            fputc((int)(sum >> (8 * b) & 0xff), file);
        fclose(file);
        ph_journal_index_t index;
        ck_assert_int_eq(ph_journal_scan(path, &index, NULL), PH_OK);
        ck_assert_uint_eq(index.count, SEGMENTS - 1);
        ck_assert_uint_eq(index.damaged, 1);
        ph_journal_index_free(&index);
    }
    ck_assert_int_eq(setrlimit(RLIMIT_AS, &before), 0);
    unlink(path);
}
END_TEST

/* Behind a gap of any length a record is found again, though its header lies across the pieces in
 * which the gap is read, or ends with the last of them. */
START_TEST(record_behind_gap)
{
    enum { PIECE = 1 << 16 };
    static char bytes[FILE_HEADER + 2 * PIECE + 4096], record[4096];
    const size_t length = (size_t)make_journal();
    FILE *file = fopen(path, "rb");
    ck_assert_uint_eq(fread(bytes, 1, FILE_HEADER, file), FILE_HEADER);
    ck_assert_uint_le(length, sizeof(record));
    ck_assert_uint_eq(fread(record, 1, length, file), length);
    fclose(file);
    size_t lost = 0;
    for (size_t gap = 1; gap < 2 * PIECE; gap += gap % PIECE == 48 ? PIECE - 96 : 1) {
        ph_journal_index_t index;
        memset(bytes + FILE_HEADER, 0, gap);
        memcpy(bytes + FILE_HEADER + gap, record, length);
        file = fopen(path, "wb");
        ck_assert_uint_eq(fwrite(bytes, 1, FILE_HEADER + gap + length, file),
                          FILE_HEADER + gap + length);
        fclose(file);
        ck_assert_int_eq(ph_journal_scan(path, &index, NULL), PH_OK);
        lost += index.count != 1 || index.entries[0].offset != FILE_HEADER + gap ||
                index.damaged != 1 || index.cut != 0;
        ph_journal_index_free(&index);
    }
    ck_assert_uint_eq(lost, 0);
    unlink(path);
}
END_TEST

/* Foreign files and newer formats are refused untouched; an absent file is an empty index. */
START_TEST(foreign_files)
{
    ph_journal_t journal;
    ph_journal_index_t index;
    new_path();
    ck_assert_int_eq(ph_journal_scan(path, &index, NULL), PH_OK);
    ck_assert_uint_eq(index.count, 0);
    FILE *file = fopen(path, "w");
    for (int i = 0; i < 100; i++)
        fputs("a letter to a friend\n", file);
    fclose(file);
    uint64_t size = file_size();
    ck_assert_int_eq(ph_journal_open(&journal, path, &index, NULL), PH_ERR_FORMAT);
    ck_assert_uint_eq(file_size(), size);
    unlink(path);
    make_journal();
    uint8_t header[FILE_HEADER];
    file = fopen(path, "r+b");
    ck_assert_uint_eq(fread(header, 1, sizeof(header), file), sizeof(header));
    header[8] = 2;
    uint64_t sum = ph_checksum(header, 16);
    for (size_t b = 0; b < 8; b++)
        header[16 + b] = (uint8_t)(sum >> (8 * b));
    rewind(file);
    fwrite(header, 1, sizeof(header), file);
    fclose(file);
    ck_assert_int_eq(ph_journal_open(&journal, path, &index, NULL), PH_ERR_FORMAT);
    ck_assert_int_eq(ph_journal_open(&journal, "/nowhere/at/all", &index, NULL), PH_ERR_IO);
    /* A folder, and a place below a file, are no journals; what is not there is an empty one. */
    ck_assert_int_eq(ph_journal_scan("/tmp", &index, NULL), PH_ERR_FORMAT);
    ck_assert_int_eq(ph_journal_scan("/dev/null/journal", &index, NULL), PH_ERR_IO);
    ck_assert_int_eq(ph_journal_scan("/nowhere/at/all", &index, NULL), PH_OK);
    ck_assert_uint_eq(index.count, 0);
    unlink(path);
}
END_TEST

/* Opens the journal to append, keeps this grid, and closes it again; the size of the file then. */
static uint64_t keep_grid(const char *text)
{
    ph_journal_t journal;
    ph_journal_index_t index;
    ck_assert_int_eq(ph_journal_open(&journal, path, &index, NULL), PH_OK);
    ck_assert_int_eq(ph_journal_keep_grid(&journal, &index, text, NULL), PH_OK);
    ph_journal_index_free(&index);
    ph_journal_close(&journal);
    return file_size();
}

/* Holds the last grid against a text, and counts; the writer removes the file meanwhile or not. */
static void check_grid(const char *expected, uint64_t damaged, bool removed)
{
    ph_journal_index_t index;
    ph_segment_t segment;
    int descriptor;
    char *text;
    ck_assert_int_eq(ph_journal_look(path, &descriptor, &index, NULL), PH_OK);
    if (removed)
        unlink(path);
    ck_assert_uint_eq(index.count, SEGMENTS);
    ck_assert_uint_eq(index.damaged, damaged);
    ck_assert_int_eq(ph_journal_grid(descriptor, path, &index, &text, NULL), PH_OK);
    ck_assert_str_eq(text, expected);
    ck_assert_int_eq(ph_journal_read_open(descriptor, path, &index.entries[2], &segment, NULL),
                     PH_OK);
    check_segment(&segment, 2);
    ph_segment_free(&segment);
    free(text);
    close(descriptor);
    ph_journal_index_free(&index);
}

/* A grid is kept once, the last one counts, a damaged one is left out; what was opened to look at
 * stays readable when the writer removes it. */
START_TEST(grid_record)
{
    make_journal();
    const uint64_t bare = file_size();
    const uint64_t size = keep_grid("title: a\nseed: 1\n");
    ck_assert_uint_eq(size, bare + RECORD_HEADER + 17 + MARK);
    ck_assert_uint_eq(keep_grid("title: a\nseed: 1\n"), size);
    check_grid("title: a\nseed: 1\n", 0, false);
    ck_assert_uint_eq(keep_grid("title: a\nseed: 2\n"), size + RECORD_HEADER + 17 + MARK);
    check_grid("title: a\nseed: 2\n", 0, false);
    flip(size + RECORD_HEADER + 5);
    check_grid("title: a\nseed: 1\n", 1, true);
}
END_TEST

/* A segment at the end, without a grid of this call. */
static void append_segment(void)
{
    ph_journal_t journal;
    ph_journal_index_t index;
    ph_segment_t segment = make_segment(0);
    ck_assert_int_eq(ph_journal_open(&journal, path, &index, NULL), PH_OK);
    ck_assert_int_eq(ph_journal_append(&journal, &segment, NULL), PH_OK);
    ph_segment_free(&segment);
    ph_journal_index_free(&index);
    ph_journal_close(&journal);
}

/* The record of a grid as 1.0.0 wrote it: of this text alone. */
static void append_grid(const char *text)
{
    uint8_t *record;
    size_t size;
    const uint64_t end = file_size(), length = strlen(text);
    ck_assert_int_eq(ph_record_encode_grid(text, &record, &size), PH_OK);
    ck_assert_uint_eq(size, RECORD_HEADER + length + MARK);
    ph_record_put(record + 8, length, 8);
    ph_record_put(record + 16, ph_checksum(record, 16), 8);
    ph_record_put(record + 24, ph_checksum(record + RECORD_HEADER, length), 8);
    FILE *file = fopen(path, "r+b");
    fseek(file, (long)end, SEEK_SET);
    ck_assert_uint_eq(fwrite(record, RECORD_HEADER + length, 1, file), 1);
    fclose(file);
    free(record);
}

/* What was written since a call of this version is free of the faults that are mended; what was
 * before, or by an earlier version that went on, is not. Its text is as it was either way. */
START_TEST(mended)
{
    static const char *const TEXTS[] = {"seed: 1\n",
                                        "seed: 1\n# mended: 1",
                                        "# mended: 1\n",
                                        "seed: 1\n# mended: x\n",
                                        "# mended: 123456789\n",
                                        "a"};
    const char *text = TEXTS[_i];
    ph_journal_index_t index;
    char *back;
    new_path();
    append_segment();
    keep_grid(text);
    append_segment();
    ck_assert_int_eq(ph_journal_scan(path, &index, NULL), PH_OK);
    ck_assert_int_eq(ph_journal_read_grid(path, &index, &back, NULL), PH_OK);
    ck_assert_str_eq(back, text);
    free(back);
    ph_journal_index_free(&index);
    append_grid("seed: 1\n");
    append_segment();
    ck_assert_uint_gt(keep_grid("seed: 1\n"), 0);
    append_segment();
    ck_assert_int_eq(ph_journal_scan(path, &index, NULL), PH_OK);
    ck_assert_uint_eq(index.count, 4);
    ck_assert_uint_eq(index.damaged, 0);
    for (size_t k = 0; k < 4; k++)
        ck_assert_uint_eq(index.entries[k].mended, k % 2 == 0 ? 0 : PH_MENDED);
    ph_journal_index_free(&index);
    unlink(path);
}
END_TEST

/* A journal that holds a grid and no segment goes with its writer; a later one starts anew. */
START_TEST(grid_alone)
{
    ph_journal_t journal;
    ph_journal_index_t index;
    new_path();
    keep_grid("seed: 1\n");
    ck_assert_int_eq(ph_journal_open(&journal, path, &index, NULL), PH_OK);
    ck_assert_uint_eq(index.count, 0);
    ck_assert(ph_journal_drop_empty(&journal));
    ck_assert_int_ne(access(path, F_OK), 0);
}
END_TEST

PH_TEST_PROGRAM("journal")
{
    TCase *tcase = tcase_create("journal");
    tcase_set_timeout(tcase, 120);
    tcase_add_test(tcase, round_trip);
    tcase_add_test(tcase, bare_segment);
    tcase_add_test(tcase, flipped_bytes);
    tcase_add_test(tcase, truncated_tail);
    tcase_add_test(tcase, disk_full);
    tcase_add_test(tcase, absurd_length);
    tcase_add_test(tcase, record_behind_gap);
    tcase_add_test(tcase, foreign_files);
    tcase_add_test(tcase, grid_record);
    tcase_add_test(tcase, grid_alone);
    tcase_add_loop_test(tcase, mended, 0, 6);
    return test_run("journal", tcase);
}
