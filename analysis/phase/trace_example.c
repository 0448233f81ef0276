/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>
#include <string.h>

#include "analysis/phase/trace_example_private.h"

enum { SIZE = PH_STATES_PATTERNS_MAX, FEATURES = PH_RIVAL_FEATURES };

static const double PUSH = 1e-4;    /* out of a symmetry that is not stable */
static const double ALIKE = 1e-6;   /* of the largest overlap: overlaps that are equal, or none */
static const double NEAR = 0.1;     /* of overlaps, that descent has come to a state */
static const double LEAST = 1e-5;   /* amplitude of a state that has just left another */
static const double STABLE = -1e-7; /* a least eigenvalue, but for rounding */
static const double OUTSIDE = 1e-12;

int ph_fields_init(ph_tracer_t *self, const double *place, ph_fields_t *fields)
{
    memset(fields, 0, sizeof(*fields));
    for (size_t k = 0; k < 2; k++)
        if (!(place[k] >= -OUTSIDE && place[k] <= 1.0 + OUTSIDE))
            return PH_ERR_NUMERIC;
    const ph_point_t *point = ph_plane_point(&self->plane, place);
    int status =
        ph_meanfield_init_population(&fields->alike, point, self->plane.grid->average, NULL);
    if (status == PH_OK && !ph_meanfield_smooth(&fields->alike))
        status = PH_ERR_NUMERIC;
    if (status == PH_OK)
        status = ph_example_field_init(&fields->apart, point);
    if (status != PH_OK)
        ph_fields_free(fields);
    ph_plane_status(&self->plane, status);
    return status == PH_OK || status == PH_ERR_MEMORY ? status : PH_ERR_NUMERIC;
}

void ph_fields_free(ph_fields_t *self)
{
    ph_meanfield_free(&self->alike);
    ph_example_field_free(&self->apart);
}

static const ph_meanfield_t *problem_of(const ph_fields_t *fields, const ph_rival_t *member)
{
    return member->apart ? &fields->apart.problem : &fields->alike;
}

double ph_rival_energy(const ph_fields_t *fields, const ph_rival_t *member)
{
    double map[FEATURES], energy;
    ph_evaluation_t there = {.n = map, .free_energy = &energy};
    ph_meanfield_evaluate(problem_of(fields, member), member->n, &there);
    return energy;
}

static int describe(const ph_fields_t *fields, ph_rival_t *member)
{
    double matrix[FEATURES * FEATURES], values[FEATURES];
    const ph_meanfield_t *problem = problem_of(fields, member);
    ph_meanfield_matrix(problem, member->n, matrix);
    const int status = ph_meanfield_spectrum(matrix, (size_t)problem->features, values);
    member->energy = ph_rival_energy(fields, member);
    member->least = values[0];
    return status;
}

static double distance(const ph_rival_t *a, const ph_rival_t *b)
{
    double most = 0.0;
    for (size_t f = 0; f < FEATURES; f++)
        most = fmax(most, fabs(a->n[f] - b->n[f]));
    return most;
}

/* By Newton's method. */
static int solve(const ph_meanfield_t *problem, double reach, double *n)
{
    const size_t bytes = (size_t)problem->features * sizeof(*n);
    ph_state_t state;
    int status = ph_state_init(&state, problem->features, problem->patterns);
    if (status == PH_OK) {
        memcpy(state.n, n, bytes);
        status = ph_meanfield_newton(&state, problem, reach);
    }
    if (status == PH_OK)
        memcpy(n, state.n, bytes);
    ph_state_free(&state);
    return status;
}

/* The direction of least curvature at a state, by inverse iteration; 0 where that fails. */
static void soften(const ph_meanfield_t *problem, const ph_rival_t *member, double *soft)
{
    enum { TURNS = 6 };
    const size_t features = (size_t)problem->features;
    double v[FEATURES], stability[FEATURES * FEATURES], matrix[FEATURES * FEATURES];
    bool good = true;
    ph_meanfield_matrix(problem, member->n, stability);
    for (size_t f = 0; f < features; f++) {
        stability[f * features + f] -= member->least - 1e-9;
        v[f] = 1.0 + 0.1 * (double)f;
    }
    for (int turn = 0; turn < TURNS && good; turn++) {
        double length = 0.0;
        memcpy(matrix, stability, sizeof(matrix));
        good = ph_system_eliminate(matrix, v, features) == PH_OK;
        for (size_t f = 0; f < features; f++)
            length += v[f] * v[f];
        for (size_t f = 0; f < features; f++)
            v[f] /= sqrt(length);
    }
    for (size_t f = 0; f < features; f++)
        soft[f] = good && problem->weights[f] > 0.0 ? v[f] / sqrt(problem->weights[f]) : 0.0;
}

/* The stable state nearby that one which is just no longer stable has given way to. */
static int part(const ph_fields_t *fields, double reach, ph_rival_t *member)
{
    const ph_meanfield_t *problem = problem_of(fields, member);
    const size_t features = (size_t)problem->features;
    double soft[FEATURES];
    soften(problem, member, soft);
    for (double amplitude = reach; amplitude > LEAST; amplitude *= 0.5) {
        ph_rival_t next = *member;
        for (size_t f = 0; f < features; f++)
            next.n[f] += amplitude * soft[f];
        int status = solve(problem, reach, next.n);
        if (status == PH_OK)
            status = describe(fields, &next);
        if (status == PH_ERR_MEMORY)
            return status;
        if (status != PH_OK || !(next.least > 0.0))
            continue;
        *member = next;
        return PH_OK;
    }
    return PH_ERR_NUMERIC;
}

int ph_rival_descend(const ph_fields_t *fields, ph_rival_t *member)
{
    enum { DESCENTS = 40 };
    const ph_meanfield_t *problem = problem_of(fields, member);
    double next[FEATURES];
    ph_evaluation_t out = {.n = next};
    for (int step = 0; step < DESCENTS; step++) {
        ph_meanfield_evaluate(problem, member->n, &out);
        memcpy(member->n, next, (size_t)problem->features * sizeof(*next));
    }
    int status = solve(problem, NEAR, member->n);
    if (status == PH_OK)
        status = describe(fields, member);
    return status == PH_OK && !(member->least > 0.0) ? part(fields, NEAR, member) : status;
}

int ph_rival_settle(const ph_fields_t *fields, double reach, ph_rival_t *member)
{
    const ph_meanfield_t *problem = problem_of(fields, member);
    ph_rival_t next = *member;
    int status = solve(problem, reach, next.n);
    if (status == PH_OK)
        status = describe(fields, &next);
    if (status == PH_OK && !(next.least > 0.0))
        status = next.least > STABLE ? PH_OK : part(fields, reach, &next);
    if (status == PH_ERR_NUMERIC) {
        next = *member;
        for (size_t f = 0; f < (size_t)problem->features; f++)
            next.n[f] += PUSH * (double)(f + 1);
        status = ph_rival_descend(fields, &next);
        if (status == PH_OK && !(distance(&next, member) <= reach))
            status = PH_ERR_NUMERIC;
    }
    if (status == PH_OK)
        *member = next;
    return status;
}

/* Blocks to their mean. */
static void hold(size_t features, const int *block, double *n)
{
    for (size_t f = 0; f < features; f++) {
        double sum = 0.0, count = 0.0;
        for (size_t q = 0; q < features; q++)
            if (block[q] == (int)f) {
                sum += n[q];
                count += 1.0;
            }
        for (size_t q = 0; q < features; q++)
            if (block[q] == (int)f)
                n[q] = sum / count;
        if (block[f] < 0)
            n[f] = 0.0;
    }
}

/* One step of Newton's method over the blocks; its length. */
static int step_held(const ph_meanfield_t *problem, const int *block, double *n, double *length)
{
    const size_t features = (size_t)problem->features;
    size_t first[FEATURES], blocks = 0, number[FEATURES] = {0};
    double map[FEATURES], jacobian[FEATURES * FEATURES], matrix[FEATURES * FEATURES] = {0};
    double step[FEATURES];
    ph_evaluation_t out = {.n = map, .jacobian = jacobian};
    ph_meanfield_evaluate(problem, n, &out);
    for (size_t f = 0; f < features; f++)
        if (block[f] == (int)f) {
            number[f] = blocks;
            first[blocks++] = f;
        }
    for (size_t b = 0; b < blocks; b++) {
        step[b] = map[first[b]] - n[first[b]];
        matrix[b * blocks + b] += 1.0;
        for (size_t f = 0; f < features; f++)
            if (block[f] >= 0)
                matrix[b * blocks + number[block[f]]] -= jacobian[first[b] * features + f];
    }
    const int status = ph_system_eliminate(matrix, step, blocks);
    *length = 0.0;
    for (size_t f = 0; f < features && status == PH_OK; f++)
        if (block[f] >= 0) {
            n[f] += step[number[block[f]]];
            *length = fmax(*length, fabs(step[number[block[f]]]));
        }
    return status;
}

int ph_rival_hold(const ph_fields_t *fields, const int *block, double reach, ph_rival_t *member)
{
    enum { STEPS = 40 };
    const ph_meanfield_t *problem = problem_of(fields, member);
    double length = INFINITY, before = INFINITY;
    int status = PH_OK;
    hold((size_t)problem->features, block, member->n);
    for (int k = 0; k < STEPS && status == PH_OK; k++) {
        status = step_held(problem, block, member->n, &length);
        if (status == PH_OK && !(length <= reach))
            status = PH_ERR_NUMERIC;
        if (length < 1e-14 || (length < 1e-10 && length >= 0.5 * before))
            break;
        before = length;
    }
    if (status == PH_OK && !(length < 1e-10))
        status = PH_ERR_NUMERIC;
    return status == PH_OK ? describe(fields, member) : status;
}

void ph_rival_symmetry(const ph_tracer_t *self, const ph_rival_t *member, int *block)
{
    const size_t step = member->apart ? 2 : 1, patterns = (size_t)self->plane.point.patterns;
    double most = 0.0;
    for (size_t f = 0; f < step * patterns; f++)
        most = fmax(most, fabs(member->n[f]));
    for (size_t mu = 0; mu < patterns; mu++)
        for (size_t k = 0; k < step; k++) {
            const size_t f = step * mu + k;
            block[f] = fabs(member->n[f]) <= ALIKE * most ? -1 : (int)f;
            for (size_t nu = 0; nu < mu && block[f] == (int)f; nu++)
                if (ph_point_alike(&self->plane.grid->points[0], mu, nu) &&
                    fabs(member->n[f] - member->n[step * nu + k]) <= ALIKE * most)
                    block[f] = block[step * nu + k];
        }
}

static void exchange(double *a, double *b)
{
    const double kept = *a;
    *a = *b;
    *b = kept;
}

void ph_rival_sort(const ph_tracer_t *self, const ph_rival_t *member, double *sorted)
{
    const size_t step = member->apart ? 2 : 1, patterns = (size_t)self->plane.point.patterns;
    for (size_t f = 0; f < step * patterns; f++)
        sorted[f] = fabs(member->n[f]);
    for (size_t mu = 0; mu < patterns; mu++)
        for (size_t nu = mu + 1; nu < patterns; nu++)
            if (ph_point_alike(&self->plane.grid->points[0], mu, nu) &&
                sorted[step * mu] < sorted[step * nu])
                for (size_t k = 0; k < step; k++)
                    exchange(&sorted[step * mu + k], &sorted[step * nu + k]);
}

double ph_rival_parting(ph_tracer_t *self, const double *place, const ph_rival_t *member)
{
    const ph_point_t *point = ph_plane_point(&self->plane, place);
    double most = 0.0, parting = 0.0;
    for (size_t mu = 0; mu < (size_t)point->patterns; mu++) {
        const double single = member->n[2 * mu], rest = point->quality[mu] * member->n[2 * mu + 1];
        most = fmax(most, fmax(fabs(single), fabs(rest)));
        if (point->examples[mu] > 1.0)
            parting = fmax(parting, fabs(single - rest));
    }
    return most > 0.0 ? parting / most : 0.0;
}

int ph_pair_move(ph_tracer_t *self, const ph_pair_t *from, const double *place, double reach,
                 ph_pair_t *to)
{
    ph_fields_t fields;
    ph_pair_t next = *from;
    memcpy(next.at, place, sizeof(next.at));
    int status = ph_fields_init(self, place, &fields);
    if (status != PH_OK)
        return status;
    status = ph_rival_settle(&fields, reach, &next.own);
    if (status == PH_OK)
        status = ph_rival_settle(&fields, reach, &next.other);
    ph_fields_free(&fields);
    if (status == PH_OK)
        *to = next;
    return ph_plane_status(&self->plane, status);
}
