/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "analysis/attractors/file.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "analysis/attractors/cues_private.h"
#include "analysis/attractors/map_private.h"
#include "base/floating.h"
#include "base/machine.h"
#include "sim/store/gridfile.h"

/* The arrays, outer dimensions first; `CLASS` is read before what it counts the states for. */
typedef enum {
    SHARE,
    SHARE_ERROR,
    GROUND,
    STARTS_MADE,
    UNCONVERGED,
    SHIFT,
    OF_PATTERN,
    END_OF_PATTERN,
    ACTIVITY,
    CLASS,
    STABLE,
    FREE_ENERGY,
    STABILITY,
    LEAST_FIELD,
    TIES,
    STARTS,
    LIKENESS,
    RESIDUAL,
    MEMBER,
    OVERLAP,
    RECALL,
    COLUMNS
} column_t;

/* The inner dimensions that an array has. */
typedef enum { OF_POINT_PATTERN, OF_SAMPLE, OF_SAMPLE_PATTERN, OF_STATE, OF_STATE_PATTERN } shape_t;

typedef struct {
    const char *name, *long_name;
    shape_t shape;
    bool whole; /* int32, absent -1; else float64, absent NaN */
} description_t;

static const description_t DESCRIPTIONS[COLUMNS] = {
    {"stable_share", "share of samples in which the pattern is stable", OF_POINT_PATTERN, false},
    {"stable_share_error", "its binomial error, as of (k + 1)/(n + 2)", OF_POINT_PATTERN, false},
    {"ground_state", "number of the stable state of lowest free energy, -1: none", OF_SAMPLE, true},
    {"starts_made", "number of starts", OF_SAMPLE, true},
    {"unconverged", "starts whose flow did not come to rest", OF_SAMPLE, true},
    {"self_energy", "(1/2N) mean of the self terms: free energies plus this have J_ii = 0",
     OF_SAMPLE, false},
    {"state_of_pattern",
     "number of the stable state of lowest free energy that recalls the pattern, -1: it is not "
     "stable",
     OF_SAMPLE_PATTERN, true},
    {"end_of_pattern", "number of the state that the pattern's own start leads to, -1: none",
     OF_SAMPLE_PATTERN, true},
    {"activity", "share of the pattern's entries that are not blank", OF_SAMPLE_PATTERN, false},
    {"class", "what the state is called", OF_STATE, true},
    {"stable", "1 where the state is locally stable, else 0", OF_STATE, true},
    {"free_energy", "free energy per neuron, mean field (energy at zero noise)", OF_STATE, false},
    {"stability", "least eigenvalue of the stability matrix; NaN at zero noise", OF_STATE, false},
    {"least_field", "zero noise: least s_i h_i over neurons with a feature", OF_STATE, false},
    {"ties", "zero noise: neurons whose flip costs nothing", OF_STATE, true},
    {"starts", "starts that lead here", OF_STATE, true},
    {"likeness", "cosine of the angle to the configuration that the state is called after",
     OF_STATE, false},
    {"residual", "largest residual of the self-consistency equations", OF_STATE, false},
    {"member",
     "place of the pattern in what the state is called, from 1, negative for its negative; 0: none",
     OF_STATE_PATTERN, true},
    {"overlap", "Mattis magnetization of each archetype", OF_STATE_PATTERN, false},
    {"recall",
     "cosine of the angle to each archetype over the neurons where it is not blank: recalled from "
     "0.9 on",
     OF_STATE_PATTERN, false},
};

/* Lengths of the inner dimensions. */
typedef struct {
    size_t samples, states, patterns;
} lengths_t;

static bool has_sample(shape_t shape)
{
    return shape != OF_POINT_PATTERN;
}

static bool has_state(shape_t shape)
{
    return shape >= OF_STATE;
}

static bool has_pattern(shape_t shape)
{
    return shape != OF_SAMPLE && shape != OF_STATE;
}

static size_t block(shape_t shape, const lengths_t *lengths)
{
    return (has_sample(shape) ? lengths->samples : 1) * (has_state(shape) ? lengths->states : 1) *
           (has_pattern(shape) ? lengths->patterns : 1);
}

static lengths_t lengths_of(const ph_attractor_map_t *self)
{
    lengths_t lengths = {self->samples, 1, (size_t)self->grid->patterns_max};
    for (size_t k = 0; k < self->grid->points_count * self->samples; k++)
        if (self->networks[k].count > lengths.states)
            lengths.states = self->networks[k].count;
    return lengths;
}

static int member_place(const ph_attractor_label_t *label, size_t mu)
{
    for (size_t k = 0; k < label->count; k++)
        if (abs(label->members[k]) == (int)mu + 1)
            return label->members[k] < 0 ? -1 - (int)k : 1 + (int)k;
    return 0;
}

static double of_network(const ph_attractors_t *network, column_t column, size_t mu)
{
    switch (column) {
    case GROUND:
        return network->ground;
    case STARTS_MADE:
        return (double)network->starts;
    case UNCONVERGED:
        return (double)network->unconverged;
    case SHIFT:
        return network->shift;
    case OF_PATTERN:
        return ph_attractors_of_pattern(network, mu);
    case END_OF_PATTERN:
        return network->of_pattern[mu];
    default:
        return network->activity[mu];
    }
}

static double of_state(const ph_attractor_t *state, column_t column, size_t mu)
{
    switch (column) {
    case CLASS:
        return state->label.class;
    case STABLE:
        return state->stable;
    case FREE_ENERGY:
        return state->free_energy;
    case STABILITY:
        return state->stability;
    case LEAST_FIELD:
        return state->least_field;
    case TIES:
        return (double)state->ties;
    case STARTS:
        return (double)state->starts;
    case LIKENESS:
        return state->label.likeness;
    case RESIDUAL:
        return state->residual;
    case MEMBER:
        return member_place(&state->label, mu);
    case OVERLAP:
        return state->overlap[mu];
    default:
        return state->recall[mu];
    }
}

static double get(const ph_attractor_map_t *self, column_t column, size_t point, const size_t *at)
{
    const description_t *row = &DESCRIPTIONS[column];
    const ph_attractors_t *network = ph_attractor_map_at(self, point, at[0]);
    const double nothing = row->whole ? (column == MEMBER ? 0.0 : -1.0) : (double)NAN;
    double share, error;
    if (column == SHARE || column == SHARE_ERROR) {
        ph_attractor_map_share(self, point, at[2], &share, &error);
        return column == SHARE ? share : error;
    }
    if (network->count == 0 || (has_pattern(row->shape) && at[2] >= network->patterns) ||
        (has_state(row->shape) && at[1] >= network->count))
        return nothing;
    return has_state(row->shape) ? of_state(&network->states[at[1]], column, at[2])
                                 : of_network(network, column, at[2]);
}

static bool set_member(ph_attractor_label_t *label, double value, size_t mu)
{
    const double place = fabs(value);
    if (place == 0.0)
        return true;
    if (!(place <= PH_ATTRACTOR_MEMBERS))
        return false;
    label->members[(size_t)place - 1] = (int16_t)(value < 0.0 ? -1 - (int)mu : 1 + (int)mu);
    label->count = label->count < (size_t)place ? (size_t)place : label->count;
    return true;
}

static bool set_network(ph_attractors_t *network, column_t column, size_t mu, double value)
{
    switch (column) {
    case GROUND:
        network->ground = (int)value;
        return value >= -1.0 && value < (double)network->count;
    case STARTS_MADE:
        network->starts = (size_t)fmax(value, 0.0);
        return value >= 0.0;
    case UNCONVERGED:
        network->unconverged = (size_t)fmax(value, 0.0);
        return value >= 0.0;
    case SHIFT:
        network->shift = value;
        return isfinite(value);
    case END_OF_PATTERN:
        network->of_pattern[mu] = (int)value;
        return value >= -1.0 && value < (double)network->count;
    case ACTIVITY:
        network->activity[mu] = value;
        return value >= 0.0 && value <= 1.0;
    default: /* follows from the rest */
        return true;
    }
}

static bool set_state(ph_attractor_t *state, column_t column, size_t mu, double value)
{
    switch (column) {
    case STABLE:
        state->stable = value > 0.0;
        return value == 0.0 || value == 1.0;
    case FREE_ENERGY:
        state->free_energy = value;
        return isfinite(value);
    case STABILITY:
        state->stability = value;
        return true;
    case LEAST_FIELD:
        state->least_field = value;
        return true;
    case TIES:
        state->ties = (int64_t)value;
        return value >= 0.0;
    case STARTS:
        state->starts = (int64_t)value;
        return value >= 0.0;
    case LIKENESS:
        state->label.likeness = value;
        return isfinite(value);
    case RESIDUAL:
        state->residual = value;
        return value >= 0.0;
    case MEMBER:
        return set_member(&state->label, value, mu);
    default:
        *(column == OVERLAP ? &state->overlap[mu] : &state->recall[mu]) = value;
        return fabs(value) <= 1.0 + 1e-9;
    }
}

/* Of the states that CLASS has counted. */
static bool set(ph_attractor_map_t *self, column_t column, size_t point, const size_t *at,
                double value)
{
    const description_t *row = &DESCRIPTIONS[column];
    ph_attractors_t *network = &self->networks[point * self->samples + at[0]];
    if (column == CLASS) {
        if (!(value >= 0.0 && value < PH_ATTRACTOR_CLASSES)) /* has no room made for it */
            return value == -1.0;
        network->states[at[1]].label.class = (ph_attractor_class_t)value;
        return true;
    }
    if (column == SHARE || column == SHARE_ERROR || network->count == 0 ||
        (has_pattern(row->shape) && at[2] >= network->patterns) ||
        (has_state(row->shape) && at[1] >= network->count))
        return true;
    return has_state(row->shape) ? set_state(&network->states[at[1]], column, at[2], value)
                                 : set_network(network, column, at[2], value);
}

static int make_array(ph_gridfile_t *file, column_t column, ph_report_t *report)
{
    static const char *const DIMS[][3] = {{"pattern", "", ""},
                                          {"sample", "", ""},
                                          {"sample", "pattern", ""},
                                          {"sample", "state", ""},
                                          {"sample", "state", "pattern"}};
    const description_t *row = &DESCRIPTIONS[column];
    const double nothing = NAN;
    const int32_t none = column == MEMBER ? 0 : -1;
    const ph_array_t array = {
        .name = row->name,
        .long_name = row->long_name,
        .unit = "1",
        .type = row->whole ? H5T_NATIVE_INT32 : H5T_NATIVE_DOUBLE,
        .fill = row->whole ? (const void *)&none : (const void *)&nothing,
        .dims_count =
            (size_t)has_sample(row->shape) + has_state(row->shape) + has_pattern(row->shape),
        .dims = DIMS[row->shape],
    };
    int status = ph_gridfile_array(file, &array, report);
    if (status != PH_OK || file->temporary == NULL || column != CLASS)
        return status;
    char meanings[128] = "";
    int8_t values[PH_ATTRACTOR_CLASSES];
    for (int c = 0; c < PH_ATTRACTOR_CLASSES; c++) {
        const size_t used = strlen(meanings);
        snprintf(meanings + used, sizeof(meanings) - used, "%s%s", c == 0 ? "" : " ",
                 ph_attractor_class_text((ph_attractor_class_t)c));
        values[c] = (int8_t)c;
    }
    status = ph_gridfile_note(file, row->name, "flag_meanings", meanings, report);
    return status == PH_OK ? ph_gridfile_flags(file, row->name, "flag_values", PH_ATTRACTOR_CLASSES,
                                               values, report)
                           : status;
}

static int make_dim(ph_gridfile_t *file, const char *name, size_t length, double first,
                    const char *long_name, ph_report_t *report)
{
    double *values = malloc(length * sizeof(*values));
    if (values == NULL)
        return ph_fail(report, PH_ERR_MEMORY, "no memory for the arrays of %s", file->path);
    for (size_t i = 0; i < length; i++)
        values[i] = first + (double)i;
    int status = ph_gridfile_dim(file, name, length, values, "1", long_name, report);
    free(values);
    return status;
}

/* In a file opened to read the same calls check what is there. */
static int make_layout(ph_gridfile_t *file, const lengths_t *lengths, ph_report_t *report)
{
    int status =
        make_dim(file, "sample", lengths->samples, 1.0, "number of the disorder sample", report);
    if (status == PH_OK)
        status = make_dim(file, "state", lengths->states, 0.0,
                          "number of the state, by ascending free energy", report);
    if (status == PH_OK)
        status =
            make_dim(file, "pattern", lengths->patterns, 1.0, "number of the archetype", report);
    for (int column = 0; column < COLUMNS && status == PH_OK; column++)
        status = make_array(file, (column_t)column, report);
    return status;
}

/* Index over sample, state and pattern of number i of a block. */
static void unravel(shape_t shape, const lengths_t *lengths, size_t i, size_t *at)
{
    at[0] = at[1] = at[2] = 0;
    if (has_pattern(shape)) {
        at[2] = i % lengths->patterns;
        i /= lengths->patterns;
    }
    if (has_state(shape)) {
        at[1] = i % lengths->states;
        i /= lengths->states;
    }
    at[0] = i;
}

/* Room for the states that a point has, without a gap. */
static bool make_room(ph_attractor_map_t *self, size_t point, const lengths_t *lengths,
                      const double *classes, int *status)
{
    for (size_t s = 0; s < self->samples; s++) {
        ph_attractors_t *network = &self->networks[point * self->samples + s];
        const double *class = classes + s * lengths->states;
        size_t count = 0;
        while (count < lengths->states && class[count] >= 0.0)
            count++;
        for (size_t i = count; i < lengths->states; i++)
            if (class[i] >= 0.0)
                return false;
        network->patterns = (size_t)self->grid->points[point].patterns;
        network->ground = -1;
        network->states = calloc(count + 1, sizeof(*network->states));
        network->of_pattern = calloc(network->patterns, sizeof(int));
        network->activity = calloc(network->patterns, sizeof(double));
        if (network->states == NULL || network->of_pattern == NULL || network->activity == NULL) {
            *status = PH_ERR_MEMORY;
            return false;
        }
        for (network->count = 0; network->count < count;) {
            ph_attractor_t *state = &network->states[network->count++];
            state->overlap = calloc(network->patterns, sizeof(double));
            state->recall = calloc(network->patterns, sizeof(double));
            if (state->overlap == NULL || state->recall == NULL) {
                *status = PH_ERR_MEMORY;
                return false;
            }
        }
    }
    return true;
}

static int read_block(ph_gridfile_t *file, ph_attractor_map_t *self, column_t column, size_t point,
                      const lengths_t *lengths, double *values, ph_report_t *report)
{
    const shape_t shape = DESCRIPTIONS[column].shape;
    int status = ph_gridfile_read_points(file, DESCRIPTIONS[column].name, point, 1,
                                         H5T_NATIVE_DOUBLE, values, report);
    if (status != PH_OK)
        return status;
    bool good = column != CLASS || make_room(self, point, lengths, values, &status);
    for (size_t i = 0; good && i < block(shape, lengths); i++) {
        size_t at[3];
        unravel(shape, lengths, i, at);
        good = set(self, column, point, at, values[i]);
    }
    if (status != PH_OK)
        return ph_fail(report, status, "no memory to read %s", file->path);
    return good ? PH_OK
                : ph_fail(report, PH_ERR_DAMAGED,
                          "%s: impossible numbers in \"%s\" at point %zu; the file is damaged or "
                          "not polyhebb's: make it anew with 'polyhebb phase'",
                          file->path, DESCRIPTIONS[column].name, point);
}

static int write_block(ph_gridfile_t *file, const ph_attractor_map_t *self, column_t column,
                       size_t point, const lengths_t *lengths, double *values, ph_report_t *report)
{
    const shape_t shape = DESCRIPTIONS[column].shape;
    for (size_t i = 0; i < block(shape, lengths); i++) {
        size_t at[3];
        unravel(shape, lengths, i, at);
        values[i] = get(self, column, point, at);
    }
    return ph_gridfile_write_points(file, DESCRIPTIONS[column].name, point, 1, H5T_NATIVE_DOUBLE,
                                    values, report);
}

static int move_all(ph_gridfile_t *file, ph_attractor_map_t *self, const lengths_t *lengths,
                    bool write, ph_report_t *report)
{
    double *values = malloc(block(OF_STATE_PATTERN, lengths) * sizeof(*values));
    if (values == NULL)
        return ph_fail(report, PH_ERR_MEMORY, "no memory for the arrays of %s", file->path);
    int status = PH_OK;
    for (size_t p = 0; p < self->grid->points_count; p++) {
        /* What makes room comes first. */
        if (!write && status == PH_OK)
            status = read_block(file, self, CLASS, p, lengths, values, report);
        for (int column = 0; column < COLUMNS && status == PH_OK; column++)
            if (write)
                status = write_block(file, self, (column_t)column, p, lengths, values, report);
            else if (column != CLASS)
                status = read_block(file, self, (column_t)column, p, lengths, values, report);
    }
    free(values);
    return status;
}

int ph_attractors_write(const ph_attractor_map_t *self, const char *path, ph_report_t *report)
{
    PH_FLOATING_GUARD();
    ph_gridfile_t file;
    const lengths_t lengths = lengths_of(self);
    int status = ph_gridfile_create(&file, path, "attractors", self->grid, report);
    if (status == PH_OK)
        status = make_layout(&file, &lengths, report);
    /* Writing reads from it only. */
    if (status == PH_OK)
        status = move_all(&file, (ph_attractor_map_t *)self, &lengths, true, report);
    if (status == PH_OK)
        status = ph_gridfile_commit(&file, report);
    ph_gridfile_close(&file);
    return status;
}

/* What the arrays promise of each other. */
static int check(const ph_attractor_map_t *self, const char *path, ph_report_t *report)
{
    for (size_t k = 0; k < self->grid->points_count * self->samples; k++) {
        const ph_attractors_t *network = &self->networks[k];
        size_t ground = 0;
        while (ground < network->count && !network->states[ground].stable)
            ground++;
        bool good = network->ground == (ground < network->count ? (int)ground : -1);
        for (size_t i = 0; i < network->count; i++) {
            const ph_attractor_label_t *label = &network->states[i].label;
            good = good &&
                   (i == 0 || network->states[i - 1].free_energy <= network->states[i].free_energy);
            for (size_t m = 0; m < label->count; m++)
                good = good && label->members[m] != 0;
        }
        if (!good)
            return ph_fail(report, PH_ERR_DAMAGED,
                           "%s: the states of sample %zu at point %zu contradict each other; the "
                           "file is damaged or not polyhebb's: make it anew with 'polyhebb phase'",
                           path, 1 + k % self->samples, k / self->samples);
    }
    return PH_OK;
}

/* Were every network to have as many states as the one that has most. */
static int check_memory(const ph_gridfile_t *file, const lengths_t *lengths, ph_report_t *report)
{
    const double state = (double)sizeof(ph_attractor_t) + 16.0 * (double)lengths->patterns;
    const double bytes = (double)(file->grid->points_count + 1) * (double)lengths->samples *
                         (double)lengths->states * state;
    const ph_limit_t limit = ph_machine_memory();
    if (bytes <= (double)limit.value)
        return PH_OK;
    return ph_fail(report, PH_ERR_LIMIT,
                   "%s: its states may take %.0f MB, and there are %.0f MB (%s)", file->path,
                   bytes / 1e6, (double)limit.value / 1e6, limit.source);
}

static int read_file(ph_attractor_map_t *self, ph_gridfile_t *file, const ph_grid_t *grid,
                     ph_report_t *report)
{
    lengths_t lengths = {ph_attractor_samples(grid), 0, (size_t)grid->patterns_max};
    int status = ph_attractor_map_init(self, grid, report);
    if (status == PH_OK)
        status = ph_gridfile_length(file, "state", &lengths.states, report);
    if (status == PH_OK &&
        (lengths.states < 1 || lengths.states > ph_cues_count(PH_ATTRACTORS_PATTERNS_MAX, false)))
        status = ph_fail(report, PH_ERR_DAMAGED, "%s: impossible number of states", file->path);
    if (status == PH_OK)
        status = check_memory(file, &lengths, report);
    if (status == PH_OK)
        status = make_layout(file, &lengths, report);
    if (status == PH_OK)
        status = move_all(file, self, &lengths, false, report);
    return status == PH_OK ? check(self, file->path, report) : status;
}

int ph_attractors_read(ph_attractor_map_t *self, const ph_grid_t *grid, const char *path,
                       ph_report_t *report)
{
    PH_FLOATING_GUARD();
    ph_gridfile_t file;
    memset(self, 0, sizeof(*self));
    int status = ph_gridfile_open(&file, path, "attractors", report);
    if (status == PH_OK && !ph_digest_equal(file.grid->digest, grid->digest)) {
        status = ph_fail(report, PH_ERR_MISMATCH, "%s: the states of another grid", path);
        ph_grid_differences(grid, "this grid", file.grid, path, report);
    }
    if (status == PH_OK)
        status = read_file(self, &file, grid, report);
    if (status == PH_OK)
        ph_attractor_map_count(self);
    else if (self->grid != NULL)
        ph_attractor_map_free(self);
    ph_gridfile_close(&file);
    return status;
}
