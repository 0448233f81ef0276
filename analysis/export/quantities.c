/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "analysis/export/quantities.h"

#include <string.h>

#include "base/floating.h"

/* The second line of a table in columns, and how the names of a CSV one end. */
static const char FIRST_LINE[] =
    "# error: one standard deviation, Student's t of `freedom` degrees; its parts: thermal, from "
    "the chains, and disorder, between samples\n";
static const char NOTES[] =
    "# exact: sums over all states of the same samples; theory: of the wells that the chains are "
    "in, by sums or linear response\n"
    "# remark: short: chains too short for their tau; noise-0, law (not exp(-H/T)), no-wells: "
    "cannot be "
    "had; empty: nothing yet; never: no record recalls\n";
static const char CSV_END[] = ",exact,theory,chains,records,remark\n";

static void put_names(ph_row_t *row, const ph_grid_t *grid)
{
    static const char *const NAMES[] = {"quantity", "of",      "value",    "error",
                                        "freedom",  "thermal", "disorder", "exact",
                                        "theory",   "chains",  "records",  "remark"};
    if (ph_row_has_notes(row))
        fprintf(row->out, "%s%s", FIRST_LINE, NOTES);
    ph_row_axes(row, grid, NULL, PH_MAX_AXES);
    for (size_t i = 0; i < sizeof(NAMES) / sizeof(NAMES[0]); i++)
        ph_row_text(row, NAMES[i]);
    ph_row_end(row);
}

static void put_rows(ph_row_t *row, const ph_grid_t *grid, size_t point,
                     const ph_quantities_t *quantities)
{
    size_t index[PH_MAX_AXES] = {0};
    ph_grid_unravel(grid, point, index);
    for (size_t i = 0; i < quantities->count; i++) {
        const ph_found_t *found = &quantities->found[i];
        if (!ph_quantity_recorded(found->quantity, grid))
            continue;
        ph_row_axes(row, grid, index, PH_MAX_AXES);
        ph_row_text(row, found->quantity->name);
        ph_row_text(row, found->of);
        ph_row_estimate(row, found->found.value, found->found.error);
        ph_row_number(row, found->found.freedom);
        ph_row_number(row, found->found.thermal);
        ph_row_number(row, found->found.disorder);
        ph_row_number(row, found->exact);
        ph_row_number(row, found->theory);
        ph_row_count(row, quantities->chains);
        ph_row_count(row, quantities->records);
        ph_row_text(row, ph_without_text(found->without));
        ph_row_end(row);
    }
}

int ph_export_quantities(FILE *out, ph_runfile_t *run, const ph_selection_t *selection,
                         const ph_well_finder_t *wells, int threads, ph_text_format_t format,
                         ph_report_t *report)
{
    PH_FLOATING_GUARD();
    const ph_grid_t *grid = run->base.grid;
    ph_row_t row;
    int status = PH_OK;
    ph_row_begin(&row, out, format, "quantities", grid);
    put_names(&row, grid);
    for (size_t p = 0; p < grid->points_count && status == PH_OK; p++) {
        ph_quantities_t quantities;
        if (!ph_selection_holds(selection, p))
            continue;
        status = ph_quantities_read(&quantities, run, p, wells, threads, report);
        if (status == PH_OK)
            put_rows(&row, grid, p, &quantities);
        ph_quantities_free(&quantities);
    }
    if (status == PH_OK)
        return ph_row_finish(&row, report);
    ph_row_drop(&row);
    return status;
}

void ph_export_list_quantities(FILE *out)
{
    fputs("\nQuantities (--quantities):\n", out);
    for (size_t i = 0; ph_quantity(i) != NULL; i++)
        fprintf(out, "  %-24s%s\n", ph_quantity(i)->name, ph_quantity(i)->formula);
}

bool ph_export_is_quantities(const char *line, ph_text_format_t format)
{
    const size_t length = strlen(line), tail = strlen(CSV_END);
    if (format == PH_TEXT_COLUMNS)
        return strcmp(line, FIRST_LINE) == 0;
    return length >= tail && strcmp(line + length - tail, CSV_END) == 0;
}
