/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Trajectories of given patterns that overlap by 0.6 follow the flow of their network. */
#include "tests/analysis/compare/walked.h"

enum { NEURONS = 500 };

/* Both agree in four neurons of five; a fifth of the second is blank elsewhere. */
static void fill(char *text, size_t size, const char *order)
{
    char first[NEURONS + 1] = "", second[NEURONS + 1] = "";
    for (int i = 0; i < NEURONS; i++) {
        first[i] = (i * 7919) % 11 < 5 ? '+' : '-';
        second[i] = (char)(i % 10 == 3 ? '0' : i % 5 != 1 ? first[i] : first[i] == '+' ? '-' : '+');
    }
    snprintf(text, size,
             "network: { patterns: { given: \"%s %s\" } }\nnoise: [0.2, 0.5]\n"
             "dynamics: { start: { kind: corrupted, overlap: 0.8 }, order: %s,\n"
             "            sampler: [glauber%s], sweeps: 12 }\n"
             "ensemble: { samples: 2, replicas: 32, lanes: 8 }\n",
             first, second, order, strcmp(order, "random") == 0 ? ", little, block-gibbs" : "");
}

/* Three samplers and all orders agree; the noise wrong by 5 % (of one sampler: 20 %) does not. */
START_TEST(dynamics)
{
    static const char *const ORDERS[] = {"random", "permuted", "sequential"};
    const recipe_t wrong = {.noise_factor = _i == 0 ? 1.05 : 1.2};
    char text[2048];
    fill(text, sizeof(text), ORDERS[_i]);
    ph_path_comparison_t found = compare_grid(text, NULL, &RIGHT);
    ck_assert_int_eq(found.verdict, PH_VERDICT_AGREE);
    ck_assert_uint_ge(found.comparisons, _i == 0 ? 100 : 40);
    ck_assert(found.largest > 0.3);
    for (size_t i = 0; i < found.rows_count; i++)
        ck_assert_uint_ge(found.rows[i].records, 10);
    end(&found);
    found = compare_grid(text, NULL, &wrong);
    ck_assert_int_eq(found.verdict, PH_VERDICT_DISAGREE);
    end(&found);
}
END_TEST

PH_TEST_PROGRAM("path_given")
{
    TCase *tcase = tcase_create("path_given");
    tcase_add_loop_test(tcase, dynamics, 0, 3);
    return test_run("path_given", tcase);
}
