/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "analysis/flow/sites.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static const double REST = 1e-12; /* change of a sweep that counts as none */
static const double TIE = 1e-12;  /* of the largest possible field, as in the mean field */
static const uint64_t SWEEPS_MAX = 100000;
static const double UPDATES_MAX = 1e9;

/* Mean spin of class c in the field of the overlaps o. */
static double spin_of(const ph_classes_t *classes, size_t c, const double *o, double noise)
{
    const double *phi = classes->phi + c * classes->size;
    double h = 0.0, scale = 0.0;
    for (size_t p = 0; p < classes->features; p++) {
        const double signal = classes->weights[p] * o[p];
        h += signal * phi[p];
        scale += fabs(signal);
    }
    if (noise > 0.0)
        return tanh(h / noise);
    return fabs(h) <= TIE * scale ? 0.0 : copysign(1.0, h);
}

static void sum_up(const ph_classes_t *classes, const double *s, double *o)
{
    const size_t n = classes->size;
    memset(o, 0, n * sizeof(*o));
    for (size_t i = 0; i < classes->sites; i++)
        for (size_t a = 0; a < n; a++)
            o[a] += classes->phi[classes->site[i] * n + a] * s[i] / (double)classes->sites;
}

/* One sweep; returns the largest change of a spin. Sums anew, so that rounding does not pile up. */
static double sweep(const ph_classes_t *classes, double noise, double *s, double *o)
{
    const size_t n = classes->size;
    double largest = 0.0;
    for (size_t i = 0; i < classes->sites; i++) {
        const size_t c = classes->site[i];
        const double spin = spin_of(classes, c, o, noise), change = spin - s[i];
        for (size_t a = 0; a < n; a++)
            o[a] += classes->phi[c * n + a] * change / (double)classes->sites;
        largest = fmax(largest, fabs(change));
        s[i] = spin;
    }
    sum_up(classes, s, o);
    return largest;
}

int ph_flow_sites(const ph_classes_t *classes, double noise, size_t times, const uint64_t *time,
                  double *path, ph_flow_end_t *end)
{
    const size_t n = classes->size;
    double *s = malloc(classes->sites * sizeof(*s)), *o = malloc(n * sizeof(*o));
    int status = s == NULL || o == NULL ? PH_ERR_MEMORY : PH_OK;
    *end = (ph_flow_end_t){.complete = true};
    for (size_t i = 0; i < classes->sites && status == PH_OK; i++)
        s[i] = classes->start[classes->site[i]];
    if (status == PH_OK)
        sum_up(classes, s, o);
    for (size_t k = 0; k < times && status == PH_OK; k++) {
        while (end->sweeps < time[k] && !end->stationary && end->complete) {
            end->complete = end->sweeps < SWEEPS_MAX &&
                            (double)end->sweeps * (double)classes->sites < UPDATES_MAX;
            if (!end->complete)
                break;
            end->stationary = sweep(classes, noise, s, o) <= REST;
            end->sweeps++;
        }
        for (size_t a = 0; a < n; a++)
            path[k * n + a] = end->complete ? o[a] : (double)NAN;
    }
    free(s);
    free(o);
    return status;
}
