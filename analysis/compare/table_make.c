/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Tables of a run, made of it and held against it: what they judge, and whether they still do. */
#include <stdlib.h>
#include <string.h>

#include "analysis/compare/exact_given_private.h"
#include "analysis/compare/table.h"
#include "base/floating.h"
#include "base/machine.h"

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
    if (status == PH_OK && theory != NULL)
        status =
            ph_compare_exact(&self->equilibrium, theory, (int)ph_machine_threads(0).value, report);
    if (status == PH_OK)
        status = ph_compare_paths(&self->paths, run, report);
    if (status == PH_OK)
        status = ph_compare_distributions(&self->distributions, run, report);
    if (status != PH_OK)
        return status;
    self->origin = theory != NULL ? PH_ORIGIN_FILE : PH_ORIGIN_SOLVED;
    if (theory != NULL)
        self->theory = ph_comparison_digest(theory);
    self->verdict = ph_compare_all(&self->equilibrium, &self->paths, &self->distributions);
    return PH_OK;
}

/* Of the arrays of some kinds, one after the other. */
static ph_digest_t digest_of(const ph_theory_t *theory, const ph_theory_kind_t *kinds, size_t count)
{
    enum { ARRAYS_MAX = 64 };
    ph_digest_t digests[ARRAYS_MAX] = {{0, 0}}; /* of an array of the mean field not there: 0 */
    const size_t points = theory->grid->points_count;
    const ph_theory_dataset_t *row;
    size_t used = 0;
    for (size_t k = 0; k < count; k++)
        for (size_t i = 0; used < ARRAYS_MAX && (row = ph_theory_dataset(kinds[k], i)) != NULL;
             i++) {
            const double *values = ph_theory_values(theory, row->name, 0);
            if (values != NULL)
                digests[used] =
                    ph_digest_words(values, points * ph_theory_block(theory->grid, row));
            used += values != NULL || kinds[k] == PH_THEORY_MEAN_FIELD;
        }
    return ph_digest_words(digests, used * sizeof(*digests) / 8);
}

static const ph_theory_kind_t JUDGED[] = {PH_THEORY_MEAN_FIELD, PH_THEORY_EXACT};

ph_digest_t ph_comparison_digest(const ph_theory_t *theory)
{
    return digest_of(theory, JUDGED, 2);
}

static int check_theory(const ph_comparison_table_t *self, const ph_theory_t *theory,
                        const char *path, ph_report_t *report)
{
    if (self->origin == PH_ORIGIN_FILE && theory == NULL)
        return ph_fail(report, PH_ERR_MISMATCH,
                       "%s judges the theory of a file: give that too, or make a table without it",
                       path);
    if (self->origin == PH_ORIGIN_FILE &&
        !ph_digest_equal(self->theory, ph_comparison_digest(theory))) {
        if (!ph_digest_equal(self->theory, digest_of(theory, JUDGED, 1)))
            return ph_fail(report, PH_ERR_MISMATCH,
                           "%s judges another theory than the one that is given; make it anew with "
                           "'polyhebb compare'",
                           path);
        ph_note(report,
                "%s judges the mean field of the theory that is given, but not its exact sums; "
                "'polyhebb compare' judges both",
                path);
    }
    if (self->origin != PH_ORIGIN_FILE && theory != NULL)
        ph_note(report, "%s %s; it may not be the theory that is given", path,
                self->origin == PH_ORIGIN_SOLVED ? "judges the mean field that was solved for it"
                                                 : "does not say which theory it judges");
    return PH_OK;
}

int ph_comparison_table_check(const ph_comparison_table_t *self, const ph_runfile_t *run,
                              const ph_theory_t *theory, ph_view_t view, const char *path,
                              ph_report_t *report)
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
               ? check_theory(self, theory, path, report)
               : ph_fail(report, PH_ERR_MISMATCH,
                         "%s is older than %s: %zu of %zu points have gone on since; make it anew "
                         "with 'polyhebb compare'",
                         path, run->base.path, changed, self->grid->points_count);
}
