/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef POLYHEBB_STATUS_H
#define POLYHEBB_STATUS_H

/** @file
 * What a function that can fail returns, how far a point is, and what a comparison says.
 */
#include <polyhebb/api.h>

/**
 * PH_OK (0) or one of the codes below. Nothing is stored anywhere else; the sentence a person reads
 * goes into a report (polyhebb/report.h).
 */
typedef enum {
    PH_OK = 0,          /**< done */
    PH_ERR_INPUT,       /**< a grid file, a key, a value or an argument is wrong */
    PH_ERR_MEMORY,      /**< an allocation failed */
    PH_ERR_IO,          /**< the system refused to read, write, rename or sync */
    PH_ERR_FORMAT,      /**< the file is of another kind or of a newer format */
    PH_ERR_DAMAGED,     /**< the file is one of ours, but bytes are missing or changed */
    PH_ERR_MISMATCH,    /**< the file belongs to another grid */
    PH_ERR_BUSY,        /**< another process is writing this file */
    PH_ERR_LIMIT,       /**< the job needs more memory, disk or threads than it may have */
    PH_ERR_NUMERIC,     /**< a solver did not converge */
    PH_ERR_INTERRUPTED, /**< stopped by a signal or the time limit; run again to go on */
    PH_ERR_UNSUPPORTED, /**< valid, but this version cannot do it */
    PH_ERR_EXTERNAL,    /**< another program (gnuplot) failed or is missing */
    PH_ERR_UNREACHED,   /**< complete, but the cap came before what dynamics.until asked for */
    PH_STATUS_COUNT     /**< how many codes there are */
} ph_status_t;

/** How far a point of a run is. */
enum {
    PH_POINT_NOT_RUN = 0, /**< no chain has begun */
    PH_POINT_BEGUN = 1,   /**< some chains have sweeps left to do */
    PH_POINT_COMPLETE =
        2 /**< all chains have all their sweeps, or those that dynamics.until asks */
};

/** What a comparison of theory and simulation says of a row, or of the whole run. */
typedef enum {
    PH_VERDICT_AGREE,    /**< they agree within errors */
    PH_VERDICT_DISAGREE, /**< beyond 4 errors; of the whole: at a false-alarm rate of 1e-3 */
    PH_VERDICT_UNDECIDED /**< one of the two cannot be trusted there; the reason says why */
} ph_verdict_t;

PH_BEGIN_C

/** One sentence fragment for a code, e.g. "damaged file"; "unknown status" outside the range. */
PH_API const char *ph_status_text(int status);

PH_END_C

#endif
