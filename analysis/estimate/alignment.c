/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "analysis/estimate/alignment.h"

#include <math.h>

#include "sim/model/starts.h"

const char *ph_view_word(ph_view_t view)
{
    return view == PH_VIEW_RANKS ? "rank" : "pattern";
}

double ph_rank_tie(const ph_point_t *point)
{
    return 4.0 / sqrt((double)point->neurons);
}

/* Whether the start leaves the order, or the signs, of a pattern open. */
static bool free_order(const ph_point_t *point, size_t mu)
{
    return ph_start_symmetry(point, mu) != PH_SYMMETRY_FIXED;
}

static bool free_sign(const ph_point_t *point, size_t mu)
{
    return ph_start_symmetry(point, mu) == PH_SYMMETRY_FREE;
}

void ph_align(const ph_point_t *point, const double *m, const double *size, double tie,
              size_t *order, double *sign)
{
    const size_t patterns = (size_t)point->patterns;
    for (size_t j = 0; j < patterns; j++)
        order[j] = j;
    for (size_t i = 0; i < patterns; i++) {
        size_t best = i;
        for (size_t j = i + 1; j < patterns; j++) {
            const size_t a = order[i], b = order[j];
            const double *by = free_sign(point, b) ? size : m;
            if (free_order(point, a) && free_sign(point, a) == free_sign(point, b) &&
                free_order(point, b) && ph_point_alike(point, a, b) &&
                by[b] > by[order[best]] + tie)
                best = j;
        }
        const size_t kept = order[i];
        order[i] = order[best];
        order[best] = kept;
    }
    for (size_t j = 0; j < patterns; j++)
        sign[j] = free_sign(point, order[j]) && m[order[j]] < -tie ? -1.0 : 1.0;
}

void ph_alignment_of(ph_alignment_t *self, const ph_point_t *point, const double *m, double tie)
{
    double size[PH_MEANFIELD_PATTERNS_MAX];
    for (size_t mu = 0; mu < (size_t)point->patterns; mu++)
        size[mu] = fabs(m[mu]);
    ph_align(point, m, size, tie, self->order, self->sign);
}

void ph_alignment_turn(const ph_alignment_t *from, const ph_alignment_t *to, size_t patterns,
                       const double *m, double *out)
{
    for (size_t j = 0; j < patterns; j++)
        out[to->order[j]] = to->sign[j] * (from->sign[j] * m[from->order[j]]) + 0.0;
}
