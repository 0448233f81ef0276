/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Every row of the schema is whole: what a grid says of a key reaches the member its row names, the
 * canonical text, the differences and the identities that its role names, and nothing else does. */
#include <string.h>

#include "params/key_private.h"
#include "params/number_private.h"
#include "tests/params/parse.h"

enum { SETS_MAX = 5, TEXT_SIZE = 160 };

static const char BASE[] = "network: { neurons: 100, patterns: 3 }\nnoise: 0.1\n"
                           "dynamics: { sweeps: 10 }\n";

/* What a key needs beside it to count; its values before and after, where others than its default
 * and one made from that. */
typedef struct {
    ph_key_t key;
    const char *beside[3];
    const char *before, *after;
} case_t;

#define LEARNS "rule=supervised"
#define FILE_START "start={ kind: file, file: a, digest: 00112233445566778899aabbccddeeff }"
static const case_t CASES[] = {
    {PH_KEY_FIGURE_X, {NULL}, NULL, "noise"},
    {PH_KEY_FIGURE_BY, {NULL}, NULL, "network.dilution"},
    {PH_KEY_FIGURE_SHAPE, {"neurons=100"}, NULL, "[10, 10]"},
    {PH_KEY_FIGURE_INSET, {NULL}, NULL, "1:2,3:4"},
    {PH_KEY_PATTERNS_GIVEN, {"neurons=4", "patterns=2"}, "+0+- 0-0+", "+0+- 0-0-"},
    {PH_KEY_PATTERNS_FROM, {"neurons=4", "patterns=2", "patterns_given=\"+0+- 0-0+\""}, NULL, NULL},
    {PH_KEY_EXAMPLES, {LEARNS}, NULL, NULL},
    {PH_KEY_QUALITY, {LEARNS}, NULL, NULL},
    {PH_KEY_ENTROPY, {LEARNS}, NULL, NULL},
    {PH_KEY_BLANK_FIDELITY, {LEARNS}, NULL, NULL},
    {PH_KEY_START_PATTERN, {"start=archetype"}, NULL, NULL},
    {PH_KEY_START_EXAMPLE, {"start=example", LEARNS, "examples=2"}, NULL, NULL},
    {PH_KEY_START_OVERLAP, {"start=corrupted"}, "1", NULL},
    {PH_KEY_START_PATTERNS, {"start=hierarchical"}, NULL, "[2, 1]"},
    {PH_KEY_START_FILE, {FILE_START}, NULL, "b"},
    {PH_KEY_START_DIGEST, {FILE_START}, NULL, "ffeeddccbbaa99887766554433221100"},
    {PH_KEY_START_HIDDEN, {"start=masked"}, NULL, NULL},
    {PH_KEY_START_FILL, {"start=masked"}, NULL, NULL},
    {PH_KEY_START_REGION,
     {"start=masked", "neurons=100", "start_shape=[10, 10]"},
     "[1, 2, 1, 2]",
     "[1, 2, 1, 3]"},
    {PH_KEY_START_SHAPE,
     {"start=masked", "neurons=100", "start_region=[1, 2, 1, 2]"},
     "[10, 10]",
     "[5, 20]"},
    {PH_KEY_START_TARGETS, {FILE_START, "patterns=2"}, NULL, "[2, 1]"},
    {PH_KEY_SCHEDULE_FROM, {"schedule={ sweeps: 5 }", "burn_in=10"}, "2", NULL},
    {PH_KEY_SCHEDULE_SWEEPS, {"schedule={ from: 2 }", "burn_in=10"}, "5", NULL},
    {PH_KEY_SCHEDULE_SCALE, {"schedule={ from: 2, sweeps: 5 }", "burn_in=10"}, NULL, NULL},
    {PH_KEY_FOLLOW, {"noise=[0.1, 0.2]"}, NULL, NULL},
    {PH_KEY_UNTIL_ERROR, {"until={ sweeps_max: 20 }"}, "0.5", NULL},
    {PH_KEY_UNTIL_RHAT, {"until={ error: 0.1, sweeps_max: 20 }"}, "1.5", "1.2"},
    {PH_KEY_UNTIL_SWEEPS_MAX, {"until={ error: 0.1 }"}, "20", NULL},
    {PH_KEY_REPLICA_OVERLAP, {"replicas=2"}, NULL, NULL},
    {PH_KEY_STATES, {NULL}, NULL, "[0, 5]"},
    {PH_KEY_LADDER, {"sampler=replica-exchange"}, "[0.1, 0.2]", "[0.1, 0.3]"},
};

static case_t case_of(ph_key_t key)
{
    for (size_t i = 0; i < sizeof(CASES) / sizeof(CASES[0]); i++)
        if (CASES[i].key == key)
            return CASES[i];
    return (case_t){.key = key};
}

static const void *keeper_of(const ph_schema_t *row, const ph_grid_t *grid)
{
    return row->kept_by == PH_KEPT_BY_GRID ? (const void *)grid : &grid->points[0];
}

/* The base with what the key needs and, if given, a value of its own. */
static void parse_case(ph_grid_t *grid, const case_t *of, const char *value)
{
    const char *sets[SETS_MAX];
    char own[TEXT_SIZE];
    size_t count = 0;
    ph_report_t report;
    ph_report_init(&report);
    ph_grid_init(grid);
    for (size_t i = 0; i < 3 && of->beside[i] != NULL; i++)
        sets[count++] = of->beside[i];
    snprintf(own, sizeof(own), "%s=%s", ph_schema_path(of->key), value);
    if (value != NULL)
        sets[count++] = own;
    const int status = ph_grid_parse(grid, BASE, "base", count, sets, &report);
    ph_report_print(&report, stderr);
    ck_assert_msg(status == PH_OK, "%s", own);
    ph_report_free(&report);
}

/* A value that is not the one in the grid. */
static void other_value(const ph_schema_t *row, const ph_grid_t *grid, char *text)
{
    const double now = ph_key_value(row, keeper_of(row, grid));
    double other = now + 1.0;
    switch (row->type) {
    case PH_TYPE_WORD:
    case PH_TYPE_SET:
        other = row->type == PH_TYPE_SET ? 1.0 : other;
        snprintf(text, TEXT_SIZE, "%s", row->words->words[(size_t)other % row->words->count]);
        return;
    case PH_TYPE_FLAG:
        snprintf(text, TEXT_SIZE, "%s", now != 0.0 ? "false" : "true");
        return;
    case PH_TYPE_TEXT:
        snprintf(text, TEXT_SIZE, "other");
        return;
    default:
        if (row->type == PH_TYPE_REAL)
            other = now > row->minimum ? 0.5 * now : 0.25;
        snprintf(text, TEXT_SIZE, "%.12g", other);
    }
}

/* Disorder, identity and chain, in this order: bit by bit which of them differ. */
static unsigned changed(const ph_grid_t *a, const ph_grid_t *b)
{
    const ph_point_t *p = &a->points[0], *q = &b->points[0];
    return (ph_digest_equal(p->disorder, q->disorder) ? 0U : 1U) |
           (ph_digest_equal(p->identity, q->identity) ? 0U : 2U) |
           (ph_digest_equal(p->chain, q->chain) ? 0U : 4U);
}

static unsigned expected_change(ph_role_t role)
{
    switch (role) {
    case PH_ROLE_DISORDER:
        return 7;
    case PH_ROLE_LEARNING:
    case PH_ROLE_LAW:
    case PH_ROLE_START:
    case PH_ROLE_OPTION:
        return 6;
    case PH_ROLE_SEED:
    case PH_ROLE_RECORD:
        return 4;
    default:
        return 0;
    }
}

static void check_value(const ph_schema_t *row, const ph_grid_t *a, const ph_grid_t *b)
{
    const void *x = keeper_of(row, a), *y = keeper_of(row, b);
    if (row->member == PH_MEMBER_TEXT) {
        ck_assert_str_ne(ph_key_text(row, x), ph_key_text(row, y));
    } else if (row->member == PH_MEMBER_LIST) {
        const ph_list_t *p = ph_key_list(row, x), *q = ph_key_list(row, y);
        ck_assert(p->count != q->count ||
                  memcmp(p->values, q->values, p->count * sizeof(double)) != 0);
    } else {
        ck_assert_msg(ph_key_value(row, x) != ph_key_value(row, y), "%s", row->path);
    }
}

START_TEST(every_key_counts)
{
    const ph_schema_t *row = ph_schema((ph_key_t)_i);
    if (row->key == PH_KEY_OBSERVABLES)
        return; /* all its words are other keys: test_recorded.c, and one that is none out of tree
                 */
    if (row->key == PH_KEY_PATTERNS_FILE || row->key == PH_KEY_PATTERNS_DATASET ||
        row->key == PH_KEY_PATTERNS_LAYOUT ||
        (row->key >= PH_KEY_DATA_FILE && row->key <= PH_KEY_DATA_FROM))
        return; /* only what the file holds counts: test_gridgiven.c, test_griddata.c */
    const case_t of = case_of(row->key);
    ph_grid_t base, grid, again;
    char value[TEXT_SIZE], line[64];
    ph_report_t report;
    parse_case(&base, &of, of.before);
    other_value(row, &base, value);
    parse_case(&grid, &of, of.after != NULL ? of.after : value);
    check_value(row, &base, &grid);
    snprintf(line, sizeof(line), "\n%s%s: ", row->section != NULL ? "  " : "", row->name);
    ck_assert(row->key == PH_KEY_TITLE || strstr(grid.text, line) != NULL);
    ck_assert_str_ne(grid.text, base.text);
    parse(&again, grid.text);
    ck_assert_str_eq(again.text, grid.text);
    ck_assert_uint_eq(changed(&again, &grid), 0);
    ck_assert(ph_digest_equal(base.digest, grid.digest) == (_i < PH_KEY_FIRST));
    ck_assert_msg(changed(&base, &grid) == expected_change(row->role), "%s: %u", row->path,
                  changed(&base, &grid));
    ph_report_init(&report);
    ck_assert_uint_eq(ph_grid_differences(&base, "A", &grid, "B", &report), _i >= PH_KEY_FIRST);
    if (_i >= PH_KEY_FIRST)
        ck_assert(strncmp(report.messages[0].text, row->path, strlen(row->path)) == 0);
    ph_report_free(&report);
    ph_grid_free(&base);
    ph_grid_free(&grid);
    ph_grid_free(&again);
}
END_TEST

/* As an axis, its values reach one point each. */
START_TEST(every_axis_counts)
{
    const ph_schema_t *row = ph_schema((ph_key_t)_i);
    const case_t of = case_of(row->key);
    ph_grid_t base, grid;
    char now[TEXT_SIZE], other[TEXT_SIZE], both[2 * TEXT_SIZE + 8];
    if (!row->axis)
        return;
    parse_case(&base, &of, of.before);
    ph_value_text(row->key, ph_key_value(row, keeper_of(row, &base)), now, sizeof(now));
    other_value(row, &base, other);
    snprintf(both, sizeof(both), "[%s, %s]", other, now);
    parse_case(&grid, &of, both);
    const ph_axis_t *axis = &grid.axes[grid.axes_count - 1];
    ck_assert_uint_eq(grid.points_count, 2 * base.points_count);
    ck_assert_double_ne(ph_key_value(row, &grid.points[0]), ph_key_value(row, &grid.points[1]));
    ck_assert_double_eq(ph_key_value(row, &grid.points[1]), axis->coordinates[0].values[1]);
    ph_grid_free(&base);
    ph_grid_free(&grid);
}
END_TEST

static size_t size_of_member(const ph_schema_t *row)
{
    switch (row->member) {
    case PH_MEMBER_FLAG:
        return sizeof(bool);
    case PH_MEMBER_WORD:
        return sizeof(unsigned);
    case PH_MEMBER_LIST:
        return sizeof(ph_list_t);
    default:
        return sizeof(double);
    }
}

/* Members by the type of key that they can keep. */
static unsigned members_for(ph_type_t type)
{
    switch (type) {
    case PH_TYPE_TEXT:
        return 1U << PH_MEMBER_TEXT;
    case PH_TYPE_FLAG:
        return 1U << PH_MEMBER_FLAG;
    case PH_TYPE_WORD:
    case PH_TYPE_SET:
        return 1U << PH_MEMBER_WORD;
    case PH_TYPE_INTEGER:
        return 1U << PH_MEMBER_INTEGER | 1U << PH_MEMBER_SEED | 1U << PH_MEMBER_LIST |
               1U << PH_MEMBER_EACH;
    default:
        return 1U << PH_MEMBER_REAL | 1U << PH_MEMBER_LIST | 1U << PH_MEMBER_EACH;
    }
}

/* No field of a row is left out, and no two rows name one member. */
START_TEST(every_row_is_whole)
{
    const ph_schema_t *row = ph_schema((ph_key_t)_i);
    const bool number = row->type == PH_TYPE_INTEGER || row->type == PH_TYPE_REAL;
    ck_assert_ptr_nonnull(row->path);
    ck_assert_ptr_nonnull(row->unit);
    ck_assert_ptr_nonnull(row->help);
    ck_assert(row->fallback != NULL || row->example != NULL);
    ck_assert_int_eq(row->map != NULL, row->part != NULL);
    ck_assert_msg(members_for(row->type) >> row->member & 1U, "%s", row->path);
    ck_assert(!number || row->minimum < row->maximum);
    for (int k = 0; k < _i; k++) {
        const ph_schema_t *other = ph_schema((ph_key_t)k);
        ck_assert_msg(other->kept_by != row->kept_by ||
                          row->offset + size_of_member(row) <= other->offset ||
                          other->offset + size_of_member(other) <= row->offset,
                      "%s and %s", row->path, other->path);
    }
}
END_TEST

PH_TEST_PROGRAM("keys")
{
    TCase *tcase = tcase_create("keys");
    tcase_add_loop_test(tcase, every_row_is_whole, 0, PH_KEY_COUNT);
    tcase_add_loop_test(tcase, every_key_counts, 0, PH_KEY_COUNT);
    tcase_add_loop_test(tcase, every_axis_counts, 0, PH_KEY_COUNT);
    return test_run("keys", tcase);
}
