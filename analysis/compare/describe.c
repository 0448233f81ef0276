/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What theory says of averages in one well: by the sum over it, or in powers of 1/N. */
#include "analysis/compare/describe.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* Relaxation times, of a well near a transition, that burn-in and records have to last. */
static const double BURNT = 10.0, TIMES = 20.0;
static const double ENOUGH = 0.99; /* of the rate for that: it is known no better, 1 least of all */
static const double SHARE = 0.06, LEAST = 1e-6, MOST = 1e-3; /* of tolerance_of() */
/* Of one record's spread: what no run could see, and what wells of one maximum seldom leave to the
 * next order. */
static const double UNSEEN = 1e-4, RUGGED = 1e-2;
/* Times what rows have in the second order on their own, beyond which they have no more in all: 0.8
 * to 2.0 of 60 samples. */
static const double OWN = 2.0;

/* Zero noise: a spin whose field is no larger than its own share of it, which J_ii = 0 takes away,
 * may point either way. */
static double undecided_spins(const ph_meanfield_t *sample, const double *n)
{
    const ph_coupling_t *coupling = sample->coupling;
    const size_t features = (size_t)coupling->features, neurons = (size_t)coupling->neurons;
    size_t count = 0;
    for (size_t i = 0; i < neurons; i++) {
        double h = 0.0;
        for (size_t p = 0; p < features; p++)
            h += sample->weights[p] * n[p] * sample->example_scale[p] *
                 coupling->phi[i * features + p];
        count += coupling->self[i] > 0.0 && fabs(h) <= coupling->self[i] / (double)neurons;
    }
    return 2.0 * (double)count / (double)neurons;
}

/* Half of the mean over neurons of N J_ii, over N: what the energy has without it. */
static double own_energy(const ph_coupling_t *coupling)
{
    const double neurons = (double)coupling->neurons;
    double own = 0.0;
    for (int64_t i = 0; i < coupling->neurons; i++)
        own += coupling->self[i];
    return 0.5 * own / (neurons * neurons);
}

static void expand_energy(const ph_meanfield_t *sample, const ph_expansion_t *expansion,
                          ph_well_t *well)
{
    well->energy = ph_expansion_sum(&expansion->energy) + own_energy(sample->coupling);
    well->energy_allowance = expansion->second ? fabs(expansion->energy.second) : (double)NAN;
    well->energy_spread = sqrt(fmax(expansion->energy.variance, 0.0) + expansion->about_zero);
}

/* What is left after 1/N^2: as much as that, and where rows cancel in it, as much as goes on
 * shrinking row by row as it did from the first order. */
static double leftover(const ph_expansion_term_t *term, double second)
{
    const double share = term->second_size > 0.0 ? term->second_size / term->first_size : 0.0;
    return second != 0.0 ? fmax(fabs(second), share * term->second_size) : 0.0;
}

/* What is left after 1/N where the second order was too much work: a share of the first, and no
 * less than rows have of the second on their own. */
static double leftover_first(const ph_expansion_term_t *term, double first)
{
    return fmax(PH_CORRECTION_NEXT * fabs(first), first != 0.0 ? term->second_size : 0.0);
}

/* At low noise a field fluctuates by as much as the noise where few neurons bear a feature: no
 * order is then small against the one before, row by row, and only by chance is their sum. */
static bool small_in_rows(const ph_expansion_t *expansion)
{
    double first = 0.0, second = 0.0;
    bool seen = false;
    for (int64_t mu = 0; mu < expansion->patterns; mu++) {
        const ph_expansion_term_t *term = &expansion->magnetization[mu];
        first = fmax(first, term->first_size);
        second = fmax(second, term->second_size);
        seen = seen || term->second_size > UNSEEN * sqrt(fmax(term->variance, 0.0));
    }
    return !seen || second <= PH_CORRECTION_NEXT * first;
}

/* To order 1/N^2, which has to be small against 1/N. */
static int expand(ph_well_t *well, const ph_state_t *state, const ph_meanfield_t *sample)
{
    const size_t k = (size_t)sample->patterns;
    const int64_t neurons = sample->coupling->neurons;
    double correction[PH_MEANFIELD_PATTERNS_MAX], largest = 0.0, next = 0.0, loose = 0.0;
    ph_expansion_t expansion;
    double *n = malloc((size_t)state->features * sizeof(*n));
    if (n == NULL)
        return PH_ERR_MEMORY;
    int status =
        ph_meanfield_correction_next(state, sample, neurons, n, correction, &well->next, NULL);
    free(n);
    if (status == PH_OK)
        status = ph_expansion_init(&expansion, state, sample, neurons, PH_EXPANSION_SECOND);
    if (status != PH_OK) {
        well->reason = PH_REASON_TRANSITION;
        return status == PH_ERR_NUMERIC ? PH_OK : status;
    }
    if (sample->noise == 0.0)
        loose = undecided_spins(sample, state->n);
    for (size_t mu = 0; mu < k; mu++) {
        expansion.magnetization[mu].second_size *= expansion.second ? 1.0 : OWN;
        const ph_expansion_term_t *term = &expansion.magnetization[mu];
        well->first[mu] = correction[mu];
        well->second[mu] = correction[mu] != 0.0 ? term->second : 0.0;
        well->allowance[mu] = expansion.second ? leftover(term, well->second[mu])
                                               : leftover_first(term, well->first[mu]);
        well->spread[mu] = sqrt(fmax(term->variance, 0.0));
        largest = fmax(largest, fabs(well->first[mu]));
        next = fmax(next, fabs(well->second[mu]));
        well->allowance[mu] += loose;
    }
    expand_energy(sample, &expansion, well);
    if (next > PH_CORRECTION_NEXT * largest || !small_in_rows(&expansion))
        well->reason = PH_REASON_TRANSITION;
    ph_expansion_free(&expansion);
    return PH_OK;
}

double ph_well_burn_in(double rate)
{
    return BURNT / rate;
}

double ph_well_sweeps(double rate)
{
    return TIMES / rate;
}

/*
 * The rate at which chains come to rest within burn-in, and go through the well several times: near
 * a transition they are slow, and a sample whose chains cannot tell is left out by theory alone.
 */
static double needed_rate(const ph_point_t *point)
{
    return ENOUGH * fmax(BURNT / (double)point->burn_in, TIMES / (double)point->sweeps);
}

/* Whether the expansion leaves less open than a share of one record's spread. */
static bool within(const ph_well_t *well, size_t patterns, double share)
{
    bool all = well->energy_allowance <= share * well->energy_spread;
    for (size_t mu = 0; mu < patterns; mu++)
        all = all && well->allowance[mu] <= share * well->spread[mu];
    return all;
}

/* What averages in a well may be off by, in spreads of one record: a share of the error that its
 * point's records would have, were they independent. */
static double tolerance_of(const ph_well_t *well)
{
    if (well->sizes || !(well->records > 0.0))
        return 0.0;
    return fmax(LEAST, fmin(SHARE / sqrt(well->records), MOST));
}

static ph_exact_rows_t rows_of(const ph_well_t *well, const ph_meanfield_t *sample)
{
    return (ph_exact_rows_t){.count = sample->count,
                             .features = (size_t)sample->features,
                             .patterns = (size_t)sample->patterns,
                             .phi = sample->phi,
                             .xi = sample->xi,
                             .share = sample->probability,
                             .weights = sample->weights,
                             .noise = sample->noise,
                             .neurons = (double)sample->coupling->neurons,
                             .first_two = !well->sizes,
                             .tolerance = tolerance_of(well)};
}

/* PH_ERR_NUMERIC where the well at -n has no sum, whatever for. */
static int find_sum(ph_well_t *well, const ph_exact_rows_t *rows, const double *n)
{
    if (well->mirror == NULL)
        return ph_exact_well_init(&well->exact, rows, n);
    return well->mirror->summed
               ? ph_exact_well_mirror(&well->exact, &well->mirror->exact, rows->patterns)
               : PH_ERR_NUMERIC;
}

/* By the sum over the well in place of the expansion, where it can be done. Spreads of learned
 * patterns, whose rows have mean entries only, stay those of the expansion where that holds. */
static int sum_well(ph_well_t *well, const ph_state_t *state, const ph_meanfield_t *sample,
                    const ph_point_t *point)
{
    const bool near = well->reason != PH_REASON_NONE;
    ph_exact_rows_t rows = well->rows = rows_of(well, sample);
    rows.least_rate = near ? needed_rate(point) : 0.0;
    rows.rugged = near || !within(well, rows.patterns, RUGGED);
    const int status = find_sum(well, &rows, state->n);
    if (status != PH_OK || (near && !(well->exact.rate >= needed_rate(point)))) {
        well->slow = status == PH_OK        ? well->exact.rate
                     : well->mirror != NULL ? well->mirror->slow
                                            : 0.0;
        ph_exact_well_free(&well->exact);
        return status == PH_ERR_MEMORY ? status : PH_OK;
    }
    const ph_exact_well_t *exact = &well->exact;
    well->summed = true;
    well->near = near;
    well->reason = PH_REASON_NONE;
    for (size_t mu = 0; mu < rows.patterns; mu++) {
        well->first[mu] = exact->m[mu] - well->m[mu];
        well->second[mu] = 0.0;
        well->allowance[mu] = exact->error[mu];
        well->spread[mu] = fmax(exact->spread[mu], well->near ? 0.0 : well->spread[mu]);
    }
    well->energy = exact->energy + own_energy(sample->coupling);
    well->energy_allowance = exact->energy_error;
    well->energy_spread = exact->energy_spread;
    well->rate = exact->rate;
    well->log_weight = exact->log_sum - rows.neurons * own_energy(sample->coupling) / sample->noise;
    return PH_OK;
}

int ph_well_describe(ph_well_t *well, const ph_state_t *state, const ph_meanfield_t *sample,
                     const ph_point_t *point)
{
    int status = PH_OK;
    memcpy(well->m, state->m, (size_t)sample->patterns * sizeof(*well->m));
    well->rate = state->stability;
    well->log_weight = (double)NAN;
    well->reason = !state->converged           ? PH_REASON_UNSOLVED
                   : !(state->stability > 0.0) ? PH_REASON_UNSTABLE
                                               : PH_REASON_NONE;
    if (well->reason == PH_REASON_NONE)
        status = expand(well, state, sample);
    if (status != PH_OK || sample->noise == 0.0 ||
        (well->reason == PH_REASON_NONE && within(well, (size_t)sample->patterns, UNSEEN)))
        return status;
    return sum_well(well, state, sample, point);
}
