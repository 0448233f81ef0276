/* SPDX-License-Identifier: GPL-3.0-or-later */

/* A phase diagram as points, ways between them and promises, without solving anything. */
#include <math.h>
#include <string.h>

#include "analysis/phase/phase_private.h"
#include "tests/testing.h"

static ph_grid_t grid;
static ph_phase_t phase;
static ph_report_t report;

static void begin(const char *text)
{
    ph_report_init(&report);
    ph_grid_init(&grid);
    ck_assert_int_eq(ph_grid_parse(&grid, text, "test", 0, NULL, &report), PH_OK);
    ck_assert_int_eq(ph_phase_init(&phase, &grid), PH_OK);
}

static void end(void)
{
    ph_phase_free(&phase);
    ph_grid_free(&grid);
    ph_report_free(&report);
}

/* Axes: neurons 2, patterns 2, dilution 3, noise 4. */
static const char BOX[] =
    "network: { neurons: [50, 60], patterns: [1, 2], dilution: [0.1, 0.2, 0.5] }\n"
    "noise: [0.1, 0.2, 0.4, 0.8]\ndynamics: { sweeps: 20 }\n";

/* The next point along an axis is the one whose index there is one more, and no other. */
START_TEST(test_next)
{
    begin(BOX);
    ck_assert_uint_eq(grid.axes_count, 4);
    ck_assert_uint_eq(grid.points_count, 48);
    for (size_t p = 0; p < grid.points_count; p++)
        for (size_t axis = 0; axis < 4; axis++) {
            size_t here[PH_MAX_AXES], there[PH_MAX_AXES], next, found = grid.points_count;
            ph_grid_unravel(&grid, p, here);
            for (size_t q = 0; q < grid.points_count; q++) {
                ph_grid_unravel(&grid, q, there);
                bool follows = true;
                for (size_t a = 0; a < 4; a++)
                    follows = follows && there[a] == here[a] + (a == axis);
                found = follows ? q : found;
            }
            const bool way = ph_phase_next(&grid, p, axis, &next);
            ck_assert(way == (found < grid.points_count));
            ck_assert(!way || next == found);
        }
    end();
}
END_TEST

/* Places are values of the axis: at both ends those of the two points, and shares are their
 * inverse, beyond the way too. */
START_TEST(test_place)
{
    begin(BOX);
    for (size_t p = 0; p < grid.points_count; p++) {
        size_t next;
        if (!ph_phase_next(&grid, p, 3, &next)) {
            ck_assert(isnan(ph_phase_place(&grid, 3, p, 0.0)) &&
                      isnan(ph_phase_share(&grid, 3, p, 0.8)));
            continue;
        }
        ck_assert_double_eq(ph_phase_place(&grid, 3, p, 0.0), grid.points[p].noise);
        ck_assert_double_eq_tol(ph_phase_place(&grid, 3, p, 1.0), grid.points[next].noise, 1e-15);
        for (int i = -2; i <= 6; i++)
            ck_assert_double_eq_tol(
                ph_phase_share(&grid, 3, p, ph_phase_place(&grid, 3, p, 0.25 * i)), 0.25 * i,
                1e-13);
        ck_assert_double_eq_tol(ph_phase_place(&grid, 3, p, 0.5),
                                0.5 * (grid.points[p].noise + grid.points[next].noise), 1e-15);
    }
    end();
}
END_TEST

/* Ways lead along numbers of the network and the noise; an axis of one that is zipped with another
 * kind of number has none, nor has one of words or sizes. */
START_TEST(test_directions)
{
    begin(BOX);
    ck_assert_uint_eq(phase.directions_count, 2);
    ck_assert_ptr_null(ph_phase_direction(&phase, 0));
    ck_assert_ptr_null(ph_phase_direction(&phase, 1));
    for (size_t axis = 2; axis < 4; axis++) {
        const ph_direction_t *direction = ph_phase_direction(&phase, axis);
        ck_assert_ptr_nonnull(direction);
        ck_assert_uint_eq(direction->axis, axis);
        for (size_t p = 0; p < grid.points_count; p++)
            ck_assert(direction->ends[p].count == 0 && direction->changes[p].count == 0);
    }
    end();
    begin("network: { rule: supervised, neurons: 50, patterns: 1, dilution: [0.1, 0.2],\n"
          "           examples: [4, 8], quality: [0.3, 0.5], blank_fidelity: [0.5, 1] }\n"
          "noise: [0.1, 0.2]\ndynamics: { sweeps: 20 }\nzip: [[dilution, noise], [quality, "
          "examples]]\n");
    ck_assert_uint_eq(grid.axes_count, 3);
    ck_assert_uint_eq(phase.directions_count, 2);
    for (size_t a = 0; a < 3; a++)
        ck_assert((ph_phase_direction(&phase, a) != NULL) ==
                  (grid.axes[a].coordinates[0].key == PH_KEY_DILUTION ||
                   grid.axes[a].coordinates[0].key == PH_KEY_BLANK_FIDELITY));
    end();
    begin("network: { neurons: 50, patterns: 1, dilution: 0.1 }\nnoise: 0.1\n"
          "dynamics: { sweeps: 20 }\n");
    ck_assert_uint_eq(phase.directions_count, 0);
    ck_assert_ptr_null(ph_phase_direction(&phase, 0));
    end();
}
END_TEST

/* What is counted: points without states, and of those with states what is not as it should be. */
START_TEST(test_count)
{
    begin(BOX);
    for (size_t p = 0; p < grid.points_count; p++) {
        ph_states_t *states = &phase.points[p];
        states->count = p < 5 ? 0 : 1;
        states->reached = p % 7 == 0 ? -1 : 0;
        states->degree = p % 11 == 0 ? 3.0 : p % 11 == 1 ? (double)NAN : 1.0;
        states->left_out = p % 13 == 0 ? 4 : 0;
        states->doubtful = p % 17 == 3;
    }
    phase.left_out = phase.unreached = 99;
    ph_phase_count(&phase);
    ck_assert_uint_eq(phase.left_out, 5);
    ck_assert_uint_eq(phase.unreached, 6);  /* 7, 14, ..., 42; not 0 */
    ck_assert_uint_eq(phase.incomplete, 4); /* 11, ..., 44; not 0 */
    ck_assert_uint_eq(phase.truncated, 4);  /* 0, 13, 26, 39 */
    ck_assert_uint_eq(phase.doubtful, 3);   /* 3, 20, 37 */
    end();
}
END_TEST

/* One way from a point of two states to one of one, and a state of single examples at the first. */
static void whole(void)
{
    begin("network: { rule: unsupervised, neurons: 50, patterns: 2, dilution: 0.2, examples: 4,\n"
          "           quality: 0.4 }\nnoise: [0.1, 0.2]\ndynamics: { sweeps: 20 }\n");
    const ph_fixed_point_t states[] = {{.label = {PH_CLASS_HIERARCHICAL, 2},
                                        .free_energy = -0.3,
                                        .copies = 8,
                                        .magnetization = {0.7, -0.2}},
                                       {.label = {PH_CLASS_PARAMAGNETIC, 0},
                                        .free_energy = -0.1,
                                        .copies = 1,
                                        .kind = PH_STABILITY_UNSTABLE}};
    for (size_t p = 0; p < 2; p++) {
        ph_states_t *point = &phase.points[p];
        point->patterns = 2;
        point->count = 2 - p;
        point->states = malloc(sizeof(states));
        ck_assert_ptr_nonnull(point->states);
        memcpy(point->states, states, sizeof(states));
        point->degree = 1.0;
    }
    phase.examples[0] = (ph_example_state_t){
        .found = true, .single = {0.5}, .rest = {0.1}, .magnetization = {0.2}, .free_energy = -0.2};
    phase.directions[0].ends[0].count = 2;
    for (size_t i = 0; i < 2; i++)
        phase.directions[0].ends[0].items[i] = (ph_boundary_t){
            .share = 0.5 * (double)i, .label = states[0].label, .other = states[1].label};
    ck_assert_int_eq(ph_phase_check(&phase, "some.h5", &report), PH_OK);
}

/* The one complaint: with the file, the point and what is wrong. */
static void wrong(size_t point, const char *what)
{
    char start[64];
    snprintf(start, sizeof(start), "some.h5: point %zu: ", point);
    ph_report_free(&report);
    ph_report_init(&report);
    ck_assert_msg(ph_phase_check(&phase, "some.h5", &report) == PH_ERR_DAMAGED, "%s", what);
    ck_assert_uint_eq(report.count, 1);
    ck_assert_int_eq(strncmp(report.messages[0].text, start, strlen(start)), 0);
    ck_assert_msg(strstr(report.messages[0].text, what) != NULL, "\"%s\" is not \"%s\"",
                  report.messages[0].text, what);
    end();
    whole();
}

/* States: a label of more patterns than there are, numbers that no state has, an order that is
 * none; two stable states, and one that is stable but not said to be the ground state. */
START_TEST(test_states_promised)
{
    whole();
    phase.points[0].states[1].label = (ph_label_t){PH_CLASS_MIXED, 3};
    wrong(0, "label is of more patterns");
    phase.points[1].states[0].free_energy = INFINITY;
    wrong(1, "no free energy");
    phase.points[1].states[0].residual = NAN;
    wrong(1, "no residual");
    phase.points[0].states[1].copies = 1.5;
    wrong(0, "copies");
    phase.points[0].states[0].magnetization[1] = -1.1;
    wrong(0, "not within -1 and 1");
    phase.points[0].states[0].free_energy = -0.05;
    wrong(0, "do not ascend");
    phase.points[0].states[1].kind = PH_STABILITY_STABLE;
    wrong(0, "not one state is the stable one");
    phase.points[1].states[0].kind = PH_STABILITY_METASTABLE;
    wrong(1, "not one state is the stable one");
    phase.points[0].ground = 1;
    wrong(0, "not the state of kind stable");
    phase.points[1].reached = 1;
    wrong(1, "not there");
    phase.points[0].patterns = 13;
    wrong(0, "more than 12 patterns");
    phase.points[0].states[0].magnetization[0] = 1.0 + 1e-12; /* rounding is no damage */
    phase.points[0].degree = NAN;
    ck_assert_int_eq(ph_phase_check(&phase, "some.h5", &report), PH_OK);
    end();
}
END_TEST

/* States of single examples and boundaries. A share that rounding put outside the way is brought
 * back; one further out, or out of order, is damage. */
START_TEST(test_ways_promised)
{
    whole();
    ph_boundaries_t *ends = phase.directions[0].ends;
    phase.examples[0].rest[1] = NAN;
    wrong(0, "missing overlap");
    phase.examples[0].magnetization[0] = 2.0;
    wrong(0, "impossible");
    phase.examples[0].free_energy = NAN;
    wrong(0, "single examples has no free energy");
    ends = phase.directions[0].ends;
    ends[0].items[1].share = 1.1;
    wrong(0, "not between");
    ends = phase.directions[0].ends;
    ends[0].items[0].share = 0.6;
    wrong(0, "order");
    ends = phase.directions[0].ends;
    ends[0].items[1].other.count = 3;
    wrong(0, "label at a boundary");
    ends = phase.directions[0].ends;
    ends[1] = ends[0];
    wrong(1, "no way");
    phase.points[1].count = 0;
    wrong(0, "no way");
    ph_boundary_t *items = phase.directions[0].ends[0].items;
    items[0].share = -1e-12;
    items[1].share = 1.0 + 1e-12;
    ck_assert_int_eq(ph_phase_check(&phase, "some.h5", &report), PH_OK);
    ck_assert(items[0].share == 0.0 && items[1].share == 1.0);
    end();
}
END_TEST

PH_TEST_MAIN("phase_grid", test_next, test_place, test_directions, test_count, test_states_promised,
             test_ways_promised)
