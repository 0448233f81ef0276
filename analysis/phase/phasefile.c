/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "analysis/phase/phase_private.h"
#include "analysis/phase/phasefile_private.h"
#include "analysis/phase/trace_private.h"
#include "base/floating.h"
#include "sim/store/gridfile.h"

enum { NAME_SIZE = 96 };

/* The arrays of states; those of points first, then of states, then of patterns. */
typedef enum {
    GROUND,
    REACHED,
    DEGREE,
    LABEL,
    KIND,
    FREE_ENERGY,
    RESIDUAL,
    COPIES,
    EXAMPLES,
    MAGNETIZATION,
    OVERLAP,
    SPECTRUM,
    COLUMNS
} column_t;

/* The arrays of boundaries along one axis. */
typedef enum { PLACE, BEFORE, AFTER, EVENT, PARTS } part_t;

typedef struct {
    const char *name, *long_name;
    bool whole; /* int16, absent -1; else float64, absent NaN */
} description_t;

static const description_t DESCRIPTIONS[COLUMNS] = {
    {"ground_state", "number of the state of lowest free energy among the stable ones", true},
    {"reached_state", "number of the state the flow from the start ends in, -1: not found", true},
    {"degree",
     "sum over all states of (-1)^(negative eigenvalues): not 1 where some are missing; 1 is "
     "necessary, not sufficient, for all to be there",
     false},
    {"label", "what the state is called", true},
    {"kind", "stable (the ground state), metastable, unstable", true},
    {"free_energy", "free energy per neuron (energy at zero noise)", false},
    {"residual", "largest residual of the self-consistency equations", false},
    {"copies", "states that signs and permutations of alike patterns make of it", false},
    {"example_stability",
     "Lambda: positive where the examples of a pattern keep equal overlaps; infinite unless "
     "unsupervised",
     false},
    {"magnetization", "Mattis magnetization of each archetype", false},
    {"overlap", "order parameter of each feature (storage: the magnetization)", false},
    {"spectrum", "eigenvalues of the stability matrix, ascending", false},
};

/* The arrays of example states, one a point: [pattern] first. */
typedef enum {
    EXAMPLE_SINGLE,
    EXAMPLE_REST,
    EXAMPLE_MAGNETIZATION,
    EXAMPLE_FREE_ENERGY,
    EXAMPLE_STABILITY,
    EXAMPLE_RESIDUAL,
    EXAMPLE_COLUMNS
} example_column_t;

static const description_t EXAMPLE_DESCRIPTIONS[EXAMPLE_COLUMNS] = {
    {"example_state_single", "overlap with the example that is apart; NaN: no such state", false},
    {"example_state_rest", "overlap with each other example of the same pattern", false},
    {"example_state_magnetization", "Mattis magnetization in the state of single examples", false},
    {"example_state_free_energy", "free energy per neuron of the lowest state of single examples",
     false},
    {"example_state_stability", "least eigenvalue of its stability matrix", false},
    {"example_state_residual", "largest residual of its self-consistency equations", false},
};

static const char *const PART_NAMES[PARTS] = {"", "_label", "_other", "_kind"};

static bool of_state(column_t column)
{
    return column >= LABEL;
}

static bool of_pattern(column_t column)
{
    return column >= MAGNETIZATION;
}

/* Length of a dimension beyond the axes: the longest there is, or one. */
typedef struct {
    size_t states, patterns, ends, changes;
} lengths_t;

static lengths_t lengths_of(const ph_phase_t *self)
{
    lengths_t lengths = {1, (size_t)self->grid->patterns_max, 1, 1};
    for (size_t p = 0; p < self->grid->points_count; p++) {
        if (self->points[p].count > lengths.states)
            lengths.states = self->points[p].count;
        for (size_t k = 0; k < self->directions_count; k++) {
            const ph_direction_t *direction = &self->directions[k];
            if (direction->ends[p].count > lengths.ends)
                lengths.ends = direction->ends[p].count;
            if (direction->changes[p].count > lengths.changes)
                lengths.changes = direction->changes[p].count;
        }
    }
    return lengths;
}

static double *real_member(ph_fixed_point_t *state, column_t column, size_t mu)
{
    switch (column) {
    case FREE_ENERGY:
        return &state->free_energy;
    case RESIDUAL:
        return &state->residual;
    case COPIES:
        return &state->copies;
    case EXAMPLES:
        return &state->example_stability;
    case MAGNETIZATION:
        return &state->magnetization[mu];
    case OVERLAP:
        return &state->overlap[mu];
    default:
        return &state->spectrum[mu];
    }
}

static double get(const ph_phase_t *self, column_t column, size_t point, size_t i, size_t mu)
{
    ph_states_t *states = &self->points[point];
    const bool whole = DESCRIPTIONS[column].whole;
    if (states->count == 0 || (of_state(column) && i >= states->count) ||
        (of_pattern(column) && mu >= states->patterns))
        return whole ? -1.0 : (double)NAN;
    switch (column) {
    case GROUND:
        return (double)states->ground;
    case REACHED:
        return states->reached;
    case DEGREE:
        return states->degree;
    case LABEL:
        return ph_label_code(states->states[i].label, ph_phase_label_patterns(self->grid));
    case KIND:
        return states->states[i].kind;
    default:
        return *real_member(&states->states[i], column, mu);
    }
}

/* false where the number cannot be. The first array of states makes room for them. */
static bool set(ph_phase_t *self, column_t column, size_t point, size_t i, size_t mu, double value)
{
    ph_states_t *states = &self->points[point];
    const size_t patterns = ph_phase_label_patterns(self->grid);
    if (column == GROUND || column == REACHED) {
        if (!(value >= -1.0 && value < PH_STATES_MAX))
            return false;
        if (column == GROUND)
            states->ground = value < 0.0 ? PH_STATES_MAX : (size_t)value;
        else
            states->reached = (int)value;
    } else if (column == DEGREE) {
        states->degree = value;
    } else if (column == LABEL) {
        if (!(value >= -1.0 && value < (double)ph_label_codes(patterns)))
            return false;
        if (value >= 0.0) {
            if (i != states->count) /* states without a gap */
                return false;
            states->states[i].label = ph_label_of((int)value, patterns);
            states->count = i + 1;
        }
    } else if (i < states->count && column == KIND) {
        if (!(value >= 0.0 && value < PH_STABILITY_COUNT))
            return false;
        states->states[i].kind = (ph_stability_t)value;
    } else if (i < states->count && mu < PH_STATES_PATTERNS_MAX) {
        *real_member(&states->states[i], column, mu) = value;
    }
    return true;
}

static void kind_word(size_t code, size_t patterns, char *text, size_t size)
{
    (void)patterns;
    snprintf(text, size, "%s", ph_stability_text((ph_stability_t)code));
}

static int make_column(ph_gridfile_t *file, column_t column, ph_report_t *report)
{
    static const char *const DIMS[] = {"state", "pattern"};
    const double nothing = NAN;
    const int16_t none = -1;
    const description_t *row = &DESCRIPTIONS[column];
    const ph_array_t array = {row->name,
                              row->long_name,
                              "1",
                              row->whole ? H5T_NATIVE_INT16 : H5T_NATIVE_DOUBLE,
                              row->whole ? (const void *)&none : (const void *)&nothing,
                              of_pattern(column) ? 2
                              : of_state(column) ? 1
                                                 : 0,
                              DIMS,
                              0,
                              NULL};
    int status = ph_gridfile_array(file, &array, report);
    if (status != PH_OK || file->temporary == NULL)
        return status;
    if (column == LABEL)
        return ph_phase_mark(file, row->name, ph_label_codes(ph_phase_label_patterns(file->grid)),
                             ph_phase_label_word, report);
    return column == KIND ? ph_phase_mark(file, row->name, PH_STABILITY_COUNT, kind_word, report)
                          : PH_OK;
}

/* "end_noise_label" */
static void part_name(const ph_grid_t *grid, const ph_direction_t *direction, bool changes,
                      part_t part, char *name)
{
    snprintf(name, NAME_SIZE, "%s_%s%s", changes ? "change" : "end",
             ph_schema(grid->axes[direction->axis].coordinates[0].key)->name, PART_NAMES[part]);
}

static int make_part(ph_gridfile_t *file, const ph_direction_t *direction, bool changes,
                     part_t part, ph_report_t *report)
{
    static const char *const END[] = {"end"}, *const CHANGE[] = {"change"};
    static const char *const LONG_NAMES[2][PARTS] = {
        {"where a stable state ends, between this value and the next",
         "label of the state that ends", "label of the state that follows", "how it ends"},
        {"where the ground state changes, between this value and the next",
         "label of the ground state before", "label of the ground state after", "how it changes"}};
    const double nothing = NAN;
    const int16_t none = -1;
    char name[NAME_SIZE];
    part_name(file->grid, direction, changes, part, name);
    const ph_coordinate_t *along = &file->grid->axes[direction->axis].coordinates[0];
    const ph_array_t array = {name,
                              LONG_NAMES[changes][part],
                              part == PLACE ? ph_schema(along->key)->unit : "1",
                              part == PLACE ? H5T_NATIVE_DOUBLE : H5T_NATIVE_INT16,
                              part == PLACE ? (const void *)&nothing : (const void *)&none,
                              1,
                              changes ? CHANGE : END,
                              0,
                              NULL};
    int status = ph_gridfile_array(file, &array, report);
    if (status != PH_OK || file->temporary == NULL || part == PLACE)
        return status;
    if (part == EVENT)
        return ph_phase_mark(file, name, PH_BOUNDARY_COUNT, ph_phase_event_word, report);
    return ph_phase_mark(file, name, ph_label_codes(ph_phase_label_patterns(file->grid)),
                         ph_phase_label_word, report);
}

static bool has_examples(const ph_grid_t *grid)
{
    for (size_t p = 0; p < grid->points_count; p++)
        if (ph_rule_splits(grid->points[p].rule))
            return true;
    return false;
}

static bool column_of_pattern(example_column_t column)
{
    return column < EXAMPLE_FREE_ENERGY;
}

static double *example_member(ph_example_state_t *state, example_column_t column, size_t mu)
{
    switch (column) {
    case EXAMPLE_SINGLE:
        return &state->single[mu];
    case EXAMPLE_REST:
        return &state->rest[mu];
    case EXAMPLE_MAGNETIZATION:
        return &state->magnetization[mu];
    case EXAMPLE_FREE_ENERGY:
        return &state->free_energy;
    case EXAMPLE_STABILITY:
        return &state->stability;
    default:
        return &state->residual;
    }
}

static int make_example_column(ph_gridfile_t *file, example_column_t column, ph_report_t *report)
{
    static const char *const DIMS[] = {"pattern"};
    const double nothing = NAN;
    const description_t *row = &EXAMPLE_DESCRIPTIONS[column];
    const ph_array_t array = {row->name, row->long_name,
                              "1",       H5T_NATIVE_DOUBLE,
                              &nothing,  column_of_pattern(column) ? 1 : 0,
                              DIMS,      0,
                              NULL};
    return ph_gridfile_array(file, &array, report);
}

/* Writes or reads one array of example states; there is one where its free energy is a number. */
static int move_example_column(ph_gridfile_t *file, ph_phase_t *self, example_column_t column,
                               bool write, double *values, ph_report_t *report)
{
    const size_t patterns = column_of_pattern(column) ? (size_t)self->grid->patterns_max : 1;
    const size_t count = self->grid->points_count * patterns;
    const char *name = EXAMPLE_DESCRIPTIONS[column].name;
    for (size_t k = 0; write && k < count; k++) {
        ph_example_state_t *state = &self->examples[k / patterns];
        const bool there =
            state->found &&
            (patterns == 1 || k % patterns < (size_t)self->grid->points[k / patterns].patterns);
        values[k] = there ? *example_member(state, column, k % patterns) : (double)NAN;
    }
    int status = write ? ph_gridfile_write_all(file, name, H5T_NATIVE_DOUBLE, values, report)
                       : ph_gridfile_read_all(file, name, H5T_NATIVE_DOUBLE, values, report);
    for (size_t k = 0; status == PH_OK && !write && k < count; k++) {
        if (k % patterns < PH_STATES_PATTERNS_MAX)
            *example_member(&self->examples[k / patterns], column, k % patterns) = values[k];
        if (column == EXAMPLE_FREE_ENERGY)
            self->examples[k].found = !isnan(values[k]);
    }
    return status;
}

static int make_dim(ph_gridfile_t *file, const char *name, size_t length, const char *long_name,
                    ph_report_t *report)
{
    double *values = malloc(length * sizeof(*values));
    if (values == NULL)
        return ph_fail(report, PH_ERR_MEMORY, "no memory for a phase file");
    for (size_t i = 0; i < length; i++)
        values[i] = (double)(i + (strcmp(name, "pattern") == 0 ? 1 : 0));
    int status = ph_gridfile_dim(file, name, length, values, "1", long_name, report);
    free(values);
    return status;
}

static int make_layout(ph_gridfile_t *file, const ph_phase_t *self, const lengths_t *lengths,
                       ph_report_t *report)
{
    int status =
        make_dim(file, "state", lengths->states, "number of the state by free energy", report);
    if (status == PH_OK)
        status = make_dim(file, "pattern", lengths->patterns,
                          "archetype; alike ones by descending magnetization", report);
    if (status == PH_OK && self->directions_count > 0)
        status = make_dim(file, "end", lengths->ends, "number of the end", report);
    if (status == PH_OK && self->directions_count > 0)
        status = make_dim(file, "change", lengths->changes, "number of the change", report);
    for (int column = 0; column < COLUMNS && status == PH_OK; column++)
        status = make_column(file, (column_t)column, report);
    for (int column = 0; column < EXAMPLE_COLUMNS && status == PH_OK && has_examples(self->grid);
         column++)
        status = make_example_column(file, (example_column_t)column, report);
    for (size_t k = 0; k < self->directions_count; k++)
        for (int i = 0; i < 2 * PARTS && status == PH_OK; i++)
            status = make_part(file, &self->directions[k], i >= PARTS, (part_t)(i % PARTS), report);
    return status;
}

/* Writes or reads one array of states. */
static int move_column(ph_gridfile_t *file, ph_phase_t *self, column_t column,
                       const lengths_t *lengths, bool write, double *values, ph_report_t *report)
{
    const size_t states = of_state(column) ? lengths->states : 1;
    const size_t patterns = of_pattern(column) ? lengths->patterns : 1;
    const char *name = DESCRIPTIONS[column].name;
    const size_t count = self->grid->points_count * states * patterns;
    bool good = true;
    for (size_t k = 0; write && k < count; k++)
        values[k] = get(self, column, k / patterns / states, k / patterns % states, k % patterns);
    int status = write ? ph_gridfile_write_all(file, name, H5T_NATIVE_DOUBLE, values, report)
                       : ph_gridfile_read_all(file, name, H5T_NATIVE_DOUBLE, values, report);
    for (size_t k = 0; status == PH_OK && !write && k < count; k++)
        good = set(self, column, k / patterns / states, k / patterns % states, k % patterns,
                   values[k]) &&
               good;
    return status == PH_OK && !good ? ph_fail(report, PH_ERR_DAMAGED,
                                              "%s: impossible numbers in \"%s\"", file->path, name)
                                    : status;
}

static double get_part(const ph_phase_t *self, const ph_direction_t *direction, bool changes,
                       part_t part, size_t point, size_t i)
{
    const ph_boundaries_t *found = changes ? &direction->changes[point] : &direction->ends[point];
    const size_t patterns = ph_phase_label_patterns(self->grid);
    if (i >= found->count)
        return part == PLACE ? (double)NAN : -1.0;
    const ph_boundary_t *boundary = &found->items[i];
    switch (part) {
    case PLACE:
        return ph_phase_place(self->grid, direction->axis, point, boundary->share);
    case BEFORE:
        return ph_label_code(boundary->label, patterns);
    case AFTER:
        return ph_label_code(boundary->other, patterns);
    default:
        return boundary->kind;
    }
}

static bool set_part(ph_phase_t *self, ph_direction_t *direction, bool changes, part_t part,
                     size_t point, size_t i, double value)
{
    ph_boundaries_t *found = changes ? &direction->changes[point] : &direction->ends[point];
    const size_t patterns = ph_phase_label_patterns(self->grid);
    if (i >= PH_BOUNDARIES_MAX)
        return false;
    if (part == PLACE) {
        if (!isnan(value)) {
            if (i != found->count) /* boundaries without a gap */
                return false;
            found->items[i].share = ph_phase_share(self->grid, direction->axis, point, value);
            found->count = i + 1;
        }
        return true;
    }
    if (i >= found->count)
        return true;
    if (!(value >= 0.0 &&
          value < (part == EVENT ? PH_BOUNDARY_COUNT : (double)ph_label_codes(patterns))))
        return false;
    if (part == EVENT)
        found->items[i].kind = (ph_boundary_kind_t)value;
    else
        *(part == BEFORE ? &found->items[i].label : &found->items[i].other) =
            ph_label_of((int)value, patterns);
    return true;
}

static int move_part(ph_gridfile_t *file, ph_phase_t *self, ph_direction_t *direction, bool changes,
                     part_t part, const lengths_t *lengths, bool write, double *values,
                     ph_report_t *report)
{
    const size_t length = changes ? lengths->changes : lengths->ends;
    const size_t count = self->grid->points_count * length;
    char name[NAME_SIZE];
    bool good = true;
    part_name(self->grid, direction, changes, part, name);
    for (size_t k = 0; write && k < count; k++)
        values[k] = get_part(self, direction, changes, part, k / length, k % length);
    int status = write ? ph_gridfile_write_all(file, name, H5T_NATIVE_DOUBLE, values, report)
                       : ph_gridfile_read_all(file, name, H5T_NATIVE_DOUBLE, values, report);
    for (size_t k = 0; status == PH_OK && !write && k < count; k++)
        good = set_part(self, direction, changes, part, k / length, k % length, values[k]) && good;
    return status == PH_OK && !good ? ph_fail(report, PH_ERR_DAMAGED,
                                              "%s: impossible numbers in \"%s\"", file->path, name)
                                    : status;
}

static int move_all(ph_gridfile_t *file, ph_phase_t *self, const lengths_t *lengths, bool write,
                    ph_report_t *report)
{
    size_t longest = lengths->states * lengths->patterns;
    longest = lengths->ends > longest ? lengths->ends : longest;
    longest = lengths->changes > longest ? lengths->changes : longest;
    double *values = malloc(self->grid->points_count * longest * sizeof(*values));
    if (values == NULL)
        return ph_fail(report, PH_ERR_MEMORY, "no memory for the arrays of %s", file->path);
    int status = PH_OK;
    for (int column = 0; column < COLUMNS && status == PH_OK; column++)
        status = move_column(file, self, (column_t)column, lengths, write, values, report);
    for (int column = 0; column < EXAMPLE_COLUMNS && status == PH_OK && has_examples(self->grid);
         column++)
        status = move_example_column(file, self, (example_column_t)column, write, values, report);
    for (size_t k = 0; k < self->directions_count; k++)
        for (int i = 0; i < 2 * PARTS && status == PH_OK; i++)
            status = move_part(file, self, &self->directions[k], i >= PARTS, (part_t)(i % PARTS),
                               lengths, write, values, report);
    free(values);
    return status;
}

int ph_phase_write(const ph_phase_t *self, const char *path, ph_report_t *report)
{
    PH_FLOATING_GUARD();
    ph_gridfile_t file;
    const lengths_t lengths = lengths_of(self);
    int status = ph_gridfile_create(&file, path, "phase", self->grid, report);
    if (status == PH_OK)
        status = make_layout(&file, self, &lengths, report);
    /* Writing reads from it only. */
    if (status == PH_OK)
        status = move_all(&file, (ph_phase_t *)self, &lengths, true, report);
    if (status == PH_OK)
        status = ph_curves_write(&self->curves, self, &file, report);
    if (status == PH_OK)
        status = ph_gridfile_commit(&file, report);
    ph_gridfile_close(&file);
    return status;
}

static int read_lengths(ph_gridfile_t *file, const ph_phase_t *self, lengths_t *lengths,
                        ph_report_t *report)
{
    *lengths = (lengths_t){0, (size_t)file->grid->patterns_max, 1, 1};
    int status = ph_gridfile_length(file, "state", &lengths->states, report);
    if (status == PH_OK && self->directions_count > 0)
        status = ph_gridfile_length(file, "end", &lengths->ends, report);
    if (status == PH_OK && self->directions_count > 0)
        status = ph_gridfile_length(file, "change", &lengths->changes, report);
    if (status == PH_OK &&
        (lengths->states < 1 || lengths->states > PH_STATES_MAX ||
         lengths->ends > PH_BOUNDARIES_MAX || lengths->changes > PH_BOUNDARIES_MAX))
        return ph_fail(report, PH_ERR_DAMAGED, "%s: impossible numbers of states or boundaries",
                       file->path);
    return status;
}

/* Room for as many states at every point as any has. */
static int make_room(ph_phase_t *self, const ph_grid_t *grid, size_t states)
{
    for (size_t p = 0; p < grid->points_count; p++) {
        self->points[p].patterns = (size_t)grid->points[p].patterns;
        self->points[p].states = calloc(states, sizeof(*self->points[p].states));
        if (self->points[p].states == NULL)
            return PH_ERR_MEMORY;
    }
    return PH_OK;
}

static int read_file(ph_phase_t *self, ph_gridfile_t *file, const ph_grid_t *grid,
                     ph_report_t *report)
{
    lengths_t lengths;
    int status = ph_phase_init(self, grid);
    if (status != PH_OK)
        return ph_fail(report, status, "no memory to read %s", file->path);
    status = read_lengths(file, self, &lengths, report);
    if (status == PH_OK)
        status = make_layout(file, self, &lengths, report);
    if (status == PH_OK && make_room(self, grid, lengths.states) != PH_OK)
        return ph_fail(report, PH_ERR_MEMORY, "no memory to read %s", file->path);
    if (status == PH_OK)
        status = move_all(file, self, &lengths, false, report);
    if (status == PH_OK)
        status = ph_phase_check(self, file->path, report);
    return status == PH_OK ? ph_curves_read(&self->curves, self, file, report) : status;
}

int ph_phase_read(ph_phase_t *self, const ph_grid_t *grid, const char *path, ph_report_t *report)
{
    PH_FLOATING_GUARD();
    ph_gridfile_t file;
    memset(self, 0, sizeof(*self));
    int status = ph_gridfile_open(&file, path, "phase", report);
    if (status == PH_OK && !ph_digest_equal(file.grid->digest, grid->digest)) {
        status = ph_fail(report, PH_ERR_MISMATCH, "%s: the phase diagram of another grid", path);
        ph_grid_differences(grid, "this grid", file.grid, path, report);
    }
    if (status == PH_OK)
        status = read_file(self, &file, grid, report);
    if (status == PH_OK)
        ph_phase_count(self);
    else if (self->grid != NULL)
        ph_phase_free(self);
    ph_gridfile_close(&file);
    return status;
}
