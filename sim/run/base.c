/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sim/run/base.h"

#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "sim/run/plan.h"

size_t ph_base_chains(const ph_checkpoint_index_t *self, const char *path)
{
    size_t count = 0;
    for (size_t c = 0; path != NULL && c < ph_checkpoint_index_chains(self); c++)
        count += self->source[c] >= 0 && strcmp(self->sources[self->source[c]].path, path) == 0;
    return count;
}

int ph_base_add(ph_checkpoint_index_t *self, const char *path, ph_shard_t shard, bool first,
                ph_report_t *report)
{
    bool exists = false;
    int status = path != NULL ? ph_file_exists(path, &exists, report) : PH_OK;
    if (status != PH_OK || !exists)
        return status;
    bool *own = calloc(ph_checkpoint_index_chains(self), sizeof(*own));
    status = own == NULL ? ph_fail(report, PH_ERR_MEMORY, "no memory to go on from %s", path)
                         : ph_plan_own(self->grid, shard.number, shard.count, own, report);
    if (status == PH_OK)
        status = ph_checkpoint_index_add_own(self, path, own, report);
    free(own);
    const size_t chains = status == PH_OK ? ph_base_chains(self, path) : 0;
    if (chains > 0 && first)
        ph_note(report, "going on from %s: %zu chains of this part are there", path, chains);
    return status;
}
