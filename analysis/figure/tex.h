/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef PH_FIGURE_TEX_H
#define PH_FIGURE_TEX_H

#include <stddef.h>

/**
 * Text as LaTeX sets it in a paragraph, into out[size], cut between characters where it does not
 * fit. What LaTeX would read as more than a character is escaped; signs and Greek letters that its
 * fonts lack outside formulas are in formulas.
 */
void ph_tex_words(const char *text, char *out, size_t size);

/** The same of a label with symbols in gnuplot's markup, {/:Italic T}, which become formulas. */
void ph_tex_label(const char *text, char *out, size_t size);

/**
 * The same of a quantity's definition (analysis/estimate/quantity.h): where it has averages <...>
 * all before its first word is a formula, m in it the overlap m_mu of a pattern.
 */
void ph_tex_definition(const char *text, char *out, size_t size);

#endif
