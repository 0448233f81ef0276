/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef PH_ESTIMATE_SAMPLEREAD_H
#define PH_ESTIMATE_SAMPLEREAD_H

#include "base/report.h"
#include "sim/store/runfile.h"

/**
 * All chains of a sample in one segment, as ph_runfile_read() gives it of chains that have done
 * equally many sweeps. Where they have not (dynamics.until), the series holds the records that all
 * of them have, and there are no sums beside it; without series (`records_from` UINT64_MAX) the
 * sums are those of all records of each chain. records[replicas] (or NULL): how many records of
 * each chain that is. PH_ERR_MEMORY, and what reading gives.
 */
int ph_sample_read(ph_runfile_t *run, size_t point, uint32_t sample, uint64_t records_from,
                   ph_segment_t *segment, uint64_t *records, ph_report_t *report);

/** ph_runfile_read(), for threads: one reads at a time, here and above. */
int ph_replicas_read(ph_runfile_t *run, size_t point, uint32_t sample, uint32_t first,
                     uint32_t replicas, uint64_t records_from, ph_segment_t *segment,
                     ph_report_t *report);

#endif
