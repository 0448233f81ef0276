/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/encode_facts.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/options.h"
#include "data/likeness.h"
#include "params/labelled.h"

enum { SHOWN = 10, INDENT = 12 };

static void print_values(const ph_encode_facts_t *self)
{
    const ph_encoding_t *encoding = self->encoding;
    const double range = encoding->greatest - encoding->least;
    char text[256], zone[64] = "";
    if (encoding->dead_zone > 0.0)
        snprintf(zone, sizeof(zone), ", blank within %.6g", encoding->dead_zone * range);
    if (encoding->means != NULL)
        snprintf(text, sizeof(text), "%.6g to %.6g, each pixel's mean the threshold%s",
                 encoding->least, encoding->greatest, zone);
    else
        snprintf(text, sizeof(text), "%.6g to %.6g, threshold %.6g%s", encoding->least,
                 encoding->greatest, encoding->least + encoding->threshold * range, zone);
    printf("values:     %s%s\n", text, encoding->invert ? ", dark is +1" : "");
}

static void print_spread(const char *name, const ph_spread_t *spread, const char *more)
{
    printf("%-11s %.4g to %.4g, mean %.4g", name, spread->least, spread->most, spread->mean);
    if (spread->chance > 0.0)
        printf("; of independent patterns within %.2g", spread->chance);
    printf("%s\n", more);
}

/* What of the theory of independent patterns does not hold, in words. */
static void print_theory(const ph_likeness_t *likeness)
{
    const struct {
        bool beyond;
        const char *name;
    } reasons[] = {{likeness->bias.beyond, "bias"},
                   {likeness->overlap.beyond, "overlaps"},
                   {likeness->coincided.beyond, "blanks at the same neurons"}};
    char text[768], why[128] = "";
    for (size_t k = 0; k < sizeof(reasons) / sizeof(reasons[0]); k++)
        if (reasons[k].beyond)
            snprintf(why + strlen(why), sizeof(why) - strlen(why), "%s%s",
                     why[0] != '\0' ? ", " : "", reasons[k].name);
    if (why[0] != '\0')
        snprintf(text, sizeof(text),
                 "that of independent patterns (phase diagrams, the infinite network) does not "
                 "hold: %s beyond order 1/sqrt(N). Mean field of this very network with its 1/N "
                 "corrections, flow and exact sums do",
                 why);
    else
        snprintf(text, sizeof(text),
                 "nothing here is beyond order 1/sqrt(N), as of independent patterns: low-storage "
                 "theory is a guide; mean field of this very network, flow and exact sums hold");
    printf("%-*s", INDENT, "theory:");
    ph_cli_wrap(stdout, INDENT, INDENT, text);
}

static void print_likeness(const ph_likeness_t *likeness)
{
    char pair[96] = "";
    const double load = (double)likeness->patterns / (double)likeness->neurons;
    print_spread("dilution:", &likeness->dilution, "");
    print_spread("bias:", &likeness->bias, "");
    if (likeness->patterns > 1) {
        snprintf(pair, sizeof(pair), "; farthest from 0: %zu and %zu", likeness->pair[0] + 1,
                 likeness->pair[1] + 1);
        print_spread("overlaps:", &likeness->overlap, pair);
    }
    printf("load:       K/N = %.4g, noise of other patterns of order sqrt(K/N) = %.2g\n", load,
           sqrt(load));
    print_theory(likeness);
}

/* Whose means the patterns are. */
static void print_averaged(const ph_encode_facts_t *self)
{
    const ph_classes_t *classes = self->classes;
    char label[PH_LABEL_SIZE];
    for (size_t k = 0; k < classes->count && k < SHOWN; k++)
        printf("pattern %zu:%*smean of %zu image%s of label %s\n", k + 1, k + 1 < 10 ? 2 : 1, "",
               classes->members[k], classes->members[k] == 1 ? "" : "s",
               ph_images_label(self->images, classes->labels[k], label));
    if (classes->count > SHOWN)
        printf("%-*sand %zu more\n", INDENT, "", classes->count - SHOWN);
}

static int print_patterns(const ph_encode_facts_t *self, const ph_table_t *table,
                          ph_report_t *report)
{
    ph_likeness_t likeness;
    int status = ph_likeness_of(table, &likeness, report);
    if (status == PH_OK && likeness.all_blank > 0)
        status = ph_fail(report, PH_ERR_INPUT,
                         "image %zu is blank at all %zu neurons%s, expected an entry +1 or -1 in "
                         "each: a narrower dead zone, or other images",
                         likeness.first_blank + 1, likeness.neurons,
                         likeness.all_blank > 1 ? ", and others are" : "");
    if (status != PH_OK)
        return status;
    if (likeness.twins > 0)
        ph_note(report, "%zu pair%s of patterns %s alike, or each other's negative", likeness.twins,
                likeness.twins == 1 ? "" : "s", likeness.twins == 1 ? "is" : "are");
    printf("patterns:   %zu of %zu neurons (%zu x %zu)\n", table->lists, table->length, self->rows,
           self->columns);
    print_values(self);
    if (self->averaged)
        print_averaged(self);
    print_likeness(&likeness);
    return PH_OK;
}

static void print_classes(const ph_encode_facts_t *self, const ph_labelled_t *data)
{
    const ph_classes_t *classes = self->classes;
    char label[PH_LABEL_SIZE];
    for (size_t k = 0; k < classes->count && k < SHOWN; k++)
        printf("label %zu:%*s%zu image%s of label %s, quality r = %.4g\n", k + 1,
               k + 1 < 10 ? 4 : 3, "", classes->members[k], classes->members[k] == 1 ? "" : "s",
               ph_images_label(self->images, classes->labels[k], label), data->quality[k]);
    if (classes->count > SHOWN)
        printf("%-*sand %zu more\n", INDENT, "", classes->count - SHOWN);
}

/* The words of archetypes as data->quality is measured beside them. */
static char *words_of(const ph_table_t *table)
{
    char *text = malloc(table->lists * (table->length + 1));
    for (size_t k = 0; text != NULL && k < table->lists; k++) {
        char *word = text + k * (table->length + 1);
        for (size_t i = 0; i < table->length; i++)
            word[i] = "-0+"[1 + table->entries[k * table->step_list + i * table->step_entry]];
        word[table->length] = k + 1 < table->lists ? ' ' : '\0';
    }
    return text;
}

static int print_examples(const ph_encode_facts_t *self, const ph_table_t *table,
                          const ph_numbers_t *labels, ph_report_t *report)
{
    const size_t count = self->classes->count;
    ph_labelled_t data = {0};
    ph_likeness_t likeness;
    ph_table_t means = {.lists = count,
                        .length = table->length,
                        .step_list = table->length,
                        .step_entry = 1,
                        .entries = malloc(count * table->length)};
    char *words = NULL;
    int status = means.entries != NULL ? ph_labelled_init(&data, table, labels->values, count)
                                       : PH_ERR_MEMORY;
    if (status == PH_OK) {
        ph_labelled_means(&data, 0.0, means.entries);
        words = words_of(&means);
        status = words != NULL ? ph_likeness_of(&means, &likeness, NULL) : PH_ERR_MEMORY;
    }
    if (status == PH_OK) {
        ph_labelled_measure(&data, words);
        if (likeness.all_blank > 0)
            ph_note(report,
                    "the means of label %zu are all 0, and its archetype blank%s: a grid takes "
                    "this file with archetypes of its own alone",
                    likeness.first_blank + 1, likeness.all_blank > 1 ? ", and others are" : "");
        printf("examples:   %zu of %zu neurons (%zu x %zu), %zu labels\n", table->lists,
               table->length, self->rows, self->columns, count);
        print_values(self);
        print_classes(self, &data);
        puts("archetypes: signs of the means of labels");
        print_likeness(&likeness);
    } else {
        ph_fail(report, status, "no memory to measure %zu examples", table->lists);
    }
    ph_labelled_free(&data);
    free(words);
    ph_table_free(&means);
    return status;
}

int ph_encode_print(const ph_encode_facts_t *self, const ph_table_t *table,
                    const ph_numbers_t *labels, ph_report_t *report)
{
    return self->classes->count > 0 && !self->averaged ? print_examples(self, table, labels, report)
                                                       : print_patterns(self, table, report);
}
