/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "params/grid_private.h"

/* What is wrong with the rule itself. */
static void check_rule(const ph_grid_t *grid, const ph_entry_t *entries, ph_reader_t *reader)
{
    const ph_until_rule_t *until = &grid->until;
    const bool asked = until->error > 0.0 || until->rhat > 0.0;
    const ph_node_t *error = entries[PH_KEY_UNTIL_ERROR].node;
    if (asked && until->sweeps_max == 0)
        ph_reader_fail(reader, error != NULL ? error : entries[PH_KEY_UNTIL_RHAT].node,
                       "dynamics.until: without an end, expected sweeps_max beside it, such as "
                       "until: { error: 0.001, sweeps_max: 100000 }");
    else if (!asked)
        ph_reader_fail(reader, entries[PH_KEY_UNTIL_SWEEPS_MAX].node,
                       "dynamics.until: without what to go on for, expected error or rhat, such "
                       "as until: { error: 0.001, sweeps_max: 100000 }");
    else if (until->rhat > 0.0 && until->rhat <= 1.0)
        ph_reader_fail(reader, entries[PH_KEY_UNTIL_RHAT].node,
                       "dynamics.until_rhat: %.12g, which no chains reach, expected above 1, such "
                       "as 1.02",
                       until->rhat);
    else if (!grid->moments)
        ph_reader_fail(reader, entries[PH_KEY_MOMENTS].node,
                       "record.moments: false with dynamics.until, which decides by them, "
                       "expected true");
    else if (entries[PH_KEY_SWEEPS].axis)
        ph_reader_fail(reader, entries[PH_KEY_SWEEPS].node,
                       "dynamics.sweeps: an axis with dynamics.until, which says how long chains "
                       "go on, expected one value: the least");
}

static void check_point(const ph_point_t *point, const ph_entry_t *entries, ph_reader_t *reader)
{
    const ph_node_t *sampler = entries[PH_KEY_SAMPLER].node;
    if (point->sweeps_end < point->sweeps)
        ph_reader_fail(reader, entries[PH_KEY_UNTIL_SWEEPS_MAX].node,
                       "dynamics.until_sweeps_max: %lld, but sweeps is %lld, expected no less",
                       (long long)point->sweeps_end, (long long)point->sweeps);
    else if (ph_sampler_facts(point->sampler)->law == PH_LAW_NONE)
        ph_reader_fail(reader, sampler != NULL ? sampler : entries[PH_KEY_UNTIL_SWEEPS_MAX].node,
                       "dynamics.sampler: %s with dynamics.until, but it has no stationary law "
                       "whose averages could be had to an error, expected another sampler",
                       ph_sampler_facts(point->sampler)->word);
    else if (point->noise == 0.0)
        ph_reader_fail(reader, entries[PH_KEY_NOISE].node,
                       "noise: 0 with dynamics.until, but chains without noise come to rest, and "
                       "where they rest is no average, expected above 0");
    else if (point->schedule_sweeps > 0)
        ph_reader_fail(reader, entries[PH_KEY_SCHEDULE_SWEEPS].node,
                       "dynamics.schedule: with dynamics.until, but chains that were cooled or "
                       "quenched stay apart however long they go on, expected no schedule");
}

void ph_point_check_until(const ph_point_t *point, const ph_grid_t *grid, const ph_entries_t *given,
                          ph_reader_t *reader)
{
    const ph_until_rule_t *until = &grid->until;
    const bool any = until->error > 0.0 || until->rhat > 0.0 || until->sweeps_max > 0;
    if (any && reader->errors == 0) /* once, not at every point */
        check_rule(grid, given->of, reader);
    if (any && reader->errors == 0)
        check_point(point, given->of, reader);
}
