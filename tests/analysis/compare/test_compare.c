/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "analysis/compare/compare.h"

#include <math.h>
#include <string.h>

#include "tests/analysis/compare/forged.h"

static const char GRID[] =
    "network: { neurons: 10000, patterns: 3, dilution: [0.3, 0.4], normalization: none }\n"
    "noise: [0.0, 0.02, 0.3]\n"
    "dynamics: { start: hierarchical, sweeps: 399, burn_in: 300 }\n"
    "ensemble: { samples: 3, replicas: 8, lanes: 4 }\n";

/* The right theory agrees, from trajectories and from sums alone, with the errors of the law. */
START_TEST(test_agree)
{
    const char *sets[] = {NULL, "record.trajectory=false"};
    for (int i = 0; i < 2; i++) {
        begin(GRID, sets[i]);
        ph_comparison_t found = compare(&RIGHT, NULL);
        ck_assert_int_eq(found.verdict, PH_VERDICT_AGREE);
        ck_assert_uint_eq(found.rows_count, 18);
        ck_assert_uint_eq(found.decided_rows, 18);
        for (size_t k = 0; k < found.rows_count; k++) {
            const ph_comparison_row_t *row = &found.rows[k];
            const double error = WIDTH * sqrt(3.0 / (24 * 400));
            ck_assert_double_eq_tol(row->population, row->sample_theory, 0.05);
            ck_assert(row->disorder_error > 1e-4 && row->disorder_error < 0.03);
            if (grid.points[row->point].noise == 0.0)
                ck_assert_double_lt(row->error, 1e-7);
            else
                ck_assert_msg(
                    row->error > 0.8 * error &&
                        row->error < (grid.points[row->point].noise < 0.1 ? 2.5 : 14.0) * error,
                    "T = %g: %g, not %g", grid.points[row->point].noise, row->error, error);
        }
        ph_comparison_free(&found);
        end();
    }
}
END_TEST

/* A theory wrong by 1% disagrees, whether its samples or only its population are wrong; the right
 * one given as a theory agrees; that of another grid is refused. */
START_TEST(test_wrong_theory)
{
    for (int samples = 0; samples < 2; samples++)
        for (int wrong = 0; wrong < 2; wrong++) {
            ph_theory_t theory;
            begin(GRID, NULL);
            ck_assert_int_eq(
                ph_theory_solve(&theory, &grid, 1u << PH_THEORY_MEAN_FIELD, samples, 1, &report),
                PH_OK);
            const char *name = samples ? "magnetization_sample" : "magnetization";
            const size_t states = grid.points_count * (samples ? 3 : 1);
            for (size_t i = 0; i < states; i++)
                for (size_t mu = 0; mu < 3 && wrong; mu++)
                    ph_theory_values(&theory, name, 0)[i * 3 + mu] *= 1.01;
            ph_comparison_t found = compare(&RIGHT, &theory);
            ck_assert_int_eq(found.verdict, wrong ? PH_VERDICT_DISAGREE : PH_VERDICT_AGREE);
            ph_comparison_free(&found);
            ph_theory_free(&theory);
            end();
        }
    ph_theory_t theory;
    ph_grid_t other;
    ph_runfile_t file;
    ph_comparison_t found;
    const char *set = "noise=0.3";
    begin(GRID, NULL);
    write_run(&RIGHT);
    ph_grid_init(&other);
    ck_assert_int_eq(ph_grid_parse(&other, GRID, "test", 1, &set, &report), PH_OK);
    ck_assert_int_eq(
        ph_theory_solve(&theory, &other, 1u << PH_THEORY_MEAN_FIELD, false, 1, &report), PH_OK);
    ck_assert_int_eq(ph_runfile_open(&file, path, &report), PH_OK);
    ck_assert_int_eq(ph_compare(&found, &file, &theory, PH_VIEW_PATTERNS, &report),
                     PH_ERR_MISMATCH);
    ph_runfile_close(&file);
    ph_theory_free(&theory);
    ph_grid_free(&other);
    end();
}
END_TEST

/* Data wrong by 1% everywhere, or by 40 errors in a single row (of six blocks), disagree. */
START_TEST(test_wrong_data)
{
    recipe_t everywhere = RIGHT, one = RIGHT;
    everywhere.factor = 0.99;
    one.shift = 40.0 * WIDTH * sqrt(3.0 / (24 * 400)) + 2e-4;
    begin(GRID, NULL);
    ph_comparison_t found = compare(&everywhere, NULL);
    ck_assert_int_eq(found.verdict, PH_VERDICT_DISAGREE);
    ck_assert_double_lt(found.chance, 1e-6);
    ph_comparison_free(&found);
    found = compare(&one, NULL);
    ck_assert_int_eq(found.verdict, PH_VERDICT_DISAGREE);
    ck_assert_uint_eq(found.disagreeing_rows, 1);
    ck_assert_int_eq(found.rows[3].verdict, PH_VERDICT_DISAGREE);
    ph_comparison_free(&found);
    end();
}
END_TEST

/* Eight chains of one block, too few for an error of their means: that of their records counts with
 * its own degrees of freedom, cold, where it is the records', and warm, where it is the theory's.
 */
START_TEST(test_one_block)
{
    static const char *const NOISES[] = {"noise=0.05", "noise=0.5"};
    for (size_t i = 0; i < 2; i++) {
        recipe_t recipe = RIGHT;
        begin("network: { neurons: 10000, patterns: 1, dilution: 0.3 }\nnoise: 0.3\n"
              "dynamics: { start: archetype, sweeps: 29, burn_in: 300 }\n"
              "ensemble: { samples: 1, replicas: 8, lanes: 8 }\n",
              NOISES[i]);
        recipe.factor = i == 0 ? 1.002 : 1.006;
        ph_comparison_t found = compare(&recipe, NULL);
        const ph_comparison_row_t *row = &found.rows[0];
        const double plain = (fabs(row->deviation) - row->allowance) / row->error;
        ck_assert_int_eq(row->reason, PH_REASON_NONE);
        ck_assert_double_gt(plain, 3.0);
        ck_assert_double_lt(row->deviate, 0.95 * plain);
        ck_assert_double_gt(row->resolution * row->sample_size, 4.4 * row->error);
        ph_comparison_free(&found);
        end();
    }
}
END_TEST

/* Energies wrong by 1%, all magnetizations right: theirs is a comparison of its own, but without
 * noise, where records are a path. */
START_TEST(test_wrong_energy)
{
    recipe_t recipe = RIGHT;
    for (int wrong = 0; wrong < 2; wrong++) {
        recipe.energy = wrong ? 1.01 : 1.0;
        begin(GRID, NULL);
        ph_comparison_t found = compare(&recipe, NULL);
        ck_assert_int_eq(found.verdict, wrong ? PH_VERDICT_DISAGREE : PH_VERDICT_AGREE);
        ck_assert_uint_eq(found.disagreeing_rows, 0);
        for (size_t p = 0; p < found.points; p++) {
            const ph_comparison_row_t *row = &found.energies[p];
            if (grid.points[p].noise == 0.0) {
                ck_assert_int_eq(row->verdict, PH_VERDICT_UNDECIDED);
                continue;
            }
            ck_assert_int_eq(row->verdict, wrong ? PH_VERDICT_DISAGREE : PH_VERDICT_AGREE);
            ck_assert(row->point == p && row->pattern == -1 && row->mc < -0.1);
            ck_assert_double_eq_tol(row->mc, row->sample_theory, wrong ? 0.01 : 1e-3);
            ck_assert(row->resolution > 0.0 && row->resolution < 0.005);
        }
        ph_comparison_free(&found);
        end();
    }
}
END_TEST

/* Four right runs all agree; tests/verdict/alarms.py has hundreds. */
START_TEST(test_false_alarm)
{
    begin(GRID, "dynamics.sweeps=199");
    for (uint32_t i = 0; i < 4; i++) {
        recipe_t recipe = RIGHT;
        recipe.realization = i;
        ph_comparison_t found = compare(&recipe, NULL);
        ck_assert_int_eq(found.verdict, PH_VERDICT_AGREE);
        ck_assert_uint_eq(found.undecided_points, 0);
        ph_comparison_free(&found);
    }
    end();
}
END_TEST

/* Chains from random and parallel starts, each in an order (and signs) of its own, agree with the
 * theory of their wells, pattern by pattern, and with one that is wrong by 1% they do not, although
 * their magnetizations cancel; from a hierarchical start, which leaves no symmetry, they are in
 * wells of their own all the same. */
START_TEST(test_symmetry)
{
    static const char text[] = "network: { neurons: 10000, patterns: 3, dilution: 0.3, "
                               "normalization: none }\n"
                               "noise: [0.0, 0.3]\n"
                               "dynamics: { start: random, sweeps: 399, burn_in: 300 }\n"
                               "ensemble: { samples: 3, replicas: 8, lanes: 4 }\n";
    const char *sets[] = {NULL, "dynamics.start=parallel", "dynamics.start=hierarchical"};
    for (int i = 0; i < 3; i++) {
        recipe_t recipe = RIGHT;
        recipe.turned = true;
        recipe.signs = i == 0;
        begin(text, sets[i]);
        ph_comparison_t found = compare(&recipe, NULL);
        ck_assert(i == 2 || found.verdict == PH_VERDICT_AGREE);
        for (size_t k = 0; k < found.rows_count && i < 2; k++) {
            const ph_comparison_row_t *row = &found.rows[k];
            ck_assert_int_eq(row->verdict, PH_VERDICT_AGREE);
            ck_assert_double_eq_tol(row->mc, row->sample_theory, 1e-3);
            ck_assert_double_eq_tol(row->sample_theory, row->population, 0.05);
            ck_assert(i == 1 || fabs(row->mc) < row->sample_size - 0.02);
            ck_assert_double_eq_tol(row->sample_size, row->population_size, 0.05);
            ck_assert(i == 0 || fabs(row->deviation - row->z * row->error) < 1e-15);
        }
        ph_comparison_free(&found);
        recipe.factor = 0.99;
        found = compare(&recipe, NULL);
        ck_assert(found.verdict == PH_VERDICT_DISAGREE || (i == 2 && found.decided_rows == 0));
        ph_comparison_free(&found);
        end();
    }
}
END_TEST

/* Ranks descend, with the theory in the same order; in tables of patterns the same run has the
 * archetypes where the chains are. */
START_TEST(test_ranks)
{
    recipe_t recipe = RIGHT;
    ph_runfile_t file;
    ph_comparison_t found[2];
    recipe.rotated = true;
    begin("network: { neurons: 10000, patterns: 3, dilution: [0.4, 0.45], normalization: none }\n"
          "noise: [0.01, 0.02]\n"
          "dynamics: { start: random, sweeps: 99, burn_in: 300 }\n"
          "ensemble: { samples: 3, replicas: 8, lanes: 4 }\n",
          NULL);
    write_run(&recipe);
    for (int v = 0; v < 2; v++) {
        ck_assert_int_eq(ph_runfile_open(&file, path, &report), PH_OK);
        ck_assert_int_eq(
            ph_compare(&found[v], &file, NULL, v == 0 ? PH_VIEW_PATTERNS : PH_VIEW_RANKS, &report),
            PH_OK);
        ph_runfile_close(&file);
        ck_assert_int_eq(found[v].verdict, PH_VERDICT_AGREE);
    }
    for (size_t k = 0; k < found[0].rows_count; k += 3)
        for (size_t j = 0; j < 3; j++) {
            const ph_comparison_row_t *pattern = &found[0].rows[k + (j + 1) % 3],
                                      *rank = &found[1].rows[k + j];
            ck_assert_double_eq_tol(pattern->mc, -rank->mc, 1e-12);
            ck_assert_double_eq_tol(pattern->population, -rank->population, 1e-12);
            ck_assert_double_eq_tol(rank->mc, rank->sample_theory, 1e-3);
            ck_assert_double_eq_tol(pattern->z, rank->z, 1e-9);
            ck_assert(j == 0 || rank->mc < rank[-1].mc);
        }
    for (int v = 0; v < 2; v++)
        ph_comparison_free(&found[v]);
    end();
}
END_TEST

/* A paramagnet from a random start agrees with zero: matching signs does not bias it. */
START_TEST(test_paramagnet)
{
    begin(GRID, "dynamics.start=random");
    ph_grid_free(&grid);
    const char *sets[] = {"dynamics.start=random", "noise=1.5"};
    ph_grid_init(&grid);
    ck_assert_int_eq(ph_grid_parse(&grid, GRID, "test", 2, sets, &report), PH_OK);
    ph_comparison_t found = compare(&RIGHT, NULL);
    ck_assert_int_eq(found.verdict, PH_VERDICT_AGREE);
    for (size_t k = 0; k < found.rows_count; k++)
        ck_assert(fabs(found.rows[k].sample_theory) < 1e-9 && fabs(found.rows[k].z) < 4.0);
    ph_comparison_free(&found);
    end();
}
END_TEST

static void check_undecided_grid(const recipe_t *recipe, ph_reason_t reason)
{
    ph_comparison_t found = compare(recipe, NULL);
    ck_assert_int_eq(found.verdict, PH_VERDICT_UNDECIDED);
    size_t seen = 0;
    for (size_t k = 0; k < found.rows_count; k++) {
        seen += found.rows[k].reason == reason;
        ck_assert((found.rows[k].reason != PH_REASON_NONE) ==
                  (found.rows[k].verdict == PH_VERDICT_UNDECIDED));
    }
    ck_assert_uint_gt(seen, 0);
    ck_assert_uint_gt(strlen(ph_reason_text(reason)), 5);
    ph_comparison_free(&found);
    end();
}

static void check_undecided(const char *set, const recipe_t *recipe, ph_reason_t reason)
{
    begin(GRID, set);
    check_undecided_grid(recipe, reason);
}

/* Three chains are too few even where they are right; four may be judged. */
START_TEST(test_few_chains)
{
    static const char few[] = "network: { neurons: 10000, patterns: 3, dilution: 0.3 }\n"
                              "noise: 0.02\n"
                              "dynamics: { start: hierarchical, sweeps: 399, burn_in: 300 }\n"
                              "ensemble: { samples: 1, replicas: 3 }\n";
    begin(few, NULL);
    check_undecided_grid(&RIGHT, PH_REASON_FEW);
    begin(few, "ensemble.replicas=4");
    ph_comparison_t found = compare(&RIGHT, NULL);
    ck_assert_int_eq(found.verdict, PH_VERDICT_AGREE);
    ph_comparison_free(&found);
    end();
}
END_TEST

/* Chains too short for their autocorrelation time, in one block: an estimate without an error. */
START_TEST(test_no_error)
{
    begin("network: { neurons: 10000, patterns: 3, dilution: 0.3 }\nnoise: 0.02\n"
          "dynamics: { start: hierarchical, sweeps: 5, burn_in: 300 }\n"
          "ensemble: { samples: 1, replicas: 4, lanes: 4 }\n",
          NULL);
    ph_comparison_t found = compare(&RIGHT, NULL);
    for (size_t k = 0; k < found.rows_count; k++) {
        ck_assert(found.rows[k].reason == PH_REASON_SHORT ||
                  found.rows[k].reason == PH_REASON_UNEQUILIBRATED);
        ck_assert(isfinite(found.rows[k].mc) && isfinite(found.rows[k].sample_theory));
        ck_assert(isnan(found.rows[k].error) && isnan(found.rows[k].z));
    }
    ph_comparison_free(&found);
    end();
}
END_TEST

/* Chains that all sit in another state of their sample than their start's are held against it;
 * without noise, where every state at rest is one, they say nothing. */
START_TEST(test_left)
{
    static const char two_states[] =
        "network: { neurons: 10000, patterns: 3, dilution: 0.56, "
        "normalization: none }\nnoise: 0.02\n"
        "dynamics: { start: hierarchical, sweeps: 399, burn_in: 300 }\n"
        "ensemble: { samples: 3, replicas: 8 }\n";
    recipe_t recipe = RIGHT;
    for (int left = 0; left < 2; left++) {
        recipe.left = left == 1;
        begin(two_states, NULL);
        ph_comparison_t found = compare(&recipe, NULL);
        ck_assert_int_eq(found.verdict, PH_VERDICT_AGREE);
        ck_assert_double_eq_tol(found.rows[0].population, left == 1 ? 0.397 : 0.44, 0.005);
        ck_assert_uint_eq(found.rows[0].away, left == 1 ? 24 : 0);
        ph_comparison_free(&found);
        end();
    }
    begin(two_states, "noise=0");
    check_undecided_grid(&recipe, PH_REASON_LEFT);
}
END_TEST

static const char ONE[] = "network: { neurons: 10000, patterns: 1, dilution: 0.3 }\nnoise: 0.3\n"
                          "dynamics: { start: random, sweeps: 399, burn_in: 300 }\n"
                          "ensemble: { samples: 3, replicas: 24, lanes: 4 }\n";

/* Records that do not move at all are no surer than theory's own fluctuations make them. */
START_TEST(test_still)
{
    recipe_t recipe = RIGHT;
    recipe.still = true;
    begin(ONE, "noise=0.6");
    ph_comparison_t found = compare(&recipe, NULL);
    /* one pattern without a second: N Var(m) = (1 - d)(1 - t^2)/(1 - g (1 - d)(1 - t^2)/T) */
    const double t = found.rows[0].sample_theory / 0.7, s = 0.7 * (1.0 - t * t);
    const double variance = s / (1.0 - s / (0.7 * 0.6)) / 10000.0;
    ck_assert_double_eq_tol(found.rows[0].error / sqrt(variance / (400.0 * 72.0)), 1.0, 0.1);
    ck_assert_int_eq(found.verdict, PH_VERDICT_AGREE);
    ph_comparison_free(&found);
    end();
}
END_TEST

/* c/(b N) of the Curie-Weiss model: where the second order is a third of the first, no verdict.
 * Three blank patterns keep it from being summed. */
START_TEST(test_second_order)
{
    size_t given = 0, refused = 0;
    begin(
        "network: { neurons: 100, patterns: 4, dilution: { each: [0, 0.9999, 0.9999, 0.9999] } }\n"
        "noise: { from: 0.74, to: 0.86, steps: 25 }\n"
        "dynamics: { start: archetype, sweeps: 400, burn_in: 200 }\n"
        "ensemble: { samples: 1, replicas: 8 }\n",
        NULL);
    ph_comparison_t found = compare(&RIGHT, NULL);
    for (size_t i = 0; i < 25; i++) {
        const double beta = 1.0 / grid.points[i].noise;
        double m = 1.0;
        for (int k = 0; k < 2000; k++)
            m = tanh(beta * m);
        const double s = 1.0 - m * m, f2 = beta - beta * beta * s, f3 = 2 * pow(beta, 3) * m * s,
                     f4 = 2 * pow(beta, 4) * s * (1 - 3 * m * m),
                     f5 = -8 * pow(beta, 5) * m * s * (2 - 3 * m * m),
                     c = -f5 / (8 * pow(f2, 3)) + 2 * f3 * f4 / (3 * pow(f2, 4)) -
                         5 * pow(f3, 3) / (8 * pow(f2, 5));
        const double share = fabs(c / (f3 / (2 * f2 * f2)) / 100.0);
        const ph_comparison_row_t *row = &found.rows[4 * i];
        const bool out = row->left_out == 1;
        ck_assert_msg(out || share <= 1.0 / 3.0, "T = %g: c/(b N) = %g", 1.0 / beta, share);
        ck_assert(!out || share > 0.2);
        given += !out;
        refused += out;
        if (!out)
            ck_assert_double_eq_tol(row->allowance, fabs(c) / 1e4, 1e-4);
    }
    ck_assert(given >= 5 && refused >= 5);
    ph_comparison_free(&found);
    end();
}
END_TEST

/* Every reason to stay undecided is found, and more than a quarter of such points is no agreement.
 */
START_TEST(test_undecided)
{
    recipe_t recipe = RIGHT;
    recipe.missing = 2;
    check_undecided(NULL, &recipe, PH_REASON_INCOMPLETE);
    recipe = RIGHT;
    recipe.parted = 0.003;
    check_undecided("noise=0.02", &recipe, PH_REASON_UNEQUILIBRATED);
    recipe = RIGHT;
    check_undecided("dynamics.sweeps=2", &recipe, PH_REASON_SHORT);
    check_undecided("noise=0.68", &recipe, PH_REASON_TRANSITION);
}
END_TEST

/* What is not read at all says why: another law, more patterns than there is theory for; so do
 * records from the approach to equilibrium. */
START_TEST(test_unread)
{
    recipe_t none = RIGHT;
    none.missing = SIZE_MAX / 2;
    check_undecided("dynamics.sampler=little", &none, PH_REASON_LAW);
    check_undecided("network.patterns=13", &none, PH_REASON_UNSUPPORTED);
    const char *sums[] = {"dynamics.burn_in=0", "record.trajectory=false"};
    begin(GRID, NULL);
    ph_grid_free(&grid);
    ph_grid_init(&grid);
    ck_assert_int_eq(ph_grid_parse(&grid, GRID, "test", 2, sums, &report), PH_OK);
    check_undecided_grid(&RIGHT, PH_REASON_TRANSIENT);
}
END_TEST

/* A theory that was not solved at a point, of the population or of a sample, decides nothing there,
 * and all there is to decide the rest. */
START_TEST(test_unsolved)
{
    for (int samples = 0; samples < 2; samples++) {
        ph_theory_t theory;
        begin(GRID, NULL);
        ck_assert_int_eq(
            ph_theory_solve(&theory, &grid, 1u << PH_THEORY_MEAN_FIELD, samples, 1, &report),
            PH_OK);
        const char *name = samples ? "magnetization_sample" : "magnetization";
        ph_theory_values(&theory, name, 4)[samples ? 8 : 2] = (double)NAN;
        ph_comparison_t found = compare(&RIGHT, &theory);
        for (size_t k = 0; k < found.rows_count; k++)
            ck_assert_int_eq(found.rows[k].reason == PH_REASON_UNSOLVED, found.rows[k].point == 4);
        ck_assert_uint_eq(found.undecided_points, 1);
        ck_assert_int_eq(found.verdict, PH_VERDICT_AGREE);
        ph_comparison_free(&found);
        ph_theory_free(&theory);
        end();
    }
}
END_TEST

/* A point beyond the theory's limits is undecided, and does not stop the comparison of others. */
START_TEST(test_unsupported)
{
    static const char large[] =
        "network: { neurons: 400, patterns: 2, quality: 0.8, examples: 400,\n"
        "  rule: [supervised, unsupervised] }\n"
        "noise: 0.3\n"
        "dynamics: { start: archetype, sweeps: 30, burn_in: 10 }\n"
        "ensemble: { samples: 1, replicas: 4 }\n";
    recipe_t recipe = RIGHT;
    recipe.zero = true;
    begin(large, NULL);
    ph_comparison_t found = compare(&recipe, NULL);
    for (size_t k = 0; k < found.rows_count; k++)
        ck_assert_int_eq(found.rows[k].reason == PH_REASON_UNSUPPORTED, found.rows[k].point == 1);
    ck_assert_int_eq(found.rows[2].verdict, PH_VERDICT_UNDECIDED);
    ph_comparison_free(&found);
    end();
}
END_TEST

/* One undecided point of six leaves the verdict to the others. */
START_TEST(test_few_undecided)
{
    recipe_t recipe = RIGHT;
    recipe.missing = 1;
    begin(GRID, NULL);
    ph_comparison_t found = compare(&recipe, NULL);
    ck_assert_int_eq(found.verdict, PH_VERDICT_AGREE);
    ck_assert_uint_eq(found.undecided_points, 1);
    ck_assert_uint_eq(found.decided_rows, 15);
    ph_comparison_free(&found);
    end();
}
END_TEST

/*
 * Samples that are critical, or nearly, are in no average: what is left is a number of order one,
 * and how many were left out is said. Where all are, there is none.
 */
START_TEST(test_critical_samples)
{
    static const char CRITICAL[] = "network: { neurons: 100, patterns: 4, dilution: { each: [0.5, "
                                   "1, 1, 1] }, normalization: none }\n"
                                   "noise: [0.15, 0.35, 0.4, 0.42, 0.5, 0.55]\n"
                                   "dynamics: { start: archetype, sweeps: 400, burn_in: 100 }\n"
                                   "ensemble: { samples: 20, replicas: 2 }\n";
    size_t some = 0;
    begin(CRITICAL, NULL);
    ph_comparison_t found = compare(&RIGHT, NULL);
    ck_assert_uint_eq(found.rows_count, 24);
    for (size_t k = 0; k < 6; k++) {
        const ph_comparison_row_t *row = &found.rows[4 * k];
        const bool none = row->left_out == 20;
        some += row->left_out > 0 && !none;
        /* half of the samples decide */
        ck_assert(row->left_out <= 10 || row->reason != PH_REASON_NONE);
        ck_assert(row->left_out > 10 || row->reason != PH_REASON_TRANSITION);
        ck_assert(isnan(row->sample_theory) == none && isnan(row->mc) == none);
        ck_assert(none || (fabs(row->sample_theory) < 1.0 && row->error < 0.5));
        /* the made-up chains follow their samples' theory: both averages are of the same ones */
        ck_assert(none || fabs(row->mc - row->sample_theory) < 0.01);
        ck_assert(row->left_out >= 19 || row->disorder_error < 0.2);
    }
    ck_assert_uint_eq(found.rows[0].left_out, 0);
    ck_assert_uint_ge(some, 2);
    /* away from their transitions, but not far enough for 50 neurons that are not blank */
    ck_assert(found.rows[8].left_out >= 8 && found.rows[12].left_out >= 4);
    /* a few left out: the others decide */
    ck_assert(found.rows[4].left_out >= 1 && found.rows[4].left_out <= 5);
    ck_assert_msg(found.rows[4].verdict == PH_VERDICT_AGREE, "%s %zu",
                  ph_reason_text(found.rows[4].reason), found.rows[4].left_out);
    ph_comparison_free(&found);
    end();
}
END_TEST

PH_TEST_MAIN("compare", test_agree, test_wrong_theory, test_wrong_data, test_one_block,
             test_wrong_energy, test_false_alarm, test_symmetry, test_ranks, test_paramagnet,
             test_few_chains, test_no_error, test_left, test_undecided, test_unread, test_unsolved,
             test_unsupported, test_few_undecided, test_critical_samples, test_still,
             test_second_order)
