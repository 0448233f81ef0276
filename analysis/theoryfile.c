/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "analysis/theoryfile.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "sim/store/gridfile.h"

/* States laid out as the file has them: rows of patterns_max magnetizations padded with NaN. */
typedef struct {
    size_t states, patterns;
    double *magnetization, *examples, *free_energy, *residual, *stability;
    int8_t *converged, *doubtful;
} ph_columns_t;

static int columns_init(ph_columns_t *self, size_t states, size_t patterns, ph_report_t *report)
{
    self->states = states;
    self->patterns = patterns;
    self->magnetization = malloc(states * patterns * sizeof(double));
    self->examples = malloc(states * patterns * sizeof(double));
    self->free_energy = malloc(states * sizeof(double));
    self->residual = malloc(states * sizeof(double));
    self->stability = malloc(states * sizeof(double));
    self->converged = malloc(states);
    self->doubtful = malloc(states);
    if (self->magnetization == NULL || self->examples == NULL || self->free_energy == NULL ||
        self->residual == NULL || self->stability == NULL || self->converged == NULL ||
        self->doubtful == NULL)
        return ph_fail(report, PH_ERR_MEMORY, "no memory for the states of a theory file");
    return PH_OK;
}

static void columns_free(ph_columns_t *self)
{
    free(self->magnetization);
    free(self->examples);
    free(self->free_energy);
    free(self->residual);
    free(self->stability);
    free(self->converged);
    free(self->doubtful);
}

static void columns_fill(ph_columns_t *self, const ph_state_t *states)
{
    for (size_t i = 0; i < self->states; i++) {
        double *row = self->magnetization + i * self->patterns;
        double *examples = self->examples + i * self->patterns;
        for (size_t mu = 0; mu < self->patterns; mu++) {
            const bool there = mu < (size_t)states[i].patterns;
            row[mu] = there ? states[i].m[mu] : (double)NAN;
            examples[mu] = there ? states[i].examples[mu] : (double)NAN;
        }
        self->free_energy[i] = states[i].free_energy;
        self->residual[i] = states[i].residual;
        self->stability[i] = states[i].stability;
        self->converged[i] = states[i].converged;
        self->doubtful[i] = states[i].doubtful;
    }
}

static void columns_empty(const ph_columns_t *self, ph_state_t *states, bool learning)
{
    for (size_t i = 0; i < self->states; i++) {
        const size_t bytes = (size_t)states[i].patterns * sizeof(double);
        memcpy(states[i].m, self->magnetization + i * self->patterns, bytes);
        if (learning)
            memcpy(states[i].examples, self->examples + i * self->patterns, bytes);
        states[i].free_energy = self->free_energy[i];
        states[i].residual = self->residual[i];
        states[i].stability = self->stability[i];
        states[i].converged = self->converged[i] != 0;
        states[i].doubtful = learning && self->doubtful[i] != 0;
    }
}

/* Whether a point has a learning rule: only then there are overlaps with examples. */
static bool has_learning(const ph_grid_t *grid)
{
    bool learning = false;
    for (size_t i = 0; i < grid->points_count; i++)
        learning = learning || grid->points[i].rule != PH_RULE_STORAGE;
    return learning;
}

/* Whether an array is part of a file: of samples only with them, of examples if some are learned.
 */
static bool is_wanted(const char *name, bool samples, bool learning)
{
    const bool of_samples = strstr(name, "_sample") != NULL;
    const bool of_learning = strncmp(name, "example_", 8) == 0 || strcmp(name, "doubtful") == 0;
    return (samples || !of_samples) && (learning || !of_learning);
}

/* The arrays of the format; in a file opened to read, the same call checks them. */
static int make_arrays(ph_gridfile_t *file, bool samples, ph_report_t *report)
{
    const double fill = NAN;
    const char *population[] = {"pattern"}, *sample[] = {"sample", "pattern"};
    const ph_array_t arrays[] = {
        {"magnetization", "Mattis magnetization of each archetype, mean field", "1",
         H5T_NATIVE_DOUBLE, &fill, 1, population, 0, NULL},
        {"free_energy", "free energy per neuron, mean field (energy at zero noise)", "1",
         H5T_NATIVE_DOUBLE, &fill, 0, NULL, 0, NULL},
        {"residual", "largest residual of the self-consistency equations", "1", H5T_NATIVE_DOUBLE,
         &fill, 0, NULL, 0, NULL},
        {"stability", "least eigenvalue of the stability matrix of the state", "1",
         H5T_NATIVE_DOUBLE, &fill, 0, NULL, 0, NULL},
        {"converged", "1 where the state was found, else 0", "1", H5T_NATIVE_INT8, NULL, 0, NULL, 0,
         NULL},
        {"magnetization_sample", "Mattis magnetization in the mean field of each sample", "1",
         H5T_NATIVE_DOUBLE, &fill, 2, sample, 0, NULL},
        {"correction_sample", "first finite-size correction to magnetization_sample", "1",
         H5T_NATIVE_DOUBLE, &fill, 2, sample, 0, NULL},
        {"free_energy_sample", "free energy per neuron in the mean field of each sample", "1",
         H5T_NATIVE_DOUBLE, &fill, 1, sample, 0, NULL},
        {"residual_sample", "largest residual, for each sample", "1", H5T_NATIVE_DOUBLE, &fill, 1,
         sample, 0, NULL},
        {"stability_sample", "least eigenvalue of the stability matrix, for each sample", "1",
         H5T_NATIVE_DOUBLE, &fill, 1, sample, 0, NULL},
        {"converged_sample", "1 where the state of the sample was found, else 0", "1",
         H5T_NATIVE_INT8, NULL, 1, sample, 0, NULL},
        {"example_magnetization", "overlap n with the mean example S/(M r) of each archetype", "1",
         H5T_NATIVE_DOUBLE, &fill, 1, population, 0, NULL},
        {"doubtful", "1 where the Gaussian limit in the examples may have the wrong phase", "1",
         H5T_NATIVE_INT8, NULL, 0, NULL, 0, NULL},
        {"example_magnetization_sample", "example_magnetization in the mean field of each sample",
         "1", H5T_NATIVE_DOUBLE, &fill, 2, sample, 0, NULL},
    };
    const bool learning = has_learning(file->grid);
    int status = PH_OK;
    for (size_t i = 0; i < sizeof(arrays) / sizeof(arrays[0]) && status == PH_OK; i++)
        if (is_wanted(arrays[i].name, samples, learning))
            status = ph_gridfile_array(file, &arrays[i], report);
    return status;
}

static int number_dim(ph_gridfile_t *file, const char *name, size_t length, const char *long_name,
                      ph_report_t *report)
{
    double *values = malloc(length * sizeof(*values));
    if (values == NULL)
        return ph_fail(report, PH_ERR_MEMORY, "no memory for a theory file");
    for (size_t i = 0; i < length; i++)
        values[i] = (double)(i + 1);
    int status = ph_gridfile_dim(file, name, length, values, "1", long_name, report);
    free(values);
    return status;
}

static int make_layout(ph_gridfile_t *file, bool samples, ph_report_t *report)
{
    int status = number_dim(file, "pattern", (size_t)file->grid->patterns_max,
                            "number of the archetype", report);
    if (status == PH_OK && samples)
        status = number_dim(file, "sample", (size_t)file->grid->samples,
                            "number of the disorder sample", report);
    return status == PH_OK ? make_arrays(file, samples, report) : status;
}

/* Moves all columns of the population or, with suffix "_sample", of the samples. */
static int move_columns(ph_gridfile_t *file, ph_columns_t *columns, const char *suffix, bool write,
                        ph_report_t *report)
{
    const struct {
        const char *name;
        hid_t type;
        void *data;
    } moves[] = {
        {"magnetization", H5T_NATIVE_DOUBLE, columns->magnetization},
        {"free_energy", H5T_NATIVE_DOUBLE, columns->free_energy},
        {"residual", H5T_NATIVE_DOUBLE, columns->residual},
        {"stability", H5T_NATIVE_DOUBLE, columns->stability},
        {"converged", H5T_NATIVE_INT8, columns->converged},
        {"example_magnetization", H5T_NATIVE_DOUBLE, columns->examples},
        {"doubtful", H5T_NATIVE_INT8, columns->doubtful},
    };
    /* the last two are of learning, the last of populations */
    const size_t count = !has_learning(file->grid) ? 5 : suffix[0] != '\0' ? 6 : 7;
    int status = PH_OK;
    for (size_t i = 0; i < count && status == PH_OK; i++) {
        char name[64];
        snprintf(name, sizeof(name), "%s%s", moves[i].name, suffix);
        status = write ? ph_gridfile_write_all(file, name, moves[i].type, moves[i].data, report)
                       : ph_gridfile_read_all(file, name, moves[i].type, moves[i].data, report);
    }
    return status;
}

static int move_states(ph_gridfile_t *file, ph_state_t *states, size_t count, const char *suffix,
                       bool write, ph_report_t *report)
{
    ph_columns_t columns = {0};
    int status = columns_init(&columns, count, (size_t)file->grid->patterns_max, report);
    if (status == PH_OK)
        memset(columns.doubtful, 0, count);
    if (status == PH_OK && write)
        columns_fill(&columns, states);
    if (status == PH_OK)
        status = move_columns(file, &columns, suffix, write, report);
    if (status == PH_OK && !write)
        columns_empty(&columns, states, has_learning(file->grid));
    columns_free(&columns);
    return status;
}

int ph_theory_write(const ph_theory_t *self, const char *path, ph_report_t *report)
{
    ph_gridfile_t file;
    const size_t points = self->grid->points_count;
    const bool samples = self->sample != NULL;
    int status = ph_gridfile_replaceable(path, "theory", report);
    if (status != PH_OK)
        return status;
    status = ph_gridfile_create(&file, path, "theory", self->grid, report);
    if (status == PH_OK)
        status = make_layout(&file, samples, report);
    if (status == PH_OK)
        status = move_states(&file, self->population, points, "", true, report);
    if (status == PH_OK && samples)
        status = move_states(&file, self->sample, points * (size_t)self->grid->samples, "_sample",
                             true, report);
    if (status == PH_OK && samples)
        status = ph_gridfile_write_all(&file, "correction_sample", H5T_NATIVE_DOUBLE,
                                       self->correction, report);
    if (status == PH_OK)
        status = ph_gridfile_commit(&file, report);
    ph_gridfile_close(&file);
    return status;
}

static int make_states(ph_theory_t *self, bool samples)
{
    const size_t points = self->grid->points_count;
    const size_t count = (size_t)self->grid->samples;
    self->population = calloc(points, sizeof(*self->population));
    if (samples) {
        self->sample = calloc(points * count, sizeof(*self->sample));
        self->correction =
            calloc(points * count * (size_t)self->grid->patterns_max, sizeof(*self->correction));
    }
    if (self->population == NULL || (samples && (self->sample == NULL || self->correction == NULL)))
        return PH_ERR_MEMORY;
    int status = PH_OK;
    for (size_t p = 0; p < points && status == PH_OK; p++) {
        const int64_t patterns = self->grid->points[p].patterns;
        status = ph_state_init(&self->population[p], patterns, patterns);
        for (size_t s = 0; samples && s < count && status == PH_OK; s++)
            status = ph_state_init(&self->sample[p * count + s], patterns, patterns);
    }
    return status;
}

static int read_states(ph_theory_t *self, ph_gridfile_t *file, ph_report_t *report)
{
    const size_t points = self->grid->points_count;
    const bool samples = ph_gridfile_has(file, "magnetization_sample");
    int status = make_layout(file, samples, report);
    if (status != PH_OK)
        return status;
    if (make_states(self, samples) != PH_OK)
        return ph_fail(report, PH_ERR_MEMORY, "no memory to read %s", file->path);
    status = move_states(file, self->population, points, "", false, report);
    if (status == PH_OK && samples)
        status = move_states(file, self->sample, points * (size_t)self->grid->samples, "_sample",
                             false, report);
    if (status == PH_OK && samples)
        status = ph_gridfile_read_all(file, "correction_sample", H5T_NATIVE_DOUBLE,
                                      self->correction, report);
    for (size_t p = 0; p < points && status == PH_OK; p++)
        self->unconverged += !self->population[p].converged;
    return status;
}

int ph_theory_read(ph_theory_t *self, const ph_grid_t *grid, const char *path, ph_report_t *report)
{
    ph_gridfile_t file;
    memset(self, 0, sizeof(*self));
    self->grid = grid;
    int status = ph_gridfile_open(&file, path, "theory", report);
    if (status == PH_OK && !ph_digest_equal(file.grid->digest, grid->digest)) {
        status = ph_fail(report, PH_ERR_MISMATCH, "%s: the theory of another grid", path);
        ph_grid_differences(grid, "this grid", file.grid, path, report);
    }
    if (status == PH_OK)
        status = read_states(self, &file, report);
    if (status != PH_OK)
        ph_theory_free(self);
    ph_gridfile_close(&file);
    return status;
}
