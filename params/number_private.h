/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef PH_PARAMS_NUMBER_PRIVATE_H
#define PH_PARAMS_NUMBER_PRIVATE_H

#include "params/schema.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { PH_NUMBER_SIZE = 32, PH_EXPECTED_SIZE = 512 };

typedef enum { PH_NUMBER_OK, PH_NUMBER_NOT, PH_NUMBER_FRACTION, PH_NUMBER_BIG } ph_number_t;

/** Strict decimal text to an integer of at most `limit`, exactly; 1e4 and 10.0 are integers. */
ph_number_t ph_read_integer(const char *text, uint64_t limit, bool *negative, uint64_t *value);

/** Strict decimal text to a finite double, rounded to 12 significant digits. */
ph_number_t ph_read_real(const char *text, double *value);

/** The double nearest to `value` written with 12 significant digits; -0 becomes 0. */
double ph_round12(double value);

/** "expected ..." of a key: its type, range or words, into text[size]. */
void ph_expected(ph_key_t key, char *text, size_t size);

/** One value of a key as canonical text (a word, true, false, a number) into text[size]. */
void ph_value_text(ph_key_t key, double value, char *text, size_t size);

#endif
