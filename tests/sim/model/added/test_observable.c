/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * An observable that people choose is one line of a list and one row: with those of power.h and
 * power.c, the list of the tree compiled anew and all else as it is in the library, runs record and
 * store it, last states have it, and tables of estimates show it.
 */
#include <math.h>
#include <stdlib.h>

#include "analysis/estimate/laststate.h"
#include "analysis/export/export.h"
#include "tests/sim/run/smallrun.h"

enum { PATTERNS = 2 };

static char folder[32], path[96];
static ph_grid_t grid;
static ph_runfile_t run;

static void begin(const char *record)
{
    char text[512];
    small_folder(folder);
    snprintf(text, sizeof(text), SMALL_GRID "record: { %s }\n", record);
    parse(&grid, text);
    ck_assert_int_eq(small_run(&grid, small_path(path, folder, "run.h5"), NULL), PH_OK);
    ck_assert_int_eq(ph_runfile_open(&run, path, NULL), PH_OK);
}

static void end(void)
{
    ph_runfile_close(&run);
    ph_grid_free(&grid);
    unlink(path);
    rmdir(folder);
}

static double power_of(const double *m)
{
    double sum = 0.0;
    for (int mu = 0; mu < PATTERNS; mu++)
        sum += m[mu] * m[mu];
    return sum;
}

/* It comes after all others where record.observables has its word, and is nowhere else. */
START_TEST(it_has_a_place)
{
    parse(&grid, SMALL_GRID "record: { observables: power }\n");
    ck_assert_int_eq(PH_OBS_POWER, ph_observables_count() - 1);
    ck_assert_uint_eq(ph_observable_offset(PH_OBS_POWER, &grid, PATTERNS), PATTERNS + 1);
    ck_assert_uint_eq(ph_observables_total(&grid, PATTERNS), PATTERNS + 2);
    ph_grid_free(&grid);
    parse(&grid, SMALL_GRID "record: { loss: true, observables: [flips] }\n");
    ck_assert(!ph_observable_recorded(PH_OBS_POWER, &grid));
    ck_assert_uint_eq(ph_observables_total(&grid, PATTERNS), PATTERNS + 1 + 2 * PATTERNS + 1);
    ph_grid_free(&grid);
}
END_TEST

/* Its word is part of the text and of what chains are, in whatever way the others are asked for; no
 * stream of random numbers hangs on it. */
START_TEST(its_word_counts)
{
    static const char *const SAME[] = {"observables: [power, loss]", "observables: [loss, power]",
                                       "loss: true, observables: power"};
    ph_grid_t base, first;
    ph_report_t report;
    parse(&base, SMALL_GRID "record: { loss: true }\n");
    parse(&first, SMALL_GRID "record: { observables: [energy, power, loss] }\n");
    ck_assert_ptr_nonnull(strstr(first.text, "\n  observables: [power]\n"));
    ck_assert(!ph_digest_equal(first.digest, base.digest));
    ck_assert(!ph_digest_equal(first.points[0].chain, base.points[0].chain));
    ck_assert(ph_digest_equal(first.points[0].identity, base.points[0].identity));
    ph_report_init(&report);
    ck_assert_uint_eq(ph_grid_differences(&base, "A", &first, "B", &report), 1);
    ck_assert_str_eq(report.messages[0].text, "record.observables: [] in A, [power] in B");
    ph_report_free(&report);
    for (size_t i = 0; i < sizeof(SAME) / sizeof(SAME[0]); i++) {
        char text[512];
        snprintf(text, sizeof(text), SMALL_GRID "record: { %s }\n", SAME[i]);
        parse(&grid, text);
        ck_assert_str_eq(grid.text, first.text);
        ck_assert(ph_digest_equal(grid.points[0].chain, first.points[0].chain));
        ph_grid_free(&grid);
    }
    parse(&grid, first.text);
    ck_assert_str_eq(grid.text, first.text);
    ck_assert(ph_digest_equal(grid.points[0].chain, first.points[0].chain));
    ph_grid_free(&grid);
    ph_grid_free(&base);
    ph_grid_free(&first);
}
END_TEST

/* Of every record and of the last state it is what it says, read back from the file; magnetizations
 * are stored in single precision. */
START_TEST(runs_record_it)
{
    begin("observables: [power, loss]");
    const size_t at = ph_observable_offset(PH_OBS_POWER, &grid, PATTERNS);
    for (size_t p = 0; p < grid.points_count; p++)
        for (uint32_t s = 0; s < grid.samples; s++) {
            ph_segment_t chains;
            double last[3 * 8];
            ck_assert_int_eq(ph_runfile_read(&run, p, s, 0, 3, 0, &chains, NULL), PH_OK);
            ck_assert_uint_eq(chains.components, at + 1);
            ck_assert_uint_le(chains.components, 8);
            ck_assert_uint_eq(chains.records, 7);
            for (size_t k = 0; k < 3 * chains.records; k++) {
                const double *row = chains.series + k * chains.components;
                ck_assert_double_eq_tol(row[at], power_of(row), 1e-6);
            }
            ck_assert_int_eq(ph_last_states(&grid, &grid.points[p], &chains, last), PH_OK);
            for (size_t r = 0; r < 3; r++) {
                const double *row = last + r * chains.components;
                ck_assert_double_eq(row[at], power_of(row));
            }
            ph_segment_free(&chains);
        }
    end();
}
END_TEST

/* Its columns stand in the tables, in those that have it. */
START_TEST(tables_show_it)
{
    static const char *const RECORD[] = {"observables: power", "observables: [loss, flips]"};
    for (int i = 0; i < 2; i++) {
        ph_selection_t selection;
        char *text = NULL;
        size_t size = 0;
        begin(RECORD[i]);
        ph_selection_init(&selection, run.base.grid);
        FILE *out = open_memstream(&text, &size);
        ck_assert_ptr_nonnull(out);
        ck_assert_int_eq(
            ph_export_estimates(out, &run, &selection, PH_VIEW_PATTERNS, PH_TEXT_CSV, NULL), PH_OK);
        ck_assert_int_eq(fclose(out), 0);
        ck_assert_int_eq(strstr(text, ",power_mean,") != NULL || strstr(text, ",power,") != NULL,
                         i == 0);
        free(text);
        end();
    }
}
END_TEST

PH_TEST_MAIN("an added observable", it_has_a_place, its_word_counts, runs_record_it, tables_show_it)
