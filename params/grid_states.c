/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <string.h>

#include "params/grid_private.h"

void ph_entries_check_states(ph_entries_t *self, ph_reader_t *reader)
{
    ph_entry_t *times = &self->of[PH_KEY_STATES];
    ph_entry_t *every = &self->of[PH_KEY_STATES_EVERY];
    if (times->bad || every->bad)
        return;
    for (size_t i = 1; i < times->count && !times->bad; i++) {
        times->bad = times->values[i] <= times->values[i - 1];
        if (times->bad)
            ph_reader_fail(reader, times->node,
                           "%s: %.0f behind %.0f, expected ascending times, each once",
                           ph_schema_path(PH_KEY_STATES), times->values[i], times->values[i - 1]);
    }
    if (times->count == 0 || every->values[0] == 0.0)
        return;
    ph_reader_fail(reader, every->node, "%s: beside %s, expected one of the two",
                   ph_schema_path(PH_KEY_STATES_EVERY), ph_schema_path(PH_KEY_STATES));
    every->bad = true;
}

/* Spins of lumped block Gibbs, arranged at random within their classes, have the joint law of those
 * of block Gibbs at all times; Little's dynamics remember single spins from one time to the next.
 */
void ph_point_check_states(const ph_point_t *point, const ph_entries_t *given, ph_reader_t *reader)
{
    const ph_entry_t *times = &given->of[PH_KEY_STATES], *every = &given->of[PH_KEY_STATES_EVERY];
    const char *sampler = ph_sampler_facts(point->sampler)->word;
    if (reader->errors > 0 || (times->count == 0 && every->values[0] == 0.0))
        return;
    if (ph_sampler_has(point->sampler, PH_TRAIT_REMEMBERS)) {
        const char *single = sampler + strlen("lumped-");
        ph_reader_fail(reader, times->count > 0 ? times->node : every->node,
                       "%s: with sampler %s, which does not follow single spins while %s does "
                       "remember them, expected none or sampler %s",
                       ph_schema_path(PH_KEY_STATES), sampler, single, single);
    } else if (times->count > 0 && times->values[times->count - 1] > (double)point->sweeps) {
        ph_reader_fail(reader, times->node,
                       "%s: %.0f, but a point has %lld sweeps, expected at most that many",
                       ph_schema_path(PH_KEY_STATES), times->values[times->count - 1],
                       (long long)point->sweeps);
    }
}
