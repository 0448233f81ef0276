/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "params/other_names.h"

#include <string.h>

/* Symbols of the field and of docs/theory.md, and what other programs call these things. */
static const struct {
    const char *name;
    ph_key_t key;
    const char *is; /* what the key is, where the other name is another quantity */
} NAMES[] = {
    {"T", PH_KEY_NOISE, NULL},
    {"temperature", PH_KEY_NOISE, NULL},
    {"temperatures", PH_KEY_NOISE, NULL},
    {"beta", PH_KEY_NOISE, "1/beta"},
    {"N", PH_KEY_NEURONS, NULL},
    {"size", PH_KEY_NEURONS, NULL},
    {"spins", PH_KEY_NEURONS, NULL},
    {"K", PH_KEY_PATTERNS, NULL},
    {"P", PH_KEY_PATTERNS, NULL},
    {"alpha", PH_KEY_PATTERNS, "their number K"},
    {"d", PH_KEY_DILUTION, NULL},
    {"M", PH_KEY_EXAMPLES, NULL},
    {"r", PH_KEY_QUALITY, NULL},
    {"rho", PH_KEY_ENTROPY, NULL},
    {"algorithm", PH_KEY_SAMPLER, NULL},
    {"method", PH_KEY_SAMPLER, NULL},
    {"update", PH_KEY_ORDER, NULL},
    {"initial", PH_KEY_START, NULL},
    {"init", PH_KEY_START, NULL},
    {"steps", PH_KEY_SWEEPS, NULL},
    {"thermalization", PH_KEY_BURN_IN, NULL},
    {"equilibration", PH_KEY_BURN_IN, NULL},
    {"warmup", PH_KEY_BURN_IN, NULL},
    {"realizations", PH_KEY_SAMPLES, NULL},
    {"chains", PH_KEY_REPLICAS, NULL},
};

ph_key_t ph_key_meant(const char *name, const char **is)
{
    *is = NULL;
    for (size_t i = 0; i < sizeof(NAMES) / sizeof(NAMES[0]); i++) {
        if (strcmp(NAMES[i].name, name) == 0) {
            *is = NAMES[i].is;
            return NAMES[i].key;
        }
    }
    return PH_KEY_COUNT;
}
