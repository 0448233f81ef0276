/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "analysis/figure/lone.h"

#include <math.h>
#include <stdlib.h>

#include "base/status.h"

void ph_lone_see(ph_lones_t *self, ph_lone_way_t *way, double x, double y)
{
    if (isnan(y)) {
        ph_lone_end(self, way);
        return;
    }
    way->run++;
    way->last.x = x;
    way->last.y = y;
}

void ph_lone_end(ph_lones_t *self, ph_lone_way_t *way)
{
    const bool lone = way->run == 1;
    way->run = 0;
    if (!lone || self->failed)
        return;
    if (self->count == self->capacity) {
        const size_t capacity = self->capacity == 0 ? 16 : 2 * self->capacity;
        ph_lone_t *grown = realloc(self->points, capacity * sizeof(*grown));
        if (grown == NULL) {
            self->failed = true;
            return;
        }
        self->points = grown;
        self->capacity = capacity;
    }
    self->points[self->count++] = way->last;
}

int ph_lone_check(const ph_lones_t *self, ph_report_t *report)
{
    return self->failed ? ph_fail(report, PH_ERR_MEMORY, "no memory for the lines of a figure")
                        : PH_OK;
}

void ph_lone_script(const ph_lones_t *self, FILE *script)
{
    static const char *const NAMES[] = {"panel", "series", "line", "x", "y"};
    if (self->count == 0)
        return;
    fprintf(script, "lone = %zu\n", self->count);
    for (size_t k = 0; k < sizeof(NAMES) / sizeof(NAMES[0]); k++)
        fprintf(script, "array lone_%s[lone]\n", NAMES[k]);
    for (size_t i = 0; i < self->count; i++) {
        const ph_lone_t *point = &self->points[i];
        fprintf(script,
                "lone_panel[%zu] = %zu; lone_series[%zu] = %zu; lone_line[%zu] = %zu; "
                "lone_x[%zu] = %.10g; lone_y[%zu] = %.10g\n",
                i + 1, point->panel, i + 1, point->series, i + 1, point->line, i + 1, point->x,
                i + 1, point->y);
    }
}

void ph_lone_free(ph_lones_t *self)
{
    free(self->points);
    self->points = NULL;
    self->count = self->capacity = 0;
}
