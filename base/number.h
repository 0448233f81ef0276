/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef PH_BASE_NUMBER_H
#define PH_BASE_NUMBER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { PH_NUMBER_SIZE = 32 }; /* of a number as text */

typedef enum { PH_NUMBER_OK, PH_NUMBER_NOT, PH_NUMBER_FRACTION, PH_NUMBER_BIG } ph_number_t;

/** Strict decimal text to an integer of at most `limit`, exactly; 1e4 and 10.0 are integers. */
ph_number_t ph_read_integer(const char *text, uint64_t limit, bool *negative, uint64_t *value);

/** Strict decimal text to a finite double, rounded to 12 significant digits. */
ph_number_t ph_read_real(const char *text, double *value);

/** The double nearest to `value` written with 12 significant digits; -0 becomes 0. */
double ph_round12(double value);

/** The decimals that show an error, and the value beside it, to two significant digits of the
 * error: 0 to 9; 6 where there is no error. */
int ph_error_decimals(double error);

/** An error to two significant digits: "0.00042", below 1e-9 "3.1e-12"; "0", "nan". */
void ph_error_text(double error, char *text, size_t size);

#endif
