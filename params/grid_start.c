/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <errno.h>
#include <string.h>

#include "params/grid_private.h"

bool ph_start_uses(ph_start_id_t start, ph_key_t key)
{
    enum { BITS = 64 }; /* starts use keys that come before, or PH_USES() would not compile */
    return (unsigned)key < BITS && (ph_start_facts(start)->keys >> key & 1U) != 0;
}

/* Which starts the grid has: bit by bit. The list alone knows how many there are. */
static uint64_t starts_of(const ph_entries_t *given)
{
    const ph_entry_t *start = &given->of[PH_KEY_START];
    uint64_t starts = 0;
    for (size_t i = 0; i < start->count; i++)
        starts |= UINT64_C(1) << (unsigned)start->values[i];
    return starts;
}

static bool is_default(ph_key_t key, const ph_entry_t *entry)
{
    const ph_schema_t *row = ph_schema(key);
    char text[PH_NUMBER_SIZE];
    if (entry->axis)
        return false;
    if (row->type == PH_TYPE_TEXT)
        return strcmp(entry->text, row->fallback) == 0;
    if (row->member == PH_MEMBER_LIST)
        return entry->count == 0;
    ph_value_text(key, entry->values[0], text, sizeof(text));
    return strcmp(text, row->fallback) == 0;
}

static void report_unused(ph_reader_t *reader, ph_key_t key, const ph_entry_t *entry, bool some)
{
    char list[160] = "";
    size_t used = 0;
    for (size_t s = 0; s < PH_START_WORDS.count && used < sizeof(list); s++)
        if (ph_start_uses((ph_start_id_t)s, key))
            used +=
                (size_t)snprintf(list + used, sizeof(list) - used, "%s%s", used > 0 ? " or " : "",
                                 ph_start_facts((ph_start_id_t)s)->word);
    ph_reader_fail(
        reader, entry->key, "%s: %s, expected it with start %s only", ph_schema_path(key),
        some ? "an axis that one of the starts does not see" : "not used by this start", list);
}

/* The list of patterns names each at most once. */
static bool distinct(const ph_entry_t *entry)
{
    bool named[PH_MAX_PATTERNS + 1] = {false};
    for (size_t i = 0; i < entry->count; i++) {
        const size_t pattern = (size_t)entry->values[i]; /* within its range, or it were bad */
        if (named[pattern])
            return false;
        named[pattern] = true;
    }
    return true;
}

/* A key of a start that no start of the grid uses, or an axis that one does not see. */
static void check_used(ph_entry_t *entry, ph_key_t key, uint64_t starts, ph_reader_t *reader)
{
    bool used = false, all = true;
    for (size_t s = 0; s < PH_START_WORDS.count; s++) {
        const bool uses = ph_start_uses((ph_start_id_t)s, key);
        used = used || ((starts >> s & 1U) != 0 && uses);
        all = all && ((starts >> s & 1U) == 0 || uses);
    }
    const bool unused = !used && !is_default(key, entry), unseen = entry->axis && !all;
    if (unused || unseen)
        report_unused(reader, key, entry, !unused);
    entry->bad = unused || unseen;
}

static bool is_given(const ph_entry_t *entry)
{
    return entry->node != NULL && (entry->text == NULL || entry->text[0] != '\0');
}

/* A key that a start of the grid cannot do without. */
static void check_needed(const ph_entries_t *self, ph_key_t key, uint64_t starts,
                         ph_reader_t *reader)
{
    for (size_t s = 0; s < PH_START_WORDS.count; s++) {
        const ph_start_facts_t *facts = ph_start_facts((ph_start_id_t)s);
        const char *part = ph_schema(key)->part;
        if ((starts >> s & 1U) != 0 && (facts->needed >> key & 1U) != 0 &&
            !is_given(&self->of[key]))
            ph_reader_fail(reader, self->of[PH_KEY_START].node,
                           "dynamics.start: %s needs a%s %s, expected %s", facts->word,
                           strchr("aeiou", part[0]) != NULL ? "n" : "", part, facts->such);
    }
}

static void check_parts(ph_entries_t *self, uint64_t starts, ph_reader_t *reader)
{
    for (int i = 0; i < PH_KEY_COUNT; i++) {
        const ph_schema_t *row = ph_schema((ph_key_t)i);
        ph_entry_t *entry = &self->of[i];
        if (row->map == NULL || strcmp(row->map, "start") != 0 || i == PH_KEY_START)
            continue;
        if (!entry->bad)
            check_used(entry, row->key, starts, reader);
        if (!entry->bad)
            check_needed(self, row->key, starts, reader);
    }
}

/* The content of a start file is part of identities: its digest, taken now unless it is given. */
static void find_digest(ph_entries_t *self, ph_reader_t *reader)
{
    const ph_entry_t *file = &self->of[PH_KEY_START_FILE];
    ph_entry_t *digest = &self->of[PH_KEY_START_DIGEST];
    ph_digest_t sum;
    if (digest->bad || digest->text[0] != '\0')
        return;
    digest->bad = true;
    if (reader->inside) {
        ph_reader_fail(reader, file->node,
                       "dynamics.start_digest: is missing, expected the digest of the start file; "
                       "a grid inside another file makes none be read");
        return;
    }
    if (ph_digest_file(file->text, &sum) != PH_OK) {
        ph_reader_fail(reader, file->node,
                       "dynamics.start_file: cannot read %s: %s, expected a "
                       "readable file",
                       file->text, errno != 0 ? strerror(errno) : "it is no regular file");
        return;
    }
    digest->bad = false;
    ph_digest_text(sum, self->start_digest);
    digest->text = self->start_digest;
}

static bool is_digest(const char *text)
{
    return strlen(text) == 32 && strspn(text, "0123456789abcdef") == 32;
}

void ph_entries_check_start(ph_entries_t *self, ph_reader_t *reader)
{
    const ph_entry_t *entries = self->of, *start = &entries[PH_KEY_START];
    const ph_entry_t *list = &entries[PH_KEY_START_PATTERNS];
    const ph_entry_t *file = &entries[PH_KEY_START_FILE];
    const ph_entry_t *digest = &entries[PH_KEY_START_DIGEST];
    if (start->bad)
        return;
    check_parts(self, starts_of(self), reader);
    if (!list->bad && !distinct(list))
        ph_reader_fail(reader, list->node,
                       "dynamics.start_patterns: a pattern is repeated, expected each once");
    if (!digest->bad && digest->text[0] != '\0' && !is_digest(digest->text))
        ph_reader_fail(reader, digest->node,
                       "dynamics.start_digest: is no digest, expected 32 hexadecimal digits, or "
                       "nothing, to take that of the file");
    if (!file->bad && file->text[0] != '\0')
        find_digest(self, reader);
}

static void check_number(ph_reader_t *reader, const ph_entries_t *given, ph_key_t key, double value,
                         double most, const char *what)
{
    if (value > most)
        ph_reader_fail(reader, given->of[key].node,
                       "%s: %.0f, but a point has %.0f %s, expected at most that many",
                       ph_schema_path(key), value, most, what);
}

/* A region lies within a shape that holds all neurons. */
static void check_region(const ph_point_t *point, const ph_entries_t *given, ph_reader_t *reader)
{
    const ph_list_t *region = &point->start_region, *shape = &point->start_shape;
    const ph_node_t *of_region = given->of[PH_KEY_START_REGION].node;
    const ph_node_t *of_shape = given->of[PH_KEY_START_SHAPE].node;
    if (region->count == 0 && shape->count == 0)
        return;
    if (region->count != 4)
        ph_reader_fail(reader, of_region != NULL ? of_region : of_shape,
                       "dynamics.start_region: %zu numbers, expected four: first and last row, "
                       "first and last column",
                       region->count);
    else if (shape->count != 2 || shape->values[0] * shape->values[1] != (double)point->neurons)
        ph_reader_fail(reader, of_shape != NULL ? of_shape : of_region,
                       "dynamics.start_shape: expected rows and columns that make the %lld neurons "
                       "of a point, such as shape: [20, 20]",
                       (long long)point->neurons);
    else
        for (size_t k = 0; k < 2; k++)
            if (region->values[2 * k] > region->values[2 * k + 1] ||
                region->values[2 * k + 1] > shape->values[k])
                ph_reader_fail(reader, of_region,
                               "dynamics.start_region: %s %.0f to %.0f, expected ascending, up to "
                               "%.0f",
                               k == 0 ? "rows" : "columns", region->values[2 * k],
                               region->values[2 * k + 1], shape->values[k]);
}

/* A mixture is of several. */
static void check_mixture(const ph_point_t *point, const ph_entries_t *given, ph_reader_t *reader)
{
    const ph_list_t *list = &point->start_patterns;
    const long long first = list->count > 0 ? (long long)list->values[0] : 1;
    if (ph_start_facts(point->start)->spins == PH_SPINS_MIXED &&
        (list->count > 0 ? (int64_t)list->count : point->patterns) < 2)
        ph_reader_fail(reader, given->of[PH_KEY_START].node,
                       "dynamics.start: %s of one pattern, expected two or more, or that pattern "
                       "alone: { kind: corrupted, pattern: %lld, overlap: %.12g }",
                       ph_start_facts(point->start)->word, first, point->start_overlap);
}

/* Targets are patterns, and one for all replicas or one for each. */
static void check_targets(const ph_point_t *point, const ph_entries_t *given, ph_reader_t *reader)
{
    const ph_list_t *targets = &point->start_targets;
    const double replicas = given->of[PH_KEY_REPLICAS].values[0];
    if (!ph_start_uses(point->start, PH_KEY_START_TARGETS))
        return;
    for (size_t i = 0; i < targets->count; i++)
        check_number(reader, given, PH_KEY_START_TARGETS, targets->values[i],
                     (double)point->patterns, "patterns");
    if (targets->count > 1 && (double)targets->count < replicas)
        ph_reader_fail(reader, given->of[PH_KEY_START_TARGETS].node,
                       "%s: %zu patterns for %.0f replicas, expected one for all or one for each",
                       ph_schema_path(PH_KEY_START_TARGETS), targets->count, replicas);
}

bool ph_point_aims(const ph_point_t *point)
{
    return ph_start_uses(point->start, PH_KEY_START_TARGETS) && point->start_targets.count == 0;
}

void ph_point_check_start(const ph_point_t *point, const ph_entries_t *given, ph_reader_t *reader)
{
    const double patterns = (double)point->patterns, pattern = (double)point->start_pattern;
    if (reader->errors > 0)
        return; /* once, not at every point */
    if (ph_start_uses(point->start, PH_KEY_START_REGION))
        check_region(point, given, reader);
    if (ph_start_uses(point->start, PH_KEY_START_PATTERN))
        check_number(reader, given, PH_KEY_START_PATTERN, pattern, patterns, "patterns");
    check_mixture(point, given, reader);
    if (ph_start_facts(point->start)->spins == PH_SPINS_MIXED && point->start_overlap < 0.0)
        ph_reader_fail(reader, given->of[PH_KEY_START_OVERLAP].node,
                       "%s: %.12g with start %s, of which it is a share, expected 0 to 1",
                       ph_schema_path(PH_KEY_START_OVERLAP), point->start_overlap,
                       ph_start_facts(point->start)->word);
    check_targets(point, given, reader);
    for (size_t i = 0; i < point->start_patterns.count; i++)
        if (ph_start_uses(point->start, PH_KEY_START_PATTERNS))
            check_number(reader, given, PH_KEY_START_PATTERNS, point->start_patterns.values[i],
                         patterns, "patterns");
    if (!ph_start_uses(point->start, PH_KEY_START_EXAMPLE) || reader->errors > 0)
        return;
    if (!ph_rule_learns(point->rule)) {
        char learners[PH_LEARNERS_SIZE];
        ph_rule_learners(learners);
        ph_reader_fail(reader, given->of[PH_KEY_START].node,
                       "dynamics.start: %s in rule %s, which has no examples, expected "
                       "network.rule %s",
                       ph_start_facts(point->start)->word, PH_RULE_WORDS.words[point->rule],
                       learners);
    } else
        check_number(reader, given, PH_KEY_START_EXAMPLE, (double)point->start_example,
                     point->examples[point->start_pattern - 1], "examples of that pattern");
}
