/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <libfyaml.h>
#include <stdlib.h>
#include <string.h>

#include "params/grid_private.h"

/* The tree under construction: the open lists and maps from the root down. */
typedef struct {
    ph_reader_t *reader;
    const char *source;
    bool numbered; /* places are line and column */
    ph_node_t *root;
    ph_node_t *open[PH_MAX_DEPTH];
    size_t depth;
    size_t documents;
    bool failed;
} builder_t;

static void fail_at(builder_t *self, const struct fy_mark *mark, const char *what)
{
    ph_node_t place = {.source = self->source};
    if (self->numbered) {
        place.line = mark != NULL ? mark->line + 1 : 1;
        place.column = mark != NULL ? mark->column + 1 : 1;
    }
    ph_reader_fail(self->reader, &place, "%s", what);
    self->failed = true;
}

static bool add_child(ph_node_t *parent, ph_node_t *child)
{
    if (parent->count == parent->capacity) {
        size_t capacity = parent->capacity == 0 ? 8 : 2 * parent->capacity;
        ph_node_t **grown = realloc(parent->children, capacity * sizeof(ph_node_t *));
        if (grown == NULL)
            return false;
        parent->children = grown;
        parent->capacity = capacity;
    }
    parent->children[parent->count++] = child;
    return true;
}

static ph_node_t *add_node(builder_t *self, ph_node_kind_t kind, const struct fy_mark *mark)
{
    ph_node_t *node = calloc(1, sizeof(*node));
    if (node == NULL)
        goto out;
    node->kind = kind;
    node->source = self->source;
    if (self->numbered) {
        node->line = mark != NULL ? mark->line + 1 : 1;
        node->column = mark != NULL ? mark->column + 1 : 1;
    }
    if (self->depth > 0 && !add_child(self->open[self->depth - 1], node))
        goto out;
    if (self->depth == 0)
        self->root = node;
    return node;
out:
    free(node);
    ph_reader_fail_memory(self->reader);
    self->failed = true;
    return NULL;
}

static void add_scalar(builder_t *self, struct fy_event *event)
{
    struct fy_token *token = event->scalar.value;
    ph_node_t *node = add_node(self, PH_NODE_SCALAR, fy_event_start_mark(event));
    if (node == NULL)
        return;
    size_t length = 0;
    const char *text = token != NULL ? fy_token_get_text(token, &length) : NULL;
    if (text == NULL)
        length = 0;
    node->text = malloc(length + 1);
    if (node->text == NULL) {
        ph_reader_fail_memory(self->reader);
        self->failed = true;
        return;
    }
    if (length > 0)
        memcpy(node->text, text, length);
    node->text[length] = '\0';
    node->length = length;
    node->quoted = token != NULL && fy_token_scalar_style(token) != FYSS_PLAIN;
    const ph_node_t *parent = self->depth > 0 ? self->open[self->depth - 1] : NULL;
    if (length == 0 && !node->quoted && parent != NULL) {
        /* What is not there has no place: that of its key, or of what it stands behind. */
        const ph_node_t *before = parent->count > 1 ? parent->children[parent->count - 2] : parent;
        node->line = before->line;
        node->column = before->column;
    }
}

static void open_node(builder_t *self, ph_node_kind_t kind, struct fy_event *event)
{
    if (self->depth == PH_MAX_DEPTH) {
        fail_at(self, fy_event_start_mark(event),
                "nested too deeply, expected lists and maps as in the reference grid");
        return;
    }
    ph_node_t *node = add_node(self, kind, fy_event_start_mark(event));
    if (node != NULL)
        self->open[self->depth++] = node;
}

/* Whether the node is written in the part of YAML that grid files use. */
static bool is_plain_yaml(builder_t *self, struct fy_event *event)
{
    struct fy_token *tag = NULL, *anchor = NULL;
    if (event->type == FYET_SCALAR) {
        tag = event->scalar.tag;
        anchor = event->scalar.anchor;
    } else if (event->type == FYET_SEQUENCE_START) {
        tag = event->sequence_start.tag;
        anchor = event->sequence_start.anchor;
    } else if (event->type == FYET_MAPPING_START) {
        tag = event->mapping_start.tag;
        anchor = event->mapping_start.anchor;
    }
    if (tag != NULL)
        fail_at(self, fy_token_start_mark(tag),
                "a tag (!...) is not allowed in a grid, expected "
                "the plain value; remove the tag");
    else if (anchor != NULL || event->type == FYET_ALIAS)
        fail_at(self, anchor != NULL ? fy_token_start_mark(anchor) : fy_event_start_mark(event),
                "an anchor or alias (& or *) is not allowed in a grid, expected the value "
                "itself; write it out");
    return !self->failed;
}

static void take_event(builder_t *self, struct fy_event *event)
{
    if (!is_plain_yaml(self, event))
        return;
    switch (event->type) {
    case FYET_DOCUMENT_START:
        if (++self->documents > 1)
            fail_at(self, fy_event_start_mark(event),
                    "a second document starts here, expected one grid a file");
        break;
    case FYET_SCALAR:
        add_scalar(self, event);
        break;
    case FYET_SEQUENCE_START:
        open_node(self, PH_NODE_LIST, event);
        break;
    case FYET_MAPPING_START:
        open_node(self, PH_NODE_MAP, event);
        break;
    case FYET_SEQUENCE_END:
    case FYET_MAPPING_END:
        self->depth--;
        break;
    default:
        break;
    }
}

static void discard_output(struct fy_diag *diag, void *user, const char *text, size_t length)
{
    (void)diag;
    (void)user;
    (void)text;
    (void)length;
}

static struct fy_diag *create_diag(void)
{
    struct fy_diag_cfg config;
    fy_diag_cfg_default(&config);
    config.fp = NULL;
    config.output_fn = discard_output;
    config.colorize = false;
    struct fy_diag *diag = fy_diag_create(&config);
    if (diag != NULL)
        fy_diag_set_collect_errors(diag, true);
    return diag;
}

/* Reports the parser's first error; those that follow are mostly its echoes. */
static void report_syntax(builder_t *self, struct fy_diag *diag)
{
    void *iterator = NULL;
    struct fy_diag_error *error = fy_diag_errors_iterate(diag, &iterator);
    struct fy_mark mark = {.line = 0, .column = 0};
    if (error != NULL) {
        mark.line = error->line > 0 ? error->line - 1 : 0;
        mark.column = error->column > 0 ? error->column - 1 : 0;
    }
    char what[256];
    snprintf(what, sizeof(what), "YAML syntax: %.160s, expected %s",
             error != NULL && error->msg != NULL ? error->msg : "the text cannot be read",
             self->numbered ? "\"key: value\" lines" : "a value, a [list] or a { map }");
    fail_at(self, &mark, what);
}

static void run_parser(builder_t *self, const char *text, size_t length)
{
    struct fy_diag *diag = create_diag();
    struct fy_parse_cfg config = {.flags = FYPCF_COLLECT_DIAG | FYPCF_ALLOW_DUPLICATE_KEYS,
                                  .diag = diag};
    struct fy_parser *parser = diag != NULL ? fy_parser_create(&config) : NULL;
    if (parser == NULL || fy_parser_set_string(parser, text, length) != 0) {
        ph_reader_fail_memory(self->reader);
        self->failed = true;
        goto out;
    }
    struct fy_event *event;
    while (!self->failed && (event = fy_parser_parse(parser)) != NULL) {
        take_event(self, event);
        fy_parser_event_free(parser, event);
    }
    if (!self->failed && (fy_parser_get_stream_error(parser) || fy_diag_got_error(diag)))
        report_syntax(self, diag);
out:
    if (parser != NULL)
        fy_parser_destroy(parser);
    if (diag != NULL)
        fy_diag_destroy(diag);
}

/* Reports the byte at `at`, where the text stops being UTF-8 without NULs. */
static void fail_byte(builder_t *self, const char *text, size_t at)
{
    struct fy_mark mark = {.line = 0, .column = 0};
    char what[96];
    for (size_t i = 0; i < at; i++) {
        const bool starts = ((unsigned char)text[i] & 0xc0) != 0x80;
        mark.column = text[i] == '\n' ? 0 : mark.column + starts;
        mark.line += text[i] == '\n';
    }
    snprintf(what, sizeof(what), "the byte 0x%02x is not text here, expected a file in UTF-8",
             (unsigned)(unsigned char)text[at]);
    fail_at(self, &mark, what);
}

ph_node_t *ph_yaml_parse(ph_reader_t *reader, const char *text, size_t length, const char *set_text)
{
    builder_t builder = {.reader = reader,
                         .source = set_text != NULL ? set_text : reader->name,
                         .numbered = set_text == NULL};
    const size_t valid = ph_utf8_prefix(text, length);
    if (valid < length) /* the parser may never return from such bytes */
        fail_byte(&builder, text, valid);
    else
        run_parser(&builder, text, length);
    if (!builder.failed && builder.root == NULL)
        fail_at(&builder, NULL,
                set_text != NULL ? "has no value, expected one after the ="
                                 : "is empty, expected a grid; `polyhebb new` prints one");
    if (builder.failed) {
        ph_node_free(builder.root);
        return NULL;
    }
    return builder.root;
}
