/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <gsl/gsl_eigen.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "analysis/meanfield/spin.h"
#include "analysis/phase/states_private.h"

enum { SIZE = PH_STATES_PATTERNS_MAX };

static const double HERE = 1e-8;     /* the same, of one place */
static const double EQUAL = 1e-6;    /* overlaps, relative to the largest possible */
static const double COLD = 1e-11;    /* the same without noise, where overlaps are sums of rows */
static const double BESIDE = 1e-18;  /* squared, of a vector: nothing beside others but rounding */
static const double MARGINAL = 1e-5; /* eigenvalues this small: other states are near */

/* The rows one by one, where there are not too many to be kept, and E|phi|: the overlap of each
 * pattern if all neurons follow it. */
static int list_rows(ph_landscape_t *self)
{
    const ph_meanfield_t *problem = &self->problem;
    const size_t patterns = self->patterns;
    double phi[SIZE], xi[SIZE];
    if (problem->count <= PH_LANDSCAPE_ROWS_MAX) {
        self->phi = malloc(problem->count * patterns * sizeof(*self->phi));
        self->probability = malloc(problem->count * sizeof(*self->probability));
        if (self->phi == NULL || self->probability == NULL)
            return PH_ERR_MEMORY;
    }
    for (size_t i = 0; i < problem->count; i++) {
        const double probability = ph_meanfield_row(problem, i, phi, xi);
        for (size_t mu = 0; mu < patterns; mu++)
            self->largest[mu] += probability * fabs(phi[mu]);
        if (self->phi == NULL)
            continue;
        memcpy(self->phi + i * patterns, phi, patterns * sizeof(*phi));
        self->probability[i] = probability;
    }
    for (size_t mu = 0; mu < patterns; mu++)
        self->largest[mu] = fmax(self->largest[mu], 1e-300);
    return PH_OK;
}

int ph_landscape_init(ph_landscape_t *self, const ph_point_t *point, ph_average_t average,
                      ph_report_t *report)
{
    memset(self, 0, sizeof(*self));
    if (point->patterns > PH_STATES_PATTERNS_MAX)
        return ph_fail(report, PH_ERR_UNSUPPORTED,
                       "all states are found for up to %d patterns, here network.patterns is %lld",
                       (int)PH_STATES_PATTERNS_MAX, (long long)point->patterns);
    int status = ph_meanfield_init_population(&self->problem, point, average, report);
    if (status != PH_OK)
        return status;
    self->point = point;
    self->patterns = (size_t)point->patterns;
    self->smooth = ph_meanfield_smooth(&self->problem);
    memcpy(self->gain, self->problem.weights, self->patterns * sizeof(*self->gain));
    for (size_t mu = 0; mu < self->patterns; mu++) {
        self->like[mu] = mu;
        for (size_t nu = 0; nu < mu && self->like[mu] == mu; nu++)
            if (ph_point_alike(point, mu, nu))
                self->like[mu] = nu;
    }
    status = list_rows(self);
    if (status != PH_OK)
        ph_landscape_free(self);
    return status;
}

void ph_landscape_free(ph_landscape_t *self)
{
    ph_meanfield_free(&self->problem);
    free(self->phi);
    free(self->probability);
    self->phi = self->probability = NULL;
}

ph_symmetry_t ph_symmetry_of(const ph_landscape_t *landscape, const double *n)
{
    ph_symmetry_t symmetry;
    for (size_t mu = 0; mu < landscape->patterns; mu++) {
        const double near = (landscape->smooth ? EQUAL : COLD) * landscape->largest[mu];
        symmetry.block[mu] = fabs(n[mu]) <= near ? -1 : (int)mu;
        for (size_t nu = 0; nu < mu && symmetry.block[mu] == (int)mu; nu++)
            if (landscape->like[mu] == landscape->like[nu] && fabs(n[mu] - n[nu]) <= near)
                symmetry.block[mu] = symmetry.block[nu];
    }
    return symmetry;
}

ph_symmetry_t ph_symmetry_none(const ph_landscape_t *landscape)
{
    ph_symmetry_t symmetry;
    for (size_t mu = 0; mu < landscape->patterns; mu++)
        symmetry.block[mu] = (int)mu;
    return symmetry;
}

static double distance(const double *a, const double *b, size_t count)
{
    double largest = 0.0;
    for (size_t i = 0; i < count; i++)
        largest = fmax(largest, fabs(a[i] - b[i]));
    return largest;
}

/* n as the standard order has it: order[i] is the pattern that is at place i. */
static void standard_order(const ph_landscape_t *self, const double *n, size_t *order)
{
    const size_t count = self->patterns;
    bool used[SIZE] = {false};
    for (size_t i = 0; i < count; i++) {
        size_t best = count;
        for (size_t mu = 0; mu < count; mu++)
            if (!used[mu] && self->like[mu] == self->like[i] &&
                (best == count || fabs(n[mu]) > fabs(n[best])))
                best = mu;
        order[i] = best;
        used[best] = true;
    }
}

/* States that signs and permutations of alike patterns make of one in standard order. */
static double copies(const ph_landscape_t *self, const double *n)
{
    const ph_symmetry_t symmetry = ph_symmetry_of(self, n);
    double number = 1.0;
    for (size_t mu = 0; mu < self->patterns; mu++) {
        double place = 1.0, equal = 1.0; /* among the patterns before it */
        for (size_t nu = 0; nu < mu; nu++) {
            place += self->like[nu] == self->like[mu];
            equal += self->like[nu] == self->like[mu] && symmetry.block[nu] == symmetry.block[mu];
        }
        number *= place / equal * (symmetry.block[mu] >= 0 ? 2.0 : 1.0);
    }
    return round(number);
}

/*
 * At zero noise rows without field follow the least overlap of a pattern that has none: there the
 * state is unstable beyond all bounds. Moves the others to the front of order[]; their number.
 */
static size_t bounded(const ph_landscape_t *self, const double *n, size_t *order)
{
    const bool ties = self->problem.noise <= 0.0 && ph_meanfield_ties(&self->problem, n);
    const ph_symmetry_t symmetry = ph_symmetry_of(self, n);
    size_t count = 0, unbounded = self->patterns;
    for (size_t mu = 0; mu < self->patterns; mu++)
        if (ties && symmetry.block[mu] < 0 && self->gain[mu] > 0.0)
            order[--unbounded] = mu;
        else
            order[count++] = mu;
    return count;
}

/* Adds what a vector has beside the orthonormal ones of a basis, if it has anything; their number.
 */
static size_t widen(double *basis, size_t count, size_t size, const double *vector)
{
    double own[SIZE], length = 0.0;
    memcpy(own, vector, size * sizeof(*own));
    for (int round = 0; round < 2; round++) /* the second for rounding */
        for (size_t k = 0; k < count; k++) {
            double inner = 0.0;
            for (size_t i = 0; i < size; i++)
                inner += own[i] * basis[k * SIZE + i];
            for (size_t i = 0; i < size; i++)
                own[i] -= inner * basis[k * SIZE + i];
        }
    for (size_t i = 0; i < size; i++)
        length += own[i] * own[i];
    if (!(length > BESIDE))
        return count;
    for (size_t i = 0; i < size; i++)
        basis[count * SIZE + i] = own[i] / sqrt(length);
    return count + 1;
}

/*
 * Of the bounded patterns at zero noise, over sqrt(g) n: the directions along which a row without
 * field gets one. There, too, the state is unstable beyond all bounds. An orthonormal basis, of
 * them first, then of the others; their number.
 */
static size_t find_torn(const ph_landscape_t *self, const double *n, const size_t *order,
                        size_t count, double *basis)
{
    const ph_meanfield_t *problem = &self->problem;
    const bool ties = problem->noise <= 0.0 && ph_meanfield_ties(problem, n);
    const double tie = ties ? ph_field_tie(problem, n) : 0.0;
    double phi[SIZE], variance[SIZE], vector[SIZE];
    size_t torn = 0;
    for (size_t row = 0; ties && row < problem->count && torn < count; row++) {
        if (!ph_meanfield_row_tie(problem, n, row, tie, phi, variance))
            continue;
        for (size_t i = 0; i < count; i++)
            vector[i] = sqrt(self->gain[order[i]]) * phi[order[i]];
        torn = widen(basis, torn, count, vector);
        for (size_t noisy = 0; noisy < count && torn < count; noisy++) {
            for (size_t i = 0; i < count; i++)
                vector[i] = i == noisy ? sqrt(self->gain[order[i]] * variance[order[i]]) : 0.0;
            torn = widen(basis, torn, count, vector);
        }
    }
    for (size_t k = 0, all = torn; k < count && all < count; k++) {
        for (size_t i = 0; i < count; i++)
            vector[i] = i == k;
        all = widen(basis, all, count, vector);
    }
    return torn;
}

/* The stability matrix over a basis of the patterns order[]. */
static void project(const ph_landscape_t *self, const double *all, const size_t *order,
                    size_t count, const double *basis, size_t size, double *matrix)
{
    for (size_t a = 0; a < size; a++)
        for (size_t b = 0; b < size; b++) {
            double sum = 0.0;
            for (size_t i = 0; i < count; i++)
                for (size_t j = 0; j < count; j++)
                    sum += basis[a * SIZE + i] * basis[b * SIZE + j] *
                           all[order[i] * self->patterns + order[j]];
            matrix[a * size + b] = sum;
        }
}

/* Over sqrt(g) n to overlaps. */
static void set_soft(const ph_landscape_t *self, const size_t *order, size_t count,
                     const double *direction, double *soft)
{
    for (size_t mu = 0; mu < self->patterns; mu++)
        soft[mu] = 0.0;
    for (size_t i = 0; i < count; i++)
        if (self->gain[order[i]] > 0.0)
            soft[order[i]] = direction[i] / sqrt(self->gain[order[i]]);
}

/* Eigenvalues of matrix[size][size] into values, the vector of the least one into `first`. */
static int diagonalize(double *matrix, size_t size, double *values, double *first)
{
    double vectors[SIZE * SIZE];
    gsl_matrix_view a = gsl_matrix_view_array(matrix, size, size);
    gsl_matrix_view v = gsl_matrix_view_array(vectors, size, size);
    gsl_vector_view list = gsl_vector_view_array(values, size);
    gsl_eigen_symmv_workspace *workspace = gsl_eigen_symmv_alloc(size);
    if (workspace == NULL)
        return PH_ERR_MEMORY;
    int result = gsl_eigen_symmv(&a.matrix, &list.vector, &v.matrix, workspace);
    gsl_eigen_symmv_free(workspace);
    if (result != GSL_SUCCESS ||
        gsl_eigen_symmv_sort(&list.vector, &v.matrix, GSL_EIGEN_SORT_VAL_ASC) != GSL_SUCCESS)
        return PH_ERR_NUMERIC;
    for (size_t i = 0; i < size; i++)
        first[i] = vectors[i * size];
    return PH_OK;
}

static int find_spectrum(const ph_landscape_t *self, const double *n, double *spectrum,
                         double *soft)
{
    double all[SIZE * SIZE], matrix[SIZE * SIZE], basis[SIZE * SIZE], first[SIZE], least[SIZE];
    size_t order[SIZE];
    const size_t count = bounded(self, n, order), wild = self->patterns - count;
    const size_t torn = find_torn(self, n, order, count, basis), size = count - torn;
    for (size_t i = 0; i < wild + torn; i++)
        spectrum[i] = -(double)INFINITY;
    for (size_t mu = 0; soft != NULL && wild > 0 && mu < self->patterns; mu++)
        soft[mu] = mu == order[count] ? 1.0 / sqrt(self->gain[mu]) : 0.0;
    if (soft != NULL && wild == 0 && torn > 0)
        set_soft(self, order, count, basis, soft);
    if (size == 0)
        return PH_OK;
    ph_meanfield_matrix(&self->problem, n, all);
    project(self, all, order, count, basis + torn * SIZE, size, matrix);
    const int status = diagonalize(matrix, size, spectrum + wild + torn, first);
    if (status == PH_OK && soft != NULL && wild + torn == 0) {
        for (size_t i = 0; i < count; i++) {
            least[i] = 0.0;
            for (size_t k = 0; k < size; k++)
                least[i] += first[k] * basis[k * SIZE + i];
        }
        set_soft(self, order, count, least, soft);
    }
    return status;
}

static int find_example_stability(const ph_landscape_t *self, const double *n, double *least)
{
    double lambda[SIZE];
    int status = ph_meanfield_example_stability(&self->problem, n, lambda);
    for (size_t mu = 0; status == PH_OK && mu < self->patterns; mu++)
        *least = fmin(*least, lambda[mu]);
    return status;
}

int ph_landscape_describe(const ph_landscape_t *self, const double *n, ph_fixed_point_t *state,
                          double *soft)
{
    const size_t count = self->patterns;
    double map[SIZE], m[SIZE], signals[SIZE], most[SIZE];
    size_t order[SIZE];
    int status = PH_OK;
    memset(state, 0, sizeof(*state));
    ph_evaluation_t there = {map, m, NULL, &state->free_energy};
    ph_meanfield_evaluate(&self->problem, n, &there);
    state->residual = distance(map, n, count);
    standard_order(self, n, order);
    for (size_t i = 0; i < count; i++) {
        state->overlap[i] = fabs(n[order[i]]);
        state->magnetization[i] = n[order[i]] < 0.0 ? -m[order[i]] : m[order[i]];
        signals[i] = self->gain[i] * state->overlap[i];
        most[i] = self->gain[i] * self->largest[i];
    }
    state->copies = copies(self, state->overlap);
    state->label = ph_label_signals(signals, most, count);
    state->example_stability = INFINITY;
    if (self->problem.examples_apart)
        status = find_example_stability(self, n, &state->example_stability);
    if (status == PH_OK && self->smooth)
        status = find_spectrum(self, n, state->spectrum, soft);
    for (size_t i = 0; !self->smooth && i < count; i++)
        state->spectrum[i] = ph_meanfield_ties(&self->problem, n) ? (double)NAN : 1.0;
    return status;
}

bool ph_fixed_point_stable(const ph_fixed_point_t *self, size_t patterns)
{
    bool stable = patterns > 0;
    for (size_t i = 0; i < patterns; i++)
        stable = stable && self->spectrum[i] > -1e-9;
    return stable;
}

bool ph_fixed_point_any(const ph_landscape_t *landscape, const ph_fixed_point_t *states,
                        size_t count, const double *n)
{
    size_t order[SIZE];
    double sorted[SIZE];
    const size_t patterns = landscape->patterns;
    standard_order(landscape, n, order);
    for (size_t i = 0; i < patterns; i++)
        sorted[i] = fabs(n[order[i]]);
    for (size_t s = 0; s < count; s++) {
        size_t i = 0;
        while (i < patterns &&
               fabs(sorted[i] - states[s].overlap[i]) <= HERE * landscape->largest[i])
            i++;
        if (i == patterns)
            return true;
    }
    return false;
}

bool ph_fixed_point_same(const ph_landscape_t *landscape, const ph_fixed_point_t *a,
                         const ph_fixed_point_t *b)
{
    double least = INFINITY;
    for (size_t i = 0; landscape->smooth && i < landscape->patterns; i++)
        least = fmin(least, fmin(fabs(a->spectrum[i]), fabs(b->spectrum[i])));
    const double near = !landscape->smooth ? COLD : least < MARGINAL ? 3e-3 : 1e-7;
    for (size_t i = 0; i < landscape->patterns; i++)
        if (fabs(a->overlap[i] - b->overlap[i]) > near * landscape->largest[i])
            return false;
    return true;
}
