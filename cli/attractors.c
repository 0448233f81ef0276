/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/attractors.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/number.h"
#include "base/visible.h"

enum { ROWS = 24, SHOWN = 4, TEXT = 160 };

/* Overlap of a pattern (from 1, or its negative) over its entries that are not blank. */
static double overlap_of(const ph_attractors_t *network, const ph_attractor_t *state, int member)
{
    const size_t mu = (size_t)abs(member) - 1;
    return network->activity[mu] > 0.0 ? state->overlap[mu] / network->activity[mu] : 0.0;
}

/* The patterns that a state is called after, or else the largest overlaps. */
static size_t shown_patterns(const ph_attractors_t *network, const ph_attractor_t *state,
                             int *shown)
{
    size_t count = 0;
    for (; count < state->label.count && count < SHOWN; count++)
        shown[count] = state->label.members[count];
    for (size_t mu = 1; state->label.class == PH_ATTRACTOR_SPURIOUS && mu <= network->patterns;
         mu++) {
        size_t at = count < SHOWN ? count++ : count;
        for (; at > 0 && fabs(overlap_of(network, state, shown[at - 1])) <
                             fabs(overlap_of(network, state, (int)mu));
             at--)
            if (at < SHOWN)
                shown[at] = shown[at - 1];
        if (at < SHOWN)
            shown[at] = (int)mu;
    }
    return count;
}

static void print_state(const ph_attractors_t *network, size_t i, bool cold)
{
    const ph_attractor_t *state = &network->states[i];
    char text[TEXT];
    int shown[SHOWN];
    ph_attractor_label_text(&state->label, text, sizeof(text));
    printf("  %c %-26s %11.6f %11.6f %6lld", (int)i == network->ground ? '*' : ' ', text,
           state->free_energy, cold ? state->least_field : state->stability,
           (long long)state->starts);
    if (cold)
        printf(" %5lld", (long long)state->ties);
    else
        printf(" %5s", state->stable ? "yes" : "no");
    const size_t count = shown_patterns(network, state, shown);
    for (size_t k = 0; k < count; k++)
        printf(" %d:%.3f", abs(shown[k]), overlap_of(network, state, shown[k]));
    printf("%s\n", state->label.count > count ? " ..." : "");
}

static size_t count_stable(const ph_attractors_t *network)
{
    size_t count = 0;
    for (size_t i = 0; i < network->count; i++)
        count += network->states[i].stable;
    return count;
}

static void print_network(const ph_attractors_t *network, bool cold, const char *path)
{
    printf("%zu states, %zu stable, from %zu starts\n", network->count, count_stable(network),
           network->starts);
    printf("    %-26s %11s %11s %6s %5s overlaps\n", "state", cold ? "energy" : "free energy",
           cold ? "least field" : "eigenvalue", "starts", cold ? "ties" : "holds");
    for (size_t i = 0; i < network->count && i < ROWS; i++)
        print_state(network, i, cold);
    if (network->count > ROWS)
        ph_print(stdout, "    and %zu more in %s\n", network->count - ROWS, path);
}

/* How many stable states of each class a sample has, and what its ground state is. */
static void print_classes(const ph_attractor_map_t *map, size_t point)
{
    double states[PH_ATTRACTOR_CLASSES] = {0}, grounds[PH_ATTRACTOR_CLASSES] = {0};
    for (size_t s = 0; s < map->samples; s++) {
        const ph_attractors_t *network = ph_attractor_map_at(map, point, s);
        for (size_t i = 0; i < network->count; i++)
            states[network->states[i].label.class] += network->states[i].stable;
        if (network->count > 0 && network->ground >= 0)
            grounds[network->states[network->ground].label.class] += 1.0;
    }
    printf("    %-14s %15s %15s\n", "stable states", "a sample", "ground states");
    for (int c = 0; c < PH_ATTRACTOR_CLASSES; c++)
        if (states[c] > 0.0)
            printf("    %-14s %15.4g %15.4g\n", ph_attractor_class_text((ph_attractor_class_t)c),
                   states[c] / (double)map->samples, grounds[c] / (double)map->samples);
}

static void print_samples(const ph_attractor_map_t *map, size_t point, const char *path)
{
    const size_t patterns = (size_t)map->grid->points[point].patterns;
    printf("%zu samples\n    %-14s %15s %15s\n", map->samples, "pattern", "stable in", "overlap");
    for (size_t mu = 0; mu < patterns && mu < ROWS; mu++) {
        double share, error;
        char text[PH_NUMBER_SIZE];
        const bool any = ph_attractor_map_share(map, point, mu, &share, &error) > 0;
        ph_error_text(error, text, sizeof(text));
        printf("    %-14zu %6.*f +- %-5s", mu + 1, error > 0.0 ? ph_error_decimals(error) : 3,
               share, text);
        if (any)
            printf(" %15.3f\n", ph_attractor_map_overlap(map, point, mu));
        else
            printf(" %15s\n", "-");
    }
    if (patterns > ROWS)
        ph_print(stdout, "    and %zu more in %s\n", patterns - ROWS, path);
    print_classes(map, point);
}

static bool is_left_out(const ph_attractor_map_t *map, size_t point)
{
    for (size_t s = 0; s < map->samples; s++)
        if (ph_attractor_map_at(map, point, s)->count > 0)
            return false;
    return true;
}

static void print_point(const ph_attractor_map_t *map, size_t point, const char *path)
{
    const ph_grid_t *grid = map->grid;
    char text[TEXT];
    ph_grid_point_text(grid, point, text, sizeof(text));
    printf("\n");
    ph_print(stdout, "%s%s", text, text[0] != '\0' ? ": " : "");
    if (is_left_out(map, point))
        printf("left out\n");
    else if (map->samples > 1)
        print_samples(map, point, path);
    else
        print_network(&map->networks[point], !(grid->points[point].noise > 0.0), path);
}

/* The range of noises, along its axis from `point` on, at which a pattern is stable in a share of
 * samples of at least `least`. */
static void range_text(const ph_attractor_map_t *map, size_t axis, size_t point, size_t mu,
                       double least, char *text, size_t size)
{
    const ph_axis_t *along = &map->grid->axes[axis];
    size_t first = 0, last = 0, count = 0, stride = 1;
    for (size_t a = axis + 1; a < map->grid->axes_count; a++)
        stride *= map->grid->axes[a].size;
    for (size_t j = 0; j < along->size; j++) {
        double share, error;
        ph_attractor_map_share(map, point + j * stride, mu, &share, &error);
        if (!(share >= least))
            continue;
        first = count++ == 0 ? j : first;
        last = j;
    }
    const double *values = along->coordinates[0].values;
    if (count == 0)
        snprintf(text, size, "-");
    else if (count == 1)
        snprintf(text, size, "%.4g", values[first]);
    else
        snprintf(text, size, "%.4g to %.4g%s", values[first], values[last],
                 last - first + 1 > count ? ", gaps" : "");
}

static void print_ranges(const ph_attractor_map_t *map, size_t axis, size_t point, const char *path)
{
    const ph_grid_t *grid = map->grid;
    const size_t patterns = (size_t)grid->points[point].patterns;
    const double few = 0.5 / (double)map->samples;
    char text[TEXT], of_any[64], of_half[64], of_all[64];
    ph_grid_point_text(grid, point, text, sizeof(text));
    printf("\n");
    if (grid->axes_count > 1)
        ph_print(stdout, "from %s on:\n", text);
    printf("%-10s %20s", "pattern", map->samples > 1 ? "stable in all" : "stable at noise");
    printf(map->samples > 1 ? " %20s %20s\n" : "\n", "half", "any sample");
    for (size_t mu = 0; mu < patterns && mu < 4 * (size_t)ROWS; mu++) {
        range_text(map, axis, point, mu, 1.0, of_all, sizeof(of_all));
        range_text(map, axis, point, mu, 0.5, of_half, sizeof(of_half));
        range_text(map, axis, point, mu, few, of_any, sizeof(of_any));
        printf("%-10zu %20s", mu + 1, of_all);
        printf(map->samples > 1 ? " %20s %20s\n" : "\n", of_half, of_any);
    }
    if (patterns > 4 * (size_t)ROWS)
        ph_print(stdout, "and %zu more in %s\n", patterns - 4 * (size_t)ROWS, path);
}

/* The axis of noise alone; as many as there are axes where there is none. */
static size_t noise_axis(const ph_grid_t *grid)
{
    size_t axis = 0;
    while (axis < grid->axes_count &&
           !(grid->axes[axis].coordinates[0].key == PH_KEY_NOISE && grid->axes[axis].size > 1))
        axis++;
    return axis;
}

void ph_cli_attractors_print(const ph_attractor_map_t *map, const char *path, bool brief)
{
    const ph_grid_t *grid = map->grid;
    const size_t axis = noise_axis(grid);
    size_t states = 0, stable = 0, index[PH_MAX_AXES];
    for (size_t k = 0; k < grid->points_count * map->samples; k++) {
        states += map->networks[k].count;
        stable += count_stable(&map->networks[k]);
    }
    ph_print(stdout,
             "%s: %zu states, %zu of them stable, of %zu network%s at %zu point%s; a state and its "
             "negative are one\n",
             path, states, stable, map->samples, map->samples == 1 ? "" : "s", grid->points_count,
             grid->points_count == 1 ? "" : "s");
    for (size_t p = 0; p < grid->points_count && !brief; p++)
        print_point(map, p, path);
    for (size_t p = 0; p < grid->points_count && axis < grid->axes_count; p++) {
        ph_grid_unravel(grid, p, index);
        if (index[axis] == 0)
            print_ranges(map, axis, p, path);
    }
}

int ph_cli_attractors_told(const ph_attractor_map_t *map, const char *path, ph_report_t *report)
{
    if (map->left_out > 0)
        ph_note(report,
                "%zu of %zu networks are left out: they have more than %d patterns or, above zero "
                "noise, more features than their mean field covers",
                map->left_out, map->grid->points_count * map->samples,
                (int)PH_ATTRACTORS_PATTERNS_MAX);
    if (map->unconverged == 0)
        return PH_OK;
    return ph_fail(report, PH_ERR_NUMERIC,
                   "the flow from %zu starts did not come to rest within 10^-12; what they lead to "
                   "is missing, 'unconverged' in %s says where",
                   map->unconverged, path);
}
