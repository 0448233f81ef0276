/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "analysis/compare/points.h"

#include <limits.h>

#include "base/floating.h"
#include "base/interrupt.h"
#include "base/machine.h"

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

int ph_compare_points(size_t points, ph_point_work_t work, void *task, ph_report_t *report)
{
    job_t job = {.work = work, .task = task, .failed = INT_MAX, .status = PH_OK};
    const int threads = (int)ph_machine_threads(0).value;
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
