/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "api/entry_private.h"

#include <gsl/gsl_errno.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static unsigned under_way;
static _Atomic(gsl_error_handler_t *) host_handler;

/* What GSL does where no handler is set. */
static void fail_as_gsl(const char *reason, const char *file, int line)
{
    gsl_stream_printf("ERROR", file, line, reason);
    fflush(stdout);
    fprintf(stderr, "Default GSL error handler invoked.\n");
    fflush(stderr);
    abort();
}

static void on_error(const char *reason, const char *file, int line, int code)
{
    gsl_error_handler_t *handler = atomic_load(&host_handler);
    if (ph_floating_inside())
        return;
    if (handler != NULL)
        handler(reason, file, line, code);
    else
        fail_as_gsl(reason, file, line);
}

void ph_entry_begin(void)
{
    pthread_mutex_lock(&lock);
    if (under_way++ == 0) {
        /* Another thread of the host may fail before the next line has told whom to call. */
        gsl_error_handler_t *before = gsl_set_error_handler(NULL);
        atomic_store(&host_handler, before);
        gsl_set_error_handler(on_error);
    }
    pthread_mutex_unlock(&lock);
}

void ph_entry_end(const int *unused)
{
    (void)unused;
    pthread_mutex_lock(&lock);
    if (--under_way == 0) {
        gsl_error_handler_t *now = gsl_set_error_handler(atomic_load(&host_handler));
        if (now != on_error)
            gsl_set_error_handler(now); /* the host has set another one meanwhile */
    }
    pthread_mutex_unlock(&lock);
}
