/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "analysis/compare/table_private.h"

#include <math.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/floating.h"
#include "sim/model/dimensions.h"

typedef enum { REAL, COUNT, CODE } type_t;

/* Whose member: of ph_comparison_row_t of a pattern or of the energy, of ph_path_row_t; and of what
 * files of earlier versions lack: ph_split_row_t, ph_advice_t, ph_given_off_t,
 * ph_retrieved_row_t, ph_distribution_row_t, parts of rows. */
typedef enum {
    PATTERN,
    PATH,
    ENERGY,
    SPLIT,
    ADVICE,
    GIVEN,
    LATER,
    ELSEWHERE,
    RETRIEVED,
    STEP,
    DISTRIBUTION,
    OVERLAP,
    PARTS
} part_t;

/* A column of the table, an array of the file [axes][pattern], of energies and splits [axes]; the
 * types of its member: double, size_t or uint64_t (of 4 or 8 bytes), an enum. */
typedef struct {
    const char *name, *long_name;
    type_t type;
    part_t part;
    size_t offset, size;      /* of the member */
    const char *const *words; /* of codes, by number */
    size_t words_count;
} column_t;

_Static_assert(sizeof(ph_verdict_t) == sizeof(unsigned) &&
                   sizeof(ph_reason_t) == sizeof(unsigned) &&
                   sizeof(ph_path_reason_t) == sizeof(unsigned) &&
                   sizeof(ph_split_reason_t) == sizeof(unsigned) &&
                   sizeof(ph_distribution_reason_t) == sizeof(unsigned),
               "codes of a table have the size of an int");

#define OF(row, member) .offset = offsetof(row, member), .size = sizeof(((row *)NULL)->member)
#define OF_ROW(member) OF(ph_comparison_row_t, member)
#define OF_PATH(member) .part = PATH, OF(ph_path_row_t, member)
#define OF_ENERGY(member) .part = ENERGY, OF(ph_comparison_row_t, member)
#define OF_SPLIT(member) .part = SPLIT, OF(ph_split_row_t, member)
#define OF_ADVICE(member) .part = ADVICE, OF(ph_advice_t, member)
#define OF_ELSEWHERE(member) .part = ELSEWHERE, OF(ph_advice_t, member)
#define OF_RETRIEVED(member) .part = RETRIEVED, OF(ph_retrieved_row_t, member)
#define OF_STEP(member) .part = STEP, OF(ph_path_row_t, member)
#define OF_GIVEN(member) .part = GIVEN, OF(ph_given_off_t, member)
#define OF_LAW(place, member) .part = (place), OF(ph_distribution_row_t, member)
#define CODED(list) .words = (list), .words_count = sizeof(list) / sizeof((list)[0])

/* Words of files, which stay as they are; those for people are ph_reason_text() and its like. */
static const char *const VERDICTS[] = {"agree", "disagree", "undecided"}; /* of ph_verdict_t */
static const char *const REASONS[PH_REASON_COUNT] = {
    [PH_REASON_NONE] = "none",
    [PH_REASON_UNSUPPORTED] = "unsupported",
    [PH_REASON_INCOMPLETE] = "incomplete",
    [PH_REASON_FEW] = "few",
    [PH_REASON_UNSOLVED] = "unsolved",
    [PH_REASON_UNSTABLE] = "unstable",
    [PH_REASON_TRANSITION] = "transition",
    [PH_REASON_TRANSIENT] = "transient",
    [PH_REASON_LEFT] = "left",
    [PH_REASON_SIGNS] = "signs",
    [PH_REASON_UNEQUILIBRATED] = "unequilibrated",
    [PH_REASON_SHORT] = "short",
    [PH_REASON_LAW] = "law",
    [PH_REASON_WELLS] = "wells",
};
static const char *const PATH_REASONS[PH_PATH_REASONS] = {
    [PH_PATH_COMPARED] = "compared",     [PH_PATH_LATE] = "late",   [PH_PATH_DYNAMICS] = "dynamics",
    [PH_PATH_INCOMPLETE] = "incomplete", [PH_PATH_LARGE] = "large", [PH_PATH_ESCAPE] = "escape",
    [PH_PATH_START] = "start",
};

static const char *const SPLIT_REASONS[PH_SPLIT_REASONS] = {
    [PH_SPLIT_COMPARED] = "compared",
    [PH_SPLIT_WHOLE] = "whole",
    [PH_SPLIT_OPEN] = "open",
    [PH_SPLIT_LARGE] = "large",
};

static const char *const LAW_REASONS[PH_DISTRIBUTION_REASONS] = {
    [PH_DISTRIBUTION_COMPARED] = "compared",
    [PH_DISTRIBUTION_LARGE] = "large",
    [PH_DISTRIBUTION_LAW] = "law",
    [PH_DISTRIBUTION_RECORDS] = "records",
    [PH_DISTRIBUTION_INCOMPLETE] = "incomplete",
    [PH_DISTRIBUTION_SHORT] = "short",
    [PH_DISTRIBUTION_TRANSIENT] = "transient",
};

/* Of the magnetizations, and of the overlaps of replicas. */
/* clang-format off */
#define DISTRIBUTIONS(place, name, of)                                                             \
    {name "_levels", "levels of the distribution of " of " that were compared", COUNT,             \
     OF_LAW(place, levels)},                                                                       \
    {name "_level", of " where it deviates most", REAL, OF_LAW(place, level)},                     \
    {name "_mc", "share of the records there", REAL, OF_LAW(place, mc)},                           \
    {name "_exact", "its probability by all states of the samples", REAL, OF_LAW(place, exact)},   \
    {name "_error", "statistical error of the share", REAL, OF_LAW(place, error)},                 \
    {name "_deviation", "standard normal deviate as improbable as the share", REAL,                \
     OF_LAW(place, deviation)},                                                                    \
    {name "_verdict", "what the distribution comes to", CODE, OF_LAW(place, verdict),              \
     CODED(VERDICTS)},                                                                             \
    {name "_reason", "why it was not compared", CODE, OF_LAW(place, reason), CODED(LAW_REASONS)},
/* clang-format on */

static const column_t COLUMNS[] = {
    {"mc", "magnetization, averaged over chains", REAL, OF_ROW(mc)},
    {"error", "statistical error of the deviation; nan: not known", REAL, OF_ROW(error)},
    {"sample_theory", "samples' sum over the well, or mean field to order 1/N^2, mean over chains",
     REAL, OF_ROW(sample_theory)},
    {"sample_theory_size", "mean over chains of the size of sample_theory", REAL,
     OF_ROW(sample_size)},
    {"deviation", "mc minus sample_theory, towards the sign of each chain's well", REAL,
     OF_ROW(deviation)},
    {"z", "deviation in errors", REAL, OF_ROW(z)},
    {"allowance", "what the theory leaves open: size of its 1/N^2 term, or error of its sum", REAL,
     OF_ROW(allowance)},
    {"deviate", "standard normal deviate as improbable as the deviation beyond the allowance", REAL,
     OF_ROW(deviate)},
    {"resolution", "least deviation that would be seen, relative to sample_theory_size", REAL,
     OF_ROW(resolution)},
    {"population", "mean field of the infinite network, averaged over chains", REAL,
     OF_ROW(population)},
    {"population_size", "mean over chains of the size of population", REAL,
     OF_ROW(population_size)},
    {"disorder_error", "error of the mean over samples", REAL, OF_ROW(disorder_error)},
    {"population_deviate", "standard normal deviate of the samples' mean field from population",
     REAL, OF_ROW(population_deviate)},
    {"samples_left_out", "samples without a small 1/N correction, in none of the averages", COUNT,
     OF_ROW(left_out)},
    {"chains_away", "chains in another well than their start leads to, compared there", COUNT,
     OF_ROW(away)},
    {"chains_left_out", "chains too few in their well, in no average", COUNT, OF_ROW(moved)},
    {"chains_hopped", "chains that went from well to well, compared record by record", COUNT,
     OF_ROW(hopped)},
    {"verdict", "what the row comes to", CODE, OF_ROW(verdict), CODED(VERDICTS)},
    {"reason", "why the point is undecided", CODE, OF_ROW(reason), CODED(REASONS)},
    {"energy_mc", "energy per neuron, averaged over chains", REAL, OF_ENERGY(mc)},
    {"energy_error", "statistical error of energy_deviation; nan: not known", REAL,
     OF_ENERGY(error)},
    {"energy_theory", "energy of the samples in theory, averaged over chains", REAL,
     OF_ENERGY(sample_theory)},
    {"energy_theory_size", "mean over chains of the size of energy_theory", REAL,
     OF_ENERGY(sample_size)},
    {"energy_deviation", "energy_mc minus energy_theory", REAL, OF_ENERGY(deviation)},
    {"energy_z", "energy_deviation in errors", REAL, OF_ENERGY(z)},
    {"energy_allowance", "what energy_theory leaves open", REAL, OF_ENERGY(allowance)},
    {"energy_deviate", "standard normal deviate as improbable as energy_deviation", REAL,
     OF_ENERGY(deviate)},
    {"energy_resolution", "least deviation that would be seen, relative to energy_theory_size",
     REAL, OF_ENERGY(resolution)},
    {"energy_verdict", "what the energy comes to", CODE, OF_ENERGY(verdict), CODED(VERDICTS)},
    {"path_records", "records of the trajectories held against the flow", COUNT, OF_PATH(records)},
    {"path_sweep", "sweep at which trajectories deviate most", COUNT, OF_PATH(sweep)},
    {"path_mc", "magnetization then, averaged over chains", REAL, OF_PATH(mc)},
    {"path_flow", "flow of the samples then, with its 1/N bias", REAL, OF_PATH(flow)},
    {"path_error", "standard deviation of path_mc by the linear noise", REAL, OF_PATH(error)},
    {"path_allowance", "what path_flow leaves open: a third of its largest 1/N bias so far", REAL,
     OF_PATH(allowance)},
    {"path_deviation", "path_mc minus path_flow beyond path_allowance, in errors", REAL,
     OF_PATH(deviation)},
    {"path_verdict", "what the trajectories come to", CODE, OF_PATH(verdict), CODED(VERDICTS)},
    {"path_reason", "why the trajectories were not compared", CODE, OF_PATH(reason),
     CODED(PATH_REASONS)},
    {"split_comparisons", "wells whose shares of the chains were held against those of the starts",
     COUNT, OF_SPLIT(comparisons)},
    {"split_sweep", "sweep at which chains are counted by their wells", COUNT, OF_SPLIT(sweep)},
    {"split_mc", "share of the chains in the well that deviates most", REAL, OF_SPLIT(mc)},
    {"split_low", "share of the starts that the flow leads there whatever the noise does", REAL,
     OF_SPLIT(low)},
    {"split_high", "share of the starts that it may lead there", REAL, OF_SPLIT(high)},
    {"split_open", "share of the starts whose well the noise decides", REAL, OF_SPLIT(open)},
    {"split_resolution", "error of the share of the likeliest wells that would be seen", REAL,
     OF_SPLIT(resolution)},
    {"split_deviation", "standard normal deviate as improbable as split_mc", REAL,
     OF_SPLIT(deviation)},
    {"split_verdict", "what the shares of wells come to", CODE, OF_SPLIT(verdict), CODED(VERDICTS)},
    {"split_reason", "why the shares of wells were not compared", CODE, OF_SPLIT(reason),
     CODED(SPLIT_REASONS)},
    {"needs_burn_in", "sweeps of burn-in that would mend the reason; 0: no matter, or not known",
     REAL, OF_ADVICE(burn_in)},
    {"needs_sweeps", "sweeps after burn-in that would", REAL, OF_ADVICE(sweeps)},
    {"needs_replicas", "replicas that would", REAL, OF_ADVICE(replicas)},
    {"transition_noise", "noise of the transition that the point is near; 0: not known", REAL,
     OF_ADVICE(transition)},
    {"theory_free_energy_off", "what a theory file's free energies are off those of its states",
     REAL, OF_GIVEN(free_energy)},
    {"theory_exact_off", "what its exact sums are off", REAL, OF_GIVEN(exact)},
    {"sweeps_left_out", "sweeps left out, before equilibrium", COUNT, .part = LATER,
     OF(ph_comparison_row_t, early)},
    {"needs_elsewhere", "1: near a transition that longer chains do not mend", COUNT,
     OF_ELSEWHERE(elsewhere)},
    DISTRIBUTIONS(DISTRIBUTION, "distribution", "the magnetization")
        DISTRIBUTIONS(OVERLAP, "overlap", "the overlap of replicas"){
            "retrieved_mc", "patterns retrieved, mean over the chains compared", REAL,
            OF_RETRIEVED(mc)},
    {"retrieved_theory", "those that their wells retrieve", REAL, OF_RETRIEVED(theory)},
    {"retrieved_chains", "chains whose number is compared", COUNT, OF_RETRIEVED(chains)},
    {"retrieved_off", "those that retrieve another number than their well", COUNT,
     OF_RETRIEVED(off)},
    {"retrieved_near", "chains not compared, being near to what counts", COUNT, OF_RETRIEVED(near)},
    {"retrieved_verdict", "what the number of patterns comes to", CODE, OF_RETRIEVED(verdict),
     CODED(VERDICTS)},
    {"step_mc", "magnetization after one parallel step without noise, mean over samples", REAL,
     OF_STEP(step_mc)},
    {"step_population", "the same of the infinite network, exact in the examples", REAL,
     OF_STEP(step_population)},
    {"step_error", "error of the mean over so many samples", REAL, OF_STEP(step_error)},
    {"step_allowance", "what step_population leaves open, of order 1/N", REAL,
     OF_STEP(step_allowance)},
    {"step_deviate", "standard normal deviate as improbable as the deviation beyond that", REAL,
     OF_STEP(step_deviate)},
};

/* By a column of theirs: whether a file has the parts that not all have. */
static const char *const FIRST[PARTS] = {[SPLIT] = "split_comparisons",
                                         [ADVICE] = "needs_burn_in",
                                         [GIVEN] = "theory_free_energy_off",
                                         [LATER] = "sweeps_left_out",
                                         [ELSEWHERE] = "needs_elsewhere",
                                         [RETRIEVED] = "retrieved_mc",
                                         [STEP] = "step_mc",
                                         [DISTRIBUTION] = "distribution_mc",
                                         [OVERLAP] = "overlap_mc"};

enum { COLUMNS_COUNT = sizeof(COLUMNS) / sizeof(COLUMNS[0]), CODES_MAX = 16, WORDS_SIZE = 256 };
static const double LARGEST_COUNT = 9007199254740992.0; /* a double is sure of all below */

static bool of_point(const column_t *column)
{
    return column->part != PATTERN && column->part != PATH && column->part != LATER &&
           column->part != STEP && column->part != DISTRIBUTION;
}

/* Of a pattern that a point does not have. */
static double absent(const column_t *column)
{
    return column->type == REAL ? (double)NAN : -1.0;
}

static double get(const column_t *column, const void *row)
{
    const char *member = (const char *)row + column->offset;
    double value = 0.0;
    uint64_t count;
    uint32_t number; /* a code, or a short count */
    if (column->type == REAL) {
        memcpy(&value, member, sizeof(value));
    } else if (column->size == sizeof(count)) {
        memcpy(&count, member, sizeof(count));
        value = (double)count;
    } else {
        memcpy(&number, member, sizeof(number));
        value = number;
    }
    return value;
}

/* False where the value is none that the column may have. */
static bool put(const column_t *column, void *row, double value)
{
    char *member = (char *)row + column->offset;
    if (column->type == REAL) {
        memcpy(member, &value, sizeof(value));
        return true;
    }
    const uint64_t count = value >= 0.0 && value < LARGEST_COUNT ? (uint64_t)value : UINT64_MAX;
    const uint32_t number = (uint32_t)count;
    if (count == UINT64_MAX || (column->type == CODE && count >= column->words_count) ||
        (column->size < sizeof(count) && count > UINT32_MAX))
        return false;
    if (column->size == sizeof(count))
        memcpy(member, &count, sizeof(count));
    else
        memcpy(member, &number, sizeof(number));
    return true;
}

/* What files of earlier versions say nothing of. */
static int allocate_distributions(ph_distribution_comparison_t *self, size_t rows, size_t points)
{
    *self = (ph_distribution_comparison_t){.rows_count = rows, .points = points};
    self->rows = calloc(rows, sizeof(*self->rows));
    self->overlaps = calloc(points, sizeof(*self->overlaps));
    for (size_t i = 0; self->rows != NULL && i < rows; i++)
        self->rows[i].reason = PH_DISTRIBUTION_RECORDS;
    for (size_t p = 0; self->overlaps != NULL && p < points; p++)
        self->overlaps[p].reason = PH_DISTRIBUTION_RECORDS;
    return self->rows == NULL || self->overlaps == NULL ? PH_ERR_MEMORY : PH_OK;
}

static int allocate(ph_comparison_table_t *self, const ph_grid_t *grid)
{
    size_t rows = 0;
    for (size_t p = 0; p < grid->points_count; p++)
        rows += (size_t)grid->points[p].patterns;
    memset(self, 0, sizeof(*self));
    self->grid = grid;
    self->sweeps = calloc(grid->points_count, sizeof(*self->sweeps));
    self->equilibrium.points = grid->points_count;
    self->equilibrium.rows_count = self->paths.rows_count = rows;
    self->equilibrium.rows = calloc(rows, sizeof(*self->equilibrium.rows));
    self->equilibrium.energies = calloc(grid->points_count, sizeof(*self->equilibrium.energies));
    self->equilibrium.retrieved = calloc(grid->points_count, sizeof(*self->equilibrium.retrieved));
    for (size_t p = 0; self->equilibrium.retrieved != NULL && p < grid->points_count; p++)
        self->equilibrium.retrieved[p].verdict = PH_VERDICT_UNDECIDED;
    self->equilibrium.advice = calloc(grid->points_count, sizeof(*self->equilibrium.advice));
    self->equilibrium.given = calloc(grid->points_count, sizeof(*self->equilibrium.given));
    self->paths.rows = calloc(rows, sizeof(*self->paths.rows));
    self->paths.points = grid->points_count;
    self->paths.splits = calloc(grid->points_count, sizeof(*self->paths.splits));
    for (size_t p = 0; self->paths.splits != NULL && p < grid->points_count; p++)
        self->paths.splits[p] =
            (ph_split_row_t){.verdict = PH_VERDICT_UNDECIDED, .reason = PH_SPLIT_WHOLE};
    for (size_t i = 0; self->paths.rows != NULL && i < rows; i++)
        self->paths.rows[i] = PH_PATH_ROW_NONE;
    return self->sweeps == NULL || self->equilibrium.rows == NULL ||
                   self->equilibrium.energies == NULL || self->equilibrium.retrieved == NULL ||
                   self->equilibrium.advice == NULL || self->equilibrium.given == NULL ||
                   self->paths.rows == NULL || self->paths.splits == NULL
               ? PH_ERR_MEMORY
               : allocate_distributions(&self->distributions, rows, grid->points_count);
}

void ph_comparison_table_free(ph_comparison_table_t *self)
{
    ph_comparison_free(&self->equilibrium);
    ph_path_comparison_free(&self->paths);
    ph_distribution_comparison_free(&self->distributions);
    free(self->sweeps);
    memset(self, 0, sizeof(*self));
}

static int make_dim(const ph_comparison_table_t *self, ph_gridfile_t *file, ph_report_t *report)
{
    const size_t length = (size_t)self->grid->patterns_max;
    const bool ranks = self->view == PH_VIEW_RANKS;
    double *values = malloc(length * sizeof(*values));
    if (values == NULL)
        return ph_fail(report, PH_ERR_MEMORY, "no memory for a comparison file");
    for (size_t i = 0; i < length; i++)
        values[i] = (double)(i + 1);
    int status = ph_gridfile_dim(
        file, ph_view_word(self->view), length, values, "1",
        ranks ? "rank, in descending order" : ph_dimension(PH_DIM_PATTERN)->long_name, report);
    free(values);
    return status;
}

static int make_column(const ph_comparison_table_t *self, const column_t *column,
                       ph_gridfile_t *file, ph_report_t *report)
{
    const char *const dims[] = {ph_view_word(self->view)};
    const double nothing = NAN;
    const ph_array_t array = {
        .name = column->name,
        .long_name = column->long_name,
        .unit = "1",
        .type = column->type == REAL    ? H5T_NATIVE_DOUBLE
                : column->type == COUNT ? H5T_NATIVE_INT64
                                        : H5T_NATIVE_INT8,
        .fill = column->type == REAL ? &nothing : NULL,
        .dims_count = of_point(column) ? 0 : 1,
        .dims = dims,
    };
    int status = ph_gridfile_array(file, &array, report);
    if (status != PH_OK || column->type != CODE || file->temporary == NULL)
        return status;
    int8_t values[CODES_MAX];
    char words[WORDS_SIZE] = "";
    for (size_t i = 0, used = 0; i < column->words_count; used = strlen(words), i++) {
        values[i] = (int8_t)i;
        snprintf(words + used, sizeof(words) - used, i > 0 ? " %s" : "%s", column->words[i]);
    }
    status = ph_gridfile_note(file, column->name, "flag_meanings", words, report);
    return status == PH_OK ? ph_gridfile_flags(file, column->name, "flag_values",
                                               column->words_count, values, report)
                           : status;
}

/* Row `i` of the table in a column's own part of it. */
static void *row_of(const ph_comparison_table_t *self, const column_t *column, size_t i)
{
    if (column->part == ENERGY)
        return &self->equilibrium.energies[i];
    if (column->part == SPLIT)
        return &self->paths.splits[i];
    if (column->part == ADVICE || column->part == ELSEWHERE)
        return &self->equilibrium.advice[i];
    if (column->part == DISTRIBUTION)
        return &self->distributions.rows[i];
    if (column->part == OVERLAP)
        return &self->distributions.overlaps[i];
    if (column->part == RETRIEVED)
        return &self->equilibrium.retrieved[i];
    if (column->part == GIVEN)
        return &self->equilibrium.given[i];
    return column->part == PATH || column->part == STEP ? (void *)&self->paths.rows[i]
                                                        : (void *)&self->equilibrium.rows[i];
}

/* Between the rows and values[points][patterns_max], [points] of energies; PH_ERR_DAMAGED where a
 * value is none. */
static int move_rows(const ph_comparison_table_t *self, const column_t *column, double *values,
                     bool write, const char *path, ph_report_t *report)
{
    const size_t width = of_point(column) ? 1 : (size_t)self->grid->patterns_max;
    size_t row = 0;
    for (size_t p = 0; p < self->grid->points_count; p++)
        for (size_t mu = 0; mu < width; mu++) {
            double *value = &values[p * width + mu];
            if (mu >= (size_t)self->grid->points[p].patterns) {
                *value = absent(column);
                continue;
            }
            void *at = row_of(self, column, row++);
            if (write)
                *value = get(column, at);
            else if (!put(column, at, *value))
                return ph_fail(report, PH_ERR_DAMAGED,
                               "%s: \"%s\" has %g at point %zu, which it cannot; the file is "
                               "damaged or not polyhebb's: make it anew with 'polyhebb compare'",
                               path, column->name, *value, p);
        }
    return PH_OK;
}

static int move_column(const ph_comparison_table_t *self, const column_t *column, double *values,
                       ph_gridfile_t *file, bool write, ph_report_t *report)
{
    int status = write
                     ? move_rows(self, column, values, write, file->path, report)
                     : ph_gridfile_read_all(file, column->name, H5T_NATIVE_DOUBLE, values, report);
    if (status == PH_OK)
        status = write
                     ? ph_gridfile_write_all(file, column->name, H5T_NATIVE_DOUBLE, values, report)
                     : move_rows(self, column, values, write, file->path, report);
    return status;
}

static bool has(const ph_gridfile_t *file, const column_t *column, bool write)
{
    return write || FIRST[column->part] == NULL || ph_gridfile_has(file, FIRST[column->part]);
}

/* Arrays of the format and their contents; in a file opened to read, the same calls check them. */
static int move_table(const ph_comparison_table_t *self, ph_gridfile_t *file, bool write,
                      ph_report_t *report)
{
    const ph_array_t sweeps = {.name = "sweeps_done",
                               .long_name = "sweeps done by all chains of the point",
                               .unit = "1",
                               .type = H5T_NATIVE_INT64};
    const size_t count = self->grid->points_count * (size_t)self->grid->patterns_max;
    double *values = malloc(count * sizeof(*values));
    int status = values == NULL ? ph_fail(report, PH_ERR_MEMORY, "no memory for a comparison file")
                                : make_dim(self, file, report);
    if (status == PH_OK)
        status = ph_gridfile_array(file, &sweeps, report);
    for (size_t i = 0; i < COLUMNS_COUNT && status == PH_OK; i++)
        if (has(file, &COLUMNS[i], write))
            status = make_column(self, &COLUMNS[i], file, report);
    if (status == PH_OK)
        status =
            write
                ? ph_gridfile_write_all(file, sweeps.name, H5T_NATIVE_DOUBLE, self->sweeps, report)
                : ph_gridfile_read_all(file, sweeps.name, H5T_NATIVE_DOUBLE, self->sweeps, report);
    for (size_t i = 0; i < COLUMNS_COUNT && status == PH_OK; i++)
        if (has(file, &COLUMNS[i], write))
            status = move_column(self, &COLUMNS[i], values, file, write, report);
    free(values);
    return status;
}

int ph_comparison_table_write(const ph_comparison_table_t *self, const char *path,
                              ph_report_t *report)
{
    PH_FLOATING_GUARD();
    ph_gridfile_t file;
    int status = ph_gridfile_replaceable(path, "comparison", report);
    if (status != PH_OK)
        return status;
    status = ph_gridfile_create(&file, path, "comparison", self->grid, report);
    if (status == PH_OK)
        status = move_table(self, &file, true, report);
    if (status == PH_OK)
        status = ph_table_write_theory(self, &file, report);
    if (status == PH_OK)
        status = ph_gridfile_commit(&file, report);
    ph_gridfile_close(&file);
    return status;
}

static void number_rows(ph_comparison_table_t *self)
{
    size_t row = 0;
    for (size_t p = 0; p < self->grid->points_count; p++) {
        self->equilibrium.energies[p].point = p;
        self->equilibrium.energies[p].pattern = -1;
        self->paths.splits[p].point = self->distributions.overlaps[p].point = p;
        self->distributions.overlaps[p].pattern = -1;
        for (int64_t mu = 0; mu < self->grid->points[p].patterns; mu++, row++) {
            self->equilibrium.rows[row].point = self->paths.rows[row].point = p;
            self->equilibrium.rows[row].pattern = self->paths.rows[row].pattern = mu;
            self->distributions.rows[row].point = p;
            self->distributions.rows[row].pattern = mu;
        }
    }
}

int ph_comparison_table_read(ph_comparison_table_t *self, const ph_grid_t *grid, const char *path,
                             ph_report_t *report)
{
    PH_FLOATING_GUARD();
    ph_gridfile_t file;
    int status = ph_gridfile_open(&file, path, "comparison", report);
    memset(self, 0, sizeof(*self));
    if (status == PH_OK && !ph_digest_equal(file.grid->digest, grid->digest)) {
        status = ph_fail(report, PH_ERR_MISMATCH, "%s: the comparison of another grid", path);
        ph_grid_differences(grid, "this grid", file.grid, path, report);
    }
    if (status == PH_OK && allocate(self, grid) != PH_OK)
        status = ph_fail(report, PH_ERR_MEMORY, "no memory to read %s", path);
    if (status == PH_OK) {
        self->view =
            ph_gridfile_has(&file, ph_view_word(PH_VIEW_RANKS)) ? PH_VIEW_RANKS : PH_VIEW_PATTERNS;
        status = move_table(self, &file, false, report);
    }
    if (status == PH_OK)
        status = ph_table_read_theory(self, &file, report);
    if (status == PH_OK) {
        number_rows(self);
        ph_comparison_conclude(&self->equilibrium);
        ph_path_comparison_conclude(&self->paths);
        ph_distribution_comparison_conclude(&self->distributions);
        self->verdict = ph_compare_all(&self->equilibrium, &self->paths, &self->distributions);
    } else {
        ph_comparison_table_free(self);
    }
    ph_gridfile_close(&file);
    return status;
}
