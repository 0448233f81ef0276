/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Numbers as text: what is one, and its value. */
#include <inttypes.h>
#include <math.h>
#include <regex.h>
#include <stdio.h>
#include <string.h>

#include "base/number.h"
#include "tests/testing.h"

static const char ALPHABET[] = "015.e-+x";

enum { LETTERS = sizeof(ALPHABET) - 1, LONGEST = 4 };

/* Text number `which` of all of this length over the alphabet. */
static void spell(unsigned which, size_t length, char *text)
{
    for (size_t i = 0; i < length; i++, which /= LETTERS)
        text[i] = ALPHABET[which % LETTERS];
    text[length] = '\0';
}

static bool has_digit_but_zero(const char *text)
{
    const char *end = strpbrk(text, "eE");
    const size_t first = strcspn(text, "123456789");
    return first < (end != NULL ? (size_t)(end - text) : strlen(text));
}

/* What a text of these letters is, by the C library's own reader of numbers. */
static ph_number_t expected_integer(const char *text, double limit)
{
    const double value = fabs(strtod(text, NULL));
    if (!has_digit_but_zero(text))
        return PH_NUMBER_OK;
    if (value < 1.0 || (value < 0x1p53 && value != floor(value)))
        return PH_NUMBER_FRACTION;
    return value > limit ? PH_NUMBER_BIG : PH_NUMBER_OK;
}

static void check_integer(const char *text, bool number)
{
    static const uint64_t LIMITS[] = {0, 1, 4, 5, 9, 10, 50, 105, 15000, 1000000};
    for (size_t i = 0; i < sizeof(LIMITS) / sizeof(LIMITS[0]); i++) {
        bool negative = true;
        uint64_t value = 7;
        const ph_number_t found = ph_read_integer(text, LIMITS[i], &negative, &value);
        const ph_number_t right =
            number ? expected_integer(text, (double)LIMITS[i]) : PH_NUMBER_NOT;
        ck_assert_msg(found == right, "%s of at most %" PRIu64 ": %d, not %d", text, LIMITS[i],
                      (int)found, (int)right);
        if (found != PH_NUMBER_OK)
            continue;
        ck_assert_msg((double)value == fabs(strtod(text, NULL)), "%s: %" PRIu64, text, value);
        ck_assert_msg(negative == (text[0] == '-' && value > 0), "%s: sign", text);
    }
}

static void check_real(const char *text, bool number)
{
    double value = -7.0;
    const double exact = strtod(text, NULL);
    const ph_number_t found = ph_read_real(text, &value);
    const bool small = fabs(exact) < 0x1p-1022 && has_digit_but_zero(text);
    ck_assert_msg(found == (!number                     ? PH_NUMBER_NOT
                            : small || !isfinite(exact) ? PH_NUMBER_BIG
                                                        : PH_NUMBER_OK),
                  "%s: %d", text, (int)found);
    if (found == PH_NUMBER_OK) /* of few digits: the number itself, and no -0 */
        ck_assert_msg(value == exact && (value != 0.0 || !signbit(value)), "%s: %.17g", text,
                      value);
}

/* Every text of up to four letters over digits, dot, e and signs, against a regular expression and
 * strtod; integers against ten limits. */
START_TEST(every_short_text)
{
    regex_t grammar;
    char text[LONGEST + 1];
    ck_assert_int_eq(regcomp(&grammar, "^[-+]?([0-9]+[.]?[0-9]*|[.][0-9]+)(e[-+]?[0-9]+)?$",
                             REG_EXTENDED | REG_NOSUB),
                     0);
    unsigned many = 1, numbers = 0;
    for (size_t length = 0; length <= LONGEST; length++, many *= LETTERS)
        for (unsigned i = 0; i < many; i += (unsigned)test_step(37)) {
            spell(i, length, text);
            const bool number = regexec(&grammar, text, 0, NULL, 0) == 0;
            numbers += number;
            check_integer(text, number);
            check_real(text, number);
        }
    regfree(&grammar);
    ck_assert_uint_gt(numbers * (unsigned)test_step(37), 50);
}
END_TEST

static const struct {
    const char *text;
    ph_number_t is;
    bool negative;
    uint64_t value;
} LONG[] = {
    {"9223372036854775807", PH_NUMBER_OK, false, INT64_MAX},
    {"9223372036854775808", PH_NUMBER_BIG, false, 0},
    {"-9223372036854775807", PH_NUMBER_OK, true, INT64_MAX},
    {"9.223372036854775807e18", PH_NUMBER_OK, false, INT64_MAX},
    {"9.223372036854775807E+18", PH_NUMBER_OK, false, INT64_MAX},
    {"922337203685477580700e-2", PH_NUMBER_OK, false, INT64_MAX},
    {"9.2233720368547758071e18", PH_NUMBER_FRACTION, false, 0},
    {"0000000000000000000000000000000000000017", PH_NUMBER_OK, false, 17},
    {"17.000000000000000000000000000000000000", PH_NUMBER_OK, false, 17},
    {"17.000000000000000000000000000000000001", PH_NUMBER_FRACTION, false, 0},
    {"0.000000000000000000000000000000000017e36", PH_NUMBER_OK, false, 17},
    {"1e18446744073709551616", PH_NUMBER_BIG, false, 0}, /* no exponent may come round to 0 */
    {"1e-18446744073709551616", PH_NUMBER_FRACTION, false, 0},
    {"0e18446744073709551616", PH_NUMBER_OK, false, 0},
    {"-0.0e-18446744073709551616", PH_NUMBER_OK, false, 0},
    {"18446744073709551617", PH_NUMBER_BIG, false, 0},
    {"1 ", PH_NUMBER_NOT, false, 0},
    {" 1", PH_NUMBER_NOT, false, 0},
    {"1e", PH_NUMBER_NOT, false, 0},
    {"0x10", PH_NUMBER_NOT, false, 0},
    {"1e4.0", PH_NUMBER_NOT, false, 0},
    {"\xd9\xa1", PH_NUMBER_NOT, false, 0}, /* a digit one, of another script */
};

/* Integers are exact to the last of 63 bits, however they are written. */
START_TEST(long_integers)
{
    bool negative;
    uint64_t value;
    const ph_number_t is = ph_read_integer(LONG[_i].text, INT64_MAX, &negative, &value);
    ck_assert_msg(is == LONG[_i].is, "%s: %d", LONG[_i].text, (int)is);
    if (is == PH_NUMBER_OK) {
        ck_assert_uint_eq(value, LONG[_i].value);
        ck_assert(negative == LONG[_i].negative);
    }
}
END_TEST

/* The limit itself is taken, the next number is not: for limits around powers of ten and of two. */
START_TEST(limits)
{
    for (unsigned bit = 0; bit < 64; bit++)
        for (int off = -2; off <= 2; off++) {
            const uint64_t limit = (UINT64_C(1) << bit) + (uint64_t)(int64_t)off;
            char text[32];
            bool negative;
            uint64_t value;
            if (limit == 0 || limit == UINT64_MAX || (bit == 0 && off < 0))
                continue;
            snprintf(text, sizeof(text), "%" PRIu64, limit);
            ck_assert_int_eq(ph_read_integer(text, limit, &negative, &value), PH_NUMBER_OK);
            ck_assert_uint_eq(value, limit);
            ck_assert_int_eq(ph_read_integer(text, limit - 1, &negative, &value), PH_NUMBER_BIG);
        }
}
END_TEST

/* Rounding to 12 digits: to the nearest, once and for all, and 13th digits do not count. */
START_TEST(rounding)
{
    char text[64];
    uint64_t state = 88172645463325252u;
    for (int i = 0; i < 20000; i += test_step(100)) {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        const int power = (int)(state % 41) - 20;
        const double x = ((double)(state >> 11) * 0x1p-53 + 0.1) * pow(10.0, power);
        const double r = ph_round12(x), unit = pow(10.0, floor(log10(x)) - 11.0);
        ck_assert_msg(fabs(x - r) <= 0.501 * unit, "%.17g to %.17g", x, r);
        ck_assert(ph_round12(r) == r);
        ck_assert(ph_round12(-x) == -r);
        snprintf(text, sizeof(text), "%.11e", r); /* 12 digits say all of it */
        ck_assert(strtod(text, NULL) == r);
    }
    ck_assert(ph_round12(0.1 + 0.2) == 0.3);
    ck_assert(ph_round12(0.30000000000001) == 0.3);
    ck_assert(ph_round12(0.300000000001) != 0.3);
    ck_assert(!signbit(ph_round12(-0.0)));
}
END_TEST

/* Two significant digits of an error, whatever its size, and no more decimals than nine. */
START_TEST(errors)
{
    static const struct {
        double error;
        int decimals;
        const char *text;
    } CASES[] = {{0.00042, 5, "0.00042"},
                 {0.0099, 4, "0.0099"},
                 {0.00996, 3, "0.010"},
                 {0.1, 2, "0.10"},
                 {0.36, 2, "0.36"},
                 {0.996, 1, "1.0"},
                 {4.2, 1, "4.2"},
                 {99.6, 0, "100"},
                 {1234.0, 0, "1234"},
                 {7.5e-7, 8, "0.00000075"},
                 {1.4e-8, 9, "0.000000014"},
                 {3.14e-12, 9, "3.1e-12"},
                 {0.0, 6, "0"},
                 {(double)NAN, 6, "nan"},
                 {(double)INFINITY, 6, "inf"}};
    for (size_t i = 0; i < sizeof(CASES) / sizeof(CASES[0]); i++) {
        char text[PH_NUMBER_SIZE];
        ph_error_text(CASES[i].error, text, sizeof(text));
        ck_assert_str_eq(text, CASES[i].text);
        ck_assert_int_eq(ph_error_decimals(CASES[i].error), CASES[i].decimals);
    }
}
END_TEST

PH_TEST_PROGRAM("number")
{
    TCase *tcase = tcase_create("number");
    tcase_set_timeout(tcase, 60);
    tcase_add_test(tcase, every_short_text);
    tcase_add_loop_test(tcase, long_integers, 0, sizeof(LONG) / sizeof(LONG[0]));
    tcase_add_test(tcase, limits);
    tcase_add_test(tcase, rounding);
    tcase_add_test(tcase, errors);
    return test_run("number", tcase);
}
