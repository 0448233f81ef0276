/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdlib.h>
#include <string.h>

#include "params/grid_private.h"

bool ph_point_is_given(const ph_point_t *point)
{
    return point->given != NULL && point->given[0] != '\0';
}

bool ph_point_is_fixed(const ph_point_t *point)
{
    if (!ph_point_is_given(point) || point->choice == PH_CHOICE_RANDOM)
        return false;
    return !ph_rule_learns(point->rule) ||
           (ph_point_has_data(point) && point->take == PH_TAKE_FIRST);
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

/* Zeros where -1 is meant. */
static bool lacks_minus(const char *text)
{
    return text != NULL && strchr(text, '-') == NULL && strchr(text, '0') != NULL;
}

/* What a network of such patterns cannot tell apart; said once, where the file is read. */
static void note_doubtful(const ph_entries_t *self, const char *path, ph_report_t *report)
{
    const ph_given_t *given = &self->given;
    if (given->blank > 0 && self->data.text == NULL) /* else examples act on them */
        ph_note(report, "%s: %zu of %zu neurons are blank in all patterns: no field acts on them",
                path, given->blank, given->neurons);
    if (lacks_minus(given->text) || lacks_minus(self->data.text))
        ph_note(report,
                "%s: no entry is -1, and 0 is blank; where 0 and 1 stand for -1 and +1, write -1 "
                "for every 0",
                path);
    if (given->twins > 0)
        ph_note(report, "%s: %zu of %zu patterns are an earlier one or its negative", path,
                given->twins, given->patterns);
}

bool ph_entries_keep_given(ph_entries_t *self, const ph_table_t *table, const char *way,
                           const char *path, const ph_node_t *place, ph_reader_t *reader)
{
    ph_given_t *given = &self->given;
    if (table->lists > PH_MAX_PATTERNS) {
        ph_reader_fail(reader, place, "%zu patterns of %zu neurons, expected at most %d; %s",
                       table->lists, table->length, PH_MAX_PATTERNS, way);
        return false;
    }
    if (ph_given_init(given, table->entries, table->length, table->lists, table->step_entry,
                      table->step_list) != PH_OK) {
        ph_reader_fail_memory(reader);
        return false;
    }
    if (!check_patterns(given, place, reader))
        return false;
    if (path != NULL)
        note_doubtful(self, path, reader->report);
    return true;
}

static void read_file(ph_entries_t *self, ph_lists_t lists, ph_reader_t *reader)
{
    const char *path = self->of[PH_KEY_PATTERNS_FILE].text;
    const ph_node_t place = {.source = path};
    const ph_table_source_t source = {.path = path,
                                      .dataset = self->of[PH_KEY_PATTERNS_DATASET].text,
                                      .lists = lists,
                                      .most = PH_GIVEN_MAX};
    ph_table_t table;
    if (reader->inside) {
        ph_reader_fail(reader, self->of[PH_KEY_PATTERNS_FILE].node,
                       "network.patterns_file: a grid inside another file makes none be read, "
                       "expected patterns: { given: ... }");
        return;
    }
    const int status = ph_table_load(&table, &source, reader->report);
    if (status != PH_OK)
        ph_reader_take(reader, status);
    else
        ph_entries_keep_given(self, &table,
                              table.step_entry == 1 ? "without layout: rows a row is a neuron"
                                                    : "with layout: rows a row is a pattern",
                              path, &place, reader);
    ph_entries_take_shape(self, &table, reader);
    ph_table_free(&table);
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
    ph_table_t table = {.step_entry = 1};
    table.entries = read_words(node, &table.length, &table.lists, reader);
    table.step_list = table.length;
    if (table.entries != NULL)
        ph_entries_keep_given(self, &table, "a word is a pattern", NULL, node, reader);
    ph_table_free(&table);
}

ph_choice_t ph_entries_choice(const ph_entries_t *self)
{
    const ph_entry_t *entry = &self->of[PH_KEY_PATTERNS_FROM];
    return entry->count > 0 && !entry->bad ? (ph_choice_t)entry->values[0] : PH_CHOICE_ALL;
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
    ph_entry_t *given = &self->of[PH_KEY_PATTERNS_GIVEN], *from = &self->of[PH_KEY_PATTERNS_FROM];
    ph_entry_t *dataset = &self->of[PH_KEY_PATTERNS_DATASET];
    if (file->node == NULL && given->node == NULL && layout->node == NULL && from->node == NULL &&
        dataset->node == NULL)
        return;
    const size_t before = reader->errors;
    const bool good = read_key(self, PH_KEY_PATTERNS_FILE, reader) &&
                      read_key(self, PH_KEY_PATTERNS_DATASET, reader) &&
                      read_key(self, PH_KEY_PATTERNS_LAYOUT, reader) &&
                      read_key(self, PH_KEY_PATTERNS_FROM, reader) &&
                      read_key(self, PH_KEY_PATTERNS_GIVEN, reader);
    const bool has_file = file->text != NULL && file->text[0] != '\0';
    const bool has_given = given->text != NULL && given->text[0] != '\0';
    const bool rows = good && layout->node != NULL && layout->values[0] == PH_LAYOUT_ROWS;
    if (good && has_file && has_given)
        ph_reader_fail(reader, given->key,
                       "network.patterns: both a file and given patterns, expected one of them");
    else if (good && ph_entries_choice(self) != PH_CHOICE_ALL && !has_file && !has_given)
        ph_reader_fail(
            reader, from->key,
            "network.patterns_from: %s without patterns to choose from, expected it with "
            "patterns: { file: ..., choose: ... }",
            PH_CHOICE_WORDS.words[ph_entries_choice(self)]);
    else if (rows && !has_file)
        ph_reader_fail(reader, layout->key,
                       "network.patterns_layout: rows without a file of patterns, expected it with "
                       "patterns: { file: ... }");
    else if (good && !has_file && dataset->text != NULL && dataset->text[0] != '\0')
        ph_reader_fail(reader, dataset->key,
                       "network.patterns_dataset: without a file of patterns, expected it with "
                       "patterns: { file: ... }");
    else if (good && has_file)
        read_file(self,
                  layout->node == NULL ? PH_LISTS_AS_USUAL
                  : rows               ? PH_LISTS_IN_ROWS
                                       : PH_LISTS_IN_COLUMNS,
                  reader);
    else if (good && has_given)
        read_given(self, reader);
    self->given_bad = self->given_bad || reader->errors > before;
}

/* Share of blanks in all of the patterns: the probability that an entry is blank of one that is
 * drawn. */
static double mean_dilution(const ph_given_t *given)
{
    double sum = 0.0;
    for (size_t mu = 0; mu < given->patterns; mu++)
        sum += given->dilution[mu];
    return ph_round12(sum / (double)given->patterns);
}

/* The numbers that follow from the patterns. */
static bool follow(ph_entries_t *self, ph_key_t key, ph_reader_t *reader)
{
    const ph_given_t *given = &self->given;
    ph_entry_t *entry = &self->of[key];
    const bool drawn = ph_entries_choice(self) == PH_CHOICE_RANDOM;
    entry->axis = false;
    entry->each = key == PH_KEY_DILUTION && !drawn;
    if (!ph_entry_make_room(reader, entry, entry->each ? given->patterns : 1))
        return false;
    if (entry->each)
        memcpy(entry->values, given->dilution, given->patterns * sizeof(*entry->values));
    else
        entry->values[0] = key == PH_KEY_DILUTION  ? mean_dilution(given)
                           : key == PH_KEY_NEURONS ? (double)given->neurons
                                                   : (double)given->patterns;
    return true;
}

bool ph_entries_take_given(ph_entries_t *self, ph_key_t key, ph_reader_t *reader)
{
    ph_entry_t *entry = &self->of[key];
    const bool there = self->given.text != NULL,
               follows = key == PH_KEY_NEURONS || key == PH_KEY_PATTERNS || key == PH_KEY_DILUTION;
    if (follows && entry->node == NULL && there &&
        (key != PH_KEY_PATTERNS || ph_entries_choice(self) == PH_CHOICE_ALL)) {
        entry->bad = !follow(self, key, reader);
        return true;
    }
    if (follows && entry->node == NULL && self->given_bad) {
        entry->bad = true; /* it would have followed from the patterns; that is said already */
        return true;
    }
    if (key == PH_KEY_PATTERNS && entry->node == NULL && there) {
        ph_reader_fail(reader, self->of[PH_KEY_PATTERNS_FROM].key,
                       "network.patterns_from: %s of %zu given patterns, expected how many: "
                       "choose: K",
                       PH_CHOICE_WORDS.words[ph_entries_choice(self)], self->given.patterns);
        entry->bad = true;
        return true;
    }
    if (key == PH_KEY_PATTERNS_FROM)
        return entry->count > 0 || entry->bad;
    if (key == PH_KEY_FIGURE_SHAPE)
        return entry->count > 0; /* of the file */
    if ((key == PH_KEY_PATTERNS_FILE || key == PH_KEY_PATTERNS_DATASET) &&
        (there || self->given_bad)) {
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
            const bool fewer = key == PH_KEY_PATTERNS && entry->values[i] < (double)number;
            ph_reader_fail(reader, entry->node,
                           "%s: %.0f, but the given patterns are %zu of %zu neurons, expected %zu, "
                           "or %s",
                           ph_schema_path(key), entry->values[i], self->given.patterns,
                           self->given.neurons, number,
                           fewer ? "to choose from them, from: random or from: first" : "nothing");
            entry->bad = true;
        }
}

/* So many of the patterns are chosen. */
static void check_choice(ph_entries_t *self, ph_reader_t *reader)
{
    ph_entry_t *entry = &self->of[PH_KEY_PATTERNS];
    const char *word = PH_CHOICE_WORDS.words[ph_entries_choice(self)];
    for (size_t i = 0; i < entry->count && !entry->bad; i++)
        if (entry->values[i] > (double)self->given.patterns) {
            ph_reader_fail(reader, entry->node,
                           "network.patterns: %.0f from: %s, but %zu patterns are given, expected "
                           "at most as many",
                           entry->values[i], word, self->given.patterns);
            entry->bad = true;
        }
}

/* Whether it is what is measured: of all patterns, or of the first where some are chosen, however
 * many it has; the mean of those that are drawn. */
static bool is_measured(const ph_entries_t *self, const ph_entry_t *entry)
{
    const ph_given_t *given = &self->given;
    const ph_choice_t choice = ph_entries_choice(self);
    if (entry->axis)
        return false;
    if (choice == PH_CHOICE_RANDOM)
        return !entry->each && entry->values[0] == mean_dilution(given);
    if (entry->each && (choice == PH_CHOICE_ALL ? entry->count != given->patterns
                                                : entry->count > given->patterns))
        return false;
    const size_t patterns = choice == PH_CHOICE_ALL ? given->patterns : entry->count;
    for (size_t mu = 0; mu < patterns; mu++)
        if (entry->values[entry->each ? mu : 0] != given->dilution[mu])
            return false;
    return true;
}

static void check_dilution(ph_entries_t *self, ph_reader_t *reader)
{
    ph_entry_t *entry = &self->of[PH_KEY_DILUTION];
    const bool drawn = ph_entries_choice(self) == PH_CHOICE_RANDOM;
    const bool same = entry->bad || is_measured(self, entry);
    if (!same)
        ph_reader_fail(reader, entry->node,
                       "network.dilution: is not that of the given patterns, which have %.12g in "
                       "%s, expected nothing: it is measured",
                       drawn ? mean_dilution(&self->given) : self->given.dilution[0],
                       drawn ? "all of them" : "pattern 1");
    else if (ph_entries_choice(self) == PH_CHOICE_FIRST && !entry->bad)
        entry->bad = !follow(self, PH_KEY_DILUTION, reader); /* of all that there may be */
}

void ph_entries_check_given(ph_entries_t *self, ph_reader_t *reader)
{
    if (self->given.text == NULL)
        return;
    check_number(self, PH_KEY_NEURONS, self->given.neurons, reader);
    if (ph_entries_choice(self) == PH_CHOICE_ALL)
        check_number(self, PH_KEY_PATTERNS, self->given.patterns, reader);
    else
        check_choice(self, reader);
    check_dilution(self, reader);
}

/* Sets spread evenly over the patterns stand for those that are drawn. */
static double expect_classes(const ph_point_t *point, size_t *chosen)
{
    enum { SETS = 4 };
    const size_t neurons = (size_t)point->neurons, patterns = (size_t)point->patterns;
    const size_t all = ph_given_count(point->given, neurons);
    double sum = 0.0;
    for (size_t set = 0; set < SETS; set++) {
        for (size_t mu = 0; mu < patterns; mu++)
            chosen[mu] = (SETS * mu + set) * all / (SETS * patterns);
        const double classes = ph_given_classes(point->given, neurons, patterns, chosen);
        if (classes == 0.0)
            return 0.0;
        sum += classes / SETS;
    }
    return sum;
}

int ph_point_count_given(ph_point_t *point)
{
    const size_t neurons = (size_t)point->neurons, patterns = (size_t)point->patterns;
    size_t *chosen = calloc(patterns, sizeof(*chosen));
    if (chosen != NULL)
        point->given_classes = point->choice == PH_CHOICE_RANDOM
                                   ? expect_classes(point, chosen)
                                   : ph_given_classes(point->given, neurons, patterns, NULL);
    free(chosen);
    return chosen != NULL && point->given_classes > 0.0 ? PH_OK : PH_ERR_MEMORY;
}
