/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/cli.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/duration.h"
#include "base/file.h"
#include "base/machine.h"
#include "data/hdf5_file.h"
#include "sim/store/gridfile.h"

int ph_cli_finish(ph_report_t *report, int status)
{
    ph_report_print(report, stderr);
    if (status != PH_OK && status != PH_ERR_INTERRUPTED && status != PH_ERR_UNREACHED &&
        ph_report_errors(report) == 0)
        fprintf(stderr, "polyhebb: error: %s\n", ph_status_text(status));
    if (status == PH_ERR_DAMAGED)
        fputs(
            "polyhebb: a damaged file that polyhebb wrote can be removed: the command that made it "
            "makes it again, with the same numbers\n",
            stderr);
    ph_report_free(report);
    return ph_status_exit_code(status);
}

char *ph_cli_output_name(const char *grid_path, const char *suffix)
{
    const char *slash = strrchr(grid_path, '/');
    const char *base = strcmp(grid_path, "-") == 0 ? "grid" : slash != NULL ? slash + 1 : grid_path;
    const char *dot = strrchr(base, '.');
    size_t length = dot != NULL && dot != base ? (size_t)(dot - base) : strlen(base);
    size_t size = length + strlen(suffix) + 1;
    char *name = malloc(size);
    if (name != NULL)
        snprintf(name, size, "%.*s%s", (int)length, base, suffix);
    return name;
}

static bool ends_in(const char *text, const char *end)
{
    size_t length = strlen(text), tail = strlen(end);
    return length >= tail && strcmp(text + length - tail, end) == 0;
}

static int load_from_file(ph_grid_t *grid, const char *path, ph_report_t *report)
{
    ph_gridfile_t file;
    int status = ph_gridfile_open(&file, path, "run", report);
    if (status == PH_OK)
        status = ph_grid_parse(grid, file.grid->text, path, 0, NULL, report);
    ph_gridfile_close(&file);
    return status;
}

bool ph_cli_is_hdf5(const char *path)
{
    unsigned char head[PH_HDF5_SIGNATURE_SIZE];
    int descriptor;
    if (ph_file_open(path, UINT64_MAX, &descriptor, NULL) != PH_OK)
        return ends_in(path, ".h5");
    const bool found = ph_file_read_at(descriptor, 0, head, sizeof(head)) == PH_OK &&
                       memcmp(head, PH_HDF5_SIGNATURE, sizeof(head)) == 0;
    close(descriptor);
    return found || ends_in(path, ".h5");
}

int ph_cli_read_grid(ph_grid_t *grid, const char *path, const ph_texts_t *overrides,
                     ph_report_t *report)
{
    return strcmp(path, "-") == 0
               ? ph_grid_load_stream(grid, stdin, overrides->count, overrides->texts, report)
               : ph_grid_load(grid, path, overrides->count, overrides->texts, report);
}

int ph_cli_load_grid(ph_grid_t *grid, const char *path, const ph_texts_t *overrides,
                     ph_report_t *report)
{
    ph_grid_init(grid);
    if (!ph_cli_is_hdf5(path))
        return ph_cli_read_grid(grid, path, overrides, report);
    if (overrides->count > 0)
        return ph_fail(report, PH_ERR_INPUT, "--set goes with a grid file, not with %s", path);
    return load_from_file(grid, path, report);
}

int ph_cli_solver(const ph_solver_t *self, const ph_arguments_t *a, ph_report_t *report)
{
    ph_grid_t grid;
    char suffix[32];
    int status = ph_cli_load_grid(&grid, a->path, &a->overrides, report);
    const ph_solver_t *other =
        status == PH_OK && self->other != NULL ? self->other(&grid, a) : NULL;
    self = other != NULL ? other : self;
    snprintf(suffix, sizeof(suffix), "-%s.h5", self->kind);
    char *path = a->output != NULL ? strdup(a->output) : ph_cli_output_name(a->path, suffix);
    if (status == PH_OK && path == NULL)
        status = PH_ERR_MEMORY;
    if (status == PH_OK)
        status = ph_gridfile_replaceable(path, self->kind, report);
    if (status == PH_OK)
        status = self->solve(&grid, a, path, (int)ph_machine_threads(a->threads).value, report);
    ph_grid_free(&grid);
    free(path);
    return ph_cli_finish(report, status);
}

/* A signal handler can reach nothing but file-scope flags. */
static volatile sig_atomic_t stop_flag, told, interrupts;

/*
 * The first asks for the end. Those after it change nothing: schedulers repeat themselves (Slurm
 * SIGTERM, the kernel SIGXCPU every second) while what is computed is being saved. Only who presses
 * Ctrl-C three times is not kept waiting.
 */
static void on_signal(int number)
{
    static const char SAVING[] =
        "polyhebb: saving what is computed, then it ends; Ctrl-C three times leaves at once, and "
        "then only what the journal holds already is kept\n";
    const int error = errno;
    if (number == SIGINT && ++interrupts >= 3)
        _exit(ph_status_exit_code(PH_ERR_INTERRUPTED));
    if (stop_flag != 0 && told == 0) {
        told = 1;
        const ssize_t written = write(STDERR_FILENO, SAVING, sizeof(SAVING) - 1);
        (void)written;
    }
    if (stop_flag == 0)
        stop_flag = number;
    errno = error;
}

const volatile sig_atomic_t *ph_cli_stop_flag(void)
{
    return &stop_flag;
}

void ph_cli_catch_signals(void)
{
    static const int SIGNALS[] = {SIGINT, SIGTERM, SIGHUP, SIGUSR1, SIGUSR2, SIGXCPU};
    struct sigaction action, old;
    memset(&action, 0, sizeof(action));
    action.sa_handler = on_signal;
    action.sa_flags = SA_RESTART;
    for (size_t k = 0; k < sizeof(SIGNALS) / sizeof(SIGNALS[0]); k++) {
        const bool known = sigaction(SIGNALS[k], NULL, &old) == 0;
        /* nohup: who has it ignored wants to go on without a terminal */
        if (SIGNALS[k] != SIGHUP || !known || old.sa_handler != SIG_IGN)
            sigaction(SIGNALS[k], &action, NULL);
    }
}

static double clock_seconds(const char *text)
{
    double fields[3] = {0}, days = 0.0;
    const char *dash = strchr(text, '-');
    char *end;
    size_t count = 0;
    if (dash != NULL) {
        days = strtod(text, &end);
        if (end != dash)
            return -1.0;
        text = dash + 1;
    }
    for (; count < 3; text = end + 1) {
        fields[count++] = strtod(text, &end);
        if (end == text || (*end != ':' && *end != '\0'))
            return -1.0;
        if (*end == '\0')
            break;
    }
    if (*end != '\0' || count < 2)
        return -1.0;
    double seconds = days * 86400.0;
    for (size_t k = 0, unit = 1; k < count; k++, unit *= 60)
        seconds += fields[count - 1 - k] * (double)unit;
    return seconds;
}

/* D-HH, D-HH:MM, D-HH:MM:SS */
static double day_seconds(const char *text)
{
    static const double UNITS[] = {86400.0, 3600.0, 60.0, 1.0};
    double seconds = 0.0;
    for (size_t k = 0; k < 4; k++) {
        char *end;
        seconds += UNITS[k] * (double)strtoul(text, &end, 10);
        if (end == text || *text < '0' || *text > '9')
            return -1.0;
        if (*end == '\0')
            return k > 0 ? seconds : -1.0;
        if (*end != (k == 0 ? '-' : ':'))
            return -1.0;
        text = end + 1;
    }
    return -1.0;
}

double ph_slurm_seconds(const char *text)
{
    const size_t digits = strspn(text, "0123456789");
    if (digits > 0 && text[digits] == '\0')
        return 60.0 * strtod(text, NULL);
    return text[digits] == '-' ? day_seconds(text) : ph_cli_seconds(text);
}

double ph_cli_seconds(const char *text)
{
    char *end;
    if (strchr(text, ':') != NULL)
        return clock_seconds(text);
    double value = strtod(text, &end);
    if (end == text || !(value >= 0.0 && value < 1e12))
        return -1.0;
    if (*end == '\0' || strcmp(end, "s") == 0)
        return value;
    if (end[1] != '\0')
        return -1.0;
    switch (*end) {
    case 'm':
        return value * 60.0;
    case 'h':
        return value * 3600.0;
    case 'd':
        return value * 86400.0;
    default:
        return -1.0;
    }
}

void ph_cli_tell_limit(double seconds)
{
    char text[32];
    ph_duration_text(seconds, text, sizeof(text));
    if (seconds > 0.0)
        fprintf(stderr, "polyhebb: stops after %s at the latest; the same command then goes on\n",
                text);
}

void ph_cli_human(double value, const char *unit, char *text, size_t size)
{
    static const char *const PREFIXES[] = {"", "k", "M", "G", "T", "P"};
    size_t k = 0;
    while (value >= 1000.0 && k < 5) {
        value /= 1000.0;
        k++;
    }
    snprintf(text, size, "%.3g %s%s", value, PREFIXES[k], unit);
}
