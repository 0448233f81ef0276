/* SPDX-License-Identifier: GPL-3.0-or-later */
/* main() of the test programs: PROGRAM [NAME...] runs the files of that name, all without one. */
#include <stdio.h>
#include <string.h>

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

int main(int argc, char **argv)
{
    int status = check_names(argc, argv);
    if (status != 0)
        return status;
    for (int i = 1; i < argc; i++)
        status |= find(argv[i])->run();
    for (const test_program_t *p = argc > 1 ? NULL : programs; p != NULL; p = p->next)
        status |= p->run();
    return status;
}
