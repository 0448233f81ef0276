/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef PH_PHASE_PHASEFILE_PRIVATE_H
#define PH_PHASE_PHASEFILE_PRIVATE_H

#include "analysis/phase/phase.h"
#include "sim/store/gridfile.h"

/** Patterns up to which the labels of a file are numbered. */
size_t ph_phase_label_patterns(const ph_grid_t *grid);

/** Adds to an array of a file's what its numbers mean: those below count, by `word`. */
int ph_phase_mark(ph_gridfile_t *file, const char *name, size_t count,
                  void (*word)(size_t code, size_t patterns, char *text, size_t size),
                  ph_report_t *report);
void ph_phase_label_word(size_t code, size_t patterns, char *text, size_t size);
void ph_phase_event_word(size_t code, size_t patterns, char *text, size_t size);

#endif
