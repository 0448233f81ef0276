/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <gsl/gsl_integration.h>
#include <math.h>
#include <string.h>

#include "analysis/meanfield/meanfield_private.h"

static const double NEAR_STEP = 0.35, NEAR_REACH = 0.7, FAR_REACH = 20.0, TAIL = 9.0;
static const double SQRT_2PI = 2.50662827463100050242, SQRT_2 = 1.41421356237309504880;

int ph_gauss_rule_init(ph_gauss_rule_t *self)
{
    for (int k = 0; k <= PH_GAUSS_NEAR; k++) {
        const double z = NEAR_STEP * k;
        self->near_weight[k] = NEAR_STEP * exp(-0.5 * z * z) / SQRT_2PI;
    }
    gsl_integration_glfixed_table *table = gsl_integration_glfixed_table_alloc(PH_GAUSS_FAR);
    if (table == NULL)
        return PH_ERR_MEMORY;
    for (size_t k = 0; k < PH_GAUSS_FAR; k++) {
        double weight;
        gsl_integration_glfixed_point(0.0, FAR_REACH, k, &self->y[k], &weight, table);
        const double decay = exp(-2.0 * self->y[k]);
        self->mean[k] = -weight * 2.0 * decay / (1.0 + decay);
        self->log[k] = weight * log1p(decay);
    }
    gsl_integration_glfixed_table_free(table);
    return PH_OK;
}

static void add_near(double y, double weight, ph_gauss_t *out)
{
    const double decay = exp(-2.0 * fabs(y)), scale = 1.0 / (1.0 + decay);
    const double t = copysign((1.0 - decay) * scale, y), slope = 4.0 * decay * scale * scale;
    out->mean += weight * t;
    out->first += weight * slope;
    out->second -= weight * 2.0 * t * slope;
    out->third += weight * slope * (6.0 * t * t - 2.0);
    out->log_two_cosh += weight * (fabs(y) + log1p(decay));
}

/* Fields in units of the noise; b small: trapezoidal rule, exact for analytic functions. */
static void gauss_near(const ph_gauss_rule_t *rule, double a, double b, ph_gauss_t *out)
{
    memset(out, 0, sizeof(*out));
    if (b <= 0.0) {
        add_near(a, 1.0, out);
        return;
    }
    add_near(a, rule->near_weight[0], out);
    for (int k = 1; k <= PH_GAUSS_NEAR; k++) {
        add_near(a + b * NEAR_STEP * k, rule->near_weight[k], out);
        add_near(a - b * NEAR_STEP * k, rule->near_weight[k], out);
    }
}

/* E sign(h), its derivatives and E |h|. */
static void gauss_cold(double a, double b, ph_gauss_t *out)
{
    const double z = a / b;
    out->mean = erf(z / SQRT_2);
    out->first = 2.0 * exp(-0.5 * z * z) / (b * SQRT_2PI);
    out->second = -z / b * out->first;
    out->third = (z * z - 1.0) / (b * b) * out->first;
    out->log_two_cosh = a * out->mean + b * b * out->first;
}

/* What tanh differs from sign by: the Gaussian at y and at -y, and its derivatives in a. */
static void gauss_far(const ph_gauss_rule_t *rule, double a, double b, ph_gauss_t *out)
{
    gauss_cold(a, b, out);
    if (fabs(a) > FAR_REACH + TAIL * b)
        return;
    const double inverse = 1.0 / b, scale = inverse / SQRT_2PI, square = inverse * inverse;
    double mean = 0.0, first = 0.0, second = 0.0, third = 0.0, logs = 0.0;
    for (int k = 0; k < PH_GAUSS_FAR; k++) {
        const double up = (rule->y[k] - a) * inverse, down = (rule->y[k] + a) * inverse;
        const double p = exp(-0.5 * up * up), q = exp(-0.5 * down * down);
        mean += rule->mean[k] * (p - q);
        first += rule->mean[k] * (up * p + down * q);
        second += rule->mean[k] * ((up * up - 1.0) * p - (down * down - 1.0) * q);
        third += rule->mean[k] * (up * (up * up - 3.0) * p + down * (down * down - 3.0) * q);
        logs += rule->log[k] * (p + q);
    }
    out->mean += scale * mean;
    out->first += scale * inverse * first;
    out->second += scale * square * second;
    out->third += scale * square * inverse * third;
    out->log_two_cosh += scale * logs;
}

void ph_gauss_point(const ph_gauss_rule_t *rule, double a, double b, double noise, double tie,
                    ph_gauss_t *out)
{
    if (b <= tie)
        b = 0.0;
    if (noise <= 0.0) {
        memset(out, 0, sizeof(*out));
        if (b > 0.0) {
            gauss_cold(a, b, out);
        } else {
            out->mean = a > tie ? 1.0 : a < -tie ? -1.0 : 0.0;
            out->log_two_cosh = fabs(a);
        }
        return;
    }
    const double beta = 1.0 / noise;
    if (b < NEAR_REACH * noise)
        gauss_near(rule, a * beta, b * beta, out);
    else
        gauss_far(rule, a * beta, b * beta, out);
    out->first *= beta;
    out->second *= beta * beta;
    out->third *= beta * beta * beta;
    out->log_two_cosh *= noise;
}

/* Arrays over the rows, in the problem's scratch. */
typedef struct {
    double *mean, *first, *second, *third, *logs, *one, *two;
} ph_gauss_rows_t;

static ph_gauss_rows_t fill_rows(const ph_meanfield_t *self, const double *n)
{
    double *scratch = self->scratch;
    const size_t rows = self->count;
    const ph_gauss_rows_t all = {scratch,
                                 scratch + rows,
                                 scratch + 2 * rows,
                                 scratch + 3 * rows,
                                 scratch + 4 * rows,
                                 scratch + 5 * rows,
                                 scratch + 6 * rows};
    const double tie = ph_field_tie(self, n);
    ph_product_fields(self, n, false, all.mean);
    ph_product_fields(self, n, true, all.first);
    for (size_t i = 0; i < rows; i++) {
        ph_gauss_t found;
        ph_gauss_point(self->rule, all.mean[i], sqrt(all.first[i]), self->noise, tie, &found);
        all.mean[i] = found.mean;
        all.first[i] = found.first;
        all.second[i] = found.second;
        all.third[i] = found.third;
        all.logs[i] = found.log_two_cosh;
    }
    return all;
}

/* E[u] of component p and the next ones' rows at each of the rows before it. */
static void sum_out(const ph_meanfield_t *self, size_t p, size_t size, const ph_gauss_rows_t *rows)
{
    const ph_local_t *local = &self->local[p];
    double *const arrays[] = {rows->first, rows->second, rows->third};
    for (size_t k = 0; k < 3; k++)
        ph_product_contract(local->probability, NULL, local->count, size, arrays[k], arrays[k]);
}

/*
 * With phi = xi + noise of variance v, E[phi_p u(h)] = E[(xi_p + w n v_p d/dA) E_Z u] (integration
 * by parts): that operator applied twice to the first derivative gives the response.
 */
static void add_pairs(const ph_meanfield_t *self, const double *n, size_t p, size_t size,
                      const double *prefix, const ph_gauss_rows_t *rows, double *out)
{
    const ph_local_t *local = &self->local[p];
    const double field = self->weights[p] * n[p];
    out[p] = 0.0;
    for (size_t j = 0; j < local->count; j++) {
        const double xi = local->xi[j], v = local->variance[j], noisy = field * v;
        const double first = ph_product_dot(prefix, rows->first + j * size, size);
        const double second = ph_product_dot(prefix, rows->second + j * size, size);
        const double third = ph_product_dot(prefix, rows->third + j * size, size);
        out[p] += local->probability[j] *
                  ((xi * xi + v) * first + 2.0 * xi * noisy * second + noisy * noisy * third);
    }
    for (size_t i = 0; i < size; i++)
        rows->one[i] = rows->two[i] = 0.0;
    for (size_t j = 0; j < local->count; j++) {
        const double xi = local->probability[j] * local->xi[j];
        const double noisy = local->probability[j] * field * local->variance[j];
        const double *first = rows->first + j * size, *second = rows->second + j * size,
                     *third = rows->third + j * size;
        for (size_t i = 0; i < size; i++) {
            rows->one[i] += xi * first[i] + noisy * second[i];
            rows->two[i] += xi * second[i] + noisy * third[i];
        }
    }
    for (size_t q = p; q-- > 0;) {
        const ph_local_t *other = &self->local[q];
        const double field_q = self->weights[q] * n[q];
        size /= other->count;
        prefix -= size;
        out[q] = 0.0;
        for (size_t j = 0; j < other->count; j++)
            out[q] +=
                other->probability[j] *
                (other->xi[j] * ph_product_dot(prefix, rows->one + j * size, size) +
                 field_q * other->variance[j] * ph_product_dot(prefix, rows->two + j * size, size));
        ph_product_contract(other->probability, NULL, other->count, size, rows->one, rows->one);
        ph_product_contract(other->probability, NULL, other->count, size, rows->two, rows->two);
    }
}

static void sum_response(const ph_meanfield_t *self, const double *n, const ph_gauss_rows_t *rows,
                         double *out)
{
    const size_t features = (size_t)self->features;
    size_t size;
    const double *prefix = ph_product_prefix(self, &size);
    for (size_t p = features; p-- > 0;) {
        add_pairs(self, n, p, size, prefix, rows, out + p * features);
        if (p == 0)
            break;
        sum_out(self, p, size, rows);
        size /= self->local[p - 1].count;
        prefix -= size;
    }
}

void ph_gaussian_sums(const ph_meanfield_t *self, const double *n, const ph_sums_t *out)
{
    const size_t features = (size_t)self->features, rows_bytes = self->count * sizeof(double);
    const ph_gauss_rows_t rows = fill_rows(self, n);
    double *noisy = rows.two + self->count; /* [features] */
    if (out->log_two_cosh != NULL)
        *out->log_two_cosh = ph_product_mean(self, rows.logs);
    if (out->n != NULL || out->m != NULL) {
        const ph_channel_t xi = PH_CHANNEL_XI, variance = PH_CHANNEL_VARIANCE;
        double *means = out->m != NULL ? out->m : out->n;
        ph_product_means(self, rows.mean, 1, &xi, &means);
        memcpy(rows.one, rows.first, rows_bytes);
        ph_product_means(self, rows.one, 1, &variance, &noisy);
        for (size_t p = 0; out->n != NULL && p < features; p++)
            out->n[p] = means[p] + self->weights[p] * n[p] * noisy[p];
    }
    if (out->response != NULL)
        sum_response(self, n, &rows, out->response);
}

void ph_gaussian_transverse(const ph_meanfield_t *self, const double *n, double *transverse,
                            double *example)
{
    const ph_gauss_rows_t rows = fill_rows(self, n);
    const ph_channel_t first[] = {PH_CHANNEL_PAIR, PH_CHANNEL_EXAMPLE},
                       second = PH_CHANNEL_PAIR_MIXED, third = PH_CHANNEL_PAIR_SQUARE;
    const size_t features = (size_t)self->features;
    double *mixed = rows.two + self->count, *square = mixed + features;
    double *members = square + features, *alone = members + features;
    double *const means[] = {members, alone};
    ph_product_means(self, rows.first, 2, first, means);
    ph_product_means(self, rows.second, 1, &second, &mixed);
    ph_product_means(self, rows.third, 1, &third, &square);
    for (size_t p = 0; p < features; p++) {
        const double l = (double)self->local[p].members, g = self->weights[p] / l, y = g * n[p];
        if (transverse != NULL)
            transverse[p] = 1.0 - g * (members[p] + alone[p] + y * mixed[p] + y * y * square[p]);
        if (example != NULL)
            example[p] = 1.0 - g * alone[p];
    }
}
