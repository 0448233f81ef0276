/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <polyhebb/run.h>

#include "api/entry_private.h"
#include "base/machine.h"
#include "base/stack.h"
#include "sim/run/merge.h"
#include "sim/run/run.h"

int ph_simulate(const ph_grid_t *grid, const char *path, const ph_simulation_t *how,
                ph_report_t *report)
{
    PH_ENTRY();
    static const ph_simulation_t PLAIN = {0};
    ph_run_summary_t summary;
    if (how == NULL)
        how = &PLAIN;
    const ph_run_options_t options = {.path = path,
                                      .threads = how->threads,
                                      .shard = how->shard,
                                      .shards = how->shards,
                                      .time_limit = how->time_limit,
                                      .checkpoint_every = how->checkpoint_every,
                                      .take_over = how->take_over,
                                      .stop = how->stop};
    const int status = ph_machine_check_stack(report);
    return status == PH_OK ? ph_run(grid, &options, &summary, report) : status;
}

int ph_merge(size_t count, const char *const *paths, const char *path, ph_report_t *report)
{
    PH_ENTRY();
    return ph_run_merge(count, paths, path, false, NULL, report);
}
