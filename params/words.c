/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "params/words.h"

static const char *const NORMS[] = {"variance", "none"};
static const char *const ORDERS[] = {"random", "permuted", "sequential"};
static const char *const SCALES[] = {"linear", "log", "step"};
static const char *const FILLS[] = {"random", "up", "down"};
static const char *const FOLLOWS[] = {"none", "noise", "noise-down"};
static const char *const LAYOUTS[] = {"columns", "rows"};
static const char *const CHOICES[] = {"all", "first", "random"};
static const char *const TAKES[] = {"first", "random"};
static const char *const AVERAGES[] = {"auto", "gaussian", "exact"};
static const char *const FIGURE_SCALES[] = {"auto", "linear", "log", "logy", "loglog"};

const ph_words_t PH_NORM_WORDS = {PH_NORM_COUNT, NORMS};
const ph_words_t PH_ORDER_WORDS = {PH_ORDER_COUNT, ORDERS};
const ph_words_t PH_FILL_WORDS = {PH_FILL_COUNT, FILLS};
const ph_words_t PH_FOLLOW_WORDS = {PH_FOLLOW_COUNT, FOLLOWS};
const ph_words_t PH_LAYOUT_WORDS = {PH_LAYOUT_COUNT, LAYOUTS};
const ph_words_t PH_CHOICE_WORDS = {PH_CHOICE_COUNT, CHOICES};
const ph_words_t PH_TAKE_WORDS = {PH_TAKE_COUNT, TAKES};
const ph_words_t PH_SCALE_WORDS = {PH_SCALE_COUNT, SCALES};
const ph_words_t PH_FIGURE_SCALE_WORDS = {PH_FIGURE_SCALE_COUNT, FIGURE_SCALES};
const ph_words_t PH_AVERAGE_WORDS = {PH_AVERAGE_COUNT, AVERAGES};
