/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Wells of any shape in descending order, by lines. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "analysis/exact/well_lines_private.h"
#include "base/report.h"

static const uint64_t ONE = 1;

static void swap(ph_line_site_t *a, ph_line_site_t *b)
{
    const ph_line_site_t kept = *a;
    *a = *b;
    *b = kept;
}

static int make_room(ph_well_lines_t *self)
{
    const size_t room = self->heap_room == 0 ? 4096 : 2 * self->heap_room;
    ph_line_site_t *grown = realloc(self->heap, room * sizeof(*grown));
    if (grown == NULL)
        return PH_ERR_MEMORY;
    self->heap = grown;
    self->heap_room = room;
    return PH_OK;
}

static void begin_waiting(ph_well_lines_t *self, double top)
{
    self->heap_count = self->left = 0;
    self->top = top;
    self->highest = PH_LINES_LEVELS;
    if (self->level != NULL)
        memset(self->level, 0, PH_LINES_LEVELS * sizeof(*self->level));
}

/* The site, which is the last of the array, to its level. */
static void link_site(ph_well_lines_t *self, ph_line_site_t *site)
{
    const double depth = fmax(self->top - site->value, 0.0) / PH_LINES_LEVEL;
    const size_t level = (size_t)fmin(depth, PH_LINES_LEVELS - 1);
    site->next = self->level[level];
    self->level[level] = (uint32_t)self->heap_count;
    self->highest = level < self->highest ? level : self->highest;
}

static int push(ph_well_lines_t *self, const ph_line_site_t *site)
{
    if (self->heap_count == self->heap_room && make_room(self) != PH_OK)
        return PH_ERR_MEMORY;
    size_t i = self->heap_count++;
    self->heap[i] = *site;
    self->left++;
    if (self->level != NULL) {
        link_site(self, &self->heap[i]);
        return PH_OK;
    }
    for (; i > 0 && self->heap[i].value > self->heap[(i - 1) / 2].value; i = (i - 1) / 2)
        swap(&self->heap[i], &self->heap[(i - 1) / 2]);
    return PH_OK;
}

static ph_line_site_t pop_heap(ph_well_lines_t *self)
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

/* The highest; there is one. */
static ph_line_site_t pop(ph_well_lines_t *self)
{
    self->left--;
    if (self->level == NULL)
        return pop_heap(self);
    while (self->level[self->highest] == 0)
        self->highest++;
    const ph_line_site_t top = self->heap[self->level[self->highest] - 1];
    self->level[self->highest] = top.next;
    return top;
}

/* Sites of a line by their bits: to wait, but those below the end of all wells. */
static int reach(ph_well_lines_t *self, size_t l, uint64_t bits, double least)
{
    ph_line_t *line = &self->lines[l];
    if (!ph_lines_touch(self, l))
        return PH_ERR_MEMORY;
    bits &= ~self->reached[l];
    self->reached[l] |= bits;
    for (; bits != 0; bits &= bits - 1) {
        const uint32_t bit = (uint32_t)__builtin_ctzll(bits);
        const int chunk = (int)bit / PH_LINES_LANES;
        if ((line->have >> chunk & 1) == 0)
            ph_lines_evaluate(self, l, chunk, chunk + 1);
        line->have |= 1U << chunk;
        const ph_line_site_t site = {ph_lines_values(self, l)[bit], (uint32_t)l, bit, 0};
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
    const int out[2] = {self->plane[0] > 0, self->plane[1] > 0}, side = 2 * self->plane[1] + 1;
    const uint64_t bits = UINT64_C(7) << site->bit >> 1;
    const int16_t *at = self->lines[site->line].at;
    int status = PH_OK;
    *within = site->bit > 0 && site->bit + 1 < PH_LINES_LENGTH &&
              abs(at[0]) + out[0] <= self->plane[0] && abs(at[1]) + out[1] <= self->plane[1];
    for (int first = -out[0]; *within && first <= out[0]; first++)
        for (int second = -out[1]; second <= out[1] && status == PH_OK; second++) {
            const size_t l = (size_t)((int)site->line + first * side + second);
            if ((bits & ~self->reached[l]) != 0)
                status = reach(self, l, bits, least);
        }
    return status;
}

/* Sites that were reached, times rows, are too many. */
static bool too_many(const ph_well_lines_t *self)
{
    double reached = 0.0;
    for (size_t k = 0; k < self->touched_count; k++)
        reached += __builtin_popcountll(self->reached[self->touched[k]]);
    return reached * (double)self->filler->rows->count > PH_WELL_TERMS;
}

static double sum_edge(const ph_well_lines_t *self, double level)
{
    double sum = 0.0;
    for (size_t k = 0; k < self->touched_count; k++) {
        const size_t l = self->touched[k];
        for (uint64_t bits = self->lines[l].inside; bits != 0; bits &= bits - 1) {
            const double value = ph_lines_values(self, l)[__builtin_ctzll(bits)];
            sum += value < level ? exp(value - self->peak) : 0.0;
        }
    }
    return sum;
}

static int descend(ph_well_lines_t *self, ph_well_filler_t *filler, bool *within)
{
    const size_t middle = ph_lines_line(self, 0, 0);
    bool end = false;
    self->evaluated = 0;
    begin_waiting(self, filler->reference);
    filler->water = filler->out->peak = filler->reference;
    filler->inner = filler->out->barrier = INFINITY;
    int status = reach(self, middle, ONE << -PH_LINES_FIRST, -INFINITY);
    *within = true;
    while (status == PH_OK && self->left > 0) {
        const ph_line_site_t site = pop(self);
        status = ph_well_pour(filler, site.value, &end);
        if (status != PH_OK || end)
            break;
        self->lines[site.line].inside |= ONE << site.bit;
        status = reach_beside(self, &site, filler->out->peak - filler->negligible, within);
        if (!*within)
            break;
        /* four times what was reached, at most */
        if ((double)self->evaluated * (double)filler->rows->count > PH_LINES_LANES * PH_WELL_TERMS)
            return PH_ERR_LIMIT;
    }
    return status == PH_OK && *within && too_many(self) ? PH_ERR_LIMIT : status;
}

int ph_well_lines_order(ph_well_lines_t *self, ph_well_filler_t *filler, bool again,
                        ph_well_sums_t *odd, bool *filled)
{
    if (!again)
        self->sound = ph_lines_set_axes(self);
    *filled = self->sound;
    ph_lines_clear(self, again && self->sound);
    const int status = *filled ? descend(self, filler, filled) : PH_OK;
    if (status != PH_OK || !*filled)
        return status;
    self->peak = filler->out->peak;
    filler->edge = isfinite(filler->out->barrier) ? sum_edge(self, filler->water + 1.0) : 0.0;
    filler->reference = self->peak;
    if (!filler->rows->whole)
        ph_lines_sum(self, &filler->sums, odd);
    return PH_OK;
}
