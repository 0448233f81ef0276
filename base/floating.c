/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/floating.h"

#if defined(__x86_64__)

/* Of MXCSR: all but the flags, which say what has happened and change nothing. */
static const unsigned SSE_MODES = 0xffc0, SSE_DEFAULT = 0x1f80;
/* Of the x87 control word: masks, precision, rounding. */
static const unsigned short X87_MODES = 0x0f3f, X87_DEFAULT = 0x033f;

static bool is_default(void)
{
    unsigned sse;
    unsigned short x87;
    __asm__ volatile("stmxcsr %0\n\tfnstcw %1" : "=m"(sse), "=m"(x87));
    return (sse & SSE_MODES) == SSE_DEFAULT && (x87 & X87_MODES) == X87_DEFAULT;
}

/* FE_DFL_ENV says nothing on subnormal numbers everywhere. */
static void set_default(void)
{
    fesetenv(FE_DFL_ENV);
    __asm__ volatile("ldmxcsr %0" : : "m"(SSE_DEFAULT));
}

#elif defined(__aarch64__)

static bool is_default(void)
{
    unsigned long modes;
    __asm__ volatile("mrs %0, fpcr" : "=r"(modes));
    return modes == 0;
}

static void set_default(void)
{
    const unsigned long modes = 0;
    fesetenv(FE_DFL_ENV);
    __asm__ volatile("msr fpcr, %0" : : "r"(modes) : "memory");
}

#else

static bool is_default(void)
{
    return false;
}

static void set_default(void)
{
    fesetenv(FE_DFL_ENV);
}

#endif

static _Thread_local unsigned depth;

bool ph_floating_inside(void)
{
    return depth > 0;
}

ph_floating_t ph_floating_enter(void)
{
    ph_floating_t self = {.changed = depth == 0 && !is_default()}; /* inside it was looked at */
    if (self.changed) {
        fegetenv(&self.host);
        set_default();
    }
    depth++;
    return self;
}

void ph_floating_leave(const ph_floating_t *self)
{
    depth--;
    if (self->changed)
        fesetenv(&self->host);
}
