/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Where the data of a grid are in its file: dimensions, arrays, boxes, times, and what is derived
 * of a segment; and what is said of an array that is not as it was asked for. */
#include <math.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "sim/store/attributes.h"
#include "sim/store/gridfile_private.h"
#include "sim/store/runfile_private.h"
#include "tests/params/parse.h"
#include "tests/sim/store/sample.h"

static const char AXES[] =
    "network: { neurons: [20, 30, 40], patterns: [2, 3], dilution: [0.25, 0.5, 0.75],\n"
    "  rule: supervised, examples: 3, quality: 0.5 }\nnoise: 0.1\n"
    "dynamics: { sweeps: [6, 7, 9], burn_in: 2, record_every: 3 }\n"
    "ensemble: { samples: 4, replicas: 5 }\n"
    "record: { loss: true, example_overlaps: 2, example_magnetization: true }\n"
    "zip: [[neurons, dilution]]\n";

static char path[64];
static ph_grid_t grid;
static ph_report_t report;
static ph_gridfile_t base;

static void begin(const char *text)
{
    snprintf(path, sizeof(path), "/tmp/polyhebb-layout-XXXXXX");
    close(mkstemp(path));
    unlink(path);
    ph_report_init(&report);
    parse(&grid, text);
}

static void end(void)
{
    unlink(path);
    ph_grid_free(&grid);
    ph_report_free(&report);
}

static const char *last(void)
{
    return report.count > 0 ? report.messages[report.count - 1].text : "";
}

/* An array of two inner dimensions, `first` x 3, of a type. */
static int make(const char *name, hid_t type, size_t outer, const char *first)
{
    const char *dims[] = {first, "three"};
    const ph_array_t array = {.name = name,
                              .long_name = "long",
                              .unit = "u",
                              .type = type,
                              .dims_count = 2,
                              .dims = dims,
                              .chunk_outer = outer};
    return ph_gridfile_array(&base, &array, &report);
}

static int make_dims(size_t length)
{
    const double whole[3] = {1, 2, 3};
    int status = ph_gridfile_dim(&base, "row", length, NULL, NULL, NULL, &report);
    return status == PH_OK ? ph_gridfile_dim(&base, "three", 3, whole, "sweeps", "count", &report)
                           : status;
}

/* Where each number of a box goes: each box of an array, point by point, against the whole. */
START_TEST(boxes)
{
    enum { ROWS = 4, ALL = 18 * ROWS * 3 };
    int32_t whole[ALL], box[ROWS * 3];
    begin(AXES);
    ck_assert_uint_eq(grid.points_count, 18);
    ck_assert_int_eq(ph_gridfile_create(&base, path, "run", &grid, &report), PH_OK);
    ck_assert_int_eq(make_dims(ROWS), PH_OK);
    ck_assert_int_eq(make("set", H5T_NATIVE_INT32, 0, "row"), PH_OK);
    for (int i = 0; i < ALL; i++)
        whole[i] = i;
    ck_assert_int_eq(ph_gridfile_write_all(&base, "set", H5T_NATIVE_INT32, whole, &report), PH_OK);
    for (size_t p = 0; p < 18; p++)
        for (size_t row = 0; row < ROWS; row++)
            for (size_t column = 0; column < 3; column++) {
                const size_t offset[] = {row, column}, count[] = {ROWS - row, 3 - column};
                size_t wrong = 0;
                ck_assert_int_eq(ph_gridfile_read(&base, "set", p, offset, count, H5T_NATIVE_INT32,
                                                  box, &report),
                                 PH_OK);
                for (size_t i = 0; i < count[0] * count[1]; i++) {
                    const size_t at = (p * ROWS + row + i / count[1]) * 3 + column + i % count[1];
                    wrong += box[i] != (int32_t)at;
                }
                ck_assert_uint_eq(wrong, 0);
            }
    const size_t offset[] = {1, 2}, count[] = {2, 1}, none[] = {0, 3};
    const int32_t two[] = {-1, -2};
    ck_assert_int_eq(
        ph_gridfile_write(&base, "set", 5, offset, count, H5T_NATIVE_INT32, two, &report), PH_OK);
    ck_assert_int_eq(
        ph_gridfile_write(&base, "set", 6, offset, none, H5T_NATIVE_INT32, two, &report), PH_OK);
    whole[(5 * ROWS + 1) * 3 + 2] = -1;
    whole[(5 * ROWS + 2) * 3 + 2] = -2;
    int32_t back[ALL];
    ck_assert_int_eq(ph_gridfile_read_all(&base, "set", H5T_NATIVE_INT32, back, &report), PH_OK);
    ck_assert_mem_eq(back, whole, sizeof(back));
    ck_assert_int_eq(
        ph_gridfile_read(&base, "set", 18, offset, count, H5T_NATIVE_INT32, box, &report),
        PH_ERR_INPUT);
    ck_assert_ptr_nonnull(strstr(last(), ": has no array \"set\" at point 18"));
    ck_assert_int_eq(
        ph_gridfile_write(&base, "row", 0, offset, count, H5T_NATIVE_INT32, two, &report),
        PH_ERR_INPUT);
    ck_assert_int_eq(ph_gridfile_read_all(&base, "other", H5T_NATIVE_INT32, back, &report),
                     PH_ERR_INPUT);
    ck_assert_ptr_nonnull(strstr(last(), ": has no array \"other\""));
    ck_assert_int_eq(ph_gridfile_commit(&base, &report), PH_OK);
    end();
}
END_TEST

/* What is asked of a file opened to read is held against what is there. */
START_TEST(held_against)
{
    const double others[3] = {1, 2, 4}, halves[3] = {1, 2, 2.5}, whole[3] = {1, 2, 3};
    size_t length = 7;
    const int8_t flags[2] = {1, 2};
    begin(AXES);
    ck_assert_int_eq(ph_gridfile_create(&base, path, "run", &grid, &report), PH_OK);
    ck_assert_int_eq(make_dims(4), PH_OK);
    ck_assert_int_eq(make("set", H5T_NATIVE_INT32, 0, "row"), PH_OK);
    ck_assert_int_eq(make("bad", H5T_NATIVE_INT32, 0, "column"), PH_ERR_INPUT);
    ck_assert_ptr_nonnull(strstr(last(), "array bad: there is no dimension \"column\""));
    ck_assert_int_eq(make("set", H5T_NATIVE_INT32, 0, "row"), PH_ERR_IO);
    ck_assert_ptr_nonnull(strstr(last(), "cannot make the array \"set\""));
    ck_assert_int_eq(ph_gridfile_note(&base, "set", "remark", "a text", &report), PH_OK);
    ck_assert_int_eq(ph_gridfile_flags(&base, "set", "codes", 2, flags, &report), PH_OK);
    ck_assert_int_eq(ph_gridfile_note(&base, "other", "remark", "a text", &report), PH_ERR_IO);
    ck_assert_int_eq(ph_gridfile_flags(&base, "other", "codes", 2, flags, &report), PH_ERR_IO);
    ck_assert_int_eq(ph_gridfile_commit(&base, &report), PH_OK);
    ck_assert_int_eq(ph_gridfile_open(&base, path, "run", &report), PH_OK);
    ck_assert_int_eq(ph_gridfile_dim(&base, "row", 5, NULL, NULL, NULL, &report), PH_ERR_DAMAGED);
    ck_assert_int_eq(ph_gridfile_dim(&base, "three", 3, others, "u", "l", &report), PH_ERR_DAMAGED);
    ck_assert_int_eq(ph_gridfile_dim(&base, "three", 3, halves, "u", "l", &report), PH_ERR_DAMAGED);
    ck_assert_int_eq(ph_gridfile_dim(&base, "three", 2, whole, "u", "l", &report), PH_ERR_DAMAGED);
    ck_assert_ptr_nonnull(strstr(last(), "coordinate \"three\" is damaged"));
    ck_assert_int_eq(make_dims(4), PH_OK);
    ck_assert_int_eq(make("set", H5T_NATIVE_UINT32, 0, "row"), PH_ERR_DAMAGED);
    ck_assert_int_eq(make("set", H5T_NATIVE_INT32, 0, "three"), PH_ERR_DAMAGED);
    ck_assert_ptr_nonnull(strstr(last(), "\"set\" does not have the type and size its grid asks"));
    ck_assert_int_eq(make("nothing", H5T_NATIVE_INT32, 0, "row"), PH_ERR_DAMAGED);
    ck_assert_ptr_nonnull(strstr(last(), "cannot find \"nothing\""));
    ck_assert_int_eq(make("set", H5T_NATIVE_INT32, 1, "row"), PH_OK); /* chunks may be others */
    ck_assert_int_eq(ph_gridfile_write_all(&base, "set", H5T_NATIVE_INT32, flags, &report),
                     PH_ERR_IO);
    ck_assert_ptr_nonnull(strstr(last(), ": was opened to read only"));
    ck_assert_int_eq(ph_gridfile_length(&base, "row", &length, &report), PH_OK);
    ck_assert_uint_eq(length, 4);
    ck_assert_int_eq(ph_gridfile_length(&base, "set", &length, &report), PH_ERR_DAMAGED);
    ck_assert_uint_eq(length, 0);
    ck_assert_int_eq(ph_gridfile_length(&base, "none", &length, &report), PH_ERR_DAMAGED);
    ck_assert(ph_gridfile_has(&base, "set") && !ph_gridfile_has(&base, "none"));
    ph_gridfile_close(&base);
    end();
}
END_TEST

/* Auxiliary coordinates are those of zips behind the first, then what is added. */
START_TEST(auxiliaries)
{
    begin(AXES);
    char *text = ph_axes_auxiliary(&grid, NULL);
    ck_assert_str_eq(text, "dilution");
    free(text);
    text = ph_axes_auxiliary(&grid, "time more");
    ck_assert_str_eq(text, "dilution time more");
    free(text);
    end();
    begin("network: { neurons: 10, patterns: 2 }\nnoise: [1, 2]\ndynamics: { sweeps: [1, 2] }\n");
    text = ph_axes_auxiliary(&grid, NULL);
    ck_assert_str_eq(text, "");
    free(text);
    text = ph_axes_auxiliary(&grid, "time");
    ck_assert_str_eq(text, "time");
    free(text);
    end();
}
END_TEST

/* The file says where it is from: the grid as text, and the same bytes under a checksum, whole
 * where they take several chunks. */
START_TEST(origin)
{
    static const char *const TEXTS[] = {"grid_digest", "program",  "version",
                                        "revision",    "compiler", "flags",
                                        "libraries",   "host",     "created"};
    enum { NOISES = 30000 };
    char *text = malloc(NOISES * 16), *at = text, *back = NULL;
    at += sprintf(at, "seed: 9223372036854775807\nnetwork: { neurons: 10, patterns: 1 }\n"
                      "dynamics: { sweeps: 1 }\nnoise: [1");
    for (int i = 2; i <= NOISES; i++)
        at += sprintf(at, ", %d.00005", i);
    strcpy(at, "]\n");
    snprintf(path, sizeof(path), "/tmp/polyhebb-layout-XXXXXX");
    close(mkstemp(path));
    ph_report_init(&report);
    parse(&grid, text);
    free(text);
    ck_assert_uint_gt(strlen(grid.text), 262144);
    ck_assert_int_eq(ph_gridfile_create(&base, path, "run", &grid, &report), PH_OK);
    ck_assert_int_eq(ph_provenance_read_grid(&base, &back, &report), PH_OK);
    ck_assert(strcmp(back, grid.text) == 0);
    free(back);
    ph_quiet_t quiet;
    ph_quiet_begin(&quiet);
    hid_t group = H5Gopen2(base.file, "provenance", H5P_DEFAULT);
    uint64_t seed = 0;
    ck_assert_int_ge(ph_attribute_read_value(group, "seed", H5T_NATIVE_UINT64, &seed), 0);
    ck_assert_uint_eq(seed, grid.seed);
    for (size_t i = 0; i < sizeof(TEXTS) / sizeof(TEXTS[0]); i++) {
        ck_assert_int_eq(ph_attribute_read_text(group, TEXTS[i], &back), PH_OK);
        ck_assert_uint_gt(strlen(back), 0);
        free(back);
    }
    char *words = NULL;
    hid_t set = H5Dopen2(group, "grid", H5P_DEFAULT), type = ph_text_type();
    ck_assert_int_ge(H5Dread(set, type, H5S_ALL, H5S_ALL, H5P_DEFAULT, &words), 0);
    ck_assert(strcmp(words, grid.text) == 0);
    H5free_memory(words);
    H5Tclose(type);
    H5Dclose(set);
    H5Gclose(group);
    ph_quiet_end(&quiet);
    ph_gridfile_close(&base);
    end();
}
END_TEST

/* The box of an observable: sample and replicas, records where asked for, its own dimensions, as
 * many components as these; one observable's place ends where the next begins. */
START_TEST(boxes_of_observables)
{
    ph_runfile_t file;
    begin(AXES);
    ck_assert_int_eq(ph_runfile_create(&file, path, &grid, &report), PH_OK);
    for (size_t p = 0; p < grid.points_count; p += 5) {
        size_t first = 0;
        const ph_segment_t segment = {
            .sample = 2, .replica_first = 1, .replicas = 3, .record_first = 1, .records = 2};
        for (int k = 0; k < ph_observables_count(); k++) {
            const ph_observable_id_t id = (ph_observable_id_t)k;
            if (!ph_observable_recorded(id, &grid))
                continue;
            for (int how = 0; how < 4; how++) {
                const bool records = how & 1, moments = how & 2;
                const ph_box_t box = ph_runfile_box(&file, p, &segment, id, "_x", records, moments);
                const size_t rank = 2 + (size_t)records, inner = ph_observable(id)->dims_count;
                size_t product = 1;
                for (size_t d = 0; d < inner; d++) {
                    product *= box.count[rank + d];
                    ck_assert_uint_eq(box.offset[rank + d], 0);
                }
                ck_assert(box.offset[0] == 2 && box.count[0] == 1 && box.offset[1] == 1 &&
                          box.count[1] == 3);
                ck_assert(!records || (box.offset[2] == 1 && box.count[2] == 2));
                ck_assert_uint_eq(box.count[rank + inner], moments ? PH_MOMENT_WORDS : 0);
                ck_assert_uint_eq(product, box.components);
                ck_assert_uint_eq(box.first, first);
                ck_assert_int_eq(
                    strncmp(box.name, ph_observable_name(id), strlen(ph_observable_name(id))), 0);
                ck_assert_str_eq(box.name + strlen(box.name) - 2, "_x");
            }
            first += ph_observable_components(id, &grid, grid.points[p].patterns);
        }
        ck_assert_uint_eq(first, ph_observables_total(&grid, grid.points[p].patterns));
    }
    ph_runfile_close(&file);
    end();
}
END_TEST

static const struct {
    size_t point;
    uint32_t sample, first, replicas;
    bool within;
} CHAINS[] = {{0, 0, 0, 5, true},           {17, 3, 4, 1, true}, {17, 3, 0, 5, true},
              {18, 0, 0, 1, false},         {0, 4, 0, 1, false}, {0, 0, 5, 1, false},
              {0, 0, 0, 6, false},          {0, 0, 1, 5, false}, {0, 0, 4, 2, false},
              {0, 0, 1, UINT32_MAX, false}, {0, 0, 2, 3, true}};

/* Chains are numbered in a row, and none beyond the last of any kind is one. */
START_TEST(chains)
{
    ph_runfile_t file;
    size_t number = 0;
    begin(AXES);
    ck_assert_int_eq(ph_runfile_create(&file, path, &grid, &report), PH_OK);
    for (size_t i = 0; i < sizeof(CHAINS) / sizeof(CHAINS[0]); i++) {
        const int status = ph_runfile_check_chains(&file, CHAINS[i].point, CHAINS[i].sample,
                                                   CHAINS[i].first, CHAINS[i].replicas, &report);
        ck_assert_msg(status == (CHAINS[i].within ? PH_OK : PH_ERR_MISMATCH), "chains %zu", i);
    }
    ck_assert_str_eq(report.messages[0].text + strlen(path),
                     ": has 18 points, 4 samples, 5 replicas; point 18, sample 0, replicas 0 to 0 "
                     "(from 0) are not all in it");
    for (size_t p = 0; p < 18; p++)
        for (uint32_t s = 0; s < 4; s++)
            for (uint32_t r = 0; r < 5; r++)
                number += ph_runfile_chain(&file, p, s, r) != (p * 4 + s) * 5 + r;
    ck_assert_uint_eq(number, 0);
    ph_runfile_close(&file);
    end();
}
END_TEST

/* Times where they differ by point: of each record that the point has, and no number behind them.
 */
START_TEST(times)
{
    begin(AXES);
    ck_assert(grid.records_vary);
    ck_assert_int_eq(sample_run(&grid, path, &report), PH_OK);
    ph_runfile_t file;
    ck_assert_int_eq(ph_runfile_open(&file, path, &report), PH_OK);
    const size_t length = (size_t)grid.records_max, from = 0;
    ck_assert_uint_eq(length, 4);
    size_t wrong = 0;
    for (size_t p = 0; p < grid.points_count; p++) {
        double found[4];
        ck_assert_int_eq(ph_gridfile_read(&file.base, "time", p, &from, &length, H5T_NATIVE_DOUBLE,
                                          found, &report),
                         PH_OK);
        for (size_t r = 0; r < length; r++)
            wrong += r < (size_t)ph_point_records(&grid.points[p]) ? found[r] != 3.0 * (double)r
                                                                   : !isnan(found[r]);
    }
    ck_assert_uint_eq(wrong, 0);
    ph_runfile_close(&file);
    end();
}
END_TEST

/* Means and variances in the file are those of the records beside them; of the point that was not
 * run there are none. */
START_TEST(derived)
{
    ph_runfile_t file;
    double mean[5], variance[5], series[20];
    begin(AXES);
    ck_assert_int_eq(sample_run(&grid, path, &report), PH_OK);
    ck_assert_int_eq(ph_runfile_open(&file, path, &report), PH_OK);
    for (size_t p = 0; p < grid.points_count; p++)
        for (size_t s = 0; s < 4; s++) {
            const size_t n = (size_t)ph_point_records(&grid.points[p]);
            const size_t offset[] = {s, 0, 0}, count[] = {1, 5, n};
            const struct {
                const char *name;
                double *into;
            } arrays[] = {{"energy", series}, {"energy_mean", mean}, {"energy_variance", variance}};
            for (size_t k = 0; k < 3; k++)
                ck_assert_int_eq(ph_gridfile_read(&file.base, arrays[k].name, p, offset, count,
                                                  H5T_NATIVE_DOUBLE, arrays[k].into, &report),
                                 PH_OK);
            const bool run = p + 1 < grid.points_count;
            ck_assert_int_eq(ph_runfile_point_status(&file, p),
                             run ? PH_POINT_COMPLETE : PH_POINT_NOT_RUN);
            for (size_t r = 0; r < 5; r++) {
                double sum = 0, squares = 0;
                for (size_t i = 0; i < n; i++)
                    sum += series[r * n + i] / (double)n;
                for (size_t i = 0; i < n; i++)
                    squares += pow(series[r * n + i] - sum, 2) / (double)(n - 1);
                ck_assert(run ? fabs(mean[r] - sum) < 1e-12 : isnan(mean[r]));
                ck_assert(run ? fabs(variance[r] - squares) < 1e-12 : isnan(variance[r]));
            }
        }
    ph_runfile_close(&file);
    end();
}
END_TEST

/* A segment that lacks what the grid records is not written, and nothing of it is. */
START_TEST(lacking)
{
    ph_runfile_t file;
    begin(AXES);
    ck_assert_int_eq(ph_runfile_create(&file, path, &grid, &report), PH_OK);
    for (int what = 0; what < 6; what++) {
        ph_segment_t whole, segment;
        ck_assert_int_eq(sample_segment(&whole, &grid, 1, 2, 1, 2, 0, 8), PH_OK);
        segment = whole;
        segment.series = what == 0 ? NULL : whole.series;
        segment.sums = what == 1 ? NULL : whole.sums;
        segment.spins = what == 2 ? NULL : whole.spins;
        segment.records += what == 3 ? 2 : 0;
        segment.state_bits += what == 4;
        segment.components += what == 5;
        ck_assert_msg(ph_runfile_write(&file, 1, &segment, &report) == PH_ERR_MISMATCH, "%d", what);
        ck_assert_int_eq(ph_runfile_sweeps_done(&file, 1, 2, 1), 0);
        ck_assert_ptr_nonnull(strstr(last(), what < 3    ? "lack their records or sums"
                                             : what == 3 ? "is past the end of point 1"
                                                         : "are those of another point"));
        if (what == 5) {
            ck_assert_int_eq(ph_runfile_write(&file, 1, &whole, &report), PH_OK);
            for (uint32_t r = 0; r < 5; r++)
                ck_assert_int_eq(ph_runfile_sweeps_done(&file, 1, 2, r), r == 1 || r == 2 ? 8 : 0);
            ck_assert_int_eq(ph_runfile_point_status(&file, 1), PH_POINT_BEGUN);
        }
        ph_segment_free(&whole);
    }
    ph_runfile_close(&file);
    end();
}
END_TEST

PH_TEST_MAIN("layout", boxes, held_against, auxiliaries, origin, boxes_of_observables, chains,
             times, derived, lacking)
