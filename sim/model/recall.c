/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sim/model/recall.h"

#include <math.h>
#include <stdbool.h>

#include "sim/model/observables.h"

double ph_recall_overlap(int64_t overlap, int64_t entries)
{
    return entries > 0 ? (double)overlap / (double)entries : 0.0;
}

int64_t ph_recall_nearest(const ph_patterns_t *patterns, const uint8_t *bits)
{
    int64_t overlaps[PH_MAX_PATTERNS] = {0}, entries[PH_MAX_PATTERNS] = {0}, nearest = 0;
    const size_t count = (size_t)patterns->patterns;
    for (size_t i = 0; i < (size_t)patterns->neurons; i++) {
        const int8_t *row = patterns->entries + i * count;
        const bool up = (bits[i / 8] >> (i % 8) & 1) != 0;
        for (size_t mu = 0; mu < count; mu++) {
            overlaps[mu] += up ? row[mu] : -row[mu];
            entries[mu] += row[mu] != 0;
        }
    }
    for (int64_t mu = 1; mu < patterns->patterns; mu++)
        if (ph_recall_overlap(overlaps[mu], entries[mu]) >
            ph_recall_overlap(overlaps[nearest], entries[nearest]))
            nearest = mu;
    return nearest;
}

ph_outcome_t ph_recall_outcome(const int64_t *overlaps, const int64_t *entries, int64_t patterns,
                               int64_t target, double threshold)
{
    int64_t mixed = 0;
    bool other = false;
    for (int64_t mu = 0; mu < patterns; mu++) {
        const double q = ph_recall_overlap(overlaps[mu], entries[mu]);
        if (mu == target && q >= threshold)
            return PH_OUTCOME_TARGET;
        other = other || (mu != target && fabs(q) >= threshold);
        mixed += q * q * (double)entries[mu] > 2.0 * log(100.0 * (double)patterns);
    }
    if (target < 0 && other)
        return PH_OUTCOME_TARGET;
    if (target >= 0 && ph_recall_overlap(overlaps[target], entries[target]) <= -threshold)
        return PH_OUTCOME_REVERSED;
    return other ? PH_OUTCOME_OTHER : mixed > 1 ? PH_OUTCOME_MIXTURE : PH_OUTCOME_NONE;
}

static void measure_outcome(const ph_observation_t *state, double *out)
{
    const ph_outcome_t outcome =
        ph_recall_outcome(state->pattern_overlaps, state->pattern_norms, state->patterns,
                          state->target, state->threshold);
    for (int k = 0; k < PH_OUTCOMES; k++)
        out[k] = k == (int)outcome;
}

/* Of the start's pattern; where it has none the largest |q|. */
static void measure_overlap(const ph_observation_t *state, double *out)
{
    const int64_t first = state->target < 0 ? 0 : state->target;
    const int64_t end = state->target < 0 ? state->patterns : first + 1;
    double most = 0.0;
    for (int64_t mu = first; mu < end; mu++) {
        const double q = ph_recall_overlap(state->pattern_overlaps[mu], state->pattern_norms[mu]);
        most = state->target < 0 ? fmax(most, fabs(q)) : q;
    }
    out[0] = most;
}

static void measure_target(const ph_observation_t *state, double *out)
{
    out[0] = (double)(state->target + 1);
}

const ph_observable_t PH_OBS_ROW_RECALL = {
    .id = PH_OBS_RECALL,
    .long_name = "1 for what the state recalls, 0 for the rest: the pattern of the start (any, "
                 "where it names none), its negative, another pattern, a mixture, none of these",
    .unit = "1",
    .single = true,
    .dims_count = 1,
    .dims = {PH_DIM_OUTCOME},
    .measure = measure_outcome};

const ph_observable_t PH_OBS_ROW_RECALL_OVERLAP = {
    .id = PH_OBS_RECALL_OVERLAP,
    .long_name = "overlap with the pattern of the start over its entries that are not blank, "
                 "sum_i xi_i s_i / sum_i |xi_i|; the largest of any sign where it names none",
    .unit = "1",
    .single = true,
    .measure = measure_overlap};

const ph_observable_t PH_OBS_ROW_RECALL_TARGET = {
    .id = PH_OBS_RECALL_TARGET,
    .long_name = "pattern that the chain is to recall, from 1: of those the one nearest to its cue "
                 "where the start is a file that names none; 0 where any counts",
    .unit = "1",
    .single = true,
    .last = PH_LAST_RECORDED,
    .measure = measure_target};
