/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef PH_VECTOR_PORTABLE_H
#define PH_VECTOR_PORTABLE_H

/*
 * Registers of PH_VECTOR_BITS = 128, 256 or 512 bits in the vectors of gcc and clang, which every
 * processor computes in what it has: for those without a header of their own, and to test the
 * kernels at widths that the machine lacks.
 */
#ifdef PH_VECTOR_BITS
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#define PH_TEXT_OF(bits) #bits
#define PH_TEXT(bits) PH_TEXT_OF(bits)
#define ISA_NAME "vector" PH_TEXT(PH_VECTOR_BITS)
#define ISA_PRESENT true
#define PH_OF(bytes) __attribute__((vector_size(bytes)))
#define INLINE static inline __attribute__((always_inline, unused))

#ifndef PH_VECTOR_REALS
enum { BYTES = PH_VECTOR_BITS / 8, VECTOR_LANES = BYTES / 2, VECTOR_WORDS = BYTES / 4 };
typedef int32_t vector_t PH_OF(BYTES);
typedef uint32_t unsigned32_t PH_OF(BYTES);
typedef int16_t signed16_t PH_OF(BYTES);
typedef uint16_t unsigned16_t PH_OF(BYTES);
typedef float float32_t PH_OF(BYTES);
typedef int32_t wide_t PH_OF(2 * BYTES);
typedef uint32_t unsigned_wide_t PH_OF(2 * BYTES);
typedef int16_t half_t PH_OF(BYTES / 2);

INLINE vector_t load(const void *address)
{
    vector_t a;
    memcpy(&a, address, sizeof(a));
    return a;
}

INLINE void store(void *address, vector_t a)
{
    memcpy(address, &a, sizeof(a));
}

#define set16(value) ((vector_t)((signed16_t){0} + (int16_t)(value)))
#define set32(value) ((vector_t){0} + (int32_t)(value))
#define every32(address) set32(*(address)) /* a word of memory in every lane */
#define and_(a, b) ((a) & (b))
#define or_(a, b) ((a) | (b))
#define xor_(a, b) ((a) ^ (b))
#define add16(a, b) ((vector_t)((unsigned16_t)(a) + (unsigned16_t)(b)))
#define sub16(a, b) ((vector_t)((unsigned16_t)(a) - (unsigned16_t)(b)))
#define low16(a, b) ((vector_t)((unsigned16_t)(a) * (unsigned16_t)(b)))
#define equal16(a, b) ((vector_t)((signed16_t)(a) == (signed16_t)(b)))
#define less16(a, b) ((vector_t)((signed16_t)(a) < (signed16_t)(b)))
#define left16(a, k) ((vector_t)((unsigned16_t)(a) << (k)))
#define right16(a, k) ((vector_t)((unsigned16_t)(a) >> (k)))
#define add32(a, b) ((vector_t)((unsigned32_t)(a) + (unsigned32_t)(b)))
#define sub32(a, b) ((vector_t)((unsigned32_t)(a) - (unsigned32_t)(b)))
#define low32(a, b) ((vector_t)((unsigned32_t)(a) * (unsigned32_t)(b)))
#define equal32(a, b) ((vector_t)((a) == (b)))
#define less32(a, b) ((vector_t)((a) < (b)))
#define left32(a, k) ((vector_t)((unsigned32_t)(a) << (k)))
#define right32(a, k) ((vector_t)((unsigned32_t)(a) >> (k)))
#define shift32 right32
#define rotate32(a, k) or_(left32(a, k), right32(a, 32 - (k)))

/* a where the mask is set, else b. */
INLINE vector_t pick(vector_t mask, vector_t a, vector_t b)
{
    return (mask & a) | (~mask & b);
}

#define choose16 pick
#define min16(a, b) pick(less16(a, b), a, b)
#define min_unsigned16(a, b) pick((vector_t)((unsigned16_t)(a) < (unsigned16_t)(b)), a, b)
#define max16(a, b) pick(less16(a, b), b, a)
#define abs16(a) pick(less16(a, set16(0)), sub16(set16(0), a), a)
#define abs32(a) pick(less32(a, set32(0)), sub32(set32(0), a), a)

/* Of each lane in 32 bits, cut to [-32768, 32767]. */
INLINE signed16_t saturate(wide_t a)
{
    const wide_t above = a > INT16_MAX, below = a < INT16_MIN;
    a = (~above & a) | (above & INT16_MAX);
    a = (~below & a) | (below & INT16_MIN);
    return __builtin_convertvector(a, signed16_t);
}

/* Without sign, 65535 at most. */
INLINE vector_t add_capped16(vector_t a, vector_t b)
{
    const vector_t sum = add16(a, b);
    return or_(sum, (vector_t)((unsigned16_t)sum < (unsigned16_t)a));
}

INLINE vector_t sub_saturated16(vector_t a, vector_t b)
{
    return (vector_t)saturate(__builtin_convertvector((signed16_t)a, wide_t) -
                              __builtin_convertvector((signed16_t)b, wide_t));
}

INLINE vector_t high16(vector_t a, vector_t b)
{
    const unsigned_wide_t product = __builtin_convertvector((unsigned16_t)a, unsigned_wide_t) *
                                    __builtin_convertvector((unsigned16_t)b, unsigned_wide_t);
    return (vector_t) __builtin_convertvector(product >> 16, unsigned16_t);
}

/* Sums of two products of 16 bits, in the 32 bits they stand in. */
INLINE vector_t madd16(vector_t a, vector_t b)
{
    const vector_t low = (left32(a, 16) >> 16) * (left32(b, 16) >> 16);
    return add32(low, (a >> 16) * (b >> 16));
}

/* 32-bit lanes: the two halves of a vector of 16-bit ones, and back (saturated). */
INLINE vector_t widen_half(vector_t a, size_t first)
{
    half_t half;
    memcpy(&half, (const char *)&a + first, sizeof(half));
    return __builtin_convertvector(half, vector_t);
}

INLINE vector_t pack32(vector_t a, vector_t b)
{
    wide_t both;
    memcpy(&both, &a, sizeof(a));
    memcpy((char *)&both + sizeof(a), &b, sizeof(b));
    return (vector_t)saturate(both);
}

INLINE vector_t doubled(vector_t a)
{
    return or_(and_(a, set32(0xffff)), left32(a, 16));
}

#define widen_first(a) widen_half(a, 0)
#define widen_second(a) widen_half(a, BYTES / 2)
/* Each 16-bit lane twice. */
#define double_first(a) doubled(widen_first(a))
#define double_second(a) doubled(widen_second(a))

/* Where the halves have a lane. */
INLINE size_t half_place(size_t place)
{
    return place;
}

/* 32-bit lanes as single-precision numbers; round_real() for |a| < 2^22. */
#define set_real(x) ((vector_t)((float)(x) - (float32_t){0}))
#define add_real(a, b) ((vector_t)((float32_t)(a) + (float32_t)(b)))
#define sub_real(a, b) ((vector_t)((float32_t)(a) - (float32_t)(b)))
#define times_real(a, b) ((vector_t)((float32_t)(a) * (float32_t)(b)))
#define less_real(a, b) ((vector_t)((float32_t)(a) < (float32_t)(b)))
#define min_real(a, b) pick(less_real(a, b), a, b)
#define max_real(a, b) pick(less_real(b, a), a, b)
#define to_real(a) ((vector_t) __builtin_convertvector(a, float32_t))
#define round_real(a) sub32(add_real(a, set_real(0x1.8p23F)), set32(0x4b400000))

/* The set bits of all 32-bit lanes. */
INLINE uint32_t any_of(vector_t a)
{
    uint32_t any = 0;
    for (size_t i = 0; i < VECTOR_WORDS; i++)
        any |= (uint32_t)a[i];
    return any;
}

/* One bit a 32-bit lane. */
INLINE uint32_t mask32(vector_t a)
{
    vector_t places = {0};
    for (size_t i = 0; i < VECTOR_WORDS; i++)
        places[i] = 1 << i;
    return any_of(and_(a >> 31, places));
}

/* 2^(15 - n), n in 0..15. */
INLINE vector_t power16(vector_t n)
{
    return (vector_t)(((unsigned16_t){0} + (uint16_t)0x8000) >> (unsigned16_t)n);
}

/* Bit i % 16 in lane i, of lanes [16 part, 16 part + 16); 0 in others. */
INLINE vector_t places_of(size_t part)
{
    signed16_t places = {0};
    for (size_t i = 0; i < VECTOR_LANES; i++)
        places[i] = (int16_t)(i / 16 == part ? 1U << i % 16 : 0U);
    return (vector_t)places;
}

enum { GROUPS = (VECTOR_LANES + 15) / 16 }; /* of sixteen lanes, whose bits fit one of them */

/* Bits VECTOR_LANES v and so on of *bits as 0 or -1. */
INLINE vector_t spread_bits(const uint64_t *bits, size_t v)
{
    vector_t set = set16(0);
    for (size_t g = 0; g < GROUPS; g++)
        set = or_(set, and_(set16(*bits >> (VECTOR_LANES * v + 16 * g)), places_of(g)));
    return xor_(equal16(set, set16(0)), set16(-1));
}

/* The inverse, for `count` vectors. */
INLINE uint64_t gather_bits(const vector_t *a, size_t count)
{
    uint64_t bits = 0;
    for (size_t v = 0; v < count; v++)
        for (size_t g = 0; g < GROUPS; g++) {
            const uint32_t any = any_of(and_(a[v], places_of(g)));
            bits |= (uint64_t)((any | any >> 16) & 0xffff) << (VECTOR_LANES * v + 16 * g);
        }
    return bits;
}

INLINE bool any_bit(vector_t a)
{
    return any_of(a) != 0;
}

#else
/* Doubles: no more of them than generators stand side by side. */
enum { REALS = PH_VECTOR_BITS < 256 ? PH_VECTOR_BITS / 64 : 4, REALS_BYTES = 8 * REALS };
typedef double real_t PH_OF(REALS_BYTES);
typedef uint64_t bits_t PH_OF(REALS_BYTES);
typedef int64_t signed_bits_t PH_OF(REALS_BYTES);
typedef int32_t whole_t PH_OF(4 * REALS);

INLINE real_t load_reals(const double *address)
{
    real_t a;
    memcpy(&a, address, sizeof(a));
    return a;
}

INLINE void store_reals(double *address, real_t a)
{
    memcpy(address, &a, sizeof(a));
}

INLINE bits_t load_bits(const uint64_t *address)
{
    bits_t a;
    memcpy(&a, address, sizeof(a));
    return a;
}

INLINE void store_bits(uint64_t *address, bits_t a)
{
    memcpy(address, &a, sizeof(a));
}

#define real(value) ((double)(value) - (real_t){0}) /* -0 stays so */
#define bits(value) ((bits_t){0} + (uint64_t)(value))
#define add(a, b) ((a) + (b))
#define sub(a, b) ((a) - (b))
#define mul(a, b) ((a) * (b))
#define div_(a, b) ((a) / (b))
#define less(a, b) ((real_t)((a) < (b)))
#define at_most(a, b) ((real_t)((a) <= (b)))
#define as_bits(a) ((bits_t)(a))
#define as_real(a) ((real_t)(a))
#define both(a, b) as_real(as_bits(a) & as_bits(b))
#define either(a, b) as_real(as_bits(a) | as_bits(b))
#define without(a, b) as_real(as_bits(a) & ~as_bits(b)) /* a and not b */
#define choose(mask, a, b) either(both(mask, a), without(b, mask))
#define add64(a, b) ((a) + (b))
#define sub64(a, b) ((a) - (b))
#define xor64(a, b) ((a) ^ (b))
#define and64(a, b) ((a) & (b))
#define or64(a, b) ((a) | (b))
#define left64(a, k) ((a) << (k))
#define right64(a, k) ((a) >> (k))
#define low64(a, b) ((a) * (b)) /* the lower halves of products */

INLINE real_t root(real_t a)
{
    for (size_t i = 0; i < REALS; i++)
        a[i] = __builtin_sqrt(a[i]);
    return a;
}

/* One bit a lane: its first. */
INLINE unsigned mask_of(real_t a)
{
    unsigned mask = 0;
    for (size_t i = 0; i < REALS; i++)
        mask |= (unsigned)(as_bits(a)[i] >> 63) << i;
    return mask;
}

/* Towards 0; |a| < 2^31. */
INLINE real_t whole(real_t a)
{
    return __builtin_convertvector(__builtin_convertvector(a, whole_t), real_t);
}

/* The whole part of 0 <= a < 2^31 as integers. */
INLINE bits_t whole_bits(real_t a)
{
    return (bits_t) __builtin_convertvector(__builtin_convertvector(a, whole_t), signed_bits_t);
}
#endif

#endif
#endif
