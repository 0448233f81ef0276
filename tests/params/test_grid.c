/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "params/grid.h"

#include <string.h>
#include <unistd.h>

#include "tests/params/parse.h"
#include "tests/testing.h"

#define SMALL "network: { neurons: 100, patterns: 3 }\nnoise: 0.1\ndynamics: { sweeps: 10 }\n"

static void check_same(const ph_grid_t *a, const ph_grid_t *b, bool same)
{
    ck_assert_int_eq(ph_digest_equal(a->digest, b->digest), same);
    ck_assert_int_eq(ph_grid_differences(a, "A", b, "B", NULL) == 0, same);
}

/* The documented default of every key. */
START_TEST(test_defaults)
{
    ph_grid_t grid;
    parse(&grid, SMALL);
    ck_assert_str_eq(grid.title, "");
    ck_assert_uint_eq(grid.seed, 1);
    ck_assert_int_eq(grid.samples, 1);
    ck_assert_int_eq(grid.replicas, 1);
    ck_assert_int_eq(grid.lanes, 32);
    ck_assert(grid.trajectory && grid.moments && !grid.loss);
    ck_assert(!grid.example_magnetization && !grid.replica_overlap && !grid.flips);
    ck_assert(!grid.acceptance && grid.example_overlaps == 0);
    ck_assert_uint_eq(grid.axes_count, 0);
    ck_assert_uint_eq(grid.points_count, 1);
    ck_assert_int_eq(grid.patterns_max, 3);
    ck_assert_int_eq(grid.records_max, 11);
    ck_assert(!grid.records_vary);
    const ph_point_t *point = &grid.points[0];
    ck_assert_int_eq(point->rule, PH_RULE_STORAGE);
    ck_assert_int_eq(point->normalization, PH_NORM_VARIANCE);
    ck_assert_int_eq(point->neurons, 100);
    ck_assert_int_eq(point->patterns, 3);
    for (int mu = 0; mu < 3; mu++)
        ck_assert(point->dilution[mu] == 0);
    ck_assert(point->noise == 0.1);
    ck_assert_int_eq(point->sampler, PH_SAMPLER_GLAUBER);
    ck_assert_int_eq(point->order, PH_ORDER_RANDOM);
    ck_assert_int_eq(point->start, PH_START_RANDOM);
    ck_assert_int_eq(point->sweeps, 10);
    ck_assert_int_eq(point->burn_in, 0);
    ck_assert_int_eq(point->record_every, 1);
    ph_grid_free(&grid);
}
END_TEST

/* Axes stand in schema order and ascend; the last runs fastest; words go by their list. */
START_TEST(test_axes)
{
    ph_grid_t grid;
    size_t index[PH_MAX_AXES];
    char text[128];
    parse(&grid, "dynamics: { sweeps: [20, 10], order: [sequential, random] }\n"
                 "noise: [0.2, 0, 0.1]\n"
                 "network: { patterns: [2, 4], neurons: 1e2 }\n");
    ck_assert_uint_eq(grid.axes_count, 4);
    ck_assert_uint_eq(grid.points_count, 24);
    const ph_key_t keys[] = {PH_KEY_PATTERNS, PH_KEY_NOISE, PH_KEY_ORDER, PH_KEY_SWEEPS};
    for (size_t a = 0; a < 4; a++)
        ck_assert_int_eq(grid.axes[a].coordinates[0].key, keys[a]);
    ck_assert_int_eq(grid.patterns_max, 4);
    ck_assert_int_eq(grid.records_max, 21);
    ck_assert(grid.records_vary);
    ph_grid_unravel(&grid, 23 - 1, index);
    ck_assert(index[0] == 1 && index[1] == 2 && index[2] == 1 && index[3] == 0);
    ck_assert_int_eq(grid.points[22].order, PH_ORDER_SEQUENTIAL);
    ck_assert_int_eq(grid.points[22].sweeps, 10);
    ck_assert(grid.points[22].noise == 0.2);
    ph_grid_point_text(&grid, 22, text, sizeof(text));
    ck_assert_str_eq(text, "patterns=4, noise=0.2, order=sequential, sweeps=10");
    ph_grid_point_text(&grid, 22, text, 12);
    ck_assert_str_eq(text, "patterns=4,");
    ph_coordinate_text(&grid.axes[1].coordinates[0], 1, text, sizeof(text));
    ck_assert_str_eq(text, "0.1");
    ph_grid_free(&grid);
}
END_TEST

/* 0.3 from a scalar, a list, a range and an override gives the same bits and identities. */
START_TEST(test_same_point)
{
    static const char *const dilutions[] = {"0.3",
                                            "[0.1, 0.30000000000000004]",
                                            "[3e-1]",
                                            "{ from: 0, to: 0.95, steps: 20 }",
                                            "{ from: 0.7, to: 0.1, steps: 7 }",
                                            "{ each: [0.3, 0.3, 0.3] }"};
    ph_grid_t first;
    parse(&first, SMALL "seed: 1");
    ph_grid_free(&first);
    parse_with(&first, SMALL, "network.dilution=0.3");
    for (size_t i = 0; i < sizeof(dilutions) / sizeof(dilutions[0]); i++) {
        char text[256];
        ph_grid_t grid;
        size_t same = 0;
        snprintf(text, sizeof(text),
                 "network: { neurons: 100, patterns: 3, dilution: %s }\nnoise: 0.1\n"
                 "dynamics: { sweeps: 99 }\n",
                 dilutions[i]);
        parse(&grid, text);
        for (size_t p = 0; p < grid.points_count; p++) {
            const ph_point_t *point = &grid.points[p];
            if (point->dilution[2] != 0.3)
                continue;
            same++;
            ck_assert(ph_digest_equal(point->disorder, first.points[0].disorder));
            ck_assert(ph_digest_equal(point->identity, first.points[0].identity));
            ck_assert(ph_digest_equal(point->chain, first.points[0].chain));
        }
        ck_assert_uint_eq(same, 1);
        ph_grid_free(&grid);
    }
    ph_grid_free(&first);
}
END_TEST

/* Which keys change the disorder, the identity and the chain of a point, and which none. */
START_TEST(test_identities)
{
    static const struct {
        const char *set;
        bool disorder, identity, chain; /* whether it changes */
    } cases[] = {
        {"neurons=101", true, true, true},
        {"patterns=4", true, true, true},
        {"dilution=0.1", true, true, true},
        {"dilution={ each: [0, 0, 0.1] }", true, true, true},
        {"normalization=none", false, true, true},
        {"noise=0.2", false, true, true},
        {"sampler=metropolis", false, true, true},
        {"order=permuted", false, true, true},
        {"start=parallel", false, true, true},
        {"lanes=16", false, true, true},
        {"seed=2", false, false, true},
        {"seed=4294967297", false, false, true},
        {"burn_in=1", false, false, true},
        {"record_every=2", false, false, true},
        {"loss=true", false, false, true},
        {"example_magnetization=true", false, false, true},
        {"example_overlaps=3", false, false, true},
        {"record.flips=true", false, false, true},
        {"acceptance=true", false, false, true},
        {"trajectory=false", false, false, true},
        {"moments=false", false, false, true},
        {"sweeps=11", false, false, false},
        {"samples=2", false, false, false},
        {"replicas=2", false, false, false},
        {"title=other", false, false, false},
        {"average=exact", false, false, false},
        {"kinds=[flow, exact]", false, false, false},
        /* in rule storage nothing sees these */
        {"examples=2", false, false, false},
        {"quality={ each: [1, 0.5, 1] }", false, false, false},
        {"blank_fidelity=0", false, false, false},
        {"rule=supervised", false, true, true},
    };
    ph_grid_t base;
    parse(&base, SMALL);
    const ph_point_t *a = &base.points[0];
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        ph_grid_t grid;
        parse_with(&grid, SMALL, cases[i].set);
        const ph_point_t *b = &grid.points[0];
        ck_assert_int_eq(!ph_digest_equal(a->disorder, b->disorder), cases[i].disorder);
        ck_assert_int_eq(!ph_digest_equal(a->identity, b->identity), cases[i].identity);
        ck_assert_int_eq(!ph_digest_equal(a->chain, b->chain), cases[i].chain);
        check_same(&base, &grid, strncmp(cases[i].set, "title", 5) == 0);
        ph_grid_free(&grid);
    }
    ph_grid_free(&base);
}
END_TEST

/* Learning keys belong to the point, not to the disorder: examples are nested, patterns shared. */
START_TEST(test_learning_identities)
{
    static const char *const sets[] = {"examples=3", "quality={ each: [1, 0.5, 1] }",
                                       "blank_fidelity=0.5", "rule=unsupervised"};
    ph_grid_t base;
    parse_with(&base, SMALL, "rule=supervised");
    for (size_t i = 0; i < sizeof(sets) / sizeof(sets[0]); i++) {
        ph_grid_t grid;
        const char *const both[] = {"rule=supervised", sets[i]};
        ph_grid_init(&grid);
        ck_assert_int_eq(
            ph_grid_parse(&grid, SMALL, "test", i < 3 ? 2 : 1, i < 3 ? both : &sets[i], NULL),
            PH_OK);
        ck_assert(ph_digest_equal(base.points[0].disorder, grid.points[0].disorder));
        ck_assert(!ph_digest_equal(base.points[0].identity, grid.points[0].identity));
        ph_grid_free(&grid);
    }
    ck_assert_double_eq(base.points[0].examples[2], 1.0);
    ck_assert_double_eq(base.points[0].quality[2], 1.0);
    ck_assert_double_eq(base.points[0].blank_fidelity[2], 1.0);
    ck_assert_uint_eq(base.kinds, 1U << PH_THEORY_MEAN_FIELD);
    ph_grid_free(&base);
}
END_TEST

/* Zipped keys share an axis, sorted by the first, and the rest moves along. */
START_TEST(test_zip)
{
    ph_grid_t grid;
    parse(&grid, "network: { neurons: [300, 100, 200], patterns: 3 }\nnoise: [0.1, 0.2]\n"
                 "dynamics: { sweeps: [7, 5, 7], start: [parallel, random, archetype] }\n"
                 "zip: [[neurons, dynamics.sweeps, start]]\n");
    ck_assert_uint_eq(grid.axes_count, 2);
    ck_assert_uint_eq(grid.points_count, 6);
    ck_assert_uint_eq(grid.axes[0].coordinates_count, 3);
    static const int64_t neurons[] = {100, 200, 300}, sweeps[] = {5, 7, 7};
    static const ph_start_id_t starts[] = {PH_START_RANDOM, PH_START_ARCHETYPE, PH_START_PARALLEL};
    for (size_t i = 0; i < 3; i++) {
        ck_assert_int_eq(grid.points[2 * i].neurons, neurons[i]);
        ck_assert_int_eq(grid.points[2 * i + 1].sweeps, sweeps[i]);
        ck_assert_int_eq(grid.points[2 * i].start, starts[i]);
    }
    ph_grid_free(&grid);
}
END_TEST

/* Keys after the first stand in the order of the schema: in whatever order they are zipped, it is
 * the same grid, text and digest. */
START_TEST(test_zip_order)
{
    static const char *const zips[] = {"[sweeps, neurons, patterns, noise, burn_in]",
                                       "[sweeps, burn_in, noise, patterns, neurons]",
                                       "[sweeps, noise, burn_in, neurons, patterns]",
                                       "[sweeps, patterns, neurons, burn_in, noise]"};
    static const ph_key_t keys[] = {PH_KEY_SWEEPS, PH_KEY_NEURONS, PH_KEY_PATTERNS, PH_KEY_NOISE,
                                    PH_KEY_BURN_IN};
    ph_grid_t first, grid;
    for (size_t i = 0; i < sizeof(zips) / sizeof(zips[0]); i++) {
        char text[512];
        snprintf(text, sizeof(text),
                 "network: { neurons: [20, 10], patterns: [2, 1] }\nnoise: [0.1, 0.2]\n"
                 "dynamics: { sweeps: [9, 8], burn_in: [1, 2] }\nzip: [%s]\n",
                 zips[i]);
        parse(i == 0 ? &first : &grid, text);
        if (i == 0)
            continue;
        ck_assert_str_eq(grid.text, first.text);
        check_same(&first, &grid, true);
        for (size_t k = 0; k < 5; k++)
            ck_assert_int_eq(grid.axes[0].coordinates[k].key, keys[k]);
        ph_grid_free(&grid);
    }
    ph_grid_free(&first);
}
END_TEST

/* auto stands for the cheapest sampler of exp(-H/T) at each point, whose identity the point then
 * has; the grid's text keeps the word. */
START_TEST(test_auto)
{
    static const char AUTO[] = "network: { neurons: [2000, 3000], patterns: [3, 4] }\n"
                               "noise: [0, 0.1]\ndynamics: { sweeps: 10, sampler: auto }\n";
    ph_grid_t grid, plain, lumped, again;
    parse(&grid, AUTO);
    ph_grid_init(&plain);
    ph_grid_init(&lumped);
    ck_assert_int_eq(ph_grid_parse(&plain, AUTO, "g", 1, (const char *[]){"sampler=glauber"}, NULL),
                     PH_OK);
    ck_assert_int_eq(
        ph_grid_parse(&lumped, AUTO, "g", 1, (const char *[]){"sampler=lumped-block-gibbs"}, NULL),
        PH_OK);
    ck_assert_uint_eq(grid.points_count, 8);
    for (size_t p = 0; p < 8; p++) {
        /* 14 classes at K = 3, 41 at K = 4, of 150 neurons and more */
        const bool picked = grid.points[p].noise > 0 && grid.points[p].neurons == 3000 &&
                            grid.points[p].patterns == 3;
        const ph_grid_t *same = picked ? &lumped : &plain;
        ck_assert_int_eq(grid.points[p].sampler,
                         picked ? PH_SAMPLER_LUMPED_BLOCK_GIBBS : PH_SAMPLER_GLAUBER);
        ck_assert(ph_digest_equal(grid.points[p].identity, same->points[p].identity));
    }
    ck_assert_double_eq(ph_point_classes(&grid.points[0]), 14.0);
    parse(&again, grid.text);
    ck_assert_str_eq(again.text, grid.text);
    ck_assert_ptr_nonnull(strstr(grid.text, "sampler: auto"));
    ck_assert(!ph_digest_equal(grid.digest, plain.digest));
    ph_grid_free(&grid);
    ph_grid_free(&plain);
    ph_grid_free(&lumped);
    ph_grid_free(&again);
}
END_TEST

/* One dilution a pattern reaches every point. */
START_TEST(test_each)
{
    ph_grid_t grid;
    parse(&grid, "network: { neurons: 100, patterns: 3, dilution: { each: [0.5, 0.1, 0.3] } }\n"
                 "noise: [0.1, 0.2]\ndynamics: { sweeps: 10 }\n");
    for (size_t p = 0; p < 2; p++) {
        ck_assert(grid.points[p].dilution[0] == 0.5);
        ck_assert(grid.points[p].dilution[1] == 0.1);
        ck_assert(grid.points[p].dilution[2] == 0.3);
    }
    ck_assert_ptr_nonnull(strstr(grid.text, "dilution: { each: [0.5, 0.1, 0.3] }"));
    ph_grid_free(&grid);
}
END_TEST

/* Patterns by a law are those of their neurons, in any order and zip, as if they were listed. */
START_TEST(test_patterns_law)
{
    static const struct {
        const char *law, *listed;
    } cases[] = {
        {"network: { neurons: [1000, 64, 1], patterns: { law: log, base: 2 } }\n",
         "network: { neurons: [1, 64, 1000], patterns: [1, 6, 10] }\n"
         "zip: [[neurons, patterns]]\n"},
        {"network: { neurons: [1000, 64, 1], patterns: { factor: 0.5, base: 10, law: log } }\n",
         "network: { neurons: [1, 64, 1000], patterns: [1, 1, 2] }\nzip: [[neurons, patterns]]\n"},
        {"network: { neurons: [1000, 64], dilution: [0.2, 0.1],\n"
         "           patterns: { law: log, base: 2 } }\nzip: [[dilution, neurons]]\n",
         "network: { neurons: [1000, 64], patterns: [10, 6], dilution: [0.2, 0.1] }\n"
         "zip: [[dilution, patterns, neurons]]\n"},
        {"network: { neurons: [1000, 64], dilution: [0.1, 0.2],\n"
         "           patterns: { law: log, base: 2 } }\nzip: [[neurons, dilution]]\n",
         "network: { neurons: [1000, 64], patterns: [10, 6], dilution: [0.1, 0.2] }\n"
         "zip: [[neurons, patterns, dilution]]\n"},
        {"network: { neurons: 1024, patterns: { law: log, base: 2, factor: 1.2 } }\n",
         "network: { neurons: 1024, patterns: 12 }\n"},
    };
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        static const char rest[] = "noise: 0.1\ndynamics: { sweeps: 10 }\n";
        char text[512];
        ph_grid_t law, listed;
        snprintf(text, sizeof(text), "%s%s", cases[i].law, rest);
        parse(&law, text);
        snprintf(text, sizeof(text), "%s%s", cases[i].listed, rest);
        parse(&listed, text);
        ck_assert_str_eq(law.text, listed.text);
        ck_assert_int_eq(law.patterns_max, listed.patterns_max);
        for (size_t p = 0; p < law.points_count; p++)
            ck_assert(ph_digest_equal(law.points[p].chain, listed.points[p].chain));
        ph_grid_free(&law);
        ph_grid_free(&listed);
    }
}
END_TEST

/* Every seed keeps all its bits. */
START_TEST(test_seeds)
{
    static const struct {
        const char *set;
        uint64_t seed;
    } cases[] = {{"seed=0", 0},
                 {"seed=4294967297", 4294967297},
                 {"seed=9007199254740993", 9007199254740993},
                 {"seed=9223372036854775807", 9223372036854775807U},
                 {"seed=1e4", 10000},
                 {"seed=+12.50e2", 1250}};
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        ph_grid_t grid;
        parse_with(&grid, SMALL, cases[i].set);
        ck_assert_uint_eq(grid.seed, cases[i].seed);
        ph_grid_free(&grid);
    }
}
END_TEST

/* A logarithmic range holds both ends exactly and equal ratios; integers are rounded on it. */
START_TEST(test_log_range)
{
    ph_grid_t grid;
    parse(&grid,
          "network: { neurons: { from: 100, to: 1000, steps: 3, scale: log }, patterns: 1 }\n"
          "noise: { from: 10, to: 0.001, steps: 5, scale: log }\ndynamics: { sweeps: 1 }\n");
    static const double neurons[] = {100, 316, 1000}, noises[] = {0.001, 0.01, 0.1, 1, 10};
    for (size_t i = 0; i < 3; i++)
        ck_assert(grid.axes[0].coordinates[0].values[i] == neurons[i]);
    for (size_t i = 0; i < 5; i++)
        ck_assert(grid.axes[1].coordinates[0].values[i] == noises[i]);
    ph_grid_free(&grid);
}
END_TEST

/* A range is even: every value the nearest double to from + i (to - from) / (steps - 1), both ends
 * exact, whichever way it runs; "linear" says what is so by default. */
START_TEST(test_linear_range)
{
    ph_grid_t grid, same;
    parse(&grid, "network: { neurons: 100, patterns: { from: 9, to: 1, steps: 5 } }\n"
                 "noise: { from: 0.1, to: 0.7, steps: 7 }\ndynamics: { sweeps: 1 }\n");
    parse(&same,
          "network: { neurons: 100, patterns: { from: 1, to: 9, steps: 5, scale: linear } }\n"
          "noise: [0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7]\ndynamics: { sweeps: 1 }\n");
    ck_assert(ph_digest_equal(grid.digest, same.digest));
    for (size_t i = 0; i < 5; i++)
        ck_assert(grid.axes[0].coordinates[0].values[i] == 1.0 + 2.0 * (double)i);
    for (size_t i = 0; i < 7; i++)
        ck_assert(grid.axes[1].coordinates[0].values[i] == (double)(i + 1) / 10.0);
    ph_grid_free(&grid);
    ph_grid_free(&same);
}
END_TEST

/* Parsing the canonical text gives the grid and the text again; spacing and order do not count. */
START_TEST(test_canonical)
{
    static const char *const grids[] = {
        SMALL,
        SMALL
        "title: \"quote \\\" back\\\\slash \\t tab \\x7f \\u2028 \\uFEFF \\x85 caf\u00e9 # : -\"",
        SMALL "title: 2026",
        SMALL "title: |\n  two\n  lines\n",
        "dynamics: { sweeps: [20, 10], order: [sequential, random], sampler: [metropolis] }\n"
        "noise: [0.2, 1e-300, 0, 1e300, 0.333333333333333333]\n"
        "network: { patterns: [2, 4], neurons: 1e2 }\nzip: [[sweeps, order]]\nseed: 0\n"
        "record: { trajectory: false, loss: true }\nensemble: { samples: 3, replicas: 5 }",
        "network: { neurons: [3, 1, 2], patterns: 2, dilution: { each: [1, 0.25] } }\n"
        "noise: [3, 2, 1]\ndynamics: { sweeps: { from: 1, to: 9, steps: 5 }, burn_in: [1, 2, 3, 4, "
        "5] }\nzip: [[noise, neurons], [burn_in, sweeps]]\n",
    };
    for (size_t i = 0; i < sizeof(grids) / sizeof(grids[0]); i++) {
        ph_grid_t grid, again;
        parse(&grid, grids[i]);
        parse(&again, grid.text);
        ck_assert_str_eq(grid.text, again.text);
        ck_assert_str_eq(grid.title, again.title);
        check_same(&grid, &again, true);
        ck_assert_uint_eq(grid.points_count, again.points_count);
        for (size_t p = 0; p < grid.points_count; p++)
            ck_assert(ph_digest_equal(grid.points[p].chain, again.points[p].chain));
        ph_grid_free(&grid);
        ph_grid_free(&again);
    }
}
END_TEST

/* Differences are told key by key, axes by their values. */
START_TEST(test_differences)
{
    ph_grid_t a, b;
    ph_report_t report;
    ph_report_init(&report);
    parse(&a, "network: { neurons: 100, patterns: 3, dilution: [0.1, 0.2, 0.3] }\nnoise: 0.1\n"
              "dynamics: { sweeps: 10, burn_in: 100 }\n");
    parse(&b, "network: { neurons: 100, patterns: 3, dilution: [0.2, 0.4] }\nnoise: [0.1]\n"
              "dynamics: { sweeps: 10, burn_in: 200 }\ntitle: other\n");
    ck_assert_uint_eq(ph_grid_differences(&a, "A", &b, "B", &report), 3);
    ck_assert_uint_eq(report.count, 3);
    ck_assert_uint_eq(ph_report_errors(&report), 0);
    ck_assert_str_eq(report.messages[0].text,
                     "network.dilution: 0.1, 0.3 only in A, 0.4 only in B");
    ck_assert_str_eq(report.messages[1].text, "noise: 0.1 in A, [0.1] in B");
    ck_assert_str_eq(report.messages[2].text, "dynamics.burn_in: 100 in A, 200 in B");
    ph_grid_free(&b);
    parse(&b, "network: { neurons: 100, patterns: 3, dilution: [0.1, 0.2] }\nnoise: 0.1\n"
              "dynamics: { sweeps: 10, burn_in: 100 }\n");
    ck_assert_uint_eq(ph_grid_differences(&a, "A", &b, "B", &report), 1);
    ck_assert_str_eq(report.messages[3].text, "network.dilution: 0.3 only in A");
    ck_assert_uint_eq(ph_grid_differences(&b, "B", &a, "A", &report), 1);
    ck_assert_str_eq(report.messages[4].text, "network.dilution: 0.3 only in A");
    ck_assert_uint_eq(ph_grid_differences(&a, "A", &a, "itself", &report), 0);
    ck_assert_uint_eq(report.count, 5);
    ph_report_free(&report);
    ph_grid_free(&a);
    ph_grid_free(&b);
}
END_TEST

/* The grid of quickstart is valid and has the size that is promised. */
START_TEST(test_crossover)
{
    const char *root = getenv("PH_SOURCE_DIR");
    char path[512];
    ph_grid_t grid;
    snprintf(path, sizeof(path), "%s/params/crossover.yaml", root != NULL ? root : ".");
    ph_grid_init(&grid);
    ck_assert_int_eq(ph_grid_load(&grid, path, 0, NULL, NULL), PH_OK);
    ck_assert_uint_eq(grid.points_count, 60);
    ck_assert_int_eq(grid.samples, 4);
    ck_assert_int_eq(grid.replicas, 64);
    ck_assert_int_eq(grid.records_max, 41);
    ck_assert(grid.axes[0].coordinates[0].values[19] == 0.95);
    ph_grid_free(&grid);
}
END_TEST

PH_TEST_MAIN("grid", test_defaults, test_axes, test_same_point, test_identities,
             test_learning_identities, test_zip, test_zip_order, test_auto, test_each,
             test_patterns_law, test_seeds, test_log_range, test_linear_range, test_canonical,
             test_differences, test_crossover)
