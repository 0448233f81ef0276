/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "params/grid.h"

/* Lumping pays while the mean class holds more neurons than this (unit costs, never measured). */
enum { CLASS_NEURONS = 150 };

double ph_point_classes(const ph_point_t *point)
{
    const double most = (double)point->neurons;
    double rows = 1.0;
    for (int64_t mu = 0; mu < point->patterns && rows < 2.0 * most; mu++) {
        const bool learned = point->rule != PH_RULE_STORAGE;
        const double examples = learned ? point->examples[mu] : 0.0;
        const bool noisy = learned && point->blank_fidelity[mu] < 1.0;
        double own = noisy ? 4.0 * examples + 3.0 : learned ? 2.0 * examples + 3.0 : 3.0;
        if (point->rule == PH_RULE_UNSUPERVISED) {
            double half = 2.0, blank = 1.0; /* 2^(M + 1) rows where xi is +1 or -1 */
            for (double a = 0.0; a < examples && half < 2.0 * most; a += 1.0) {
                half *= 2.0;
                blank *= noisy ? 3.0 : 1.0;
            }
            own = half + blank;
        }
        rows *= own;
    }
    rows = 0.5 * (rows + 1.0);
    return rows < most ? rows : most;
}

ph_sampler_id_t ph_point_auto(const ph_point_t *point, bool single_spins, const char **why)
{
    const char *reason;
    ph_sampler_id_t sampler = PH_SAMPLER_GLAUBER;
    if (point->noise <= 0.0)
        reason = "noise 0, where block Gibbs is another dynamics";
    else if (point->order != PH_ORDER_RANDOM)
        reason = "an order was asked for";
    else if (single_spins)
        reason = "flips or acceptance are recorded";
    else if (ph_point_classes(point) * CLASS_NEURONS > (double)point->neurons)
        reason = "fewer than 150 neurons a class of alike ones";
    else {
        sampler = PH_SAMPLER_LUMPED_BLOCK_GIBBS;
        reason = "150 neurons or more a class of alike ones: the same exp(-H/T), cheaper; no path "
                 "of Glauber dynamics";
    }
    if (why != NULL)
        *why = reason;
    return sampler;
}
