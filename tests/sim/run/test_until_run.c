/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Runs with dynamics.until: how long each block goes on is told by its own numbers alone, whoever
 * computes it and however often it is stopped; what is asked for is reached, or said not to be. */
#include <hdf5.h>
#include <math.h>
#include <stdlib.h>
#include <sys/syscall.h>
#include <sys/wait.h>

#include "analysis/estimate/statistics.h"
#include "sim/model/until.h"
#include "sim/run/merge.h"
#include "sim/run/plan.h"
#include "tests/sim/run/smallrun.h"

#define NETWORK                                                                                    \
    "network: { neurons: 40, patterns: 2 }\nnoise: [0.7, 1, 3]\n"                                  \
    "ensemble: { samples: 2, replicas: 7, lanes: 3 }\n"
#define RULE "until: { error: 0.025, rhat: 1.15, sweeps_max: 400 }"
#define GRID NETWORK "dynamics: { sweeps: 20, burn_in: 3, record_every: 2, " RULE " }\n"

enum { DEAD = 77 }; /* exit status of a child that was "killed" */

static char folder[32], path[96], other[96];
static int writes_left; /* to a journal, until the process dies within one; 0: it lives */

/* Stands in for the C library's. */
ssize_t pwrite(int descriptor, const void *bytes, size_t size, off_t offset)
{
    char link[64], name[128];
    snprintf(link, sizeof(link), "/proc/self/fd/%d", descriptor);
    const ssize_t length = readlink(link, name, sizeof(name) - 1);
    const bool journal = length > 8 && strncmp(name + length - 8, ".journal", 8) == 0;
    if (journal && writes_left > 0 && --writes_left == 0) {
        syscall(SYS_pwrite64, descriptor, bytes, size / 2, offset);
        _exit(DEAD);
    }
    return syscall(SYS_pwrite64, descriptor, bytes, size, offset);
}

static void setup(void)
{
    small_folder(folder);
    small_path(path, folder, "run.h5");
    small_path(other, folder, "other.h5");
}

static void teardown(void)
{
    char name[96];
    static const char *const FILES[] = {
        "run.h5", "other.h5", "run.h5.status", "other.h5.status", "run.h5.journal",
        "0.h5",   "1.h5",     "0.h5.status",   "1.h5.status"};
    for (size_t i = 0; i < sizeof(FILES) / sizeof(FILES[0]); i++)
        unlink(small_path(name, folder, FILES[i]));
    rmdir(folder);
}

/* A run with some of its options; what it came to. */
static int run_with(const ph_grid_t *grid, const char *file, ph_run_options_t options,
                    ph_run_summary_t *summary)
{
    options.path = file;
    return ph_run(grid, &options, summary, NULL);
}

static int fresh(const ph_grid_t *grid, const char *file)
{
    ph_run_summary_t summary;
    return run_with(grid, file, (ph_run_options_t){.threads = 1}, &summary);
}

/* Every block ends at the first time at which the sums of a run without `until`, of just so many
 * sweeps, say so; lengths differ between blocks of one sample, and all ends occur. */
START_TEST(lengths_are_those_of_the_rule)
{
    ph_grid_t grid;
    ph_runfile_t file, plain;
    size_t ends[PH_UNTIL_COUNT] = {0}, lengths = 0;
    parse(&grid, GRID);
    ck_assert_int_eq(fresh(&grid, path), PH_ERR_UNREACHED);
    ck_assert_int_eq(ph_runfile_open(&file, path, NULL), PH_OK);
    for (uint64_t time = 20; time <= 400; time = time == 320 ? 400 : 2 * time) {
        char set[32];
        ph_grid_t short_grid;
        snprintf(set, sizeof(set), "sweeps=%d", (int)time);
        parse_with(&short_grid, NETWORK "dynamics: { sweeps: 1, burn_in: 3, record_every: 2 }\n",
                   set);
        ck_assert_int_eq(fresh(&short_grid, other), PH_OK);
        ck_assert_int_eq(ph_runfile_open(&plain, other, NULL), PH_OK);
        for (size_t p = 0; p < grid.points_count; p++)
            for (uint32_t s = 0; s < 2; s++)
                for (uint32_t r = 0; r < 7; r += 3) {
                    ph_segment_t a;
                    const uint32_t chains = r == 6 ? 1 : 3;
                    const uint64_t done = (uint64_t)ph_runfile_sweeps_done(&file, p, s, r) - 3;
                    ck_assert_int_eq(ph_runfile_read(&plain, p, s, r, chains, UINT64_MAX, &a, NULL),
                                     PH_OK);
                    const ph_until_end_t end =
                        ph_until_judge(&grid, &grid.points[p], time + 3, chains, a.sums).end;
                    ck_assert(done < time || (end == PH_UNTIL_GOES_ON) == (done > time));
                    if (done == time)
                        for (uint32_t c = r; c < r + chains; c++)
                            ck_assert_int_eq(file.ended[(p * 2 + s) * 7 + c], (int)end);
                    ends[end] += done == time;
                    lengths += done == time && r == 3 &&
                               ph_runfile_sweeps_done(&file, p, s, 0) != (int64_t)time + 3;
                    ph_segment_free(&a);
                }
        ph_runfile_close(&plain);
        ph_grid_free(&short_grid);
        unlink(other);
    }
    ck_assert_uint_eq(ends[PH_UNTIL_REACHED] + ends[PH_UNTIL_CAP], 18);
    ck_assert(ends[PH_UNTIL_REACHED] > 3 && ends[PH_UNTIL_CAP] > 3 && lengths > 0);
    ph_runfile_close(&file);
    ph_grid_free(&grid);
}
END_TEST

/* On one, two and three threads, with checkpoints at every sweep, in two shards put together: the
 * same chains of the same lengths. */
START_TEST(whoever_computes_it)
{
    char shard[2][96];
    const char *const shards[] = {shard[0], shard[1]};
    ph_grid_t grid;
    ph_run_summary_t summary;
    parse(&grid, GRID);
    ck_assert_int_eq(fresh(&grid, path), PH_ERR_UNREACHED);
    for (uint64_t threads = 2; threads <= 3; threads++) {
        ck_assert_int_eq(run_with(&grid, other,
                                  (ph_run_options_t){.threads = threads, .checkpoint_every = 2e-4},
                                  &summary),
                         PH_ERR_UNREACHED);
        ck_assert_uint_eq(small_different(path, other), 0);
        unlink(other);
    }
    for (uint32_t i = 0; i < 2; i++)
        run_with(&grid, small_path(shard[i], folder, i == 0 ? "0.h5" : "1.h5"),
                 (ph_run_options_t){.threads = 2, .shard = i, .shards = 2}, &summary);
    ck_assert_int_eq(ph_run_merge(2, shards, other, false, NULL, NULL), PH_ERR_UNREACHED);
    ck_assert_uint_eq(small_different(path, other), 0);
    ph_grid_free(&grid);
}
END_TEST

/* Killed in the middle of its fourteenth record, again and again, and stopped with its file put
 * together in between: the same in the end, and then there is nothing left to do. */
START_TEST(killed_again_and_again)
{
    ph_grid_t grid;
    ph_run_summary_t summary;
    int kills = 0, code = 0;
    parse(&grid, GRID);
    ck_assert_int_eq(fresh(&grid, path), PH_ERR_UNREACHED);
    for (; code != PH_ERR_UNREACHED && kills < 200; kills++) {
        const pid_t child = fork();
        if (child == 0) {
            writes_left = 14;
            _exit(run_with(&grid, other, (ph_run_options_t){.threads = 2, .take_over = true},
                           &summary));
        }
        ck_assert_int_eq(waitpid(child, &code, 0), child);
        code = WEXITSTATUS(code);
        ck_assert(code == DEAD || code == PH_ERR_UNREACHED);
        if (code == DEAD && kills % 3 == 2)
            ck_assert_int_eq(run_with(&grid, other,
                                      (ph_run_options_t){.threads = 1, .time_limit = 1e-6},
                                      &summary),
                             PH_ERR_INTERRUPTED);
    }
    ck_assert_int_gt(kills, 4);
    ck_assert_uint_eq(small_different(path, other), 0);
    ph_report_t report;
    ph_report_init(&report);
    ck_assert_int_eq(small_run(&grid, other, &report), PH_ERR_UNREACHED);
    ck_assert(small_says(&report, "is complete already"));
    ph_report_free(&report);
    ph_grid_free(&grid);
}
END_TEST

/* A tighter rule and a later cap go on from what is there, to what a fresh run gives; so does a
 * grid that had no rule, also one with fewer replicas in a block, and one that has it no more. */
START_TEST(extends_to_what_a_fresh_run_gives)
{
    static const char *const LATER[] = {"until_error=0.015", "until_sweeps_max=900",
                                        "until={ error: 0, rhat: 0, sweeps_max: 0 }"};
    for (size_t i = 0; i < 5; i++) {
        ph_grid_t first, later;
        ph_run_summary_t summary;
        parse_with(&first, GRID, i >= 3 ? LATER[2] : "seed=1");
        parse_with(&later, GRID, i >= 3 ? "seed=1" : LATER[i]);
        if (i == 4) {
            ph_grid_free(&first);
            parse_with(&first, NETWORK "dynamics: { sweeps: 20, burn_in: 3, record_every: 2 }\n",
                       "replicas=5");
        }
        if (i == 2) {
            ph_grid_free(&later);
            parse(&later, NETWORK "dynamics: { sweeps: 400, burn_in: 3, record_every: 2 }\n");
        }
        const int status = fresh(&first, path);
        ck_assert(status == PH_OK || status == PH_ERR_UNREACHED);
        const int after = run_with(&later, path, (ph_run_options_t){.threads = 2}, &summary);
        const double updates = summary.updates;
        ck_assert_int_eq(run_with(&later, other, (ph_run_options_t){.threads = 2}, &summary),
                         after);
        ck_assert(updates < summary.updates);
        ck_assert_uint_eq(small_different(path, other), 0);
        unlink(path);
        unlink(other);
        ph_grid_free(&first);
        ph_grid_free(&later);
    }
}
END_TEST

/* A rule that would have ended chains sooner is refused, and says by what; the file stays. */
START_TEST(looser_rules_are_refused)
{
    ph_grid_t grid, looser;
    ph_report_t report;
    ph_report_init(&report);
    parse(&grid, GRID);
    parse_with(&looser, GRID, "until_error=0.05");
    ck_assert_int_eq(fresh(&grid, path), PH_ERR_UNREACHED);
    ck_assert_int_eq(small_run(&looser, path, &report), PH_ERR_MISMATCH);
    ck_assert(small_says(&report, "dynamics.until_error: 0.025 in"));
    ck_assert_int_eq(fresh(&grid, other), PH_ERR_UNREACHED);
    ck_assert_uint_eq(small_different(path, other), 0);
    ph_report_free(&report);
    ph_grid_free(&looser);
    ph_grid_free(&grid);
}
END_TEST

/* The same of a journal alone, whose run was killed: looser is refused and changes nothing, tighter
 * goes on to what a fresh run gives. */
START_TEST(journals_of_other_rules)
{
    ph_grid_t grid, looser, tighter;
    ph_report_t report;
    int code = 0;
    ph_report_init(&report);
    parse(&grid, GRID);
    parse_with(&looser, GRID, "until_error=0.05");
    parse_with(&tighter, GRID, "until_error=0.02");
    const pid_t child = fork();
    if (child == 0) {
        ph_run_summary_t summary;
        writes_left = 30;
        _exit(run_with(&grid, path, (ph_run_options_t){.threads = 1}, &summary));
    }
    ck_assert_int_eq(waitpid(child, &code, 0), child);
    ck_assert_int_eq(WEXITSTATUS(code), DEAD);
    ck_assert_int_eq(small_run(&looser, path, &report), PH_ERR_MISMATCH);
    ck_assert(small_says(&report, "which this grid's dynamics.until may end sooner"));
    ck_assert(small_says(&report, "dynamics.until_error: 0.025 in"));
    ck_assert_int_eq(fresh(&tighter, path), PH_ERR_UNREACHED);
    ck_assert_int_eq(fresh(&tighter, other), PH_ERR_UNREACHED);
    ck_assert_uint_eq(small_different(path, other), 0);
    ph_report_free(&report);
    ph_grid_free(&tighter);
    ph_grid_free(&looser);
    ph_grid_free(&grid);
}
END_TEST

/* A file that says of chains how they ended what there is no word for is damaged. */
START_TEST(unknown_ends_are_damage)
{
    int8_t ends[3 * 2 * 7];
    ph_grid_t grid;
    ph_runfile_t file;
    parse(&grid, GRID);
    ck_assert_int_eq(fresh(&grid, path), PH_ERR_UNREACHED);
    for (int bad = -1; bad <= PH_UNTIL_COUNT; bad++) {
        memset(ends, PH_UNTIL_REACHED, sizeof(ends));
        ends[40] = (int8_t)bad;
        const hid_t hdf5 = H5Fopen(path, H5F_ACC_RDWR, H5P_DEFAULT);
        const hid_t data = H5Dopen2(hdf5, "ended", H5P_DEFAULT);
        ck_assert_int_ge(H5Dwrite(data, H5T_NATIVE_INT8, H5S_ALL, H5S_ALL, H5P_DEFAULT, ends), 0);
        H5Dclose(data);
        H5Fclose(hdf5);
        ck_assert_int_eq(ph_runfile_open(&file, path, NULL),
                         bad >= 0 && bad < PH_UNTIL_COUNT ? PH_OK : PH_ERR_DAMAGED);
        ph_runfile_close(&file);
    }
    ph_grid_free(&grid);
}
END_TEST

/* Work, memory, file and time are those of chains that all go to their cap; the least time is that
 * of chains that all end at once. */
START_TEST(costs_are_those_of_the_cap)
{
    ph_grid_t grid, longest, shortest;
    parse(&grid, GRID);
    parse(&longest, NETWORK "dynamics: { sweeps: 400, burn_in: 3, record_every: 2 }\n");
    parse(&shortest, NETWORK "dynamics: { sweeps: 20, burn_in: 3, record_every: 2 }\n");
    const ph_cost_t cost = ph_plan_cost(&grid, 2), most = ph_plan_cost(&longest, 2),
                    least = ph_plan_cost(&shortest, 2);
    ck_assert(cost.updates == most.updates && cost.file_bytes == most.file_bytes);
    ck_assert(cost.memory_bytes >= most.memory_bytes &&
              cost.memory_bytes < most.memory_bytes + 1e4);
    ck_assert_double_eq_tol(cost.seconds, most.seconds, 1e-12);
    ck_assert_double_eq_tol(cost.seconds_least, least.seconds, 1e-12);
    ck_assert_double_eq_tol(least.seconds_least, least.seconds, 1e-12);
    ck_assert_double_lt(least.seconds, 0.5 * most.seconds);
    ph_grid_free(&shortest);
    ph_grid_free(&longest);
    ph_grid_free(&grid);
}
END_TEST

/* <m^2> of the Curie-Weiss magnet, P(M) ~ binomial(N, (N + M) / 2) exp(M^2 / (2 N T)). */
static double exact_square(double neurons, double noise)
{
    double weight = 0.0, sum = 0.0;
    for (double up = 0.0; up <= neurons; up++) {
        const double m = (2.0 * up - neurons) / neurons;
        const double p = exp(lgamma(neurons + 1.0) - lgamma(up + 1.0) - lgamma(neurons - up + 1.0) +
                             0.5 * neurons * m * m / noise);
        weight += p;
        sum += p * m * m;
    }
    return sum / weight;
}

/* The error asked for is had, by the spread of all chains: <m> = 0 and <m^2> of a magnet above and
 * below its transition lie within 4 of theirs of exact sums; also of the rung of a ladder, and of
 * every third sweep. False alarms: 8 of 63000 a time. */
START_TEST(error_is_reached)
{
    static const double ASKED = 0.008;
    static const char *const HOW[] = {"record_every=1", "record_every=3"};
    static const char *const TEXTS[] = {
        "network: { neurons: 24, patterns: 1 }\nnoise: [0.8, 1.5]\n"
        "dynamics: { sweeps: 50, burn_in: 50, until: { error: 0.008, sweeps_max: 20000 } }\n"
        "ensemble: { replicas: 192 }\nrecord: { trajectory: false }\n",
        "network: { neurons: 24, patterns: 1 }\nnoise: [0.8, 1.5]\n"
        "dynamics: { sweeps: 50, burn_in: 50, sampler: replica-exchange, ladder: [0.8, 1.1, 1.5],\n"
        "  until: { error: 0.008, sweeps_max: 20000 } }\n"
        "ensemble: { replicas: 192 }\nrecord: { trajectory: false }\n"};
    ph_grid_t grid;
    ph_runfile_t file;
    parse_with(&grid, TEXTS[_i], HOW[_i]);
    ck_assert_int_eq(fresh(&grid, path), PH_OK);
    ck_assert_int_eq(ph_runfile_open(&file, path, NULL), PH_OK);
    for (size_t p = 0; p < 2; p++) {
        double m[192], square[192], mean[2] = {0.0, 0.0};
        for (uint32_t r = 0; r < 192; r++) {
            ph_segment_t a;
            ck_assert_int_eq(ph_runfile_read(&file, p, 0, r, 1, UINT64_MAX, &a, NULL), PH_OK);
            const double n = (double)ph_records_until(&grid.points[p], a.sweep_to);
            m[r] = a.sums[0] / n;
            square[r] = a.sums[2] / n;
            mean[0] += m[r] / 192.0;
            mean[1] += square[r] / 192.0;
            ph_segment_free(&a);
        }
        const double error = ph_error_of_mean(m, 192);
        ck_assert_msg(error < ASKED * 1.1 && error > 0.3 * ASKED, "%zu: %g", p, error);
        ck_assert_double_lt(fabs(mean[0]), 4.0 * error);
        ck_assert_double_lt(fabs(mean[1] - exact_square(24.0, grid.points[p].noise)),
                            4.0 * ph_error_of_mean(square, 192));
    }
    ck_assert(ph_runfile_sweeps_done(&file, 0, 0, 0) > ph_runfile_sweeps_done(&file, 1, 0, 0));
    ph_runfile_close(&file);
    ph_grid_free(&grid);
}
END_TEST

/* At the cap: how many points, which is worst, by how much; and what it would need. The error of a
 * point is that of the mean over its chains, from those of its blocks. */
START_TEST(cap_is_said)
{
    ph_grid_t grid;
    ph_report_t report;
    ph_report_init(&report);
    parse(&grid, GRID);
    ck_assert_int_eq(small_run(&grid, path, &report), PH_ERR_UNREACHED);
    ck_assert(small_says(&report, "cap of 400 sweeps reached at 2 of 3 points: error 0."));
    ck_assert(small_says(&report, " > 0.025, R-hat 3."));
    ck_assert(small_says(&report, " at noise=0.7; "));
    const ph_until_point_t at = {.most = 400, .error = 0.05, .rhat = 1.1};
    ck_assert_double_eq(ph_until_needs(&grid, &at), 1600.0);
    ph_runfile_t file;
    ph_run_summary_t summary;
    double variance = 0.0;
    ck_assert_int_eq(run_with(&grid, path, (ph_run_options_t){.threads = 1}, &summary),
                     PH_ERR_UNREACHED);
    ck_assert_int_eq(ph_runfile_open(&file, path, NULL), PH_OK);
    for (uint32_t b = 0; b < 6; b++) {
        const uint32_t first = b % 3 * 3, chains = first == 6 ? 1 : 3;
        ph_segment_t a;
        ck_assert_int_eq(ph_runfile_read(&file, 0, b / 3, first, chains, UINT64_MAX, &a, NULL),
                         PH_OK);
        const double error =
            ph_until_judge(&grid, &grid.points[0], a.sweep_to, chains, a.sums).error;
        variance += pow(error * chains / 14.0, 2);
        ph_segment_free(&a);
    }
    ck_assert_uint_eq(summary.until.worst, 0);
    ck_assert_double_eq_tol(summary.until.at.error, sqrt(variance), 1e-12);
    ph_runfile_close(&file);
    ph_report_free(&report);
    ph_grid_free(&grid);
}
END_TEST

PH_TEST_PROGRAM("until_run")
{
    TCase *tcase = tcase_create("until_run");
    tcase_set_timeout(tcase, 300);
    tcase_add_checked_fixture(tcase, setup, teardown);
    tcase_add_test(tcase, lengths_are_those_of_the_rule);
    tcase_add_test(tcase, whoever_computes_it);
    tcase_add_test(tcase, killed_again_and_again);
    tcase_add_test(tcase, extends_to_what_a_fresh_run_gives);
    tcase_add_test(tcase, looser_rules_are_refused);
    tcase_add_test(tcase, journals_of_other_rules);
    tcase_add_test(tcase, unknown_ends_are_damage);
    tcase_add_test(tcase, costs_are_those_of_the_cap);
    tcase_add_loop_test(tcase, error_is_reached, 0, 2);
    tcase_add_test(tcase, cap_is_said);
    return test_run("until_run", tcase);
}
