/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef PH_TESTS_FIGURE_DIAGRAM_H
#define PH_TESTS_FIGURE_DIAGRAM_H

#include "analysis/figure/diagram_lines_private.h"
#include "tests/analysis/figure/drawn.h"

/*
 * Phase diagrams made by hand: of every point the labels of its ground state and of the state
 * reached, by letters: p paramagnetic, 1 pure, h hierarchical-2, s symmetric-2, t tie-broken-3,
 * m mixed-3, blank for none.
 */
typedef struct {
    drawn_t drawn;
    ph_phase_t phase;
    ph_figure_t figure;
    ph_diagram_t diagram;
} made_t;

static inline ph_label_t made_label(char letter)
{
    static const char LETTERS[] = "p1hstm";
    static const size_t COUNTS[] = {0, 1, 2, 2, 3, 3};
    const char *at = strchr(LETTERS, letter);
    ck_assert(at != NULL && *at != '\0');
    return (ph_label_t){(ph_class_id_t)(at - LETTERS), COUNTS[at - LETTERS]};
}

static inline int made_code(const made_t *self, char letter)
{
    const int64_t patterns = self->phase.grid->patterns_max;
    return letter == ' ' ? -1
                         : ph_label_code(made_label(letter), patterns < PH_STATES_PATTERNS_MAX
                                                                 ? (size_t)patterns
                                                                 : (size_t)PH_STATES_PATTERNS_MAX);
}

/* rows[] is a letter a point, over the grid's first two axes: rows[i][j]; `reached` likewise. */
static inline void made_begin(made_t *self, const char *grid, const char *const *rows,
                              const char *const *reached)
{
    memset(self, 0, sizeof(*self));
    drawn_begin(&self->drawn, grid);
    const ph_grid_t *own = &self->drawn.grid;
    self->phase.grid = own;
    self->phase.points = calloc(own->points_count, sizeof(*self->phase.points));
    self->phase.directions = calloc(2, sizeof(*self->phase.directions));
    ck_assert(self->phase.points != NULL && self->phase.directions != NULL);
    self->figure = (ph_figure_t){.grid = own, .request = &self->drawn.request, .x = 0, .y = 1};
    self->diagram =
        (ph_diagram_t){&self->phase, &self->figure, ph_figure_axis(own, 0), ph_figure_axis(own, 1)};
    for (size_t p = 0; p < own->points_count; p++) {
        ph_states_t *states = &self->phase.points[p];
        const size_t i = p / own->axes[1].size, j = p % own->axes[1].size;
        states->states = calloc(2, sizeof(*states->states));
        ck_assert_ptr_nonnull(states->states);
        states->patterns = (size_t)own->points[p].patterns;
        states->reached = reached[i][j] == ' ' ? -1 : 1;
        if (rows[i][j] != ' ') {
            states->count = 2;
            states->states[0].label = made_label(rows[i][j]);
            states->states[1].label = made_label(reached[i][j] == ' ' ? 'p' : reached[i][j]);
        }
    }
}

/* Boundaries are looked for along this axis; there are none yet. */
static inline ph_direction_t *made_direction(made_t *self, size_t axis)
{
    ph_direction_t *own = &self->phase.directions[self->phase.directions_count++];
    const size_t points = self->phase.grid->points_count;
    *own = (ph_direction_t){axis, calloc(points, sizeof(ph_boundaries_t)),
                            calloc(points, sizeof(ph_boundaries_t))};
    ck_assert(own->ends != NULL && own->changes != NULL);
    return own;
}

static inline void made_boundary(ph_boundaries_t *self, double share, ph_boundary_kind_t kind,
                                 char label)
{
    self->items[self->count++] = (ph_boundary_t){share, kind, made_label(label), made_label('p')};
}

static inline void made_end(made_t *self)
{
    for (size_t p = 0; p < self->phase.grid->points_count; p++)
        free(self->phase.points[p].states);
    for (size_t k = 0; k < self->phase.directions_count; k++) {
        free(self->phase.directions[k].ends);
        free(self->phase.directions[k].changes);
    }
    free(self->phase.points);
    free(self->phase.directions);
    drawn_end(&self->drawn);
}

#endif
