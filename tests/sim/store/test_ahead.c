/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Arrays whose points are asked for in order are read ahead: what is given is what is stored, in
 * whatever order it is asked for, and what is damaged is told where it is asked for. */
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "sim/store/share.h"
#include "tests/sim/store/sample.h"
#include "tests/testing.h"

static const char GRID[] = "network: { neurons: 40, patterns: 2 }\n"
                           "noise: { from: 0.1, to: 1, steps: 200 }\n"
                           "dynamics: { sweeps: 99, burn_in: 0, record_every: 1 }\n"
                           "ensemble: { samples: 1, replicas: 4 }\n"
                           "record: { moments: false }\n";

enum { POINTS = 200, CHAINS = 4, RECORDS = 100, PATTERNS = 2, VALUES = RECORDS * PATTERNS };

static char path[64];
static ph_grid_t grid;
static ph_runfile_t file;

static void setup(void)
{
    snprintf(path, sizeof(path), "/tmp/polyhebb-ahead-XXXXXX");
    const int descriptor = mkstemp(path);
    ck_assert_int_ge(descriptor, 0);
    close(descriptor);
    ph_grid_init(&grid);
    ck_assert_int_eq(ph_grid_parse(&grid, GRID, "test", 0, NULL, NULL), PH_OK);
    ck_assert_uint_eq(grid.points_count, POINTS);
    ck_assert_int_eq(sample_run(&grid, path, NULL), PH_OK);
}

static void teardown(void)
{
    ph_grid_free(&grid);
    unlink(path);
}

/* What a chain's magnetizations have to be: of points that were not written NaN. */
static bool is_right(size_t p, uint32_t r, uint64_t from, uint64_t records, bool single,
                     const void *values)
{
    const float *singles = values;
    const double *doubles = values;
    for (uint64_t k = 0; k < records * PATTERNS; k++) {
        const double found = single ? (double)singles[k] : doubles[k];
        const double due = sample_value(p, 0, r, from + k / PATTERNS, k % PATTERNS);
        if (p == POINTS - 1 ? found == found : found != due)
            return false;
    }
    return true;
}

/* Some records of a chain, in single or double precision. */
static int read_some(size_t p, uint32_t r, uint64_t from, uint64_t records, bool single,
                     double *values)
{
    const size_t offset[] = {0, r, (size_t)from, 0}, count[] = {1, 1, (size_t)records, PATTERNS};
    return ph_gridfile_read(&file.base, "magnetization", p, offset, count,
                            single ? H5T_NATIVE_FLOAT : H5T_NATIVE_DOUBLE, values, NULL);
}

static const ph_ahead_t *ahead_of(const char *name)
{
    for (size_t k = 0; k < file.base.arrays_count; k++)
        if (strcmp(file.base.arrays[k].name, name) == 0)
            return &file.base.arrays[k].ahead;
    ck_abort();
}

/* Of the points asked for one after the other, each so many times further. */
static void read_steps(const long *steps, size_t count, bool types)
{
    double values[VALUES];
    long p = 0;
    for (size_t k = 0; k < 2 * POINTS; k++) {
        const uint32_t r = (uint32_t)(k % CHAINS);
        const bool single = types && k % 7 == 3;
        const uint64_t from = k % 3 == 0 ? 0 : k % RECORDS, records = RECORDS - from;
        ck_assert_int_eq(read_some((size_t)p, r, from, records, single, values), PH_OK);
        ck_assert_msg(is_right((size_t)p, r, from, records, single, values), "point %ld", p);
        p = (p + steps[k % count] + POINTS) % POINTS;
    }
}

START_TEST(any_order)
{
    static const struct {
        size_t count;
        bool types, ahead;
        long steps[5];
    } rows[] = {
        {1, false, true, {1}},
        {4, false, true, {0, 0, 0, 1}},
        {3, false, true, {3, 1, 15}},
        {5, true, true, {1, 1, 1, 1, 2}},
        {1, false, false, {-1}},
        {2, false, false, {40, -39}},
        {5, true, true, {1, 2, 1, 1, 100}},
    };
    ck_assert_int_eq(ph_runfile_open(&file, path, NULL), PH_OK);
    read_steps(rows[_i].steps, rows[_i].count, rows[_i].types);
    ck_assert_int_eq(ahead_of("magnetization")->data != NULL, rows[_i].ahead);
    ck_assert_ptr_null(ahead_of("energy")->data);
    ph_runfile_close(&file);
}
END_TEST

/* A box beyond the array, and points too large, are none of its business. */
START_TEST(refused)
{
    double values[VALUES];
    ck_assert_int_eq(ph_runfile_open(&file, path, NULL), PH_OK);
    for (size_t p = 0; p < 20; p++)
        ck_assert_int_eq(read_some(p, 0, 0, 1, false, values), PH_OK);
    ck_assert_ptr_nonnull(ahead_of("magnetization")->data);
    ck_assert_int_ne(read_some(20, 0, RECORDS - 1, 2, false, values), PH_OK);
    ck_assert_int_ne(read_some(POINTS, 0, 0, 1, false, values), PH_OK);
    ck_assert_int_eq(read_some(20, 0, 0, 0, false, values), PH_OK);
    ph_runfile_close(&file);
}
END_TEST

/* Spoils the chunk of an array that holds a point; the first point in it. */
static size_t spoil(const char *name, size_t point)
{
    hsize_t offset[PH_ARRAY_RANK_MAX] = {0}, size = 0;
    unsigned filter = 0;
    haddr_t place = HADDR_UNDEF;
    size_t first = 0;
    hid_t whole = H5Fopen(path, H5F_ACC_RDONLY, H5P_DEFAULT);
    hid_t set = H5Dopen2(whole, name, H5P_DEFAULT);
    hid_t space = H5Dget_space(set);
    hsize_t chunks = 0;
    ck_assert_int_ge(H5Dget_num_chunks(set, space, &chunks), 0);
    for (hsize_t k = 0; k < chunks; k++) {
        ck_assert_int_ge(H5Dget_chunk_info(set, space, k, offset, &filter, &place, &size), 0);
        if (offset[0] <= point && offset[0] >= first)
            first = (size_t)offset[0];
    }
    for (hsize_t k = 0; k < chunks; k++) {
        ck_assert_int_ge(H5Dget_chunk_info(set, space, k, offset, &filter, &place, &size), 0);
        if (offset[0] == first)
            break;
    }
    H5Sclose(space);
    H5Dclose(set);
    H5Fclose(whole);
    const int descriptor = open(path, O_WRONLY);
    static const char rubbish[16] = "not what it was";
    ck_assert_int_eq(pwrite(descriptor, rubbish, sizeof(rubbish), (off_t)(place + size / 2)),
                     (int)sizeof(rubbish));
    close(descriptor);
    return first;
}

START_TEST(damaged)
{
    double values[VALUES];
    const size_t first = spoil("magnetization", 150);
    ck_assert_uint_gt(first, 100);
    ck_assert_int_eq(ph_runfile_open(&file, path, NULL), PH_OK);
    for (size_t p = 0; p < first; p++) {
        ck_assert_msg(read_some(p, 1, 0, RECORDS, false, values) == PH_OK, "point %zu", p);
        ck_assert(is_right(p, 1, 0, RECORDS, false, values));
    }
    ck_assert_int_eq(read_some(first, 1, 0, RECORDS, false, values), PH_ERR_DAMAGED);
    ck_assert_int_eq(read_some(150, 1, 0, RECORDS, false, values), PH_ERR_DAMAGED);
    ph_runfile_close(&file);
    /* What begins there is read ahead as soon as the points before it were in order. */
    ck_assert_int_eq(ph_runfile_open(&file, path, NULL), PH_OK);
    for (size_t p = first - 4; p < first; p++)
        ck_assert_int_eq(read_some(p, 1, 0, RECORDS, false, values), PH_OK);
    ck_assert(!ahead_of("magnetization")->off);
    ck_assert_int_eq(read_some(first, 1, 0, RECORDS, false, values), PH_ERR_DAMAGED);
    ck_assert(ahead_of("magnetization")->off);
    ph_runfile_close(&file);
}
END_TEST

/* All boxes of a small share, copied out and in, element by element. */
START_TEST(boxes)
{
    enum { A = 2, B = 3, C = 2, D = 3, ALL = A * B * C * D };
    const hsize_t extent[] = {A, B, C, D};
    const size_t n[] = {A, B, C, D};
    ph_share_t share;
    ph_share_init(&share, 4, extent, sizeof(int));
    ck_assert_uint_eq(share.bytes, ALL * sizeof(int));
    size_t tried = 0, wrong = 0;
    for (size_t code = 0; code < 4 * 16 * 9 * 16; code++) {
        size_t o[4], m[4], rest = code, at = 0;
        int whole[ALL], back[ALL], box[ALL];
        for (int d = 0; d < 4; d++) {
            o[d] = rest % n[d];
            rest /= n[d];
            m[d] = rest % (n[d] + 1);
            rest /= n[d] + 1;
        }
        if (rest > 0 || !ph_share_holds(&share, o, m))
            continue;
        for (int i = 0; i < ALL; i++) {
            whole[i] = i;
            back[i] = -1;
        }
        ph_share_get(&share, o, m, whole, box);
        ph_share_put(&share, o, m, back, box);
        for (size_t a = 0; a < A; a++)
            for (size_t b = 0; b < B; b++)
                for (size_t c = 0; c < C; c++)
                    for (size_t d = 0; d < D; d++) {
                        const size_t i = ((a * B + b) * C + c) * D + d;
                        const bool in = a - o[0] < m[0] && b - o[1] < m[1] && c - o[2] < m[2] &&
                                        d - o[3] < m[3];
                        wrong += back[i] != (in ? (int)i : -1) || (in && box[at++] != (int)i);
                    }
        tried++;
    }
    ck_assert_uint_eq(wrong, 0);
    /* Places times lengths, no length beyond the end: 5 in a dimension of 2, 9 in one of 3. */
    ck_assert_uint_eq(tried, 5 * 9 * 5 * 9);
}
END_TEST

PH_TEST_PROGRAM("ahead")
{
    TCase *tcase = tcase_create("ahead");
    tcase_add_checked_fixture(tcase, setup, teardown);
    tcase_add_loop_test(tcase, any_order, 0, 7);
    tcase_add_test(tcase, refused);
    tcase_add_test(tcase, damaged);
    tcase_add_test(tcase, boxes);
    return test_run("ahead", tcase);
}
