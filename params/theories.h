/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef PH_PARAMS_THEORIES_H
#define PH_PARAMS_THEORIES_H

/*
 * The kinds of theory, a line each: its name and its word in grid files. The place in the list is a
 * bit in sets of kinds: new lines go to the end. What a kind solves is a row of its own in
 * analysis/theory, PH_THEORY_SOLVER_<name>.
 */
/* clang-format off */
#define PH_THEORIES(THEORY)                        \
    THEORY(MEAN_FIELD,      "mean_field")          \
    THEORY(SIGNAL_TO_NOISE, "signal_to_noise")     \
    THEORY(FLOW,            "flow")                \
    THEORY(EXACT,           "exact")               \
    THEORY(BASIN,           "basin")               \
    PH_THEORIES_MORE(THEORY)
/* clang-format on */

/** More lines, of a build that adds kinds without changing this file. */
#ifndef PH_THEORIES_MORE
#define PH_THEORIES_MORE(THEORY)
#endif

/** Kinds of theory, as many as PH_THEORY_WORDS has: bit 1 << kind of a set. */
#define PH_THEORY_ID(ID, ...) PH_THEORY_##ID,
typedef enum { PH_THEORIES(PH_THEORY_ID) PH_THEORY_COUNT } ph_theory_kind_t;
#undef PH_THEORY_ID

#endif
