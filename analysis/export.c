/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "analysis/export.h"

#include <errno.h>
#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "analysis/estimates.h"
#include "base/visible.h"
#include "sim/model/patterns.h"

enum { NAME_SIZE = 128 };

/* Second lines of tables in columns, after the title: whole, their beginning, their end. */
static const char ESTIMATES_LINE[] = "# error: one standard deviation of the mean; tau: integrated "
                                     "autocorrelation time in sweeps\n";
static const char PATTERNS_LINE[] = "# patterns of sample ";
static const char TRAJECTORY_LINE[] = "; time in sweeps after burn-in\n";

/* A row under way: puts the separators. */
typedef struct {
    FILE *out;
    char separator;
    bool begun;
} ph_row_t;

static void put(ph_row_t *row, const char *text)
{
    if (row->begun)
        fputc(row->separator, row->out);
    fputs(text, row->out);
    row->begun = true;
}

static void put_number(ph_row_t *row, double value)
{
    char text[NAME_SIZE];
    snprintf(text, sizeof(text), isnan(value) ? "nan" : "%.10g", value);
    put(row, text);
}

static void put_count(ph_row_t *row, uint64_t value)
{
    char text[NAME_SIZE];
    snprintf(text, sizeof(text), "%" PRIu64, value);
    put(row, text);
}

static void row_end(ph_row_t *row)
{
    fputc('\n', row->out);
    row->begun = false;
}

static ph_row_t row_begin(FILE *out, ph_text_format_t format)
{
    return (ph_row_t){out, format == PH_TEXT_CSV ? ',' : ' ', false};
}

static void head_begin(FILE *out, ph_text_format_t format)
{
    if (format == PH_TEXT_COLUMNS)
        fputs("# ", out);
}

static int finish(FILE *out, ph_report_t *report)
{
    if (fflush(out) != 0 || ferror(out))
        return ph_fail(report, PH_ERR_IO, "cannot write the table: %s", strerror(errno));
    return PH_OK;
}

static void put_title(FILE *out, const ph_grid_t *grid)
{
    ph_print(out, "# %s\n", grid->title);
}

static void put_axes(ph_row_t *row, const ph_grid_t *grid, const size_t *index)
{
    char text[NAME_SIZE];
    for (size_t a = 0; a < grid->axes_count; a++)
        for (size_t c = 0; c < grid->axes[a].coordinates_count; c++) {
            const ph_coordinate_t *coordinate = &grid->axes[a].coordinates[c];
            if (index != NULL)
                ph_coordinate_text(coordinate, index[a], text, sizeof(text));
            put(row, index != NULL ? text : ph_schema(coordinate->key)->name);
        }
}

/* Runs over the components that belong to a pattern's row: its own and those of no pattern. */
static bool in_row(const ph_component_t *component, size_t pattern)
{
    return !component->of_pattern || component->pattern == pattern;
}

static void estimates_head(FILE *out, const ph_grid_t *grid, ph_text_format_t format)
{
    static const char *const SUFFIXES[] = {"", "_error", "_tau"};
    const size_t components = ph_observables_total(grid, 1);
    ph_row_t row = row_begin(out, format);
    if (format == PH_TEXT_COLUMNS) {
        put_title(out, grid);
        fputs(ESTIMATES_LINE, out);
    }
    head_begin(out, format);
    put_axes(&row, grid, NULL);
    put(&row, "pattern");
    for (size_t c = 0; c < components; c++) {
        const ph_component_t component = ph_component(grid, 1, c);
        for (size_t k = 0; k < 3; k++) {
            char name[NAME_SIZE / 2], text[NAME_SIZE];
            ph_component_name(&component, name, sizeof(name));
            snprintf(text, sizeof(text), "%s%s", name, SUFFIXES[k]);
            put(&row, text);
        }
    }
    put(&row, "chains");
    put(&row, "records");
    row_end(&row);
}

static void estimates_rows(FILE *out, const ph_grid_t *grid, size_t point,
                           const ph_estimates_t *estimates, ph_text_format_t format)
{
    const int64_t patterns = grid->points[point].patterns;
    size_t index[PH_MAX_AXES] = {0};
    ph_row_t row = row_begin(out, format);
    ph_grid_unravel(grid, point, index);
    for (size_t mu = 0; mu < (size_t)patterns; mu++) {
        put_axes(&row, grid, index);
        put_count(&row, mu + 1);
        for (size_t c = 0; c < estimates->components; c++) {
            const ph_component_t component = ph_component(grid, patterns, c);
            if (!in_row(&component, mu))
                continue;
            put_number(&row, estimates->values[c].mean);
            put_number(&row, estimates->values[c].error);
            put_number(&row, estimates->values[c].tau);
        }
        put_count(&row, estimates->chains);
        put_count(&row, estimates->records);
        row_end(&row);
    }
}

int ph_export_estimates(FILE *out, ph_runfile_t *run, const ph_selection_t *selection,
                        ph_text_format_t format, ph_report_t *report)
{
    const ph_grid_t *grid = run->base.grid;
    estimates_head(out, grid, format);
    for (size_t p = 0; p < grid->points_count; p++) {
        ph_estimates_t estimates;
        if (!ph_selection_holds(selection, p))
            continue;
        int status = ph_estimates_read(&estimates, run, p, report);
        if (status != PH_OK)
            return status;
        estimates_rows(out, grid, p, &estimates, format);
        ph_estimates_free(&estimates);
    }
    return finish(out, report);
}

static int check_number(const char *name, int64_t value, int64_t count, ph_report_t *report)
{
    if (value >= 1 && value <= count)
        return PH_OK;
    return ph_fail(report, PH_ERR_INPUT, "--%s %" PRId64 ": this run has %ss 1 to %" PRId64, name,
                   value, name, count);
}

int ph_export_patterns(FILE *out, const ph_selection_t *selection, int64_t sample,
                       ph_text_format_t format, ph_report_t *report)
{
    const ph_grid_t *grid = selection->grid;
    ph_row_t row = row_begin(out, format);
    ph_patterns_t patterns;
    size_t point = 0;
    int status = ph_selection_point(selection, true, &point, report);
    if (status == PH_OK)
        status = check_number("sample", sample, grid->samples, report);
    if (status != PH_OK)
        return status;
    if (ph_patterns_draw(&patterns, &grid->points[point], grid->seed, (uint32_t)(sample - 1)) !=
        PH_OK)
        return ph_fail(report, PH_ERR_MEMORY, "no memory for the patterns of point %zu", point);
    if (format == PH_TEXT_COLUMNS) {
        put_title(out, grid);
        fprintf(out, "%s%" PRId64 ", one neuron a row\n", PATTERNS_LINE, sample);
    }
    head_begin(out, format);
    for (int64_t mu = 0; mu < patterns.patterns; mu++) {
        char name[NAME_SIZE];
        snprintf(name, sizeof(name), "pattern_%" PRId64, mu + 1);
        put(&row, name);
    }
    row_end(&row);
    for (int64_t i = 0; i < patterns.neurons; i++) {
        for (int64_t mu = 0; mu < patterns.patterns; mu++)
            put_number(&row, (double)patterns.entries[i * patterns.patterns + mu]);
        row_end(&row);
    }
    ph_patterns_free(&patterns);
    return finish(out, report);
}

static void trajectory_head(FILE *out, const ph_grid_t *grid, int64_t patterns, size_t point,
                            const ph_segment_t *segment, ph_text_format_t format)
{
    char text[512];
    ph_row_t row = row_begin(out, format);
    if (format == PH_TEXT_COLUMNS) {
        put_title(out, grid);
        ph_grid_point_text(grid, point, text, sizeof(text));
        fprintf(out, "# %s%ssample %u, replica %u%s", text, text[0] != '\0' ? ", " : "",
                segment->sample + 1, segment->replica_first + 1, TRAJECTORY_LINE);
    }
    head_begin(out, format);
    put(&row, "time");
    for (size_t c = 0; c < segment->components; c++) {
        const ph_component_t component = ph_component(grid, patterns, c);
        char name[NAME_SIZE];
        ph_component_name(&component, name, sizeof(name));
        if (component.of_pattern)
            snprintf(text, sizeof(text), "%s_%zu", name, component.pattern + 1);
        else
            snprintf(text, sizeof(text), "%s", name);
        put(&row, text);
    }
    row_end(&row);
}

int ph_export_trajectory(FILE *out, ph_runfile_t *run, const ph_selection_t *selection,
                         int64_t sample, int64_t replica, ph_text_format_t format,
                         ph_report_t *report)
{
    const ph_grid_t *grid = run->base.grid;
    ph_segment_t segment;
    ph_row_t row = row_begin(out, format);
    size_t point = 0;
    int status = ph_selection_point(selection, false, &point, report);
    if (status == PH_OK)
        status = check_number("sample", sample, grid->samples, report);
    if (status == PH_OK)
        status = check_number("replica", replica, grid->replicas, report);
    if (status == PH_OK && !grid->trajectory)
        status = ph_fail(report, PH_ERR_UNSUPPORTED,
                         "%s holds no trajectories: its grid says record.trajectory: no",
                         run->base.path);
    if (status == PH_OK)
        status = ph_runfile_read(run, point, (uint32_t)(sample - 1), (uint32_t)(replica - 1), 1, 0,
                                 &segment, report);
    if (status != PH_OK)
        return status;
    const ph_point_t *where = &grid->points[point];
    trajectory_head(out, grid, where->patterns, point, &segment, format);
    for (uint64_t k = 0; k < segment.records; k++) {
        put_count(&row, k * (uint64_t)where->record_every);
        for (uint64_t c = 0; c < segment.components; c++)
            put_number(&row, segment.series[k * segment.components + c]);
        row_end(&row);
    }
    ph_segment_free(&segment);
    return finish(out, report);
}

static bool begins(const char *text, const char *with)
{
    return strncmp(text, with, strlen(with)) == 0;
}

static bool ends(const char *text, const char *with)
{
    const size_t length = strlen(text), tail = strlen(with);
    return length >= tail && strcmp(text + length - tail, with) == 0;
}

bool ph_export_is_table(FILE *file)
{
    char *line = NULL;
    size_t size = 0;
    bool is = getline(&line, &size, file) > 0;
    if (is && begins(line, "# "))
        is = getline(&line, &size, file) > 0 &&
             (strcmp(line, ESTIMATES_LINE) == 0 || begins(line, PATTERNS_LINE) ||
              ends(line, TRAJECTORY_LINE));
    else if (is)
        is = ends(line, ",chains,records\n") || begins(line, "pattern_1,") ||
             strcmp(line, "pattern_1\n") == 0 || begins(line, "time,magnetization");
    free(line);
    return is;
}
