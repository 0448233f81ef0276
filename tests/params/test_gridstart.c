/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Where chains start, in the grid: its parts, and what of them counts for a point's identity. */
#include <string.h>
#include <unistd.h>

#include "tests/params/parse.h"
#include "tests/temporary.h"

/* A start with its parts, given at once, apart, or by --set; the canonical text gives it back. */
START_TEST(test_start_parts)
{
    static const char HEAD[] = "network: { neurons: 100, patterns: 3 }\nnoise: 0.1\n";
    static const char *const TAILS[] = {
        "dynamics: { sweeps: 10, start: { kind: corrupted, pattern: 2, overlap: [0.4, 0.2] } }\n",
        ("dynamics:\n  sweeps: 10\n  start: corrupted\n  start_pattern: 2\n"
         "  start_overlap: { from: 0.2, to: 0.4, steps: 2 }\n"),
        "dynamics: { sweeps: 10, start: { kind: hierarchical, patterns: [3, 1] } }\n"};
    static const char *const SETS[] = {"start={ kind: corrupted, pattern: 2, overlap: [0.2,0.4] }"};
    ph_digest_t digest = {0, 0};
    for (size_t i = 0; i < 3; i++) {
        char text[512];
        ph_grid_t grid, again;
        snprintf(text, sizeof(text), "%s%s", HEAD, TAILS[i]);
        ph_grid_init(&grid);
        ck_assert_int_eq(ph_grid_parse(&grid, text, "g.yaml", i == 2, SETS, NULL), PH_OK);
        ck_assert_uint_eq(grid.points_count, 2);
        for (size_t p = 0; p < 2; p++) {
            ck_assert_int_eq(grid.points[p].start, PH_START_CORRUPTED);
            ck_assert_int_eq(grid.points[p].start_pattern, 2);
            ck_assert_double_eq(grid.points[p].start_overlap, p == 0 ? 0.2 : 0.4);
        }
        parse(&again, grid.text);
        ck_assert_str_eq(again.text, grid.text);
        ck_assert(i == 0 || ph_digest_equal(grid.digest, digest));
        digest = grid.digest;
        ph_grid_free(&grid);
        ph_grid_free(&again);
    }
}
END_TEST

/* A start given by --set is a whole one: nothing of the file's start stays, but what another --set
 * says does. */
START_TEST(test_start_replaced)
{
    static const char FILE_START[] =
        "network: { neurons: 100, patterns: 3 }\nnoise: 0.1\n"
        "dynamics: { sweeps: 10, start: { kind: file, file: /no/such,\n"
        "                                 digest: 00112233445566778899aabbccddeeff } }\n";
    static const char *const SETS[] = {"start_pattern=3", "start=archetype"};
    ph_grid_t plain, grid;
    parse(&plain, "network: { neurons: 100, patterns: 3 }\nnoise: 0.1\n"
                  "dynamics: { sweeps: 10, start: { kind: archetype, pattern: 1 } }\n");
    parse_with(&grid, FILE_START, "start=archetype");
    ck_assert(ph_digest_equal(grid.points[0].identity, plain.points[0].identity));
    ck_assert_str_eq(grid.text, plain.text);
    ph_grid_free(&grid);
    ph_grid_init(&grid);
    ck_assert_int_eq(ph_grid_parse(&grid, FILE_START, "test", 2, SETS, NULL), PH_OK);
    ck_assert_int_eq(grid.points[0].start, PH_START_ARCHETYPE);
    ck_assert_int_eq(grid.points[0].start_pattern, 3);
    ph_grid_free(&grid);
    ph_grid_free(&plain);
}
END_TEST

/* What a start does not use, and what is as by default, leaves a point's identity as it was. */
START_TEST(test_start_identity)
{
    static const char PLAIN[] =
        "neurons: 100\npatterns: 3\ndilution: 0\nrule: storage\nnormalization: variance\n"
        "noise: 0.1\nsampler: glauber\norder: random\nstart: hierarchical\nlanes: 32\n";
    static const char HEAD[] = "network: { neurons: 100, patterns: 3 }\nnoise: 0.1\n"
                               "dynamics: { sweeps: 10, start: ";
    static const char *const STARTS[] = {"hierarchical",
                                         "{ kind: hierarchical, patterns: [2, 1] }",
                                         "{ kind: hierarchical, patterns: [1, 2] }",
                                         "{ kind: archetype }",
                                         "{ kind: archetype, pattern: 2 }",
                                         "{ kind: corrupted, overlap: 0.4 }",
                                         "{ kind: corrupted, overlap: 0.5 }"};
    enum { COUNT = sizeof(STARTS) / sizeof(STARTS[0]) };
    ph_digest_t identities[COUNT];
    for (size_t i = 0; i < COUNT; i++) {
        char text[512];
        ph_grid_t grid;
        snprintf(text, sizeof(text), "%s%s }\n", HEAD, STARTS[i]);
        parse(&grid, text);
        identities[i] = grid.points[0].identity;
        for (size_t j = 0; j < i; j++)
            ck_assert(!ph_digest_equal(identities[i], identities[j]));
        ph_grid_free(&grid);
    }
    ck_assert(ph_digest_equal(identities[0], ph_digest_bytes(PLAIN, strlen(PLAIN))));
}
END_TEST

/* The content of a start file is part of the identity, its name is not; a digest that is given is
 * taken, so that a grid can be read where the file is not. */
START_TEST(test_start_file)
{
    static const char HEAD[] = "network: { neurons: 2, patterns: 1 }\nnoise: 0.1\n"
                               "dynamics: { sweeps: 10, start: { kind: file, file: ";
    static const char *const CONTENTS[] = {"+1 -1\n", "+1 -1\n", "+1 +1\n"};
    ph_digest_t identities[3];
    for (int i = 0; i < 3; i++) {
        char path[] = "/tmp/ph-start-XXXXXX", name[] = "/tmp/ph-grid-XXXXXX", text[512];
        ph_grid_t grid, again;
        temporary_file(path, CONTENTS[i], strlen(CONTENTS[i]));
        snprintf(text, sizeof(text), "%s%s } }\n", HEAD, path);
        temporary_file(name, text, strlen(text));
        ph_grid_init(&grid);
        ck_assert_int_eq(ph_grid_load(&grid, name, 0, NULL, NULL), PH_OK);
        unlink(path);
        unlink(name);
        identities[i] = grid.points[0].identity;
        parse(&again, grid.text);
        ck_assert(ph_digest_equal(again.points[0].identity, identities[i]));
        ck_assert_str_eq(again.points[0].start_file, path);
        ph_grid_free(&grid);
        ph_grid_free(&again);
    }
    ck_assert(ph_digest_equal(identities[0], identities[1]));
    ck_assert(!ph_digest_equal(identities[0], identities[2]));
}
END_TEST

/* A start file that cannot be read, or is no file. */
START_TEST(test_no_start_file)
{
    static const char *const FILES[][2] = {
        {"/no/such", "dynamics.start_file: cannot read /no/such: No such file or directory, "
                     "expected a readable file"},
        {"/dev/zero", "dynamics.start_file: cannot read /dev/zero: it is no regular file, expected "
                      "a readable file"}};
    for (size_t i = 0; i < 2; i++) {
        char name[] = "/tmp/ph-grid-XXXXXX", text[256];
        ph_report_t report;
        ph_grid_t grid;
        ph_report_init(&report);
        ph_grid_init(&grid);
        snprintf(text, sizeof(text),
                 "network: { neurons: 2, patterns: 1 }\nnoise: 0.1\n"
                 "dynamics: { sweeps: 10, start: { kind: file, file: %s } }\n",
                 FILES[i][0]);
        temporary_file(name, text, strlen(text));
        ck_assert_int_eq(ph_grid_load(&grid, name, 0, NULL, &report), PH_ERR_INPUT);
        unlink(name);
        ck_assert_uint_eq(report.count, 1);
        ck_assert_ptr_nonnull(strstr(report.messages[0].text, FILES[i][1]));
        ph_report_free(&report);
    }
}
END_TEST

/* What is hidden lies within a shape that the neurons make; and who forgets which spins began how.
 */
START_TEST(test_masked)
{
    static const struct {
        const char *start, *message;
    } BAD[] = {
        {"{ kind: masked, region: [1, 2, 3] , shape: [10, 10] }",
         "g.yaml:3:56: dynamics.start_region: 3 numbers, expected four: first and last row, first "
         "and last column"},
        {"{ kind: masked, shape: [10, 10] }",
         "g.yaml:3:55: dynamics.start_region: 0 numbers, expected four: first and last row, first "
         "and last column"},
        {"{ kind: masked, region: [1, 2, 1, 2], shape: [10, 11] }",
         "g.yaml:3:77: dynamics.start_shape: expected rows and columns that make the 100 neurons "
         "of "
         "a point, such as shape: [20, 20]"},
        {"{ kind: masked, region: [3, 2, 1, 2], shape: [10, 10] }",
         "g.yaml:3:56: dynamics.start_region: rows 3 to 2, expected ascending, up to 10"},
        {"{ kind: masked, region: [1, 2, 1, 11], shape: [10, 10] }",
         "g.yaml:3:56: dynamics.start_region: columns 1 to 11, expected ascending, up to 10"},
        {"masked, sampler: lumped-little",
         "g.yaml:3:32: dynamics.start: masked with sampler lumped-little, which does not follow "
         "single spins while little does remember how they began, expected another start or "
         "sampler "
         "little"},
    };
    for (size_t i = 0; i < sizeof(BAD) / sizeof(BAD[0]); i++) {
        char text[300];
        ph_grid_t grid;
        ph_report_t report;
        snprintf(text, sizeof(text),
                 "network: { neurons: 100, patterns: 3 }\nnoise: 0.1\n"
                 "dynamics: { sweeps: 10, start: %s }\n",
                 BAD[i].start);
        ph_grid_init(&grid);
        ph_report_init(&report);
        ck_assert_int_eq(ph_grid_parse(&grid, text, "g.yaml", 0, NULL, &report), PH_ERR_INPUT);
        ck_assert_uint_eq(report.count, 1);
        ck_assert_str_eq(report.messages[0].text, BAD[i].message);
        ph_report_free(&report);
        ph_grid_free(&grid);
    }
}
END_TEST

#define CUES(MORE) "{ kind: file, file: a, digest: 00112233445566778899aabbccddeeff" MORE " }"

/* What cues belong to: patterns that there are, one for all replicas or at least one for each; and
 * only of a file. Where they are not listed, recall is to the nearest, and that is recorded. */
START_TEST(test_targets)
{
    static const struct {
        const char *start, *message; /* NULL: taken */
        bool aims;
    } STARTS[] = {
        {CUES(""), NULL, true},
        {CUES(", targets: nearest"), NULL, true},
        {CUES(", targets: [3]"), NULL, false},
        {CUES(", targets: [1, 2, 2, 3]"), NULL, false},
        {"{ kind: corrupted, overlap: 0.5 }", NULL, false},
        {CUES(", targets: [1, 2]"),
         "g.yaml:3:106: dynamics.start_targets: 2 patterns for 3 replicas, expected one for all or "
         "one for each",
         false},
        {CUES(", targets: [1, 4, 2]"),
         "g.yaml:3:106: dynamics.start_targets: 4, but a point has 3 patterns, expected at most "
         "that many",
         false},
        {"{ kind: archetype, targets: [1] }",
         "g.yaml:3:51: dynamics.start_targets: not used by this start, expected it with start file "
         "only",
         false},
    };
    for (size_t i = 0; i < sizeof(STARTS) / sizeof(STARTS[0]); i++) {
        char text[300];
        ph_grid_t grid;
        ph_report_t report;
        snprintf(text, sizeof(text),
                 "network: { neurons: 100, patterns: 3 }\nnoise: 0.1\n"
                 "dynamics: { sweeps: 10, start: %s }\nensemble: { replicas: 3 }\n"
                 "record: { recall: { threshold: 0.9 } }\n",
                 STARTS[i].start);
        ph_grid_init(&grid);
        ph_report_init(&report);
        const int status = ph_grid_parse(&grid, text, "g.yaml", 0, NULL, &report);
        ck_assert_int_eq(status, STARTS[i].message == NULL ? PH_OK : PH_ERR_INPUT);
        ck_assert_uint_eq(report.count, STARTS[i].message != NULL);
        if (STARTS[i].message != NULL)
            ck_assert_str_eq(report.messages[0].text, STARTS[i].message);
        else
            ck_assert_int_eq(grid.aims, STARTS[i].aims);
        ph_report_free(&report);
        ph_grid_free(&grid);
    }
}
END_TEST

PH_TEST_MAIN("gridstart", test_start_parts, test_start_replaced, test_start_identity,
             test_start_file, test_no_start_file, test_masked, test_targets)
