/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/nearest.h"
#include "params/grid_private.h"

/* Says what is wrong with the value of a key, what is there and what was expected. */
static bool fail_value(ph_reader_t *reader, ph_key_t key, const ph_node_t *node, const char *what)
{
    char quote[PH_QUOTE_SIZE], expected[PH_EXPECTED_SIZE];
    ph_expected(key, expected, sizeof(expected));
    if (node->kind != PH_NODE_SCALAR)
        ph_reader_fail(reader, node, "%s: a %s %s, %s", ph_schema_path(key),
                       node->kind == PH_NODE_LIST ? "list" : "map", what, expected);
    else if (node->length == 0)
        ph_reader_fail(reader, node, "%s: has no value, %s", ph_schema_path(key), expected);
    else
        ph_reader_fail(reader, node, "%s: %s %s, %s", ph_schema_path(key),
                       ph_node_quote(node, quote), what, expected);
    return false;
}

static const char *number_fault(ph_number_t fault)
{
    switch (fault) {
    case PH_NUMBER_FRACTION:
        return "is not whole";
    case PH_NUMBER_BIG:
        return "is too large or too small";
    default:
        return "is not a number";
    }
}

static bool read_number(ph_reader_t *reader, ph_key_t key, const ph_node_t *node, double *value)
{
    const ph_schema_t *row = ph_schema(key);
    ph_number_t fault;
    if (node->quoted)
        return fail_value(reader, key, node, "in quotes is text, not a number");
    if (row->type == PH_TYPE_INTEGER) {
        bool negative = false;
        uint64_t digits = 0;
        fault = ph_read_integer(node->text, INT64_MAX, &negative, &digits);
        *value = negative ? -(double)digits : (double)digits;
    } else {
        fault = ph_read_real(node->text, value);
    }
    if (fault != PH_NUMBER_OK)
        return fail_value(reader, key, node, number_fault(fault));
    if (*value < row->minimum || *value > row->maximum)
        return fail_value(reader, key, node, "is out of range");
    return true;
}

static bool read_word(ph_reader_t *reader, ph_key_t key, const ph_node_t *node, double *value)
{
    const ph_words_t *words = ph_schema(key)->words;
    char what[80];
    for (size_t i = 0; i < words->count; i++)
        if (strcmp(node->text, words->words[i]) == 0) {
            *value = (double)i;
            return true;
        }
    const char *nearest = ph_nearest(node->text, words->count, words->words);
    if (nearest != NULL)
        snprintf(what, sizeof(what), "is unknown (did you mean %s?)", nearest);
    else
        snprintf(what, sizeof(what), "is unknown");
    return fail_value(reader, key, node, what);
}

/* One scalar of a key; false (and an error) if it is not one. */
static bool read_scalar(ph_reader_t *reader, ph_key_t key, const ph_node_t *node, double *value)
{
    if (node->kind != PH_NODE_SCALAR)
        return fail_value(reader, key, node, "instead of a value");
    if (node->length == 0)
        return fail_value(reader, key, node, "");
    switch (ph_schema(key)->type) {
    case PH_TYPE_WORD:
    case PH_TYPE_SET:
        return read_word(reader, key, node, value);
    case PH_TYPE_FLAG:
        *value = strcmp(node->text, "true") == 0;
        if (node->quoted || (*value == 0 && strcmp(node->text, "false") != 0))
            return fail_value(reader, key, node, "is neither true nor false");
        return true;
    default:
        return read_number(reader, key, node, value);
    }
}

/* A list of scalars: of an axis or of one value a pattern. */
static bool read_list(ph_reader_t *reader, ph_key_t key, ph_entry_t *entry, const ph_node_t *list)
{
    if (list->kind != PH_NODE_LIST) {
        char quote[PH_QUOTE_SIZE];
        ph_reader_fail(reader, list, "%s: each is %s, expected a list of one value a pattern",
                       ph_schema_path(key),
                       list->kind == PH_NODE_MAP ? "a map" : ph_node_quote(list, quote));
        return false;
    }
    if (list->count == 0) {
        ph_reader_fail(reader, list, "%s: an empty list, expected at least one value",
                       ph_schema_path(key));
        return false;
    }
    if (!ph_entry_make_room(reader, entry, list->count))
        return false;
    bool good = true;
    for (size_t i = 0; i < list->count; i++)
        good = read_scalar(reader, key, list->children[i], &entry->values[i]) && good;
    return good;
}

/* The parts of { from, to, steps, scale } and { each }. */
enum { PART_FROM, PART_TO, PART_STEPS, PART_SCALE, PART_EACH, PART_COUNT };
static const char *const PARTS[PART_COUNT] = {"from", "to", "steps", "scale", "each"};

static bool find_parts(ph_reader_t *reader, ph_key_t key, const ph_node_t *map,
                       const ph_node_t *parts[PART_COUNT])
{
    const bool each = ph_schema(key)->member == PH_MEMBER_EACH;
    bool good = true;
    for (size_t i = 0; i + 1 < map->count; i += 2) {
        const ph_node_t *name = map->children[i];
        char quote[PH_QUOTE_SIZE] = "a list or map";
        size_t part = PART_COUNT;
        if (name->kind == PH_NODE_SCALAR) {
            ph_node_quote(name, quote);
            for (size_t j = 0; j < PART_COUNT; j++)
                if (strcmp(name->text, PARTS[j]) == 0)
                    part = j;
        }
        if (part == PART_COUNT || (part == PART_EACH && !each)) {
            ph_reader_fail(reader, name,
                           "%s: unknown key \"%s\", expected from, to, steps, "
                           "scale%s",
                           ph_schema_path(key), quote,
                           each                     ? " or each"
                           : key == PH_KEY_PATTERNS ? "; or choose, file, layout, given"
                           : key == PH_KEY_STATES   ? "; or times, every"
                                                    : "");
            good = false;
        } else if (parts[part] != NULL) {
            ph_reader_fail(reader, name, "%s: \"%s\" is repeated, expected it once",
                           ph_schema_path(key), quote);
            good = false;
        } else {
            parts[part] = map->children[i + 1];
        }
    }
    return good;
}

static bool read_steps(ph_reader_t *reader, ph_key_t key, const ph_node_t *node, size_t *steps)
{
    char quote[PH_QUOTE_SIZE] = "a list or map";
    bool negative = false;
    uint64_t value = 0;
    if (node->kind == PH_NODE_SCALAR)
        ph_node_quote(node, quote);
    if (node->kind != PH_NODE_SCALAR || node->quoted ||
        ph_read_integer(node->text, PH_MAX_POINTS, &negative, &value) != PH_NUMBER_OK || negative ||
        value < 2) {
        ph_reader_fail(reader, node, "%s: steps is %s, expected an integer from 2 to %d",
                       ph_schema_path(key), quote[0] != '\0' ? quote : "empty", PH_MAX_POINTS);
        return false;
    }
    *steps = (size_t)value;
    return true;
}

static bool read_scale(ph_reader_t *reader, ph_key_t key, const ph_node_t *node, bool *log_scale)
{
    char quote[PH_QUOTE_SIZE] = "a list or map";
    *log_scale = false;
    if (node == NULL)
        return true;
    if (node->kind == PH_NODE_SCALAR) {
        *log_scale = strcmp(node->text, "log") == 0;
        if (*log_scale || strcmp(node->text, "linear") == 0)
            return true;
        ph_node_quote(node, quote);
    }
    ph_reader_fail(reader, node, "%s: scale is %s, expected linear or log", ph_schema_path(key),
                   quote[0] != '\0' ? quote : "empty");
    return false;
}

/* Value i of a range; both ends come out exactly. */
static double range_value(double from, double to, size_t steps, size_t i, bool log_scale)
{
    const double last = (double)(steps - 1), left = (double)(steps - 1 - i), right = (double)i;
    if (i == 0 || i == steps - 1)
        return i == 0 ? from : to;
    if (log_scale)
        return exp((log(from) * left + log(to) * right) / last);
    return (from * left + to * right) / last;
}

static bool fill_range(ph_reader_t *reader, ph_key_t key, ph_entry_t *entry, double from, double to,
                       bool log_scale)
{
    const bool whole = ph_schema(key)->type == PH_TYPE_INTEGER;
    for (size_t i = 0; i < entry->count; i++) {
        const double value = range_value(from, to, entry->count, i, log_scale);
        entry->values[i] = whole ? nearbyint(value) : ph_round12(value);
        if (whole && !log_scale && fabs(value - entry->values[i]) > 1e-9 * fabs(value)) {
            ph_reader_fail(reader, entry->node,
                           "%s: the range passes through %.12g, which is not whole, expected "
                           "steps that divide %.0f evenly, or scale: log, which rounds",
                           ph_schema_path(key), value, fabs(to - from));
            return false;
        }
    }
    return true;
}

static bool read_range(ph_reader_t *reader, ph_key_t key, ph_entry_t *entry,
                       const ph_node_t *const parts[PART_COUNT])
{
    bool good = true, log_scale = false;
    double ends[2] = {0, 0};
    size_t steps = 0;
    if (ph_schema(key)->type == PH_TYPE_WORD) {
        ph_reader_fail(reader, entry->node, "%s: a range of words, expected a list",
                       ph_schema_path(key));
        return false;
    }
    for (size_t i = PART_FROM; i <= PART_STEPS; i++)
        if (parts[i] == NULL) {
            ph_reader_fail(reader, entry->node,
                           "%s: the range has no \"%s\", expected { from, to, steps }",
                           ph_schema_path(key), PARTS[i]);
            good = false;
        }
    for (size_t i = 0; i < 2; i++)
        good = parts[i] != NULL && read_scalar(reader, key, parts[i], &ends[i]) && good;
    good = parts[PART_STEPS] != NULL && read_steps(reader, key, parts[PART_STEPS], &steps) && good;
    good = read_scale(reader, key, parts[PART_SCALE], &log_scale) && good;
    if (!good)
        return false;
    if (ends[0] == ends[1]) {
        ph_reader_fail(reader, parts[PART_TO], "%s: from and to are both %.12g, expected two ends",
                       ph_schema_path(key), ends[0]);
        return false;
    }
    if (log_scale && (ends[0] <= 0 || ends[1] <= 0)) {
        ph_reader_fail(reader, parts[ends[0] <= 0 ? PART_FROM : PART_TO],
                       "%s: 0 on a logarithmic scale, expected a positive end",
                       ph_schema_path(key));
        return false;
    }
    return ph_entry_make_room(reader, entry, steps) &&
           fill_range(reader, key, entry, ends[0], ends[1], log_scale);
}

/* One value a pattern; that of one of them may be a list or a range, and is an axis then. */
static bool read_each(ph_reader_t *reader, ph_key_t key, ph_entry_t *entry, const ph_node_t *list)
{
    const ph_node_t *parts[PART_COUNT] = {NULL}, *axis = NULL;
    bool good = true;
    entry->each = true;
    for (size_t mu = 0; list->kind == PH_NODE_LIST && mu < list->count; mu++) {
        if (list->children[mu]->kind == PH_NODE_SCALAR)
            continue;
        if (axis != NULL) {
            ph_reader_fail(reader, list->children[mu],
                           "%s: a second pattern with a list or range, expected one of them, the "
                           "axis, and a value for each of the others",
                           ph_schema_path(key));
            return false;
        }
        axis = list->children[mu];
        entry->pattern = mu + 1;
    }
    if (axis == NULL)
        return read_list(reader, key, entry, list);
    entry->axis = true;
    entry->others_count = list->count;
    free(entry->others);
    entry->others = calloc(list->count, sizeof(*entry->others));
    if (entry->others == NULL) {
        ph_reader_fail_memory(reader);
        return false;
    }
    for (size_t mu = 0; mu < list->count; mu++)
        if (mu + 1 != entry->pattern)
            good = read_scalar(reader, key, list->children[mu], &entry->others[mu]) && good;
    if (axis->kind == PH_NODE_LIST)
        return read_list(reader, key, entry, axis) && good;
    if (!find_parts(reader, key, axis, parts))
        return false;
    if (parts[PART_EACH] != NULL) {
        ph_reader_fail(reader, axis, "%s: each within each, expected a list or a range",
                       ph_schema_path(key));
        return false;
    }
    return read_range(reader, key, entry, parts) && good;
}

static bool read_map(ph_reader_t *reader, ph_key_t key, ph_entry_t *entry)
{
    const ph_node_t *parts[PART_COUNT] = {NULL};
    if (!find_parts(reader, key, entry->node, parts))
        return false;
    if (parts[PART_EACH] == NULL) {
        entry->axis = true;
        return read_range(reader, key, entry, parts);
    }
    for (size_t i = 0; i < PART_EACH; i++)
        if (parts[i] != NULL) {
            ph_reader_fail(reader, entry->node,
                           "%s: both \"each\" and \"%s\", expected a value a pattern or a range",
                           ph_schema_path(key), PARTS[i]);
            return false;
        }
    return read_each(reader, key, entry, parts[PART_EACH]);
}

/* Whether a set may have no word: where its default has none. */
static bool may_be_empty(const ph_schema_t *row)
{
    return strcmp(row->fallback, "[]") == 0;
}

/* A word or a list of words, as bits. */
static bool read_set(ph_reader_t *reader, ph_key_t key, ph_entry_t *entry)
{
    const ph_node_t *node = entry->node;
    bool good = ph_entry_make_room(reader, entry, 1);
    const size_t count = node->kind == PH_NODE_LIST ? node->count : 1;
    unsigned set = 0;
    if (node->kind == PH_NODE_LIST && count == 0 && !may_be_empty(ph_schema(key)))
        return fail_value(reader, key, node, "without words");
    for (size_t i = 0; good && i < count; i++) {
        const ph_node_t *word = node->kind == PH_NODE_LIST ? node->children[i] : node;
        double value = 0;
        if (!read_scalar(reader, key, word, &value)) {
            good = false;
        } else if (set >> (unsigned)value & 1U) {
            fail_value(reader, key, word, "is repeated");
            good = false;
        } else {
            set |= 1U << (unsigned)value;
        }
    }
    if (good)
        entry->values[0] = set;
    return good;
}

static bool read_text(ph_reader_t *reader, ph_key_t key, ph_entry_t *entry)
{
    const ph_node_t *node = entry->node;
    if (node->kind != PH_NODE_SCALAR)
        return fail_value(reader, key, node, "instead of text");
    if (ph_utf8_prefix(node->text, node->length) != node->length)
        return fail_value(reader, key, node, "holds a NUL or is not UTF-8");
    entry->text = node->text;
    return true;
}

/* A list that is one value: a list, a range, or the word for none. */
static bool read_list_value(ph_reader_t *reader, ph_key_t key, ph_entry_t *entry)
{
    const ph_node_t *node = entry->node;
    if (node->kind == PH_NODE_SCALAR && strcmp(node->text, ph_schema(key)->fallback) == 0)
        return true;
    if (node->kind == PH_NODE_SCALAR)
        return fail_value(reader, key, node, "is no list");
    const bool good = node->kind == PH_NODE_MAP ? read_map(reader, key, entry)
                                                : read_list(reader, key, entry, node);
    entry->axis = false;
    return good;
}

/* A seed, to the last digit. */
static bool read_seed(ph_reader_t *reader, ph_key_t key, const ph_node_t *node, uint64_t *seed)
{
    bool negative = false;
    if (node->kind != PH_NODE_SCALAR)
        return fail_value(reader, key, node, "cannot be an axis");
    if (node->quoted)
        return fail_value(reader, key, node, "in quotes is text, not a number");
    const ph_number_t fault = ph_read_integer(node->text, INT64_MAX, &negative, seed);
    if (fault != PH_NUMBER_OK)
        return fail_value(reader, key, node, number_fault(fault));
    return !negative || fail_value(reader, key, node, "is out of range");
}

bool ph_entry_read(ph_reader_t *reader, ph_key_t key, ph_entry_t *entry)
{
    const ph_schema_t *row = ph_schema(key);
    const ph_node_t *node = entry->node;
    if (row->member == PH_MEMBER_SEED)
        return read_seed(reader, key, node, &entry->seed);
    if (row->type == PH_TYPE_SET)
        return read_set(reader, key, entry);
    if (row->type == PH_TYPE_TEXT)
        return read_text(reader, key, entry);
    if (row->member == PH_MEMBER_LIST)
        return read_list_value(reader, key, entry);
    if (node->kind == PH_NODE_SCALAR)
        return ph_entry_make_room(reader, entry, 1) &&
               read_scalar(reader, key, node, entry->values);
    if (!row->axis)
        return fail_value(reader, key, node, "cannot be an axis");
    if (node->kind == PH_NODE_MAP)
        return read_map(reader, key, entry);
    entry->axis = true;
    return read_list(reader, key, entry, node);
}

/* A key that is not in the file: its default, or an error if it has none. */
static bool take_default(ph_reader_t *reader, ph_key_t key, ph_entry_t *entry,
                         const ph_node_t *place)
{
    const ph_schema_t *row = ph_schema(key);
    char expected[PH_EXPECTED_SIZE];
    if (row->fallback == NULL) {
        ph_expected(key, expected, sizeof(expected));
        ph_reader_fail(reader, place, "%s is missing, %s", ph_schema_path(key), expected);
        return false;
    }
    if (row->type == PH_TYPE_TEXT)
        entry->text = row->fallback;
    if (row->type == PH_TYPE_TEXT || row->member == PH_MEMBER_LIST)
        return true;
    ph_node_t node = {.kind = PH_NODE_SCALAR, .length = strlen(row->fallback)};
    char text[PH_NUMBER_SIZE];
    snprintf(text, sizeof(text), "%s", row->fallback);
    node.text = text;
    if (row->member == PH_MEMBER_SEED)
        return read_seed(reader, key, &node, &entry->seed);
    if (!ph_entry_make_room(reader, entry, 1))
        return false;
    if (row->type == PH_TYPE_SET && may_be_empty(row))
        return true;
    if (!read_scalar(reader, key, &node, entry->values))
        return false;
    if (row->type == PH_TYPE_SET)
        entry->values[0] = 1U << (unsigned)entry->values[0];
    return true;
}

static void check_each(ph_entries_t *self, ph_key_t key, ph_reader_t *reader)
{
    const ph_entry_t *patterns = &self->of[PH_KEY_PATTERNS];
    ph_entry_t *each = &self->of[key];
    if (each->bad || patterns->bad || !each->each)
        return;
    if (key == PH_KEY_DILUTION && self->given.text != NULL)
        return; /* measured: of all patterns that may be chosen */
    for (size_t i = 0; i < patterns->count; i++)
        if (patterns->values[i] != (double)ph_entry_patterns(each)) {
            ph_reader_fail(reader, each->node,
                           "%s: %zu values in each, but patterns is %.0f, expected one value a "
                           "pattern at every point",
                           ph_schema_path(key), ph_entry_patterns(each), patterns->values[i]);
            each->bad = true;
            return;
        }
    for (size_t i = 1; i < each->count; i++)
        if (each->values[i] != each->values[0])
            return;
    each->each = false; /* all equal: the same network as with one value */
    each->count = 1;
}

/* Axes of learning keys make no sense where nothing learns: their points would be the same. */
static void check_learning(const ph_entries_t *self, ph_reader_t *reader)
{
    const ph_entry_t *rule = &self->of[PH_KEY_RULE];
    char learners[PH_LEARNERS_SIZE];
    if (rule->bad)
        return;
    for (size_t i = 0; i < rule->count; i++)
        if (ph_rule_learns((ph_rule_t)rule->values[i]))
            return;
    ph_rule_learners(learners);
    for (int i = 0; i < PH_KEY_COUNT; i++)
        if (ph_schema((ph_key_t)i)->role == PH_ROLE_LEARNING && self->of[i].axis)
            ph_reader_fail(reader, self->of[i].node,
                           "%s: an axis that rule %s does not see, expected network.rule %s, or "
                           "one value",
                           ph_schema_path((ph_key_t)i),
                           PH_RULE_WORDS.words[(size_t)rule->values[0]], learners);
}

/* Pairs of replicas go on together only if neither a block nor the ensemble ends inside one. */
static void check_pairs(const ph_entries_t *self, ph_reader_t *reader)
{
    static const ph_key_t keys[2] = {PH_KEY_REPLICAS, PH_KEY_LANES};
    const ph_entry_t *overlap = &self->of[PH_KEY_REPLICA_OVERLAP];
    for (int k = 0; k < 2 && !overlap->bad && overlap->values[0] != 0; k++) {
        const ph_entry_t *entry = &self->of[keys[k]];
        if (!entry->bad && (int64_t)entry->values[0] % 2 != 0)
            ph_reader_fail(reader, entry->node != NULL ? entry->node : overlap->node,
                           "%s is %.0f, but record.replica_overlap pairs replicas, expected an "
                           "even number",
                           ph_schema_path(keys[k]), entry->values[0]);
    }
}

void ph_entries_evaluate(ph_entries_t *self, ph_reader_t *reader)
{
    ph_entries_read_data(self, reader);
    ph_entries_read_given(self, reader);
    ph_entries_measure_data(self, reader);
    for (int i = 0; i < PH_KEY_COUNT; i++) {
        const ph_key_t key = (ph_key_t)i;
        ph_entry_t *entry = &self->of[i];
        if (key == PH_KEY_PATTERNS && ph_node_is_law(entry->node)) {
            self->law = true;
            continue;
        }
        if (ph_entries_take_given(self, key, reader) || ph_entries_take_data(self, key, reader))
            continue;
        const bool good = entry->node != NULL ? ph_entry_read(reader, key, entry)
                                              : take_default(reader, key, entry, self->places[i]);
        entry->bad = entry->bad || !good;
    }
    ph_entries_apply_law(self, reader);
    ph_entries_check_given(self, reader);
    ph_entries_check_data(self, reader);
    ph_entries_check_entropy(self, reader);
    for (int i = 0; i < PH_KEY_COUNT; i++)
        check_each(self, (ph_key_t)i, reader);
    check_learning(self, reader);
    ph_entries_share_observables(self, reader);
    ph_entries_check_figure(self, reader);
    ph_entries_check_start(self, reader);
    ph_entries_check_ladder(self, reader);
    ph_entries_check_states(self, reader);
    check_pairs(self, reader);
    const ph_entry_t *trajectory = &self->of[PH_KEY_TRAJECTORY];
    const ph_entry_t *moments = &self->of[PH_KEY_MOMENTS];
    if (!trajectory->bad && !moments->bad && trajectory->values[0] == 0 && moments->values[0] == 0)
        ph_reader_fail(reader, moments->node,
                       "record.trajectory and record.moments are both false, so that nothing would "
                       "be recorded, expected at least one true");
    ph_entries_zip(self, reader);
}
