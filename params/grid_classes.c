/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * How many classes of neurons a network has: neurons are alike where their rows of patterns and
 * features are equal up to one joint sign. All that speaks of their number asks here.
 */
#include <math.h>
#include <string.h>

#include "base/floating.h"
#include "params/grid.h"

/* Rows of one pattern and its features, whatever dilution and quality. */
static double rows_of_pattern(const ph_point_t *point, int64_t mu, double enough)
{
    if (!ph_rule_learns(point->rule))
        return 3.0;
    const ph_example_law_t law = ph_point_examples(point, (size_t)mu);
    const double summed = ph_rule_summed(point->rule, law.examples);
    const bool noisy = law.fidelity < 1.0;
    double filled = 2.0, blank = 1.0; /* rows where xi is +1 or -1, and where it is 0 */
    for (double a = 0.0; a < law.examples && filled < enough; a += summed) {
        filled *= summed + 1.0;
        blank *= noisy ? 2.0 * summed + 1.0 : 1.0;
    }
    return filled + blank;
}

double ph_point_classes(const ph_point_t *point)
{
    PH_FLOATING_GUARD();
    const double most = (double)point->neurons;
    double rows = 1.0;
    if (ph_point_has_data(point)) /* whose entries follow no law */
        return most;
    for (int64_t mu = 0; mu < point->patterns && rows < 2.0 * most; mu++)
        rows *= rows_of_pattern(point, mu, 2.0 * most);
    rows = 0.5 * (rows + 1.0);
    return rows < most ? rows : most;
}

/*
 * The distribution of L = -log p over a neuron's rows, p the probability of its row: the mass of
 * the rows in bins, each row shared between two so that its L is kept. The last bin has all beyond:
 * of such rows hardly any comes twice.
 */
enum { BINS_PER_UNIT = 20, BINS = 40 * BINS_PER_UNIT };

typedef struct {
    size_t top;
    double zeros; /* probability of the row of zeros, which is its own mirror image */
    double mass[BINS + 2];
} rows_t;

static void add_rows(rows_t *self, double mass, double log_row)
{
    const double place = -log_row * BINS_PER_UNIT;
    if (!(mass > 0.0))
        return;
    if (!(place < (double)self->top)) {
        self->mass[self->top] += mass;
        return;
    }
    const size_t below = (size_t)place;
    self->mass[below] += mass * (1.0 - (place - (double)below));
    self->mass[below + 1] += mass * (place - (double)below);
}

/* Each of a pattern's M examples is so with probability p; each of these rows has probability
 * `row` times that of its examples. */
typedef struct {
    double mass, row, count, p;
    double share; /* an example that is so takes either of 1/share values */
    bool summed;  /* only how many are so is known */
} examples_t;

/* Number by number of those that are so, within 9 standard deviations and 30. */
static void add_examples(rows_t *self, const examples_t *of)
{
    if (!(of->mass > 0.0))
        return;
    const double count = of->count, mean = count * of->p;
    const double width = 9.0 * sqrt(mean * (1.0 - of->p)) + 30.0;
    const double from = fmax(0.0, floor(mean - width)), to = fmin(count, ceil(mean + width));
    int sign;
    double ways = lgamma_r(count + 1.0, &sign) - lgamma_r(from + 1.0, &sign) -
                  lgamma_r(count - from + 1.0, &sign); /* log of the binomial coefficient */
    for (double k = from; k <= to; k += 1.0) {
        const double left = count - k;
        double one = (k > 0.0 ? k * log(of->p) : 0.0) + (left > 0.0 ? left * log1p(-of->p) : 0.0);
        const double mass = of->mass * exp(ways + one);
        one += of->summed ? ways : k * log(of->share);
        add_rows(self, mass, log(of->row) + one);
        ways += log(left / (k + 1.0));
    }
}

/* Above this variance sums are taken as Gaussian. */
static const double WALK_MAX = 50.0;

static double width_of_sums(double count, double s)
{
    return fmin(count, ceil(9.0 * sqrt(count * (1.0 - s)) + 30.0));
}

/* Probabilities of the sums of M entries, each 0 with probability s, else +1 or -1 evenly:
 * sums[width + S] for |S| <= width; beyond they are negligible. sums: zeros. */
static void distribute_sums(double count, double s, size_t width, double *sums)
{
    const double variance = count * (1.0 - s), half = 0.5 * (1.0 - s);
    double total = 0.0;
    sums[width] = 1.0;
    for (double a = 0.0; variance < WALK_MAX && a < count; a += 1.0) {
        double before = 0.0;
        for (size_t k = 0; k <= 2 * width; k++) {
            const double here = sums[k];
            sums[k] = s * here + half * (before + (k < 2 * width ? sums[k + 1] : 0.0));
            before = here;
        }
    }
    for (size_t k = 0; variance >= WALK_MAX && k <= 2 * width; k++) {
        const double sum = (double)k - (double)width;
        const bool reached = s > 0.0 || fmod(count - sum, 2.0) == 0.0;
        total += sums[k] = reached ? exp(-0.5 * sum * sum / variance) : 0.0;
    }
    for (size_t k = 0; total > 0.0 && k <= 2 * width; k++)
        sums[k] /= total;
}

/* Rows of a blank entry and its noisy examples, by their sum. */
static void add_noisy_sums(rows_t *self, double d, double count, double s)
{
    enum { WIDTH_MAX = 9032 }; /* of 10^6 examples */
    double sums[2 * WIDTH_MAX + 1] = {0};
    const size_t width = (size_t)width_of_sums(count, s);
    distribute_sums(count, s, width, sums);
    for (size_t k = 0; k <= 2 * width; k++)
        add_rows(self, d * sums[k], log(d * sums[k]));
    self->zeros = d * sums[width];
}

/* Rows of one more feature or pattern beside those of the others. */
static void join(rows_t *self, const rows_t *own)
{
    double mass[BINS + 2] = {0};
    const size_t top = self->top;
    for (size_t a = 0; a <= top; a++)
        for (size_t b = 0; self->mass[a] > 0.0 && b <= top; b++)
            mass[a + b < top ? a + b : top] += self->mass[a] * own->mass[b];
    memcpy(self->mass, mass, sizeof(mass));
    self->zeros *= own->zeros;
}

/* The rows of so many features that are alike, given the pattern's entry: each such row has
 * probability `row` times that of its features, all together `mass`. */
static void add_features(rows_t *self, const rows_t *feature, double features, double mass,
                         double row)
{
    rows_t all = {.top = self->top, .zeros = 1.0};
    all.mass[0] = 1.0;
    for (double f = 0.0; f < features && all.mass[all.top] < 1.0; f += 1.0)
        join(&all, feature);
    for (size_t b = 0; b <= all.top; b++)
        add_rows(self, mass * all.mass[b], log(row) - (double)b / BINS_PER_UNIT);
}

/* Rows of one pattern with several features, each the sum of several examples. */
static void make_sums(rows_t *self, const ph_example_law_t *law, double summed)
{
    const double d = law->dilution, s = law->fidelity, right = 0.5 * (1.0 + law->quality);
    const double features = law->examples / summed;
    rows_t feature = {.top = self->top};
    add_examples(&feature, &(examples_t){1.0, 1.0, summed, right, 1.0, true});
    add_features(self, &feature, features, 1.0 - d, 0.5 * (1.0 - d));
    if (!(d > 0.0))
        return;
    feature = (rows_t){.top = self->top};
    add_noisy_sums(&feature, 1.0, summed, s);
    add_features(self, &feature, features, d, d);
    self->zeros = d * pow(feature.zeros, features);
}

/* Rows of one pattern and its features. */
static void make_rows(rows_t *self, const ph_point_t *point, int64_t mu, size_t top)
{
    const ph_example_law_t law = ph_point_examples(point, (size_t)mu);
    const double d = law.dilution, count = law.examples, s = law.fidelity;
    const double right = 0.5 * (1.0 + law.quality), each = ph_rule_summed(point->rule, count);
    const bool summed = !(each < count);
    memset(self, 0, sizeof(*self));
    self->top = top;
    if (each > 1.0 && !summed) {
        make_sums(self, &law, each);
        return;
    }
    add_examples(self, &(examples_t){1.0 - d, 0.5 * (1.0 - d), count, right, 1.0, summed});
    if (!(d > 0.0))
        return;
    if (s < 1.0 && summed) {
        add_noisy_sums(self, d, count, s);
        return;
    }
    add_examples(self, &(examples_t){d, d, count, 1.0 - s, 0.5, summed});
    self->zeros = d * pow(s, count);
}

/* Expected number of classes that a row of probability p and its mirror image stand for among N
 * neurons, over the mass p of the row. */
static double classes_per_mass(double p, double neurons)
{
    return -expm1(neurons * log1p(-fmin(1.0, 2.0 * p))) / (2.0 * p);
}

double ph_point_classes_expected(const ph_point_t *point)
{
    if (ph_point_is_given(point) && !ph_rule_learns(point->rule))
        return point->given_classes;
    const double neurons = (double)point->neurons;
    if (ph_point_has_data(point))
        return neurons;
    const double reach = (log(2.0 * neurons) + 8.0) * BINS_PER_UNIT;
    rows_t all = {.top = (size_t)fmin(BINS, ceil(reach)), .zeros = 1.0};
    all.mass[0] = 1.0;
    for (int64_t mu = 0; mu < point->patterns && all.mass[all.top] < 1.0 - 1e-9; mu++) {
        rows_t own;
        make_rows(&own, point, mu, all.top);
        join(&all, &own);
    }
    double classes = 0.0;
    for (size_t b = 0; b <= all.top; b++)
        if (all.mass[b] > 0.0)
            classes += all.mass[b] * classes_per_mass(exp(-(double)b / BINS_PER_UNIT), neurons);
    if (all.zeros > 0.0)
        classes += -expm1(neurons * log1p(-fmin(1.0, all.zeros))) -
                   all.zeros * classes_per_mass(all.zeros, neurons);
    return fmin(neurons, fmax(1.0, classes));
}
