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
#include "base/stack.h"
#include "base/visible.h"
#include "cli/cli.h"
#include "sim/store/gridfile.h"

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

/*
 * Results that did not get out, on a full disk for instance, are not results. Where the program
 * fails anyway its own code counts.
 */
static int flushed(int code)
{
    errno = 0;
    if (fflush(stdout) == 0 && !ferror(stdout) && !ph_print_failed())
        return code;
    if (code != 0 && code != PH_EXIT_DISAGREE && code != PH_EXIT_UNDECIDED)
        return code;
    fprintf(stderr, "polyhebb: error: cannot write to standard output: %s\n",
            errno != 0          ? strerror(errno)
            : ph_print_failed() ? "no memory for a line of it"
                                : "an earlier write failed");
    return 1;
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
    if (!stack_suffices())
        return 1;
    return flushed(ph_cli_program(argc > 0 ? (size_t)argc - 1 : 0, (const char *const *)argv + 1));
}
