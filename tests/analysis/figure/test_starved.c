/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Figures and tables without memory enough: that is said, or they are what they are with it. */
#include <dirent.h>

#include "analysis/compare/occupation.h"
#include "analysis/export/export.h"
#include "analysis/export/quantities.h"
#include "analysis/export/retrieved.h"
#include "analysis/export/reweight.h"
#include "analysis/export/states.h"
#include "analysis/figure/kind.h"
#include "tests/analysis/figure/drawn_run.h"
#include "tests/starve.h"

static const char GRID[] =
    "network: { neurons: 40, patterns: 2, dilution: [0.1, 0.3] }\nnoise: [0.3, 0.4]\n"
    "dynamics: { sweeps: 8, start: archetype }\n"
    "ensemble: { replicas: 8, samples: 2 }\nrecord: { states: { every: 4 } }\n";
static const char LEARNED[] =
    "network: { rule: supervised, neurons: 40, patterns: 1, examples: [2, 8], quality: 0.6,\n"
    "           dilution: [0.1, 0.3] }\n"
    "noise: 0.2\ntheory: { kinds: [mean_field, signal_to_noise] }\n"
    "dynamics: { sweeps: 8, burn_in: 2, start: archetype }\nensemble: { replicas: 8, samples: 2 "
    "}\n";

static const char NEEDED[] =
    "network: { rule: supervised, neurons: 400, patterns: 1, examples: [1, 99], quality: 0.2,\n"
    "           dilution: [0.1, 0.3] }\n"
    "noise: 0\ntheory: { kinds: signal_to_noise }\n"
    "dynamics: { sampler: little, sweeps: 1, start: archetype }\nensemble: { replicas: 2 }\n";

static drawn_t drawn;
static ph_runfile_t run;
static ph_selection_t all, one;
static ph_comparison_t comparison;
static ph_theory_t theory;
static ph_phase_t phase;
static ph_attractor_map_t map;
static ph_figure_source_t source;
static ph_selection_t *selected;
static char *text, *expected; /* what is written, and what should be */

/* A file at the end of a text. */
static void append(char **to, const char *name)
{
    FILE *file = fopen(name, "r");
    if (file == NULL)
        return;
    char *own = drawn_text(file);
    const size_t before = *to == NULL ? 0 : strlen(*to), size = strlen(own);
    *to = realloc(*to, before + size + 1);
    ck_assert_ptr_nonnull(*to);
    memcpy(*to + before, own, size + 1);
    free(own);
}

static int draw(void)
{
    return ph_figures_write(&drawn.figures, &source, selected, &drawn.request, NULL);
}

/* Scripts and data of all figures. */
static void collect(void)
{
    for (size_t i = 0; i < drawn.figures.count; i++) {
        char name[256];
        snprintf(name, sizeof(name), "%s", drawn.figures.scripts[i]);
        append(&text, name);
        memcpy(name + strlen(name) - 3, ".dat", 5);
        append(&text, name);
    }
}

static bool right(void)
{
    collect();
    return text != NULL && strcmp(text, expected) == 0;
}

static void drop(void)
{
    DIR *folder = opendir(drawn.folder);
    ck_assert_ptr_nonnull(folder);
    for (const struct dirent *entry; (entry = readdir(folder)) != NULL;)
        if (strncmp(entry->d_name, "fig", 3) == 0)
            ck_assert_int_eq(unlinkat(dirfd(folder), entry->d_name, 0), 0);
    closedir(folder);
    ph_figures_free(&drawn.figures);
    free(text);
    text = NULL;
}

static void begin(const char *grid)
{
    drawn_begin_run(&drawn, grid, &run, &all);
    one = all;
    ck_assert_int_eq(ph_selection_add(&one, "dilution=0.1", NULL), PH_OK);
    selected = &all;
}

/* What figures of runs are drawn of. */
static void compare(void)
{
    ck_assert_int_eq(ph_compare(&comparison, &run, NULL, PH_VIEW_PATTERNS, NULL), PH_OK);
    source = (ph_figure_source_t){.run = &run, .comparison = &comparison};
}

static void end(void)
{
    ph_comparison_free(&comparison);
    ph_runfile_close(&run);
    drawn_end(&drawn);
}

/* One figure, or the usual ones; `every` as of starve_work_t. */
static void check(const char *name, const char *word, long every)
{
    const starve_work_t work = {name, draw, right, drop, every};
    drawn.request.figures = word;
    ck_assert_msg(draw() == PH_OK, "%s", name);
    collect();
    expected = text;
    text = NULL;
    drop();
    ck_assert_int_ge(starve_each(&work), 20);
    free(expected);
}

static void drop_list(void)
{
    ph_figures_free(&drawn.figures);
}

/* Whether no script has been put aside, as one that somebody has changed is. */
static bool nothing_aside(void)
{
    size_t aside = 0;
    DIR *folder = opendir(drawn.folder);
    ck_assert_ptr_nonnull(folder);
    for (const struct dirent *entry; (entry = readdir(folder)) != NULL;)
        aside += entry->d_name[strlen(entry->d_name) - 1] == '~';
    closedir(folder);
    return aside == 0;
}

/* Figures of every kind; over those that are there, too. */
START_TEST(test_figures)
{
    static const starve_work_t AGAIN = {"again", draw, nothing_aside, drop_list, 20};
    begin(GRID);
    compare();
    check("usual", NULL, 4);
    drawn.request.quantity = "binder";
    check("quantity", "quantity", 1);
    ck_assert_int_eq(ph_selection_add(&one, "noise=0.4", NULL), PH_OK);
    selected = &one;
    check("trajectory", "trajectory", 30);
    check("landscape", "landscape", 30);
    drawn.request.shape[0] = 5;
    drawn.request.shape[1] = 8;
    check("states", "states", 100);
    check("overlaps", "overlaps", 100);
    ck_assert_int_eq(ph_phase_solve(&phase, run.base.grid, 1, NULL), PH_OK);
    source = (ph_figure_source_t){.phase = &phase};
    selected = &all;
    drawn.request.inset = (ph_inset_part_t){true, {0.12, 0.32}, {0.14, 0.34}, PH_INSET_BEST, false};
    check("diagram", NULL, 60);
    ck_assert_int_eq(draw(), PH_OK);
    drop_list();
    ck_assert_int_ge(starve_each(&AGAIN), 30);
    ck_assert(nothing_aside());
    ph_phase_free(&phase);
    ck_assert_int_eq(ph_attractor_map_solve(&map, run.base.grid, 1, NULL), PH_OK);
    source = (ph_figure_source_t){.attractors = &map};
    drawn.request.inset.on = false;
    check("attractors", NULL, 10);
    ph_attractor_map_free(&map);
    end();
}
END_TEST

/* Distributions of a small network. */
START_TEST(test_distributions)
{
    drawn_begin_run(&drawn,
                    "network: { neurons: 5, patterns: 2 }\nnoise: [1.3, 1.6]\n"
                    "dynamics: { sampler: glauber, sweeps: 200, burn_in: 100 }\n"
                    "ensemble: { replicas: 8 }\nrecord: { replica_overlap: true }\n",
                    &run, &all);
    selected = &all;
    source = (ph_figure_source_t){.run = &run};
    check("distribution", "distribution", 20);
    ph_runfile_close(&run);
    drawn_end(&drawn);
}
END_TEST

/* Those of learning: theory between the grid's values, thresholds. */
START_TEST(test_learning)
{
    begin(LEARNED);
    compare();
    check("learning", NULL, 4);
    ck_assert_int_eq(ph_theory_solve(&theory, run.base.grid, run.base.grid->kinds, false, 1, NULL),
                     PH_OK);
    source = (ph_figure_source_t){.theory = &theory};
    one = all;
    ck_assert_int_eq(ph_selection_add(&one, "examples=2", NULL), PH_OK);
    selected = &one;
    check("thresholds", NULL, 30);
    ph_theory_free(&theory);
    end();
}
END_TEST

/* Examples needed: a point that lacks memory is no point that is not there. */
START_TEST(test_needed)
{
    drawn_begin_run(&drawn, NEEDED, &run, &all);
    selected = &all;
    source = (ph_figure_source_t){.run = &run};
    check("needed", "needed", 500);
    ph_runfile_close(&run);
    drawn_end(&drawn);
}
END_TEST

/* The portrait of two starts: flows of one sweep each, as the noise leaves nothing. */
START_TEST(test_portrait)
{
    drawn_begin_run(&drawn,
                    "network: { neurons: 60, patterns: 2, dilution: 0.3, normalization: none }\n"
                    "noise: 1e9\ndynamics: { sampler: little, sweeps: 2,\n"
                    "  start: { kind: mixture, patterns: [1, 2], overlap: [0.2, 0.8] } }\n"
                    "ensemble: { replicas: 2 }\n",
                    &run, &all);
    selected = &all;
    source = (ph_figure_source_t){.run = &run};
    check("portrait", "portrait", 1);
    ph_runfile_close(&run);
    drawn_end(&drawn);
}
END_TEST

static ph_inset_t inset;

/* Where an inset stands that sees more than it has room for at first. */
static int place_inset(void)
{
    static const ph_inset_part_t PART = {true, {0.1, 0.1}, {0.2, 0.2}, PH_INSET_BEST, false};
    static const ph_inset_span_t SPANS[2] = {{"x", 0.0, 1.0, false, false},
                                             {"y", 0.0, 1.0, false, false}};
    static const double LEFT[] = {0.1, 0.9}, RIGHT[] = {0.9, 0.9};
    inset = (ph_inset_t){.part = &PART};
    for (size_t i = 0; i < 1000; i++)
        ph_inset_see(&inset, i < 300 ? LEFT : RIGHT, i < 300 ? LEFT : RIGHT);
    return ph_inset_settle(&inset, SPANS, NULL);
}

static bool least_covered(void)
{
    return inset.count == 1000 && inset.corner == PH_INSET_BOTTOM_RIGHT;
}

static void drop_inset(void)
{
    ph_inset_free(&inset);
}

/* An inset that lacks memory for what it must not cover is none. */
START_TEST(test_insets)
{
    static const starve_work_t WORK = {"inset", place_inset, least_covered, drop_inset, 1};
    ck_assert_int_ge(starve_each(&WORK), 3);
}
END_TEST

static int (*exporting)(FILE *out);

static int export(void)
{
    size_t size;
    FILE *out = open_memstream(&text, &size); /* Check itself allocates: nothing is asserted here */
    const int status = out != NULL ? exporting(out) : PH_ERR_IO;
    return out != NULL && fclose(out) == 0 ? status : PH_ERR_IO;
}

static bool right_text(void)
{
    return strcmp(text, expected) == 0;
}

static void drop_text(void)
{
    free(text);
    text = NULL;
}

static int estimates(FILE *out)
{
    return ph_export_estimates(out, &run, &all, PH_VIEW_RANKS, PH_TEXT_CSV, NULL);
}

static int quantities(FILE *out)
{
    return ph_export_quantities(out, &run, &all, &PH_COMPARE_WELLS, 1, PH_TEXT_COLUMNS, NULL);
}

static int patterns(FILE *out)
{
    return ph_export_patterns(out, &one, 2, PH_TEXT_CSV, NULL);
}

static int trajectory(FILE *out)
{
    return ph_export_trajectory(out, &run, &one, 1, 3, PH_TEXT_CSV, NULL);
}

static int states(FILE *out)
{
    return ph_export_states(out, &run, &one, 1, 3, PH_TEXT_CSV, NULL);
}

static int retrieved(FILE *out)
{
    const ph_retrieval_t rule = {.share = 0.5};
    return ph_export_retrieved(out, &run, &all, &rule, NULL, PH_TEXT_CSV, NULL);
}

static int reweighted(FILE *out)
{
    const ph_noises_t noises = {0.3, 0.4, 3};
    return ph_export_reweighted(out, &run, &all, &noises, 1, PH_TEXT_CSV, NULL);
}

/* Tables of every kind. */
START_TEST(test_tables)
{
    static const struct {
        const char *name;
        int (*act)(FILE *out);
        long every;
    } TABLES[] = {{"estimates", estimates, 30}, {"quantities", quantities, 1},
                  {"patterns", patterns, 30},   {"trajectory", trajectory, 30},
                  {"states", states, 30},       {"retrieved", retrieved, 30},
                  {"reweighted", reweighted, 2}};
    begin(GRID);
    ck_assert_int_eq(ph_selection_add(&one, "noise=0.4", NULL), PH_OK);
    for (size_t i = 0; i < sizeof(TABLES) / sizeof(TABLES[0]); i++) {
        const starve_work_t work = {TABLES[i].name, export, right_text, drop_text, TABLES[i].every};
        exporting = TABLES[i].act;
        ck_assert_msg(export() == PH_OK, "%s", work.name);
        expected = text;
        text = NULL;
        ck_assert_int_ge(starve_each(&work), 4);
        free(expected);
    }
    end();
}
END_TEST

PH_TEST_MAIN("figure_starved", test_figures, test_distributions, test_learning, test_needed,
             test_portrait, test_insets, test_tables)
