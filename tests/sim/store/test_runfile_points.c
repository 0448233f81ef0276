/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Many points at a time, whole chains from run files and segments that are gathered: what segment
 * by segment gives. */
#include "sim/store/runfile_points.h"

#include <string.h>
#include <unistd.h>

#include "tests/sim/store/sample.h"
#include "tests/testing.h"

/* Points differ in neurons, patterns and sweeps: arrays have places that are nobody's. */
static const char TEXT[] = "network: { neurons: [60, 90], patterns: [2, 4], dilution: 0.25 }\n"
                           "noise: [0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7]\n"
                           "dynamics: { sweeps: [10, 20], burn_in: 0, record_every: 2 }\n"
                           "ensemble: { samples: 2, replicas: 3 }\n"
                           "record: { states: { every: 4 } }\n";

enum { FILES = 2, REFERENCE = FILES, OUT, COUNT, CHAINS = 6 };

static char folder[32], paths[COUNT][64];
static ph_grid_t grid;

static void setup(void)
{
    snprintf(folder, sizeof(folder), "/tmp/polyhebb-XXXXXX");
    ck_assert_ptr_nonnull(mkdtemp(folder));
    for (int k = 0; k < COUNT; k++)
        snprintf(paths[k], sizeof(paths[k]), "%s/%d.h5", folder, k);
    ph_grid_init(&grid);
    ck_assert_int_eq(ph_grid_parse(&grid, TEXT, "test", 0, NULL, NULL), PH_OK);
}

static void teardown(void)
{
    ph_grid_free(&grid);
    for (int k = 0; k < COUNT; k++)
        unlink(paths[k]);
    ck_assert_int_eq(rmdir(folder), 0);
}

/* Which file a chain is to come from; REFERENCE: none. Of a stretch of points there is nothing. */
static int file_of(size_t p, size_t chain)
{
    return p >= 12 && p < 34 ? (p == 14 && chain == 1 ? 1 : REFERENCE) : (int)((p + chain) % 3);
}

/* The chains of these files, each to its end, segment by segment. */
static void write_file(int number, bool all)
{
    ph_runfile_t file;
    ck_assert_int_eq(ph_runfile_create(&file, paths[number], &grid, NULL), PH_OK);
    for (size_t p = 0; p < grid.points_count; p++)
        for (uint32_t c = 0; c < CHAINS; c++) {
            ph_segment_t segment;
            if (file_of(p, c) == REFERENCE || (!all && file_of(p, c) != number))
                continue;
            ck_assert_int_eq(sample_segment(&segment, &grid, p, c / 3, c % 3, 1, 0,
                                            ph_point_total(&grid.points[p])),
                             PH_OK);
            ck_assert_int_eq(ph_runfile_write(&file, p, &segment, NULL), PH_OK);
            ph_segment_free(&segment);
        }
    ck_assert_int_eq(ph_runfile_commit(&file, NULL), PH_OK);
}

static void copy(ph_runfile_points_t *points, ph_runfile_t *out, size_t first, size_t count)
{
    ph_runfile_points_begin(points, first, count);
    for (int f = 0; f < FILES; f++) {
        ph_runfile_t file;
        bool *wanted = calloc(count * CHAINS, sizeof(*wanted));
        ck_assert_ptr_nonnull(wanted);
        ck_assert_int_eq(ph_runfile_open_arrays(&file, paths[f], &grid, NULL), PH_OK);
        ck_assert_ptr_eq(file.base.grid, &grid);
        for (size_t c = 0; c < count * CHAINS; c++)
            wanted[c] = file_of(first + c / CHAINS, c % CHAINS) == f;
        ck_assert_int_eq(ph_runfile_points_take(points, &file, wanted, NULL), PH_OK);
        ph_runfile_close(&file);
        free(wanted);
    }
    ck_assert_int_eq(ph_runfile_points_put(points, out, NULL), PH_OK);
}

/* Bytes of an array that differ between two files; NaN is its bits. */
static size_t different(ph_runfile_t *a, ph_runfile_t *b, size_t k)
{
    const ph_dataset_t *set = &a->base.arrays[k];
    size_t bytes = set->element, count = 0;
    for (size_t d = 0; d < set->rank; d++)
        bytes *= (size_t)set->extent[d];
    unsigned char *of_a = malloc(bytes), *of_b = malloc(bytes);
    ck_assert(of_a != NULL && of_b != NULL);
    hid_t type = H5Dget_type(set->set);
    ck_assert_int_eq(ph_gridfile_read_all(&a->base, set->name, type, of_a, NULL), PH_OK);
    ck_assert_int_eq(ph_gridfile_read_all(&b->base, set->name, type, of_b, NULL), PH_OK);
    for (size_t i = 0; i < bytes; i++)
        count += of_a[i] != of_b[i];
    H5Tclose(type);
    free(of_a);
    free(of_b);
    return count;
}

static void same_as_reference(void)
{
    ph_runfile_t out, reference;
    ck_assert_int_eq(ph_runfile_open(&out, paths[OUT], NULL), PH_OK);
    ck_assert_int_eq(ph_runfile_open(&reference, paths[REFERENCE], NULL), PH_OK);
    ck_assert_uint_gt(out.base.arrays_count, 10);
    for (size_t k = 0; k < out.base.arrays_count; k++)
        ck_assert_msg(different(&out, &reference, k) == 0, "%s", out.base.arrays[k].name);
    ph_runfile_close(&reference);
    ph_runfile_close(&out);
}

/* However many points go at a time; what nobody has stays as it was not written. */
START_TEST(as_by_segments)
{
    static const size_t at_once[] = {56, 8, 13, 27};
    ph_runfile_t out;
    ph_runfile_points_t points;
    for (int f = 0; f < FILES; f++)
        write_file(f, false);
    write_file(REFERENCE, true);
    ck_assert_int_eq(ph_runfile_create(&out, paths[OUT], &grid, NULL), PH_OK);
    ck_assert_int_eq(ph_runfile_points_init(&points, &out, (size_t)64 << 20, NULL), PH_OK);
    ck_assert_uint_eq(points.most, grid.points_count);
    ck_assert_uint_eq(points.chains, CHAINS);
    for (size_t p = 0, count; p < grid.points_count; p += count) {
        count = grid.points_count - p < at_once[_i] ? grid.points_count - p : at_once[_i];
        copy(&points, &out, p, count);
    }
    ph_runfile_points_free(&points);
    ck_assert_int_eq(ph_runfile_commit(&out, NULL), PH_OK);
    same_as_reference();
}
END_TEST

/* A chain in two segments, the second through the points that are gathered, or both. */
static void write_gathered(ph_runfile_t *out, size_t p, uint32_t c)
{
    const uint64_t total = (uint64_t)ph_point_total(&grid.points[p]), half = total / 2;
    for (int part = 0; part < 2; part++) {
        ph_segment_t segment;
        ck_assert_int_eq(sample_segment(&segment, &grid, p, c / 3, c % 3, 1, part == 0 ? 0 : half,
                                        part == 0 ? half : total),
                         PH_OK);
        ck_assert_int_eq(ph_runfile_write(out, p, &segment, NULL), PH_OK);
        ph_segment_free(&segment);
    }
}

/* Chains taken of a file, and others written segment by segment, of points that are gathered and
 * of points that are not: what all written one by one give. */
START_TEST(gathered)
{
    ph_runfile_t out;
    ph_runfile_points_t points;
    bool wanted[13 * CHAINS];
    write_file(0, false);
    write_file(REFERENCE, true);
    ck_assert_int_eq(ph_runfile_create(&out, paths[OUT], &grid, NULL), PH_OK);
    ck_assert_int_eq(ph_runfile_points_init(&points, &out, (size_t)64 << 20, NULL), PH_OK);
    for (size_t p = 0, count; p < grid.points_count; p += count) {
        ph_runfile_t file;
        count = grid.points_count - p < 13 ? grid.points_count - p : 13;
        ph_runfile_points_begin(&points, p, count);
        ck_assert_int_eq(ph_runfile_open_arrays(&file, paths[0], &grid, NULL), PH_OK);
        for (size_t c = 0; c < count * CHAINS; c++)
            wanted[c] = file_of(p + c / CHAINS, c % CHAINS) == 0;
        ck_assert_int_eq(ph_runfile_points_take(&points, &file, wanted, NULL), PH_OK);
        ph_runfile_close(&file);
        if (p != 13)
            ph_runfile_points_gather(&points, &out);
        for (size_t c = 0; c < count * CHAINS; c++)
            if (!wanted[c] && file_of(p + c / CHAINS, c % CHAINS) != REFERENCE)
                write_gathered(&out, p + c / CHAINS, (uint32_t)(c % CHAINS));
        for (size_t c = 0; c < count * CHAINS && p != 13; c++)
            ck_assert_int_eq(ph_runfile_sweeps_done(&out, p + c / CHAINS,
                                                    (uint32_t)(c % CHAINS) / 3,
                                                    (uint32_t)(c % CHAINS) % 3) > 0,
                             file_of(p + c / CHAINS, c % CHAINS) != REFERENCE);
        ck_assert_int_eq(ph_runfile_points_put(&points, &out, NULL), PH_OK);
    }
    ph_runfile_points_free(&points);
    ck_assert_int_eq(ph_runfile_commit(&out, NULL), PH_OK);
    same_as_reference();
}
END_TEST

/* No more memory than asked for; too few points at a time are left to others. */
START_TEST(room)
{
    ph_runfile_t out;
    ph_runfile_points_t points;
    ck_assert_int_eq(ph_runfile_create(&out, paths[OUT], &grid, NULL), PH_OK);
    for (size_t bytes = 1024; bytes <= (size_t)4 << 20; bytes *= 2) {
        ck_assert_int_eq(ph_runfile_points_init(&points, &out, bytes, NULL), PH_OK);
        size_t point = 0;
        for (size_t k = 0; k < points.arrays_count; k++)
            point += CHAINS * points.arrays[k].chain_bytes;
        ck_assert_uint_gt(point, 1024);
        ck_assert_uint_le(points.most * point, bytes);
        ck_assert(points.most == 0 || points.most >= 8);
        ck_assert(bytes / point < 9 || points.most > 0);
        ph_runfile_points_free(&points);
    }
    ph_runfile_close(&out);
}
END_TEST

/* Points that begin and end anywhere, over all axes, read as one by one. */
START_TEST(any_points)
{
    ph_runfile_t file;
    const size_t total = 56, zero[] = {0, 0, 0}, whole[] = {2, 3};
    int64_t each[56][CHAINS], some[56][CHAINS];
    write_file(0, true);
    ck_assert_int_eq(ph_runfile_open(&file, paths[0], NULL), PH_OK);
    for (size_t p = 0; p < total; p++)
        ck_assert_int_eq(ph_gridfile_read(&file.base, "sweeps_done", p, zero, whole,
                                          H5T_NATIVE_INT64, each[p], NULL),
                         PH_OK);
    for (size_t first = 0; first <= total; first++)
        for (size_t count = 0; count <= total - first; count += 1 + count / 9) {
            memset(some, 0, sizeof(some));
            ck_assert_int_eq(ph_gridfile_read_points(&file.base, "sweeps_done", first, count,
                                                     H5T_NATIVE_INT64, some, NULL),
                             PH_OK);
            ck_assert_mem_eq(some, each[first], count * sizeof(some[0]));
        }
    ck_assert_int_eq(
        ph_gridfile_read_points(&file.base, "sweeps_done", 1, total, H5T_NATIVE_INT64, some, NULL),
        PH_ERR_INPUT);
    ck_assert_int_eq(
        ph_gridfile_read_points(&file.base, "nothing", 0, 1, H5T_NATIVE_INT64, some, NULL),
        PH_ERR_INPUT);
    ck_assert_int_eq(
        ph_gridfile_write_points(&file.base, "sweeps_done", 0, 1, H5T_NATIVE_INT64, some, NULL),
        PH_ERR_IO);
    ph_runfile_close(&file);
}
END_TEST

PH_TEST_PROGRAM("runfile_points")
{
    TCase *tcase = tcase_create("runfile_points");
    tcase_add_checked_fixture(tcase, setup, teardown);
    tcase_add_loop_test(tcase, as_by_segments, 0, 4);
    tcase_add_test(tcase, gathered);
    tcase_add_test(tcase, room);
    tcase_add_test(tcase, any_points);
    return test_run("runfile_points", tcase);
}
