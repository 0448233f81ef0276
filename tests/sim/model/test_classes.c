/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * How many classes of neurons there are said to be: against all rows that a neuron can have, each
 * with its probability, and against the classes of samples that were drawn.
 */
#include <math.h>
#include <string.h>

#include "sim/model/row_classes.h"
#include "tests/sim/samplers/network.h"
#include "tests/testing.h"

enum { PATTERNS_MAX = 8, ENTRIES = 16, CLASSES_MAX = 4096 };

/* A network: patterns, examples of each, dilution, quality and fidelity; `ends`: some probability
 * is 0 or 1, so that fewer rows can be than at most. */
static const struct {
    ph_rule_t rule;
    int64_t patterns;
    double examples, dilution, quality, fidelity;
    bool ends;
} NETWORKS[] = {
    {PH_RULE_STORAGE, 1, 1, 0.3, 1.0, 1.0, false},
    {PH_RULE_STORAGE, 3, 1, 0.3, 1.0, 1.0, false},
    {PH_RULE_STORAGE, 3, 1, 0.9, 1.0, 1.0, false},
    {PH_RULE_STORAGE, 3, 1, 0.0, 1.0, 1.0, true},
    {PH_RULE_STORAGE, 2, 1, 1.0, 1.0, 1.0, true},
    {PH_RULE_SUPERVISED, 1, 4, 0.3, 0.6, 1.0, false},
    {PH_RULE_SUPERVISED, 2, 3, 0.3, 0.6, 1.0, false},
    {PH_RULE_SUPERVISED, 2, 3, 0.4, 0.6, 0.7, false},
    {PH_RULE_SUPERVISED, 2, 3, 0.4, 0.6, 0.0, true},
    {PH_RULE_SUPERVISED, 2, 2, 0.4, 1.0, 0.0, true},
    {PH_RULE_SUPERVISED, 3, 2, 0.0, 0.5, 1.0, true},
    {PH_RULE_UNSUPERVISED, 1, 4, 0.3, 0.6, 1.0, false},
    {PH_RULE_UNSUPERVISED, 2, 2, 0.3, 0.6, 1.0, false},
    {PH_RULE_UNSUPERVISED, 2, 3, 0.3, 0.6, 0.8, false},
    {PH_RULE_UNSUPERVISED, 2, 3, 0.3, 1.0, 0.8, true},
    {PH_RULE_UNSUPERVISED, 2, 3, 0.3, 0.6, 0.0, true},
};
enum { NETWORKS_COUNT = sizeof(NETWORKS) / sizeof(NETWORKS[0]) };

typedef struct {
    ph_point_t point;
    double dilution[PATTERNS_MAX], examples[PATTERNS_MAX], quality[PATTERNS_MAX],
        fidelity[PATTERNS_MAX];
} network_t;

static void make(network_t *self, int number, int64_t neurons)
{
    const int64_t patterns = NETWORKS[number].patterns;
    for (int64_t mu = 0; mu < patterns; mu++) {
        self->dilution[mu] = NETWORKS[number].dilution;
        self->examples[mu] = NETWORKS[number].examples;
        self->quality[mu] = NETWORKS[number].quality;
        self->fidelity[mu] = NETWORKS[number].fidelity;
    }
    self->point = network_point(neurons, patterns, self->dilution, 0.4);
    self->point.rule = NETWORKS[number].rule;
    self->point.examples = self->examples;
    self->point.quality = self->quality;
    self->point.blank_fidelity = self->fidelity;
}

/* The classes met so far: their row, entries first, and how probable a neuron of them is. */
static struct {
    size_t count, width;
    int8_t rows[CLASSES_MAX][ENTRIES];
    double probability[CLASSES_MAX];
} classes;

static void count_row(const int8_t *row, double probability)
{
    int8_t turned[ENTRIES + 1] = {0};
    int sign = 0;
    for (size_t k = 0; k < ENTRIES && k < classes.width; k++) {
        sign = sign == 0 ? row[k] : sign;
        turned[k] = (int8_t)(sign < 0 ? -row[k] : row[k]);
    }
    size_t class = 0;
    while (class < classes.count && memcmp(classes.rows[class], turned, ENTRIES) != 0)
        class ++;
    if (class == classes.count) {
        ck_assert_uint_lt(class, CLASSES_MAX);
        memcpy(classes.rows[classes.count++], turned, ENTRIES);
        classes.probability[class] = 0.0;
    }
    classes.probability[class] += probability;
}

static void add_pattern(const network_t *network, int8_t *row, size_t width, int64_t mu,
                        double probability);

/* Example by example; rule supervised keeps their sum. */
static void add_example(const network_t *network, int8_t *row, size_t width, int64_t mu, int left,
                        int xi, double probability)
{
    if (left == 0) {
        const bool summed = network->point.rule == PH_RULE_SUPERVISED;
        add_pattern(network, row, width + summed, mu + 1, probability);
        return;
    }
    const double right = 0.5 * (1.0 + network->quality[mu]), blank = network->fidelity[mu];
    for (int entry = -1; entry <= 1; entry++) {
        const double own = xi == 0       ? (entry == 0 ? blank : 0.5 * (1.0 - blank))
                           : entry == 0  ? 0.0
                           : entry == xi ? right
                                         : 1.0 - right;
        const bool apart = network->point.rule == PH_RULE_UNSUPERVISED;
        if (own <= 0.0)
            continue;
        row[width] = (int8_t)(apart ? entry : row[width] + entry);
        add_example(network, row, width + apart, mu, left - 1, xi, probability * own);
        if (!apart)
            row[width] = (int8_t)(row[width] - entry);
    }
}

static void add_pattern(const network_t *network, int8_t *row, size_t width, int64_t mu,
                        double probability)
{
    classes.width = width;
    if (mu >= network->point.patterns || mu >= PATTERNS_MAX) {
        count_row(row, probability);
        return;
    }
    const double d = network->dilution[mu];
    for (int xi = -1; xi <= 1; xi++) {
        const double own = xi == 0 ? d : 0.5 * (1.0 - d);
        if (own <= 0.0)
            continue;
        row[width] = (int8_t)xi;
        if (width + 1 < ENTRIES)
            row[width + 1] = 0;
        if (network->point.rule == PH_RULE_STORAGE)
            add_pattern(network, row, width + 1, mu + 1, probability * own);
        else
            add_example(network, row, width + 1, mu, (int)network->examples[mu], xi,
                        probability * own);
    }
}

static void enumerate(const network_t *network)
{
    int8_t row[ENTRIES + 1] = {0};
    classes.count = 0;
    add_pattern(network, row, 0, 0, 1.0);
}

/* As many as there are rows, where all of them can be; never fewer. */
START_TEST(most_classes)
{
    network_t network;
    make(&network, _i, 1 << 30);
    enumerate(&network);
    if (NETWORKS[_i].ends)
        ck_assert_double_ge(ph_point_classes(&network.point), (double)classes.count);
    else
        ck_assert_double_eq(ph_point_classes(&network.point), (double)classes.count);
    make(&network, _i, 2);
    ck_assert_double_le(ph_point_classes(&network.point), 2.0);
}
END_TEST

/* Those that some neuron has, of few and of many neurons. */
START_TEST(expected_classes)
{
    network_t network;
    make(&network, _i, 1);
    enumerate(&network);
    for (int64_t neurons = 1; neurons <= 10000000; neurons *= 10) {
        double expected = 0.0;
        for (size_t c = 0; c < classes.count; c++)
            expected -= expm1((double)neurons * log1p(-fmin(1.0, classes.probability[c])));
        network.point.neurons = neurons;
        ck_assert_double_eq_tol(ph_point_classes_expected(&network.point), expected,
                                0.01 * expected);
    }
}
END_TEST

/* Samples as they are drawn: the mean of 20, within 4 times its largest scatter. */
START_TEST(drawn_classes)
{
    enum { SAMPLES = 20, NEURONS = 300 };
    network_t network;
    make(&network, _i, NEURONS);
    const double expected = ph_point_classes_expected(&network.point);
    double mean = 0.0;
    for (uint32_t s = 0; s < SAMPLES; s++) {
        ph_patterns_t patterns;
        ph_coupling_t coupling;
        ph_row_classes_t rows;
        ck_assert_int_eq(ph_patterns_draw(&patterns, &network.point, 1, s), PH_OK);
        ck_assert_int_eq(ph_coupling_init(&coupling, &network.point, &patterns), PH_OK);
        ck_assert_int_eq(ph_row_classes_init(&rows, &coupling, &patterns, NULL), PH_OK);
        mean += (double)rows.count / SAMPLES;
        ph_row_classes_free(&rows);
        ph_coupling_free(&coupling);
        ph_patterns_free(&patterns);
    }
    /* Occupations are negatively correlated: the variance is at most the mean. */
    ck_assert_double_eq_tol(mean, expected, 0.01 * expected + 4.0 * sqrt(expected / SAMPLES));
}
END_TEST

/* Many examples, many patterns: bounds that hold whatever the rows. */
START_TEST(large_networks)
{
    static const ph_rule_t RULES[] = {PH_RULE_SUPERVISED, PH_RULE_UNSUPERVISED};
    enum { PATTERNS = 3 };
    double dilution[PATTERNS], examples[PATTERNS], quality[PATTERNS], fidelity[PATTERNS];
    for (int64_t mu = 0; mu < PATTERNS; mu++) {
        dilution[mu] = 0.3;
        examples[mu] = 20000.0;
        quality[mu] = 0.1;
        fidelity[mu] = _i < 2 ? 1.0 : 0.5;
    }
    ph_point_t point = network_point(100000, PATTERNS, dilution, 0.4);
    point.rule = RULES[_i % 2];
    point.examples = examples;
    point.quality = quality;
    point.blank_fidelity = fidelity;
    const double classes_said = ph_point_classes_expected(&point);
    /* All blank: 0.3^3; but for those, nearly every row is a neuron's own, or, where one entry
     * alone is not blank, one of a few hundred sums. */
    ck_assert_double_le(classes_said, 100000.0 * (1.0 - 0.027 * (_i < 2)) + 1.0);
    ck_assert_double_ge(classes_said, 100000.0 * (_i == 0 ? 0.75 : 0.95));
}
END_TEST

PH_TEST_PROGRAM("classes")
{
    TCase *tcase = tcase_create("classes");
    tcase_add_loop_test(tcase, most_classes, 0, NETWORKS_COUNT);
    tcase_add_loop_test(tcase, expected_classes, 0, NETWORKS_COUNT);
    tcase_add_loop_test(tcase, drawn_classes, 0, NETWORKS_COUNT);
    tcase_add_loop_test(tcase, large_networks, 0, 4);
    return test_run("classes", tcase);
}
