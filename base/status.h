/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef PH_BASE_STATUS_H
#define PH_BASE_STATUS_H

/**
 * What a function that can fail returns: PH_OK (0) or one of the codes below. Nothing is stored
 * anywhere else; the sentence a user reads goes into a ph_report_t (base/report.h).
 */
typedef enum {
    PH_OK = 0,
    PH_ERR_INPUT,       /* a grid file, a key, a value or an argument is wrong */
    PH_ERR_MEMORY,      /* an allocation failed */
    PH_ERR_IO,          /* the system refused to read, write, rename or sync */
    PH_ERR_FORMAT,      /* the file is of another kind or of a newer format */
    PH_ERR_DAMAGED,     /* the file is one of ours, but bytes are missing or changed */
    PH_ERR_MISMATCH,    /* the file belongs to another grid */
    PH_ERR_BUSY,        /* another process is writing this file */
    PH_ERR_LIMIT,       /* the job needs more memory, disk or threads than it may have */
    PH_ERR_NUMERIC,     /* a solver did not converge */
    PH_ERR_INTERRUPTED, /* stopped by a signal or the time limit; run again to go on */
    PH_ERR_UNSUPPORTED, /* valid, but this version cannot do it */
    PH_ERR_EXTERNAL,    /* another program (gnuplot) failed or is missing */
    PH_STATUS_COUNT
} ph_status_t;

/** One sentence fragment for a code, e.g. "damaged file"; "unknown status" outside the range. */
const char *ph_status_text(int status);

/**
 * The exit code of the program for a status: 0 done, 1 failed, 2 usage or bad grid, 4 damaged,
 * 75 not finished, run again (EX_TEMPFAIL of sysexits.h). 3 (theory and simulation disagree) is
 * a verdict, not a status.
 */
int ph_status_exit_code(int status);

#endif
