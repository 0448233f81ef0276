/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <gsl/gsl_eigen.h>
#include <gsl/gsl_linalg.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "analysis/meanfield_private.h"

void ph_meanfield_matrix(const ph_rows_t *rows, const double *g, double noise, const double *m,
                         double *matrix)
{
    const size_t patterns = (size_t)rows->patterns;
    memset(matrix, 0, patterns * patterns * sizeof(*matrix));
    for (size_t i = 0; i < rows->count; i++) {
        const int8_t *row = rows->rows + i * patterns;
        const double t = ph_meanfield_spin(rows, i, g, noise, m);
        const double weight = rows->weights[i] * (1.0 - t * t);
        for (size_t mu = 0; mu < patterns; mu++)
            for (size_t nu = 0; row[mu] != 0 && nu <= mu; nu++)
                matrix[mu * patterns + nu] += weight * row[mu] * row[nu];
    }
    for (size_t mu = 0; mu < patterns; mu++)
        for (size_t nu = 0; nu <= mu; nu++) {
            const double value =
                (mu == nu ? 1.0 : 0.0) - sqrt(g[mu] * g[nu]) * matrix[mu * patterns + nu] / noise;
            matrix[mu * patterns + nu] = matrix[nu * patterns + mu] = value;
        }
}

int ph_meanfield_newton_step(double *matrix, const double *g, size_t patterns, double *r)
{
    int sign, status = PH_ERR_NUMERIC;
    size_t *order = malloc(patterns * sizeof(*order));
    double *right = malloc(patterns * sizeof(*right));
    if (order == NULL || right == NULL) {
        status = PH_ERR_MEMORY;
        goto out;
    }
    gsl_permutation permutation = {patterns, order};
    gsl_matrix_view view = gsl_matrix_view_array(matrix, patterns, patterns);
    if (gsl_linalg_LU_decomp(&view.matrix, &permutation, &sign) != GSL_SUCCESS)
        goto out;
    for (size_t mu = 0; mu < patterns; mu++) {
        /* GSL calls its error handler for a singular matrix; it is not given one. */
        if (!(fabs(matrix[mu * patterns + mu]) > 0.0))
            goto out;
        right[mu] = sqrt(g[mu]) * r[mu];
    }
    gsl_vector_view step = gsl_vector_view_array(right, patterns);
    if (gsl_linalg_LU_svx(&view.matrix, &permutation, &step.vector) != GSL_SUCCESS)
        goto out;
    for (size_t mu = 0; mu < patterns; mu++)
        if (g[mu] > 0.0)
            r[mu] = right[mu] / sqrt(g[mu]);
    status = PH_OK;
out:
    free(order);
    free(right);
    return status;
}

int ph_meanfield_least_eigenvalue(double *matrix, size_t patterns, double *value)
{
    int status = PH_ERR_MEMORY;
    double *values = malloc(patterns * sizeof(*values));
    gsl_eigen_symm_workspace *workspace = gsl_eigen_symm_alloc(patterns);
    if (values == NULL || workspace == NULL)
        goto out;
    gsl_matrix_view view = gsl_matrix_view_array(matrix, patterns, patterns);
    gsl_vector_view found = gsl_vector_view_array(values, patterns);
    status = gsl_eigen_symm(&view.matrix, &found.vector, workspace) == GSL_SUCCESS ? PH_OK
                                                                                   : PH_ERR_NUMERIC;
    *value = gsl_vector_min(&found.vector);
out:
    free(values);
    if (workspace != NULL)
        gsl_eigen_symm_free(workspace);
    return status;
}

int ph_meanfield_invert(double *matrix, size_t patterns)
{
    double least;
    double *copy = malloc(patterns * patterns * sizeof(*copy));
    if (copy == NULL)
        return PH_ERR_MEMORY;
    memcpy(copy, matrix, patterns * patterns * sizeof(*copy));
    int status = ph_meanfield_least_eigenvalue(copy, patterns, &least);
    free(copy);
    if (status != PH_OK)
        return status;
    if (!(least > 0.0))
        return PH_ERR_NUMERIC;
    gsl_matrix_view view = gsl_matrix_view_array(matrix, patterns, patterns);
    if (gsl_linalg_cholesky_decomp1(&view.matrix) != GSL_SUCCESS ||
        gsl_linalg_cholesky_invert(&view.matrix) != GSL_SUCCESS)
        return PH_ERR_NUMERIC;
    return PH_OK;
}

/*
 * With f'' = beta S A S (S = sqrt(g), A the stability matrix), C = (f'')^-1 is S^-1 A^-1 S^-1 /
 * beta. The sum over r, s of f'''_qrs C_rs is one average over rows: 2 beta^2 g_q <xi_q t (1 - t^2)
 * v.A^-1 v>, v = S xi. What is left is -(1/2N) C times that: S^-1 A^-1 (S u)(-beta/N), u_q = <xi_q
 * t (1 - t^2) v.A^-1 v>.
 */
static void add_loops(const ph_state_t *state, const ph_rows_t *rows, const double *g, double noise,
                      const double *inverse, double *u)
{
    const size_t patterns = (size_t)rows->patterns;
    for (size_t i = 0; i < rows->count; i++) {
        const int8_t *row = rows->rows + i * patterns;
        const double t = ph_meanfield_spin(rows, i, g, noise, state->magnetization);
        double quadratic = 0.0;
        for (size_t r = 0; r < patterns; r++)
            for (size_t s = 0; row[r] != 0 && s < patterns; s++)
                quadratic += sqrt(g[r] * g[s]) * row[r] * row[s] * inverse[r * patterns + s];
        const double weight = rows->weights[i] * t * (1.0 - t * t) * quadratic;
        for (size_t q = 0; q < patterns; q++)
            u[q] += weight * row[q];
    }
}

static int loop_correction(const ph_state_t *state, const ph_rows_t *rows, const double *g,
                           double noise, int64_t neurons, double *correction)
{
    const size_t patterns = (size_t)rows->patterns;
    int status = PH_ERR_MEMORY;
    double *inverse = malloc(patterns * patterns * sizeof(*inverse));
    double *u = calloc(patterns, sizeof(*u));
    if (inverse == NULL || u == NULL)
        goto out;
    ph_meanfield_matrix(rows, g, noise, state->magnetization, inverse);
    status = ph_meanfield_invert(inverse, patterns);
    if (status != PH_OK)
        goto out;
    add_loops(state, rows, g, noise, inverse, u);
    for (size_t p = 0; p < patterns; p++) {
        for (size_t q = 0; g[p] > 0.0 && q < patterns; q++)
            correction[p] -= inverse[p * patterns + q] * sqrt(g[q] / g[p]) * u[q];
        correction[p] /= noise * (double)neurons;
    }
out:
    free(inverse);
    free(u);
    return status;
}

int ph_meanfield_correction(const ph_state_t *state, const ph_rows_t *rows, const double *g,
                            double noise, int64_t neurons, double *correction, ph_report_t *report)
{
    memset(correction, 0, (size_t)rows->patterns * sizeof(*correction));
    int status = PH_OK;
    if (!state->converged || !(state->stability > 0.0))
        status = PH_ERR_NUMERIC;
    else if (noise > 0.0) /* at zero noise 1 - t^2 and every loop vanish */
        status = loop_correction(state, rows, g, noise, neurons, correction);
    if (status == PH_ERR_MEMORY)
        return ph_fail(report, status, "no memory for the finite-size correction");
    if (status != PH_OK)
        return ph_fail(report, PH_ERR_NUMERIC,
                       "no finite-size correction: the mean-field state is not a stable solution "
                       "(least eigenvalue %g); it needs a point away from a transition",
                       state->stability);
    return PH_OK;
}
