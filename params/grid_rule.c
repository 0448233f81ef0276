/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What a point's rule learns from. */
#include <math.h>

#include "params/grid_private.h"

double ph_point_example_count(const ph_point_t *point, size_t mu)
{
    return ph_rule_learns(point->rule) ? point->examples[mu] : 1.0;
}

ph_example_law_t ph_point_examples(const ph_point_t *point, size_t mu)
{
    ph_example_law_t law = {point->dilution[mu], ph_point_example_count(point, mu), 1.0, 1.0};
    if (ph_rule_learns(point->rule)) {
        law.quality = point->quality[mu];
        law.fidelity = point->blank_fidelity[mu];
    }
    return law;
}

void ph_point_entropy_quality(const ph_point_t *point, double *quality)
{
    for (size_t mu = 0; mu < (size_t)point->patterns; mu++)
        quality[mu] = 1.0 / sqrt(1.0 + point->examples[mu] * point->entropy);
}

bool ph_entry_has_entropy(const ph_entry_t *entropy)
{
    return entropy->axis || (entropy->count > 0 && entropy->values[0] > 0.0);
}

void ph_entries_check_entropy(const ph_entries_t *self, ph_reader_t *reader)
{
    const ph_entry_t *entropy = &self->of[PH_KEY_ENTROPY], *quality = &self->of[PH_KEY_QUALITY];
    if (entropy->bad || quality->bad || !ph_entry_has_entropy(entropy))
        return;
    if (self->data.text != NULL)
        ph_reader_fail(reader, entropy->node,
                       "network.entropy: of given data it follows from what is measured, expected "
                       "nothing");
    else if (quality->each || quality->axis || quality->values[0] != 1.0)
        ph_reader_fail(reader, quality->node,
                       "network.quality beside network.entropy, which says the quality, expected "
                       "one of them");
}

bool ph_point_alike(const ph_point_t *point, size_t mu, size_t nu)
{
    const ph_example_law_t a = ph_point_examples(point, mu), b = ph_point_examples(point, nu);
    return ph_example_law_equal(&a, &b) && (mu == nu || !ph_point_is_given(point));
}

bool ph_grid_learns(const ph_grid_t *self)
{
    for (size_t p = 0; p < self->points_count; p++)
        if (ph_rule_learns(self->points[p].rule))
            return true;
    return false;
}

void ph_point_check_rule(const ph_point_t *point, const ph_entries_t *given, ph_reader_t *reader)
{
    if (reader->errors > 0)
        return; /* once, not at every point */
    for (size_t mu = 0; mu < (size_t)point->patterns && ph_rule_learns(point->rule); mu++) {
        const double examples = point->examples[mu];
        const double summed = ph_rule_summed(point->rule, examples);
        if (fmod(examples, summed) == 0.0)
            continue;
        ph_reader_fail(reader, given->of[PH_KEY_EXAMPLES].node,
                       "network.examples: %.0f in rule %s, whose features sum %.0f each, expected "
                       "a multiple of %.0f, or at most that many",
                       examples, PH_RULE_WORDS.words[point->rule], summed, summed);
        return;
    }
}
