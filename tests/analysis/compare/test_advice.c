/* SPDX-License-Identifier: GPL-3.0-or-later */

/* How much more would decide a point: who does as told is decided, and less would not do. */
#include <math.h>
#include <string.h>

#include "analysis/compare/advice.h"
#include "analysis/estimate/statistics.h"
#include "tests/analysis/compare/forged.h"

static const char GRID[] = "network: { neurons: 10000, patterns: 1, dilution: 0.3 }\n"
                           "noise: 0.5\n"
                           "dynamics: { start: archetype, sweeps: 399, burn_in: 300 }\n"
                           "ensemble: { samples: 2, replicas: 8, lanes: 4 }\n";

static void check_of(ph_advice_t advice, ph_reason_t reason, bool given, const char *text)
{
    char found[256];
    ph_advice_text(&advice, reason, given, found, sizeof(found));
    ck_assert_str_eq(found, text);
}

static void check_text(ph_advice_t advice, ph_reason_t reason, const char *text)
{
    check_of(advice, reason, false, text);
}

/* Two digits, rounded up; no number where none is known, or where it would be silly. */
START_TEST(test_words)
{
    check_text((ph_advice_t){.burn_in = 396.2}, PH_REASON_TRANSIENT, "burn in 400 sweeps more");
    check_text((ph_advice_t){.burn_in = 0.3}, PH_REASON_TRANSIENT, "burn in 1 sweep more");
    check_text((ph_advice_t){.burn_in = 1e12}, PH_REASON_TRANSIENT,
               "burn in more than 10^6 sweeps more");
    check_text((ph_advice_t){.burn_in = INFINITY}, PH_REASON_TRANSIENT,
               "burn in more than 10^6 sweeps more");
    check_text((ph_advice_t){0}, PH_REASON_TRANSIENT, "a larger dynamics.burn_in");
    check_text((ph_advice_t){.replicas = 64}, PH_REASON_FEW, "64 replicas more");
    check_text((ph_advice_t){.replicas = 8, .sweeps = 1234}, PH_REASON_SHORT,
               "8 replicas more or 1300 sweeps more");
    check_text((ph_advice_t){.burn_in = 20, .sweeps = 99.5}, PH_REASON_UNEQUILIBRATED,
               "burn in 20 sweeps more, and then 100 sweeps more");
    check_text((ph_advice_t){.burn_in = 111, .sweeps = 222}, PH_REASON_TRANSITION,
               "burn in 120 sweeps more, and then 230 sweeps more, or more neurons");
    check_text((ph_advice_t){0}, PH_REASON_TRANSITION, "more neurons, or another point");
    check_text((ph_advice_t){.transition = 0.70003}, PH_REASON_TRANSITION,
               "it is at T = 0.7: more neurons, or another point");
    ph_advice_t two = {0};
    ph_advice_add(&two, &(ph_advice_t){.transition = 0.7});
    ph_advice_add(&two, &(ph_advice_t){.burn_in = 20});
    ph_advice_add(&two, &(ph_advice_t){.transition = 0.641});
    check_text(two, PH_REASON_TRANSITION,
               "they are at T = 0.641 to 0.7: burn in 20 sweeps more, or more neurons");
    for (int r = PH_REASON_NONE + 1; r < PH_REASON_COUNT; r++) {
        char text[256];
        ph_advice_text(&(ph_advice_t){0}, (ph_reason_t)r, false, text, sizeof(text));
        ck_assert_uint_gt(strlen(text), 5);
    }
}
END_TEST

/* Beside a transition that no length of chains mends, what else has to change; of given patterns
 * there are no more neurons to be had, whatever the reason. */
START_TEST(test_elsewhere)
{
    const ph_advice_t longer = {.burn_in = 20.0, .elsewhere = 1, .transition = 0.7};
    ph_advice_t two = {.elsewhere = 1};
    check_text(longer, PH_REASON_TRANSITION,
               "it is at T = 0.7: more neurons, or another point; besides, burn in 20 sweeps more");
    check_of(longer, PH_REASON_TRANSITION, true,
             "it is at T = 0.7: another noise, or fewer patterns; besides, burn in 20 sweeps more");
    check_text(
        longer, PH_REASON_TRANSIENT,
        "burn in 20 sweeps more; and near a transition, at T = 0.7: more neurons, or another "
        "point");
    check_text(
        (ph_advice_t){.elsewhere = 1}, PH_REASON_SHORT,
        "16 replicas, or more sweeps; and near a transition: more neurons, or another point");
    ph_advice_add(&two, &(ph_advice_t){.elsewhere = 1, .sweeps = 30.0});
    ck_assert_uint_eq(two.elsewhere, 2);
    check_of((ph_advice_t){.burn_in = 111.0, .sweeps = 222.0}, PH_REASON_TRANSITION, true,
             "burn in 120 sweeps more, and then 230 sweeps more, or another noise");
    for (int r = PH_REASON_NONE + 1; r < PH_REASON_COUNT; r++) {
        char text[256];
        ph_advice_text(&two, (ph_reason_t)r, true, text, sizeof(text));
        ck_assert_ptr_null(strstr(text, "neurons"));
        ph_advice_text(&(ph_advice_t){0}, (ph_reason_t)r, true, text, sizeof(text));
        ck_assert_uint_gt(strlen(text), 5);
        ck_assert_ptr_null(strstr(text, "neurons"));
    }
}
END_TEST

/* Each by its law; the most that is asked for stays, and what is no number asks for nothing. */
START_TEST(test_amounts)
{
    const ph_point_t point = {.record_every = 5, .burn_in = 30, .sweeps = 100};
    ph_advice_t advice = {0};
    ph_advice_burn_in(&advice, exp(3.0), 0.5);
    ck_assert_double_eq_tol(advice.burn_in, 6.0, 1e-12);
    ph_advice_burn_in(&advice, exp(2.0), 0.5);
    ph_advice_burn_in(&advice, (double)NAN, 0.5);
    ph_advice_burn_in(&advice, 10.0, 0.0);
    ck_assert_double_eq_tol(advice.burn_in, 6.0, 1e-12);
    ph_advice_early(&advice, &point, 4.0);
    ck_assert_double_eq_tol(advice.burn_in, 20.0, 1e-12);
    /* R-hat^2 - 1 = 0.84, four times 0.21, goes as 1/n: 40 records become 160 */
    ph_advice_rhat(&advice, &point, 40.0, 40.0, sqrt(1.84));
    ck_assert_double_eq_tol(advice.sweeps, 600.0, 1e-9);
    ph_advice_rhat(&advice, &point, 1000.0, 1000.0, 1.05);
    ph_advice_rhat(&advice, &point, 1000.0, 1000.0, (double)NAN);
    ck_assert_double_eq_tol(advice.sweeps, 600.0, 1e-9);
    ph_advice_length(&advice, &point, 40.0, 199.5);
    ck_assert_double_eq_tol(advice.sweeps, 800.0, 1e-9);
    ph_advice_replicas(&advice, 8, 3, 16);
    ck_assert_double_eq(advice.replicas, 35.0);
    ph_advice_t other = {.burn_in = 7.0, .replicas = 40.0};
    ph_advice_add(&other, &advice);
    ck_assert(other.burn_in == 20.0 && other.sweeps == 800.0 && other.replicas == 40.0);
    ph_advice_keep(&other, PH_REASON_TRANSIENT, 1U << PH_REASON_TRANSIENT);
    ck_assert(other.burn_in == 20.0 && other.sweeps == 800.0 && other.replicas == 0.0);
    ph_advice_keep(&other, PH_REASON_LAW, 1U << PH_REASON_LAW | 1U << PH_REASON_SHORT);
    ck_assert(other.burn_in == 0.0 && other.sweeps == 0.0);
    /* of the later half of 40 records: 80 in all are 40 more */
    advice = (ph_advice_t){0};
    ph_advice_rhat(&advice, &point, 40.0, 20.0, sqrt(1.84));
    ck_assert_double_eq_tol(advice.sweeps, 200.0, 1e-9);
}
END_TEST

/* Where several reasons hold, what any of them asks for: burn-in of one, sweeps or replicas of
 * another; replicas do not mend R-hat. */
START_TEST(test_together)
{
    const unsigned transient = 1U << PH_REASON_TRANSIENT, few = 1U << PH_REASON_SHORT,
                   rhat = 1U << PH_REASON_UNEQUILIBRATED;
    static const ph_reason_t FIRST[] = {PH_REASON_TRANSIENT, PH_REASON_SHORT,
                                        PH_REASON_UNEQUILIBRATED};
    for (size_t f = 0; f < 3; f++)
        for (unsigned with = 0; with < 2; with++) {
            ph_advice_t advice = {.burn_in = 20.0, .sweeps = 300.0, .replicas = 8.0};
            const unsigned all = transient | few | (with ? rhat : 0U) | 1U << FIRST[f];
            ph_advice_keep(&advice, FIRST[f], all);
            ck_assert(advice.burn_in == 20.0 && advice.sweeps == 300.0);
            ck_assert_double_eq(advice.replicas, (all & rhat) != 0 ? 0.0 : 8.0);
            check_text(advice, FIRST[f],
                       (all & rhat) != 0
                           ? "burn in 20 sweeps more, and then 300 sweeps more"
                           : "burn in 20 sweeps more, and then 8 replicas more or 300 sweeps more");
        }
}
END_TEST

/* A transition among the reasons, first or not: what it asks for stays with what the others do, but
 * replicas do not mend it; where it is none of them nothing of it stays. */
START_TEST(test_transition_too)
{
    const unsigned near = 1U << PH_REASON_TRANSITION, few = 1U << PH_REASON_SHORT;
    static const ph_reason_t FIRST[] = {PH_REASON_TRANSITION, PH_REASON_SHORT, PH_REASON_UNSTABLE};
    for (size_t f = 0; f < 3; f++)
        for (unsigned with = 0; with < 2; with++) {
            ph_advice_t advice = {.burn_in = 500.0, .replicas = 8.0, .transition = 0.7};
            double slow[] = {0.01, 0.02, INFINITY}, never[] = {0.0, 0.0, INFINITY};
            const ph_point_t point = {.record_every = 1, .burn_in = 30, .sweeps = 20};
            const bool stays = FIRST[f] == PH_REASON_TRANSITION || (f == 1 && with);
            ph_advice_slow(&advice, &point, slow, 3);
            ck_assert(advice.burn_in == 500.0 && advice.elsewhere == 0); /* 470 would be enough */
            ck_assert_double_eq_tol(advice.sweeps, 980.0, 1e-9);
            ph_advice_slow(&advice, &point, never, 3);
            ck_assert_uint_eq(advice.elsewhere, 1);
            ph_advice_keep(&advice, FIRST[f], 1U << FIRST[f] | few | (with ? near : 0U));
            ck_assert_double_eq(advice.burn_in, f < 2 ? 500.0 : 0.0);
            ck_assert_double_eq(advice.sweeps, f < 2 ? 980.0 : 0.0);
            ck_assert_double_eq(advice.replicas, f == 1 && !with ? 8.0 : 0.0);
            ck_assert_double_eq(advice.transition, stays ? 0.7 : 0.0);
            ck_assert_uint_eq(advice.elsewhere, stays ? 1 : 0);
        }
}
END_TEST

/* Half of the samples are enough: of three that predict nothing yet, the faster of those that are
 * needed counts. */
START_TEST(test_slow)
{
    const ph_point_t point = {.record_every = 1, .burn_in = 30, .sweeps = 2000};
    double slow[] = {0.0, INFINITY, 0.1, 0.01}, none[] = {0.0, INFINITY, 0.0};
    ph_advice_t advice = {0};
    ph_advice_slow(&advice, &point, slow, 4);
    ck_assert_double_eq_tol(advice.burn_in, 70.0, 1e-9);
    ck_assert_double_eq(advice.sweeps, 0.0); /* 2000 are more than 20 relaxation times */
    advice = (ph_advice_t){0};
    ck_assert_uint_eq(advice.elsewhere, 0);
    ph_advice_slow(&advice, &point, none, 3);
    ck_assert(advice.burn_in == 0.0 && advice.sweeps == 0.0 && advice.elsewhere == 1);
}
END_TEST

/* What the made-up run of a grid with some numbers changed comes to; its advice. */
static ph_reason_t reason_of(const char *text, size_t sets_count, const char **sets,
                             ph_advice_t *advice)
{
    begin(text, NULL);
    ph_grid_free(&grid);
    ph_grid_init(&grid);
    ck_assert_int_eq(ph_grid_parse(&grid, text, "test", sets_count, sets, &report), PH_OK);
    ph_comparison_t found = compare(&RIGHT, NULL);
    const ph_reason_t reason = found.rows[0].reason;
    *advice = found.advice[0];
    ph_comparison_free(&found);
    end();
    return reason;
}

static ph_reason_t with(const char *text, const char *key, double value, const char *other,
                        ph_advice_t *advice)
{
    char set[64];
    snprintf(set, sizeof(set), "%s=%.0f", key, value);
    const char *sets[] = {set, other};
    return reason_of(text, 2, sets, advice);
}

/* Burn-in as told decides, and four fifths of it do not: of sums, whose burn-in is all that is
 * known. */
START_TEST(test_burn_in)
{
    static const char sums[] = "record.trajectory=false";
    ph_advice_t advice, then;
    ck_assert_int_eq(with(GRID, "dynamics.burn_in", 0.0, sums, &advice), PH_REASON_TRANSIENT);
    ck_assert(advice.burn_in > 5.0 && advice.burn_in < 100.0);
    ck_assert(advice.sweeps == 0.0 && advice.replicas == 0.0);
    ck_assert_int_eq(with(GRID, "dynamics.burn_in", ceil(advice.burn_in), sums, &then),
                     PH_REASON_NONE);
    ck_assert_double_eq(then.burn_in, 0.0);
    ck_assert_int_eq(with(GRID, "dynamics.burn_in", floor(0.8 * advice.burn_in), sums, &then),
                     PH_REASON_TRANSIENT);
}
END_TEST

/* Either more replicas or longer chains, as told, and they are no longer too short. */
START_TEST(test_short)
{
    ph_advice_t advice, then;
    ck_assert_int_eq(with(GRID, "dynamics.sweeps", 2.0, "record.trajectory=true", &advice),
                     PH_REASON_SHORT);
    ck_assert_double_eq(advice.replicas, 8.0);
    ck_assert(advice.sweeps >= 5.0 && advice.sweeps < 100.0);
    const ph_reason_t longer =
        with(GRID, "dynamics.sweeps", 2.0 + advice.sweeps, "record.trajectory=true", &then);
    ck_assert(longer != PH_REASON_SHORT);
    ck_assert_int_eq(
        with(GRID, "ensemble.replicas", 8.0 + advice.replicas, "dynamics.sweeps=2", &then),
        PH_REASON_NONE);
}
END_TEST

/* One chain of each sample: as many more as make four. */
START_TEST(test_few)
{
    ph_advice_t advice, then;
    ck_assert_int_eq(with(GRID, "ensemble.replicas", 1.0, "record.trajectory=true", &advice),
                     PH_REASON_FEW);
    ck_assert_double_eq(advice.replicas, 1.0);
    ck_assert_int_eq(with(GRID, "ensemble.replicas", 2.0, "record.trajectory=true", &then),
                     PH_REASON_NONE);
}
END_TEST

/* Near a transition, where only the sum over the well holds: chains as long as told are decided,
 * and a tenth shorter ones are not. */
START_TEST(test_near)
{
    static const char near[] = "network: { neurons: 200, patterns: 1, dilution: 0 }\n"
                               "noise: 0.96\n"
                               "dynamics: { start: archetype, sweeps: 2000, burn_in: 5 }\n"
                               "ensemble: { samples: 1, replicas: 16 }\n";
    ph_advice_t advice, then;
    ck_assert_int_eq(with(near, "dynamics.burn_in", 5.0, "dynamics.sweeps=2000", &advice),
                     PH_REASON_TRANSITION);
    ck_assert(advice.burn_in > 50.0 && advice.burn_in < 500.0);
    ck_assert_double_eq_tol(advice.transition, 1.0, 1e-4);
    ck_assert_double_eq(advice.transition_high, 0.0);
    const double enough = 5.0 + ceil(advice.burn_in);
    ck_assert_int_ne(with(near, "dynamics.burn_in", enough, "dynamics.sweeps=2000", &then),
                     PH_REASON_TRANSITION);
    ck_assert_int_eq(
        with(near, "dynamics.burn_in", floor(0.9 * enough), "dynamics.sweeps=2000", &then),
        PH_REASON_TRANSITION);
}
END_TEST

PH_TEST_MAIN("compare_advice", test_words, test_elsewhere, test_amounts, test_together,
             test_transition_too, test_slow, test_burn_in, test_short, test_few, test_near)
