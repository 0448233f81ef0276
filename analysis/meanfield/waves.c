/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "analysis/meanfield/waves_private.h"

#include <math.h>
#include <string.h>

/*
 * A product law in time of the order of its components' values, not of its rows. With
 *
 *     tanh(h/T) = int_0^inf W(k) sin(k h) dk,    W(k) = T/sinh(pi T k/2),
 *
 * and h the sum of independent even terms h_p = w_p n_p phi_p, an average is a product,
 *
 *     E[phi_p tanh(h/T)] = int W E[phi_p sin(k h_p)] prod_{q != p} E[cos(k h_q)] dk,
 *
 * and so are its derivatives in w_q n_q and T log 2 cosh, the integral of tanh in h. The midpoint
 * rule of step 2 pi/X adds the same averages with fields moved by X, 2X, ..., of which only what
 * tanh differs from its sign by is seen: exp(-2 (X - largest field)/T).
 */
static const double PI = 3.14159265358979323846;
/* X is the largest field and so many T more; waves go on to where pi T k/2 is this. */
static const double BEYOND = 19.0, LAST = 40.0, FEWEST = 2.0 * BEYOND * LAST / (PI * PI);

enum { NEAR = 16, CHUNK = 4 * NEAR, MOST = PH_MEANFIELD_PATTERNS_MAX };

/* Averages over components at some wave numbers. */
typedef struct {
    size_t features;
    double k[CHUNK];
    double below[MOST + 1][CHUNK]; /* weight of the rule times the cosines of components before p */
    double cosine[MOST][CHUNK];    /* E cos(k h_p) */
    double phi[MOST][CHUNK];       /* E[phi_p sin(k h_p)] */
    double xi[MOST][CHUNK];        /* E[xi_p sin(k h_p)] */
    double square[MOST][CHUNK];    /* E[phi_p^2 cos(k h_p)] */
} waves_t;

/* cos and sin of (first + i + 1/2) angle, i < count, a multiple of NEAR. */
static void turn(double angle, size_t first, size_t count, double *cosine, double *sine)
{
    double c[NEAR] = {cos(0.5 * angle)}, s[NEAR] = {sin(0.5 * angle)};
    for (size_t size = 1; size < NEAR; size *= 2) {
        const double by_c = cos((double)size * angle), by_s = sin((double)size * angle);
        for (size_t i = 0; i < size; i++) {
            c[size + i] = c[i] * by_c - s[i] * by_s;
            s[size + i] = s[i] * by_c + c[i] * by_s;
        }
    }
    for (size_t at = 0; at < count; at += NEAR) {
        const double far = (double)(first + at) * angle, by_c = cos(far), by_s = sin(far);
        for (size_t i = 0; i < NEAR; i++) {
            cosine[at + i] = c[i] * by_c - s[i] * by_s;
            sine[at + i] = s[i] * by_c + c[i] * by_s;
        }
    }
}

/* Averages of component p at k = (first + i + 1/2) step; opposite values of phi are one. */
static void average(waves_t *self, const ph_local_t *local, size_t p, double scale, double step,
                    size_t first, size_t count)
{
    double cosine[CHUNK], sine[CHUNK];
    memset(self->cosine[p], 0, sizeof(self->cosine[p]));
    memset(self->phi[p], 0, sizeof(self->phi[p]));
    memset(self->xi[p], 0, sizeof(self->xi[p]));
    memset(self->square[p], 0, sizeof(self->square[p]));
    for (size_t j = 0; j < local->count; j++) {
        const double phi = local->phi[j], both = p > 0 && phi > 0.0 ? 2.0 : 1.0;
        const double probability = both * local->probability[j];
        if (phi < 0.0)
            continue;
        turn(scale * phi * step, first, count, cosine, sine);
        for (size_t i = 0; i < count; i++) {
            self->cosine[p][i] += probability * cosine[i];
            self->phi[p][i] += probability * phi * sine[i];
            self->xi[p][i] += probability * local->xi[j] * sine[i];
            self->square[p][i] += probability * phi * phi * cosine[i];
        }
    }
}

static void multiply(waves_t *self, size_t count)
{
    for (size_t p = 0; p < self->features; p++)
        for (size_t i = 0; i < count; i++)
            self->below[p + 1][i] = self->below[p][i] * self->cosine[p][i];
}

/* What pairs with component p add, others[i] being the product of all cosines after it. */
static void add_pairs(const waves_t *self, size_t p, const double *others, size_t count,
                      double *out)
{
    double with[CHUNK];
    for (size_t i = 0; i < count; i++) {
        with[i] = self->k[i] * others[i];
        out[p] += with[i] * self->below[p][i] * self->square[p][i];
        with[i] *= self->phi[p][i];
    }
    for (size_t q = p; q-- > 0;)
        for (size_t i = 0; i < count; i++) {
            out[q] -= with[i] * self->below[q][i] * self->phi[q][i];
            with[i] *= self->cosine[q][i];
        }
}

static void add(const waves_t *self, size_t count, const ph_sums_t *out)
{
    const size_t features = self->features;
    double above[CHUNK];
    for (size_t i = 0; i < count; i++)
        above[i] = 1.0;
    for (size_t i = 0; out->log_two_cosh != NULL && i < count; i++)
        *out->log_two_cosh += (self->below[0][i] - self->below[features][i]) / self->k[i];
    for (size_t p = features; p-- > 0;) {
        if (out->response != NULL)
            add_pairs(self, p, above, count, out->response + p * features);
        for (size_t i = 0; i < count; i++) {
            const double others = self->below[p][i] * above[i];
            if (out->n != NULL)
                out->n[p] += others * self->phi[p][i];
            if (out->m != NULL)
                out->m[p] += others * self->xi[p][i];
            above[i] *= self->cosine[p][i];
        }
    }
}

static double largest_field(const ph_meanfield_t *self, const double *n)
{
    double largest = 0.0;
    for (size_t p = 0; p < (size_t)self->features; p++) {
        const ph_local_t *local = &self->local[p];
        double phi = 0.0;
        for (size_t j = 0; j < local->count; j++)
            phi = fmax(phi, local->phi[j]);
        largest += fabs(self->weights[p] * n[p]) * phi;
    }
    return largest;
}

/* How many waves the rule takes, and its step. */
static double count_waves(const ph_meanfield_t *self, const double *n, double *step)
{
    *step = 2.0 * PI / (largest_field(self, n) + BEYOND * self->noise);
    return ceil(2.0 * LAST / (PI * self->noise * *step));
}

bool ph_waves_pay(const ph_meanfield_t *self, const double *n)
{
    double step, values = 0.0;
    if (self->law != PH_NEURON_EXACT || self->noise <= 0.0 ||
        (double)self->count < FEWEST * (double)self->features)
        return false;
    for (size_t p = 0; p < (size_t)self->features; p++)
        values += (double)self->local[p].count;
    return values * (count_waves(self, n, &step) + NEAR) < (double)self->count;
}

void ph_waves_sums(const ph_meanfield_t *self, const double *n, const ph_sums_t *out)
{
    const size_t features = (size_t)self->features;
    double step;
    const size_t waves = (size_t)count_waves(self, n, &step);
    waves_t at = {.features = features};
    if (out->n != NULL)
        memset(out->n, 0, features * sizeof(double));
    if (out->m != NULL)
        memset(out->m, 0, features * sizeof(double));
    if (out->response != NULL)
        memset(out->response, 0, features * features * sizeof(double));
    if (out->log_two_cosh != NULL)
        *out->log_two_cosh = self->noise * log(2.0);
    for (size_t first = 0, count; first < waves; first += count) {
        count = waves - first < CHUNK ? (waves - first + NEAR - 1) / NEAR * NEAR : CHUNK;
        for (size_t i = 0; i < count; i++) {
            at.k[i] = ((double)(first + i) + 0.5) * step;
            at.below[0][i] = step * self->noise / sinh(0.5 * PI * self->noise * at.k[i]);
        }
        for (size_t p = 0; p < features; p++)
            average(&at, &self->local[p], p, self->weights[p] * n[p], step, first, count);
        multiply(&at, count);
        add(&at, count, out);
    }
}
