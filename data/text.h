/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef PH_DATA_TEXT_H
#define PH_DATA_TEXT_H

#include "data/formats.h"

/**
 * Text: numbers between white space or commas, a row a line, lists in columns unless said
 * otherwise. Lines that are empty or begin with # are no rows; over columns the first row may be
 * one of names, as many as there are columns, and over rows that begin with labels. Line ends of
 * Windows and a byte order mark are read. At most 64 MiB. Images of any numbers stand in rows.
 */
extern const ph_format_t PH_FORMAT_TEXT;

#endif
