/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "analysis/flow/noise_permuted_private.h"
#include "analysis/flow/noise_work_private.h"

#include <gsl/gsl_errno.h>
#include <gsl/gsl_odeiv2.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { LOOKS = 4 };

/*
 * One permuted sweep: sites are drawn without replacement, which ties the noise of its moments
 * together. With Phi(1, tau) the propagator of J = dF/do, x_i(tau) = phi_i (t_i(tau) - s_i) what
 * the update of site i adds, and Q_i = int_0^1 Phi(1, tau) x_i dtau,
 *   Sigma <- L Sigma L^T + int Phi E[phi phi 2 (1 - s t)] - v v^T Phi^T dtau - Cov_i(Q_i, Q_i),
 * L = Phi(1, 0) - A, A = int Phi dtau, v = F(o) - o(0): a bridge is white noise less its sum.
 * Integrated are s_c and q_c (those updated), both integrals of noise, L, A, and q = int Phi phi_c
 * t_c dtau of each class, so that Q_i = q_c - A phi_c s_i, and the bias. All of it holds up to any
 * tau in place of 1.
 */
typedef struct {
    ph_noise_t *noise;
    const double *s, *q; /* [count], before the sweep */
    double *overlap;     /* [size], before the sweep */
    const double *sigma; /* [size][size], before the sweep */
    const double *bias;  /* [size], before the sweep */
    double *matrix;      /* [size][size], and two more; [2 size] */
    double evaluation;   /* multiplications of the rates */
} permuted_t;

/* out += J in, columns of in[size][columns]. */
static void add_product(const ph_noise_t *self, const double *in, size_t columns, double *out)
{
    for (size_t a = 0; a < self->size; a++)
        for (size_t p = 0; p < self->features; p++)
            for (size_t b = 0; b < columns; b++)
                out[a * columns + b] += self->jacobian[a * self->size + p] * in[p * columns + b];
}

/* out += J Sigma + Sigma J^T, Sigma symmetric. */
static void add_both(const ph_noise_t *self, const double *sigma, double *matrix, double *out)
{
    const size_t n = self->size;
    memset(matrix, 0, n * n * sizeof(*matrix));
    add_product(self, sigma, n, matrix);
    for (size_t a = 0; a < n; a++)
        for (size_t b = 0; b < n; b++)
            out[a * n + b] += matrix[a * n + b] + matrix[b * n + a];
}

/* Less Cov_i(Q_i, Q_i) of one chain and of two lanes; leaves the mean of Q_i in the scratch. */
static void less_bridge(const permuted_t *sweep, const double *big_a, const double *q,
                        double *sigma, double *shared)
{
    const ph_noise_t *self = sweep->noise;
    const size_t n = self->size, count = self->count;
    double *mean = sweep->matrix + 3 * n * n, *own = mean + n;
    memset(mean, 0, n * sizeof(*mean));
    for (size_t c = 0; c < count; c++) {
        const double share = self->classes->share[c], *phi = self->classes->phi + c * n;
        const double s = sweep->s[c], both = sweep->q[c];
        for (size_t a = 0; a < n; a++) {
            own[a] = 0.0;
            for (size_t b = 0; b < n; b++)
                own[a] += big_a[a * n + b] * phi[b];
            mean[a] += share * (q[a * count + c] - s * own[a]);
        }
        for (size_t a = 0; a < n; a++)
            for (size_t b = 0; b < n; b++) {
                const double x = q[a * count + c], y = q[b * count + c];
                const double even = x * y - s * (x * own[b] + own[a] * y);
                sigma[a * n + b] -= share * (even + own[a] * own[b]);
                if (shared != NULL)
                    shared[a * n + b] -= share * (even + both * own[a] * own[b]);
            }
    }
    for (size_t a = 0; a < n; a++)
        for (size_t b = 0; b < n; b++) {
            sigma[a * n + b] += mean[a] * mean[b];
            if (shared != NULL)
                shared[a * n + b] += mean[a] * mean[b];
        }
}

/* to += L Sigma L^T */
static void add_carried(const double *l, const double *sigma, size_t n, double *scratch, double *to)
{
    for (size_t a = 0; a < n; a++)
        for (size_t q = 0; q < n; q++) {
            scratch[a * n + q] = 0.0;
            for (size_t p = 0; p < n; p++)
                scratch[a * n + q] += l[a * n + p] * sigma[p * n + q];
        }
    for (size_t a = 0; a < n; a++)
        for (size_t b = 0; b < n; b++)
            for (size_t q = 0; q < n; q++)
                to[a * n + b] += scratch[a * n + q] * l[b * n + q];
}

/*
 * rate += J (b - v/2) - b(0) + what curvature and self term add, and E[phi t' phi~.d]: given that
 * site i is still to come, the others have done its share of the moves so far, d = mean Q - Q_i.
 */
static void add_bias_rate(const permuted_t *sweep, const double *z, const double *bias,
                          double *rate)
{
    const ph_noise_t *self = sweep->noise;
    const size_t n = self->size, count = self->count, square = n * n;
    const double *l = z + 2 * (count + square), *big_a = l + square, *q = big_a + square;
    double *sigma = sweep->matrix, *scratch = sigma + square, *mean = sweep->matrix + 3 * square;
    memcpy(sigma, z + 2 * count, square * sizeof(*sigma));
    add_carried(l, sweep->sigma, n, scratch, sigma);
    less_bridge(sweep, big_a, q, sigma, NULL);
    for (size_t a = 0; a < n; a++) {
        rate[a] -= sweep->bias[a];
        for (size_t p = 0; p < n; p++) {
            const double v = self->drift[p] + self->overlap[p] - sweep->overlap[p];
            rate[a] += self->jacobian[a * n + p] * (bias[p] - 0.5 * v);
        }
    }
    ph_noise_pull(self, sigma, sweep->s, rate);
    for (size_t c = 0; self->noise > 0.0 && c < count; c++) {
        const double *phi = self->classes->phi + c * n, t = self->spin[c];
        double lack = 0.0;
        for (size_t p = 0; p < self->features; p++) {
            double moved = q[p * count + c];
            for (size_t b = 0; b < n; b++)
                moved -= big_a[p * n + b] * phi[b] * sweep->s[c];
            lack += self->classes->weights[p] * phi[p] * (mean[p] - moved);
        }
        for (size_t a = 0; a < n; a++)
            rate[a] += self->classes->share[c] * phi[a] * (1.0 - t * t) / self->noise * lack;
    }
}

static int permuted_rate(double t, const double *z, double *rate, void *context)
{
    const permuted_t *sweep = context;
    ph_noise_t *self = sweep->noise;
    const size_t n = self->size, count = self->count, square = n * n;
    const double *sigma = z + 2 * count, *shared = sigma + square, *l = shared + square;
    double *sigma_rate = rate + 2 * count, *shared_rate = sigma_rate + square;
    double *l_rate = shared_rate + square, *a_rate = l_rate + square, *q_rate = a_rate + square;
    (void)t;
    if (self->work > self->work_max)
        return GSL_EBADFUNC;
    self->work += sweep->evaluation;
    ph_noise_overlaps(self, z);
    ph_noise_fields(self);
    ph_noise_drift(self);
    for (size_t a = 0; a < n; a++)
        self->jacobian[a * (n + 1)] += 1.0;
    memset(rate, 0, (2 * count + 4 * square + n * count + n) * sizeof(*rate));
    add_both(self, sigma, sweep->matrix, sigma_rate);
    add_both(self, shared, sweep->matrix, shared_rate);
    add_product(self, l, n, l_rate);
    add_product(self, l + square, n, a_rate);
    add_product(self, l + 2 * square, count, q_rate);
    for (size_t a = 0; a < n; a++) {
        const double v = self->drift[a] + self->overlap[a] - sweep->overlap[a];
        l_rate[a * (n + 1)] -= 1.0;
        a_rate[a * (n + 1)] += 1.0;
        for (size_t b = 0; b < n; b++) {
            const double w = self->drift[b] + self->overlap[b] - sweep->overlap[b];
            sigma_rate[a * n + b] -= v * w;
            shared_rate[a * n + b] -= v * w;
        }
    }
    for (size_t c = 0; c < count; c++) {
        const double spin = self->spin[c], *phi = self->classes->phi + c * n;
        const double share = self->classes->share[c], s = sweep->s[c];
        const double alone = share * 2.0 * (1.0 - s * spin);
        const double both = share * (spin * spin - 2.0 * spin * s + sweep->q[c]);
        rate[c] = spin - s;
        rate[count + c] = spin * spin;
        for (size_t a = 0; a < n; a++) {
            q_rate[a * count + c] += phi[a] * spin;
            for (size_t b = 0; b < n; b++) {
                sigma_rate[a * n + b] += alone * phi[a] * phi[b];
                shared_rate[a * n + b] += both * phi[a] * phi[b];
            }
        }
    }
    const size_t at = 2 * count + 4 * square + n * count;
    add_bias_rate(sweep, z, z + at, rate + at);
    return GSL_SUCCESS;
}

/* Sigma at the time that z has come to, after sigma of before. */
static void finish_sigma(const permuted_t *sweep, const double *z, double *sigma)
{
    const size_t n = sweep->noise->size, count = sweep->noise->count, square = n * n;
    const double *l = z + 2 * (count + square);
    memcpy(sigma, z + 2 * count, square * sizeof(*sigma));
    less_bridge(sweep, l + square, l + 2 * square, sigma, NULL);
    add_carried(l, sweep->sigma, n, sweep->matrix, sigma);
}

/* The whole sweep, with the fields looked at LOOKS times between 0, 2^-parts, ..., 1/2 and 1. */
static int integrate(permuted_t *sweep, const gsl_odeiv2_system *equations, double *z, int parts,
                     double *bend)
{
    ph_noise_t *self = sweep->noise;
    double t = 0.0, *sigma = malloc(self->size * self->size * sizeof(*sigma));
    gsl_odeiv2_driver *driver = gsl_odeiv2_driver_alloc_y_new(equations, gsl_odeiv2_step_rk8pd,
                                                              1e-2, PH_NOISE_ERROR, PH_NOISE_ERROR);
    int status = driver == NULL || sigma == NULL ? PH_ERR_MEMORY : PH_OK;
    const int looks = parts == 0 ? 0 : LOOKS * (parts + 1);
    for (int look = looks > 0; status == PH_OK && look <= looks; look++) {
        const double from = look <= LOOKS ? 0.0 : ldexp(1.0, (look - 1) / LOOKS - 1 - parts);
        const double to = looks == 0 ? 1.0 : ldexp(1.0, (look - 1) / LOOKS - parts);
        const double step = looks == 0 ? 1.0 : (double)((look - 1) % LOOKS + 1) / LOOKS;
        if (gsl_odeiv2_driver_apply(driver, &t, from + step * (to - from), z) != GSL_SUCCESS)
            status = self->work > self->work_max ? PH_ERR_LIMIT : PH_ERR_NUMERIC;
        if (status != PH_OK || looks == 0)
            break;
        finish_sigma(sweep, z, sigma);
        ph_noise_overlaps(self, z);
        *bend = fmax(*bend, ph_noise_bend(self, sigma));
    }
    if (driver != NULL)
        gsl_odeiv2_driver_free(driver);
    free(sigma);
    return status;
}

int ph_noise_permuted_sweep(ph_noise_t *self, double *y, int parts, double *bend)
{
    const size_t n = self->size, count = self->count, square = n * n;
    const size_t first = 2 * count + 4 * square + n * count, all = first + n;
    double *z = calloc(all + n + 3 * square + 2 * n, sizeof(*z));
    if (z == NULL)
        return PH_ERR_MEMORY;
    double *bias = y + 2 * (count + square);
    const ph_flow_cost_t cost = ph_noise_cost(self);
    permuted_t sweep = {self,          y,    y + count,   z + all,
                        y + 2 * count, bias, z + all + n, ph_noise_evaluation(&cost)};
    const gsl_odeiv2_system equations = {permuted_rate, NULL, all, &sweep};
    double *sigma = z + 2 * count, *shared = sigma + square, *l = shared + square;
    ph_noise_overlaps(self, y);
    memcpy(sweep.overlap, self->overlap, n * sizeof(*z));
    memcpy(z, y, count * sizeof(*z));
    memcpy(z + first, bias, n * sizeof(*bias));
    for (size_t a = 0; a < n; a++)
        l[a * (n + 1)] = 1.0;
    const int status = integrate(&sweep, &equations, z, parts, bend);
    if (status == PH_OK) {
        less_bridge(&sweep, l + square, l + 2 * square, sigma, shared);
        add_carried(l, y + 2 * count, n, sweep.matrix, sigma);
        add_carried(l, y + 2 * count + square, n, sweep.matrix, shared);
        memcpy(y, z, 2 * (count + square) * sizeof(*y));
        memcpy(bias, z + first, n * sizeof(*bias));
    }
    for (size_t a = 0; a < n; a++)
        self->escaped = self->escaped || !(sigma[a * (n + 1)] < PH_NOISE_LARGEST);
    free(z);
    return status;
}
