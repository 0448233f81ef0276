/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <gsl/gsl_linalg.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "analysis/phase/subspace_rows.h"

enum { SIZE = PH_STATES_PATTERNS_MAX };

static const double TOLERANCE = 1e-12; /* of the residual of a state */
static const double ROUNDING = 1e-15;

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
    int status = ph_subspace_rows_init(self, factor);
    if (status != PH_OK)
        ph_subspace_free(self);
    return status;
}

void ph_subspace_free(ph_subspace_t *self)
{
    free(self->rows);
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

/* By the landscape's own evaluation. */
static void look_outside(const ph_subspace_t *self, const double *x, ph_subspace_view_t *view)
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

/* `level`: with the free energy, which Newton's method does without. */
static void look(const ph_subspace_t *self, const double *x, bool level, ph_subspace_view_t *view)
{
    const size_t blocks = self->blocks;
    memset(view, 0, sizeof(*view));
    if (self->rows == NULL) {
        look_outside(self, x, view);
        return;
    }
    ph_subspace_rows_look(self, x, level, view);
    for (size_t b = 0; b < blocks; b++) {
        view->pull[b] -= x[b];
        view->free_energy += 0.5 * x[b] * x[b];
        view->curvature[b * blocks + b] += 1.0;
        for (size_t c = 0; c < b; c++)
            view->curvature[c * blocks + b] = view->curvature[b * blocks + c];
        view->residual = fmax(view->residual, fabs(view->pull[b]) / self->scale[b]);
    }
}

/* step = (curvature + damping)^-1 pull; false where that is not positive definite. */
static bool damped_step(const ph_subspace_t *self, const ph_subspace_view_t *view, double damping,
                        double *step)
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
static bool try_step(const ph_subspace_t *self, double *x, ph_subspace_view_t *view, double damping)
{
    double step[SIZE], trial[SIZE];
    ph_subspace_view_t there;
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
    ph_subspace_view_t view;
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

static bool newton_step(const ph_subspace_t *self, ph_subspace_view_t *view, double *step)
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
    ph_subspace_view_t view;
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
    double x[SIZE], square = 0.0;
    for (size_t b = 0; b < self->blocks; b++) {
        x[b] = (1.0 - share) * from[b] + share * to[b];
        square += x[b] * x[b];
    }
    if (self->rows != NULL)
        return 0.5 * square + ph_subspace_rows_level(self, x);
    ph_subspace_view_t view = {.free_energy = 0.0};
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
