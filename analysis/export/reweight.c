/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "analysis/export/reweight.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "analysis/estimate/reweight.h"
#include "base/floating.h"

enum { NOISES_MAX = 10000 };

static const char FIRST_LINE[] =
    "# by the records of all noises together; error: one standard deviation, Student's t of "
    "`freedom` degrees; its parts: thermal and disorder\n";
static const char NOTES[] = "# exact: sums over all states of the same samples; effective: records "
                            "that count, of the sample that has fewest\n";
static const char CSV_END[] = ",disorder,exact,effective\n";

int ph_noises_parse(ph_noises_t *self, const char *text, ph_report_t *report)
{
    char *end;
    double count = 1.0;
    self->from = self->to = strtod(text, &end);
    bool good = end != text;
    if (good && *end == ':') {
        const char *next = end + 1;
        self->to = strtod(next, &end);
        good = end != next && *end == ':';
        next = end + 1;
        if (good)
            count = strtod(next, &end);
        good = good && end != next;
    }
    good = good && *end == '\0' && self->from > 0.0 && isfinite(self->to) &&
           self->to >= self->from && count >= 1.0 && count <= NOISES_MAX && count == floor(count);
    if (!good)
        return ph_fail(
            report, PH_ERR_INPUT,
            "'%s': expected noises as T1:T2:n, such as 0.2:1.2:51, with 0 < T1 <= T2 and "
            "n from 1 to %d",
            text, (int)NOISES_MAX);
    self->count = (size_t)count;
    return PH_OK;
}

bool ph_export_is_reweighted(const char *line, ph_text_format_t format)
{
    const size_t length = strlen(line), tail = strlen(CSV_END);
    if (format == PH_TEXT_COLUMNS)
        return strcmp(line, FIRST_LINE) == 0;
    return length >= tail && strcmp(line + length - tail, CSV_END) == 0;
}

static void put_names(ph_row_t *row, const ph_grid_t *grid, size_t axis)
{
    static const char *const NAMES[] = {"noise",   "quantity", "of",       "value", "error",
                                        "freedom", "thermal",  "disorder", "exact", "effective"};
    if (ph_row_has_notes(row))
        fprintf(row->out, "%s%s", FIRST_LINE, NOTES);
    ph_row_axes(row, grid, NULL, axis);
    for (size_t i = 0; i < sizeof(NAMES) / sizeof(NAMES[0]); i++)
        ph_row_text(row, NAMES[i]);
    ph_row_end(row);
}

static void put_rows(ph_row_t *row, const ph_grid_t *grid, size_t point, size_t axis,
                     const ph_reweighted_t *found)
{
    size_t index[PH_MAX_AXES] = {0};
    ph_grid_unravel(grid, point, index);
    for (size_t i = 0; i < found->count * found->width; i++) {
        const ph_reweighted_value_t *value = &found->values[i];
        char of[32] = "-";
        if (value->quantity->of == PH_QUANTITY_OF_PATTERN)
            snprintf(of, sizeof(of), "%zu", value->pattern + 1);
        ph_row_axes(row, grid, index, axis);
        ph_row_number(row, found->noise[i / found->width]);
        ph_row_text(row, value->quantity->name);
        ph_row_text(row, of);
        ph_row_estimate(row, value->found.value, value->found.error);
        ph_row_number(row, value->found.freedom);
        ph_row_number(row, value->found.thermal);
        ph_row_number(row, value->found.disorder);
        ph_row_number(row, value->exact);
        ph_row_number(row, value->effective);
        ph_row_end(row);
    }
}

/* The axis of the noise, PH_MAX_AXES where there is none of its own. */
static int find_axis(const ph_grid_t *grid, size_t *axis, ph_report_t *report)
{
    *axis = PH_MAX_AXES;
    for (size_t a = 0; a < grid->axes_count; a++)
        for (size_t c = 0; c < grid->axes[a].coordinates_count; c++) {
            if (grid->axes[a].coordinates[c].key != PH_KEY_NOISE)
                continue;
            if (grid->axes[a].coordinates_count > 1)
                return ph_fail(report, PH_ERR_UNSUPPORTED,
                               "--reweight: %s goes with the noise, so that no two points differ "
                               "in noise alone",
                               ph_schema(grid->axes[a].coordinates[c == 0 ? 1 : 0].key)->name);
            *axis = a;
        }
    return PH_OK;
}

/* The selected points that differ from the first of them in noise alone, into points[]. */
static size_t gather(const ph_selection_t *selection, size_t first, size_t axis, size_t *points)
{
    const ph_grid_t *grid = selection->grid;
    size_t index[PH_MAX_AXES] = {0}, count = 0;
    ph_grid_unravel(grid, first, index);
    for (size_t p = first; p < grid->points_count; p++) {
        size_t other[PH_MAX_AXES] = {0};
        bool same = ph_selection_holds(selection, p);
        ph_grid_unravel(grid, p, other);
        for (size_t a = 0; a < grid->axes_count; a++)
            same = same && (a == axis || index[a] == other[a]);
        if (same)
            points[count++] = p;
    }
    return count;
}

static int put_curves(ph_row_t *row, FILE *out, ph_text_format_t format, ph_runfile_t *run,
                      const ph_selection_t *selection, const ph_noises_t *noises, size_t axis,
                      int threads, ph_report_t *report)
{
    const ph_grid_t *grid = run->base.grid;
    size_t *points = malloc(grid->points_count * sizeof(*points));
    bool *seen = calloc(grid->points_count, sizeof(*seen));
    double *noise = malloc(noises->count * sizeof(*noise));
    bool noted = false;
    int status = points == NULL || seen == NULL || noise == NULL
                     ? ph_fail(report, PH_ERR_MEMORY, "no memory for the curves")
                     : PH_OK;
    for (size_t t = 0; t < noises->count && status == PH_OK; t++)
        noise[t] = t + 1 == noises->count ? (t == 0 ? noises->from : noises->to)
                                          : noises->from + (noises->to - noises->from) * (double)t /
                                                               (double)(noises->count - 1);
    for (size_t p = 0; p < grid->points_count && status == PH_OK; p++) {
        ph_reweighted_t found;
        if (seen[p] || !ph_selection_holds(selection, p))
            continue;
        const size_t count = gather(selection, p, axis, points);
        for (size_t i = 0; i < count; i++)
            seen[points[i]] = true;
        status = ph_reweight(&found, run, points, count, noise, noises->count, threads, report);
        if (status == PH_OK) {
            noted = noted || ph_reweight_branches(grid, points, count, report);
            if (row->out == NULL) { /* nothing is written of what cannot be had */
                ph_row_begin(row, out, format, "reweighted", grid);
                put_names(row, grid, axis);
            }
            put_rows(row, grid, p, axis, &found);
        }
        ph_reweighted_free(&found);
    }
    free(points);
    free(seen);
    free(noise);
    return status;
}

int ph_export_reweighted(FILE *out, ph_runfile_t *run, const ph_selection_t *selection,
                         const ph_noises_t *noises, int threads, ph_text_format_t format,
                         ph_report_t *report)
{
    PH_FLOATING_GUARD();
    const ph_grid_t *grid = run->base.grid;
    ph_row_t row = {.out = NULL};
    size_t axis;
    int status = find_axis(grid, &axis, report);
    if (status != PH_OK)
        return status;
    status = put_curves(&row, out, format, run, selection, noises, axis, threads, report);
    if (status == PH_OK)
        return ph_row_finish(&row, report);
    ph_row_drop(&row);
    return status;
}
