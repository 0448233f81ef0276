/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/job.h"

#include <stdlib.h>
#include <string.h>

#include "tests/testing.h"

static const char *const VARIABLES[] = {"SLURM_JOB_ID", "SLURM_ARRAY_JOB_ID", "SLURM_ARRAY_TASK_ID",
                                        "PBS_JOBID",    "LSB_JOBID",          "LSB_JOBINDEX",
                                        "JOB_ID",       "SGE_TASK_ID"};

/* Each scheduler's job, as its own commands call it; what only looks like one is none. */
START_TEST(jobs)
{
    static const struct {
        const char *text, *set[3][2];
    } cases[] = {
        {"", {{NULL}}},
        {"Slurm 4711", {{"SLURM_JOB_ID", "4711"}}},
        {"Slurm 4711_3",
         {{"SLURM_JOB_ID", "4714"}, {"SLURM_ARRAY_JOB_ID", "4711"}, {"SLURM_ARRAY_TASK_ID", "3"}}},
        {"PBS 12[4].server.org", {{"PBS_JOBID", "12[4].server.org"}}},
        {"LSF 9", {{"LSB_JOBID", "9"}, {"LSB_JOBINDEX", "0"}}},
        {"LSF 9[2]", {{"LSB_JOBID", "9"}, {"LSB_JOBINDEX", "2"}}},
        {"Grid Engine 77", {{"JOB_ID", "77"}, {"SGE_TASK_ID", "undefined"}}},
        {"Grid Engine 77.5", {{"JOB_ID", "77"}, {"SGE_TASK_ID", "5"}}},
        {"", {{"JOB_ID", "nightly"}}},
        {"", {{"SLURM_JOB_ID", ""}, {"PBS_JOBID", "two words\n"}}},
    };
    char text[64];
    for (size_t k = 0; k < sizeof(VARIABLES) / sizeof(VARIABLES[0]); k++)
        unsetenv(VARIABLES[k]);
    for (size_t k = 0; k < 3; k++)
        if (cases[_i].set[k][0] != NULL)
            setenv(cases[_i].set[k][0], cases[_i].set[k][1], 1);
    ck_assert_int_eq(ph_job(text, sizeof(text)), cases[_i].text[0] != '\0');
    ck_assert_str_eq(text, cases[_i].text);
    ck_assert_int_eq(ph_job(text, 5), cases[_i].text[0] != '\0');
    ck_assert_uint_lt(strlen(text), 5);
}
END_TEST

PH_TEST_PROGRAM("job")
{
    TCase *tcase = tcase_create("job");
    tcase_add_loop_test(tcase, jobs, 0, 10);
    return test_run("job", tcase);
}
