/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef PH_PARAMS_POINT_PRIVATE_H
#define PH_PARAMS_POINT_PRIVATE_H

#include "params/grid.h"

/** The keys that may have a value a pattern, in schema order. */
extern const ph_key_t PH_EACH_KEYS[PH_EACH_COUNT];

/** Place of a key in PH_EACH_KEYS; PH_EACH_COUNT if it is not there. */
size_t ph_each_index(ph_key_t key);

/** The values of key PH_EACH_KEYS[i] at a point, [patterns]. */
const double *ph_point_each(const ph_point_t *point, size_t i);

/** The value of a key that is a list, or a text, at a point; NULL for other keys. */
const ph_list_t *ph_point_list(const ph_point_t *point, ph_key_t key);
const char *ph_point_text(const ph_point_t *point, ph_key_t key);

/** Value of a key at a point (the first pattern's where each has one); 0 if points have none. */
double ph_point_value(const ph_point_t *point, ph_key_t key);

/** Sets a key of a point that has one value, or the values a pattern of key PH_EACH_KEYS[i]. */
void ph_point_set_value(ph_point_t *point, ph_key_t key, double value);
void ph_point_set_each(ph_point_t *point, size_t i, const double *values);

#endif
