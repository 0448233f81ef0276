/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef PH_CLI_CLI_H
#define PH_CLI_CLI_H

#include <signal.h>

#include "base/report.h"
#include "cli/verbs.h"
#include "params/grid.h"

enum { PH_EXIT_USAGE = 2, PH_EXIT_DISAGREE = 3, PH_EXIT_UNDECIDED = 5 };

/** Prints the report to stderr, frees it and gives the exit code for a status. */
int ph_cli_finish(ph_report_t *report, int status);

/** What most verbs take: one file, -o FILE, -j N, -S KEY=VALUE. */
typedef struct {
    const char *path, *output;
    ph_texts_t overrides;
    uint64_t threads; /* 0: not given */
} ph_arguments_t;

/** "dir/name.yaml" -> "name" + suffix, "-" -> "grid" + suffix, to be freed; NULL without memory. */
char *ph_cli_output_name(const char *grid_path, const char *suffix);

/** Whether a path means a file that polyhebb writes, not a grid: by its first bytes, or by a name
 * in .h5, whatever is there. */
bool ph_cli_is_hdf5(const char *path);

/** Loads a grid file; "-" is standard input. Errors as ph_grid_load(). */
int ph_cli_read_grid(ph_grid_t *grid, const char *path, const ph_texts_t *overrides,
                     ph_report_t *report);

/** The same, or the grid inside a run file (ph_cli_is_hdf5). */
int ph_cli_load_grid(ph_grid_t *grid, const char *path, const ph_texts_t *overrides,
                     ph_report_t *report);

/** A verb that solves something on the axes of a grid, or of a run file, into a file of its own. */
typedef struct ph_solver {
    const char *kind; /* of that file, by default NAME-KIND.h5 in the current folder */
    /** `a`: what the verb was given, which begins with what most verbs take. */
    int (*solve)(const ph_grid_t *grid, const ph_arguments_t *a, const char *path, int threads,
                 ph_report_t *report);
    /** What solves this grid in its place; NULL where it does. May be NULL. */
    const struct ph_solver *(*other)(const ph_grid_t *grid, const ph_arguments_t *a);
} ph_solver_t;

/** The whole of such a verb: grid, what is under the output's name, solving; its exit code. */
int ph_cli_solver(const ph_solver_t *self, const ph_arguments_t *a, ph_report_t *report);

/** Set by SIGINT, SIGTERM, SIGHUP (unless ignored: nohup), SIGUSR1, SIGUSR2 and SIGXCPU once
 * handlers are in; later ones change nothing, but a third SIGINT ends the process. */
const volatile sig_atomic_t *ph_cli_stop_flag(void);
void ph_cli_catch_signals(void);

/** A time as "90", "30m", "2h", "1d" or [[D-]HH:]MM:SS in seconds; negative if malformed. */
double ph_cli_seconds(const char *text);

/** The same of a time as sbatch reads it: a plain number is minutes, and D-HH, D-HH:MM too. */
double ph_slurm_seconds(const char *text);

/** Says on stderr how a time limit was understood; nothing where there is none (0). */
void ph_cli_tell_limit(double seconds);

/** Bytes, seconds and counts as people read them. */
void ph_cli_human(double value, const char *unit, char *text, size_t size);

#endif
