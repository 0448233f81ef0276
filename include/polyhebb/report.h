/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef POLYHEBB_REPORT_H
#define POLYHEBB_REPORT_H

/** @file
 * Messages for people: errors, all of a grid at once, and notes.
 */
#include <stddef.h>

#include <polyhebb/status.h>

/**
 * The messages of some calls, in their order. Every function of the library that takes a report
 * adds to it, and takes NULL too: then there is the status alone. Used by one thread at a time.
 */
typedef struct ph_report ph_report_t;

PH_BEGIN_C

/** An empty report; NULL without memory. */
PH_API ph_report_t *ph_report_new(void);

/** Frees a report; NULL does nothing. */
PH_API void ph_report_delete(ph_report_t *report);

/** Forgets all messages. */
PH_API void ph_report_clear(ph_report_t *report);

/** Number of messages. */
PH_API size_t ph_report_count(const ph_report_t *report);

/** Status of message i = 0, 1, ...: PH_OK for a note, else the error's code; PH_OK beyond. */
PH_API int ph_report_status(const ph_report_t *report, size_t i);

/**
 * Text of message i: one line of UTF-8 without a newline, what is not printable shown as escapes.
 * Valid until the report is cleared or deleted; "" beyond the last.
 */
PH_API const char *ph_report_text(const ph_report_t *report, size_t i);

PH_END_C

#endif
