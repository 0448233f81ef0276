/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "analysis/meanfield/expansion.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "analysis/meanfield/meanfield_private.h"
#include "base/floating.h"

/*
 * Averages over the Gaussian field x, of density exp(-N f(x)), x = sqrt(w) o on average. Its mean
 * makes the effective action f + G1/N + G2/N^2 + ... stationary, with one and two loops
 *
 *     G1 = 1/2 log det f2,    G2 = 1/8 f4 C C - 1/12 f3 f3 C C C,    C = f2^-1,
 *
 * so that n + b/N + c/N^2 with f2 b = -G1', f2 c = -(1/2 f3 b b + G1'' b + G2'). From the third on,
 * the derivatives of f are sums over rows of one product each, f_k = -sum_i p_i k_i a_i ... a_i, a
 * = sqrt(w) phi/T, k_i that derivative of log cosh at the row's field, so that every gradient is a
 * sum over rows of a_i times a number, its loop weight; with G_ij = a_i C a_j,
 *
 *     first:  1/2 p k3 G_ii
 *     second: 1/2 p k3 (a.b)^2 + 1/2 p k4 G_ii (a.b) + 1/2 p k3 sum_j p k3 (a_j.b) G_ij^2
 *           + 1/8 p k5 G_ii^2 + 1/4 p k3 sum_j p k4 G_jj G_ij^2 + 1/6 p k4 sum_j p k3 G_ij^3
 *           + 1/4 p k3 a_i C W C a_i,   W = sum_ij p k3 p k3 G_ij^2 a_i a_j.
 *
 * A magnetization is the derivative of the free energy with respect to a source on the pattern's
 * entries: the sum over rows of entry times (weight + p k2 a.(b or c)). The covariance is that of
 * the action, C/N - C H C/N^2, H = G1'' + f3 b.
 */
typedef struct {
    double p, field, k2, k3, k4, k5;
    double loop;    /* G_ii */
    double along;   /* a.b */
    double weight1; /* loop weights */
    double weight2;
} row_t;

typedef struct {
    const ph_meanfield_t *problem;
    size_t rows, features;
    double noise;
    row_t *row;              /* [rows] */
    double *a;               /* [rows][features] */
    double *inner;           /* [features][features]: C */
    double *b, *c;           /* [features] */
    double *cubic;           /* [features]^3: sum p k3 a a a */
    double *folded;          /* [features]^3: the same with C on the last two */
    double *along, *quartic; /* [features]^2: sums of p k3 (a.b) a a and of p k4 G a a */
    double *bubble;          /* [features]^2: W; then C W C */
    double *image, *pulled;  /* [features] */
} series_t;

static void multiply(const double *matrix, size_t size, const double *from, double *to)
{
    for (size_t p = 0; p < size; p++)
        to[p] = ph_product_dot(matrix + p * size, from, size);
}

static double form(const double *matrix, size_t size, const double *x, double *room)
{
    multiply(matrix, size, x, room);
    return ph_product_dot(room, x, size);
}

static void series_free(series_t *self)
{
    free(self->row);
    free(self->a);
    memset(self, 0, sizeof(*self));
}

/* Room of the second order; of what rows have in it on their own. */
static int series_alloc(series_t *self, bool second, bool of_rows)
{
    const size_t k = self->features, square = k * k, cube = second ? square * k : 0;
    const size_t room = self->rows * k + square + 4 * k + 2 * cube +
                        (second    ? 3 * square
                         : of_rows ? 2 * square
                                   : 0);
    self->row = calloc(self->rows + 1, sizeof(*self->row));
    self->a = calloc(room + 1, sizeof(*self->a));
    if (self->row == NULL || self->a == NULL)
        return PH_ERR_MEMORY;
    self->inner = self->a + self->rows * k;
    self->b = self->inner + square;
    self->c = self->b + k;
    self->image = self->c + k;
    self->pulled = self->image + k;
    self->cubic = self->pulled + k;
    self->folded = self->cubic + cube;
    self->along = self->folded + cube;
    self->quartic = self->along + (second || of_rows ? square : 0);
    self->bubble = self->quartic + (second ? square : 0);
    return PH_OK;
}

static void set_rows(series_t *self, const double *n)
{
    const ph_meanfield_t *problem = self->problem;
    const size_t k = self->features;
    for (size_t i = 0; i < self->rows; i++) {
        const double *phi = problem->phi + i * k;
        double *a = self->a + i * k, h = 0.0;
        row_t *row = &self->row[i];
        for (size_t p = 0; p < k; p++) {
            a[p] = sqrt(problem->weights[p]) * phi[p] / self->noise;
            h += problem->weights[p] * n[p] * phi[p];
        }
        const double t = tanh(h / self->noise), s = 1.0 - t * t;
        row->p = problem->probability[i];
        row->field = t;
        row->k2 = row->p * s;
        row->k3 = row->p * -2.0 * t * s;
        row->k4 = row->p * -2.0 * s * (1.0 - 3.0 * t * t);
        row->k5 = row->p * 8.0 * t * s * (2.0 - 3.0 * t * t);
        row->loop = form(self->inner, k, a, self->image);
        row->weight1 = 0.5 * row->k3 * row->loop;
    }
}

/* The gradient that loop weights make, turned into a shift of x; and what it adds along rows. */
static void shift(series_t *self, bool second, double *out)
{
    const size_t k = self->features;
    memset(self->image, 0, k * sizeof(*self->image));
    for (size_t i = 0; i < self->rows; i++) {
        const double weight = second ? self->row[i].weight2 : self->row[i].weight1;
        for (size_t p = 0; p < k; p++)
            self->image[p] += weight * self->a[i * k + p];
    }
    multiply(self->inner, k, self->image, out);
}

/* Tensors of the second order; `cubic`: that of three lines too. */
static void add_tensors(series_t *self, bool cubic)
{
    const size_t k = self->features;
    for (size_t i = 0; i < self->rows; i++) {
        const row_t *row = &self->row[i];
        const double *a = self->a + i * k;
        const double third = row->k3 * row->along, fourth = row->k4 * row->loop;
        for (size_t p = 0; p < k; p++) {
            double *along = self->along + p * k, *quartic = self->quartic + p * k;
            if (a[p] == 0.0)
                continue;
            for (size_t q = 0; q < k; q++) {
                const double pair = a[p] * a[q];
                along[q] += third * pair;
                quartic[q] += fourth * pair;
            }
            for (size_t q = 0; cubic && q < k; q++) {
                const double pair = a[p] * a[q];
                for (size_t r = 0; pair != 0.0 && r < k; r++)
                    self->cubic[(p * k + q) * k + r] += row->k3 * pair * a[r];
            }
        }
    }
}

/* matrix -> C matrix C, by way of room[features]^2. */
static void sandwich(const series_t *self, const double *matrix, double *room, double *out)
{
    const size_t k = self->features;
    for (size_t p = 0; p < k; p++) /* symmetric in, symmetric C */
        multiply(self->inner, k, matrix + p * k, room + p * k);
    for (size_t p = 0; p < k; p++)
        for (size_t q = 0; q < k; q++) {
            double sum = 0.0;
            for (size_t r = 0; r < k; r++)
                sum += self->inner[p * k + r] * room[r * k + q];
            out[p * k + q] = sum;
        }
}

static void fold(series_t *self)
{
    const size_t k = self->features, square = k * k;
    for (size_t p = 0; p < k; p++) /* `bubble` is not made yet: room */
        sandwich(self, self->cubic + p * square, self->bubble, self->folded + p * square);
    for (size_t p = 0; p < k; p++)
        for (size_t q = 0; q < k; q++)
            self->bubble[p * k + q] =
                ph_product_dot(self->cubic + p * square, self->folded + q * square, square);
}

/* W is made, C W C wanted here; NULL: without what is made of three lines. */
static void weigh(series_t *self, const double *turned)
{
    const size_t k = self->features;
    double *y = self->c; /* not made yet, or not to be: room */
    for (size_t i = 0; i < self->rows; i++) {
        row_t *row = &self->row[i];
        const double *a = self->a + i * k;
        double cube = 0.0;
        multiply(self->inner, k, a, y);
        const double along = form(self->along, k, y, self->image);
        const double quartic = form(self->quartic, k, y, self->image);
        for (size_t p = 0; turned != NULL && p < k; p++)
            if (y[p] != 0.0)
                cube += y[p] * form(self->cubic + p * k * k, k, y, self->image);
        row->weight2 = 0.5 * row->k3 * row->along * row->along +
                       0.5 * row->k4 * row->loop * row->along + 0.5 * row->k3 * along +
                       0.125 * row->k5 * row->loop * row->loop + 0.25 * row->k3 * quartic +
                       row->k4 * cube / 6.0;
        if (turned != NULL)
            row->weight2 += 0.25 * row->k3 * form(turned, k, a, self->image);
    }
}

static int second_order(series_t *self)
{
    const size_t k = self->features;
    double *room = malloc(2 * k * k * sizeof(*room));
    if (room == NULL)
        return PH_ERR_MEMORY;
    add_tensors(self, true);
    fold(self);
    sandwich(self, self->bubble, room, room + k * k);
    weigh(self, room + k * k);
    shift(self, true, self->c);
    free(room);
    return PH_OK;
}

/* What rows have in the second order on their own: no shift comes of it. */
static void second_of_rows(series_t *self)
{
    add_tensors(self, false);
    weigh(self, NULL);
    memset(self->c, 0, self->features * sizeof(*self->c));
}

static void find_overlaps(const series_t *self, const double *n, double neurons,
                          ph_expansion_t *out)
{
    const double *w = self->problem->weights;
    for (size_t p = 0; p < self->features; p++) {
        ph_expansion_term_t *term = &out->overlap[p];
        *term = (ph_expansion_term_t){.limit = n[p], .variance = NAN};
        if (w[p] == 0.0)
            continue;
        term->first = self->b[p] / sqrt(w[p]) / neurons;
        term->second = self->c[p] / sqrt(w[p]) / (neurons * neurons);
        term->variance = (self->inner[p * (self->features + 1)] - self->noise) / (w[p] * neurons);
    }
}

/* Mean over neurons of entry^2 (1 - t^2): a row has the mean entry of its neurons only. */
static double spin_variance(const series_t *self, const double *n, size_t mu)
{
    const ph_meanfield_t *problem = self->problem;
    const size_t k = self->features, patterns = (size_t)problem->patterns;
    double sum = 0.0;
    bool alike = true; /* all neurons of every row: storage */
    for (size_t i = 0; i < self->rows; i++) {
        const double xi = problem->xi[i * patterns + mu];
        sum += xi * xi * self->row[i].k2;
        alike = alike && (xi == 0.0 || fabs(xi) == 1.0);
    }
    if (alike || problem->coupling == NULL)
        return sum;
    sum = 0.0;
    const size_t neurons = (size_t)problem->coupling->neurons;
    for (size_t i = 0; i < neurons; i++) {
        const int16_t *phi = problem->coupling->phi + i * k;
        double h = 0.0;
        if (problem->sample->entries[i * patterns + mu] == 0)
            continue;
        for (size_t p = 0; p < k; p++)
            h += problem->weights[p] * n[p] * problem->example_scale[p] * phi[p];
        const double t = tanh(h / self->noise);
        sum += 1.0 - t * t;
    }
    return sum / (double)neurons;
}

/* What every row has in the first and second order: its loop weights, times its own entry and what
 * it moves of the overlaps that the entries follow, C pull[features]. */
static void add_sizes(series_t *self, size_t mu, const double *pull, double neurons,
                      ph_expansion_term_t *term)
{
    const size_t k = self->features, patterns = (size_t)self->problem->patterns;
    multiply(self->inner, k, pull, self->pulled);
    for (size_t i = 0; i < self->rows; i++) {
        const double moved =
            self->problem->xi[i * patterns + mu] + ph_product_dot(self->a + i * k, self->pulled, k);
        term->first_size += fabs(moved * self->row[i].weight1) / neurons;
        term->second_size += fabs(moved * self->row[i].weight2) / (neurons * neurons);
    }
}

static void find_magnetizations(series_t *self, const double *n, double neurons,
                                ph_expansion_t *out)
{
    const size_t k = self->features, patterns = (size_t)self->problem->patterns;
    for (size_t mu = 0; mu < patterns && self->problem->xi != NULL; mu++) {
        ph_expansion_term_t sum = {.variance = spin_variance(self, n, mu)};
        double *pull = self->image;
        memset(pull, 0, k * sizeof(*pull));
        for (size_t i = 0; i < self->rows; i++) {
            const row_t *row = &self->row[i];
            const double *a = self->a + i * k, xi = self->problem->xi[i * patterns + mu];
            sum.limit += row->p * xi * row->field;
            sum.first += xi * (row->k2 * ph_product_dot(a, self->b, k) + row->weight1);
            sum.second += xi * (row->k2 * ph_product_dot(a, self->c, k) + row->weight2);
            for (size_t p = 0; p < k; p++)
                pull[p] += xi * row->k2 * a[p];
        }
        for (size_t p = 0; p < k; p++)
            sum.variance += pull[p] * ph_product_dot(self->inner + p * k, pull, k);
        out->magnetization[mu] =
            (ph_expansion_term_t){.limit = sum.limit,
                                  .first = sum.first / neurons,
                                  .second = out->second ? sum.second / (neurons * neurons) : 0.0,
                                  .variance = sum.variance / neurons};
        if (out->rows)
            add_sizes(self, mu, pull, neurons, &out->magnetization[mu]);
    }
}

/* tr C H C, H = -(1/2 Q + 1/2 W + B), Q, B the quartic and the tadpole sums. */
static double covariance_change(const series_t *self)
{
    const size_t k = self->features;
    double trace = 0.0;
    for (size_t p = 0; p < k; p++)
        for (size_t q = 0; q < k; q++) {
            double squared = 0.0; /* C C */
            for (size_t r = 0; r < k; r++)
                squared += self->inner[p * k + r] * self->inner[r * k + q];
            trace -= squared * (0.5 * self->quartic[p * k + q] + 0.5 * self->bubble[p * k + q] +
                                self->along[p * k + q]);
        }
    return trace;
}

static void find_energy(series_t *self, const double *n, double neurons, ph_expansion_t *out)
{
    const size_t k = self->features;
    const double *w = self->problem->weights;
    ph_expansion_term_t *energy = &out->energy;
    *energy = (ph_expansion_term_t){0};
    double loops = 0.0, *x = self->image;
    for (size_t p = 0; p < k; p++) {
        x[p] = sqrt(w[p]) * n[p];
        loops += self->inner[p * (k + 1)] - self->noise;
    }
    energy->limit = -0.5 * ph_product_dot(x, x, k);
    energy->first = -(ph_product_dot(x, self->b, k) + 0.5 * loops) / neurons;
    if (out->second)
        energy->second = -(0.5 * ph_product_dot(self->b, self->b, k) +
                           ph_product_dot(x, self->c, k) - 0.5 * covariance_change(self)) /
                         (neurons * neurons);
    for (size_t p = 0; p < k; p++)
        energy->variance += x[p] * (ph_product_dot(self->inner + p * k, x, k) - self->noise * x[p]);
    energy->variance /= neurons;
    out->about_zero = 0.0;
    for (size_t i = 0; i < k * k; i++) {
        const double covariance = self->inner[i] - (i % (k + 1) == 0 ? self->noise : 0.0);
        out->about_zero += 0.5 * covariance * covariance / (neurons * neurons);
    }
}

static int expand(series_t *self, const ph_state_t *state, double neurons, ph_expansion_t *out)
{
    const size_t k = self->features;
    ph_meanfield_matrix(self->problem, state->n, self->inner);
    int status = ph_matrix_invert(self->inner, k);
    if (status != PH_OK)
        return status;
    memcpy(out->inverse, self->inner, k * k * sizeof(*out->inverse));
    for (size_t i = 0; i < k * k; i++)
        self->inner[i] *= self->noise;
    set_rows(self, state->n);
    shift(self, false, self->b);
    for (size_t i = 0; i < self->rows; i++)
        self->row[i].along = ph_product_dot(self->a + i * k, self->b, k);
    if (out->second)
        status = second_order(self);
    else if (out->rows)
        second_of_rows(self);
    if (status != PH_OK)
        return status;
    find_overlaps(self, state->n, neurons, out);
    find_magnetizations(self, state->n, neurons, out);
    find_energy(self, state->n, neurons, out);
    return PH_OK;
}

/* Nothing moves and nothing is off at zero noise. */
static void frozen(const ph_state_t *state, const ph_meanfield_t *problem, ph_expansion_t *out)
{
    out->energy = (ph_expansion_term_t){0};
    for (int64_t p = 0; p < out->features; p++) {
        out->overlap[p] = (ph_expansion_term_t){.limit = state->n[p]};
        out->energy.limit -= 0.5 * problem->weights[p] * state->n[p] * state->n[p];
    }
    for (int64_t mu = 0; mu < out->patterns; mu++)
        out->magnetization[mu] = (ph_expansion_term_t){.limit = state->m[mu]};
}

int ph_expansion_init(ph_expansion_t *self, const ph_state_t *state, const ph_meanfield_t *problem,
                      int64_t neurons, ph_expansion_order_t order)
{
    PH_FLOATING_GUARD();
    const double k = (double)problem->features;
    memset(self, 0, sizeof(*self));
    if (problem->law != PH_NEURON_ROWS)
        return PH_ERR_UNSUPPORTED;
    self->features = problem->features;
    self->patterns = problem->patterns;
    self->second = order == PH_EXPANSION_SECOND &&
                   ((double)problem->count + k) * k * k * k <= PH_EXPANSION_WORK;
    self->rows = order != PH_EXPANSION_FIRST;
    self->overlap = calloc((size_t)(self->features + self->patterns), sizeof(*self->overlap));
    self->inverse = calloc((size_t)(self->features * self->features), sizeof(*self->inverse));
    if (self->overlap == NULL || self->inverse == NULL) {
        ph_expansion_free(self);
        return PH_ERR_MEMORY;
    }
    self->magnetization = self->overlap + self->features;
    if (problem->noise == 0.0) {
        self->second = order == PH_EXPANSION_SECOND;
        frozen(state, problem, self);
        return PH_OK;
    }
    series_t series = {.problem = problem,
                       .rows = problem->count,
                       .features = (size_t)problem->features,
                       .noise = problem->noise};
    int status = series_alloc(&series, self->second, self->rows);
    if (status == PH_OK)
        status = expand(&series, state, (double)neurons, self);
    series_free(&series);
    if (status != PH_OK)
        ph_expansion_free(self);
    return status;
}

void ph_expansion_free(ph_expansion_t *self)
{
    free(self->overlap);
    free(self->inverse);
    memset(self, 0, sizeof(*self));
}

double ph_expansion_sum(const ph_expansion_term_t *term)
{
    return term->limit + term->first + term->second;
}
