/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "analysis/exact/exact.h"
#include "base/floating.h"

/*
 * p(x) is a mixture of Gaussians of width sigma_p = sqrt(T/(N w_p)) centred on the overlaps of the
 * 2^N states. The trapezoidal rule with step a sigma therefore errs by exp(-2 pi^2 / a^2) only
 * (4e-14 at the coarser of the two resolutions), and p vanishes 9 sigma beyond the largest overlap.
 * The lattice is walked in blocks; a bound on log p over a block skips the empty ones.
 */
enum { FEATURES_MAX = 3, BLOCK = 8 };
static const double STEPS[2] = {0.8, 0.65};
static const double MARGIN = 9.0, NEGLIGIBLE = 45.0, BLOCKS_MAX = 2e8, AGREEMENT = 1e-10;

/* Neurons that are alike up to a sign. */
typedef struct {
    int phi[FEATURES_MAX];
    double count;
} class_t;

typedef struct {
    size_t features; /* those with a weight */
    size_t from[FEATURES_MAX];
    double weights[FEATURES_MAX];
    double noise, neurons;
    size_t classes_count;
    class_t *classes;
    double step[FEATURES_MAX];
    long extent[FEATURES_MAX]; /* blocks from -extent to extent - 1 */
    double peak;               /* largest log p seen on block centres */
    /* sums of p e^-peak times 1, x_p x_q, x_p^4 */
    double total, second[FEATURES_MAX][FEATURES_MAX], fourth[FEATURES_MAX];
    double centre, excess, square; /* p e^-peak times X - centre and its square, X = sum w x^2 */
} integral_t;

static int add_neuron(integral_t *self, const int16_t *row, size_t *capacity)
{
    class_t found = {.count = 1.0};
    int sign = 0;
    for (size_t p = 0; p < FEATURES_MAX && p < self->features; p++) {
        const int phi = row[self->from[p]];
        if (sign == 0)
            sign = (phi > 0) - (phi < 0);
        found.phi[p] = sign * phi;
    }
    for (size_t c = 0; c < self->classes_count; c++)
        if (memcmp(self->classes[c].phi, found.phi, sizeof(found.phi)) == 0) {
            self->classes[c].count += 1.0;
            return PH_OK;
        }
    if (self->classes_count == *capacity) {
        *capacity = *capacity == 0 ? 32 : 2 * *capacity;
        class_t *grown = realloc(self->classes, *capacity * sizeof(*grown));
        if (grown == NULL)
            return PH_ERR_MEMORY;
        self->classes = grown;
    }
    self->classes[self->classes_count++] = found;
    return PH_OK;
}

/* log p at x up to a constant; with `gradient` also its derivatives. */
static double log_density(const integral_t *self, const double *x, double *gradient)
{
    double value = 0.0;
    for (size_t p = 0; p < self->features; p++) {
        const double force = self->neurons * self->weights[p] * x[p] / self->noise;
        value -= 0.5 * force * x[p];
        if (gradient != NULL)
            gradient[p] = -force;
    }
    for (size_t c = 0; c < self->classes_count; c++) {
        const class_t *class = &self->classes[c];
        double h = 0.0;
        for (size_t p = 0; p < self->features; p++)
            h += self->weights[p] * class->phi[p] * x[p];
        h /= self->noise;
        value += class->count * (fabs(h) + log1p(exp(-2.0 * fabs(h))));
        if (gradient == NULL)
            continue;
        const double pull = class->count * tanh(h) / self->noise;
        for (size_t p = 0; p < self->features; p++)
            gradient[p] += pull * self->weights[p] * class->phi[p];
    }
    return value;
}

/* How far log p in a block can exceed its value at the centre beyond the linear term: log p is a
 * concave parabola plus terms of curvature at most (sum_p w |phi_p| delta_p / T)^2 a neuron. */
static double curvature_bound(const integral_t *self, const double *half)
{
    double bound = 0.0;
    for (size_t c = 0; c < self->classes_count; c++) {
        double h = 0.0;
        for (size_t p = 0; p < self->features; p++)
            h += self->weights[p] * abs(self->classes[c].phi[p]) * half[p] / self->noise;
        bound += 0.5 * self->classes[c].count * h * h;
    }
    return bound;
}

static void sum_block(integral_t *self, const double *corner)
{
    const size_t n = self->features;
    size_t points = 1;
    for (size_t p = 0; p < n; p++)
        points *= BLOCK;
    for (size_t k = 0; k < points; k++) {
        double x[FEATURES_MAX];
        size_t rest = k;
        for (size_t p = 0; p < n; p++, rest /= BLOCK)
            x[p] = corner[p] + self->step[p] * (double)(rest % BLOCK);
        const double density = exp(log_density(self, x, NULL) - self->peak);
        double length = -self->centre;
        self->total += density;
        for (size_t p = 0; p < n; p++) {
            length += self->weights[p] * x[p] * x[p];
            for (size_t q = 0; q < n; q++)
                self->second[p][q] += density * x[p] * x[q];
            self->fourth[p] += density * x[p] * x[p] * x[p] * x[p];
        }
        self->excess += density * length;
        self->square += density * length * length;
    }
}

/* Walks all blocks of one half of the lattice (log p is even); first for the peak, then the sums.
 * Points lie at odd multiples of half a step, so that the halves share none. */
static void walk_blocks(integral_t *self, bool sums)
{
    const size_t n = self->features;
    double half[FEATURES_MAX], corner[FEATURES_MAX];
    double centre[FEATURES_MAX] = {0}, gradient[FEATURES_MAX] = {0};
    long at[FEATURES_MAX];
    for (size_t p = 0; p < n; p++) {
        at[p] = p == 0 ? 0 : -self->extent[p];
        half[p] = 0.5 * BLOCK * self->step[p];
    }
    const double curvature = curvature_bound(self, half);
    for (;;) {
        for (size_t p = 0; p < n; p++) {
            centre[p] = 2.0 * half[p] * ((double)at[p] + 0.5);
            corner[p] = 2.0 * half[p] * (double)at[p] + 0.5 * self->step[p];
        }
        double bound = log_density(self, centre, sums ? gradient : NULL);
        if (!sums && bound > self->peak) {
            self->peak = bound;
            self->centre = 0.0;
            for (size_t k = 0; k < n; k++)
                self->centre += self->weights[k] * centre[k] * centre[k];
        }
        for (size_t p = 0; sums && p < n; p++)
            bound += fabs(gradient[p]) * half[p];
        if (sums && bound + curvature > self->peak - NEGLIGIBLE)
            sum_block(self, corner);
        size_t p = 0;
        while (p < n && ++at[p] == self->extent[p]) {
            at[p] = p == 0 ? 0 : -self->extent[p];
            p++;
        }
        if (p == n)
            return;
    }
}

/* The lattice of a resolution; returns its blocks. */
static double lay_lattice(integral_t *self, double resolution)
{
    double blocks = 0.5;
    for (size_t p = 0; p < self->features; p++) {
        const double sigma = sqrt(self->noise / (self->neurons * self->weights[p]));
        double reach = 0.0;
        for (size_t c = 0; c < self->classes_count; c++)
            reach += self->classes[c].count * abs(self->classes[c].phi[p]) / self->neurons;
        self->step[p] = resolution * sigma;
        const double extent = ceil((reach + MARGIN * sigma) / (BLOCK * self->step[p]));
        blocks *= 2.0 * extent;
        self->extent[p] = (long)fmin(extent, 1e9);
    }
    return blocks;
}

static int set_lattice(integral_t *self, double resolution, ph_report_t *report)
{
    const double blocks = lay_lattice(self, resolution);
    if (blocks * (double)self->classes_count > BLOCKS_MAX)
        return ph_fail(
            report, PH_ERR_LIMIT,
            "the exact integral needs %.3g blocks of points at noise %g; raise the noise "
            "or take fewer neurons",
            blocks, self->noise);
    return PH_OK;
}

static void clear_sums(integral_t *self)
{
    self->total = 0.0;
    self->peak = -INFINITY;
    memset(self->second, 0, sizeof(self->second));
    memset(self->fourth, 0, sizeof(self->fourth));
    self->centre = self->excess = self->square = 0.0;
}

/* -(T/N) log Z with J_ii = 0: the lattice sum, its cell, the Gaussian normalisation, the constant.
 */
static double free_energy(const integral_t *self, double self_sum)
{
    const double pi = acos(-1.0);
    double log_z =
        log(2.0 * self->total) + self->peak - self_sum / (2.0 * self->neurons * self->noise);
    for (size_t p = 0; p < self->features; p++)
        log_z += log(self->step[p]) +
                 0.5 * log(self->neurons * self->weights[p] / (2.0 * pi * self->noise));
    return -self->noise * log_z / self->neurons;
}

static void fill_moments(const integral_t *sums, const ph_coupling_t *coupling, ph_exact_t *out)
{
    const size_t all = (size_t)coupling->features;
    double self_sum = 0.0;
    for (int64_t i = 0; i < coupling->neurons; i++)
        self_sum += coupling->self[i];
    memset(out->second, 0, all * all * sizeof(double));
    for (size_t p = 0; p < all; p++) {
        out->fourth[p] = 0.0;
        out->absolute[p] = NAN;
    }
    out->energy = self_sum / (2.0 * sums->neurons * sums->neurons);
    for (size_t p = 0; p < sums->features; p++) {
        const double s2 = sums->noise / (sums->neurons * sums->weights[p]);
        for (size_t q = 0; q < sums->features; q++)
            out->second[sums->from[p] * all + sums->from[q]] =
                sums->second[p][q] / sums->total - (p == q ? s2 : 0.0);
        const double second = out->second[sums->from[p] * (all + 1)];
        out->fourth[sums->from[p]] =
            sums->fourth[p] / sums->total - 6.0 * s2 * second - 3.0 * s2 * s2;
        out->energy -= 0.5 * sums->weights[p] * second;
    }
    /* x is o with Gaussian noise of variance T/(N w): Var X = Var A + 4 (T/N) <A> + 2 P (T/N)^2 of
     * A = sum w o^2, and H/N is -A/2 but for a constant. */
    const double unit = sums->noise / sums->neurons, mean = sums->excess / sums->total;
    const double length = sums->square / sums->total - mean * mean;
    const double overlaps = sums->centre + mean - (double)sums->features * unit;
    out->energy_variance =
        0.25 * (length - 4.0 * unit * overlaps - 2.0 * (double)sums->features * unit * unit);
    out->free_energy = free_energy(sums, self_sum);
}

/* Keeps the features that take part; one without weight must be blank throughout. */
static int choose_features(integral_t *self, const ph_coupling_t *coupling, double noise,
                           ph_report_t *report)
{
    const size_t all = (size_t)coupling->features;
    size_t capacity = 0;
    if (coupling->features > FEATURES_MAX)
        return ph_fail(report, PH_ERR_LIMIT,
                       "the exact integral covers up to %d features, here there are %lld",
                       (int)FEATURES_MAX, (long long)coupling->features);
    if (!(noise > 0.0))
        return ph_fail(report, PH_ERR_UNSUPPORTED, "the exact integral needs noise above 0, not %g",
                       noise);
    for (size_t p = 0; p < all; p++) {
        if (coupling->weights[p] > 0.0) {
            self->weights[self->features] = coupling->weights[p];
            self->from[self->features++] = p;
            continue;
        }
        for (size_t i = 0; i < (size_t)coupling->neurons; i++)
            if (coupling->phi[i * all + p] != 0)
                return ph_fail(
                    report, PH_ERR_UNSUPPORTED,
                    "the exact integral: feature %zu has weight %g, it needs one above 0", p + 1,
                    coupling->weights[p]);
    }
    for (size_t i = 0; i < (size_t)coupling->neurons; i++)
        if (add_neuron(self, coupling->phi + i * all, &capacity) != PH_OK)
            return ph_fail(report, PH_ERR_MEMORY, "no memory for the exact integral");
    return PH_OK;
}

/* Overlaps of features that sum examples are larger than 1: they count in units of 1/sqrt(w). */
static double unit_of(const integral_t *self, size_t p)
{
    return fmax(1.0, 1.0 / sqrt(self->weights[p]));
}

static double largest_change(const integral_t *self, const ph_exact_t *a, const ph_exact_t *b)
{
    const size_t n = (size_t)a->features;
    double change = fabs(a->free_energy - b->free_energy);
    for (size_t p = 0; p < self->features; p++) {
        const size_t i = self->from[p];
        const double unit = unit_of(self, p);
        for (size_t q = 0; q < self->features; q++) {
            const size_t at = i * n + self->from[q];
            change = fmax(change, fabs(a->second[at] - b->second[at]) / (unit * unit_of(self, q)));
        }
        change = fmax(change, fabs(a->fourth[i] - b->fourth[i]) / pow(unit, 4));
    }
    return change;
}

int ph_exact_integral_work(const ph_coupling_t *coupling, double noise, double *work)
{
    PH_FLOATING_GUARD();
    integral_t integral;
    memset(&integral, 0, sizeof(integral));
    integral.noise = noise;
    integral.neurons = (double)coupling->neurons;
    *work = (double)INFINITY;
    const int status = choose_features(&integral, coupling, noise, NULL);
    if (status == PH_OK)
        *work = lay_lattice(&integral, STEPS[1]) * (double)integral.classes_count;
    free(integral.classes);
    return status == PH_ERR_MEMORY ? status : PH_OK;
}

int ph_exact_integral(ph_exact_t *self, const ph_coupling_t *coupling, double noise,
                      ph_report_t *report)
{
    PH_FLOATING_GUARD();
    integral_t integral;
    memset(&integral, 0, sizeof(integral));
    integral.noise = noise;
    integral.neurons = (double)coupling->neurons;
    ph_exact_t coarse = {0};
    int status = choose_features(&integral, coupling, noise, report);
    if (status != PH_OK)
        goto out;
    status = ph_exact_init(&coarse, coupling->features);
    for (int pass = 0; pass < 2 && status == PH_OK; pass++) {
        clear_sums(&integral);
        status = set_lattice(&integral, STEPS[pass], report);
        if (status != PH_OK)
            goto out;
        if (integral.features > 0) {
            walk_blocks(&integral, false);
            walk_blocks(&integral, true);
        } else { /* free spins */
            integral.total = 0.5;
            integral.peak = integral.neurons * log(2.0);
        }
        fill_moments(&integral, coupling, pass == 0 ? &coarse : self);
    }
    if (status == PH_OK && !(largest_change(&integral, self, &coarse) <= AGREEMENT))
        status = ph_fail(report, PH_ERR_NUMERIC,
                         "the exact integral at noise %g differs by %.2g between two resolutions "
                         "(at most %g expected)",
                         noise, largest_change(&integral, self, &coarse), AGREEMENT);
out:
    free(integral.classes);
    ph_exact_free(&coarse);
    return status;
}
