/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef PH_ESTIMATE_QUANTITIES_H
#define PH_ESTIMATE_QUANTITIES_H

#include <stdbool.h>

#include "analysis/estimate/jackknife.h"
#include "analysis/estimate/quantity.h"
#include "base/report.h"
#include "sim/model/sample.h"
#include "sim/store/runfile.h"

enum { PH_WELL_LABEL = 64, PH_WELL_NONE = -1 };

/** Where the chains of a sample are, and what theory says of averages there. */
typedef struct {
    size_t wells, chains, patterns;
    int *of;  /* [chains]: the well that all its records are of; PH_WELL_NONE: it moved */
    int *now; /* [chains]: the well of its last state; PH_WELL_NONE: none */
    char (*label)[PH_WELL_LABEL]; /* [wells]: "+1-2": patterns in descending order, signed */
    bool *known;                  /* [wells]: theory says something */
    bool *counted;                /* [wells]: room: enough chains for averages of its own */
    double *log_weight;           /* [wells]: log of the sum of exp(-H/T) over it; NaN: not known */
    double *states;               /* [wells][patterns]: magnetizations of the mean field */
    ph_means_t *means;            /* [wells][patterns] */
} ph_occupation_t;

/** PH_ERR_MEMORY; free is safe after it, and of zeros. */
int ph_occupation_init(ph_occupation_t *self, size_t wells, size_t chains, size_t patterns);
void ph_occupation_free(ph_occupation_t *self);

/** Who finds them (analysis/compare/occupation.h); NULL in its place: nobody. */
typedef struct {
    /** What all samples of a point share. PH_ERR_UNSUPPORTED: wells are not known here. */
    int (*begin)(void **context, const ph_grid_t *grid, const ph_point_t *point);
    /* of all chains of a sample, as of ph_sample_read(); records NULL: of all those of the segment
     */
    int (*find)(void *context, const ph_sample_t *sample, const ph_segment_t *segment,
                const uint64_t *records, ph_occupation_t *out);
    void (*end)(void *context);
} ph_well_finder_t;

/** Why a quantity is not there. */
typedef enum {
    PH_WITHOUT_NOTHING, /* it is there */
    PH_WITHOUT_CHAINS,  /* no records yet */
    PH_WITHOUT_NOISE,   /* not at noise 0 */
    PH_WITHOUT_LAW,     /* the sampler's law is not exp(-H/T) */
    PH_WITHOUT_WELLS,   /* wells are not known: too many patterns, or unfinished chains */
    PH_WITHOUT_LENGTH,  /* chains too short for it */
    PH_WITHOUT_RECALL   /* no record of a chain recalls, or there are no series of records */
} ph_without_t;

/** "-", "empty", "noise-0", "law", "no-wells", "short", "never". */
const char *ph_without_text(ph_without_t without);

typedef struct {
    const ph_quantity_t *quantity;
    char of[PH_WELL_LABEL]; /* number of the pattern, label of the well, "-" of a point */
    ph_averaged_t found;
    const double *each; /* [samples] the values that `found` is the average of; NaN: none */
    double exact;       /* by exact sums over all states of the same samples; NaN: none */
    double theory;      /* of the wells the chains are in, to order 1/N; NaN: none */
    ph_without_t without;
} ph_found_t;

typedef struct {
    size_t count;
    ph_found_t *found; /* quantity by quantity */
    double *numbers;   /* what `each` points to */
    bool final;        /* of last states: noise 0 */
    uint64_t chains, records;
} ph_quantities_t;

/**
 * All quantities of a point that can be formed from what the run keeps. Errors: within a sample by
 * jackknife over chains (over blocks of lanes where these share the order of their sites and there
 * are four or more; over pieces of chains where chains are fewer than eight and long), between
 * samples by their scatter. With `threads` above 0 exact sums are made too, where the samples
 * allow. PH_ERR_MEMORY, or what reading the run gave.
 */
int ph_quantities_read(ph_quantities_t *self, ph_runfile_t *run, size_t point,
                       const ph_well_finder_t *wells, int threads, ph_report_t *report);
void ph_quantities_free(ph_quantities_t *self);

#endif
