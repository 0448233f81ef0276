/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef PH_TESTS_ANALYSIS_CLASSES_H
#define PH_TESTS_ANALYSIS_CLASSES_H

#include <math.h>
#include <string.h>

#include "analysis/flow/noise.h"
#include "tests/analysis/network.h"

/* All 3^K pattern rows as classes, with the flow's map on them, made without the library. */

enum { CLASSES_PATTERNS = 3, CLASSES_MAX = 27, CLASSES_SITES = 10000 };

typedef struct {
    ph_classes_t classes;
    double phi[CLASSES_MAX * CLASSES_PATTERNS], share[CLASSES_MAX], start[CLASSES_MAX];
    double weights[CLASSES_PATTERNS], noise;
    uint32_t site[CLASSES_SITES];
} network_classes_t;

/* Rows of a storage point in the infinite network, or (patterns given) of a sample. */
static inline void classes_make(network_classes_t *self, const ph_point_t *point,
                                const ph_patterns_t *patterns)
{
    const size_t k = (size_t)point->patterns;
    memset(self, 0, sizeof(*self));
    size_t count = 1;
    for (size_t mu = 0; mu < k; mu++)
        count *= 3;
    for (size_t c = 0; c < count; c++) {
        int8_t row[CLASSES_PATTERNS];
        size_t code = c;
        self->share[c] = patterns == NULL ? 1.0 : 0.0;
        for (size_t mu = 0; mu < k; mu++, code /= 3) {
            const double d = point->dilution[mu];
            row[mu] = (int8_t)((int)(code % 3) - 1);
            self->phi[c * k + mu] = row[mu];
            self->share[c] *= row[mu] == 0 ? d : 0.5 * (1.0 - d);
        }
        for (size_t i = 0; patterns != NULL && i < (size_t)patterns->neurons; i++)
            if (memcmp(row, patterns->entries + i * k, k) == 0) {
                self->site[i] = (uint32_t)c;
                self->share[c] += 1.0 / (double)patterns->neurons;
            }
        self->start[c] = ph_start_spin(point, row);
    }
    ph_coupling_gains(point, self->weights);
    self->noise = point->noise;
    self->classes = (ph_classes_t){
        .count = count,
        .size = k,
        .features = k,
        .phi = self->phi,
        .share = self->share,
        .start = self->start,
        .weights = self->weights,
        .sites = patterns != NULL ? (size_t)patterns->neurons : 0,
        .site = patterns != NULL ? self->site : NULL,
    };
}

static inline double classes_field(const network_classes_t *self, size_t c, const double *o)
{
    double h = 0.0;
    for (size_t p = 0; p < self->classes.size; p++)
        h += self->weights[p] * o[p] * self->phi[c * self->classes.size + p];
    return h;
}

/* F(o); the context of a ph_flow_system_t. */
static inline int classes_map(void *context, const double *o, double *out)
{
    const network_classes_t *self = context;
    const size_t k = self->classes.size;
    memset(out, 0, k * sizeof(*out));
    for (size_t c = 0; c < self->classes.count; c++) {
        const double h = classes_field(self, c, o);
        const double t = self->noise > 0.0 ? tanh(h / self->noise)
                         : fabs(h) < 1e-12 ? 0.0
                                           : copysign(1.0, h);
        for (size_t a = 0; a < k; a++)
            out[a] += self->share[c] * self->phi[c * k + a] * t;
    }
    return PH_OK;
}

static inline void classes_start(const network_classes_t *self, double *o)
{
    const size_t k = self->classes.size;
    memset(o, 0, k * sizeof(*o));
    for (size_t c = 0; c < self->classes.count; c++)
        for (size_t a = 0; a < k; a++)
            o[a] += self->share[c] * self->phi[c * k + a] * self->start[c];
}

#endif
