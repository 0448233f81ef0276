/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What there is at one site of a well. */
#include <math.h>
#include <string.h>

#include "analysis/exact/lattice_private.h"
#include "analysis/exact/well_private.h"
#include "analysis/meanfield/spin.h"

enum { AXES = PH_WELL_AXES, TOGETHER = 16 };
/* Of the squares of skewness and excess: what they leave of <|m|>. Of frozen spins, whose cumulants
 * are those of Poisson's law, it is 0.27 of 16. */
static const double NEXT = 0.04;

double ph_well_field(const ph_well_filler_t *self, size_t row, const double *x)
{
    const double *phi = self->rows->phi + row * self->rows->features;
    double h = 0.0;
    for (size_t a = 0; a < self->lattice->dimensions; a++)
        h += self->scaled[a] * phi[self->lattice->from[a]] * x[a];
    return h;
}

double ph_well_log_density(const ph_well_filler_t *self, const double *x)
{
    const size_t count = self->rows->count;
    double value = 0.0, fields[TOGETHER], logs[TOGETHER];
    for (size_t a = 0; a < self->lattice->dimensions; a++)
        value -= 0.5 * self->scaled[a] * x[a] * x[a];
    for (size_t first = 0; first < count; first += TOGETHER) {
        const size_t size = count - first < TOGETHER ? count - first : TOGETHER;
        for (size_t i = 0; i < size; i++)
            fields[i] = ph_well_field(self, first + i, x);
        ph_spin_logs(fields, size, 1.0, logs);
        for (size_t i = 0; i < size; i++)
            value += self->rows->share[first + i] * logs[i];
    }
    return value * self->rows->neurons;
}

/* What spins are on average, given x: overlaps F, their squares beside F^2, and the cumulants of
 * the magnetizations, sums over independent spins. */
static void look(ph_well_filler_t *self, const double *x, double *f, double *own, double *cumulants)
{
    const ph_exact_rows_t *rows = self->rows;
    const size_t d = self->lattice->dimensions, k = rows->patterns;
    memset(cumulants, 0, PH_WELL_CUMULANTS * k * sizeof(*cumulants));
    for (size_t i = 0; i < rows->count; i++) {
        const double *phi = rows->phi + i * rows->features, *xi = rows->xi + i * k;
        const double h = ph_well_field(self, i, x), e = exp(-2.0 * fabs(h)), share = rows->share[i];
        const double t = copysign((1.0 - e) / (1.0 + e), h); /* tanh h, to 10^-16 */
        const double loose = share * (1.0 - t * t) / rows->neurons;
        self->spin[i] = t;
        for (size_t a = 0; a < d; a++) {
            const double entry = phi[self->lattice->from[a]];
            f[a] += share * entry * t;
            own[a] += loose * entry * entry;
        }
        for (size_t mu = 0; mu < k; mu++) {
            const double entry = xi[mu], second = loose * entry * entry;
            const double next = entry / rows->neurons;
            cumulants[mu] += share * entry * t;
            cumulants[k + mu] += second;
            cumulants[2 * k + mu] -= second * next * 2.0 * t;
            cumulants[3 * k + mu] += second * next * next * (6.0 * t * t - 2.0);
        }
    }
}

/* <m^4> of these cumulants. */
static double fourth_of(double m, double own, double third, double fourth)
{
    return pow(m, 4) + 6.0 * m * m * own + 3.0 * own * own + 4.0 * m * third + fourth;
}

/*
 * <|m|> of these cumulants, by Edgeworth's series, in which |m| has a second derivative at 0 alone;
 * on a lattice this corner adds `corner` times the density there. The series is one in 1 over the
 * number of loose spins, L = N^2 own: `off` is about its next term, which where spins are frozen is
 * larger than all before. But it is |<m>| at least and sqrt(<m^2>) at most.
 */
static double absolute_of(const double *cumulants, size_t stride, double corner, double neurons,
                          double *off)
{
    const double m = cumulants[0], own = cumulants[stride], third = cumulants[2 * stride];
    const double fourth = cumulants[3 * stride], least = fabs(m), most = sqrt(m * m + own);
    *off = 0.0;
    if (!(own > 0.0))
        return least;
    const double sigma = sqrt(own), z = m / sigma, zz = z * z;
    const double bell = exp(-0.5 * zz) / sqrt(2.0 * acos(-1.0));
    const double skew = third / (own * sigma), excess = fourth / (own * own);
    const double series = 1.0 - skew * z / 6.0 + excess * (zz - 1.0) / 24.0 +
                          skew * skew * ((zz - 6.0) * zz + 3.0) / 72.0;
    const double loose = neurons * neurons * own;
    const double next = fmax(fmax(fabs(excess), skew * skew), 2.0 / loose) * (1.0 + zz);
    *off = fmin(2.0 * sigma * bell * NEXT * next * next, most - least);
    return fmin(
        fmax(m * erf(z / sqrt(2.0)) + bell * (2.0 * sigma * series + corner / sigma), least), most);
}

double ph_well_corner(const ph_exact_rows_t *rows, size_t mu)
{
    const double step = 2.0 / rows->neurons;
    double signs = 0.0;
    for (size_t i = 0; i < rows->count; i++) {
        const double entry = fabs(rows->xi[i * rows->patterns + mu]);
        if (entry != 0.0 && entry != 1.0)
            return 0.0;
        signs += entry * rows->share[i] * rows->neurons;
    }
    return step * step * (fmod(round(signs), 2.0) == 0.0 ? -1.0 / 6.0 : 1.0 / 12.0);
}

/* The variance, given x, of the energy -(1/2) sum w o^2 of overlaps o = F + eta that are sums over
 * independent spins: by their cumulants. */
static double energy_own(const ph_well_filler_t *self, const double *f)
{
    const ph_exact_rows_t *rows = self->rows;
    const size_t d = self->lattice->dimensions;
    double pair[AXES][AXES] = {{0.0}}, sum = 0.0;
    for (size_t i = 0; i < rows->count; i++) {
        const double *phi = rows->phi + i * rows->features, t = self->spin[i];
        const double loose = rows->share[i] * (1.0 - t * t) / rows->neurons;
        const double third = -2.0 * t / rows->neurons;
        const double fourth = (6.0 * t * t - 2.0) / (rows->neurons * rows->neurons);
        double square = 0.0, along = 0.0;
        for (size_t a = 0; a < d; a++) {
            const double entry = phi[self->lattice->from[a]];
            const double weight = self->scaled[a] * rows->noise;
            along += weight * f[a] * entry;
            square += weight * entry * entry;
            for (size_t b = 0; b < d; b++)
                pair[a][b] += loose * entry * phi[self->lattice->from[b]];
        }
        sum += loose * (along * along + third * along * square + 0.25 * fourth * square * square);
    }
    for (size_t a = 0; a < d; a++)
        for (size_t b = 0; b < d; b++)
            sum += 0.5 * self->scaled[a] * self->scaled[b] * pow(rows->noise * pair[a][b], 2);
    return sum;
}

void ph_well_add_site(ph_well_filler_t *self, const ph_exact_site_t *site)
{
    ph_well_sums_t *sums = &self->sums;
    const size_t d = self->lattice->dimensions, k = self->rows->patterns;
    const double p = exp(site->value - self->reference);
    double x[AXES], f[AXES] = {0.0}, own[AXES] = {0.0}, u = 0.0;
    double *m = sums->m + PH_WELL_OF_COUNT * k, *m_own = m + k, *third = m + 2 * k;
    ph_lattice_place(self->lattice, site->at, x);
    look(self, x, f, own, m);
    for (size_t a = 0; a < d; a++)
        u -= 0.5 * self->scaled[a] * self->rows->noise * (f[a] * f[a] + own[a]);
    sums->total += p;
    sums->u += p * u;
    sums->u_square += p * u * u;
    sums->u_own += p * energy_own(self, f);
    for (size_t mu = 0; mu < k; mu++) {
        sums->m[PH_WELL_OF_M * k + mu] += p * m[mu];
        sums->m[PH_WELL_OF_SQUARE * k + mu] += p * m[mu] * m[mu];
        sums->m[PH_WELL_OF_OWN * k + mu] += p * m_own[mu];
        if (self->rows->first_two)
            continue;
        sums->m[PH_WELL_OF_FOURTH * k + mu] +=
            p * fourth_of(m[mu], m_own[mu], third[mu], third[k + mu]);
        double off;
        sums->m[PH_WELL_OF_ABSOLUTE * k + mu] +=
            p * absolute_of(m + mu, k, self->corner[mu], self->rows->neurons, &off);
        sums->m[PH_WELL_OF_ABSOLUTE_OFF * k + mu] += p * off;
    }
    for (size_t a = 0; a < d; a++) {
        const double off = x[a] - self->lattice->centre[a];
        sums->x[a] += p * off;
        for (size_t b = 0; b < d; b++)
            sums->xx[a][b] += p * off * (x[b] - self->lattice->centre[b]);
    }
}
