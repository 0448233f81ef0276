/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef PH_PARAMS_OBSERVABLES_H
#define PH_PARAMS_OBSERVABLES_H

/*
 * The observables, a line each: its name (its word in record.observables and its dataset), and the
 * key of a grid that asks for it. That is OBSERVABLES where the word alone does, LOSS and such for
 * a key of its own, EXAMPLE_OVERLAPS for a number above 0, SAMPLER for a sampler that freezes,
 * LADDER for a ladder of noises, START_TARGETS for recall to the nearest; ALWAYS: none. Components
 * are stored in this order, and the place is a bit in sets: new lines go to the end. What is
 * measured is its row in sim/model, PH_OBS_ROW_<name>.
 */
/* clang-format off */
#define PH_OBSERVABLES(OBSERVABLE)                                                        \
    OBSERVABLE(MAGNETIZATION,         "magnetization",         ALWAYS)                    \
    OBSERVABLE(ENERGY,                "energy",                ALWAYS)                    \
    OBSERVABLE(LOSS,                  "loss",                  LOSS)                      \
    OBSERVABLE(EXAMPLE_MAGNETIZATION, "example_magnetization", EXAMPLE_MAGNETIZATION)     \
    OBSERVABLE(EXAMPLE_OVERLAP,       "example_overlap",       EXAMPLE_OVERLAPS)          \
    OBSERVABLE(REPLICA_OVERLAP,       "replica_overlap",       REPLICA_OVERLAP)           \
    OBSERVABLE(FLIPS,                 "flips",                 FLIPS)                     \
    OBSERVABLE(ACCEPTANCE,            "acceptance",            ACCEPTANCE)                \
    OBSERVABLE(RELAXATION,            "relaxation",            SAMPLER)                   \
    OBSERVABLE(SWAPS,                 "swaps",                 LADDER)                    \
    OBSERVABLE(ROUND_TRIPS,           "round_trips",           LADDER)                    \
    OBSERVABLE(RUNG_ENERGY,           "rung_energy",           LADDER)                    \
    OBSERVABLE(RECALL,                "recall",                RECALL_THRESHOLD)          \
    OBSERVABLE(RECALL_OVERLAP,        "recall_overlap",        RECALL_THRESHOLD)          \
    OBSERVABLE(RECALL_TARGET,         "recall_target",         START_TARGETS)             \
    PH_OBSERVABLES_MORE(OBSERVABLE)
/* clang-format on */

/** More lines, of a build that adds observables without changing this file. */
#ifndef PH_OBSERVABLES_MORE
#define PH_OBSERVABLES_MORE(OBSERVABLE)
#endif

#define PH_OBS_ID(ID, ...) PH_OBS_##ID,
typedef enum { PH_OBSERVABLES(PH_OBS_ID) PH_OBS_COUNT } ph_observable_id_t;
#undef PH_OBS_ID

/** How many there are, in the list that this library was linked with. */
int ph_observables_count(void);

const char *ph_observable_name(ph_observable_id_t id);

/** The ph_key_t that asks for it; PH_KEY_COUNT: it is recorded always. */
int ph_observable_key(ph_observable_id_t id);

#endif
