/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <hdf5.h>
#include <math.h>
#include <string.h>
#include <unistd.h>

#include "analysis/phase/phase.h"
#include "tests/testing.h"

static char path[64];
static ph_grid_t grid;
static ph_phase_t phase;
static ph_report_t report;

static void begin(const char *text)
{
    snprintf(path, sizeof(path), "/tmp/polyhebb-phasefile-XXXXXX");
    int descriptor = mkstemp(path);
    ck_assert_int_ge(descriptor, 0);
    close(descriptor);
    ph_report_init(&report);
    ph_grid_init(&grid);
    ck_assert_int_eq(ph_grid_parse(&grid, text, "test", 0, NULL, &report), PH_OK);
    ck_assert_int_eq(ph_phase_solve(&phase, &grid, 1, &report), PH_OK);
    ck_assert_int_eq(ph_phase_write(&phase, path, &report), PH_OK);
}

static void end(void)
{
    unlink(path);
    ph_phase_free(&phase);
    ph_grid_free(&grid);
    ph_report_free(&report);
}

/* Puts a number at one place of an array, counted from the end where `at` is negative; returns what
 * was there. */
static double put(const char *name, long at, double value)
{
    static double values[65536];
    hid_t file = H5Fopen(path, H5F_ACC_RDWR, H5P_DEFAULT);
    hid_t set = H5Dopen2(file, name, H5P_DEFAULT), space = H5Dget_space(set);
    const long count = (long)H5Sget_simple_extent_npoints(space);
    ck_assert_int_le(count, 65536);
    ck_assert_int_ge(H5Dread(set, H5T_NATIVE_DOUBLE, H5S_ALL, H5S_ALL, H5P_DEFAULT, values), 0);
    double *place = &values[at < 0 ? count + at : at];
    const double before = *place;
    *place = value;
    ck_assert_int_ge(H5Dwrite(set, H5T_NATIVE_DOUBLE, H5S_ALL, H5S_ALL, H5P_DEFAULT, values), 0);
    H5Sclose(space);
    H5Dclose(set);
    H5Fclose(file);
    return before;
}

static bool said(const char *what)
{
    for (size_t i = 0; i < report.count; i++)
        if (strstr(report.messages[i].text, what) != NULL)
            return true;
    return false;
}

static int reread(void)
{
    ph_phase_t other;
    const int status = ph_phase_read(&other, &grid, path, &report);
    if (status == PH_OK)
        ph_phase_free(&other);
    return status;
}

/* Three values a side; at the first point four states, of which the lowest is hierarchical-2. */
static const char SMALL[] = "network: { neurons: 60, patterns: 2, normalization: none,\n"
                            "           dilution: [0.3, 0.35, 0.4] }\n"
                            "noise: [0.1, 0.6, 0.75]\n"
                            "dynamics: { start: hierarchical, sweeps: 20 }\n";

/* The last value of an axis has no way behind it: a boundary there is refused, and the values that
 * would follow are not read. */
START_TEST(test_last_value)
{
    begin(SMALL);
    ck_assert(isfinite(ph_phase_place(&grid, 1, 0, 0.5)));
    ck_assert(isnan(ph_phase_place(&grid, 1, 2, 0.5)) && isnan(ph_phase_share(&grid, 1, 2, 0.8)));
    ck_assert(isnan(ph_phase_place(&grid, 0, 8, 0.5)) && isnan(ph_phase_share(&grid, 0, 8, 0.4)));
    ck_assert_int_eq(reread(), PH_OK);
    const double before = put("change_noise", -1, 0.8);
    put("change_noise_label", -1, 0);
    put("change_noise_other", -1, 1);
    put("change_noise_kind", -1, 0);
    ck_assert_int_eq(reread(), PH_ERR_DAMAGED);
    ck_assert(said("point 8") && said("no way"));
    put("change_noise", -1, before);
    ck_assert_int_eq(reread(), PH_OK);
    end();
}
END_TEST

/* A number of a file that breaks a promise of the format. */
typedef struct {
    const char *name, *fault;
    long at;
    double value;
} break_t;

/* The promise is missed; put right again, the file is read. */
static void check_break(const break_t *own)
{
    const double before = put(own->name, own->at, own->value);
    ph_report_free(&report);
    ph_report_init(&report);
    ck_assert_msg(reread() == PH_ERR_DAMAGED, "%s with %g is read", own->name, own->value);
    ck_assert_msg(said(own->fault), "%s with %g: \"%s\"", own->name, own->value,
                  report.messages[0].text);
    put(own->name, own->at, before);
    ck_assert_int_eq(reread(), PH_OK);
}

/* Every promise of the format, broken by one number. */
START_TEST(test_promises)
{
    static const break_t BREAKS[] = {
        {"ground_state", "not there", 0, 100},
        {"ground_state", "not there", 0, -1},
        {"ground_state", "kind stable", 0, 1},
        {"reached_state", "not there", 0, 100},
        {"reached_state", "impossible numbers", 0, 300},
        {"degree", "degree", 0, 0.5},
        {"label", "impossible numbers", 0, 77},
        {"label", "impossible numbers", 0, -1},
        {"kind", "impossible numbers", 0, 3},
        {"kind", "not one state", 0, 1},
        {"kind", "not one state", 1, 0},
        {"free_energy", "free energies", 0, 1.0},
        {"free_energy", "no free energy", 0, NAN},
        {"residual", "no residual", 0, -1.0},
        {"copies", "copies", 0, 0.5},
        {"magnetization", "within -1 and 1", 0, 1.5},
        {"magnetization", "within -1 and 1", 1, NAN},
        {"overlap", "within -1 and 1", 1, INFINITY},
        {"change_noise", "between the two values", 0, 0.05},
        {"change_noise", "between the two values", 0, 0.65},
        {"change_noise_label", "impossible numbers", 0, -1},
        {"change_noise_other", "impossible numbers", 0, 99},
        {"change_noise_kind", "impossible numbers", 0, 9},
        {"end_noise", "order", 0, 0.55},
        {"end_noise", "impossible numbers", 0, NAN},
    };
    begin(SMALL);
    ck_assert_uint_eq(phase.points[0].count, 4);
    ck_assert_uint_ge(phase.directions[1].changes[0].count, 1);
    ck_assert_uint_ge(phase.directions[1].ends[0].count, 2);
    for (size_t i = 0; i < sizeof(BREAKS) / sizeof(BREAKS[0]); i++)
        check_break(&BREAKS[i]);
    end();
}
END_TEST

/* The same of the curves. */
START_TEST(test_curve_promises)
{
    static const break_t BREAKS[] = {
        {"curve_kind", "in the curves", 0, 6},       {"curve_ground", "in the curves", 0, 2},
        {"curve_closed", "in the curves", 0, -1},    {"curve_left", "in the curves", 0, 99},
        {"curve_right", "in the curves", 0, -1},     {"curve_begin", "in the curves", 0, 100},
        {"curve_end", "in the curves", 0, -2},       {"curve_noise", "in the curves", 0, NAN},
        {"curve_dilution", "in the curves", 0, 0.5}, {"special_noise", "in the curves", 0, 0.05},
        {"special_kind", "in the curves", 0, 7},
    };
    begin(SMALL);
    ck_assert_uint_ge(phase.curves.count, 1);
    for (size_t i = 0; i < sizeof(BREAKS) / sizeof(BREAKS[0]); i++)
        check_break(&BREAKS[i]);
    end();
}
END_TEST

/* Beside points with so many patterns that none of their states is looked for, those with few keep
 * theirs; labels have codes of one byte. Of unsupervised points, overlaps of examples too. */
START_TEST(test_many_patterns)
{
    static const char *const GRIDS[] = {
        "network: { neurons: 60, patterns: [2, 40], dilution: 0.3 }\n"
        "noise: [0.1, 0.2]\ndynamics: { sweeps: 20 }\n",
        "network: { rule: unsupervised, neurons: 60, patterns: [2, 20], examples: 4,\n"
        "           dilution: 0.2, quality: 0.4 }\n"
        "noise: 0.2\ndynamics: { sweeps: 20 }\n"};
    for (size_t i = 0; i < 2; i++) {
        ph_phase_t other;
        begin(GRIDS[i]);
        ck_assert_int_eq(ph_phase_read(&other, &grid, path, &report), PH_OK);
        for (size_t p = 0; p < grid.points_count; p++) {
            ck_assert_uint_eq(other.points[p].count, phase.points[p].count);
            for (size_t s = 0; s < other.points[p].count; s++)
                ck_assert(ph_label_equal(other.points[p].states[s].label,
                                         phase.points[p].states[s].label));
        }
        ph_phase_free(&other);
        end();
    }
}
END_TEST

PH_TEST_MAIN("phasefile", test_last_value, test_promises, test_curve_promises, test_many_patterns)
