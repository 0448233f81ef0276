/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Values of keys: how they are written, and what is expected of them. */
#include <stdio.h>
#include <string.h>

#include "params/number_private.h"
#include "params/rules.h"
#include "params/samplers.h"
#include "tests/testing.h"

static const struct {
    ph_key_t key;
    double value;
    const char *text;
} VALUES[] = {
    {PH_KEY_RULE, PH_RULE_UNSUPERVISED, "unsupervised"},
    {PH_KEY_SAMPLER, PH_SAMPLER_AUTO, "auto"},
    {PH_KEY_LOSS, 1, "true"},
    {PH_KEY_LOSS, 0, "false"},
    {PH_KEY_NEURONS, 1073741824, "1073741824"},
    {PH_KEY_SWEEPS, 1e12, "1000000000000"},
    {PH_KEY_NOISE, 0, "0"},
    {PH_KEY_NOISE, 0.3, "0.3"},
    {PH_KEY_NOISE, 1e-300, "1e-300"},
    {PH_KEY_NOISE, 123456789012.0, "123456789012"},
    {PH_KEY_NOISE, 1e12, "1e+12"},
};

/* A value is written so that it is read back as itself. */
START_TEST(values_as_text)
{
    char text[PH_NUMBER_SIZE];
    double back;
    ph_value_text(VALUES[_i].key, VALUES[_i].value, text, sizeof(text));
    ck_assert_str_eq(text, VALUES[_i].text);
    if (ph_schema(VALUES[_i].key)->words == NULL && ph_schema(VALUES[_i].key)->type != PH_TYPE_FLAG)
        ck_assert(ph_read_real(text, &back) == PH_NUMBER_OK && back == VALUES[_i].value);
}
END_TEST

/* What is expected of every key fits the room that messages give it, and says both ends. */
START_TEST(expected)
{
    char text[PH_EXPECTED_SIZE], part[64];
    for (int i = 0; i < PH_KEY_COUNT; i++) {
        const ph_schema_t *row = ph_schema((ph_key_t)i);
        memset(text, '#', sizeof(text));
        ph_expected((ph_key_t)i, text, sizeof(text));
        ck_assert_msg(strlen(text) < sizeof(text) - 1, "%s", text);
        ck_assert_msg(strncmp(text, "expected ", 9) == 0, "%s", text);
        for (size_t w = 0; row->words != NULL && w < row->words->count; w++)
            ck_assert_msg(strstr(text, row->words->words[w]) != NULL, "%s", text);
        if (row->type != PH_TYPE_INTEGER && row->type != PH_TYPE_REAL)
            continue;
        snprintf(part, sizeof(part), "%s from %.15g to ",
                 row->type == PH_TYPE_INTEGER ? "an integer" : "a number", row->minimum);
        ck_assert_msg(strstr(text, part) != NULL, "%s: %s", part, text);
    }
    ph_expected(PH_KEY_SEED, text, sizeof(text)); /* beyond what a double holds */
    ck_assert_str_eq(text, "expected an integer from 0 to 9223372036854775807");
    ph_expected(PH_KEY_RULE, text, sizeof(text));
    ck_assert_str_eq(text, "expected storage, supervised or unsupervised");
    ph_expected(PH_KEY_RULE, text, 16); /* cut, never beyond its room */
    ck_assert_str_eq(text, "expected storag");
}
END_TEST

PH_TEST_PROGRAM("values")
{
    TCase *tcase = tcase_create("values");
    tcase_add_loop_test(tcase, values_as_text, 0, sizeof(VALUES) / sizeof(VALUES[0]));
    tcase_add_test(tcase, expected);
    return test_run("values", tcase);
}
