/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The member that each row of the schema names: set alone, read back, and nothing beside it; and
 * the facts of starts and samplers against what grids then do. */
#include <stdio.h>
#include <string.h>

#include "params/grid_private.h"
#include "tests/testing.h"

enum { KEEPER_BYTES = 4096 };

_Static_assert(sizeof(ph_grid_t) <= KEEPER_BYTES && sizeof(ph_point_t) <= KEEPER_BYTES,
               "keepers fit");

static const double VALUES[3] = {0.25, 0.5, 0.75};

/* Sets a member to a value that its key may have, by the call for its type; its size. */
static size_t set_member(const ph_schema_t *row, void *keeper)
{
    switch (row->member) {
    case PH_MEMBER_INTEGER:
        ph_key_set(row, keeper, 12345678901.0);
        return sizeof(int64_t);
    case PH_MEMBER_REAL:
        ph_key_set(row, keeper, 0.3);
        return sizeof(double);
    case PH_MEMBER_FLAG:
        ph_key_set(row, keeper, 1.0);
        return sizeof(bool);
    case PH_MEMBER_WORD:
        ph_key_set(row, keeper, 2.0);
        return sizeof(unsigned);
    case PH_MEMBER_SEED:
        ph_key_set_seed(row, keeper, UINT64_C(9223372036854775807));
        return sizeof(uint64_t);
    case PH_MEMBER_EACH:
        ph_key_set_each(row, keeper, VALUES);
        return sizeof(const double *);
    case PH_MEMBER_LIST:
        ph_key_set_list(row, keeper, (ph_list_t){3, VALUES});
        return sizeof(ph_list_t);
    case PH_MEMBER_TEXT:
        ph_key_set_text(row, keeper, "a text");
        return sizeof(const char *);
    default:
        return 0;
    }
}

/* What each accessor says of the member; of the wrong type it is nothing. */
static void check_member(const ph_schema_t *row, const void *keeper)
{
    static const double RIGHT[] = {[PH_MEMBER_INTEGER] = 12345678901.0,
                                   [PH_MEMBER_SEED] = 9223372036854775807.0,
                                   [PH_MEMBER_REAL] = 0.3,
                                   [PH_MEMBER_FLAG] = 1.0,
                                   [PH_MEMBER_WORD] = 2.0,
                                   [PH_MEMBER_TEXT] = 0.0,
                                   [PH_MEMBER_LIST] = 0.0,
                                   [PH_MEMBER_EACH] = 0.25};
    const ph_list_t *list = ph_key_list(row, keeper);
    const char *text = ph_key_text(row, keeper);
    ck_assert_double_eq(ph_key_value(row, keeper), RIGHT[row->member]);
    ck_assert_ptr_eq(ph_key_each(row, keeper), row->member == PH_MEMBER_EACH ? VALUES : NULL);
    ck_assert_int_eq(list != NULL, row->member == PH_MEMBER_LIST);
    ck_assert_int_eq(text != NULL, row->member == PH_MEMBER_TEXT);
    ck_assert(list == NULL || (list->count == 3 && list->values == VALUES));
    ck_assert(text == NULL || strcmp(text, "a text") == 0);
    if (row->member == PH_MEMBER_SEED)
        ck_assert_uint_eq(ph_key_seed(row, keeper), UINT64_C(9223372036854775807));
}

static void check_alone(const ph_schema_t *row)
{
    for (int filler = 0; filler < 256; filler += 85) {
        static _Alignas(16) unsigned char keeper[KEEPER_BYTES];
        memset(keeper, filler, sizeof(keeper));
        const size_t size = set_member(row, keeper);
        ck_assert_uint_gt(size, 0);
        check_member(row, keeper);
        size_t changed = 0;
        for (size_t i = 0; i < sizeof(keeper); i++)
            changed += keeper[i] != filler && (i < row->offset || i >= row->offset + size);
        ck_assert_msg(changed == 0, "%s", row->path);
    }
}

/* A text that is not there reads as an empty one; one number into a member that holds none, or
 * more than a double does, changes nothing. */
static void check_number(const ph_schema_t *row)
{
    static _Alignas(16) unsigned char keeper[KEEPER_BYTES], before[KEEPER_BYTES];
    const bool none = row->member == PH_MEMBER_SEED || row->member == PH_MEMBER_TEXT ||
                      row->member == PH_MEMBER_LIST || row->member == PH_MEMBER_EACH;
    memset(keeper, 0, sizeof(keeper));
    if (row->member == PH_MEMBER_TEXT)
        ck_assert_str_eq(ph_key_text(row, keeper), "");
    memcpy(before, keeper, sizeof(keeper));
    ph_key_set(row, keeper, 1.0);
    ck_assert_int_eq(memcmp(keeper, before, sizeof(keeper)) == 0, none);
    ph_key_set(row, keeper, 0.0);
    ck_assert_int_eq(memcmp(keeper, before, sizeof(keeper)), 0);
}

START_TEST(members_of_rows)
{
    for (int i = 0; i < PH_KEY_COUNT; i++) {
        check_alone(ph_schema((ph_key_t)i));
        check_number(ph_schema((ph_key_t)i));
    }
}
END_TEST

/* A network that learns, at noise 0.1, with these --set. */
static int try(size_t count, const char *const *sets, ph_grid_t *grid, ph_report_t *report)
{
    static const char TEXT[] = "network: { neurons: 100, patterns: 3, rule: supervised, "
                               "examples: 2 }\nnoise: 0.1\ndynamics: { sweeps: 10, burn_in: 20 }\n";
    ph_report_init(report);
    ph_grid_init(grid);
    return ph_grid_parse(grid, TEXT, "g", count, sets, report);
}

#define DIGEST "00112233445566778899aabbccddeeff"

/* The parts of a start that say something other than by default. */
static const struct {
    ph_key_t key;
    const char *part;
} PARTS[] = {{PH_KEY_START_PATTERN, "pattern: 2"},
             {PH_KEY_START_EXAMPLE, "example: 2"},
             {PH_KEY_START_OVERLAP, "overlap: 0.5"},
             {PH_KEY_START_PATTERNS, "patterns: [2, 1]"},
             {PH_KEY_START_HIDDEN, "hidden: 0.5"},
             {PH_KEY_START_FILL, "fill: down"},
             {PH_KEY_START_REGION, "region: [1, 2, 1, 2], shape: [10, 10]"},
             {PH_KEY_START_TARGETS, "targets: [2, 1]"},
             {PH_KEY_START_FILE, "file: no_such, digest: " DIGEST}};
enum { PARTS_COUNT = sizeof(PARTS) / sizeof(PARTS[0]) };

/* A start takes just the parts that its row says, all at once and any of the rest not; it does
 * without those that are not needed. */
START_TEST(parts_of_a_start)
{
    const ph_start_id_t start = (ph_start_id_t)_i;
    const ph_start_facts_t *facts = ph_start_facts(start);
    ck_assert_str_eq(facts->word, PH_START_WORDS.words[_i]);
    ck_assert_uint_eq(facts->needed & ~facts->keys, 0);
    ck_assert_int_eq(facts->needed != 0, facts->such != NULL);
    for (unsigned set = 0; set < 1U << PARTS_COUNT; set += (unsigned)test_step(7)) {
        char text[300];
        ph_grid_t grid;
        ph_report_t report;
        const char *sets[] = {text};
        uint64_t given = 0;
        int length = snprintf(text, sizeof(text), "start={ kind: %s", facts->word);
        for (unsigned k = 0; k < PARTS_COUNT; k++)
            if (set >> k & 1U) {
                given |= UINT64_C(1) << PARTS[k].key;
                length +=
                    snprintf(text + length, sizeof(text) - (size_t)length, ", %s", PARTS[k].part);
            }
        snprintf(text + length, sizeof(text) - (size_t)length, " }");
        const bool right = (given & ~facts->keys) == 0 && (facts->needed & ~given) == 0;
        ck_assert_msg((try(1, sets, &grid, &report) == PH_OK) == right, "%s: %s", text,
                      report.count > 0 ? report.messages[0].text : "");
        if (right)
            ck_assert_int_eq(grid.points[0].start, start);
        ph_report_free(&report);
        ph_grid_free(&grid);
    }
    for (int k = 0; k < PH_KEY_COUNT; k++)
        ck_assert_int_eq(ph_start_uses(start, (ph_key_t)k), k < 64 && (facts->keys >> k & 1U) != 0);
}
END_TEST

/* How a start is to be written, by the message, is how it can be written. */
START_TEST(such_starts)
{
    const ph_start_facts_t *facts = ph_start_facts((ph_start_id_t)_i);
    char text[200];
    const char *sets[] = {text, "start_digest=" DIGEST};
    ph_grid_t grid;
    ph_report_t report;
    if (facts->such == NULL)
        return;
    snprintf(text, sizeof(text), "start=%s", facts->such);
    const bool file = facts->spins == PH_SPINS_OF_FILE;
    ck_assert_int_eq(try(file ? 2 : 1, sets, &grid, &report), PH_OK);
    ck_assert_int_eq(grid.points[0].start, _i);
    ph_grid_free(&grid);
    snprintf(text, sizeof(text), "start=%s", facts->word);
    ck_assert_int_eq(try(1, sets, &grid, &report), PH_ERR_INPUT);
    snprintf(text, sizeof(text), ", expected %s", facts->such);
    ck_assert_ptr_nonnull(strstr(report.messages[0].text, text));
    ph_report_free(&report);
}
END_TEST

/* Traits of a sampler as bits of one set, in the order of the table below. */
static const struct {
    ph_sampler_trait_t trait;
    bool without; /* what a sampler must not have, that is, for the sets to be taken */
    const char *sets[3];
} TRAITS[] = {
    {PH_TRAIT_ORDERED, false, {"order=permuted"}},
    {PH_TRAIT_ORDERED, false, {"order=sequential"}},
    {PH_TRAIT_LUMPED, true, {"flips=true"}},
    {PH_TRAIT_LUMPED, true, {"acceptance=true"}},
    {PH_TRAIT_REMEMBERS, true, {"replica_overlap=true", "replicas=2"}},
    {PH_TRAIT_REMEMBERS, true, {"example_overlaps=1"}},
    {PH_TRAIT_REMEMBERS, true, {"start={ kind: file, file: a, digest: " DIGEST " }"}},
    {PH_TRAIT_REMEMBERS, true, {"start=example"}},
    {PH_TRAIT_ONE_NOISE, true, {"schedule={ from: 2, sweeps: 20 }"}},
};

/* Each sampler takes an order, a record, a start, a schedule just where its traits allow it; and
 * says by its name where they do not. */
START_TEST(traits_of_a_sampler)
{
    const ph_sampler_facts_t *facts = ph_sampler_facts((ph_sampler_id_t)_i);
    const bool freezes = ph_sampler_has((ph_sampler_id_t)_i, PH_TRAIT_FREEZES);
    char own[64];
    ck_assert_str_eq(facts->word, PH_SAMPLER_WORDS.words[_i]);
    snprintf(own, sizeof(own), "sampler=%s", facts->word);
    for (size_t k = 0; k < sizeof(TRAITS) / sizeof(TRAITS[0]); k++) {
        const char *sets[6] = {own, freezes ? "noise=0" : "noise=0.1"};
        size_t count = 2;
        ph_grid_t grid;
        ph_report_t report;
        if (ph_sampler_has((ph_sampler_id_t)_i, PH_TRAIT_LADDER))
            sets[count++] = "ladder=[0.1, 0.2]";
        ck_assert_int_eq(try(count, sets, &grid, &report), PH_OK);
        ck_assert_int_eq(grid.relaxation, freezes);
        ph_grid_free(&grid);
        for (size_t i = 0; i < 3 && TRAITS[k].sets[i] != NULL; i++)
            sets[count++] = TRAITS[k].sets[i];
        const bool right =
            ph_sampler_has((ph_sampler_id_t)_i, TRAITS[k].trait) != TRAITS[k].without;
        ck_assert_msg((try(count, sets, &grid, &report) == PH_OK) == right, "%s with %s",
                      facts->word, TRAITS[k].sets[0]);
        if (!right)
            ck_assert_msg(strstr(report.messages[0].text, facts->word) != NULL, "%s",
                          report.messages[0].text);
        ph_report_free(&report);
        ph_grid_free(&grid);
    }
}
END_TEST

/* Whether a ladder is there and must be, and whether the noise may be above 0. */
START_TEST(noises_of_a_sampler)
{
    const ph_sampler_id_t sampler = (ph_sampler_id_t)_i;
    char own[64];
    snprintf(own, sizeof(own), "sampler=%s", ph_sampler_facts(sampler)->word);
    for (int ladder = 0; ladder < 2; ladder++)
        for (int noise = 0; noise < 3; noise++) {
            const char *sets[] = {own,
                                  noise == 0   ? "noise=0"
                                  : noise == 1 ? "noise=0.1"
                                               : "noise=0.4",
                                  "ladder=[0.3, 0.1, 0.2]"};
            const bool exchange = ph_sampler_has(sampler, PH_TRAIT_LADDER);
            const bool right = exchange == (ladder == 1) && (!exchange || noise == 1) &&
                               (!ph_sampler_has(sampler, PH_TRAIT_FREEZES) || noise == 0);
            ph_grid_t grid;
            ph_report_t report;
            ck_assert_int_eq(try(ladder == 1 ? 3 : 2, sets, &grid, &report) == PH_OK, right);
            if (right && exchange) { /* sorted, and counted */
                ck_assert_int_eq(grid.rungs, 3);
                for (size_t i = 0; i < 3; i++)
                    ck_assert_double_eq(grid.points[0].ladder.values[i], (double)(i + 1) / 10.0);
            }
            ph_report_free(&report);
            ph_grid_free(&grid);
        }
}
END_TEST

/* A ladder has 2 to 32 rungs, no two alike; any other number of them is none, with a sampler that
 * takes one or without. */
START_TEST(ladders)
{
    for (int rungs = 1; rungs <= PH_MAX_RUNGS + 1; rungs += rungs == 3 ? PH_MAX_RUNGS - 4 : 1)
        for (int alike = 0; alike < (rungs > 1 ? 3 : 1); alike++) {
            char text[400] = "ladder=[0.1";
            const char *sets[] = {"sampler=replica-exchange", text};
            ph_grid_t grid;
            ph_report_t report;
            for (int i = 2; i <= rungs; i++) { /* the last is the first's or its neighbour's twin */
                const int value = i < rungs || alike == 0 ? i : alike == 1 ? 1 : rungs - 1;
                snprintf(text + strlen(text), sizeof(text) - strlen(text), ", %d.%d", value / 10,
                         value % 10);
            }
            strcat(text, "]");
            const bool right = alike == 0 && rungs >= 2 && rungs <= PH_MAX_RUNGS;
            ck_assert_msg((try(2, sets, &grid, &report) == PH_OK) == right, "%s", text);
            if (!right)
                ck_assert_ptr_nonnull(strstr(report.messages[0].text,
                                             "dynamics.ladder: expected 2 to 32 distinct noises"));
            ph_report_free(&report);
            ph_grid_free(&grid);
        }
}
END_TEST

static const struct {
    const char *sets[3], *message;
} REMEMBERED[] = {
    {{"sampler=lumped-little", "start=example"},
     "dynamics.start: example with sampler lumped-little in rule supervised, which does not follow "
     "single spins while little does remember how they began, expected another start or sampler "
     "little"},
    {{"sampler=lumped-little", "start={ kind: file, file: a, digest: " DIGEST " }"},
     "dynamics.start: file with sampler lumped-little, which does not follow single spins while "
     "little does remember how they began, expected another start or sampler little"},
    {{"sampler=lumped-little", "replicas=2", "replica_overlap=true"},
     "record.replica_overlap: with sampler lumped-little, which does not follow single spins while "
     "little does remember them, expected false or sampler little"},
    {{"sampler=lumped-little", "example_overlaps=1"},
     "record.example_overlaps: with sampler lumped-little in rule supervised, which does not "
     "follow single spins while little does remember them, expected 0 or sampler little"},
};

/* What a lumped sampler cannot show is told with the sampler that can, and why it cannot here. */
START_TEST(remembered)
{
    ph_grid_t grid;
    ph_report_t report;
    const size_t count = REMEMBERED[_i].sets[2] != NULL ? 3 : 2;
    ck_assert_int_eq(try(count, REMEMBERED[_i].sets, &grid, &report), PH_ERR_INPUT);
    ck_assert_uint_eq(report.count, 1);
    const char *message = report.messages[0].text;
    ck_assert_uint_ge(strlen(message), strlen(REMEMBERED[_i].message));
    ck_assert_str_eq(message + strlen(message) - strlen(REMEMBERED[_i].message),
                     REMEMBERED[_i].message);
    ph_report_free(&report);
}
END_TEST

/* Words are distinct, and where one sampler is the lumped form of another its name says so. */
START_TEST(words)
{
    static const ph_words_t *const ALL[] = {&PH_RULE_WORDS,   &PH_NORM_WORDS,    &PH_SAMPLER_WORDS,
                                            &PH_ORDER_WORDS,  &PH_START_WORDS,   &PH_SCALE_WORDS,
                                            &PH_THEORY_WORDS, &PH_AVERAGE_WORDS, &PH_FIGURE_WORDS};
    for (size_t k = 0; k < sizeof(ALL) / sizeof(ALL[0]); k++)
        for (size_t i = 0; i < ALL[k]->count; i++)
            for (size_t j = 0; j < i; j++)
                ck_assert_str_ne(ALL[k]->words[i], ALL[k]->words[j]);
    for (int s = 0; s < PH_SAMPLER_COUNT; s++) {
        const ph_sampler_facts_t *facts = ph_sampler_facts((ph_sampler_id_t)s);
        ck_assert_int_eq(ph_sampler_is_auto((ph_sampler_id_t)s), false);
        if (!ph_sampler_has((ph_sampler_id_t)s, PH_TRAIT_REMEMBERS))
            continue;
        ck_assert_int_eq(strncmp(facts->word, "lumped-", 7), 0);
        int single = 0;
        while (single < PH_SAMPLER_COUNT &&
               strcmp(ph_sampler_facts((ph_sampler_id_t)single)->word, facts->word + 7) != 0)
            single++;
        ck_assert_int_lt(single, PH_SAMPLER_COUNT);
        ck_assert_int_eq(ph_sampler_facts((ph_sampler_id_t)single)->law, facts->law);
    }
    ck_assert(ph_sampler_is_auto(PH_SAMPLER_AUTO));
    ck_assert_str_eq(PH_SAMPLER_WORDS.words[PH_SAMPLER_AUTO], "auto");
    for (int s = 0; s < PH_START_COUNT; s++) /* one that a theory can begin at is not open */
        ck_assert(ph_start_facts((ph_start_id_t)s)->spins != PH_SPINS_OF_FILE ||
                  ph_start_has((ph_start_id_t)s, PH_START_IS_OPEN));
}
END_TEST

PH_TEST_PROGRAM("members")
{
    TCase *tcase = tcase_create("members");
    tcase_set_timeout(tcase, 60);
    tcase_add_test(tcase, members_of_rows);
    tcase_add_loop_test(tcase, parts_of_a_start, 0, PH_START_COUNT);
    tcase_add_loop_test(tcase, such_starts, 0, PH_START_COUNT);
    tcase_add_loop_test(tcase, traits_of_a_sampler, 0, PH_SAMPLER_COUNT);
    tcase_add_loop_test(tcase, noises_of_a_sampler, 0, PH_SAMPLER_COUNT);
    tcase_add_test(tcase, ladders);
    tcase_add_loop_test(tcase, remembered, 0, sizeof(REMEMBERED) / sizeof(REMEMBERED[0]));
    tcase_add_test(tcase, words);
    return test_run("members", tcase);
}
