/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef PH_ESTIMATE_REWEIGHT_RECORDS_PRIVATE_H
#define PH_ESTIMATE_REWEIGHT_RECORDS_PRIVATE_H

#include <stdint.h>

#include "analysis/estimate/reweight.h"

/** Records of a sample: energies e = H/N (less `shift`), with the state and the group of each. */
typedef struct {
    size_t count, room;
    double *energy;
    uint32_t *state, *group;
    uint32_t *at; /* its place among the distinct energies */
    double *m;    /* [count][patterns]; NULL where only energies are kept */
} ph_records_t;

/** What a sample has in all states. */
typedef struct {
    ph_runfile_t *run;
    const size_t *points;
    size_t points_count, patterns;
    size_t states;
    double *noise;         /* [states], ascending */
    size_t groups;         /* that may occur; fewer may */
    ph_records_t all, own; /* own: with magnetizations, at the points' own noise */
    double shift;
    size_t distinct;
    double *energy; /* [distinct], ascending */
} ph_joint_t;

/** The states of the points; reads nothing yet. PH_ERR_MEMORY; free is safe after it. */
int ph_joint_init(ph_joint_t *self, ph_runfile_t *run, const size_t *points, size_t points_count);
void ph_joint_free(ph_joint_t *self);

/** The records of one sample in place of those before. PH_ERR_MEMORY, or what reading gave. */
int ph_joint_read(ph_joint_t *self, uint32_t sample, ph_report_t *report);

#endif
