/* SPDX-License-Identifier: GPL-3.0-or-later */
/* States of very networks: at zero noise against all configurations, above it against plain sums
 * over neurons, and what they are called. */
#include <math.h>
#include <string.h>

#include "analysis/attractors/attractors.h"
#include "analysis/attractors/map.h"
#include "analysis/attractors/naming_private.h"
#include "sim/model/sample.h"
#include "tests/params/parse.h"

enum { NEURONS = 12, ALL = 1 << NEURONS };

static ph_grid_t grid;
static ph_sample_t sample;
static ph_attractors_t found;

static void begin_sample(const char *text)
{
    memset(&found, 0, sizeof(found));
    parse(&grid, text);
    ck_assert_int_eq(ph_sample_draw(&sample, &grid.points[0], grid.seed, 0), PH_OK);
}

static void begin(const char *text)
{
    begin_sample(text);
    ck_assert_int_eq(ph_attractors_find(&found, &grid.points[0], grid.seed, 0, NULL), PH_OK);
}

static void end(void)
{
    ph_attractors_free(&found);
    ph_sample_free(&sample);
    ph_grid_free(&grid);
}

/* N times the field of every neuron, by its definition as a sum over bonds. */
static void bonds(double *j)
{
    const ph_coupling_t *c = &sample.coupling;
    for (int a = 0; a < NEURONS; a++)
        for (int b = 0; b < NEURONS; b++) {
            j[a * NEURONS + b] = 0.0;
            for (int64_t p = 0; p < c->features && a != b; p++)
                j[a * NEURONS + b] +=
                    c->weights[p] * c->phi[a * c->features + p] * c->phi[b * c->features + p];
        }
}

static double spin(unsigned state, int i)
{
    return (state >> i & 1u) != 0 ? 1.0 : -1.0;
}

typedef struct {
    double energy, least;
    int ties;
    bool minimum;
} definition_t;

static definition_t define(const double *j, unsigned state)
{
    definition_t d = {0.0, INFINITY, 0, true};
    for (int a = 0; a < NEURONS; a++) {
        double h = 0.0;
        for (int b = 0; b < NEURONS; b++)
            h += j[a * NEURONS + b] * spin(state, b);
        d.energy -= 0.5 * spin(state, a) * h / (NEURONS * NEURONS);
        if (!(sample.coupling.self[a] > 0.0))
            continue;
        const double stay = spin(state, a) * h / NEURONS;
        d.ties += fabs(stay) < 1e-12;
        d.least = fmin(d.least, stay);
        d.minimum = d.minimum && stay > -1e-12;
    }
    return d;
}

static ph_digest_t digest_of(unsigned state)
{
    int8_t spins[NEURONS];
    int sign = 0;
    for (int i = 0; i < NEURONS; i++) {
        spins[i] = (int8_t)spin(state, i);
        if (!(sample.coupling.self[i] > 0.0))
            spins[i] = 0;
        sign = sign != 0 ? sign : spins[i];
        spins[i] = (int8_t)(sign * spins[i]);
    }
    return ph_digest_bytes(spins, NEURONS);
}

/* Single flips against the field, in the order of the neurons, from every configuration. */
static unsigned descend(const double *j, unsigned state)
{
    for (bool flipped = true; flipped;) {
        flipped = false;
        for (int a = 0; a < NEURONS; a++) {
            double h = 0.0;
            for (int b = 0; b < NEURONS; b++)
                h += j[a * NEURONS + b] * spin(state, b);
            if (spin(state, a) * h < -1e-9) {
                state ^= 1u << a;
                flipped = true;
            }
        }
    }
    return state;
}

static const ph_attractor_t *look_up(ph_digest_t digest)
{
    for (size_t i = 0; i < found.count; i++)
        if (ph_digest_equal(found.states[i].spins, digest))
            return &found.states[i];
    return NULL;
}

/* Returns how many minima have wide basins. */
static size_t expect_all_minima(const char *text)
{
    static int basin[ALL];
    double j[NEURONS * NEURONS];
    size_t reported = 0, wide = 0;
    begin(text);
    bonds(j);
    memset(basin, 0, sizeof(basin));
    for (unsigned state = 0; state < ALL; state++)
        basin[descend(j, state)]++;
    bool known[ALL] = {false};
    for (unsigned state = 0; state < ALL; state++) {
        const definition_t d = define(j, state);
        const ph_attractor_t *here = look_up(digest_of(state));
        wide += d.minimum && 2 * basin[state] > ALL / 5;
        /* The random starts alone miss a basin of a tenth once in a thousand times. */
        ck_assert(here != NULL || !d.minimum || 2 * basin[state] < ALL / 10);
        if (here == NULL)
            continue;
        ck_assert(d.minimum && here->stable && here->starts > 0);
        ck_assert_int_eq(here->ties, d.ties);
        ck_assert_double_eq_tol(here->least_field, d.least, 1e-12);
        ck_assert_double_eq_tol(here->free_energy + found.shift, d.energy, 1e-12);
        reported += !known[here - found.states];
        known[here - found.states] = true;
    }
    ck_assert_uint_eq(reported, found.count);
    ck_assert_int_eq(found.ground, 0);
    int64_t starts = 0;
    for (size_t i = 0; i < found.count; i++)
        starts += found.states[i].starts;
    ck_assert_int_eq(starts, (int64_t)found.starts);
    end();
    return wide;
}

static int test_seeds(void)
{
    return test_step(2) == 1 ? 4 : 1;
}

START_TEST(minima)
{
    static const char *const NETWORKS[] = {
        "patterns: 3, dilution: 0, normalization: none",
        "patterns: 4, dilution: 0, normalization: none",
        "patterns: 3, dilution: 0.4, normalization: none",
        "patterns: 2, dilution: { each: [0.1, 0.5] }, normalization: variance",
        "patterns: 2, dilution: 0.2, rule: unsupervised, examples: 3, quality: 0.7",
        "patterns: 2, dilution: 0.2, rule: supervised, examples: 3, quality: 0.7",
    };
    char text[256];
    size_t wide = 0;
    const size_t step = (size_t)test_step(5);
    for (size_t k = 0; k < sizeof(NETWORKS) / sizeof(NETWORKS[0]); k += step)
        for (int seed = 1; seed <= test_seeds(); seed++) {
            snprintf(text, sizeof(text),
                     "seed: %d\nnetwork: { neurons: 12, %s }\nnoise: 0\ndynamics: { sweeps: 1 }\n",
                     seed, NETWORKS[k]);
            wide += expect_all_minima(text);
        }
    ck_assert_uint_ge(wide, test_seeds() == 4 ? 24 : 1); /* of 24 networks */
}
END_TEST

/* n, free energy and overlaps by sums over neurons. */
START_TEST(flow)
{
    begin("seed: 2\nnetwork: { neurons: 300, patterns: 3, dilution: 0.3 }\nnoise: 0.2\n"
          "dynamics: { sweeps: 1 }\n");
    const ph_coupling_t *c = &sample.coupling;
    size_t stable = 0;
    for (size_t i = 0; i < found.count; i++) {
        const ph_attractor_t *state = &found.states[i];
        double map[3] = {0}, m[3] = {0}, f = 0.0;
        for (int64_t a = 0; a < c->neurons; a++) {
            double h = 0.0;
            for (int p = 0; p < 3; p++)
                h += c->weights[p] * state->order[p] * c->phi[3 * a + p];
            for (int p = 0; p < 3; p++) {
                map[p] += c->phi[3 * a + p] * tanh(h / 0.2) / 300.0;
                m[p] += sample.patterns.entries[3 * a + p] * tanh(h / 0.2) / 300.0;
            }
            f -= 0.2 * log(2.0 * cosh(h / 0.2)) / 300.0;
        }
        for (int p = 0; p < 3; p++) {
            ck_assert_double_eq_tol(map[p], state->order[p], 1e-11);
            ck_assert_double_eq_tol(m[p], state->overlap[p], 1e-11);
            f += 0.5 * c->weights[p] * state->order[p] * state->order[p];
        }
        ck_assert_double_eq_tol(f, state->free_energy, 1e-12);
        ck_assert(i == 0 || found.states[i - 1].free_energy <= state->free_energy);
        ck_assert(state->stable == (state->stability > 1e-9));
        ck_assert(state->label.class != PH_ATTRACTOR_PARAMAGNETIC || !state->stable);
        stable += state->stable;
    }
    ck_assert_uint_ge(stable, 3);
    for (size_t mu = 0; mu < 3; mu++) {
        const int at = ph_attractors_of_pattern(&found, mu);
        ck_assert_int_ge(at, 0);
        ck_assert(fabs(found.states[at].recall[mu]) >= 0.9);
        ck_assert(found.of_pattern[mu] >= 0);
    }
    end();
}
END_TEST

/* What a configuration of the neurons is called. */
static void expect_name(int (*configuration)(const int8_t *row), const char *expected)
{
    ph_row_classes_t classes;
    double gains[7] = {1, 1, 1, 1, 1, 1, 1}, activity[7] = {0}, overlap[7], recall[7];
    const size_t neurons = (size_t)sample.patterns.neurons;
    const size_t patterns = (size_t)sample.patterns.patterns;
    char text[64];
    ph_attractor_label_t label;
    ck_assert_int_eq(ph_row_classes_init(&classes, &sample.coupling, &sample.patterns, NULL),
                     PH_OK);
    ph_naming_t naming = {.classes = &classes,
                          .neurons = neurons,
                          .patterns = patterns,
                          .gains = gains,
                          .activity = activity,
                          .spins = calloc(classes.count, sizeof(double)),
                          .overlap = overlap,
                          .recall = recall};
    for (size_t i = 0; i < neurons; i++) {
        const int8_t *row = sample.patterns.entries + patterns * i;
        const int s = configuration(row);
        naming.spins[classes.of[i]] +=
            (double)(classes.gauge[i] * s) / (double)classes.sizes[classes.of[i]];
        naming.square += s != 0;
        for (size_t mu = 0; mu < patterns; mu++)
            activity[mu] += row[mu] != 0;
    }
    for (size_t mu = 0; mu < patterns; mu++)
        activity[mu] /= (double)neurons;
    ph_name_state(&naming, &label);
    ph_attractor_label_text(&label, text, sizeof(text));
    ck_assert_str_eq(text, expected);
    free(naming.spins);
    ph_row_classes_free(&classes);
}

static int sign(int x)
{
    return (x > 0) - (x < 0);
}

static int nothing(const int8_t *row)
{
    (void)row;
    return 0;
}

static int minus_third(const int8_t *row)
{
    return -row[2];
}

static int majority(const int8_t *row)
{
    return sign(row[3] - row[0] + row[1]);
}

static int order(const int8_t *row)
{
    return row[1] != 0 ? -row[1] : row[3] != 0 ? row[3] : row[0];
}

static int order_of_seven(const int8_t *row)
{
    int spin = 0;
    for (int k = 7; k-- > 0 && spin == 0;)
        spin = k % 3 == 0 ? -row[k] : row[k];
    return spin;
}

static int product(const int8_t *row)
{
    return row[0] * row[1] * row[2] * row[3];
}

START_TEST(names)
{
    begin_sample("network: { neurons: 4000, patterns: 4, dilution: 0 }\nnoise: 2\n"
                 "dynamics: { sweeps: 1 }\n");
    expect_name(nothing, "paramagnetic");
    expect_name(minus_third, "pattern 3");
    expect_name(product, "spurious");
    end();
    begin_sample("network: { neurons: 4000, patterns: 4, dilution: 0.3 }\nnoise: 2\n"
                 "dynamics: { sweeps: 1 }\n");
    expect_name(minus_third, "pattern 3");
    expect_name(order, "hierarchical 2,-4,-1");
    expect_name(product, "spurious");
    end();
    begin("network: { neurons: 60, patterns: 2, dilution: 0 }\nnoise: 2\n"
          "dynamics: { sweeps: 1 }\n");
    ck_assert_uint_eq(found.count, 1);
    ck_assert_int_eq(found.states[0].label.class, PH_ATTRACTOR_PARAMAGNETIC);
    ck_assert(found.states[0].stable);
    end();
}
END_TEST

/* A majority's members come by strength, which chance decides: their set and signs count. */
START_TEST(majorities)
{
    static const char *const WORDS[2] = {"mixture", "parallel"};
    for (int blank = 0; blank < 2; blank++) {
        begin_sample(blank == 0
                         ? "network: { neurons: 4001, patterns: 4, dilution: 0 }\nnoise: 2\n"
                           "dynamics: { sweeps: 1 }\n"
                         : "network: { neurons: 4001, patterns: 4, dilution: 0.3 }\nnoise: 2\n"
                           "dynamics: { sweeps: 1 }\n");
        static const int ORDERS[6][3] = {{4, -1, 2}, {4, 2, -1}, {-1, 4, 2},
                                         {-1, 2, 4}, {2, 4, -1}, {2, -1, 4}};
        double m[4] = {0};
        for (size_t i = 0; i < 4001; i++)
            for (size_t mu = 0; mu < 4; mu++)
                m[mu] +=
                    sample.patterns.entries[4 * i + mu] * majority(sample.patterns.entries + 4 * i);
        for (int k = 0; k < 6; k++) {
            const int *o = ORDERS[k];
            char text[64];
            const int turn = o[0] < 0 ? -1 : 1;
            if (fabs(m[abs(o[0]) - 1]) < fabs(m[abs(o[1]) - 1]) ||
                fabs(m[abs(o[1]) - 1]) < fabs(m[abs(o[2]) - 1]))
                continue;
            snprintf(text, sizeof(text), "%s %d,%d,%d", WORDS[blank], turn * o[0], turn * o[1],
                     turn * o[2]);
            expect_name(majority, text);
        }
        end();
    }
}
END_TEST

/* More than are tried in all subsets. */
START_TEST(seven)
{
    begin_sample("network: { neurons: 100000, patterns: 7, dilution: 0.8 }\nnoise: 2\n"
                 "dynamics: { sweeps: 1 }\n");
    expect_name(order_of_seven, "hierarchical 7,-6,-5,4,-3,-2,1");
    end();
}
END_TEST

START_TEST(refused)
{
    ph_report_t report;
    ph_report_init(&report);
    ph_grid_init(&grid);
    parse(&grid, "network: { neurons: 20, patterns: 601, dilution: 0.5 }\nnoise: [0, 0.2]\n"
                 "dynamics: { sweeps: 1 }\n");
    ck_assert_int_eq(ph_attractors_find(&found, &grid.points[0], 1, 0, &report),
                     PH_ERR_UNSUPPORTED);
    ck_assert_ptr_nonnull(strstr(report.messages[0].text, "up to 600 patterns"));
    ph_attractor_map_t map;
    ck_assert_int_eq(ph_attractor_map_solve(&map, &grid, 2, &report), PH_ERR_UNSUPPORTED);
    ph_report_free(&report);
    ph_grid_free(&grid);
}
END_TEST

PH_TEST_MAIN("attractors", minima, flow, names, majorities, seven, refused)
