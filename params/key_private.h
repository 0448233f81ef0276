/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef PH_PARAMS_KEY_PRIVATE_H
#define PH_PARAMS_KEY_PRIVATE_H

#include "params/grid.h"

/*
 * The value of a key where its row says that it is kept. `keeper`: the ph_grid_t or ph_point_t, as
 * row->kept_by says.
 */

/** Its number (the first pattern's where each has one); 0 for lists and texts. */
double ph_key_value(const ph_schema_t *row, const void *keeper);

/** Sets a key that has one number or word; nothing for others. */
void ph_key_set(const ph_schema_t *row, void *keeper, double value);

/** The values of a key with one a pattern, [patterns]; NULL for others. */
const double *ph_key_each(const ph_schema_t *row, const void *keeper);

/** A seed, to the last digit; only of a row with that type of member. */
uint64_t ph_key_seed(const ph_schema_t *row, const void *keeper);

/** A key that is a list, or a text (never NULL, "" for none); NULL for others. */
const ph_list_t *ph_key_list(const ph_schema_t *row, const void *keeper);
const char *ph_key_text(const ph_schema_t *row, const void *keeper);

/** Set a key whose row has that type of member. What is pointed to must live as long. */
void ph_key_set_each(const ph_schema_t *row, void *keeper, const double *values);
void ph_key_set_list(const ph_schema_t *row, void *keeper, ph_list_t list);
void ph_key_set_text(const ph_schema_t *row, void *keeper, const char *text);
void ph_key_set_seed(const ph_schema_t *row, void *keeper, uint64_t seed);

#endif
