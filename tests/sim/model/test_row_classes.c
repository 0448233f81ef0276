/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Classes of equal rows against all pairs of neurons, by whatever it is that tells them apart. */
#include <string.h>

#include "sim/model/row_classes.h"
#include "tests/sim/samplers/network.h"
#include "tests/testing.h"

enum { NEURONS = 300, PATTERNS = 2, EXAMPLES = 3, WIDTH_MAX = PATTERNS * EXAMPLES + PATTERNS + 1 };

static const double DILUTION[] = {0.3, 0.5}, COUNTS[] = {EXAMPLES, EXAMPLES},
                    QUALITY[] = {0.6, 0.6}, FIDELITY[] = {0.7, 1.0};

/* Storage, supervised and unsupervised, each by features, by patterns too, and by an entry more. */
enum { SOURCES = 3, CASES = 3 * SOURCES };

typedef struct {
    ph_patterns_t patterns;
    ph_coupling_t coupling;
    int8_t more[NEURONS];
    ph_row_classes_t classes;
    bool by_patterns, by_more;
} sample_t;

static void begin(sample_t *self, int number)
{
    static const ph_rule_t RULES[] = {PH_RULE_STORAGE, PH_RULE_SUPERVISED, PH_RULE_UNSUPERVISED};
    ph_point_t point = network_point(NEURONS, PATTERNS, DILUTION, 0.4);
    point.rule = RULES[number / SOURCES];
    point.examples = COUNTS;
    point.quality = QUALITY;
    point.blank_fidelity = FIDELITY;
    self->by_patterns = number % SOURCES > 0;
    self->by_more = number % SOURCES > 1;
    for (int i = 0; i < NEURONS; i++)
        self->more[i] = (int8_t)(i * i % 3 - 1);
    ck_assert_int_eq(ph_patterns_draw(&self->patterns, &point, 7, 0), PH_OK);
    ck_assert_int_eq(ph_coupling_init(&self->coupling, &point, &self->patterns), PH_OK);
    ck_assert_int_eq(ph_row_classes_init(&self->classes, &self->coupling,
                                         self->by_patterns ? &self->patterns : NULL,
                                         self->by_more ? self->more : NULL),
                     PH_OK);
}

static void end(sample_t *self)
{
    ph_row_classes_free(&self->classes);
    ck_assert(self->classes.rows == NULL && self->classes.of == NULL);
    ph_coupling_free(&self->coupling);
    ph_patterns_free(&self->patterns);
}

static size_t make_row(const sample_t *self, size_t neuron, int *row)
{
    size_t width = 0;
    for (size_t p = 0; p < (size_t)self->coupling.features; p++)
        row[width++] = self->coupling.phi[neuron * (size_t)self->coupling.features + p];
    for (size_t mu = 0; self->by_patterns && mu < PATTERNS; mu++)
        row[width++] = self->patterns.entries[neuron * PATTERNS + mu];
    if (self->by_more)
        row[width++] = self->more[neuron];
    return width;
}

/* Whether the rows of two neurons are the same or opposite. */
static bool alike(const sample_t *self, size_t i, size_t j)
{
    int a[WIDTH_MAX], b[WIDTH_MAX];
    size_t width = make_row(self, i, a), same = 0, opposite = 0;
    make_row(self, j, b);
    for (size_t k = 0; k < width; k++) {
        same += a[k] == b[k];
        opposite += a[k] == -b[k];
    }
    return same == width || opposite == width;
}

START_TEST(classes_of_neurons)
{
    sample_t sample;
    begin(&sample, _i);
    const ph_row_classes_t *classes = &sample.classes;
    int64_t sizes[NEURONS] = {0};
    size_t met = 0;
    for (size_t i = 0; i < NEURONS; i++) {
        int row[WIDTH_MAX], first = 0;
        const size_t c = classes->of[i];
        ck_assert_uint_eq(make_row(&sample, i, row), classes->width);
        ck_assert_uint_le(c, met); /* by their first neurons */
        met += c == met;
        sizes[c]++;
        for (size_t k = 0; k < classes->width; k++) {
            const int entry = ph_row_classes_row(classes, c)[k];
            first = first == 0 ? entry : first;
            ck_assert_int_eq(entry * classes->gauge[i], row[k]);
        }
        ck_assert_int_ge(first, 0);
        for (size_t j = 0; j < i; j++)
            ck_assert_int_eq(classes->of[j] == c, alike(&sample, i, j));
    }
    ck_assert_uint_eq(met, classes->count);
    ck_assert_mem_eq(classes->sizes, sizes, met * sizeof(*sizes));
    ck_assert(_i < CASES - 1 || met > 64); /* the table has grown twice */
    end(&sample);
}
END_TEST

/* Class after class, +1 before -1, else as they stand; every neuron once. */
START_TEST(order_of_neurons)
{
    sample_t sample;
    begin(&sample, _i);
    const ph_row_classes_t *classes = &sample.classes;
    uint32_t *order = ph_row_classes_order(classes, NEURONS);
    ck_assert_ptr_nonnull(order);
    for (size_t k = 1; k < NEURONS; k++) {
        const uint32_t i = order[k - 1], j = order[k];
        const int64_t left = 2 * (int64_t)classes->of[i] + (classes->gauge[i] < 0);
        const int64_t right = 2 * (int64_t)classes->of[j] + (classes->gauge[j] < 0);
        ck_assert(left < right || (left == right && i < j));
    }
    free(order);
    end(&sample);
}
END_TEST

/* Ranks are the places of rows in their order, and the same when the neurons stand backwards. */
START_TEST(ranks_of_classes)
{
    sample_t sample;
    ph_row_classes_t backwards;
    begin(&sample, _i);
    const size_t features = (size_t)sample.coupling.features;
    const ph_row_classes_t *classes = &sample.classes;
    uint32_t *ranks = ph_row_classes_ranks(classes);
    ck_assert_ptr_nonnull(ranks);
    for (size_t a = 0; a < classes->count; a++)
        for (size_t b = 0; b < a; b++)
            ck_assert_int_eq(ranks[a] > ranks[b],
                             memcmp(ph_row_classes_row(classes, a), ph_row_classes_row(classes, b),
                                    classes->width * sizeof(int16_t)) > 0);
    for (size_t i = 0, j = NEURONS - 1; i < j; i++, j--) {
        int16_t phi[WIDTH_MAX], *one = sample.coupling.phi + i * features,
                                *other = sample.coupling.phi + j * features;
        int8_t xi[PATTERNS], *mine = sample.patterns.entries + i * PATTERNS,
                             *its = sample.patterns.entries + j * PATTERNS, more = sample.more[i];
        memcpy(phi, one, features * sizeof(*phi));
        memcpy(one, other, features * sizeof(*phi));
        memcpy(other, phi, features * sizeof(*phi));
        memcpy(xi, mine, PATTERNS);
        memcpy(mine, its, PATTERNS);
        memcpy(its, xi, PATTERNS);
        sample.more[i] = sample.more[j];
        sample.more[j] = more;
    }
    ck_assert_int_eq(ph_row_classes_init(&backwards, &sample.coupling,
                                         sample.by_patterns ? &sample.patterns : NULL,
                                         sample.by_more ? sample.more : NULL),
                     PH_OK);
    uint32_t *again = ph_row_classes_ranks(&backwards);
    ck_assert_ptr_nonnull(again);
    for (size_t i = 0; i < NEURONS; i++)
        ck_assert_uint_eq(ranks[classes->of[i]], again[backwards.of[NEURONS - 1 - i]]);
    free(again);
    free(ranks);
    ph_row_classes_free(&backwards);
    end(&sample);
}
END_TEST

PH_TEST_PROGRAM("row_classes")
{
    TCase *tcase = tcase_create("row_classes");
    tcase_add_loop_test(tcase, classes_of_neurons, 0, CASES);
    tcase_add_loop_test(tcase, order_of_neurons, 0, CASES);
    tcase_add_loop_test(tcase, ranks_of_classes, 0, CASES);
    return test_run("row_classes", tcase);
}
