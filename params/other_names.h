/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef PH_PARAMS_OTHER_NAMES_H
#define PH_PARAMS_OTHER_NAMES_H

#include "params/schema.h"

/**
 * The key that somebody means who writes `name`, a symbol (T, N, K, d) or another word for it
 * (temperature); PH_KEY_COUNT where there is none. *is: what the key is, where that is another
 * quantity than what `name` says (beta: "1/beta"); else NULL.
 */
ph_key_t ph_key_meant(const char *name, const char **is);

#endif
