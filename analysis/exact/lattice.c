/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "analysis/exact/lattice_private.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/report.h"

enum { FIRST_ROOM = 1024, REACH = 1 << 20 };

void ph_lattice_free(ph_exact_lattice_t *self)
{
    free(self->sites);
    free(self->table);
    free(self->heap);
    free(self->lines);
    free(self->values);
    memset(self, 0, sizeof(*self));
}

/* NULL where there is nothing; and `ok` false, without memory. */
static void *copy(const void *from, size_t bytes, bool *ok)
{
    const bool any = from != NULL && bytes > 0;
    void *made = any ? malloc(bytes) : NULL;
    *ok = *ok && (!any || made != NULL);
    return made == NULL ? NULL : memcpy(made, from, bytes);
}

static size_t lines_of(const ph_exact_lattice_t *self)
{
    return (size_t)(self->high[0] - self->low[0] + 1) * (size_t)(self->high[1] - self->low[1] + 1);
}

static size_t values_of(const ph_exact_lattice_t *self)
{
    size_t count = 0;
    for (size_t l = 0; self->lines != NULL && l < lines_of(self); l++)
        count += (size_t)self->lines[l].count;
    return count;
}

int ph_lattice_mirror(ph_exact_lattice_t *self, const ph_exact_lattice_t *of)
{
    bool ok = true;
    *self = *of;
    self->heap = NULL; /* what waits is asked of no filled one */
    self->heap_count = 0;
    self->sites = copy(of->sites, of->count * sizeof(*of->sites), &ok);
    self->table = copy(of->table, of->capacity * sizeof(*of->table), &ok);
    self->lines = copy(of->lines, lines_of(of) * sizeof(*of->lines), &ok);
    self->values = copy(of->values, values_of(of) * sizeof(*of->values), &ok);
    for (size_t a = 0; a < PH_EXACT_WELL_FEATURES; a++) {
        self->centre[a] = -of->centre[a];
        for (size_t b = 0; b < PH_EXACT_WELL_FEATURES; b++) {
            self->axis[a][b] = -of->axis[a][b];
            self->dual[a][b] = -of->dual[a][b];
        }
    }
    return ok ? PH_OK : PH_ERR_MEMORY;
}

void ph_lattice_clear(ph_exact_lattice_t *self)
{
    self->count = self->heap_count = 0;
    if (self->table != NULL)
        memset(self->table, 0xff, self->capacity * sizeof(*self->table));
}

void ph_lattice_place(const ph_exact_lattice_t *self, const int32_t *at, double *x)
{
    for (size_t a = 0; a < self->dimensions; a++) {
        x[a] = self->centre[a];
        for (size_t b = 0; b < self->dimensions; b++)
            x[a] += (double)at[b] * self->axis[b][a];
    }
}

bool ph_lattice_steps(const ph_exact_lattice_t *self, const double *x, double *steps)
{
    for (size_t b = 0; b < self->dimensions; b++) {
        steps[b] = 0.0;
        for (size_t a = 0; a < self->dimensions; a++)
            steps[b] += self->dual[b][a] * (x[a] - self->centre[a]);
        if (!(fabs(steps[b]) < (double)REACH))
            return false;
    }
    return true;
}

/* A place within reach in one word. */
static uint64_t key_of(const int32_t *at)
{
    uint64_t key = 0;
    for (size_t a = 0; a < PH_EXACT_WELL_FEATURES; a++)
        key = key * (2 * REACH) + (uint64_t)(at[a] + REACH);
    return key;
}

/* The entry of the table for a place: its site's, or the empty one where it belongs. */
static struct ph_exact_entry *entry_of(const ph_exact_lattice_t *self, uint64_t key)
{
    size_t i = (size_t)(key * UINT64_C(0x9E3779B97F4A7C15) >> 32) & (self->capacity - 1);
    while (self->table[i].site != PH_EXACT_NO_SITE && self->table[i].key != key)
        i = (i + 1) & (self->capacity - 1);
    return &self->table[i];
}

const ph_exact_site_t *ph_lattice_find(const ph_exact_lattice_t *self, const int32_t *at)
{
    if (self->capacity == 0)
        return NULL;
    const uint32_t site = entry_of(self, key_of(at))->site;
    return site != PH_EXACT_NO_SITE ? &self->sites[site] : NULL;
}

static void enter(ph_exact_lattice_t *self, size_t site)
{
    const uint64_t key = key_of(self->sites[site].at);
    *entry_of(self, key) = (struct ph_exact_entry){.key = key, .site = (uint32_t)site};
}

static int grow(ph_exact_lattice_t *self)
{
    const size_t room = self->room == 0 ? FIRST_ROOM : 2 * self->room;
    ph_exact_site_t *sites = realloc(self->sites, room * sizeof(*sites));
    self->sites = sites != NULL ? sites : self->sites;
    uint32_t *heap = realloc(self->heap, room * sizeof(*heap));
    self->heap = heap != NULL ? heap : self->heap;
    struct ph_exact_entry *table = malloc(2 * room * sizeof(*table));
    if (sites == NULL || heap == NULL || table == NULL) {
        free(table);
        return PH_ERR_MEMORY;
    }
    free(self->table);
    self->table = table;
    self->room = room;
    self->capacity = 2 * room;
    memset(table, 0xff, self->capacity * sizeof(*table));
    for (size_t i = 0; i < self->count; i++)
        enter(self, i);
    return PH_OK;
}

static bool before(const ph_exact_lattice_t *self, size_t a, size_t b)
{
    return self->sites[self->heap[a]].value > self->sites[self->heap[b]].value;
}

static void swap(ph_exact_lattice_t *self, size_t a, size_t b)
{
    const uint32_t kept = self->heap[a];
    self->heap[a] = self->heap[b];
    self->heap[b] = kept;
}

int ph_lattice_add(ph_exact_lattice_t *self, const int32_t *at, double value)
{
    for (size_t a = 0; a < PH_EXACT_WELL_FEATURES; a++)
        if (at[a] <= -REACH || at[a] >= REACH)
            return PH_ERR_LIMIT;
    if (self->count == self->room && grow(self) != PH_OK)
        return PH_ERR_MEMORY;
    ph_exact_site_t *site = &self->sites[self->count];
    *site = (ph_exact_site_t){.value = value};
    memcpy(site->at, at, sizeof(site->at));
    enter(self, self->count);
    size_t i = self->heap_count++;
    self->heap[i] = (uint32_t)self->count++;
    for (; i > 0 && before(self, i, (i - 1) / 2); i = (i - 1) / 2)
        swap(self, i, (i - 1) / 2);
    return PH_OK;
}

ph_exact_site_t *ph_lattice_take(ph_exact_lattice_t *self)
{
    if (self->heap_count == 0)
        return NULL;
    ph_exact_site_t *top = &self->sites[self->heap[0]];
    self->heap[0] = self->heap[--self->heap_count];
    for (size_t i = 0;;) {
        size_t next = 2 * i + 1;
        if (next >= self->heap_count)
            return top;
        if (next + 1 < self->heap_count && before(self, next + 1, next))
            next++;
        if (!before(self, next, i))
            return top;
        swap(self, i, next);
        i = next;
    }
}
