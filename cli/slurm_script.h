/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef PH_CLI_SLURM_SCRIPT_H
#define PH_CLI_SLURM_SCRIPT_H

#include <stdint.h>
#include <stdio.h>

#include "cli/options.h"

/** Slurm's MaxArraySize is 1001 unless the administrator has raised it: with more parts than these,
 * a task has several. */
enum { PH_ARRAY_MAX = 1000, PH_SLURM_SIGNAL_SECONDS = 120 };

/** What the two job scripts of a grid are made of. */
typedef struct {
    const char *name;            /* of the grid: files and jobs are called by it */
    char *folder, *grid;         /* whole paths: where it runs, and the grid file */
    const char *program;         /* polyhebb itself, whole path */
    const ph_texts_t *overrides; /* --set */
    const ph_texts_t *sbatch;    /* "#SBATCH ..." lines of the user's own, without the mark */
    const char *site;            /* "#SBATCH" lines of the site's, or "" */
    const char *setup;           /* lines of the site's before the program, or "" */
    const char *scratch;         /* folder of the node, as a shell expands it; "": none */
    uint64_t shards, cpus, throttle, requeues;
    uint64_t pack;               /* parts of a task, side by side */
    double time, merge_time;     /* s */
    double memory, merge_memory; /* bytes */
} ph_slurm_t;

/** How an array runs parts: a task has `pack` of them side by side, and more in turn where there
 * are more than tasks x pack. */
typedef struct {
    uint32_t tasks, pack;
    uint64_t throttle; /* tasks that may run at once; 0: all */
} ph_slurm_shape_t;

/** Of the script at `path`, by its #SBATCH lines; of one as polyhebb slurm writes it for so many
 * `parts` where there is none. */
ph_slurm_shape_t ph_slurm_read_shape(const char *path, uint32_t parts);

/** The task of a part. */
uint32_t ph_slurm_task(const ph_slurm_shape_t *shape, uint32_t part);

/** Tasks of the array that have all parts, `pack` side by side; no more than PH_ARRAY_MAX. */
uint64_t ph_slurm_tasks(uint64_t shards, uint64_t pack);

/** Whether a name of a folder stands between a script's double quotes: letters, digits, / . _ + -
 * and variables as $NAME or ${NAME}. */
bool ph_slurm_is_folder(const char *text);

/** A word that a shell takes as it is. */
void ph_put_word(FILE *out, const char *text);

void ph_slurm_put_array(FILE *out, const ph_slurm_t *self);
void ph_slurm_put_merge(FILE *out, const ph_slurm_t *self);

/** The head of a script, of the digest of all that follows it. */
void ph_slurm_put_mark(FILE *out, const char *text, size_t size);

/** Whether a file is a script as it was written, changed by nobody. */
bool ph_slurm_is_script(FILE *file);

/** What was given when a script was written, and is kept when it is written again. */
typedef struct {
    ph_texts_t sbatch; /* --sbatch */
    uint64_t pack;     /* 1: none */
    uint64_t cpus;     /* at least 1 */
    uint64_t throttle; /* 0: none */
    char *scratch;     /* NULL: none */
} ph_slurm_kept_t;

#define PH_SLURM_KEPT_NONE ((ph_slurm_kept_t){.pack = 1, .cpus = 1})

/** Of the script at `path`; nothing where there is no such script or somebody has changed it. To be
 * freed, after failure too. PH_ERR_MEMORY. */
int ph_slurm_read_kept(const char *path, ph_slurm_kept_t *kept);
void ph_slurm_kept_free(ph_slurm_kept_t *kept);

#endif
