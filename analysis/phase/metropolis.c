/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "analysis/phase/metropolis.h"

#include <gsl/gsl_eigen.h>
#include <math.h>

#include "analysis/meanfield/meanfield.h"
#include "base/floating.h"

/*
 * A neuron of mean spin s that is asked in the field h has (1 - R) s + R t afterwards, t =
 * tanh(h/T), R = 1 + exp(-2|h|/T); s = t at a state. What an overlap along an eigenvector e of the
 * stability matrix, of eigenvalue l, correlates with is the change that a weak field along e makes,
 * so that its correlations add up to what that change leaves behind, summed over all sweeps: a
 * linear equation, as the changes of R have no part in it. With
 *
 *     C = sqrt(w w) E[phi phi t'/R],    G = sqrt(w w) E[phi phi t' R],    c = eCe/(1 - l)
 *
 * the integral over time is c/l in random order; in the others the sum over sweeps t >= 0 is [c -
 * (1 - l) eYe]/l, Y = 1/2 in a fixed order, where a neuron is asked when those before it have new
 * spins, and in one drawn anew f2/f1 of G, f1 and f2 the means of exp(G u) and (1 - u) exp(G u)
 * over u in [0, 1]. R = 1 is Glauber. Examples that part have modes of the same kind, one each.
 */
enum { MOST = PH_MEANFIELD_PATTERNS_MAX };

static const double TO_AND_FRO = 0.25, NONE = 1e-12;

/* E[phi phi f] of some f: by patterns, of examples, eigenvalues and vectors (in columns). */
typedef struct {
    double matrix[MOST * MOST], examples[MOST];
    double values[MOST], vectors[MOST][MOST];
} sums_t;

typedef struct {
    size_t features;
    ph_order_t order;
    sums_t slope, slow, fast; /* f = t', t'/R and t' R */
    double least, most;       /* of all taus */
} modes_t;

typedef struct {
    double noise;
    int power; /* of R */
} weight_t;

static double weigh(double field, const void *context)
{
    const weight_t *self = context;
    const double decay = exp(-2.0 * fabs(field) / self->noise), r = 1.0 + decay;
    const double slope = 4.0 / self->noise * decay / (r * r);
    return self->power == 0 ? slope : self->power > 0 ? slope * r : slope / r;
}

static int sum(sums_t *self, const ph_meanfield_t *problem, const double *n, int power)
{
    const weight_t weight = {problem->noise, power};
    return ph_meanfield_weigh(problem, n, weigh, &weight, self->matrix,
                              problem->learning ? self->examples : NULL);
}

/* Destroys the matrix. */
static int diagonalise(sums_t *self, size_t k)
{
    int status = PH_ERR_MEMORY;
    gsl_eigen_symmv_workspace *room = gsl_eigen_symmv_alloc(k);
    gsl_matrix *vectors = gsl_matrix_alloc(k, k);
    gsl_matrix_view matrix = gsl_matrix_view_array(self->matrix, k, k);
    gsl_vector_view values = gsl_vector_view_array(self->values, k);
    if (room != NULL && vectors != NULL)
        status = gsl_eigen_symmv(&matrix.matrix, &values.vector, vectors, room) == 0
                     ? PH_OK
                     : PH_ERR_NUMERIC;
    for (size_t p = 0; status == PH_OK && p < k; p++)
        for (size_t q = 0; q < k; q++)
            self->vectors[p][q] = gsl_matrix_get(vectors, p, q);
    gsl_matrix_free(vectors);
    gsl_eigen_symmv_free(room);
    return status;
}

/* Y of an eigenvalue of G. */
static double half(ph_order_t order, double g)
{
    double first = 0.0, second = 0.0, term = 1.0; /* g^k/(k + 1)! and g^k/(k + 2)! */
    if (order == PH_ORDER_SEQUENTIAL)
        return 0.5;
    for (int k = 0; k < 40; k++) {
        term /= k + 1.0;
        first += term;
        second += term / (k + 2.0);
        term *= g;
    }
    return second / first;
}

/* One mode: 1 - l, eCe and eYe. */
static void add_mode(modes_t *self, double slope, double slow, double behind)
{
    const double rate = 1.0 - slope, c = slope > NONE ? slow / slope : 1.0;
    const double tau = self->order == PH_ORDER_RANDOM ? 0.5 / tanh(0.5 * rate / c)
                                                      : (c - slope * behind) / rate - 0.5;
    self->least = fmin(self->least, tau);
    self->most = fmax(self->most, tau);
}

static void add_patterns(modes_t *self)
{
    const size_t k = self->features;
    for (size_t l = 0; l < k; l++) {
        double slow = 0.0, behind = 0.0;
        for (size_t p = 0; p < k; p++) {
            double along = 0.0; /* of e and vector p of G */
            for (size_t q = 0; q < k; q++) {
                slow += self->slope.vectors[p][l] * self->slow.matrix[p * k + q] *
                        self->slope.vectors[q][l];
                along += self->slope.vectors[q][l] * self->fast.vectors[q][p];
            }
            behind += along * along * half(self->order, self->fast.values[p]);
        }
        add_mode(self, self->slope.values[l], slow, behind);
    }
}

static int find_tau(modes_t *self, const ph_meanfield_t *problem, const double *n, bool apart,
                    double *tau)
{
    int status = sum(&self->slope, problem, n, 0);
    if (status == PH_OK)
        status = sum(&self->slow, problem, n, -1);
    if (status == PH_OK)
        status = sum(&self->fast, problem, n, 1);
    if (status == PH_OK)
        status = diagonalise(&self->slope, self->features);
    if (status == PH_OK)
        status = diagonalise(&self->fast, self->features);
    if (status != PH_OK)
        return status;
    add_patterns(self);
    for (size_t p = 0; apart && p < self->features; p++)
        add_mode(self, self->slope.examples[p], self->slow.examples[p],
                 half(self->order, self->fast.examples[p]));
    if (self->least >= TO_AND_FRO)
        *tau = self->most;
    return PH_OK;
}

int ph_metropolis_tau(const ph_point_t *point, ph_average_t average, const double *n, bool apart,
                      double *tau)
{
    PH_FLOATING_GUARD();
    ph_meanfield_t problem;
    *tau = (double)NAN;
    int status = ph_meanfield_init_population(&problem, point, average, NULL);
    if (status == PH_OK) {
        modes_t modes = {.features = (size_t)problem.features,
                         .order = point->order,
                         .least = (double)INFINITY,
                         .most = 0.5};
        status = find_tau(&modes, &problem, n, apart, tau);
    }
    ph_meanfield_free(&problem);
    return status == PH_ERR_MEMORY ? status : PH_OK;
}
