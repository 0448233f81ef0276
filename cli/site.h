/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef PH_CLI_SITE_H
#define PH_CLI_SITE_H

#include "base/report.h"

/** What a site wants of every job script: $XDG_CONFIG_HOME/polyhebb/site.yaml, or the same under
 * ~/.config. Both texts end in a line's end or are empty. */
typedef struct {
    char *sbatch; /* "#SBATCH ..." lines, of slurm.sbatch */
    char *setup;  /* lines before the program, of slurm.setup: module load ... */
} ph_site_t;

/** Without such a file both are empty. PH_ERR_INPUT where it is none, with the place;
 * PH_ERR_MEMORY. */
int ph_site_read(ph_site_t *self, ph_report_t *report);
void ph_site_free(ph_site_t *self);

#endif
