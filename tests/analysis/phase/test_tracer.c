/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What a curve of a diagram is watched for as it is traced, step by step, against what is known of
 * two and three stored patterns of gain 1; and where it begins, goes and ends. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "analysis/phase/phase_private.h"
#include "analysis/phase/trace_private.h"
#include "tests/analysis/phase/sums.h"
#include "tests/params/parse.h"

enum { UNKNOWNS = PH_SYSTEM_UNKNOWNS };

/* The plane: dilution from 0 to 0.9, noise from 0.05 to 1.2. */
static const double WIDTH = 0.9, LOW = 0.05, HEIGHT = 1.15;

static ph_grid_t grid;
static ph_phase_t phase;
static ph_tracer_t tracer;

/* A tracer over a square of four points, and (if asked) the states of these. */
static void begin(int patterns, bool states)
{
    char text[300];
    snprintf(text, sizeof(text),
             "network: { neurons: 60, patterns: %d, normalization: none, dilution: [0, 0.9] }\n"
             "noise: [0.05, 1.2]\ndynamics: { sweeps: 20 }\n",
             patterns);
    parse(&grid, text);
    ck_assert_int_eq(ph_phase_init(&phase, &grid), PH_OK);
    for (size_t p = 0; states && p < grid.points_count; p++)
        ck_assert_int_eq(ph_states_find(&phase.points[p], &grid.points[p], grid.average, NULL),
                         PH_OK);
    memset(&tracer, 0, sizeof(tracer));
    tracer.phase = &phase;
    ck_assert(ph_plane_init(&tracer.plane, &grid, 0, 1));
}

static void end(void)
{
    free(tracer.specials);
    free(tracer.sprouts);
    ph_phase_free(&phase);
    ph_grid_free(&grid);
}

static void put(double *z, double dilution, double noise)
{
    z[0] = dilution / WIDTH;
    z[1] = (noise - LOW) / HEIGHT;
}

static double dilution_of(const double *z)
{
    return WIDTH * z[0];
}

static double noise_of(const double *z)
{
    return LOW + HEIGHT * z[1];
}

/* A state whose block of each pattern is a digit, '-' for none. */
static void add(ph_system_t *system, const double *n, const char *blocks, double *z)
{
    ph_symmetry_t symmetry;
    for (size_t mu = 0; mu < system->patterns; mu++)
        symmetry.block[mu] = blocks[mu] == '-' ? -1 : blocks[mu] - '0';
    ph_system_add(system, n, symmetry, z);
}

/* A system of one state and the condition of one mode of it, at a place. */
static void make(ph_system_t *system, double *z, const double *n, const char *blocks, size_t a,
                 size_t b)
{
    ph_system_init(system, &tracer.plane);
    add(system, n, blocks, z);
    system->condition[system->conditions++] =
        (ph_condition_t){.kind = PH_CONDITION_MODE, .a = a, .b = b};
}

/* Onto the curve, across an axis, which then points along it. */
static void settle(ph_system_t *system, ph_stand_t *stand, size_t axis, double side)
{
    memset(stand->tangent, 0, sizeof(stand->tangent));
    stand->tangent[axis] = side;
    ck_assert_int_eq(ph_system_solve(system, stand->z, stand->tangent, 0.2), PH_OK);
}

static sums_t sums_at(const double *z, size_t patterns)
{
    return (sums_t){
        .patterns = patterns, .dilution = dilution_of(z), .gain = 1.0, .noise = noise_of(z)};
}

/* Curvature of the free energy of three patterns, of which two are equal at n, against a difference
 * of the two, or along the third. */
static double curvature(const double *z, double n, bool third)
{
    const double half = sqrt(0.5), state[] = {n, n, 0.0};
    const double apart[] = {half, -half, 0.0}, alone[] = {0.0, 0.0, 1.0};
    const sums_t sums = sums_at(z, 3);
    return sums_along(&sums, state, third ? alone : apart, 0.01, 2);
}

/* Two special points of one place are one, of the kind that comes first in the list; places are
 * within the plane, without a negative zero; there is room for as many as come. */
START_TEST(test_special)
{
    ph_event_t event = {.kind = PH_SPECIAL_MEETING, .place = {0.5, 0.25}};
    int number = -1;
    begin(1, false);
    ck_assert_int_eq(ph_tracer_special(&tracer, &event, &number), PH_OK);
    ck_assert_int_eq(number, 0);
    event = (ph_event_t){.kind = PH_SPECIAL_TRIPLE, .place = {0.5 + 5e-7, 0.25 - 5e-7}};
    ck_assert_int_eq(ph_tracer_special(&tracer, &event, &number), PH_OK);
    ck_assert(number == 0 && tracer.specials[0].kind == PH_SPECIAL_TRIPLE);
    ck_assert_double_eq(tracer.specials[0].place[0], 0.5);
    event.kind = PH_SPECIAL_CRITICAL;
    ck_assert_int_eq(ph_tracer_special(&tracer, &event, &number), PH_OK);
    ck_assert_int_eq(tracer.specials[0].kind, PH_SPECIAL_TRIPLE);
    event = (ph_event_t){.kind = PH_SPECIAL_AXIS, .place = {-1e-13, 1.0 + 1e-13}};
    ck_assert_int_eq(ph_tracer_special(&tracer, &event, &number), PH_OK);
    ck_assert_int_eq(number, 1);
    ck_assert(tracer.specials[1].place[0] == 0.0 && !signbit(tracer.specials[1].place[0]));
    ck_assert_double_eq(tracer.specials[1].place[1], 1.0);
    for (int i = 2; i < 100; i++) {
        event.place[0] = 0.01 * i;
        event.place[1] = 0.25 + 2e-6;
        ck_assert_int_eq(ph_tracer_special(&tracer, &event, &number), PH_OK);
        ck_assert_int_eq(number, i);
    }
    ck_assert_uint_eq(tracer.specials_count, 100);
    end();
}
END_TEST

/* The axis that begins without noise, whichever of the two it is. */
START_TEST(test_cold)
{
    static const struct {
        const char *noise;
        bool cold;
    } CASES[] = {{"[0, 0.5]", true}, {"[0.1, 0.5]", false}};
    for (size_t i = 0; i < 2; i++)
        for (size_t x = 0; x < 2; x++) {
            char text[200];
            snprintf(text, sizeof(text),
                     "network: { neurons: 60, patterns: 1, dilution: [0, 0.9] }\n"
                     "noise: %s\ndynamics: { sweeps: 20 }\n",
                     CASES[i].noise);
            parse(&grid, text);
            ck_assert(ph_plane_init(&tracer.plane, &grid, x, 1 - x));
            ck_assert_uint_eq(ph_tracer_cold(&tracer), CASES[i].cold ? 1 - x : 2);
            ph_grid_free(&grid);
        }
}
END_TEST

/* The line of onset, T = 1 - d, ends at the edge that it is near to and goes towards. */
START_TEST(test_edge)
{
    const double nothing[] = {0.0, 0.0};
    ph_system_t system;
    double at[UNKNOWNS];
    ph_stand_t stand = {0};
    begin(2, false);
    make(&system, stand.z, nothing, "--", 0, 0);
    put(stand.z, 0.1, 0.9);
    settle(&system, &stand, 1, 1.0);
    ck_assert(stand.tangent[0] < 0.0);
    ck_assert(ph_watch_edge(&system, &stand, at));
    ck_assert_double_eq(at[0], 0.0);
    ck_assert_double_eq_tol(noise_of(at), 1.0, 1e-12);
    settle(&system, &stand, 1, -1.0);
    ck_assert(!ph_watch_edge(&system, &stand, at)); /* the other end is far */
    put(stand.z, 0.85, 0.15);
    settle(&system, &stand, 1, -1.0);
    ck_assert(ph_watch_edge(&system, &stand, at));
    ck_assert_double_eq(at[0], 1.0);
    ck_assert_double_eq_tol(noise_of(at), 0.1, 1e-12);
    put(stand.z, 0.4, 0.6);
    settle(&system, &stand, 1, 1.0);
    ck_assert(!ph_watch_edge(&system, &stand, at));
    ph_system_free(&system);
    end();
}
END_TEST

/* Where the pure state of two patterns all but vanishes on the line on which it turns unstable:
 * that ends at d = 2/3, T = 1/3. Not the other way, nor from further off. */
START_TEST(test_fading)
{
    ph_system_t system;
    ph_event_t event;
    ph_stand_t stand = {0};
    const double amplitudes[] = {0.025, 0.035};
    begin(2, false);
    for (size_t i = 0; i < 2; i++) {
        const double n[] = {amplitudes[i], 0.0};
        put(stand.z, 2.0 / 3.0, 1.0 / 3.0);
        make(&system, stand.z, n, "0-", 1, 1);
        system.condition[1] =
            (ph_condition_t){.kind = PH_CONDITION_AMPLITUDE, .value = amplitudes[i]};
        system.conditions = 2;
        ck_assert_int_eq(ph_system_solve(&system, stand.z, NULL, 0.2), PH_OK);
        system.conditions = 1;
        settle(&system, &stand, 2, -1.0);
        ck_assert(ph_watch_fading(&system, &stand, &event) == (i == 0));
        settle(&system, &stand, 2, 1.0);
        if (i == 0) {
            ck_assert(event.kind == PH_SPECIAL_MULTICRITICAL && event.solved && !event.passes);
            ck_assert_double_eq_tol(dilution_of(event.place), 2.0 / 3.0, 1e-8);
            ck_assert_double_eq_tol(noise_of(event.place), 1.0 / 3.0, 1e-8);
        }
        ck_assert(!ph_watch_fading(&system, &stand, &event));
        ph_system_free(&system);
    }
    end();
}
END_TEST

/* A point of the line on which two equal signals of three part, at a given noise. */
static void stand_apart(ph_system_t *system, ph_stand_t *stand, double noise)
{
    const double n[] = {0.25, 0.25, 0.0};
    put(stand->z, 0.6, noise);
    make(system, stand->z, n, "00-", 0, 1);
    settle(system, stand, 1, 1.0);
    ck_assert_int_eq(ph_watch_look(&tracer, system, stand->z, false, &stand->watch), PH_OK);
}

/* Along that line the third pattern's mode begins to vanish as well: both do where the event is. */
START_TEST(test_second_mode)
{
    ph_system_t systems[2];
    ph_stand_t stands[2] = {0};
    ph_event_t event;
    begin(3, false);
    stand_apart(&systems[0], &stands[0], 0.24);
    stand_apart(&systems[1], &stands[1], 0.26);
    for (size_t k = 0; k < 2; k++) {
        ck_assert_double_eq_tol(curvature(stands[k].z, stands[k].z[2], false), 0.0, 1e-9);
        ck_assert_double_eq_tol(curvature(stands[k].z, stands[k].z[2], true),
                                stands[k].watch.least[0], 1e-9);
    }
    ck_assert(stands[0].watch.least[0] * stands[1].watch.least[0] < 0.0);
    const size_t good = stands[0].watch.least[0] > 0.0 ? 0 : 1;
    if (good == 1)
        for (size_t i = 0; i < UNKNOWNS; i++)
            stands[1].tangent[i] = -stands[1].tangent[i];
    ck_assert(!ph_watch_compare(&systems[good], &stands[good], &stands[good], &event));
    ck_assert(ph_watch_compare(&systems[good], &stands[good], &stands[1 - good], &event));
    ck_assert(event.kind == PH_SPECIAL_MULTICRITICAL && event.solved && event.clear);
    ck_assert(!event.passes && event.system.conditions == 2);
    ck_assert_double_eq_tol(curvature(event.z, event.z[2], false), 0.0, 1e-9);
    ck_assert_double_eq_tol(curvature(event.z, event.z[2], true), 0.0, 1e-9);
    for (size_t k = 0; k < 2; k++)
        ph_system_free(&systems[k]);
    end();
}
END_TEST

/* The line on which a third pattern is retrieved beside two begins to do so with a jump: the event
 * is where, at its third pattern pushed by s and the two settled, the energy's fourth derivative
 * vanishes, as the second does. */
START_TEST(test_jump)
{
    const double n[] = {0.2, 0.2, 0.0}, h = 0.02;
    ph_system_t system;
    ph_stand_t stands[2] = {0};
    ph_event_t event;
    double values[2 * SUMS_REACH + 1];
    begin(3, false);
    for (size_t k = 0; k < 2; k++) {
        put(stands[k].z, k == 0 ? 0.652 : 0.635, 0.32);
        system.conditions = 0;
        make(&system, stands[k].z, n, "00-", 2, 2);
        settle(&system, &stands[k], 0, -1.0);
        ck_assert_int_eq(ph_watch_look(&tracer, &system, stands[k].z, false, &stands[k].watch),
                         PH_OK);
        ck_assert(stands[k].watch.jumps == (stands[k].watch.turn < 0.0));
        ph_system_free(&system);
    }
    ck_assert(stands[0].watch.jumps != stands[1].watch.jumps);
    ck_assert(ph_watch_compare(&system, &stands[0], &stands[1], &event));
    ck_assert(event.kind == PH_SPECIAL_TRICRITICAL && event.solved && event.passes);
    const sums_t sums = sums_at(event.z, 3);
    for (int k = -SUMS_REACH; k <= SUMS_REACH; k++) {
        double own[] = {event.z[2], event.z[2], k * h};
        for (int step = 0; step < 800; step++) {
            sums_map(&sums, own, own);
            own[2] = k * h;
        }
        values[SUMS_REACH + k] = sums_energy(&sums, own);
    }
    ck_assert_double_eq_tol(sums_derivative(values, h, 2), 0.0, 1e-7);
    ck_assert_double_eq_tol(sums_derivative(values, h, 4), 0.0, 2e-3);
    end();
}
END_TEST

/* A curve by hand: the line of onset, from d = 0.1 to 0.5. */
static void lay_onset(ph_locus_t *locus)
{
    static double kept[5][UNKNOWNS];
    const double nothing[] = {0.0, 0.0};
    *locus = (ph_locus_t){.kind = PH_BOUNDARY_CONTINUOUS, .ground = true, .count = 5, .z = kept};
    locus->ends[0] = locus->ends[1] = -1;
    make(&locus->system, kept[0], nothing, "--", 0, 0);
    for (int i = 0; i < 5; i++)
        put(kept[i], 0.1 + 0.1 * i, 0.9 - 0.1 * i);
    tracer.loci = locus;
    tracer.count = 1;
}

/* What a curve goes through already is not begun again; beside it, beyond its ends, and of another
 * question it is. */
START_TEST(test_push)
{
    static const struct {
        double dilution, noise;
        bool fresh;
    } PLACES[] = {{0.1, 0.9, false},  {0.25, 0.75, false}, {0.4999, 0.5001, false},
                  {0.52, 0.48, true}, {0.25, 0.752, true}, {0.09, 0.91, true}};
    const double n[] = {0.4, 0.0};
    ph_locus_t locus;
    ph_sprout_t sprout = {.special = -1};
    size_t pushed = 0;
    begin(2, false);
    lay_onset(&locus);
    for (size_t i = 0; i < sizeof(PLACES) / sizeof(PLACES[0]); i++) {
        sprout.system = locus.system;
        put(sprout.z, PLACES[i].dilution, PLACES[i].noise);
        ck_assert_int_eq(ph_tracer_push(&tracer, &sprout), PH_OK);
        pushed += PLACES[i].fresh;
        ck_assert_uint_eq(tracer.sprouts_count, pushed);
    }
    put(sprout.z, 0.25, 0.75);
    sprout.system.condition[0].kind = PH_CONDITION_NAME;
    ck_assert_int_eq(ph_tracer_push(&tracer, &sprout), PH_OK);
    ck_assert_uint_eq(tracer.sprouts_count, pushed + 1);
    make(&sprout.system, sprout.z, n, "0-", 1, 1);
    ck_assert_int_eq(ph_tracer_push(&tracer, &sprout), PH_OK);
    ck_assert_uint_eq(tracer.sprouts_count, pushed + 2);
    end();
}
END_TEST

/* Of two states that cross, either may come first; with other overlaps it is another crossing. */
START_TEST(test_push_crossing)
{
    const double pure[] = {0.8, 0.0}, both[] = {0.5, 0.5}, other[] = {0.6, 0.6};
    static double kept[2][UNKNOWNS];
    ph_locus_t locus = {.kind = PH_BOUNDARY_CROSSING, .count = 2, .z = kept};
    begin(2, false);
    ph_system_init(&locus.system, &tracer.plane);
    for (int i = 0; i < 2; i++) {
        put(kept[i], 0.2 + 0.2 * i, 0.3);
        locus.system.states = 0;
        add(&locus.system, pure, "0-", kept[i]);
        add(&locus.system, both, "00", kept[i]);
    }
    locus.system.condition[locus.system.conditions++] =
        (ph_condition_t){.kind = PH_CONDITION_CROSSING, .state = 0, .other = 1};
    tracer.loci = &locus;
    tracer.count = 1;
    for (int k = 0; k < 3; k++) {
        ph_sprout_t sprout = {.special = -1, .system = locus.system};
        put(sprout.z, 0.3, 0.3);
        sprout.system.states = 0;
        add(&sprout.system, k == 0 ? pure : both, k == 0 ? "0-" : "00", sprout.z);
        add(&sprout.system, k == 0 ? both : k == 1 ? pure : other, k == 1 ? "0-" : "00", sprout.z);
        ck_assert_int_eq(ph_tracer_push(&tracer, &sprout), PH_OK);
        ck_assert_uint_eq(tracer.sprouts_count, k < 2 ? 0 : 1);
    }
    end();
}
END_TEST

static void check_label(const ph_locus_t *locus, ph_class_id_t left, ph_class_id_t right)
{
    ph_label_t labels[2];
    ck_assert_int_eq(ph_tracer_label(locus, &labels[0], &labels[1]), PH_OK);
    ck_assert(labels[0].id == left && labels[1].id == right);
}

/* Left of the line of onset, as the dilution falls, are its pure states, right of it is none; the
 * other way round the other way round. */
START_TEST(test_label)
{
    ph_locus_t locus;
    begin(2, false);
    lay_onset(&locus);
    check_label(&locus, PH_CLASS_PARAMAGNETIC, PH_CLASS_PURE);
    for (int i = 0; i < 5; i++)
        put(locus.z[i], 0.5 - 0.1 * i, 0.5 + 0.1 * i);
    check_label(&locus, PH_CLASS_PURE, PH_CLASS_PARAMAGNETIC);
    end();
}
END_TEST

/* Of the states of one place one is lower than all others, by their energies as sums. */
START_TEST(test_lowest)
{
    static const struct {
        double start[2];
        const char *blocks;
    } STATES[] = {{{0.9, 0.0}, "0-"}, {{0.0, 0.0}, "--"}, {{0.5, 0.5}, "00"}, {{0.8, 0.2}, "01"}};
    enum { COUNT = sizeof(STATES) / sizeof(STATES[0]) };
    static const double PLACES[][2] = {{0.2, 0.6}, {0.3, 0.3}, {0.75, 0.15}, {0.4, 0.8}};
    begin(2, false);
    for (size_t p = 0; p < sizeof(PLACES) / sizeof(PLACES[0]); p++) {
        double energies[COUNT], best = INFINITY, z[COUNT][UNKNOWNS] = {{0}};
        ph_system_t systems[COUNT];
        for (size_t i = 0; i < COUNT; i++) {
            double n[2] = {STATES[i].start[0], STATES[i].start[1]};
            put(z[i], PLACES[p][0], PLACES[p][1]);
            const sums_t sums = sums_at(z[i], 2);
            sums_settle(&sums, n);
            energies[i] = sums_energy(&sums, n);
            best = fmin(best, energies[i]);
            ph_system_init(&systems[i], &tracer.plane);
            add(&systems[i], n, STATES[i].blocks, z[i]);
        }
        for (size_t i = 0; i < COUNT; i++) {
            bool lowest;
            ck_assert_int_eq(ph_tracer_lowest(&tracer, &systems[i], z[i], &lowest), PH_OK);
            ck_assert(lowest == (energies[i] < best + 1e-12));
        }
    }
    end();
}
END_TEST

/* Traced both ways from its middle the line of onset goes to the two edges of the plane, and is
 * T = 1 - d all along. */
START_TEST(test_follow)
{
    const double nothing[] = {0.0, 0.0};
    begin(2, true);
    for (int side = -1; side <= 1; side += 2) {
        ph_sprout_t sprout = {.special = -1};
        put(sprout.z, 0.4, 0.6);
        make(&sprout.system, sprout.z, nothing, "--", 0, 0);
        sprout.tangent[0] = 1.0;
        ck_assert_int_eq(ph_system_solve(&sprout.system, sprout.z, sprout.tangent, 0.1), PH_OK);
        ph_system_free(&sprout.system);
        ph_locus_t locus = {.system = ph_system_copy(&sprout.system)};
        ck_assert_int_eq(ph_tracer_follow(&tracer, &sprout, side, &locus), PH_OK);
        ck_assert(locus.kind == PH_BOUNDARY_CONTINUOUS && locus.ground && !locus.closed);
        ck_assert_uint_ge(locus.count, 20);
        for (size_t i = 0; i < locus.count; i++) {
            ck_assert_double_eq_tol(dilution_of(locus.z[i]) + noise_of(locus.z[i]), 1.0, 1e-11);
            ck_assert(i == 0 || (locus.z[i][0] - locus.z[i - 1][0]) * side >= 0.0);
        }
        ck_assert_double_eq(locus.z[locus.count - 1][0], side < 0 ? 0.0 : 1.0);
        ck_assert_int_eq(locus.ends[0], -1);
        ck_assert_int_eq(tracer.specials[locus.ends[1]].kind, PH_SPECIAL_AXIS);
        free(locus.z);
    }
    ck_assert(tracer.specials_count == 2 && tracer.open == 0);
    end();
}
END_TEST

/* Where two modes of two equal signals vanish at once, lines of each leave both ways, those on
 * which no other state is lower: each solves one condition, a little aside. */
START_TEST(test_branch)
{
    const double n[] = {0.3, 0.3, 0.0};
    ph_event_t event = {0};
    begin(3, false);
    put(event.z, 0.62, 0.25);
    make(&event.system, event.z, n, "00-", 0, 1);
    event.system.condition[event.system.conditions++] =
        (ph_condition_t){.kind = PH_CONDITION_MODE, .a = 2, .b = 2};
    ck_assert_int_eq(ph_system_solve(&event.system, event.z, NULL, 0.3), PH_OK);
    ph_system_free(&event.system);
    ck_assert_int_eq(ph_tracer_branch(&tracer, &event, 7), PH_OK);
    ck_assert_uint_ge(tracer.sprouts_count, 1);
    for (size_t i = 0; i < tracer.sprouts_count; i++) {
        const ph_sprout_t *own = &tracer.sprouts[i];
        const double apart = hypot(own->z[0] - event.z[0], own->z[1] - event.z[1]);
        const bool third = own->system.condition[0].a == 2;
        ck_assert(own->special == 7 && own->branch && own->system.conditions == 1);
        ck_assert(apart > 1e-3 && apart < 0.02);
        ck_assert_double_eq_tol(curvature(own->z, own->z[2], third), 0.0, 1e-9);
        ck_assert_double_gt(curvature(own->z, own->z[2], !third), 0.0);
    }
    end();
}
END_TEST

/* A boundary of a state that is at neither end of its way begins no curve, whatever its kind, and
 * leaves nothing to be freed. */
START_TEST(test_no_seed)
{
    begin(2, true);
    const ph_states_t none = {.patterns = 2, .ground = 0};
    ph_way_t way = {.states = {&phase.points[1], &phase.points[3]}, .along = 0, .length = 1.0};
    ck_assert_int_eq(ph_path_init(&way.path, &grid.points[1], &grid.points[3], grid.average),
                     PH_OK);
    way.place[1] = 1.0;
    for (int kind = 0; kind < PH_BOUNDARY_COUNT; kind++)
        for (int change = 0; change < 2; change++) {
            const ph_boundary_t boundary = {.share = 0.5,
                                            .kind = (ph_boundary_kind_t)kind,
                                            .label = {PH_CLASS_HIERARCHICAL, 2},
                                            .other = {PH_CLASS_SYMMETRIC, 2}};
            ph_sprout_t sprout;
            memset(&sprout, 0x5a, sizeof(sprout));
            const bool ground = kind == PH_BOUNDARY_CROSSOVER || kind == PH_BOUNDARY_EXAMPLES;
            if (!ground)
                way.states[0] = way.states[1] =
                    kind == PH_BOUNDARY_CROSSING ? &phase.points[1] : &none;
            ck_assert(!ph_tracer_seed(&tracer, &way, &boundary, change != 0, &sprout));
            way.states[0] = &phase.points[1];
            way.states[1] = &phase.points[3];
        }
    end();
}
END_TEST

PH_TEST_MAIN("tracer", test_special, test_cold, test_edge, test_fading, test_second_mode, test_jump,
             test_push, test_push_crossing, test_label, test_lowest, test_follow, test_branch,
             test_no_seed)
