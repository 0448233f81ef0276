/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/scaling.h"

#include <math.h>
#include <stdio.h>

#include "analysis/compare/scaling.h"
#include "base/number.h"

static bool is_neurons(const ph_axis_t *axis)
{
    return axis->coordinates_count == 1 && axis->coordinates[0].key == PH_KEY_NEURONS;
}

/* Names of the axes, neurons aside, or their values at a point. */
static void print_axes(const ph_grid_t *grid, const size_t *index, bool csv)
{
    char text[64];
    for (size_t a = 0; a < grid->axes_count; a++)
        for (size_t c = 0; c < grid->axes[a].coordinates_count && !is_neurons(&grid->axes[a]);
             c++) {
            const ph_coordinate_t *coordinate = &grid->axes[a].coordinates[c];
            if (index != NULL)
                ph_coordinate_text(coordinate, index[a], text, sizeof(text));
            else
                snprintf(text, sizeof(text), "%s", ph_schema(coordinate->key)->name);
            printf(csv ? "%s," : "%-12s ", text);
        }
}

static void print_scaled(const ph_scaled_t *found, bool csv)
{
    char error[PH_NUMBER_SIZE];
    ph_error_text(found->error, error, sizeof(error));
    if (csv)
        printf(",%.9g,%.3g,%.3g", found->value, found->error, found->deviate);
    else
        printf(" %11.*f +- %-8s %7.1f", ph_error_decimals(found->error), found->value, error,
               found->deviate);
}

static void print_size(const ph_grid_t *grid, const ph_scaling_line_t *line, size_t i, bool csv)
{
    const ph_scaling_size_t *size = &line->sizes[i];
    const ph_scaled_t *deviation = &size->of[PH_SCALED_DEVIATION];
    const ph_scaled_t *scatter = &size->of[PH_SCALED_SCATTER];
    size_t index[PH_MAX_AXES];
    ph_grid_unravel(grid, size->point, index);
    print_axes(grid, index, csv);
    printf(csv ? "%lld,%.0f" : "%-8lld %-8.0f", (long long)line->pattern + 1, size->neurons);
    print_scaled(deviation, csv);
    print_scaled(scatter, csv);
    printf("%s%s\n",
           csv                               ? ","
           : size->reason != PH_SCALING_NONE ? "  "
                                             : "",
           ph_scaling_reason_text(size->reason));
}

static void print_sizes(const ph_grid_t *grid, const ph_scaling_t *found, bool csv)
{
    print_axes(grid, NULL, csv);
    printf(csv ? "pattern,neurons,deviation,deviation_error,deviation_deviate,scatter,"
                 "scatter_error,scatter_deviate,reason\n"
               : "pattern  neurons    deviation +- error     from 0     scatter +- error     from "
                 "0\n");
    for (size_t l = 0; l < found->lines_count; l++)
        for (size_t i = 0; i < found->sizes; i++)
            print_size(grid, &found->lines[l], i, csv);
}

static void print_exponent(const ph_grid_t *grid, const ph_scaling_line_t *line,
                           ph_scaled_quantity_t quantity, FILE *out)
{
    const ph_exponent_t *exponent = &line->exponents[quantity];
    size_t index[PH_MAX_AXES];
    char text[64];
    ph_grid_unravel(grid, line->sizes[0].point, index);
    fprintf(out, "  ");
    for (size_t a = 0; a < grid->axes_count; a++)
        for (size_t c = 0; c < grid->axes[a].coordinates_count && !is_neurons(&grid->axes[a]);
             c++) {
            const ph_coordinate_t *coordinate = &grid->axes[a].coordinates[c];
            ph_coordinate_text(coordinate, index[a], text, sizeof(text));
            fprintf(out, "%s=%s, ", ph_schema(coordinate->key)->name, text);
        }
    fprintf(out, "pattern %lld: %s ~ N^-a, ", (long long)line->pattern + 1,
            ph_scaled_word(quantity));
    if (exponent->verdict == PH_VERDICT_UNDECIDED)
        fprintf(out, "a cannot be told: %s\n", ph_scaling_reason_text(exponent->reason));
    else {
        ph_error_text(exponent->error, text, sizeof(text));
        fprintf(out, "a = %.*f +- %s of %zu sizes, expected %g: %.2f errors, %s\n",
                ph_error_decimals(exponent->error), exponent->value, text, exponent->used,
                ph_scaled_expected(quantity), exponent->deviate,
                ph_verdict_text(exponent->verdict));
    }
}

static void print(const ph_grid_t *grid, const ph_scaling_t *found, bool csv, bool brief)
{
    FILE *summary = csv ? stderr : stdout;
    if (!brief || csv)
        print_sizes(grid, found, csv);
    fprintf(summary,
            "exponents: %zu, fitted: %zu, disagreeing: %zu (bound %.2f errors for a "
            "false-alarm rate of %g over all)\n",
            found->lines_count * PH_SCALED_COUNT, found->fitted, found->disagreeing,
            found->threshold, PH_COMPARE_FALSE_ALARM);
    for (size_t l = 0; l < found->lines_count; l++)
        for (int q = 0; q < PH_SCALED_COUNT; q++)
            if (!brief || found->lines[l].exponents[q].verdict != PH_VERDICT_AGREE)
                print_exponent(grid, &found->lines[l], (ph_scaled_quantity_t)q, summary);
    fprintf(summary, "verdict: the approach to the infinite network %s\n",
            found->verdict == PH_VERDICT_AGREE      ? "agrees: 1/N, and 1/sqrt N of the samples"
            : found->verdict == PH_VERDICT_DISAGREE ? "disagrees with 1/N and 1/sqrt N"
                                                    : "cannot be told: too few exponents fitted");
}

int ph_cli_scaling(ph_runfile_t *run, const ph_theory_t *theory, bool csv, bool brief,
                   ph_verdict_t *verdict, ph_report_t *report)
{
    ph_comparison_t comparison = {0};
    ph_scaling_t found = {0};
    int status = ph_scaling_axis(run->base.grid, NULL, report);
    if (status == PH_OK)
        status = ph_compare(&comparison, run, theory, PH_VIEW_PATTERNS, report);
    if (status == PH_OK)
        status = ph_scaling_make(&found, run, &comparison, report);
    if (status == PH_OK) {
        print(run->base.grid, &found, csv, brief);
        *verdict = found.verdict;
    }
    ph_scaling_free(&found);
    ph_comparison_free(&comparison);
    return status;
}
