/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sim/samplers/load.h"

#include <math.h>
#include <string.h>

#include "sim/model/coupling.h"
#include "sim/model/segment.h"

void ph_load_init(ph_load_t *self, const ph_grid_t *grid)
{
    memset(self, 0, sizeof(*self));
    self->lanes = (double)ph_grid_block_chains(grid);
}

static bool same_list(const double *a, const double *b, int64_t count)
{
    return a == b || memcmp(a, b, (size_t)count * sizeof(*a)) == 0;
}

/* Whether rows of neurons have the same law and there are as many. */
static bool same_rows(const ph_point_t *a, const ph_point_t *b)
{
    return a->rule == b->rule && a->neurons == b->neurons && a->patterns == b->patterns &&
           same_list(a->dilution, b->dilution, a->patterns) &&
           (!ph_rule_learns(a->rule) ||
            (same_list(a->examples, b->examples, a->patterns) &&
             same_list(a->quality, b->quality, a->patterns) &&
             same_list(a->blank_fidelity, b->blank_fidelity, a->patterns)));
}

void ph_load_point(ph_load_t *self, const ph_sampler_t *sampler, const ph_point_t *point)
{
    self->point = point;
    self->features = (double)ph_coupling_features(point);
    self->classes = 0.0;
    if (!sampler->by_classes)
        return;
    if (self->counted == NULL || !same_rows(self->counted, point)) {
        self->counted = point;
        self->counted_classes = ph_point_classes_expected(point);
    }
    self->classes = self->counted_classes;
}

/* Root mean squares of the sums bound their magnitudes. */
static double filled_entry(const ph_load_t *self, const ph_example_law_t *law)
{
    const double m = ph_rule_summed(self->point->rule, law->examples), r = law->quality;
    return m * sqrt(r * r + (1.0 - r * r) / m);
}

double ph_load_overlap(const ph_load_t *self)
{
    const ph_point_t *point = self->point;
    double largest = 0.0;
    for (int64_t mu = 0; mu < point->patterns; mu++) {
        const ph_example_law_t law = ph_point_examples(point, (size_t)mu);
        const double filled = 1.0 - law.dilution, noisy = 1.0 - law.fidelity;
        const double m = ph_rule_summed(point->rule, law.examples);
        const double entry = filled * filled_entry(self, &law) +
                             (1.0 - filled) * (m > 1.0 ? sqrt(m * noisy) : noisy);
        largest = fmax(largest, (double)point->neurons * entry);
    }
    return largest;
}

double ph_load_row(const ph_load_t *self)
{
    const ph_point_t *point = self->point;
    double sum = 0.0;
    for (size_t mu = 0; mu < (size_t)point->patterns; mu++) {
        const ph_example_law_t law = ph_point_examples(point, mu);
        sum += law.examples / ph_rule_summed(point->rule, law.examples) * filled_entry(self, &law);
    }
    return sum;
}

static bool alike(const double *list, int64_t count)
{
    for (int64_t mu = 1; mu < count; mu++)
        if (list[mu] < list[0] || list[mu] > list[0])
            return false;
    return true;
}

bool ph_load_equal(const ph_load_t *self)
{
    const ph_point_t *point = self->point;
    const int64_t patterns = point->patterns;
    return (point->normalization == PH_NORM_NONE || alike(point->dilution, patterns)) &&
           (!ph_rule_learns(point->rule) ||
            (alike(point->examples, patterns) && alike(point->quality, patterns) &&
             alike(point->blank_fidelity, patterns)));
}

double ph_load_entry(const ph_load_t *self)
{
    const ph_point_t *point = self->point;
    double largest = 1.0;
    for (size_t mu = 0; mu < (size_t)point->patterns; mu++)
        largest = fmax(largest, ph_rule_summed(point->rule, ph_point_example_count(point, mu)));
    return largest;
}

/* Class and sign of each neuron, rows and sizes of the classes. */
double ph_load_classes_bytes(const ph_load_t *load)
{
    return 5.0 * (double)load->point->neurons +
           load->classes * (2.0 * (load->features + (double)load->point->patterns) + 8.0);
}

/* 12 bytes for each of 2 to 4 places a class. */
double ph_load_table_bytes(const ph_load_t *load)
{
    return 12.0 * exp2(ceil(log2(2.0 * load->classes + 1.0)));
}

double ph_load_slowness(const ph_load_t *self, double half)
{
    if (self->anywhere)
        return 1.0;
#ifdef __x86_64__
    return __builtin_cpu_supports("avx2") ? 1.0 : half;
#else
    return half; /* portable.h; measured with SSE2, on no other processor */
#endif
}

double ph_load_beyond(double bytes)
{
    return fmin(1.0, fmax(0.0, 0.25 * log2(bytes / 1e6)));
}
