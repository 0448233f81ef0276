/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "analysis/theory/theory_private.h"
#include "analysis/theory/theoryfile.h"

#include <hdf5.h>
#include <math.h>
#include <string.h>
#include <unistd.h>

#include "analysis/meanfield/meanfield.h"
#include "tests/testing.h"

static const char GRID[] = "network: { neurons: 60, patterns: [2, 3], dilution: 0.25 }\n"
                           "noise: [0.1, 0.2, 0.5]\n"
                           "dynamics: { sweeps: 20, record_every: 3 }\n"
                           "record: { loss: true }\n"
                           "ensemble: { samples: 2 }\n";
static const char LEARNING[] =
    "network: { rule: [storage, unsupervised], neurons: 60, patterns: [2, 3], dilution: 0.25,\n"
    "           examples: 3, quality: [0.5, 0.7, 0.9] }\n"
    "noise: 0.1\n"
    "dynamics: { sweeps: 20, record_every: 3 }\n"
    "ensemble: { samples: 2 }\n";
static const char OTHER[] = "network: { neurons: 60, patterns: [2, 3], dilution: 0.25 }\n"
                            "noise: [0.1, 0.2, 0.6]\n"
                            "dynamics: { sweeps: 20 }\n"
                            "ensemble: { samples: 2 }\n";

static char path[64];
static ph_grid_t grid;
static ph_report_t report;

static void parse(ph_grid_t *into, const char *text)
{
    ph_grid_init(into);
    ck_assert_int_eq(ph_grid_parse(into, text, "test", 0, NULL, &report), PH_OK);
}

static void begin(const char *text)
{
    snprintf(path, sizeof(path), "/tmp/polyhebb-theoryfile-XXXXXX");
    int descriptor = mkstemp(path);
    ck_assert_int_ge(descriptor, 0);
    close(descriptor);
    ph_report_init(&report);
    parse(&grid, text);
}

static void end(void)
{
    unlink(path);
    ph_grid_free(&grid);
    ph_report_free(&report);
}

/* Every dataset of these kinds with numbers of its own, and NaN. */
static void make_theory(ph_theory_t *theory, unsigned kinds, bool samples)
{
    memset(theory, 0, sizeof(*theory));
    theory->grid = &grid;
    theory->kinds = kinds;
    theory->samples = samples;
    ck_assert_int_eq(ph_theory_allocate(theory), PH_OK);
    for (int k = 0; k < PH_THEORY_COUNT; k++) {
        const ph_theory_dataset_t *row;
        for (size_t i = 0; (row = ph_theory_dataset((ph_theory_kind_t)k, i)) != NULL; i++) {
            double *values = ph_theory_values(theory, row->name, 0);
            for (size_t j = 0;
                 values != NULL && j < grid.points_count * ph_theory_block(&grid, row); j++)
                values[j] = row->flag ? (double)(j % 3 == 0) : (double)(i + 1) / (double)(j + 7);
            if (values != NULL && !row->flag)
                values[2] = NAN;
        }
    }
}

static size_t check_equal(const ph_theory_t *found, const ph_theory_t *wanted)
{
    size_t datasets = 0;
    ck_assert_uint_eq(found->kinds, wanted->kinds);
    ck_assert(found->samples == wanted->samples);
    for (int k = 0; k < PH_THEORY_COUNT; k++) {
        const ph_theory_dataset_t *row;
        for (size_t i = 0; (row = ph_theory_dataset((ph_theory_kind_t)k, i)) != NULL; i++) {
            const double *a = ph_theory_values(found, row->name, 0);
            const double *b = ph_theory_values(wanted, row->name, 0);
            ck_assert((a == NULL) == (b == NULL));
            ck_assert(a == NULL || (wanted->kinds >> k & 1u) != 0);
            datasets += a != NULL;
            if (a != NULL)
                ck_assert_mem_eq(a, b,
                                 grid.points_count * ph_theory_block(&grid, row) * sizeof(double));
        }
    }
    return datasets;
}

/* Every kind alone and all together come back bit for bit, with samples and without, at points with
 * fewer patterns and records, with NaN; datasets have names of their own. */
START_TEST(test_round_trip)
{
    const unsigned all = (1u << PH_THEORY_COUNT) - 1;
    for (unsigned kinds = 1; kinds <= all; kinds = kinds == all       ? all + 1
                                                   : kinds << 1 < all ? kinds << 1
                                                                      : all)
        for (int samples = 0; samples < 2; samples++) {
            ph_theory_t written, found;
            begin(samples == 0 ? GRID : LEARNING);
            make_theory(&written, kinds, samples != 0 && (kinds & 5u) != 0);
            ck_assert_int_eq(ph_theory_write(&written, path, &report), PH_OK);
            ck_assert_int_eq(ph_theory_read(&found, &grid, path, &report), PH_OK);
            ck_assert_uint_gt(check_equal(&found, &written), kinds == all ? 20 : 0);
            ck_assert_uint_eq(found.unconverged, (kinds & 1u) != 0 ? grid.points_count * 2 / 3 : 0);
            ck_assert(!ph_theory_converged(&found, 1));
            ck_assert(ph_theory_converged(&found, 0) == ((kinds & 1u) != 0));
            ck_assert_ptr_null(ph_theory_values(&found, "nothing", 0));
            ph_theory_free(&written);
            ph_theory_free(&found);
            end();
        }
}
END_TEST

/* The theory of another grid is PH_ERR_MISMATCH, an absent file PH_ERR_IO; nothing is kept. */
START_TEST(test_refused)
{
    ph_theory_t written, found;
    ph_grid_t other;
    begin(GRID);
    parse(&other, OTHER);
    make_theory(&written, 1u << PH_THEORY_MEAN_FIELD, false);
    ck_assert_int_eq(ph_theory_write(&written, path, &report), PH_OK);
    ck_assert_int_eq(ph_theory_read(&found, &other, path, &report), PH_ERR_MISMATCH);
    ck_assert_uint_ge(report.count, 2);
    unlink(path);
    ck_assert_int_eq(ph_theory_read(&found, &grid, path, &report), PH_ERR_IO);
    ph_theory_free(&found);
    ph_theory_free(&written);
    ph_grid_free(&other);
    end();
}
END_TEST

static bool said(const char *what)
{
    for (size_t i = 0; i < report.count; i++)
        if (strstr(report.messages[i].text, what) != NULL)
            return true;
    return false;
}

/* Puts a number at one place of an array. */
static void put(const char *name, size_t at, double value)
{
    static double values[4096];
    hid_t file = H5Fopen(path, H5F_ACC_RDWR, H5P_DEFAULT);
    hid_t set = H5Dopen2(file, name, H5P_DEFAULT);
    ck_assert_int_ge(H5Dread(set, H5T_NATIVE_DOUBLE, H5S_ALL, H5S_ALL, H5P_DEFAULT, values), 0);
    values[at] = value;
    ck_assert_int_ge(H5Dwrite(set, H5T_NATIVE_DOUBLE, H5S_ALL, H5S_ALL, H5P_DEFAULT, values), 0);
    H5Dclose(set);
    H5Fclose(file);
}

/* Flags beyond their codes and states that converged to no magnetization are found. Files of
 * earlier versions without the reasons are read. */
START_TEST(test_promises)
{
    static const struct {
        const char *name;
        double good, bad;
    } BREAKS[] = {{"converged", 1, 2},
                  {"correction_reason_sample", 4, 5},
                  {"correction_reason_sample", 0, -1},
                  {"magnetization", 0.5, 1.5},
                  {"magnetization", 0.5, NAN},
                  {"magnetization_sample", 0.5, -1.5}};
    ph_theory_t written, found;
    begin(GRID);
    make_theory(&written, 1u << PH_THEORY_MEAN_FIELD, true);
    ck_assert_int_eq(ph_theory_write(&written, path, &report), PH_OK);
    for (size_t i = 0; i < sizeof(BREAKS) / sizeof(BREAKS[0]); i++) {
        put(BREAKS[i].name, 0, BREAKS[i].bad);
        ph_report_free(&report);
        ph_report_init(&report);
        ck_assert_int_eq(ph_theory_read(&found, &grid, path, &report), PH_ERR_DAMAGED);
        ck_assert(said(BREAKS[i].name) && said("point 0"));
        put(BREAKS[i].name, 0, BREAKS[i].good);
        ck_assert_int_eq(ph_theory_read(&found, &grid, path, &report), PH_OK);
        ph_theory_free(&found);
    }
    hid_t file = H5Fopen(path, H5F_ACC_RDWR, H5P_DEFAULT);
    ck_assert_int_ge(H5Ldelete(file, "correction_reason_sample", H5P_DEFAULT), 0);
    H5Fclose(file);
    ck_assert_int_eq(ph_theory_read(&found, &grid, path, &report), PH_OK);
    ck_assert_double_eq(ph_theory_values(&found, "correction_reason_sample", 0)[0],
                        PH_CORRECTION_ABSENT);
    ph_theory_free(&found);
    ph_theory_free(&written);
    end();
}
END_TEST

PH_TEST_MAIN("theoryfile", test_round_trip, test_refused, test_promises)
