/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <polyhebb/theory.h>

#include <stdlib.h>
#include <string.h>

#include "analysis/theory/theoryfile.h"
#include "api/entry_private.h"
#include "base/machine.h"
#include "base/stack.h"
#include "params/words.h"

static ph_theory_t *allocate(ph_report_t *report)
{
    ph_theory_t *self = calloc(1, sizeof(*self));
    if (self == NULL)
        ph_fail(report, PH_ERR_MEMORY, "no memory for a theory");
    return self;
}

/* Hands on what was made, or nothing. */
static int finish(ph_theory_t **theory, ph_theory_t *self, int status)
{
    if (status != PH_OK) {
        ph_theory_delete(self);
        self = NULL;
    }
    *theory = self;
    return status;
}

/* The set that names of kinds, divided by blanks, stand for. */
static int read_kinds(const char *names, unsigned *kinds, ph_report_t *report)
{
    *kinds = 0;
    for (const char *name = names + strspn(names, " "); *name != '\0'; name += strspn(name, " ")) {
        const size_t length = strcspn(name, " ");
        size_t k = 0;
        while (k < PH_THEORY_WORDS.count && (strlen(PH_THEORY_WORDS.words[k]) != length ||
                                             strncmp(PH_THEORY_WORDS.words[k], name, length) != 0))
            k++;
        if (k == PH_THEORY_WORDS.count)
            return ph_fail(report, PH_ERR_INPUT, "'%.*s' is no kind of theory", (int)length, name);
        *kinds |= 1u << k;
        name += length;
    }
    return *kinds != 0 ? PH_OK : ph_fail(report, PH_ERR_INPUT, "no kind of theory is named");
}

int ph_theory_new(ph_theory_t **theory, const ph_grid_t *grid, const char *kinds, bool samples,
                  uint32_t threads, ph_report_t *report)
{
    PH_ENTRY();
    unsigned set = grid->kinds;
    ph_theory_t *self = *theory = allocate(report);
    if (self == NULL)
        return PH_ERR_MEMORY;
    int status = ph_machine_check_stack(report);
    if (status == PH_OK && kinds != NULL)
        status = read_kinds(kinds, &set, report);
    if (status == PH_OK)
        status = ph_theory_solve(self, grid, set, samples, (int)ph_machine_threads(threads).value,
                                 report);
    return finish(theory, self, status);
}

int ph_theory_new_from_file(ph_theory_t **theory, const ph_grid_t *grid, const char *path,
                            ph_report_t *report)
{
    PH_ENTRY();
    ph_theory_t *self = *theory = allocate(report);
    if (self == NULL)
        return PH_ERR_MEMORY;
    return finish(theory, self, ph_theory_read(self, grid, path, report));
}

void ph_theory_delete(ph_theory_t *self)
{
    if (self != NULL)
        ph_theory_free(self);
    free(self);
}

int ph_theory_save(const ph_theory_t *self, const char *path, ph_report_t *report)
{
    PH_ENTRY();
    return ph_theory_write(self, path, report);
}

size_t ph_theory_missing(const ph_theory_t *self)
{
    return self->unconverged;
}

/* The next of the datasets that are there, of the first kind and number from (*kind, *i) on. */
static const ph_theory_dataset_t *held(const ph_theory_t *self, int *kind, size_t *i)
{
    for (; *kind < PH_THEORY_COUNT; (*kind)++, *i = 0) {
        const ph_theory_dataset_t *row;
        while ((row = ph_theory_dataset((ph_theory_kind_t)*kind, (*i)++)) != NULL)
            if (ph_theory_values(self, row->name, 0) != NULL)
                return row;
    }
    return NULL;
}

const char *ph_theory_name(const ph_theory_t *self, size_t i)
{
    int kind = 0;
    size_t number = 0;
    const ph_theory_dataset_t *row = held(self, &kind, &number);
    while (row != NULL && i-- > 0)
        row = held(self, &kind, &number);
    return row != NULL ? row->name : NULL;
}

size_t ph_theory_size(const ph_theory_t *self, const char *dataset)
{
    int kind = 0;
    size_t number = 0;
    const ph_theory_dataset_t *row = held(self, &kind, &number);
    while (row != NULL && strcmp(row->name, dataset) != 0)
        row = held(self, &kind, &number);
    return row != NULL ? ph_theory_block(self->grid, row) : 0;
}

int ph_theory_get(const ph_theory_t *self, const char *dataset, size_t point, double *values,
                  ph_report_t *report)
{
    const size_t size = ph_theory_size(self, dataset);
    if (size == 0)
        return ph_fail(report, PH_ERR_INPUT, "the theory has no dataset '%s'", dataset);
    if (point >= self->grid->points_count)
        return ph_fail(report, PH_ERR_INPUT, "there is no point %zu: the grid has %zu", point,
                       self->grid->points_count);
    memcpy(values, ph_theory_values(self, dataset, point), size * sizeof(*values));
    return PH_OK;
}
