/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>
#include <string.h>

#include "analysis/attractors/cold_private.h"
#include "base/interrupt.h"

/* Fields below this fraction of the sum of their parts' sizes are none, where weights differ. */
static const double TIE = 1e-12;

static const int16_t *row_of(const ph_coupling_t *coupling, size_t i)
{
    return coupling->phi + i * (size_t)coupling->features;
}

static bool coupled(const ph_coupling_t *coupling, size_t i)
{
    return coupling->self[i] > 0.0;
}

/* N h_i / w with equal weights, an integer; else N h_i, 0 within rounding. J_ii = 0. */
static double field(const ph_coupling_t *coupling, const int64_t *overlaps, size_t i, int8_t spin)
{
    const size_t features = (size_t)coupling->features;
    const int16_t *phi = row_of(coupling, i);
    if (coupling->equal_weights) {
        int64_t h = 0;
        for (size_t p = 0; p < features; p++)
            h += phi[p] * (overlaps[p] - spin * phi[p]);
        return (double)h;
    }
    double h = 0.0, size = 0.0;
    for (size_t p = 0; p < features; p++) {
        const double part = coupling->weights[p] * (double)(phi[p] * (overlaps[p] - spin * phi[p]));
        h += part;
        size += fabs(part);
    }
    return fabs(h) <= TIE * size ? 0.0 : h;
}

static void turn(const ph_coupling_t *coupling, int64_t *overlaps, size_t i, int change)
{
    const int16_t *phi = row_of(coupling, i);
    for (size_t p = 0; p < (size_t)coupling->features; p++)
        overlaps[p] += change * phi[p];
}

/* Open spins follow the field of those that are set before them. */
static void set_open(const ph_coupling_t *coupling, ph_stream_t *stream, int8_t *spins,
                     int64_t *overlaps)
{
    const size_t neurons = (size_t)coupling->neurons;
    memset(overlaps, 0, (size_t)coupling->features * sizeof(*overlaps));
    for (size_t i = 0; i < neurons; i++) {
        spins[i] = coupled(coupling, i) ? spins[i] : 0;
        turn(coupling, overlaps, i, spins[i]);
    }
    for (size_t i = 0; i < neurons; i++) {
        if (spins[i] != 0 || !coupled(coupling, i))
            continue;
        const double h = field(coupling, overlaps, i, 0);
        const bool up = h != 0.0 ? h > 0.0 : (ph_stream_word(stream) >> 63) != 0;
        spins[i] = up ? 1 : -1;
        turn(coupling, overlaps, i, spins[i]);
    }
}

int ph_cold_descend(const ph_coupling_t *coupling, ph_stream_t *stream, int8_t *spins,
                    int64_t *overlaps)
{
    const size_t neurons = (size_t)coupling->neurons;
    set_open(coupling, stream, spins, overlaps);
    /* Every flip lowers the energy: it ends. */
    for (bool flipped = true; flipped;) {
        flipped = false;
        for (size_t i = 0; i < neurons; i++) {
            if (spins[i] == 0 || !(spins[i] * field(coupling, overlaps, i, spins[i]) < 0.0))
                continue;
            spins[i] = (int8_t)-spins[i];
            turn(coupling, overlaps, i, 2 * spins[i]);
            flipped = true;
        }
        if (ph_interrupted())
            return PH_ERR_INTERRUPTED;
    }
    return PH_OK;
}

/* The first spin that is set is made +1. */
static void standard_sign(int8_t *spins, size_t neurons)
{
    size_t first = 0;
    while (first < neurons && spins[first] == 0)
        first++;
    for (size_t i = first; first < neurons && spins[first] < 0 && i < neurons; i++)
        if (i > first)
            spins[i] = (int8_t)-spins[i];
    if (first < neurons)
        spins[first] = 1;
}

void ph_cold_describe(const ph_coupling_t *coupling, const int64_t *overlaps, int8_t *spins,
                      ph_cold_t *out)
{
    const size_t neurons = (size_t)coupling->neurons;
    const double n = (double)coupling->neurons;
    const double unit = coupling->equal_weights ? coupling->weights[0] / n : 1.0 / n;
    *out = (ph_cold_t){.least_field = INFINITY};
    for (size_t i = 0; i < neurons; i++) {
        if (spins[i] == 0)
            continue;
        const double h = spins[i] * field(coupling, overlaps, i, spins[i]);
        out->ties += h == 0.0;
        out->least_field = fmin(out->least_field, unit * h);
    }
    for (size_t p = 0; p < (size_t)coupling->features; p++) {
        const double o = (double)overlaps[p] / n;
        out->energy -= 0.5 * coupling->weights[p] * o * o;
    }
    standard_sign(spins, neurons);
    out->spins = ph_digest_bytes(spins, neurons);
}
