/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/job.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* A scheduler by the variables it sets; the first that is there counts. */
typedef struct {
    const char *name, *job, *task; /* task NULL: in the job's own name */
    const char *before, *after;    /* the task's number */
} scheduler_t;

static const scheduler_t SCHEDULERS[] = {
    {"Slurm", "SLURM_ARRAY_JOB_ID", "SLURM_ARRAY_TASK_ID", "_", ""},
    {"Slurm", "SLURM_JOB_ID", NULL, "", ""},
    {"PBS", "PBS_JOBID", NULL, "", ""},
    {"LSF", "LSB_JOBID", "LSB_JOBINDEX", "[", "]"},
    {"Grid Engine", "JOB_ID", "SGE_TASK_ID", ".", ""},
};

/* Numbers and names as schedulers give them; anything else is not theirs. */
static const char *named(const char *variable)
{
    static const char GOOD[] =
        "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._-[]@:";
    const char *text = variable != NULL ? getenv(variable) : NULL;
    return text != NULL && text[0] != '\0' && strlen(text) < 128 &&
                   strspn(text, GOOD) == strlen(text)
               ? text
               : NULL;
}

bool ph_job(char *text, size_t size)
{
    text[0] = '\0';
    for (size_t k = 0; k < sizeof(SCHEDULERS) / sizeof(SCHEDULERS[0]); k++) {
        const scheduler_t *s = &SCHEDULERS[k];
        const char *job = named(s->job), *task = named(s->task);
        if (job == NULL || (s->name[0] == 'G' && job[0] > '9')) /* JOB_ID may be anybody's */
            continue;
        /* LSF and Grid Engine set them in every job: 0 or "undefined" */
        const bool is = task != NULL && strcmp(task, "undefined") != 0 &&
                        (s->name[0] != 'L' || strcmp(task, "0") != 0);
        snprintf(text, size, "%s %s%s%s%s", s->name, job, is ? s->before : "", is ? task : "",
                 is ? s->after : "");
        return true;
    }
    return false;
}
