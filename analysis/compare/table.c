/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "analysis/compare/table.h"

#include <math.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/floating.h"
#include "sim/model/dimensions.h"

typedef enum { REAL, COUNT, CODE } type_t;

/* A column of the table, an array of the file [axes][pattern]; the types of its member: double,
 * size_t or uint64_t, an enum. */
typedef struct {
    const char *name, *long_name;
    type_t type;
    bool path; /* a member of ph_path_row_t, else of ph_comparison_row_t */
    size_t offset;
    const char *const *words; /* of codes, by number */
    size_t words_count;
} column_t;

_Static_assert(sizeof(size_t) == sizeof(uint64_t), "counts of a table have 64 bits");
_Static_assert(sizeof(ph_verdict_t) == sizeof(unsigned) &&
                   sizeof(ph_reason_t) == sizeof(unsigned) &&
                   sizeof(ph_path_reason_t) == sizeof(unsigned),
               "codes of a table have the size of an int");

#define OF_ROW(member) .offset = offsetof(ph_comparison_row_t, member)
#define OF_PATH(member) .path = true, .offset = offsetof(ph_path_row_t, member)
#define CODED(list) .words = (list), .words_count = sizeof(list) / sizeof((list)[0])

/* Words of files, which stay as they are; those for people are ph_reason_text() and its like. */
static const char *const VERDICTS[] = {[PH_VERDICT_AGREE] = "agree",
                                       [PH_VERDICT_DISAGREE] = "disagree",
                                       [PH_VERDICT_UNDECIDED] = "undecided"};
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

static const column_t COLUMNS[] = {
    {"mc", "magnetization, averaged over chains", REAL, OF_ROW(mc)},
    {"error", "statistical error of the deviation; nan: not known", REAL, OF_ROW(error)},
    {"sample_theory", "mean field of the samples with 1/N correction, averaged over chains", REAL,
     OF_ROW(sample_theory)},
    {"sample_theory_size", "mean over chains of the size of sample_theory", REAL,
     OF_ROW(sample_size)},
    {"deviation", "mc minus sample_theory, towards the sign of each chain's well", REAL,
     OF_ROW(deviation)},
    {"z", "deviation in errors", REAL, OF_ROW(z)},
    {"allowance", "what the theory leaves open: size of its 1/N^2 term", REAL, OF_ROW(allowance)},
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
    {"chains_left_out", "chains that went from well to well, or are too few in theirs", COUNT,
     OF_ROW(moved)},
    {"verdict", "what the row comes to", CODE, OF_ROW(verdict), CODED(VERDICTS)},
    {"reason", "why the point is undecided", CODE, OF_ROW(reason), CODED(REASONS)},
    {"path_records", "records of the trajectories held against the flow", COUNT, OF_PATH(records)},
    {"path_sweep", "sweep at which trajectories deviate most", COUNT, OF_PATH(sweep)},
    {"path_mc", "magnetization then, averaged over chains", REAL, OF_PATH(mc)},
    {"path_flow", "flow of the samples then, with its 1/N bias", REAL, OF_PATH(flow)},
    {"path_error", "standard deviation of path_mc by the linear noise", REAL, OF_PATH(error)},
    {"path_deviation", "path_mc minus path_flow beyond 2/N, in errors", REAL, OF_PATH(deviation)},
    {"path_verdict", "what the trajectories come to", CODE, OF_PATH(verdict), CODED(VERDICTS)},
    {"path_reason", "why the trajectories were not compared", CODE, OF_PATH(reason),
     CODED(PATH_REASONS)},
};

enum { COLUMNS_COUNT = sizeof(COLUMNS) / sizeof(COLUMNS[0]), CODES_MAX = 16, WORDS_SIZE = 256 };
static const double LARGEST_COUNT = 9007199254740992.0; /* a double is sure of all below */

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
    unsigned code;
    if (column->type == REAL) {
        memcpy(&value, member, sizeof(value));
    } else if (column->type == COUNT) {
        memcpy(&count, member, sizeof(count));
        value = (double)count;
    } else {
        memcpy(&code, member, sizeof(code));
        value = code;
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
    if (!(value >= 0.0 &&
          value < (column->type == COUNT ? LARGEST_COUNT : (double)column->words_count)))
        return false;
    const uint64_t count = (uint64_t)value;
    const unsigned code = (unsigned)value;
    if (column->type == COUNT)
        memcpy(member, &count, sizeof(count));
    else
        memcpy(member, &code, sizeof(code));
    return true;
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
    self->paths.rows = calloc(rows, sizeof(*self->paths.rows));
    return self->sweeps == NULL || self->equilibrium.rows == NULL || self->paths.rows == NULL
               ? PH_ERR_MEMORY
               : PH_OK;
}

static double sweeps_done(const ph_runfile_t *run, size_t point)
{
    const ph_grid_t *grid = run->base.grid;
    double sum = 0.0;
    for (uint32_t s = 0; s < (uint32_t)grid->samples; s++)
        for (uint32_t r = 0; r < (uint32_t)grid->replicas; r++)
            sum += (double)ph_runfile_sweeps_done(run, point, s, r);
    return sum;
}

int ph_comparison_table_make(ph_comparison_table_t *self, ph_runfile_t *run,
                             const ph_theory_t *theory, ph_view_t view, ph_report_t *report)
{
    PH_FLOATING_GUARD();
    const ph_grid_t *grid = run->base.grid;
    memset(self, 0, sizeof(*self));
    self->grid = grid;
    self->view = view;
    self->sweeps = calloc(grid->points_count, sizeof(*self->sweeps));
    if (self->sweeps == NULL)
        return ph_fail(report, PH_ERR_MEMORY, "no memory for a comparison of %zu points",
                       grid->points_count);
    for (size_t p = 0; p < grid->points_count; p++)
        self->sweeps[p] = sweeps_done(run, p);
    int status = ph_compare(&self->equilibrium, run, theory, view, report);
    if (status == PH_OK)
        status = ph_compare_paths(&self->paths, run, report);
    if (status == PH_OK)
        self->verdict = ph_compare_both(&self->equilibrium, &self->paths);
    return status;
}

void ph_comparison_table_free(ph_comparison_table_t *self)
{
    ph_comparison_free(&self->equilibrium);
    ph_path_comparison_free(&self->paths);
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
        .dims_count = 1,
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

/* Row `i` of the table in a column's own half of it. */
static void *row_of(const ph_comparison_table_t *self, const column_t *column, size_t i)
{
    return column->path ? (void *)&self->paths.rows[i] : (void *)&self->equilibrium.rows[i];
}

/* Between the rows and values[points][patterns_max]; PH_ERR_DAMAGED where a value is none. */
static int move_rows(const ph_comparison_table_t *self, const column_t *column, double *values,
                     bool write, const char *path, ph_report_t *report)
{
    const size_t width = (size_t)self->grid->patterns_max;
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
        status = make_column(self, &COLUMNS[i], file, report);
    if (status == PH_OK)
        status =
            write
                ? ph_gridfile_write_all(file, sweeps.name, H5T_NATIVE_DOUBLE, self->sweeps, report)
                : ph_gridfile_read_all(file, sweeps.name, H5T_NATIVE_DOUBLE, self->sweeps, report);
    for (size_t i = 0; i < COLUMNS_COUNT && status == PH_OK; i++)
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
        status = ph_gridfile_commit(&file, report);
    ph_gridfile_close(&file);
    return status;
}

static void number_rows(ph_comparison_table_t *self)
{
    size_t row = 0;
    for (size_t p = 0; p < self->grid->points_count; p++)
        for (int64_t mu = 0; mu < self->grid->points[p].patterns; mu++, row++) {
            self->equilibrium.rows[row].point = self->paths.rows[row].point = p;
            self->equilibrium.rows[row].pattern = self->paths.rows[row].pattern = mu;
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
    if (status == PH_OK) {
        number_rows(self);
        ph_comparison_conclude(&self->equilibrium);
        ph_path_comparison_conclude(&self->paths);
        self->verdict = ph_compare_both(&self->equilibrium, &self->paths);
    } else {
        ph_comparison_table_free(self);
    }
    ph_gridfile_close(&file);
    return status;
}

int ph_comparison_table_check(const ph_comparison_table_t *self, const ph_runfile_t *run,
                              ph_view_t view, const char *path, ph_report_t *report)
{
    size_t changed = 0;
    if (self->view != view)
        return ph_fail(
            report, PH_ERR_MISMATCH, "%s was made %s --ordered; make one %s it, or plot %s it",
            path, view == PH_VIEW_RANKS ? "without" : "with",
            view == PH_VIEW_RANKS ? "with" : "without", view == PH_VIEW_RANKS ? "without" : "with");
    for (size_t p = 0; p < self->grid->points_count; p++)
        changed += sweeps_done(run, p) != self->sweeps[p];
    return changed == 0
               ? PH_OK
               : ph_fail(report, PH_ERR_MISMATCH,
                         "%s is older than %s: %zu of %zu points have gone on since; make it anew "
                         "with 'polyhebb compare'",
                         path, run->base.path, changed, self->grid->points_count);
}
