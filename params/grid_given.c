/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "params/given_table.h"
#include "params/grid_private.h"

enum { FILE_SIZE_MAX = 64 << 20 };

bool ph_point_is_given(const ph_point_t *point)
{
    return point->given != NULL && point->given[0] != '\0';
}

bool ph_point_is_fixed(const ph_point_t *point)
{
    return ph_point_is_given(point) && !ph_rule_learns(point->rule);
}

bool ph_grid_is_given(const ph_grid_t *self)
{
    return self->points_count > 0 && ph_point_is_given(&self->points[0]);
}

/* A pattern without an entry has no overlap, and no coupling. */
static bool check_patterns(const ph_given_t *given, const ph_node_t *place, ph_reader_t *reader)
{
    for (size_t mu = 0; mu < given->patterns; mu++) {
        const char *word = given->text + mu * (given->neurons + 1);
        if (strspn(word, "0") < given->neurons)
            continue;
        ph_reader_fail(reader, place,
                       "pattern %zu is blank at all %zu neurons, expected an entry +1 or -1",
                       mu + 1, given->neurons);
        return false;
    }
    return true;
}

static bool finish(ph_given_t *given, const int8_t *entries, size_t neurons, size_t patterns,
                   bool rows, const ph_node_t *place, ph_reader_t *reader)
{
    if (patterns > PH_MAX_PATTERNS) {
        ph_reader_fail(reader, place, "%zu patterns of %zu neurons, expected at most %d%s",
                       patterns, neurons, PH_MAX_PATTERNS,
                       rows ? "; without layout: rows a row is a neuron"
                            : "; with layout: rows a row is a pattern");
        return false;
    }
    if (ph_given_init(given, entries, neurons, patterns, rows ? 1 : patterns, rows ? neurons : 1) !=
        PH_OK) {
        ph_reader_fail_memory(reader);
        return false;
    }
    return check_patterns(given, place, reader);
}

/* What a network of such patterns cannot tell apart; said once, where the file is read. */
static void note_doubtful(const ph_given_t *given, const char *path, ph_report_t *report)
{
    if (given->blank > 0)
        ph_note(report, "%s: %zu of %zu neurons are blank in all patterns: no field acts on them",
                path, given->blank, given->neurons);
    if (given->twins > 0)
        ph_note(report, "%s: %zu of %zu patterns are an earlier one or its negative", path,
                given->twins, given->patterns);
}

static void read_file(ph_entries_t *self, bool rows, ph_reader_t *reader)
{
    const char *path = self->of[PH_KEY_PATTERNS_FILE].text;
    const ph_node_t place = {.source = path, .line = 1, .column = 1};
    char *text = NULL;
    size_t length = 0;
    if (reader->inside) {
        ph_reader_fail(reader, self->of[PH_KEY_PATTERNS_FILE].node,
                       "network.patterns_file: a grid inside another file makes none be read, "
                       "expected patterns: { given: ... }");
        return;
    }
    const int status = ph_file_load(path, FILE_SIZE_MAX, &text, &length, reader->report);
    if (status != PH_OK) {
        reader->errors++;
        reader->status = reader->status == PH_OK ? status : reader->status;
        return;
    }
    ph_given_table_t table;
    const size_t before = reader->errors;
    ph_given_table_read(&table, text, length, path, !rows, reader);
    if (reader->errors == before &&
        finish(&self->given, table.entries, rows ? table.columns : table.rows,
               rows ? table.rows : table.columns, rows, &place, reader))
        note_doubtful(&self->given, path, reader->report);
    ph_given_table_free(&table);
    free(text);
}

/* The words of the grid itself; NULL and an error where they are none. */
static int8_t *read_words(const ph_node_t *node, size_t *neurons, size_t *patterns,
                          ph_reader_t *reader)
{
    const char *text = node->text;
    int8_t *entries = malloc(node->length + 1);
    size_t count = 0, word = 0;
    if (entries == NULL) {
        ph_reader_fail_memory(reader);
        return NULL;
    }
    *neurons = *patterns = 0;
    for (size_t k = 0; k <= node->length; k++) {
        if (k < node->length && text[k] != '\0' && strchr("+-0", text[k]) != NULL) {
            entries[count++] = (int8_t)(text[k] == '+' ? 1 : text[k] == '-' ? -1 : 0);
            word++;
            continue;
        }
        const bool between = k == node->length || text[k] == ' ' || text[k] == '\n';
        if (between && word == 0)
            continue;
        *patterns += 1;
        *neurons = *patterns == 1 ? word : *neurons;
        if (!between || word != *neurons || count > PH_GIVEN_MAX)
            break;
        word = 0;
    }
    if (word == 0 && count > 0 && count <= PH_GIVEN_MAX)
        return entries;
    ph_reader_fail(reader, node,
                   "network.patterns_given: pattern %zu is no word as long as the first, or there "
                   "are more than %d entries, expected words of +, - and 0, one a pattern",
                   *patterns + (*patterns == 0), PH_GIVEN_MAX);
    free(entries);
    return NULL;
}

static void read_given(ph_entries_t *self, ph_reader_t *reader)
{
    const ph_node_t *node = self->of[PH_KEY_PATTERNS_GIVEN].node;
    size_t neurons, patterns;
    int8_t *entries = read_words(node, &neurons, &patterns, reader);
    if (entries != NULL)
        finish(&self->given, entries, neurons, patterns, true, node, reader);
    free(entries);
}

/* The value of one of these keys, or its default. */
static bool read_key(ph_entries_t *self, ph_key_t key, ph_reader_t *reader)
{
    ph_entry_t *entry = &self->of[key];
    if (entry->node == NULL)
        return true;
    entry->bad = !ph_entry_read(reader, key, entry);
    return !entry->bad;
}

void ph_entries_read_given(ph_entries_t *self, ph_reader_t *reader)
{
    ph_entry_t *file = &self->of[PH_KEY_PATTERNS_FILE], *layout = &self->of[PH_KEY_PATTERNS_LAYOUT];
    ph_entry_t *given = &self->of[PH_KEY_PATTERNS_GIVEN];
    if (file->node == NULL && given->node == NULL && layout->node == NULL)
        return;
    const size_t before = reader->errors;
    const bool good = read_key(self, PH_KEY_PATTERNS_FILE, reader) &&
                      read_key(self, PH_KEY_PATTERNS_LAYOUT, reader) &&
                      read_key(self, PH_KEY_PATTERNS_GIVEN, reader);
    const bool has_file = file->text != NULL && file->text[0] != '\0';
    const bool has_given = given->text != NULL && given->text[0] != '\0';
    const bool rows = good && layout->node != NULL && layout->values[0] == PH_LAYOUT_ROWS;
    if (good && has_file && has_given)
        ph_reader_fail(reader, given->key,
                       "network.patterns: both a file and given patterns, expected one of them");
    else if (rows && !has_file)
        ph_reader_fail(reader, layout->key,
                       "network.patterns_layout: rows without a file of patterns, expected it with "
                       "patterns: { file: ... }");
    else if (good && has_file)
        read_file(self, rows, reader);
    else if (good && has_given)
        read_given(self, reader);
    self->given_bad = reader->errors > before;
}

/* The numbers that follow from the patterns. */
static bool follow(ph_entries_t *self, ph_key_t key, ph_reader_t *reader)
{
    const ph_given_t *given = &self->given;
    ph_entry_t *entry = &self->of[key];
    entry->each = key == PH_KEY_DILUTION;
    if (!ph_entry_make_room(reader, entry, entry->each ? given->patterns : 1))
        return false;
    if (entry->each)
        memcpy(entry->values, given->dilution, given->patterns * sizeof(*entry->values));
    else
        entry->values[0] = (double)(key == PH_KEY_NEURONS ? given->neurons : given->patterns);
    return true;
}

bool ph_entries_take_given(ph_entries_t *self, ph_key_t key, ph_reader_t *reader)
{
    ph_entry_t *entry = &self->of[key];
    const bool there = self->given.text != NULL,
               follows = key == PH_KEY_NEURONS || key == PH_KEY_PATTERNS || key == PH_KEY_DILUTION;
    if (follows && entry->node == NULL && there) {
        entry->bad = !follow(self, key, reader);
        return true;
    }
    if (follows && entry->node == NULL && self->given_bad) {
        entry->bad = true; /* it would have followed from the patterns; that is said already */
        return true;
    }
    if (key == PH_KEY_PATTERNS_FILE && (there || self->given_bad)) {
        entry->text = ""; /* its content counts, whatever it was called */
        return true;
    }
    if (key == PH_KEY_PATTERNS_GIVEN && (there || self->given_bad)) {
        entry->text = there ? self->given.text : "";
        return true;
    }
    if (key != PH_KEY_PATTERNS_LAYOUT || entry->count == 0)
        return false;
    entry->values[0] = PH_LAYOUT_COLUMNS;
    return true;
}

static void check_number(ph_entries_t *self, ph_key_t key, size_t number, ph_reader_t *reader)
{
    ph_entry_t *entry = &self->of[key];
    for (size_t i = 0; i < entry->count && !entry->bad; i++)
        if (entry->values[i] != (double)number) {
            ph_reader_fail(reader, entry->node,
                           "%s: %.0f, but the given patterns are %zu of %zu neurons, expected %zu, "
                           "or nothing",
                           ph_schema_path(key), entry->values[i], self->given.patterns,
                           self->given.neurons, number);
            entry->bad = true;
        }
}

static void check_dilution(const ph_entries_t *self, ph_reader_t *reader)
{
    const ph_entry_t *entry = &self->of[PH_KEY_DILUTION];
    bool same = !entry->axis && (!entry->each || entry->count == self->given.patterns);
    for (size_t mu = 0; same && mu < self->given.patterns; mu++)
        same = entry->values[entry->each ? mu : 0] == self->given.dilution[mu];
    if (!same && !entry->bad)
        ph_reader_fail(reader, entry->node,
                       "network.dilution: is not that of the given patterns, which have %.12g in "
                       "pattern 1, expected nothing: it is measured",
                       self->given.dilution[0]);
}

void ph_entries_check_given(ph_entries_t *self, ph_reader_t *reader)
{
    const ph_entry_t *rule = &self->of[PH_KEY_RULE];
    if (self->given.text == NULL)
        return;
    check_number(self, PH_KEY_NEURONS, self->given.neurons, reader);
    check_number(self, PH_KEY_PATTERNS, self->given.patterns, reader);
    check_dilution(self, reader);
    for (size_t i = 0; i < rule->count && !rule->bad; i++)
        if (ph_rule_learns((ph_rule_t)rule->values[i])) {
            ph_reader_fail(reader, rule->node,
                           "network.rule: %s with given patterns, expected storage",
                           PH_RULE_WORDS.words[(size_t)rule->values[i]]);
            return;
        }
}
