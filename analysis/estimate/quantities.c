/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "analysis/estimate/quantities.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "analysis/estimate/exactmeans.h"
#include "analysis/estimate/laststate.h"
#include "analysis/estimate/recall_private.h"
#include "analysis/estimate/retrieved.h"
#include "analysis/estimate/sampleread.h"
#include "analysis/estimate/stretches_private.h"
#include "base/floating.h"
#include "sim/model/law.h"
#include "sim/model/until.h"

/* Wells of different labels that are told apart at a point, over its samples. */
enum { LABELS_MAX = 32 };

/* What the samples give in one thing there is one of. */
typedef struct {
    double *value, *variance, *freedom, *exact, *theory; /* [samples] */
    ph_without_t without;
} column_t;

/* One point on its way. */
typedef struct {
    ph_runfile_t *run;
    const ph_grid_t *grid;
    const ph_point_t *point;
    size_t number, patterns, samples;
    const ph_well_finder_t *finder; /* NULL: no wells */
    void *finder_context;
    ph_stretches_t stretches;
    ph_recalls_t recalls;
    ph_occupation_t occupation;
    bool occupied;           /* the sample's wells are known */
    ph_exact_means_t *exact; /* [samples] */
    size_t columns;
    column_t *column;
    double *numbers; /* behind the columns */
    char labels[LABELS_MAX][PH_WELL_LABEL];
    size_t labels_count;
    ph_means_t *without;                  /* [groups] */
    double *weight, *rest, *shares, *one; /* [groups] */
    double *mark, *retrieved;             /* [chains]; retrieved: NaN of those without records */
} reader_t;

const char *ph_without_text(ph_without_t without)
{
    static const char *const TEXTS[] = {"-",        "empty", "noise-0", "law",
                                        "no-wells", "short", "never"};
    return TEXTS[without];
}

/* How many columns a quantity has: by pattern, of the point, or labels of wells. */
static size_t columns_of(const ph_quantity_t *quantity, size_t patterns)
{
    return quantity->of == PH_QUANTITY_OF_PATTERN ? patterns
           : quantity->of == PH_QUANTITY_OF_POINT ? 1
                                                  : LABELS_MAX;
}

static void reader_free(reader_t *self)
{
    ph_stretches_free(&self->stretches);
    ph_recalls_free(&self->recalls);
    ph_occupation_free(&self->occupation);
    for (size_t s = 0; self->exact != NULL && s < self->samples; s++)
        ph_exact_means_free(&self->exact[s]);
    free(self->exact);
    free(self->column);
    free(self->numbers);
    free(self->without);
    free(self->weight);
    if (self->finder != NULL)
        self->finder->end(self->finder_context);
}

static int reader_init(reader_t *self, ph_runfile_t *run, size_t point)
{
    const ph_grid_t *grid = run->base.grid;
    *self = (reader_t){.run = run,
                       .grid = grid,
                       .point = &grid->points[point],
                       .number = point,
                       .patterns = (size_t)grid->points[point].patterns,
                       .samples = (size_t)grid->samples};
    int status = ph_stretches_init(&self->stretches, grid, self->point);
    for (size_t i = 0; ph_quantity(i) != NULL; i++)
        self->columns += columns_of(ph_quantity(i), self->patterns);
    const size_t groups = self->stretches.groups;
    self->exact = calloc(self->samples, sizeof(*self->exact));
    self->column = calloc(self->columns, sizeof(*self->column));
    self->numbers = malloc(self->columns * 5 * self->samples * sizeof(*self->numbers));
    self->without = calloc(groups, sizeof(*self->without));
    self->weight = calloc(4 * groups + 2 * self->stretches.chains, sizeof(*self->weight));
    if (status == PH_OK)
        status = ph_recalls_init(&self->recalls, grid, self->point);
    if (status != PH_OK || self->exact == NULL || self->column == NULL || self->numbers == NULL ||
        self->without == NULL || self->weight == NULL)
        return PH_ERR_MEMORY;
    self->rest = self->weight + groups;
    self->shares = self->rest + groups;
    self->one = self->shares + groups;
    self->mark = self->one + groups;
    self->retrieved = self->mark + self->stretches.chains;
    for (size_t i = 0; i < self->columns * 5 * self->samples; i++)
        self->numbers[i] = (double)NAN;
    for (size_t c = 0; c < self->columns; c++) {
        double *from = self->numbers + c * 5 * self->samples;
        double **const of[] = {&self->column[c].value, &self->column[c].variance,
                               &self->column[c].freedom, &self->column[c].exact,
                               &self->column[c].theory};
        for (size_t k = 0; k < 5; k++)
            *of[k] = from + k * self->samples;
    }
    return PH_OK;
}

/* Why a quantity cannot be formed at this point, whatever the samples are. */
static ph_without_t missing(const reader_t *self, const ph_quantity_t *quantity)
{
    const bool final = ph_point_settles(self->point);
    const ph_law_t law = ph_sampler_facts(self->point->sampler)->law;
    if ((quantity->needs & PH_NEEDS_NOISE) != 0 && !(self->point->noise > 0.0))
        return PH_WITHOUT_NOISE;
    if ((quantity->needs & PH_NEEDS_PATH) != 0 && final)
        return PH_WITHOUT_NOISE;
    if ((quantity->needs & PH_NEEDS_LAW) != 0 && !ph_law_is_equilibrium(law))
        return PH_WITHOUT_LAW;
    if ((quantity->needs & PH_NEEDS_WELLS) != 0 && self->finder == NULL)
        return PH_WITHOUT_WELLS;
    return PH_WITHOUT_NOTHING;
}

/* Whether exp(-H/T) is what the chains are of, so that theory has to say of them. */
static bool has_theory(const reader_t *self)
{
    const ph_law_t law = ph_sampler_facts(self->point->sampler)->law;
    return self->point->noise > 0.0 && ph_law_is_equilibrium(law);
}

/* Wells with chains in at least two groups, or one where there is no other, count. */
static bool counts(const reader_t *self)
{
    size_t groups = 0, all = 0;
    for (size_t g = 0; g < self->stretches.groups; g++)
        groups += self->weight[g] > 0.0;
    for (size_t i = 1; i < self->stretches.count; i++)
        all += self->stretches.group[i] != self->stretches.group[0];
    return groups > 1 || (groups == 1 && all == 0);
}

/* A quantity of averages over the chains of one well, or of all, times their records, added to the
 * sums: whole[0], [1] the records; rest, shares the same without each group. */
static void add_well(reader_t *self, const ph_quantity_t *quantity, const int *of, int well,
                     size_t mu, double *whole)
{
    ph_means_t means;
    const double records =
        ph_stretches_means(&self->stretches, of, well, mu, &means, self->without, self->weight);
    if (!(records > 0.0) || !counts(self))
        return;
    if (of != NULL)
        self->occupation.counted[well] = true;
    const double value = quantity->value(&means);
    whole[0] += records * value;
    whole[1] += records;
    for (size_t g = 0; g < self->stretches.groups; g++) {
        const double left = records - self->weight[g];
        self->one[g] += self->weight[g];
        self->rest[g] +=
            left * (self->weight[g] > 0.0 ? quantity->value(&self->without[g]) : value);
        self->shares[g] += left;
    }
}

static void from_means(reader_t *self, const ph_quantity_t *quantity, size_t mu, column_t *to,
                       size_t sample)
{
    const size_t groups = self->stretches.groups;
    const bool within = (quantity->needs & PH_NEEDS_WELLS) != 0;
    double whole[2] = {0.0, 0.0};
    memset(self->rest, 0, 3 * groups * sizeof(*self->rest));
    if (within && !self->occupied) {
        to->without = PH_WITHOUT_WELLS;
        return;
    }
    if (!within)
        add_well(self, quantity, NULL, 0, mu, whole);
    for (size_t w = 0; within && w < self->occupation.wells; w++)
        add_well(self, quantity, self->occupation.of, (int)w, mu, whole);
    if (!(whole[1] > 0.0))
        return;
    for (size_t g = 0; g < groups; g++)
        self->rest[g] /= self->shares[g];
    to->freedom[sample] = ph_jackknife(whole[0] / whole[1], self->rest, self->one, groups,
                                       &to->value[sample], &to->variance[sample]);
}

/* What theory says of the wells that the sample's chains are in, as the estimate is made. */
static double of_theory(const reader_t *self, const ph_quantity_t *quantity, size_t mu)
{
    const ph_occupation_t *wells = &self->occupation;
    const bool within = (quantity->needs & PH_NEEDS_WELLS) != 0;
    double sum[8] = {0.0}, mean = 0.0, chains = 0.0;
    if (!self->occupied || !has_theory(self))
        return (double)NAN;
    for (size_t c = 0; c < wells->chains; c++) {
        const int w = wells->of[c];
        if (w == PH_WELL_NONE || (within && !wells->counted[w]))
            continue;
        if (!wells->known[w])
            return (double)NAN;
        const ph_means_t *a = &wells->means[(size_t)w * wells->patterns + mu];
        const double x[8] = {a->m,         a->absolute,   a->square, a->fourth,
                             a->loss_plus, a->loss_minus, a->energy, a->energy_square};
        chains += 1.0;
        for (size_t k = 0; k < 8; k++)
            sum[k] += x[k];
        mean += within ? quantity->value(a) : 0.0;
    }
    const ph_means_t all = {.noise = self->point->noise,
                            .neurons = (double)self->point->neurons,
                            .m = sum[0] / chains,
                            .absolute = sum[1] / chains,
                            .square = sum[2] / chains,
                            .fourth = sum[3] / chains,
                            .loss_plus = sum[4] / chains,
                            .loss_minus = sum[5] / chains,
                            .energy = sum[6] / chains,
                            .energy_square = sum[7] / chains};
    return within ? mean / chains : quantity->value(&all);
}

/* tau, effective samples and R-hat, of m or of the energy. */
static void from_path(const reader_t *self, const ph_quantity_t *quantity, size_t mu, column_t *to,
                      size_t sample)
{
    const bool of_energy = quantity->of == PH_QUANTITY_OF_POINT;
    const ph_path_t *path = &self->stretches.path[of_energy ? self->patterns : mu];
    if (!(self->stretches.path_records > 0.0))
        return;
    to->freedom[sample] = 0.0;
    if (quantity->made == PH_QUANTITY_RHAT) {
        to->value[sample] = path->rhat;
        return;
    }
    if (!path->enough)
        to->without = PH_WITHOUT_LENGTH;
    const double every = (double)self->point->record_every;
    if (quantity->made == PH_QUANTITY_EFFECTIVE) {
        to->value[sample] = self->stretches.all_records * every / (2.0 * path->tau);
        return;
    }
    to->value[sample] = path->tau;
    to->variance[sample] = path->error * path->error;
    to->freedom[sample] = 2.0 * pow(path->tau / path->error, 2);
}

/* The column of a label, a new one where there is room, else the last, of all others. */
static size_t label_of(reader_t *self, const char *label)
{
    static const char OTHERS[PH_WELL_LABEL] = "others";
    size_t at = 0;
    while (at < self->labels_count && strcmp(self->labels[at], label) != 0)
        at++;
    if (at >= LABELS_MAX - 1) {
        label = OTHERS;
        at = LABELS_MAX - 1;
    }
    if (at >= self->labels_count) {
        memcpy(self->labels[at], label, PH_WELL_LABEL);
        self->labels_count = at + 1;
    }
    return at;
}

/* What the sums over a label's wells are of the sum over all states. NaN where one is not known, or
 * where no chain of the sample came into such a well: it has a share all the same. */
static void exact_shares(reader_t *self, column_t *to, size_t sample)
{
    const ph_occupation_t *wells = &self->occupation;
    const ph_exact_means_t *exact = &self->exact[sample];
    bool found[LABELS_MAX] = {false};
    for (size_t w = 0; exact->there && w < wells->wells; w++) {
        const size_t l = label_of(self, wells->label[w]);
        if (!found[l])
            to[l].exact[sample] = 0.0;
        found[l] = true;
        to[l].exact[sample] += exp(wells->log_weight[w] - exact->log_sum);
    }
}

/* Chains that share the order of their sites make a group where there are enough of these. */
static size_t chains_together(const reader_t *self)
{
    return self->stretches.groups < self->stretches.chains ? (size_t)self->grid->lanes : 1;
}

/* Shares of the sample's chains by label. A chain counts once, however many pieces it has. */
static void from_shares(reader_t *self, column_t *to, size_t sample)
{
    const ph_occupation_t *wells = &self->occupation;
    const double chains = (double)wells->chains;
    if (!self->occupied) {
        to->without = PH_WITHOUT_WELLS;
        return;
    }
    for (size_t w = 0; w < wells->wells; w++)
        (void)label_of(self, wells->label[w]);
    for (size_t l = 0; l < self->labels_count; l++) {
        double here = 0.0;
        for (size_t c = 0; c < wells->chains; c++) {
            const int w = wells->now[c];
            self->mark[c] = w != PH_WELL_NONE && label_of(self, wells->label[w]) == l;
            here += self->mark[c];
        }
        to[l].freedom[sample] =
            ph_jackknife_mean(self->mark, wells->chains, chains_together(self), self->weight,
                              &to[l].value[sample], &to[l].variance[sample]);
        if (to[l].freedom[sample] > 0.0)
            to[l].variance[sample] =
                fmax(to[l].variance[sample], ph_share_variance_least(here / chains, chains));
    }
    exact_shares(self, to, sample);
}

static void from_counts(const reader_t *self, column_t *to, size_t sample)
{
    to->freedom[sample] =
        ph_jackknife_mean(self->retrieved, self->stretches.chains, chains_together(self),
                          self->weight, &to->value[sample], &to->variance[sample]);
    if (self->occupied && has_theory(self))
        to->theory[sample] = ph_retrieved_of_wells(self->point, &self->occupation);
}

static void add_quantities(reader_t *self, size_t sample)
{
    column_t *to = self->column;
    for (size_t i = 0; ph_quantity(i) != NULL; i++) {
        const ph_quantity_t *quantity = ph_quantity(i);
        const size_t columns = columns_of(quantity, self->patterns);
        const bool there = missing(self, quantity) == PH_WITHOUT_NOTHING &&
                           ph_quantity_recorded(quantity, self->grid);
        if (there && quantity->made == PH_QUANTITY_SHARE)
            from_shares(self, to, sample);
        for (size_t mu = 0; there && mu < columns && quantity->made != PH_QUANTITY_SHARE; mu++) {
            if (quantity->made >= PH_QUANTITY_RECALLED) {
                to[mu].freedom[sample] = ph_recalls_estimate(
                    &self->recalls, quantity->made, chains_together(self), self->weight,
                    &to[mu].value[sample], &to[mu].variance[sample]);
                continue;
            }
            if (quantity->made == PH_QUANTITY_RETRIEVED) {
                from_counts(self, to, sample);
                continue;
            }
            if (quantity->made != PH_QUANTITY_MEANS) {
                from_path(self, quantity, mu, &to[mu], sample);
                continue;
            }
            from_means(self, quantity, mu, &to[mu], sample);
            to[mu].theory[sample] = of_theory(self, quantity, mu);
            if (self->exact[sample].there)
                to[mu].exact[sample] = quantity->value(&self->exact[sample].of[mu]);
        }
        to += columns;
    }
}

/* The wells of a sample whose chains are all in one segment. */
static int find_wells(reader_t *self, const ph_segment_t *segment, const uint64_t *records,
                      uint32_t sample)
{
    ph_sample_t drawn;
    if (self->finder == NULL)
        return PH_OK;
    int status = ph_sample_draw(&drawn, self->point, self->grid->seed, sample);
    ph_occupation_free(&self->occupation);
    if (status == PH_OK)
        status =
            self->finder->find(self->finder_context, &drawn, segment, records, &self->occupation);
    self->occupied = status == PH_OK;
    ph_sample_free(&drawn);
    return status == PH_ERR_UNSUPPORTED || status == PH_ERR_LIMIT ? PH_OK : status;
}

/* The same of chains of different lengths (dynamics.until), all of which have records. */
static int find_wells_apart(reader_t *self, uint32_t sample, ph_report_t *report)
{
    const size_t replicas = (size_t)self->grid->replicas;
    ph_segment_t segment;
    for (uint32_t r = 0; r < replicas; r++)
        if (!ph_runfile_chain_complete(self->run, self->number, sample, r))
            return PH_OK;
    uint64_t *records = calloc(replicas, sizeof(*records));
    if (records == NULL)
        return PH_ERR_MEMORY;
    int status = ph_sample_read(self->run, self->number, sample,
                                self->grid->trajectory ? 0 : UINT64_MAX, &segment, records, report);
    if (status == PH_OK)
        status = find_wells(self, &segment, records, sample);
    ph_segment_free(&segment);
    free(records);
    return status;
}

static int find_exact(reader_t *self, int threads)
{
    int failed = PH_OK;
    const int team = threads < (int)self->samples ? threads : (int)self->samples;
    if (threads <= 0 || !has_theory(self) ||
        ph_runfile_point_status(self->run, self->number) == PH_POINT_NOT_RUN)
        return PH_OK;
#pragma omp parallel for schedule(dynamic) num_threads(team)
    for (int s = 0; s < (int)self->samples; s++) {
        ph_sample_t drawn;
        int status = ph_sample_draw(&drawn, self->point, self->grid->seed, (uint32_t)s);
        if (status == PH_OK)
            status = ph_exact_means(&self->exact[s], &drawn, self->point, self->point->noise);
        ph_sample_free(&drawn);
        if (status == PH_ERR_MEMORY)
#pragma omp atomic write
            failed = status;
    }
    return failed;
}

static int read_sample(reader_t *self, ph_quantities_t *out, uint32_t sample, ph_report_t *report)
{
    const uint32_t replicas = (uint32_t)self->grid->replicas;
    const uint64_t from = self->grid->trajectory ? 0 : UINT64_MAX;
    int status = PH_OK;
    ph_stretches_clear(&self->stretches);
    ph_recalls_clear(&self->recalls);
    self->occupied = false;
    for (size_t c = 0; c < self->stretches.chains; c++)
        self->retrieved[c] = (double)NAN;
    for (uint32_t first = 0, r = 1; first < replicas && status == PH_OK; first = r) {
        const int64_t done = ph_runfile_sweeps_done(self->run, self->number, sample, first);
        ph_segment_t segment;
        for (r = first + 1; r < replicas; r++)
            if (ph_runfile_sweeps_done(self->run, self->number, sample, r) != done)
                break;
        if (done <= 0 || ph_records_until(self->point, (uint64_t)done) == 0)
            continue;
        status = ph_runfile_read(self->run, self->number, sample, first, r - first, from, &segment,
                                 report);
        if (status != PH_OK)
            break;
        status = ph_stretches_add(&self->stretches, &segment);
        if (status == PH_OK)
            status = ph_recalls_add(&self->recalls, &segment);
        if (status == PH_OK)
            status = ph_retrieved_chains(&PH_RETRIEVAL_USUAL, self->grid, self->point, &segment,
                                         self->retrieved + segment.replica_first);
        if (status == PH_OK && r - first == replicas)
            status = find_wells(self, &segment, NULL, sample);
        out->chains += r - first;
        out->records += ph_records_until(self->point, (uint64_t)done) * (r - first);
        ph_segment_free(&segment);
    }
    if (status == PH_OK && !self->occupied && ph_grid_has_until(self->grid) && self->finder != NULL)
        status = find_wells_apart(self, sample, report);
    if (status == PH_OK && self->stretches.count > 0)
        add_quantities(self, sample);
    return status;
}

/* Means over the samples where all have a value. */
static double mean_of(const double *x, const double *where, size_t samples)
{
    double sum = 0.0, count = 0.0;
    for (size_t s = 0; s < samples; s++)
        if (!isnan(where[s])) {
            sum += x[s];
            count += 1.0;
        }
    return count > 0.0 ? sum / count : (double)NAN;
}

static void conclude_column(const reader_t *self, const ph_quantity_t *quantity,
                            const column_t *column, ph_found_t *to)
{
    to->quantity = quantity;
    to->each = column->value;
    to->found = ph_average_samples(column->value, column->variance, column->freedom, self->samples,
                                   ph_point_is_fixed(self->point));
    to->exact = mean_of(column->exact, column->value, self->samples);
    to->theory = mean_of(column->theory, column->value, self->samples);
    to->without = missing(self, quantity);
    if (to->without == PH_WITHOUT_NOTHING)
        to->without = column->without;
    if (to->without == PH_WITHOUT_NOTHING && isnan(to->found.value))
        to->without = quantity->made == PH_QUANTITY_RECALL_SWEEPS && self->recalls.seen > 0
                          ? PH_WITHOUT_RECALL
                          : PH_WITHOUT_CHAINS;
    for (size_t s = 0; s < self->samples; s++)
        if (quantity->made == PH_QUANTITY_RHAT) /* the worst */
            to->found.value = fmax(to->found.value, column->value[s]);
    if (quantity->made == PH_QUANTITY_EFFECTIVE) { /* of all samples together */
        double sum = 0.0;
        for (size_t s = 0; s < self->samples; s++)
            sum += isnan(column->value[s]) ? 0.0 : column->value[s];
        to->found.value = sum > 0.0 ? sum : (double)NAN;
    }
    if (quantity->made == PH_QUANTITY_SHARE) /* samples may all agree by chance */
        to->found.error = fmax(to->found.error, to->found.thermal);
    if (ph_recalls_share(quantity->made))
        to->found.error = ph_recalls_error(&self->recalls, &to->found);
    if (quantity->made == PH_QUANTITY_RHAT || quantity->made == PH_QUANTITY_EFFECTIVE)
        to->found.error = to->found.freedom = to->found.thermal = to->found.disorder = (double)NAN;
}

static int conclude(reader_t *self, ph_quantities_t *out)
{
    column_t *column = self->column;
    const size_t all = self->columns;
    out->found = calloc(all, sizeof(*out->found));
    if (out->found == NULL)
        return PH_ERR_MEMORY;
    for (size_t i = 0; ph_quantity(i) != NULL; i++) {
        const ph_quantity_t *quantity = ph_quantity(i);
        const bool of_well = quantity->of == PH_QUANTITY_OF_WELL;
        const size_t columns = columns_of(quantity, self->patterns);
        const size_t labels = self->labels_count > 0 ? self->labels_count : 1;
        for (size_t k = 0; k < (of_well ? labels : columns); k++) {
            ph_found_t *to = &out->found[out->count++];
            /* a sample without chains in a well that others have has the share 0 */
            for (size_t s = 0; of_well && s < self->samples; s++)
                if (isnan(column[k].value[s]) && !isnan(column[0].value[s])) {
                    const double chains = (double)self->grid->replicas;
                    column[k].value[s] = 0.0;
                    column[k].freedom[s] = chains - 1.0;
                    if (chains > 1.0)
                        column[k].variance[s] = ph_share_variance_least(0.0, chains);
                }
            conclude_column(self, quantity, &column[k], to);
            if (quantity->of == PH_QUANTITY_OF_PATTERN)
                snprintf(to->of, sizeof(to->of), "%zu", k + 1);
            else
                snprintf(to->of, sizeof(to->of), "%s",
                         of_well && self->labels_count > 0 ? self->labels[k] : "-");
        }
        column += columns;
    }
    out->numbers = self->numbers;
    self->numbers = NULL;
    return PH_OK;
}

int ph_quantities_read(ph_quantities_t *self, ph_runfile_t *run, size_t point,
                       const ph_well_finder_t *wells, int threads, ph_report_t *report)
{
    PH_FLOATING_GUARD();
    reader_t reader;
    memset(self, 0, sizeof(*self));
    int status = reader_init(&reader, run, point);
    if (status == PH_OK && wells != NULL && reader.point->noise > 0.0) {
        status = wells->begin(&reader.finder_context, reader.grid, reader.point);
        if (status == PH_OK)
            reader.finder = wells;
        else if (status == PH_ERR_UNSUPPORTED)
            status = PH_OK;
    }
    self->final = ph_point_settles(reader.point);
    if (status == PH_OK)
        status = find_exact(&reader, threads);
    for (uint32_t s = 0; s < (uint32_t)reader.samples && status == PH_OK; s++)
        status = read_sample(&reader, self, s, report);
    if (status == PH_OK)
        status = conclude(&reader, self);
    reader_free(&reader);
    if (status != PH_OK) {
        ph_quantities_free(self);
        if (report == NULL || ph_report_errors(report) == 0)
            ph_fail(report, status, "the quantities of point %zu failed: %s", point,
                    ph_status_text(status));
    }
    return status;
}

void ph_quantities_free(ph_quantities_t *self)
{
    free(self->found);
    free(self->numbers);
    memset(self, 0, sizeof(*self));
}
