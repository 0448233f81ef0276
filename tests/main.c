/* SPDX-License-Identifier: GPL-3.0-or-later */
/* main() of the test programs: PROGRAM [NAME...] runs the files of that name, all without one. */
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>

#include "tests/testing.h"

static test_program_t *programs; /* by name */

void test_enlist(test_program_t *program)
{
    test_program_t **at = &programs;
    while (*at != NULL && strcmp((*at)->name, program->name) < 0)
        at = &(*at)->next;
    program->next = *at;
    *at = program;
}

static const test_program_t *find(const char *name)
{
    const test_program_t *program = programs;
    while (program != NULL && strcmp(program->name, name) != 0)
        program = program->next;
    return program;
}

/* 2 where names are not one each: a file that is not run is not a file that passed. */
static int check_names(int argc, char **argv)
{
    int status = programs == NULL ? 2 : 0;
    for (const test_program_t *p = programs; p != NULL && p->next != NULL; p = p->next)
        if (strcmp(p->name, p->next->name) == 0) {
            fprintf(stderr, "%s: two files are named %s\n", argv[0], p->name);
            status = 2;
        }
    for (int i = 1; i < argc; i++)
        if (find(argv[i]) == NULL) {
            fprintf(stderr, "%s: no file is named %s, expected one of", argv[0], argv[i]);
            for (const test_program_t *p = programs; p != NULL; p = p->next)
                fprintf(stderr, " %s", p->name);
            fputc('\n', stderr);
            status = 2;
        }
    return status;
}

/* Runs a file; 2 where it leaves this process other limits than it found, without a process for
 * each test: tests of other files would fail by them, or pass. */
static int run(const test_program_t *program)
{
    static const int LIMITS[] = {RLIMIT_AS, RLIMIT_FSIZE, RLIMIT_NOFILE};
    enum { COUNT = sizeof(LIMITS) / sizeof(LIMITS[0]) };
    struct rlimit before[COUNT], after;
    for (size_t k = 0; k < COUNT; k++)
        getrlimit(LIMITS[k], &before[k]);
    int status = program->run();
    for (size_t k = 0; k < COUNT; k++)
        if (getrlimit(LIMITS[k], &after) != 0 || after.rlim_cur != before[k].rlim_cur ||
            after.rlim_max != before[k].rlim_max) {
            fprintf(stderr, "%s: leaves other limits than it found\n", program->name);
            status |= 2;
        }
    return status;
}

int main(int argc, char **argv)
{
    int status = check_names(argc, argv);
    if (status != 0)
        return status;
    for (int i = 1; i < argc; i++)
        status |= run(find(argv[i]));
    for (const test_program_t *p = argc > 1 ? NULL : programs; p != NULL; p = p->next)
        status |= run(p);
    return status;
}
