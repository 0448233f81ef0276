/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef PH_ATTRACTORS_NAMING_H
#define PH_ATTRACTORS_NAMING_H

#include <stddef.h>
#include <stdint.h>

enum { PH_ATTRACTOR_MEMBERS = 12 /* patterns that a label names at most */ };

/** How much of a pattern, where it is not blank, makes a state recall it. */
#define PH_ATTRACTOR_RECALLED 0.9

/** What a state is called. */
typedef enum {
    PH_ATTRACTOR_PARAMAGNETIC, /* no field at any neuron */
    PH_ATTRACTOR_PATTERN,      /* one pattern, at least where it is not blank */
    PH_ATTRACTOR_MIXTURE,      /* majority of patterns without blanks */
    PH_ATTRACTOR_PARALLEL,     /* majority of patterns of which some have blanks, or several
                                  patterns each where it is not blank */
    PH_ATTRACTOR_HIERARCHICAL, /* a neuron follows its first pattern that is not blank */
    PH_ATTRACTOR_SPURIOUS,     /* like none of these */
    PH_ATTRACTOR_CLASSES
} ph_attractor_class_t;

/** "paramagnetic", "pattern", "mixture", "parallel", "hierarchical", "spurious" */
const char *ph_attractor_class_text(ph_attractor_class_t class);

typedef struct {
    ph_attractor_class_t class;
    size_t count;                          /* of members */
    int16_t members[PH_ATTRACTOR_MEMBERS]; /* patterns from 1 by descending signal, negative where
                                              the state has their negative; the first is not */
    double likeness; /* cosine of the angle to the configuration that the label names; if no
                        configuration is near, to the nearest one */
} ph_attractor_label_t;

/** "hierarchical 2,1,-3" */
void ph_attractor_label_text(const ph_attractor_label_t *label, char *text, size_t size);

#endif
