/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef PH_CHAIN_SAMPLER_H
#define PH_CHAIN_SAMPLER_H

#include <stdbool.h>

#include "params/grid.h"
#include "sim/model/law.h"
#include "sim/model/observables.h"

struct ph_block;
struct ph_load;

/**
 * One way of computing a sampler's sweep. All kernels of a sampler draw the same random numbers
 * and take the same decisions: the same bits, at different speeds. A kernel may hold the state in
 * a layout of its own behind block->state; the hooks that are NULL have nothing to do.
 */
typedef struct {
    const char *name; /* "reference", ... */
    const char *help;
    bool counts; /* block->records.accepted, where that is asked for */
    /** Whether it can take this block (sizes, weights, lanes, instruction set); NULL: any. */
    bool (*fits)(const struct ph_block *block);
    /** Whether the block is sooner done than by the plain reference, what `prepare` takes included;
     * NULL: it is. Nobody asks where a kernel was named. */
    bool (*pays)(const struct ph_block *block);
    /** Allocates block->state. PH_ERR_MEMORY; `free` is called after a failure too. */
    int (*prepare)(struct ph_block *block);
    /** Takes over spins and overlaps of the block, after a start or a load. */
    void (*gather)(struct ph_block *block);
    /** One sweep of every lane: `neurons` attempted updates. Random numbers: those of
     * block->sweep, which the caller counts up afterwards. */
    void (*sweep)(struct ph_block *block);
    /** Most lanes of blocks that are sooner done two in step than one after the other; 0: this
     * machine lacks the instruction set. NULL: no two go in step. */
    uint32_t (*in_step)(void);
    /** One sweep of two blocks of this kernel and the same point; false, and nothing done: these
     * do not go in step. */
    bool (*sweep_two)(struct ph_block *a, struct ph_block *b);
    /** Brings block->overlaps up to date; NULL: sweep leaves them so. */
    void (*overlaps)(struct ph_block *block);
    /** Brings block->pattern_overlaps up to date, where the block has them; NULL: they are counted
     * from the spins. */
    void (*patterns)(struct ph_block *block);
    /** Brings block->spins up to date; NULL: sweep leaves them so. */
    void (*spins)(struct ph_block *block);
    /** After the start has set the spins, before `gather`. */
    void (*start)(struct ph_block *block);
    /** What a chain keeps besides its spins, ph_point_extra_bytes() of them: takes it over before
     * `gather`, or writes it. */
    void (*load)(struct ph_block *block, uint32_t lane, const uint8_t *bytes);
    void (*save)(const struct ph_block *block, uint32_t lane, uint8_t *bytes);
    /** Adds what the sampler itself records of a lane. */
    void (*fill)(const struct ph_block *block, uint32_t lane, ph_observation_t *observation);
    void (*free)(struct ph_block *block);
} ph_kernel_t;

/** A sampler: the row of a line of params/samplers.h, kept in the file of its algorithm. */
typedef struct {
    ph_sampler_id_t id;
    const char *help;    /* one line */
    const char *caution; /* what it may not be compared with, or NULL */
    bool by_classes;     /* whether `bytes` or `seconds` looks at load->classes; else it is 0 */
    /** Bytes that a kernel keeps of a block beyond what every block has, at the most. */
    double (*bytes)(const struct ph_load *load);
    /** Seconds of so many sweeps of a whole block from its start, by the kernel that will probably
     * take it: on this machine or, where load->anywhere, on any; then a function of the grid alone,
     * by which parts are dealt. docs/performance.md has them beside times taken. */
    double (*seconds)(const struct ph_load *load, double sweeps);
    const ph_kernel_t *const *kernels; /* NULL-terminated, the fastest first; the last takes any
                                          block and is the plain reference */
} ph_sampler_t;

#endif
