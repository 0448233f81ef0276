/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/check_until.h"

#include <math.h>
#include <stdio.h>

#include "base/duration.h"
#include "base/machine.h"
#include "base/visible.h"
#include "sim/run/plan.h"

/* Above this R-hat chains lie apart, rather than being short. */
static const double APART = 1.2;

/* One thing that was asked for, as it is: "error 0.023 (asked: 0.004)". */
static void put_number(const char *name, double found, double asked, const char *after)
{
    if (asked > 0.0)
        printf("%s %.3g (asked: %g)%s", name, found, asked, after);
}

static void put_point(const ph_checkpoint_index_t *checkpoints, size_t p,
                      const ph_until_point_t *at, double needs, double seconds)
{
    const ph_until_rule_t *until = &checkpoints->grid->until;
    char where[512], time[32];
    ph_grid_point_text(checkpoints->grid, p, where, sizeof(where));
    ph_duration_text(seconds, time, sizeof(time));
    ph_print(stdout, "  %s%s", where, where[0] != '\0' ? ": " : "");
    put_number("error", at->error, until->error, until->rhat > 0.0 ? ", " : "");
    put_number("R-hat", at->rhat, until->rhat, "");
    if (isfinite(needs))
        printf(", needs about %.2g sweeps more, %s\n", needs - (double)at->most, time);
    else
        printf(", too short to tell\n");
}

/* What all points at the cap need; the largest cap and the time of all of them. */
static void put_needs(const ph_checkpoint_index_t *checkpoints)
{
    const ph_grid_t *grid = checkpoints->grid;
    const double threads = (double)ph_machine_threads(0).value;
    const double blocks = (double)ph_checkpoint_index_blocks(grid) * (double)grid->samples;
    double longest = 0.0, all = 0.0;
    size_t apart = 0;
    char time[32];
    for (size_t p = 0; p < grid->points_count; p++) {
        const ph_until_point_t at = ph_until_point(checkpoints, p);
        if (at.end != PH_UNTIL_CAP)
            continue;
        const double needs = ph_until_needs(grid, &at), more = needs - (double)at.most;
        const double seconds =
            blocks / fmin(threads, blocks) * ph_plan_seconds(grid, p, isfinite(more) ? more : 0.0);
        put_point(checkpoints, p, &at, needs, seconds);
        longest = fmax(longest, isfinite(needs) ? needs : 0.0);
        all += seconds;
        apart += at.rhat > APART;
    }
    ph_duration_text(all, time, sizeof(time));
    if (longest > 0.0)
        printf("needs:      until: { sweeps_max: %.0f }, about %s on %.0f threads\n", longest, time,
               threads);
    if (apart > 0)
        printf("            at %zu point%s R-hat is above %g: where chains are in wells of their "
               "own, longer ones do not mend that\n",
               apart, apart == 1 ? "" : "s", APART);
}

void ph_cli_until(const ph_checkpoint_index_t *checkpoints)
{
    const ph_until_survey_t found = ph_until_survey(checkpoints);
    if (found.points == 0)
        return;
    printf("until:      as asked at %zu of %zu points, after %llu to %llu sweeps; at the cap at "
           "%zu\n",
           found.points - found.capped, found.points, (unsigned long long)found.least,
           (unsigned long long)found.most, found.capped);
    if (found.capped > 0)
        put_needs(checkpoints);
}
