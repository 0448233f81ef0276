/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <string.h>

#include "params/words.h"
#include "sim/samplers/samplers.h"
#include "tests/testing.h"

/* The list of samplers follows the words of grid files, and every row is whole. */
START_TEST(rows_follow_words)
{
    const ph_sampler_t *row = ph_sampler((ph_sampler_id_t)_i);
    ck_assert_int_eq(row->id, _i);
    ck_assert_uint_gt(strlen(row->help), 10);
    const ph_law_t law = ph_sampler_facts(row->id)->law;
    ck_assert_uint_gt(strlen(ph_law_text(law)), 10);
    ck_assert(law == PH_LAW_GLAUBER || row->caution != NULL);
    ck_assert((law == PH_LAW_LITTLE) == (strstr(PH_SAMPLER_WORDS.words[_i], "little") != NULL));
    ck_assert(ph_sampler_has(row->id, PH_TRAIT_LUMPED) ==
              (strncmp(PH_SAMPLER_WORDS.words[_i], "lumped", 6) == 0 ||
               _i == PH_SAMPLER_REPLICA_EXCHANGE));
}
END_TEST

/* Cost grows with the number of patterns; the last kernel of each sampler takes every block. */
START_TEST(costs_and_kernels)
{
    const ph_sampler_t *row = ph_sampler((ph_sampler_id_t)_i);
    ph_point_t few = {.neurons = 1000, .patterns = 1}, many = {.neurons = 1000, .patterns = 16};
    ck_assert_double_gt(row->cost(&few), 0.0);
    ck_assert_double_gt(row->cost(&many), row->cost(&few));
    const ph_kernel_t *const *kernel = row->kernels;
    for (; kernel[1] != NULL; kernel++)
        ck_assert_ptr_nonnull(kernel[0]->fits);
    ck_assert_ptr_null(kernel[0]->fits);
    ck_assert_str_eq(kernel[0]->name, "reference");
}
END_TEST

int main(void)
{
    TCase *tcase = tcase_create("sampler");
    tcase_add_loop_test(tcase, rows_follow_words, 0, PH_SAMPLER_COUNT);
    tcase_add_loop_test(tcase, costs_and_kernels, 0, PH_SAMPLER_COUNT);
    return test_run("sampler", tcase);
}
