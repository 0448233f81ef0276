/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Values of every key at the ends of its range, ranges by their definition, and how many points and
 * bytes a grid may have. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/machine.h"
#include "params/grid_private.h"
#include "tests/params/parse.h"

static const char BASE[] = "network: { neurons: 100, patterns: 3 }\nnoise: 0.1\n"
                           "dynamics: { sweeps: 10 }\n";

/* Whether any message of a grid with this --set says these words of this key. */
static bool says(const ph_schema_t *row, const char *value, const char *words)
{
    char set[160], begin[200];
    const char *sets[] = {set};
    ph_grid_t grid;
    ph_report_t report;
    bool said = false;
    ph_report_init(&report);
    ph_grid_init(&grid);
    snprintf(set, sizeof(set), "%s=%s", row->path, value);
    snprintf(begin, sizeof(begin), "--set %s: %s: ", set, row->path);
    ph_grid_parse(&grid, BASE, "g", 1, sets, &report);
    for (size_t i = 0; i < report.count; i++)
        said = said || (strncmp(report.messages[i].text, begin, strlen(begin)) == 0 &&
                        strstr(report.messages[i].text, words) != NULL);
    ph_report_free(&report);
    ph_grid_free(&grid);
    return said;
}

/* Both ends of the range of each key are in it, the next numbers are not, and what they are not is
 * said: whole, a number, one at all. */
START_TEST(ends_of_keys)
{
    for (int i = 0; i < PH_KEY_COUNT; i++) {
        const ph_schema_t *row = ph_schema((ph_key_t)i);
        const bool integer = row->type == PH_TYPE_INTEGER;
        if ((!integer && row->type != PH_TYPE_REAL) || row->member == PH_MEMBER_SEED ||
            row->member == PH_MEMBER_LIST)
            continue;
        for (int end = 0; end < 2; end++) {
            const double limit = end == 0 ? row->minimum : row->maximum;
            const double step = integer ? 1.0 : limit == 0.0 ? 1e-12 : 1e-11 * fabs(limit);
            char at[40], beyond[40];
            snprintf(at, sizeof(at), "%.12g", limit);
            snprintf(beyond, sizeof(beyond), integer ? "%.0f" : "%.15g",
                     end == 0 ? limit - step : limit + step);
            ck_assert_msg(!says(row, at, "is out of range"), "%s: %s", row->path, at);
            ck_assert_msg(says(row, beyond, "is out of range"), "%s: %s", row->path, beyond);
        }
        ck_assert_int_eq(says(row, "2.5", "is not whole"), integer);
        ck_assert(says(row, "two", "two is not a number"));
        ck_assert(says(row, "\"1\"", "1 in quotes is text, not a number"));
        ck_assert(says(row, "1e999", "is too large or too small"));
        ck_assert_int_eq(says(row, "[1, 2]", "a list cannot be an axis"), !row->axis);
    }
}
END_TEST

static bool is_word(const ph_words_t *words, const char *text)
{
    bool found = false;
    for (size_t w = 0; w < words->count; w++)
        found = found || strcmp(words->words[w], text) == 0;
    return found;
}

/* Each word of a key is taken as its place in the list; cut by a letter it is proposed, unless that
 * is a word too. */
START_TEST(words_of_keys)
{
    for (int i = 0; i < PH_KEY_COUNT; i++) {
        const ph_schema_t *row = ph_schema((ph_key_t)i);
        for (size_t w = 0; row->words != NULL && w < row->words->count; w++) {
            char word[40], proposed[80];
            snprintf(word, sizeof(word), "%s", row->words->words[w]);
            ck_assert(!says(row, word, "is unknown"));
            word[strlen(word) - 1] = '\0';
            if (is_word(row->words, word))
                continue;
            snprintf(proposed, sizeof(proposed), "is unknown (did you mean %s?), expected ",
                     row->words->words[w]);
            ck_assert_msg(says(row, word, strlen(word) > 2 ? proposed : "is unknown"), "%s", word);
        }
        if (row->type == PH_TYPE_FLAG)
            ck_assert(!says(row, "true", "neither") && !says(row, "false", "neither") &&
                      says(row, "True", "is neither true nor false") && says(row, "1", "neither"));
    }
}
END_TEST

static double draw(uint64_t *state)
{
    *state = *state * 6364136223846793005U + 1442695040888963407U;
    return (double)(*state >> 11) * 0x1p-53;
}

/* A range of noises, either way round, on either scale: as many values as asked for, both ends to
 * the digit, the rest at even distances or ratios to twelve digits. */
START_TEST(ranges)
{
    uint64_t state = 7;
    for (int round = 0; round < 120; round += test_step(10)) {
        const bool log_scale = round % 2 == 1, turned = round % 4 > 1;
        const double low = ph_round12(0.01 + draw(&state)),
                     high = ph_round12(low + 3 * draw(&state));
        const size_t steps = 2 + (size_t)(40 * draw(&state));
        char text[300];
        ph_grid_t grid;
        snprintf(text, sizeof(text),
                 "network: { neurons: 9, patterns: 1 }\ndynamics: { sweeps: 1 }\n"
                 "noise: { %s: %.12g, %s: %.12g, steps: %zu%s }\n",
                 turned ? "to" : "from", low, turned ? "from" : "to", high, steps,
                 log_scale ? ", scale: log" : "");
        parse(&grid, text);
        ck_assert_uint_eq(grid.points_count, steps);
        ck_assert(grid.points[0].noise == low && grid.points[steps - 1].noise == high);
        for (size_t i = 0; i < steps; i++) {
            const double t = (double)i / (double)(steps - 1);
            const double right = log_scale ? low * pow(high / low, t) : low + (high - low) * t;
            ck_assert(fabs(grid.points[i].noise - right) < 6e-12 * right);
            ck_assert(ph_round12(grid.points[i].noise) == grid.points[i].noise);
        }
        ph_grid_free(&grid);
    }
}
END_TEST

static const struct {
    const char *text;
    size_t points; /* 0: more than there may be */
} COUNTED[] = {
    {"noise: 1", 1},
    {"noise: [1, 2, 3]", 3},
    {"noise: { from: 1, to: 2, steps: 3162 }\ndynamics: { sweeps: { from: 1, to: 2, steps: 3162 } "
     "}",
     9998244},
    {"noise: { from: 1, to: 2, steps: 3163 }\ndynamics: { sweeps: { from: 1, to: 2, steps: 3162 } "
     "}",
     0},
    {"noise: { from: 1, to: 2, steps: 10000000 }", 10000000},
    {"noise: { from: 1, to: 2, steps: 10000000 }\ndynamics: { burn_in: [1, 2] }", 0},
    {"noise: { from: 1, to: 2, steps: 10000000 }\n"
     "dynamics: { burn_in: { from: 1, to: 2, steps: 10000000 } }\nzip: [[noise, burn_in]]",
     10000000},
    {"noise: { from: 1, to: 2, steps: 10000000 }\nensemble: { samples: [1, 2] }", 10000000},
    {"noise: { from: 1, to: 2, steps: 10000001 }\ndynamics: { burn_in: [1, 2] }", 2},
    {"noise: []\ndynamics: { burn_in: [1, 2], sweeps: {} }", 2},
};

/* Points are counted from lengths alone, to the last that may be; what memory allows is another
 * matter, told apart. */
START_TEST(counted)
{
    static ph_entries_t entries;
    for (size_t i = 0; i < sizeof(COUNTED) / sizeof(COUNTED[0]); i++) {
        ph_report_t report;
        ph_report_init(&report);
        ph_reader_t reader = {.report = &report, .name = "g"};
        ph_node_t *root = ph_yaml_parse(&reader, COUNTED[i].text, strlen(COUNTED[i].text), NULL);
        memset(&entries, 0, sizeof(entries));
        ph_entries_gather(&entries, root, &reader);
        const bool fits = ph_entries_count(&entries, &reader);
        ck_assert_int_eq(fits, reader.errors == 0);
        ck_assert_int_eq(reader.status == PH_ERR_INPUT, COUNTED[i].points == 0);
        ck_assert(fits || COUNTED[i].points == 0 || COUNTED[i].points > 100000);
        if (COUNTED[i].points == 0)
            ck_assert_ptr_nonnull(strstr(report.messages[0].text, "points (noise 1000") != NULL
                                      ? report.messages[0].text
                                      : strstr(report.messages[0].text, "points (noise 3163 x"));
        ph_entries_free(&entries);
        ph_node_free(root);
        ph_report_free(&report);
    }
}
END_TEST

/* What is allowed is taken to the byte; up to 64 MiB nobody asks. */
START_TEST(memory)
{
    static const struct {
        double bytes;
        bool fits;
    } SIZES[] = {
        {0, true},     {64.0 * 1048576, true}, {64.0 * 1048576 + 1, true}, {100.0 * 1048576, true},
        {1e15, false}, {INFINITY, false}};
    for (size_t i = 0; i < sizeof(SIZES) / sizeof(SIZES[0]); i++) {
        ph_report_t report;
        ph_report_init(&report);
        ph_reader_t reader = {.report = &report, .name = "g.yaml"};
        ph_reader_check_memory(&reader, SIZES[i].bytes, 77);
        ck_assert_int_eq(reader.status, SIZES[i].fits ? PH_OK : PH_ERR_LIMIT);
        ck_assert_uint_eq(reader.errors, !SIZES[i].fits);
        if (!SIZES[i].fits)
            ck_assert_int_eq(strncmp(report.messages[0].text, "g.yaml: 77 points need about ", 29),
                             0);
        ph_report_free(&report);
    }
    ph_reader_t reader = {.name = "g.yaml"};
    const double limit = (double)ph_machine_memory().value;
    ph_reader_check_memory(&reader, limit * 1.5 + 1e9, 1);
    ck_assert_int_eq(reader.status, PH_ERR_LIMIT);
}
END_TEST

PH_TEST_MAIN("ranges", ends_of_keys, words_of_keys, ranges, counted, memory)
