/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One parallel step without noise, held against the fields in the chains' very starts, and its mean
 * over samples against the infinite network. */
#include "tests/analysis/compare/walked.h"

static void fill(char *text, size_t size, const char *network, const char *start,
                 const char *dynamics)
{
    snprintf(text, size,
             "network: { %s }\nnoise: 0\ndynamics: { start: %s, burn_in: 0, %s }\n"
             "ensemble: { samples: 8, replicas: 12, lanes: 4 }\n",
             network, start, dynamics);
}

static const char DRAWN[] = "neurons: 301, patterns: 3, dilution: 0.2, normalization: none, "
                            "rule: [storage, supervised, unsupervised], examples: [3, 4], "
                            "quality: 0.6, blank_fidelity: 0.8";
static const char UNLIKE[] = "neurons: 301, patterns: 3, dilution: { each: [0.1, 0.2, 0.4] }, "
                             "rule: [storage, unsupervised], examples: 6, quality: 0.6";
static const char STEP[] = "sampler: [little, lumped-little], sweeps: 1";

static const struct {
    const char *network, *start;
    bool infinite; /* held against it */
} RIGHTS[] = {
    {DRAWN, "archetype", true},
    {DRAWN, "{ kind: corrupted, overlap: 0.3 }", true},
    {DRAWN, "{ kind: mixture, patterns: [2, 3], overlap: 0.6 }", true},
    {UNLIKE, "hierarchical", true},
    {UNLIKE, "random", true},
    {UNLIKE, "{ kind: masked, hidden: 0.3, fill: down }", false},
    {"patterns: { given: \"+-+-0+-++-+--++-+-+0 +--+0+-++0+-+++-+-++\" }", "parallel", false},
    {"patterns: { given: \"+-+-0+-++-+--++-+-+0 +--+0+-++0+-+++-+-++\" }, rule: supervised, "
     "examples: 2, quality: 0.5",
     "archetype", false},
};

/* Every rule and start: one comparison a pattern, all of sweep 1. */
START_TEST(right)
{
    char text[2048];
    const char *start = RIGHTS[_i].start; /* masked ones are refused of lumped samplers */
    fill(text, sizeof(text), RIGHTS[_i].network, start,
         strstr(start, "masked") != NULL ? "sampler: little, sweeps: 1" : STEP);
    ph_path_comparison_t found = compare_grid(text, NULL, &RIGHT);
    ck_assert_int_eq(found.verdict, PH_VERDICT_AGREE);
    for (size_t i = 0; i < found.rows_count; i++) {
        const ph_path_row_t *row = &found.rows[i];
        ck_assert_uint_eq(row->records, 1);
        ck_assert_uint_eq(row->sweep, 1);
        ck_assert_int_eq(row->verdict, PH_VERDICT_AGREE);
        ck_assert_int_eq(isnan(row->step_deviate) == 0, RIGHTS[_i].infinite);
        ck_assert_int_eq(found.splits[row->point].reason, PH_SPLIT_WHOLE);
    }
    ck_assert_uint_eq(found.comparisons, found.rows_count * (RIGHTS[_i].infinite ? 2 : 1));
    end(&found);
}
END_TEST

/* As much as one spin of one chain in 96 is enough where no field can be 0 (a sum of three even
 * numbers less an odd one); so is a start that is another. */
START_TEST(wrong)
{
    char text[2048];
    const recipe_t one = {.noise_factor = 1.0, .record = 1, .shift = 2.0 / 300.0 / 96.0},
                   other = {.noise_factor = 1.0, .overlap = 0.5};
    fill(text, sizeof(text), "neurons: 300, patterns: 3, dilution: 0, normalization: none",
         "{ kind: corrupted, overlap: 0.1 }", "sampler: little, sweeps: 1");
    ph_path_comparison_t found = compare_grid(text, NULL, &one);
    ck_assert_int_eq(found.rows[1].verdict, PH_VERDICT_DISAGREE);
    ck_assert_double_eq(found.rows[1].error, 0.0);
    ck_assert_int_eq(found.rows[0].verdict, PH_VERDICT_AGREE);
    ck_assert(found.largest_step < 4.0); /* which is no more than the samples' scatter */
    end(&found);
    found = compare_grid(text, "ensemble.samples=64", &other); /* of eight any may be chance */
    ck_assert_int_eq(found.rows[0].verdict, PH_VERDICT_DISAGREE);
    ck_assert_double_gt(found.largest_step, found.threshold);
    end(&found);
}
END_TEST

/* More sweeps have the step too, and what the flow says of the rest. */
START_TEST(among_others)
{
    char text[2048];
    fill(text, sizeof(text), "neurons: 301, patterns: 2, dilution: 0.1", "archetype",
         "sampler: little, sweeps: 4");
    const recipe_t step = {.noise_factor = 1.0, .record = 1, .shift = 0.01};
    ph_path_comparison_t found = compare_grid(text, NULL, &step);
    ck_assert_int_eq(found.rows[1].verdict, PH_VERDICT_DISAGREE);
    ck_assert_uint_eq(found.rows[1].sweep, 1);
    end(&found);
}
END_TEST

/* Few neurons: the mean of many samples is off the infinite network's 0.7 by many of its errors, as
 * the overlaps' fluctuations, those of the start among them, say. */
START_TEST(small_networks)
{
    ph_path_comparison_t found = compare_grid(
        "network: { neurons: 100, patterns: 3, dilution: 0.3 }\nnoise: 0\ndynamics: { burn_in: 0,\n"
        "  start: { kind: corrupted, overlap: 0.3 }, sampler: little, sweeps: 1 }\n"
        "ensemble: { samples: 400, replicas: 1, lanes: 1 }\n",
        NULL, &RIGHT);
    const ph_path_row_t *row = &found.rows[0];
    ck_assert_int_eq(found.verdict, PH_VERDICT_AGREE);
    ck_assert(0.7 - row->step_mc > 7.0 * row->step_error);
    ck_assert_double_eq_tol(row->step_population, row->step_mc, 3.0 * row->step_error);
    ck_assert_double_eq_tol(row->step_allowance, (0.7 - row->step_population) / 3.0 + 0.02, 1e-6);
    end(&found);
}
END_TEST

/* Blank neurons of pattern 1 see pattern 2 alone, whose overlap is the start's fluctuation: after
 * the step it is +-d (1 - d) in a sample, and that all six have one sign, as one seed in 32 has it,
 * is no disagreement, however alike they are. */
START_TEST(two_values)
{
    static const char *const TEXT =
        "seed: 4\nnetwork: { neurons: 20000, patterns: 2, dilution: 0.3 }\nnoise: 0\n"
        "dynamics: { start: archetype, burn_in: 0, sampler: little, sweeps: 1 }\n"
        "ensemble: { samples: 6, replicas: 1, lanes: 1 }\n";
    const recipe_t low = {.noise_factor = 1.0, .record = 1, .shift = -0.05};
    ph_path_comparison_t found = compare_grid(TEXT, NULL, &RIGHT);
    const ph_path_row_t *row = &found.rows[1];
    ck_assert_double_eq_tol(fabs(row->step_mc), 0.21, 0.01);
    ck_assert_double_eq_tol(row->step_error, 0.21 / sqrt(6.0), 0.01);
    ck_assert_double_eq_tol(row->step_population, 0.0, 1e-9);
    ck_assert_int_eq(found.verdict, PH_VERDICT_AGREE);
    ck_assert_double_lt(found.rows[0].step_error, 0.002);
    end(&found);
    /* of pattern 2 from itself all signs are sure, and six samples are enough */
    found = compare_grid(TEXT, "dynamics.start_pattern=2", &low);
    ck_assert_double_lt(found.rows[1].step_error, 0.002);
    ck_assert_double_gt(found.rows[1].step_deviate, found.threshold);
    end(&found);
}
END_TEST

/* Noise, another dynamics or later records: no step is recorded. */
START_TEST(none)
{
    static const char *const SET[] = {"noise=0.1", "dynamics.sampler=block-gibbs",
                                      "dynamics.burn_in=1", "dynamics.record_every=2"};
    ph_grid_t points;
    char text[2048];
    fill(text, sizeof(text), DRAWN, "archetype", "sampler: little, sweeps: 4");
    for (size_t i = 0; i < sizeof(SET) / sizeof(SET[0]); i++) {
        ph_grid_init(&points);
        ck_assert_int_eq(ph_grid_parse(&points, text, "test", 1, &SET[i], NULL), PH_OK);
        ck_assert(!ph_path_has_step(&points, &points.points[0]));
        ph_grid_free(&points);
    }
    ph_grid_init(&points);
    ck_assert_int_eq(ph_grid_parse(&points, text, "test", 0, NULL, NULL), PH_OK);
    ck_assert(ph_path_has_step(&points, &points.points[0]));
    ph_grid_free(&points);
}
END_TEST

PH_TEST_PROGRAM("onestep")
{
    TCase *tcase = tcase_create("onestep");
    tcase_add_loop_test(tcase, right, 0, sizeof(RIGHTS) / sizeof(RIGHTS[0]));
    tcase_add_test(tcase, wrong);
    tcase_add_test(tcase, among_others);
    tcase_add_test(tcase, small_networks);
    tcase_add_test(tcase, two_values);
    tcase_add_test(tcase, none);
    return test_run("onestep", tcase);
}
