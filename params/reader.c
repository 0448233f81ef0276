/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "params/reader_private.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void ph_node_free(ph_node_t *self)
{
    if (self == NULL)
        return;
    for (size_t i = 0; i < self->count; i++) /* no deeper than PH_MAX_DEPTH */
        ph_node_free(self->children[i]);
    free(self->children);
    free(self->text);
    free(self);
}

const char *ph_node_quote(const ph_node_t *node, char *quote)
{
    return ph_quote(node->text, node->length, quote);
}

void ph_reader_fail(ph_reader_t *self, const ph_node_t *node, const char *format, ...)
{
    char *text = NULL;
    va_list args;
    va_start(args, format);
    const int length = vsnprintf(NULL, 0, format, args);
    va_end(args);
    if (self->status == PH_OK)
        self->status = PH_ERR_INPUT;
    if (self->errors++ >= PH_ERRORS_SHOWN || length < 0)
        return;
    text = malloc((size_t)length + 1);
    if (text == NULL)
        return;
    va_start(args, format);
    vsnprintf(text, (size_t)length + 1, format, args);
    va_end(args);
    if (node != NULL && node->line > 0)
        ph_fail(self->report, PH_ERR_INPUT, "%s:%d:%d: %s", node->source, node->line, node->column,
                text);
    else
        ph_fail(self->report, PH_ERR_INPUT, "%s%s: %s", node != NULL ? node->source : self->name,
                node != NULL ? "" : ":1:1", text);
    free(text);
}

void ph_reader_take(ph_reader_t *self, int status)
{
    self->errors++;
    self->status = self->status == PH_OK ? status : self->status;
}

void ph_reader_fail_memory(ph_reader_t *self)
{
    self->errors++;
    self->status = ph_fail(self->report, PH_ERR_MEMORY,
                           "%s: no memory to read the grid; it needs "
                           "fewer points or patterns",
                           self->name);
}

void ph_reader_fail_repeated(ph_reader_t *reader, const ph_node_t *key, const ph_node_t *first)
{
    char quote[PH_QUOTE_SIZE];
    ph_reader_fail(reader, key, "key \"%s\" is repeated (first at line %d), expected it once",
                   ph_node_quote(key, quote), first->line);
}
