/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef PH_DATA_PNM_H
#define PH_DATA_PNM_H

#include "data/formats.h"

/**
 * Images of netpbm in black and white (PBM) or grey (PGM), plain or raw, of the latter one or
 * several in a file: 0 is black, 1 white, whatever the greatest value. At most 64 MiB.
 */
extern const ph_format_t PH_FORMAT_PNM;

#endif
