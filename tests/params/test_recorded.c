/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What is recorded: a word of record.observables and the key that its observable belongs to are one
 * request, with one text and one identity. */
#include <string.h>

#include "tests/params/parse.h"

static const char BASE[] = "network: { neurons: 100, patterns: 3 }\nnoise: %s\n"
                           "dynamics: { sweeps: 10, %s }\nensemble: { replicas: 2 }\n"
                           "record: { %s }\n";

/* Says the same in two ways, with what has to be there beside it. */
typedef struct {
    const char *noise, *dynamics, *by_key, *by_word;
} same_t;

static const same_t SAME[] = {
    {"0.1", "order: random", "loss: true", "observables: loss"},
    {"0.1", "order: random", "loss: true", "observables: [loss]"},
    {"0.1", "order: random", "loss: true", "loss: false, observables: [loss]"},
    {"0.1", "order: random", "loss: true", "loss: true, observables: [loss]"},
    {"0.1", "order: random", "example_magnetization: true", "observables: example_magnetization"},
    {"0.1", "order: random", "replica_overlap: true", "observables: replica_overlap"},
    {"0.1", "order: random", "flips: true, loss: true", "observables: [loss, flips]"},
    {"0.1", "order: random", "flips: true, loss: true", "flips: true, observables: [loss]"},
    {"0.1", "order: random", "acceptance: true", "observables: [acceptance]"},
    {"0.1", "order: random", "example_overlaps: 4",
     "example_overlaps: 4, observables: [example_overlap, energy]"},
    {"0.1", "order: random", "recall_threshold: 0.9", "recall: { threshold: 0.9 }"},
    {"0.1", "order: random", "recall: { threshold: 0.9 }",
     "recall_threshold: 0.9, observables: [recall_overlap, recall]"},
    {"0.1", "order: random", "loss: false", "observables: [magnetization, energy]"},
    {"0.1", "order: random", "loss: false", "observables: []"},
    {"0.1", "start: { kind: file, file: a, digest: 00112233445566778899aabbccddeeff }",
     "recall: { threshold: 0.9 }", "recall: { threshold: 0.9 }, observables: recall_target"},
    {"0", "sampler: descent", "loss: false", "observables: relaxation"},
    {"0", "sampler: [metropolis, descent]", "flips: true", "observables: [flips, relaxation]"},
    {"0.1", "sampler: replica-exchange, ladder: [0.1, 0.2]", "loss: false",
     "observables: [swaps, round_trips, rung_energy]"},
};

static void parse_same(ph_grid_t *grid, const same_t *of, const char *record)
{
    char text[512];
    snprintf(text, sizeof(text), BASE, of->noise, of->dynamics, record);
    parse(grid, text);
}

START_TEST(both_ways_are_one)
{
    const same_t *of = &SAME[_i];
    ph_grid_t key, word, again;
    parse_same(&key, of, of->by_key);
    parse_same(&word, of, of->by_word);
    parse(&again, word.text);
    ck_assert_str_eq(word.text, key.text);
    ck_assert_str_eq(again.text, key.text);
    ck_assert(ph_digest_equal(word.digest, key.digest));
    ck_assert(ph_digest_equal(word.points[0].chain, key.points[0].chain));
    ck_assert_ptr_null(strstr(word.text, "observables"));
    for (int id = 0; id < ph_observables_count(); id++) {
        const ph_observable_id_t observable = (ph_observable_id_t)id;
        ck_assert_int_eq(ph_observable_recorded(observable, &word),
                         ph_observable_recorded(observable, &key));
        if (strstr(of->by_word, ph_observable_name(observable)) != NULL)
            ck_assert_msg(ph_observable_recorded(observable, &word), "%s", of->by_word);
    }
    ph_grid_free(&key);
    ph_grid_free(&word);
    ph_grid_free(&again);
}
END_TEST

/* A set on the command line takes the place of the file's, and what keys ask for stays. */
START_TEST(sets_are_replaced)
{
    static const char *const sets[] = {"observables=[flips,example_magnetization]"};
    char text[512];
    ph_grid_t grid;
    snprintf(text, sizeof(text), BASE, "0.1", "order: random",
             "acceptance: true, observables: [loss]");
    ph_grid_init(&grid);
    ck_assert_int_eq(ph_grid_parse(&grid, text, "g.yaml", 1, sets, NULL), PH_OK);
    ck_assert(grid.flips && grid.example_magnetization && grid.acceptance && !grid.loss);
    ph_grid_free(&grid);
}
END_TEST

#define WORDS                                                                                      \
    "expected one or a list of magnetization, energy, loss, example_magnetization, "               \
    "example_overlap, replica_overlap, flips, acceptance, relaxation, swaps, round_trips, "        \
    "rung_energy, recall, recall_overlap or recall_target"

/* What cannot be recorded is said at its word, all of it at once. */
static const struct {
    const char *dynamics, *record, *messages[3];
} FAULTS[] = {
    {"order: random",
     "observables: [flips, enrgy, flips]",
     {"g.yaml:5:32: record.observables: enrgy is unknown (did you mean energy?), " WORDS}},
    {"order: random",
     "observables: [flips, flips]",
     {"g.yaml:5:32: record.observables: flips is repeated, " WORDS}},
    {"order: random",
     "observables: { loss: true }",
     {"g.yaml:5:24: record.observables: a map instead of a value, " WORDS}},
    {"order: random",
     "observables: [loss, example_overlap, relaxation, swaps]",
     {"g.yaml:5:31: record.observables: example_overlap, of which record.example_overlaps leaves "
      "nothing to record, expected it with a number above 0",
      "g.yaml:5:48: record.observables: relaxation, of which dynamics.sampler leaves nothing to "
      "record, expected it with a sampler that freezes, such as descent",
      "g.yaml:5:60: record.observables: swaps, of which dynamics.ladder leaves nothing to record, "
      "expected it with a ladder"}},
    {"order: random",
     "observables: [recall], recall: { threshold: 0 }",
     {"g.yaml:5:25: record.observables: recall, of which record.recall_threshold leaves nothing "
      "to record, expected it with a number above 0"}},
    {"order: random",
     "observables: recall_target, recall: { threshold: 0.9 }",
     {"g.yaml:5:24: record.observables: recall_target, of which dynamics.start_targets leaves "
      "nothing to record, expected it with start file without targets, and recall"}},
    {"order: random",
     "recall: { threshold: 1.5 }",
     {"g.yaml:5:32: record.recall_threshold: 1.5 is out of range, expected a number from 0 to 1"}},
    {"sampler: lumped-little",
     "flips: false, observables: [energy, flips]",
     {"g.yaml:5:47: record.flips: true with sampler lumped-little, which knows numbers of spins "
      "and not which, expected false"}},
    {"sampler: glauber }\nensemble: { replicas: 2, lanes: 3",
     "observables: replica_overlap",
     {"g.yaml:5:33: ensemble.lanes is 3, but record.replica_overlap pairs replicas, expected an "
      "even number"}},
};

START_TEST(faults_are_said)
{
    ph_grid_t grid;
    ph_report_t report;
    char text[512];
    size_t count = 0;
    snprintf(text, sizeof(text),
             "network: { neurons: 100, patterns: 3 }\n\nnoise: 0.1\ndynamics: { sweeps: 10, %s }\n"
             "record: { %s }\n",
             FAULTS[_i].dynamics, FAULTS[_i].record);
    ph_grid_init(&grid);
    ph_report_init(&report);
    ck_assert_int_eq(ph_grid_parse(&grid, text, "g.yaml", 0, NULL, &report), PH_ERR_INPUT);
    for (; count < 3 && FAULTS[_i].messages[count] != NULL; count++) {
        ck_assert_uint_lt(count, report.count);
        ck_assert_str_eq(report.messages[count].text, FAULTS[_i].messages[count]);
    }
    ck_assert_uint_eq(report.count, count);
    ph_report_free(&report);
    ph_grid_free(&grid);
}
END_TEST

PH_TEST_PROGRAM("recorded")
{
    TCase *tcase = tcase_create("recorded");
    tcase_add_loop_test(tcase, both_ways_are_one, 0, sizeof(SAME) / sizeof(SAME[0]));
    tcase_add_loop_test(tcase, faults_are_said, 0, sizeof(FAULTS) / sizeof(FAULTS[0]));
    tcase_add_test(tcase, sets_are_replaced);
    return test_run("recorded", tcase);
}
