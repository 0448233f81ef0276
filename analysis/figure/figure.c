/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "analysis/figure/figure.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "analysis/figure/file.h"
#include "analysis/figure/kind.h"
#include "base/floating.h"
#include "params/figures.h"

enum { KINDS_MAX = 32 };

unsigned ph_figures_of_grid(const ph_grid_t *grid, ph_figure_of_t of)
{
    const ph_figure_rule_t *rule = &grid->figure;
    unsigned asked = rule->draw, found = 0;
    if (rule->x[0] != '\0' || rule->y[0] != '\0' || rule->by[0] != '\0')
        asked |= 1U << PH_FIGURE_QUANTITY;
    for (size_t i = 0; ph_figure_kind(i) != NULL; i++)
        if ((asked >> i & 1U) != 0 && ph_figure_kind(i)->of == of)
            found |= 1U << i;
    return found;
}

void ph_figure_request_of_grid(ph_figure_request_t *self, const ph_grid_t *grid, ph_figure_of_t of)
{
    const ph_figure_rule_t *rule = &grid->figure;
    if (self->figures != NULL || ph_figures_of_grid(grid, of) == 0)
        return;
    self->draw = ph_figures_of_grid(grid, of);
    self->quantity = rule->y;
    self->x = rule->x;
    self->by = rule->by;
    self->scale = rule->scale;
    self->compare = rule->compare;
    self->fit = rule->fit;
    if (!self->inset.on && rule->inset[0] != '\0') {
        ph_inset_read(&self->inset, rule->inset); /* read before, with the grid */
        self->inset.of_grid = true;
    }
}

/* The figures of one call that are drawn, in the order of the list. */
typedef struct {
    size_t count;
    const ph_figure_kind_t *kinds[KINDS_MAX];
} choice_t;

ph_figure_of_t ph_figure_source_of(const ph_figure_source_t *self)
{
    return self->attractors != NULL ? PH_FIGURE_OF_ATTRACTORS
           : self->phase != NULL    ? PH_FIGURE_OF_PHASE
           : self->run != NULL      ? PH_FIGURE_OF_RUN
                                    : PH_FIGURE_OF_THEORY;
}

const ph_grid_t *ph_figure_source_grid(const ph_figure_source_t *self)
{
    switch (ph_figure_source_of(self)) {
    case PH_FIGURE_OF_ATTRACTORS:
        return self->attractors->grid;
    case PH_FIGURE_OF_PHASE:
        return self->phase->grid;
    case PH_FIGURE_OF_RUN:
        return self->run->base.grid;
    case PH_FIGURE_OF_THEORY:
    default:
        return self->theory->grid;
    }
}

static const char *source_word(ph_figure_of_t of)
{
    static const char *const WORDS[] = {"a run", "a theory file", "a phase file",
                                        "an attractors file"};
    return WORDS[of];
}

/* Whether a word is one of several that are divided by blanks. */
static bool names(const char *words, const char *word)
{
    const size_t length = strlen(word);
    for (const char *at = words; (at = strstr(at, word)) != NULL; at++)
        if ((at == words || at[-1] == ' ') && (at[length] == ' ' || at[length] == '\0'))
            return true;
    return false;
}

/* What is drawn where no figure is named: all that the open axes allow, or at least the first. */
static void choose_usual(choice_t *self, ph_figure_of_t of, const ph_figure_job_t *job)
{
    const ph_figure_kind_t *first = NULL, *kind;
    for (size_t i = 0; (kind = ph_figure_kind(i)) != NULL; i++) {
        if (kind->of != of || kind->on_demand)
            continue;
        first = first != NULL ? first : kind;
        if (kind->axes <= job->count && (kind->usual == NULL || kind->usual(job)) &&
            self->count < KINDS_MAX)
            self->kinds[self->count++] = kind;
    }
    if (self->count == 0)
        self->kinds[self->count++] = first;
}

/* Whether the word of this length at `at` is a figure's. */
static bool is_known(const char *at, size_t length)
{
    const ph_figure_kind_t *kind;
    for (size_t i = 0; (kind = ph_figure_kind(i)) != NULL; i++)
        if (strlen(kind->word) == length && strncmp(kind->word, at, length) == 0)
            return true;
    return false;
}

static int check_words(const char *words, ph_report_t *report)
{
    char list[512] = "";
    size_t used = 0;
    const ph_figure_kind_t *kind;
    for (const char *at = words; *at != '\0'; at += strspn(at, " ")) {
        const size_t length = strcspn(at, " ");
        for (size_t i = 0; !is_known(at, length) && (kind = ph_figure_kind(i)) != NULL; i++)
            if (used < sizeof(list))
                used += (size_t)snprintf(list + used, sizeof(list) - used, "%s%s",
                                         i > 0 ? ", " : "", kind->word);
        if (used > 0)
            return ph_fail(report, PH_ERR_INPUT, "there is no figure '%.*s', expected of %s",
                           (int)length, at, list);
        at += length;
    }
    return PH_OK;
}

static int choose_named(choice_t *self, const char *words, ph_figure_of_t of, ph_report_t *report)
{
    const ph_figure_kind_t *kind;
    int status = check_words(words, report);
    for (size_t i = 0; status == PH_OK && (kind = ph_figure_kind(i)) != NULL; i++) {
        if (!names(words, kind->word))
            continue;
        if (kind->of != of)
            return ph_fail(report, PH_ERR_INPUT, "figure '%s' is drawn of %s, not of %s",
                           kind->word, source_word(kind->of), source_word(of));
        if (self->count < KINDS_MAX)
            self->kinds[self->count++] = kind;
    }
    return status;
}

static void choose_set(choice_t *self, unsigned set)
{
    for (size_t i = 0; ph_figure_kind(i) != NULL; i++)
        if ((set >> i & 1U) != 0)
            self->kinds[self->count++] = ph_figure_kind(i);
}

static void job_init(ph_figure_job_t *self, const ph_figure_source_t *source,
                     const ph_selection_t *selection, const ph_figure_request_t *request)
{
    *self = (ph_figure_job_t){.source = source, .selection = selection, .request = request};
    self->count = ph_figure_order(selection, self->axes);
}

/* An inset is of one figure that may have one: values along y mean different things in others. */
static int check_inset(const choice_t *self, const ph_figure_request_t *request,
                       ph_report_t *report)
{
    char list[512] = "";
    size_t used = 0;
    const ph_figure_kind_t *kind;
    if (!request->inset.on)
        return PH_OK;
    for (size_t i = 0; (kind = ph_figure_kind(i)) != NULL; i++)
        if (kind->inset && used < sizeof(list))
            used += (size_t)snprintf(list + used, sizeof(list) - used, "%s%s", used > 0 ? ", " : "",
                                     kind->word);
    for (size_t k = 0; k < self->count; k++)
        if (!self->kinds[k]->inset)
            return ph_fail(report, PH_ERR_INPUT,
                           "figure '%s' has no inset, expected with %s one of %s",
                           self->kinds[k]->word, ph_inset_origin(&request->inset), list);
    if (self->count > 1)
        return ph_fail(report, PH_ERR_INPUT,
                       "%s is of one figure, here there are %zu ('%s', '%s'): choose one by %s",
                       ph_inset_origin(&request->inset), self->count, self->kinds[0]->word,
                       self->kinds[1]->word, request->inset.of_grid ? "figure.draw" : "--figure");
    return PH_OK;
}

static int choose(choice_t *self, const ph_figure_job_t *job, ph_report_t *report)
{
    const ph_figure_of_t of = ph_figure_source_of(job->source);
    const char *words = job->request->figures;
    int status = PH_OK;
    self->count = 0;
    if (words != NULL)
        status = choose_named(self, words, of, report);
    else if (job->request->draw != 0)
        choose_set(self, job->request->draw);
    else
        choose_usual(self, of, job);
    if (status == PH_OK)
        status = check_inset(self, job->request, report);
    for (size_t k = 0; k < self->count && status == PH_OK; k++)
        status = self->kinds[k]->check(job, report);
    return status;
}

/* One figure, unless it is there with the request's mark. */
static int draw_one(ph_figures_t *self, ph_figure_job_t *job, const ph_figure_kind_t *kind,
                    const ph_figure_t *layout, ph_report_t *report)
{
    char word[PH_FIGURE_WORD];
    snprintf(word, sizeof(word), "%s", kind->word);
    if (kind->file_word != NULL)
        kind->file_word(job->request, word);
    return ph_figure_keep(layout, word, self) ? PH_OK : kind->draw(job, layout, self, report);
}

/* Figures of a kind that shares the axes out itself (`kind`), or of all others. */
static int draw_sets(ph_figures_t *self, ph_figure_job_t *job, const choice_t *choice,
                     const ph_figure_kind_t *kind, ph_report_t *report)
{
    const ph_selection_t *selection = job->selection;
    ph_figure_t layout = {.grid = selection->grid, .request = job->request};
    size_t axes[PH_MAX_AXES + 2], count = job->count;
    int status = PH_OK;
    memcpy(axes, job->axes, sizeof(job->axes));
    layout.x = count > 0 ? axes[0] : PH_NO_AXIS;
    layout.y = count > 1 ? axes[1] : PH_NO_AXIS;
    for (size_t a = 0; a < layout.grid->axes_count; a++)
        layout.index[a] = selection->index[a] == PH_SELECTION_ALL ? 0 : (size_t)selection->index[a];
    if (kind != NULL)
        status = kind->arrange(job, &layout, axes, &count, report);
    do {
        ph_figure_name(&layout, selection);
        for (size_t k = 0; k < choice->count && status == PH_OK; k++)
            if (kind != NULL ? choice->kinds[k] == kind : choice->kinds[k]->arrange == NULL)
                status = draw_one(self, job, choice->kinds[k], &layout, report);
    } while (status == PH_OK && ph_figure_next(&layout, axes, count));
    return status;
}

static int draw(ph_figures_t *self, ph_figure_job_t *job, const choice_t *choice,
                ph_report_t *report)
{
    int status = draw_sets(self, job, choice, NULL, report);
    for (size_t k = 0; k < choice->count && status == PH_OK; k++)
        if (choice->kinds[k]->arrange != NULL)
            status = draw_sets(self, job, choice, choice->kinds[k], report);
    ph_figure_data_free(&job->data);
    return status;
}

int ph_figures_check(bool *compares, const ph_figure_source_t *source,
                     const ph_selection_t *selection, const ph_figure_request_t *request,
                     ph_report_t *report)
{
    PH_FLOATING_GUARD();
    choice_t choice;
    ph_figure_job_t job;
    job_init(&job, source, selection, request);
    int status = choose(&choice, &job, report);
    *compares = false;
    for (size_t k = 0; k < choice.count && status == PH_OK; k++)
        *compares = *compares || choice.kinds[k]->compares;
    return status;
}

int ph_figures_write(ph_figures_t *self, const ph_figure_source_t *source,
                     const ph_selection_t *selection, const ph_figure_request_t *request,
                     ph_report_t *report)
{
    PH_FLOATING_GUARD();
    choice_t choice;
    ph_figure_job_t job;
    memset(self, 0, sizeof(*self));
    job_init(&job, source, selection, request);
    int status = choose(&choice, &job, report);
    return status == PH_OK ? draw(self, &job, &choice, report) : status;
}

int ph_figures_write_kind(ph_figures_t *self, const ph_figure_kind_t *kind,
                          const ph_figure_source_t *source, const ph_selection_t *selection,
                          const ph_figure_request_t *request, ph_report_t *report)
{
    PH_FLOATING_GUARD();
    const choice_t choice = {1, {kind}};
    ph_figure_job_t job;
    memset(self, 0, sizeof(*self));
    job_init(&job, source, selection, request);
    int status = check_inset(&choice, request, report);
    if (status == PH_OK)
        status = kind->check(&job, report);
    return status == PH_OK ? draw(self, &job, &choice, report) : status;
}

void ph_figures_free(ph_figures_t *self)
{
    for (size_t i = 0; i < self->count; i++)
        free(self->scripts[i]);
    free(self->scripts);
    free(self->kept);
    memset(self, 0, sizeof(*self));
}

bool ph_figures_list(size_t i, const char **word, const char **help)
{
    const ph_figure_kind_t *kind = ph_figure_kind(i);
    if (kind == NULL)
        return false;
    *word = kind->word;
    *help = kind->help;
    return true;
}
