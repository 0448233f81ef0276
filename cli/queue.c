/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/queue.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { LINE_SIZE = 8192 };

/* A line "TASK STATE FOLDER": the task's number, or none of ours. */
static void read_line(const char *line, const char *folder, uint32_t tasks, ph_queue_t *states)
{
    char state[8];
    uint32_t task;
    int at = 0;
    if (sscanf(line, "%" SCNu32 " %7s %n", &task, state, &at) != 2 || at == 0 || task >= tasks ||
        strcmp(line + at, folder) != 0)
        return;
    const ph_queue_t found = strcmp(state, "PD") == 0 ? PH_QUEUE_WAITS : PH_QUEUE_RUNS;
    states[task] = found > states[task] ? found : states[task];
}

void ph_queue_ask(const char *name, const char *folder, uint32_t tasks, ph_queue_t *states)
{
    static const char GOOD[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._+-";
    char command[512], *line = malloc(LINE_SIZE);
    for (uint32_t i = 0; i < tasks; i++)
        states[i] = PH_QUEUE_ABSENT;
    /* a name as `polyhebb slurm` takes it for its jobs, so that a shell reads it as it is */
    FILE *in = NULL;
    if (line != NULL && name[0] != '-' && strspn(name, GOOD) == strlen(name) &&
        strlen(name) < 200) {
        snprintf(command, sizeof(command),
                 "command -v squeue >/dev/null && "
                 "timeout 10 squeue -h -r -n '%s' -o '%%K %%t %%Z' 2>/dev/null",
                 name);
        in = popen(command, "r"); /* NOLINT */
    }
    while (in != NULL && fgets(line, LINE_SIZE, in) != NULL) {
        line[strcspn(line, "\n")] = '\0';
        read_line(line, folder, tasks, states);
    }
    if (in != NULL)
        pclose(in);
    free(line);
}
