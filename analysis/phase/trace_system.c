/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "analysis/phase/trace_system.h"

#include <gsl/gsl_errno.h>
#include <gsl/gsl_linalg.h>
#include <math.h>
#include <string.h>

enum { SIZE = PH_STATES_PATTERNS_MAX, UNKNOWNS = PH_SYSTEM_UNKNOWNS, STEPS = 24, PLENTY = 5 };

static const double OUTSIDE = 2.0 * PH_PLANE_ROUNDING;
static const double SMALL = 1e-6;    /* step of the derivatives */
static const double SETTLED = 1e-12; /* a Newton step that is rounding */
static const double ROUGH = 1e-9;    /* ... of the place, where rounding allows no better, */
static const double LOOSE = 1e-6;    /* ... then of overlaps */

void ph_system_init(ph_system_t *self, ph_plane_t *plane)
{
    memset(self, 0, sizeof(*self));
    self->plane = plane;
    self->patterns = (size_t)plane->point.patterns;
}

void ph_system_free(ph_system_t *self)
{
    if (self->ready)
        ph_meanfield_free(&self->problem);
    self->ready = false;
}

ph_system_t ph_system_copy(const ph_system_t *self)
{
    ph_system_t copy = *self;
    copy.ready = false;
    return copy;
}

size_t ph_system_offset(const ph_system_t *self, size_t state)
{
    size_t offset = 2;
    for (size_t s = 0; s < state; s++)
        offset += self->members[s].blocks;
    return offset;
}

size_t ph_system_add(ph_system_t *self, const double *n, ph_symmetry_t symmetry, double *z)
{
    const size_t state = self->states++, offset = ph_system_offset(self, state);
    ph_system_state_t *member = &self->members[state];
    memset(member, 0, sizeof(*member));
    for (size_t mu = 0; mu < self->patterns; mu++) {
        member->place[mu] = -1;
        if (symmetry.block[mu] < 0)
            continue;
        for (size_t nu = 0; nu < mu; nu++)
            if (symmetry.block[nu] == symmetry.block[mu])
                member->place[mu] = member->place[nu];
        if (member->place[mu] < 0) {
            member->place[mu] = (int)member->blocks;
            member->first[member->blocks] = mu;
            z[offset + member->blocks++] = 0.0;
        }
        member->size[member->place[mu]] += 1.0;
        z[offset + (size_t)member->place[mu]] += n[mu];
    }
    for (size_t b = 0; b < member->blocks; b++)
        z[offset + b] /= member->size[b];
    return state;
}

void ph_system_overlaps(const ph_system_t *self, const double *z, size_t state, double *n)
{
    const ph_system_state_t *member = &self->members[state];
    const size_t offset = ph_system_offset(self, state);
    for (size_t mu = 0; mu < self->patterns; mu++)
        n[mu] = member->place[mu] < 0 ? 0.0 : z[offset + (size_t)member->place[mu]];
}

/* The mean field of a place. */
static int go_to(ph_system_t *self, const double *place)
{
    if (self->ready && self->at[0] == place[0] && self->at[1] == place[1])
        return PH_OK;
    for (size_t k = 0; k < 2; k++)
        if (!(place[k] >= -OUTSIDE && place[k] <= 1.0 + OUTSIDE))
            return PH_ERR_NUMERIC;
    ph_system_free(self);
    const ph_point_t *point = ph_plane_point(self->plane, place);
    int status =
        ph_meanfield_init_population(&self->problem, point, self->plane->grid->average, NULL);
    if (status == PH_OK && !ph_meanfield_smooth(&self->problem))
        status = PH_ERR_NUMERIC;
    if (status != PH_OK)
        ph_meanfield_free(&self->problem);
    self->ready = status == PH_OK;
    memcpy(self->at, place, sizeof(self->at));
    return ph_plane_status(self->plane, status);
}

/* The stability matrix within the symmetry, over its blocks. */
static void reduce(const ph_system_t *self, size_t state, const double *matrix, double *reduced)
{
    const ph_system_state_t *member = &self->members[state];
    const size_t blocks = member->blocks;
    memset(reduced, 0, blocks * blocks * sizeof(*reduced));
    for (size_t mu = 0; mu < self->patterns; mu++)
        for (size_t nu = 0; nu < self->patterns; nu++)
            if (member->place[mu] >= 0 && member->place[nu] >= 0) {
                const size_t b = (size_t)member->place[mu], c = (size_t)member->place[nu];
                reduced[b * blocks + c] +=
                    matrix[mu * self->patterns + nu] / sqrt(member->size[b] * member->size[c]);
            }
}

static double mode_value(const ph_system_t *self, const double *matrix, size_t a, size_t b)
{
    const double own = matrix[a * self->patterns + a];
    return a == b ? own : own - matrix[a * self->patterns + b];
}

static int fold_value(ph_system_t *self, size_t state, const double *n, double *values)
{
    double matrix[SIZE * SIZE], reduced[SIZE * SIZE];
    if (self->members[state].blocks == 0)
        return PH_ERR_NUMERIC;
    ph_meanfield_matrix(&self->problem, n, matrix);
    reduce(self, state, matrix, reduced);
    return ph_plane_status(self->plane,
                           ph_meanfield_spectrum(reduced, self->members[state].blocks, values));
}

/* The direction of least curvature within the symmetry, in overlaps, by inverse iteration. */
static int soft_direction(ph_system_t *self, size_t state, const double *n, double *soft)
{
    enum { ROUNDS = 6 };
    const ph_system_state_t *member = &self->members[state];
    const size_t blocks = member->blocks;
    double matrix[SIZE * SIZE], reduced[SIZE * SIZE], values[SIZE], v[SIZE];
    int sign, status = fold_value(self, state, n, values);
    size_t order[SIZE];
    if (status != PH_OK)
        return status;
    ph_meanfield_matrix(&self->problem, n, matrix);
    reduce(self, state, matrix, reduced);
    for (size_t b = 0; b < blocks; b++) {
        reduced[b * blocks + b] -= values[0] - 1e-7;
        v[b] = 1.0 + 0.1 * (double)b;
    }
    gsl_permutation permutation = {blocks, order};
    gsl_matrix_view view = gsl_matrix_view_array(reduced, blocks, blocks);
    gsl_vector_view vector = gsl_vector_view_array(v, blocks);
    if (gsl_linalg_LU_decomp(&view.matrix, &permutation, &sign) != GSL_SUCCESS)
        return PH_ERR_NUMERIC;
    for (size_t b = 0; b < blocks; b++)
        if (!(fabs(reduced[b * blocks + b]) > 0.0))
            return PH_ERR_NUMERIC;
    for (int round = 0; round < ROUNDS; round++) {
        double length = 0.0;
        size_t most = 0;
        if (gsl_linalg_LU_svx(&view.matrix, &permutation, &vector.vector) != GSL_SUCCESS)
            return PH_ERR_NUMERIC;
        for (size_t b = 0; b < blocks; b++) {
            length += v[b] * v[b];
            most = fabs(v[b]) > fabs(v[most]) ? b : most;
        }
        for (size_t b = 0; b < blocks; b++)
            v[b] *= (v[most] < 0.0 ? -1.0 : 1.0) / sqrt(length);
    }
    for (size_t mu = 0; mu < self->patterns; mu++)
        soft[mu] = member->place[mu] < 0
                       ? 0.0
                       : v[member->place[mu]] /
                             sqrt(self->problem.weights[mu] * member->size[member->place[mu]]);
    return PH_OK;
}

double ph_system_noise(const ph_system_t *self, const double *n)
{
    double least = INFINITY;
    if (self->problem.noise > 0.0)
        return self->problem.noise;
    for (size_t mu = 0; mu < self->patterns; mu++) {
        const ph_example_law_t law = ph_point_examples(&self->plane->point, mu);
        const double r2 = law.quality * law.quality, rho = (1.0 - r2) / (law.examples * r2);
        if (n[mu] != 0.0 && rho > 0.0)
            least = fmin(least, self->problem.weights[mu] * fabs(n[mu]) * sqrt(rho));
    }
    return least;
}

/* d/ds of the curvature along `soft` at n + s soft, and d/ds^2, to sixth order. */
static double differentiate(ph_system_t *self, const double *n, const double *soft, int order)
{
    static const double FIRST[] = {0.0, 3.0 / 4.0, -3.0 / 20.0, 1.0 / 60.0};
    static const double SECOND[] = {-49.0 / 18.0, 3.0 / 2.0, -3.0 / 20.0, 1.0 / 90.0};
    double most = 0.0, sum = 0.0, there[SIZE], matrix[SIZE * SIZE];
    for (size_t mu = 0; mu < self->patterns; mu++)
        most = fmax(most, self->problem.weights[mu] * fabs(soft[mu]));
    const double h = 0.004 * ph_system_noise(self, n) / most;
    for (int k = -3; k <= 3; k++) {
        double value = 0.0;
        const int away = k < 0 ? -k : k;
        for (size_t mu = 0; mu < self->patterns; mu++)
            there[mu] = n[mu] + k * h * soft[mu];
        ph_meanfield_matrix(&self->problem, there, matrix);
        for (size_t mu = 0; mu < self->patterns; mu++)
            for (size_t nu = 0; nu < self->patterns; nu++)
                value += sqrt(self->problem.weights[mu] * self->problem.weights[nu]) * soft[mu] *
                         soft[nu] * matrix[mu * self->patterns + nu];
        sum += value * (order == 1 ? copysign(1.0, k) * FIRST[away] : SECOND[away]);
    }
    return order == 1 ? sum / h : sum / (h * h);
}

static int cusp_value(ph_system_t *self, size_t state, const double *n, double *value)
{
    double soft[SIZE];
    int status = soft_direction(self, state, n, soft);
    if (status == PH_OK)
        *value = differentiate(self, n, soft, 1);
    return status;
}

/*
 * The fourth derivative along a mode v minus 3 c A^-1 c, A the curvature within the symmetry and
 * c = d/ds of the pull of v v on it: what is left of the landscape when the rest has relaxed.
 */
static int quartic_value(ph_system_t *self, const ph_condition_t *own, const double *n,
                         double *value)
{
    const ph_system_state_t *member = &self->members[own->state];
    const size_t blocks = member->blocks;
    double v[SIZE] = {0}, matrix[SIZE * SIZE], reduced[SIZE * SIZE], c[SIZE], relaxed[SIZE];
    const double *w = self->problem.weights;
    v[own->a] = 1.0 / sqrt(w[own->a] * (own->a == own->b ? 1.0 : 2.0));
    if (own->a != own->b)
        v[own->b] = -v[own->a];
    *value = differentiate(self, n, v, 2);
    if (blocks == 0)
        return PH_OK;
    for (size_t b = 0; b < blocks; b++) { /* d/ds along block b of the curvature along v */
        double block[SIZE] = {0}, plus[SIZE], minus[SIZE];
        for (size_t mu = 0; mu < self->patterns; mu++)
            if (member->place[mu] == (int)b)
                block[mu] = 1.0 / sqrt(w[mu] * member->size[b]);
        c[b] = 0.0;
        for (size_t mu = 0; mu < self->patterns; mu++) { /* polarization of the third derivative */
            plus[mu] = block[mu] + v[mu];
            minus[mu] = block[mu] - v[mu];
        }
        c[b] = (differentiate(self, n, plus, 1) + differentiate(self, n, minus, 1) -
                2.0 * differentiate(self, n, block, 1)) /
               6.0;
        relaxed[b] = c[b];
    }
    int sign;
    size_t order[SIZE];
    gsl_permutation permutation = {blocks, order};
    ph_meanfield_matrix(&self->problem, n, matrix);
    reduce(self, own->state, matrix, reduced);
    gsl_matrix_view view = gsl_matrix_view_array(reduced, blocks, blocks);
    gsl_vector_view vector = gsl_vector_view_array(relaxed, blocks);
    if (gsl_linalg_LU_decomp(&view.matrix, &permutation, &sign) != GSL_SUCCESS)
        return PH_ERR_NUMERIC;
    for (size_t b = 0; b < blocks; b++)
        if (!(fabs(reduced[b * blocks + b]) > 0.0))
            return PH_ERR_NUMERIC;
    if (gsl_linalg_LU_svx(&view.matrix, &permutation, &vector.vector) != GSL_SUCCESS)
        return PH_ERR_NUMERIC;
    for (size_t b = 0; b < blocks; b++)
        *value -= 3.0 * c[b] * relaxed[b];
    return PH_OK;
}

/* One of three or more alike patterns against the others: of third order in the difference. */
static double cubic_value(ph_system_t *self, const ph_condition_t *own, const double *n)
{
    const ph_system_state_t *member = &self->members[own->state];
    const int place = member->place[own->a];
    const double w = self->problem.weights[own->a], size = member->size[place];
    double v[SIZE] = {0};
    for (size_t mu = 0; mu < self->patterns; mu++)
        if (member->place[mu] == place)
            v[mu] = (mu == own->a ? size - 1.0 : -1.0) / sqrt(w * size * (size - 1.0));
    return differentiate(self, n, v, 1);
}

static double energy_of(const ph_system_t *self, const double *n)
{
    double map[SIZE], energy;
    ph_evaluation_t there = {.n = map, .free_energy = &energy};
    ph_meanfield_evaluate(&self->problem, n, &there);
    return energy;
}

static int examples_value(const ph_system_t *self, const double *n, double *value)
{
    double lambda[SIZE];
    int status = ph_meanfield_example_stability(&self->problem, n, lambda);
    *value = INFINITY;
    for (size_t mu = 0; status == PH_OK && mu < self->patterns; mu++)
        *value = fmin(*value, lambda[mu]);
    return ph_plane_status(self->plane, status);
}

static double name_value(const ph_system_t *self, const ph_condition_t *own, const double *n)
{
    double signals[SIZE];
    for (size_t mu = 0; mu < self->patterns; mu++)
        signals[mu] = self->problem.weights[mu] * fabs(n[mu]);
    return ph_label_margin(own->class, signals, self->patterns);
}

bool ph_system_cubic(const ph_system_t *self, const ph_condition_t *mode)
{
    const ph_system_state_t *member = &self->members[mode->state];
    return mode->a != mode->b && member->size[member->place[mode->a]] > 2.0;
}

int ph_system_value(ph_system_t *self, const ph_condition_t *own, const double *z, double *value)
{
    double n[SIZE], other[SIZE], values[SIZE], matrix[SIZE * SIZE];
    int status = go_to(self, z);
    if (status != PH_OK)
        return status;
    ph_system_overlaps(self, z, own->state, n);
    switch (own->kind) {
    case PH_CONDITION_FOLD:
        status = fold_value(self, own->state, n, values);
        *value = values[0];
        return status;
    case PH_CONDITION_MODE:
        ph_meanfield_matrix(&self->problem, n, matrix);
        *value = mode_value(self, matrix, own->a, own->b);
        return PH_OK;
    case PH_CONDITION_CROSSING:
        ph_system_overlaps(self, z, own->other, other);
        *value = energy_of(self, n) - energy_of(self, other);
        return PH_OK;
    case PH_CONDITION_NAME:
        *value = name_value(self, own, n);
        return PH_OK;
    case PH_CONDITION_EXAMPLES:
        return examples_value(self, n, value);
    case PH_CONDITION_CUSP:
        return cusp_value(self, own->state, n, value);
    case PH_CONDITION_TURN:
        if (!ph_system_cubic(self, own))
            return quartic_value(self, own, n, value);
        *value = cubic_value(self, own, n);
        return PH_OK;
    case PH_CONDITION_PLACE:
        *value = z[own->a] - own->value;
        return PH_OK;
    default:
        *value = (own->a == own->b ? n[own->a] : n[own->a] - n[own->b]) - own->value;
        return PH_OK;
    }
}

int ph_system_residual(ph_system_t *self, const double *z, double *residual)
{
    double n[SIZE], map[SIZE];
    ph_evaluation_t there = {.n = map};
    size_t at = 0;
    int status = go_to(self, z);
    for (size_t s = 0; s < self->states && status == PH_OK; s++) {
        const ph_system_state_t *member = &self->members[s];
        ph_system_overlaps(self, z, s, n);
        ph_meanfield_evaluate(&self->problem, n, &there);
        for (size_t b = 0; b < member->blocks; b++)
            residual[at++] = map[member->first[b]] - n[member->first[b]];
    }
    for (size_t c = 0; c < self->conditions && status == PH_OK; c++)
        status = ph_system_value(self, &self->condition[c], z, &residual[at++]);
    return status;
}

/* Central differences; at the edge of the plane one-sided ones of second order. */
static int jacobian(ph_system_t *self, const double *z, size_t unknowns, size_t equations,
                    double *matrix)
{
    double moved[UNKNOWNS], values[3][UNKNOWNS];
    for (size_t i = 0; i < unknowns; i++) {
        const bool low = i < 2 && z[i] < 3.0 * SMALL, high = i < 2 && z[i] > 1.0 - 3.0 * SMALL;
        const double step = high ? -SMALL : SMALL;
        memcpy(moved, z, unknowns * sizeof(*z));
        for (int k = 0; k < 3; k++) {
            const double share = low || high ? (double)k : (double)(k - 1);
            moved[i] = z[i] + share * step;
            if (!low && !high && k == 1)
                continue;
            const int status = ph_system_residual(self, moved, values[k]);
            if (status != PH_OK)
                return status;
        }
        for (size_t e = 0; e < equations; e++)
            matrix[e * unknowns + i] =
                low || high
                    ? (4.0 * values[1][e] - 3.0 * values[0][e] - values[2][e]) / (2.0 * step)
                    : (values[2][e] - values[0][e]) / (2.0 * step);
    }
    return PH_OK;
}

int ph_system_eliminate(double *matrix, double *right, size_t size)
{
    int sign;
    size_t order[UNKNOWNS];
    if (size == 0) /* of which BLAS ends the program */
        return PH_OK;
    gsl_permutation permutation = {size, order};
    gsl_matrix_view view = gsl_matrix_view_array(matrix, size, size);
    gsl_vector_view vector = gsl_vector_view_array(right, size);
    for (size_t i = 0; i < size * size; i++)
        if (!isfinite(matrix[i]))
            return PH_ERR_NUMERIC;
    if (gsl_linalg_LU_decomp(&view.matrix, &permutation, &sign) != GSL_SUCCESS)
        return PH_ERR_NUMERIC;
    for (size_t i = 0; i < size; i++)
        if (!(fabs(matrix[i * size + i]) > 0.0))
            return PH_ERR_NUMERIC;
    return gsl_linalg_LU_svx(&view.matrix, &permutation, &vector.vector) == GSL_SUCCESS
               ? PH_OK
               : PH_ERR_NUMERIC;
}

/* The direction that all equations leave free, on the side of `tangent`. */
static int turn_tangent(ph_system_t *self, const double *z, size_t unknowns, double *tangent)
{
    double matrix[UNKNOWNS * UNKNOWNS], next[UNKNOWNS] = {0}, length = 0.0;
    int status = jacobian(self, z, unknowns, unknowns - 1, matrix);
    if (status != PH_OK)
        return status;
    memcpy(matrix + (unknowns - 1) * unknowns, tangent, unknowns * sizeof(*tangent));
    next[unknowns - 1] = 1.0;
    status = ph_system_eliminate(matrix, next, unknowns);
    for (size_t i = 0; i < unknowns; i++)
        length += next[i] * next[i];
    if (status != PH_OK || !(length > 0.0) || !isfinite(length))
        return PH_ERR_NUMERIC;
    for (size_t i = 0; i < unknowns; i++)
        tangent[i] = next[i] / sqrt(length);
    return PH_OK;
}

int ph_system_solve(ph_system_t *self, double *z, double *tangent, double reach)
{
    const size_t unknowns = ph_system_offset(self, self->states);
    const size_t equations = unknowns - 2 + self->conditions;
    double matrix[UNKNOWNS * UNKNOWNS], step[UNKNOWNS] = {0}, begin[UNKNOWNS];
    double before = INFINITY;
    bool settled = false;
    if (equations + (tangent != NULL) != unknowns)
        return PH_ERR_NUMERIC;
    memcpy(begin, z, unknowns * sizeof(*z));
    for (int k = 0; k < STEPS && !settled; k++) {
        double longest = 0.0, place = 0.0;
        int status = ph_system_residual(self, z, step);
        if (status == PH_OK)
            status = jacobian(self, z, unknowns, equations, matrix);
        if (status != PH_OK)
            return status;
        if (tangent != NULL) {
            memcpy(matrix + equations * unknowns, tangent, unknowns * sizeof(*tangent));
            step[equations] = 0.0;
            for (size_t i = 0; i < unknowns; i++)
                step[equations] += tangent[i] * (z[i] - begin[i]);
        }
        status = ph_system_eliminate(matrix, step, unknowns);
        if (status != PH_OK)
            return status;
        for (size_t i = 0; i < unknowns; i++) {
            z[i] -= step[i];
            longest = fmax(longest, fabs(step[i]));
            place = i < 2 ? fmax(place, fabs(step[i])) : place;
            if (!(fabs(z[i] - begin[i]) <= reach))
                return PH_ERR_NUMERIC;
        }
        settled = longest <= SETTLED ||
                  (k >= PLENTY && place <= ROUGH && longest <= LOOSE && longest >= 0.5 * before);
        before = longest;
    }
    if (!settled)
        return PH_ERR_NUMERIC;
    return tangent != NULL ? turn_tangent(self, z, unknowns, tangent) : PH_OK;
}

/* Whether one of the conditions is that of this mode, or of one that is equal by symmetry. */
static bool asked(const ph_system_t *self, ph_condition_kind_t kind, size_t state, size_t a,
                  size_t b)
{
    const int *place = self->members[state].place;
    for (size_t c = 0; c < self->conditions; c++) {
        const ph_condition_t *own = &self->condition[c];
        if (own->kind != kind || own->state != state)
            continue;
        if (kind == PH_CONDITION_FOLD ||
            ((a == b) == (own->a == own->b) && place[own->a] == place[a] &&
             ph_point_alike(&self->plane->point, own->a, a)))
            return true;
    }
    return false;
}

int ph_system_least(ph_system_t *self, size_t state, const double *z, double *least,
                    ph_condition_t *condition)
{
    const ph_system_state_t *member = &self->members[state];
    double n[SIZE], values[SIZE], matrix[SIZE * SIZE];
    int status = go_to(self, z);
    *least = INFINITY;
    if (status != PH_OK)
        return status;
    ph_system_overlaps(self, z, state, n);
    if (member->blocks > 0) {
        status = fold_value(self, state, n, values);
        const size_t first = asked(self, PH_CONDITION_FOLD, state, 0, 0) ? 1 : 0;
        if (status == PH_OK && first < member->blocks) {
            *least = values[first];
            *condition = (ph_condition_t){.kind = PH_CONDITION_FOLD, .state = state};
        }
    }
    ph_meanfield_matrix(&self->problem, n, matrix);
    for (size_t a = 0; a < self->patterns && status == PH_OK; a++)
        for (size_t b = a; b < self->patterns; b++) {
            const bool mode = a == b
                                  ? member->place[a] < 0
                                  : member->place[a] >= 0 && member->place[a] == member->place[b];
            if (!mode || asked(self, PH_CONDITION_MODE, state, a, b))
                continue;
            const double value = mode_value(self, matrix, a, b);
            if (value < *least) {
                *least = value;
                *condition = (ph_condition_t){
                    .kind = PH_CONDITION_MODE, .state = state, .other = state, .a = a, .b = b};
            }
        }
    return status;
}

int ph_system_soft(ph_system_t *self, size_t state, const double *z, double *soft)
{
    double n[SIZE];
    int status = go_to(self, z);
    if (status != PH_OK)
        return status;
    ph_system_overlaps(self, z, state, n);
    return soft_direction(self, state, n, soft);
}

int ph_system_energy(ph_system_t *self, size_t state, const double *z, double *energy)
{
    double n[SIZE];
    int status = go_to(self, z);
    if (status != PH_OK)
        return status;
    ph_system_overlaps(self, z, state, n);
    *energy = energy_of(self, n);
    return PH_OK;
}
