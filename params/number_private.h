/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef PH_PARAMS_NUMBER_PRIVATE_H
#define PH_PARAMS_NUMBER_PRIVATE_H

#include <stddef.h>

#include "base/number.h"
#include "params/schema.h"

enum { PH_EXPECTED_SIZE = 512 };

/** "expected ..." of a key: its type, range or words, into text[size]. */
void ph_expected(ph_key_t key, char *text, size_t size);

/** One value of a key as canonical text (a word, true, false, a number) into text[size]. */
void ph_value_text(ph_key_t key, double value, char *text, size_t size);

#endif
