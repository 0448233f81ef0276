/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What is computed along lines of a well: densities, and sums of them. */
#include <math.h>
#include <string.h>

#include "analysis/exact/well_lines_private.h"
#include "analysis/meanfield/spin_vector.h"

enum { AXES = PH_WELL_AXES, PAIRS = PH_WELL_PAIRS };

typedef uint64_t bits4_t __attribute__((vector_size(32), aligned(8), may_alias));

/* Of the series of the logarithm: all, which is to rounding, and to 2 10^-11. */
enum { TERMS_ALL = 9, TERMS_ROUGH = 5 };

/** log y for y >= 1 by so many terms, all of them to an absolute 2^-53 or one unit in the last
 * place: y is 2^k (1 + s)/(1 - s) with |s| < 0.172. */
PH_SPIN_INLINE void log_four(const ph_real4_t *y, int terms, ph_real4_t *out)
{
    static const double TERMS[TERMS_ALL] = {1.0 / 3,  1.0 / 5,  1.0 / 7,  1.0 / 9, 1.0 / 11,
                                            1.0 / 13, 1.0 / 15, 1.0 / 17, 1.0 / 19};
    static const uint64_t HALF_ROOT = 0x3fe6a09e667f3bcd, MAGIC = 0x4330000000000000;
    const bits4_t bits = (bits4_t)*y, power = (bits - HALF_ROOT) >> 52;
    const ph_real4_t k = (ph_real4_t)(power | MAGIC) - 0x1p52;
    const ph_real4_t rest = (ph_real4_t)(bits - (power << 52));
    const ph_real4_t s = (rest - 1.0) / (rest + 1.0), square = s * s;
    ph_real4_t sum = (ph_real4_t){0} + TERMS[terms - 1];
    for (int i = terms - 2; i >= 0; i--)
        sum = sum * square + TERMS[i];
    *out = k * 0x1.62e42fefa39efp-1 + (2.0 * s + 2.0 * s * square * sum);
}

/* e of every row at place 0 of a line, and how far x is from the centre there. */
PH_SPIN_INLINE void go_to(ph_well_lines_t *self, size_t line, double *off)
{
    const int16_t *at = self->lines[line].at;
    const double *first = self->power[0] + (size_t)(at[0] + self->plane[0]) * self->rows;
    const double *second = self->power[1] + (size_t)(at[1] + self->plane[1]) * self->rows;
    for (size_t i = 0; i < self->rows; i++)
        self->here[i] = self->start[i] * first[i] * second[i];
    for (size_t a = 0; a < AXES; a++)
        off[a] = at[0] * self->axis[0][a] + at[1] * self->axis[1][a];
}

PH_SPIN_INLINE void places_of(int chunk, ph_real4_t *places)
{
    const double first = PH_LINES_FIRST + PH_LINES_LANES * chunk;
    *places = first + (ph_real4_t){0.0, 1.0, 2.0, 3.0};
}

PH_SPIN_INLINE void evaluate(ph_well_lines_t *self, size_t line, int from, int to, int terms)
{
    const int16_t *at = self->lines[line].at;
    double off[AXES];
    go_to(self, line, off);
    const double level = self->constant + at[0] * self->slope[0] + at[1] * self->slope[1];
    for (int chunk = from; chunk < to; chunk++) {
        const size_t first = (size_t)(PH_LINES_LANES * chunk);
        ph_real4_t places, sum = {0}, log;
        for (size_t i = 0; i < self->rows; i++) {
            const ph_real4_t e =
                self->here[i] * *(const ph_real4_t *)(self->along + i * PH_LINES_LENGTH + first);
            const ph_real4_t y = 1.0 + e;
            log_four(&y, terms, &log);
            sum += self->share[i] * log;
        }
        places_of(chunk, &places);
        sum += level + places * self->slope[2];
        for (size_t a = 0; a < AXES; a++) {
            const ph_real4_t x = (self->centre[a] + off[a]) + places * self->axis[2][a];
            sum -= 0.5 * self->scaled[a] * x * x;
        }
        *(ph_real4_t *)(ph_lines_values(self, line) + first) = sum * self->filler->rows->neurons;
    }
}

PH_SPIN_INLINE void evaluate_any(ph_well_lines_t *self, size_t line, int from, int to)
{
    if (self->filler->rows->tolerance > 0.0)
        evaluate(self, line, from, to, TERMS_ROUGH);
    else
        evaluate(self, line, from, to, TERMS_ALL);
}

PH_SPIN_FOR_AVX2 static void evaluate_avx2(ph_well_lines_t *self, size_t line, int from, int to)
{
    evaluate_any(self, line, from, to);
}

void ph_lines_evaluate(ph_well_lines_t *self, size_t line, int from, int to)
{
    if (ph_spin_wide())
        evaluate_avx2(self, line, from, to);
    else
        evaluate_any(self, line, from, to);
    self->evaluated += (size_t)(PH_LINES_LANES * (to - from));
}

static const size_t DIAGONAL[AXES] = {0, 3, 5};

/* Sums over sites, four lanes each. */
typedef struct {
    ph_real4_t total, x[AXES], xx[PAIRS], u, u_square, u_own;
    ph_real4_t m[AXES], m_square[AXES], m_own[AXES], lag[AXES], gap[AXES];
} tally_t;

/* Four sites: overlaps F, sums over spins of order two, and of orders three and four where these
 * come into the variance of the energy; magnetizations and what spins add to their variance. */
typedef struct {
    ph_real4_t f[AXES], pair[PAIRS], skew[AXES], fourth, m[AXES], own[AXES];
} look_t;

PH_SPIN_INLINE void look(const ph_well_lines_t *self, size_t first, look_t *out)
{
    memset(out, 0, sizeof(*out));
    for (size_t i = 0; i < self->rows; i++) {
        const double *phi = self->phi + i * AXES, *xi = self->xi + i * AXES;
        const double *pair = self->pair + i * PAIRS;
        const double share = self->share[i], square = self->square[i];
        const ph_real4_t e =
            self->here[i] * *(const ph_real4_t *)(self->along + i * PH_LINES_LENGTH + first);
        const ph_real4_t inverse = 1.0 / (1.0 + e), t = (1.0 - e) * inverse;
        const ph_real4_t loose = self->loose[i] * (e * inverse * inverse);
        const ph_real4_t turned = share * t, third = (-2.0 * square) * (loose * t);
        for (size_t a = 0, k = 0; a < AXES; a++) {
            out->f[a] += phi[a] * turned;
            out->skew[a] += phi[a] * third;
            for (size_t b = a; b < AXES; b++, k++)
                out->pair[k] += pair[k] * loose;
        }
        out->fourth += (square * square) * (loose * (1.5 * t * t - 0.5));
        for (size_t mu = 0; mu < self->patterns; mu++) {
            out->m[mu] += xi[mu] * turned;
            out->own[mu] += (xi[mu] * xi[mu]) * loose;
        }
    }
    for (size_t a = 0; self->patterns == 0 && a < AXES; a++) {
        out->m[a] = out->f[a];
        out->own[a] = out->pair[DIAGONAL[a]];
    }
}

/* The energy of these sites without what spins do by themselves, and its variance by them. */
PH_SPIN_INLINE void energy_of(const ph_well_lines_t *self, const look_t *seen, ph_real4_t *u,
                              ph_real4_t *own)
{
    ph_real4_t force[AXES];
    *u = (ph_real4_t){0};
    *own = seen->fourth;
    for (size_t a = 0; a < AXES; a++)
        force[a] = self->scaled[a] * self->filler->rows->noise * seen->f[a];
    for (size_t a = 0, k = 0; a < AXES; a++) {
        const double weight = self->scaled[a] * self->filler->rows->noise;
        *u -= 0.5 * (force[a] * seen->f[a] + weight * seen->pair[k]);
        *own += force[a] * seen->skew[a];
        for (size_t b = a; b < AXES; b++, k++) {
            const double both = weight * self->scaled[b] * self->filler->rows->noise;
            const double times = a == b ? 1.0 : 2.0;
            *own += times * (force[a] * force[b] * seen->pair[k] +
                             0.5 * both * seen->pair[k] * seen->pair[k]);
        }
    }
}

PH_SPIN_INLINE void add_four(const ph_well_lines_t *self, const ph_real4_t *p, const double *off,
                             int chunk, tally_t *tally)
{
    look_t seen;
    ph_real4_t u, own, places, x[AXES];
    look(self, (size_t)(PH_LINES_LANES * chunk), &seen);
    energy_of(self, &seen, &u, &own);
    places_of(chunk, &places);
    tally->total += *p;
    tally->u += *p * u;
    tally->u_square += *p * u * u;
    tally->u_own += *p * own;
    for (size_t a = 0; a < AXES; a++)
        x[a] = off[a] + places * self->axis[2][a];
    for (size_t a = 0, k = 0; a < AXES; a++) {
        const ph_real4_t weighed = *p * x[a], m = *p * seen.m[a];
        tally->x[a] += weighed;
        for (size_t b = a; b < AXES; b++, k++)
            tally->xx[k] += weighed * x[b];
        tally->m[a] += m;
        tally->m_square[a] += m * seen.m[a];
        tally->m_own[a] += *p * seen.own[a];
        const ph_real4_t all = self->centre[a] + x[a], square = seen.f[a] * seen.f[a];
        tally->lag[a] += *p * (all - seen.f[a]);
        tally->gap[a] += *p * (all * all - square - seen.pair[DIAGONAL[a]]);
    }
}

/* Tallies by the parity of the first place of a chunk. */
PH_SPIN_INLINE void sum(ph_well_lines_t *self, tally_t *tallies)
{
    for (size_t k = 0; k < self->touched_count; k++) {
        const size_t l = self->touched[k];
        const ph_line_t *line = &self->lines[l];
        double off[AXES];
        if (line->inside == 0)
            continue;
        go_to(self, l, off);
        for (int c = 0; c < PH_LINES_CHUNKS; c++) {
            const uint64_t bits = line->inside >> PH_LINES_LANES * c & 15;
            if (bits == 0)
                continue;
            const ph_real4_t depth =
                self->peak - *(const ph_real4_t *)(ph_lines_values(self, l) + PH_LINES_LANES * c);
            const ph_word4_t inside = -((int64_t)bits >> (ph_word4_t){0, 1, 2, 3} & 1);
            ph_real4_t p;
            ph_real4_decay(&depth, &p);
            p = (ph_real4_t)((ph_word4_t)p & inside);
            add_four(self, &p, off, c, &tallies[(line->at[0] + line->at[1]) & 1]);
        }
    }
}

PH_SPIN_FOR_AVX2 static void sum_avx2(ph_well_lines_t *self, tally_t *tallies)
{
    sum(self, tallies);
}

/* Lanes of the first tally and of the second that are places of one parity. */
static double part(const ph_real4_t *first, const ph_real4_t *second, int odd)
{
    return ((*first)[odd] + (*first)[2 + odd]) + ((*second)[1 - odd] + (*second)[3 - odd]);
}

static void gather(const ph_well_lines_t *self, const tally_t *tallies, int odd,
                   ph_well_sums_t *out)
{
    const tally_t *one = &tallies[0], *two = &tallies[1];
    const size_t k = self->filler->rows->patterns;
    out->total = part(&one->total, &two->total, odd);
    out->u = part(&one->u, &two->u, odd);
    out->u_square = part(&one->u_square, &two->u_square, odd);
    out->u_own = part(&one->u_own, &two->u_own, odd);
    for (size_t a = 0, pair = 0; a < AXES; a++) {
        out->x[a] = part(&one->x[a], &two->x[a], odd);
        out->lag[a] = part(&one->lag[a], &two->lag[a], odd);
        out->gap[a] = part(&one->gap[a], &two->gap[a], odd);
        for (size_t b = a; b < AXES; b++, pair++)
            out->xx[a][b] = out->xx[b][a] = part(&one->xx[pair], &two->xx[pair], odd);
    }
    for (size_t mu = 0; mu < k; mu++) {
        out->m[PH_WELL_OF_M * k + mu] = part(&one->m[mu], &two->m[mu], odd);
        out->m[PH_WELL_OF_SQUARE * k + mu] = part(&one->m_square[mu], &two->m_square[mu], odd);
        out->m[PH_WELL_OF_OWN * k + mu] = part(&one->m_own[mu], &two->m_own[mu], odd);
    }
}

void ph_lines_sum(ph_well_lines_t *self, ph_well_sums_t *even, ph_well_sums_t *odd)
{
    tally_t tallies[2];
    memset(tallies, 0, sizeof(tallies));
    if (ph_spin_wide())
        sum_avx2(self, tallies);
    else
        sum(self, tallies);
    gather(self, tallies, 0, even);
    gather(self, tallies, 1, odd);
}
