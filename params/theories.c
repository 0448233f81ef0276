/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "params/theories.h"

#include "params/words.h"

#define WORD(ID, WORD) WORD,
static const char *const WORDS[] = {PH_THEORIES(WORD)};

const ph_words_t PH_THEORY_WORDS = {PH_THEORY_COUNT, WORDS};
