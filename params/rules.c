/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "params/rules.h"

#include <stdio.h>
#include <string.h>

#include "params/words.h"

#define WORD(ID, WORD, ...) WORD,
static const char *const WORDS[] = {PH_RULES(WORD)};

#define SUMMED(ID, WORD, SUMMED) SUMMED,
static const int SUMMED_EXAMPLES[PH_RULE_COUNT] = {PH_RULES(SUMMED)};

const ph_words_t PH_RULE_WORDS = {PH_RULE_COUNT, WORDS};

bool ph_example_law_equal(const ph_example_law_t *a, const ph_example_law_t *b)
{
    return a->dilution == b->dilution && a->examples == b->examples && a->quality == b->quality &&
           a->fidelity == b->fidelity;
}

bool ph_rule_learns(ph_rule_t rule)
{
    return SUMMED_EXAMPLES[rule] != PH_SUMS_NONE;
}

bool ph_rule_sums(ph_rule_t rule)
{
    return ph_rule_learns(rule) && SUMMED_EXAMPLES[rule] != 1;
}

bool ph_rule_splits(ph_rule_t rule)
{
    return SUMMED_EXAMPLES[rule] > 0;
}

double ph_rule_summed(ph_rule_t rule, double examples)
{
    const int summed = SUMMED_EXAMPLES[rule];
    if (summed == PH_SUMS_NONE)
        return 1.0;
    return summed == PH_SUMS_ALL || summed > examples ? examples : (double)summed;
}

double ph_rule_norm(ph_rule_t rule, const ph_example_law_t *law)
{
    const double m = law->examples, r = law->quality, summed = ph_rule_summed(rule, m);
    /* The bits of old runs: one feature has the square of M r. */
    return summed < m ? summed * m * (r * r) : (m * r) * (m * r);
}

void ph_rule_learners(char text[PH_LEARNERS_SIZE])
{
    size_t left = 0, used = 0;
    text[0] = '\0';
    for (int rule = 0; rule < PH_RULE_COUNT; rule++)
        left += ph_rule_learns((ph_rule_t)rule);
    for (int rule = 0; rule < PH_RULE_COUNT; rule++) {
        if (!ph_rule_learns((ph_rule_t)rule))
            continue;
        left--;
        snprintf(text + used, PH_LEARNERS_SIZE - used, "%s%s", WORDS[rule],
                 left > 1    ? ", "
                 : left == 1 ? " or "
                             : "");
        used += strlen(text + used);
    }
}
