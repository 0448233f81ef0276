/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What is read from a command line by a verb's rows, what is said of mistakes, what help prints. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/verbs.h"
#include "tests/testing.h"

typedef enum { PLAIN, ROUND, SQUARE } shape_t;

typedef struct {
    const char *first, *second, *word, *file, *prefix;
    ph_texts_t texts;
    uint64_t number, others;
    double real, seconds, patience;
    shape_t shape;
    bool flag, quick;
    char letters[16];
} arguments_t;

static int set_letters(void *arguments, const char *text, ph_report_t *report)
{
    arguments_t *a = arguments;
    if (strlen(text) > 3)
        return ph_fail(report, PH_ERR_INPUT, "--letters %s: too long", text);
    strcat(a->letters, text);
    return PH_OK;
}

static int check(const void *arguments, ph_report_t *report)
{
    const arguments_t *a = arguments;
    return a->quick && a->flag ? ph_fail(report, PH_ERR_INPUT, "--quick without --flag") : PH_OK;
}

#define AT(member) .offset = offsetof(arguments_t, member)

static const ph_option_t OPTIONS[] = {
    {"flag", 'f', NULL, "a flag", .type = PH_OPTION_FLAG, AT(flag)},
    {"file", 'o', "FILE", "a file", .type = PH_OPTION_FILE, AT(file)},
    {"letters", 'l', "ABC", "letters", .set = set_letters, .repeatable = true},
    {"number", 'n', "N", "a number", .type = PH_OPTION_NUMBER, AT(number), .minimum = 1,
     .maximum = 64},
    {"others", '\0', "N", "a large number", .type = PH_OPTION_NUMBER, AT(others), .minimum = 10},
    {"patience", '\0', "D", "a long time", .type = PH_OPTION_TIME, AT(patience), .minimum = 60},
    {"prefix", '\0', "PREFIX", "names", .type = PH_OPTION_PREFIX, AT(prefix)},
    {"quick", 'q', NULL, "another flag", .type = PH_OPTION_FLAG, AT(quick)},
    {"real", 'r', "X", "a real number", .type = PH_OPTION_REAL, AT(real), .minimum = -2,
     .maximum = 2},
    {"round", '\0', NULL, "a shape", .type = PH_OPTION_CHOICE, AT(shape), .code = ROUND},
    {"square", 's', NULL, "a shape", .type = PH_OPTION_CHOICE, AT(shape), .code = SQUARE},
    {"text", 'S', "KEY=VALUE", "a text", .type = PH_OPTION_TEXTS, AT(texts)},
    {"time", 't', "D", "a time", .type = PH_OPTION_TIME, AT(seconds)},
    {"word", 'w', "WORD", "a word", .type = PH_OPTION_TEXT, AT(word)},
    {.name = NULL}};

static const arguments_t DEFAULTS = {.number = 7, .word = "none"};

static const ph_verb_t VERB = {
    .name = "try",
    .help = "one line",
    .about = "A paragraph.",
    .forms = {{{"RUN", PH_FILES_RUN, PH_OPERAND_ONE, offsetof(arguments_t, first)},
               {"THEORY", PH_FILES_THEORY, PH_OPERAND_OPTIONAL, offsetof(arguments_t, second)}},
              {{"PHASE", PH_FILES_PHASE, PH_OPERAND_ONE, offsetof(arguments_t, first)}}},
    .options = OPTIONS,
    .size = sizeof(arguments_t),
    .defaults = &DEFAULTS,
    .check = check,
};

enum { WORDS_MAX = 24 };

/* Reads words divided by blanks ("" stands for an empty one); they outlive what is found. */
static int read_line(const ph_verb_t *verb, const char *line, arguments_t *a, ph_asked_t *asked,
                     char *said, size_t size)
{
    static char words[256];
    const char *list[WORDS_MAX];
    size_t count = 0;
    ph_report_t report;
    snprintf(words, sizeof(words), "%s", line);
    for (char *at = strtok(words, " "); at != NULL; at = strtok(NULL, " ")) {
        ck_assert_uint_lt(count, WORDS_MAX);
        list[count++] = strcmp(at, "\"\"") == 0 ? "" : at;
    }
    ph_report_init(&report);
    *a = DEFAULTS;
    const int status = ph_options_read(verb, count, list, a, asked, &report);
    ck_assert_uint_eq(ph_report_errors(&report), status != PH_OK);
    snprintf(said, size, "%s", status != PH_OK ? report.messages[0].text : "");
    ph_report_free(&report);
    return status;
}

/* Values in every way they can be written, in any order; the last letter of several takes one. */
START_TEST(values)
{
    static const char *const LINES[] = {
        "run.h5 th.h5 -f -o out.h5 -n 12 -r -1.5 -s -S a=1 -S b=-2 -t 2m -w -",
        "-ofout.h5 run.h5 -n12 -r-1.5 -sf th.h5 -Sa=1 -t2m --text=b=-2 -w-",
        "--fil=out.h5 --num 12 --real=-1.5 --sq --fl -Sa=1 --tex b=-2 --ti 2m -w- run.h5 th.h5",
        "-fsw - -S a=1 -S b=-2 -t120 -r -1.5 -o out.h5 -n 0012 -- run.h5 th.h5",
    };
    arguments_t a;
    ph_asked_t asked;
    char said[512];
    int status = read_line(&VERB, LINES[_i], &a, &asked, said, sizeof(said));
    ck_assert_msg(status == PH_OK, "%s", said);
    ck_assert_int_eq(asked, PH_ASKED_NOTHING);
    ck_assert_str_eq(a.first, "run.h5");
    ck_assert_str_eq(a.second, "th.h5");
    ck_assert_str_eq(a.file, _i == 1 ? "fout.h5" : "out.h5");
    ck_assert_uint_eq(a.number, 12);
    ck_assert(a.real == -1.5 && a.seconds == 120.0);
    ck_assert_int_eq(a.shape, SQUARE);
    ck_assert(a.flag && !a.quick);
    ck_assert_uint_eq(a.texts.count, 2);
    ck_assert_str_eq(a.texts.texts[0], "a=1");
    ck_assert_str_eq(a.texts.texts[1], "b=-2");
    ck_assert_str_eq(a.word, "-");
    ck_assert_str_eq(a.letters, "");
    ph_options_free(&VERB, &a);
}
END_TEST

static const struct {
    const char *line, *says;
} WRONG[] = {
    {"", "which run or phase file?"},
    {"\"\"", "which file? Its name is empty"},
    {"a b c", "at most 2 files, not also 'c'"},
    {"a --fille x", "unknown option '--fille', did you mean --file?"},
    {"a --fille=x", "unknown option '--fille=x', did you mean --file?"},
    {"a --xyzzyxyzzy", "unknown option '--xyzzyxyzzy'"},
    {"a -x", "unknown option '-x'"},
    {"a -fx", "unknown option '-x' in '-fx'"},
    {"a -\x1b[2J", "unknown option '-\\x1b' in '-\\x1b[2J'"},
    {"a -f\xc2\x9b", "unknown option '-\\u009b' in '-f\\u009b'"},
    {"a -\xff", "unknown option '-\\xff'"},
    {"a --\x1b[2J", "unknown option '--\\x1b[2J'"},
    {"a --t 1", "'--t' may be --text or --time"},
    {"a --flag=yes", "--flag takes no value, got 'yes'"},
    {"--flag 100",
     "--flag takes no value, but '100' follows; a file of that name is written ./100"},
    {"a -n 3 -qs 0.5",
     "--square takes no value, but '0.5' follows; a file of that name is written ./0.5"},
    {"a -o", "--file needs a value, FILE"},
    {"a --file", "--file needs a value, FILE"},
    {"-o --flag a",
     "--file needs a value, FILE, but '--flag' follows; a value that begins so is written "
     "--file=--flag"},
    {"-w -f a",
     "--word needs a value, WORD, but '-f' follows; a value that begins so is written --word=-f"},
    {"-S -f a",
     "--text needs a value, KEY=VALUE, but '-f' follows; a value that begins so is written "
     "--text=-f"},
    {"-n -f a",
     "--number needs a value, N, but '-f' follows; a value that begins so is written --number=-f"},
    {"a -o \"\"", "--file needs a file's name"},
    {"a --prefix=", "--prefix needs the begin of a name"},
    {"a -o x -o y", "--file is given more than once"},
    {"a -n 3 --number=3", "--number is given more than once"},
    {"a -n 0", "--number 0: expected a number from 1 to 64"},
    {"a -n -3", "--number -3: expected a number from 1 to 64"},
    {"a -n 65", "--number 65: expected a number from 1 to 64"},
    {"a -n 3x", "--number 3x: expected a number from 1 to 64"},
    {"a -n \"\"", "--number : expected a number from 1 to 64"},
    {"a -n 99999999999999999999", "--number 99999999999999999999: expected a number from 1 to 64"},
    {"a --others 9", "--others 9: expected a number from 10 on"},
    {"a --others 99999999999999999999",
     "--others 99999999999999999999: expected a number from 10 on"},
    {"a -r -2", "--real -2: expected a number above -2, at most 2"},
    {"a -r 2.1", "--real 2.1: expected a number above -2, at most 2"},
    {"a -r nan", "--real nan: expected a number above -2, at most 2"},
    {"a -r 1x", "--real 1x: expected a number above -2, at most 2"},
    {"a -t soon", "--time soon: expected a time like 90, 30m, 2h or [D-]HH:MM:SS"},
    {"a -t -5", "--time -5: expected a time like 90, 30m, 2h or [D-]HH:MM:SS"},
    {"a -t 0", "--time 0: expected a time like 90, 30m, 2h or [D-]HH:MM:SS"},
    {"a --patience 59", "--patience 59: expected at least 1 minutes, like 30m, 2h or [D-]HH:MM:SS"},
    {"a --round --square", "either --round or --square"},
    {"a -l abcd", "--letters abcd: too long"},
    {"a -fq", "--quick without --flag"},
};

START_TEST(mistakes)
{
    arguments_t a;
    ph_asked_t asked;
    char said[512];
    ck_assert_int_eq(read_line(&VERB, WRONG[_i].line, &a, &asked, said, sizeof(said)),
                     PH_ERR_INPUT);
    ck_assert_str_eq(said, WRONG[_i].says);
    ph_options_free(&VERB, &a);
}
END_TEST

/* What may be said twice, and a value that only looks like an option. */
START_TEST(allowed)
{
    arguments_t a;
    ph_asked_t asked;
    char said[512];
    ck_assert_int_eq(read_line(&VERB,
                               "a -f -f --square -s -l ab -l cd --file=--flag --others 10 -w-f", &a,
                               &asked, said, sizeof(said)),
                     PH_OK);
    ck_assert_str_eq(a.letters, "abcd");
    ck_assert_str_eq(a.file, "--flag");
    ck_assert_str_eq(a.word, "-f");
    ck_assert_uint_eq(a.others, 10);
    ck_assert_uint_eq(a.number, 7); /* as by default */
    ck_assert_ptr_null(a.second);
    ck_assert_int_eq(read_line(&VERB, "-- -f --flag", &a, &asked, said, sizeof(said)), PH_OK);
    ck_assert_str_eq(a.first, "-f");
    ck_assert_str_eq(a.second, "--flag");
    ck_assert(!a.flag);
    ck_assert_int_eq(read_line(&VERB, "-f ./1 -n 3 2", &a, &asked, said, sizeof(said)), PH_OK);
    ck_assert_str_eq(a.first, "./1");
    ck_assert_str_eq(a.second, "2");
    ck_assert_int_eq(read_line(&VERB, "-f nan --flag -- 3", &a, &asked, said, sizeof(said)), PH_OK);
    ck_assert_str_eq(a.first, "nan");
    ck_assert_str_eq(a.second, "3");
}
END_TEST

/* Options that every verb has win over all that follows or is missing. */
START_TEST(asked_for)
{
    static const struct {
        const char *line;
        ph_asked_t asked;
    } CASES[] = {
        {"--help", PH_ASKED_HELP},   {"-h", PH_ASKED_HELP},
        {"-?", PH_ASKED_HELP},       {"a b -fh c", PH_ASKED_HELP},
        {"--usage", PH_ASKED_USAGE}, {"--version", PH_ASKED_VERSION},
        {"a -V", PH_ASKED_VERSION},  {"a -o --h", PH_ASKED_NOTHING},
    };
    for (size_t i = 0; i < sizeof(CASES) / sizeof(CASES[0]); i++) {
        arguments_t a;
        ph_asked_t asked;
        char said[512];
        read_line(&VERB, CASES[i].line, &a, &asked, said, sizeof(said));
        ck_assert_msg(asked == CASES[i].asked, "%s", CASES[i].line);
    }
}
END_TEST

/* Many operands, an option that is needed, a word in place of a file. */
START_TEST(forms)
{
    static const ph_option_t NEEDED[] = {
        {"file", 'o', "FILE", "", .type = PH_OPTION_FILE, AT(file), .required = true},
        {.name = NULL}};
    static const ph_verb_t MANY = {
        .name = "many",
        .forms = {{{"FILE", PH_FILES_RUN, PH_OPERAND_MANY, offsetof(arguments_t, texts)}}},
        .options = NEEDED};
    static const ph_verb_t WORD = {
        .name = "word",
        .forms = {{{"samplers", 0, PH_OPERAND_OPTIONAL, offsetof(arguments_t, first)}}}};
    static const ph_verb_t NONE = {.name = "none"};
    static const struct {
        const ph_verb_t *verb;
        const char *line, *says;
    } CASES[] = {
        {&MANY, "a b c -o d", ""},
        {&MANY, "a", "--file is needed: give -o FILE"},
        {&MANY, "-o d", "which run files?"},
        {&WORD, "", ""},
        {&WORD, "samplers", ""},
        {&WORD, "sampler", "'sampler' is unknown, expected samplers or nothing"},
        {&WORD, "samplers samplers", "one word, not also 'samplers'"},
        {&NONE, "", ""},
        {&NONE, "x", "no argument expected, got 'x'"},
    };
    for (size_t i = 0; i < sizeof(CASES) / sizeof(CASES[0]); i++) {
        arguments_t a;
        ph_asked_t asked;
        char said[512];
        read_line(CASES[i].verb, CASES[i].line, &a, &asked, said, sizeof(said));
        ck_assert_str_eq(said, CASES[i].says);
        if (i == 0) {
            ck_assert_uint_eq(a.texts.count, 3);
            ck_assert_str_eq(a.texts.texts[2], "c");
        }
        ph_options_free(CASES[i].verb, &a);
    }
}
END_TEST

static char *printed(void (*print)(const ph_verb_t *, FILE *), const ph_verb_t *verb)
{
    char *text = NULL;
    size_t size = 0;
    FILE *out = open_memstream(&text, &size);
    ck_assert_ptr_nonnull(out);
    print(verb, out);
    ck_assert_int_eq(fclose(out), 0);
    return text;
}

START_TEST(usage)
{
    char *text = printed(ph_verb_usage, &VERB);
    ck_assert_str_eq(
        text, "Usage: polyhebb try [-f] [-o FILE] [-l ABC]... [-n N] [--others=N]\n"
              "            [--patience=D] [--prefix=PREFIX] [-q] [-r X] [--round] [-s]\n"
              "            [-S KEY=VALUE]... [-t D] [-w WORD] [-h] [--usage] [-V] RUN [THEORY]\n"
              "  or:  polyhebb try [OPTION...] PHASE\n");
    free(text);
}
END_TEST

/* The program's own rows: what a reader, the help and the tables made from them rely on. */
START_TEST(rows)
{
    const ph_option_t *option, *other;
    for (const ph_verb_t *const *verb = PH_VERBS; *verb != NULL; verb++) {
        const ph_operand_t(*all)[PH_OPERANDS_MAX] = (*verb)->forms;
        size_t count = 0;
        ck_assert((*verb)->size > 0 && (*verb)->act != NULL);
        for (; (option = ph_option(*verb, count)) != NULL; count++) {
            ck_assert_msg(option->help[0] != '\0' && option->help[strlen(option->help) - 1] != '.',
                          "%s --%s", (*verb)->name, option->name);
            ck_assert(option->set != NULL || ph_option_is_common(option) ||
                      option->offset < (*verb)->size);
            ck_assert_msg(option->set != NULL ||
                              (option->argument == NULL) == (option->type <= PH_OPTION_CHOICE),
                          "%s --%s", (*verb)->name, option->name);
            ck_assert(!option->required || option->letter != '\0');
            for (size_t i = 0; i < count; i++) {
                other = ph_option(*verb, i);
                ck_assert_msg(strcmp(option->name, other->name) != 0 &&
                                  (option->letter == '\0' || option->letter != other->letter),
                              "%s: --%s and --%s", (*verb)->name, option->name, other->name);
            }
        }
        ck_assert_uint_le(count, 32);
        for (size_t f = 1; f < PH_FORMS_MAX; f++) /* the first form says where operands go */
            for (size_t k = 0; k < PH_OPERANDS_MAX && all[f][k].word != NULL; k++)
                ck_assert(all[0][k].word != NULL && all[f][k].offset == all[0][k].offset);
    }
}
END_TEST

/* No line of any verb's help is longer than a terminal's, or ends in blanks; all rows are in it. */
START_TEST(help_of_all)
{
    const ph_option_t *option;
    for (const ph_verb_t *const *verb = PH_VERBS; *verb != NULL; verb++) {
        char *text = printed(ph_verb_help, *verb);
        for (size_t i = 0; (option = ph_option(*verb, i)) != NULL; i++) {
            char name[64];
            snprintf(name, sizeof(name), "--%s", option->name);
            ck_assert_ptr_nonnull(strstr(text, name));
        }
        for (char *line = strtok(text, "\n"); line != NULL; line = strtok(NULL, "\n"))
            ck_assert_msg(strlen(line) < 80 && line[strlen(line) - 1] != ' ', "%s", line);
        free(text);
    }
}
END_TEST

/* Every verb's examples are command lines of it, read as they stand. */
START_TEST(examples)
{
    ph_report_t report;
    for (const ph_verb_t *const *verb = PH_VERBS; *verb != NULL; verb++) {
        ck_assert_ptr_nonnull((*verb)->examples);
        ck_assert_msg((*verb)->examples[0].words != NULL, "%s has none", (*verb)->name);
        for (const ph_example_t *example = (*verb)->examples; example->words != NULL; example++) {
            char text[256];
            const char *words[32];
            size_t count = 0;
            snprintf(text, sizeof(text), "%s", example->words);
            for (char *word = strtok(text, " "); word != NULL; word = strtok(NULL, " "))
                words[count++] = word;
            ck_assert_str_eq(words[0], (*verb)->name);
            void *arguments = calloc(1, (*verb)->size);
            ck_assert_ptr_nonnull(arguments);
            if ((*verb)->defaults != NULL)
                memcpy(arguments, (*verb)->defaults, (*verb)->size);
            ph_asked_t asked = PH_ASKED_NOTHING;
            ph_report_init(&report);
            const int status =
                ph_options_read(*verb, count - 1, words + 1, arguments, &asked, &report);
            ck_assert_msg(status == PH_OK, "%s: %s", example->words,
                          report.count > 0 ? report.messages[0].text : "");
            ck_assert_int_eq(asked, PH_ASKED_NOTHING);
            ph_report_free(&report);
            ph_options_free(*verb, arguments);
            free(arguments);
        }
    }
}
END_TEST

int main(void)
{
    TCase *tcase = tcase_create("options");
    tcase_add_loop_test(tcase, values, 0, 4);
    tcase_add_loop_test(tcase, mistakes, 0, sizeof(WRONG) / sizeof(WRONG[0]));
    tcase_add_test(tcase, allowed);
    tcase_add_test(tcase, asked_for);
    tcase_add_test(tcase, forms);
    tcase_add_test(tcase, usage);
    tcase_add_test(tcase, rows);
    tcase_add_test(tcase, help_of_all);
    tcase_add_test(tcase, examples);
    return test_run("options", tcase);
}
