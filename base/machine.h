/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef PH_BASE_MACHINE_H
#define PH_BASE_MACHINE_H

#include <stddef.h>
#include <stdint.h>

#include "base/report.h"

/** A limit found on this machine, and where it was found (a static string for messages). */
typedef struct {
    uint64_t value;
    const char *source;
} ph_limit_t;

/**
 * Memory (bytes) this process may still use: the least of what the kernel calls available
 * (/proc/meminfo), what is left of the cgroup's limit (v1 and v2, up the tree) and Slurm's
 * SLURM_MEM_PER_NODE or SLURM_MEM_PER_CPU x SLURM_CPUS_PER_TASK. UINT64_MAX where unknown.
 */
ph_limit_t ph_machine_memory(void);

/**
 * Threads this process may use: the least of `asked` (0: not asked), the processors that OpenMP
 * may use or binds its threads to, its limit (OMP_THREAD_LIMIT), the cgroup's cpu.max quota
 * (rounded up), SLURM_CPUS_PER_TASK, NSLOTS, NCPUS, LSB_DJOB_NUMPROC, OMP_NUM_THREADS and what the
 * host program has set by omp_set_num_threads; at least 1. `source` names the one that decided.
 */
ph_limit_t ph_machine_threads(uint64_t asked);

/** The same two with /proc and /sys taken from below another folder (for tests; "": the real). */
ph_limit_t ph_machine_memory_under(const char *root);
ph_limit_t ph_machine_threads_under(const char *root, uint64_t asked);

/**
 * The processor as the system calls it, e.g. "AMD EPYC (family 25, model 1)", or where it has no
 * name the machine's kind (aarch64), into text[size], always terminated, of printable ASCII without
 * quotes and backslashes.
 */
void ph_machine_processor(char *text, size_t size);
void ph_machine_processor_under(const char *root, char *text, size_t size);

/** Host name into host[size], always terminated; "unknown" where the system does not say. */
void ph_machine_host(char *host, size_t size);

/** Current UTC time as 2026-01-31T12:00:00Z into text[size] (size >= 21). */
void ph_machine_time(char *text, size_t size);

/** Seconds on a clock that never goes back. */
double ph_machine_clock(void);

#endif
