/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "analysis/exact/well.h"

#include <gsl/gsl_eigen.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "analysis/exact/lattice_private.h"
#include "base/floating.h"
#include "base/report.h"

enum { AXES = PH_EXACT_WELL_FEATURES };

/*
 * p is Gaussian at heart along each axis, of the width found there, and nowhere narrower than the
 * Gaussian of variance T/(N w) that makes x of the overlaps: the trapezoidal rule with step a of
 * the widths errs by exp(-2 pi^2 / a^2). NEGLIGIBLE below the peak the well is at its end. A level
 * that rises by RISE has come into another basin.
 */
static const double STEPS[] = {0.8, 0.65, 0.5, 0.4, 0.3};
static const double NEGLIGIBLE = 32.0, RISE = 1.0, AGREEMENT = 1e-7, TERMS_MAX = 1e7;
static const double WIDTH_STEP = 1.1;
/* Of the squares of skewness and excess: what they leave of <|m|>. Of frozen spins, whose cumulants
 * are those of Poisson's law, it is 0.27 of 16. */
static const double NEXT = 0.04;

/* Sums of p over what there is of each pattern. */
enum { OF_M, OF_SQUARE, OF_OWN, OF_FOURTH, OF_ABSOLUTE, OF_ABSOLUTE_OFF, OF_COUNT };

/* Given x, of each pattern: cumulants of the magnetization, from the first on. */
enum { CUMULANTS = 4 };

/* Sums of p: 1; x, x x; for each pattern M, M^2, what spins add to its variance, m^4, |m| and what
 * that may be off; the first three of the energy. */
typedef struct {
    double total, x[AXES], xx[AXES][AXES];
    double u, u_square, u_own;
    double *m; /* [OF_COUNT][patterns], and room for [CUMULANTS][patterns] */
} sums_t;

typedef struct {
    const ph_exact_rows_t *rows;
    ph_exact_well_t *out;
    ph_exact_lattice_t *lattice;
    double scaled[AXES]; /* w/T */
    double reference;    /* log p of the centre */
    double water;        /* the level so far */
    double inner;        /* the level of the last way between parts; INFINITY: none */
    sums_t sums;
    double *spin;   /* [rows] what spins are on average at the site that is looked at */
    double *corner; /* [patterns]: of <|m|> */
} filler_t;

static double field_of(const filler_t *self, size_t row, const double *x)
{
    const double *phi = self->rows->phi + row * self->rows->features;
    double h = 0.0;
    for (size_t a = 0; a < self->lattice->dimensions; a++)
        h += self->scaled[a] * phi[self->lattice->from[a]] * x[a];
    return h;
}

/* log p, up to a constant. */
static double log_density(const filler_t *self, const double *x)
{
    double value = 0.0;
    for (size_t a = 0; a < self->lattice->dimensions; a++)
        value -= 0.5 * self->scaled[a] * x[a] * x[a];
    for (size_t i = 0; i < self->rows->count; i++) {
        const double h = fabs(field_of(self, i, x));
        value += self->rows->share[i] * (h + log(1.0 + exp(-2.0 * h)));
    }
    return value * self->rows->neurons;
}

/* What spins are on average, given x: overlaps F, their squares beside F^2, and the cumulants of
 * the magnetizations, sums over independent spins. */
static void look(filler_t *self, const double *x, double *f, double *own, double *cumulants)
{
    const ph_exact_rows_t *rows = self->rows;
    const size_t d = self->lattice->dimensions, k = rows->patterns;
    memset(cumulants, 0, CUMULANTS * k * sizeof(*cumulants));
    for (size_t i = 0; i < rows->count; i++) {
        const double *phi = rows->phi + i * rows->features, *xi = rows->xi + i * k;
        const double h = field_of(self, i, x), e = exp(-2.0 * fabs(h)), share = rows->share[i];
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

/*
 * Entries that are 0 or signs put m on a lattice of step h = 2/N, which has a place at 0 where the
 * number of signs is even: by Euler and Maclaurin <|m|> is -h^2/6 times the density at 0 off, else
 * h^2/12.
 */
static double corner_of(const ph_exact_rows_t *rows, size_t mu)
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
static double energy_own(const filler_t *self, const double *f)
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

static void add_site(filler_t *self, const ph_exact_site_t *site)
{
    sums_t *sums = &self->sums;
    const size_t d = self->lattice->dimensions, k = self->rows->patterns;
    const double p = exp(site->value - self->reference);
    double x[AXES], f[AXES] = {0.0}, own[AXES] = {0.0}, u = 0.0;
    double *m = sums->m + OF_COUNT * k, *m_own = m + k, *third = m + 2 * k;
    ph_lattice_place(self->lattice, site->at, x);
    look(self, x, f, own, m);
    for (size_t a = 0; a < d; a++)
        u -= 0.5 * self->scaled[a] * self->rows->noise * (f[a] * f[a] + own[a]);
    sums->total += p;
    sums->u += p * u;
    sums->u_square += p * u * u;
    sums->u_own += p * energy_own(self, f);
    for (size_t mu = 0; mu < k; mu++) {
        sums->m[OF_M * k + mu] += p * m[mu];
        sums->m[OF_SQUARE * k + mu] += p * m[mu] * m[mu];
        sums->m[OF_OWN * k + mu] += p * m_own[mu];
        sums->m[OF_FOURTH * k + mu] += p * fourth_of(m[mu], m_own[mu], third[mu], third[k + mu]);
        double off;
        sums->m[OF_ABSOLUTE * k + mu] +=
            p * absolute_of(m + mu, k, self->corner[mu], self->rows->neurons, &off);
        sums->m[OF_ABSOLUTE_OFF * k + mu] += p * off;
    }
    for (size_t a = 0; a < d; a++) {
        const double off = x[a] - self->lattice->centre[a];
        sums->x[a] += p * off;
        for (size_t b = 0; b < d; b++)
            sums->xx[a][b] += p * off * (x[b] - self->lattice->centre[b]);
    }
}

static int reach_neighbours(filler_t *self, const int32_t *centre)
{
    const size_t d = self->lattice->dimensions;
    size_t count = 1;
    for (size_t a = 0; a < d; a++)
        count *= 3;
    for (size_t k = 0; k < count; k++) {
        int32_t at[AXES] = {0};
        double x[AXES];
        size_t rest = k;
        for (size_t a = 0; a < d; a++, rest /= 3)
            at[a] = centre[a] + (int32_t)(rest % 3) - 1;
        if (ph_lattice_find(self->lattice, at) != NULL)
            continue;
        if ((double)(self->lattice->count + 1) * (double)self->rows->count > TERMS_MAX)
            return PH_ERR_LIMIT;
        ph_lattice_place(self->lattice, at, x);
        const int status = ph_lattice_add(self->lattice, at, log_density(self, x));
        if (status != PH_OK)
            return status;
    }
    return PH_OK;
}

/* Takes sites in descending order of p; one above the level is in a basin that was poured into, and
 * was not seen before. */
static int fill(filler_t *self)
{
    ph_exact_well_t *out = self->out;
    int status = ph_lattice_add(self->lattice, (int32_t[AXES]){0}, self->reference);
    self->water = out->peak = self->reference;
    self->inner = out->barrier = INFINITY;
    while (status == PH_OK) {
        ph_exact_site_t *site = ph_lattice_take(self->lattice);
        if (site == NULL || site->value < out->peak - NEGLIGIBLE)
            break;
        if (site->value > self->water + RISE) {
            if (out->peak - self->water >= PH_EXACT_WELL_SEPARATE) {
                out->barrier = out->peak - self->water;
                break;
            }
            self->inner = self->water;
        }
        self->water = fmin(self->water, site->value);
        out->peak = fmax(out->peak, site->value);
        if (isfinite(self->inner) && out->peak - self->inner > PH_EXACT_WELL_JOINT)
            return PH_ERR_NUMERIC;
        site->inside = true;
        const ph_exact_site_t taken = *site;
        add_site(self, &taken);
        status = reach_neighbours(self, taken.at);
    }
    return status;
}

/* Share of the well within one T of its end: what is left out below the end, or belongs to the
 * other side, is less. */
static double find_edge(const filler_t *self)
{
    double sum = 0.0;
    if (!isfinite(self->out->barrier))
        return 0.0;
    for (size_t i = 0; i < self->lattice->count; i++) {
        const ph_exact_site_t *site = &self->lattice->sites[i];
        if (site->inside && site->value < self->water + 1.0)
            sum += exp(site->value - self->reference);
    }
    return sum / self->sums.total;
}

/* Eigenvectors of a symmetric matrix in rows of vectors, ascending. */
static int eigen(size_t d, double matrix[AXES][AXES], double *values, double vectors[AXES][AXES])
{
    gsl_matrix *a = gsl_matrix_alloc(d, d), *v = gsl_matrix_alloc(d, d);
    gsl_vector *lambda = gsl_vector_alloc(d);
    gsl_eigen_symmv_workspace *room = gsl_eigen_symmv_alloc(d);
    int status = a == NULL || v == NULL || lambda == NULL || room == NULL ? PH_ERR_MEMORY : PH_OK;
    for (size_t i = 0; status == PH_OK && i < d * d; i++)
        gsl_matrix_set(a, i / d, i % d, matrix[i / d][i % d]);
    if (status == PH_OK && (gsl_eigen_symmv(a, lambda, v, room) != 0 ||
                            gsl_eigen_symmv_sort(lambda, v, GSL_EIGEN_SORT_VAL_ASC) != 0))
        status = PH_ERR_NUMERIC;
    for (size_t i = 0; status == PH_OK && i < d; i++) {
        values[i] = gsl_vector_get(lambda, i);
        for (size_t j = 0; j < d; j++)
            vectors[i][j] = gsl_matrix_get(v, j, i);
    }
    gsl_eigen_symmv_free(room);
    gsl_vector_free(lambda);
    gsl_matrix_free(v);
    gsl_matrix_free(a);
    return status;
}

/* How far along a direction, on the nearer side, log p falls by 1/2, to a tenth. */
static double width_along(const filler_t *self, const double *direction)
{
    double width = 0.5; /* of the Gaussian of x, which is no wider than p */
    for (bool near = true; near && width < 1e6;) {
        const double next = WIDTH_STEP * width;
        for (int side = -1; side <= 1; side += 2) {
            double x[AXES];
            for (size_t a = 0; a < self->lattice->dimensions; a++)
                x[a] = self->lattice->centre[a] + side * next * direction[a];
            near = near && self->reference - log_density(self, x) < 0.5;
        }
        width = near ? next : width;
    }
    return width;
}

/* Axes along the eigenvectors of -(log p)'' at the centre, in units sqrt(T/(N w)) of x. */
static int set_axes(filler_t *self)
{
    const ph_exact_rows_t *rows = self->rows;
    const size_t d = self->lattice->dimensions;
    double matrix[AXES][AXES], values[AXES], vectors[AXES][AXES], unit[AXES];
    for (size_t a = 0; a < d; a++) {
        unit[a] = 1.0 / sqrt(rows->neurons * self->scaled[a]);
        for (size_t b = 0; b < d; b++)
            matrix[a][b] = a == b ? 1.0 : 0.0;
    }
    for (size_t i = 0; i < rows->count; i++) {
        const double *phi = rows->phi + i * rows->features;
        const double t = tanh(field_of(self, i, self->lattice->centre));
        for (size_t a = 0; a < d; a++)
            for (size_t b = 0; b < d; b++)
                matrix[a][b] -= rows->share[i] * (1.0 - t * t) *
                                sqrt(self->scaled[a] * self->scaled[b]) *
                                phi[self->lattice->from[a]] * phi[self->lattice->from[b]];
    }
    const int status = eigen(d, matrix, values, vectors);
    for (size_t i = 0; status == PH_OK && i < d; i++) {
        for (size_t a = 0; a < d; a++)
            self->lattice->axis[i][a] = vectors[i][a] * unit[a];
        const double width = width_along(self, self->lattice->axis[i]);
        for (size_t a = 0; a < d; a++) {
            self->lattice->axis[i][a] *= width;
            self->lattice->dual[i][a] = vectors[i][a] / (unit[a] * width);
        }
    }
    return status;
}

/* Axes of other steps, in units of the widths. */
static void scale_axes(ph_exact_lattice_t *self, double factor)
{
    for (size_t i = 0; i < self->dimensions; i++)
        for (size_t a = 0; a < self->dimensions; a++) {
            self->axis[i][a] *= factor;
            self->dual[i][a] /= factor;
        }
}

/* The inverse of the largest variance of x, in units of T/(N w), less what ways between parts take:
 * the rate of relaxation of a Gaussian well is the least curvature. */
static int find_rate(filler_t *self)
{
    const sums_t *sums = &self->sums;
    const size_t d = self->lattice->dimensions;
    double matrix[AXES][AXES], values[AXES], vectors[AXES][AXES];
    for (size_t a = 0; a < d; a++)
        for (size_t b = 0; b < d; b++)
            matrix[a][b] = self->rows->neurons * sqrt(self->scaled[a] * self->scaled[b]) *
                           (sums->xx[a][b] - sums->x[a] * sums->x[b] / sums->total) / sums->total;
    const int status = eigen(d, matrix, values, vectors);
    if (status == PH_OK)
        self->out->rate = exp(-self->out->inner) / fmax(values[d - 1], 1.0);
    return status;
}

/* The integral over x of p with its factors sqrt(N w/(2 pi T)). */
static double find_log_sum(const filler_t *self)
{
    const size_t d = self->lattice->dimensions;
    double log_sum = self->reference + log(self->sums.total);
    for (size_t i = 0; i < d; i++) { /* in units sqrt(T/(N w)) the axes are orthogonal */
        double square = 0.0;
        for (size_t a = 0; a < d; a++)
            square += pow(self->lattice->axis[i][a], 2) * self->rows->neurons * self->scaled[a];
        log_sum += 0.5 * log(square / (2.0 * acos(-1.0)));
    }
    return log_sum;
}

/* The averages of a filled well; what they differ from those before counts as their error. */
static void note(filler_t *self, bool again)
{
    ph_exact_well_t *out = self->out;
    const sums_t *sums = &self->sums;
    const size_t k = self->rows->patterns;
    out->inner = isfinite(self->inner) ? out->peak - self->inner : 0.0;
    out->edge = find_edge(self);
    out->log_sum = find_log_sum(self);
    for (size_t mu = 0; mu < k; mu++) {
        const double m = sums->m[mu] / sums->total;
        out->error[mu] = again ? fabs(m - out->m[mu]) + out->edge : (double)NAN;
        out->m[mu] = m;
        out->spread[mu] = sqrt(fmax(
            (sums->m[OF_SQUARE * k + mu] + sums->m[OF_OWN * k + mu]) / sums->total - m * m, 0.0));
        out->fourth[mu] = sums->m[OF_FOURTH * k + mu] / sums->total;
        const double absolute = sums->m[OF_ABSOLUTE * k + mu] / sums->total;
        const double off = sums->m[OF_ABSOLUTE_OFF * k + mu] / sums->total;
        out->absolute_error[mu] = again ? fabs(absolute - out->absolute[mu]) + off : (double)NAN;
        out->absolute[mu] = absolute;
    }
    const double u = sums->u / sums->total;
    out->energy_error = again ? fabs(u - out->energy) + out->edge : (double)NAN;
    out->energy = u;
    out->energy_spread = sqrt(fmax((sums->u_square + sums->u_own) / sums->total - u * u, 0.0));
}

/* Largest error of an average, beyond what the edge leaves open. */
static double disagreement(const filler_t *self)
{
    double worst = self->out->energy_error;
    for (size_t mu = 0; mu < self->rows->patterns; mu++)
        worst = fmax(worst, self->out->error[mu]);
    return worst - 2.0 * self->out->edge;
}

/* With finer steps until two agree. */
static int fill_until(filler_t *self)
{
    int status = set_axes(self);
    for (size_t pass = 0; pass < sizeof(STEPS) / sizeof(STEPS[0]) && status == PH_OK; pass++) {
        double *m = self->sums.m;
        memset(m, 0, OF_COUNT * self->rows->patterns * sizeof(*m));
        self->sums = (sums_t){.m = m};
        ph_lattice_clear(self->lattice);
        scale_axes(self->lattice, pass == 0 ? STEPS[0] : STEPS[pass] / STEPS[pass - 1]);
        status = fill(self);
        if (status == PH_OK)
            note(self, pass > 0);
        if (status == PH_OK && pass > 0 && disagreement(self) <= AGREEMENT)
            return find_rate(self);
    }
    return status == PH_OK ? PH_ERR_NUMERIC : status;
}

int ph_exact_well_init(ph_exact_well_t *self, const ph_exact_rows_t *rows, const double *centre)
{
    PH_FLOATING_GUARD();
    filler_t filler = {.rows = rows, .out = self, .lattice = &self->lattice};
    memset(self, 0, sizeof(*self));
    if (!(rows->noise > 0.0))
        return PH_ERR_LIMIT;
    for (size_t p = 0; p < rows->features; p++) {
        if (!(rows->weights[p] > 0.0))
            continue;
        if (self->lattice.dimensions == AXES)
            return PH_ERR_LIMIT;
        const size_t a = self->lattice.dimensions++;
        self->lattice.from[a] = p;
        self->lattice.centre[a] = centre[p];
        filler.scaled[a] = rows->weights[p] / rows->noise;
    }
    if (self->lattice.dimensions == 0)
        return PH_ERR_LIMIT;
    self->m = calloc(6 * rows->patterns, sizeof(*self->m));
    filler.sums.m = calloc((OF_COUNT + CUMULANTS) * rows->patterns, sizeof(*filler.sums.m));
    filler.spin = calloc(rows->count + rows->patterns, sizeof(*filler.spin));
    const bool room = self->m != NULL && filler.sums.m != NULL && filler.spin != NULL;
    int status = room ? PH_OK : PH_ERR_MEMORY;
    if (status == PH_OK) {
        self->spread = self->m + rows->patterns;
        self->error = self->m + 2 * rows->patterns;
        self->fourth = self->m + 3 * rows->patterns;
        self->absolute = self->m + 4 * rows->patterns;
        self->absolute_error = self->m + 5 * rows->patterns;
        filler.corner = filler.spin + rows->count;
        for (size_t mu = 0; mu < rows->patterns; mu++)
            filler.corner[mu] = corner_of(rows, mu);
        filler.reference = log_density(&filler, self->lattice.centre);
        status = fill_until(&filler);
    }
    free(filler.spin);
    free(filler.sums.m);
    return status;
}

void ph_exact_well_free(ph_exact_well_t *self)
{
    ph_lattice_free(&self->lattice);
    free(self->m);
    memset(self, 0, sizeof(*self));
}

double ph_exact_well_depth(const ph_exact_well_t *self, const double *n)
{
    double x[AXES];
    int32_t at[AXES];
    for (size_t a = 0; a < self->lattice.dimensions; a++)
        x[a] = n[self->lattice.from[a]];
    if (!ph_lattice_nearest(&self->lattice, x, at))
        return INFINITY;
    const ph_exact_site_t *site = ph_lattice_find(&self->lattice, at);
    return site != NULL && site->inside ? fmax(self->peak - site->value, 0.0) : (double)INFINITY;
}
