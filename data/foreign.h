/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef PH_DATA_FOREIGN_H
#define PH_DATA_FOREIGN_H

#include "data/formats.h"

/* What is known to be read by nobody here, so that it is told what becomes of it elsewhere. */
extern const ph_format_t PH_FORMAT_GZIP, PH_FORMAT_PICTURE, PH_FORMAT_NUMPY;

#endif
