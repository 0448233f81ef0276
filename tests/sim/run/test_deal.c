/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Blocks dealt out: who has how much, and who has neighbours. */
#include "sim/run/deal.h"

#include <stdlib.h>
#include <string.h>

#include "tests/testing.h"

enum { HANDS_MAX = 40, BLOCKS_MAX = 20000 };

static double costs[BLOCKS_MAX];
static uint32_t owners[BLOCKS_MAX];

/* Groups of blocks of one cost, large and small, in falling order; the number of blocks. */
static size_t make_costs(int which)
{
    static const size_t sizes[][4] = {{7, 1, 30, 2}, {3000, 5, 900, 1}, {1, 4000, 4000, 11}};
    size_t count = 0;
    for (size_t g = 0; g < 4; g++)
        for (size_t k = 0; k < sizes[which][g]; k++)
            costs[count++] = 1000.0 / (double)(1 + g * g);
    return count;
}

/* Everybody has the costs that dealing block by block gives. */
START_TEST(shares)
{
    static const uint32_t hands[] = {1, 2, 3, 7, HANDS_MAX};
    const uint32_t count = hands[_i % 5];
    const size_t blocks = make_costs(_i / 5);
    size_t each[HANDS_MAX][4] = {{0}};
    ph_deal_t deal;
    ck_assert_int_eq(ph_deal_init(&deal, count, NULL), PH_OK);
    ck_assert_int_eq(ph_deal_blocks(blocks, costs, count, owners, NULL), PH_OK);
    for (size_t k = 0, group = 0; k < blocks; k++) {
        group += k > 0 && costs[k] < costs[k - 1];
        ck_assert_uint_lt(owners[k], count);
        each[owners[k]][group]++;
        each[ph_deal(&deal, costs[k])][group]--;
    }
    for (uint32_t i = 0; i < count; i++)
        for (size_t g = 0; g < 4; g++)
            ck_assert_uint_eq(each[i][g], 0);
    ph_deal_free(&deal);
}
END_TEST

/* Many blocks of one cost go out in runs; few of them one by one, to each hand in turn. */
START_TEST(runs)
{
    static const struct {
        size_t blocks, run;
        uint32_t hands;
    } cases[] = {{BLOCKS_MAX, 64, 16}, {16 * 8 * 5, 5, 16}, {16 * 8 * 2 - 1, 1, 16}, {9, 1, 4}};
    size_t length = 1, changes = 0;
    for (size_t k = 0; k < cases[_i].blocks; k++)
        costs[k] = 3.0;
    ck_assert_int_eq(ph_deal_blocks(cases[_i].blocks, costs, cases[_i].hands, owners, NULL), PH_OK);
    for (size_t k = 1; k < cases[_i].blocks; k++, length++)
        if (owners[k] != owners[k - 1]) {
            /* a remainder of a run only in the last rounds */
            ck_assert(length == cases[_i].run || k > cases[_i].blocks / 2);
            length = 0;
            changes++;
        }
    ck_assert_uint_le(changes, cases[_i].blocks / cases[_i].run + cases[_i].hands);
    if (cases[_i].run == 1)
        for (size_t k = 0; k < cases[_i].blocks; k++)
            ck_assert_uint_eq(owners[k], k % cases[_i].hands);
}
END_TEST

/* An axis as long as a round does not give everybody the same values of it for ever. */
START_TEST(turns)
{
    enum { HANDS = 16, RUN = 64, ROUND = HANDS * RUN, ROUNDS = 16 };
    bool had[HANDS][HANDS];
    memset(had, 0, sizeof(had));
    for (size_t k = 0; k < (size_t)ROUND * ROUNDS; k++)
        costs[k] = 3.0;
    ck_assert_int_eq(ph_deal_blocks((size_t)ROUND * ROUNDS, costs, HANDS, owners, NULL), PH_OK);
    for (size_t k = 0; k < (size_t)ROUND * ROUNDS; k++)
        had[owners[k]][k % ROUND / RUN] = true;
    for (size_t i = 0; i < HANDS; i++)
        for (size_t j = 0; j < HANDS; j++)
            ck_assert(had[i][j]);
}
END_TEST

PH_TEST_PROGRAM("deal")
{
    TCase *tcase = tcase_create("deal");
    tcase_add_loop_test(tcase, shares, 0, 15);
    tcase_add_loop_test(tcase, runs, 0, 4);
    tcase_add_test(tcase, turns);
    return test_run("deal", tcase);
}
