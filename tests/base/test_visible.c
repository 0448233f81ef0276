/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/visible.h"

#include <string.h>

#include "tests/testing.h"

static const struct {
    const char *text, *shown;
} TEXTS[] = {
    {"", ""},
    {"T = 0.3, d\u2081 \u00e4\u4e2d\U0001f9e0 C:\\x1b",
     "T = 0.3, d\u2081 \u00e4\u4e2d\U0001f9e0 C:\\x1b"},
    {"a\x1b[2Jb\x07\x7f", "a\\x1b[2Jb\\x07\\x7f"},
    {"a\nb\tc\rd", "a\\nb\\tc\\rd"},
    {"\xc2\x80\xc2\x9b\xc2\x9f\u00a0", "\\u0080\\u009b\\u009f\u00a0"},
    {"\u200d\u200e\u200f\u2010", "\u200d\\u200e\\u200f\u2010"},
    {"\u2027\u2028\u2029\u202a\u202b\u202c\u202d\u202e\u202f",
     "\u2027\\u2028\\u2029\\u202a\\u202b\\u202c\\u202d\\u202e\u202f"},
    {"\u2065\u2066\u2067\u2068\u2069\u206a", "\u2065\\u2066\\u2067\\u2068\\u2069\u206a"},
    {"\u061c\ufeff", "\\u061c\\ufeff"},
    {"\xff\x80 \xc0\x80 \xed\xa0\x80 \xc3", "\\xff\\x80 \\xc0\\x80 \\xed\\xa0\\x80 \\xc3"},
    {"\xe2\x80", "\\xe2\\x80"},
    {"\xf4\x90\x80\x80", "\\xf4\\x90\\x80\\x80"},
};
enum { COUNT = sizeof(TEXTS) / sizeof(TEXTS[0]) };

START_TEST(test_texts)
{
    char shown[256];
    for (size_t i = 0; i < COUNT; i++) {
        const size_t length = strlen(TEXTS[i].shown);
        ck_assert_uint_eq(ph_visible(TEXTS[i].text, NULL, 0), length);
        ck_assert_uint_eq(ph_visible(TEXTS[i].text, shown, sizeof(shown)), length);
        ck_assert_str_eq(shown, TEXTS[i].shown);
        ck_assert_int_eq(ph_is_visible(TEXTS[i].text), strcmp(TEXTS[i].text, shown) == 0);
        ck_assert(ph_is_visible(shown));
        char *written = NULL;
        size_t size = 0;
        FILE *out = open_memstream(&written, &size);
        ck_assert_ptr_nonnull(out);
        ck_assert(ph_put_visible(out, TEXTS[i].text));
        fclose(out);
        ck_assert_str_eq(written, TEXTS[i].shown);
        free(written);
    }
}
END_TEST

/* What does not fit is cut before a character or an escape, never inside. */
START_TEST(test_cut)
{
    char shown[64];
    for (size_t i = 0; i < COUNT; i++)
        for (size_t size = 1; size < 40; size++) {
            memset(shown, '#', sizeof(shown));
            ph_visible(TEXTS[i].text, shown, size);
            ck_assert_uint_lt(strlen(shown), size);
            ck_assert(ph_is_visible(shown));
            ck_assert_int_eq(strncmp(shown, TEXTS[i].shown, strlen(shown)), 0);
            ck_assert_int_eq(shown[size], '#');
        }
    ph_visible("a\x1bzz", shown, 5);
    ck_assert_str_eq(shown, "a");
}
END_TEST

/* Messages and lines hold one line each, whatever is put into them. */
START_TEST(test_lines)
{
    char *text = NULL;
    size_t size = 0;
    ph_report_t report;
    FILE *out = open_memstream(&text, &size);
    ck_assert_ptr_nonnull(out);
    ph_report_init(&report);
    ph_fail(&report, PH_ERR_IO, "%s: bad", "a\npolyhebb: note: \x1b[32mall is well\u202e");
    ph_note(&report, "%s", "\xff");
    ph_report_print(&report, out);
    ck_assert(ph_print(out, "%s: %d\n", "x\ny\x1b", 3));
    ck_assert(ph_print(out, "%s", "end"));
    fclose(out);
    ck_assert_str_eq(text, "polyhebb: error: a\\npolyhebb: note: \\x1b[32mall is well\\u202e: bad\n"
                           "polyhebb: note: \\xff\nx\\ny\\x1b: 3\nend");
    ph_report_free(&report);
    free(text);
}
END_TEST

/* Every character of Unicode is read back from its UTF-8, and nothing else: neither cut, nor longer
 * than need be, nor half of a pair, nor beyond the last. */
START_TEST(test_utf8)
{
    uint32_t found;
    for (uint32_t c = 1; c < 0x120000; c += (uint32_t)test_step(97)) {
        char text[5] = {0};
        const size_t length = c < 0x80 ? 1 : c < 0x800 ? 2 : c < 0x10000 ? 3 : 4;
        const bool exists = c <= 0x10ffff && !(c >= 0xd800 && c < 0xe000);
        for (size_t i = length; i-- > 1;)
            text[i] = (char)(0x80 | (c >> (6 * (length - 1 - i)) & 0x3f));
        text[0] = (char)(length == 1 ? c : (0xf00U >> length & 0xff) | c >> (6 * (length - 1)));
        const size_t read = ph_utf8_next(text, &found);
        if (read != (exists ? length : 0) || (exists && found != c))
            ck_abort_msg("U+%04x: %zu bytes, U+%04x", c, read, found);
        if (length < 2)
            continue;
        text[length - 1] = 'a';
        if (ph_utf8_next(text, &found) != 0)
            ck_abort_msg("U+%04x cut", c);
    }
    ck_assert_uint_eq(ph_utf8_next("\xc1\xbf", &found), 0);
    ck_assert_uint_eq(ph_utf8_next("\xe0\x9f\xbf", &found), 0);
    ck_assert_uint_eq(ph_utf8_next("\xf0\x8f\xbf\xbf", &found), 0);
    ck_assert_uint_eq(ph_utf8_next("\xf8\x88\x80\x80\x80", &found), 0);
    ck_assert_uint_eq(ph_utf8_next("\x80", &found), 0);
}
END_TEST

/* A quote is cut to 40 bytes, never inside a character, and shows a NUL. */
START_TEST(quotes)
{
    char quote[PH_QUOTE_SIZE], text[100];
    for (size_t length = 0; length < 60; length++)
        for (size_t shift = 0; shift < 2; shift++) {
            size_t all = 0;
            for (size_t i = 0; i < shift; i++)
                text[all++] = 'x';
            for (size_t i = 0; i < length / 2; i++, all += 2)
                memcpy(text + all, "\xc3\xa9", 2);
            text[all] = '\0';
            ck_assert_ptr_eq(ph_quote(text, all, quote), quote);
            const size_t kept = all <= 40 ? all : 40 - shift;
            ck_assert_uint_eq(strlen(quote), kept + (kept < all ? 3 : 0));
            ck_assert_int_eq(memcmp(quote, text, kept), 0);
            ck_assert_str_eq(quote + kept, kept < all ? "..." : "");
        }
    memcpy(text, "a\0b", 4);
    ck_assert_str_eq(ph_quote(text, 3, quote), "a?b");
}
END_TEST

PH_TEST_MAIN("visible", test_texts, test_cut, test_lines, test_utf8, quotes)
