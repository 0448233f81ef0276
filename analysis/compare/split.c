/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "analysis/compare/split.h"

#include <gsl/gsl_cdf.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "analysis/compare/cloud_private.h"
#include "analysis/compare/compare.h"
#include "analysis/compare/occupation.h"
#include "analysis/estimate/sampleread.h"
#include "analysis/meanfield/meanfield.h"

enum { WELLS_MAX = 256, ENDS_MAX = 1024, DRAWS_MOST = 4096, DRAWS_LEAST = 64 };
static const uint64_t PARTED = 4;    /* sweeps after which chains have parted */
static const double COST_MAX = 3e9;  /* of a point's draws, about a second */
static const double SAME_END = 1e-4; /* of magnetizations */
static const double OPEN_MAX = 1.0 / 3.0;

static const char *const REASONS[PH_SPLIT_REASONS] = {
    "",
    "chains do not part, or were not recorded from the start",
    "the noise decides where too many of the chains go",
    "too many neurons and features",
};

const char *ph_split_reason_text(ph_split_reason_t reason)
{
    return REASONS[reason];
}

/* How many are in a well for sure, and may be. */
typedef struct {
    size_t sure, may;
} tally_t;

typedef struct {
    char label[PH_WELL_LABEL];
    tally_t chains, starts;
} well_t;

/* Where n <- F(n) leads. */
typedef struct {
    double m[PH_MEANFIELD_PATTERNS_MAX];
    size_t count, well;
} end_t;

typedef struct {
    const ph_grid_t *grid;
    const ph_point_t *point;
    size_t ends; /* of the sample at hand */
    end_t end[ENDS_MAX];
    size_t record, draws; /* draws a sample */
    uint64_t sweep;
    size_t wells, open, all; /* all: draws of all samples */
    well_t well[WELLS_MAX];  /* the last takes all that find no place */
    well_t likeliest;        /* the well that most of a sample's first draws go to, over samples */
    size_t rest;             /* draws of all samples after those */
} split_t;

static size_t find_well(split_t *self, const double *m)
{
    char label[PH_WELL_LABEL];
    ph_well_label(self->point, m, label);
    for (size_t w = 0; w < self->wells; w++)
        if (strcmp(self->well[w].label, label) == 0)
            return w;
    if (self->wells == WELLS_MAX)
        return WELLS_MAX - 1;
    memcpy(self->well[self->wells].label, label, sizeof(label));
    return self->wells++;
}

static double distance(const double *a, const double *b, size_t size)
{
    double most = 0.0;
    for (size_t mu = 0; mu < size; mu++)
        most = fmax(most, fabs(a[mu] - b[mu]));
    return most;
}

/* The end that m is, a new one where there is room, else the nearest. */
static size_t find_end(split_t *self, const double *m)
{
    const size_t k = (size_t)self->point->patterns;
    size_t nearest = 0;
    double least = INFINITY;
    for (size_t e = 0; e < self->ends && least > SAME_END; e++) {
        const double here = distance(self->end[e].m, m, k);
        if (here < least) {
            nearest = e;
            least = here;
        }
    }
    if (least > SAME_END && self->ends < ENDS_MAX) {
        nearest = self->ends++;
        self->end[nearest] = (end_t){.well = nearest};
        memcpy(self->end[nearest].m, m, k * sizeof(*m));
    }
    self->end[nearest].count++;
    return nearest;
}

/*
 * Ends closer than wells can be told from each other are one: without noise a sample has many
 * states at rest that differ in a few spins. A well has the name of the end that most come to.
 */
static void join_ends(split_t *self)
{
    const size_t k = (size_t)self->point->patterns;
    const double clear = 4.0 / sqrt((double)self->point->neurons);
    size_t name[ENDS_MAX];
    for (size_t a = 0; a < self->ends; a++)
        for (size_t b = 0; b < a; b++) {
            const size_t from = self->end[a].well, to = self->end[b].well;
            if (from == to || distance(self->end[a].m, self->end[b].m, k) > clear)
                continue;
            for (size_t e = 0; e < self->ends; e++)
                if (self->end[e].well == from)
                    self->end[e].well = to;
        }
    for (size_t e = 0; e < self->ends; e++)
        name[e] = e;
    for (size_t e = 0; e < self->ends; e++)
        if (self->end[e].count > self->end[name[self->end[e].well]].count)
            name[self->end[e].well] = e;
    for (size_t e = 0; e < self->ends; e++)
        name[e] = find_well(self, self->end[name[self->end[e].well]].m);
    for (size_t e = 0; e < self->ends; e++)
        self->end[e].well = name[e];
}

/* The first record that is late enough, or the last. */
static void choose_record(split_t *self)
{
    const size_t records = (size_t)ph_point_records_least(self->point);
    const uint64_t every = (uint64_t)self->point->record_every;
    while (self->record + 1 < records && self->record * every < PARTED)
        self->record++;
    self->sweep = self->record * every;
}

static void count(tally_t *tally, const size_t *well, size_t w)
{
    bool sure = true, may = false;
    for (int way = 0; way < PH_CLOUD_WAYS; way++) {
        sure = sure && well[way] == w;
        may = may || well[way] == w;
    }
    tally->sure += sure;
    tally->may += may;
}

/* Where the draws of a sample end; to[draws][ways]. */
static void follow_draws(split_t *self, ph_cloud_t *cloud, uint32_t sample, size_t *to)
{
    double m[PH_MEANFIELD_PATTERNS_MAX];
    for (uint32_t d = 0; d < self->draws; d++)
        for (int way = 0; way < PH_CLOUD_WAYS; way++) {
            ph_cloud_follow(cloud, sample, d, (ph_cloud_way_t)way, self->sweep, m);
            ph_cloud_settle(cloud, m);
            *to++ = find_end(self, m);
        }
}

/* Where its chains do; to[chains][ways]. */
static void settle_chains(split_t *self, ph_cloud_t *cloud, const ph_segment_t *segment, size_t *to)
{
    const size_t k = (size_t)self->point->patterns, width = (size_t)segment->components;
    const size_t offset =
        ph_observable_offset(PH_OBS_MAGNETIZATION, self->grid, self->point->patterns);
    double m[PH_MEANFIELD_PATTERNS_MAX];
    for (uint32_t c = 0; c < segment->replicas; c++) {
        const size_t at = (c * (size_t)segment->records + self->record) * width + offset;
        for (int way = 0; way < PH_CLOUD_WAYS; way++) {
            memcpy(m, segment->series + at, k * sizeof(*m));
            ph_cloud_settle_beside(cloud, c, (ph_cloud_way_t)way, m);
            *to++ = find_end(self, m);
        }
    }
}

/* Ends become wells: the first `draws` of `to` are starts, the others chains. `own`: the well that
 * most of the first quarter of the draws go to, and how many of the others, and of the chains, do.
 */
static void count_wells(split_t *self, size_t *to, well_t *own)
{
    const size_t draws = self->draws, all = draws + (size_t)self->grid->replicas;
    size_t seen[WELLS_MAX] = {0}, likeliest = 0;
    join_ends(self);
    for (size_t i = 0; i < PH_CLOUD_WAYS * all; i++)
        to[i] = self->end[to[i]].well;
    for (size_t d = 0; 4 * d < draws; d++) {
        const size_t w = to[PH_CLOUD_WAYS * d + PH_CLOUD_PLAIN];
        likeliest = ++seen[w] > seen[likeliest] ? w : likeliest;
    }
    memcpy(own->label, self->well[likeliest].label, sizeof(own->label));
    for (size_t i = 0; i < all; i++) {
        const size_t *well = to + PH_CLOUD_WAYS * i;
        for (size_t w = 0; w < self->wells; w++)
            count(i < draws ? &self->well[w].starts : &self->well[w].chains, well, w);
        self->open += i < draws && (well[1] != well[0] || well[2] != well[0]);
        if (4 * i >= draws)
            count(i < draws ? &own->starts : &own->chains, well, likeliest);
    }
    self->all += draws;
}

/* As many draws as are affordable, of all samples alike. */
static void choose_draws(split_t *self, const ph_cloud_t *cloud)
{
    const double cost = ph_cloud_cost(cloud, self->sweep) * (double)self->grid->samples;
    const double most = fmin(8.0 * (double)self->grid->replicas, DRAWS_MOST);
    self->draws = (size_t)fmin(COST_MAX / cost, fmax(most, 4.0 * DRAWS_LEAST));
}

/* Of chains and draws together, `marked` are in a well: the normal deviate of so few (so many) of
 * them being chains. */
static double deviate(size_t chains, size_t in, size_t draws, size_t of_draws, bool few)
{
    const unsigned marked = (unsigned)(in + of_draws), all = (unsigned)(chains + draws);
    const unsigned x = (unsigned)in;
    double p = 1.0;
    if (few)
        p = gsl_cdf_hypergeometric_P(x, marked, all - marked, (unsigned)chains);
    else if (x > 0)
        p = gsl_cdf_hypergeometric_Q(x - 1, marked, all - marked, (unsigned)chains);
    return p < 1.0 ? gsl_cdf_ugaussian_Qinv(fmax(p, 1e-300)) : -(double)INFINITY;
}

static void judge(ph_split_row_t *row, const well_t *well, size_t draws, size_t chains)
{
    const double n = (double)chains, d = (double)draws;
    const double found = fmax(deviate(chains, well->chains.may, draws, well->starts.sure, true),
                              deviate(chains, well->chains.sure, draws, well->starts.may, false));
    const double low = (double)well->starts.sure / d, high = (double)well->starts.may / d;
    const double middle = 0.5 * (low + high);
    const double error = sqrt(fmax(middle * (1.0 - middle), 1.0 / n) * (1.0 / n + 1.0 / d));
    row->resolution = 0.5 * (high - low) + PH_COMPARE_ERRORS * error;
    row->comparisons++;
    if (row->comparisons > 1 && found <= row->deviation)
        return;
    row->deviation = fmax(found, 0.0);
    row->mc = 0.5 * (double)(well->chains.sure + well->chains.may) / n;
    row->low = low;
    row->high = high;
    memcpy(row->well, well->label, sizeof(row->well));
}

static void add_tally(tally_t *to, const tally_t *tally)
{
    to->sure += tally->sure;
    to->may += tally->may;
}

static int add_sample(ph_split_row_t *row, split_t *self, ph_runfile_t *run, uint32_t sample,
                      ph_report_t *report)
{
    const size_t chains = (size_t)self->grid->replicas;
    well_t own = {.chains = {0, 0}};
    size_t *to = NULL;
    ph_flow_classes_t net = {0};
    ph_cloud_t cloud = {0};
    ph_segment_t segment = {0};
    int status = ph_flow_classes_draw(&net, self->point, self->grid->seed, sample);
    if (status == PH_OK)
        status = ph_cloud_init(&cloud, self->point, &net);
    if (status == PH_OK && sample == 0)
        choose_draws(self, &cloud);
    if (status == PH_OK && self->draws >= DRAWS_LEAST) {
        to = malloc(PH_CLOUD_WAYS * (self->draws + chains) * sizeof(*to));
        status = to == NULL ? PH_ERR_MEMORY
                            : ph_sample_read(run, row->point, sample, 0, &segment, NULL, report);
    }
    if (status == PH_OK && to != NULL) {
        const size_t rest = self->draws - (self->draws + 3) / 4;
        self->ends = 0;
        follow_draws(self, &cloud, sample, to);
        settle_chains(self, &cloud, &segment, to + PH_CLOUD_WAYS * self->draws);
        count_wells(self, to, &own);
        self->rest += rest;
        if (self->grid->samples > 1)
            judge(row, &own, rest, chains);
        add_tally(&self->likeliest.starts, &own.starts);
        add_tally(&self->likeliest.chains, &own.chains);
    }
    free(to);
    ph_segment_free(&segment);
    ph_cloud_free(&cloud);
    ph_flow_classes_free(&net);
    return status;
}

static void conclude(ph_split_row_t *row, split_t *self)
{
    const size_t chains = (size_t)(self->grid->samples * self->grid->replicas);
    row->sweep = self->sweep;
    row->open = (double)self->open / (double)self->all;
    if (row->open > OPEN_MAX) {
        row->reason = PH_SPLIT_OPEN;
        row->comparisons = 0;
        return;
    }
    row->reason = PH_SPLIT_COMPARED;
    strcpy(self->likeliest.label, "likeliest");
    for (size_t w = 0; w < self->wells; w++)
        judge(row, &self->well[w], self->all, chains);
    judge(row, &self->likeliest, self->rest, chains);
}

int ph_split_point(ph_split_row_t *row, ph_runfile_t *run, size_t number, ph_report_t *report)
{
    const ph_grid_t *grid = run->base.grid;
    split_t *self = calloc(1, sizeof(*self));
    int status = PH_OK;
    if (self == NULL)
        return ph_fail(report, PH_ERR_MEMORY, "no memory for the split of point %zu", number);
    self->grid = grid;
    self->point = &grid->points[number];
    self->draws = DRAWS_LEAST;
    if (self->point->patterns <= PH_MEANFIELD_PATTERNS_MAX)
        choose_record(self);
    row->reason = self->sweep > 0 ? PH_SPLIT_LARGE : PH_SPLIT_WHOLE;
    for (uint32_t s = 0; status == PH_OK && self->sweep > 0 && self->draws >= DRAWS_LEAST &&
                         s < (uint32_t)grid->samples;
         s++)
        status = add_sample(row, self, run, s, report);
    if (status == PH_OK && self->all > 0)
        conclude(row, self);
    else if (status == PH_ERR_LIMIT)
        status = PH_OK;
    free(self);
    return status;
}
