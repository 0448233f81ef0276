/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "params/grid_private.h"

void ph_point_check_dynamics(const ph_point_t *point, const ph_sheet_t *sheet, ph_reader_t *reader)
{
    static const ph_key_t UNSEEN[] = {PH_KEY_FLIPS, PH_KEY_ACCEPTANCE};
    const ph_entry_t *entries = sheet->entries;
    const char *sampler = PH_SAMPLER_WORDS.words[point->sampler];
    if (reader->errors > 0)
        return; /* once, not at every point */
    if (!(ph_sampler_orders(point->sampler) >> point->order & 1U))
        ph_reader_fail(reader, entries[PH_KEY_ORDER].node,
                       "dynamics.order: %s with sampler %s, which updates all neurons at once, "
                       "expected random (no order), or a sampler that visits them one by one",
                       PH_ORDER_WORDS.words[point->order], sampler);
    for (size_t i = 0; i < sizeof(UNSEEN) / sizeof(UNSEEN[0]); i++)
        if (ph_sampler_lumped(point->sampler) && entries[UNSEEN[i]].values[0] != 0)
            ph_reader_fail(reader, entries[UNSEEN[i]].node,
                           "%s: true with sampler %s, which knows numbers of spins and not which, "
                           "expected false",
                           ph_schema_path(UNSEEN[i]), sampler);
}
