/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "analysis/compare/path.h"

#include "tests/analysis/compare/walked.h"

static const char GRID[] =
    "network: { neurons: 1000, patterns: 2, dilution: [0.3, 0.6] }\n"
    "noise: [0.2, 0.5]\n"
    "dynamics: { start: hierarchical, sampler: [glauber, little, block-gibbs], sweeps: 12 }\n"
    "ensemble: { samples: 3, replicas: 24, lanes: 8 }\n";

static ph_path_comparison_t compare(const char *set, const recipe_t *recipe)
{
    return compare_grid(GRID, set, recipe);
}

/* Trajectories of three samplers agree with the flow of their samples from the first sweep on; the
 * largest of several hundred deviations is of the size chance gives it. */
START_TEST(test_agree)
{
    ph_path_comparison_t found = compare(NULL, &RIGHT);
    ck_assert_int_eq(found.verdict, PH_VERDICT_AGREE);
    ck_assert_uint_gt(found.comparisons, 200);
    ck_assert(found.largest > 0.3 && found.largest < found.threshold);
    for (size_t i = 0; i < found.rows_count; i++)
        ck_assert(found.rows[i].records == 0 || found.rows[i].verdict == PH_VERDICT_AGREE);
    end(&found);
}
END_TEST

/* A noise wrong by 5 %, or one record of one pattern wrong by 0.02, disagree, and the row says
 * when. */
START_TEST(test_disagree)
{
    recipe_t recipe = {.noise_factor = 1.05};
    ph_path_comparison_t found = compare(NULL, &recipe);
    ck_assert_int_eq(found.verdict, PH_VERDICT_DISAGREE);
    end(&found);
    recipe = (recipe_t){.noise_factor = 1.0, .shift = 0.02};
    found = compare(NULL, &recipe);
    ck_assert_int_eq(found.verdict, PH_VERDICT_DISAGREE);
    ck_assert_int_eq(found.rows[1].verdict, PH_VERDICT_DISAGREE);
    ck_assert_uint_eq(found.rows[1].sweep, 3);
    ck_assert_double_eq_tol(found.rows[1].mc - found.rows[1].flow, 0.02, 0.01);
    end(&found);
}
END_TEST

/* Permuted and sequential sweeps agree with their own flow and disagree with each other's, and
 * where the noise is wrong by 5 %. At d = 0.6 some samples pass a saddle, beyond which chains have
 * parted: in sequential order records after it are left out, however small the noise has become. */
START_TEST(test_orders)
{
    static const char text[] = "network: { neurons: %d, patterns: 2, dilution: [0.3, 0.6] }\n"
                               "noise: [0.2, 0.5]\n"
                               "dynamics: { start: hierarchical, order: %s, sweeps: 12 }\n"
                               "ensemble: { samples: 3, replicas: 24, lanes: 8 }\n";
    const char *const orders[] = {"permuted", "sequential"};
    const ph_order_t others[] = {PH_ORDER_SEQUENTIAL, PH_ORDER_PERMUTED};
    char filled[400];
    for (size_t i = PH_TEST_SANITIZED; i < 2; i++) {
        const recipe_t wrong[] = {{.noise_factor = 1.0, .order = others[i]},
                                  {.noise_factor = 1.05}};
        snprintf(filled, sizeof(filled), text, 1000, orders[i]);
        ph_path_comparison_t found = compare_grid(filled, NULL, &RIGHT);
        ck_assert_int_eq(found.verdict, PH_VERDICT_AGREE);
        ck_assert_uint_ge(found.comparisons, 2 * 2 * 12);
        ck_assert_int_eq(found.comparisons < 4 * 2 * 12, i == 1);
        ck_assert(found.largest > 0.3 && found.largest < found.threshold);
        end(&found);
        snprintf(filled, sizeof(filled), text, 10000, orders[i]); /* ten times the sight */
        for (size_t j = 0; j < 2; j++) {
            found = compare_grid(filled, "network.dilution=0.3", &wrong[j]);
            ck_assert_int_eq(found.verdict, PH_VERDICT_DISAGREE);
            end(&found);
        }
    }
}
END_TEST

/* Of small networks in many chains a third of the bias is open, and no more: a record that is off
 * by less than one spin disagrees. */
START_TEST(test_allowance)
{
    static const char text[] = "network: { neurons: 100, patterns: 2, dilution: 0.3 }\n"
                               "noise: 0.2\n"
                               "dynamics: { start: hierarchical, sweeps: 6 }\n"
                               "ensemble: { samples: 3, replicas: 480, lanes: 8 }\n";
    for (int wrong = 0; wrong < 2; wrong++) {
        const recipe_t recipe = {.noise_factor = 1.0, .shift = wrong ? 0.015 : 0.0};
        ph_path_comparison_t found = compare_grid(text, NULL, &recipe);
        ck_assert_int_eq(found.verdict, wrong ? PH_VERDICT_DISAGREE : PH_VERDICT_AGREE);
        for (size_t i = 0; i < 2; i++) {
            const ph_path_row_t *row = &found.rows[i];
            ck_assert(row->allowance > 1e-4 && row->allowance < 4e-3);
            const double excess = fmax(fabs(row->mc - row->flow) - row->allowance, 0.0);
            ck_assert(row->deviation <= excess / row->error + 1e-9 &&
                      row->deviation >= 0.8 * excess / row->error); /* Poisson's is wider */
        }
        end(&found);
    }
}
END_TEST

static void check_reason_of(const char *text, const char *set, size_t missing,
                            ph_path_reason_t reason)
{
    const recipe_t recipe = {.noise_factor = 1.0, .missing = missing};
    ph_path_comparison_t found = compare_grid(text, set, &recipe);
    size_t seen = 0;
    for (size_t i = 0; i < found.rows_count; i++) {
        ck_assert(found.rows[i].reason == PH_PATH_COMPARED ||
                  found.rows[i].verdict == PH_VERDICT_UNDECIDED);
        seen += found.rows[i].reason == reason;
    }
    ck_assert_uint_gt(seen, 0);
    ck_assert_uint_gt(strlen(ph_path_reason_text(reason)), 5);
    end(&found);
}

static void check_reason(const char *set, size_t missing, ph_path_reason_t reason)
{
    check_reason_of(GRID, set, missing, reason);
}

/* What cannot be compared says why. */
START_TEST(test_reasons)
{
    static const char large[] = "network: { neurons: 1000, patterns: 40, dilution: 0.3 }\n"
                                "noise: 0.2\n"
                                "dynamics: { start: hierarchical, sweeps: 12 }\n"
                                "ensemble: { samples: 2, replicas: 8, lanes: 8 }\n";
    check_reason("dynamics.start={kind: file, file: spins.txt, "
                 "digest: 00112233445566778899aabbccddeeff}",
                 0, PH_PATH_DYNAMICS);
    check_reason("dynamics.burn_in=2", 0, PH_PATH_LATE);
    check_reason("dynamics.sampler=metropolis", 0, PH_PATH_DYNAMICS);
    check_reason(NULL, 1, PH_PATH_INCOMPLETE);
    check_reason_of(large, NULL, 0, PH_PATH_LARGE);
}
END_TEST

/* The start itself is no evidence, also where it fluctuates: 12 sweeps are 12 records; where none
 * beyond it has noise, nothing is decided. */
START_TEST(test_start)
{
    const char *const sets[] = {NULL, "dynamics.start={kind: corrupted, pattern: 1, overlap: 0.4}"};
    ph_path_comparison_t found;
    for (int i = 0; i < 2; i++) {
        size_t most = 0;
        found = compare(sets[i], &RIGHT);
        for (size_t k = 0; k < found.rows_count; k++)
            most = found.rows[k].records > most ? found.rows[k].records : most;
        ck_assert_uint_eq(most, 12);
        end(&found);
    }
    found = compare("network.dilution=1", &RIGHT);
    ck_assert_uint_eq(found.comparisons, 0);
    ck_assert_int_eq(found.verdict, PH_VERDICT_UNDECIDED);
    for (size_t k = 0; k < found.rows_count; k++)
        ck_assert_int_eq(found.rows[k].reason, PH_PATH_START);
    end(&found);
}
END_TEST

/* An unstable start is left at a random time: late records are left out, the first ones agree. */
START_TEST(test_escape)
{
    ph_path_comparison_t found = compare("dynamics.start=random", &RIGHT);
    ck_assert_int_eq(found.verdict, PH_VERDICT_AGREE);
    size_t left = 0;
    for (size_t i = 0; i < found.rows_count; i++) {
        ck_assert(found.rows[i].records < 12);
        left += found.rows[i].reason == PH_PATH_ESCAPE;
        ck_assert_int_eq(found.rows[i].reason == PH_PATH_ESCAPE, found.rows[i].records == 0);
    }
    ck_assert_uint_gt(left, 0);
    end(&found);
}
END_TEST

/* Overlaps of either sign that are O(1/sqrt N) at the start part at once, at noise 0 and near it,
 * and the mean of all follows no flow. Each chain follows its own, towards its sign, from the first
 * sweep to the last; an error of a hundredth there, and other dynamics, are seen. */
START_TEST(test_parted)
{
    static const char text[] =
        "network: { neurons: 4000, patterns: 2, dilution: 0.3 }\n"
        "noise: [0, 0.02]\n"
        "dynamics: { start: { kind: corrupted, pattern: 1, overlap: 0.5 }, sampler: [glauber, "
        "little], sweeps: 5 }\n"
        "ensemble: { samples: 2, replicas: 32, lanes: 8 }\n";
    const recipe_t wrong[] = {{.noise_factor = 1.0, .stretch = 0.01},
                              {.noise_factor = 1.0, .order = PH_ORDER_PERMUTED}};
    ph_path_comparison_t found = compare_grid(text, NULL, &RIGHT);
    ck_assert_int_eq(found.verdict, PH_VERDICT_AGREE);
    ck_assert_uint_eq(found.rows_count, 8);
    for (size_t i = 0; i < found.rows_count; i++) {
        const ph_path_row_t *row = &found.rows[i];
        if (grid.points[row->point].sampler != PH_SAMPLER_GLAUBER)
            continue;
        ck_assert_uint_eq(row->records, 5);
        ck_assert(row->error > 1e-4 && row->error < 3e-3);
    }
    ck_assert(found.rows[1].flow > 0.15 && found.rows[1].flow < 0.22);
    const double together = found.rows[1].error;
    end(&found);
    found = compare_grid(text, "ensemble.lanes=1", &RIGHT); /* without order in common */
    ck_assert_int_eq(found.verdict, PH_VERDICT_AGREE);
    ck_assert_double_lt(found.rows[1].error, 0.8 * together);
    ck_assert_double_gt(found.rows[1].error, 2e-4);
    end(&found);
    for (size_t i = 0; i < 2; i++) {
        found = compare_grid(text, NULL, &wrong[i]);
        ck_assert_int_eq(found.verdict, PH_VERDICT_DISAGREE);
        ck_assert_int_eq(found.rows[1].verdict, PH_VERDICT_DISAGREE);
        end(&found);
    }
}
END_TEST

/* So do chains in permuted order, whose sweeps tie their noise together. */
START_TEST(test_parted_permuted)
{
    static const char text[] =
        "network: { neurons: 4000, patterns: 2, dilution: 0.3 }\n"
        "noise: [0.05, 0.1]\n"
        "dynamics: { start: { kind: corrupted, pattern: 1, overlap: 0.5 }, order: permuted, "
        "sweeps: 5 }\n"
        "ensemble: { samples: 2, replicas: 32, lanes: 8 }\n";
    const recipe_t wrong[] = {{.noise_factor = 1.0, .stretch = 0.02}, {.noise_factor = 8.0}};
    ph_path_comparison_t found = compare_grid(text, NULL, &RIGHT);
    ck_assert_int_eq(found.verdict, PH_VERDICT_AGREE);
    for (size_t i = 0; i < found.rows_count; i++) {
        ck_assert_uint_eq(found.rows[i].records, 5);
        ck_assert_double_lt(found.rows[i].error, 1e-2);
    }
    ck_assert(found.rows[1].flow > 0.15 && found.rows[1].flow < 0.25);
    end(&found);
    for (size_t i = 0; i < 2; i++) {
        found = compare_grid(text, NULL, &wrong[i]);
        ck_assert_int_eq(found.verdict, PH_VERDICT_DISAGREE);
        end(&found);
    }
}
END_TEST

/* Chains whose flow rests in a shallow state leave it by chance, which no linear noise says: they
 * count as long as its barrier is high for the time. */
START_TEST(test_shallow)
{
    static const char text[] = "seed: 2034\n"
                               "network: { neurons: 300, patterns: 3, dilution: 0.1, "
                               "normalization: variance }\n"
                               "noise: 0.1\n"
                               "dynamics: { start: parallel, order: permuted, sweeps: 20 }\n"
                               "ensemble: { samples: 4, replicas: 32 }\n";
    ph_path_comparison_t found = compare_grid(text, NULL, &RIGHT);
    ck_assert_int_ne(found.verdict, PH_VERDICT_DISAGREE);
    ck_assert_double_lt(found.largest, found.threshold);
    end(&found);
}
END_TEST

PH_TEST_MAIN("compare_path", test_agree, test_disagree, test_orders, test_reasons, test_start,
             test_escape, test_parted, test_parted_permuted, test_shallow, test_allowance)
