/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Text of figures as LaTeX sets it: nothing that is read as a command, symbols as formulas. */
#include "analysis/figure/tex.h"

#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include "tests/testing.h"

typedef struct {
    const char *text, *wanted;
} pair_t;

static void check(void (*make)(const char *text, char *out, size_t size), const pair_t *pairs,
                  size_t count)
{
    char out[512];
    for (size_t k = 0; k < count; k++) {
        make(pairs[k].text, out, sizeof(out));
        ck_assert_str_eq(out, pairs[k].wanted);
    }
}

#define CHECK(make, pairs) check(make, pairs, sizeof(pairs) / sizeof((pairs)[0]))

START_TEST(test_words)
{
    static const pair_t PAIRS[] = {
        {"", ""},
        {"50% & $3 #1_a", "50\\% \\& \\$3 \\#1\\_a"},
        {"{x}^~\\y", "\\{x\\}\\textasciicircum{}\\textasciitilde{}\\textbackslash{}y"},
        {"|m| < 0", "$|$m$|$ $<$ 0"},
        {"ρ = −0.5 ± 1 → β", "$\\rho$ = $-$0.5 $\\pm$ 1 $\\to$ $\\beta$"},
        {"-0.1 to -2, two-fold", "$-$0.1 to $-$2, two-fold"},
        {"é 網", "é 網"},
        {"{/:Italic T}", "\\{/:Italic T\\}"},
        {"it's", "it's"},
    };
    CHECK(ph_tex_words, PAIRS);
}
END_TEST

START_TEST(test_label)
{
    static const pair_t PAIRS[] = {
        {"noise {/:Italic T}", "noise $T$"},
        {"dilution {/:Italic d} = 0.1", "dilution $d$ = 0.1"},
        {"energy {/:Italic H/N}", "energy $H/N$"},
        {"{/:Italic m_μ}", "$m_\\mu$"},
        {"{/:Italic μx}", "$\\mu x$"},
        {"follow: a_b ({/:Italic T} \u2191)", "follow: a\\_b ($T$ $\\uparrow$)"},
        {"{/:Italic %}", "$\\%$"},
        {"{/:Italic T", "\\{/:Italic T"},
    };
    CHECK(ph_tex_label, PAIRS);
}
END_TEST

/* Averages are formulas up to the first word; what has none is words. */
START_TEST(test_definition)
{
    static const pair_t PAIRS[] = {
        {"<|m|>", "$\\langle |m_\\mu |\\rangle $"},
        {"1 - <m^4>/(3 <m^2>^2)",
         "$1 - \\langle m_\\mu ^4\\rangle /(3 \\langle m_\\mu ^2\\rangle ^2)$"},
        {"<L_+>", "$\\langle L_+\\rangle $"},
        {"(N/T) <m>^2 within a well", "$(N/T) \\langle m_\\mu \\rangle ^2$ within a well"},
        {"records / (2 tau) of m", "records / (2 tau) of m"},
        {"share of <m>", "share of $<$m$>$"},
    };
    CHECK(ph_tex_definition, PAIRS);
}
END_TEST

/* Whatever the room, no command is cut and no formula left open, and nothing lies beyond it. */
START_TEST(test_room)
{
    static const char TEXT[] = "a%{/:Italic T}ρ\\b ± {/:Italic m_μ}é";
    char whole[256], out[256];
    ph_tex_label(TEXT, whole, sizeof(whole));
    for (size_t size = 1; size <= strlen(whole) + 1; size++) {
        memset(out, 'z', sizeof(out));
        ph_tex_label(TEXT, out, size);
        const size_t length = strlen(out);
        ck_assert_uint_lt(length, size);
        for (size_t i = size; i < sizeof(out); i++)
            ck_assert_int_eq(out[i], 'z');
        ck_assert(strncmp(out, whole, length) == 0);
        size_t dollars = 0;
        for (size_t i = 0; i < length; i++)
            dollars += out[i] == '$';
        ck_assert_uint_eq(dollars % 2, 0);
        ck_assert(length == 0 || out[length - 1] != '\\');
        ck_assert(((unsigned char)whole[length] & 0xc0) != 0x80);
    }
    ck_assert_str_eq(out, whole);
}
END_TEST

PH_TEST_MAIN("figure_tex", test_words, test_label, test_definition, test_room)
