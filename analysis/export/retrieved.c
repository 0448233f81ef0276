/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "analysis/export/retrieved.h"

#include <math.h>
#include <string.h>

#include "base/floating.h"

/* The second line of a table in columns, and how the names of a CSV one end. */
static const char FIRST_LINE[] = "# retrieved: patterns whose |m|, averaged over a chain, ";
static const char NOTES[] =
    "# error: one standard deviation, Student's t of `freedom` degrees; its parts: thermal, from "
    "the chains, and disorder, between samples\n";
static const char CSV_NAMES[] = "thermal,disorder,theory,theory_samples,chains,remark\n";

static void put_names(ph_row_t *row, const ph_grid_t *grid, const ph_retrieval_t *rule)
{
    static const char *const NAMES[] = {"stored",  "retrieved", "error",  "freedom",
                                        "thermal", "disorder",  "theory", "theory_samples",
                                        "chains",  "remark"};
    if (ph_row_has_notes(row) && rule->absolute > 0.0)
        fprintf(row->out, "%sis at least %.10g\n%s", FIRST_LINE, rule->absolute, NOTES);
    else if (ph_row_has_notes(row))
        fprintf(row->out,
                "%sis at least %.10g of the most that better retrieved ones leave them, (1 - d) "
                "d^(k-1), and beyond chance\n%s",
                FIRST_LINE, rule->share, NOTES);
    ph_row_axes(row, grid, NULL, PH_MAX_AXES);
    for (size_t i = 0; i < sizeof(NAMES) / sizeof(NAMES[0]); i++)
        ph_row_text(row, NAMES[i]);
    ph_row_end(row);
}

static void put_point(ph_row_t *row, const ph_runfile_t *run, size_t point,
                      const ph_retrieved_t *found, const ph_retrieved_theory_t *theory)
{
    const ph_grid_t *grid = run->base.grid;
    const bool complete = ph_runfile_point_status(run, point) == PH_POINT_COMPLETE;
    const double nothing = (double)NAN;
    size_t index[PH_MAX_AXES] = {0};
    ph_grid_unravel(grid, point, index);
    ph_row_axes(row, grid, index, PH_MAX_AXES);
    ph_row_count(row, (uint64_t)grid->points[point].patterns);
    ph_row_estimate(row, found->number.value, found->number.error);
    ph_row_number(row, found->number.freedom);
    ph_row_number(row, found->number.thermal);
    ph_row_number(row, found->number.disorder);
    ph_row_number(row, theory != NULL ? theory->population[point] : nothing);
    ph_row_number(row,
                  theory != NULL && theory->samples != NULL ? theory->samples[point] : nothing);
    ph_row_count(row, found->chains);
    ph_row_text(row, found->chains == 0 ? "empty" : complete ? "-" : "unfinished");
    ph_row_end(row);
}

int ph_export_retrieved(FILE *out, ph_runfile_t *run, const ph_selection_t *selection,
                        const ph_retrieval_t *rule, const ph_retrieved_theory_t *theory,
                        ph_text_format_t format, ph_report_t *report)
{
    PH_FLOATING_GUARD();
    const ph_grid_t *grid = run->base.grid;
    ph_row_t row;
    int status = PH_OK;
    ph_row_begin(&row, out, format, "retrieved", grid);
    put_names(&row, grid, rule);
    for (size_t p = 0; p < grid->points_count && status == PH_OK; p++) {
        ph_retrieved_t found;
        if (!ph_selection_holds(selection, p))
            continue;
        status = ph_retrieved_read(&found, rule, run, p, report);
        if (status == PH_OK)
            put_point(&row, run, p, &found, theory);
    }
    if (status == PH_OK)
        return ph_row_finish(&row, report);
    ph_row_drop(&row);
    return status;
}

bool ph_export_is_retrieved(const char *line, ph_text_format_t format)
{
    const size_t length = strlen(line), tail = strlen(CSV_NAMES);
    if (format == PH_TEXT_COLUMNS)
        return strncmp(line, FIRST_LINE, strlen(FIRST_LINE)) == 0;
    return length >= tail && strcmp(line + length - tail, CSV_NAMES) == 0;
}
