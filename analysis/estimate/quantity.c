/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "analysis/estimate/quantity.h"

#include <math.h>
#include <string.h>

/*
 * The table: name, formula as people write it, unit, what there is one of, what it needs, and the
 * formula once more in the averages a of one sample. A new quantity is a new line.
 */
/* clang-format off */
#define OF_MEANS(MEAN)                                                                                                      \
    MEAN(magnetization,          "<m>",                          "1", PATTERN, 0, a->m)                                     \
    MEAN(magnetization_absolute, "<|m|>",                        "1", PATTERN, 0, a->absolute)                              \
    MEAN(magnetization_square,   "<m^2>",                        "1", PATTERN, 0, a->square)                                \
    MEAN(magnetization_fourth,   "<m^4>",                        "1", PATTERN, 0, a->fourth)                                \
    MEAN(binder,                 "1 - <m^4>/(3 <m^2>^2)",        "1", PATTERN, 0, 1.0 - a->fourth / (3.0 * square(a->square))) \
    MEAN(susceptibility,         "(N/T) (<m^2> - <|m|>^2)",      "1", PATTERN, PH_NEEDS_NOISE | PH_NEEDS_LAW,               \
         a->neurons / a->noise * (a->square - square(a->absolute)))                                                         \
    MEAN(susceptibility_well,    "(N/T) (<m^2> - <m>^2) within a well", "1", PATTERN, PH_NEEDS_NOISE | PH_NEEDS_LAW | PH_NEEDS_WELLS, \
         a->neurons / a->noise * (a->square - square(a->m)))                                                                \
    MEAN(loss_plus,              "<L_+>",                        "1", PATTERN, PH_NEEDS_LOSS, a->loss_plus)                 \
    MEAN(loss_minus,             "<L_->",                        "1", PATTERN, PH_NEEDS_LOSS, a->loss_minus)                \
    MEAN(energy,                 "<e>, e = H/N",                 "1", POINT,   0, a->energy)                                \
    MEAN(specific_heat,          "(N/T^2) (<e^2> - <e>^2)",      "1", POINT,   PH_NEEDS_NOISE | PH_NEEDS_LAW,               \
         a->neurons / square(a->noise) * (a->energy_square - square(a->energy)))

#define OF_CHAINS(ROW)                                                                                                      \
    ROW(share,            "share of chains in a well",           "1",       WELL,    SHARE,     PH_NEEDS_NOISE | PH_NEEDS_WELLS) \
    ROW(tau,              "integrated autocorrelation time of m", "sweeps", PATTERN, TAU,       PH_NEEDS_PATH)              \
    ROW(effective,        "records / (2 tau) of m",              "1",       PATTERN, EFFECTIVE, PH_NEEDS_PATH)              \
    ROW(rhat,             "R-hat of m between chains",           "1",       PATTERN, RHAT,      PH_NEEDS_PATH)              \
    ROW(energy_tau,       "the same of e",                       "sweeps",  POINT,   TAU,       PH_NEEDS_PATH)              \
    ROW(energy_effective, "the same of e",                       "1",       POINT,   EFFECTIVE, PH_NEEDS_PATH)              \
    ROW(energy_rhat,      "the same of e",                       "1",       POINT,   RHAT,      PH_NEEDS_PATH)             \
    ROW(retrieved,        "number of patterns retrieved",       "1",       POINT,   RETRIEVED, 0)                           \
    ROW(recalled,         "share of chains that recall their start's pattern", "1", POINT, RECALLED, PH_NEEDS_RECALL)       \
    ROW(recalled_reversed, "its negative",                       "1",       POINT,   RECALL_REVERSED, PH_NEEDS_RECALL)      \
    ROW(recalled_other,   "another pattern or its negative",     "1",       POINT,   RECALL_OTHER, PH_NEEDS_RECALL)         \
    ROW(recalled_mixture, "a mixture of patterns",               "1",       POINT,   RECALL_MIXTURE, PH_NEEDS_RECALL)       \
    ROW(recalled_none,    "none of these",                       "1",       POINT,   RECALL_NONE, PH_NEEDS_RECALL)          \
    ROW(recall_overlap,   "last overlap with it over its entries", "1",     POINT,   RECALL_OVERLAP, PH_NEEDS_RECALL)       \
    ROW(recall_sweeps,    "sweeps until it is recalled, where it is", "sweeps", POINT, RECALL_SWEEPS, PH_NEEDS_RECALL)
/* clang-format on */

static double square(double x)
{
    return x * x;
}

#define FUNCTION(NAME, FORMULA, UNIT, OF, NEEDS, VALUE)                                            \
    static double value_of_##NAME(const ph_means_t *a)                                             \
    {                                                                                              \
        return VALUE;                                                                              \
    }
OF_MEANS(FUNCTION)

#define MEAN_ROW(NAME, FORMULA, UNIT, OF, NEEDS, VALUE)                                            \
    {#NAME, FORMULA, UNIT, PH_QUANTITY_OF_##OF, PH_QUANTITY_MEANS, NEEDS, value_of_##NAME},
#define CHAINS_ROW(NAME, FORMULA, UNIT, OF, MADE, NEEDS)                                           \
    {#NAME, FORMULA, UNIT, PH_QUANTITY_OF_##OF, PH_QUANTITY_##MADE, NEEDS, NULL},
static const ph_quantity_t QUANTITIES[] = {OF_MEANS(MEAN_ROW) OF_CHAINS(CHAINS_ROW)};

const ph_quantity_t *ph_quantity(size_t i)
{
    return i < sizeof(QUANTITIES) / sizeof(QUANTITIES[0]) ? &QUANTITIES[i] : NULL;
}

const ph_quantity_t *ph_quantity_named(const char *name)
{
    for (size_t i = 0; ph_quantity(i) != NULL; i++)
        if (strcmp(ph_quantity(i)->name, name) == 0)
            return ph_quantity(i);
    return NULL;
}

bool ph_quantity_recorded(const ph_quantity_t *quantity, const ph_grid_t *grid)
{
    return ((quantity->needs & PH_NEEDS_LOSS) == 0 || grid->loss) &&
           ((quantity->needs & PH_NEEDS_RECALL) == 0 || grid->recall_threshold > 0.0);
}

void ph_means_normal(ph_means_t *self, double m, double v, double e, double w)
{
    const double spread = sqrt(fmax(v, 0.0)), pi = acos(-1.0);
    self->m = m;
    self->square = m * m + v;
    self->fourth = m * m * m * m + 6.0 * m * m * v + 3.0 * v * v;
    self->absolute = fabs(m);
    if (spread > 0.0)
        self->absolute = spread * sqrt(2.0 / pi) * exp(-0.5 * square(m / spread)) +
                         m * erf(m / (spread * sqrt(2.0)));
    self->energy = e;
    self->energy_square = e * e + w;
}
