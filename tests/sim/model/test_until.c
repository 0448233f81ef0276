/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The rule of dynamics.until: when it decides, by what numbers, and what it lets go on. */
#include <math.h>
#include <stdlib.h>

#include "analysis/estimate/statistics.h"
#include "sim/model/moments.h"
#include "sim/model/observables.h"
#include "sim/model/segment.h"
#include "sim/model/until.h"
#include "tests/params/parse.h"

#define GRID                                                                                       \
    "network: { neurons: 40, patterns: 2 }\nnoise: 0.5\n"                                          \
    "dynamics: { sweeps: 63, burn_in: 7, until: { error: 0.01, rhat: 1.05, sweeps_max: 500 } }\n"  \
    "ensemble: { samples: 2, replicas: 20, lanes: 8 }\n"

enum { CHAINS = 8, RECORDS = 64 };

/* Times to decide are sweeps, twice as many, ..., and the last one, each after burn-in. */
START_TEST(times_double)
{
    static const uint64_t TIMES[] = {70, 133, 259, 507};
    ph_grid_t grid;
    size_t next = 0;
    parse(&grid, GRID);
    const ph_point_t *point = &grid.points[0];
    ck_assert_uint_eq(ph_point_total(point), 507);
    ck_assert_int_eq(ph_point_records(point), 501);
    ck_assert_int_eq(ph_point_records_least(point), 64);
    for (uint64_t sweep = 0; sweep <= 600; sweep++) {
        const bool decides = next < 4 && sweep == TIMES[next];
        ck_assert_int_eq(ph_until_decides(point, sweep), decides);
        next += decides;
        ck_assert_uint_eq(ph_until_next(point, sweep), TIMES[next < 4 ? next : 3]);
    }
    ph_grid_free(&grid);
    parse_with(&grid, "network: { neurons: 40, patterns: 2 }\nnoise: 0.5\n", "sweeps=63");
    ck_assert(!ph_grid_has_until(&grid));
    ck_assert_uint_eq(ph_until_next(&grid.points[0], 0), 63);
    ck_assert(ph_until_decides(&grid.points[0], 63) && !ph_until_decides(&grid.points[0], 126));
    ph_grid_free(&grid);
}
END_TEST

/* Correlated records x[CHAINS][RECORDS]; chain c about c * apart. */
static void make_chains(double *x, double apart, double correlation)
{
    uint64_t state = 88172645463325252U;
    for (int c = 0; c < CHAINS; c++) {
        double last = 0.0;
        for (int k = 0; k < RECORDS; k++) {
            state ^= state << 13;
            state ^= state >> 7;
            state ^= state << 17;
            last = correlation * last + ((double)(state >> 11) * 0x1p-53 - 0.5);
            x[c * RECORDS + k] = 0.3 + apart * c + last;
        }
    }
}

/* The running sums of a grid's chains, with x for the second magnetization and 0 for the rest. */
static double *make_sums(const ph_grid_t *grid, const double *x, int records)
{
    const size_t width = ph_observables_total(grid, 2);
    const size_t at = ph_observable_offset(PH_OBS_MAGNETIZATION, grid, 2) + 1;
    double *sums = calloc(CHAINS * width * PH_MOMENT_WORDS, sizeof(*sums));
    ck_assert_ptr_nonnull(sums);
    for (size_t c = 0; c < CHAINS; c++)
        for (int k = 0; k < records; k++)
            for (size_t i = 0; i < width; i++)
                ph_moments_add(sums + (c * width + i) * PH_MOMENT_WORDS, (uint64_t)k,
                               i == at ? x[c * RECORDS + (size_t)k] : 0.0);
    return sums;
}

/* Squared error of the mean by the definition: the larger of that of the chains' means and, of all
 * blocks of 2^l records that a chain has 8 of, that of theirs about their chain's. */
static double squared_error(const double *x, int records, bool within_only)
{
    double mean[CHAINS], most = 0.0;
    for (int c = 0; c < CHAINS; c++) {
        mean[c] = 0.0;
        for (int k = 0; k < records; k++)
            mean[c] += x[c * RECORDS + k] / records;
    }
    if (!within_only)
        most = pow(ph_error_of_mean(mean, CHAINS), 2);
    for (int length = 1; records / length >= 8; length *= 2) {
        const int blocks = records / length;
        double sum = 0.0;
        for (int c = 0; c < CHAINS; c++) {
            double block[RECORDS] = {0};
            for (int k = 0; k < blocks * length; k++)
                block[k / length] += x[c * RECORDS + k] / length;
            sum += pow(ph_error_of_mean(block, (size_t)blocks), 2);
        }
        most = fmax(most, sum / (CHAINS * CHAINS));
    }
    return most;
}

/* Error and R-hat are those of their definitions: of the spread of chains that lie apart, of blocks
 * where records hang together, of all halves. */
START_TEST(numbers_follow_definitions)
{
    static const double APART[] = {0.0, 0.0, 0.2}, CORRELATION[] = {0.0, 0.95, 0.5};
    double x[CHAINS * RECORDS];
    ph_grid_t grid;
    parse(&grid, GRID);
    for (int i = 0; i < 3; i++) {
        make_chains(x, APART[i], CORRELATION[i]);
        double *sums = make_sums(&grid, x, RECORDS);
        const ph_until_t found = ph_until_judge(&grid, &grid.points[0], 70, CHAINS, sums);
        ck_assert_double_eq_tol(found.error, sqrt(squared_error(x, RECORDS, false)), 1e-12);
        ck_assert_double_eq_tol(found.rhat, ph_split_rhat(x, CHAINS, RECORDS), 1e-10);
        free(sums);
    }
    ck_assert(squared_error(x, RECORDS, false) > 1.5 * squared_error(x, RECORDS, true));
    make_chains(x, 0.0, 0.95); /* longer blocks count */
    ck_assert(squared_error(x, RECORDS, true) > 3.0 * squared_error(x, 15, true) * 15 / RECORDS);
    ph_grid_free(&grid);
}
END_TEST

/* A block has reached its end where both are as asked: the error with the block's share of all
 * chains, sqrt(40 / 8) of that of the point. At the cap it ends all the same, and says so. */
START_TEST(ends_by_what_is_asked)
{
    double x[CHAINS * RECORDS];
    ph_grid_t grid;
    parse(&grid, GRID);
    ph_point_t *point = &grid.points[0];
    make_chains(x, 0.02, 0.3);
    double *sums = make_sums(&grid, x, RECORDS);
    const ph_until_t found = ph_until_judge(&grid, point, 70, CHAINS, sums);
    const double share = sqrt(40.0 / CHAINS);
    ck_assert_double_eq_tol(ph_until_target(&grid, CHAINS), 0.01 * share, 1e-15);
    for (int i = 0; i < 16; i++) {
        const double error = i & 1 ? 0.999 : 1.001, rhat = i & 2 ? 0.999 : 1.001;
        grid.until.error = i & 4 ? 0.0 : found.error / share * error;
        grid.until.rhat = i & 8 ? 0.0 : found.rhat * rhat;
        const bool reached = (i & 4 || error > 1.0) && (i & 8 || rhat > 1.0);
        ck_assert_int_eq(ph_until_judge(&grid, point, 70, CHAINS, sums).end,
                         reached ? PH_UNTIL_REACHED : PH_UNTIL_GOES_ON);
        point->sweeps_end = 63; /* 70 is the end */
        ck_assert_int_eq(ph_until_judge(&grid, point, 70, CHAINS, sums).end,
                         reached ? PH_UNTIL_REACHED : PH_UNTIL_CAP);
        point->sweeps_end = 500;
    }
    free(sums);
    ph_grid_free(&grid);
}
END_TEST

/* Chains that do not move agree; too few records of a few chains tell nothing. */
START_TEST(rest_and_ignorance)
{
    double x[CHAINS * RECORDS];
    ph_grid_t grid;
    parse(&grid, GRID);
    ph_point_t *point = &grid.points[0];
    for (int k = 0; k < CHAINS * RECORDS; k++)
        x[k] = 0.7;
    double *sums = make_sums(&grid, x, RECORDS);
    ph_until_t found = ph_until_judge(&grid, point, 70, CHAINS, sums);
    ck_assert(found.error < 1e-9 && found.rhat == 1.0 && found.end == PH_UNTIL_REACHED);
    free(sums);
    point->sweeps = 6; /* 7 records */
    make_chains(x, 0.0, 0.0);
    sums = make_sums(&grid, x, 7);
    found = ph_until_judge(&grid, point, 13, CHAINS, sums);
    ck_assert(isinf(found.error) && isfinite(found.rhat) && found.end == PH_UNTIL_GOES_ON);
    point->sweeps = 2; /* 3 records */
    found = ph_until_judge(&grid, point, 9, CHAINS, sums);
    ck_assert(isinf(found.rhat));
    free(sums);
    ph_grid_free(&grid);
}
END_TEST

/* What a finished rule (left) lets another (right) take up, whose longest chains have `longest`
 * sweeps: only where the other would have let them go on at every one of its times. */
START_TEST(follows_what_is_as_strict)
{
    static const struct {
        const char *before, *now;
        uint64_t longest;
        bool follows;
    } CASES[] = {
        {"until_error=0.01", "until_error=0.01", 252, true},
        {"until_error=0.01", "until_error=0.005", 252, true},
        {"until_error=0.01", "until_error=0.02", 252, false},
        {"until_error=0.01", "until_error=0.02", 63, true}, /* nothing decided yet */
        {"until_rhat=1.05", "until_rhat=1.02", 126, true},
        {"until_rhat=1.05", "until_rhat=1.1", 126, false},
        {"until_rhat=0", "until_rhat=1.1", 126, true},
        {"until_rhat=1.1", "until_rhat=0", 126, false},
        {"until_sweeps_max=500", "until_sweeps_max=800", 500, true},
        {"until_sweeps_max=500", "until_sweeps_max=200", 126, true},
        {"until_sweeps_max=500", "until_sweeps_max=200", 252, false},
        {"sweeps=63", "sweeps=126", 252, true},
        {"sweeps=63", "sweeps=125", 252, false},
        {"sweeps=126", "sweeps=63", 252, false},
        {"samples=2", "samples=4", 126, false}, /* each block then may be less sure */
        {"samples=4", "samples=2", 126, true},
        {"replicas=20", "replicas=24", 126, false}, /* a block with other chains */
        {"until={ error: 0.01, rhat: 1.05, sweeps_max: 63 }", "sweeps=63", 64, true},
    };
    for (size_t i = 0; i < sizeof(CASES) / sizeof(CASES[0]); i++) {
        ph_grid_t before, now;
        parse_with(&before, GRID, CASES[i].before);
        parse_with(&now, GRID, CASES[i].now);
        ck_assert_msg(ph_until_follows(&now, &before, CASES[i].longest) == CASES[i].follows,
                      "%s, then %s", CASES[i].before, CASES[i].now);
        ph_grid_free(&before);
        ph_grid_free(&now);
    }
    ph_grid_t plain, now;
    parse(&plain, "network: { neurons: 40, patterns: 2 }\nnoise: 0.5\n"
                  "dynamics: { sweeps: 64, burn_in: 7 }\n");
    parse(&now, GRID);
    ck_assert(!ph_until_follows(&now, &plain, 64) && ph_until_follows(&now, &plain, 63));
    ph_grid_free(&now);
    ph_grid_free(&plain);
}
END_TEST

/* Four times the samples at half the error leave every block its share. */
START_TEST(more_chains_at_less_error)
{
    ph_grid_t before, now;
    parse(&before, GRID);
    parse_with(&now, GRID, "samples=8");
    ck_assert(!ph_until_follows(&now, &before, 126));
    now.until.error = 0.005;
    ck_assert(ph_until_follows(&now, &before, 126));
    now.until.error = 0.00501;
    ck_assert(!ph_until_follows(&now, &before, 126));
    ph_grid_free(&before);
    ph_grid_free(&now);
}
END_TEST

PH_TEST_MAIN("until", times_double, numbers_follow_definitions, ends_by_what_is_asked,
             rest_and_ignorance, follows_what_is_as_strict, more_chains_at_less_error)
