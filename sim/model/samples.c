/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sim/model/samples.h"

#include <omp.h>
#include <stdlib.h>
#include <string.h>

#include "base/report.h"
#include "params/rules.h"

/* A sample, of whom, and how many have it; who draws it holds the lock. */
struct ph_lent {
    ph_sample_t drawn;
    const ph_point_t *point; /* NULL: there is none here */
    uint32_t sample;
    int status;
    size_t users, bytes;
    uint64_t used;
    omp_lock_t lock;
};

int ph_samples_init(ph_samples_t *self, uint64_t seed, size_t bytes)
{
    *self = (ph_samples_t){.seed = seed, .most = bytes};
    self->lent = calloc(PH_SAMPLES_MOST, sizeof(*self->lent));
    for (size_t i = 0; self->lent != NULL && i < PH_SAMPLES_MOST; i++)
        omp_init_lock(&self->lent[i].lock);
    return self->lent == NULL ? PH_ERR_MEMORY : PH_OK;
}

void ph_samples_free(ph_samples_t *self)
{
    for (size_t i = 0; self->lent != NULL && i < PH_SAMPLES_MOST; i++) {
        omp_destroy_lock(&self->lent[i].lock);
        ph_sample_free(&self->lent[i].drawn);
    }
    free(self->lent);
    memset(self, 0, sizeof(*self));
}

static bool same_values(const double *a, const double *b, int64_t count)
{
    return a == b || (a != NULL && b != NULL && memcmp(a, b, (size_t)count * sizeof(*a)) == 0);
}

bool ph_samples_same(const ph_point_t *a, const ph_point_t *b)
{
    if (a == b)
        return true;
    if (!ph_digest_equal(a->disorder, b->disorder) || a->rule != b->rule ||
        a->normalization != b->normalization || a->neurons != b->neurons ||
        a->patterns != b->patterns || a->given != b->given || a->choice != b->choice ||
        a->data != b->data || a->take != b->take ||
        !same_values(a->dilution, b->dilution, a->patterns))
        return false;
    return !ph_rule_learns(a->rule) ||
           (same_values(a->examples, b->examples, a->patterns) &&
            same_values(a->quality, b->quality, a->patterns) &&
            same_values(a->blank_fidelity, b->blank_fidelity, a->patterns));
}

static void forget(ph_samples_t *self, struct ph_lent *lent)
{
    ph_sample_free(&lent->drawn);
    self->bytes -= lent->bytes;
    lent->bytes = 0;
    lent->point = NULL;
}

/* The sample if it is here, else room for it: the place unused longest. NULL: all are lent. */
static struct ph_lent *find(ph_samples_t *self, const ph_point_t *point, uint32_t sample)
{
    struct ph_lent *room = NULL;
    for (size_t i = 0; i < PH_SAMPLES_MOST; i++) {
        struct ph_lent *lent = &self->lent[i];
        if (lent->point != NULL && lent->sample == sample && ph_samples_same(lent->point, point))
            return lent;
        if (lent->users == 0 && (room == NULL || lent->used < room->used))
            room = lent;
    }
    return room;
}

static size_t size_of(const ph_sample_t *drawn)
{
    const ph_patterns_t *patterns = &drawn->patterns;
    const size_t neurons = (size_t)drawn->coupling.neurons, count = (size_t)patterns->patterns;
    const size_t given = patterns->first != NULL ? patterns->first[count] : 0;
    return neurons * ((size_t)drawn->coupling.features * sizeof(*drawn->coupling.phi) +
                      count * sizeof(*patterns->entries) + sizeof(*drawn->coupling.self)) +
           given * sizeof(*patterns->examples);
}

/* Those that nobody has, from the one unused longest, until what is kept is within bounds. */
static void shrink(ph_samples_t *self)
{
    while (self->bytes > self->most) {
        struct ph_lent *oldest = NULL;
        for (size_t i = 0; i < PH_SAMPLES_MOST; i++) {
            struct ph_lent *lent = &self->lent[i];
            if (lent->point != NULL && lent->users == 0 &&
                (oldest == NULL || lent->used < oldest->used))
                oldest = lent;
        }
        if (oldest == NULL)
            return;
        forget(self, oldest);
    }
}

/* One more who has a sample; `fresh`: who has to draw it, and holds its lock. NULL: no place. */
static struct ph_lent *enter(ph_samples_t *self, const ph_point_t *point, uint32_t sample,
                             bool *fresh)
{
    struct ph_lent *lent = find(self, point, sample);
    *fresh = false;
    if (lent == NULL)
        return NULL;
    *fresh = lent->point == NULL || lent->sample != sample || !ph_samples_same(lent->point, point);
    if (*fresh) {
        forget(self, lent);
        lent->point = point;
        lent->sample = sample;
        self->drawn++;
        omp_set_lock(&lent->lock); /* nobody had it */
    }
    lent->users++;
    lent->used = ++self->clock;
    return lent;
}

static void leave(ph_samples_t *self, struct ph_lent *lent)
{
    lent->users--;
    if (lent->users == 0 && lent->status != PH_OK)
        forget(self, lent);
    shrink(self);
}

int ph_samples_take(ph_samples_t *self, const ph_point_t *point, uint32_t sample,
                    const ph_sample_t **drawn)
{
    struct ph_lent *lent;
    bool fresh;
    *drawn = NULL;
#pragma omp critical(ph_samples)
    lent = enter(self, point, sample, &fresh);
    if (lent == NULL)
        return PH_ERR_MEMORY;
    if (fresh) {
        lent->status = ph_sample_draw(&lent->drawn, point, self->seed, sample);
        const size_t bytes = lent->status == PH_OK ? size_of(&lent->drawn) : 0;
#pragma omp critical(ph_samples)
        {
            lent->bytes = bytes;
            self->bytes += bytes;
            shrink(self);
        }
    } else {
        omp_set_lock(&lent->lock);
    }
    const int status = lent->status;
    omp_unset_lock(&lent->lock);
    if (status == PH_OK)
        *drawn = &lent->drawn;
    else
#pragma omp critical(ph_samples)
        leave(self, lent);
    return status;
}

void ph_samples_give(ph_samples_t *self, const ph_sample_t *drawn)
{
    if (drawn == NULL)
        return;
#pragma omp critical(ph_samples)
    for (size_t i = 0; i < PH_SAMPLES_MOST; i++)
        if (&self->lent[i].drawn == drawn)
            leave(self, &self->lent[i]);
}
