/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "api/entry_private.h"

#include <gsl/gsl_errno.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static unsigned under_way;
static gsl_error_handler_t *host_handler;

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
    if (ph_floating_inside())
        return;
    pthread_mutex_lock(&lock); /* until ph_entry_begin() knows whom to call */
    gsl_error_handler_t *handler = host_handler;
    pthread_mutex_unlock(&lock);
    if (handler != NULL)
        handler(reason, file, line, code);
    else
        fail_as_gsl(reason, file, line);
}

void ph_entry_begin(void)
{
    pthread_mutex_lock(&lock);
    if (under_way++ == 0)
        host_handler = gsl_set_error_handler(on_error);
    pthread_mutex_unlock(&lock);
}

void ph_entry_end(const int *unused)
{
    (void)unused;
    pthread_mutex_lock(&lock);
    if (--under_way == 0) {
        gsl_error_handler_t *now = gsl_set_error_handler(host_handler);
        if (now != on_error)
            gsl_set_error_handler(now); /* the host has set another one meanwhile */
    }
    pthread_mutex_unlock(&lock);
}
