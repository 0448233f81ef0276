/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "analysis/phase/phase.h"

#include <math.h>
#include <string.h>
#include <unistd.h>

#include "analysis/figure/figure.h"
#include "tests/testing.h"

static char folder[64], path[128];
static ph_grid_t grid;
static ph_phase_t phase;
static ph_report_t report;

static void parse(const char *text)
{
    ph_report_init(&report);
    ph_grid_init(&grid);
    ck_assert_int_eq(ph_grid_parse(&grid, text, "test", 0, NULL, &report), PH_OK);
    snprintf(folder, sizeof(folder), "/tmp/polyhebb-phase-XXXXXX");
    ck_assert_ptr_nonnull(mkdtemp(folder));
    snprintf(path, sizeof(path), "%s/phase.h5", folder);
}

static void begin(const char *text)
{
    parse(text);
    ck_assert_int_eq(ph_phase_solve(&phase, &grid, 2, &report), PH_OK);
}

static void end(void)
{
    char command[128];
    snprintf(command, sizeof(command), "rm -r %s", folder);
    ck_assert_int_eq(system(command), 0);
    ph_phase_free(&phase);
    ph_grid_free(&grid);
    ph_report_free(&report);
}

static const char TWO[] = "network: { neurons: 60, patterns: 2, normalization: none,\n"
                          "           dilution: { from: 0.1, to: 0.9, steps: 9 } }\n"
                          "noise: { from: 0, to: 0.95, steps: 11 }\n"
                          "dynamics: { start: hierarchical, sweeps: 20 }\n";

static bool is(ph_label_t label, const char *name)
{
    char text[64];
    ph_label_text(label, text, sizeof(text));
    return strcmp(text, name) == 0;
}

/* Order sets in at T = 1 - d, exactly, on every line along either axis that meets it. */
START_TEST(test_onset)
{
    size_t met = 0;
    begin(TWO);
    ck_assert_uint_eq(phase.directions_count, 2);
    for (size_t k = 0; k < 2; k++)
        for (size_t p = 0; p < grid.points_count; p++) {
            const ph_boundaries_t *changes = &phase.directions[k].changes[p];
            for (size_t i = 0; i < changes->count; i++) {
                const ph_boundary_t *change = &changes->items[i];
                if (!is(change->label, "paramagnetic") && !is(change->other, "paramagnetic"))
                    continue;
                const double place =
                    ph_phase_place(&grid, phase.directions[k].axis, p, change->share);
                const double noise = k == 0 ? grid.points[p].noise : place;
                const double dilution = k == 0 ? place : grid.points[p].dilution[0];
                ck_assert_double_eq_tol(noise + dilution, 1.0, 1e-8);
                ck_assert_int_eq(change->kind, PH_BOUNDARY_CONTINUOUS);
                met++;
            }
        }
    ck_assert_uint_ge(met, 15);
    ck_assert_uint_eq(phase.unreached, 0);
    end();
}
END_TEST

/* The same curves, number for number. */
static void check_curves(const ph_curves_t *a, const ph_curves_t *b)
{
    ck_assert_uint_eq(a->count, b->count);
    ck_assert_uint_eq(a->specials_count, b->specials_count);
    for (size_t i = 0; i < a->specials_count; i++)
        ck_assert(a->specials[i].kind == b->specials[i].kind &&
                  a->specials[i].place[0] == b->specials[i].place[0] &&
                  a->specials[i].place[1] == b->specials[i].place[1]);
    for (size_t i = 0; i < a->count; i++) {
        const ph_curve_t *one = &a->items[i], *two = &b->items[i];
        ck_assert(one->kind == two->kind && one->ground == two->ground &&
                  one->closed == two->closed && one->ends[0] == two->ends[0] &&
                  one->ends[1] == two->ends[1] && ph_label_equal(one->left, two->left) &&
                  ph_label_equal(one->right, two->right));
        ck_assert_uint_eq(one->count, two->count);
        ck_assert_mem_eq(one->places, two->places, one->count * sizeof(*one->places));
    }
}

static void check_same(const ph_phase_t *a, const ph_phase_t *b, double tolerance)
{
    check_curves(&a->curves, &b->curves);
    ck_assert_uint_eq(a->directions_count, b->directions_count);
    for (size_t p = 0; p < grid.points_count; p++) {
        const ph_states_t *left = &a->points[p], *right = &b->points[p];
        ck_assert_uint_eq(left->count, right->count);
        ck_assert_uint_eq(left->ground, right->ground);
        ck_assert_int_eq(left->reached, right->reached);
        for (size_t i = 0; i < left->count; i++) {
            const ph_fixed_point_t *one = &left->states[i], *two = &right->states[i];
            ck_assert(ph_label_equal(one->label, two->label) && one->kind == two->kind);
            ck_assert(one->free_energy == two->free_energy && one->copies == two->copies);
            ck_assert_mem_eq(one->overlap, two->overlap, left->patterns * sizeof(double));
            ck_assert_mem_eq(one->magnetization, two->magnetization,
                             left->patterns * sizeof(double));
        }
        const ph_example_state_t *first = &a->examples[p], *second = &b->examples[p];
        ck_assert(first->found == second->found);
        if (first->found) {
            const size_t bytes = left->patterns * sizeof(double);
            ck_assert(first->free_energy == second->free_energy &&
                      first->residual == second->residual && first->stability == second->stability);
            ck_assert_mem_eq(first->single, second->single, bytes);
            ck_assert_mem_eq(first->rest, second->rest, bytes);
            ck_assert_mem_eq(first->magnetization, second->magnetization, bytes);
        }
        for (size_t k = 0; k < a->directions_count; k++) {
            const ph_boundaries_t *one = &a->directions[k].ends[p],
                                  *two = &b->directions[k].ends[p];
            ck_assert_uint_eq(one->count, two->count);
            for (size_t i = 0; i < one->count; i++) {
                ck_assert_double_eq_tol(one->items[i].share, two->items[i].share, tolerance);
                ck_assert(ph_label_equal(one->items[i].label, two->items[i].label) &&
                          ph_label_equal(one->items[i].other, two->items[i].other) &&
                          one->items[i].kind == two->items[i].kind);
            }
            ck_assert_uint_eq(a->directions[k].changes[p].count, b->directions[k].changes[p].count);
        }
    }
}

/* The numbers do not depend on the threads; what is read back is what was written. */
START_TEST(test_file)
{
    ph_phase_t other;
    begin(TWO);
    ck_assert_int_eq(ph_phase_solve(&other, &grid, 1, &report), PH_OK);
    check_same(&phase, &other, 1e-15);
    ck_assert_uint_ge(phase.curves.count, 3);
    ph_phase_free(&other);
    ck_assert_int_eq(ph_phase_write(&phase, path, &report), PH_OK);
    ck_assert_int_eq(ph_phase_read(&other, &grid, path, &report), PH_OK);
    check_same(&phase, &other, 1e-13);
    ph_phase_free(&other);
    end();
}
END_TEST

/* The file holds which state is the lowest stable one, whichever number it has: here the last. */
START_TEST(test_ground_kept)
{
    ph_phase_t other;
    size_t moved = 0;
    begin("network: { neurons: 60, patterns: 2, normalization: none, dilution: [0.1, 0.5] }\n"
          "noise: [0, 0.1, 0.2]\ndynamics: { start: hierarchical, sweeps: 20 }\n");
    for (size_t p = 0; p < grid.points_count; p++) {
        ph_states_t *states = &phase.points[p];
        for (size_t i = 0; i < states->count; i++)
            states->states[i].kind =
                i + 1 < states->count ? PH_STABILITY_UNSTABLE : PH_STABILITY_STABLE;
        states->ground = states->count - 1;
        moved += states->ground > 0;
    }
    ck_assert_uint_eq(moved, 6);
    ck_assert_int_eq(ph_phase_write(&phase, path, &report), PH_OK);
    ck_assert_int_eq(ph_phase_read(&other, &grid, path, &report), PH_OK);
    check_same(&phase, &other, 1e-13);
    ph_phase_free(&other);
    end();
}
END_TEST

static const char APART[] =
    "network: { rule: unsupervised, neurons: 60, patterns: [1, 2], examples: [4, 5, 6, 7],\n"
    "           dilution: 0.2, quality: { from: 0.2, to: 0.5, steps: 4 } }\n"
    "noise: 0.2\ndynamics: { start: hierarchical, sweeps: 20 }\n";

/* States of single examples are kept with their points, where there are any. */
START_TEST(test_example_file)
{
    ph_phase_t other;
    size_t found = 0;
    begin(APART);
    ck_assert_int_eq(ph_phase_write(&phase, path, &report), PH_OK);
    ck_assert_int_eq(ph_phase_read(&other, &grid, path, &report), PH_OK);
    check_same(&phase, &other, 1e-13);
    for (size_t p = 0; p < grid.points_count; p++) {
        const ph_example_state_t *state = &other.examples[p];
        found += state->found;
        ck_assert(!state->found || (fabs(state->single[0] - state->rest[0]) > 1e-3 &&
                                    state->residual < 1e-10 && state->free_energy < 0.0));
    }
    ck_assert(found > 4 && found < grid.points_count);
    ph_phase_free(&other);
    end();
}
END_TEST

/* Another grid's file, a file of another kind, no file: each has its own status. */
START_TEST(test_foreign)
{
    ph_grid_t another;
    ph_phase_t other;
    begin("network: { neurons: 60, patterns: 2, dilution: 0.3 }\nnoise: [0.1, 0.2]\n"
          "dynamics: { sweeps: 20 }\n");
    ck_assert_int_eq(ph_phase_write(&phase, path, &report), PH_OK);
    ph_grid_init(&another);
    ck_assert_int_eq(ph_grid_parse(&another,
                                   "network: { neurons: 60, patterns: 2, dilution: 0.4 }\n"
                                   "noise: [0.1, 0.2]\ndynamics: { sweeps: 20 }\n",
                                   "another", 0, NULL, &report),
                     PH_OK);
    ck_assert_int_eq(ph_phase_read(&other, &another, path, &report), PH_ERR_MISMATCH);
    strcat(path, ".no");
    ck_assert_int_eq(ph_phase_read(&other, &grid, path, &report), PH_ERR_IO);
    ph_grid_free(&another);
    end();
}
END_TEST

/* Points with too many patterns are left out, unless all are. */
START_TEST(test_many_patterns)
{
    begin("network: { neurons: 60, patterns: [2, 13], dilution: 0.3 }\nnoise: [0.1, 0.2]\n"
          "dynamics: { sweeps: 20 }\n");
    ck_assert_uint_eq(phase.left_out, 2);
    ck_assert_uint_eq(phase.points[0].count, 4);
    ck_assert_uint_eq(phase.points[2].count, 0);
    ck_assert_int_eq(ph_phase_write(&phase, path, &report), PH_OK);
    end();
    parse("network: { neurons: 60, patterns: 13, dilution: 0.3 }\nnoise: [0.1, 0.2]\n"
          "dynamics: { sweeps: 20 }\n");
    ck_assert_int_eq(ph_phase_solve(&phase, &grid, 1, &report), PH_ERR_UNSUPPORTED);
    end();
}
END_TEST

/* Learning without a teacher: where the line says that examples part, Lambda changes its sign. */
START_TEST(test_examples)
{
    size_t met = 0;
    begin("network: { rule: unsupervised, neurons: 60, patterns: 2, examples: 10, dilution: 0.7,\n"
          "           quality: { from: 0.1, to: 0.5, steps: 5 } }\n"
          "noise: 0.1\ndynamics: { start: hierarchical, sweeps: 20 }\n");
    for (size_t p = 0; p < grid.points_count; p++)
        for (size_t i = 0; i < phase.directions[0].ends[p].count; i++) {
            const ph_boundary_t *line = &phase.directions[0].ends[p].items[i];
            if (line->kind != PH_BOUNDARY_EXAMPLES)
                continue;
            for (int side = -1; side <= 1; side += 2) {
                ph_path_t way;
                ph_states_t states;
                ck_assert_int_eq(
                    ph_path_init(&way, &grid.points[p], &grid.points[p + 1], grid.average), PH_OK);
                ck_assert_int_eq(ph_states_find(&states,
                                                ph_path_point(&way, line->share + 1e-6 * side),
                                                grid.average, NULL),
                                 PH_OK);
                const double lambda = states.states[states.ground].example_stability;
                ck_assert(side < 0 ? lambda < 0.0 : lambda > 0.0);
                ck_assert_double_eq_tol(lambda, 0.0, 1e-4);
                ph_states_free(&states);
            }
            met++;
        }
    ck_assert_uint_eq(met, 1);
    end();
}
END_TEST

static char *contents(const char *name)
{
    char file_path[256];
    snprintf(file_path, sizeof(file_path), "%s/%s", folder, name);
    FILE *file = fopen(file_path, "r");
    ck_assert_msg(file != NULL, "%s is missing", file_path);
    char *text = calloc(1, 1 << 22);
    ck_assert_ptr_nonnull(text);
    ck_assert_uint_lt(fread(text, 1, (1 << 22) - 1, file), (1 << 22) - 1);
    fclose(file);
    return text;
}

/* The figure: regions with their labels, lines through the places of the boundaries. */
START_TEST(test_figure)
{
    char prefix[128], templates[512];
    ph_figures_t figures;
    ph_selection_t selection;
    begin(TWO);
    snprintf(prefix, sizeof(prefix), "%s/fig", folder);
    snprintf(templates, sizeof(templates), "%s/plots", getenv("PH_SOURCE_DIR"));
    const ph_figure_request_t request = {.prefix = prefix,
                                         .formats = "png",
                                         .templates = templates,
                                         .threads = 1,
                                         .view = PH_VIEW_PATTERNS};
    const ph_figure_source_t source = {.phase = &phase};
    ph_selection_init(&selection, &grid);
    ck_assert_int_eq(ph_figures_write(&figures, &source, &selection, &request, &report), PH_OK);
    ck_assert_uint_eq(figures.count, 1);
    char *script = contents("fig-diagram.gp"), *data = contents("fig-diagram.dat");
    ck_assert_ptr_nonnull(strstr(script, "\nlabel_text[3] = 'hierarchical-2'\n"));
    ck_assert_ptr_nonnull(strstr(script, "\nx_label = 'dilution {/:Italic d}'\nx_min = 0.1\n"));
    ck_assert_ptr_nonnull(strstr(data, "# ground state, pure: cells"));
    char *at = strstr(data, "# the ground state changes without a jump: lines x y\n");
    ck_assert_ptr_nonnull(at);
    size_t onset = 0;
    for (at = strchr(at, '\n') + 1; strncmp(at, "NaN", 3) != 0;) {
        const double x = strtod(at, &at), y = strtod(at, &at);
        onset += fabs(x + y - 1.0) < 1e-6;
        while (*at == '\n')
            at++;
    }
    ck_assert_uint_ge(onset, 10);
    free(script);
    free(data);
    ph_figures_free(&figures);
    ck_assert_int_eq(ph_selection_add(&selection, "noise=0", &report), PH_OK);
    ck_assert_int_eq(ph_figures_write(&figures, &source, &selection, &request, &report),
                     PH_ERR_UNSUPPORTED);
    end();
}
END_TEST

/* Over a number of examples, along which nobody looks for ends, the lines of examples run on from
 * value to value: one line, through every place found. */
START_TEST(test_example_lines)
{
    char prefix[128], templates[512];
    ph_figures_t figures;
    ph_selection_t selection;
    begin("network: { rule: unsupervised, neurons: 60, patterns: 1, examples: [4, 6, 8, 20],\n"
          "           dilution: 0.2, quality: { from: 0.1, to: 0.6, steps: 11 } }\n"
          "noise: 0.2\ndynamics: { start: hierarchical, sweeps: 20 }\n");
    snprintf(prefix, sizeof(prefix), "%s/fig", folder);
    snprintf(templates, sizeof(templates), "%s/plots", getenv("PH_SOURCE_DIR"));
    const ph_figure_request_t request = {.prefix = prefix,
                                         .formats = "png",
                                         .templates = templates,
                                         .threads = 1,
                                         .view = PH_VIEW_PATTERNS};
    const ph_figure_source_t source = {.phase = &phase};
    ph_selection_init(&selection, &grid);
    ck_assert_int_eq(ph_figures_write(&figures, &source, &selection, &request, &report), PH_OK);
    char *data = contents("fig-diagram.dat");
    char *at = strstr(data, "# a state of single examples becomes the lowest: lines x y\n");
    ck_assert_ptr_nonnull(at);
    at = strchr(at, '\n') + 1;
    const double values[] = {4, 6, 8, 20};
    double before = 1.0;
    for (size_t k = 0; k < 4; k++) {
        const double x = strtod(at, &at), y = strtod(at, &at);
        ck_assert_double_eq(x, values[k]);
        ck_assert(y < before && y > 0.1);
        ck_assert(*at == '\n' && (at[1] == '\n') == (k == 3)); /* no gap before the last */
        before = y;
    }
    free(data);
    ph_figures_free(&figures);
    end();
}
END_TEST

PH_TEST_MAIN("phase", test_onset, test_file, test_ground_kept, test_example_file, test_foreign,
             test_many_patterns, test_examples, test_figure, test_example_lines)
