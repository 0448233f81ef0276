/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef PH_TESTS_TESTING_H
#define PH_TESTS_TESTING_H

#include <check.h>
#include <stdlib.h>

/** 1 under AddressSanitizer, where a test need only pass through all its code, not repeat it for
 * the numbers' sake; 0 else. */
#if defined(__SANITIZE_ADDRESS__)
#define PH_TEST_SANITIZED 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define PH_TEST_SANITIZED 1
#else
#define PH_TEST_SANITIZED 0
#endif
#else
#define PH_TEST_SANITIZED 0
#endif

/** Random draws of a test against an exact law: `n` where time does not count (the suite
 * `validation` builds such tests with PH_TEST_LONG), a quarter of them else: errors show from twice
 * the size on. */
#ifdef PH_TEST_LONG
#define PH_TEST_DRAWS(n) (n)
#else
#define PH_TEST_DRAWS(n) ((n) / 4)
#endif

/** Runs a case as a suite of its own and prints Check's summary: 0, or 1 if a test failed or none
 * ran. */
static inline int test_run(const char *name, TCase *tcase)
{
    Suite *suite = suite_create(name);
    suite_add_tcase(suite, tcase);
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_ENV);
    const int bad = srunner_ntests_failed(runner) > 0 || srunner_ntests_run(runner) == 0;
    srunner_free(runner);
    return bad;
}

/** The step of a loop under valgrind, where each kind of case need only be passed once; else 1. */
static inline int test_step(int step)
{
    return getenv("PH_UNDER_VALGRIND") != NULL ? step : 1;
}

/** A file's tests in a program of several: `run` prints Check's summary and gives 0, or 1. */
typedef struct test_program {
    const char *name;
    int (*run)(void);
    struct test_program *next;
} test_program_t;

/** Makes them known to main() of tests/main.c, before it begins. */
void test_enlist(test_program_t *program);

/** Begins the function that runs a file's tests, where `int main(void)` would stand; the file is
 * linked with tests/main.c and others of its room, and asked for by its name. */
#define PH_TEST_PROGRAM(word)                                                                      \
    static int test_program_run(void);                                                             \
    __attribute__((constructor)) static void test_program_enlist(void)                             \
    {                                                                                              \
        static test_program_t program = {.name = (word), .run = test_program_run};                 \
        test_enlist(&program);                                                                     \
    }                                                                                              \
    static int test_program_run(void)

/**
 * A file with one case: PH_TEST_MAIN("grid", test_a, test_b, ...) runs the named START_TEST
 * functions, prints Check's summary and fails if one failed or none ran. Slow tests may raise the
 * limit of 4 s a test: it is 120 s here.
 */
#define PH_TEST_MAIN(word, ...)                                                                    \
    PH_TEST_PROGRAM(word)                                                                          \
    {                                                                                              \
        const TTest *const tests[] = {__VA_ARGS__};                                                \
        TCase *tcase = tcase_create(word);                                                         \
        tcase_set_timeout(tcase, 120);                                                             \
        for (size_t i = 0; i < sizeof(tests) / sizeof(tests[0]); i++)                              \
            tcase_add_test(tcase, tests[i]);                                                       \
        return test_run(word, tcase);                                                              \
    }

#endif
