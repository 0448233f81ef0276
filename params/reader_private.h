/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef PH_PARAMS_READER_PRIVATE_H
#define PH_PARAMS_READER_PRIVATE_H

#include <stdbool.h>
#include <stddef.h>

#include "base/report.h"
#include "base/visible.h"

enum { PH_MAX_DEPTH = 16, PH_ERRORS_SHOWN = 100 };

typedef enum { PH_NODE_SCALAR, PH_NODE_LIST, PH_NODE_MAP } ph_node_kind_t;

/** A node of the YAML tree with its place. A map's children are key, value, key, value... */
typedef struct ph_node {
    ph_node_kind_t kind;
    bool quoted;        /* a scalar in quotes or a block scalar: text, never a number */
    char *text;         /* of a scalar, with a final NUL; may hold NULs */
    size_t length;      /* of text */
    const char *source; /* file name, or "--set key=value" (then line is 0) */
    int line, column;   /* from 1 */
    size_t count, capacity;
    struct ph_node **children;
} ph_node_t;

void ph_node_free(ph_node_t *self);

/** A scalar as it can stand in a message (ph_quote()). */
const char *ph_node_quote(const ph_node_t *node, char *quote);

/** What is passed down while one file is read. Errors count also without a report. */
typedef struct {
    ph_report_t *report;
    const char *name;
    bool inside; /* the text is in another file: it names no file to be opened now */
    size_t errors;
    int status; /* PH_OK, or that of the first error */
} ph_reader_t;

/** Adds an error at a node ("file:line:column: ..."); a NULL node stands for the whole file. */
void ph_reader_fail(ph_reader_t *self, const ph_node_t *node, const char *format, ...)
    PH_PRINTF(3, 4);

/** Counts an error that is in the report already. */
void ph_reader_take(ph_reader_t *self, int status);

/** Adds PH_ERR_MEMORY. */
void ph_reader_fail_memory(ph_reader_t *self);

/** Adds an error at a key that is in the file a second time. */
void ph_reader_fail_repeated(ph_reader_t *self, const ph_node_t *key, const ph_node_t *first);

#endif
