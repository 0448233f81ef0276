/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "analysis/figure/file.h"
#include "analysis/figure/image.h"
#include "analysis/figure/kind.h"
#include "analysis/figure/script.h"
#include "data/likeness.h"
#include "sim/model/patterns.h"

enum {
    DRAWN = 256,  /* patterns at most */
    NUMBERED = 12 /* with the numbers in the cells up to so many */
};

/* Overlaps of the first patterns of a sample, [drawn][drawn]. */
typedef struct {
    const ph_figure_t *figure;
    const ph_grid_t *grid;
    const ph_point_t *point;
    size_t number, drawn;
    uint32_t sample;
    ph_patterns_t patterns;
    size_t *chosen; /* NULL, or which of the given they are, from 0 */
    double *values;
    ph_likeness_t likeness; /* of all patterns */
    char text[PH_FIGURE_TEXT], facts[PH_FIGURE_TEXT];
} overlaps_t;

static void overlaps_free(overlaps_t *self)
{
    ph_patterns_free(&self->patterns);
    free(self->chosen);
    free(self->values);
}

/* (1/N) sum_i xi_i^mu xi_i^nu; on the diagonal the share of entries that are not blank. By the rows
 * in which the entries lie: patterns one by one would go through all of them for every pair. */
static void find_overlaps(overlaps_t *self)
{
    const size_t neurons = (size_t)self->patterns.neurons, drawn = self->drawn;
    for (size_t i = 0; i < neurons; i++) {
        const int8_t *row = self->patterns.entries + i * (size_t)self->patterns.patterns;
        for (size_t mu = 0; mu < drawn; mu++) {
            double *sums = self->values + mu * drawn;
            for (size_t nu = 0; row[mu] != 0 && nu <= mu; nu++)
                sums[nu] += row[mu] * row[nu];
        }
    }
    for (size_t mu = 0; mu < drawn; mu++)
        for (size_t nu = 0; nu <= mu; nu++) {
            self->values[mu * drawn + nu] /= (double)neurons;
            self->values[nu * drawn + mu] = self->values[mu * drawn + nu];
        }
}

static int draw_patterns(overlaps_t *self)
{
    const size_t patterns = (size_t)self->point->patterns;
    int status = ph_patterns_draw(&self->patterns, self->point, self->grid->seed, self->sample);
    if (status != PH_OK || self->point->choice != PH_CHOICE_RANDOM)
        return status;
    self->chosen = malloc(patterns * sizeof(*self->chosen));
    return self->chosen == NULL
               ? PH_ERR_MEMORY
               : ph_patterns_choose(self->point, self->grid->seed, self->sample, self->chosen);
}

static int measure(overlaps_t *self, ph_report_t *report)
{
    const size_t patterns = (size_t)self->point->patterns;
    const ph_table_t table = {.lists = patterns,
                              .length = (size_t)self->point->neurons,
                              .step_list = 1,
                              .step_entry = patterns,
                              .entries = self->patterns.entries};
    self->drawn = patterns < DRAWN ? patterns : DRAWN;
    self->values = calloc(self->drawn * self->drawn, sizeof(*self->values));
    if (self->values == NULL)
        return PH_ERR_MEMORY;
    find_overlaps(self);
    return ph_likeness_of(&table, &self->likeness, report);
}

static void write_texts(overlaps_t *self)
{
    const ph_spread_t *found = &self->likeness.overlap;
    size_t used = (size_t)snprintf(self->text, sizeof(self->text),
                                   "%" PRId64 " pattern%s of %" PRId64 " neurons, sample %u",
                                   self->point->patterns, self->point->patterns == 1 ? "" : "s",
                                   self->point->neurons, self->sample + 1);
    if (self->drawn < (size_t)self->point->patterns)
        snprintf(self->text + used, sizeof(self->text) - used, ", the first %zu", self->drawn);
    if (self->point->patterns > 1)
        snprintf(self->facts, sizeof(self->facts),
                 "%.3f to %.3f, mean %.3f; of independent patterns within %.2f", found->least,
                 found->most, found->mean, fmin(found->chance, 1.0));
}

static int write_data(void *context, FILE *file, ph_report_t *report)
{
    const overlaps_t *self = context;
    (void)report;
    fprintf(file,
            "# %zu rows of overlaps (1/N) sum_i xi_i^mu xi_i^nu of patterns; on the diagonal the "
            "share of entries that are not blank\n",
            self->drawn);
    for (size_t mu = 0; mu < self->drawn; mu++)
        for (size_t nu = 0; nu < self->drawn; nu++)
            fprintf(file, "%.10g%c", self->values[mu * self->drawn + nu],
                    nu + 1 < self->drawn ? ' ' : '\n');
    return PH_OK;
}

/* Ends of the scale: twentieths beyond the largest off the diagonal. */
static double scale_end(const overlaps_t *self)
{
    double most = 0.0;
    for (size_t mu = 0; mu < self->drawn; mu++)
        for (size_t nu = 0; nu < mu; nu++)
            most = fmax(most, fabs(self->values[mu * self->drawn + nu]));
    return fmax(ceil(20.0 * most - 1e-9) / 20.0, 0.05);
}

static void write_script(void *context, FILE *script)
{
    const overlaps_t *self = context;
    fprintf(script, "count = %zu\nnumbers = %d\nvalue_max = %.6g\n", self->drawn,
            self->drawn <= NUMBERED, scale_end(self));
    ph_script_words(script, self->figure, "sample", self->text);
    ph_script_words(script, self->figure, "facts", self->facts);
    ph_script_words(script, self->figure, "pattern_label",
                    self->chosen != NULL ? "number of the given pattern" : "pattern");
    fprintf(script, "array names[%zu]\n", self->drawn);
    for (size_t mu = 0; mu < self->drawn; mu++)
        fprintf(script, "names[%zu] = '%zu'\n", mu + 1,
                1 + (self->chosen != NULL ? self->chosen[mu] : mu));
}

static int find(overlaps_t *self, const ph_figure_job_t *job, ph_report_t *report)
{
    *self = (overlaps_t){.grid = job->selection->grid};
    int status = ph_selection_point(job->selection, true, &self->number, report);
    if (status == PH_OK)
        status = ph_image_sample(job->request, self->grid, &self->sample, report);
    if (status == PH_OK)
        self->point = &self->grid->points[self->number];
    return status;
}

static int check(const ph_figure_job_t *job, ph_report_t *report)
{
    overlaps_t overlaps;
    return find(&overlaps, job, report);
}

static int draw(ph_figure_job_t *job, const ph_figure_t *layout, ph_figures_t *drawn,
                ph_report_t *report)
{
    static const ph_figure_files_t FILES = {"overlaps", "overlaps.gp", write_data, write_script};
    ph_figure_t figure = *layout;
    overlaps_t overlaps;
    int status = find(&overlaps, job, report);
    if (status == PH_OK)
        status = draw_patterns(&overlaps);
    if (status == PH_OK)
        status = measure(&overlaps, report);
    if (status == PH_OK) {
        write_texts(&overlaps);
        ph_image_title(&figure);
        overlaps.figure = &figure;
        status = ph_figure_write(&figure, &FILES, &overlaps, drawn, report);
    }
    if (status == PH_ERR_MEMORY)
        ph_fail(report, status, "no memory for the overlaps of patterns");
    overlaps_free(&overlaps);
    return status;
}

const ph_figure_kind_t PH_FIGURE_ROW_OVERLAPS = {
    .word = "overlaps",
    .help = "of a run: overlaps of the patterns of a sample with each other",
    .of = PH_FIGURE_OF_RUN,
    .on_demand = true,
    .check = check,
    .draw = draw,
};
