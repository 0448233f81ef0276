/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "analysis/exact/well.h"

#include <float.h>
#include <gsl/gsl_eigen.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "analysis/exact/lattice_private.h"
#include "analysis/exact/well_private.h"
#include "base/floating.h"
#include "base/report.h"

enum { AXES = PH_WELL_AXES };

/*
 * p is Gaussian at heart along each axis, of the width found there, and nowhere narrower than the
 * Gaussian of variance T/(N w) that makes x of the overlaps: the trapezoidal rule with step a of
 * the widths errs by exp(-2 pi^2 / a^2).
 */
static const double STEPS[] = {0.8, 0.65, 0.5, 0.4, 0.3};
enum {
    FINE = 1
}; /* of three axes, every second site of its lattice is as good as the one before */
static const double AGREEMENT = 1e-7, BY_PARTS = 1e-9;
static const double WIDTH_STEP = 1.1;

static int reach_neighbours(ph_well_filler_t *self, const int32_t *centre)
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
        if ((double)(self->lattice->count + 1) * (double)self->rows->count > PH_WELL_TERMS)
            return PH_ERR_LIMIT;
        ph_lattice_place(self->lattice, at, x);
        const int status = ph_lattice_add(self->lattice, at, ph_well_log_density(self, x));
        if (status != PH_OK)
            return status;
    }
    return PH_OK;
}

/* One above the level is in a basin that was poured into, and was not seen before. */
int ph_well_pour(ph_well_filler_t *self, double value, bool *end)
{
    ph_exact_well_t *out = self->out;
    *end = value < out->peak - PH_WELL_NEGLIGIBLE;
    if (*end)
        return PH_OK;
    if (value > self->water + PH_WELL_RISE) {
        *end = out->peak - self->water >= PH_EXACT_WELL_SEPARATE;
        if (*end) {
            out->barrier = out->peak - self->water;
            return PH_OK;
        }
        self->inner = self->water;
    }
    self->water = fmin(self->water, value);
    out->peak = fmax(out->peak, value);
    return isfinite(self->inner) && out->peak - self->inner > PH_EXACT_WELL_JOINT ? PH_ERR_NUMERIC
                                                                                  : PH_OK;
}

/* The sum of p within one T of the well's end: what is left out below the end, or belongs to the
 * other side, is less. */
static double find_edge(const ph_well_filler_t *self)
{
    double sum = 0.0;
    if (!isfinite(self->out->barrier))
        return 0.0;
    for (size_t i = 0; i < self->lattice->count; i++) {
        const ph_exact_site_t *site = &self->lattice->sites[i];
        if (site->inside && site->value < self->water + 1.0)
            sum += exp(site->value - self->reference);
    }
    return sum;
}

/* Takes sites in descending order of p. */
static int fill(ph_well_filler_t *self)
{
    ph_exact_well_t *out = self->out;
    bool end = false;
    int status = ph_lattice_add(self->lattice, (int32_t[AXES]){0}, self->reference);
    self->water = out->peak = self->reference;
    self->inner = out->barrier = INFINITY;
    while (status == PH_OK) {
        ph_exact_site_t *site = ph_lattice_take(self->lattice);
        if (site == NULL)
            break;
        status = ph_well_pour(self, site->value, &end);
        if (status != PH_OK || end)
            break;
        site->inside = true;
        const ph_exact_site_t taken = *site;
        ph_well_add_site(self, &taken);
        status = reach_neighbours(self, taken.at);
    }
    self->edge = find_edge(self);
    return status;
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
static double width_along(const ph_well_filler_t *self, const double *direction)
{
    double width = 0.5; /* of the Gaussian of x, which is no wider than p */
    for (bool near = true; near && width < 1e6;) {
        const double next = WIDTH_STEP * width;
        for (int side = -1; side <= 1; side += 2) {
            double x[AXES];
            for (size_t a = 0; a < self->lattice->dimensions; a++)
                x[a] = self->lattice->centre[a] + side * next * direction[a];
            near = near && self->reference - ph_well_log_density(self, x) < 0.5;
        }
        width = near ? next : width;
    }
    return width;
}

/* Axes along the eigenvectors of -(log p)'' at the centre, in units sqrt(T/(N w)) of x. */
static int set_axes(ph_well_filler_t *self)
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
        const double t = tanh(ph_well_field(self, i, self->lattice->centre));
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
static int find_rate(ph_well_filler_t *self)
{
    const ph_well_sums_t *sums = &self->sums;
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
static double find_log_sum(const ph_well_filler_t *self)
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

/* Of <m^4> and <|m|> of a pattern. */
static void note_sizes(ph_well_filler_t *self, bool again, size_t mu)
{
    ph_exact_well_t *out = self->out;
    const ph_well_sums_t *sums = &self->sums;
    const size_t k = self->rows->patterns;
    const double absolute = sums->m[PH_WELL_OF_ABSOLUTE * k + mu] / sums->total;
    const double off = sums->m[PH_WELL_OF_ABSOLUTE_OFF * k + mu] / sums->total;
    out->fourth[mu] = sums->m[PH_WELL_OF_FOURTH * k + mu] / sums->total;
    out->absolute_error[mu] = again ? fabs(absolute - out->absolute[mu]) + off : (double)NAN;
    out->absolute[mu] = absolute;
    if (self->rows->first_two)
        out->fourth[mu] = out->absolute[mu] = out->absolute_error[mu] = (double)NAN;
}

/* From averages; 0 where rounding of these leaves no more. */
static double spread_of(double square, double mean)
{
    const double variance = square - mean * mean;
    return variance > 8.0 * DBL_EPSILON * square ? sqrt(variance) : 0.0;
}

/* The averages of a filled well; what they differ from those before counts as their error. */
static void note(ph_well_filler_t *self, bool again)
{
    ph_exact_well_t *out = self->out;
    const ph_well_sums_t *sums = &self->sums;
    const size_t k = self->rows->patterns;
    out->inner = isfinite(self->inner) ? out->peak - self->inner : 0.0;
    out->edge = self->edge / sums->total;
    out->log_sum = find_log_sum(self);
    for (size_t mu = 0; mu < k; mu++) {
        const double m = sums->m[mu] / sums->total;
        out->error[mu] = again ? fabs(m - out->m[mu]) + out->edge : (double)NAN;
        out->m[mu] = m;
        const double own = sums->m[PH_WELL_OF_OWN * k + mu];
        out->spread[mu] = spread_of((sums->m[PH_WELL_OF_SQUARE * k + mu] + own) / sums->total, m);
        note_sizes(self, again, mu);
    }
    const double u = sums->u / sums->total;
    out->energy_error = again ? fabs(u - out->energy) + out->edge : (double)NAN;
    out->energy = u;
    out->energy_spread = spread_of((sums->u_square + sums->u_own) / sums->total, u);
}

/* Largest error of an average, beyond what the edge leaves open. */
static double disagreement(const ph_well_filler_t *self)
{
    double worst = self->out->energy_error;
    for (size_t mu = 0; mu < self->rows->patterns; mu++)
        worst = fmax(worst, self->out->error[mu]);
    return worst - 2.0 * self->out->edge;
}

static void clear_sums(const ph_well_filler_t *self, ph_well_sums_t *sums)
{
    double *m = sums->m;
    memset(m, 0, PH_WELL_OF_COUNT * self->rows->patterns * sizeof(*m));
    *sums = (ph_well_sums_t){.m = m};
}

/* Those of some sites to those of others. */
static void add_sums(const ph_well_filler_t *self, ph_well_sums_t *to, const ph_well_sums_t *from)
{
    to->total += from->total;
    to->u += from->u;
    to->u_square += from->u_square;
    to->u_own += from->u_own;
    for (size_t a = 0; a < AXES; a++) {
        to->x[a] += from->x[a];
        to->lag[a] += from->lag[a];
        to->gap[a] += from->gap[a];
        for (size_t b = 0; b < AXES; b++)
            to->xx[a][b] += from->xx[a][b];
    }
    for (size_t i = 0; i < PH_WELL_OF_COUNT * self->rows->patterns; i++)
        to->m[i] += from->m[i];
}

/*
 * What averages are off by, over what x fluctuates by given the spins: integrals by parts have <x>
 * = <o> and <x x> = <o o> + T/(N w), of which the sums of p fall short by as much as by all else.
 */
static double off_by_parts(const ph_well_filler_t *self)
{
    const ph_well_sums_t *sums = &self->sums;
    double worst = 0.0;
    for (size_t a = 0; a < self->lattice->dimensions; a++) {
        const double square = 1.0 / (self->rows->neurons * self->scaled[a]);
        worst = fmax(worst, fabs(sums->lag[a]) / (sums->total * sqrt(square)));
        worst = fmax(worst, fabs(sums->gap[a] / (sums->total * square) - 1.0));
    }
    return worst;
}

/* A well with one maximum, by lines, once: at a step of the widths. What it is held against is the
 * pass before, or (`halves`) the sites of it whose places add up to an even number. */
static int pass_quick(ph_well_filler_t *self, ph_well_lines_t *lines, ph_well_sums_t *odd,
                      bool halves, bool *filled)
{
    clear_sums(self, &self->sums);
    const int status = ph_well_lines_fill(lines, self, odd, filled);
    if (status != PH_OK || !*filled)
        return status;
    const bool again = isfinite(self->out->energy);
    if (halves)
        note(self, false);
    add_sums(self, &self->sums, odd);
    note(self, halves || again);
    return PH_OK;
}

/*
 * At step FINE, where integrals by parts say that it is enough; they do not see everything, and so
 * half of its sites are a second resolution, a lattice of three axes with 1.26 of its step. Else at
 * the step before, and at FINE against that.
 */
static int fill_quick(ph_well_filler_t *self, ph_well_lines_t *lines, ph_well_sums_t *odd,
                      bool *filled)
{
    static const size_t PASSES[] = {FINE, 0, FINE};
    const double centre = self->reference;
    double steps = 1.0;
    int status = PH_OK;
    for (size_t k = self->lattice->dimensions == AXES ? 0 : 1; k < 3; k++) {
        const bool alone = k == 0;
        scale_axes(self->lattice, STEPS[PASSES[k]] / steps);
        steps = STEPS[PASSES[k]];
        self->reference = centre;
        self->out->energy = k < 2 ? (double)NAN : self->out->energy;
        status = pass_quick(self, lines, odd, alone, filled);
        if (status != PH_OK || !*filled)
            break;
        *filled = k != 1 && disagreement(self) <= AGREEMENT;
        if (*filled && (!alone || off_by_parts(self) <= BY_PARTS))
            return PH_OK;
        *filled = false;
    }
    scale_axes(self->lattice, 1.0 / steps);
    self->reference = centre;
    return status;
}

/* By lines as far as they go, else by sites; `kept` says which. */
static int fill_once(ph_well_filler_t *self, ph_well_lines_t *lines, ph_well_sums_t *odd,
                     bool *by_lines)
{
    *by_lines = lines != NULL;
    clear_sums(self, &self->sums);
    ph_lattice_clear(self->lattice);
    if (*by_lines) {
        const int status = ph_well_lines_order(lines, self, odd, by_lines);
        if (status != PH_OK)
            return status;
    }
    if (!*by_lines)
        return fill(self);
    add_sums(self, &self->sums, odd);
    return PH_OK;
}

/* With finer steps until two agree. */
static int fill_finer(ph_well_filler_t *self, ph_well_lines_t *lines, ph_well_sums_t *odd,
                      bool *by_lines)
{
    const double centre = self->reference;
    int status = PH_OK;
    for (size_t pass = 0; pass < sizeof(STEPS) / sizeof(STEPS[0]) && status == PH_OK; pass++) {
        scale_axes(self->lattice, pass == 0 ? STEPS[0] : STEPS[pass] / STEPS[pass - 1]);
        self->reference = centre;
        status = fill_once(self, lines, odd, by_lines);
        if (status == PH_OK)
            note(self, pass > 0);
        if (status == PH_OK && pass > 0 && disagreement(self) <= AGREEMENT)
            return PH_OK;
    }
    return status == PH_OK ? PH_ERR_NUMERIC : status;
}

static int fill_well(ph_well_filler_t *self)
{
    ph_well_lines_t *lines = NULL;
    ph_well_sums_t odd = {.m = calloc(PH_WELL_OF_COUNT * self->rows->patterns, sizeof(double))};
    bool by_lines = false;
    int status = odd.m == NULL ? PH_ERR_MEMORY : set_axes(self);
    if (status == PH_OK)
        status = ph_well_lines_init(&lines, self);
    if (status == PH_OK && lines != NULL)
        status = fill_quick(self, lines, &odd, &by_lines);
    if (status == PH_OK && !by_lines)
        status = fill_finer(self, lines, &odd, &by_lines);
    if (status == PH_OK && by_lines)
        status = ph_well_lines_keep(lines, self->lattice);
    if (status == PH_OK)
        status = find_rate(self);
    free(odd.m);
    ph_well_lines_free(lines);
    return status;
}

int ph_exact_well_init(ph_exact_well_t *self, const ph_exact_rows_t *rows, const double *centre)
{
    PH_FLOATING_GUARD();
    ph_well_filler_t filler = {.rows = rows, .out = self, .lattice = &self->lattice};
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
    filler.sums.m =
        calloc((PH_WELL_OF_COUNT + PH_WELL_CUMULANTS) * rows->patterns, sizeof(*filler.sums.m));
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
            filler.corner[mu] = ph_well_corner(rows, mu);
        filler.reference = ph_well_log_density(&filler, self->lattice.centre);
        status = fill_well(&filler);
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
    if (self->lattice.lines != NULL)
        return fmax(self->peak - ph_well_lines_value(&self->lattice, at), 0.0);
    const ph_exact_site_t *site = ph_lattice_find(&self->lattice, at);
    return site != NULL && site->inside ? fmax(self->peak - site->value, 0.0) : (double)INFINITY;
}
