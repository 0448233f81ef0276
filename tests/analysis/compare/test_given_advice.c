/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Given patterns near a transition: where it is, of samples that are different networks, and what
 * can be done of patterns whose neurons cannot be more. */
#include <math.h>
#include <string.h>
#include <unistd.h>

#include "analysis/compare/compare.h"
#include "analysis/compare/transition.h"
#include "sim/model/sample.h"
#include "sim/run/run.h"
#include "tests/testing.h"

enum { NEURONS = 100, POOL = 8, SAMPLES = 3 };

/* Eight patterns without blanks, of which the later four are like the first in four of five. */
static void write_pool(char *text)
{
    uint64_t state = 4;
    char first[POOL / 2][NEURONS];
    for (int mu = 0; mu < POOL; mu++) {
        for (int i = 0; i < NEURONS; i++) {
            state = state * 6364136223846793005ULL + 1442695040888963407ULL;
            const double u = (double)(state >> 11) * 0x1p-53;
            if (mu < POOL / 2)
                first[mu][i] = *text++ = u < 0.5 ? '+' : '-';
            else
                *text++ = (first[mu - POOL / 2][i] == '+') == (u < 0.8) ? '+' : '-';
        }
        *text++ = ' ';
    }
    *text = '\0';
}

/* The noise at which the state of the grid's start becomes another, of one sample's network. */
static double transition_of(const ph_grid_t *of, uint32_t number)
{
    const ph_point_t *point = &of->points[0];
    ph_sample_t sample = {0};
    ph_meanfield_t problem = {0};
    ph_state_t state = {0};
    double found = 0.0;
    ck_assert_int_eq(ph_sample_draw(&sample, point, of->seed, number), PH_OK);
    ck_assert_int_eq(
        ph_meanfield_init_sample(&problem, point, &sample.coupling, &sample.patterns, NULL), PH_OK);
    ck_assert_int_eq(ph_state_init(&state, problem.features, problem.patterns), PH_OK);
    ph_meanfield_start(&problem, point, state.n);
    ck_assert_int_eq(ph_meanfield_solve(&state, &problem, NULL), PH_OK);
    ck_assert_int_eq(ph_transition_find(&problem, &state, &found), PH_OK);
    ph_state_free(&state);
    ph_meanfield_free(&problem);
    ph_sample_free(&sample);
    return found;
}

static char path[64];
static ph_grid_t grid;
static ph_report_t report;

/* The run of three networks of four patterns of the pool, compared. */
static ph_comparison_t compare_at(double noise, int seed, const char *rest)
{
    char text[2048], pool[POOL * (NEURONS + 1) + 1];
    ph_run_options_t options = {.path = path, .threads = 1, .shards = 1};
    ph_run_summary_t summary;
    ph_comparison_t found;
    ph_runfile_t run;
    write_pool(pool);
    snprintf(path, sizeof(path), "/tmp/polyhebb-given-advice-XXXXXX");
    int descriptor = mkstemp(path);
    ck_assert_int_ge(descriptor, 0);
    close(descriptor);
    unlink(path);
    snprintf(text, sizeof(text),
             "network: { patterns: { given: \"%s\", choose: 4, from: random } }\n"
             "noise: %g\nseed: %d\n%s",
             pool, noise, seed, rest);
    ph_report_init(&report);
    ph_grid_init(&grid);
    ck_assert_int_eq(ph_grid_parse(&grid, text, "test", 0, NULL, &report), PH_OK);
    ck_assert_int_eq(ph_run(&grid, &options, &summary, &report), PH_OK);
    ck_assert_int_eq(ph_runfile_open(&run, path, &report), PH_OK);
    ck_assert_int_eq(ph_compare(&found, &run, NULL, PH_VIEW_PATTERNS, &report), PH_OK);
    ph_runfile_close(&run);
    return found;
}

static void end(ph_comparison_t *found)
{
    char status[80];
    ph_comparison_free(found);
    snprintf(status, sizeof(status), "%s.status", path);
    unlink(status);
    unlink(path);
    ph_grid_free(&grid);
    ph_report_free(&report);
}

static void check_text(const ph_comparison_t *found, const char *text)
{
    char said[256];
    ph_advice_text(&found->advice[0], found->rows[0].reason, true, said, sizeof(said));
    ck_assert_str_eq(said, text);
}

/* Of three networks, all near a transition, the first two have one within reach and the last has
 * none: told is the nearest, whichever sample comes last. */
START_TEST(nearest)
{
    static const char REST[] = "dynamics: { sampler: lumped-block-gibbs, start: archetype, "
                               "sweeps: 100, burn_in: 50 }\n"
                               "ensemble: { samples: 3, replicas: 4 }\n";
    ph_comparison_t found = compare_at(0.6, 37, REST);
    const double first = transition_of(&grid, 0), second = transition_of(&grid, 1);
    ck_assert_int_eq(found.rows[0].reason, PH_REASON_TRANSITION);
    ck_assert_uint_eq(found.rows[0].left_out, 3);
    ck_assert(first > second + 0.05 && second > 0.6);
    ck_assert_double_eq(transition_of(&grid, 2), 0.0);
    ck_assert_double_eq_tol(found.advice[0].transition, second, 1e-9);
    check_text(&found, "it is at T = 0.65: another noise, or fewer patterns");
    end(&found);
}
END_TEST

/* Two of three are near a transition, which no length of chains mends, and the third has records of
 * its way from the start: what would mend these is told beside it. */
START_TEST(besides)
{
    static const char REST[] = "dynamics: { sampler: lumped-block-gibbs, start: archetype, "
                               "sweeps: 40, burn_in: 0 }\nrecord: { trajectory: false }\n"
                               "ensemble: { samples: 3, replicas: 16 }\n";
    ph_comparison_t found = compare_at(0.6, 2, REST);
    ck_assert_uint_eq(found.rows[0].left_out, 2);
    ck_assert_int_eq(found.rows[0].reason, PH_REASON_TRANSITION);
    ck_assert(found.advice[0].burn_in > 5.0 && found.advice[0].burn_in < 10.0);
    check_text(&found, "it is at T = 0.654: another noise, or fewer patterns; besides, burn in 8 "
                       "sweeps more");
    end(&found);
    /* the third not of one law either, which comes first */
    found = compare_at(0.6, 31, REST);
    ck_assert_uint_eq(found.rows[0].left_out, 2);
    ck_assert_int_eq(found.rows[0].reason, PH_REASON_SHORT);
    check_text(&found, "burn in 9 sweeps more, and then 260 sweeps more; and near a transition, at "
                       "T = 0.672: another noise, or fewer patterns");
    end(&found);
}
END_TEST

PH_TEST_MAIN("compare_given_advice", nearest, besides)
