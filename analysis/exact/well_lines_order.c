/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Wells of any shape in descending order, by lines. */
#include <math.h>
#include <stdlib.h>

#include "analysis/exact/well_lines_private.h"
#include "base/report.h"

static const uint64_t ONE = 1;

static void swap(ph_line_site_t *a, ph_line_site_t *b)
{
    const ph_line_site_t kept = *a;
    *a = *b;
    *b = kept;
}

static int push(ph_well_lines_t *self, const ph_line_site_t *site)
{
    if (self->heap_count == self->heap_room) {
        const size_t room = self->heap_room == 0 ? 4096 : 2 * self->heap_room;
        ph_line_site_t *grown = realloc(self->heap, room * sizeof(*grown));
        if (grown == NULL)
            return PH_ERR_MEMORY;
        self->heap = grown;
        self->heap_room = room;
    }
    size_t i = self->heap_count++;
    self->heap[i] = *site;
    for (; i > 0 && self->heap[i].value > self->heap[(i - 1) / 2].value; i = (i - 1) / 2)
        swap(&self->heap[i], &self->heap[(i - 1) / 2]);
    return PH_OK;
}

/* The highest; there is one. */
static ph_line_site_t pop(ph_well_lines_t *self)
{
    const ph_line_site_t top = self->heap[0], last = self->heap[--self->heap_count];
    const size_t count = self->heap_count;
    size_t i = 0;
    for (size_t next = 1; next < count; next = 2 * i + 1) {
        if (next + 1 < count && self->heap[next + 1].value > self->heap[next].value)
            next++;
        if (!(self->heap[next].value > last.value))
            break;
        self->heap[i] = self->heap[next];
        i = next;
    }
    self->heap[i] = last;
    return top;
}

/* Sites of a line by their bits: to wait, but those below the end of all wells. */
static int reach(ph_well_lines_t *self, size_t l, uint64_t bits, double least)
{
    ph_line_t *line = &self->lines[l];
    bits &= ~line->reached;
    line->reached |= bits;
    for (uint32_t bit = 0; bits != 0; bit++, bits >>= 1) {
        if ((bits & 1) == 0)
            continue;
        const int chunk = (int)bit / PH_LINES_LANES;
        if ((line->have >> chunk & 1) == 0)
            ph_lines_evaluate(self, l, chunk, chunk + 1);
        line->have |= 1U << chunk;
        const ph_line_site_t site = {self->values[l * PH_LINES_LENGTH + bit], (uint32_t)l, bit};
        const int status = site.value >= least ? push(self, &site) : PH_OK;
        if (status != PH_OK)
            return status;
    }
    return PH_OK;
}

/* All sites beside one. `within`: they are on lines that there are. */
static int reach_beside(ph_well_lines_t *self, const ph_line_site_t *site, double least,
                        bool *within)
{
    int at[2], status = PH_OK;
    ph_lines_at(self, site->line, at);
    *within = site->bit > 0 && site->bit + 1 < PH_LINES_LENGTH;
    for (int k = 0; *within && status == PH_OK && k < 9; k++) {
        const int first = at[0] + k / 3 - 1, second = at[1] + k % 3 - 1;
        if ((first != 0 && self->plane[0] == 0) || (second != 0 && self->plane[1] == 0))
            continue;
        *within = abs(first) <= self->plane[0] && abs(second) <= self->plane[1];
        if (*within)
            status = reach(self, ph_lines_line(self, first, second), UINT64_C(7) << (site->bit - 1),
                           least);
    }
    return status;
}

/* Sites that were reached, times rows, are too many. */
static bool too_many(const ph_well_lines_t *self)
{
    double reached = 0.0;
    for (size_t l = 0; l < self->lines_count; l++)
        for (uint64_t bits = self->lines[l].reached; bits != 0; bits &= bits - 1)
            reached++;
    return reached * (double)self->rows > PH_WELL_TERMS;
}

static double sum_edge(const ph_well_lines_t *self, double level)
{
    double sum = 0.0;
    for (size_t l = 0; l < self->lines_count; l++)
        for (size_t bit = 0; self->lines[l].inside >> bit != 0; bit++) {
            const double value = self->values[l * PH_LINES_LENGTH + bit];
            if ((self->lines[l].inside >> bit & 1) != 0 && value < level)
                sum += exp(value - self->peak);
        }
    return sum;
}

static int descend(ph_well_lines_t *self, ph_well_filler_t *filler, bool *within)
{
    const size_t middle = ph_lines_line(self, 0, 0);
    bool end = false;
    for (size_t l = 0; l < self->lines_count; l++)
        self->lines[l] = (ph_line_t){.inside = 0};
    self->heap_count = self->evaluated = 0;
    filler->water = filler->out->peak = filler->reference;
    filler->inner = filler->out->barrier = INFINITY;
    int status = reach(self, middle, ONE << -PH_LINES_FIRST, -INFINITY);
    *within = true;
    while (status == PH_OK && self->heap_count > 0) {
        const ph_line_site_t site = pop(self);
        status = ph_well_pour(filler, site.value, &end);
        if (status != PH_OK || end)
            break;
        self->lines[site.line].inside |= ONE << site.bit;
        status = reach_beside(self, &site, filler->out->peak - PH_WELL_NEGLIGIBLE, within);
        if (!*within)
            break;
        /* four times what was reached, at most */
        if ((double)self->evaluated * (double)self->rows > PH_LINES_LANES * PH_WELL_TERMS)
            return PH_ERR_LIMIT;
    }
    return status == PH_OK && *within && too_many(self) ? PH_ERR_LIMIT : status;
}

int ph_well_lines_order(ph_well_lines_t *self, ph_well_filler_t *filler, ph_well_sums_t *odd,
                        bool *filled)
{
    *filled = ph_lines_set_axes(self);
    const int status = *filled ? descend(self, filler, filled) : PH_OK;
    if (status != PH_OK || !*filled)
        return status;
    self->peak = filler->out->peak;
    filler->edge = isfinite(filler->out->barrier) ? sum_edge(self, filler->water + 1.0) : 0.0;
    filler->reference = self->peak;
    ph_lines_sum(self, &filler->sums, odd);
    return PH_OK;
}
