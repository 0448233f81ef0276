/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "analysis/compare/points.h"

#include <limits.h>
#include <math.h>

#include "analysis/estimate/sampleread.h"
#include "base/floating.h"
#include "base/interrupt.h"
#include "base/machine.h"
#include "sim/model/moments.h"

typedef struct {
    ph_point_work_t work;
    void *task;
    int failed, status; /* the first point that did */
    ph_report_t said;   /* what it said */
} job_t;

static int begin(const job_t *self, int point, ph_report_t *said)
{
    PH_FLOATING_GUARD();
    return ph_interrupted() ? PH_ERR_INTERRUPTED : self->work(self->task, (size_t)point, said);
}

static void do_point(job_t *self, int point)
{
    ph_report_t said;
    int failed;
#pragma omp atomic read
    failed = self->failed;
    if (point > failed)
        return;
    ph_report_init(&said);
    const int status = begin(self, point, &said);
#pragma omp critical(ph_compare_points)
    if (status != PH_OK && point < self->failed) {
        const ph_report_t before = self->said;
        self->said = said;
        said = before;
        self->status = status;
#pragma omp atomic write
        self->failed = point;
    }
    ph_report_free(&said);
}

double ph_compare_sample_bytes(const ph_grid_t *grid)
{
    enum { COPIES = 3 };
    double most = 0.0;
    for (size_t p = 0; p < grid->points_count; p++) {
        const ph_point_t *point = &grid->points[p];
        const double words =
            grid->trajectory ? (double)ph_point_records(point) : (double)PH_MOMENT_WORDS;
        most = fmax(most, words * ((double)point->patterns + 1.0));
    }
    return COPIES * sizeof(double) * (double)grid->replicas * most + (double)PH_READING_BYTES;
}

int ph_compare_points(size_t points, double bytes, ph_point_work_t work, void *task,
                      ph_report_t *report)
{
    job_t job = {.work = work, .task = task, .failed = INT_MAX, .status = PH_OK};
    const double room = fmax(1.0, floor(PH_COMPARE_BYTES_MAX / fmax(1.0, bytes)));
    const int threads = (int)fmin((double)ph_machine_threads(0).value, room);
    ph_report_init(&job.said);
#pragma omp parallel for schedule(dynamic) num_threads(threads)
    for (int p = 0; p < (int)points; p++)
        do_point(&job, p);
    for (size_t i = 0; i < job.said.count; i++)
        if (job.said.messages[i].status == PH_OK)
            ph_note(report, "%s", job.said.messages[i].text);
        else
            ph_fail(report, job.said.messages[i].status, "%s", job.said.messages[i].text);
    if (job.said.spare[0] != '\0')
        ph_fail(report, job.said.spare_status, "%s", job.said.spare);
    ph_report_free(&job.said);
    return job.status;
}
