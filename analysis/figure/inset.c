/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "analysis/figure/inset.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/number.h"
#include "base/status.h"

/* Shares of a panel: how wide and high an inset is with its tics, where there is room and at least,
 * and how far from the edges. */
static const double MOST = 0.46, LEAST = 0.3, LESS = 0.02, GAP = 0.02;

/* How much of its own width and height is left between its tics and edges, about. */
static const double INNER = 0.78;

static bool is_left(ph_inset_corner_t corner)
{
    return corner == PH_INSET_TOP_LEFT || corner == PH_INSET_BOTTOM_LEFT;
}

static bool is_top(ph_inset_corner_t corner)
{
    return corner == PH_INSET_TOP_RIGHT || corner == PH_INSET_TOP_LEFT;
}

bool ph_inset_is(const ph_inset_t *self)
{
    return self->part != NULL && self->part->on;
}

void ph_inset_see(ph_inset_t *self, const double a[2], const double b[2])
{
    if (!ph_inset_is(self) || self->failed)
        return;
    if (self->count == self->capacity) {
        const size_t capacity = self->capacity == 0 ? 256 : 2 * self->capacity;
        double(*grown)[4] = realloc(self->lines, capacity * sizeof(*grown));
        self->failed = grown == NULL;
        if (self->failed)
            return;
        self->lines = grown;
        self->capacity = capacity;
    }
    double *line = self->lines[self->count++];
    memcpy(line, a, 2 * sizeof(*line));
    memcpy(line + 2, b, 2 * sizeof(*line));
}

/* Where a value is along a panel, from 0 to 1. */
static double share_of(const ph_inset_span_t *span, double value)
{
    return span->logarithmic ? log(value / span->low) / log(span->high / span->low)
                             : (value - span->low) / (span->high - span->low);
}

/* Where it begins across and upwards in a corner. */
static double begin_of(const ph_inset_t *self, ph_inset_corner_t corner, size_t k)
{
    return (k == 0 ? is_left(corner) : !is_top(corner)) ? GAP : 1.0 - GAP - self->share;
}

static bool covers(const ph_inset_t *self, ph_inset_corner_t corner, double x, double y)
{
    const double left = begin_of(self, corner, 0), below = begin_of(self, corner, 1);
    return x >= left && x <= left + self->share && y >= below && y <= below + self->share;
}

/* How much of a line it covers in this corner. */
static double covered_of(const ph_inset_t *self, ph_inset_corner_t corner, const double *line)
{
    enum { STEPS = 50 };
    double from[2], to[2], covered = 0.0;
    for (size_t k = 0; k < 2; k++) {
        from[k] = share_of(&self->spans[k], line[k]);
        to[k] = share_of(&self->spans[k], line[2 + k]);
    }
    const double x = to[0] - from[0], y = to[1] - from[1], point = 0.02;
    const size_t steps = (size_t)fmin(STEPS, 1.0 + ceil(hypot(x, y) * STEPS));
    for (size_t n = 0; n < steps; n++) {
        const double share = ((double)n + 0.5) / (double)steps;
        if (covers(self, corner, from[0] + share * x, from[1] + share * y))
            covered += fmax(hypot(x, y), point) / (double)steps;
    }
    return covered;
}

/* Whether the part that is enlarged reaches under it. */
static bool hides_part(const ph_inset_t *self, ph_inset_corner_t corner)
{
    for (size_t k = 0; k < 2; k++) {
        const double begin = begin_of(self, corner, k);
        if (share_of(&self->spans[k], self->part->high[k]) < begin ||
            share_of(&self->spans[k], self->part->low[k]) > begin + self->share)
            return false;
    }
    return true;
}

int ph_inset_check(const ph_inset_part_t *part, size_t k, const ph_inset_span_t *span,
                   ph_report_t *report)
{
    static const double ROUNDED = 1e-9, NARROWEST = 1e-6; /* of the panel; gnuplot draws these */
    const double low = part->low[k], high = part->high[k];
    const double room = ROUNDED * (span->high - span->low);
    if (!part->on)
        return PH_OK;
    if (span->words)
        return ph_fail(report, PH_ERR_INPUT,
                       "%s enlarges a part between numbers; along %s there are words",
                       ph_inset_origin(part), span->name);
    if (!(low >= span->low - room && high <= span->high + room) ||
        (span->logarithmic && !(low > 0.0)))
        return ph_fail(report, PH_ERR_INPUT,
                       "%s: along %s %g to %g was asked for, expected a part of the %g to %g that "
                       "are drawn",
                       ph_inset_origin(part), span->name, low, high, span->low, span->high);
    if (share_of(span, high) - share_of(span, low) < NARROWEST)
        return ph_fail(report, PH_ERR_INPUT,
                       "%s: along %s %.15g to %.15g is too narrow, expected a millionth or more of "
                       "the %g to %g that are drawn",
                       ph_inset_origin(part), span->name, low, high, span->low, span->high);
    return PH_OK;
}

/* The corner that was named, or where it covers least, and nothing of its part; PH_INSET_BEST:
 * nowhere. */
static ph_inset_corner_t find_corner(const ph_inset_t *self)
{
    const ph_inset_corner_t named = self->part->corner;
    ph_inset_corner_t best = PH_INSET_BEST;
    double least = INFINITY;
    for (int c = 0; c < PH_INSET_BEST; c++) {
        const ph_inset_corner_t corner = (ph_inset_corner_t)c;
        double covered = 0.0;
        if (hides_part(self, corner) || (named != PH_INSET_BEST && named != corner))
            continue;
        for (size_t i = 0; i < self->count; i++)
            covered += covered_of(self, corner, self->lines[i]);
        if (covered < least) {
            least = covered;
            best = corner;
        }
    }
    return best;
}

int ph_inset_settle(ph_inset_t *self, const ph_inset_span_t spans[2], ph_report_t *report)
{
    if (!ph_inset_is(self))
        return PH_OK;
    if (self->failed)
        return ph_fail(report, PH_ERR_MEMORY, "no memory for the inset of a figure");
    memcpy(self->spans, spans, sizeof(self->spans));
    int status = ph_inset_check(self->part, 0, &self->spans[0], report);
    if (status == PH_OK)
        status = ph_inset_check(self->part, 1, &self->spans[1], report);
    if (status != PH_OK)
        return status;
    for (self->share = MOST; self->share > LEAST - LESS / 2.0; self->share -= LESS) {
        self->corner = find_corner(self);
        if (self->corner != PH_INSET_BEST)
            return PH_OK;
    }
    if (self->part->corner == PH_INSET_BEST)
        return ph_fail(report, PH_ERR_INPUT,
                       "%s: in every corner it would lie upon the part that it enlarges; expected "
                       "a smaller part",
                       ph_inset_origin(self->part));
    return ph_fail(report, PH_ERR_INPUT,
                   "%s: at %s it would lie upon the part that it enlarges; name another corner, "
                   "or none",
                   ph_inset_origin(self->part), PH_INSET_CORNERS[self->part->corner]);
}

void ph_inset_frame(const ph_inset_t *self, ph_inset_see_t *see, void *context)
{
    for (size_t side = 0; ph_inset_is(self) && side < 4; side++) {
        const double *low = self->part->low, *high = self->part->high;
        const size_t across = side % 2; /* to the side: 0: it is upright */
        double a[] = {low[0], low[1]}, b[] = {high[0], high[1]};
        if (side >= 2)
            a[across] = high[across];
        b[across] = a[across];
        see(context, a, b);
    }
}

bool ph_inset_covers(const ph_inset_t *self, double x, double y)
{
    return ph_inset_is(self) && covers(self, self->corner, x, y);
}

double ph_inset_inner(const ph_inset_t *self)
{
    return self->share * INNER;
}

/* 1, 2 or 5 times a power of ten, this one or the next larger one. */
static double step_of(double least)
{
    const double unit = pow(10.0, floor(log10(least)));
    return least > 5.0 * unit   ? 10.0 * unit
           : least > 2.0 * unit ? 5.0 * unit
           : least > unit       ? 2.0 * unit
                                : unit;
}

/* Values along x or y that have tics: inset_LETTER_at[]; returns how long the longest is as text.
 * How long that of the last is, and which share of the inset is beyond it: inset_LETTER_letters and
 * _free. Powers of ten where there are two or more of them on a logarithmic axis. */
static int write_tics(const ph_inset_t *self, size_t k, FILE *script)
{
    const double low = self->part->low[k], high = self->part->high[k], rounded = 1e-9;
    static const double TICS[] = {3.0, 4.0}; /* about so many have room */
    const bool decades = self->spans[k].logarithmic && high / low >= 100.0;
    const double begin = decades ? log10(low) : low, end = decades ? log10(high) : high;
    const double step =
        decades ? fmax(1.0, ceil((end - begin) / 4.0)) : step_of((high - low) / TICS[k]);
    const double first = ceil(begin / step - rounded), last = floor(end / step + rounded);
    const char letter = "xy"[k];
    const ph_inset_span_t shown = {NULL, low, high, self->spans[k].logarithmic, false};
    int longest = 0, length = 0;
    double beyond = 0.0;
    fprintf(script, "inset_%c_tics = %d\narray inset_%c_at[%d]\n", letter, (int)(last - first) + 1,
            letter, (int)(last - first) + 2);
    for (double n = first; n <= last; n += 1.0) {
        const double value = ph_round12(decades ? pow(10.0, n * step) : n * step);
        length = snprintf(NULL, 0, "%g", value);
        fprintf(script, "inset_%c_at[%d] = %.15g\n", letter, (int)(n - first) + 1, value);
        beyond = 1.0 - share_of(&shown, value);
        longest = length > longest ? length : longest;
    }
    fprintf(script, "inset_%c_letters = %d\ninset_%c_free = %.4g\n", letter, length, letter,
            beyond);
    return longest;
}

void ph_inset_script(const ph_inset_t *self, FILE *script)
{
    fprintf(script, "inset = %d\n", ph_inset_is(self));
    if (!ph_inset_is(self))
        return;
    for (size_t k = 0; k < 2; k++)
        fprintf(script, "inset_%c_min = %.15g\ninset_%c_max = %.15g\n", "xy"[k],
                self -> part -> low[k], "xy"[k], self -> part -> high[k]);
    write_tics(self, 0, script);
    fprintf(script, "inset_letters = %d\n", write_tics(self, 1, script));
    fprintf(script, "inset_share = %g\ninset_left = %g\ninset_below = %g\n", self->share,
            begin_of(self, self->corner, 0), begin_of(self, self->corner, 1));
}

void ph_inset_free(ph_inset_t *self)
{
    free(self->lines);
    self->lines = NULL;
    self->count = self->capacity = 0;
}
