/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef PH_TESTS_ANALYSIS_ESTIMATE_EXACTLAW_H
#define PH_TESTS_ANALYSIS_ESTIMATE_EXACTLAW_H

#include <math.h>

#include "sim/model/sample.h"
#include "sim/model/stream.h"

enum { STATES_MAX = 4096 };

/* All states of a sample at one noise: cumulated probabilities, magnetizations and energy. */
typedef struct {
    size_t states, patterns;
    double cumulated[STATES_MAX], m[STATES_MAX][2], energy[STATES_MAX];
} law_t;

static inline void enumerate(law_t *law, const ph_sample_t *sample, double noise)
{
    const size_t n = (size_t)sample->patterns.neurons, k = (size_t)sample->patterns.patterns;
    double total = 0.0;
    law->states = (size_t)1 << n;
    law->patterns = k;
    for (size_t state = 0; state < law->states; state++) {
        double own = 0.0, sum = 0.0;
        for (size_t mu = 0; mu < k; mu++) {
            law->m[state][mu] = 0.0;
            for (size_t i = 0; i < n; i++)
                law->m[state][mu] += (state >> i & 1 ? 1.0 : -1.0) *
                                     sample->patterns.entries[i * k + mu] / (double)n;
            sum += sample->coupling.weights[mu] * pow(law->m[state][mu], 2);
        }
        for (size_t i = 0; i < n; i++)
            own += sample->coupling.self[i] / (2.0 * (double)(n * n));
        law->energy[state] = own - 0.5 * sum;
        total += exp(-(double)n * law->energy[state] / noise);
        law->cumulated[state] = total;
    }
    for (size_t state = 0; state < law->states; state++)
        law->cumulated[state] /= total;
}

static inline size_t draw_state(const law_t *law, ph_stream_t *stream)
{
    const double u = ph_stream_unit(stream);
    size_t low = 0, high = law->states - 1;
    while (low < high) {
        const size_t middle = (low + high) / 2;
        if (law->cumulated[middle] > u)
            high = middle;
        else
            low = middle + 1;
    }
    return low;
}

#endif
