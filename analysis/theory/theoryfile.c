/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "analysis/theory/theoryfile.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "analysis/theory/kinds_private.h"
#include "analysis/theory/theory_private.h"
#include "base/floating.h"
#include "params/words.h"
#include "sim/store/runfile.h"

/* The dimensions that some dataset of the theory has, in this order. */
static const ph_dim_id_t DIMENSIONS[] = {PH_DIM_SAMPLE, PH_DIM_PATTERN, PH_DIM_RECORD, PH_DIM_SIGN};

enum { CODES_MAX = 16 }; /* of a flag */

static bool uses(const ph_theory_t *self, const char *dim)
{
    for (int k = 0; k < (int)PH_THEORY_WORDS.count; k++) {
        const ph_theory_solver_t *solver = ph_theory_solver((ph_theory_kind_t)k);
        for (size_t i = 0; i < solver->count; i++)
            for (size_t d = 0; d < solver->datasets[i].dims_count; d++)
                if (ph_theory_holds(self, (ph_theory_kind_t)k, i) &&
                    strcmp(solver->datasets[i].dims[d], dim) == 0)
                    return true;
    }
    return false;
}

static int make_dims(const ph_theory_t *self, ph_gridfile_t *file, ph_report_t *report)
{
    int status = PH_OK;
    for (size_t i = 0; i < sizeof(DIMENSIONS) / sizeof(DIMENSIONS[0]) && status == PH_OK; i++) {
        if (!uses(self, ph_dimension(DIMENSIONS[i])->name))
            continue;
        status = DIMENSIONS[i] == PH_DIM_RECORD ? ph_runfile_record_dim(file, report)
                                                : ph_runfile_table_dim(file, DIMENSIONS[i], report);
    }
    return status;
}

static int make_array(const ph_theory_dataset_t *dataset, ph_gridfile_t *file, ph_report_t *report)
{
    const double fill = NAN;
    bool records = false;
    for (size_t d = 0; d < dataset->dims_count; d++)
        records = records || strcmp(dataset->dims[d], "record") == 0;
    const ph_array_t array = {
        .name = dataset->name,
        .long_name = dataset->long_name,
        .unit = dataset->unit,
        .type = dataset->flag ? H5T_NATIVE_INT8 : H5T_NATIVE_DOUBLE,
        .fill = dataset->flag ? NULL : &fill,
        .dims_count = dataset->dims_count,
        .dims = dataset->dims,
        .coordinates = records && file->grid->records_vary ? "time" : NULL,
    };
    int status = ph_gridfile_array(file, &array, report);
    int8_t values[CODES_MAX];
    for (size_t i = 0; i < ph_theory_codes(dataset); i++)
        values[i] = (int8_t)i;
    if (status != PH_OK || dataset->codes == NULL || file->temporary == NULL)
        return status;
    status = ph_gridfile_note(file, dataset->name, "flag_meanings", dataset->codes, report);
    return status == PH_OK ? ph_gridfile_flags(file, dataset->name, "flag_values",
                                               ph_theory_codes(dataset), values, report)
                           : status;
}

/* Moves one dataset of all points; flags are bytes in the file. */
static int move_array(const ph_theory_t *self, const ph_theory_dataset_t *dataset, double *values,
                      ph_gridfile_t *file, bool write, ph_report_t *report)
{
    const size_t count = ph_theory_block(self->grid, dataset) * self->grid->points_count;
    if (!dataset->flag)
        return write ? ph_gridfile_write_all(file, dataset->name, H5T_NATIVE_DOUBLE, values, report)
                     : ph_gridfile_read_all(file, dataset->name, H5T_NATIVE_DOUBLE, values, report);
    int8_t *flags = malloc(count);
    if (flags == NULL)
        return ph_fail(report, PH_ERR_MEMORY, "no memory for %s", dataset->name);
    for (size_t i = 0; write && i < count; i++)
        flags[i] = (int8_t)values[i];
    int status = write ? ph_gridfile_write_all(file, dataset->name, H5T_NATIVE_INT8, flags, report)
                       : ph_gridfile_read_all(file, dataset->name, H5T_NATIVE_INT8, flags, report);
    for (size_t i = 0; !write && status == PH_OK && i < count; i++) {
        values[i] = flags[i];
        if (flags[i] < 0 || (size_t)flags[i] >= ph_theory_codes(dataset))
            status =
                ph_fail(report, PH_ERR_DAMAGED,
                        "%s: \"%s\" has %d at point %zu, expected a whole number from 0 to "
                        "%zu; the file is damaged or not polyhebb's: make it anew with "
                        "'polyhebb theory'",
                        file->path, dataset->name, flags[i],
                        i / ph_theory_block(self->grid, dataset), ph_theory_codes(dataset) - 1);
    }
    free(flags);
    return status;
}

/* Held against what docs/format.md promises of a mean field: where it says converged there are
 * magnetizations, within -1 and 1. */
static int check_magnetizations(const ph_theory_t *self, const char *path, ph_report_t *report)
{
    static const char *const NAMES[][2] = {{"magnetization", "converged"},
                                           {"magnetization_sample", "converged_sample"}};
    const ph_grid_t *grid = self->grid;
    for (size_t k = 0; k < 2; k++)
        for (size_t p = 0; p < grid->points_count; p++) {
            const double *m = ph_theory_values(self, NAMES[k][0], p),
                         *converged = ph_theory_values(self, NAMES[k][1], p);
            const size_t all = k == 0 ? 1 : (size_t)grid->samples;
            for (size_t i = 0;
                 m != NULL && converged != NULL && i < all * ph_theory_dim(grid, "pattern"); i++) {
                const size_t s = i / ph_theory_dim(grid, "pattern"),
                             mu = i % ph_theory_dim(grid, "pattern");
                if (converged[s] != 0.0 && mu < (size_t)grid->points[p].patterns &&
                    !(fabs(m[i]) <= 1.0 + 1e-9))
                    return ph_fail(report, PH_ERR_DAMAGED,
                                   "%s: \"%s\" at point %zu is no number within -1 and 1 though "
                                   "\"%s\" is 1; the file is damaged or not polyhebb's: make it "
                                   "anew with 'polyhebb theory'",
                                   path, NAMES[k][0], p, NAMES[k][1]);
            }
        }
    return PH_OK;
}

/* Arrays of the format and their contents; in a file opened to read, the same calls check them. */
static int move_arrays(const ph_theory_t *self, ph_gridfile_t *file, bool write,
                       ph_report_t *report)
{
    int status = make_dims(self, file, report);
    for (int pass = 0; pass < 2; pass++)
        for (int k = 0; k < (int)PH_THEORY_WORDS.count; k++) {
            const ph_theory_solver_t *solver = ph_theory_solver((ph_theory_kind_t)k);
            for (size_t i = 0; i < solver->count && status == PH_OK; i++) {
                double *values = self->values[ph_theory_index((ph_theory_kind_t)k, i)];
                if (values == NULL || (!write && solver->datasets[i].later &&
                                       !ph_gridfile_has(file, solver->datasets[i].name)))
                    continue;
                status = pass == 0
                             ? make_array(&solver->datasets[i], file, report)
                             : move_array(self, &solver->datasets[i], values, file, write, report);
            }
        }
    return status;
}

int ph_theory_write(const ph_theory_t *self, const char *path, ph_report_t *report)
{
    PH_FLOATING_GUARD();
    ph_gridfile_t file;
    int status = ph_gridfile_replaceable(path, "theory", report);
    if (status != PH_OK)
        return status;
    status = ph_gridfile_create(&file, path, "theory", self->grid, report);
    if (status == PH_OK)
        status = move_arrays(self, &file, true, report);
    if (status == PH_OK && uses(self, "record") && self->grid->records_vary)
        status = ph_runfile_write_times(&file, report);
    if (status == PH_OK)
        status = ph_gridfile_commit(&file, report);
    ph_gridfile_close(&file);
    return status;
}

/* Which kinds a file holds, and whether for its samples. */
static void find_kinds(ph_theory_t *self, const ph_gridfile_t *file)
{
    for (int k = 0; k < (int)PH_THEORY_WORDS.count; k++) {
        const ph_theory_solver_t *solver = ph_theory_solver((ph_theory_kind_t)k);
        for (size_t i = 0; i < solver->count; i++) {
            if (!ph_gridfile_has(file, solver->datasets[i].name))
                continue;
            self->kinds |= 1u << k;
            if (!solver->always_samples && solver->datasets[i].dims_count > 0 &&
                strcmp(solver->datasets[i].dims[0], "sample") == 0)
                self->samples = true;
        }
    }
}

int ph_theory_read(ph_theory_t *self, const ph_grid_t *grid, const char *path, ph_report_t *report)
{
    PH_FLOATING_GUARD();
    ph_gridfile_t file;
    memset(self, 0, sizeof(*self));
    self->grid = grid;
    int status = ph_gridfile_open(&file, path, "theory", report);
    if (status == PH_OK && !ph_digest_equal(file.grid->digest, grid->digest)) {
        status = ph_fail(report, PH_ERR_MISMATCH, "%s: the theory of another grid", path);
        ph_grid_differences(grid, "this grid", file.grid, path, report);
    }
    if (status == PH_OK) {
        find_kinds(self, &file);
        if (ph_theory_allocate(self) != PH_OK)
            status = ph_fail(report, PH_ERR_MEMORY, "no memory to read %s", path);
    }
    if (status == PH_OK)
        status = move_arrays(self, &file, false, report);
    if (status == PH_OK)
        status = check_magnetizations(self, path, report);
    for (size_t p = 0; p < grid->points_count && status == PH_OK; p++)
        self->unconverged +=
            (self->kinds & 1u << PH_THEORY_MEAN_FIELD) != 0 && !ph_theory_solved(self, p);
    if (status != PH_OK)
        ph_theory_free(self);
    ph_gridfile_close(&file);
    return status;
}
