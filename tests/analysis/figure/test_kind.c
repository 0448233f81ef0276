/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * A figure that is in no list: one row of a file of its own is checked, drawn for every combination
 * of the axes beyond two, and its files are those that it writes. Named figures are those drawn.
 */
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "analysis/figure/file.h"
#include "analysis/figure/kind.h"
#include "analysis/figure/script.h"
#include "params/figures.h"
#include "tests/sim/store/sample.h"
#include "tests/testing.h"

static const char GRID[] = "network: { neurons: 60, patterns: [2, 3], dilution: [0.1, 0.2, 0.4] }\n"
                           "noise: [0.1, 0.2]\n"
                           "dynamics: { sweeps: 5 }\n";

static char folder[64], prefix[96], run_path[96];
static ph_grid_t grid;
static ph_report_t report;
static ph_figures_t figures;
static ph_runfile_t run;
static ph_selection_t selection;

static void put_template(const char *name)
{
    char path[128];
    snprintf(path, sizeof(path), "%s/%s", folder, name);
    FILE *file = fopen(path, "w");
    ck_assert_ptr_nonnull(file);
    fprintf(file, "# template %s\n", name);
    fclose(file);
}

static void begin(void)
{
    snprintf(folder, sizeof(folder), "/tmp/polyhebb-kind-XXXXXX");
    ck_assert_ptr_nonnull(mkdtemp(folder));
    snprintf(prefix, sizeof(prefix), "%s/fig", folder);
    snprintf(run_path, sizeof(run_path), "%s/run.h5", folder);
    put_template("style.gp");
    put_template("steps.gp");
    put_template("curves.gp");
    put_template("map.gp");
    ph_report_init(&report);
    ph_grid_init(&grid);
    ck_assert_int_eq(ph_grid_parse(&grid, GRID, "test", 0, NULL, &report), PH_OK);
    ck_assert_int_eq(sample_run(&grid, run_path, &report), PH_OK);
    ck_assert_int_eq(ph_runfile_open(&run, run_path, &report), PH_OK);
    ph_selection_init(&selection, run.base.grid);
}

static void end(void)
{
    char command[128];
    ph_runfile_close(&run);
    snprintf(command, sizeof(command), "rm -r %s", folder);
    ck_assert_int_eq(system(command), 0);
    ph_figures_free(&figures);
    ph_grid_free(&grid);
    ph_report_free(&report);
}

static bool has(const char *name, const char *part)
{
    char path[160], text[8192] = "";
    snprintf(path, sizeof(path), "%s%s", prefix, name);
    FILE *file = fopen(path, "r");
    ck_assert_msg(file != NULL, "%s is missing", path);
    const size_t size = fread(text, 1, sizeof(text) - 1, file);
    fclose(file);
    return size > 0 && strstr(text, part) != NULL;
}

/* The figure: how many axes it has, a number and one that there is not. */
static int write_data(void *context, FILE *file, ph_report_t *said)
{
    const ph_figure_t *layout = context;
    (void)said;
    fprintf(file, "%zu %zu", layout->x, layout->y);
    ph_figure_number(file, 3, 1.0 / 3.0);
    ph_figure_number(file, 3, (double)NAN);
    fputc('\n', file);
    return PH_OK;
}

static void write_script(void *context, FILE *script)
{
    (void)context;
    fputs("steps = 7\n", script);
}

static int draw(ph_figure_job_t *job, const ph_figure_t *layout, ph_figures_t *drawn,
                ph_report_t *said)
{
    static const ph_figure_files_t FILES = {"steps", "steps.gp", write_data, write_script};
    ph_figure_t own = *layout;
    ck_assert_ptr_eq(job->source->run, &run);
    return ph_figure_write(&own, &FILES, &own, drawn, said);
}

static int check(const ph_figure_job_t *job, ph_report_t *said)
{
    return job->count == 3 ? PH_OK : ph_fail(said, PH_ERR_UNSUPPORTED, "steps need three axes");
}

static const ph_figure_kind_t STEPS = {.word = "steps",
                                       .help = "a figure of this test",
                                       .of = PH_FIGURE_OF_RUN,
                                       .axes = 3,
                                       .check = check,
                                       .draw = draw};

static ph_figure_request_t request_of(const char *named)
{
    return (ph_figure_request_t){.prefix = prefix,
                                 .formats = "png",
                                 .templates = folder,
                                 .threads = 1,
                                 .view = PH_VIEW_PATTERNS,
                                 .figures = named};
}

START_TEST(test_row)
{
    begin();
    const ph_figure_source_t source = {.run = &run};
    const ph_figure_request_t request = request_of(NULL);
    ck_assert_int_eq(
        ph_figures_write_kind(&figures, &STEPS, &source, &selection, &request, &report), PH_OK);
    ck_assert_uint_eq(figures.count, 2); /* noise and patterns have two values each */
    ck_assert(has("-noise-0.2-steps.dat", "1 0 0.333 NaN\n"));
    ck_assert(has("-noise-0.1-steps.gp", "figure_title = 'noise = 0.1'\n"));
    ck_assert(has("-noise-0.1-steps.gp", "\nsteps = 7\n\n# template style.gp\n"));
    ck_assert(has("-noise-0.1-steps.gp", "\n# template steps.gp\n"));
    ph_figures_free(&figures);
    ck_assert_int_eq(ph_selection_add(&selection, "noise=0.1", &report), PH_OK);
    ck_assert_int_eq(
        ph_figures_write_kind(&figures, &STEPS, &source, &selection, &request, &report),
        PH_ERR_UNSUPPORTED);
    ck_assert_uint_eq(figures.count, 0);
    end();
}
END_TEST

/* By their words: those alone, each only of its own kind of file, and no others. */
START_TEST(test_words)
{
    static const struct {
        const char *words, *said;
        int status;
        size_t count;
        bool compares;
    } CALLS[] = {
        {"map", NULL, PH_OK, 1, true},
        {"map curves", NULL, PH_OK, 2, true},
        {"diagram", "is drawn of a phase file, not of a run", PH_ERR_INPUT, 0, false},
        {"map steps", "no figure 'steps', expected of curves, map", PH_ERR_INPUT, 0, false},
        {"ma", "there is no figure 'ma'", PH_ERR_INPUT, 0, false},
        {"trajectory", "6 points are selected", PH_ERR_INPUT, 0, false}};
    begin();
    ck_assert_int_eq(ph_selection_add(&selection, "noise=0.1", &report), PH_OK);
    ph_comparison_t comparison;
    ck_assert_int_eq(ph_compare(&comparison, &run, NULL, PH_VIEW_PATTERNS, &report), PH_OK);
    const ph_figure_source_t source = {.run = &run, .comparison = &comparison};
    for (size_t i = 0; i < sizeof(CALLS) / sizeof(CALLS[0]); i++) {
        const ph_figure_request_t request = request_of(CALLS[i].words);
        bool compares = !CALLS[i].compares;
        ck_assert_int_eq(ph_figures_check(&compares, &source, &selection, &request, &report),
                         CALLS[i].status);
        ck_assert_int_eq(compares, CALLS[i].compares);
        ck_assert_int_eq(ph_figures_write(&figures, &source, &selection, &request, &report),
                         CALLS[i].status);
        ck_assert_uint_eq(figures.count, CALLS[i].count);
        ck_assert(CALLS[i].said == NULL ||
                  strstr(report.messages[report.count - 1].text, CALLS[i].said) != NULL);
        ph_figures_free(&figures);
    }
    ph_comparison_free(&comparison);
    end();
}
END_TEST

/* Every row of the list can be asked for by a word of its own, and says what it is. */
START_TEST(test_list)
{
    const char *word, *help, *other, *text;
    size_t count = 0;
    for (; ph_figures_list(count, &word, &help); count++) {
        ck_assert(strlen(word) > 0 && strlen(help) > 0 && strpbrk(word, " ,") == NULL);
        ck_assert(count < PH_FIGURE_WORDS.count);
        ck_assert_str_eq(word, PH_FIGURE_WORDS.words[count]);
        for (size_t i = 0; i < count; i++)
            ck_assert(ph_figures_list(i, &other, &text) && strcmp(word, other) != 0);
    }
    ck_assert_uint_eq(count, PH_FIGURE_WORDS.count);
}
END_TEST

/* What a grid asks for: of each kind of file its own figures, of a slice beside others the slice
 * too; words of a call come first. */
START_TEST(test_asked)
{
    static const struct {
        const char *sets[3];
        unsigned of_run, of_theory, of_phase;
    } GRIDS[] = {{{"seed=1", "title=a", "figure.draw=[]"}, 0, 0, 0},
                 {{"seed=1", "title=a", "figure.draw=diagram"}, 0, 0, 1U << PH_FIGURE_DIAGRAM},
                 {{"seed=1", "title=a", "figure.draw=[map, thresholds, trajectory]"},
                  1U << PH_FIGURE_MAP | 1U << PH_FIGURE_TRAJECTORY,
                  1U << PH_FIGURE_THRESHOLDS,
                  0},
                 {{"figure.x=noise", "figure.y=energy", "figure.draw=[map, diagram]"},
                  1U << PH_FIGURE_MAP | 1U << PH_FIGURE_QUANTITY,
                  0,
                  1U << PH_FIGURE_DIAGRAM}};
    begin();
    for (size_t i = 0; i < sizeof(GRIDS) / sizeof(GRIDS[0]); i++) {
        ph_grid_t asked;
        ph_figure_request_t named = request_of("map"), open = request_of(NULL);
        ph_grid_init(&asked);
        ck_assert_int_eq(ph_grid_parse(&asked, GRID, "test", 3, GRIDS[i].sets, &report), PH_OK);
        ck_assert_uint_eq(ph_figures_of_grid(&asked, PH_FIGURE_OF_RUN), GRIDS[i].of_run);
        ck_assert_uint_eq(ph_figures_of_grid(&asked, PH_FIGURE_OF_THEORY), GRIDS[i].of_theory);
        ck_assert_uint_eq(ph_figures_of_grid(&asked, PH_FIGURE_OF_PHASE), GRIDS[i].of_phase);
        ph_figure_request_of_grid(&named, &asked, PH_FIGURE_OF_RUN);
        ph_figure_request_of_grid(&open, &asked, PH_FIGURE_OF_RUN);
        ck_assert_uint_eq(named.draw, 0);
        ck_assert_uint_eq(open.draw, GRIDS[i].of_run);
        ck_assert_str_eq(open.quantity != NULL ? open.quantity : "", i == 3 ? "energy" : "");
        ph_grid_free(&asked);
    }
    end();
}
END_TEST

PH_TEST_MAIN("figure_kind", test_row, test_words, test_list, test_asked)
