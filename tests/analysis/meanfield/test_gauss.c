/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <gsl/gsl_errno.h>
#include <gsl/gsl_integration.h>
#include <math.h>

#include "analysis/meanfield/meanfield_private.h"
#include "tests/testing.h"

/* One of the five averages over a Gaussian field, as an integral. */
typedef struct {
    int kind;
    double a, b, noise;
} integral_t;

static double integrand(double h, void *params)
{
    const integral_t *self = params;
    const double t = tanh(h / self->noise), slope = 1 / pow(cosh(h / self->noise), 2);
    const double z = (h - self->a) / self->b, y = fabs(h) / self->noise;
    const double values[] = {t, slope / self->noise, -2 * t * slope / pow(self->noise, 2),
                             slope * (6 * t * t - 2) / pow(self->noise, 3),
                             self->noise * (y + log1p(exp(-2 * y)))};
    return values[self->kind] * exp(-z * z / 2) / (self->b * sqrt(2 * acos(-1.0)));
}

/* Adaptively, split at the places where the integrand has features. */
static double integrate(int kind, double a, double b, double noise)
{
    integral_t integral = {kind, a, b, noise};
    gsl_function function = {integrand, &integral};
    gsl_integration_workspace *workspace = gsl_integration_workspace_alloc(4000);
    double sum = 0, part, error, from = a - 12 * b;
    const double stops[] = {-40 * noise, -4 * noise, -noise,     0,
                            noise,       4 * noise,  40 * noise, a + 12 * b};
    for (size_t i = 0; i < 8; i++) {
        const double to = fmin(stops[i], a + 12 * b);
        if (to <= from)
            continue;
        const int status = gsl_integration_qag(&function, from, to, 1e-14, 1e-13, 4000,
                                               GSL_INTEG_GAUSS61, workspace, &part, &error);
        ck_assert(status == GSL_SUCCESS || status == GSL_EROUND);
        sum += part;
        from = to;
    }
    gsl_integration_workspace_free(workspace);
    return sum;
}

static void check_point(const ph_gauss_rule_t *rule, double a, double b, double noise)
{
    ph_gauss_t found;
    ph_gauss_point(rule, a, b, noise, 0.0, &found);
    const double values[] = {found.mean, found.first, found.second, found.third,
                             found.log_two_cosh};
    for (int kind = 0; kind < 5; kind++) {
        const double unit = kind > 0 && kind < 4 ? pow(fmax(b, noise), -kind) : 1.0;
        /* the integrals of derivatives cancel by (b/T)^kind: they are the less precise side */
        const double tolerance = kind == 2 || kind == 3 ? 2e-11 : 2e-13;
        ck_assert_double_eq_tol(values[kind] / unit, integrate(kind, a, b, noise) / unit,
                                tolerance);
    }
}

/* The low-noise quadrature: every average and derivative to 1e-10 and better (means to 2e-13) at T
 * = 0.02, against adaptive integration, over all fields and widths. */
START_TEST(test_low_noise)
{
    ph_gauss_rule_t rule;
    gsl_set_error_handler_off();
    ck_assert_int_eq(ph_gauss_rule_init(&rule), PH_OK);
    const double widths[] = {0.002, 0.01, 0.0139, 0.0141, 0.02, 0.05, 0.35, 1.0};
    for (size_t i = 0; i < 8; i++)
        for (double a = -0.6; a < 1.3; a += 0.0837)
            check_point(&rule, a, widths[i], 0.02);
}
END_TEST

/* Every noise, on both sides of where the two rules meet. */
START_TEST(test_all_noises)
{
    ph_gauss_rule_t rule;
    gsl_set_error_handler_off();
    ck_assert_int_eq(ph_gauss_rule_init(&rule), PH_OK);
    for (double noise = 0.005; noise < 4; noise *= 3)
        for (double b = 0.01; b < 3; b *= 1.9)
            for (double a = 0; a < 2; a += 0.31)
                check_point(&rule, a, b, noise);
}
END_TEST

/* Without width: tanh itself; at T = 0 the error function, sign without width, 0 at a tie. */
START_TEST(test_limits)
{
    ph_gauss_rule_t rule;
    ph_gauss_t found;
    ck_assert_int_eq(ph_gauss_rule_init(&rule), PH_OK);
    ph_gauss_point(&rule, 0.3, 0.0, 0.2, 0.0, &found);
    ck_assert_double_eq_tol(found.mean, tanh(1.5), 1e-15);
    ck_assert_double_eq_tol(found.first, 5 / pow(cosh(1.5), 2), 1e-14);
    ck_assert_double_eq_tol(found.log_two_cosh, 0.2 * log(2 * cosh(1.5)), 1e-15);
    ph_gauss_point(&rule, 0.3, 0.4, 0.0, 0.0, &found);
    ck_assert_double_eq_tol(found.mean, erf(0.75 / sqrt(2)), 1e-15);
    ck_assert_double_eq_tol(found.first, sqrt(2 / acos(-1.0)) * exp(-0.28125) / 0.4, 1e-14);
    ph_gauss_point(&rule, 1e-3, 0.4, 1e-9, 0.0, &found);
    ck_assert_double_eq_tol(found.mean, erf(1e-3 / 0.4 / sqrt(2)), 1e-14);
    for (int sign = -1; sign <= 1; sign++) {
        ph_gauss_point(&rule, sign * 0.1, 0.0, 0.0, 1e-12, &found);
        ck_assert(found.mean == sign && found.first == 0.0);
    }
    ph_gauss_point(&rule, 1e-13, 1e-13, 0.0, 1e-12, &found);
    ck_assert(found.mean == 0.0);
}
END_TEST

PH_TEST_MAIN("gauss", test_low_noise, test_all_noises, test_limits)
