/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef PH_BASE_NEAREST_H
#define PH_BASE_NEAREST_H

#include <stddef.h>

/** The nearest of `count` words by edit distance, or NULL if none is near. */
const char *ph_nearest(const char *word, size_t count, const char *const *words);

#endif
