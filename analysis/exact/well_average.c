/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Averages of a filled well from its sums. */
#include <float.h>
#include <gsl/gsl_eigen.h>
#include <math.h>
#include <string.h>

#include "analysis/exact/well_private.h"
#include "base/report.h"

enum { AXES = PH_WELL_AXES };
static const double AT_LEAST = 0.25;

int ph_well_eigen(size_t d, double matrix[AXES][AXES], double *values, double vectors[AXES][AXES])
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

/* The inverse of the largest variance of x, in units of T/(N w), less what ways between parts take:
 * the rate of relaxation of a Gaussian well is the least curvature. */
int ph_well_find_rate(ph_well_filler_t *self)
{
    const ph_well_sums_t *sums = &self->sums;
    const size_t d = self->lattice->dimensions;
    double matrix[AXES][AXES], values[AXES], vectors[AXES][AXES];
    for (size_t a = 0; a < d; a++)
        for (size_t b = 0; b < d; b++)
            matrix[a][b] = self->rows->neurons * sqrt(self->scaled[a] * self->scaled[b]) *
                           (sums->xx[a][b] - sums->x[a] * sums->x[b] / sums->total) / sums->total;
    const int status = ph_well_eigen(d, matrix, values, vectors);
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
        log_sum += 0.5 * log(fmax(square, DBL_MIN) / (2.0 * acos(-1.0)));
    }
    return log_sum;
}

/* What an average differs by from that of another lattice, and the edge; with a tolerance no less
 * than a share of that, as half of a lattice may agree with the whole by chance. */
static double error_of(const ph_well_filler_t *self, double difference, double spread)
{
    return fmax(fabs(difference), AT_LEAST * self->rows->tolerance * spread) + self->out->edge;
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

void ph_well_note(ph_well_filler_t *self, bool again)
{
    ph_exact_well_t *out = self->out;
    const ph_well_sums_t *sums = &self->sums;
    const size_t k = self->rows->patterns;
    out->inner = isfinite(self->inner) ? out->peak - self->inner : 0.0;
    out->edge = self->edge / sums->total;
    out->log_sum = find_log_sum(self);
    for (size_t mu = 0; mu < k; mu++) {
        const double m = sums->m[mu] / sums->total;
        const double own = sums->m[PH_WELL_OF_OWN * k + mu];
        out->spread[mu] = spread_of((sums->m[PH_WELL_OF_SQUARE * k + mu] + own) / sums->total, m);
        out->error[mu] = again ? error_of(self, m - out->m[mu], out->spread[mu]) : (double)NAN;
        out->m[mu] = m;
        note_sizes(self, again, mu);
    }
    const double u = sums->u / sums->total;
    out->energy_spread = spread_of((sums->u_square + sums->u_own) / sums->total, u);
    out->energy_error = again ? error_of(self, u - out->energy, out->energy_spread) : (double)NAN;
    out->energy = u;
}

/* Beyond what the edge leaves open; of what is no number, nothing is known. */
static bool close_enough(const ph_well_filler_t *self, double error, double spread)
{
    const double most = fmax(PH_WELL_AGREEMENT, self->rows->tolerance * spread);
    return error - 2.0 * self->out->edge <= most;
}

bool ph_well_agrees(const ph_well_filler_t *self)
{
    const ph_exact_well_t *out = self->out;
    bool all = close_enough(self, out->energy_error, out->energy_spread);
    for (size_t mu = 0; mu < self->rows->patterns; mu++)
        all = all && close_enough(self, out->error[mu], out->spread[mu]);
    return all;
}

void ph_well_clear_sums(const ph_well_filler_t *self, ph_well_sums_t *sums)
{
    double *m = sums->m;
    memset(m, 0, PH_WELL_OF_COUNT * self->rows->patterns * sizeof(*m));
    *sums = (ph_well_sums_t){.m = m};
}

void ph_well_add_sums(const ph_well_filler_t *self, ph_well_sums_t *to, const ph_well_sums_t *from)
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

double ph_well_off_by_parts(const ph_well_filler_t *self)
{
    const ph_well_sums_t *sums = &self->sums;
    double worst = 0.0;
    for (size_t a = 0; a < self->lattice->dimensions; a++) {
        const double own = 1.0 / (self->rows->neurons * self->scaled[a]), x = sums->x[a];
        const double variance = (sums->xx[a][a] - x * x / sums->total) / sums->total;
        const double spread = sqrt(self->rows->tolerance > 0.0 ? fmax(own, variance) : own);
        worst = fmax(worst, fabs(sums->lag[a] / sums->total) * spread / own);
        worst = fmax(worst, fabs(sums->gap[a] / sums->total - own) / own);
    }
    return worst;
}
