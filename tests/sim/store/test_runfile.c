/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sim/store/runfile.h"

#include <math.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/machine.h"
#include "sim/store/attributes.h"
#include "tests/sim/store/sample.h"
#include "tests/testing.h"

static const char TEXTUAL[] = "network: { neurons: 60, patterns: 3, dilution: 0.25 }\n"
                              "noise: [0.1, 0.2, 0.5]\n"
                              "dynamics: { sampler: [glauber, metropolis], sweeps: 20, "
                              "burn_in: 4 }\n"
                              "ensemble: { samples: 2, replicas: 3 }\n"
                              "record: { loss: true }\n";
static const char RAGGED[] = "network: { neurons: [60, 90], patterns: [2, 4], dilution: 0.25 }\n"
                             "noise: 0.1\n"
                             "dynamics: { sweeps: [10, 20], burn_in: 0, record_every: 2 }\n"
                             "ensemble: { samples: 2, replicas: 3 }\n";
static const char SHORT[] = "network: { neurons: 60, patterns: 3, dilution: 0.25 }\n"
                            "noise: [0.1, 0.2, 0.5]\n"
                            "dynamics: { sampler: [glauber, metropolis], sweeps: 10, "
                            "burn_in: 4 }\n"
                            "ensemble: { samples: 2, replicas: 3 }\n"
                            "record: { loss: true }\n";
static const char NO_SERIES[] = "network: { neurons: 60, patterns: 3, dilution: 0.25 }\n"
                                "noise: [0.1, 0.2]\n"
                                "dynamics: { sweeps: 20 }\n"
                                "record: { trajectory: false }\n";
static const char NO_SUMS[] = "network: { neurons: 60, patterns: 3, dilution: 0.25 }\n"
                              "noise: [0.1, 0.2]\n"
                              "dynamics: { sweeps: 20 }\n"
                              "record: { moments: false }\n";

/* HDF5 1.10 itself loses memory when it meets damaged metadata; ours is still checked. */
const char *__lsan_default_suppressions(void);
const char *__lsan_default_suppressions(void)
{
    return "leak:libhdf5";
}

static char path[64];
static ph_grid_t grid;
static ph_report_t report;

static void begin(const char *text)
{
    snprintf(path, sizeof(path), "/tmp/polyhebb-runfile-XXXXXX");
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
    unlink(path);
    ph_grid_free(&grid);
    ph_report_free(&report);
}

/* Whether the stored chains are those of the rule, with records from `from` on. */
static bool chains_equal(ph_runfile_t *file, size_t point, uint32_t sample, uint64_t from)
{
    ph_segment_t found, wanted;
    const ph_point_t *where = &grid.points[point];
    const uint64_t done = (uint64_t)(where->burn_in + where->sweeps);
    ck_assert_int_eq(sample_segment(&wanted, &grid, point, sample, 1, 2, 0, done), PH_OK);
    int status = ph_runfile_read(file, point, sample, 1, 2, from, &found, &report);
    bool equal = false;
    if (status == PH_OK) {
        const size_t components = (size_t)wanted.components;
        const size_t first = (size_t)found.record_first;
        equal =
            found.sweep_to == done && found.record_first + found.records == wanted.records &&
            memcmp(found.spins, wanted.spins, 2 * ph_segment_spin_bytes(wanted.state_bits)) == 0;
        if (wanted.sums != NULL)
            equal = equal && memcmp(found.sums, wanted.sums,
                                    2 * components * PH_MOMENT_WORDS * sizeof(double)) == 0;
        for (size_t r = 0; wanted.series != NULL && equal && r < 2; r++)
            equal = memcmp(found.series + r * (size_t)found.records * components,
                           wanted.series + (r * (size_t)wanted.records + first) * components,
                           (size_t)found.records * components * sizeof(double)) == 0;
    }
    ph_segment_free(&found);
    ph_segment_free(&wanted);
    return equal;
}

/* The whole content as sample_run() wrote it; false where it differs, status where it fails. */
static int check_content(bool *equal)
{
    ph_runfile_t file;
    *equal = true;
    int status = ph_runfile_open(&file, path, &report);
    if (status == PH_OK)
        status = ph_runfile_verify(&file, &report);
    for (size_t p = 0; status == PH_OK && p + 1 < grid.points_count; p++)
        for (uint32_t s = 0; s < grid.samples; s++)
            *equal = *equal && chains_equal(&file, p, s, 0);
    ph_runfile_close(&file);
    return status;
}

/* Chains written in two segments come back bit for bit, from any record on. */
START_TEST(test_round_trip)
{
    const char *const texts[] = {TEXTUAL, RAGGED};
    for (size_t i = 0; i < 2; i++) {
        ph_runfile_t file;
        begin(texts[i]);
        ck_assert_int_eq(sample_run(&grid, path, &report), PH_OK);
        ck_assert_int_eq(ph_runfile_open(&file, path, &report), PH_OK);
        ck_assert_int_eq(ph_runfile_verify(&file, &report), PH_OK);
        const uint64_t from[] = {0, 1, 5, 7, UINT64_MAX};
        for (size_t p = 0; p + 1 < grid.points_count; p++)
            for (uint32_t s = 0; s < grid.samples; s++)
                for (size_t k = 0; k < sizeof(from) / sizeof(from[0]); k++)
                    ck_assert(chains_equal(&file, p, s, from[k]));
        ph_runfile_close(&file);
        end();
    }
}
END_TEST

/* The file says how fields came about; a theory file of the same grid has none. */
START_TEST(test_fields)
{
    ph_runfile_t run;
    ph_gridfile_t theory;
    begin(TEXTUAL);
    ck_assert_int_eq(sample_run(&grid, path, &report), PH_OK);
    ck_assert_int_eq(ph_runfile_open(&run, path, &report), PH_OK);
    char *fields = NULL;
    ck_assert_int_eq(ph_attribute_read_text(run.base.file, "fields", &fields), PH_OK);
    ck_assert_str_eq(fields, "overlaps");
    free(fields);
    ph_runfile_close(&run);
    ck_assert_int_eq(ph_gridfile_create(&theory, path, "theory", &grid, &report), PH_OK);
    ck_assert_int_eq(H5Aexists(theory.file, "fields"), 0);
    ph_gridfile_close(&theory);
    end();
}
END_TEST

/* Without trajectory, and without moments, the rest comes back and the arrays are not made. */
START_TEST(test_recorded)
{
    const char *const texts[] = {NO_SERIES, NO_SUMS};
    for (size_t i = 0; i < 2; i++) {
        ph_runfile_t file;
        ph_segment_t segment;
        begin(texts[i]);
        ck_assert_int_eq(sample_run(&grid, path, &report), PH_OK);
        ck_assert_int_eq(ph_runfile_open(&file, path, &report), PH_OK);
        ck_assert_int_eq(ph_runfile_read(&file, 0, 0, 0, 1, 0, &segment, &report), PH_OK);
        ck_assert((segment.series == NULL) == (i == 0));
        ck_assert((segment.sums == NULL) == (i == 1));
        ck_assert_uint_eq(segment.sweep_to, 20);
        ck_assert(ph_gridfile_has(&file.base, "magnetization") == (i == 1));
        ck_assert(ph_gridfile_has(&file.base, "magnetization_mean") == (i == 0));
        ph_segment_free(&segment);
        ph_runfile_close(&file);
        end();
    }
}
END_TEST

/* A chain not begun reads as an empty segment; status tells the three cases apart. */
START_TEST(test_not_begun)
{
    ph_runfile_t file;
    ph_segment_t segment;
    int8_t status[6];
    begin(TEXTUAL);
    ck_assert_int_eq(ph_runfile_create(&file, path, &grid, &report), PH_OK);
    for (uint32_t s = 0; s < 2; s++) {
        ck_assert_int_eq(sample_segment(&segment, &grid, 2, s, 0, 3, 0, 24), PH_OK);
        ck_assert_int_eq(ph_runfile_write(&file, 2, &segment, &report), PH_OK);
        ph_segment_free(&segment);
    }
    ck_assert_int_eq(sample_segment(&segment, &grid, 4, 0, 1, 1, 0, 3), PH_OK);
    ck_assert_int_eq(ph_runfile_write(&file, 4, &segment, &report), PH_OK);
    ph_segment_free(&segment);
    ck_assert_int_eq(ph_runfile_commit(&file, &report), PH_OK);

    ck_assert_int_eq(ph_runfile_open(&file, path, &report), PH_OK);
    ck_assert_int_eq(ph_gridfile_read_all(&file.base, "status", H5T_NATIVE_INT8, status, &report),
                     PH_OK);
    const int8_t wanted[] = {0, 0, PH_POINT_COMPLETE, 0, PH_POINT_BEGUN, 0};
    ck_assert_mem_eq(status, wanted, 6);
    ck_assert_int_eq(ph_runfile_read(&file, 0, 1, 0, 3, 0, &segment, &report), PH_OK);
    ck_assert(segment.sweep_to == 0 && segment.records == 0);
    ph_segment_free(&segment);
    ck_assert_int_eq(ph_runfile_sweeps_done(&file, 4, 0, 1), 3);
    ck_assert_int_eq(ph_runfile_read(&file, 4, 0, 0, 2, 0, &segment, &report), PH_ERR_MISMATCH);
    ph_segment_free(&segment);
    ph_runfile_close(&file);
    end();
}
END_TEST

/* Chains of another point, or longer than the grid's, are refused. */
START_TEST(test_mismatch)
{
    ph_runfile_t file;
    ph_segment_t segment;
    ph_grid_t longer;
    ph_grid_init(&longer);
    ck_assert_int_eq(ph_grid_parse(&longer, TEXTUAL, "test", 0, NULL, NULL), PH_OK);
    begin(SHORT);
    ck_assert_int_eq(ph_runfile_create(&file, path, &grid, &report), PH_OK);
    ck_assert_int_eq(sample_segment(&segment, &longer, 1, 0, 0, 3, 0, 24), PH_OK);
    ck_assert_int_eq(ph_runfile_write(&file, 1, &segment, &report), PH_ERR_MISMATCH);
    ph_segment_free(&segment);
    ck_assert_int_eq(sample_segment(&segment, &longer, 1, 0, 0, 3, 0, 14), PH_OK);
    ck_assert_int_eq(ph_runfile_write(&file, 2, &segment, &report), PH_ERR_MISMATCH);
    ck_assert_int_eq(ph_runfile_write(&file, 1, &segment, &report), PH_OK);
    segment.replica_first = 1;
    ck_assert_int_eq(ph_runfile_write(&file, 1, &segment, &report), PH_ERR_MISMATCH);
    ph_segment_free(&segment);
    ph_runfile_close(&file);
    ck_assert_int_eq(access(path, F_OK), -1);
    ph_grid_free(&longer);
    end();
}
END_TEST

static void flip(long position, int mask)
{
    FILE *stream = fopen(path, "r+b");
    ck_assert_ptr_nonnull(stream);
    fseek(stream, position, SEEK_SET);
    int byte = fgetc(stream);
    fseek(stream, position, SEEK_SET);
    fputc(byte ^ mask, stream);
    fclose(stream);
}

/* Any flipped byte is reported or harmless, wherever it lies; PH_FLIP_STEP=1 tries every byte. */
START_TEST(test_flipped_bytes)
{
    struct stat facts;
    size_t found = 0, harmless = 0;
    const char *asked = getenv("PH_FLIP_STEP");
    const long step = asked != NULL ? atol(asked) : PH_TEST_SANITIZED ? 211 : 53;
    ph_gridfile_silence();
    begin(TEXTUAL);
    ck_assert_int_eq(sample_run(&grid, path, &report), PH_OK);
    ck_assert_int_eq(stat(path, &facts), 0);
    for (long position = 0; position < facts.st_size; position += step) {
        const int mask = position % 2 == 0 ? 0xff : 1 << (position / 2 % 8);
        bool equal = false;
        flip(position, mask);
        int status = check_content(&equal);
        flip(position, mask);
        if (status == PH_OK)
            ck_assert_msg(equal, "byte %ld changed a number unnoticed", position);
        else
            ck_assert_msg(status == PH_ERR_DAMAGED || status == PH_ERR_FORMAT,
                          "byte %ld: status %d", position, status);
        found += status != PH_OK;
        harmless += status == PH_OK;
    }
    ck_assert_uint_gt(found, harmless / 4);
    end();
}
END_TEST

/* A full disk leaves nothing under the final name, and the message says why. */
START_TEST(test_disk_full)
{
    struct stat facts;
    struct rlimit usual, limit;
    begin(TEXTUAL);
    ck_assert_int_eq(sample_run(&grid, path, &report), PH_OK);
    ck_assert_int_eq(stat(path, &facts), 0);
    unlink(path);
    signal(SIGXFSZ, SIG_IGN);
    ck_assert_int_eq(getrlimit(RLIMIT_FSIZE, &usual), 0);
    limit = usual;
    for (rlim_t size = 0; size < (rlim_t)facts.st_size; size += 2999) {
        char partial[80];
        snprintf(partial, sizeof(partial), "%s.partial", path);
        const size_t before = report.count;
        limit.rlim_cur = size;
        ck_assert_int_eq(setrlimit(RLIMIT_FSIZE, &limit), 0);
        ck_assert_int_eq(sample_run(&grid, path, &report), PH_ERR_IO);
        ck_assert_int_eq(access(path, F_OK), -1);
        ck_assert_int_eq(access(partial, F_OK), -1);
        ck_assert_uint_gt(report.count, before);
        ck_assert_ptr_nonnull(strstr(report.messages[report.count - 1].text, "File too large"));
    }
    ck_assert_int_eq(setrlimit(RLIMIT_FSIZE, &usual), 0);
    ck_assert_int_eq(sample_run(&grid, path, &report), PH_OK);
    end();
}
END_TEST

static char *many_points(size_t points)
{
    char *text = malloc(200 + points * 12), *at = text;
    at += sprintf(at, "network: { neurons: 600, patterns: 3, dilution: 0.25 }\nnoise: [0.001");
    for (size_t p = 1; p < points; p++)
        at += sprintf(at, ", %.3f", 0.001 * (double)(p + 1));
    sprintf(at, "]\ndynamics: { sweeps: 20 }\nensemble: { samples: 2, replicas: 4 }\n");
    return text;
}

/* Thousands of points are put together and checked within seconds. */
START_TEST(test_many_points)
{
    enum { POINTS = PH_TEST_SANITIZED ? 600 : 3000 };
    char *text = many_points(POINTS);
    begin(text);
    free(text);
    double clock = ph_machine_clock();
    ck_assert_int_eq(sample_run(&grid, path, &report), PH_OK);
    const double assembled = ph_machine_clock() - clock;
    ph_runfile_t file;
    clock = ph_machine_clock();
    ck_assert_int_eq(ph_runfile_open(&file, path, &report), PH_OK);
    ck_assert_int_eq(ph_runfile_verify(&file, &report), PH_OK);
    const double verified = ph_machine_clock() - clock;
    ck_assert(chains_equal(&file, POINTS - 500, 1, 0));
    ph_runfile_close(&file);
    ck_assert_double_lt(assembled, 20);
    ck_assert_double_lt(verified, 20);
    if (getenv("PH_TIMES") != NULL)
        printf("%d points: assembled %.2f s, verified %.2f s\n", POINTS, assembled, verified);
    end();
}
END_TEST

PH_TEST_MAIN("runfile", test_round_trip, test_fields, test_recorded, test_not_begun, test_mismatch,
             test_flipped_bytes, test_disk_full, test_many_points)
