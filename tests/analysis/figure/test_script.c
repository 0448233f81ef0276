/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What scripts are made of: text as gnuplot reads it, names, heads and templates; and the two files
 * of a figure, whole or not at all. */
#include "analysis/figure/script.h"

#include <errno.h>
#include <math.h>
#include <sys/stat.h>

#include "analysis/figure/file.h"
#include "tests/analysis/figure/drawn.h"

/* The bytes that gnuplot takes a string for; NULL where it would see more than a string. */
static const char *as_gnuplot(const char *string, char *out)
{
    const char quote = *string++;
    char *to = out;
    for (; *string != quote; string++) {
        if (*string == '\0' || *string == '\n')
            return NULL;
        if (quote == '"' && strchr("`@", *string) != NULL)
            return NULL; /* replaced before quotes are looked at */
        if (quote == '"' && *string == '\\') {
            if (string[1] < '0' || string[1] > '3' || strspn(string + 1, "01234567") < 3)
                return NULL;
            *to++ = (char)strtol((char[]){string[1], string[2], string[3], '\0'}, NULL, 8);
            string += 3;
        } else {
            *to++ = *string;
        }
    }
    *to = '\0';
    return (quote == '\'' || quote == '"') && strcmp(string + 1, "\n") == 0 ? out : NULL;
}

static void means(const char *text, const char *wanted)
{
    const ph_figure_request_t request = {.formats = "png"};
    const ph_figure_t figure = {.request = &request};
    char out[4096];
    FILE *file = tmpfile();
    ck_assert_ptr_nonnull(file);
    ph_script_text(file, &figure, "title", text);
    char *line = drawn_text(file);
    ck_assert_msg(strncmp(line, "title = ", 8) == 0, "%s", line);
    const char *own = as_gnuplot(line + 8, out);
    ck_assert_msg(own != NULL && strcmp(own, wanted) == 0, "'%s' is %s", text, line);
    free(line);
}

/* Whatever a text holds, gnuplot reads these bytes, on one line: control characters are blanks. */
START_TEST(test_strings)
{
    static const char *const SAME[] = {
        "",    "plain", "'",          "''",   "\"",     "it's",        "\"'\"",
        "\\",  "\\'",   "`touch x`'", "@x'",  "a\\n'b", "{/:Bold m}'", "\xc3\xa9\'",
        "%d'", "'$x'",  "'",          "a''b", "'a",     "\\101'b",     "\"",
    };
    char text[64], wanted[64];
    uint64_t state = 88172645463325252u;
    for (size_t k = 0; k < sizeof(SAME) / sizeof(SAME[0]); k++)
        means(SAME[k], SAME[k]);
    means("two\nlines\tand\x7f'\x01", "two lines and ' ");
    means("two\nlines", "two lines");
    for (int round = 0; round < 300; round += test_step(20)) {
        size_t length = 0;
        for (; length < 40; length++) {
            static const char LIKELY[] = "'\"\\`@{}\n\x7f 17abz";
            state ^= state << 13;
            state ^= state >> 7;
            state ^= state << 17;
            const unsigned char any = (unsigned char)(1 + (state >> 8) % 255);
            const unsigned char c = state % 2 == 0 ? any : (unsigned char)LIKELY[state / 2 % 15];
            text[length] = (char)c;
            wanted[length] = c < ' ' || c == 0x7f ? ' ' : (char)c;
        }
        text[length] = wanted[length] = '\0';
        means(text, wanted);
    }
}
END_TEST

/* Numbers to so many digits, and NaN by the name that gnuplot knows, whatever its sign. */
START_TEST(test_numbers)
{
    FILE *file = tmpfile();
    ck_assert_ptr_nonnull(file);
    ph_figure_number(file, 3, 1.0 / 3.0);
    ph_figure_number(file, 10, -1.0 / 3.0);
    ph_figure_number(file, 4, (double)NAN);
    ph_figure_number(file, 4, -(double)NAN);
    ph_figure_number(file, 4, 0.0);
    ph_figure_number(file, 4, 1e300);
    char *text = drawn_text(file);
    ck_assert_str_eq(text, " 0.333 -0.3333333333 NaN NaN 0 1e+300");
    free(text);
}
END_TEST

static const char GRID[] = "title: \"a\\tb\"\nnetwork: { neurons: 60, patterns: 2 }\n"
                           "noise: [0, 0.1]\ndynamics: { sweeps: 1 }\n";

static ph_figure_t figure_of(drawn_t *drawn)
{
    ph_figure_t figure = {.grid = &drawn->grid,
                          .request = &drawn->request,
                          .x = 0,
                          .y = PH_NO_AXIS,
                          .patterns = 2,
                          .suffix = "-noise-0.1"};
    snprintf(figure.title, sizeof(figure.title), "%s", drawn->grid.title);
    return figure;
}

/* The head names files of the script's own folder, by the last part of the prefix. */
START_TEST(test_head)
{
    drawn_t drawn;
    drawn_begin(&drawn, GRID);
    ph_figure_t figure = figure_of(&drawn);
    static const char *const PREFIXES[] = {"b'c", "x/b'c", "/x/y/b'c"};
    for (size_t k = 0; k < 3; k++) {
        drawn.request.prefix = PREFIXES[k];
        FILE *file = tmpfile();
        ck_assert_ptr_nonnull(file);
        ph_script_head(file, &figure, "map");
        ph_script_name(file, "other", &figure, "diagram", ".dat");
        char *text = drawn_text(file);
        ck_assert_ptr_nonnull(strstr(text, "\nname = \"b\\047c-noise-0.1-map\"\n"));
        ck_assert_ptr_nonnull(strstr(text,
                                     "\nformats = 'png'\nmonochrome = 0\nenlarged = 1\nnarrow = 0\n"
                                     "page_width = 0\nprint_size = 7.5\nfont_name = 'sans'\n"));
        ck_assert_ptr_nonnull(strstr(text, "\nfigure_title = 'a\\tb'\n")); /* as it can be shown */
        ck_assert_ptr_nonnull(strstr(text, "\npatterns = 2\n"));
        drawn_holds(text, "\nother = \"./b\\047c-noise-0.1-diagram.dat\"\n");
    }
    drawn_end(&drawn);
}
END_TEST

/* For LaTeX files have names of their own, and titles and labels are LaTeX's; what a figure is
 * drawn with is in its head. */
START_TEST(test_print)
{
    drawn_t drawn;
    drawn_begin(&drawn, GRID);
    ph_figure_t figure = figure_of(&drawn);
    snprintf(figure.title, sizeof(figure.title), "%s", "50% of m_1");
    drawn.request.prefix = "b";
    drawn.request.formats = PH_FIGURE_TEX;
    drawn.request.monochrome = true;
    drawn.request.font = "DejaVu Serif";
    drawn.request.font_size = 11.5;
    figure.absolute[1] = true;
    FILE *file = tmpfile();
    ck_assert_ptr_nonnull(file);
    ph_script_head(file, &figure, "map");
    ph_script_name(file, "other", &figure, "diagram", ".dat");
    ph_script_values(file, &figure, "v");
    ph_script_definition(file, &figure, "y", "<m^2> of it");
    char *text = drawn_text(file);
    static const char *const LINES[] = {
        "\nname = 'b-noise-0.1-map-tex'\n",
        "\nformats = 'tex'\nmonochrome = 1\nenlarged = 1.095238095\nnarrow = 0\n",
        "\npage_width = 0\nprint_size = 11.5\nfont_name = 'DejaVu Serif'\n",
        "\nfigure_title = '50\\% of m\\_1'\n",
        "\nother = './b-noise-0.1-diagram-tex.dat'\n",
        "\nv = 'magnetization $m_\\mu$, last states at T = 0'\n",
        "\nlabels[2] = 'pattern 2, $|$m$|$'\n",
        "\ny = '$\\langle m_\\mu ^2\\rangle $ of it'\n"};
    for (size_t k = 0; k < sizeof(LINES) / sizeof(LINES[0]); k++)
        ck_assert_msg(strstr(text, LINES[k]) != NULL, "no %s in %s", LINES[k], text);
    free(text);
    drawn_end(&drawn);
}
END_TEST

/* Of a figure of a width: how its text compares with the usual 7 points, and panels that fit. */
START_TEST(test_width)
{
    static const struct {
        double width, font;
        const char *formats;
        double enlarged;
        size_t columns[5]; /* of 1, 3, 4, 6 and 9 panels */
        bool narrow;
    } CASES[] = {{0.0, 0.0, "png", 1.0, {1, 3, 2, 3, 3}, false},
                 {0.0, 12.0, "png", 12.0 / 10.5, {1, 3, 2, 3, 3}, false},
                 {50.0, 0.0, "pdf svg", 7.5 / 7.0, {1, 1, 1, 1, 1}, true},
                 {86.0, 0.0, "pdf", 7.5 / 7.0, {1, 1, 2, 2, 3}, true},
                 {86.0, 0.0, PH_FIGURE_TEX, 8.0 / 7.0, {1, 1, 2, 2, 3}, true},
                 {120.0, 9.0, "pdf", 9.0 / 7.0, {1, 2, 2, 2, 3}, true},
                 {178.0, 0.0, "pdf", 7.5 / 7.0, {1, 3, 2, 3, 3}, false}};
    static const size_t PANELS[] = {1, 3, 4, 6, 9};
    for (size_t i = 0; i < sizeof(CASES) / sizeof(CASES[0]); i++) {
        const ph_figure_request_t request = {
            .formats = CASES[i].formats, .width = CASES[i].width, .font_size = CASES[i].font};
        ck_assert_double_eq_tol(ph_figure_enlarged(&request), CASES[i].enlarged, 1e-12);
        ck_assert(ph_figure_narrow(&request) == CASES[i].narrow);
        for (size_t k = 0; k < 5; k++) {
            const double columns = (double)ph_figure_columns(&request, PANELS[k]);
            ck_assert_double_eq(columns, (double)CASES[i].columns[k]);
            ck_assert_double_eq_tol(ph_figure_panel(&request, PANELS[k], 120.0, 333.0) * columns,
                                    CASES[i].width == 0.0 ? 333.0 * columns
                                                          : CASES[i].width * 140.0 / 25.4 - 120.0,
                                    1e-9);
        }
    }
}
END_TEST

static void check_values(const char *grid, bool absolute, ph_view_t view, const char *text)
{
    drawn_t drawn;
    drawn_begin(&drawn, grid);
    ph_figure_t figure = figure_of(&drawn);
    drawn.request.view = view;
    figure.absolute[1] = absolute;
    FILE *file = tmpfile();
    ck_assert_ptr_nonnull(file);
    ph_script_values(file, &figure, "v");
    char *own = drawn_text(file);
    ck_assert_str_eq(own, text);
    free(own);
    drawn_end(&drawn);
}

/* What is drawn: patterns or ranks, of which |m|, and whether of last states. */
START_TEST(test_values)
{
    check_values(GRID, false, PH_VIEW_PATTERNS,
                 "v = 'magnetization {/:Italic m}, last states at T = 0'\narray labels[patterns]\n"
                 "labels[1] = 'pattern 1'\nlabels[2] = 'pattern 2'\nsizes = 0\n");
    check_values("network: { neurons: 60, patterns: 2 }\nnoise: 0\ndynamics: { sweeps: 1 }\n", true,
                 PH_VIEW_PATTERNS,
                 "v = 'magnetization {/:Italic m}, last states'\narray labels[patterns]\n"
                 "labels[1] = 'pattern 1'\nlabels[2] = 'pattern 2, |m|'\nsizes = 1\n");
    check_values("network: { neurons: 60, patterns: 2 }\nnoise: 0.1\ndynamics: { sweeps: 1 }\n",
                 false, PH_VIEW_RANKS,
                 "v = 'magnetization {/:Italic m}'\narray labels[patterns]\n"
                 "labels[1] = 'rank 1'\nlabels[2] = 'rank 2'\nsizes = 0\n");
}
END_TEST

/* A template is appended whole; one that is missing is named. */
START_TEST(test_template)
{
    drawn_t drawn;
    drawn_begin(&drawn, GRID);
    const ph_figure_t figure = figure_of(&drawn);
    FILE *file = tmpfile(), *own = NULL;
    char path[128];
    ck_assert_ptr_nonnull(file);
    drawn.request.templates = drawn.folder;
    snprintf(path, sizeof(path), "%s/own.gp", drawn.folder);
    ck_assert_ptr_nonnull(own = fopen(path, "w"));
    fputs("plot %d\n'x'", own);
    fclose(own);
    ck_assert_int_eq(ph_script_template(file, &figure, "own.gp", &drawn.report), PH_OK);
    ck_assert_int_eq(ph_script_template(file, &figure, "none.gp", &drawn.report), PH_ERR_IO);
    ck_assert_ptr_nonnull(strstr(drawn_said(&drawn), "/none.gp"));
    char *text = drawn_text(file);
    ck_assert_str_eq(text, "\nplot %d\n'x'");
    free(text);
    drawn_end(&drawn);
}
END_TEST

static int data_status; /* what the data's writer gives */

static int write_data(void *context, FILE *file, ph_report_t *report)
{
    fprintf(file, "%s\n", (const char *)context);
    return data_status == PH_OK ? PH_OK : ph_fail(report, data_status, "no data today");
}

static void write_script(void *context, FILE *script)
{
    fprintf(script, "own = '%s'\n", (const char *)context);
}

static const ph_figure_files_t FILES = {"kind", "map.gp", write_data, write_script};

static int write_figure(drawn_t *drawn, char *context)
{
    const ph_figure_t figure = figure_of(drawn);
    return ph_figure_write(&figure, &FILES, context, &drawn->figures, &drawn->report);
}

static int put(const char *path, const char *text)
{
    FILE *file = fopen(path, "w");
    ck_assert_ptr_nonnull(file);
    fputs(text, file);
    return fclose(file);
}

/* Names of what is in the folder, but for '.' and '..'. */
static size_t count_files(const drawn_t *drawn)
{
    char command[128];
    unsigned long count = 0;
    snprintf(command, sizeof(command), "ls -A '%s' | wc -l", drawn->folder);
    FILE *pipe = popen(command, "r");
    ck_assert(pipe != NULL && fscanf(pipe, "%lu", &count) == 1);
    pclose(pipe);
    return count;
}

/* Two files and the script's name; again, anew. Scripts that somebody has changed, by one byte or
 * at their end, are kept once with a note; empty ones and those as they were are not. */
START_TEST(test_files)
{
    drawn_t drawn;
    char path[128], aside[130];
    drawn_begin(&drawn, GRID);
    snprintf(path, sizeof(path), "%s-noise-0.1-kind.gp", drawn.prefix);
    snprintf(aside, sizeof(aside), "%s~", path);
    ck_assert_int_eq(write_figure(&drawn, "first"), PH_OK);
    ck_assert_int_eq(write_figure(&drawn, "second"), PH_OK);
    ck_assert_uint_eq(drawn.figures.count, 2);
    ck_assert_str_eq(drawn.figures.scripts[0], path);
    ck_assert_str_eq(drawn.figures.scripts[1], path);
    ck_assert(count_files(&drawn) == 2 && drawn.report.count == 0);
    char *data = drawn_file(&drawn, "-noise-0.1-kind.dat");
    ck_assert_str_eq(data, "second\n");
    free(data);
    char *script = drawn_file(&drawn, "-noise-0.1-kind.gp");
    const char *const head = strstr(script, "\nname = "), *const own = strstr(script, "\nown = ");
    const char *const style = strstr(script, "\nset palette");
    ck_assert(head != NULL && own > head && style > own);
    for (size_t k = 0; k < 6; k++) {
        char *changed = strdup(script);
        const size_t length = strlen(script), notes = drawn.report.count;
        ck_assert_ptr_nonnull(changed);
        if (k == 1)
            changed[length / 2] ^= 1;
        else if (k == 2)
            changed[length - 1] = '\0';
        else if (k == 3)
            changed[length - 2] ^= 1; /* in its seal */
        else if (k == 4)
            changed[10] = '\0'; /* shorter than a seal */
        else if (k == 5)
            changed[0] = '\0';
        put(path, changed);
        ck_assert_int_eq(write_figure(&drawn, "second"), PH_OK);
        drawn_holds(drawn_file(&drawn, "-noise-0.1-kind.gp"), script);
        const bool kept = k >= 1 && k <= 4;
        ck_assert_uint_eq(drawn.report.count - notes, kept);
        ck_assert_msg((access(aside, F_OK) == 0) == kept, "change %zu", k);
        if (kept) {
            ck_assert_ptr_nonnull(strstr(drawn_said(&drawn), aside));
            drawn_holds(drawn_file(&drawn, "-noise-0.1-kind.gp~"), changed);
            ck_assert_int_eq(unlink(aside), 0);
        }
        free(changed);
    }
    free(script);
    drawn_end(&drawn);
}
END_TEST

/* What cannot be written leaves what was there and nothing half; the status is the reason's. */
START_TEST(test_refused)
{
    static const struct {
        const char *made; /* before: a folder of this name ('/' at its end) or a protected file */
        int data, status;
        const char *said;
    } CASES[] = {
        {NULL, PH_ERR_UNSUPPORTED, PH_ERR_UNSUPPORTED, "no data today"},
        {"-noise-0.1-kind.dat", PH_OK, PH_ERR_INPUT, "kind.dat"},
        {"-noise-0.1-kind.gp", PH_OK, PH_ERR_INPUT, "kind.gp"},
        {"-noise-0.1-kind.dat/", PH_OK, PH_ERR_INPUT, "kind.dat"},
        {"-noise-0.1-kind.gp/", PH_OK, PH_ERR_INPUT, "kind.gp"},
    };
    for (size_t k = 0; k < sizeof(CASES) / sizeof(CASES[0]); k++) {
        drawn_t drawn;
        char path[160];
        drawn_begin(&drawn, GRID);
        snprintf(path, sizeof(path), "%s%s", drawn.prefix, CASES[k].made ? CASES[k].made : "");
        const bool folder = CASES[k].made != NULL && path[strlen(path) - 1] == '/';
        if (folder)
            ck_assert_int_eq(mkdir(path, 0777), 0);
        else if (CASES[k].made != NULL)
            ck_assert(put(path, "mine") == 0 && chmod(path, 0444) == 0);
        data_status = CASES[k].data;
        ck_assert_int_eq(write_figure(&drawn, "own"), CASES[k].status);
        data_status = PH_OK;
        ck_assert_uint_eq(drawn.figures.count, 0);
        ck_assert_msg(strstr(drawn_said(&drawn), CASES[k].said) != NULL, "%s", drawn_said(&drawn));
        const bool script = CASES[k].made != NULL && strstr(CASES[k].made, ".gp") != NULL;
        ck_assert_uint_eq(count_files(&drawn), script ? 2 : CASES[k].made != NULL);
        if (!folder && CASES[k].made != NULL)
            drawn_holds(drawn_file(&drawn, CASES[k].made), "mine");
        drawn_end(&drawn);
    }
    drawn_t drawn;
    drawn_begin(&drawn, GRID);
    drawn.request.prefix = "/nowhere/at/all";
    ck_assert_int_eq(write_figure(&drawn, "own"), PH_ERR_IO);
    drawn.request.prefix = drawn.prefix;
    drawn.request.templates = "/nowhere";
    ck_assert_int_eq(write_figure(&drawn, "own"),
                     PH_ERR_IO); /* the data are whole, the script not */
    ck_assert(count_files(&drawn) == 1 && drawn.figures.count == 0);
    drawn_end(&drawn);
}
END_TEST

PH_TEST_MAIN("figure_script", test_strings, test_numbers, test_head, test_print, test_width,
             test_values, test_template, test_files, test_refused)
