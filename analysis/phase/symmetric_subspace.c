/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <gsl/gsl_linalg.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "analysis/phase/states_private.h"

enum { SIZE = PH_STATES_PATTERNS_MAX };

static const double TOLERANCE = 1e-12; /* of the residual of a state */
static const double ROUNDING = 1e-15;
static const double NOTHING = 700.0; /* exp(-700) is nothing beside 1, and less takes long */

/* Laws of more rows are left to their own way of summing. */
enum { ROWS_MAX = 50000 };

/* A row over the blocks, as sums of its entries. */
typedef struct {
    double sums[SIZE], weight;
} row_t;

static int compare_rows(const void *a, const void *b)
{
    const double *left = ((const row_t *)a)->sums, *right = ((const row_t *)b)->sums;
    for (size_t i = 0; i < SIZE; i++)
        if (left[i] != right[i])
            return left[i] < right[i] ? -1 : 1;
    return 0;
}

/* A row and its negative are one. */
static row_t sum_row(const ph_subspace_t *self, size_t i)
{
    const ph_meanfield_t *problem = &self->landscape->problem;
    double phi[SIZE], xi[SIZE];
    row_t row = {{0}, ph_meanfield_row(problem, i, phi, xi)};
    for (size_t mu = 0; mu < self->landscape->patterns; mu++)
        if (self->place[mu] >= 0)
            row.sums[self->place[mu]] += phi[mu];
    size_t first = 0;
    while (first + 1 < SIZE && row.sums[first] == 0.0)
        first++;
    for (size_t b = first; row.sums[first] < 0.0 && b < SIZE; b++)
        row.sums[b] = 0.0 - row.sums[b];
    return row;
}

static int make_rows(ph_subspace_t *self, const double *factor)
{
    const size_t count = self->landscape->problem.count;
    row_t *rows = malloc(count * sizeof(*rows));
    int status = PH_ERR_MEMORY;
    if (rows == NULL)
        goto out;
    for (size_t i = 0; i < count; i++)
        rows[i] = sum_row(self, i);
    qsort(rows, count, sizeof(*rows), compare_rows);
    for (size_t i = 0; i < count; i++)
        if (self->count > 0 && compare_rows(&rows[self->count - 1], &rows[i]) == 0)
            rows[self->count - 1].weight += rows[i].weight;
        else
            rows[self->count++] = rows[i];
    self->rows = malloc((self->count * self->blocks + 1) * sizeof(*self->rows));
    self->weights = malloc(self->count * sizeof(*self->weights));
    if (self->rows == NULL || self->weights == NULL)
        goto out;
    for (size_t i = 0; i < self->count; i++) {
        self->weights[i] = rows[i].weight;
        for (size_t b = 0; b < self->blocks; b++)
            self->rows[i * self->blocks + b] = factor[b] * rows[i].sums[b];
    }
    status = PH_OK;
out:
    free(rows);
    return status;
}

int ph_subspace_init(ph_subspace_t *self, const ph_landscape_t *landscape, ph_symmetry_t symmetry)
{
    double size[SIZE] = {0}, factor[SIZE];
    memset(self, 0, sizeof(*self));
    self->landscape = landscape;
    for (size_t mu = 0; mu < landscape->patterns; mu++) {
        const int block = symmetry.block[mu];
        self->place[mu] = -1;
        if (block < 0 || !(landscape->gain[mu] > 0.0))
            continue;
        for (size_t nu = 0; nu < mu; nu++)
            if (symmetry.block[nu] == block)
                self->place[mu] = self->place[nu];
        if (self->place[mu] < 0)
            self->place[mu] = (int)self->blocks++;
        const size_t place = (size_t)self->place[mu];
        size[place] += 1.0;
        self->scale[place] = sqrt(landscape->gain[mu] * size[place]);
        factor[place] = sqrt(landscape->gain[mu] / size[place]);
    }
    const bool affordable = landscape->problem.law == PH_NEURON_EXACT && landscape->smooth &&
                            landscape->problem.count <= ROWS_MAX;
    int status = affordable ? make_rows(self, factor) : PH_OK;
    if (status != PH_OK)
        ph_subspace_free(self);
    return status;
}

void ph_subspace_free(ph_subspace_t *self)
{
    free(self->rows);
    free(self->weights);
    memset(self, 0, sizeof(*self));
}

/* Blocks of n take their mean; the rest is zero. */
static void enter(const ph_subspace_t *self, const double *n, double *x)
{
    memset(x, 0, SIZE * sizeof(*x));
    for (size_t mu = 0; mu < self->landscape->patterns; mu++)
        if (self->place[mu] >= 0)
            x[self->place[mu]] += self->landscape->gain[mu] * n[mu] / self->scale[self->place[mu]];
}

static void leave(const ph_subspace_t *self, const double *x, double *n)
{
    for (size_t mu = 0; mu < self->landscape->patterns; mu++)
        n[mu] = self->place[mu] < 0 ? 0.0 : x[self->place[mu]] / self->scale[self->place[mu]];
}

/* The landscape at one place: pull = -gradient = S (F - n). */
typedef struct {
    double pull[SIZE], curvature[SIZE * SIZE], free_energy, residual;
} view_t;

/* By the landscape's own evaluation. */
static void look_outside(const ph_subspace_t *self, const double *x, view_t *view)
{
    const ph_landscape_t *landscape = self->landscape;
    const size_t patterns = landscape->patterns;
    double n[SIZE] = {0}, map[SIZE], matrix[SIZE * SIZE];
    ph_evaluation_t there = {map, NULL, NULL, &view->free_energy};
    leave(self, x, n);
    ph_meanfield_evaluate(&landscape->problem, n, &there);
    ph_meanfield_matrix(&landscape->problem, n, matrix);
    for (size_t mu = 0; mu < patterns; mu++) {
        if (self->place[mu] < 0)
            continue;
        const size_t b = (size_t)self->place[mu];
        const double share = sqrt(landscape->gain[mu]) / self->scale[b]; /* 1/sqrt(size) */
        view->pull[b] += landscape->gain[mu] * (map[mu] - n[mu]) / self->scale[b];
        view->residual = fmax(view->residual, fabs(map[mu] - n[mu]));
        for (size_t nu = 0; nu < patterns; nu++)
            if (self->place[nu] >= 0) {
                const size_t c = (size_t)self->place[nu];
                view->curvature[b * self->blocks + c] +=
                    share * sqrt(landscape->gain[nu]) / self->scale[c] * matrix[mu * patterns + nu];
            }
    }
}

static double boltzmann(double x)
{
    return x < NOTHING ? exp(-x) : 0.0;
}

/* `level`: with the free energy, which Newton's method does without. */
static void look(const ph_subspace_t *self, const double *x, bool level, view_t *view)
{
    const size_t blocks = self->blocks;
    const double noise = self->landscape->problem.noise;
    memset(view, 0, sizeof(*view));
    if (self->rows == NULL) {
        look_outside(self, x, view);
        return;
    }
    double energy = 0.0, entropy = 0.0;
    for (size_t i = 0; i < self->count; i++) {
        const double *row = self->rows + i * blocks, weight = self->weights[i];
        double field = 0.0;
        for (size_t b = 0; b < blocks; b++)
            field += row[b] * x[b];
        const double away = boltzmann(2.0 * fabs(field) / noise);
        const double t = copysign((1.0 - away) / (1.0 + away), field);
        const double slope = weight * 4.0 * away / ((1.0 + away) * (1.0 + away)) / noise;
        energy -= weight * fabs(field);
        entropy += level ? weight * log1p(away) : 0.0;
        for (size_t b = 0; b < blocks; b++) {
            view->pull[b] += weight * t * row[b];
            for (size_t c = 0; c <= b; c++)
                view->curvature[b * blocks + c] -= slope * row[b] * row[c];
        }
    }
    for (size_t b = 0; b < blocks; b++) {
        view->pull[b] -= x[b];
        energy += 0.5 * x[b] * x[b];
        view->curvature[b * blocks + b] += 1.0;
        for (size_t c = 0; c < b; c++)
            view->curvature[c * blocks + b] = view->curvature[b * blocks + c];
        view->residual = fmax(view->residual, fabs(view->pull[b]) / self->scale[b]);
    }
    view->free_energy = energy - noise * entropy;
}

/* step = (curvature + damping)^-1 pull; false where that is not positive definite. */
static bool damped_step(const ph_subspace_t *self, const view_t *view, double damping, double *step)
{
    const size_t blocks = self->blocks;
    double factor[SIZE * SIZE];
    for (size_t b = 0; b < blocks; b++) {
        step[b] = view->pull[b];
        for (size_t c = 0; c <= b; c++) {
            double sum = view->curvature[b * blocks + c] + (b == c ? damping : 0.0);
            for (size_t a = 0; a < c; a++)
                sum -= factor[b * blocks + a] * factor[c * blocks + a];
            if (b == c && !(sum > 1e-12))
                return false;
            factor[b * blocks + c] = b == c ? sqrt(sum) : sum / factor[c * blocks + c];
        }
        for (size_t a = 0; a < b; a++)
            step[b] -= factor[b * blocks + a] * step[a];
        step[b] /= factor[b * blocks + b];
    }
    for (size_t b = blocks; b-- > 0;) {
        for (size_t a = b + 1; a < blocks; a++)
            step[b] -= factor[a * blocks + b] * step[a];
        step[b] /= factor[b * blocks + b];
    }
    return true;
}

/* At zero noise n <- F(n) ends after finitely many steps. */
static int descend_cold(const ph_subspace_t *self, double *n)
{
    enum { STEPS = 1000 };
    const ph_landscape_t *landscape = self->landscape;
    double next[SIZE], x[SIZE];
    for (int k = 0; k < STEPS; k++) {
        double change = 0.0;
        ph_evaluation_t there = {next, NULL, NULL, NULL};
        ph_meanfield_evaluate(&landscape->problem, n, &there);
        enter(self, next, x);
        leave(self, x, next);
        for (size_t mu = 0; mu < landscape->patterns; mu++)
            change = fmax(change, fabs(next[mu] - n[mu]));
        memcpy(n, next, landscape->patterns * sizeof(*n));
        if (change <= TOLERANCE)
            return PH_OK;
    }
    return PH_ERR_NUMERIC;
}

/*
 * Levenberg and Marquardt: with enough damping a step is shorter than n <- F(n), whose landscape
 * x^2/2 - x F lies above the true one, so that the free energy falls.
 */
static bool try_step(const ph_subspace_t *self, double *x, view_t *view, double damping)
{
    double step[SIZE], trial[SIZE];
    view_t there;
    if (!damped_step(self, view, damping, step))
        return false;
    for (size_t b = 0; b < self->blocks; b++)
        trial[b] = x[b] + step[b];
    look(self, trial, true, &there);
    if (!(there.free_energy <= view->free_energy + 1e-15))
        return false;
    memcpy(x, trial, sizeof(trial));
    *view = there;
    return true;
}

int ph_subspace_descend(const ph_subspace_t *self, double *n)
{
    enum { PLAIN = 5, STEPS = 300, QUIET = 2 };
    double x[SIZE], damping = 1e-3;
    view_t view;
    if (!self->landscape->smooth)
        return descend_cold(self, n);
    enter(self, n, x);
    look(self, x, true, &view);
    for (int k = 0, quiet = 0; k < STEPS && view.residual > ROUNDING && quiet < QUIET; k++) {
        if (k < PLAIN) {
            for (size_t b = 0; b < self->blocks; b++)
                x[b] += view.pull[b];
            look(self, x, true, &view);
        } else if (try_step(self, x, &view, damping)) {
            damping = damping > 1e-9 ? damping / 10.0 : 0.0;
        } else {
            damping = fmax(4.0 * damping, 1e-4);
        }
        quiet = view.residual <= TOLERANCE ? quiet + 1 : 0;
    }
    leave(self, x, n);
    return view.residual <= TOLERANCE ? PH_OK : PH_ERR_NUMERIC;
}

static bool newton_step(const ph_subspace_t *self, view_t *view, double *step)
{
    int sign;
    size_t order[SIZE];
    const size_t blocks = self->blocks;
    gsl_permutation permutation = {blocks, order};
    gsl_matrix_view matrix = gsl_matrix_view_array(view->curvature, blocks, blocks);
    memcpy(step, view->pull, blocks * sizeof(*step));
    if (gsl_linalg_LU_decomp(&matrix.matrix, &permutation, &sign) != GSL_SUCCESS)
        return false;
    for (size_t b = 0; b < blocks; b++)
        if (!(fabs(view->curvature[b * blocks + b]) > 0.0))
            return false;
    gsl_vector_view right = gsl_vector_view_array(step, blocks);
    return gsl_linalg_LU_svx(&matrix.matrix, &permutation, &right.vector) == GSL_SUCCESS;
}

int ph_subspace_newton(const ph_subspace_t *self, double *n)
{
    enum { STEPS = 40 };
    static const double LONGEST = 0.3;
    double x[SIZE], step[SIZE], before = INFINITY;
    view_t view;
    if (self->blocks == 0) {
        memset(n, 0, self->landscape->patterns * sizeof(*n));
        return PH_OK;
    }
    enter(self, n, x);
    for (int k = 0; k < STEPS; k++) {
        look(self, x, false, &view);
        if (view.residual <= ROUNDING ||
            (view.residual <= TOLERANCE && view.residual >= 0.5 * before)) {
            leave(self, x, n);
            return PH_OK;
        }
        before = view.residual;
        if (!newton_step(self, &view, step))
            return PH_ERR_NUMERIC;
        double longest = 0.0;
        for (size_t b = 0; b < self->blocks; b++)
            longest = fmax(longest, fabs(step[b]));
        const double share = longest > LONGEST ? LONGEST / longest : 1.0;
        for (size_t b = 0; b < self->blocks; b++)
            x[b] += share * step[b];
    }
    return PH_ERR_NUMERIC;
}

/* The free energy `share` of the way from one place to another. */
static double level_between(const ph_subspace_t *self, const double *from, const double *to,
                            double share)
{
    const size_t blocks = self->blocks;
    const double noise = self->landscape->problem.noise;
    double x[SIZE], energy = 0.0, entropy = 0.0;
    for (size_t b = 0; b < blocks; b++) {
        x[b] = (1.0 - share) * from[b] + share * to[b];
        energy += 0.5 * x[b] * x[b];
    }
    for (size_t i = 0; i < self->count; i++) {
        double field = 0.0;
        for (size_t b = 0; b < blocks; b++)
            field += self->rows[i * blocks + b] * x[b];
        energy -= self->weights[i] * fabs(field);
        entropy += self->weights[i] * log1p(boltzmann(2.0 * fabs(field) / noise));
    }
    if (self->rows != NULL)
        return energy - noise * entropy;
    view_t view = {.free_energy = 0.0};
    look_outside(self, x, &view);
    return view.free_energy;
}

void ph_subspace_ridge(const ph_subspace_t *self, const double *from, const double *to, double *top)
{
    enum { PART = 4, STEPS = 8 * PART };
    double ends[2][SIZE], highest = -INFINITY;
    int best = 0;
    enter(self, from, ends[0]);
    enter(self, to, ends[1]);
    /* Coarsely first, then between the neighbours of the highest. */
    for (int pass = 0, middle = 0; pass < 2; pass++, middle = best) {
        const int first = pass == 0 ? PART : middle - PART + 1;
        const int last = pass == 0 ? STEPS - PART : middle + PART - 1;
        for (int step = first; step <= last; step += pass == 0 ? PART : 1) {
            const double level = level_between(self, ends[0], ends[1], (double)step / STEPS);
            best = level > highest ? step : best;
            highest = fmax(level, highest);
        }
    }
    const double share = (double)best / STEPS;
    for (size_t mu = 0; mu < self->landscape->patterns; mu++)
        top[mu] = (1.0 - share) * from[mu] + share * to[mu];
}

int ph_landscape_restore(const ph_landscape_t *self, double *n)
{
    const ph_symmetry_t symmetry = ph_symmetry_of(self, n);
    double exact[SIZE];
    ph_subspace_t subspace;
    bool any = false;
    for (size_t mu = 0; mu < self->patterns; mu++)
        any = any || n[mu] != (symmetry.block[mu] < 0 ? 0.0 : n[symmetry.block[mu]]);
    if (!any || !self->smooth)
        return PH_OK;
    int status = ph_subspace_init(&subspace, self, symmetry);
    if (status != PH_OK)
        return status;
    memcpy(exact, n, self->patterns * sizeof(*exact));
    if (ph_subspace_newton(&subspace, exact) == PH_OK) {
        double change = 0.0;
        for (size_t mu = 0; mu < self->patterns; mu++)
            change = fmax(change, fabs(exact[mu] - n[mu]));
        if (change < 1e-5)
            memcpy(n, exact, self->patterns * sizeof(*n));
    }
    ph_subspace_free(&subspace);
    return PH_OK;
}
