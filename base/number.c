/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/number.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* The parts of [+-] digits [. digits] [e [+-] digits], at least one digit in front of the e. */
typedef struct {
    bool negative;
    const char *digits; /* the mantissa, which may hold one dot */
    size_t length;      /* of the mantissa with its dot */
    size_t fraction;    /* digits after the dot */
    int64_t exponent;   /* cut at +-EXPONENT_MAX */
} decimal_t;

#define EXPONENT_MAX 1000000000000

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static bool split_decimal(const char *text, decimal_t *parts)
{
    const char *at = text;
    size_t digits = 0;
    bool dot = false;
    memset(parts, 0, sizeof(*parts));
    parts->negative = *at == '-';
    at += *at == '-' || *at == '+';
    parts->digits = at;
    for (; is_digit(*at) || (*at == '.' && !dot); at++) {
        dot = dot || *at == '.';
        digits += *at != '.';
        parts->fraction += dot && *at != '.';
    }
    parts->length = (size_t)(at - parts->digits);
    if (digits == 0)
        return false;
    if (*at == 'e' || *at == 'E') {
        const bool down = *++at == '-';
        at += *at == '-' || *at == '+';
        if (!is_digit(*at))
            return false;
        for (; is_digit(*at); at++)
            if (parts->exponent < EXPONENT_MAX)
                parts->exponent = 10 * parts->exponent + (*at - '0');
        if (down)
            parts->exponent = -parts->exponent;
    }
    return *at == '\0';
}

/* Appends a digit; false if the value passes the limit. */
static bool push_digit(uint64_t *value, unsigned digit, uint64_t limit)
{
    if (digit > limit || *value > (limit - digit) / 10)
        return false;
    *value = 10 * *value + digit;
    return true;
}

ph_number_t ph_read_integer(const char *text, uint64_t limit, bool *negative, uint64_t *value)
{
    decimal_t parts;
    *value = 0;
    *negative = false;
    if (!split_decimal(text, &parts))
        return PH_NUMBER_NOT;
    int64_t zeros = parts.exponent - (int64_t)parts.fraction;
    size_t length = parts.length;
    while (length > 0 && (parts.digits[length - 1] == '0' || parts.digits[length - 1] == '.'))
        zeros += parts.digits[--length] == '0';
    bool any = false;
    for (size_t i = 0; i < length; i++)
        any = any || (is_digit(parts.digits[i]) && parts.digits[i] != '0');
    if (!any)
        return PH_NUMBER_OK;
    *negative = parts.negative;
    if (zeros < 0)
        return PH_NUMBER_FRACTION;
    for (size_t i = 0; i < length; i++)
        if (parts.digits[i] != '.' && !push_digit(value, (unsigned)(parts.digits[i] - '0'), limit))
            return PH_NUMBER_BIG;
    for (; zeros > 0; zeros--)
        if (!push_digit(value, 0, limit))
            return PH_NUMBER_BIG;
    return PH_NUMBER_OK;
}

double ph_round12(double value)
{
    char text[PH_NUMBER_SIZE];
    snprintf(text, sizeof(text), "%.12g", value);
    const double rounded = strtod(text, NULL);
    return rounded == 0 ? 0 : rounded;
}

ph_number_t ph_read_real(const char *text, double *value)
{
    decimal_t parts;
    if (!split_decimal(text, &parts))
        return PH_NUMBER_NOT;
    bool zero = true;
    for (size_t i = 0; i < parts.length; i++)
        zero = zero && (parts.digits[i] == '0' || parts.digits[i] == '.');
    const double exact = strtod(text, NULL);
    if (!isfinite(exact) || (fabs(exact) < 0x1p-1022 && !zero))
        return PH_NUMBER_BIG;
    *value = ph_round12(exact);
    return PH_NUMBER_OK;
}

/* The power of ten of an error's first digit, once rounded to two. */
static int first_power(double error)
{
    const int power = (int)floor(log10(error));
    return power + (error * pow(10.0, 1 - power) >= 99.5);
}

static const int DECIMALS_MAX = 9, DECIMALS_UNKNOWN = 6;

int ph_error_decimals(double error)
{
    if (!(error > 0.0) || !isfinite(error))
        return DECIMALS_UNKNOWN;
    const int decimals = 1 - first_power(error);
    return decimals < 0 ? 0 : decimals > DECIMALS_MAX ? DECIMALS_MAX : decimals;
}

void ph_error_text(double error, char *text, size_t size)
{
    if (isnan(error))
        snprintf(text, size, "nan");
    else if (!(error > 0.0) || !isfinite(error))
        snprintf(text, size, "%g", error);
    else if (1 - first_power(error) > DECIMALS_MAX)
        snprintf(text, size, "%.1e", error);
    else
        snprintf(text, size, "%.*f", ph_error_decimals(error), error);
}
