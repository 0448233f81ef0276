/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The slowest mode at a point: its time for each sampler, and what it says of chains. */
#include "analysis/phase/slowest.h"

#include <math.h>
#include <stdlib.h>

#include "tests/params/parse.h"

enum { SITES = 20000 };

/* A step of a generator, for orders. */
static uint64_t next(uint64_t *state)
{
    *state = *state * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
    return *state >> 33;
}

/* Drawn anew: what a turn through all neurons is. */
static void draw_turn(size_t *turn, ph_order_t order, uint64_t *state)
{
    for (size_t i = SITES - 1; order == PH_ORDER_PERMUTED && i > 0; i--) {
        const size_t other = next(state) % (i + 1), kept = turn[i];
        turn[i] = turn[other];
        turn[other] = kept;
    }
}

/* 1/2 + sum_t of the mean of all neurons, each of which takes `gain` times that mean where it is
 * asked, from equal values on. Where orders are drawn the first sweep says what each leaves, as
 * they leave noise that outlives the mode. */
static double tau_by_sites(double gain, ph_order_t order)
{
    double *x = malloc(SITES * sizeof(*x)), sum = SITES, tau = 0.5;
    size_t *turn = malloc(SITES * sizeof(*turn));
    const int sweeps = order == PH_ORDER_SEQUENTIAL ? 60 : 1;
    uint64_t state = 1;
    ck_assert(x != NULL && turn != NULL);
    for (size_t i = 0; i < SITES; i++) {
        x[i] = 1.0;
        turn[i] = i;
    }
    draw_turn(turn, order, &state);
    for (int t = 0; t < sweeps; t++) {
        for (size_t i = 0; i < SITES; i++) {
            const size_t site = order == PH_ORDER_RANDOM ? next(&state) % SITES : turn[i];
            const double taken = gain * sum / SITES;
            sum += taken - x[site];
            x[site] = taken;
        }
        tau += sum / SITES;
    }
    free(x);
    free(turn);
    const double left = sum / SITES;
    return order == PH_ORDER_SEQUENTIAL ? tau : 0.5 * (1.0 + left) / (1.0 - left);
}

static double tau_of(double rate, ph_sampler_id_t sampler, ph_order_t order)
{
    const ph_slowest_t mode = {.rate = rate, .metropolis = 3.0 * rate};
    return ph_slowest_tau(&mode, sampler, order);
}

START_TEST(times)
{
    for (int order = 0; order < PH_ORDER_COUNT; order++)
        for (double rate = 0.1; rate < 0.6; rate += 0.2) {
            const double tau = tau_by_sites(1.0 - rate, (ph_order_t)order);
            const double found = tau_of(rate, PH_SAMPLER_GLAUBER, (ph_order_t)order);
            ck_assert_msg(fabs(found / tau - 1.0) < 0.02, "%d, %g: %g, sites %g", order, rate,
                          found, tau);
        }
    for (int order = 0; order < PH_ORDER_COUNT; order++) {
        ck_assert_double_eq_tol(tau_of(0.25, PH_SAMPLER_BLOCK_GIBBS, (ph_order_t)order), 3.5,
                                1e-12);
        ck_assert_double_eq_tol(tau_of(0.25, PH_SAMPLER_LUMPED_BLOCK_GIBBS, (ph_order_t)order), 3.5,
                                1e-12);
        ck_assert_double_eq_tol(tau_of(1.0, PH_SAMPLER_GLAUBER, (ph_order_t)order),
                                order == PH_ORDER_RANDOM ? 0.5 / tanh(0.5) : 0.5, 1e-9);
        ck_assert(isnan(tau_of((double)NAN, PH_SAMPLER_GLAUBER, (ph_order_t)order)));
        for (int s = 0; s < PH_SAMPLER_COUNT; s++)
            ck_assert_int_eq(isfinite(tau_of(0.5, (ph_sampler_id_t)s, (ph_order_t)order)),
                             s == PH_SAMPLER_GLAUBER || s == PH_SAMPLER_METROPOLIS ||
                                 s == PH_SAMPLER_BLOCK_GIBBS || s == PH_SAMPLER_LUMPED_BLOCK_GIBBS);
        ck_assert_double_eq_tol(tau_of(0.5, PH_SAMPLER_METROPOLIS, (ph_order_t)order), 1.5, 1e-15);
    }
}
END_TEST

static ph_slowest_t slowest_of(const char *network, const char *noise, const char *start)
{
    char text[512];
    ph_grid_t grid;
    ph_slowest_t found;
    snprintf(text, sizeof(text),
             "network: { %s }\nnoise: %s\ndynamics: { start: %s, sweeps: 9 }\n"
             "ensemble: { samples: 1, replicas: 1 }\n",
             network, noise, start);
    parse(&grid, text);
    ck_assert_int_eq(ph_slowest(&found, &grid.points[0], grid.average), PH_OK);
    ph_grid_free(&grid);
    return found;
}

/* Above the onset the rate is 1 - 1/T; the rest is what it says of it. */
START_TEST(kinds)
{
    static const char *const pure = "neurons: 1000, patterns: 3",
                             *const mixed = "{ kind: parallel, patterns: [1, 2, 3] }";
    ph_slowest_t found = slowest_of("neurons: 1000, patterns: 3, dilution: 0.3", "1.25", "random");
    ck_assert_int_eq(found.kind, PH_SLOWEST_ALL);
    ck_assert_double_eq_tol(found.rate, 0.2, 1e-9);
    ck_assert_int_eq(slowest_of(pure, "1.01", "random").kind, PH_SLOWEST_NEAR);
    ck_assert_int_eq(slowest_of("neurons: 10000000, patterns: 3", "1.01", "random").kind,
                     PH_SLOWEST_ALL);
    found = slowest_of(pure, "0.2", "archetype");
    ck_assert_int_eq(found.kind, PH_SLOWEST_WELL);
    ck_assert_double_gt(found.rate, 0.9);
    /* A start that leaves it open: the deepest, the same. */
    ck_assert_double_eq_tol(slowest_of(pure, "0.2", "random").rate, found.rate, 1e-6);
    ck_assert_int_eq(slowest_of(pure, "0.2", "random").kind, PH_SLOWEST_WELL);
    ck_assert_int_eq(slowest_of(pure, "0.2", mixed).kind, PH_SLOWEST_COEXISTING);
    /* A lonely pattern has no state of another kind. */
    ck_assert_int_eq(slowest_of("neurons: 1000, patterns: 1", "0.5", "archetype").kind,
                     PH_SLOWEST_WELL);
    found = slowest_of(pure, "0", "archetype");
    ck_assert_int_eq(found.kind, PH_SLOWEST_UNKNOWN);
    ck_assert(isnan(found.rate));
    ck_assert_int_eq(slowest_of("neurons: 1000, patterns: 13", "0.5", "archetype").kind,
                     PH_SLOWEST_UNKNOWN);
    for (int k = 0; k < PH_SLOWEST_COUNT; k++)
        ck_assert(ph_slowest_word((ph_slowest_kind_t)k)[0] != '\0' &&
                  ph_slowest_help((ph_slowest_kind_t)k)[0] != '\0');
}
END_TEST

/* Of unsupervised rules the modes along which examples part are slower than those of patterns: the
 * rate is theirs, and where they grow nothing is known. */
START_TEST(examples_apart)
{
    static const char *const text =
        "neurons: 4000, patterns: 1, dilution: 0, rule: unsupervised, examples: 10, quality: 0.15";
    ph_slowest_t found = slowest_of(text, "0.3", "archetype");
    ck_assert_int_eq(found.kind, PH_SLOWEST_WELL);
    ck_assert_double_eq_tol(found.rate, 0.1, 5e-3);
    found = slowest_of(text, "0.1", "archetype");
    ck_assert_int_eq(found.kind, PH_SLOWEST_APART);
    ck_assert(isnan(found.rate));
    /* Supervised, the same examples are one pattern. */
    found = slowest_of("neurons: 4000, patterns: 1, dilution: 0, rule: supervised, examples: 10, "
                       "quality: 0.15",
                       "0.1", "archetype");
    ck_assert_int_eq(found.kind, PH_SLOWEST_WELL);
    ck_assert_double_gt(found.rate, 0.2);
}
END_TEST

PH_TEST_MAIN("slowest", times, kinds, examples_apart)
