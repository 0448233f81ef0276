/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Grids too large: said from the lengths of their axes, before a value is read. */
#include <math.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "params/number_private.h"
#include "tests/params/parse.h"

static const struct {
    const char *text;
    int status;
    const char *message; /* how it begins */
} GRIDS[] = {
    {"network: { neurons: { from: 1, to: 5000, steps: 5000 }, patterns: 3 }\n"
     "noise: { from: 0, to: 1, steps: 5000 }\ndynamics: { sweeps: 10 }\n",
     PH_ERR_INPUT,
     "g.yaml:1:1: the axes make 25000000 points (neurons 5000 x noise 5000), expected at most "
     "10000000; shorten an axis or zip two"},
    {"network: { neurons: 1, patterns: 1, dilution: { from: 0, to: 1, steps: 1e7 } }\n"
     "noise: { from: 0, to: 1, steps: 1e7 }\n"
     "dynamics: { sweeps: 10, burn_in: { from: 0, to: 9999999, steps: 1e7 } }\n",
     PH_ERR_INPUT,
     "g.yaml:1:1: the axes make 1000000000000000000000 points (dilution 10000000 x noise 10000000 "
     "x "
     "burn_in 10000000), expected at most 10000000; shorten an axis or zip two"},
    {"network: { neurons: 10, patterns: 1, dilution: { from: 0, to: 1, steps: 1000000 } }\n"
     "noise: { from: 0, to: 1, steps: 1000000 }\n"
     "dynamics: { sweeps: 10 }\nzip: [[noise, dilution]]\n",
     PH_ERR_LIMIT, "g.yaml: 1000000 points need about 0."},
};

static void check_refused(const char *text, int status, const char *message)
{
    ph_report_t report;
    ph_grid_t grid;
    ph_report_init(&report);
    ph_grid_init(&grid);
    const clock_t begin = clock();
    ck_assert_int_eq(ph_grid_parse(&grid, text, "g.yaml", 0, NULL, &report), status);
    ck_assert_double_lt((double)(clock() - begin) / CLOCKS_PER_SEC, 0.5);
    ck_assert_uint_eq(report.count, 1);
    ck_assert_msg(strncmp(report.messages[0].text, message, strlen(message)) == 0, "%s",
                  report.messages[0].text);
    ph_report_free(&report);
    ph_grid_free(&grid);
}

START_TEST(test_too_large)
{
    setenv("SLURM_MEM_PER_NODE", "200", 1); /* MB */
    for (size_t i = 0; i < sizeof(GRIDS) / sizeof(GRIDS[0]); i++)
        check_refused(GRIDS[i].text, GRIDS[i].status, GRIDS[i].message);
    unsetenv("SLURM_MEM_PER_NODE");
}
END_TEST

/* Zipped axes count once, lists and ranges alike; a law makes no axis of its own. */
START_TEST(test_counted)
{
    static const char TEXT[] =
        "network: { neurons: { from: 10, to: 10009, steps: 10000 },\n"
        "           patterns: { law: log, base: 2 }, dilution: [0.1, 0.2] }\n"
        "noise: { from: 0, to: 1, steps: 10000 }\n"
        "dynamics: { sweeps: 10, burn_in: [1, 2] }\n"
        "zip: [[network.neurons, noise], [burn_in, dilution]]\n";
    ph_grid_t grid;
    ph_grid_init(&grid);
    ck_assert_int_eq(ph_grid_parse(&grid, TEXT, "g.yaml", 0, NULL, NULL), PH_OK);
    ck_assert_uint_eq(grid.points_count, 20000);
    ph_grid_free(&grid);
}
END_TEST

/* A pipe is no grid, and nobody waits for its other end. */
START_TEST(test_pipe)
{
    char folder[] = "/tmp/ph-grid-XXXXXX", path[64];
    ph_grid_t grid;
    ph_grid_init(&grid);
    ck_assert_ptr_nonnull(mkdtemp(folder));
    snprintf(path, sizeof(path), "%s/pipe", folder);
    ck_assert_int_eq(mkfifo(path, 0600), 0);
    ck_assert_int_eq(ph_grid_load(&grid, path, 0, NULL, NULL), PH_ERR_FORMAT);
    unlink(path);
    rmdir(folder);
}
END_TEST

/* Qualities of an entropy zipped with examples have room for the points, not for their square: 2000
 * of 34 patterns would be refused. */
START_TEST(test_zipped_entropy)
{
    ph_grid_t grid;
    parse(&grid, "network: { neurons: 100, patterns: 34, rule: supervised,\n"
                 "  examples: { from: 1, to: 2000, steps: 2000 },\n"
                 "  entropy: { from: 2000, to: 1, steps: 2000 } }\n"
                 "noise: 0\ndynamics: { sweeps: 10 }\nzip: [[examples, entropy]]\n");
    ck_assert_uint_eq(grid.points_count, 2000);
    for (size_t p = 0; p < grid.points_count; p++) {
        const double m = grid.points[p].examples[0], *quality = grid.points[p].quality;
        const double r = ph_round12(1.0 / sqrt(1.0 + m * (2001.0 - m)));
        if (quality[0] != r || quality[33] != r)
            ck_abort_msg("%.0f examples: %.17g, expected %.17g", m, quality[0], r);
    }
    ph_grid_free(&grid);
}
END_TEST

PH_TEST_MAIN("gridsize", test_too_large, test_counted, test_zipped_entropy, test_pipe)
