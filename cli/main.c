/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <errno.h>
#include <fcntl.h>
#include <gsl/gsl_errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/machine.h"
#include "base/visible.h"
#include "cli/cli.h"
#include "polyhebb_build.h"
#include "sim/store/gridfile.h"

static const ph_verb_t VERBS[] = {
    {"run", "simulate a grid (resumes and extends by itself)", ph_cli_run},
    {"theory", "mean field on the same axes", ph_cli_theory},
    {"phase", "all states, their stability, boundaries: the phase diagram", ph_cli_phase},
    {"compare", "simulation and theory: estimates, z-scores, a verdict", ph_cli_compare},
    {"check", "a grid: points, memory, size, time; a run file: is it whole", ph_cli_check},
    {"status", "how far runs are", ph_cli_status},
    {"merge", "put shards together", ph_cli_merge},
    {"export", "a run as text: estimates, patterns, trajectories", ph_cli_export},
    {"plot", "figures of a run over its theory (gnuplot)", ph_cli_plot},
    {"slurm", "job scripts that run a grid in parts on a cluster", ph_cli_slurm},
    {"new", "print a commented grid to start from", ph_cli_new},
    {"bench", "updates per second, beside simpler programs", ph_cli_bench},
    {"info", "build, libraries, samplers, citation", ph_cli_info},
};
enum { VERBS_COUNT = sizeof(VERBS) / sizeof(VERBS[0]) };

static void print_help(FILE *out)
{
    fprintf(out,
            "Usage: polyhebb VERB [OPTION...] ...\n"
            "Monte Carlo and theory of multitasking Hebbian networks over parameter grids.\n\n");
    for (size_t v = 0; v < VERBS_COUNT; v++)
        fprintf(out, "  %-10s %s\n", VERBS[v].name, VERBS[v].help);
    fprintf(out, "\n'polyhebb VERB --help' tells more. A first grid: polyhebb new > grid.yaml\n"
                 "Exit codes: 0 done, 1 failed, 2 usage or bad grid, 3 theory and simulation\n"
                 "disagree, 4 damaged file, 75 not finished: run again.\n");
}

static void prepare_libraries(void)
{
    struct sigaction ignore;
    memset(&ignore, 0, sizeof(ignore));
    ignore.sa_handler = SIG_IGN;
    /* A full quota is an error of write(), not the end of the process. */
    sigaction(SIGXFSZ, &ignore, NULL);
    gsl_set_error_handler_off();
    ph_gridfile_silence();
}

/* A program that finds its stack too small in the middle of its work has no time to say so. */
static bool stack_suffices(void)
{
    ph_report_t report;
    ph_report_init(&report);
    const int status = ph_machine_check_stack(&report);
    if (status != PH_OK)
        ph_report_print(&report, stderr);
    ph_report_free(&report);
    return status == PH_OK;
}

/* Whether somebody has looked already if all of the output got out. */
static bool output_checked;

/*
 * Results that did not get out, on a full disk for instance, are not results. Where the program
 * fails anyway its own code counts.
 */
static int flushed(int code)
{
    output_checked = true;
    errno = 0;
    if (fflush(stdout) == 0 && !ferror(stdout) && !ph_print_failed())
        return code;
    if (code != 0 && code != PH_EXIT_DISAGREE)
        return code;
    fprintf(stderr, "polyhebb: error: cannot write to standard output: %s\n",
            errno != 0          ? strerror(errno)
            : ph_print_failed() ? "no memory for a line of it"
                                : "an earlier write failed");
    return 1;
}

/* argp ends the program itself after 'polyhebb VERB --help'. */
static void check_output_at_exit(void)
{
    if (!output_checked && flushed(0) != 0)
        _exit(1);
}

/*
 * A file opened where standard input, output or error is closed would take its number, and lines
 * meant for people would go into results. What is closed is made a file that refuses to be written.
 */
static void fill_standard_streams(void)
{
    for (int descriptor = STDIN_FILENO; descriptor <= STDERR_FILENO; descriptor++)
        if (fcntl(descriptor, F_GETFD) < 0 && open("/dev/null", O_RDONLY) != descriptor)
            _exit(1);
}

int main(int argc, char **argv)
{
    fill_standard_streams();
    prepare_libraries();
    if (atexit(check_output_at_exit) != 0 || !stack_suffices())
        return 1;
    if (argc < 2) {
        print_help(stderr);
        return PH_EXIT_USAGE;
    }
    if (strcmp(argv[1], "--help") == 0 || strcmp(argv[1], "help") == 0) {
        print_help(stdout);
        return flushed(0);
    }
    if (strcmp(argv[1], "--version") == 0) {
        printf("polyhebb %s (%s)\n", PH_VERSION, PH_REVISION);
        return flushed(0);
    }
    for (size_t v = 0; v < VERBS_COUNT; v++)
        if (strcmp(argv[1], VERBS[v].name) == 0) {
            char name[32]; /* what help and usage messages call the program */
            snprintf(name, sizeof(name), "polyhebb %s", VERBS[v].name);
            argv[1] = name;
            return flushed(VERBS[v].main(argc - 1, argv + 1));
        }
    ph_print(stderr, "polyhebb: error: unknown verb '%s'; 'polyhebb --help' lists them\n", argv[1]);
    return PH_EXIT_USAGE;
}
