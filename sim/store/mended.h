/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef PH_STORE_MENDED_H
#define PH_STORE_MENDED_H

#include <stdint.h>

#include "sim/store/gridfile.h"

/**
 * Faults of samplers that were mended since they sampled wrong numbers, in order; which chains they
 * concern is told by sim/run/doubt.h. A run file or journal says how many its chains are free of;
 * those of versions before there was such a mark say nothing, which is 0.
 *   1  kernel `single` and fields beyond its table, in 1.0.0 and before (sim/samplers/overrun.h)
 */
enum { PH_MENDED = 1 };

/** Notes it in /provenance of a file being written. */
int ph_mended_write(ph_gridfile_t *file, uint32_t mended, ph_report_t *report);

/** What an open file says; 0 where it says nothing. */
uint32_t ph_mended_read(const ph_gridfile_t *file);

#endif
