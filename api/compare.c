/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <polyhebb/compare.h>

#include <stdlib.h>

#include "analysis/compare/table.h"
#include "api/entry_private.h"
#include "base/machine.h"
#include "base/stack.h"

static ph_comparison_table_t *allocate(ph_report_t *report)
{
    ph_comparison_table_t *self = calloc(1, sizeof(*self));
    if (self == NULL)
        ph_fail(report, PH_ERR_MEMORY, "no memory for a comparison");
    return self;
}

/* Hands on what was made, or nothing. */
static int finish(ph_comparison_table_t **table, ph_comparison_table_t *self, int status)
{
    if (status != PH_OK) {
        ph_comparison_table_delete(self);
        self = NULL;
    }
    *table = self;
    return status;
}

int ph_comparison_table_new(ph_comparison_table_t **table, ph_runfile_t *run,
                            const ph_theory_t *theory, bool ordered, ph_report_t *report)
{
    PH_ENTRY();
    ph_comparison_table_t *self = *table = allocate(report);
    if (self == NULL)
        return PH_ERR_MEMORY;
    int status = ph_machine_check_stack(report);
    if (status == PH_OK)
        status = ph_comparison_table_make(self, run, theory,
                                          ordered ? PH_VIEW_RANKS : PH_VIEW_PATTERNS, report);
    return finish(table, self, status);
}

int ph_comparison_table_new_from_file(ph_comparison_table_t **table, const ph_grid_t *grid,
                                      const char *path, ph_report_t *report)
{
    PH_ENTRY();
    ph_comparison_table_t *self = *table = allocate(report);
    if (self == NULL)
        return PH_ERR_MEMORY;
    return finish(table, self, ph_comparison_table_read(self, grid, path, report));
}

int ph_comparison_table_save(const ph_comparison_table_t *self, const char *path,
                             ph_report_t *report)
{
    PH_ENTRY();
    return ph_comparison_table_write(self, path, report);
}

void ph_comparison_table_delete(ph_comparison_table_t *self)
{
    if (self != NULL)
        ph_comparison_table_free(self);
    free(self);
}

ph_verdict_t ph_comparison_table_verdict(const ph_comparison_table_t *self)
{
    return self->verdict;
}

size_t ph_comparison_table_rows(const ph_comparison_table_t *self)
{
    return self->equilibrium.rows_count;
}

int ph_comparison_table_row(const ph_comparison_table_t *self, size_t i,
                            ph_comparison_table_row_t *values)
{
    if (i >= self->equilibrium.rows_count)
        return PH_ERR_INPUT;
    const ph_comparison_row_t *row = &self->equilibrium.rows[i];
    *values = (ph_comparison_table_row_t){
        .point = row->point,
        .pattern = row->pattern,
        .simulated = row->mc,
        .theory = row->sample_theory,
        .deviation = row->deviation,
        .error = row->error,
        .population = row->population,
        .verdict = row->verdict,
        .reason = row->reason != PH_REASON_NONE ? ph_reason_text(row->reason) : "",
    };
    return PH_OK;
}
