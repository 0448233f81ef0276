/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdlib.h>
#include <string.h>

#include "params/grid_private.h"

static int compare_numbers(const void *a, const void *b)
{
    const double *x = a, *y = b;
    return (*x > *y) - (*x < *y);
}

void ph_entries_check_ladder(ph_entries_t *self, ph_reader_t *reader)
{
    ph_entry_t *ladder = &self->of[PH_KEY_LADDER];
    if (ladder->bad || ladder->count == 0)
        return;
    qsort(ladder->values, ladder->count, sizeof(*ladder->values), compare_numbers);
    bool good = ladder->count >= 2 && ladder->count <= PH_MAX_RUNGS;
    for (size_t i = 1; i < ladder->count; i++)
        good = good && ladder->values[i] != ladder->values[i - 1];
    ladder->bad = !good;
    if (!good)
        ph_reader_fail(reader, ladder->node, "dynamics.ladder: expected 2 to %d distinct noises",
                       PH_MAX_RUNGS);
}

/* Little's dynamics hold a spin back by its own self term, so that it remembers which it was beyond
 * its class: what compares chains from one start, or a chain with single examples whose class is
 * their sum, would have another law. Block Gibbs forgets single spins at every sweep. */
static void check_remembered(const ph_point_t *point, const ph_entry_t *entries,
                             ph_reader_t *reader)
{
    static const ph_key_t REMEMBERED[] = {PH_KEY_REPLICA_OVERLAP, PH_KEY_EXAMPLE_OVERLAPS};
    const char *sampler = ph_sampler_facts(point->sampler)->word;
    const char *single = sampler + strlen("lumped-"); /* whose law it has */
    const char *rule = PH_RULE_WORDS.words[point->rule];
    if (!ph_sampler_has(point->sampler, PH_TRAIT_REMEMBERS))
        return;
    for (size_t i = 0; i < sizeof(REMEMBERED) / sizeof(REMEMBERED[0]); i++) {
        const ph_entry_t *entry = &entries[REMEMBERED[i]];
        const bool overlap = REMEMBERED[i] == PH_KEY_REPLICA_OVERLAP;
        if (entry->values[0] == 0.0 || (!overlap && !ph_rule_sums(point->rule)))
            continue;
        ph_reader_fail(reader, entry->node,
                       "%s: with sampler %s%s%s, which does not follow single spins while %s does "
                       "remember them, expected %s or sampler %s",
                       ph_schema_path(REMEMBERED[i]), sampler, overlap ? "" : " in rule ",
                       overlap ? "" : rule, single, overlap ? "false" : "0", single);
    }
    /* Spins are handed out arranged at random within their classes: wrong for Little's dynamics
     * where the start has set spins of one class apart. */
    const ph_start_facts_t *start = ph_start_facts(point->start);
    const bool file = start->spins == PH_SPINS_OF_FILE || start->spins == PH_SPINS_MASKED;
    if (file || (start->spins == PH_SPINS_OF_EXAMPLE && ph_rule_sums(point->rule)))
        ph_reader_fail(
            reader,
            entries[PH_KEY_START].node != NULL ? entries[PH_KEY_START].node
                                               : entries[PH_KEY_SAMPLER].node,
            "dynamics.start: %s with sampler %s%s%s, which does not follow single spins "
            "while %s does remember how they began, expected another start or sampler %s",
            start->word, sampler, file ? "" : " in rule ", file ? "" : rule, single, single);
}

static void check_sampler(const ph_point_t *point, const ph_entry_t *entries, ph_reader_t *reader)
{
    static const ph_key_t UNSEEN[] = {PH_KEY_FLIPS, PH_KEY_ACCEPTANCE};
    const char *sampler = ph_sampler_facts(point->sampler)->word;
    if (point->order != PH_ORDER_RANDOM && !ph_sampler_has(point->sampler, PH_TRAIT_ORDERED))
        ph_reader_fail(reader, entries[PH_KEY_ORDER].node,
                       "dynamics.order: %s with sampler %s, which updates all neurons at once, "
                       "expected random (no order), or a sampler that visits them one by one",
                       PH_ORDER_WORDS.words[point->order], sampler);
    for (size_t i = 0; i < sizeof(UNSEEN) / sizeof(UNSEEN[0]); i++)
        if (ph_sampler_has(point->sampler, PH_TRAIT_LUMPED) && entries[UNSEEN[i]].values[0] != 0)
            ph_reader_fail(reader, entries[UNSEEN[i]].node,
                           "%s: true with sampler %s, which knows numbers of spins and not which, "
                           "expected false",
                           ph_schema_path(UNSEEN[i]), sampler);
    check_remembered(point, entries, reader);
    if (ph_sampler_has(point->sampler, PH_TRAIT_FREEZES) && point->noise > 0.0)
        ph_reader_fail(reader, entries[PH_KEY_NOISE].node,
                       "noise: %.12g with sampler %s, which knows none, expected 0", point->noise,
                       sampler);
}

static void check_ladder(const ph_point_t *point, const ph_entry_t *entries, ph_reader_t *reader)
{
    const char *sampler = ph_sampler_facts(point->sampler)->word;
    const bool exchange = ph_sampler_has(point->sampler, PH_TRAIT_LADDER);
    bool found = false;
    for (size_t i = 0; i < point->ladder.count; i++)
        found = found || point->ladder.values[i] == point->noise;
    if (!exchange && point->ladder.count > 0)
        ph_reader_fail(reader, entries[PH_KEY_LADDER].node,
                       "dynamics.ladder: with sampler %s, expected it with replica-exchange only",
                       sampler);
    else if (exchange && point->ladder.count == 0)
        ph_reader_fail(reader, entries[PH_KEY_SAMPLER].node,
                       "dynamics.sampler: %s without a ladder, expected such as "
                       "ladder: { from: 0.2, to: 1.2, steps: 6 }",
                       sampler);
    else if (exchange && !found)
        ph_reader_fail(reader, entries[PH_KEY_NOISE].node,
                       "noise: %.12g is not on the ladder, expected one of its noises",
                       point->noise);
}

static void check_schedule(const ph_point_t *point, const ph_entry_t *entries, ph_reader_t *reader)
{
    const ph_node_t *sweeps = entries[PH_KEY_SCHEDULE_SWEEPS].node;
    if (point->schedule_sweeps == 0) {
        if (point->schedule_from != 0.0 || point->schedule_scale != PH_SCALE_LINEAR)
            ph_reader_fail(reader, entries[PH_KEY_SCHEDULE_FROM].node,
                           "dynamics.schedule: without sweeps, expected { from: 2, sweeps: 500 }");
        return;
    }
    if (point->schedule_sweeps > point->burn_in)
        ph_reader_fail(reader, sweeps,
                       "dynamics.schedule_sweeps: %lld, but burn_in is %lld, expected a schedule "
                       "that ends within it",
                       (long long)point->schedule_sweeps, (long long)point->burn_in);
    if (point->schedule_scale == PH_SCALE_LOG &&
        (point->schedule_from <= 0.0 || point->noise <= 0.0))
        ph_reader_fail(reader, entries[PH_KEY_SCHEDULE_SCALE].node,
                       "dynamics.schedule_scale: log from noise %.12g to %.12g, expected both "
                       "positive",
                       point->schedule_from, point->noise);
    if (ph_sampler_has(point->sampler, PH_TRAIT_ONE_NOISE))
        ph_reader_fail(reader, sweeps,
                       "dynamics.schedule_sweeps: with sampler %s, expected one whose noise can "
                       "change",
                       ph_sampler_facts(point->sampler)->word);
}

void ph_point_check_dynamics(const ph_point_t *point, const ph_entries_t *given,
                             ph_reader_t *reader)
{
    if (reader->errors == 0) /* once, not at every point */
        check_sampler(point, given->of, reader);
    if (reader->errors == 0)
        check_ladder(point, given->of, reader);
    if (reader->errors == 0)
        check_schedule(point, given->of, reader);
}
