/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "analysis/phase/phasefile_private.h"
#include "analysis/phase/trace_private.h"

enum { NAME_SIZE = 96, LENGTH_MAX = 1 << 20 };

static const double ROUNDING = 1e-9; /* of an axis' range */

/* The arrays of curves, one number each, and of special points. */
typedef enum { KIND, GROUND, CLOSED, LEFT, RIGHT, BEGIN, END, COLUMNS } column_t;

static const char *const NAMES[COLUMNS] = {"curve_kind", "curve_ground", "curve_closed",
                                           "curve_left", "curve_right",  "curve_begin",
                                           "curve_end"};

static const char *const LONG_NAMES[COLUMNS] = {
    "what happens along the curve",
    "1: the ground state changes; 0: a metastable state ends",
    "1: the curve ends where it begins, going on as it began",
    "label left of the curve as it goes",
    "label right of the curve as it goes",
    "special point at its beginning, -1: none",
    "special point at its end, -1: none"};

/* What is moved between a file and the curves. */
typedef struct {
    ph_gridfile_t *file;
    const ph_phase_t *phase;
    ph_curves_t *curves;
    size_t points; /* of the longest curve */
    bool write;
    double *values;
    ph_report_t *report;
} transfer_t;

static const ph_coordinate_t *coordinate_of(const ph_phase_t *phase, size_t k)
{
    return &phase->grid->axes[phase->directions[k].axis].coordinates[0];
}

static void special_word(size_t code, size_t patterns, char *text, size_t size)
{
    (void)patterns;
    snprintf(text, size, "%s", ph_special_text((ph_special_kind_t)code));
}

static int make(const transfer_t *self, const char *name, const char *long_name, bool whole,
                size_t dims_count, const char *const *dims, const char *unit)
{
    const double nothing = NAN;
    const int16_t none = -1;
    const ph_array_t array = {name,
                              long_name,
                              unit,
                              whole ? H5T_NATIVE_INT16 : H5T_NATIVE_DOUBLE,
                              whole ? (const void *)&none : (const void *)&nothing,
                              dims_count,
                              dims,
                              0,
                              NULL};
    return ph_gridfile_array_apart(self->file, &array, self->report);
}

static int make_columns(const transfer_t *self)
{
    static const char *const CURVE[] = {"curve"};
    const size_t labels = ph_label_codes(ph_phase_label_patterns(self->phase->grid));
    int status = PH_OK;
    for (size_t c = 0; c < COLUMNS && status == PH_OK; c++) {
        status = make(self, NAMES[c], LONG_NAMES[c], true, 1, CURVE, "1");
        if (status != PH_OK || !self->write)
            continue;
        if (c == KIND)
            status = ph_phase_mark(self->file, NAMES[c], PH_BOUNDARY_COUNT, ph_phase_event_word,
                                   self->report);
        if (c == LEFT || c == RIGHT)
            status = ph_phase_mark(self->file, NAMES[c], labels, ph_phase_label_word, self->report);
    }
    return status;
}

static int make_layout(const transfer_t *self)
{
    static const char *const CURVE[] = {"curve", "curve_point"}, *const SPECIAL[] = {"special"};
    const ph_curves_t *curves = self->curves;
    char name[NAME_SIZE];
    int status = ph_gridfile_dim(self->file, "curve", curves->count, NULL, "1",
                                 "number of the curve", self->report);
    if (status == PH_OK)
        status = ph_gridfile_dim(self->file, "curve_point", self->points, NULL, "1",
                                 "number of the point along its curve", self->report);
    if (status == PH_OK)
        status = ph_gridfile_dim(self->file, "special", curves->specials_count, NULL, "1",
                                 "number of the special point", self->report);
    if (status == PH_OK)
        status = make_columns(self);
    for (size_t k = 0; k < 2 && status == PH_OK; k++) {
        const ph_schema_t *key = ph_schema(coordinate_of(self->phase, k)->key);
        snprintf(name, sizeof(name), "curve_%s", key->name);
        status = make(self, name, "where the points of the curve are", false, 2, CURVE, key->unit);
        snprintf(name, sizeof(name), "special_%s", key->name);
        if (status == PH_OK)
            status = make(self, name, "where the special point is", false, 1, SPECIAL, key->unit);
    }
    if (status == PH_OK)
        status = make(self, "special_kind", "what the special point is", true, 1, SPECIAL, "1");
    return status == PH_OK && self->write
               ? ph_phase_mark(self->file, "special_kind", PH_SPECIAL_COUNT, special_word,
                               self->report)
               : status;
}

static int move(const transfer_t *self, const char *name)
{
    return self->write ? ph_gridfile_write_all(self->file, name, H5T_NATIVE_DOUBLE, self->values,
                                               self->report)
                       : ph_gridfile_read_all(self->file, name, H5T_NATIVE_DOUBLE, self->values,
                                              self->report);
}

static double get(const transfer_t *self, column_t column, const ph_curve_t *curve)
{
    const size_t patterns = ph_phase_label_patterns(self->phase->grid);
    switch (column) {
    case KIND:
        return curve->kind;
    case GROUND:
        return curve->ground;
    case CLOSED:
        return curve->closed;
    case LEFT:
        return ph_label_code(curve->left, patterns);
    case RIGHT:
        return ph_label_code(curve->right, patterns);
    default:
        return curve->ends[column == END];
    }
}

/* false where the number cannot be. */
static bool set(const transfer_t *self, column_t column, ph_curve_t *curve, double value)
{
    const size_t patterns = ph_phase_label_patterns(self->phase->grid);
    const double labels = (double)ph_label_codes(patterns);
    switch (column) {
    case KIND:
        curve->kind = value >= 0.0 && value < PH_BOUNDARY_COUNT ? (ph_boundary_kind_t)value
                                                                : PH_BOUNDARY_COUNT;
        return curve->kind < PH_BOUNDARY_COUNT;
    case GROUND:
        curve->ground = value == 1.0;
        return value == 0.0 || value == 1.0;
    case CLOSED:
        curve->closed = value == 1.0;
        return value == 0.0 || value == 1.0;
    case LEFT:
    case RIGHT:
        if (!(value >= 0.0 && value < labels))
            return false;
        *(column == LEFT ? &curve->left : &curve->right) = ph_label_of((int)value, patterns);
        return true;
    default:
        if (!(value >= -1.0 && value < (double)self->curves->specials_count))
            return false;
        curve->ends[column == END] = (int)value;
        return true;
    }
}

static bool inside(const transfer_t *self, size_t k, double value)
{
    const ph_axis_t *axis = &self->phase->grid->axes[self->phase->directions[k].axis];
    const double low = axis->coordinates[0].values[0];
    const double high = axis->coordinates[0].values[axis->size - 1];
    const double room = ROUNDING * (high - low);
    return value >= low - room && value <= high + room;
}

/* Along one axis; the points of a curve are without a gap. */
static bool take_places(transfer_t *self, size_t k)
{
    bool good = true;
    for (size_t i = 0; i < self->curves->count; i++) {
        ph_curve_t *curve = &self->curves->items[i];
        size_t count = 0;
        for (size_t n = 0; n < self->points; n++) {
            const double value = self->values[i * self->points + n];
            if (isnan(value))
                continue;
            good = good && n == count && inside(self, k, value);
            curve->places[n][k] = value;
            count++;
        }
        good = good && count > 1 && (k == 0 || count == curve->count);
        curve->count = count;
    }
    return good;
}

static int move_places(transfer_t *self, size_t k, bool *good)
{
    char name[NAME_SIZE];
    snprintf(name, sizeof(name), "curve_%s", ph_schema(coordinate_of(self->phase, k)->key)->name);
    for (size_t i = 0; self->write && i < self->curves->count * self->points; i++) {
        const ph_curve_t *curve = &self->curves->items[i / self->points];
        const size_t n = i % self->points;
        self->values[i] = n < curve->count ? curve->places[n][k] : (double)NAN;
    }
    int status = move(self, name);
    if (status == PH_OK && !self->write)
        *good = take_places(self, k) && *good;
    return status;
}

static int move_specials(transfer_t *self, bool *good)
{
    ph_curves_t *curves = self->curves;
    char name[NAME_SIZE];
    int status = PH_OK;
    for (size_t k = 0; k < 2 && status == PH_OK; k++) {
        snprintf(name, sizeof(name), "special_%s",
                 ph_schema(coordinate_of(self->phase, k)->key)->name);
        for (size_t i = 0; self->write && i < curves->specials_count; i++)
            self->values[i] = curves->specials[i].place[k];
        status = move(self, name);
        for (size_t i = 0; status == PH_OK && !self->write && i < curves->specials_count; i++) {
            *good = *good && inside(self, k, self->values[i]);
            curves->specials[i].place[k] = self->values[i];
        }
    }
    for (size_t i = 0; self->write && i < curves->specials_count; i++)
        self->values[i] = curves->specials[i].kind;
    if (status == PH_OK)
        status = move(self, "special_kind");
    for (size_t i = 0; status == PH_OK && !self->write && i < curves->specials_count; i++) {
        *good = *good && self->values[i] >= 0.0 && self->values[i] < PH_SPECIAL_COUNT;
        curves->specials[i].kind = *good ? (ph_special_kind_t)self->values[i] : PH_SPECIAL_AXIS;
    }
    return status;
}

static int move_columns(transfer_t *self, bool *good)
{
    ph_curves_t *curves = self->curves;
    int status = PH_OK;
    for (size_t c = 0; c < COLUMNS && status == PH_OK; c++) {
        for (size_t i = 0; self->write && i < curves->count; i++)
            self->values[i] = get(self, (column_t)c, &curves->items[i]);
        status = move(self, NAMES[c]);
        for (size_t i = 0; status == PH_OK && !self->write && i < curves->count; i++)
            *good = set(self, (column_t)c, &curves->items[i], self->values[i]) && *good;
    }
    return status;
}

static int move_all(transfer_t *self)
{
    const ph_curves_t *curves = self->curves;
    const size_t most = curves->count * self->points + curves->specials_count;
    bool good = true;
    self->values = malloc(most * sizeof(*self->values));
    if (self->values == NULL)
        return ph_fail(self->report, PH_ERR_MEMORY, "no memory for the curves of %s",
                       self->file->path);
    int status = make_layout(self);
    if (status == PH_OK)
        status = move_specials(self, &good);
    if (status == PH_OK)
        status = move_columns(self, &good);
    for (size_t k = 0; k < 2 && status == PH_OK; k++)
        status = move_places(self, k, &good);
    free(self->values);
    return status == PH_OK && !good
               ? ph_fail(self->report, PH_ERR_DAMAGED, "%s: impossible numbers in the curves",
                         self->file->path)
               : status;
}

int ph_curves_write(const ph_curves_t *self, const ph_phase_t *phase, ph_gridfile_t *file,
                    ph_report_t *report)
{
    /* Writing reads from them only. */
    transfer_t job = {.file = file,
                      .phase = phase,
                      .curves = (ph_curves_t *)self,
                      .write = true,
                      .report = report};
    for (size_t i = 0; i < self->count; i++)
        job.points = self->items[i].count > job.points ? self->items[i].count : job.points;
    return self->count > 0 && self->specials_count > 0 ? move_all(&job) : PH_OK;
}

int ph_curves_read(ph_curves_t *self, const ph_phase_t *phase, ph_gridfile_t *file,
                   ph_report_t *report)
{
    transfer_t job = {.file = file, .phase = phase, .curves = self, .report = report};
    if (!ph_gridfile_has(file, "curve_kind"))
        return PH_OK;
    size_t curves = 0, specials = 0;
    int status = ph_gridfile_length(file, "curve", &curves, report);
    if (status == PH_OK)
        status = ph_gridfile_length(file, "curve_point", &job.points, report);
    if (status == PH_OK)
        status = ph_gridfile_length(file, "special", &specials, report);
    if (status != PH_OK)
        return status;
    if (phase->directions_count != 2 || curves < 1 || specials < 1 || job.points < 2 ||
        curves > LENGTH_MAX || specials > LENGTH_MAX || job.points > LENGTH_MAX)
        return ph_fail(report, PH_ERR_DAMAGED, "%s: impossible numbers of curves or their points",
                       file->path);
    self->items = calloc(curves, sizeof(*self->items));
    self->specials = calloc(specials, sizeof(*self->specials));
    if (self->items == NULL || self->specials == NULL)
        return ph_fail(report, PH_ERR_MEMORY, "no memory for the curves of %s", file->path);
    self->specials_count = specials;
    for (size_t i = 0; i < curves; i++) {
        self->count = i + 1;
        self->items[i].places = calloc(job.points, sizeof(*self->items[i].places));
        if (self->items[i].places == NULL)
            return ph_fail(report, PH_ERR_MEMORY, "no memory for the curves of %s", file->path);
    }
    return move_all(&job);
}
