/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "params/key_private.h"

#include <stddef.h>

int64_t ph_point_sweeps(const ph_point_t *point)
{
    return point->sweeps_end > point->sweeps ? point->sweeps_end : point->sweeps;
}

int64_t ph_point_records(const ph_point_t *point)
{
    return ph_point_sweeps(point) / point->record_every + 1;
}

int64_t ph_point_records_least(const ph_point_t *point)
{
    return point->sweeps / point->record_every + 1;
}

static const void *member_of(const ph_schema_t *row, const void *keeper)
{
    return (const char *)keeper + row->offset;
}

double ph_key_value(const ph_schema_t *row, const void *keeper)
{
    const void *member = member_of(row, keeper);
    switch (row->member) {
    case PH_MEMBER_INTEGER:
        return (double)*(const int64_t *)member;
    case PH_MEMBER_SEED:
        return (double)*(const uint64_t *)member;
    case PH_MEMBER_REAL:
        return *(const double *)member;
    case PH_MEMBER_FLAG:
        return *(const bool *)member;
    case PH_MEMBER_WORD:
        return *(const unsigned *)member;
    case PH_MEMBER_EACH:
        return (*(const double *const *)member)[0];
    default:
        return 0.0;
    }
}

void ph_key_set(const ph_schema_t *row, void *keeper, double value)
{
    void *member = (char *)keeper + row->offset;
    switch (row->member) {
    case PH_MEMBER_INTEGER:
        *(int64_t *)member = (int64_t)value;
        break;
    case PH_MEMBER_REAL:
        *(double *)member = value;
        break;
    case PH_MEMBER_FLAG:
        *(bool *)member = value != 0.0;
        break;
    case PH_MEMBER_WORD:
        *(unsigned *)member = (unsigned)value;
        break;
    default:
        break; /* no single number, or (a seed) not one that a double holds */
    }
}

const double *ph_key_each(const ph_schema_t *row, const void *keeper)
{
    return row->member == PH_MEMBER_EACH ? *(const double *const *)member_of(row, keeper) : NULL;
}

void ph_key_set_each(const ph_schema_t *row, void *keeper, const double *values)
{
    *(const double **)(void *)((char *)keeper + row->offset) = values;
}

const ph_list_t *ph_key_list(const ph_schema_t *row, const void *keeper)
{
    return row->member == PH_MEMBER_LIST ? member_of(row, keeper) : NULL;
}

void ph_key_set_list(const ph_schema_t *row, void *keeper, ph_list_t list)
{
    *(ph_list_t *)(void *)((char *)keeper + row->offset) = list;
}

const char *ph_key_text(const ph_schema_t *row, const void *keeper)
{
    if (row->member != PH_MEMBER_TEXT)
        return NULL;
    const char *text = *(const char *const *)member_of(row, keeper);
    return text != NULL ? text : "";
}

void ph_key_set_text(const ph_schema_t *row, void *keeper, const char *text)
{
    *(const char **)(void *)((char *)keeper + row->offset) = text;
}

void ph_key_set_seed(const ph_schema_t *row, void *keeper, uint64_t seed)
{
    *(uint64_t *)(void *)((char *)keeper + row->offset) = seed;
}

uint64_t ph_key_seed(const ph_schema_t *row, const void *keeper)
{
    return *(const uint64_t *)member_of(row, keeper);
}
