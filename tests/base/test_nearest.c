/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The word that somebody meant. */
#include <string.h>

#include "base/nearest.h"
#include "tests/testing.h"

/* Edit distance by its definition: the best of all first steps. */
static size_t distance(const char *a, const char *b)
{
    if (*a == '\0' || *b == '\0')
        return strlen(a) + strlen(b);
    if (*a == *b)
        return distance(a + 1, b + 1);
    size_t best = distance(a + 1, b);
    const size_t others[2] = {distance(a, b + 1), distance(a + 1, b + 1)};
    for (int i = 0; i < 2; i++)
        best = others[i] < best ? others[i] : best;
    return best + 1;
}

static const char *nearest_by_definition(const char *word, size_t count, const char *const *words)
{
    const size_t third = strlen(word) / 3, allowed = third > 2 ? third : 2;
    const char *nearest = NULL;
    size_t least = allowed + 1;
    for (size_t i = 0; i < count; i++) {
        const size_t d = distance(word, words[i]);
        if (d < least && d < strlen(words[i])) {
            least = d;
            nearest = words[i];
        }
    }
    return nearest;
}

/* The word proposed for every misspelling by one or two letters is the nearest, the first of
 * equals; none where all are far. */
START_TEST(nearest_words)
{
    static const char *const WORDS[] = {"noise", "seed", "zip", "title", "patterns", "at"};
    static const char *const MISSPELT[] = {"nosie", "nois",  "noises", "sed",     "ded", "pattren",
                                           "pater", "zap",   "tilt",   "zz",      "a",   "",
                                           "tat",   "title", "zzzzz",  "pxtxerns"};
    const size_t count = sizeof(WORDS) / sizeof(WORDS[0]);
    for (size_t i = 0; i < sizeof(MISSPELT) / sizeof(MISSPELT[0]); i++) {
        const char *found = ph_nearest(MISSPELT[i], count, WORDS);
        const char *right = nearest_by_definition(MISSPELT[i], count, WORDS);
        ck_assert_msg(found == right, "%s: %s, not %s", MISSPELT[i], found ? found : "none",
                      right ? right : "none");
    }
    ck_assert_str_eq(ph_nearest("nosie", count, WORDS), "noise");
    ck_assert_ptr_null(ph_nearest("temperature", count, WORDS));
    ck_assert_ptr_null(ph_nearest("noise", 0, NULL));
}
END_TEST

/* Every word of up to six letters of two, against single words and among equals. */
START_TEST(nearest_of_every_word)
{
    static const char *const WORDS[] = {"abbaab", "babb", "aaab", "bbbbbb", "ab"};
    const size_t count = sizeof(WORDS) / sizeof(WORDS[0]);
    char word[7];
    for (unsigned length = 0; length <= 6; length++)
        for (unsigned bits = 0; bits < 1U << length; bits += (unsigned)test_step(5)) {
            for (unsigned i = 0; i < length; i++)
                word[i] = bits >> i & 1U ? 'b' : 'a';
            word[length] = '\0';
            for (size_t i = 0; i < count; i++) /* all from number i on, and number i alone */
                ck_assert(ph_nearest(word, count - i, WORDS + i) ==
                              nearest_by_definition(word, count - i, WORDS + i) &&
                          ph_nearest(word, 1, WORDS + i) ==
                              nearest_by_definition(word, 1, WORDS + i));
        }
}
END_TEST

/* Words of hundreds of letters are no neighbours, not even of themselves. */
START_TEST(nearest_of_long_words)
{
    char word[400];
    const char *const words[] = {"noise", word};
    memset(word, 'n', sizeof(word) - 1);
    word[sizeof(word) - 1] = '\0';
    ck_assert_ptr_null(ph_nearest(word, 2, words));
    ck_assert_str_eq(ph_nearest("nois", 2, words), "noise");
}
END_TEST

PH_TEST_MAIN("nearest", nearest_words, nearest_of_every_word, nearest_of_long_words)
