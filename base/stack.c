/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef _GNU_SOURCE
#define _GNU_SOURCE /* pthread_getattr_np */
#endif
#include "base/stack.h"

#include <omp.h>
#include <pthread.h>

#include "base/machine.h"

/* The deepest calls, of the theory with 4096 patterns and inside the HDF5 library, take 170 kB. */
static const size_t NEEDED = (size_t)512 << 10;
/* Some of a stack is taken before a thread begins. */
static const size_t ADVISED = (size_t)1024 << 10;

/* Of the thread that asks; NEEDED where the system does not tell. */
static size_t own_stack(void)
{
    pthread_attr_t attributes;
    void *lowest;
    size_t size = NEEDED;
    if (pthread_getattr_np(pthread_self(), &attributes) != 0)
        return NEEDED;
    if (pthread_attr_getstack(&attributes, &lowest, &size) != 0)
        size = NEEDED;
    pthread_attr_destroy(&attributes);
    return size;
}

/* Of the threads that OpenMP starts: all have the same. */
static size_t others_stack(void)
{
    size_t least = NEEDED;
    const int threads = ph_machine_threads(2).value < 2 ? 1 : 2;
#pragma omp parallel num_threads(threads) reduction(min : least)
    if (omp_get_thread_num() > 0)
        least = own_stack();
    return least;
}

int ph_machine_check_stack(ph_report_t *report)
{
    const size_t own = own_stack();
    if (own < NEEDED)
        return ph_fail(report, PH_ERR_LIMIT,
                       "the stack may grow to %zu kB and %zu kB are needed: 'ulimit -s %zu' in the "
                       "shell (or the job script) before",
                       own >> 10, NEEDED >> 10, ADVISED >> 10);
    const size_t others = others_stack();
    if (others < NEEDED)
        return ph_fail(report, PH_ERR_LIMIT,
                       "threads have stacks of %zu kB and %zu kB are needed: set "
                       "OMP_STACKSIZE=%zuk, or leave it (GOMP_STACKSIZE, KMP_STACKSIZE) out",
                       others >> 10, NEEDED >> 10, ADVISED >> 10);
    return PH_OK;
}
