/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <gsl/gsl_eigen.h>
#include <gsl/gsl_linalg.h>
#include <gsl/gsl_sort.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "analysis/meanfield/meanfield_private.h"
#include "base/floating.h"

int ph_newton_step(double *matrix, const double *w, size_t features, double *r)
{
    int sign, status = PH_ERR_NUMERIC;
    size_t *order = malloc(features * sizeof(*order));
    double *right = malloc(features * sizeof(*right));
    if (order == NULL || right == NULL) {
        status = PH_ERR_MEMORY;
        goto out;
    }
    gsl_permutation permutation = {features, order};
    gsl_matrix_view view = gsl_matrix_view_array(matrix, features, features);
    if (gsl_linalg_LU_decomp(&view.matrix, &permutation, &sign) != GSL_SUCCESS)
        goto out;
    for (size_t p = 0; p < features; p++) {
        /* GSL calls its error handler for a singular matrix; it is not given one. */
        if (!(fabs(matrix[p * features + p]) > 0.0))
            goto out;
        right[p] = sqrt(w[p]) * r[p];
    }
    gsl_vector_view step = gsl_vector_view_array(right, features);
    if (gsl_linalg_LU_svx(&view.matrix, &permutation, &step.vector) != GSL_SUCCESS)
        goto out;
    for (size_t p = 0; p < features; p++)
        if (w[p] > 0.0)
            r[p] = right[p] / sqrt(w[p]);
    status = PH_OK;
out:
    free(order);
    free(right);
    return status;
}

int ph_meanfield_spectrum(double *matrix, size_t size, double *values)
{
    PH_FLOATING_GUARD();
    gsl_eigen_symm_workspace *workspace = gsl_eigen_symm_alloc(size);
    if (workspace == NULL)
        return PH_ERR_MEMORY;
    gsl_matrix_view view = gsl_matrix_view_array(matrix, size, size);
    gsl_vector_view found = gsl_vector_view_array(values, size);
    const int status = gsl_eigen_symm(&view.matrix, &found.vector, workspace);
    gsl_eigen_symm_free(workspace);
    gsl_sort(values, 1, size);
    return status == GSL_SUCCESS ? PH_OK : PH_ERR_NUMERIC;
}

bool ph_matrix_root(double *matrix, size_t size, double least)
{
    for (size_t p = 0; p < size; p++) {
        double *row = matrix + p * size;
        for (size_t q = 0; q <= p; q++) {
            const double *other = matrix + q * size;
            double value = row[q];
            for (size_t k = 0; k < q; k++)
                value -= row[k] * other[k];
            if (p == q && !(value > least))
                return false;
            row[q] = p == q ? sqrt(value) : value / other[q];
        }
    }
    return true;
}

void ph_matrix_divide(double *root, size_t size, double *x)
{
    for (size_t p = 0; p < size; p++) {
        for (size_t q = 0; q < p; q++)
            x[p] -= root[p * size + q] * x[q];
        x[p] /= root[p * size + p];
    }
    for (size_t p = size; p-- > 0;) {
        for (size_t q = p + 1; q < size; q++)
            x[p] -= root[q * size + p] * x[q];
        x[p] /= root[p * size + p];
    }
}

int ph_matrix_invert(double *matrix, size_t size)
{
    double *copy = malloc((size + 1) * size * sizeof(*copy));
    if (copy == NULL)
        return PH_ERR_MEMORY;
    double *values = copy + size * size;
    memcpy(copy, matrix, size * size * sizeof(*copy));
    const int status = ph_meanfield_spectrum(copy, size, values);
    const double least = values[0];
    free(copy);
    if (status != PH_OK)
        return status;
    if (!(least > 0.0))
        return PH_ERR_NUMERIC;
    gsl_matrix_view view = gsl_matrix_view_array(matrix, size, size);
    if (gsl_linalg_cholesky_decomp1(&view.matrix) != GSL_SUCCESS ||
        gsl_linalg_cholesky_invert(&view.matrix) != GSL_SUCCESS)
        return PH_ERR_NUMERIC;
    return PH_OK;
}
