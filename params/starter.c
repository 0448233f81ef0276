/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "params/starter.h"

#include <errno.h>
#include <string.h>

#include "base/floating.h"
#include "params/grid_private.h"

static const char STARTER[] =
    "# A grid for polyhebb: every combination of the values below is one point.\n"
    "#\n"
    "#   polyhebb check grid.yaml          points, memory, size and time, without running\n"
    "#   polyhebb run grid.yaml            Monte Carlo; again: resumes, or extends what is there\n"
    "#   polyhebb compare grid.h5          against the theory of the same grid\n"
    "#   polyhebb plot grid.h5\n"
    "#\n"
    "# A list or { from, to, steps, scale } in place of a value makes an axis of it. A key that "
    "is\n"
    "# left out has its default. params/reference.yaml shows every key.\n"
    "title: my first grid\n"
    "seed: 1                       # same grid, same seed: same bits\n"
    "\n"
    "network:\n"
    "  neurons: 8000               # N\n"
    "  patterns: 3                 # K\n"
    "  dilution: { from: 0.1, to: 0.4, steps: 4 }  # d, the blank fraction of every pattern\n"
    "  # dilution: { each: [0.1, 0.3, 0.5] }       # or one value a pattern; one may be a list\n"
    "\n"
    "noise: [0.02, 0.45]           # temperature T\n"
    "\n"
    "dynamics:\n"
    "  sampler: glauber            # polyhebb info samplers lists all\n"
    "  start: hierarchical         # or random, { kind: corrupted, pattern: 1, overlap: 0.4 }...\n"
    "  sweeps: 200                 # after burn_in; one sweep is N updates\n"
    "  burn_in: 100\n"
    "  record_every: 5\n"
    "\n"
    "ensemble:\n"
    "  samples: 4                  # draws of the patterns\n"
    "  replicas: 8                 # chains on each\n"
    "\n"
    "# zip: [[network.dilution, noise]]  # would vary both axes together (equal lengths needed)\n";

static const char REFERENCE_HEAD[] =
    "# Every key of a grid file, with its meaning, type, range, unit and default. Generated from "
    "the\n"
    "# schema; a valid grid itself. Required: network.neurons, network.patterns, noise and\n"
    "# dynamics.sweeps.\n"
    "#\n"
    "# Where it says \"may be an axis\", a value can be replaced by\n"
    "#   [0.1, 0.2, 0.3]                              a list,\n"
    "#   { from: 0, to: 1, steps: 11 }                a range with both ends included,\n"
    "#   { from: 1, to: 100, steps: 3, scale: log }   the same with equal ratios (scale: linear "
    "is\n"
    "#                                                the default; integers are rounded on log).\n"
    "# The grid is the product of all axes, at most ten million points. Values are rounded to 12\n"
    "# significant digits, sorted, and must be distinct. On the command line,\n"
    "# --set network.dilution=0.3 replaces a value.\n"
    "#\n"
    "# patterns may grow with neurons, on their axis: { law: log, base: 2, factor: 1 } is the "
    "whole\n"
    "# number nearest to factor log(neurons)/log(base), at least 1.\n"
    "\n";

static const char REFERENCE_TAIL[] =
    "\n"
    "# Lists of keys whose axes vary together, as one axis named after the first key of the list.\n"
    "# They need equally many values; keys by their full or last name. Example:\n"
    "#   zip: [[network.neurons, dynamics.sweeps], [noise, start]]\n"
    "# default: no zip\n"
    "zip: []\n"
    "\n"
    "# Keys of another size of the same grid, set in the place of those above where --set "
    "paper=true\n"
    "# (study --paper) asks for it; by their full or last name. Part of nothing else. Example:\n"
    "#   paper: { network.neurons: 100000, samples: 16 }\n"
    "# default: no other size\n"
    "paper: {}\n";

/* The value shown for a key: its default or an example. */
static const char *shown_value(const ph_schema_t *row)
{
    return row->example != NULL ? row->example : row->fallback;
}

static void write_key(FILE *out, const ph_schema_t *row)
{
    char expected[PH_EXPECTED_SIZE];
    const char *indent = row->section != NULL ? "  " : "";
    ph_expected(row->key, expected, sizeof(expected));
    fprintf(out, "%s# %s\n", indent, row->help);
    fprintf(out, "%s# %s", indent, expected + strlen("expected "));
    if (strcmp(row->unit, "1") != 0)
        fprintf(out, ", in %s", row->unit);
    if (row->fallback != NULL)
        fprintf(out, "; default: %s", shown_value(row));
    else
        fprintf(out, "; required");
    fprintf(out, "%s%s\n", row->axis ? "; may be an axis" : "",
            row->member == PH_MEMBER_EACH
                ? " or { each: [...] }, one value a pattern, one of which may be an axis"
                : "");
    fprintf(out, "%s%s: %s\n", indent, row->name, shown_value(row));
}

static int finish(FILE *out, ph_report_t *report)
{
    if (fflush(out) != 0 || ferror(out))
        return ph_fail(report, PH_ERR_IO, "cannot write the grid: %s", strerror(errno));
    return PH_OK;
}

int ph_starter_write(FILE *out, ph_report_t *report)
{
    PH_FLOATING_GUARD();
    fputs(STARTER, out);
    return finish(out, report);
}

int ph_reference_write(FILE *out, ph_report_t *report)
{
    PH_FLOATING_GUARD();
    const char *section = NULL;
    fputs(REFERENCE_HEAD, out);
    for (int i = 0; i < PH_KEY_COUNT; i++) {
        const ph_schema_t *row = ph_schema((ph_key_t)i);
        const bool same = row->section != NULL && section != NULL
                              ? strcmp(row->section, section) == 0
                              : row->section == section;
        if (i > 0 && !same)
            fputs("\n", out);
        if (!same && row->section != NULL)
            fprintf(out, "%s:\n", row->section);
        section = row->section;
        write_key(out, row);
    }
    fputs(REFERENCE_TAIL, out);
    return finish(out, report);
}
