/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/options.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/nearest.h"
#include "base/visible.h"
#include "cli/cli.h"

enum { OPTIONS_MAX = 32 };

static const ph_option_t COMMON[] = {
    {"help", 'h', NULL, "Give this help list", .type = PH_OPTION_CHOICE, .code = PH_ASKED_HELP},
    {"usage", '\0', NULL, "Give a short usage message", .type = PH_OPTION_CHOICE,
     .code = PH_ASKED_USAGE},
    {"version", 'V', NULL, "Print the program's version", .type = PH_OPTION_CHOICE,
     .code = PH_ASKED_VERSION},
    {.name = NULL},
};

typedef struct {
    const ph_verb_t *verb;
    size_t count, next; /* of the words */
    const char *const *words;
    void *arguments;
    ph_asked_t asked;
    bool given[OPTIONS_MAX]; /* by number of the option */
    const ph_option_t *bare; /* the word before was this option, without a value; or NULL */
    size_t operands;
    ph_report_t *report;
} reader_t;

const ph_option_t *ph_option(const ph_verb_t *verb, size_t i)
{
    size_t own = 0;
    for (; verb->options != NULL && verb->options[own].name != NULL; own++)
        if (own == i)
            return &verb->options[i];
    const size_t count = sizeof(COMMON) / sizeof(COMMON[0]) - 1;
    return i - own < count ? &COMMON[i - own] : NULL;
}

bool ph_option_is_common(const ph_option_t *option)
{
    for (const ph_option_t *row = COMMON; row->name != NULL; row++)
        if (row == option)
            return true;
    return false;
}

static void *member(const reader_t *self, size_t offset)
{
    return (char *)self->arguments + offset;
}

static int add_text(ph_texts_t *self, const char *text, ph_report_t *report)
{
    const char **grown = realloc(self->texts, (self->count + 1) * sizeof(*grown));
    if (grown == NULL)
        return ph_fail(report, PH_ERR_MEMORY, "no memory for the command line");
    self->texts = grown;
    self->texts[self->count++] = text;
    return PH_OK;
}

static int set_number(uint64_t *at, const ph_option_t *option, const char *text,
                      ph_report_t *report)
{
    char *end = NULL;
    errno = 0;
    if (text[0] >= '0' && text[0] <= '9')
        *at = strtoull(text, &end, 10);
    if (end != NULL && *end == '\0' && errno == 0 && (double)*at >= option->minimum &&
        (option->maximum <= 0.0 || (double)*at <= option->maximum))
        return PH_OK;
    if (option->maximum > 0.0)
        return ph_fail(report, PH_ERR_INPUT, "--%s %s: expected a number from %.0f to %.0f",
                       option->name, text, option->minimum, option->maximum);
    return ph_fail(report, PH_ERR_INPUT, "--%s %s: expected a number from %.0f on", option->name,
                   text, option->minimum);
}

static int set_real(double *at, const ph_option_t *option, const char *text, ph_report_t *report)
{
    char *end;
    *at = strtod(text, &end);
    if (end != text && *end == '\0' && *at > option->minimum && *at <= option->maximum)
        return PH_OK;
    return ph_fail(report, PH_ERR_INPUT, "--%s %s: expected a number above %g, at most %g",
                   option->name, text, option->minimum, option->maximum);
}

static int set_time(double *at, const ph_option_t *option, const char *text, ph_report_t *report)
{
    *at = ph_cli_seconds(text);
    if (*at > 0.0 && *at >= option->minimum)
        return PH_OK;
    if (option->minimum > 0.0)
        return ph_fail(report, PH_ERR_INPUT,
                       "--%s %s: expected at least %g minutes, like 30m, 2h or [D-]HH:MM:SS",
                       option->name, text, option->minimum / 60.0);
    return ph_fail(report, PH_ERR_INPUT,
                   "--%s %s: expected a time like 90, 30m, 2h or [D-]HH:MM:SS", option->name, text);
}

/* A verb's enum has the size of an int. */
static int set_choice(reader_t *self, const ph_option_t *option)
{
    if (ph_option_is_common(option)) {
        self->asked = (ph_asked_t)option->code;
        return PH_OK;
    }
    const ph_option_t *other;
    for (size_t i = 0; (other = ph_option(self->verb, i)) != NULL; i++)
        if (self->given[i] && other->type == PH_OPTION_CHOICE && !ph_option_is_common(other) &&
            other->offset == option->offset && other->code != option->code)
            return ph_fail(self->report, PH_ERR_INPUT, "either --%s or --%s", other->name,
                           option->name);
    memcpy(member(self, option->offset), &option->code, sizeof(option->code));
    return PH_OK;
}

/* `text` is NULL where, and only where, the option has no value. */
static int set(reader_t *self, const ph_option_t *option, const char *text)
{
    void *at = member(self, option->offset);
    if (option->set != NULL)
        return option->set(self->arguments, text, self->report);
    switch (option->type) {
    case PH_OPTION_FLAG:
        *(bool *)at = true;
        return PH_OK;
    case PH_OPTION_CHOICE:
        return set_choice(self, option);
    case PH_OPTION_FILE:
    case PH_OPTION_PREFIX:
        if (text[0] == '\0')
            return ph_fail(self->report, PH_ERR_INPUT, "--%s needs %s", option->name,
                           option->type == PH_OPTION_FILE ? "a file's name"
                                                          : "the begin of a name");
        *(const char **)at = text;
        return PH_OK;
    case PH_OPTION_TEXTS:
        return add_text(at, text, self->report);
    case PH_OPTION_NUMBER:
        return set_number(at, option, text, self->report);
    case PH_OPTION_REAL:
        return set_real(at, option, text, self->report);
    case PH_OPTION_TIME:
        return set_time(at, option, text, self->report);
    default:
        *(const char **)at = text;
        return PH_OK;
    }
}

static bool is_numeric(const ph_option_t *option)
{
    return option->type == PH_OPTION_NUMBER || option->type == PH_OPTION_REAL ||
           option->type == PH_OPTION_TIME;
}

/* Whether the next word can be a value: "-" can, and a negative number where a number is wanted. */
static bool is_value(const ph_option_t *option, const char *word)
{
    return word[0] != '-' || word[1] == '\0' ||
           (is_numeric(option) && word[1] != '\0' && strchr("0123456789.", word[1]) != NULL);
}

/* `value`: what is written behind the option in the same word; NULL: nothing. */
static int take(reader_t *self, size_t number, const char *value)
{
    const ph_option_t *option = ph_option(self->verb, number);
    const bool once =
        option->argument != NULL && option->type != PH_OPTION_TEXTS && !option->repeatable;
    if (option->argument == NULL && value != NULL)
        return ph_fail(self->report, PH_ERR_INPUT, "--%s takes no value, got '%s'", option->name,
                       value);
    if (once && self->given[number])
        return ph_fail(self->report, PH_ERR_INPUT, "--%s is given more than once", option->name);
    if (option->argument != NULL && value == NULL) {
        const char *next = self->next < self->count ? self->words[self->next] : NULL;
        if (next == NULL)
            return ph_fail(self->report, PH_ERR_INPUT, "--%s needs a value, %s", option->name,
                           option->argument);
        if (!is_value(option, next))
            return ph_fail(self->report, PH_ERR_INPUT,
                           "--%s needs a value, %s, but '%s' follows; a value that begins so is "
                           "written --%s=%s",
                           option->name, option->argument, next, option->name, next);
        value = next;
        self->next++;
    }
    self->given[number] = true;
    self->bare = option->argument == NULL ? option : NULL;
    return set(self, option, value);
}

/* No option begins with `name`: says so, and which it might have been. */
static int fail_unknown(const reader_t *self, const char *word, const char *name)
{
    const char *names[OPTIONS_MAX];
    const ph_option_t *option;
    size_t count = 0;
    for (; (option = ph_option(self->verb, count)) != NULL; count++)
        names[count] = option->name;
    const char *nearest = ph_nearest(name, count, names);
    if (nearest != NULL)
        return ph_fail(self->report, PH_ERR_INPUT, "unknown option '%s', did you mean --%s?", word,
                       nearest);
    return ph_fail(self->report, PH_ERR_INPUT, "unknown option '%s'", word);
}

/* A name may be cut where only one begins so. */
static int take_long(reader_t *self, const char *word)
{
    const char *equals = strchr(word, '='), *value = equals != NULL ? equals + 1 : NULL;
    const size_t length = equals != NULL ? (size_t)(equals - word) - 2 : strlen(word + 2);
    const ph_option_t *option;
    char names[512] = "";
    size_t begun = 0, found = 0;
    for (size_t i = 0; (option = ph_option(self->verb, i)) != NULL; i++) {
        const size_t used = strlen(names);
        if (strncmp(option->name, word + 2, length) != 0)
            continue;
        if (option->name[length] == '\0')
            return take(self, i, value);
        snprintf(names + used, sizeof(names) - used, "%s--%s", begun > 0 ? " or " : "",
                 option->name);
        found = i;
        begun++;
    }
    if (begun == 1)
        return take(self, found, value);
    if (begun > 1)
        return ph_fail(self->report, PH_ERR_INPUT, "'%s' may be %s", word, names);
    char name[64];
    snprintf(name, sizeof(name), "%.*s", (int)(length < sizeof(name) ? length : sizeof(name)),
             word + 2);
    return fail_unknown(self, word, name);
}

/* Letters of options without a value, up to one that takes the rest or the next word as its own. */
static int take_letters(reader_t *self, const char *word)
{
    int status = PH_OK;
    for (const char *at = word + 1; *at != '\0' && status == PH_OK; at++) {
        const ph_option_t *option;
        size_t i = 0;
        while ((option = ph_option(self->verb, i)) != NULL && option->letter != *at)
            i++;
        if (option == NULL && *at == '?') { /* as programs of GNU have it */
            self->asked = PH_ASKED_HELP;
            return PH_OK;
        }
        if (option == NULL) {
            uint32_t character;
            const size_t bytes = ph_utf8_next(at, &character);
            return at == word + 1 && at[bytes > 0 ? bytes : 1] == '\0'
                       ? ph_fail(self->report, PH_ERR_INPUT, "unknown option '%s'", word)
                       : ph_fail(self->report, PH_ERR_INPUT, "unknown option '-%.*s' in '%s'",
                                 bytes > 0 ? (int)bytes : 1, at, word);
        }
        if (option->argument != NULL)
            return take(self, i, at[1] != '\0' ? at + 1 : NULL);
        status = take(self, i, NULL);
    }
    return status;
}

static int fail_surplus(const reader_t *self, size_t most, const char *text)
{
    const bool word = most > 0 && self->verb->forms[0][0].files == 0;
    if (most == 0)
        return ph_fail(self->report, PH_ERR_INPUT, "no argument expected, got '%s'", text);
    if (most == 1)
        return ph_fail(self->report, PH_ERR_INPUT, "one %s, not also '%s'", word ? "word" : "file",
                       text);
    return ph_fail(self->report, PH_ERR_INPUT, "at most %zu files, not also '%s'", most, text);
}

static bool is_number(const char *text)
{
    char *end;
    (void)strtod(text, &end);
    return strchr("0123456789.", text[0]) != NULL && end != text && *end == '\0'; /* not "nan" */
}

static int take_operand(reader_t *self, const char *text)
{
    const ph_operand_t *operands = self->verb->forms[0];
    const ph_option_t *before = self->bare;
    size_t most = 0;
    self->bare = NULL;
    if (before != NULL && is_number(text))
        return ph_fail(self->report, PH_ERR_INPUT,
                       "--%s takes no value, but '%s' follows; a file of that name is written ./%s",
                       before->name, text, text);
    while (most < PH_OPERANDS_MAX && operands[most].word != NULL)
        most++;
    const bool many = most > 0 && operands[most - 1].count == PH_OPERAND_MANY;
    if (self->operands >= most && !many)
        return fail_surplus(self, most, text);
    const ph_operand_t *row = &operands[self->operands < most ? self->operands : most - 1];
    self->operands++;
    if (row->files == 0 && strcmp(text, row->word) != 0)
        return ph_fail(self->report, PH_ERR_INPUT, "'%s' is unknown, expected %s or nothing", text,
                       row->word);
    if (text[0] == '\0')
        return ph_fail(self->report, PH_ERR_INPUT, "which file? Its name is empty");
    if (row->count == PH_OPERAND_MANY)
        return add_text(member(self, row->offset), text, self->report);
    *(const char **)member(self, row->offset) = text;
    return PH_OK;
}

/* What is missing once all words are read. */
static int finish(const reader_t *self)
{
    const ph_operand_t *first = &self->verb->forms[0][0];
    const ph_option_t *option;
    if (self->operands == 0 && first->word != NULL && first->count != PH_OPERAND_OPTIONAL) {
        unsigned files = 0;
        char kinds[64];
        for (size_t f = 0; f < PH_FORMS_MAX; f++)
            files |= self->verb->forms[f][0].files;
        ph_files_text(files, kinds, sizeof(kinds));
        return ph_fail(self->report, PH_ERR_INPUT, "which %s file%s?", kinds,
                       first->count == PH_OPERAND_MANY ? "s" : "");
    }
    for (size_t i = 0; (option = ph_option(self->verb, i)) != NULL; i++)
        if (option->required && !self->given[i])
            return ph_fail(self->report, PH_ERR_INPUT, "--%s is needed: give -%c %s", option->name,
                           option->letter, option->argument);
    return self->verb->check != NULL ? self->verb->check(self->arguments, self->report) : PH_OK;
}

int ph_options_read(const ph_verb_t *verb, size_t count, const char *const *words, void *arguments,
                    ph_asked_t *asked, ph_report_t *report)
{
    reader_t self = {verb, count, .words = words, .arguments = arguments, .report = report};
    bool ended = false;
    int status = PH_OK;
    while (self.next < count && status == PH_OK && self.asked == PH_ASKED_NOTHING) {
        const char *word = words[self.next++];
        if (ended || word[0] != '-' || word[1] == '\0') {
            status = take_operand(&self, word);
        } else if (strcmp(word, "--") == 0) {
            ended = true;
            self.bare = NULL;
        } else {
            status = word[1] == '-' ? take_long(&self, word) : take_letters(&self, word);
        }
    }
    *asked = self.asked;
    return status == PH_OK && self.asked == PH_ASKED_NOTHING ? finish(&self) : status;
}

void ph_options_free(const ph_verb_t *verb, void *arguments)
{
    const ph_option_t *option;
    for (size_t i = 0; (option = ph_option(verb, i)) != NULL; i++)
        if (option->type == PH_OPTION_TEXTS)
            free(((ph_texts_t *)(void *)((char *)arguments + option->offset))->texts);
    for (size_t k = 0; k < PH_OPERANDS_MAX; k++) {
        const ph_operand_t *row = &verb->forms[0][k];
        if (row->word != NULL && row->count == PH_OPERAND_MANY)
            free(((ph_texts_t *)(void *)((char *)arguments + row->offset))->texts);
    }
}
