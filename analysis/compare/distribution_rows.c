/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What the distributions of a whole run come to. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "analysis/compare/deviate_private.h"
#include "analysis/compare/distribution.h"
#include "base/floating.h"
#include "base/interrupt.h"

/* Quantity k of a point, level by level; levels that no state has must be empty. */
static void fill_row(ph_distribution_row_t *row, const ph_distribution_t *found, size_t k)
{
    row->reason = found->reason;
    row->verdict = PH_VERDICT_UNDECIDED;
    row->level = row->mc = row->error = row->exact = row->deviation = (double)NAN;
    if (found->reason != PH_DISTRIBUTION_COMPARED)
        return;
    for (size_t l = 0; l < found->levels; l++) {
        const size_t at = k * found->levels + l;
        const double mc = found->mc[at], exact = found->exact[at];
        if (!(exact > 0.0) && !(mc > 0.0))
            continue;
        const double deviation = exact > 0.0
                                     ? ph_normal_deviate(fabs(mc - exact), found->error[at],
                                                         found->freedom[at], 1.0 / found->events[k])
                                     : (double)INFINITY;
        row->levels++;
        if (row->levels > 1 && !(deviation > row->deviation))
            continue;
        row->level = (double)l / (double)found->neurons - 1.0;
        row->mc = mc;
        row->exact = exact;
        row->error = found->error[at];
        row->deviation = deviation;
    }
}

/* All distributions of a point; rows[patterns]. */
static int compare_point(ph_distribution_comparison_t *self, ph_distribution_row_t *rows,
                         ph_runfile_t *run, size_t point, ph_report_t *report)
{
    const size_t patterns = (size_t)run->base.grid->points[point].patterns;
    ph_distribution_t found;
    const int status = ph_distribution_read(&found, run, point, report);
    if (status != PH_OK) {
        ph_distribution_free(&found);
        return status;
    }
    for (size_t mu = 0; mu < patterns; mu++) {
        rows[mu].point = point;
        rows[mu].pattern = (int64_t)mu;
        fill_row(&rows[mu], &found, mu);
    }
    ph_distribution_row_t *overlap = &self->overlaps[point];
    overlap->point = point;
    overlap->pattern = -1;
    if (!found.overlap && found.reason == PH_DISTRIBUTION_COMPARED)
        found.reason = PH_DISTRIBUTION_RECORDS;
    fill_row(overlap, &found, patterns);
    ph_distribution_free(&found);
    return PH_OK;
}

int ph_compare_distributions(ph_distribution_comparison_t *self, ph_runfile_t *run,
                             ph_report_t *report)
{
    PH_FLOATING_GUARD();
    const ph_grid_t *grid = run->base.grid;
    int status = PH_OK;
    memset(self, 0, sizeof(*self));
    self->points = grid->points_count;
    for (size_t p = 0; p < grid->points_count; p++)
        self->rows_count += (size_t)grid->points[p].patterns;
    self->rows = calloc(self->rows_count, sizeof(*self->rows));
    self->overlaps = calloc(self->points, sizeof(*self->overlaps));
    if (self->rows == NULL || self->overlaps == NULL)
        status = ph_fail(report, PH_ERR_MEMORY, "no memory for the distributions of %zu points",
                         self->points);
    ph_distribution_row_t *rows = self->rows;
    for (size_t p = 0; p < self->points && status == PH_OK; p++) {
        status = ph_interrupted() ? PH_ERR_INTERRUPTED : compare_point(self, rows, run, p, report);
        rows += grid->points[p].patterns;
    }
    if (status == PH_OK)
        ph_distribution_comparison_conclude(self);
    else
        ph_distribution_comparison_free(self);
    return status;
}

void ph_distribution_comparison_free(ph_distribution_comparison_t *self)
{
    free(self->rows);
    free(self->overlaps);
    memset(self, 0, sizeof(*self));
}

static void count_row(ph_distribution_comparison_t *self, const ph_distribution_row_t *row)
{
    if (row->reason != PH_DISTRIBUTION_COMPARED)
        return;
    self->comparisons += row->levels;
    self->largest = fmax(self->largest, row->deviation);
}

static void judge_row(ph_distribution_comparison_t *self, ph_distribution_row_t *row)
{
    row->verdict = row->reason != PH_DISTRIBUTION_COMPARED ? PH_VERDICT_UNDECIDED
                   : !(row->deviation <= self->threshold)  ? PH_VERDICT_DISAGREE
                                                           : PH_VERDICT_AGREE;
    if (row->verdict == PH_VERDICT_DISAGREE)
        self->verdict = PH_VERDICT_DISAGREE;
}

void ph_distribution_comparison_conclude(ph_distribution_comparison_t *self)
{
    PH_FLOATING_GUARD();
    self->comparisons = 0;
    self->largest = 0.0;
    for (size_t i = 0; i < self->rows_count; i++)
        count_row(self, &self->rows[i]);
    for (size_t p = 0; p < self->points; p++)
        count_row(self, &self->overlaps[p]);
    self->threshold = ph_deviate_bound(self->comparisons);
    self->verdict = self->comparisons > 0 ? PH_VERDICT_AGREE : PH_VERDICT_UNDECIDED;
    for (size_t i = 0; i < self->rows_count; i++)
        judge_row(self, &self->rows[i]);
    for (size_t p = 0; p < self->points; p++)
        judge_row(self, &self->overlaps[p]);
}
