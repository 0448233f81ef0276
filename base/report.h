/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef PH_BASE_REPORT_H
#define PH_BASE_REPORT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

#include "base/status.h"

#if defined(__GNUC__)
#define PH_PRINTF(text_at, first) __attribute__((format(printf, text_at, first)))
#else
#define PH_PRINTF(text_at, first)
#endif

typedef struct {
    int status; /* PH_OK for a note or warning, else the error's code */
    char *text; /* one message in one line, all of it visible (base/visible.h) */
} ph_message_t;

enum { PH_REPORT_SPARE = 400 };

/**
 * The messages of one call chain, owned by the caller and passed down: errors (all errors of a
 * grid file come at once) and notes. Not shared between threads. Every function that takes a
 * report accepts NULL and then keeps the status only.
 */
typedef struct ph_report {
    size_t count;
    size_t capacity;
    ph_message_t *messages;
    int spare_status; /* of `spare` */
    char
        spare[PH_REPORT_SPARE]; /* "", or the first message without memory, cut: after the others */
} ph_report_t;

void ph_report_init(ph_report_t *self);
void ph_report_free(ph_report_t *self);

/** Adds an error and returns its status, so that `return ph_fail(report, ...)` reads as one. */
int ph_fail(ph_report_t *self, int status, const char *format, ...) PH_PRINTF(3, 4);

/** Adds a note (status PH_OK). */
void ph_note(ph_report_t *self, const char *format, ...) PH_PRINTF(2, 3);

/** Number of errors (notes not counted). */
size_t ph_report_errors(const ph_report_t *self);

/** Prints every message to `out`, one a line: "polyhebb: error: ..." or "polyhebb: note: ...". */
void ph_report_print(const ph_report_t *self, FILE *out);

/** The numbers i with set[i] as people write them, "0, 3-7, 12"; cut with "..." where long. */
void ph_report_numbers(const bool *set, size_t count, char *text, size_t size);

#endif
