/* SPDX-License-Identifier: GPL-3.0-or-later */

/* From text to tree: kinds, quotes, places and depth of nodes; and how a tree becomes one entry a
 * key. */
#include <stdio.h>
#include <string.h>

#include "params/grid_private.h"
#include "tests/testing.h"

enum { TEXT_SIZE = 16384, DRAWN = 300 };

static ph_report_t report;

static ph_reader_t begin(void)
{
    ph_report_init(&report);
    return (ph_reader_t){.report = &report, .name = "g"};
}

/* A tree in one line: text@line:column, quoted texts in quotes, "[a, b]@1:1", "{k: v}@1:1". */
static void dump(const ph_node_t *node, ph_text_t *text)
{
    const bool map = node->kind == PH_NODE_MAP;
    if (node->kind == PH_NODE_SCALAR) {
        ph_text_add(text, node->quoted ? "\"%s\"" : "%s", node->text);
        ck_assert_uint_eq(strlen(node->text), node->length);
    } else {
        ph_text_add(text, map ? "{" : "[");
        for (size_t i = 0; i < node->count; i++) {
            ph_text_add(text, "%s", i == 0 ? "" : map && i % 2 == 1 ? ": " : ", ");
            dump(node->children[i], text);
        }
        ph_text_add(text, map ? "}" : "]");
    }
    ph_text_add(text, "@%d:%d", node->line, node->column);
}

static const struct {
    const char *text, *tree; /* or the one message */
} TREES[] = {
    {"a", "a@1:1"},
    {"'a'", "\"a\"@1:2"}, /* a text in quotes begins behind the first */
    {"\n\n  a: 1", "{a@3:3: 1@3:6}@3:3"},
    {"a: \"1\"\nb: '2'\nc: |\n  3\nd: >\n  4\n",
     "{a@1:1: \"1\"@1:5, b@2:1: \"2\"@2:5, c@3:1: \"3\n\"@4:1, d@5:1: \"4\n\"@6:1}@1:1"},
    {"a: [1, [2, 3], {b: 4}]",
     "{a@1:1: [1@1:5, [2@1:9, 3@1:12]@1:8, {b@1:17: 4@1:20}@1:16]@1:4}@1:1"},
    {"a:\n  - 1\n  - 2\n", "{a@1:1: [1@2:5, 2@3:5]@2:3}@1:1"},
    {"\"\xc3\xa9\": \xc3\xa9\xc3\xa9\n\xc3\xa9: {x: y}\n",
     "{\"\xc3\xa9\"@1:2: \xc3\xa9\xc3\xa9@1:6, \xc3\xa9@2:1: {x@2:5: y@2:8}@2:4}@1:1"},
    {"{}", "{}@1:1"},
    {"[]", "[]@1:1"},
    {"a: {}\nb: []", "{a@1:1: {}@1:4, b@2:1: []@2:4}@1:1"},
    /* what is not there has the place of its key, or of what it stands behind; what is in quotes
     * is there */
    {"a:\nb: { c: , d: 1 }\n", "{a@1:1: @1:1, b@2:1: {c@2:6: @2:6, d@2:11: 1@2:14}@2:4}@1:1"},
    {"a: 1\nb: ''\n", "{a@1:1: 1@1:4, b@2:1: \"\"@2:5}@1:1"},
    {"[1, '', 2]", "[1@1:2, \"\"@1:6, 2@1:9]@1:1"},
    {"- 1\n-\n- 2\n", "[1@1:3, @1:3, 2@3:3]@1:1"},
    {"-\n- 1\n", "[@1:1, 1@2:3]@1:1"},
    {"a: 1\na: 2\n", "{a@1:1: 1@1:4, a@2:1: 2@2:4}@1:1"}, /* twice: said where keys are taken */
    {"? [a, b]\n: c\n", "{[a@1:4, b@1:7]@1:3: c@2:3}@1:1"},
    {"%YAML 1.2\n---\na: 1\n...\n", "{a@3:1: 1@3:4}@3:1"},
    {"# nothing\n", "g:1:1: is empty, expected a grid; `polyhebb new` prints one"},
    {"a: *b", "g:1:5: an anchor or alias (& or *) is not allowed in a grid, expected the value "
              "itself; write it out"},
    {"a: &x [1]", "g:1:5: an anchor or alias (& or *) is not allowed in a grid, expected the value "
                  "itself; write it out"},
    {"&x\na: 1", "g:1:2: an anchor or alias (& or *) is not allowed in a grid, expected the value "
                 "itself; write it out"},
    {"a: !!seq [1]", "g:1:4: a tag (!...) is not allowed in a grid, expected the plain value; "
                     "remove the tag"},
    {"a: !!map {}", "g:1:4: a tag (!...) is not allowed in a grid, expected the plain value; "
                    "remove the tag"},
    {"a: 1\n--- 2\n", "g:2:1: a second document starts here, expected one grid a file"},
    {"a\xc3\xa9\n\xc3\xa9\xc3\xa9\xfe",
     "g:2:3: the byte 0xfe is not text here, expected a file in UTF-8"},
};

/* Every kind of YAML that a grid may hold, and none that it may not. */
START_TEST(trees)
{
    ph_reader_t reader = begin();
    ph_text_t text = {.text = NULL};
    ph_node_t *root = ph_yaml_parse(&reader, TREES[_i].text, strlen(TREES[_i].text), NULL);
    if (root != NULL) {
        dump(root, &text);
        ck_assert_str_eq(text.text, TREES[_i].tree);
        ck_assert_uint_eq(reader.errors, 0);
    } else {
        ck_assert_uint_eq(report.count, 1);
        ck_assert_str_eq(report.messages[0].text, TREES[_i].tree);
        ck_assert_int_eq(reader.status, PH_ERR_INPUT);
    }
    free(text.text);
    ph_node_free(root);
    ph_report_free(&report);
}
END_TEST

/* A text drawn at random beside the dump that its tree must have. */
typedef struct {
    char yaml[TEXT_SIZE];
    size_t length;
    int line, column;
    uint64_t state;
    ph_text_t tree;
} drawn_t;

static unsigned draw(drawn_t *self, unsigned below)
{
    self->state = self->state * 6364136223846793005U + 1442695040888963407U;
    return (unsigned)((self->state >> 33) % below);
}

static void put(drawn_t *self, const char *text)
{
    for (; *text != '\0'; text++) {
        self->yaml[self->length++] = *text;
        self->line += *text == '\n';
        self->column = *text == '\n' ? 1 : self->column + (((unsigned char)*text & 0xc0) != 0x80);
    }
    ck_assert_uint_lt(self->length, TEXT_SIZE - 100);
    self->yaml[self->length] = '\0';
}

static void gap(drawn_t *self)
{
    static const char *const GAPS[] = {"", " ", "   ", "\n", " # a word\n  "};
    put(self, GAPS[draw(self, 5)]);
}

static void put_scalar(drawn_t *self)
{
    static const char *const SCALARS[][2] = {{"a", "a"},
                                             {"-1.5e3", "-1.5e3"},
                                             {"two words", "two words"},
                                             {"'it''s'", "\"it's\""},
                                             {"\"\\u00e9\"", "\"\xc3\xa9\""},
                                             {"\xc3\xa9", "\xc3\xa9"},
                                             {"\"a: [b]\"", "\"a: [b]\""},
                                             {"x.y", "x.y"},
                                             {"''", "\"\""}};
    const unsigned which = draw(self, sizeof(SCALARS) / sizeof(SCALARS[0]));
    const int quote = strcspn(SCALARS[which][0], "'\"") == 0; /* its text begins behind it */
    ph_text_add(&self->tree, "%s@%d:%d", SCALARS[which][1], self->line, self->column + quote);
    put(self, SCALARS[which][0]);
}

static void put_node(drawn_t *self, unsigned depth)
{
    const int line = self->line, column = self->column;
    const unsigned kind = depth == 0 ? 0 : draw(self, 3), count = draw(self, depth > 3 ? 3 : 5);
    if (kind == 0 && depth < 5) {
        put_scalar(self);
        return;
    }
    const bool map = kind == 2;
    put(self, map ? "{" : "[");
    ph_text_add(&self->tree, map ? "{" : "[");
    for (unsigned i = 0; i < count; i++) {
        ph_text_add(&self->tree, i > 0 ? ", " : "");
        gap(self);
        if (map) {
            char name[16];
            snprintf(name, sizeof(name), "k%u", draw(self, 1000));
            ph_text_add(&self->tree, "%s@%d:%d: ", name, self->line, self->column);
            put(self, name);
            put(self, ": ");
        }
        put_node(self, depth - 1);
        gap(self);
        put(self, i + 1 < count ? ", " : "");
    }
    put(self, map ? "}" : "]");
    ph_text_add(&self->tree, map ? "}@%d:%d" : "]@%d:%d", line, column);
}

/* Lists and maps in each other, whatever is between them: node by node at its place. */
START_TEST(drawn_trees)
{
    static drawn_t drawn;
    for (uint64_t seed = 0; seed < DRAWN; seed += (uint64_t)test_step(20)) {
        ph_reader_t reader = begin();
        ph_text_t text = {.text = NULL};
        drawn = (drawn_t){.line = 1, .column = 1, .state = seed};
        put_node(&drawn, 5);
        ph_node_t *root = ph_yaml_parse(&reader, drawn.yaml, drawn.length, NULL);
        ck_assert_msg(root != NULL, "%s\n%s", drawn.yaml,
                      report.count ? report.messages[0].text : "");
        dump(root, &text);
        ck_assert_str_eq(text.text, drawn.tree.text);
        free(text.text);
        free(drawn.tree.text);
        ph_node_free(root);
        ph_report_free(&report);
    }
}
END_TEST

/* Lists in lists up to the depth that is allowed; long lists. */
START_TEST(depth_and_length)
{
    char text[4096];
    for (int depth = 1; depth <= PH_MAX_DEPTH + 1; depth++) {
        ph_reader_t reader = begin();
        memset(text, '[', (size_t)depth);
        memset(text + depth, ']', (size_t)depth);
        ph_node_t *root =
            ph_yaml_parse(&reader, text, 2 * (size_t)depth + (text[2 * depth] = 0), NULL);
        ck_assert_int_eq(root != NULL, depth <= PH_MAX_DEPTH);
        if (root == NULL)
            ck_assert_str_eq(report.messages[0].text, "g:1:17: nested too deeply, expected lists "
                                                      "and maps as in the reference grid");
        ph_node_free(root);
        ph_report_free(&report);
    }
    for (size_t count = 1; count < 40; count++) {
        ph_reader_t reader = begin();
        strcpy(text, "[x");
        for (size_t i = 1; i < count; i++)
            strcat(text, ",x");
        strcat(text, "]");
        ph_node_t *root = ph_yaml_parse(&reader, text, strlen(text), NULL);
        ck_assert_uint_eq(root->count, count);
        for (size_t i = 0; i < count; i++)
            ck_assert_int_eq(root->children[i]->column, 2 + 2 * (int)i);
        ph_node_free(root);
    }
}
END_TEST

static const struct {
    const char *value, *message; /* NULL: none */
} SETS[] = {
    {"1", NULL},
    {"[1, 2]", NULL},
    {"{ from: 1 }", NULL},
    {"", "--set a=b: has no value, expected one after the ="},
    {"[1", "--set a=b: YAML syntax: flow sequence without a closing bracket, expected a value, a "
           "[list] or a { map }"},
    {"*a", "--set a=b: an anchor or alias (& or *) is not allowed in a grid, expected the value "
           "itself; write it out"},
    {"\xff", "--set a=b: the byte 0xff is not text here, expected a file in UTF-8"},
};

/* What --set says has no line, but its name. */
START_TEST(sets)
{
    ph_reader_t reader = begin();
    ph_node_t *root = ph_yaml_parse(&reader, SETS[_i].value, strlen(SETS[_i].value), "--set a=b");
    ck_assert_int_eq(root == NULL, SETS[_i].message != NULL);
    if (root == NULL)
        ck_assert_str_eq(report.messages[0].text, SETS[_i].message);
    else
        ck_assert(root->line == 0 && root->column == 0 && strcmp(root->source, "--set a=b") == 0);
    ph_node_free(root);
    ph_report_free(&report);
}
END_TEST

static void check_gathered(int i)
{
    static ph_entries_t entries;
    const ph_schema_t *row = ph_schema((ph_key_t)i);
    for (int part = 0; part <= (row->map != NULL); part++) {
        char text[200];
        ph_reader_t reader = begin();
        const char *open = row->section != NULL ? ": {" : "";
        /* a map of the start needs its kind to be one; "from" alone begins a range */
        const bool start = ph_schema(PH_KEY_START)->map == row->map && i != PH_KEY_START;
        const bool beside = part && (start || i == PH_KEY_PATTERNS_FROM);
        const int other = start ? PH_KEY_START : PH_KEY_PATTERNS;
        if (part)
            snprintf(text, sizeof(text), "%s: { %s: { %s%s: 7 } }", row->section, row->map,
                     !beside ? ""
                     : start ? "kind: file, "
                             : "choose: 3, ",
                     row->part);
        else
            snprintf(text, sizeof(text), "%s%s%s: 7%s", row->section != NULL ? row->section : "",
                     open, row->name, row->section != NULL ? " }" : "");
        ph_node_t *root = ph_yaml_parse(&reader, text, strlen(text), NULL);
        memset(&entries, 0, sizeof(entries));
        ph_entries_gather(&entries, root, &reader);
        ck_assert_msg(reader.errors == 0, "%s: %s", text,
                      report.count ? report.messages[0].text : "");
        for (int k = 0; k < PH_KEY_COUNT; k++) {
            const char *own = ph_schema((ph_key_t)k)->section;
            ck_assert_int_eq(entries.of[k].node != NULL, k == i || (beside && k == other));
            ck_assert_int_eq(entries.places[k] != NULL,
                             own != NULL && row->section != NULL && strcmp(own, row->section) == 0);
        }
        ck_assert_str_eq(entries.of[i].node->text, "7");
        ck_assert_ptr_null(entries.zip_node);
        ph_entries_free(&entries);
        ph_node_free(root);
        ph_report_free(&report);
    }
}

/* Which key a text sets, section by section: each by its own name in its own section, those of a
 * map by their part of it too. */
START_TEST(gathered)
{
    for (int i = 0; i < PH_KEY_COUNT; i++)
        check_gathered(i);
}
END_TEST

/* In another section than its own, a key and a map of keys are unknown, and set nothing. */
static void check_misplaced(int i)
{
    static const char *const SECTIONS[] = {"figure",   "network", "dynamics",
                                           "ensemble", "record",  "theory"};
    static ph_entries_t entries;
    const ph_schema_t *row = ph_schema((ph_key_t)i);
    for (size_t k = 0; k < 5; k++) {
        char text[200];
        size_t set = 0;
        ph_reader_t reader = begin();
        if (row->section != NULL && strcmp(row->section, SECTIONS[k]) == 0)
            continue;
        if (row->map != NULL)
            snprintf(text, sizeof(text), "%s: { %s: { kind: 1, %s: 7 } }", SECTIONS[k], row->map,
                     row->part);
        else
            snprintf(text, sizeof(text), "%s: { %s: 7 }", SECTIONS[k], row->name);
        ph_node_t *root = ph_yaml_parse(&reader, text, strlen(text), NULL);
        memset(&entries, 0, sizeof(entries));
        ph_entries_gather(&entries, root, &reader);
        for (int j = 0; j < PH_KEY_COUNT; j++)
            set += entries.of[j].node != NULL;
        ck_assert_msg(set == 0 && reader.errors == 1, "%s: %zu set, %zu errors", text, set,
                      reader.errors);
        ck_assert_ptr_nonnull(strstr(report.messages[0].text, "unknown key \""));
        ph_entries_free(&entries);
        ph_node_free(root);
        ph_report_free(&report);
    }
}

START_TEST(misplaced)
{
    for (int i = 0; i < PH_KEY_COUNT; i++)
        check_misplaced(i);
}
END_TEST

static void check_overridden(int i)
{
    static ph_entries_t entries;
    const ph_schema_t *row = ph_schema((ph_key_t)i);
    const char *const names[2] = {row->path, row->name};
    const ph_node_t value = {.source = "--set"};
    for (int k = 0; k < 2; k++) {
        bool named[PH_KEY_COUNT + 1] = {false};
        ph_reader_t reader = begin();
        memset(&entries, 0, sizeof(entries));
        ph_entries_override(&entries, names[k], &value, named, &reader);
        for (int j = 0; j <= PH_KEY_COUNT; j++)
            ck_assert_int_eq(named[j], j == i);
        for (int j = 0; j < PH_KEY_COUNT; j++)
            ck_assert_ptr_eq(entries.of[j].node, j == i ? &value : NULL);
        ck_assert_uint_eq(reader.errors, 0);
        ph_entries_override(&entries, names[1 - k], &value, named, &reader);
        ck_assert_uint_eq(reader.errors, 1);
        ck_assert_str_eq(report.messages[0].text,
                         "--set: the key is set twice, expected one --set a key");
        ph_report_free(&report);
    }
}

/* --set knows each key by its full and its last name; what it sets is that key alone, and only
 * once. */
START_TEST(overridden)
{
    for (int i = 0; i < PH_KEY_COUNT; i++)
        check_overridden(i);
}
END_TEST

PH_TEST_PROGRAM("yaml")
{
    TCase *tcase = tcase_create("yaml");
    tcase_set_timeout(tcase, 60);
    tcase_add_loop_test(tcase, trees, 0, sizeof(TREES) / sizeof(TREES[0]));
    tcase_add_test(tcase, drawn_trees);
    tcase_add_test(tcase, depth_and_length);
    tcase_add_loop_test(tcase, sets, 0, sizeof(SETS) / sizeof(SETS[0]));
    tcase_add_test(tcase, gathered);
    tcase_add_test(tcase, misplaced);
    tcase_add_test(tcase, overridden);
    return test_run("yaml", tcase);
}
