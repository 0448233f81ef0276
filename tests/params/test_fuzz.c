/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Grid files changed at random: none may crash, and each is refused with a word or read whole. */
#include <string.h>

#include "params/grid.h"
#include "params/starter.h"
#include "tests/testing.h"

enum { TEXT_SIZE = 8192 };

static const char *const PIECES[] = {"[",
                                     "]",
                                     "{",
                                     "}",
                                     ":",
                                     ",",
                                     "\n",
                                     "  ",
                                     "- ",
                                     "\"",
                                     "'",
                                     "#",
                                     "&a ",
                                     "*a",
                                     "!!int ",
                                     "|\n",
                                     ">\n",
                                     "? ",
                                     "%YAML",
                                     "---\n",
                                     "...\n",
                                     "\t",
                                     "\r",
                                     "\\",
                                     "\xc3",
                                     "\x01",
                                     "\xef\xbf\xbf",
                                     "1e9",
                                     "1e-9",
                                     "-1",
                                     "nan",
                                     "0.3",
                                     "[1, 2]",
                                     "true",
                                     "each:",
                                     "{ each: [0.1] }",
                                     "{ each: [0.1, [0.2, 0.3]] }",
                                     "steps:",
                                     "from:",
                                     "to: 3",
                                     "scale:",
                                     "log",
                                     "zip:",
                                     "<<",
                                     "noise",
                                     "network:\n",
                                     "sweeps:",
                                     "neurons",
                                     "seed: ",
                                     "[noise, start]",
                                     "glauber",
                                     "@",
                                     "`",
                                     "\"\\0\""};

/* A generator good enough to choose bytes; the same on every machine. */
static uint32_t draw(uint64_t *state, size_t below)
{
    *state = *state * 6364136223846793005U + 1442695040888963407U;
    return (uint32_t)((*state >> 33) % below);
}

static void replace(char *text, size_t at, size_t cut, const char *piece)
{
    const size_t length = strlen(text), added = strlen(piece);
    if (at > length || cut > length - at || length - cut + added >= TEXT_SIZE)
        return;
    memmove(text + at + added, text + at + cut, length - at - cut + 1);
    memcpy(text + at, piece, added);
}

static void mutate(char *text, uint64_t *state)
{
    const size_t length = strlen(text);
    const size_t at = draw(state, length + 1), left = length - at;
    const char byte[] = {(char)(1 + draw(state, 255)), '\0'};
    switch (draw(state, 4)) {
    case 0:
        replace(text, at, 0, PIECES[draw(state, sizeof(PIECES) / sizeof(PIECES[0]))]);
        break;
    case 1:
        replace(text, at, left > 0, byte);
        break;
    case 2:
        replace(text, at, draw(state, (left < 20 ? left : 20) + 1), "");
        break;
    default:
        replace(text, at, draw(state, (left < 8 ? left : 8) + 1),
                PIECES[draw(state, sizeof(PIECES) / sizeof(PIECES[0]))]);
    }
}

/* Reads a text; a grid that is read must survive its canonical text. */
static bool try_text(const char *text)
{
    ph_grid_t grid, again;
    ph_report_t report;
    ph_report_init(&report);
    ph_grid_init(&grid);
    ph_grid_init(&again);
    const int status = ph_grid_parse(&grid, text, "fuzz", 0, NULL, &report);
    if (status == PH_OK) {
        ck_assert_uint_eq(report.count, 0);
        ck_assert_msg(ph_grid_parse(&again, grid.text, "again", 0, NULL, NULL) == PH_OK,
                      "canonical text refused:\n%s\nof\n%s", grid.text, text);
        ck_assert_str_eq(grid.text, again.text);
        ck_assert(ph_digest_equal(grid.digest, again.digest));
    } else {
        ck_assert_msg(ph_report_errors(&report) > 0, "refused without a word: %s", text);
    }
    ph_report_free(&report);
    ph_grid_free(&grid);
    ph_grid_free(&again);
    return status == PH_OK;
}

/* Two thousand changed files (PH_FUZZ of them, if set, from the seed PH_FUZZ_SEED). */
START_TEST(test_changed_files)
{
    const char *count = getenv("PH_FUZZ"), *seed = getenv("PH_FUZZ_SEED");
    const long rounds = count != NULL ? strtol(count, NULL, 10) : 2000;
    uint64_t state = seed != NULL ? strtoull(seed, NULL, 10) : 1;
    char text[TEXT_SIZE] = "", *base = NULL;
    size_t size = 0, good = 0;
    FILE *out = open_memstream(&base, &size);
    ck_assert_ptr_nonnull(out);
    ck_assert_int_eq(ph_starter_write(out, NULL), PH_OK);
    fclose(out);
    const char *start = strstr(base, "title:"); /* what is before is comment */
    for (long i = 0; i < rounds; i++) {
        snprintf(text, sizeof(text), "%s", start);
        for (uint32_t changes = 1 + draw(&state, 4); changes > 0; changes--)
            mutate(text, &state);
        good += try_text(text);
    }
    ck_assert_msg(good > 0 && good < (size_t)rounds, "%zu of %ld read", good, rounds);
    free(base);
}
END_TEST

PH_TEST_MAIN("gridfuzz", test_changed_files)
