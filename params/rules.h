/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef PH_PARAMS_RULES_H
#define PH_PARAMS_RULES_H

#include <stdbool.h>
#include <stddef.h>

/** How many examples a feature of the coupling sums, where that is not a number. */
enum {
    PH_SUMS_NONE = -1, /* the feature is the pattern itself */
    PH_SUMS_ALL = 0    /* all examples of a pattern: it has one feature */
};

/*
 * The rules, a line each: its name, its word in grid files, and how many examples of a pattern one
 * feature of the coupling sums. Number and weights of the features, classes of neurons, costs and
 * theories follow from it. The place in the list is a number in files: new lines go to the end.
 */
/* clang-format off */
#define PH_RULES(RULE)                                                                              \
    RULE(STORAGE,      "storage",      PH_SUMS_NONE) /* patterns are known */                       \
    RULE(SUPERVISED,   "supervised",   PH_SUMS_ALL)  /* a teacher says what an example is of */     \
    RULE(UNSUPERVISED, "unsupervised", 1)            /* each example is stored as if it were one */ \
    PH_RULES_MORE(RULE)
/* clang-format on */

/** More lines, of a build that adds rules without changing this file. */
#ifndef PH_RULES_MORE
#define PH_RULES_MORE(RULE)
#endif

#define PH_RULE_ID(ID, ...) PH_RULE_##ID,
typedef enum { PH_RULES(PH_RULE_ID) PH_RULE_COUNT } ph_rule_t;
#undef PH_RULE_ID

/** The law of one pattern's examples: d, M, r, s. A stored pattern is its one perfect example:
 * M = r = s = 1. */
typedef struct {
    double dilution, examples, quality, fidelity;
} ph_example_law_t;

bool ph_example_law_equal(const ph_example_law_t *a, const ph_example_law_t *b);

/** Whether a rule makes the coupling of examples, not of the patterns themselves. */
bool ph_rule_learns(ph_rule_t rule);

/** Whether features are sums of examples, in which single ones are lost. */
bool ph_rule_sums(ph_rule_t rule);

/** Whether the examples of a pattern are split among features, whose overlaps may differ. */
bool ph_rule_splits(ph_rule_t rule);

/** Examples that one feature sums, of the M >= 1 of a pattern: 1 to M; 1 where nothing is learnt.
 */
double ph_rule_summed(ph_rule_t rule, double examples);

/**
 * Gain of a pattern over the weight of its features: M b r^2 with b examples in each, so that
 * signals add up to those of the pattern stored with this gain.
 */
double ph_rule_norm(ph_rule_t rule, const ph_example_law_t *law);

enum { PH_LEARNERS_SIZE = 128 };

/** The words of the rules that learn, "supervised or unsupervised", cut at PH_LEARNERS_SIZE. */
void ph_rule_learners(char text[PH_LEARNERS_SIZE]);

#endif
