/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "analysis/attractors/naming_private.h"

enum {
    SUBSETS = 5, /* patterns of strongest signal of which all subsets are tried */
    BINS = 243   /* what they can be at a neuron: 3^SUBSETS */
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

/* What is known of some patterns' votes at a neuron. */
typedef struct {
    int sum, first; /* of them all, and of the first that is not 0 */
} votes_t;

static void add_vote(votes_t *self, int vote)
{
    self->sum += vote;
    self->first = self->first != 0 ? self->first : vote;
}

static int spin_of(const votes_t *self, way_t way)
{
    const int vote =
        way == IN_ORDER || (way == MAJORITY_IN_ORDER && self->sum == 0) ? self->first : self->sum;
    return (vote > 0) - (vote < 0);
}

/* Sums over neurons, of which the cosine between the state and a configuration is made. */
typedef struct {
    double along, square;
} product_t;

static void add_product(product_t *self, int spin, double size, double moment)
{
    self->along += spin * moment;
    self->square += spin != 0 ? size : 0.0;
}

static double cosine(const ph_naming_t *self, const product_t *product)
{
    return product->square > 0.0 ? product->along / sqrt(product->square * self->square) : 0.0;
}

/* The state over the neurons, by the entries of its strongest patterns, in the state's signs. */
typedef struct {
    const ph_naming_t *naming;
    size_t count;                         /* of ranked patterns */
    int16_t ranked[PH_ATTRACTOR_MEMBERS]; /* descending signals, with the signs of their overlaps */
    double size[BINS], moment[BINS];      /* by those of the first SUBSETS: neurons, sum of spins */
    product_t prefix[PH_ATTRACTOR_MEMBERS + 1][WAYS]; /* of so many of the strongest */
} tally_t;

static int entry_of(const tally_t *self, const int16_t *row, size_t k)
{
    const int member = self->ranked[k];
    return member > 0 ? row[member - 1] : -row[-member - 1];
}

static void take_tally(tally_t *self)
{
    const ph_row_classes_t *classes = self->naming->classes;
    for (size_t c = 0; c < classes->count; c++) {
        const int16_t *row = ph_row_classes_row(classes, c) + classes->features;
        const double size = (double)classes->sizes[c], moment = size * self->naming->spins[c];
        votes_t votes = {0, 0};
        size_t bin = 0, place = 1;
        for (size_t k = 0; k < self->count; k++) {
            const int entry = entry_of(self, row, k);
            add_vote(&votes, entry);
            bin += k < SUBSETS ? (size_t)(entry + 1) * place : 0;
            place *= 3;
            for (int way = 0; k >= SUBSETS && way < WAYS; way++)
                add_product(&self->prefix[k + 1][way], spin_of(&votes, (way_t)way), size, moment);
        }
        self->size[bin] += size;
        self->moment[bin] += moment;
    }
}

/* Of a set of the first SUBSETS patterns, as bits. */
static double likeness(const tally_t *self, unsigned set, way_t way)
{
    product_t product = {0.0, 0.0};
    for (size_t bin = 0; bin < BINS; bin++) {
        votes_t votes = {0, 0};
        size_t rest = bin;
        for (size_t k = 0; k < SUBSETS; k++, rest /= 3)
            if ((set >> k & 1u) != 0)
                add_vote(&votes, (int)(rest % 3) - 1);
        add_product(&product, spin_of(&votes, way), self->size[bin], self->moment[bin]);
    }
    return cosine(self->naming, &product);
}

/* Of all patterns: with the state, and how like that is to each where it is not blank. */
static void find_overlaps(ph_naming_t *self)
{
    const ph_row_classes_t *classes = self->classes;
    memset(self->overlap, 0, self->patterns * sizeof(*self->overlap));
    memset(self->recall, 0, self->patterns * sizeof(*self->recall));
    for (size_t c = 0; c < classes->count; c++) {
        const int16_t *row = ph_row_classes_row(classes, c) + classes->features;
        const double size = (double)classes->sizes[c], spin = self->spins[c];
        for (size_t mu = 0; mu < self->patterns; mu++) {
            self->overlap[mu] += row[mu] * size * spin;
            self->recall[mu] += row[mu] != 0 ? size * spin * spin : 0.0;
        }
    }
    for (size_t mu = 0; mu < self->patterns; mu++) {
        const double filled = self->activity[mu] * (double)self->neurons;
        self->recall[mu] =
            self->recall[mu] > 0.0 ? self->overlap[mu] / sqrt(filled * self->recall[mu]) : 0.0;
        self->overlap[mu] /= (double)self->neurons;
    }
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

/* Takes these patterns for `best` where they are nearer than that. */
static void try_members(const ph_naming_t *self, ph_attractor_label_t tried, double like, way_t way,
                        ph_attractor_label_t *best)
{
    bool blanks = false;
    for (size_t k = 0; k < tried.count; k++)
        blanks = blanks || self->activity[abs(tried.members[k]) - 1] < 1.0;
    tried.likeness = like;
    tried.class = way == IN_ORDER ? PH_ATTRACTOR_HIERARCHICAL
                  : blanks        ? PH_ATTRACTOR_PARALLEL
                                  : PH_ATTRACTOR_MIXTURE;
    if (like > best->likeness + ROUNDING)
        *best = tried;
}

/* The best of so many patterns: of all subsets of the strongest, or the strongest alone. */
static ph_attractor_label_t best_of(const tally_t *self, size_t members)
{
    ph_attractor_label_t best = {.likeness = 0.0}, tried = {.count = members};
    const size_t pool = self->count < SUBSETS ? self->count : SUBSETS;
    if (members > pool) {
        memcpy(tried.members, self->ranked, members * sizeof(*self->ranked));
        for (int way = 0; way < WAYS; way++)
            try_members(self->naming, tried, cosine(self->naming, &self->prefix[members][way]),
                        (way_t)way, &best);
        return best;
    }
    for (unsigned set = 0; set < 1u << pool; set++) {
        size_t taken = 0, size = 0;
        for (size_t k = 0; k < pool; k++)
            if ((set >> k & 1u) != 0 && ++size <= members)
                tried.members[taken++] = self->ranked[k];
        for (int way = 0; size == members && way < WAYS; way++)
            try_members(self->naming, tried, likeness(self, set, (way_t)way), (way_t)way, &best);
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
    tally_t tally = {.naming = self};
    find_overlaps(self);
    *label = (ph_attractor_label_t){.class = PH_ATTRACTOR_PARAMAGNETIC, .likeness = 1.0};
    if (!(self->square > 0.0))
        return false;
    tally.count = rank(self, tally.ranked);
    take_tally(&tally);
    ph_attractor_label_t best = {.likeness = 0.0};
    nearest_pattern(self, &best);
    const size_t most = self->patterns <= PH_ATTRACTOR_MEMBERS ? tally.count : SUBSETS;
    for (size_t members = 2; members <= most && members <= tally.count; members++) {
        const ph_attractor_label_t more = best_of(&tally, members);
        if (1.0 - more.likeness < NEARER * (1.0 - best.likeness) - ROUNDING)
            best = more;
    }
    *label = best.likeness >= LIKE ? best : recalled(self, tally.ranked, tally.count);
    label->likeness = best.likeness;
    return turn(self, label, label->count > 0 ? label->members[0] : tally.ranked[0]);
}
