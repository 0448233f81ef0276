/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * Lumped against unlumped in law, without random numbers: the whole matrix of one sweep of 8
 * neurons, 256 x 256, from the couplings, summed over the states of each class, against the
 * binomials that the lumped samplers ask for (how they are drawn is held by test_draw.c). The draw
 * list given to the samplers writes down what it is asked for.
 */
#include "sim/samplers/lumped_state.h"
#include "sim/samplers/samplers.h"
#include "tests/sim/samplers/enumerate.h"
#include "tests/sim/samplers/network.h"

enum { SITES = 8, STATES = 1 << SITES, PATTERNS = 2, ITEMS = 2 * SITES, HIDDEN = 5 };

static const double DILUTIONS[2][PATTERNS] = {{0.3, 0.3}, {0.2, 0.6}};
static const double EXAMPLES[2][PATTERNS] = {{2, 2}, {2, 3}};
static const double QUALITY[2][PATTERNS] = {{0.8, 0.8}, {0.8, 0.6}};
static const double FIDELITY[2][PATTERNS] = {{1.0, 1.0}, {0.7, 1.0}};

/* Normal numbers behind the hidden units, a row a case. */
static const double NORMALS[HIDDEN][ITEMS] = {{0.0},
                                              {1.3, -0.4, 0.8, -2.1, 0.1},
                                              {-0.7, 0.6, -1.9, 0.3, 1.1},
                                              {2.6, 2.2, -0.2, 0.9, -1.4},
                                              {-3.1, 0.05, 1.7, -0.6, 0.5}};

static struct {
    size_t count;
    double n[ITEMS], fields[ITEMS];
    ph_draw_noise_t noise;
    const double *normals;
} asked;

static void spy_normals(ph_draws_t *chains, size_t count, size_t each, size_t used, double *out)
{
    (void)chains;
    (void)used;
    ck_assert_uint_le(each, ITEMS);
    for (size_t i = 0; i < count && each > 0; i++)
        memcpy(out + i * each, asked.normals, each * sizeof(*out));
}

static void spy_spins(ph_draws_t *chains, size_t count, size_t each, const double *n,
                      const double *fields, const ph_draw_noise_t *noise, double *out)
{
    (void)chains;
    ck_assert_uint_eq(count, 1);
    ck_assert_uint_le(each, ITEMS);
    asked.count = each;
    asked.noise = *noise;
    memcpy(asked.n, n, each * sizeof(*n));
    memcpy(asked.fields, fields, each * sizeof(*fields));
    memset(out, 0, each * sizeof(*out));
}

static double choose(int n, int k)
{
    double ways = 1.0;
    for (int i = 1; i <= k; i++)
        ways = ways * (n - k + i) / i;
    return ways;
}

/* Probability of k up-spins in item d. */
static double up_probability(size_t d, int k)
{
    const int n = (int)asked.n[d];
    if (k < 0 || k > n)
        return 0.0;
    const double strength = fabs(asked.fields[d]);
    const double x = strength > asked.noise.tolerance ? strength * asked.noise.factor : 0.0;
    const double against = 1.0 / (1.0 + exp(x));
    const double up = asked.fields[d] > 0.0 ? 1.0 - against : against;
    return choose(n, k) * pow(up, k) * pow(1.0 - up, n - k);
}

/* Probability of k up-spins in class c: one item, or one of its up- and one of its down-spins. */
static double class_probability(const ph_lumped_t *lumped, size_t c, int k)
{
    if (asked.count == lumped->padded)
        return up_probability(c, k);
    double sum = 0.0;
    for (int from_up = 0; from_up <= k; from_up++)
        sum += up_probability(c, from_up) * up_probability(lumped->padded + c, k - from_up);
    return sum;
}

/* The law of the classes that was asked for, at one state of each. */
static void asked_law(const ph_lumped_t *lumped, double *law)
{
    const ph_row_classes_t *classes = &lumped->classes;
    memset(law, 0, STATES * sizeof(*law));
    for (int state = 0; state < STATES; state++) {
        int up[SITES] = {0};
        if (enumerate_class(classes, SITES, state) != state)
            continue;
        for (int i = 0; i < SITES; i++)
            up[classes->of[i]] += enumerate_spin(state, i) == classes->gauge[i];
        law[state] = 1.0;
        for (size_t c = 0; c < classes->count; c++)
            law[state] *= class_probability(lumped, c, up[c]);
    }
}

static void check_row(const ph_lumped_t *lumped, double *exact)
{
    double law[STATES], total = 0.0, worst = 0.0;
    asked_law(lumped, law);
    enumerate_class_counts(&lumped->classes, SITES, exact);
    for (int to = 0; to < STATES; to++) {
        worst = fmax(worst, fabs(law[to] - exact[to]));
        total += law[to];
    }
    ck_assert_double_lt(worst, 1e-12);
    ck_assert_double_eq_tol(total, 1.0, 1e-12);
}

/* The block in a state, and the lumped sampler's counts of it. */
static void put(ph_block_t *block, const ph_lumped_t *lumped, int state, double *up)
{
    const uint8_t bits = (uint8_t)state;
    ph_block_load(block, 0, &bits);
    ph_block_recount(block);
    ph_lumped_count(lumped, block, 0, up);
}

static void move(ph_block_t *block, ph_lumped_t *lumped, double *up)
{
    const ph_lumped_chain_t chain =
        ph_lumped_chain(block, block->point->noise, up, block->overlaps);
    const size_t at = ph_lumped_numbers(lumped, block, 0, 1);
    if (block->point->sampler == PH_SAMPLER_LUMPED_LITTLE)
        ph_lumped_little(lumped, block, at, &chain, 1, 1);
    else
        ph_lumped_gibbs(lumped, at, &chain, 1, 1);
}

static void check_little(ph_block_t *block, ph_lumped_t *lumped)
{
    double up[ITEMS], exact[STATES];
    for (int from = 0; from < STATES; from += test_step(15)) {
        put(block, lumped, from, up);
        move(block, lumped, up);
        ck_assert_uint_eq(asked.count, 2 * lumped->padded);
        enumerate_little(&block->coupling, block->point->noise, from, exact);
        check_row(lumped, exact);
    }
}

/* Given the hidden units x = o + sqrt(T/(N w)) z neurons are independent of each other. */
static void check_gibbs(ph_block_t *block, ph_lumped_t *lumped)
{
    const ph_coupling_t *coupling = &block->coupling;
    const double noise = block->point->noise;
    double up[ITEMS], x[ITEMS];
    for (int from = 0; from < STATES; from += test_step(15))
        for (int k = 0; k < HIDDEN; k++) {
            double exact[STATES] = {0};
            put(block, lumped, from, up);
            asked.normals = NORMALS[k];
            for (int p = 0; p < (int)coupling->features; p++) {
                double sum = 0.0;
                for (int i = 0; i < SITES; i++)
                    sum += coupling->phi[i * coupling->features + p] * enumerate_spin(from, i);
                x[p] = sum / SITES + sqrt(noise / (SITES * coupling->weights[p])) * NORMALS[k][p];
            }
            move(block, lumped, up);
            ck_assert_uint_eq(asked.count, lumped->padded);
            enumerate_gibbs_at(coupling, noise, x, 1.0, exact);
            check_row(lumped, exact);
        }
}

/* From every state to every class: sampler x equal and unequal weights x noise 0 and 0.7 x rule. */
START_TEST(whole_matrix)
{
    static const ph_rule_t rules[] = {PH_RULE_STORAGE, PH_RULE_SUPERVISED, PH_RULE_UNSUPERVISED};
    const bool little = (_i & 1) == 0;
    const int variant = _i >> 1 & 1;
    const ph_draw_lists_t spies = {"spies",           NULL,      PH_DRAW_PLAIN.seeds,
                                   spy_normals,       spy_spins, PH_DRAW_PLAIN.fields,
                                   PH_DRAW_PLAIN.sums};
    ph_point_t point = network_point(SITES, PATTERNS, DILUTIONS[variant], _i >> 2 & 1 ? 0.7 : 0.0);
    point.sampler = little ? PH_SAMPLER_LUMPED_LITTLE : PH_SAMPLER_LUMPED_BLOCK_GIBBS;
    point.rule = rules[_i >> 3];
    point.examples = EXAMPLES[variant];
    point.quality = QUALITY[variant];
    point.blank_fidelity = FIDELITY[variant];
    ph_block_t block;
    ph_lumped_t lumped;
    ck_assert_int_eq(ph_block_init(&block, ph_sampler(point.sampler), &point, 7, 0, 0, 0, 1),
                     PH_OK);
    ck_assert_int_eq(block.decision.integer, variant == 0);
    ck_assert_int_eq(ph_lumped_init(&lumped, &block, &spies), PH_OK);
    ck_assert_uint_lt(lumped.classes.count, SITES); /* some neurons are alike */
    ck_assert_uint_gt(lumped.classes.count, 1);
    if (little)
        check_little(&block, &lumped);
    else
        check_gibbs(&block, &lumped);
    ph_lumped_free(&lumped);
    ph_block_free(&block);
}
END_TEST

PH_TEST_PROGRAM("lumping")
{
    TCase *tcase = tcase_create("exact");
    tcase_set_timeout(tcase, 200);
    tcase_add_loop_test(tcase, whole_matrix, 0, 24);
    return test_run("lumping", tcase);
}
