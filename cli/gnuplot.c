/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/gnuplot.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "polyhebb_build.h"

enum { EXIT_MISSING = 127, SAID_SIZE = 1024 };

const char *ph_gnuplot_templates(void)
{
    static const char installed[] = PH_PLOTS_DIR, source[] = PH_SOURCE_PLOTS_DIR;
    char program[4096] = "", style[4096];
    /* PREFIX/share/polyhebb/plots and PREFIX/bin/polyhebb: compare what precedes the third '/'
       from the end, so that a program in its build folder takes the source it was built from. */
    const ssize_t length = readlink("/proc/self/exe", program, sizeof(program) - 1);
    size_t prefix = strlen(installed);
    for (int slashes = 0; prefix > 0 && slashes < 3;)
        slashes += installed[--prefix] == '/';
    const bool in_place = length > 0 && strncmp(program, installed, prefix + 1) == 0 &&
                          strncmp(program + prefix, "/bin/", 5) == 0;
    snprintf(style, sizeof(style), "%s/style.gp", source);
    return in_place || access(style, R_OK) != 0 ? installed : source;
}

/* Only calls that a child of a threaded program may make. */
static void become_gnuplot(const char *folder, const char *const *arguments, int said)
{
    if (dup2(said, STDERR_FILENO) >= 0 && dup2(said, STDOUT_FILENO) >= 0 && chdir(folder) == 0)
        execvp(arguments[0], (char *const *)arguments);
    _exit(errno == ENOENT ? EXIT_MISSING : EXIT_MISSING - 1);
}

/* Reads what gnuplot says to its end, keeps the first line that is not blank or a pointer "^". */
static void listen(int descriptor, char *line)
{
    char said[SAID_SIZE], rest[SAID_SIZE];
    size_t length = 0;
    ssize_t got;
    while ((got = read(descriptor, length + 1 < SAID_SIZE ? said + length : rest,
                       length + 1 < SAID_SIZE ? SAID_SIZE - 1 - length : SAID_SIZE)) != 0) {
        if (got < 0 && errno != EINTR)
            break;
        if (got > 0 && length + 1 < SAID_SIZE)
            length += (size_t)got;
    }
    said[length] = '\0';
    line[0] = '\0';
    for (char *at = strtok(said, "\n"); at != NULL; at = strtok(NULL, "\n"))
        if (strspn(at, " ^") < strlen(at) && (line[0] == '\0' || strstr(at, "line ") != NULL))
            snprintf(line, SAID_SIZE, "%s", at);
}

static int judge(const char *script, int outcome, const char *said, ph_report_t *report)
{
    if (WIFEXITED(outcome) && WEXITSTATUS(outcome) == 0)
        return PH_OK;
    if (WIFEXITED(outcome) && WEXITSTATUS(outcome) == EXIT_MISSING)
        return ph_fail(
            report, PH_ERR_EXTERNAL,
            "gnuplot is not installed (Debian, Ubuntu: gnuplot-nox; it must be in PATH): "
            "%s and its data are written, 'gnuplot %s' in its folder draws the figure",
            script, strrchr(script, '/') != NULL ? strrchr(script, '/') + 1 : script);
    return ph_fail(report, PH_ERR_EXTERNAL, "gnuplot failed on %s: %s", script,
                   said[0] != '\0' ? said : "it said nothing");
}

static int run_in(const char *folder, const char *base, const char *script, ph_report_t *report)
{
    char said[SAID_SIZE], argument[SAID_SIZE * 4];
    int ends[2], outcome = 0;
    snprintf(argument, sizeof(argument), "./%s", base);
    const char *const arguments[] = {"gnuplot", argument, NULL};
    if (pipe(ends) != 0)
        return ph_fail(report, PH_ERR_IO, "cannot start gnuplot: %s", strerror(errno));
    const pid_t child = fork();
    if (child == 0)
        become_gnuplot(folder, arguments, ends[1]);
    close(ends[1]);
    if (child > 0)
        listen(ends[0], said);
    close(ends[0]);
    if (child < 0)
        return ph_fail(report, PH_ERR_IO, "cannot start gnuplot: %s", strerror(errno));
    while (waitpid(child, &outcome, 0) < 0)
        if (errno != EINTR)
            return ph_fail(report, PH_ERR_IO, "lost sight of gnuplot: %s", strerror(errno));
    return judge(script, outcome, said, report);
}

int ph_gnuplot_run(const char *script, ph_report_t *report)
{
    const char *slash = strrchr(script, '/');
    if (slash == NULL)
        return run_in(".", script, script, report);
    char *folder = strndup(script, (size_t)(slash - script) + 1);
    if (folder == NULL)
        return ph_fail(report, PH_ERR_MEMORY, "no memory to start gnuplot");
    int status = run_in(folder, slash + 1, script, report);
    free(folder);
    return status;
}

/* What a whole figure of each format ends with, but for blanks and a few bytes. */
static const char *end_of(const char *extension)
{
    return strcmp(extension, ".png") == 0   ? "IEND"
           : strcmp(extension, ".svg") == 0 ? "</svg>"
                                            : "%%EOF";
}

static bool ends_well(const char *figure)
{
    enum { TAIL = 32 };
    char tail[TAIL + 1] = "";
    FILE *file = fopen(figure, "rb");
    if (file == NULL)
        return false;
    const bool long_enough =
        fseek(file, -TAIL, SEEK_END) == 0 && fread(tail, 1, TAIL, file) == TAIL;
    fclose(file);
    for (size_t i = 0; i < TAIL; i++)
        if (tail[i] == '\0')
            tail[i] = ' ';
    return long_enough && strstr(tail, end_of(strrchr(figure, '.'))) != NULL;
}

int ph_gnuplot_whole(const char *figure, ph_report_t *report)
{
    if (ends_well(figure))
        return PH_OK;
    unlink(figure);
    return ph_fail(
        report, PH_ERR_IO,
        "%s: gnuplot could not write it whole; is the disk full? Its script and data stay", figure);
}

/* Where the digits of the date stand: after "/CreationDate (D:"; -1 if nowhere. */
static long find_date(FILE *file)
{
    static const char KEY[] = "/CreationDate (D:";
    size_t met = 0;
    int c;
    while (KEY[met] != '\0' && (c = getc(file)) != EOF)
        met = c == KEY[met] ? met + 1 : c == KEY[0] ? 1 : 0;
    return KEY[met] == '\0' ? ftell(file) : -1;
}

/* Same length as before, so that nothing else in the file moves. */
static int write_date(FILE *file, long at, time_t date)
{
    char digits[32], zone[7] = "";
    struct tm utc;
    if (gmtime_r(&date, &utc) == NULL || strftime(digits, 32, "%Y%m%d%H%M%S", &utc) != 14)
        return PH_ERR_INPUT;
    if (fseek(file, at + 14, SEEK_SET) != 0 || fread(zone, 1, 6, file) != 6 ||
        fseek(file, at, SEEK_SET) != 0 || fputs(digits, file) == EOF)
        return PH_ERR_IO;
    /* local time is followed by its distance from UTC, as +01'00 */
    return zone[0] != 'Z' && fputs("+00'00", file) == EOF ? PH_ERR_IO : PH_OK;
}

int ph_gnuplot_date(const char *pdf, ph_report_t *report)
{
    const char *epoch = getenv("SOURCE_DATE_EPOCH");
    char *end = NULL;
    int status = PH_OK;
    if (epoch == NULL)
        return PH_OK;
    const long long seconds = strtoll(epoch, &end, 10);
    if (end == epoch || *end != '\0' || seconds < 0 || seconds > 253402300799)
        return ph_fail(report, PH_ERR_INPUT, "SOURCE_DATE_EPOCH='%s' is no number of seconds",
                       epoch);
    FILE *file = fopen(pdf, "r+b");
    if (file == NULL)
        return ph_fail(report, PH_ERR_IO, "%s: cannot date it: %s", pdf, strerror(errno));
    const long at = find_date(file);
    if (at >= 0)
        status = write_date(file, at, (time_t)seconds);
    if (fclose(file) != 0 || status != PH_OK)
        status = ph_fail(report, PH_ERR_IO, "%s: cannot date it: %s", pdf, strerror(errno));
    return status;
}
