/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Wells filled line by line. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "analysis/exact/lattice_private.h"
#include "analysis/exact/well_lines_private.h"
#include "base/report.h"

/* Of a Gaussian well of three axes 14 000 sites are evaluated: of twice as many, it is another. */
enum { AXES = PH_WELL_AXES, ROWS_MAX = 4096, FIRST_ROOM = 512, EVALUATED_MAX = 28000 };
static const double EXPONENT_MAX = 600.0; /* of a factor of e, from the centre */

static const ph_line_t UNTOUCHED = {.need_from = 1, .lowest = 1};

static double *take(double **room, size_t count)
{
    double *taken = *room;
    *room += count;
    return taken;
}

/* Whether a row has no field and nothing of a pattern: a constant. */
static bool is_constant(const ph_well_filler_t *filler, size_t row)
{
    const ph_exact_rows_t *rows = filler->rows;
    bool constant = true;
    for (size_t a = 0; a < filler->lattice->dimensions; a++)
        constant = constant && rows->phi[row * rows->features + filler->lattice->from[a]] == 0.0;
    for (size_t mu = 0; mu < rows->patterns; mu++)
        constant = constant && rows->xi[row * rows->patterns + mu] == 0.0;
    return constant;
}

/* Row i of the network as one of the lines. Whether its pattern entries are its features. */
static bool set_row(ph_well_lines_t *self, size_t i)
{
    const ph_well_filler_t *filler = self->filler;
    const ph_exact_rows_t *rows = filler->rows;
    const double *features = rows->phi + i * rows->features;
    const size_t d = self->dimensions, to = self->rows++;
    bool same = rows->patterns <= d;
    double h = 0.0;
    for (size_t a = 0; a < d; a++)
        h += filler->scaled[a] * features[filler->lattice->from[a]] * filler->lattice->centre[a];
    const double sign = h < 0.0 ? -1.0 : 1.0;
    self->share[to] = rows->share[i];
    self->loose[to] = 4.0 * rows->share[i] / rows->neurons;
    self->start[to] = exp(-2.0 * fabs(h));
    for (size_t a = 0; a < d; a++) {
        const double entry = features[filler->lattice->from[a]];
        self->phi[to * AXES + a] = sign * entry;
        self->square[to] += filler->scaled[a] * rows->noise * entry * entry / rows->neurons;
    }
    for (size_t a = 0, k = 0; a < AXES; a++)
        for (size_t b = a; b < AXES; b++, k++)
            self->pair[to * PH_WELL_PAIRS + k] =
                self->phi[to * AXES + a] * self->phi[to * AXES + b];
    for (size_t mu = 0; mu < rows->patterns; mu++) {
        self->xi[to * AXES + mu] = sign * rows->xi[i * rows->patterns + mu];
        same = same && self->xi[to * AXES + mu] == self->phi[to * AXES + mu];
    }
    self->constant += rows->share[i] * fabs(h);
    return same;
}

static void set_rows(ph_well_lines_t *self)
{
    const ph_exact_rows_t *rows = self->filler->rows;
    bool same = true;
    self->rows = 0;
    for (size_t i = 0; i < rows->count; i++)
        if (is_constant(self->filler, i))
            self->constant += rows->share[i] * log(2.0);
        else
            same = set_row(self, i) && same;
    self->patterns = same ? 0 : rows->patterns;
}

/* PH_ERR_MEMORY. */
static int allocate(ph_well_lines_t *self)
{
    const size_t per_row = 2 * AXES + PH_WELL_PAIRS + 5;
    for (size_t i = 0; i + 1 < self->dimensions; i++)
        self->plane[i] = i == 0 ? PH_LINES_REACH : PH_LINES_REACH_NEXT;
    const size_t side = (size_t)(2 * self->plane[0] + 1), next = (size_t)(2 * self->plane[1] + 1);
    self->lines_count = side * next;
    self->phi = calloc(self->rows * per_row, sizeof(*self->phi));
    self->lines = malloc(self->lines_count * sizeof(*self->lines));
    self->known = calloc(self->lines_count / 64 + 1, sizeof(*self->known));
    self->reached = calloc(self->lines_count, sizeof(*self->reached));
    self->waiting = malloc(2 * self->lines_count * sizeof(*self->waiting));
    if (self->filler->rows->tolerance > 0.0)
        self->level = malloc(PH_LINES_LEVELS * sizeof(*self->level));
    self->power[0] = malloc(self->rows * (side + next + PH_LINES_LENGTH) * sizeof(double));
    if (self->phi == NULL || self->lines == NULL || self->known == NULL || self->reached == NULL ||
        self->waiting == NULL || self->power[0] == NULL ||
        (self->filler->rows->tolerance > 0.0 && self->level == NULL))
        return PH_ERR_MEMORY;
    self->touched = self->waiting + self->lines_count;
    double *room = self->phi + self->rows * AXES;
    self->xi = take(&room, self->rows * AXES);
    self->pair = take(&room, self->rows * PH_WELL_PAIRS);
    self->share = take(&room, self->rows);
    self->loose = take(&room, self->rows);
    self->square = take(&room, self->rows);
    self->start = take(&room, self->rows);
    self->here = take(&room, self->rows);
    self->power[1] = self->power[0] + self->rows * side;
    self->along = self->power[1] + self->rows * next;
    return PH_OK;
}

int ph_well_lines_init(ph_well_lines_t **self, const ph_well_filler_t *filler)
{
    const ph_exact_rows_t *rows = filler->rows;
    *self = NULL;
    if (!rows->first_two || rows->patterns > AXES || rows->count > ROWS_MAX)
        return PH_OK;
    ph_well_lines_t *made = calloc(1, sizeof(*made));
    if (made == NULL)
        return PH_ERR_MEMORY;
    *self = made;
    made->filler = filler;
    made->rows = rows->count;
    made->dimensions = filler->lattice->dimensions;
    const int status = allocate(made);
    if (status == PH_OK)
        set_rows(made);
    return status;
}

void ph_well_lines_free(ph_well_lines_t *self)
{
    if (self == NULL)
        return;
    free(self->phi);
    free(self->power[0]);
    free(self->lines);
    free(self->known);
    free(self->reached);
    free(self->waiting);
    free(self->values);
    free(self->heap);
    free(self->level);
    free(self);
}

/* Factors of e along an axis of the lattice by which a row's field changes by `step` a place; from
 * one place to the next `stride` apart. */
static void fill_powers(double step, int first, size_t count, size_t stride, double *powers)
{
    enum { TOGETHER = 16 };
    double next[TOGETHER];
    for (int k = 0; k < TOGETHER; k++) /* that of a power of two, times that of the rest */
        next[k] = (k & (k - 1)) == 0 ? exp(-2.0 * step * k) : next[k & (k - 1)] * next[k & -k];
    for (size_t k = 0; k < count; k += TOGETHER) {
        const double here = exp(-2.0 * step * (double)(first + (int)k));
        for (size_t i = 0; i < TOGETHER && k + i < count; i++)
            powers[(k + i) * stride] = here * next[i];
    }
}

/* Wells reach farthest along the last axis of the lattice, the stiffest, in units of its width
 * there: it is the first here, and lines go along the lattice's first. */
static size_t place_of(size_t axis, size_t dimensions)
{
    return axis == 0 ? AXES - 1 : axis + 1 == dimensions ? 0 : 1;
}

bool ph_lines_set_axes(ph_well_lines_t *self)
{
    const ph_exact_lattice_t *lattice = self->filler->lattice;
    const size_t d = self->dimensions;
    bool within = true;
    memset(self->axis, 0, sizeof(self->axis));
    memset(self->slope, 0, sizeof(self->slope));
    for (size_t a = 0; a < d; a++) {
        self->centre[a] = lattice->centre[a];
        self->scaled[a] = self->filler->scaled[a];
        for (size_t b = 0; b < d; b++)
            self->axis[place_of(b, d)][a] = lattice->axis[b][a];
    }
    for (size_t i = 0; i < self->rows; i++) {
        double step[AXES] = {0.0}, most = 0.0;
        for (size_t b = 0; b < AXES; b++) {
            for (size_t a = 0; a < d; a++)
                step[b] += self->scaled[a] * self->phi[i * AXES + a] * self->axis[b][a];
            self->slope[b] += self->share[i] * step[b];
            most += 2.0 * fabs(step[b]) * (b == 0 ? PH_LINES_REACH : -PH_LINES_FIRST);
        }
        within = within && most < EXPONENT_MAX;
        for (size_t b = 0; b < 2; b++)
            fill_powers(step[b], -self->plane[b], (size_t)(2 * self->plane[b] + 1), self->rows,
                        self->power[b] + i);
        fill_powers(step[2], PH_LINES_FIRST, PH_LINES_LENGTH, 1, self->along + i * PH_LINES_LENGTH);
    }
    return within;
}

static bool make_room(ph_well_lines_t *self)
{
    const size_t room = self->values_room == 0 ? FIRST_ROOM : 2 * self->values_room;
    double *grown = realloc(self->values, room * PH_LINES_LENGTH * sizeof(*grown));
    if (grown == NULL)
        return false;
    self->values = grown;
    self->values_room = room;
    return true;
}

bool ph_lines_touch(ph_well_lines_t *self, size_t line)
{
    if (ph_lines_known(self, line))
        return true;
    if (self->touched_count == self->values_room && !make_room(self))
        return false;
    self->known[line / 64] |= UINT64_C(1) << line % 64;
    self->lines[line] = UNTOUCHED;
    self->lines[line].values = (uint32_t)self->touched_count;
    self->touched[self->touched_count++] = (uint32_t)line;
    const int side = 2 * self->plane[1] + 1;
    self->lines[line].at[0] = (int16_t)((int)line / side - self->plane[0]);
    self->lines[line].at[1] = (int16_t)((int)line % side - self->plane[1]);
    return true;
}

void ph_lines_clear(ph_well_lines_t *self, bool again)
{
    for (size_t k = 0; k < self->touched_count; k++) {
        const size_t l = self->touched[k];
        ph_line_t *line = &self->lines[l];
        ph_line_t cleared = UNTOUCHED;
        cleared.have = (UINT32_C(1) << line->to) - (UINT32_C(1) << line->from);
        memcpy(cleared.at, line->at, sizeof(cleared.at));
        cleared.values = line->values;
        *line = cleared;
        self->reached[l] = 0;
        if (!again)
            self->known[l / 64] &= ~(UINT64_C(1) << l % 64);
    }
    self->touched_count = again ? self->touched_count : 0;
}

size_t ph_lines_line(const ph_well_lines_t *self, int first, int second)
{
    return (size_t)((first + self->plane[0]) * (2 * self->plane[1] + 1) + second + self->plane[1]);
}

static double *value_at(const ph_well_lines_t *self, size_t line, int place)
{
    return ph_lines_values(self, line) + (place - PH_LINES_FIRST);
}

static int chunk_of(int place)
{
    return (place - PH_LINES_FIRST) / PH_LINES_LANES;
}

/* More chunks at either end of a line, while places that need a value have none, or the last that
 * has one is in the well. False where the line is too short for that. */
static bool extend(ph_well_lines_t *self, size_t l)
{
    ph_line_t *line = &self->lines[l];
    int from = line->from, to = line->to;
    if (from == to)
        from = to = chunk_of(line->need_from);
    for (;;) {
        const double least = self->peak - self->filler->negligible;
        const int first = PH_LINES_FIRST + PH_LINES_LANES * from;
        const int next = PH_LINES_FIRST + PH_LINES_LANES * to;
        const bool below =
            line->need_from < first || (from < to && *value_at(self, l, first) >= least);
        const bool above =
            line->need_to >= next || (from < to && *value_at(self, l, next - 1) >= least);
        if (!below && !above)
            break;
        if ((below && from == 0) || (!below && to == PH_LINES_CHUNKS))
            return false;
        const int chunk = below ? --from : to++;
        ph_lines_evaluate(self, l, chunk, chunk + 1);
        for (int k = 0; k < PH_LINES_LANES; k++)
            self->peak =
                fmax(self->peak, *value_at(self, l, PH_LINES_FIRST + PH_LINES_LANES * chunk + k));
    }
    line->from = (int16_t)from;
    line->to = (int16_t)to;
    return true;
}

/* Places of a line from the first in the well to the last. */
static void measure(ph_well_lines_t *self, size_t l)
{
    ph_line_t *line = &self->lines[l];
    const double least = self->peak - self->filler->negligible;
    int first = PH_LINES_FIRST + PH_LINES_LANES * line->from;
    int last = PH_LINES_FIRST + PH_LINES_LANES * line->to - 1;
    while (first <= last && !(*value_at(self, l, first) >= least))
        first++;
    while (first <= last && !(*value_at(self, l, last) >= least))
        last--;
    line->lowest = (int16_t)first;
    line->highest = (int16_t)last;
}

static bool ask(ph_well_lines_t *self, size_t l, int from, int to)
{
    ph_line_t *line = &self->lines[l];
    if (!ph_lines_touch(self, l))
        return false;
    if (line->need_from > line->need_to) {
        line->need_from = (int16_t)from;
        line->need_to = (int16_t)to;
    } else if (from >= line->need_from && to <= line->need_to) {
        return true;
    }
    line->need_from = (int16_t)fmin(line->need_from, from);
    line->need_to = (int16_t)fmax(line->need_to, to);
    if (!line->waits)
        self->waiting[self->waiting_count++] = (uint32_t)l;
    line->waits = true;
    return true;
}

/* All lines beside one, which need values beside its places in the well. False at the end of all.
 */
static bool ask_beside(ph_well_lines_t *self, size_t l)
{
    const ph_line_t *line = &self->lines[l];
    const int16_t *at = line->at;
    if (line->highest < line->lowest)
        return true;
    for (int k = 0; k < 9; k++) {
        const int first = k / 3 - 1, second = k % 3 - 1;
        if ((first != 0 && self->plane[0] == 0) || (second != 0 && self->plane[1] == 0))
            continue;
        if (abs(at[0] + first) > self->plane[0] || abs(at[1] + second) > self->plane[1])
            return false;
        if (!ask(self, ph_lines_line(self, at[0] + first, at[1] + second), line->lowest - 1,
                 line->highest + 1))
            return false;
    }
    return true;
}

/* All that is connected with the centre. False where it is too large. */
static bool flood(ph_well_lines_t *self)
{
    ph_lines_clear(self, false);
    self->waiting_count = self->evaluated = 0;
    self->peak = self->filler->reference;
    if (!ask(self, ph_lines_line(self, 0, 0), 0, 0))
        return false;
    while (self->waiting_count > 0) {
        const size_t l = self->waiting[--self->waiting_count];
        self->lines[l].waits = false;
        if (self->evaluated > EVALUATED_MAX || !extend(self, l))
            return false;
        measure(self, l);
        if (!ask_beside(self, l))
            return false;
    }
    return true;
}

/* Whether a place beside this one is higher. */
static bool may_climb(const ph_well_lines_t *self, size_t l, int place)
{
    const double value = *value_at(self, l, place);
    const int16_t *at = self->lines[l].at;
    for (int k = 0; k < 27; k++) {
        const int first = k / 9 - 1, second = k / 3 % 3 - 1, third = k % 3 - 1;
        if ((first != 0 && self->plane[0] == 0) || (second != 0 && self->plane[1] == 0))
            continue;
        if (*value_at(self, ph_lines_line(self, at[0] + first, at[1] + second), place + third) >
            value)
            return true;
    }
    return false;
}

static uint64_t bits_of(int lowest, int highest)
{
    const int count = highest + 1 - lowest;
    return count > 0 ? UINT64_MAX >> (64 - count) << (lowest - PH_LINES_FIRST) : 0;
}

/* Whether there is one maximum, from which all of the well goes down: then it is the same in
 * whatever order it is filled. */
static bool has_one_top(ph_well_lines_t *self)
{
    size_t tops = 0;
    for (size_t k = 0; k < self->touched_count && tops <= 1; k++) {
        const size_t l = self->touched[k];
        const ph_line_t *line = &self->lines[l];
        if (line->from == line->to)
            continue;
        measure(self, l);
        self->lines[l].inside = bits_of(line->lowest, line->highest);
        for (int j = line->lowest; j <= line->highest; j++) {
            const double *value = value_at(self, l, j);
            if (!(*value >= self->peak - self->filler->negligible))
                return false;
            if (value[1] <= value[0] && value[-1] <= value[0])
                tops += !may_climb(self, l, j);
        }
    }
    return tops == 1;
}

/* Sites in the well and beside it, as filling in descending order reaches them. */
static double reached(const ph_well_lines_t *self)
{
    double sites = 0.0;
    for (size_t k = 0; k < self->touched_count; k++) {
        const ph_line_t *line = &self->lines[self->touched[k]];
        sites += line->need_to >= line->need_from ? line->need_to - line->need_from + 1 : 0;
    }
    return sites;
}

int ph_well_lines_fill(ph_well_lines_t *self, ph_well_filler_t *filler, ph_well_sums_t *odd,
                       bool *filled)
{
    self->sound = ph_lines_set_axes(self);
    *filled = self->sound && flood(self) && self->peak - filler->reference <= PH_WELL_RISE &&
              has_one_top(self);
    if (!*filled)
        return PH_OK;
    if (reached(self) * (double)filler->rows->count > PH_WELL_TERMS)
        return PH_ERR_LIMIT;
    filler->out->peak = self->peak;
    filler->out->barrier = filler->inner = INFINITY;
    filler->edge = 0.0;
    filler->reference = self->peak;
    if (!filler->rows->whole)
        ph_lines_sum(self, &filler->sums, odd);
    return PH_OK;
}

/* The lines between the first and the last that have places in the well, along both axes. Their
 * count. */
static size_t find_box(const ph_well_lines_t *self, ph_exact_lattice_t *lattice)
{
    for (int b = 0; b < 2; b++) {
        lattice->low[b] = INT32_MAX;
        lattice->high[b] = INT32_MIN;
    }
    for (size_t k = 0; k < self->touched_count; k++) {
        const ph_line_t *line = &self->lines[self->touched[k]];
        const int16_t *at = line->at;
        if (line->inside == 0)
            continue;
        for (int b = 0; b < 2; b++) {
            lattice->low[b] = at[b] < lattice->low[b] ? at[b] : lattice->low[b];
            lattice->high[b] = at[b] > lattice->high[b] ? at[b] : lattice->high[b];
        }
    }
    return (size_t)(lattice->high[0] - lattice->low[0] + 1) *
           (size_t)(lattice->high[1] - lattice->low[1] + 1);
}

static struct ph_exact_line *line_of(const ph_exact_lattice_t *lattice, const int *at)
{
    for (int b = 0; b < 2; b++)
        if (at[b] < lattice->low[b] || at[b] > lattice->high[b])
            return NULL;
    return &lattice->lines[(at[0] - lattice->low[0]) * (lattice->high[1] - lattice->low[1] + 1) +
                           at[1] - lattice->low[1]];
}

int ph_well_lines_keep(const ph_well_lines_t *self, ph_exact_lattice_t *lattice)
{
    size_t count = 0;
    for (size_t k = 0; k < self->touched_count; k++)
        count += self->lines[self->touched[k]].inside != 0 ? PH_LINES_LENGTH : 0;
    lattice->lines = calloc(find_box(self, lattice), sizeof(*lattice->lines));
    lattice->values = malloc(count * sizeof(*lattice->values));
    if (lattice->lines == NULL || lattice->values == NULL)
        return PH_ERR_MEMORY;
    count = 0;
    for (size_t k = 0; k < self->touched_count; k++) {
        const size_t l = self->touched[k];
        uint64_t inside = self->lines[l].inside;
        const int at[2] = {self->lines[l].at[0], self->lines[l].at[1]};
        if (inside == 0)
            continue;
        int first = 0, length = 0;
        for (; (inside & 1) == 0; inside >>= 1)
            first++;
        for (; inside != 0; inside >>= 1, length++)
            lattice->values[count + (size_t)length] =
                (inside & 1) != 0 ? ph_lines_values(self, l)[first + length] : (double)-INFINITY;
        *line_of(lattice, at) = (struct ph_exact_line){PH_LINES_FIRST + first, length, count};
        count += (size_t)length;
    }
    return PH_OK;
}

double ph_well_lines_value(const ph_exact_lattice_t *lattice, const int32_t *at)
{
    const size_t d = lattice->dimensions;
    int place[AXES] = {0};
    for (size_t b = 0; b < d; b++)
        place[place_of(b, d)] = at[b];
    const struct ph_exact_line *found = line_of(lattice, place);
    if (found == NULL)
        return -INFINITY;
    const int32_t along = place[2] - found->first;
    return along >= 0 && along < found->count ? lattice->values[found->values + (size_t)along]
                                              : -INFINITY;
}
