/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef PH_COMPARE_RECORDS_H
#define PH_COMPARE_RECORDS_H

#include "analysis/compare/wells.h"

/** What a record is to the well it stands beside. */
typedef enum {
    PH_RECORD_OUT,     /* in no well, or in one that predicts nothing */
    PH_RECORD_WITHIN,  /* in its well, and of its law */
    PH_RECORD_LEAVING, /* in it, but within a few relaxation times before the chain is not */
    PH_RECORD_COMING   /* ... after the chain was not */
} ph_record_kind_t;

/** Which well every record of a sample's chains is in; arrays [chains][records]. */
typedef struct {
    size_t *well; /* SIZE_MAX: none */
    unsigned char *kind;
    size_t all, within; /* records */
    size_t early;       /* before the first record in any well, or coming there */
    size_t mute;        /* in wells that predict nothing */
    size_t hopped;      /* chains that were in more than one well */
    bool mixed; /* some record is not in its chain's well, or that predicts nothing: chains are not
                   to be compared as a whole */
} ph_well_records_t;

/**
 * A record counts for the well it is in: the nearest of those that are near enough (of learned
 * examples by magnetizations alone), whose number may grow: records near none of them are asked
 * where the flow leads from there. Between records in one well, it is the well's too if it is
 * not far out, and back within a few relaxation times. Chains without trajectories, or noise, are
 * not looked at: all 0. PH_ERR_MEMORY, or what the mean field gave; free is safe after it.
 */
int ph_well_records_find(ph_well_records_t *self, ph_wells_t *wells,
                         const ph_population_t *population, const ph_chains_t *chains,
                         const ph_meanfield_t *sample);
void ph_well_records_free(ph_well_records_t *self);

#endif
