/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "analysis/export/export.h"

#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "analysis/estimate/estimates.h"
#include "analysis/estimate/laststate.h"
#include "analysis/export/quantities.h"
#include "analysis/export/retrieved.h"
#include "analysis/export/reweight.h"
#include "analysis/export/states.h"
#include "base/floating.h"
#include "sim/model/dataset.h"
#include "sim/model/patterns.h"

enum { NAME_SIZE = 128 };

/* Second lines of tables in columns, after the title: whole, their beginning, their end. */
static const char ESTIMATES_LINE[] = "# error: one standard deviation of the mean";
static const char ESTIMATES_END[] = "; tau: integrated autocorrelation time in sweeps\n";
static const char SHORT_LINE[] =
    "# remark short: chains below 50 tau, which is then a lower bound; errors are those between "
    "four blocks of chains or more, else nan\n";
static const char FINAL_LINE[] =
    "# remark final: noise 0, means of the chains' last states, not over their records; moving: "
    "some are not at their fixed point yet\n";
static const char UNFINISHED_LINE[] =
    "# remark unfinished: chains that have not all their sweeps yet, or have not begun\n";
static const char *const VIEW_LINES[] = {
    "# pattern: the archetype of that number, its sign as recorded\n",
    "# rank: the patterns of each sample in descending order of the averages over its chains, as "
    "far as the start leaves a symmetry\n"};
static const char PATTERNS_LINE[] = "# patterns of sample ";
static const char EXAMPLES_LINE[] = "# examples of sample ";
static const char TRAJECTORY_LINE[] = "; time in sweeps after burn-in\n";

/* Runs over the components that belong to a pattern's row: its own and those of no pattern. */
static bool in_row(const ph_component_t *component, size_t pattern)
{
    return !component->of_pattern || component->pattern == pattern;
}

/* NAME, NAME_error, NAME_tau. */
static void put_names(ph_row_t *row, const char *name)
{
    static const char *const SUFFIXES[] = {"", "_error", "_tau"};
    for (size_t k = 0; k < 3; k++) {
        char text[NAME_SIZE];
        snprintf(text, sizeof(text), "%s%s", name, SUFFIXES[k]);
        ph_row_text(row, text);
    }
}

static void put_value(ph_row_t *row, const ph_value_t *value)
{
    ph_row_estimate(row, value->mean, value->error);
    ph_row_number(row, value->tau);
}

static bool any_final(const ph_grid_t *grid)
{
    for (size_t p = 0; p < grid->points_count; p++)
        if (ph_point_settles(&grid->points[p]))
            return true;
    return false;
}

static bool any_unfinished(const ph_runfile_t *run)
{
    for (size_t p = 0; p < run->base.grid->points_count; p++)
        if (ph_runfile_point_status(run, p) != PH_POINT_COMPLETE)
            return true;
    return false;
}

static void estimates_head(ph_row_t *row, const ph_runfile_t *run, ph_view_t view)
{
    const ph_grid_t *grid = run->base.grid;
    const size_t components = ph_observables_total(grid, 1);
    if (ph_row_has_notes(row))
        fprintf(row->out,
                "%s, over chains and samples (disorder too), nan where not known%s%s%s%s%s",
                ESTIMATES_LINE, ESTIMATES_END, SHORT_LINE, VIEW_LINES[view],
                any_final(grid) ? FINAL_LINE : "", any_unfinished(run) ? UNFINISHED_LINE : "");
    ph_row_axes(row, grid, NULL, PH_MAX_AXES);
    ph_row_text(row, ph_view_word(view));
    for (size_t c = 0; c < components; c++) {
        const ph_component_t component = ph_component(grid, 1, c);
        char name[NAME_SIZE / 2];
        ph_component_name(&component, name, sizeof(name));
        put_names(row, name);
    }
    for (int e = 0; e < PH_EVEN_COUNT; e++)
        put_names(row, ph_even_name((ph_even_t)e));
    ph_row_text(row, "chains");
    ph_row_text(row, "records");
    ph_row_text(row, "remark");
    ph_row_end(row);
}

/* What the numbers of a row are not: "-" for nothing to say, so that columns stay columns. */
static void put_remark(ph_row_t *row, const ph_estimates_t *estimates, bool is_short,
                       bool is_unfinished)
{
    char text[NAME_SIZE];
    const char *remark = estimates->chains == 0   ? "empty"
                         : !estimates->final      ? (is_short ? "short" : "")
                         : estimates->moving == 0 ? "final"
                                                  : "final+moving";
    const bool both = is_unfinished && estimates->chains > 0;
    snprintf(text, sizeof(text), "%s%s%s", remark, both && remark[0] != '\0' ? "+" : "",
             both ? "unfinished" : "");
    ph_row_text(row, text[0] != '\0' ? text : "-");
}

static void estimates_rows(ph_row_t *row, const ph_runfile_t *run, size_t point,
                           const ph_estimates_t *estimates)
{
    const ph_grid_t *grid = run->base.grid;
    const bool is_unfinished = ph_runfile_point_status(run, point) != PH_POINT_COMPLETE;
    const int64_t patterns = grid->points[point].patterns;
    size_t index[PH_MAX_AXES] = {0};
    ph_grid_unravel(grid, point, index);
    for (size_t mu = 0; mu < (size_t)patterns; mu++) {
        bool is_short = false;
        ph_row_axes(row, grid, index, PH_MAX_AXES);
        ph_row_count(row, mu + 1);
        for (size_t c = 0; c < estimates->components; c++) {
            const ph_component_t component = ph_component(grid, patterns, c);
            if (!in_row(&component, mu))
                continue;
            put_value(row, &estimates->values[c]);
            is_short = is_short || estimates->values[c].short_of_tau;
        }
        for (size_t e = 0; e < PH_EVEN_COUNT; e++) {
            const ph_value_t *value = &estimates->even[e * estimates->patterns + mu];
            put_value(row, value);
            is_short = is_short || value->short_of_tau;
        }
        ph_row_count(row, estimates->chains);
        ph_row_count(row, estimates->records);
        put_remark(row, estimates, is_short, is_unfinished);
        ph_row_end(row);
    }
}

int ph_export_estimates(FILE *out, ph_runfile_t *run, const ph_selection_t *selection,
                        ph_view_t view, ph_text_format_t format, ph_report_t *report)
{
    PH_FLOATING_GUARD();
    const ph_grid_t *grid = run->base.grid;
    ph_row_t row;
    int status = PH_OK;
    ph_row_begin(&row, out, format, "estimates", grid);
    estimates_head(&row, run, view);
    for (size_t p = 0; p < grid->points_count && status == PH_OK; p++) {
        ph_estimates_t estimates;
        if (!ph_selection_holds(selection, p))
            continue;
        status = ph_estimates_read(&estimates, run, p, view, report);
        if (status == PH_OK)
            estimates_rows(&row, run, p, &estimates);
        ph_estimates_free(&estimates);
    }
    if (status != PH_OK) {
        ph_row_drop(&row);
        return status;
    }
    return ph_row_finish(&row, report);
}

/* A line of what was drawn, "# of those given: 4 9 2", and the names of the columns: where no such
 * line may stand they say it, pattern_1_given_4. chosen NULL: nothing was drawn. */
static void patterns_head(ph_row_t *row, int64_t count, int64_t sample, const size_t *chosen)
{
    const bool notes = ph_row_has_notes(row);
    if (notes)
        fprintf(row->out, "%s%" PRId64 ", one neuron a row\n", PATTERNS_LINE, sample);
    for (int64_t mu = 0; notes && chosen != NULL && mu < count; mu++)
        fprintf(row->out, "%s %zu%s", mu == 0 ? "# of those given:" : "", chosen[mu] + 1,
                mu + 1 == count ? "\n" : "");
    for (int64_t mu = 0; mu < count; mu++) {
        char name[NAME_SIZE];
        if (notes || chosen == NULL)
            snprintf(name, sizeof(name), "pattern_%" PRId64, mu + 1);
        else
            snprintf(name, sizeof(name), "pattern_%" PRId64 "_given_%zu", mu + 1, chosen[mu] + 1);
        ph_row_text(row, name);
    }
    ph_row_end(row);
}

/* The patterns of a sample, and which they are of those given: NULL where none was drawn. */
static int take_patterns(const ph_grid_t *grid, size_t number, uint32_t sample,
                         ph_patterns_t *patterns, size_t **chosen)
{
    const ph_point_t *point = &grid->points[number];
    const bool drawn = point->choice == PH_CHOICE_RANDOM;
    *chosen = drawn ? malloc((size_t)point->patterns * sizeof(**chosen)) : NULL;
    int status = drawn && *chosen == NULL ? PH_ERR_MEMORY : PH_OK;
    if (status == PH_OK && drawn)
        status = ph_patterns_choose(point, grid->seed, sample, *chosen);
    if (status == PH_OK)
        status = ph_patterns_draw(patterns, point, grid->seed, sample);
    return status;
}

int ph_export_patterns(FILE *out, const ph_selection_t *selection, int64_t sample,
                       ph_text_format_t format, ph_report_t *report)
{
    PH_FLOATING_GUARD();
    const ph_grid_t *grid = selection->grid;
    ph_row_t row;
    ph_patterns_t patterns = {0};
    size_t point = 0, *chosen;
    int status = ph_selection_point(selection, true, &point, report);
    if (status == PH_OK)
        status = ph_selection_number("sample", sample, grid->samples, report);
    if (status != PH_OK)
        return status;
    if (take_patterns(grid, point, (uint32_t)(sample - 1), &patterns, &chosen) != PH_OK) {
        free(chosen);
        ph_patterns_free(&patterns);
        return ph_fail(report, PH_ERR_MEMORY, "no memory for the patterns of point %zu", point);
    }
    ph_row_begin(&row, out, format, "patterns", grid);
    patterns_head(&row, patterns.patterns, sample, chosen);
    free(chosen);
    for (int64_t i = 0; i < patterns.neurons; i++) {
        for (int64_t mu = 0; mu < patterns.patterns; mu++)
            ph_row_number(&row, (double)patterns.entries[i * patterns.patterns + mu]);
        ph_row_end(&row);
    }
    ph_patterns_free(&patterns);
    return ph_row_finish(&row, report);
}

static void examples_head(ph_row_t *row, const ph_point_t *point, int64_t sample)
{
    if (ph_row_has_notes(row))
        fprintf(row->out, "%s%" PRId64 ", one neuron a row\n", EXAMPLES_LINE, sample);
    for (int64_t mu = 0; mu < point->patterns; mu++)
        for (int64_t a = 0; a < (int64_t)point->examples[mu]; a++) {
            char name[NAME_SIZE];
            snprintf(name, sizeof(name), "pattern_%" PRId64 "_example_%" PRId64, mu + 1, a + 1);
            ph_row_text(row, name);
        }
    ph_row_end(row);
}

/* One row a neuron; entries[the most examples of a pattern]. */
static void examples_rows(ph_row_t *row, const ph_point_t *point, const ph_patterns_t *patterns,
                          int16_t *entries)
{
    for (int64_t i = 0; i < patterns->neurons; i++) {
        for (int64_t mu = 0; mu < point->patterns; mu++) {
            const int64_t count = (int64_t)point->examples[mu];
            ph_dataset_entries(point, patterns, i, mu, 0, count, entries);
            for (int64_t a = 0; a < count; a++)
                ph_row_number(row, (double)entries[a]);
        }
        ph_row_end(row);
    }
}

int ph_export_examples(FILE *out, const ph_selection_t *selection, int64_t sample,
                       ph_text_format_t format, ph_report_t *report)
{
    PH_FLOATING_GUARD();
    const ph_grid_t *grid = selection->grid;
    ph_patterns_t patterns = {0};
    size_t number = 0;
    double most = 0.0;
    int status = ph_selection_point(selection, false, &number, report);
    if (status == PH_OK)
        status = ph_selection_number("sample", sample, grid->samples, report);
    if (status != PH_OK)
        return status;
    const ph_point_t *point = &grid->points[number];
    if (!ph_rule_learns(point->rule))
        return ph_fail(report, PH_ERR_INPUT,
                       "--examples: the network of point %zu stores its patterns and learns no "
                       "examples; --patterns has them",
                       number);
    for (int64_t mu = 0; mu < point->patterns; mu++)
        most = fmax(most, point->examples[mu]);
    int16_t *entries = malloc((size_t)most * sizeof(*entries));
    if (entries == NULL ||
        ph_patterns_draw(&patterns, point, grid->seed, (uint32_t)(sample - 1)) != PH_OK) {
        free(entries);
        return ph_fail(report, PH_ERR_MEMORY, "no memory for the examples of point %zu", number);
    }
    ph_row_t row;
    ph_row_begin(&row, out, format, "examples", grid);
    examples_head(&row, point, sample);
    examples_rows(&row, point, &patterns, entries);
    free(entries);
    ph_patterns_free(&patterns);
    return ph_row_finish(&row, report);
}

static void trajectory_head(ph_row_t *row, const ph_grid_t *grid, int64_t patterns, size_t point,
                            const ph_segment_t *segment)
{
    char text[512];
    if (ph_row_has_notes(row)) {
        ph_grid_point_text(grid, point, text, sizeof(text));
        fprintf(row->out, "# %s%ssample %u, replica %u%s", text, text[0] != '\0' ? ", " : "",
                segment->sample + 1, segment->replica_first + 1, TRAJECTORY_LINE);
    }
    ph_row_text(row, "time");
    for (size_t c = 0; c < segment->components; c++) {
        const ph_component_t component = ph_component(grid, patterns, c);
        char name[NAME_SIZE];
        ph_component_name(&component, name, sizeof(name));
        if (component.of_pattern)
            snprintf(text, sizeof(text), "%s_%zu", name, component.pattern + 1);
        else
            snprintf(text, sizeof(text), "%s", name);
        ph_row_text(row, text);
    }
    ph_row_end(row);
}

int ph_export_trajectory(FILE *out, ph_runfile_t *run, const ph_selection_t *selection,
                         int64_t sample, int64_t replica, ph_text_format_t format,
                         ph_report_t *report)
{
    PH_FLOATING_GUARD();
    const ph_grid_t *grid = run->base.grid;
    ph_segment_t segment;
    ph_row_t row;
    size_t point = 0;
    int status = ph_selection_point(selection, false, &point, report);
    if (status == PH_OK)
        status = ph_selection_number("sample", sample, grid->samples, report);
    if (status == PH_OK)
        status = ph_selection_number("replica", replica, grid->replicas, report);
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
    ph_row_begin(&row, out, format, "trajectory", grid);
    trajectory_head(&row, grid, where->patterns, point, &segment);
    for (uint64_t k = 0; k < segment.records; k++) {
        ph_row_count(&row, k * (uint64_t)where->record_every);
        for (uint64_t c = 0; c < segment.components; c++)
            ph_row_number(&row, segment.series[k * segment.components + c]);
        ph_row_end(&row);
    }
    ph_segment_free(&segment);
    return ph_row_finish(&row, report);
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
    if (is && ph_row_is_json(line))
        ; /* no other table says what it is */
    else if (is && begins(line, "# "))
        is = getline(&line, &size, file) > 0 &&
             ((begins(line, ESTIMATES_LINE) && ends(line, ESTIMATES_END)) ||
              ph_export_is_quantities(line, PH_TEXT_COLUMNS) || begins(line, PATTERNS_LINE) ||
              begins(line, EXAMPLES_LINE) || ph_export_begins_states(line) ||
              ph_export_is_retrieved(line, PH_TEXT_COLUMNS) ||
              ph_export_is_reweighted(line, PH_TEXT_COLUMNS) || ends(line, TRAJECTORY_LINE));
    else if (is)
        is = ends(line, ",chains,records,remark\n") || ph_export_is_reweighted(line, PH_TEXT_CSV) ||
             ends(line, ",chains,records\n") /* until version 0.1.0 */ ||
             begins(line, "pattern_1_example_1") || begins(line, "pattern_1,") ||
             strcmp(line, "pattern_1\n") == 0 || begins(line, "time,magnetization") ||
             ph_export_begins_states(line) || ph_export_is_retrieved(line, PH_TEXT_CSV);
    free(line);
    return is;
}
