/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef PH_BASE_VISIBLE_H
#define PH_BASE_VISIBLE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include "base/report.h"

/*
 * Text from elsewhere (files, names of files, arguments) as it can be shown on a terminal or stand
 * in a comment: what would move the cursor, end the line or turn the order of letters is written
 * as an escape, \n, \t, \x1b or \u202e. Such are the control characters (C0, DEL, C1), the marks
 * of direction (U+061C, U+200E, U+200F, U+202A-202E, U+2066-2069), the separators of lines and
 * paragraphs (U+2028, U+2029), U+FEFF, and bytes that are no UTF-8 (\xff). Backslashes stay as they
 * are, so that a path reads as it is written.
 */

/** The next character of UTF-8 text and its length in bytes; 0 bytes if it is none. */
size_t ph_utf8_next(const char *text, uint32_t *character);

/** Whether a text is shown as it is: it holds nothing that would be written as an escape. */
bool ph_is_visible(const char *text);

/**
 * Writes `text` as it can be shown into shown[size], cut before the character that does not fit;
 * returns the length it would have whole, without the NUL. `shown` may be NULL where size is 0.
 */
size_t ph_visible(const char *text, char *shown, size_t size);

enum { PH_QUOTE_SIZE = 96 };

/** Text of so many bytes as it can stand in a message, into quote[PH_QUOTE_SIZE]: cut at 40 bytes,
 * NULs as '?'. Returns `quote`. */
const char *ph_quote(const char *text, size_t all, char *quote);

/** Writes `text` as it can be shown; takes no memory. False where it could not be written. */
bool ph_put_visible(FILE *out, const char *text);

/**
 * As fprintf, one line or a part of one: all that its arguments hold is made visible, all but a
 * newline at the end. False where it could not be formatted or written.
 */
bool ph_print(FILE *out, const char *format, ...) PH_PRINTF(2, 3);

/** Whether a line has been left out since the program began: whoever ignored ph_print()'s result
 * asks once, at the end. */
bool ph_print_failed(void);

#endif
