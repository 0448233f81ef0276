/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef PH_MODEL_SAMPLES_H
#define PH_MODEL_SAMPLES_H

#include <stdbool.h>
#include <stddef.h>

#include "sim/model/sample.h"

/**
 * Samples that points share: those that differ in noise and dynamics alone have the same ones,
 * which are drawn once and lent to any thread. Of those that nobody has at the moment the last ones
 * used are kept, in as much memory as is given.
 */
typedef struct {
    struct ph_lent *lent; /* [PH_SAMPLES_MOST] */
    uint64_t seed, clock;
    size_t bytes, most; /* in use, and kept at most */
    size_t drawn;       /* how many were */
} ph_samples_t;

/** What theory and comparisons keep of them. */
#define PH_SAMPLES_BYTES ((size_t)1 << 27)

enum { PH_SAMPLES_MOST = 1024 };

/** Whether two points of a grid have the same samples: patterns, examples and couplings. */
bool ph_samples_same(const ph_point_t *a, const ph_point_t *b);

/** PH_ERR_MEMORY; free is safe after it, and when nothing is lent. */
int ph_samples_init(ph_samples_t *self, uint64_t seed, size_t bytes);
void ph_samples_free(ph_samples_t *self);

/** Lends a sample of a point, as ph_sample_draw() makes it, whose errors it has; to be given back.
 * PH_ERR_MEMORY, too, where PH_SAMPLES_MOST are lent already.
 * The point has to live as long as the samples. */
int ph_samples_take(ph_samples_t *self, const ph_point_t *point, uint32_t sample,
                    const ph_sample_t **drawn);
void ph_samples_give(ph_samples_t *self, const ph_sample_t *drawn);

#endif
