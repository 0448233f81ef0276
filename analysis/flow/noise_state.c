/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "analysis/flow/noise_state_private.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static const double TIE = 1e-12; /* of the largest field, as in the mean field */

int ph_noise_init(ph_noise_t *self, const ph_classes_t *classes, ph_flow_law_t law, double noise)
{
    const size_t count = classes->count, n = classes->size;
    *self = (ph_noise_t){.classes = classes,
                         .law = law,
                         .noise = noise,
                         .count = count,
                         .size = n,
                         .features = classes->features,
                         .all = 2 * count + 2 * n * n + n};
    self->field = calloc(count, sizeof(double));
    self->spin = calloc(count, sizeof(double));
    self->overlap = calloc(n, sizeof(double));
    self->drift = calloc(n, sizeof(double));
    self->jacobian = calloc(n * n, sizeof(double));
    self->sign = calloc(count, sizeof(double));
    return self->field == NULL || self->spin == NULL || self->overlap == NULL ||
                   self->drift == NULL || self->jacobian == NULL || self->sign == NULL
               ? PH_ERR_MEMORY
               : PH_OK;
}

void ph_noise_free(ph_noise_t *self)
{
    free(self->field);
    free(self->spin);
    free(self->overlap);
    free(self->drift);
    free(self->jacobian);
    free(self->sign);
}

void ph_noise_overlaps(ph_noise_t *self, const double *s)
{
    const ph_classes_t *classes = self->classes;
    memset(self->overlap, 0, self->size * sizeof(double));
    for (size_t c = 0; c < self->count; c++)
        for (size_t a = 0; a < self->size; a++)
            self->overlap[a] += classes->share[c] * s[c] * classes->phi[c * self->size + a];
}

void ph_noise_fields(ph_noise_t *self)
{
    const ph_classes_t *classes = self->classes;
    double scale = 0.0;
    for (size_t p = 0; p < self->features; p++)
        scale += fabs(classes->weights[p] * self->overlap[p]);
    for (size_t c = 0; c < self->count; c++) {
        double h = 0.0;
        for (size_t p = 0; p < self->features; p++)
            h += classes->weights[p] * self->overlap[p] * classes->phi[c * self->size + p];
        self->field[c] = h;
        if (self->noise > 0.0)
            self->spin[c] = tanh(h / self->noise);
        else
            self->spin[c] = fabs(h) <= TIE * scale ? 0.0 : copysign(1.0, h);
    }
}

void ph_noise_drift(ph_noise_t *self)
{
    const ph_classes_t *classes = self->classes;
    const size_t n = self->size;
    memset(self->jacobian, 0, n * n * sizeof(double));
    for (size_t a = 0; a < n; a++)
        self->drift[a] = -self->overlap[a];
    for (size_t c = 0; c < self->count; c++) {
        const double *phi = classes->phi + c * n, t = self->spin[c];
        const double slope = self->noise > 0.0 ? (1.0 - t * t) / self->noise : 0.0;
        for (size_t a = 0; a < n; a++) {
            const double entry = classes->share[c] * phi[a];
            self->drift[a] += entry * t;
            for (size_t p = 0; slope != 0.0 && p < self->features; p++)
                self->jacobian[a * n + p] += entry * slope * classes->weights[p] * phi[p];
        }
    }
    for (size_t a = 0; a < n; a++)
        self->jacobian[a * (n + 1)] -= 1.0;
}

/* phi~^T Sigma phi~ and sum_p w_p phi_p^2 of class c, phi~_p = w_p phi_p: N Var of its field, and
 * N times what the field lacks because J_ii = 0. */
static void class_field(const ph_noise_t *self, size_t c, const double *sigma, double *variance,
                        double *own)
{
    const double *phi = self->classes->phi + c * self->size, *w = self->classes->weights;
    *variance = *own = 0.0;
    for (size_t p = 0; p < self->features; p++) {
        *own += w[p] * phi[p] * phi[p];
        for (size_t q = 0; q < self->features; q++)
            *variance += w[p] * phi[p] * w[q] * phi[q] * sigma[p * self->size + q];
    }
}

void ph_noise_pull(const ph_noise_t *self, const double *sigma, const double *s, double *out)
{
    const size_t n = self->size;
    for (size_t c = 0; self->noise > 0.0 && c < self->count; c++) {
        double variance, own;
        const double t = self->spin[c], slope = (1.0 - t * t) / self->noise;
        class_field(self, c, sigma, &variance, &own);
        const double missing = s == NULL ? 0.0 : own * s[c];
        const double pull = -slope * (t * variance / self->noise + missing);
        for (size_t a = 0; a < n; a++)
            out[a] += self->classes->share[c] * self->classes->phi[c * n + a] * pull;
    }
}

double ph_noise_bend(ph_noise_t *self, const double *sigma)
{
    double worst = 0.0;
    ph_noise_fields(self);
    for (size_t c = 0; c < self->count; c++) {
        double variance, own;
        class_field(self, c, sigma, &variance, &own);
        const double straight =
            fmax(fabs(self->field[c]) / PH_FLOW_BEND_FIELD, self->noise / PH_FLOW_BEND_NOISE);
        if (variance > 0.0)
            worst = fmax(worst, sqrt(variance) / straight);
    }
    return worst;
}

bool ph_noise_crossed(ph_noise_t *self, bool first)
{
    const bool smooth = self->law == PH_FLOW_RANDOM || self->law == PH_FLOW_PERMUTED ||
                        self->law == PH_FLOW_SEQUENTIAL;
    if (self->noise > 0.0)
        return false;
    ph_noise_fields(self);
    for (size_t c = 0; c < self->count; c++) {
        bool coupled = false;
        for (size_t p = 0; p < self->features; p++)
            coupled = coupled || (self->classes->weights[p] != 0.0 &&
                                  self->classes->phi[c * self->size + p] != 0.0);
        if (first)
            self->sign[c] = self->spin[c];
        if (coupled && (self->spin[c] == 0.0 || (smooth && self->spin[c] != self->sign[c])))
            return true;
    }
    return false;
}
