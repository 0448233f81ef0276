/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "analysis/estimate/laststate.h"
#include "analysis/figure/file.h"
#include "analysis/figure/image.h"
#include "analysis/figure/kind.h"
#include "analysis/figure/script.h"
#include "sim/model/starts.h"
#include "sim/model/states.h"

enum { PANELS = 12, LABEL_SIZE = 64 };

/* One image: -1, 0 and +1 of every neuron. */
typedef struct {
    char label[LABEL_SIZE], note[LABEL_SIZE];
    int8_t *pixels;
} panel_t;

/* Of one chain: the pattern it is to recall, its start, recorded states and the last one. */
typedef struct {
    const ph_figure_t *figure;
    const ph_grid_t *grid;
    const ph_point_t *point;
    ph_runfile_t *run;
    size_t number, neurons;
    uint32_t sample, replica;
    ph_image_shape_t shape;
    ph_patterns_t patterns;
    bool cue;                /* the target is known, and the start a cue of it */
    int64_t target, nearest; /* patterns: of the start, or else like the last state; like that */
    uint64_t last;           /* sweeps done */
    size_t count;
    panel_t panels[PANELS];
    char text[PH_FIGURE_TEXT]; /* which it is */
} chain_t;

static void chain_free(chain_t *self)
{
    for (size_t k = 0; k < self->count; k++)
        free(self->panels[k].pixels);
    ph_patterns_free(&self->patterns);
}

/* The next panel; NULL without memory. */
static panel_t *add_panel(chain_t *self)
{
    panel_t *panel = &self->panels[self->count];
    panel->pixels = malloc(self->neurons);
    panel->label[0] = panel->note[0] = '\0';
    self->count += panel->pixels != NULL;
    return panel->pixels != NULL ? panel : NULL;
}

/* Sum of s_i xi_i over the entries that are not blank, divided by their number; NaN: there are
 * none. */
static double overlap(const chain_t *self, const int8_t *spins, int64_t pattern)
{
    const size_t patterns = (size_t)self->patterns.patterns;
    int64_t sum = 0, entries = 0;
    for (size_t i = 0; i < self->neurons; i++) {
        const int entry = self->patterns.entries[i * patterns + (size_t)pattern];
        sum += entry * spins[i];
        entries += entry != 0;
    }
    return entries > 0 ? (double)sum / (double)entries : (double)NAN;
}

static void note_overlap(const chain_t *self, panel_t *panel)
{
    const double q = overlap(self, panel->pixels, self->target);
    if (!isnan(q))
        snprintf(panel->note, LABEL_SIZE, "overlap %.2f", q);
}

static void unpack(int8_t *spins, const uint8_t *bits, size_t neurons)
{
    for (size_t i = 0; i < neurons; i++)
        spins[i] = (bits[i / 8] >> (i % 8) & 1) != 0 ? 1 : -1;
}

static int add_state(chain_t *self, const uint8_t *bits, const char *label)
{
    panel_t *panel = add_panel(self);
    if (panel == NULL)
        return PH_ERR_MEMORY;
    unpack(panel->pixels, bits, self->neurons);
    snprintf(panel->label, LABEL_SIZE, "%s", label);
    note_overlap(self, panel);
    return PH_OK;
}

/* "10 sweeps", counted from the start. */
static void sweeps_text(char text[LABEL_SIZE], uint64_t sweeps, const char *more)
{
    snprintf(text, LABEL_SIZE, "%" PRIu64 " sweep%s%s", sweeps, sweeps == 1 ? "" : "s", more);
}

static int add_pattern(chain_t *self, int64_t pattern, const char *more)
{
    const size_t patterns = (size_t)self->patterns.patterns;
    panel_t *panel = add_panel(self);
    if (panel == NULL)
        return PH_ERR_MEMORY;
    for (size_t i = 0; i < self->neurons; i++)
        panel->pixels[i] = self->patterns.entries[i * patterns + (size_t)pattern];
    snprintf(panel->label, LABEL_SIZE, "pattern %" PRId64, pattern + 1);
    snprintf(panel->note, LABEL_SIZE, "%s", more);
    if (self->point->choice != PH_CHOICE_RANDOM)
        return PH_OK;
    size_t *chosen = malloc(patterns * sizeof(*chosen));
    int status = chosen == NULL
                     ? PH_ERR_MEMORY
                     : ph_patterns_choose(self->point, self->grid->seed, self->sample, chosen);
    if (status == PH_OK)
        snprintf(panel->label, LABEL_SIZE, "pattern %" PRId64 " = given %zu", pattern + 1,
                 chosen[pattern] + 1);
    free(chosen);
    return status;
}

/* The pattern that a state is most like, whatever the sign; 0 where all are blank. */
static int64_t nearest(const chain_t *self, const int8_t *spins)
{
    int64_t best = 0;
    double most = -1.0;
    for (int64_t mu = 0; mu < self->patterns.patterns; mu++) {
        const double q = fabs(overlap(self, spins, mu));
        if (q > most) {
            best = mu;
            most = q;
        }
    }
    return best;
}

/* The chain's last state, and by that the patterns that are looked at. */
static int read_last(chain_t *self, uint8_t **bits, ph_report_t *report)
{
    ph_segment_t segment;
    int8_t *spins = malloc(self->neurons);
    *bits = malloc(ph_point_spin_bytes(self->point));
    if (spins == NULL || *bits == NULL) {
        free(spins);
        return PH_ERR_MEMORY;
    }
    int status = ph_runfile_read(self->run, self->number, self->sample, self->replica, 1,
                                 self->grid->aims ? 0 : UINT64_MAX, &segment, report);
    if (status == PH_OK && segment.sweep_to == 0)
        status = ph_fail(report, PH_ERR_UNSUPPORTED, "%s: this chain has not begun yet",
                         self->run->base.path);
    else if (status == PH_OK) {
        memcpy(*bits, segment.spins, ph_point_spin_bytes(self->point));
        unpack(spins, *bits, self->neurons);
        self->last = segment.sweep_to;
        self->nearest = nearest(self, spins);
        self->cue = ph_last_target(self->grid, self->point, &segment, 0, &self->target) &&
                    self->target >= 0;
        self->target = self->cue ? self->target : self->nearest;
    }
    ph_segment_free(&segment);
    free(spins);
    return status;
}

/* Start of a chain that follows: where the one before it ended, if the file has come so far. */
static int read_before(chain_t *self, uint8_t *bits, bool *known, ph_report_t *report)
{
    const ph_point_t *before = self->point->before;
    const size_t number = (size_t)(before - self->grid->points);
    ph_segment_t segment;
    *known = ph_runfile_chain_complete(self->run, number, self->sample, self->replica);
    if (!*known)
        return PH_OK;
    int status = ph_runfile_read(self->run, number, self->sample, self->replica, 1, UINT64_MAX,
                                 &segment, report);
    if (status == PH_OK)
        memcpy(bits, segment.spins, ph_point_spin_bytes(before));
    ph_segment_free(&segment);
    return status;
}

/* The start that the seed makes. */
static int make_start(const chain_t *self, uint8_t *bits)
{
    const uint32_t lanes = (uint32_t)self->grid->lanes, lane = self->replica % lanes;
    uint64_t *spins = calloc(self->neurons, sizeof(*spins));
    if (spins == NULL)
        return PH_ERR_MEMORY;
    ph_start_fill(self->point, &self->patterns,
                  ph_stream_key(self->grid->seed, self->point->identity), self->sample,
                  self->replica / lanes, UINT64_C(1) << lane, spins);
    memset(bits, 0, ph_point_spin_bytes(self->point));
    for (size_t i = 0; i < self->neurons; i++)
        bits[i / 8] |= (uint8_t)((spins[i] >> lane & 1) << (i % 8));
    free(spins);
    return PH_OK;
}

/* The state before the first sweep: as it was recorded, or else made or found again. */
static int read_start(chain_t *self, uint8_t *bits, bool *known, ph_report_t *report)
{
    *known = true;
    if (self->point->burn_in == 0 && ph_grid_states(self->grid) > 0 &&
        ph_grid_state_time(self->grid, 0) == 0)
        return ph_runfile_read_states(self->run, self->number, self->sample, self->replica, 0, 1,
                                      bits, report);
    if (self->point->before != NULL)
        return read_before(self, bits, known, report);
    *known = ph_start_facts(self->point->start)->spins != PH_SPINS_OF_FILE;
    return *known ? make_start(self, bits) : PH_OK;
}

/* Recorded states between start and end, evenly chosen where there are more than there is room
 * for. */
static int add_recorded(chain_t *self, size_t room, uint8_t *bits, ph_report_t *report)
{
    const uint64_t burn_in = (uint64_t)self->point->burn_in;
    size_t first = 0, end = (size_t)ph_states_until(self->grid, self->point, self->last);
    char label[LABEL_SIZE];
    while (first < end && burn_in + ph_grid_state_time(self->grid, first) == 0)
        first++;
    while (end > first && burn_in + ph_grid_state_time(self->grid, end - 1) == self->last)
        end--;
    const size_t there = end - first, count = there < room ? there : room;
    int status = PH_OK;
    for (size_t k = 0; k < count && status == PH_OK; k++) {
        const size_t at = first + (count > 1 ? k * (there - 1) / (count - 1) : 0);
        status = ph_runfile_read_states(self->run, self->number, self->sample, self->replica, at, 1,
                                        bits, report);
        sweeps_text(label, burn_in + ph_grid_state_time(self->grid, at), "");
        if (status == PH_OK)
            status = add_state(self, bits, label);
    }
    return status;
}

static int add_panels(chain_t *self, ph_report_t *report)
{
    uint8_t *last = NULL, *bits = malloc(ph_point_spin_bytes(self->point));
    bool known = false;
    char label[LABEL_SIZE];
    int status = bits == NULL ? PH_ERR_MEMORY : read_last(self, &last, report);
    const size_t others = self->nearest != self->target ? 4 : 3;
    if (status == PH_OK)
        status = add_pattern(self, self->target, self->cue ? "" : "nearest at the end");
    if (status == PH_OK)
        status = read_start(self, bits, &known, report);
    if (status == PH_OK && known)
        status = add_state(self, bits, self->cue ? "cue" : "start");
    else if (status == PH_OK)
        ph_note(report, "the start of this chain is not in the run, and not drawn; record.states: "
                        "[0] keeps it, where burn_in is 0");
    if (status == PH_OK)
        status = add_recorded(self, PANELS - others, bits, report);
    sweeps_text(label, self->last,
                ph_runfile_chain_complete(self->run, self->number, self->sample, self->replica)
                    ? ", the last"
                    : ", so far");
    if (status == PH_OK)
        status = add_state(self, last, label);
    if (status == PH_OK && self->nearest != self->target)
        status = add_pattern(self, self->nearest, "nearest at the end");
    free(last);
    free(bits);
    return status;
}

static int write_data(void *context, FILE *file, ph_report_t *report)
{
    const chain_t *self = context;
    (void)report;
    for (size_t k = 0; k < self->count; k++) {
        const panel_t *panel = &self->panels[k];
        fprintf(file, "# %s%s%s: %zu rows of %zu neurons\n", panel->label,
                panel->note[0] != '\0' ? ", " : "", panel->note, self->shape.rows,
                self->shape.columns);
        for (size_t i = 0; i < self->neurons; i++)
            fprintf(file, "%d%c", panel->pixels[i],
                    (i + 1) % self->shape.columns == 0 ? '\n' : ' ');
        fputs("\n\n", file);
    }
    return PH_OK;
}

static void write_script(void *context, FILE *script)
{
    const chain_t *self = context;
    char name[48];
    bool blank = false;
    for (size_t k = 0; k < self->count; k++)
        blank = blank || memchr(self->panels[k].pixels, 0, self->neurons) != NULL;
    fprintf(script, "rows = %zu\ncolumns = %zu\nblank = %d\npanels = %zu\n", self->shape.rows,
            self->shape.columns, blank, self->count);
    ph_script_words(script, self->figure, "chain", self->text);
    fprintf(script, "array panel_labels[%zu]\narray panel_notes[%zu]\n", self->count, self->count);
    for (size_t k = 0; k < self->count; k++) {
        snprintf(name, sizeof(name), "panel_labels[%zu]", k + 1);
        ph_script_words(script, self->figure, name, self->panels[k].label);
        snprintf(name, sizeof(name), "panel_notes[%zu]", k + 1);
        ph_script_words(script, self->figure, name, self->panels[k].note);
    }
}

/* Which chain is drawn, and its shape. */
static int find(chain_t *self, const ph_figure_job_t *job, ph_report_t *report)
{
    const ph_figure_request_t *request = job->request;
    const int64_t replica = request->replica > 0 ? request->replica : 1;
    *self = (chain_t){.grid = job->selection->grid, .run = job->source->run};
    int status = ph_selection_point(job->selection, false, &self->number, report);
    if (status == PH_OK)
        status = ph_image_sample(request, self->grid, &self->sample, report);
    if (status == PH_OK)
        status = ph_selection_number("replica", replica, self->grid->replicas, report);
    if (status != PH_OK)
        return status;
    self->replica = (uint32_t)(replica - 1);
    self->point = &self->grid->points[self->number];
    self->neurons = (size_t)self->point->neurons;
    return ph_image_shape(request, self->grid, self->point, &self->shape, report);
}

static int check(const ph_figure_job_t *job, ph_report_t *report)
{
    chain_t chain;
    return find(&chain, job, report);
}

static int draw(ph_figure_job_t *job, const ph_figure_t *layout, ph_figures_t *drawn,
                ph_report_t *report)
{
    static const ph_figure_files_t FILES = {"states", "states.gp", write_data, write_script};
    const ph_grid_t *grid = layout->grid;
    ph_figure_t figure = *layout;
    chain_t chain;
    char text[PH_FIGURE_TEXT / 2];
    int status = find(&chain, job, report);
    if (status == PH_OK)
        status = ph_patterns_draw(&chain.patterns, chain.point, grid->seed, chain.sample);
    if (status == PH_OK)
        status = add_panels(&chain, report);
    ph_image_title(&figure);
    chain.figure = &figure;
    if (status == PH_OK) {
        ph_grid_point_text(grid, chain.number, text, sizeof(text));
        snprintf(chain.text, sizeof(chain.text), "%s%ssample %u, replica %u", text,
                 text[0] != '\0' ? ", " : "", chain.sample + 1, chain.replica + 1);
        status = ph_figure_write(&figure, &FILES, &chain, drawn, report);
    }
    if (status == PH_ERR_MEMORY)
        ph_fail(report, status, "no memory for the images of a chain");
    chain_free(&chain);
    return status;
}

const ph_figure_kind_t PH_FIGURE_ROW_STATES = {
    .word = "states",
    .help = "of one chain of a run: pattern, start and states as images",
    .of = PH_FIGURE_OF_RUN,
    .on_demand = true,
    .check = check,
    .draw = draw,
};
