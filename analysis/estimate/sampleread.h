/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef PH_ESTIMATE_SAMPLEREAD_H
#define PH_ESTIMATE_SAMPLEREAD_H

#include "base/report.h"
#include "sim/store/runfile.h"

enum {
    PH_READING_SAMPLES = 32,    /* that are read at once at most, */
    PH_READING_BYTES = 1 << 20, /* or so many bytes of them; one sample at least */
};

/**
 * Reads a point's samples one after the other; several threads may, each its own point. Of samples
 * that take little memory some are read at once, as a call of HDF5 costs more than their bytes.
 */
typedef struct {
    ph_runfile_t *run;
    size_t point;
    ph_wanted_t wanted;
    uint32_t most;             /* samples read at once at most, PH_READING_SAMPLES */
    uint32_t first, next, end; /* samples that were read; those from `next` on are here */
    ph_segment_t here[PH_READING_SAMPLES];
} ph_reading_t;

/** Nothing is read yet; to be freed, after failures too. */
void ph_reading_init(ph_reading_t *self, ph_runfile_t *run, size_t point,
                     const ph_wanted_t *wanted);
void ph_reading_free(ph_reading_t *self);

/**
 * All chains of a sample in one segment, as ph_runfile_read_samples() gives it of chains that have
 * done equally many sweeps. Where they have not (dynamics.until), the series holds the records that
 * all of them have, and there are no sums beside it; without series (`records_from` UINT64_MAX) the
 * sums are those of all records of each chain. records[replicas] (or NULL): how many records of
 * each chain that is. PH_ERR_MEMORY, and what reading gives.
 */
int ph_reading_sample(ph_reading_t *self, uint32_t sample, ph_segment_t *segment, uint64_t *records,
                      ph_report_t *report);

/** Some chains of a sample, all of which have done as many sweeps. Errors as above. */
int ph_reading_replicas(ph_reading_t *self, uint32_t sample, uint32_t first, uint32_t replicas,
                        ph_segment_t *segment, ph_report_t *report);

/** ph_reading_sample() of one sample alone, with all that is recorded. */
int ph_sample_read(ph_runfile_t *run, size_t point, uint32_t sample, uint64_t records_from,
                   ph_segment_t *segment, uint64_t *records, ph_report_t *report);

#endif
