/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "analysis/meanfield/meanfield_private.h"

/*
 * The next order of the 1/N correction, by what one loop does to the stiffness that the first order
 * is made of. Of the free energy over x = S n, S = sqrt(w), the curvature along a unit vector e is
 * beta lambda, and with C = A^-1/beta one loop adds to it
 *
 *     (1/N) [1/2 f4(e, e, C) - 1/2 tr(M C M C) + f3(e, e, b)],    M = f3(e, ., .),
 *
 * b/N the shift of x: a fluctuation more, a bubble, and the curvature at the shifted place. With
 * v = S phi, a = v.e, t and s = 1 - t^2: f3 = 2 beta^3 <vvv t s>, f4 = 2 beta^4 <vvvv s (1 - 3
 * t^2)>. In one dimension this is f4/(2 f2^2) - f3^2/f2^3 over N; near a critical point it has
 * within a twentieth the size of c/(b N) of the second order c/N^2. The direction e is the softest
 * one.
 */
typedef struct {
    const ph_meanfield_t *problem;
    size_t features;
    const double *inverse; /* A^-1 */
    const double *shift;   /* b/N in n */
    double *e, *v, *image; /* [features] */
    double *cubic;         /* [features][features]: <a v v t s> */
    double *product;       /* [features][features]: cubic A^-1 */
    double quartic, tadpole;
} next_t;

static void multiply(const double *matrix, size_t size, const double *from, double *to)
{
    for (size_t p = 0; p < size; p++) {
        to[p] = 0.0;
        for (size_t q = 0; q < size; q++)
            to[p] += matrix[p * size + q] * from[q];
    }
}

/* The softest direction by powers of the inverse, from a start that no symmetry has; returns the
 * stiffness along it. Where others are as soft any of them will do. */
static double find_softest(next_t *self)
{
    enum { POWERS = 60 };
    double length = 0.0;
    for (size_t p = 0; p < self->features; p++)
        self->e[p] = 1.0 + 0.5 * sin(1.7 * (double)(p + 1));
    for (int k = 0; k < POWERS; k++) {
        multiply(self->inverse, self->features, self->e, self->image);
        length = 0.0;
        for (size_t p = 0; p < self->features; p++)
            length += self->image[p] * self->image[p];
        length = sqrt(length);
        for (size_t p = 0; p < self->features; p++)
            self->e[p] = self->image[p] / length;
    }
    return 1.0 / length;
}

static double dot(const double *a, const double *b, size_t size)
{
    double sum = 0.0;
    for (size_t p = 0; p < size; p++)
        sum += a[p] * b[p];
    return sum;
}

static void add_row(next_t *self, const double *n, size_t i)
{
    const ph_meanfield_t *problem = self->problem;
    const size_t features = self->features;
    const double *phi = problem->phi + i * features;
    double field = 0.0, moved = 0.0;
    for (size_t p = 0; p < features; p++) {
        field += problem->weights[p] * n[p] * phi[p];
        moved += problem->weights[p] * self->shift[p] * phi[p];
        self->v[p] = sqrt(problem->weights[p]) * phi[p];
    }
    const double t = tanh(field / problem->noise), a = dot(self->v, self->e, features);
    const double slope = problem->probability[i] * (1.0 - t * t);
    if (slope == 0.0)
        return;
    multiply(self->inverse, features, self->v, self->image);
    self->quartic += slope * (1.0 - 3.0 * t * t) * a * a * dot(self->v, self->image, features);
    self->tadpole += slope * t * a * a * moved;
    for (size_t p = 0; p < features; p++)
        for (size_t q = 0; self->v[p] != 0.0 && q < features; q++)
            self->cubic[p * features + q] += slope * t * a * self->v[p] * self->v[q];
}

/* tr(cubic A^-1 cubic A^-1) */
static double bubble(next_t *self)
{
    const size_t features = self->features;
    double trace = 0.0;
    for (size_t p = 0; p < features; p++) /* A^-1 is symmetric */
        multiply(self->inverse, features, self->cubic + p * features, self->product + p * features);
    for (size_t p = 0; p < features; p++)
        for (size_t q = 0; q < features; q++)
            trace += self->product[p * features + q] * self->product[q * features + p];
    return trace;
}

int ph_correction_next(const ph_state_t *state, const ph_meanfield_t *problem,
                       const double *inverse, double neurons, const double *shift, double *share)
{
    const size_t features = (size_t)problem->features;
    double *room = calloc((3 + 2 * features) * features, sizeof(*room));
    if (room == NULL)
        return PH_ERR_MEMORY;
    next_t next = {.problem = problem,
                   .features = features,
                   .inverse = inverse,
                   .shift = shift,
                   .e = room,
                   .v = room + features,
                   .image = room + 2 * features,
                   .cubic = room + 3 * features,
                   .product = room + (3 + features) * features};
    const double stiffness = find_softest(&next), beta = 1.0 / problem->noise;
    for (size_t i = 0; i < problem->count; i++)
        add_row(&next, state->n, i);
    /* over beta times the stiffness; beta^3 each, of which C takes one in the quartic loop, two in
     * the bubble, and the shift none */
    const double quartic = beta * beta * next.quartic / neurons;
    const double loop = 2.0 * beta * beta * bubble(&next) * beta / neurons;
    const double tadpole = 2.0 * beta * beta * next.tadpole;
    *share = (fabs(quartic) + fabs(tadpole - loop)) / stiffness;
    free(room);
    return PH_OK;
}
