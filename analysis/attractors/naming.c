/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "analysis/attractors/naming_private.h"

enum {
    SUBSETS = 5 /* patterns of strongest signal of which all subsets are tried */
};

/* A state is what it is most like, from this likeness on. */
static const double LIKE = 0.95;

/* More patterns are named only where that brings it so much nearer. */
static const double NEARER = 0.5;

/* Below rounding two are alike. */
static const double ROUNDING = 1e-9;

static const char *const WORDS[PH_ATTRACTOR_CLASSES] = {"paramagnetic", "pattern",      "mixture",
                                                        "parallel",     "hierarchical", "spurious"};

const char *ph_attractor_class_text(ph_attractor_class_t class)
{
    return WORDS[class];
}

void ph_attractor_label_text(const ph_attractor_label_t *label, char *text, size_t size)
{
    size_t used = (size_t)snprintf(text, size, "%s", WORDS[label->class]);
    for (size_t k = 0; k < label->count && used < size; k++)
        used += (size_t)snprintf(text + used, size - used, "%s%d", k == 0 ? " " : ",",
                                 label->members[k]);
}

/* The configurations that a set of patterns has; of two patterns the last are one. */
typedef enum { MAJORITY, IN_ORDER, MAJORITY_IN_ORDER, WAYS } way_t;

static int8_t follow(const int16_t *row, const ph_attractor_label_t *label, way_t way)
{
    int sum = 0, first = 0;
    for (size_t k = 0; k < label->count; k++) {
        const int member = label->members[k], entry = row[abs(member) - 1];
        sum += member > 0 ? entry : -entry;
        first = first != 0 ? first : sum;
    }
    if (way == IN_ORDER || (way == MAJORITY_IN_ORDER && sum == 0))
        sum = first;
    return (int8_t)((sum > 0) - (sum < 0));
}

/* Cosine of the angle between the state and the configuration of these patterns. */
static double likeness(const ph_naming_t *self, const ph_attractor_label_t *label, way_t way)
{
    const ph_row_classes_t *classes = self->classes;
    double along = 0.0, square = 0.0;
    for (size_t c = 0; c < classes->count; c++) {
        const int16_t *row = ph_row_classes_row(classes, c) + classes->features;
        const int8_t spin = follow(row, label, way);
        along += (double)(classes->sizes[c] * spin) * self->spins[c];
        square += spin != 0 ? (double)classes->sizes[c] : 0.0;
    }
    return square > 0.0 ? along / sqrt(square * self->square) : 0.0;
}

/* Of a pattern: with the state, and how like that is to it where it is not blank. */
static void find_overlap(ph_naming_t *self, size_t mu)
{
    const ph_row_classes_t *classes = self->classes;
    double sum = 0.0, square = 0.0;
    for (size_t c = 0; c < classes->count; c++) {
        const int entry = ph_row_classes_row(classes, c)[classes->features + mu];
        const double size = (double)classes->sizes[c], spin = self->spins[c];
        sum += size * entry * spin;
        square += entry != 0 ? size * spin * spin : 0.0;
    }
    const double filled = self->activity[mu] * (double)self->neurons;
    self->overlap[mu] = sum / (double)self->neurons;
    self->recall[mu] = square > 0.0 ? sum / sqrt(filled * square) : 0.0;
}

static double signal(const ph_naming_t *self, size_t mu)
{
    return self->gains[mu] * fabs(self->overlap[mu]);
}

/* The patterns of strongest signal, descending, with the signs of their overlaps. */
static size_t rank(const ph_naming_t *self, int16_t *ranked)
{
    size_t count = 0;
    for (size_t mu = 0; mu < self->patterns; mu++) {
        size_t at = count < PH_ATTRACTOR_MEMBERS ? count++ : count;
        for (; at > 0 && signal(self, (size_t)abs(ranked[at - 1]) - 1) < signal(self, mu); at--)
            if (at < PH_ATTRACTOR_MEMBERS)
                ranked[at] = ranked[at - 1];
        if (at < PH_ATTRACTOR_MEMBERS)
            ranked[at] = (int16_t)(self->overlap[mu] < 0.0 ? -1 - (int)mu : 1 + (int)mu);
    }
    return count;
}

/* The pattern, or its negative, that the state is most like. */
static void nearest_pattern(const ph_naming_t *self, ph_attractor_label_t *best)
{
    for (size_t mu = 0; mu < self->patterns; mu++) {
        const double filled = self->activity[mu] * (double)self->neurons;
        const double like = filled > 0.0 ? fabs(self->overlap[mu]) * (double)self->neurons /
                                               sqrt(filled * self->square)
                                         : 0.0;
        if (like > best->likeness + ROUNDING)
            *best = (ph_attractor_label_t){
                .class = PH_ATTRACTOR_PATTERN,
                .count = 1,
                .members = {(int16_t)(self->overlap[mu] < 0.0 ? -1 - (int)mu : 1 + (int)mu)},
                .likeness = like};
    }
}

/* Takes the best configuration of these patterns for `best` where it is nearer than that. */
static void try_members(const ph_naming_t *self, ph_attractor_label_t tried,
                        ph_attractor_label_t *best)
{
    bool blanks = false;
    for (size_t k = 0; k < tried.count; k++)
        blanks = blanks || self->activity[abs(tried.members[k]) - 1] < 1.0;
    for (int way = 0; way < WAYS; way++) {
        tried.likeness = likeness(self, &tried, (way_t)way);
        tried.class = way == IN_ORDER ? PH_ATTRACTOR_HIERARCHICAL
                      : blanks        ? PH_ATTRACTOR_PARALLEL
                                      : PH_ATTRACTOR_MIXTURE;
        if (tried.likeness > best->likeness + ROUNDING)
            *best = tried;
    }
}

/* The best of so many patterns: of all subsets of the strongest, or the strongest alone. */
static ph_attractor_label_t best_of(const ph_naming_t *self, const int16_t *ranked, size_t count,
                                    size_t members)
{
    ph_attractor_label_t best = {.likeness = 0.0}, tried = {.count = members};
    const size_t pool = count < SUBSETS ? count : SUBSETS;
    if (members > pool) {
        memcpy(tried.members, ranked, members * sizeof(*ranked));
        try_members(self, tried, &best);
        return best;
    }
    for (unsigned set = 0; set < 1u << pool; set++) {
        size_t taken = 0;
        for (size_t k = 0; k < pool; k++)
            if ((set >> k & 1u) != 0 && taken < members)
                tried.members[taken++] = ranked[k];
        if (taken == members && __builtin_popcount(set) == (int)members)
            try_members(self, tried, &best);
    }
    return best;
}

/* The patterns that the state recalls where they are not blank, strongest signals first. */
static ph_attractor_label_t recalled(const ph_naming_t *self, const int16_t *ranked, size_t count)
{
    ph_attractor_label_t label = {.class = PH_ATTRACTOR_SPURIOUS};
    for (size_t k = 0; k < count; k++)
        if (fabs(self->recall[abs(ranked[k]) - 1]) >= PH_ATTRACTOR_RECALLED)
            label.members[label.count++] = ranked[k];
    if (label.count > 0)
        label.class = label.count == 1 ? PH_ATTRACTOR_PATTERN : PH_ATTRACTOR_PARALLEL;
    return label;
}

/* Turns the state so that the first member, or the strongest pattern, has a positive overlap. */
static bool turn(ph_naming_t *self, ph_attractor_label_t *label, int first)
{
    if (first >= 0)
        return false;
    for (size_t k = 0; k < label->count; k++)
        label->members[k] = (int16_t)-label->members[k];
    for (size_t mu = 0; mu < self->patterns; mu++) {
        self->overlap[mu] = -self->overlap[mu];
        self->recall[mu] = -self->recall[mu];
    }
    for (size_t c = 0; c < self->classes->count; c++)
        self->spins[c] = -self->spins[c];
    return true;
}

bool ph_name_state(ph_naming_t *self, ph_attractor_label_t *label)
{
    int16_t ranked[PH_ATTRACTOR_MEMBERS];
    for (size_t mu = 0; mu < self->patterns; mu++)
        find_overlap(self, mu);
    *label = (ph_attractor_label_t){.class = PH_ATTRACTOR_PARAMAGNETIC, .likeness = 1.0};
    if (!(self->square > 0.0))
        return false;
    const size_t count = rank(self, ranked);
    ph_attractor_label_t best = {.likeness = 0.0};
    nearest_pattern(self, &best);
    const size_t most = self->patterns <= PH_ATTRACTOR_MEMBERS ? count : SUBSETS;
    for (size_t members = 2; members <= most; members++) {
        const ph_attractor_label_t more = best_of(self, ranked, count, members);
        if (1.0 - more.likeness < NEARER * (1.0 - best.likeness) - ROUNDING)
            best = more;
    }
    *label = best.likeness >= LIKE ? best : recalled(self, ranked, count);
    label->likeness = best.likeness;
    return turn(self, label, label->count > 0 ? label->members[0] : ranked[0]);
}
