/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <gsl/gsl_randist.h>
#include <gsl/gsl_rng.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "analysis/compare/cloud_private.h"

enum { STEPS = 5, SETTLE_MAX = 400 }; /* of a sweep; of n <- F(n) */
static const double SETTLED = 1e-7;
static const double TANH = 15.0; /* in multiplications */
static const double SIGNS[PH_CLOUD_WAYS] = {0.0, 1.0, -1.0};
static const double AROUND = 2.0; /* over sqrt(N): what 1/N leaves open of a start's deviation */
static const double SETTLE_MEAN = 50.0; /* iterations, for the cost */

void ph_cloud_free(ph_cloud_t *self)
{
    free(self->share);
    free(self->spin);
    free(self->first);
    free(self->mean);
    free(self->middle);
    free(self->old);
    free(self->bridge);
    gsl_rng_free(self->rng);
    free(self->overlap);
    free(self->half);
    free(self->out);
    free(self->by_feature);
    free(self->lift);
    memset(self, 0, sizeof(*self));
}

static size_t class_of(const ph_cloud_t *self, size_t row)
{
    return self->law == PH_FLOW_SEQUENTIAL ? self->classes->site[row] : row;
}

/* In storage magnetizations are the overlaps; else the mean spin of a neuron is taken to be the sum
 * of its entries times these, as of a state that knows of the patterns alone. */
static void find_lift(ph_cloud_t *self, const double *not_blank)
{
    const size_t size = self->classes->size, k = self->patterns;
    if (size == k)
        for (size_t mu = 0; mu < k; mu++)
            self->lift[mu * k + mu] = 1.0;
    for (size_t c = 0; size > k && c < self->classes->count; c++) {
        const double *phi = self->classes->phi + c * size, *xi = phi + size - k;
        for (size_t mu = 0; mu < k; mu++)
            for (size_t a = 0; not_blank[mu] > 0.0 && a < size; a++)
                self->lift[a * k + mu] += self->classes->share[c] * phi[a] * xi[mu] / not_blank[mu];
    }
}

int ph_cloud_init(ph_cloud_t *self, const ph_point_t *point, const ph_flow_classes_t *net)
{
    const ph_classes_t *classes = &net->classes;
    const size_t size = classes->size;
    *self = (ph_cloud_t){
        .point = point, .classes = classes, .law = ph_flow_law(point), .patterns = net->patterns};
    self->rows = self->law == PH_FLOW_SEQUENTIAL ? classes->sites : classes->count;
    self->share = malloc(self->rows * sizeof(double));
    self->spin = calloc(self->rows, sizeof(double));
    self->first = calloc(self->rows, sizeof(double));
    self->mean = calloc(self->rows, sizeof(double));
    self->middle = calloc(self->rows, sizeof(double));
    self->old = calloc(self->rows, sizeof(double));
    self->bridge = calloc(self->rows, STEPS * sizeof(double));
    self->rng = gsl_rng_alloc(gsl_rng_mt19937);
    self->overlap = calloc(size, sizeof(double));
    self->half = calloc(size, sizeof(double));
    self->out = calloc(size, sizeof(double));
    self->by_feature = calloc(size, sizeof(double));
    self->lift = calloc(size * self->patterns, sizeof(double));
    if (self->share == NULL || self->spin == NULL || self->first == NULL || self->mean == NULL ||
        self->middle == NULL || self->old == NULL || self->bridge == NULL || self->rng == NULL ||
        self->overlap == NULL || self->half == NULL || self->out == NULL ||
        self->by_feature == NULL || self->lift == NULL)
        return PH_ERR_MEMORY;
    for (size_t r = 0; r < self->rows; r++)
        self->share[r] =
            self->law == PH_FLOW_SEQUENTIAL ? 1.0 / (double)classes->sites : classes->share[r];
    find_lift(self, net->not_blank);
    return PH_OK;
}

double ph_cloud_cost(const ph_cloud_t *self, uint64_t sweeps)
{
    const double row = (double)(self->classes->size + self->classes->features) + TANH;
    const double evaluations =
        (self->law == PH_FLOW_RANDOM || self->law == PH_FLOW_PERMUTED ? 2.0 * STEPS : 1.0) *
        (double)sweeps;
    return PH_CLOUD_WAYS * row *
           (evaluations * (double)self->rows + SETTLE_MEAN * (double)self->classes->count);
}

/* Mean of a spin in its field, tanh but for the last digits in a third of its time; at zero noise
 * its sign. */
static double mean_spin(double noise, double h)
{
    return noise > 0.0 ? 1.0 - 2.0 / (exp(2.0 * h / noise) + 1.0) : (double)((h > 0.0) - (h < 0.0));
}

static void add_overlaps(const ph_cloud_t *self, const double *spin, double *overlap)
{
    const size_t size = self->classes->size;
    memset(overlap, 0, size * sizeof(*overlap));
    for (size_t r = 0; r < self->rows; r++) {
        const double *phi = self->classes->phi + class_of(self, r) * size;
        const double weight = self->share[r] * spin[r];
        for (size_t a = 0; a < size; a++)
            overlap[a] += weight * phi[a];
    }
}

static double field(const ph_cloud_t *self, const double *phi)
{
    double h = 0.0;
    for (size_t p = 0; p < self->classes->features; p++)
        h += self->by_feature[p] * phi[p];
    return h;
}

static void set_fields(ph_cloud_t *self, const double *overlap)
{
    for (size_t p = 0; p < self->classes->features; p++)
        self->by_feature[p] = self->classes->weights[p] * overlap[p];
}

/* Mean spins of all rows in the fields of the spins. */
static void find_means(ph_cloud_t *self, const double *spin, double *mean)
{
    add_overlaps(self, spin, self->overlap);
    set_fields(self, self->overlap);
    for (size_t r = 0; r < self->rows; r++)
        mean[r] =
            mean_spin(self->point->noise,
                      field(self, self->classes->phi + class_of(self, r) * self->classes->size));
}

/* A normal number of variance `variance` over the neurons of a row; 0 where there is no noise. */
static double kick(const ph_cloud_t *self, double sign, size_t r, double variance)
{
    return sign == 0.0 || variance <= 0.0
               ? 0.0
               : sign * gsl_ran_gaussian_ziggurat(
                            self->rng,
                            sqrt(variance / (self->share[r] * (double)self->point->neurons)));
}

/*
 * Of a permuted sweep, for every step: how much more of what the spins of a row began with has gone
 * than their share; together nothing, since each is visited once.
 */
static void draw_bridges(ph_cloud_t *self, double sign)
{
    for (size_t r = 0; r < self->rows; r++) {
        double *bridge = self->bridge + r * STEPS, mean = 0.0;
        for (int step = 0; step < STEPS; step++) {
            bridge[step] = kick(self, sign, r, (1.0 - self->first[r] * self->first[r]) / STEPS);
            mean += bridge[step] / STEPS;
        }
        for (int step = 0; step < STEPS; step++)
            bridge[step] -= mean;
    }
}

/* One sweep of random or permuted order by the midpoint rule. */
static void sweep_sites(ph_cloud_t *self, double sign)
{
    double *mid = self->middle, *old = self->old;
    const double dt = 1.0 / STEPS;
    const bool permuted = self->law == PH_FLOW_PERMUTED;
    const double half = permuted ? 0.5 * dt : 1.0 - exp(-0.5 * dt);
    const double whole = permuted ? dt : 1.0 - exp(-dt);
    memcpy(self->first, self->spin, self->rows * sizeof(double));
    if (permuted)
        draw_bridges(self, sign);
    for (int step = 0; step < STEPS; step++) {
        const double *from = permuted ? self->first : old;
        memcpy(old, self->spin, self->rows * sizeof(double));
        find_means(self, old, self->mean);
        for (size_t r = 0; r < self->rows; r++)
            mid[r] = old[r] + half * (self->mean[r] - from[r]);
        find_means(self, mid, self->mean);
        for (size_t r = 0; r < self->rows; r++) {
            const double t = self->mean[r];
            const double variance =
                permuted ? dt * (1.0 - t * t) : (1.0 - exp(-2.0 * dt)) * (1.0 - from[r] * t);
            self->spin[r] = old[r] + whole * (t - from[r]) + kick(self, sign, r, variance) +
                            (permuted ? self->bridge[r * STEPS + (size_t)step] : 0.0);
        }
    }
}

/* All spins at once; the noise of hidden units beside that of spins. */
static void sweep_all(ph_cloud_t *self, double sign)
{
    const double noise = self->point->noise, neurons = (double)self->point->neurons;
    add_overlaps(self, self->spin, self->overlap);
    if (self->law == PH_FLOW_BLOCK && sign != 0.0)
        for (size_t p = 0; p < self->classes->features; p++)
            if (self->classes->weights[p] > 0.0)
                self->overlap[p] +=
                    sign * gsl_ran_gaussian_ziggurat(
                               self->rng, sqrt(noise / (neurons * self->classes->weights[p])));
    set_fields(self, self->overlap);
    for (size_t r = 0; r < self->rows; r++) {
        const double t =
            mean_spin(noise, field(self, self->classes->phi + r * self->classes->size));
        self->spin[r] = t + kick(self, sign, r, 1.0 - t * t);
    }
}

static void sweep_in_order(ph_cloud_t *self, double sign)
{
    const size_t size = self->classes->size;
    add_overlaps(self, self->spin, self->overlap);
    for (size_t r = 0; r < self->rows; r++) {
        const double *phi = self->classes->phi + class_of(self, r) * size;
        set_fields(self, self->overlap);
        const double t = mean_spin(self->point->noise, field(self, phi));
        const double now = t + kick(self, sign, r, 1.0 - t * t);
        for (size_t a = 0; a < size; a++)
            self->overlap[a] += self->share[r] * (now - self->spin[r]) * phi[a];
        self->spin[r] = now;
    }
}

/* The law of the start, and what 1/N leaves open of it. */
static void draw_start(ph_cloud_t *self, double sign, unsigned long seed)
{
    const double around = AROUND / sqrt((double)self->point->neurons);
    gsl_rng_set(self->rng, seed);
    for (size_t r = 0; r < self->rows; r++) {
        const double s = self->classes->start[class_of(self, r)];
        self->spin[r] = s + kick(self, 1.0, r, 1.0 - s * s);
    }
    gsl_rng_set(self->rng, seed + 1);
    for (size_t r = 0; r < self->rows; r++) {
        const double s = self->classes->start[class_of(self, r)];
        self->spin[r] += kick(self, around * sign, r, 1.0 - s * s);
    }
}

/* Noise of a moved draw, in that of the dynamics: with less, three draws said too little of where
 * single spins decide (tests/verdict/alarms.py). */
static double margin(ph_flow_law_t law)
{
    return law == PH_FLOW_PERMUTED ? 1.5 : law == PH_FLOW_RANDOM ? 1.2 : 1.0;
}

void ph_cloud_follow(ph_cloud_t *self, uint32_t sample, uint32_t number, ph_cloud_way_t way,
                     uint64_t sweeps, double *m)
{
    draw_start(self, SIGNS[way], 2 * (((unsigned long)sample << 16) + number) + 1);
    for (uint64_t t = 0; t < sweeps; t++)
        ph_cloud_sweep(self, margin(self->law) * SIGNS[way]);
    ph_cloud_magnetizations(self, m);
}

void ph_cloud_begin(ph_cloud_t *self, const ph_classes_t *start, double noise, unsigned long seed)
{
    gsl_rng_set(self->rng, seed);
    for (size_t r = 0; r < self->rows; r++) {
        const double s = start->start[class_of(self, r)];
        self->spin[r] = s + kick(self, noise, r, start->settled ? 0.0 : 1.0 - s * s);
    }
}

void ph_cloud_sweep(ph_cloud_t *self, double noise)
{
    if (self->law == PH_FLOW_SEQUENTIAL)
        sweep_in_order(self, noise);
    else if (self->law == PH_FLOW_RANDOM || self->law == PH_FLOW_PERMUTED)
        sweep_sites(self, noise);
    else
        sweep_all(self, noise);
}

void ph_cloud_magnetizations(ph_cloud_t *self, double *m)
{
    add_overlaps(self, self->spin, self->overlap);
    memcpy(m, self->overlap + self->classes->size - self->patterns, self->patterns * sizeof(*m));
}

/* F(o) of the classes, into out. */
static void map(ph_cloud_t *self, const double *o, double *out)
{
    const ph_classes_t *classes = self->classes;
    set_fields(self, o);
    memset(out, 0, classes->size * sizeof(*out));
    for (size_t c = 0; c < classes->count; c++) {
        const double *phi = classes->phi + c * classes->size;
        const double weight = classes->share[c] * mean_spin(self->point->noise, field(self, phi));
        for (size_t a = 0; a < classes->size; a++)
            out[a] += weight * phi[a];
    }
}

void ph_cloud_settle(ph_cloud_t *self, double *m)
{
    const size_t size = self->classes->size, k = self->patterns;
    double *now = self->half, *next = self->out, moved = INFINITY;
    for (size_t a = 0; a < size; a++) {
        now[a] = 0.0;
        for (size_t mu = 0; mu < k; mu++)
            now[a] += self->lift[a * k + mu] * m[mu];
    }
    for (int i = 0; i < SETTLE_MAX && moved > SETTLED; i++) {
        map(self, now, next);
        moved = 0.0;
        for (size_t a = 0; a < size; a++)
            moved = fmax(moved, fabs(next[a] - now[a]));
        memcpy(now, next, size * sizeof(*now));
    }
    memcpy(m, now + size - k, k * sizeof(*m));
}

void ph_cloud_settle_beside(ph_cloud_t *self, uint32_t chain, ph_cloud_way_t way, double *m)
{
    gsl_rng_set(self->rng, 2 * (unsigned long)chain + 1);
    for (size_t mu = 0; mu < self->patterns && way != PH_CLOUD_PLAIN; mu++)
        m[mu] += SIGNS[way] *
                 gsl_ran_gaussian_ziggurat(self->rng, AROUND / (double)self->point->neurons);
    ph_cloud_settle(self, m);
}
