/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef PH_PARAMS_WORDS_H
#define PH_PARAMS_WORDS_H

#include <stdbool.h>
#include <stddef.h>

#include "params/figures.h"
#include "params/observables.h"
#include "params/rules.h"
#include "params/samplers.h"
#include "params/starts.h"
#include "params/theories.h"

/*
 * The words a grid file may use for its textual keys. What they do lives with their matter
 * (samplers in sim/samplers, starts and observables in sim/model).
 */
typedef enum { PH_NORM_VARIANCE, PH_NORM_NONE, PH_NORM_COUNT } ph_normalization_t;
typedef enum { PH_ORDER_RANDOM, PH_ORDER_PERMUTED, PH_ORDER_SEQUENTIAL, PH_ORDER_COUNT } ph_order_t;
/** Along which axes of a figure values are logarithmic; auto: x, where they are spaced so. */
typedef enum {
    PH_FIGURE_SCALE_AUTO,
    PH_FIGURE_SCALE_LINEAR,
    PH_FIGURE_SCALE_LOG,
    PH_FIGURE_SCALE_LOGY,
    PH_FIGURE_SCALE_LOGLOG,
    PH_FIGURE_SCALE_COUNT
} ph_figure_scale_t;
/** Whether a file of patterns has a neuron or a pattern in each row. */
typedef enum { PH_LAYOUT_COLUMNS, PH_LAYOUT_ROWS, PH_LAYOUT_COUNT } ph_layout_t;
/** Which of given patterns a network has. */
typedef enum { PH_CHOICE_ALL, PH_CHOICE_FIRST, PH_CHOICE_RANDOM, PH_CHOICE_COUNT } ph_choice_t;
/** Which examples of given data are learned. */
typedef enum { PH_TAKE_FIRST, PH_TAKE_RANDOM, PH_TAKE_COUNT } ph_take_t;
/** Whether chains begin where those of the noise before ended, from low to high or from high to
 * low. */
typedef enum { PH_FOLLOW_NONE, PH_FOLLOW_NOISE, PH_FOLLOW_NOISE_DOWN, PH_FOLLOW_COUNT } ph_follow_t;
/** What hidden neurons of a masked start are. */
typedef enum { PH_FILL_RANDOM, PH_FILL_UP, PH_FILL_DOWN, PH_FILL_COUNT } ph_fill_t;
typedef enum { PH_SCALE_LINEAR, PH_SCALE_LOG, PH_SCALE_STEP, PH_SCALE_COUNT } ph_scale_t;
typedef enum {
    PH_AVERAGE_AUTO,
    PH_AVERAGE_GAUSSIAN,
    PH_AVERAGE_EXACT,
    PH_AVERAGE_COUNT
} ph_average_t;

/** A closed list of words; the index of a word is the value of its enumeration above. */
typedef struct {
    size_t count;
    const char *const *words;
} ph_words_t;

extern const ph_words_t PH_RULE_WORDS, PH_NORM_WORDS, PH_SAMPLER_WORDS, PH_ORDER_WORDS,
    PH_START_WORDS, PH_OBSERVABLE_WORDS, PH_SCALE_WORDS, PH_FIGURE_SCALE_WORDS, PH_AVERAGE_WORDS,
    PH_THEORY_WORDS, PH_FIGURE_WORDS, PH_LAYOUT_WORDS, PH_CHOICE_WORDS, PH_TAKE_WORDS,
    PH_FOLLOW_WORDS, PH_FILL_WORDS;

#endif
