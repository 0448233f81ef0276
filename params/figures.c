/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "params/figures.h"

#include "params/words.h"

#define WORD(ID, WORD) WORD,
static const char *const WORDS[] = {PH_FIGURES(WORD)};

const ph_words_t PH_FIGURE_WORDS = {PH_FIGURE_COUNT, WORDS};
