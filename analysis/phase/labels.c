/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>
#include <stdio.h>

#include "analysis/phase/states_private.h"

/* Signals nearer than this, relative to the largest, are equal. */
static const double EQUAL = 1e-6;

/* A signal and the sum of later ones that differ by less of it are equal. */
static const double ROUNDING = 1e-13;

/* Signals below this share of the largest they can be are none. */
static const double ABSENT = 1e-12;

static bool always(const double *signals, size_t count)
{
    (void)signals;
    (void)count;
    return true;
}

static bool none(const double *signals, size_t count)
{
    (void)signals;
    return count == 0;
}

static bool single(const double *signals, size_t count)
{
    (void)signals;
    return count == 1;
}

static bool symmetric(const double *signals, size_t count)
{
    return signals[0] - signals[count - 1] <= EQUAL * signals[0];
}

/* The first pattern of a neuron that is not blank decides its field. */
static bool hierarchical(const double *signals, size_t count)
{
    double later = 0.0;
    for (size_t i = count; i-- > 0; later += signals[i])
        if (!(signals[i] - later > ROUNDING * signals[i]) ||
            (i + 1 < count && signals[i] - signals[i + 1] <= EQUAL * signals[i]))
            return false;
    return true;
}

/* The majority of a neuron's patterns decides its field, the order where votes are even. */
static bool tie_broken(const double *signals, size_t count)
{
    double largest = 0.0, smallest = signals[count - 1];
    for (size_t i = 0; i + 1 < count; i++)
        if (signals[i] - signals[i + 1] <= EQUAL * signals[0])
            return false;
    for (size_t n = 1; 2 * n + 1 <= count; n++) {
        largest += signals[n - 1];
        smallest += signals[count - 1 - n];
        if (!(smallest > largest))
            return false;
    }
    return true;
}

static const ph_state_class_t CLASSES[PH_CLASS_COUNT] = {
    {PH_CLASS_PARAMAGNETIC, "paramagnetic", 0, false, "no pattern is retrieved", none},
    {PH_CLASS_PURE, "pure", 1, false, "one pattern alone", single},
    {PH_CLASS_HIERARCHICAL, "hierarchical", 2, true,
     "each signal outweighs the sum of all later ones: a neuron follows its first pattern that is "
     "not blank",
     hierarchical},
    {PH_CLASS_SYMMETRIC, "symmetric", 2, true, "equal signals", symmetric},
    {PH_CLASS_TIE_BROKEN, "tie-broken", 3, true,
     "different signals so near each other that the larger number wins: a neuron follows the "
     "majority of its patterns, their order only where votes are even",
     tie_broken},
    {PH_CLASS_MIXED, "mixed", 3, true, "any other", always},
};

const ph_state_class_t *ph_state_class(ph_class_id_t id)
{
    return &CLASSES[id];
}

bool ph_label_equal(ph_label_t a, ph_label_t b)
{
    return a.id == b.id && a.count == b.count;
}

void ph_label_text(ph_label_t label, char *text, size_t size)
{
    if (CLASSES[label.id].numbered)
        snprintf(text, size, "%s-%zu", CLASSES[label.id].name, label.count);
    else
        snprintf(text, size, "%s", CLASSES[label.id].name);
}

/* Labels of one class among those of up to `patterns` patterns. */
static size_t labels_of(const ph_state_class_t *class, size_t patterns)
{
    if (patterns < class->least)
        return 0;
    return class->numbered ? patterns - class->least + 1 : 1;
}

size_t ph_label_codes(size_t patterns)
{
    size_t codes = 0;
    for (size_t c = 0; c < PH_CLASS_COUNT; c++)
        codes += labels_of(&CLASSES[c], patterns);
    return codes;
}

int ph_label_code(ph_label_t label, size_t patterns)
{
    size_t code = label.count - CLASSES[label.id].least;
    for (size_t c = 0; c < (size_t)label.id; c++)
        code += labels_of(&CLASSES[c], patterns);
    return (int)code;
}

ph_label_t ph_label_of(int code, size_t patterns)
{
    size_t left = (size_t)code, c = 0;
    while (c + 1 < PH_CLASS_COUNT && left >= labels_of(&CLASSES[c], patterns))
        left -= labels_of(&CLASSES[c++], patterns);
    return (ph_label_t){CLASSES[c].id, CLASSES[c].least + left};
}

ph_label_t ph_label_signals(const double *signals, const double *largest, size_t patterns)
{
    double sorted[PH_STATES_PATTERNS_MAX];
    size_t count = 0, c = 0;
    for (size_t mu = 0; mu < patterns; mu++) {
        if (!(fabs(signals[mu]) > ABSENT * largest[mu]))
            continue;
        size_t at = count++;
        for (; at > 0 && sorted[at - 1] < fabs(signals[mu]); at--)
            sorted[at] = sorted[at - 1];
        sorted[at] = fabs(signals[mu]);
    }
    while (count < CLASSES[c].least || !CLASSES[c].holds(sorted, count))
        c++;
    return (ph_label_t){CLASSES[c].id, count};
}

double ph_label_margin(ph_class_id_t class, const double *signals, size_t patterns)
{
    double sorted[PH_STATES_PATTERNS_MAX], margin = INFINITY, more = 0.0, less = 0.0;
    size_t count = 0;
    for (size_t mu = 0; mu < patterns; mu++) {
        size_t at = count++;
        for (; at > 0 && sorted[at - 1] < signals[mu]; at--)
            sorted[at] = sorted[at - 1];
        sorted[at] = signals[mu];
    }
    while (count > 0 && sorted[count - 1] <= 0.0)
        count--;
    if (class == PH_CLASS_TIE_BROKEN) {
        less = count > 0 ? sorted[count - 1] : 0.0;
        for (size_t n = 1; 2 * n + 1 <= count; n++) {
            more += sorted[n - 1];
            less += sorted[count - 1 - n];
            margin = fmin(margin, less - more);
        }
        return margin;
    }
    for (size_t i = count; i-- > 0; more += sorted[i])
        if (i + 1 < count)
            margin = fmin(margin, sorted[i] - more);
    return margin;
}

const char *ph_stability_text(ph_stability_t kind)
{
    static const char *const TEXTS[PH_STABILITY_COUNT] = {"stable", "metastable", "unstable"};
    return TEXTS[kind];
}
