/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "params/point_private.h"

#include <stddef.h>

int64_t ph_point_records(const ph_point_t *point)
{
    return point->sweeps / point->record_every + 1;
}

const ph_key_t PH_EACH_KEYS[PH_EACH_COUNT] = {PH_KEY_DILUTION, PH_KEY_EXAMPLES, PH_KEY_QUALITY,
                                              PH_KEY_BLANK_FIDELITY};

size_t ph_each_index(ph_key_t key)
{
    size_t i = 0;
    while (i < PH_EACH_COUNT && PH_EACH_KEYS[i] != key)
        i++;
    return i;
}

const double *ph_point_each(const ph_point_t *point, size_t i)
{
    const double *const values[PH_EACH_COUNT] = {point->dilution, point->examples, point->quality,
                                                 point->blank_fidelity};
    return values[i];
}

void ph_point_set_each(ph_point_t *point, size_t i, const double *values)
{
    const double **const places[PH_EACH_COUNT] = {&point->dilution, &point->examples,
                                                  &point->quality, &point->blank_fidelity};
    *places[i] = values;
}

void ph_point_set_value(ph_point_t *point, ph_key_t key, double value)
{
    switch (key) {
    case PH_KEY_RULE:
        point->rule = (ph_rule_t)value;
        break;
    case PH_KEY_NEURONS:
        point->neurons = (int64_t)value;
        break;
    case PH_KEY_PATTERNS:
        point->patterns = (int64_t)value;
        break;
    case PH_KEY_NORMALIZATION:
        point->normalization = (ph_normalization_t)value;
        break;
    case PH_KEY_NOISE:
        point->noise = value;
        break;
    case PH_KEY_SAMPLER:
        point->sampler = point->sampler_asked = (ph_sampler_id_t)value;
        break;
    case PH_KEY_ORDER:
        point->order = (ph_order_t)value;
        break;
    case PH_KEY_START:
        point->start = (ph_start_id_t)value;
        break;
    case PH_KEY_START_PATTERN:
        point->start_pattern = (int64_t)value;
        break;
    case PH_KEY_START_EXAMPLE:
        point->start_example = (int64_t)value;
        break;
    case PH_KEY_START_OVERLAP:
        point->start_overlap = value;
        break;
    case PH_KEY_SCHEDULE_FROM:
        point->schedule_from = value;
        break;
    case PH_KEY_SCHEDULE_SWEEPS:
        point->schedule_sweeps = (int64_t)value;
        break;
    case PH_KEY_SCHEDULE_SCALE:
        point->schedule_scale = (ph_scale_t)value;
        break;
    case PH_KEY_SWEEPS:
        point->sweeps = (int64_t)value;
        break;
    case PH_KEY_BURN_IN:
        point->burn_in = (int64_t)value;
        break;
    case PH_KEY_RECORD_EVERY:
        point->record_every = (int64_t)value;
        break;
    default:
        break; /* not a value of a point, or one a pattern, which points share */
    }
}

double ph_point_value(const ph_point_t *point, ph_key_t key)
{
    switch (key) {
    case PH_KEY_RULE:
        return point->rule;
    case PH_KEY_NEURONS:
        return (double)point->neurons;
    case PH_KEY_PATTERNS:
        return (double)point->patterns;
    case PH_KEY_DILUTION:
    case PH_KEY_EXAMPLES:
    case PH_KEY_QUALITY:
    case PH_KEY_BLANK_FIDELITY:
        return ph_point_each(point, ph_each_index(key))[0];
    case PH_KEY_NORMALIZATION:
        return point->normalization;
    case PH_KEY_NOISE:
        return point->noise;
    case PH_KEY_SAMPLER:
        return point->sampler_asked;
    case PH_KEY_ORDER:
        return point->order;
    case PH_KEY_START:
        return point->start;
    case PH_KEY_START_PATTERN:
        return (double)point->start_pattern;
    case PH_KEY_START_EXAMPLE:
        return (double)point->start_example;
    case PH_KEY_START_OVERLAP:
        return point->start_overlap;
    case PH_KEY_SCHEDULE_FROM:
        return point->schedule_from;
    case PH_KEY_SCHEDULE_SWEEPS:
        return (double)point->schedule_sweeps;
    case PH_KEY_SCHEDULE_SCALE:
        return point->schedule_scale;
    case PH_KEY_SWEEPS:
        return (double)point->sweeps;
    case PH_KEY_BURN_IN:
        return (double)point->burn_in;
    case PH_KEY_RECORD_EVERY:
        return (double)point->record_every;
    default:
        return 0;
    }
}

const ph_list_t *ph_point_list(const ph_point_t *point, ph_key_t key)
{
    return key == PH_KEY_START_PATTERNS ? &point->start_patterns
           : key == PH_KEY_LADDER       ? &point->ladder
                                        : NULL;
}

const char *ph_point_text(const ph_point_t *point, ph_key_t key)
{
    switch (key) {
    case PH_KEY_START_FILE:
        return point->start_file != NULL ? point->start_file : "";
    case PH_KEY_START_DIGEST:
        return point->start_digest != NULL ? point->start_digest : "";
    default:
        return NULL;
    }
}
