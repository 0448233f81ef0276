/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/floating.h"

#include <float.h>
#include <math.h>
#include <string.h>

#include "tests/testing.h"

/* All that the processor keeps on arithmetic. */
typedef struct {
    unsigned long modes, more;
} modes_t;

static modes_t get_modes(void)
{
    modes_t modes = {(unsigned long)fegetround(), 0};
#if defined(__x86_64__)
    unsigned sse;
    unsigned short x87;
    __asm__ volatile("stmxcsr %0\n\tfnstcw %1" : "=m"(sse), "=m"(x87));
    modes = (modes_t){sse & ~0x3fU, x87}; /* without flags */
#elif defined(__aarch64__)
    __asm__ volatile("mrs %0, fpcr" : "=r"(modes.modes));
#endif
    return modes;
}

/* Subnormal numbers are flushed to zero, as a library built with -ffast-math does it. */
static void flush_to_zero(void)
{
#if defined(__x86_64__)
    const unsigned sse = (unsigned)get_modes().modes | 0x8040;
    __asm__ volatile("ldmxcsr %0" : : "m"(sse));
#elif defined(__aarch64__)
    const unsigned long fpcr = get_modes().modes | 1UL << 24;
    __asm__ volatile("msr fpcr, %0" : : "r"(fpcr));
#endif
}

static bool rounds_to_nearest(void)
{
    volatile double one = 1.0, tiny = DBL_EPSILON / 4.0, long_tiny = (double)LDBL_EPSILON / 4.0;
    volatile long double above = (long double)one + (long double)long_tiny;
    return one + tiny == 1.0 && -one - tiny == -1.0 && above == 1.0L;
}

static bool keeps_subnormals(void)
{
    volatile double least = DBL_MIN, half = 0.5, subnormal = DBL_TRUE_MIN * 2.0;
    return least * half > 0.0 && subnormal * half > 0.0;
}

static void expect_promised(void)
{
    ck_assert(rounds_to_nearest());
    ck_assert(keeps_subnormals());
    ck_assert_int_eq(fegetround(), FE_TONEAREST);
}

/* Leaves the block in the middle. */
static int leave_early(bool early)
{
    PH_FLOATING_GUARD();
    expect_promised();
    if (early)
        return 1;
    expect_promised();
    return 0;
}

/* Every mode a host may have is put aside, and put back to the bit; so are its flags. */
START_TEST(modes_of_the_host)
{
    static const int ROUNDING[] = {FE_TONEAREST, FE_UPWARD, FE_DOWNWARD, FE_TOWARDZERO};
    fenv_t clean;
    fegetenv(&clean);
    for (int flush = 0; flush < 2; flush++)
        for (size_t k = 0; k < 4; k++) {
            fesetenv(&clean);
            fesetround(ROUNDING[k]);
            if (flush == 1)
                flush_to_zero();
            feraiseexcept(FE_UNDERFLOW);
            const modes_t before = get_modes();
            ck_assert_int_eq(leave_early(k % 2 == 0), k % 2 == 0);
            const modes_t after = get_modes();
            const int rounding = fegetround(), raised = fetestexcept(FE_UNDERFLOW);
            fesetenv(&clean);
            ck_assert_int_eq(memcmp(&before, &after, sizeof(before)), 0);
            ck_assert_int_eq(rounding, ROUNDING[k]);
            ck_assert_int_ne(raised, 0);
        }
}
END_TEST

/* Traps of the host (feenableexcept, -ffpe-trap) do not end it inside the library. */
START_TEST(traps_of_the_host)
{
    volatile double zero = 0.0;
#if defined(__x86_64__)
    const unsigned trapping = 0x1f80 & ~0x0680u; /* invalid, divide by zero, overflow */
    __asm__ volatile("ldmxcsr %0" : : "m"(trapping));
#endif
    const modes_t before = get_modes();
    {
        PH_FLOATING_GUARD();
        ck_assert(isinf(1.0 / zero) && isnan(zero / zero));
    }
    const modes_t after = get_modes();
    fesetenv(FE_DFL_ENV);
    ck_assert_int_eq(memcmp(&before, &after, sizeof(before)), 0);
}
END_TEST

/* x87, which long double uses: its precision as well. */
START_TEST(precision_of_the_host)
{
    volatile long double one = 1.0L, more;
#if defined(__x86_64__)
    const unsigned short single = 0x007f;
    __asm__ volatile("fldcw %0" : : "m"(single));
    more = one + LDBL_EPSILON;
    ck_assert(more == one);
#endif
    {
        PH_FLOATING_GUARD();
        more = one + LDBL_EPSILON;
        ck_assert(more > one);
    }
    fesetenv(FE_DFL_ENV);
}
END_TEST

/* Where nothing has to be changed, nothing is. */
START_TEST(nothing_to_do)
{
    const ph_floating_t kept = ph_floating_enter();
#if defined(__x86_64__) || defined(__aarch64__)
    ck_assert(!kept.changed);
#endif
    ph_floating_leave(&kept);
    expect_promised();
}
END_TEST

/* One inside of another neither looks nor puts anything back; the outer one does. */
START_TEST(inside)
{
    fenv_t clean;
    fegetenv(&clean);
    fesetround(FE_UPWARD);
    {
        PH_FLOATING_GUARD();
        for (int k = 0; k < 2; k++) {
            const ph_floating_t inner = ph_floating_enter();
            ck_assert(!inner.changed && ph_floating_inside());
            ph_floating_leave(&inner);
            expect_promised();
        }
        ck_assert(ph_floating_inside());
    }
    const int rounding = fegetround();
    const ph_floating_t again = ph_floating_enter(); /* outside it is looked at each time */
    expect_promised();
    ph_floating_leave(&again);
    fesetenv(&clean);
    ck_assert_int_eq(rounding, FE_UPWARD);
    ck_assert(!ph_floating_inside());
}
END_TEST

PH_TEST_MAIN("floating", modes_of_the_host, traps_of_the_host, precision_of_the_host, nothing_to_do,
             inside)
