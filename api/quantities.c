/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <polyhebb/quantities.h>

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "analysis/compare/occupation.h"
#include "analysis/estimate/reweight.h"
#include "api/entry_private.h"
#include "base/machine.h"
#include "base/stack.h"

typedef struct {
    ph_quantity_row_t values; /* `of` is set when it is asked for */
    char of[PH_WELL_LABEL];
} row_t;

struct ph_quantity_table {
    size_t count;
    row_t *rows;
};

static int no_memory(ph_report_t *report)
{
    return ph_fail(report, PH_ERR_MEMORY, "no memory for a table of quantities");
}

/* A table of so many rows, all NaN. */
static int allocate(ph_quantity_table_t **table, size_t count, ph_report_t *report)
{
    ph_quantity_table_t *self = calloc(1, sizeof(*self));
    row_t *rows = calloc(count > 0 ? count : 1, sizeof(*rows));
    if (self == NULL || rows == NULL) {
        free(self);
        free(rows);
        return no_memory(report);
    }
    *self = (ph_quantity_table_t){.rows = rows};
    *table = self;
    return PH_OK;
}

static void add(ph_quantity_table_t *self, const ph_quantity_t *quantity, const char *of,
                double noise, const ph_averaged_t *found, const ph_quantity_row_t *rest)
{
    row_t *row = &self->rows[self->count++];
    row->values = (ph_quantity_row_t){.name = quantity->name,
                                      .noise = noise,
                                      .value = found->value,
                                      .error = found->error,
                                      .freedom = found->freedom,
                                      .thermal = found->thermal,
                                      .disorder = found->disorder,
                                      .exact = rest->exact,
                                      .theory = rest->theory,
                                      .effective = rest->effective,
                                      .remark = rest->remark};
    snprintf(row->of, sizeof(row->of), "%s", of);
}

static int check_point(const ph_runfile_t *run, size_t point, ph_report_t *report)
{
    return point < run->base.grid->points_count
               ? PH_OK
               : ph_fail(report, PH_ERR_INPUT, "%s: there is no point %zu: the grid has %zu",
                         run->base.path, point, run->base.grid->points_count);
}

int ph_quantity_table_new(ph_quantity_table_t **table, ph_runfile_t *run, size_t point, bool exact,
                          ph_report_t *report)
{
    PH_ENTRY();
    ph_quantities_t found = {0};
    *table = NULL;
    int status = check_point(run, point, report);
    if (status == PH_OK)
        status = ph_machine_check_stack(report);
    if (status == PH_OK)
        status = ph_quantities_read(&found, run, point, &PH_COMPARE_WELLS,
                                    exact ? (int)ph_machine_threads(0).value : 0, report);
    if (status == PH_OK)
        status = allocate(table, found.count, report);
    for (size_t i = 0; status == PH_OK && i < found.count; i++) {
        const ph_found_t *one = &found.found[i];
        const ph_quantity_row_t rest = {
            .exact = one->exact,
            .theory = one->theory,
            .effective = (double)NAN,
            .remark = one->without == PH_WITHOUT_NOTHING ? "" : ph_without_text(one->without)};
        if (ph_quantity_recorded(one->quantity, run->base.grid))
            add(*table, one->quantity, one->of, run->base.grid->points[point].noise, &one->found,
                &rest);
    }
    ph_quantities_free(&found);
    return status;
}

static void add_curves(ph_quantity_table_t *self, const ph_grid_t *grid,
                       const ph_reweighted_t *found)
{
    for (size_t i = 0; i < found->count * found->width; i++) {
        const ph_reweighted_value_t *one = &found->values[i];
        const ph_quantity_row_t rest = {
            .exact = one->exact, .theory = (double)NAN, .effective = one->effective, .remark = ""};
        char of[PH_WELL_LABEL] = "-";
        if (one->quantity->of == PH_QUANTITY_OF_PATTERN)
            snprintf(of, sizeof(of), "%zu", one->pattern + 1);
        if (ph_quantity_recorded(one->quantity, grid))
            add(self, one->quantity, of, found->noise[i / found->width], &one->found, &rest);
    }
}

int ph_quantity_table_new_reweighted(ph_quantity_table_t **table, ph_runfile_t *run,
                                     const size_t *points, size_t points_count,
                                     const double *noises, size_t count, ph_report_t *report)
{
    PH_ENTRY();
    ph_reweighted_t found = {0};
    int status = PH_OK;
    *table = NULL;
    if (points_count == 0 || count == 0)
        return ph_fail(report, PH_ERR_INPUT, "curves along the noise ask for points and noises");
    for (size_t i = 0; i < points_count && status == PH_OK; i++)
        status = check_point(run, points[i], report);
    if (status == PH_OK)
        status = ph_machine_check_stack(report);
    if (status == PH_OK)
        status = ph_reweight(&found, run, points, points_count, noises, count,
                             (int)ph_machine_threads(0).value, report);
    if (status == PH_OK)
        status = allocate(table, found.count * found.width, report);
    if (status == PH_OK)
        add_curves(*table, run->base.grid, &found);
    ph_reweighted_free(&found);
    return status;
}

void ph_quantity_table_delete(ph_quantity_table_t *self)
{
    if (self != NULL)
        free(self->rows);
    free(self);
}

size_t ph_quantity_table_rows(const ph_quantity_table_t *self)
{
    return self->count;
}

int ph_quantity_table_row(const ph_quantity_table_t *self, size_t i, ph_quantity_row_t *values)
{
    if (i >= self->count)
        return PH_ERR_INPUT;
    *values = self->rows[i].values;
    values->of = self->rows[i].of;
    return PH_OK;
}
