/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdarg.h>
#include <string.h>

#include "cli/options.h"

enum { WIDTH = 79, HELP_COLUMN = 29, USAGE_INDENT = 12 };

/* Up to a blank; what is in brackets stays together. */
static size_t word_length(const char *text)
{
    const char *end = text[0] == '[' ? strchr(text, ']') : NULL;
    const size_t inside = end != NULL ? (size_t)(end - text) : 0;
    return inside + strcspn(text + inside, " ");
}

void ph_cli_wrap(FILE *out, size_t column, size_t indent, const char *text)
{
    bool begun = false; /* there is a word on this line */
    while (*text != '\0') {
        const size_t length = word_length(text);
        if (begun && column + 1 + length > WIDTH) {
            fprintf(out, "\n%*s", (int)indent, "");
            column = indent;
            begun = false;
        }
        fprintf(out, "%s%.*s", begun ? " " : "", (int)length, text);
        column += length + begun;
        begun = true;
        text += length;
        text += *text == ' ';
    }
    fputc('\n', out);
}

void ph_files_text(unsigned files, char *text, size_t size)
{
    static const char *const KINDS[PH_FILES_KINDS] = {"grid",       "run",   "theory",    "phase",
                                                      "comparison", "image", "attractors"};
    size_t used = 0;
    text[0] = '\0';
    for (unsigned k = 0; k < PH_FILES_KINDS && used < size; k++) {
        const char *between = used == 0 ? "" : files >> (k + 1) != 0 ? ", " : " or ";
        if ((files >> k & 1U) != 0)
            used += (size_t)snprintf(text + used, size - used, "%s%s", between, KINDS[k]);
    }
}

/* One after the other, so many as the text has room for. */
static void add(char *text, size_t size, const char *format, ...) PH_PRINTF(3, 4);

static void add(char *text, size_t size, const char *format, ...)
{
    const size_t used = strlen(text);
    va_list args;
    va_start(args, format);
    vsnprintf(text + used, size - used, format, args);
    va_end(args);
}

/* " RUN [THEORY]", and after it the options that are needed. */
static void add_operands(const ph_verb_t *verb, size_t form, char *text, size_t size)
{
    const ph_option_t *option;
    for (size_t k = 0; k < PH_OPERANDS_MAX && verb->forms[form][k].word != NULL; k++) {
        const ph_operand_t *row = &verb->forms[form][k];
        add(text, size, row->count == PH_OPERAND_OPTIONAL ? " [%s]" : " %s", row->word);
        if (row->count == PH_OPERAND_MANY)
            add(text, size, "...");
    }
    for (size_t i = 0; (option = ph_option(verb, i)) != NULL; i++)
        if (option->required)
            add(text, size, " -%c %s", option->letter, option->argument);
}

bool ph_verb_synopsis(const ph_verb_t *verb, size_t form, char *text)
{
    const ph_option_t *option;
    if (form >= PH_FORMS_MAX || (form > 0 && verb->forms[form][0].word == NULL))
        return false;
    snprintf(text, PH_SYNOPSIS_SIZE, "polyhebb %s%s", verb->name, form > 0 ? " [OPTION...]" : "");
    for (size_t i = 0; form == 0 && (option = ph_option(verb, i)) != NULL; i++) {
        if (option->required)
            continue;
        const char *value = option->argument != NULL ? option->argument : "";
        const bool any = option->type == PH_OPTION_TEXTS || option->repeatable;
        if (option->letter != '\0')
            add(text, PH_SYNOPSIS_SIZE, " [-%c%s%s]%s", option->letter, value[0] != '\0' ? " " : "",
                value, any ? "..." : "");
        else
            add(text, PH_SYNOPSIS_SIZE, " [--%s%s%s]%s", option->name, value[0] != '\0' ? "=" : "",
                value, any ? "..." : "");
    }
    add_operands(verb, form, text, PH_SYNOPSIS_SIZE);
    return true;
}

void ph_verb_usage(const ph_verb_t *verb, FILE *out)
{
    char text[PH_SYNOPSIS_SIZE], line[PH_SYNOPSIS_SIZE + 16];
    for (size_t form = 0; ph_verb_synopsis(verb, form, text); form++) {
        snprintf(line, sizeof(line), "%s %s", form == 0 ? "Usage:" : "  or: ", text);
        ph_cli_wrap(out, 0, USAGE_INDENT, line);
    }
}

static void print_option(const ph_option_t *option, FILE *out)
{
    char head[128] = "  ";
    if (option->letter != '\0')
        add(head, sizeof(head), "-%c, ", option->letter);
    else
        add(head, sizeof(head), "    ");
    add(head, sizeof(head), "--%s", option->name);
    if (option->argument != NULL)
        add(head, sizeof(head), "=%s", option->argument);
    fputs(head, out);
    size_t column = strlen(head);
    if (column + 2 > HELP_COLUMN) {
        fputc('\n', out);
        column = 0;
    }
    fprintf(out, "%*s", (int)(HELP_COLUMN - column), "");
    ph_cli_wrap(out, HELP_COLUMN, HELP_COLUMN, option->help);
}

void ph_verb_help(const ph_verb_t *verb, FILE *out)
{
    const ph_option_t *option;
    bool values = false;
    for (size_t form = 0; form < PH_FORMS_MAX; form++) {
        char text[256] = "";
        if (form > 0 && verb->forms[form][0].word == NULL)
            break;
        add_operands(verb, form, text, sizeof(text));
        fprintf(out, "%s polyhebb %s [OPTION...]%s\n", form == 0 ? "Usage:" : "  or: ", verb->name,
                text);
    }
    ph_cli_wrap(out, 0, 0, verb->about);
    fputc('\n', out);
    for (size_t i = 0; (option = ph_option(verb, i)) != NULL; i++) {
        print_option(option, out);
        values = values || option->argument != NULL;
    }
    if (values)
        fputs("\nMandatory or optional arguments to long options are also mandatory or optional\n"
              "for any corresponding short options.\n",
              out);
    if (verb->list != NULL) {
        fputc('\n', out);
        verb->list(out);
    }
    for (size_t i = 0; verb->examples != NULL && verb->examples[i].words != NULL; i++) {
        fprintf(out, "%s  polyhebb %s\n      ", i == 0 ? "\nExamples:\n" : "",
                verb->examples[i].words);
        ph_cli_wrap(out, 6, 6, verb->examples[i].what);
    }
}
