/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Axes of figures: places, edges, scales and labels, and what scripts say of them. */
#include "analysis/figure/axis.h"

#include <float.h>
#include <math.h>

#include "analysis/figure/script.h"
#include "tests/analysis/figure/drawn.h"

/* An axis of a key at these values, as a grid would have it. */
typedef struct {
    ph_grid_t grid;
    ph_axis_t axis;
    ph_coordinate_t coordinate;
    double values[8];
} own_t;

static ph_figure_axis_t axis_of(own_t *self, ph_key_t key, const double *values, size_t size)
{
    memcpy(self->values, values, size * sizeof(*values));
    self->coordinate = (ph_coordinate_t){key, 0, self->values};
    self->axis = (ph_axis_t){size, 1, &self->coordinate};
    self->grid = (ph_grid_t){.title = "", .axes_count = 1, .axes = &self->axis};
    return ph_figure_axis(&self->grid, 0);
}

/* Logarithmic is an axis of three values or more, all above zero, that span a factor of 20 and
 * whose ratios are more even than their steps; words never are. */
START_TEST(test_scale)
{
    static const struct {
        ph_key_t key;
        size_t size;
        double values[5];
        bool logarithmic;
    } CASES[] = {
        {PH_KEY_NEURONS, 3, {100, 1000, 10000}, true}, {PH_KEY_NEURONS, 2, {100, 10000}, false},
        {PH_KEY_NEURONS, 3, {1, 4, 20}, true},         {PH_KEY_NEURONS, 3, {1, 4, 19}, false},
        {PH_KEY_NEURONS, 3, {1, 11, 21}, false},       {PH_KEY_NEURONS, 4, {1, 20, 30, 40}, false},
        {PH_KEY_NEURONS, 5, {1, 3, 9, 27, 81}, true},  {PH_KEY_NOISE, 3, {0, 0.1, 10}, false},
        {PH_KEY_NOISE, 3, {1e-300, 1.0, 1e300}, true}, {PH_KEY_NOISE, 3, {0.05, 0.1, 0.2}, false},
        {PH_KEY_START, 5, {0, 1, 2, 3, 4}, false},     {PH_KEY_SAMPLER, 3, {1, 4, 30}, false},
    };
    for (size_t k = 0; k < sizeof(CASES) / sizeof(CASES[0]); k++) {
        own_t own;
        const ph_figure_axis_t axis = axis_of(&own, CASES[k].key, CASES[k].values, CASES[k].size);
        ck_assert_msg(axis.logarithmic == CASES[k].logarithmic, "case %zu", k);
        ck_assert_int_eq(axis.words,
                         CASES[k].key == PH_KEY_START || CASES[k].key == PH_KEY_SAMPLER);
    }
}
END_TEST

/* Every value lies within its cell, cells meet, and the outermost reach as far as the key may be:
 * no dilution above 1 and no number of neurons below 1, on either scale. */
START_TEST(test_cells)
{
    static const struct {
        ph_key_t key;
        size_t size;
        double values[5], minimum, maximum;
    } CASES[] = {
        {PH_KEY_NEURONS, 3, {100, 1000, 10000}, 31.622776601683793, 31622.776601683792},
        {PH_KEY_NEURONS, 3, {1, 10, 100}, 1.0, 316.22776601683796},
        {PH_KEY_DILUTION, 3, {0.001, 0.03, 0.9}, 0.00018257418583505536, 1.0},
        {PH_KEY_QUALITY, 3, {1e-6, 1e-3, 1.0}, 1e-6, 1.0},
        {PH_KEY_EXAMPLES, 4, {1, 100, 10000, 1000000}, 1.0, 1e6},
        {PH_KEY_DILUTION, 3, {0.0, 0.5, 0.75}, 0.0, 0.875},
        {PH_KEY_DILUTION, 3, {0.1, 0.5, 1.0}, 0.0, 1.0},
        {PH_KEY_PATTERNS, 3, {1, 2, 5}, 1.0, 6.5},
        {PH_KEY_NOISE, 2, {0.1, 0.2}, 0.05, 0.25},
        {PH_KEY_START, 3, {4, 5, 6}, -0.5, 2.5},
        {PH_KEY_NOISE, 1, {0.3}, -0.2, 0.8},
    };
    for (size_t k = 0; k < sizeof(CASES) / sizeof(CASES[0]); k++) {
        own_t own;
        const size_t size = CASES[k].size;
        const ph_figure_axis_t axis = axis_of(&own, CASES[k].key, CASES[k].values, size);
        ck_assert_double_eq_tol(axis.minimum, CASES[k].minimum,
                                1e-12 * fabs(CASES[k].minimum) + DBL_MIN);
        ck_assert_double_eq_tol(axis.maximum / CASES[k].maximum, 1.0, 1e-12);
        ck_assert_double_eq(ph_figure_edge(&axis, 0), axis.minimum);
        ck_assert_double_eq(ph_figure_edge(&axis, size), axis.maximum);
        for (size_t i = 0; i < size; i++) {
            const double place = ph_figure_place(&axis, i);
            ck_assert_double_eq(place, axis.words ? (double)i : CASES[k].values[i]);
            ck_assert_double_le(ph_figure_edge(&axis, i), place);
            ck_assert_double_ge(ph_figure_edge(&axis, i + 1), place);
            if (i == 0)
                continue;
            const double before = ph_figure_place(&axis, i - 1), edge = ph_figure_edge(&axis, i);
            ck_assert_double_eq_tol(
                edge, axis.logarithmic ? sqrt(before * place) : 0.5 * (before + place),
                1e-12 * place);
        }
    }
}
END_TEST

/* The number of a point is that of the grid, whatever the axes. */
START_TEST(test_point)
{
    drawn_t drawn;
    drawn_begin(&drawn, "network: { neurons: 60, patterns: [2, 3], dilution: [0.1, 0.2, 0.4] }\n"
                        "noise: [0.1, 0.2]\ndynamics: { sampler: [glauber, metropolis], "
                        "sweeps: 1 }\n");
    ck_assert_uint_eq(drawn.grid.points_count, 24);
    for (size_t p = 0; p < drawn.grid.points_count; p++) {
        size_t index[PH_MAX_AXES];
        ph_grid_unravel(&drawn.grid, p, index);
        ck_assert_uint_eq(ph_figure_point(&drawn.grid, index), p);
    }
    drawn_end(&drawn);
}
END_TEST

/* Keys in words with their letter or their unit; values as words or numbers. */
START_TEST(test_labels)
{
    static const struct {
        ph_key_t key;
        double value;
        const char *axis, *label;
    } CASES[] = {
        {PH_KEY_NEURONS, 1000000, "neurons {/:Italic N}", "neurons {/:Italic N} = 1000000"},
        {PH_KEY_PATTERNS, 2, "patterns {/:Italic K}", "patterns {/:Italic K} = 2"},
        {PH_KEY_DILUTION, 0.1, "dilution {/:Italic d}", "dilution {/:Italic d} = 0.1"},
        {PH_KEY_EXAMPLES, 7, "examples {/:Italic M}", "examples {/:Italic M} = 7"},
        {PH_KEY_QUALITY, 1.0 / 3.0, "quality {/:Italic r}", "quality {/:Italic r} = 0.333333"},
        {PH_KEY_NOISE, 1e-9, "noise {/:Italic T}", "noise {/:Italic T} = 1e-09"},
        {PH_KEY_BLANK_FIDELITY, 0.5, "blank fidelity", "blank fidelity: 0.5"},
        {PH_KEY_BURN_IN, 100, "burn in (sweeps)", "burn in: 100"},
        {PH_KEY_SWEEPS, 5, "sweeps", "sweeps: 5"}, /* the unit would say it twice */
        {PH_KEY_RULE, PH_RULE_UNSUPERVISED, "rule", "rule: unsupervised"},
        {PH_KEY_FOLLOW, PH_FOLLOW_NONE, "follow", "follow: none"},
        {PH_KEY_FOLLOW, PH_FOLLOW_NOISE, "follow", "follow: noise ({/:Italic T} \u2191)"},
        {PH_KEY_FOLLOW, PH_FOLLOW_NOISE_DOWN, "follow", "follow: noise-down ({/:Italic T} \u2193)"},
    };
    char text[PH_FIGURE_TEXT], tiny[8];
    for (size_t k = 0; k < sizeof(CASES) / sizeof(CASES[0]); k++) {
        double value = CASES[k].value;
        const ph_coordinate_t coordinate = {CASES[k].key, 0, &value};
        ph_label_axis(&coordinate, text, sizeof(text));
        ck_assert_str_eq(text, CASES[k].axis);
        ph_label_value(&coordinate, 0, text, sizeof(text));
        ck_assert_str_eq(text, CASES[k].label);
        ph_label_axis(&coordinate, tiny, sizeof(tiny));
        ck_assert(strlen(tiny) < sizeof(tiny) && strncmp(tiny, CASES[k].axis, strlen(tiny)) == 0);
    }
}
END_TEST

static char *axis_text_in(const char *formats, ph_key_t key, const double *values, size_t size,
                          double margin)
{
    const ph_figure_request_t request = {.formats = formats};
    const ph_figure_t figure = {.request = &request};
    own_t own;
    const ph_figure_axis_t axis = axis_of(&own, key, values, size);
    FILE *file = tmpfile();
    ck_assert_ptr_nonnull(file);
    ph_script_axis(file, &figure, "z", &axis, margin);
    return drawn_text(file);
}

static char *axis_text(ph_key_t key, const double *values, size_t size, double margin)
{
    return axis_text_in("png", key, values, size, margin);
}

/* An axis in a script: edges of cells, or values with room beside them, by factors on a logarithmic
 * one; tics of words and how long the longest is. */
START_TEST(test_script_axis)
{
    static const double STEPS[] = {0.5, 1.5, 2.5}, FACTORS[] = {1, 10, 100},
                        WORDS[] = {PH_START_RANDOM, PH_START_HIERARCHICAL};
    char text[512];
    drawn_holds(axis_text(PH_KEY_NOISE, STEPS, 3, 0.0),
                "z_label = 'noise {/:Italic T}'\nz_min = 0\nz_max = 3\nz_log = 0\n"
                "z_tics = \"\"\nz_blank = \"\"\nz_longest = 0\n");
    drawn_holds(axis_text(PH_KEY_NOISE, STEPS, 3, 0.5), "\nz_min = -0.5\nz_max = 3.5\nz_log = 0\n");
    snprintf(text, sizeof(text), "\nz_min = %.10g\nz_max = %.10g\nz_log = 1\n", 1.0 / sqrt(10.0),
             100.0 * sqrt(10.0));
    drawn_holds(axis_text(PH_KEY_NOISE, FACTORS, 3, 0.25), text);
    drawn_holds(axis_text(PH_KEY_NOISE, STEPS, 1, 0.25), "\nz_min = 0\nz_max = 1\n");
    drawn_holds(axis_text(PH_KEY_START, WORDS, 2, 0.25),
                "z_label = 'start'\nz_min = -0.5\nz_max = 1.5\nz_log = 0\n"
                "z_tics = \"('random' 0, 'hierarchical' 1)\"\nz_blank = \"('' 0, '' 1)\"\n"
                "z_longest = 12\n");
    drawn_holds(axis_text_in("tex", PH_KEY_NOISE, STEPS, 3, 0.0), "z_label = 'noise $T$'\n");
}
END_TEST

PH_TEST_MAIN("figure_axis", test_scale, test_cells, test_point, test_labels, test_script_axis)
