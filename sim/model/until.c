/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sim/model/until.h"

#include <math.h>

#include "sim/model/moments.h"
#include "sim/model/observables.h"
#include "sim/model/segment.h"

/* Chains whose spread is believed on its own; blocks of records a chain, whose spread is. */
enum { CHAINS_MANY = 16, BLOCKS_LEAST = 8 };

/* What rounding alone may leave of a variance, relative to the mean square. */
static const double ROUNDING = 1e-13;

bool ph_grid_has_until(const ph_grid_t *grid)
{
    return grid->until.sweeps_max > 0;
}

uint64_t ph_until_next(const ph_point_t *point, uint64_t sweep)
{
    const uint64_t burn_in = (uint64_t)point->burn_in, end = (uint64_t)ph_point_sweeps(point);
    const uint64_t done = sweep > burn_in ? sweep - burn_in : 0;
    uint64_t length = (uint64_t)point->sweeps;
    while (length <= done && length < end)
        length *= 2;
    return burn_in + (length < end ? length : end);
}

bool ph_until_decides(const ph_point_t *point, uint64_t sweep)
{
    return sweep == ph_until_next(point, sweep > 0 ? sweep - 1 : 0);
}

double ph_until_target(const ph_grid_t *grid, uint32_t chains)
{
    const double all = (double)grid->samples * (double)grid->replicas;
    return grid->until.error * sqrt(all / (double)chains);
}

/* The sums of one magnetization over the chains of a block. */
typedef struct {
    const double *sums; /* of the first chain */
    size_t stride;      /* to the next one */
    uint32_t chains;
    uint64_t records;
} part_t;

static const double *sums_of(const part_t *self, uint32_t chain)
{
    return self->sums + (size_t)chain * self->stride;
}

static double mean_square(const part_t *self)
{
    double sum = 0.0;
    for (uint32_t c = 0; c < self->chains; c++)
        sum += sums_of(self, c)[2];
    return sum / ((double)self->chains * (double)self->records);
}

/* Variance of the mean over the chains, from the spread of theirs; 0 for a single chain. */
static double variance_between(const part_t *self)
{
    const double chains = (double)self->chains;
    double mean = 0.0, squares = 0.0;
    if (self->chains < 2)
        return 0.0;
    for (uint32_t c = 0; c < self->chains; c++)
        mean += ph_moments_mean(sums_of(self, c), self->records) / chains;
    for (uint32_t c = 0; c < self->chains; c++) {
        const double off = ph_moments_mean(sums_of(self, c), self->records) - mean;
        squares += off * off;
    }
    return squares / (chains * (chains - 1.0));
}

/* The same from the spread of blocks of records about the means of their chains: the most over all
 * lengths of a block; negative where the chains are too short for any. */
static double variance_within(const part_t *self)
{
    double most = -1.0;
    for (unsigned level = 0; level < PH_MOMENT_LEVELS && self->records >> level >= BLOCKS_LEAST;
         level++) {
        double sum = 0.0;
        uint64_t blocks = 1;
        for (uint32_t c = 0; c < self->chains; c++)
            sum += ph_moments_block_variance(sums_of(self, c), self->records, level, &blocks);
        most = fmax(most, sum / ((double)blocks * (double)self->chains * (double)self->chains));
    }
    return most;
}

/* Split R-hat of the two or three longest blocks of records that each chain has had. */
static double split_rhat(const part_t *self)
{
    unsigned level = 0;
    while (self->records >> (level + 1) >= 2)
        level++;
    if (self->records < 4)
        return INFINITY;
    const double length = ldexp(1.0, (int)level), chains = (double)self->chains;
    uint64_t blocks = 2;
    double within = 0.0, sum = 0.0, squares = 0.0;
    for (uint32_t c = 0; c < self->chains; c++) {
        const double *sums = sums_of(self, c);
        double finished = sums[0];
        for (unsigned l = 0; l <= level; l++)
            finished -= sums[4 + 2 * l];
        const double between =
            length * ph_moments_block_variance(sums, self->records, level, &blocks);
        const double all = ph_moments_variance(sums, self->records) *
                           ((double)self->records - 1.0) / (double)self->records;
        /* squares about the chain's mean, less those of the blocks' means */
        const double own = all * length * (double)blocks - between * ((double)blocks - 1.0);
        within += fmax(own, 0.0);
        sum += finished / length;
        squares += sums[5 + 2 * level] / (length * length);
    }
    const double pieces = chains * (double)blocks;
    within /= pieces * (length - 1.0);
    const double between = (squares - sum * sum / pieces) / (pieces - 1.0);
    if (between <= ROUNDING * mean_square(self))
        return 1.0;
    return sqrt((length - 1.0) / length + between / within);
}

/* Whether a number is what was asked for; 0: nothing was. */
static bool suffices(double found, double asked)
{
    return asked == 0.0 || found <= asked;
}

ph_until_t ph_until_judge(const ph_grid_t *grid, const ph_point_t *point, uint64_t sweep,
                          uint32_t chains, const double *sums)
{
    const size_t components = ph_observables_total(grid, point->patterns);
    const size_t first = ph_observable_offset(PH_OBS_MAGNETIZATION, grid, point->patterns);
    ph_until_t found = {.error = 0.0, .rhat = 1.0};
    for (size_t mu = 0; mu < (size_t)point->patterns; mu++) {
        const part_t part = {.sums = sums + (first + mu) * PH_MOMENT_WORDS,
                             .stride = components * PH_MOMENT_WORDS,
                             .chains = chains,
                             .records = ph_records_until(point, sweep)};
        const double within = variance_within(&part);
        const bool known = chains >= CHAINS_MANY || within >= 0.0;
        const double variance = fmax(variance_between(&part), within);
        found.error = fmax(found.error, known ? sqrt(variance) : (double)INFINITY);
        found.rhat = fmax(found.rhat, split_rhat(&part));
    }
    if (suffices(found.error, grid->until.error > 0.0 ? ph_until_target(grid, chains) : 0.0) &&
        suffices(found.rhat, grid->until.rhat))
        found.end = PH_UNTIL_REACHED;
    else if (sweep >= ph_point_total(point))
        found.end = PH_UNTIL_CAP;
    return found;
}

double ph_until_excess(const ph_until_rule_t *asked, double error, double rhat)
{
    const double of_error = asked->error > 0.0 ? error / asked->error : 0.0;
    const double of_rhat =
        asked->rhat > 0.0 ? (rhat * rhat - 1.0) / (asked->rhat * asked->rhat - 1.0) : 0.0;
    return fmax(of_error * of_error, of_rhat);
}

double ph_until_round(double sweeps)
{
    const double digits =
        sweeps > 0.0 && isfinite(sweeps) ? pow(10.0, floor(log10(sweeps)) - 1.0) : 1.0;
    return digits * ceil(sweeps / digits);
}

/* Whether one rule lets go on all that another does: 0 asks for nothing. */
static bool as_strict(double now, double before)
{
    return before == 0.0 || (now > 0.0 && now <= before);
}

bool ph_until_follows(const ph_grid_t *grid, const ph_grid_t *before, uint64_t longest)
{
    const ph_until_rule_t *now = &grid->until, *then = &before->until;
    const int64_t sweeps = grid->points[0].sweeps, old = before->points[0].sweeps;
    if (longest <= (uint64_t)sweeps) /* nothing has been decided yet */
        return true;
    /* A block that had other chains has decided by other numbers. */
    const bool blocks = before->replicas == grid->replicas || before->replicas % grid->lanes == 0;
    /* The times to decide now must be among those of before. */
    int64_t time = old;
    while (time < sweeps)
        time *= 2;
    const double share = sqrt(((double)grid->samples * (double)grid->replicas) /
                              ((double)before->samples * (double)before->replicas));
    return ph_grid_has_until(before) && blocks && time == sweeps &&
           longest <= (uint64_t)now->sweeps_max &&
           as_strict(now->error * (share == 1.0 ? 1.0 : share * (1.0 - 1e-12)), then->error) &&
           as_strict(now->rhat, then->rhat);
}
