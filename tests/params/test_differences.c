/* SPDX-License-Identifier: GPL-3.0-or-later */

/* In what two grids, and two networks, differ, as people are told. */
#include <string.h>

#include "params/grid_diff.h"
#include "params/grid_private.h"
#include "tests/params/parse.h"

#define TAIL "noise: 0.1\ndynamics: { sweeps: 10 }\n"

static const struct {
    const char *a, *b, *said; /* notes in a row; each grid without its noise and sweeps */
} GRIDS[] = {
    {"network: { neurons: 10, patterns: 2 }\n", "network: { neurons: 10, patterns: 2 }\n", ""},
    {"title: one\nnetwork: { neurons: 10, patterns: 2 }\n",
     "title: two\nnetwork: { neurons: 10, patterns: 2 }\n", ""},
    {"seed: 3\nnetwork: { neurons: 10, patterns: 2 }\n", "network: { neurons: 10, patterns: 2 }\n",
     "seed: 3 in A, 1 in B\n"},
    {"network: { neurons: [10, 20], patterns: 2 }\n",
     "network: { neurons: [20, 10], patterns: 2 }\n", ""},
    {"network: { neurons: [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11], patterns: 2 }\n",
     "network: { neurons: [10, 20], patterns: 2 }\n",
     "network.neurons: 1, 2, 3, 4, 5, 6, 7, 8 and 2 more only in A, 20 only in B\n"},
    {"network: { neurons: [1, 2, 3, 4, 5, 6, 7, 8, 9], patterns: 2 }\n",
     "network: { neurons: [9], patterns: 2 }\n",
     "network.neurons: 1, 2, 3, 4, 5, 6, 7, 8 only in A\n"},
    {"network: { neurons: 10, patterns: 2, dilution: { each: [0, 0.5] } }\n",
     "network: { neurons: 10, patterns: 2 }\n",
     "network.dilution: { each: [0, 0.5] } in A, 0 in B\n"},
    {"network: { neurons: 10, patterns: 2, dilution: { each: [0.1, [0.2, 0.5]] } }\n",
     "network: { neurons: 10, patterns: 2, dilution: { each: [0.1, [0.2, 0.3]] } }\n",
     "network.dilution: 0.5 only in A, 0.3 only in B\n"},
    {"network: { neurons: 10, patterns: 2, dilution: { each: [0.1, [0.2, 0.5]] } }\n",
     "network: { neurons: 10, patterns: 2, dilution: { each: [0.2, [0.2, 0.5]] } }\n",
     "network.dilution: { each: [0.1, [0.2, 0.5]] } in A, { each: [0.2, [0.2, 0.5]] } in B\n"},
    {"network: { neurons: 10, patterns: 2, dilution: { each: [0.2, [0.2, 0.5]] } }\n",
     "network: { neurons: 10, patterns: 2, dilution: { each: [[0.2, 0.5], 0.2] } }\n",
     "network.dilution: { each: [0.2, [0.2, 0.5]] } in A, { each: [[0.2, 0.5], 0.2] } in B\n"},
    {"network: { neurons: 10, patterns: 2, dilution: { each: [0.2, [0.2, 0.5]] } }\n",
     "network: { neurons: 10, patterns: 2, dilution: [0.2, 0.5] }\n",
     "network.dilution: { each: [0.2, [0.2, 0.5]] } in A, [0.2, 0.5] in B\n"},
    {"network: { neurons: 10, patterns: 2, rule: [storage, supervised] }\n",
     "network: { neurons: 10, patterns: 2, rule: [supervised, unsupervised] }\n",
     "network.rule: storage only in A, unsupervised only in B\n"},
    {"network: { neurons: [10, 20], patterns: [1, 2] }\nzip: [[neurons, patterns]]\n",
     "network: { neurons: [10, 20], patterns: [1, 2] }\n",
     "zip: [[network.neurons, network.patterns]] in A, [] in B\n"},
    {"network: { neurons: 10, patterns: 2 }\ntheory: { kinds: [flow, exact] }\n",
     "network: { neurons: 10, patterns: 2 }\n",
     "theory.kinds: [flow, exact] in A, [mean_field] in B\n"},
};

/* Every difference is noted once, by key, values of an axis one by one to the eighth. */
START_TEST(grids)
{
    ph_grid_t a, b;
    ph_report_t report;
    char text[2][400], said[1000] = "";
    snprintf(text[0], sizeof(text[0]), "%s%s", GRIDS[_i].a, TAIL);
    snprintf(text[1], sizeof(text[1]), "%s%s", GRIDS[_i].b, TAIL);
    parse(&a, text[0]);
    parse(&b, text[1]);
    ph_report_init(&report);
    ck_assert_uint_eq(ph_grid_differences(&a, "A", &b, "B", &report), report.count);
    ck_assert_uint_eq(ph_report_errors(&report), 0);
    for (size_t i = 0; i < report.count; i++) {
        strcat(said, report.messages[i].text);
        strcat(said, "\n");
    }
    ck_assert_str_eq(said, GRIDS[_i].said);
    ck_assert_uint_eq(ph_grid_differences(&b, "B", &a, "A", NULL), report.count);
    ph_report_free(&report);
    ph_grid_free(&a);
    ph_grid_free(&b);
}
END_TEST

/* A long value is cut to eighty letters. */
START_TEST(long_values)
{
    ph_grid_t a, b;
    ph_report_t report;
    ph_report_init(&report);
    parse(&a,
          "network: { neurons: 10, patterns: 30, dilution: { each: [0, 0.111111, 0.222222, 0, 0, "
          "0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1] } }\n" TAIL);
    parse(&b, "network: { neurons: 10, patterns: 30 }\n" TAIL);
    ck_assert_uint_eq(ph_grid_differences(&a, "A", &b, "B", &report), 1);
    const char *text = report.messages[0].text + strlen("network.dilution: ");
    ck_assert_ptr_eq(strstr(text, "... in A, 0 in B"), text + 80);
    ph_report_free(&report);
    ph_grid_free(&a);
    ph_grid_free(&b);
}
END_TEST

/* Two that differ far behind their beginnings are shown where they do. */
START_TEST(late_difference)
{
    char texts[2][400], word[201];
    ph_grid_t a, b;
    ph_report_t report;
    ph_report_init(&report);
    memset(word, '+', 200);
    word[200] = '\0';
    for (int k = 0; k < 2; k++) {
        word[150] = k == 0 ? '+' : '0';
        snprintf(texts[k], sizeof(texts[k]),
                 "network: { dilution: %s, patterns_given: \"%s\" }\n" TAIL, k == 0 ? "0" : "0.005",
                 word);
    }
    parse(&a, texts[0]);
    parse(&b, texts[1]);
    ck_assert_uint_eq(ph_grid_differences(&a, "A", &b, "B", &report), 2);
    ck_assert_ptr_nonnull(strstr(report.messages[0].text, " in A, ...+"));
    ck_assert_ptr_nonnull(strstr(report.messages[0].text, "network.patterns_given: ...+"));
    ph_report_free(&report);
    ph_grid_free(&a);
    ph_grid_free(&b);
}
END_TEST

static const struct {
    const char *there, *here; /* of the network, neurons 10 and patterns 2 unless said */
    size_t count;
    const char *text;
} NETWORKS[] = {
    {"", "", 0, ""},
    {"dilution: 0.1", "dilution: 0.3", 1, "network.dilution 0.1 there and 0.3 here"},
    {"dilution: { each: [0.3, 0.5] }", "dilution: 0.3", 1,
     "network.dilution 0.5 there and 0.3 here"},
    {"patterns_given: \"++++++++++ +++++-----\"", "", 1,
     "network.patterns_given 684f983591cc6e4eb8feb08951fd8d74 there and none here"},
    {"examples: 3, quality: 0.5, blank_fidelity: 0", "", 0, ""}, /* nothing learns */
    {"rule: supervised, examples: 3", "rule: supervised, examples: 4, normalization: none", 2,
     "network.examples 3 there and 4 here, network.normalization variance there and none here"},
    {"rule: unsupervised, quality: 0.5", "quality: 0.25", 2,
     "network.rule unsupervised there and storage here, network.quality 0.5 there and 0.25 here"},
    {"rule: supervised, blank_fidelity: { each: [1, 0] }", "rule: supervised", 1,
     "network.blank_fidelity 0 there and 1 here"},
};

static void network(ph_grid_t *grid, const char *parts)
{
    char text[300];
    snprintf(text, sizeof(text), "network: { neurons: 10, patterns: 2%s%s }\n%s",
             parts[0] != '\0' ? ", " : "", parts, TAIL);
    parse(grid, text);
}

/* Keys of the network count, those of learning where one of both learns; the first pattern that
 * differs is told. */
START_TEST(networks)
{
    ph_grid_t there, here;
    char text[300], short_text[12];
    network(&there, NETWORKS[_i].there);
    network(&here, NETWORKS[_i].here);
    memset(text, '#', sizeof(text));
    ck_assert_uint_eq(ph_point_network_differences(there.points, here.points, text, sizeof(text)),
                      NETWORKS[_i].count);
    ck_assert_str_eq(text, NETWORKS[_i].text);
    /* cut where there is no room; counted all the same */
    ck_assert_uint_eq(
        ph_point_network_differences(there.points, here.points, short_text, sizeof(short_text)),
        NETWORKS[_i].count);
    ck_assert_int_eq(strncmp(short_text, text, sizeof(short_text) - 1), 0);
    ck_assert_uint_lt(strlen(short_text), sizeof(short_text));
    ph_grid_free(&there);
    ph_grid_free(&here);
}
END_TEST

/* Dynamics, noise and what is recorded are no part of the network; sizes are. */
START_TEST(not_of_the_network)
{
    ph_grid_t there, here;
    char text[300];
    parse(&there, "seed: 4\nnetwork: { neurons: 10, patterns: 2 }\nnoise: 0.5\n"
                  "dynamics: { sweeps: 3, sampler: little, start: archetype }\n"
                  "record: { loss: true }\n");
    parse(&here, "network: { neurons: 11, patterns: 3 }\n" TAIL);
    ck_assert_uint_eq(ph_point_network_differences(there.points, here.points, text, sizeof(text)),
                      2);
    ck_assert_str_eq(text, "network.neurons 10 there and 11 here, network.patterns 2 there and 3 "
                           "here");
    ph_grid_free(&there);
    ph_grid_free(&here);
}
END_TEST

PH_TEST_PROGRAM("differences")
{
    TCase *tcase = tcase_create("differences");
    tcase_add_loop_test(tcase, grids, 0, sizeof(GRIDS) / sizeof(GRIDS[0]));
    tcase_add_test(tcase, long_values);
    tcase_add_test(tcase, late_difference);
    tcase_add_loop_test(tcase, networks, 0, sizeof(NETWORKS) / sizeof(NETWORKS[0]));
    tcase_add_test(tcase, not_of_the_network);
    return test_run("differences", tcase);
}
