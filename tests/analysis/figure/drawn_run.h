/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef PH_TESTS_FIGURE_DRAWN_RUN_H
#define PH_TESTS_FIGURE_DRAWN_RUN_H

#include "sim/run/run.h"
#include "tests/analysis/figure/drawn.h"

/* The same with the grid run, its file in the folder opened, and all of it selected. */
static inline void drawn_begin_run(drawn_t *self, const char *grid, ph_runfile_t *run,
                                   ph_selection_t *selection)
{
    char path[128];
    ph_run_options_t options = {.path = path, .threads = 1};
    ph_run_summary_t summary;
    drawn_begin(self, grid);
    snprintf(path, sizeof(path), "%s/run.h5", self->folder);
    ck_assert_int_eq(ph_run(&self->grid, &options, &summary, &self->report), PH_OK);
    ck_assert_int_eq(ph_runfile_open(run, path, &self->report), PH_OK);
    ph_selection_init(selection, run->base.grid);
}

#endif
