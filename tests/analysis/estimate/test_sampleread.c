/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Samples that are read some at a time are those that are read one by one. */
#include "analysis/estimate/sampleread.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "tests/sim/store/sample.h"
#include "tests/testing.h"

#define NETWORK "network: { neurons: 20, patterns: 2 }\nnoise: 0.2\n"

/* Of those in MANY a megabyte has hundreds, of those in LONG one sample has 1.4 MB. */
static const char MANY[] = NETWORK "dynamics: { sweeps: 8, burn_in: 2 }\n"
                                   "ensemble: { samples: 40, replicas: 3 }\n";
static const char LONG[] = NETWORK "dynamics: { sweeps: 20000 }\n"
                                   "ensemble: { samples: 2, replicas: 3 }\n";

static char path[64];
static ph_grid_t grid;
static ph_report_t report;
static ph_runfile_t file;

static const uint64_t MAGNETIZATION = UINT64_C(1) << PH_OBS_MAGNETIZATION;
static const uint64_t ENERGY = UINT64_C(1) << PH_OBS_ENERGY;
static const ph_wanted_t ALL = {0, UINT64_MAX, UINT64_MAX, true};

static void begin(const char *text)
{
    snprintf(path, sizeof(path), "/tmp/polyhebb-sampleread-XXXXXX");
    int descriptor = mkstemp(path);
    ck_assert_int_ge(descriptor, 0);
    close(descriptor);
    unlink(path);
    ph_report_init(&report);
    ph_grid_init(&grid);
    ck_assert_int_eq(ph_grid_parse(&grid, text, "test", 0, NULL, &report), PH_OK);
}

static void end(void)
{
    ph_runfile_close(&file);
    unlink(path);
    ph_grid_free(&grid);
    ph_report_free(&report);
}

/* Spins are other ones in each sample. */
static void write_chains(ph_runfile_t *out, uint32_t sample, uint32_t replicas, uint64_t sweeps)
{
    ph_segment_t segment;
    ck_assert_int_eq(sample_segment(&segment, &grid, 0, sample, 0, replicas, 0, sweeps), PH_OK);
    segment.spins[0] ^= (uint8_t)sample;
    ck_assert_int_eq(ph_runfile_write(out, 0, &segment, &report), PH_OK);
    ph_segment_free(&segment);
}

static void begin_whole(const char *text)
{
    ph_runfile_t out;
    begin(text);
    ck_assert_int_eq(ph_runfile_create(&out, path, &grid, &report), PH_OK);
    for (uint32_t s = 0; s < (uint32_t)grid.samples; s++)
        write_chains(&out, s, 3, ph_point_total(&grid.points[0]));
    ck_assert_int_eq(ph_runfile_commit(&out, &report), PH_OK);
    ck_assert_int_eq(ph_runfile_open(&file, path, &report), PH_OK);
}

/* What was not asked for of a segment is 0. */
static void clear_others(ph_segment_t *own, const ph_wanted_t *wanted)
{
    const size_t width = (size_t)own->components, chains = own->replicas;
    for (size_t c = 0; c < width; c++) {
        const uint64_t bit = c < (size_t)grid.points[0].patterns ? MAGNETIZATION : ENERGY;
        for (size_t k = 0; (wanted->series & bit) == 0 && k < chains * own->records; k++)
            own->series[k * width + c] = 0.0;
        for (size_t r = 0; (wanted->sums & bit) == 0 && r < chains; r++)
            memset(own->sums + (r * width + c) * PH_MOMENT_WORDS, 0,
                   PH_MOMENT_WORDS * sizeof(double));
    }
}

/* Whether a segment has of a sample's chains what is wanted, and that alone. */
static bool is_sample(const ph_segment_t *found, uint32_t sample, const ph_wanted_t *wanted)
{
    ph_segment_t own;
    const uint64_t from = wanted->series != 0 ? wanted->records_from : UINT64_MAX;
    ck_assert_int_eq(
        ph_runfile_read(&file, 0, sample, 0, (uint32_t)grid.replicas, from, &own, &report), PH_OK);
    const size_t width = (size_t)own.components, chains = own.replicas;
    const size_t words = chains * width * PH_MOMENT_WORDS, rows = chains * (size_t)own.records;
    const size_t bytes = chains * ph_segment_spin_bytes(own.state_bits);
    clear_others(&own, wanted);
    const bool equal =
        found->sample == sample && found->sweep_to == own.sweep_to &&
        found->record_first == own.record_first && found->records == own.records &&
        (found->sums != NULL) == (wanted->sums != 0) && (found->spins != NULL) == wanted->spins &&
        memcmp(found->series, own.series, rows * width * sizeof(double)) == 0 &&
        (found->sums == NULL || memcmp(found->sums, own.sums, words * sizeof(double)) == 0) &&
        (found->spins == NULL || memcmp(found->spins, own.spins, bytes) == 0);
    ph_segment_free(&own);
    return equal;
}

/* Reads a sample, which is to be in the call of HDF5 that ends before sample `until`. */
static void check(ph_reading_t *reading, uint32_t sample, uint32_t until)
{
    ph_segment_t segment;
    ck_assert_int_eq(ph_reading_sample(reading, sample, &segment, NULL, &report), PH_OK);
    ck_assert(is_sample(&segment, sample, &reading->wanted));
    ck_assert_uint_eq(reading->end, until);
    ph_segment_free(&segment);
}

/* In order forty samples come in two calls; then one that was before, and some chains of one. */
START_TEST(some_at_a_time)
{
    const ph_wanted_t wanted[] = {ALL,
                                  {3, MAGNETIZATION, 0, false},
                                  {0, MAGNETIZATION, ENERGY, true},
                                  {0, 0, MAGNETIZATION, true},
                                  {UINT64_MAX, MAGNETIZATION, MAGNETIZATION, true}};
    begin_whole(MANY);
    for (size_t i = 0; i < sizeof(wanted) / sizeof(wanted[0]); i++) {
        ph_reading_t reading;
        ph_segment_t segment;
        ph_reading_init(&reading, &file, 0, &wanted[i]);
        for (uint32_t s = 0; s < 40; s++)
            check(&reading, s, s < 32 ? 32 : 40);
        check(&reading, 7, 39);
        ck_assert_int_eq(ph_reading_replicas(&reading, 5, 1, 2, &segment, &report), PH_OK);
        ck_assert(segment.sample == 5 && segment.replica_first == 1 && segment.replicas == 2);
        ph_segment_free(&segment);
        ph_reading_free(&reading);
    }
    end();
}
END_TEST

/* Samples that take more than PH_READING_BYTES, and one that is asked for alone. */
START_TEST(one_at_a_time)
{
    ph_reading_t reading;
    ph_segment_t segment;
    begin_whole(LONG);
    ph_reading_init(&reading, &file, 0, &ALL);
    check(&reading, 0, 1);
    check(&reading, 1, 2);
    ph_reading_free(&reading);
    ck_assert_int_eq(ph_sample_read(&file, 0, 1, 0, &segment, NULL, &report), PH_OK);
    ck_assert(is_sample(&segment, 1, &ALL));
    ph_segment_free(&segment);
    end();
}
END_TEST

/* A run at work: a call goes as far as samples have done alike. Chains of a sample that have not
 * are refused, and so are samples that have not, from whom asks for them together. */
START_TEST(as_far_as_alike)
{
    ph_runfile_t out;
    ph_reading_t reading;
    ph_segment_t segment, both[2];
    begin(MANY);
    ck_assert_int_eq(ph_runfile_create(&out, path, &grid, &report), PH_OK);
    for (uint32_t s = 0; s < 12; s++)
        write_chains(&out, s, s == 9 ? 2 : 3, s < 4 ? 10 : 6);
    ck_assert_int_eq(ph_runfile_commit(&out, &report), PH_OK);
    ck_assert_int_eq(ph_runfile_open(&file, path, &report), PH_OK);
    ph_reading_init(&reading, &file, 0, &ALL);
    for (uint32_t s = 0; s < 9; s++)
        check(&reading, s, s < 4 ? 4 : 9);
    ck_assert_int_eq(ph_reading_sample(&reading, 9, &segment, NULL, &report), PH_ERR_MISMATCH);
    ck_assert(segment.series == NULL && segment.sums == NULL && segment.spins == NULL);
    for (uint32_t s = 10; s < 40; s++)
        check(&reading, s, s < 12 ? 12 : 40);
    ph_reading_free(&reading);
    ck_assert_int_eq(ph_runfile_read_samples(&file, 0, 3, 2, 0, 3, &ALL, both, &report),
                     PH_ERR_MISMATCH);
    ck_assert(both[0].series == NULL && both[1].series == NULL);
    ck_assert_int_eq(ph_runfile_read_samples(&file, 0, 39, 2, 0, 3, &ALL, both, &report),
                     PH_ERR_MISMATCH);
    end();
}
END_TEST

PH_TEST_MAIN("sampleread", some_at_a_time, one_at_a_time, as_far_as_alike)
