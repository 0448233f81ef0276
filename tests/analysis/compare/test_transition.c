/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Where the state of a start becomes another: at the onset of order, where a component of the
 * hierarchy sets in, at a spinodal; and nothing where nothing is near. */
#include <math.h>

#include "analysis/compare/transition.h"
#include "analysis/compare/wells.h"
#include "tests/analysis/network.h"
#include "tests/testing.h"

static double find(const ph_point_t *point)
{
    ph_population_t population;
    double noise;
    ck_assert_int_eq(ph_population_init(&population, point, PH_AVERAGE_AUTO), PH_OK);
    ck_assert_int_eq(ph_transition_find(&population.problem, &population.start, &noise), PH_OK);
    ph_population_free(&population);
    return noise;
}

/* g (1 - d) of the first pattern. */
static double onset_of(const ph_point_t *point)
{
    ph_meanfield_t problem;
    network_population(&problem, point);
    const double onset = problem.weights[0] * (1.0 - point->dilution[0]);
    ph_meanfield_free(&problem);
    return onset;
}

/* One pattern orders at T = g (1 - d), from either side. */
START_TEST(test_onset)
{
    static const double dilutions[] = {0.0, 0.3}, shares[] = {0.8, 0.95, 0.999, 1.04, 1.2};
    for (int i = 0; i < 2; i++)
        for (int k = 0; k < 5; k++) {
            ph_point_t point = network_uniform(1000, 1, dilutions[i], 1.0);
            point.start = PH_START_ARCHETYPE;
            const double onset = onset_of(&point);
            point.noise = shares[k] * onset;
            ck_assert_double_eq_tol(find(&point) / onset, 1.0, 1e-4);
        }
    ph_point_t cold = network_uniform(1000, 1, 0.3, 0.2);
    cold.start = PH_START_ARCHETYPE;
    ck_assert_double_eq(find(&cold), 0.0);
}
END_TEST

/* The state of a start, solved anew at a share of the noise. */
static void solve_at(ph_point_t point, double noise, ph_state_t *state)
{
    point.noise = noise;
    network_solve(state, &point);
}

/* Three patterns: what is found lies where the hierarchy, solved anew on either side, changes by
 * more than a ten thousandth of the noise can. */
START_TEST(test_hierarchy)
{
    size_t seen = 0;
    for (double noise = 0.1; noise < 0.65; noise += 0.05) {
        ph_point_t point = network_uniform(1000, 3, 0.3, noise);
        point.start = PH_START_HIERARCHICAL;
        const double found = find(&point);
        ph_state_t below, above;
        if (found == 0.0)
            continue;
        solve_at(point, found * (1.0 - 1e-3), &below);
        solve_at(point, found * (1.0 + 1e-3), &above);
        double most = 0.0;
        for (size_t mu = 0; mu < 3; mu++)
            most = fmax(most, fabs(below.m[mu] - above.m[mu]));
        ck_assert_msg(most > 0.01, "T = %g: %g, and m moves by %g", noise, found, most);
        ck_assert_double_lt(fabs(found / noise - 1.0), 0.4);
        ph_state_free(&below);
        ph_state_free(&above);
        seen++;
    }
    ck_assert_uint_ge(seen, 2);
}
END_TEST

PH_TEST_MAIN("compare_transition", test_onset, test_hierarchy)
