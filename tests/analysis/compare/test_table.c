/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The table of a comparison comes back from its file number for number, and is refused where it is
 * damaged, of another grid, of a run that has gone on, of another theory, or of the other view. */
#include "analysis/compare/table.h"

#include <hdf5.h>
#include <math.h>
#include <string.h>
#include <unistd.h>

#include "analysis/theory/theoryfile.h"
#include "tests/sim/store/sample.h"
#include "tests/testing.h"

/* Points of 1 and of 2 patterns, the last without data; some are decided and some are not. */
static const char GRID[] = "network: { neurons: 24, patterns: [1, 2], dilution: 0.2 }\n"
                           "noise: [0.1, 0.4]\n"
                           "dynamics: { start: hierarchical, sweeps: 40 }\n"
                           "ensemble: { samples: 2, replicas: 4 }\n";

/* One whose exact sums are soon made. */
static const char SUMMED[] = "network: { neurons: 60, patterns: [1, 2], dilution: 0.2 }\n"
                             "noise: [0.3, 0.4]\n"
                             "dynamics: { start: hierarchical, sweeps: 40 }\n"
                             "ensemble: { samples: 2, replicas: 4 }\n";

static char folder[64], path[96], run_path[96];
static ph_grid_t grid;
static ph_report_t report;
static ph_runfile_t run;

static void begin(const char *text)
{
    snprintf(folder, sizeof(folder), "/tmp/polyhebb-table-XXXXXX");
    ck_assert_ptr_nonnull(mkdtemp(folder));
    snprintf(path, sizeof(path), "%s/table.h5", folder);
    snprintf(run_path, sizeof(run_path), "%s/run.h5", folder);
    ph_report_init(&report);
    ph_grid_init(&grid);
    ck_assert_int_eq(ph_grid_parse(&grid, text, "test", 0, NULL, &report), PH_OK);
    ck_assert_int_eq(sample_run(&grid, run_path, &report), PH_OK);
    ck_assert_int_eq(ph_runfile_open(&run, run_path, &report), PH_OK);
}

static void end(void)
{
    ph_runfile_close(&run);
    unlink(path);
    unlink(run_path);
    rmdir(folder);
    ph_grid_free(&grid);
    ph_report_free(&report);
}

static bool said(const char *what)
{
    for (size_t i = 0; i < report.count; i++)
        if (strstr(report.messages[i].text, what) != NULL)
            return true;
    return false;
}

static void same(double a, double b)
{
    ck_assert(isnan(a) ? isnan(b) : a == b);
}

static void same_step(const ph_path_row_t *a, const ph_path_row_t *b)
{
    same(a->step_mc, b->step_mc);
    same(a->step_population, b->step_population);
    same(a->step_error, b->step_error);
    same(a->step_allowance, b->step_allowance);
    same(a->step_deviate, b->step_deviate);
}

static void same_laws(const ph_comparison_table_t *a, const ph_comparison_table_t *b)
{
    for (size_t i = 0; i < a->distributions.rows_count + a->distributions.points; i++) {
        const size_t rows = a->distributions.rows_count;
        const ph_distribution_row_t *x =
            i < rows ? &a->distributions.rows[i] : &a->distributions.overlaps[i - rows];
        const ph_distribution_row_t *y =
            i < rows ? &b->distributions.rows[i] : &b->distributions.overlaps[i - rows];
        const double left[] = {x->level, x->mc, x->error, x->exact, x->deviation};
        const double right[] = {y->level, y->mc, y->error, y->exact, y->deviation};
        for (size_t k = 0; k < sizeof(left) / sizeof(left[0]); k++)
            same(left[k], right[k]);
        ck_assert(x->point == y->point && x->pattern == y->pattern && x->levels == y->levels &&
                  x->verdict == y->verdict && x->reason == y->reason);
    }
}

static void same_rows(const ph_comparison_table_t *a, const ph_comparison_table_t *b)
{
    ck_assert_uint_eq(a->equilibrium.rows_count, b->equilibrium.rows_count);
    ck_assert_uint_eq(a->paths.rows_count, b->paths.rows_count);
    ck_assert_uint_eq(a->paths.points, b->paths.points);
    for (size_t p = 0; p < a->paths.points; p++) {
        const ph_split_row_t *x = &a->paths.splits[p], *y = &b->paths.splits[p];
        const double left[] = {x->mc, x->low, x->high, x->open, x->resolution, x->deviation};
        const double right[] = {y->mc, y->low, y->high, y->open, y->resolution, y->deviation};
        for (size_t k = 0; k < sizeof(left) / sizeof(left[0]); k++)
            same(left[k], right[k]);
        ck_assert(x->point == y->point && x->comparisons == y->comparisons &&
                  x->sweep == y->sweep && x->verdict == y->verdict && x->reason == y->reason);
    }
    for (size_t p = 0; p < a->equilibrium.points; p++) {
        const ph_advice_t *x = &a->equilibrium.advice[p], *y = &b->equilibrium.advice[p];
        ck_assert(x->burn_in == y->burn_in && x->sweeps == y->sweeps &&
                  x->replicas == y->replicas && x->transition == y->transition &&
                  x->elsewhere == y->elsewhere);
    }
    same_laws(a, b);
    for (size_t p = 0; p < a->equilibrium.points; p++) {
        const ph_retrieved_row_t *x = &a->equilibrium.retrieved[p];
        const ph_retrieved_row_t *y = &b->equilibrium.retrieved[p];
        same(x->mc, y->mc);
        same(x->theory, y->theory);
        ck_assert(x->chains == y->chains && x->off == y->off && x->near == y->near &&
                  x->verdict == y->verdict);
    }
    for (size_t i = 0; i < a->equilibrium.rows_count; i++) {
        const ph_comparison_row_t *x = &a->equilibrium.rows[i], *y = &b->equilibrium.rows[i];
        const ph_path_row_t *p = &a->paths.rows[i], *q = &b->paths.rows[i];
        const double left[] = {
            x->mc,         x->error,          x->sample_theory, x->deviation,       x->z,
            x->population, x->disorder_error, x->sample_size,   x->population_size, p->mc,
            p->error,      p->flow,           p->deviation};
        const double right[] = {
            y->mc,         y->error,          y->sample_theory, y->deviation,       y->z,
            y->population, y->disorder_error, y->sample_size,   y->population_size, q->mc,
            q->error,      q->flow,           q->deviation};
        for (size_t k = 0; k < sizeof(left) / sizeof(left[0]); k++)
            same(left[k], right[k]);
        same_step(p, q);
        ck_assert(x->point == y->point && x->pattern == y->pattern && x->verdict == y->verdict &&
                  x->reason == y->reason && x->left_out == y->left_out);
        ck_assert(p->point == q->point && p->pattern == q->pattern && p->verdict == q->verdict &&
                  p->reason == q->reason && p->sweep == q->sweep && p->records == q->records);
    }
}

/* One distribution of a pattern, and one of replicas. */
static void fill_laws(ph_distribution_comparison_t *to)
{
    for (size_t i = 0; i < 2; i++) {
        ph_distribution_row_t *law = i == 0 ? &to->rows[3] : &to->overlaps[1];
        *law = (ph_distribution_row_t){law->point,
                                       law->pattern,
                                       9,
                                       0.25,
                                       0.125,
                                       0.01,
                                       0.12 + (double)i,
                                       2.5,
                                       PH_VERDICT_AGREE,
                                       PH_DISTRIBUTION_COMPARED};
    }
    ph_distribution_comparison_conclude(to);
}

START_TEST(test_file)
{
    const ph_view_t view = _i == 0 ? PH_VIEW_PATTERNS : PH_VIEW_RANKS;
    ph_comparison_table_t made, found;
    begin(GRID);
    ck_assert_int_eq(ph_comparison_table_make(&made, &run, NULL, view, &report), PH_OK);
    made.equilibrium.rows[1].left_out = 1;
    made.equilibrium.rows[2].reason = PH_REASON_LAW;
    made.paths.splits[1] = (ph_split_row_t){.point = 1,
                                            .comparisons = 3,
                                            .sweep = 4,
                                            .mc = 0.5,
                                            .low = 0.4,
                                            .high = 0.45,
                                            .open = 0.1,
                                            .resolution = 0.2,
                                            .deviation = 1.5,
                                            .verdict = PH_VERDICT_AGREE,
                                            .reason = PH_SPLIT_COMPARED};
    made.equilibrium.advice[1] = (ph_advice_t){
        .burn_in = 12.5, .sweeps = INFINITY, .replicas = 8, .elsewhere = 1, .transition = 0.7};
    made.equilibrium.retrieved[1] = (ph_retrieved_row_t){2.5, 2.0, 7, 3, 1, PH_VERDICT_AGREE};
    made.paths.rows[2].step_mc = 0.25;
    made.paths.rows[2].step_population = 0.3;
    made.paths.rows[2].step_error = 0.01;
    made.paths.rows[2].step_allowance = 0.02;
    made.paths.rows[2].step_deviate = 3.0;
    fill_laws(&made.distributions);
    made.paths.comparisons = 0;
    ph_path_comparison_conclude(&made.paths);
    ck_assert_int_eq(ph_comparison_table_write(&made, path, &report), PH_OK);
    ck_assert_int_eq(ph_comparison_table_read(&found, run.base.grid, path, &report), PH_OK);
    ck_assert_uint_eq(found.view, view);
    same_rows(&made, &found);
    const ph_comparison_t *a = &made.equilibrium, *b = &found.equilibrium;
    ck_assert(a->points == b->points && a->undecided_points == b->undecided_points &&
              a->decided_rows == b->decided_rows && a->disagreeing_rows == b->disagreeing_rows &&
              a->verdict == b->verdict && made.verdict == found.verdict);
    ck_assert(a->largest == b->largest && a->threshold == b->threshold && a->chance == b->chance);
    ck_assert_uint_gt(made.paths.comparisons, 0);
    ck_assert(made.paths.comparisons == found.paths.comparisons &&
              made.paths.largest == found.paths.largest && made.paths.largest_step == 3.0 &&
              found.paths.largest_step == 3.0 && made.paths.threshold == found.paths.threshold &&
              made.paths.verdict == found.paths.verdict);
    ck_assert(found.distributions.comparisons == 18 &&
              found.distributions.verdict == PH_VERDICT_AGREE);
    ck_assert_int_eq(ph_comparison_table_check(&found, &run, NULL, view, path, &report), PH_OK);
    ph_comparison_table_free(&found);
    ph_comparison_table_free(&made);
    end();
}
END_TEST

/* What a table is not: of the other view, of a run that has gone on, of another grid. */
START_TEST(test_other)
{
    ph_comparison_table_t made, found;
    ph_grid_t other;
    begin(GRID);
    ck_assert_int_eq(ph_comparison_table_make(&made, &run, NULL, PH_VIEW_PATTERNS, &report), PH_OK);
    ck_assert_int_eq(ph_comparison_table_check(&made, &run, NULL, PH_VIEW_RANKS, path, &report),
                     PH_ERR_MISMATCH);
    ck_assert(said("was made without --ordered"));
    made.sweeps[1] -= 1.0;
    ck_assert_int_eq(ph_comparison_table_write(&made, path, &report), PH_OK);
    ck_assert_int_eq(ph_comparison_table_read(&found, run.base.grid, path, &report), PH_OK);
    ck_assert_int_eq(ph_comparison_table_check(&found, &run, NULL, PH_VIEW_PATTERNS, path, &report),
                     PH_ERR_MISMATCH);
    ck_assert(said("1 of 4 points have gone on since"));
    ph_comparison_table_free(&found);
    const char *const set[] = {"noise=[0.1, 0.5]"};
    ph_grid_init(&other);
    ck_assert_int_eq(ph_grid_parse(&other, GRID, "test", 1, set, &report), PH_OK);
    ck_assert_int_eq(ph_comparison_table_read(&found, &other, path, &report), PH_ERR_MISMATCH);
    ck_assert(said("the comparison of another grid"));
    ph_grid_free(&other);
    ck_assert_int_eq(ph_comparison_table_write(&made, run_path, &report), PH_ERR_INPUT);
    ph_comparison_table_free(&made);
    end();
}
END_TEST

/* Puts a number at the first place of an array; gives the one that was there. */
static double put(const char *name, double value)
{
    double values[64], before;
    hid_t file = H5Fopen(path, H5F_ACC_RDWR, H5P_DEFAULT);
    hid_t set = H5Dopen2(file, name, H5P_DEFAULT);
    ck_assert_int_ge(H5Dread(set, H5T_NATIVE_DOUBLE, H5S_ALL, H5S_ALL, H5P_DEFAULT, values), 0);
    before = values[0];
    values[0] = value;
    ck_assert_int_ge(H5Dwrite(set, H5T_NATIVE_DOUBLE, H5S_ALL, H5S_ALL, H5P_DEFAULT, values), 0);
    H5Dclose(set);
    H5Fclose(file);
    return before;
}

/* Codes that are no words and counts below 0 are found, and said where. */
START_TEST(test_damage)
{
    static const struct {
        const char *name;
        double bad;
    } BREAKS[] = {{"verdict", 3},      {"reason", PH_REASON_COUNT},       {"reason", -1},
                  {"path_verdict", 3}, {"path_reason", PH_PATH_REASONS},  {"samples_left_out", -1},
                  {"path_sweep", -2},  {"split_reason", PH_SPLIT_REASONS}};
    ph_comparison_table_t made, found;
    begin(GRID);
    ck_assert_int_eq(ph_comparison_table_make(&made, &run, NULL, PH_VIEW_PATTERNS, &report), PH_OK);
    ck_assert_int_eq(ph_comparison_table_write(&made, path, &report), PH_OK);
    for (size_t i = 0; i < sizeof(BREAKS) / sizeof(BREAKS[0]); i++) {
        const double good = put(BREAKS[i].name, BREAKS[i].bad);
        ph_report_free(&report);
        ph_report_init(&report);
        ck_assert_int_eq(ph_comparison_table_read(&found, run.base.grid, path, &report),
                         PH_ERR_DAMAGED);
        ck_assert(said(BREAKS[i].name) && said("point 0"));
        put(BREAKS[i].name, good);
        ck_assert_int_eq(ph_comparison_table_read(&found, run.base.grid, path, &report), PH_OK);
        ph_comparison_table_free(&found);
    }
    ph_comparison_table_free(&made);
    end();
}
END_TEST

/* What files of earlier versions lack. */
static const char *const LATER[] = {"split_comparisons",
                                    "split_sweep",
                                    "split_mc",
                                    "split_low",
                                    "split_high",
                                    "split_open",
                                    "split_resolution",
                                    "split_deviation",
                                    "split_verdict",
                                    "split_reason",
                                    "needs_burn_in",
                                    "needs_sweeps",
                                    "needs_replicas",
                                    "transition_noise",
                                    "theory_exact_off",
                                    "theory_free_energy_off",
                                    "sweeps_left_out",
                                    "needs_elsewhere",
                                    "retrieved_mc",
                                    "retrieved_theory",
                                    "retrieved_chains",
                                    "retrieved_off",
                                    "retrieved_near",
                                    "retrieved_verdict",
                                    "distribution_levels",
                                    "distribution_level",
                                    "distribution_mc",
                                    "distribution_exact",
                                    "distribution_error",
                                    "distribution_deviation",
                                    "distribution_verdict",
                                    "distribution_reason",
                                    "overlap_levels",
                                    "overlap_level",
                                    "overlap_mc",
                                    "overlap_exact",
                                    "overlap_error",
                                    "overlap_deviation",
                                    "overlap_verdict",
                                    "overlap_reason",
                                    "step_mc",
                                    "step_population",
                                    "step_error",
                                    "step_allowance",
                                    "step_deviate"};

/* A file of an earlier version, which knew of no splits and no amounts, says nothing of them. */
START_TEST(test_earlier)
{
    ph_comparison_table_t made, found;
    begin(GRID);
    ck_assert_int_eq(ph_comparison_table_make(&made, &run, NULL, PH_VIEW_PATTERNS, &report), PH_OK);
    ck_assert_int_eq(ph_comparison_table_write(&made, path, &report), PH_OK);
    hid_t file = H5Fopen(path, H5F_ACC_RDWR, H5P_DEFAULT);
    for (size_t i = 0; i < sizeof(LATER) / sizeof(LATER[0]); i++)
        ck_assert_int_ge(H5Ldelete(file, LATER[i], H5P_DEFAULT), 0);
    H5Fclose(file);
    ck_assert_int_eq(ph_comparison_table_read(&found, run.base.grid, path, &report), PH_OK);
    for (size_t p = 0; p < found.paths.points; p++)
        ck_assert(found.paths.splits[p].verdict == PH_VERDICT_UNDECIDED &&
                  found.paths.splits[p].reason == PH_SPLIT_WHOLE);
    for (size_t i = 0; i < found.paths.rows_count; i++)
        ck_assert(isnan(found.paths.rows[i].step_mc) && isnan(found.paths.rows[i].step_deviate));
    for (size_t p = 0; p < found.equilibrium.points; p++)
        ck_assert(found.equilibrium.advice[p].burn_in == 0.0 &&
                  found.equilibrium.advice[p].elsewhere == 0 &&
                  found.equilibrium.advice[p].replicas == 0.0 &&
                  found.equilibrium.retrieved[p].verdict == PH_VERDICT_UNDECIDED &&
                  found.distributions.overlaps[p].reason == PH_DISTRIBUTION_RECORDS);
    ck_assert(found.distributions.rows[0].reason == PH_DISTRIBUTION_RECORDS &&
              found.distributions.verdict == PH_VERDICT_UNDECIDED);
    ph_comparison_table_free(&found);
    ph_comparison_table_free(&made);
    end();
}
END_TEST

/*
 * Exact sums of a theory are made again, and free energies held against the states: one that is off
 * by a millionth is told, alone, and from the file as well. So is one point of four. Of the exact
 * sums figures take nothing, and the comparison for them alone does not look at them.
 */
START_TEST(test_given)
{
    static const char *const NAMES[] = {NULL, "exact_second_sample", "exact_energy_sample",
                                        "exact_free_energy_sample", "free_energy"};
    begin(SUMMED);
    for (size_t i = 0; i < sizeof(NAMES) / sizeof(NAMES[0]); i++) {
        const bool exact = NAMES[i] != NULL && strncmp(NAMES[i], "exact", 5) == 0;
        ph_comparison_table_t made, found;
        ph_theory_t theory;
        ck_assert_int_eq(ph_theory_solve(&theory, &grid,
                                         1U << PH_THEORY_MEAN_FIELD | 1U << PH_THEORY_EXACT, true,
                                         1, &report),
                         PH_OK);
        if (NAMES[i] != NULL)
            ph_theory_values(&theory, NAMES[i], 2)[0] += 1e-6;
        ck_assert_int_eq(ph_comparison_table_make(&made, &run, &theory, PH_VIEW_PATTERNS, &report),
                         PH_OK);
        ck_assert_uint_eq(made.equilibrium.exact_off, exact);
        ck_assert_uint_eq(made.equilibrium.free_energies_off, NAMES[i] != NULL && !exact);
        ck_assert(NAMES[i] == NULL || made.verdict == PH_VERDICT_DISAGREE);
        ph_comparison_t alone;
        ck_assert_int_eq(ph_compare(&alone, &run, &theory, PH_VIEW_PATTERNS, &report), PH_OK);
        ck_assert(alone.exact_off == 0 && alone.decided_rows == made.equilibrium.decided_rows &&
                  alone.free_energies_off == made.equilibrium.free_energies_off);
        ph_comparison_free(&alone);
        ck_assert_int_eq(ph_comparison_table_write(&made, path, &report), PH_OK);
        ck_assert_int_eq(ph_comparison_table_read(&found, run.base.grid, path, &report), PH_OK);
        ck_assert_int_eq(found.verdict, made.verdict);
        ck_assert(found.equilibrium.exact_off == made.equilibrium.exact_off &&
                  found.equilibrium.free_energies_off == made.equilibrium.free_energies_off);
        ck_assert_int_eq(
            ph_comparison_table_check(&found, &run, &theory, PH_VIEW_PATTERNS, path, &report),
            PH_OK);
        ph_theory_values(&theory, "exact_second_sample", 1)[0] += 0.1;
        ck_assert_int_eq(
            ph_comparison_table_check(&found, &run, &theory, PH_VIEW_PATTERNS, path, &report),
            PH_ERR_MISMATCH);
        ph_comparison_table_free(&found);
        ph_comparison_table_free(&made);
        ph_theory_free(&theory);
    }
    end();
}
END_TEST

/* Gives the file's own attribute another text, or none. */
static void set_attribute(const char *name, const char *text)
{
    hid_t file = H5Fopen(path, H5F_ACC_RDWR, H5P_DEFAULT);
    if (H5Aexists(file, name) > 0)
        ck_assert_int_ge(H5Adelete(file, name), 0);
    if (text != NULL) {
        hid_t type = H5Tcopy(H5T_C_S1), space = H5Screate(H5S_SCALAR);
        H5Tset_size(type, strlen(text));
        H5Tset_cset(type, H5T_CSET_UTF8);
        hid_t attribute = H5Acreate2(file, name, type, space, H5P_DEFAULT, H5P_DEFAULT);
        ck_assert_int_ge(H5Awrite(attribute, type, text), 0);
        H5Aclose(attribute);
        H5Sclose(space);
        H5Tclose(type);
    }
    ck_assert_int_ge(H5Fclose(file), 0);
}

/* Reads the table and holds it against a theory: the status of whichever fails. */
static int check_again(const ph_theory_t *theory, ph_theory_origin_t origin)
{
    ph_comparison_table_t found;
    ph_report_free(&report);
    int status = ph_comparison_table_read(&found, run.base.grid, path, &report);
    if (status != PH_OK)
        return status;
    ck_assert_int_eq(found.origin, origin);
    status = ph_comparison_table_check(&found, &run, theory, PH_VIEW_PATTERNS, path, &report);
    ph_comparison_table_free(&found);
    return status;
}

/* A table says whose theory it judges; it is refused beside another one, not where it is of an
 * earlier version and says nothing. */
START_TEST(test_origin)
{
    ph_comparison_table_t made;
    ph_theory_t theory, again;
    char theory_path[96];
    begin(GRID);
    const ph_grid_t *own = run.base.grid;
    ck_assert_int_eq(ph_theory_solve(&theory, own, 1U << PH_THEORY_MEAN_FIELD, true, 1, &report),
                     PH_OK);
    double *value = ph_theory_values(&theory, "magnetization", own->points_count - 1);

    ck_assert_int_eq(ph_comparison_table_make(&made, &run, NULL, PH_VIEW_PATTERNS, &report), PH_OK);
    ck_assert_int_eq(ph_comparison_table_write(&made, path, &report), PH_OK);
    ph_comparison_table_free(&made);
    ck_assert_int_eq(check_again(NULL, PH_ORIGIN_SOLVED), PH_OK);
    ck_assert_uint_eq(report.count, 0);
    ck_assert_int_eq(check_again(&theory, PH_ORIGIN_SOLVED), PH_OK);
    ck_assert(said("judges the mean field that was solved for it"));
    set_attribute("theory", NULL);
    ck_assert_int_eq(check_again(NULL, PH_ORIGIN_UNKNOWN), PH_OK);
    ck_assert_uint_eq(report.count, 0);
    ck_assert_int_eq(check_again(&theory, PH_ORIGIN_UNKNOWN), PH_OK);
    ck_assert(said("does not say which theory it judges"));

    ck_assert_int_eq(ph_comparison_table_make(&made, &run, &theory, PH_VIEW_PATTERNS, &report),
                     PH_OK);
    ck_assert_int_eq(ph_comparison_table_write(&made, path, &report), PH_OK);
    ph_comparison_table_free(&made);
    ck_assert_int_eq(check_again(&theory, PH_ORIGIN_FILE), PH_OK);
    ck_assert_uint_eq(report.count, 0);
    snprintf(theory_path, sizeof(theory_path), "%s/theory.h5", folder);
    ck_assert_int_eq(ph_theory_write(&theory, theory_path, &report), PH_OK);
    ck_assert_int_eq(ph_theory_read(&again, own, theory_path, &report), PH_OK);
    ck_assert_int_eq(check_again(&again, PH_ORIGIN_FILE), PH_OK);
    ph_theory_free(&again);
    unlink(theory_path);
    ck_assert_int_eq(check_again(NULL, PH_ORIGIN_FILE), PH_ERR_MISMATCH);
    ck_assert(said("judges the theory of a file"));
    *value = nextafter(*value, 2.0);
    ck_assert_int_eq(check_again(&theory, PH_ORIGIN_FILE), PH_ERR_MISMATCH);
    ck_assert(said("judges another theory"));

    static const char *const DIGESTS[] = {NULL, "0", "0123456789ABCDEF0123456789abcdef",
                                          "0123456789abcdef0123456789abcdeg",
                                          "+123456789abcdef0123456789abcdef"};
    for (size_t i = 0; i < sizeof(DIGESTS) / sizeof(DIGESTS[0]); i++) {
        set_attribute("theory_digest", DIGESTS[i]);
        ck_assert_int_eq(check_again(&theory, PH_ORIGIN_FILE), PH_ERR_DAMAGED);
        ck_assert(said("does not say whose theory"));
    }
    set_attribute("theory_digest", "0123456789abcdef0123456789abcdef");
    ck_assert_int_eq(check_again(&theory, PH_ORIGIN_FILE), PH_ERR_MISMATCH);
    set_attribute("theory", "dreamt");
    ck_assert_int_eq(check_again(&theory, PH_ORIGIN_FILE), PH_ERR_DAMAGED);
    ph_theory_free(&theory);
    end();
}
END_TEST

/* A table of an earlier version judges the mean field of a theory, which is all that its digest is
 * of: beside the same theory that is told and no more, beside another mean field it is refused. */
START_TEST(test_mean_field)
{
    static const char *const NAMES[] = {"theory_exact_off", "theory_free_energy_off",
                                        "sweeps_left_out"};
    static const char NOTE[] = "judges the mean field of the theory that is given, but not its";
    const unsigned mean_field = 1U << PH_THEORY_MEAN_FIELD, exact = 1U << PH_THEORY_EXACT;
    ph_comparison_table_t made;
    ph_theory_t theory, part;
    char digest[PH_DIGEST_TEXT_SIZE];
    begin(SUMMED);
    ck_assert_int_eq(ph_theory_solve(&theory, &grid, mean_field | exact, true, 1, &report), PH_OK);
    ck_assert_int_eq(ph_theory_solve(&part, &grid, mean_field, true, 1, &report), PH_OK);
    ck_assert_int_eq(ph_comparison_table_make(&made, &run, &theory, PH_VIEW_PATTERNS, &report),
                     PH_OK);
    ck_assert_int_eq(ph_comparison_table_write(&made, path, &report), PH_OK);
    ck_assert_int_eq(check_again(&theory, PH_ORIGIN_FILE), PH_OK);
    ck_assert_uint_eq(report.count, 0);
    ck_assert_int_eq(check_again(&part, PH_ORIGIN_FILE), PH_ERR_MISMATCH);
    ph_digest_text(ph_comparison_digest(&part), digest);
    set_attribute("theory_digest", digest);
    hid_t file = H5Fopen(path, H5F_ACC_RDWR, H5P_DEFAULT);
    for (size_t i = 0; i < sizeof(NAMES) / sizeof(NAMES[0]); i++)
        ck_assert_int_ge(H5Ldelete(file, NAMES[i], H5P_DEFAULT), 0);
    H5Fclose(file);
    ck_assert_int_eq(check_again(&theory, PH_ORIGIN_FILE), PH_OK);
    ck_assert(report.count == 1 && said(NOTE));
    ck_assert_int_eq(check_again(&part, PH_ORIGIN_FILE), PH_OK);
    ck_assert_uint_eq(report.count, 0);
    ph_theory_values(&theory, "exact_second_sample", 1)[0] += 0.1;
    ck_assert_int_eq(check_again(&theory, PH_ORIGIN_FILE), PH_OK);
    ck_assert(said(NOTE));
    ph_theory_values(&theory, "free_energy", 1)[0] += 0.1;
    ck_assert_int_eq(check_again(&theory, PH_ORIGIN_FILE), PH_ERR_MISMATCH);
    ck_assert(said("judges another theory"));
    ph_comparison_table_free(&made);
    ph_theory_free(&part);
    ph_theory_free(&theory);
    end();
}
END_TEST

PH_TEST_PROGRAM("compare_table")
{
    TCase *tcase = tcase_create("compare_table");
    tcase_set_timeout(tcase, 120);
    tcase_add_loop_test(tcase, test_file, 0, 2);
    tcase_add_test(tcase, test_other);
    tcase_add_test(tcase, test_damage);
    tcase_add_test(tcase, test_earlier);
    tcase_add_test(tcase, test_given);
    tcase_add_test(tcase, test_origin);
    tcase_add_test(tcase, test_mean_field);
    return test_run("compare_table", tcase);
}
