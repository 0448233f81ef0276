/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/gnuplot.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "base/file.h"
#include "base/visible.h"
#include "cli/physical.h"
#include "polyhebb_build.h"

enum { EXIT_NOT_BEGUN = 127, SAID_SIZE = 1024, FORMATS_MAX = 3, AT_ONCE = 4 };

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
    const bool gone =
        access(style, R_OK) != 0 && (errno == ENOENT || errno == ENOTDIR || errno == EACCES);
    return in_place || gone ? installed : source;
}

/* Why gnuplot did not even begin. */
typedef struct {
    int error;    /* errno */
    bool in_path; /* of looking for the program, not of what precedes */
} trouble_t;

/* Only calls that a child of a threaded program may make. `trouble` closes when gnuplot begins. */
static void become_gnuplot(const char *folder, const char *const *arguments, int said, int trouble)
{
    trouble_t found = {0, false};
    if (dup2(said, STDERR_FILENO) >= 0 && dup2(said, STDOUT_FILENO) >= 0 && chdir(folder) == 0) {
        execvp(arguments[0], (char *const *)arguments);
        found.in_path = true;
    }
    found.error = errno;
    if (write(trouble, &found, sizeof(found)) < 0)
        _exit(EXIT_NOT_BEGUN - 1);
    _exit(EXIT_NOT_BEGUN);
}

/* What gnuplot says of data it cannot read, and goes on: without them, or to end with "no data". */
static const char UNREADABLE[] = "Cannot find or open file";

/*
 * Reads what gnuplot says to its end, keeps one line that is not blank or a pointer "^": of data
 * that cannot be read, else the last with the number of a line, else the first.
 */
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
        if (strspn(at, " ^") < strlen(at) && strstr(line, UNREADABLE) == NULL &&
            (line[0] == '\0' || strstr(at, "line ") != NULL))
            snprintf(line, SAID_SIZE, "%s", at);
}

static int not_begun(const char *script, const trouble_t *found, ph_report_t *report)
{
    const char *slash = strrchr(script, '/');
    if (found->in_path && found->error == ENOENT)
        return ph_fail(
            report, PH_ERR_EXTERNAL,
            "gnuplot is not installed (Debian, Ubuntu: gnuplot-nox; it must be in PATH): "
            "%s and its data are written, 'gnuplot %s' in its folder draws the figure",
            script, slash != NULL ? slash + 1 : script);
    return ph_fail(report, PH_ERR_EXTERNAL, "%s: gnuplot cannot be started: %s", script,
                   strerror(found->error));
}

/* A program that lacks a library of its own ends with 127 too: what counts is what it said. */
static int judge(const char *script, int outcome, const char *said, ph_report_t *report)
{
    if (WIFEXITED(outcome) && WEXITSTATUS(outcome) == 0 && strstr(said, UNREADABLE) == NULL)
        return PH_OK;
    if (WIFSIGNALED(outcome))
        return ph_fail(report, PH_ERR_EXTERNAL, "gnuplot was ended by signal %d (%s) at %s%s%s",
                       WTERMSIG(outcome), strsignal(WTERMSIG(outcome)), script,
                       said[0] != '\0' ? ": " : "", said);
    return ph_fail(report, PH_ERR_EXTERNAL, "gnuplot failed on %s (exit status %d): %s", script,
                   WEXITSTATUS(outcome), said[0] != '\0' ? said : "it said nothing");
}

/* Two pipes whose ends no other program inherits. */
static bool open_pipes(int said[2], int trouble[2])
{
    if (pipe(said) != 0)
        return false;
    if (pipe(trouble) != 0) {
        close(said[0]);
        close(said[1]);
        return false;
    }
    for (int k = 0; k < 2; k++) {
        fcntl(said[k], F_SETFD, FD_CLOEXEC);
        fcntl(trouble[k], F_SETFD, FD_CLOEXEC);
    }
    return true;
}

/* gnuplot at work on a script, and what it says. */
typedef struct {
    pid_t child; /* 0: none */
    int said, trouble;
} gnuplot_t;

static int begin_in(gnuplot_t *self, const char *folder, const char *base, ph_report_t *report)
{
    static const char PARTIAL[] = "partial = '" PH_GNUPLOT_PARTIAL "'";
    char argument[SAID_SIZE * 4];
    int said[2], trouble[2];
    snprintf(argument, sizeof(argument), "./%s", base);
    const char *const arguments[] = {"gnuplot", "-e", PARTIAL, argument, NULL};
    if (!open_pipes(said, trouble))
        return ph_fail(report, PH_ERR_IO, "cannot start gnuplot: %s", strerror(errno));
    const pid_t child = fork();
    if (child == 0)
        become_gnuplot(folder, arguments, said[1], trouble[1]);
    const int error = errno;
    close(said[1]);
    close(trouble[1]);
    if (child > 0) {
        *self = (gnuplot_t){child, said[0], trouble[0]};
        return PH_OK;
    }
    close(said[0]);
    close(trouble[0]);
    return ph_fail(report, PH_ERR_IO, "cannot start gnuplot: %s", strerror(error));
}

/* In the script's folder. */
static int begin(gnuplot_t *self, const char *script, ph_report_t *report)
{
    const char *slash = strrchr(script, '/');
    if (slash == NULL)
        return begin_in(self, ".", script, report);
    char *folder = strndup(script, (size_t)(slash - script) + 1);
    if (folder == NULL)
        return ph_fail(report, PH_ERR_MEMORY, "no memory to start gnuplot");
    const int status = begin_in(self, folder, slash + 1, report);
    free(folder);
    return status;
}

static int end(const gnuplot_t *self, const char *script, ph_report_t *report)
{
    char line[SAID_SIZE];
    int outcome = 0;
    trouble_t found = {0, false};
    listen(self->said, line);
    const bool begun = read(self->trouble, &found, sizeof(found)) != sizeof(found);
    close(self->said);
    close(self->trouble);
    while (waitpid(self->child, &outcome, 0) < 0)
        if (errno != EINTR)
            return ph_fail(report, PH_ERR_IO, "lost sight of gnuplot: %s", strerror(errno));
    return begun ? judge(script, outcome, line, report) : not_begun(script, &found, report);
}

/* What a whole figure of each format ends with, but for blanks and a few bytes. */
static const char *end_of(const char *format)
{
    return strcmp(format, "png") == 0   ? "IEND"
           : strcmp(format, "svg") == 0 ? "</svg>"
           : strcmp(format, "tex") == 0 ? "\\endgroup"
                                        : "%%EOF";
}

/* Whether a figure is there to its end: gnuplot does not tell of a full disk. */
static bool ends_well(FILE *file, const char *format)
{
    enum { TAIL = 32 };
    char tail[TAIL + 1] = "";
    const bool long_enough =
        fseek(file, -TAIL, SEEK_END) == 0 && fread(tail, 1, TAIL, file) == TAIL;
    for (size_t i = 0; i < TAIL; i++)
        if (tail[i] == '\0')
            tail[i] = ' ';
    return long_enough && strstr(tail, end_of(format)) != NULL;
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

/*
 * Sets the creation date of a PDF file to SOURCE_DATE_EPOCH where that is set, so that the same
 * figure has the same bytes: not every cairo does so by itself.
 */
static int set_date(FILE *file, const char *pdf, ph_report_t *report)
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
    rewind(file);
    const long at = find_date(file);
    if (at >= 0)
        status = write_date(file, at, (time_t)seconds);
    if (status != PH_OK || fflush(file) != 0)
        status = ph_fail(report, PH_ERR_IO, "%s: cannot date it: %s", pdf, strerror(errno));
    return status;
}

/* One figure under way: NAME.FORMAT, until it is whole under that name and PH_GNUPLOT_PARTIAL. */
typedef struct {
    char format[4];
    char *name, *fresh;
    FILE *file;
    bool made; /* `fresh` is there */
} drawing_t;

/* The name until it is whole: of the two files for LaTeX gnuplot takes the ending off to name the
 * other one. */
static int drawing_open(drawing_t *self, const char *script, const char *format, bool tex,
                        ph_report_t *report)
{
    const size_t size = strlen(script) + sizeof(PH_GNUPLOT_PARTIAL) + 2;
    int descriptor = -1;
    memset(self, 0, sizeof(*self));
    snprintf(self->format, sizeof(self->format), "%.3s", format);
    self->name = malloc(size);
    self->fresh = malloc(size);
    if (self->name == NULL || self->fresh == NULL)
        return ph_fail(report, PH_ERR_MEMORY, "no memory for a figure");
    snprintf(self->name, size, "%.*s.%s", (int)strlen(script) - 3, script, self->format);
    if (tex)
        snprintf(self->fresh, size, "%.*s%s.%s", (int)strlen(script) - 3, script,
                 PH_GNUPLOT_PARTIAL, self->format);
    else
        snprintf(self->fresh, size, "%s%s", self->name, PH_GNUPLOT_PARTIAL);
    int status = ph_file_fresh(self->fresh, self->name, &descriptor, report);
    self->made = status == PH_OK;
    if (status == PH_OK &&
        (self->file = ph_file_stream(descriptor, "r+", self->fresh, report)) == NULL)
        status = PH_ERR_MEMORY;
    return status;
}

/* In what LaTeX reads the other file has the name that it is to have: what was written under
 * NAME.partial includes NAME. */
static int rename_included(drawing_t *self, ph_report_t *report)
{
    static const char OLD[] = PH_GNUPLOT_PARTIAL "}";
    const long end = fseek(self->file, 0, SEEK_END) == 0 ? ftell(self->file) : -1;
    char *text = end >= 0 ? calloc(1, (size_t)end + 1) : NULL;
    if (end >= 0 && text == NULL)
        return ph_fail(report, PH_ERR_MEMORY, "no memory for a figure");
    rewind(self->file);
    bool good = end >= 0 && fread(text, 1, (size_t)end, self->file) == (size_t)end;
    char *at = good ? strstr(text, "\\put(0,0){\\includegraphics") : NULL;
    at = at != NULL ? strstr(at, OLD) : NULL;
    if (at != NULL)
        memmove(at, at + sizeof(OLD) - 2, strlen(at + sizeof(OLD) - 2) + 1);
    rewind(self->file);
    good = at != NULL && fputs(text, self->file) != EOF && fflush(self->file) == 0 &&
           ftruncate(fileno(self->file), (off_t)strlen(text)) == 0;
    free(text);
    return good ? PH_OK
                : ph_fail(report, PH_ERR_IO, "%s: cannot name the file that it includes: %s",
                          self->name, at == NULL ? "it names none" : strerror(errno));
}

/* Looks whether it is whole, and gives it its width and its date. */
static int drawing_check(drawing_t *self, double width, ph_report_t *report)
{
    errno = 0;
    const bool whole = ends_well(self->file, self->format);
    if (ferror(self->file))
        return ph_fail(report, PH_ERR_IO, "%s: cannot be read to its end: %s", self->name,
                       errno != 0 ? strerror(errno) : "a read failed");
    if (!whole)
        return ph_fail(report, PH_ERR_IO,
                       "%s: gnuplot could not write it whole; is the disk full? Its script and "
                       "data stay",
                       self->name);
    if (width > 0.0) {
        const int status = ph_physical_width(self->file, self->format, width, self->name, report);
        if (status != PH_OK)
            return status;
    }
    if (strcmp(self->format, "pdf") == 0)
        return set_date(self->file, self->name, report);
    return strcmp(self->format, "tex") == 0 ? rename_included(self, report) : PH_OK;
}

/* Gives it its name where `status`, of its check, is PH_OK. */
static int drawing_finish(drawing_t *self, int status, FILE *list, ph_report_t *report)
{
    if (status == PH_OK)
        status = ph_file_replace(fileno(self->file), self->fresh, self->name, report);
    if (status == PH_OK) {
        self->made = false;
        if (list != NULL)
            ph_print(list, "%s\n", self->name);
    }
    return status;
}

/* What is not finished is removed. */
static void drawing_close(drawing_t *self)
{
    if (self->file != NULL)
        fclose(self->file);
    if (self->made)
        unlink(self->fresh);
    free(self->name);
    free(self->fresh);
}

/* A script whose figures are under way. */
typedef struct {
    const char *script;
    drawing_t drawings[FORMATS_MAX];
    size_t count;
    gnuplot_t gnuplot;
    int begun; /* status */
} work_t;

static void begin_work(work_t *self, const ph_gnuplot_t *job, const char *script,
                       ph_report_t *report)
{
    const bool tex = strcmp(job->formats, "tex") == 0;
    int status = PH_OK;
    *self = (work_t){.script = script};
    for (const char *at = tex ? "pdf tex" : job->formats;
         *at != '\0' && self->count < FORMATS_MAX && status == PH_OK; at += at[3] == ' ' ? 4 : 3)
        status = drawing_open(&self->drawings[self->count++], script, at, tex, report);
    self->begun = status == PH_OK ? begin(&self->gnuplot, script, report) : status;
}

/* Gives the figures their names, but not where they are not `wanted` any more. */
static int end_work(work_t *self, const ph_gnuplot_t *job, bool wanted, ph_report_t *report)
{
    const bool tex = strcmp(job->formats, "tex") == 0;
    int status = self->begun, checked[FORMATS_MAX] = {PH_OK};
    if (status == PH_OK)
        status = end(&self->gnuplot, self->script, wanted ? report : NULL);
    const bool drawn = status == PH_OK && wanted;
    for (size_t k = 0; k < self->count && drawn; k++) {
        checked[k] = drawing_check(&self->drawings[k], job->width, report);
        status = checked[k] != PH_OK ? checked[k] : status;
    }
    const bool pair = !tex || status == PH_OK; /* of two files for LaTeX both or none */
    for (size_t k = 0; k < self->count; k++) {
        const int finished = drawn && pair
                                 ? drawing_finish(&self->drawings[k], checked[k], job->list, report)
                                 : status;
        status = finished != PH_OK ? finished : status;
        drawing_close(&self->drawings[k]);
    }
    return status;
}

/* The next script that is not to be left as it is; `count` behind the last. */
static size_t next_script(const ph_gnuplot_t *job, size_t i)
{
    while (i < job->count && job->kept != NULL && job->kept[i])
        i++;
    return i;
}

int ph_gnuplot_draw(const ph_gnuplot_t *job, ph_report_t *report)
{
    work_t works[AT_ONCE];
    const size_t most = job->threads < AT_ONCE ? (size_t)job->threads : (size_t)AT_ONCE;
    size_t begun = 0, ended = 0, next = next_script(job, 0);
    int status = PH_OK;
    do {
        for (bool more = status == PH_OK; more && next < job->count && begun - ended < most;) {
            if (job->stopped != NULL && job->stopped())
                break;
            begin_work(&works[begun % AT_ONCE], job, job->scripts[next], report);
            more = works[begun++ % AT_ONCE].begun == PH_OK;
            next = next_script(job, more ? next + 1 : job->count);
        }
        if (ended == begun)
            break;
        const int own = end_work(&works[ended++ % AT_ONCE], job, status == PH_OK, report);
        status = status == PH_OK ? own : status;
    } while (true);
    return status;
}
