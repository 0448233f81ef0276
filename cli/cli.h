/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef PH_CLI_CLI_H
#define PH_CLI_CLI_H

#include <argp.h>
#include <signal.h>

#include "base/report.h"
#include "params/grid.h"

/** A verb of the program: arguments as after the program's name (argv[0] is the verb). */
typedef struct {
    const char *name;
    const char *help;                   /* one line */
    int (*main)(int argc, char **argv); /* returns the exit code */
} ph_verb_t;

enum { PH_EXIT_USAGE = 2, PH_EXIT_DISAGREE = 3 };

/** Keys of options without a letter. */
enum { PH_KEY_TAKE_OVER = 0x200, PH_KEY_ORDERED };

int ph_cli_run(int argc, char **argv);
int ph_cli_theory(int argc, char **argv);
int ph_cli_phase(int argc, char **argv);
int ph_cli_compare(int argc, char **argv);
int ph_cli_check(int argc, char **argv);
int ph_cli_status(int argc, char **argv);
int ph_cli_merge(int argc, char **argv);
int ph_cli_export(int argc, char **argv);
int ph_cli_plot(int argc, char **argv);
int ph_cli_slurm(int argc, char **argv);
int ph_cli_new(int argc, char **argv);
int ph_cli_bench(int argc, char **argv);
int ph_cli_info(int argc, char **argv);

/** Prints the report to stderr, frees it and gives the exit code for a status. */
int ph_cli_finish(ph_report_t *report, int status);

/** argp_parse() that shows an option it does not know with escapes; false: the exit is to be
 * PH_EXIT_USAGE, and why has been said. */
bool ph_cli_parse(const struct argp *argp, int argc, char **argv, void *input);

/** argp_error() whose arguments, which may be names of files, are made visible. */
void ph_cli_usage(const struct argp_state *state, const char *format, ...) PH_PRINTF(2, 3);

/** --set key=value, as many as given. */
typedef struct {
    size_t count;
    const char **texts;
} ph_overrides_t;

/** Adds one; without memory it says so and ends the program, as argp does. */
void ph_cli_override(ph_overrides_t *self, const char *text, const struct argp_state *state);

/** What most verbs take: one file, -o FILE, -j N, -S KEY=VALUE. */
typedef struct {
    const char *path, *output;
    ph_overrides_t overrides;
    unsigned long threads; /* 0: not given */
} ph_arguments_t;

/** The end of a verb's argp parser: takes these of its options, and the file. */
error_t ph_cli_argument(ph_arguments_t *self, int key, char *text, struct argp_state *state);

/** "dir/name.yaml" -> "name" + suffix, to be freed; NULL without memory. */
char *ph_cli_output_name(const char *grid_path, const char *suffix);

/** Whether a path means a file that polyhebb writes, not a grid: by its first bytes, or by a name
 * in .h5, whatever is there. */
bool ph_cli_is_hdf5(const char *path);

/** Loads a grid file, or the grid inside a run file (ph_cli_is_hdf5). */
int ph_cli_load_grid(ph_grid_t *grid, const char *path, const ph_overrides_t *overrides,
                     ph_report_t *report);

/** A verb that solves something on the axes of a grid, or of a run file, into a file of its own. */
typedef struct {
    const char *kind; /* of that file, by default NAME-KIND.h5 in the current folder */
    const char *doc;
    const struct argp_option *options;
    char *(*help_filter)(int key, const char *text, void *input); /* of its argp; NULL: none */
    int (*solve)(const ph_grid_t *grid, bool of_run, const char *path, int threads,
                 ph_report_t *report);
} ph_solver_t;

/** The whole of such a verb: arguments, grid, what is under the output's name, solving. */
int ph_cli_solver(const ph_solver_t *self, int argc, char **argv);

/** Set by SIGINT, SIGTERM, SIGHUP (unless ignored: nohup), SIGUSR1, SIGUSR2 and SIGXCPU once
 * handlers are in; later ones change nothing, but a third SIGINT ends the process. */
const volatile sig_atomic_t *ph_cli_stop_flag(void);
void ph_cli_catch_signals(void);

/** A time as "90", "30m", "2h", "1d" or [[D-]HH:]MM:SS in seconds; negative if malformed. */
double ph_cli_seconds(const char *text);

/** Bytes, seconds and counts as people read them. */
void ph_cli_human(double value, const char *unit, char *text, size_t size);

#endif
