/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef PH_CLI_OPTIONS_H
#define PH_CLI_OPTIONS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include "base/report.h"

/*
 * A verb of the program is a row: its words, its options and its files. What is read from the
 * command line, what --help prints and what is said of mistakes follow from the row; whoever writes
 * completions or pages of a manual walks the same rows (PH_VERBS in cli/verbs.h).
 */

/** What an option's value is, and by that the type of the member it goes to. */
typedef enum {
    PH_OPTION_FLAG,   /* no value; bool, made true */
    PH_OPTION_CHOICE, /* no value; an enum, made `code`: one of the choices for a member at most */
    PH_OPTION_TEXT,   /* const char * */
    PH_OPTION_FILE,   /* const char *, the name of a file: not empty */
    PH_OPTION_PREFIX, /* const char *, what names of files begin with: not empty */
    PH_OPTION_TEXTS,  /* ph_texts_t: as many as given */
    PH_OPTION_NUMBER, /* uint64_t, from `minimum` to `maximum` (0: any) */
    PH_OPTION_REAL,   /* double above `minimum`, at most `maximum` */
    PH_OPTION_TIME    /* double, seconds (ph_cli_seconds): above 0, from `minimum` on */
} ph_option_type_t;

/** Texts of the command line, in the order they were given. */
typedef struct {
    size_t count;
    const char **texts;
} ph_texts_t;

typedef struct {
    const char *name;     /* as in --name; NULL ends a list */
    char letter;          /* as in -n; '\0': none */
    const char *argument; /* what --help calls its value; NULL: it has none */
    const char *help;
    ph_option_type_t type;
    size_t offset; /* of its member in the verb's arguments */
    int code;
    double minimum, maximum;
    bool required;
    bool repeatable; /* beyond flags, choices and PH_OPTION_TEXTS, which may always be repeated */
    /** In place of what the type says: takes the value (NULL where there is none).
     * PH_ERR_INPUT, with why, where it is none. */
    int (*set)(void *arguments, const char *text, ph_report_t *report);
} ph_option_t;

/** The rows that several verbs have: member `field` of arguments of type `type`. */
#define PH_OPTION_ROW_THREADS(type_, field)                                                        \
    {                                                                                              \
        "threads", 'j', "N", "threads (default: as many as are allowed)",                          \
            .type = PH_OPTION_NUMBER, .offset = offsetof(type_, field), .minimum = 1,              \
            .maximum = 65536                                                                       \
    }
#define PH_OPTION_ROW_SET(type_, field)                                                            \
    {                                                                                              \
        "set", 'S', "KEY=VALUE", "override a key of the grid", .type = PH_OPTION_TEXTS,            \
                                                               .offset = offsetof(type_, field)    \
    }

/** Kinds of files, as bits. */
enum {
    PH_FILES_GRID = 1,
    PH_FILES_RUN = 2,
    PH_FILES_THEORY = 4,
    PH_FILES_PHASE = 8,
    PH_FILES_COMPARISON = 16,
    PH_FILES_IMAGE = 32,
    PH_FILES_ATTRACTORS = 64,
    PH_FILES_KINDS = 7
};

typedef enum { PH_OPERAND_ONE, PH_OPERAND_OPTIONAL, PH_OPERAND_MANY } ph_operand_count_t;

/** What stands on the command line without an option: a file, or a word. */
typedef struct {
    const char *word; /* what the synopsis calls it, or the word itself; NULL: none */
    unsigned files;   /* kinds it may be of; 0: it is the word itself */
    ph_operand_count_t count;
    size_t offset; /* of a const char *, of a ph_texts_t where there may be many */
} ph_operand_t;

enum { PH_FORMS_MAX = 3, PH_OPERANDS_MAX = 2 };

/** A command line, from its verb on, and what it is for. */
typedef struct {
    const char *words; /* divided by blanks; NULL ends a list */
    const char *what;
} ph_example_t;

typedef struct ph_verb {
    const char *name;
    const char *help;  /* one line, in the list of verbs */
    const char *about; /* a paragraph, above the list of options */
    /** The forms of its synopsis. The first has the most operands and says where they go. */
    ph_operand_t forms[PH_FORMS_MAX][PH_OPERANDS_MAX];
    const ph_option_t *options;   /* in the order of the list; NULL: none */
    size_t size;                  /* of its arguments */
    const void *defaults;         /* its arguments before the command line; NULL: zeros */
    const ph_example_t *examples; /* NULL: none */
    /** What the rows cannot say of options that do not go together; NULL: nothing. */
    int (*check)(const void *arguments, ph_report_t *report);
    void (*list)(FILE *out); /* what --help has below the options; NULL: nothing */
    /** Does it, prints the report's messages (ph_cli_finish) and returns the exit code. */
    int (*act)(void *arguments, ph_report_t *report);
} ph_verb_t;

/** What was asked for in place of the verb's own work. */
typedef enum { PH_ASKED_NOTHING, PH_ASKED_HELP, PH_ASKED_USAGE, PH_ASKED_VERSION } ph_asked_t;

/** Option i of a verb: its own, then those that all verbs have (type PH_OPTION_CHOICE, `code` a
 * ph_asked_t, no member); NULL after the last. */
const ph_option_t *ph_option(const ph_verb_t *verb, size_t i);
bool ph_option_is_common(const ph_option_t *option);

/**
 * Reads the command line behind a verb, words[count], into its arguments, which hold the defaults.
 * Options and operands come in any order; names may be cut where that leaves one; "--" ends the
 * options. PH_ERR_INPUT with the one reason where the rows do not allow it, PH_ERR_MEMORY. Where
 * `asked` is not PH_ASKED_NOTHING nothing else counts. Texts point into `words`. The arguments are
 * to be freed after failure too.
 */
int ph_options_read(const ph_verb_t *verb, size_t count, const char *const *words, void *arguments,
                    ph_asked_t *asked, ph_report_t *report);
void ph_options_free(const ph_verb_t *verb, void *arguments);

/** Prints `text` behind what `column` columns of the line hold, in lines of at most 79 columns that
 * go on at `indent`, and ends the line. */
void ph_cli_wrap(FILE *out, size_t column, size_t indent, const char *text);

/** What --help and --usage print, and the synopsis of one form: all options with the first,
 * "OPTION..." with others. `text` takes PH_SYNOPSIS_SIZE bytes. False where there is no such form.
 */
enum { PH_SYNOPSIS_SIZE = 1024 };
void ph_verb_help(const ph_verb_t *verb, FILE *out);
void ph_verb_usage(const ph_verb_t *verb, FILE *out);
bool ph_verb_synopsis(const ph_verb_t *verb, size_t form, char *text);

/** "grid, run or theory": kinds of files as people list them. `text` takes 64 bytes. */
void ph_files_text(unsigned files, char *text, size_t size);

#endif
