/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Examples that are given instead of drawn: a file of them, and what follows from them. */
#include <stdlib.h>
#include <string.h>

#include "params/grid_private.h"

bool ph_point_has_data(const ph_point_t *point)
{
    return point->data != NULL && point->data[0] != '\0' && ph_rule_learns(point->rule);
}

static bool has_text(const ph_entries_t *self, ph_key_t key)
{
    const ph_node_t *node = self->of[key].node;
    return node != NULL && node->kind == PH_NODE_SCALAR && node->length > 0;
}

/* What is read from the file. */
typedef struct {
    ph_table_t examples, archetypes;
    ph_numbers_t labels;
    size_t count; /* labels */
} file_t;

static void free_file(file_t *self)
{
    ph_table_free(&self->examples);
    ph_table_free(&self->archetypes);
    ph_numbers_free(&self->labels);
}

static int load(const ph_entries_t *self, file_t *file, ph_report_t *report)
{
    const char *names[3] = {NULL}, *path = self->of[PH_KEY_DATA_FILE].text;
    for (int k = 0; k < 3; k++)
        if (has_text(self, (ph_key_t)(PH_KEY_DATA_EXAMPLES + k)))
            names[k] = self->of[PH_KEY_DATA_EXAMPLES + k].text;
    const ph_table_source_t archetypes = {
        .path = path, .dataset = names[2], .lists = PH_LISTS_IN_ROWS, .most = PH_GIVEN_MAX};
    const int status = ph_table_load_labelled(&file->examples, &file->labels, path, names[0],
                                              names[1], PH_GIVEN_MAX, report);
    return status == PH_OK && names[2] != NULL
               ? ph_table_load(&file->archetypes, &archetypes, report)
               : status;
}

static bool check_shapes(const file_t *file, const ph_node_t *place, ph_reader_t *reader)
{
    const ph_table_t *examples = &file->examples, *archetypes = &file->archetypes;
    if (file->labels.count != examples->lists)
        ph_reader_fail(reader, place, "%zu labels of %zu examples, expected one for each",
                       file->labels.count, examples->lists);
    else if (archetypes->entries != NULL && archetypes->length != examples->length)
        ph_reader_fail(reader, place,
                       "archetypes of %zu neurons, examples of %zu, expected as many",
                       archetypes->length, examples->length);
    else
        return true;
    return false;
}

/* Every label is one of 1 to `count`, and every one of these has examples. */
static bool check_labels(file_t *file, const ph_node_t *place, ph_reader_t *reader)
{
    const size_t most = file->archetypes.entries != NULL ? file->archetypes.lists : PH_MAX_PATTERNS;
    bool *seen = calloc(most + 1, sizeof(*seen));
    bool good = seen != NULL;
    if (!good)
        ph_reader_fail_memory(reader);
    for (size_t e = 0; e < file->labels.count && good; e++) {
        const int64_t label = file->labels.values[e];
        good = label >= 1 && label <= (int64_t)most;
        if (!good) {
            ph_reader_fail(reader, place, "label %lld of example %zu (from 0), expected 1 to %zu%s",
                           (long long)label, e, most,
                           label == 0 ? ": labels count from 1, so add 1 to each" : "");
            break;
        }
        seen[label] = true;
        file->count = (size_t)label > file->count ? (size_t)label : file->count;
    }
    if (file->archetypes.entries != NULL)
        file->count = most;
    for (size_t k = 1; k <= file->count && good; k++)
        if (!seen[k]) {
            ph_reader_fail(reader, place,
                           "label %zu has no example, expected each of 1 to %zu to have some", k,
                           file->count);
            good = false;
        }
    free(seen);
    return good;
}

/* An archetype made of means that is blank everywhere: the threshold is why, or that they are 0. */
static bool check_means(const ph_entries_t *self, const ph_table_t *means, double threshold,
                        const ph_node_t *place, ph_reader_t *reader)
{
    const size_t neurons = means->length;
    for (size_t k = 0; k < means->lists; k++) {
        const size_t examples = self->data.first[k + 1] - self->data.first[k];
        size_t i = 0;
        while (i < neurons && means->entries[k * neurons + i] == 0)
            i++;
        if (i < neurons)
            continue;
        if (threshold > 0.0)
            ph_reader_fail(reader, place,
                           "the means of label %zu (of %zu examples) are all below the threshold "
                           "%g, which leaves its archetype blank, expected a lower "
                           "data: { threshold: ... }, or archetypes",
                           k + 1, examples, threshold);
        else
            ph_reader_fail(reader, place,
                           "the means of label %zu (of %zu examples) are all 0, which leaves its "
                           "archetype blank, expected archetypes, or other examples",
                           k + 1, examples);
        return false;
    }
    return true;
}

/* The archetypes of the file, or those made of means. */
static void keep_archetypes(ph_entries_t *self, file_t *file, const ph_node_t *place,
                            ph_reader_t *reader)
{
    const ph_entry_t *threshold = &self->of[PH_KEY_DATA_THRESHOLD];
    const char *path = self->of[PH_KEY_DATA_FILE].text;
    ph_table_t *table = &file->archetypes;
    if (table->entries != NULL) {
        ph_entries_keep_given(self, table, "a label is a pattern", path, place, reader);
        return;
    }
    *table = (ph_table_t){.lists = self->data.labels,
                          .length = self->data.neurons,
                          .step_list = self->data.neurons,
                          .step_entry = 1,
                          .entries = malloc(self->data.labels * self->data.neurons)};
    if (table->entries == NULL) {
        ph_reader_fail_memory(reader);
        return;
    }
    const double least = threshold->count > 0 ? threshold->values[0] : 0.0;
    ph_labelled_means(&self->data, least, table->entries);
    if (check_means(self, table, least, place, reader))
        ph_entries_keep_given(self, table, "a label is a pattern", path, place, reader);
}

static void read_file(ph_entries_t *self, ph_reader_t *reader)
{
    const char *path = self->of[PH_KEY_DATA_FILE].text;
    const ph_node_t place = {.source = path};
    file_t file = {.count = 0};
    if (reader->inside) {
        ph_reader_fail(reader, self->of[PH_KEY_DATA_FILE].node,
                       "network.data_file: a grid inside another file makes none be read, expected "
                       "data: { given: ... }");
        return;
    }
    const int status = load(self, &file, reader->report);
    if (status != PH_OK)
        ph_reader_take(reader, status);
    else if (check_shapes(&file, &place, reader) && check_labels(&file, &place, reader)) {
        if (ph_labelled_init(&self->data, &file.examples, file.labels.values, file.count) != PH_OK)
            ph_reader_fail_memory(reader);
        else
            keep_archetypes(self, &file, &place, reader);
        ph_entries_take_shape(self, &file.examples, reader);
        if (self->data.blank > 0)
            ph_note(reader->report, "%s: %zu of %zu neurons are blank in all examples", path,
                    self->data.blank, self->data.neurons);
    }
    free_file(&file);
}

static void read_words(ph_entries_t *self, ph_reader_t *reader)
{
    const ph_node_t *node = self->of[PH_KEY_DATA_GIVEN].node;
    const int status = node->length > 2 * (size_t)PH_GIVEN_MAX
                           ? PH_ERR_INPUT
                           : ph_labelled_read(&self->data, node->text, node->length);
    if (status == PH_ERR_MEMORY)
        ph_reader_fail_memory(reader);
    else if (status != PH_OK || self->data.labels > PH_MAX_PATTERNS ||
             self->data.examples > PH_GIVEN_MAX / self->data.neurons)
        ph_reader_fail(reader, node,
                       "network.data_given: words are of several lengths, a label has none, or "
                       "there are more than %d entries or %d labels, expected words of +, - and 0, "
                       "one an example, with a / between labels",
                       PH_GIVEN_MAX, PH_MAX_PATTERNS);
}

/* A key of the map that says something where there are no data. */
static bool check_alone(const ph_entries_t *self, ph_reader_t *reader)
{
    for (int i = PH_KEY_DATA_EXAMPLES; i <= PH_KEY_DATA_FROM; i++) {
        const ph_schema_t *row = ph_schema((ph_key_t)i);
        const bool said = row->type == PH_TYPE_TEXT
                              ? has_text(self, (ph_key_t)i)
                              : self->of[i].count > 0 && self->of[i].values[0] != 0.0;
        if (!said)
            continue;
        ph_reader_fail(reader, self->of[i].key,
                       "%s: without data, expected it with data: { file: ... }", row->path);
        return false;
    }
    return true;
}

void ph_entries_read_data(ph_entries_t *self, ph_reader_t *reader)
{
    const size_t before = reader->errors;
    bool good = true;
    for (int i = PH_KEY_DATA_FILE; i <= PH_KEY_DATA_FROM; i++)
        if (self->of[i].node != NULL) {
            self->of[i].bad = !ph_entry_read(reader, (ph_key_t)i, &self->of[i]);
            good = good && !self->of[i].bad;
        }
    const bool file = has_text(self, PH_KEY_DATA_FILE), given = has_text(self, PH_KEY_DATA_GIVEN);
    if (good && file && given)
        ph_reader_fail(reader, self->of[PH_KEY_DATA_GIVEN].key,
                       "network.data: both a file and given examples, expected one of them");
    else if (good && file &&
             (has_text(self, PH_KEY_PATTERNS_FILE) || has_text(self, PH_KEY_PATTERNS_GIVEN)))
        ph_reader_fail(reader, self->of[PH_KEY_DATA_FILE].key,
                       "network.data: patterns are given too, expected those of the data: "
                       "archetypes: /name, or nothing for the signs of means");
    else if (good && file)
        read_file(self, reader);
    else if (good && given)
        read_words(self, reader);
    else if (good)
        check_alone(self, reader);
    self->data_bad = reader->errors > before;
    self->given_bad = self->data_bad && file; /* patterns would have followed, too */
}

void ph_entries_measure_data(ph_entries_t *self, ph_reader_t *reader)
{
    ph_labelled_t *data = &self->data;
    const ph_given_t *given = &self->given;
    const ph_node_t *place = has_text(self, PH_KEY_DATA_FILE) ? self->of[PH_KEY_DATA_FILE].key
                                                              : self->of[PH_KEY_DATA_GIVEN].key;
    const size_t before = reader->errors;
    if (data->text == NULL || self->data_bad || self->given_bad)
        return;
    if (given->text == NULL || given->neurons != data->neurons || given->patterns != data->labels)
        ph_reader_fail(reader, place,
                       "network.data_given: examples of %zu labels and %zu neurons, expected as "
                       "many given patterns, patterns: { given: ... }",
                       data->labels, data->neurons);
    else if (ph_entries_choice(self) != PH_CHOICE_ALL)
        ph_reader_fail(reader, self->of[PH_KEY_PATTERNS_FROM].key,
                       "network.patterns_from: %s, but the data have examples of all patterns, "
                       "expected nothing",
                       PH_CHOICE_WORDS.words[ph_entries_choice(self)]);
    else
        ph_labelled_measure(data, given->text);
    const double least = ph_schema(PH_KEY_QUALITY)->minimum;
    for (size_t k = 0; k < data->labels && reader->errors == before; k++)
        if (data->quality[k] < least)
            ph_reader_fail(reader, place,
                           "network.data: examples of label %zu have quality r = %.6g beside their "
                           "archetype, expected at least %g: it is another's, or its negative",
                           k + 1, data->quality[k], least);
    self->data_bad = reader->errors > before;
}

static const double *measured(const ph_entries_t *self, ph_key_t key)
{
    return key == PH_KEY_QUALITY ? self->data.quality : self->data.fidelity;
}

bool ph_entries_take_data(ph_entries_t *self, ph_key_t key, ph_reader_t *reader)
{
    ph_entry_t *entry = &self->of[key];
    const bool there = self->data.text != NULL && !self->data_bad;
    const bool known = there || self->data_bad;
    if ((key == PH_KEY_QUALITY || key == PH_KEY_BLANK_FIDELITY) && there && entry->node == NULL) {
        entry->axis = false;
        entry->each = true;
        entry->bad = !ph_entry_make_room(reader, entry, self->data.labels);
        if (!entry->bad)
            memcpy(entry->values, measured(self, key), self->data.labels * sizeof(double));
        return true;
    }
    if (key < PH_KEY_DATA_FILE || key > PH_KEY_DATA_FROM || !known)
        return false;
    if (key == PH_KEY_DATA_GIVEN)
        entry->text = there ? self->data.text : "";
    else if (ph_schema(key)->type == PH_TYPE_TEXT)
        entry->text = ""; /* its content counts, whatever it was called */
    else if (entry->count == 0)
        return entry->bad;
    else if (key == PH_KEY_DATA_THRESHOLD)
        entry->values[0] = 0.0; /* the patterns are made by now */
    return true;
}

/* What is measured, where it is given too. */
static void check_measured(ph_entries_t *self, ph_key_t key, ph_reader_t *reader)
{
    ph_entry_t *entry = &self->of[key];
    const double *own = measured(self, key);
    const size_t labels = self->data.labels;
    bool same = !entry->axis && (!entry->each || entry->count == labels);
    for (size_t k = 0; k < labels && same; k++)
        same = entry->values[entry->each ? k : 0] == own[k];
    if (entry->bad || same)
        return;
    ph_reader_fail(reader, entry->node,
                   "%s: is not that of the given data, which have %.12g in label 1, expected "
                   "nothing: it is measured",
                   ph_schema_path(key), own[0]);
    entry->bad = true;
}

/* At most as many examples as each label has. */
static void check_count(ph_entries_t *self, ph_key_t key, ph_reader_t *reader)
{
    ph_entry_t *entry = &self->of[key];
    const size_t rows = entry->each && !entry->axis ? 1 : entry->count;
    const size_t labels = self->data.labels;
    for (size_t i = 0; i < rows && !entry->bad; i++)
        for (size_t k = 0; k < labels && !entry->bad; k++) {
            const size_t there = self->data.first[k + 1] - self->data.first[k];
            if (entry->each && k >= ph_entry_patterns(entry))
                break; /* too few values, which is said elsewhere */
            if (ph_entry_value(entry, i, k) <= (double)there)
                continue;
            ph_reader_fail(reader, entry->node != NULL ? entry->node : self->of[key].key,
                           "%s: %.0f, but label %zu has %zu examples, expected at most that many",
                           ph_schema_path(key), ph_entry_value(entry, i, k), k + 1, there);
            entry->bad = true;
        }
}

void ph_entries_check_data(ph_entries_t *self, ph_reader_t *reader)
{
    if (self->data.text == NULL || self->data_bad)
        return;
    const ph_entry_t *start = &self->of[PH_KEY_START];
    check_measured(self, PH_KEY_QUALITY, reader);
    check_measured(self, PH_KEY_BLANK_FIDELITY, reader);
    check_count(self, PH_KEY_EXAMPLES, reader);
    check_count(self, PH_KEY_EXAMPLE_OVERLAPS, reader);
    for (size_t i = 0; i < start->count && !start->bad; i++)
        if (start->values[i] == (double)PH_START_EXAMPLE)
            ph_reader_fail(reader, start->node,
                           "dynamics.start: example, but what a start from one of given examples "
                           "leads to no theory says, expected archetype, corrupted or a file");
}
