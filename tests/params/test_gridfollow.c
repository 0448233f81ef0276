/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Points that follow each other, in the grid: what cannot be, and that what came before counts for
 * identities. */
#include <string.h>

#include "tests/params/parse.h"

#define NETWORK "network: { neurons: 100, patterns: 3 }\n"

static const struct {
    const char *text, *message;
} BAD[] = {
    {NETWORK "noise: 0.1\n"
             "dynamics: { sweeps: 10, follow: noise }\n",
     "g.yaml:3:33: dynamics.follow: with one noise, expected an axis of the noise alone"},
    {NETWORK "noise: [0.1, 0.2]\ndynamics: { sweeps: [10, 20], follow: [none, noise] }\n"
             "zip: [[noise, dynamics.sweeps]]\n",
     "g.yaml:3:39: dynamics.follow: with noise in a zip, expected an axis of the noise alone"},
    {NETWORK "noise: [0.1, 0.2]\ndynamics: { sweeps: 10, sampler: lumped-little, follow: noise }\n",
     "g.yaml:3:57: dynamics.follow: with sampler lumped-little, expected one whose state is its "
     "spins, such as glauber"},
    {NETWORK
     "noise: [0.1, 0.2]\ndynamics: { sweeps: 10, burn_in: 5, schedule: { from: 2, sweeps: 5 "
     "}, follow: noise-down }\n",
     "g.yaml:3:79: dynamics.follow: with a schedule, expected none: the noise changes from point "
     "to "
     "point"},
    {NETWORK "noise: [0.1, 0.2]\ndynamics: { sweeps: 10, until: { error: 0.1, sweeps_max: 20 }, "
             "follow: noise }\n",
     "g.yaml:3:72: dynamics.follow: with dynamics.until, expected a fixed number of sweeps"},
    {NETWORK "noise: [0.1, 0.2]\ndynamics: { sweeps: 10, start: { kind: file, file: a, digest: "
             "00112233445566778899aabbccddeeff }, follow: noise }\n",
     "g.yaml:3:107: dynamics.follow: with start file, expected another start"},
};

START_TEST(faults_are_said)
{
    ph_grid_t grid;
    ph_report_t report;
    ph_grid_init(&grid);
    ph_report_init(&report);
    ck_assert_int_eq(ph_grid_parse(&grid, BAD[_i].text, "g.yaml", 0, NULL, &report), PH_ERR_INPUT);
    ck_assert_uint_eq(report.count, 1);
    ck_assert_str_eq(report.messages[0].text, BAD[_i].message);
    ph_report_free(&report);
    ph_grid_free(&grid);
}
END_TEST

static ph_digest_t identity(const char *set, size_t point)
{
    ph_grid_t grid;
    parse_with(&grid,
               NETWORK
               "noise: [0.1, 0.2, 0.3]\ndynamics: { sweeps: 10, burn_in: 5, follow: noise }\n",
               set);
    const ph_digest_t found = grid.points[point].identity;
    ph_grid_free(&grid);
    return found;
}

static bool alike(const char *a, const char *b, size_t point)
{
    return ph_digest_equal(identity(a, point), identity(b, point));
}

/* A lower noise, and sweeps at it, change what follows; a higher one does not, nor chains. */
START_TEST(what_was_before_counts)
{
    ck_assert(alike("seed=1", "replicas=5", 2));
    ck_assert(alike("seed=1", "noise=[0.1, 0.2, 0.4]", 1));
    ck_assert(!alike("seed=1", "noise=[0.15, 0.2, 0.3]", 2));
    ck_assert(alike("seed=1", "sweeps=11", 0));
    ck_assert(!alike("seed=1", "sweeps=11", 2));
    ck_assert(!alike("seed=1", "burn_in=6", 1));
    ck_assert(!alike("seed=1", "follow=none", 0));
}
END_TEST

PH_TEST_PROGRAM("gridfollow")
{
    TCase *tcase = tcase_create("gridfollow");
    tcase_add_loop_test(tcase, faults_are_said, 0, sizeof(BAD) / sizeof(BAD[0]));
    tcase_add_test(tcase, what_was_before_counts);
    return test_run("gridfollow", tcase);
}
