/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/report.h"

#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "base/visible.h"

void ph_report_init(ph_report_t *self)
{
    memset(self, 0, sizeof(*self));
}

void ph_report_free(ph_report_t *self)
{
    for (size_t i = 0; i < self->count; i++)
        free(self->messages[i].text);
    free(self->messages);
    ph_report_init(self);
}

/* The text as it can be shown, whatever names and contents of files are quoted in it. */
static char *make_visible(char *text)
{
    if (text == NULL || ph_is_visible(text))
        return text;
    const size_t size = ph_visible(text, NULL, 0) + 1;
    char *shown = malloc(size);
    if (shown != NULL)
        ph_visible(text, shown, size);
    free(text);
    return shown;
}

static char *format_text(const char *format, va_list args)
{
    va_list copy;
    va_copy(copy, args);
    int length = vsnprintf(NULL, 0, format, copy);
    va_end(copy);
    if (length < 0)
        return NULL;
    char *text = malloc((size_t)length + 1);
    if (text != NULL)
        vsnprintf(text, (size_t)length + 1, format, args);
    return make_visible(text);
}

static bool add_text(ph_report_t *self, int status, char *text)
{
    if (text == NULL)
        return false;
    if (self->count == self->capacity) {
        size_t capacity = self->capacity == 0 ? 8 : 2 * self->capacity;
        ph_message_t *grown = realloc(self->messages, capacity * sizeof(*grown));
        if (grown == NULL) {
            free(text);
            return false;
        }
        self->messages = grown;
        self->capacity = capacity;
    }
    self->messages[self->count++] = (ph_message_t){.status = status, .text = text};
    return true;
}

/* Without memory the first message goes into `spare`; the status travels as the return value. */
static void add_message(ph_report_t *self, int status, const char *format, va_list args)
{
    char text[PH_REPORT_SPARE];
    va_list copy;
    va_copy(copy, args);
    if (!add_text(self, status, format_text(format, args)) && self->spare[0] == '\0' &&
        vsnprintf(text, sizeof(text), format, copy) > 0) {
        ph_visible(text, self->spare, sizeof(self->spare));
        self->spare_status = status;
    }
    va_end(copy);
}

int ph_fail(ph_report_t *self, int status, const char *format, ...)
{
    if (self != NULL) {
        va_list args;
        va_start(args, format);
        add_message(self, status, format, args);
        va_end(args);
    }
    return status;
}

void ph_note(ph_report_t *self, const char *format, ...)
{
    if (self == NULL)
        return;
    va_list args;
    va_start(args, format);
    add_message(self, PH_OK, format, args);
    va_end(args);
}

size_t ph_report_errors(const ph_report_t *self)
{
    size_t errors = self != NULL && self->spare[0] != '\0' && self->spare_status != PH_OK;
    for (size_t i = 0; self != NULL && i < self->count; i++)
        errors += self->messages[i].status != PH_OK;
    return errors;
}

static void print_message(int status, const char *text, FILE *out)
{
    fprintf(out, "polyhebb: %s: %s\n", status == PH_OK ? "note" : "error", text);
}

void ph_report_print(const ph_report_t *self, FILE *out)
{
    for (size_t i = 0; self != NULL && i < self->count; i++)
        print_message(self->messages[i].status, self->messages[i].text, out);
    if (self != NULL && self->spare[0] != '\0')
        print_message(self->spare_status, self->spare, out);
}

void ph_report_numbers(const bool *set, size_t count, char *text, size_t size)
{
    static const char more[] = ", ...";
    size_t length = 0;
    text[0] = '\0';
    for (size_t i = 0, end; i < count; i = end + 1) {
        char part[64];
        for (end = i; end < count && set[end]; end++)
            ;
        if (end == i)
            continue;
        const char *comma = length > 0 ? ", " : "";
        if (end - i == 1)
            snprintf(part, sizeof(part), "%s%zu", comma, i);
        else
            snprintf(part, sizeof(part), "%s%zu%s%zu", comma, i, end - i == 2 ? ", " : "-",
                     end - 1);
        if (length + strlen(part) + sizeof(more) > size) {
            snprintf(text + length, size - length, "%s", length > 0 ? more : "...");
            return;
        }
        memcpy(text + length, part, strlen(part) + 1);
        length += strlen(part);
    }
}
