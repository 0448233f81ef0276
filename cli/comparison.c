/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Comparisons as text: rows, legend, summary, verdict. */
#include "cli/comparison.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/number.h"

static const ph_schema_t *coordinate_row(const ph_coordinate_t *coordinate)
{
    return ph_schema(coordinate->key);
}

static void print_header(const ph_grid_t *grid, ph_view_t view, bool csv)
{
    for (size_t a = 0; a < grid->axes_count; a++)
        for (size_t c = 0; c < grid->axes[a].coordinates_count; c++)
            printf(csv ? "%s," : "%-12s ", coordinate_row(&grid->axes[a].coordinates[c])->name);
    if (csv)
        printf(
            "%s,mc,thermal_error,sample_theory,deviation,allowance,z,deviate,resolution,population,"
            "disorder_error,population_deviate,verdict,reason,samples_left_out,chains_away,"
            "chains_left_out,chains_hopped,sweeps_left_out\n",
            ph_view_word(view));
    else
        printf("%-7s       MC +- thermal       theory    allowed        z   judged     seen  "
               "population +- disorder\n",
               ph_view_word(view));
}

static void print_axes(const ph_grid_t *grid, size_t point, bool csv)
{
    size_t index[PH_MAX_AXES];
    char text[64];
    ph_grid_unravel(grid, point, index);
    for (size_t a = 0; a < grid->axes_count; a++)
        for (size_t c = 0; c < grid->axes[a].coordinates_count; c++) {
            ph_coordinate_text(&grid->axes[a].coordinates[c], index[a], text, sizeof(text));
            printf(csv ? "%s," : "%-12s ", text);
        }
}

/* Whether the least error seen is larger than the theory: then it is of no use as a share of it. */
static bool near_zero(const ph_comparison_row_t *row)
{
    return row->resolution > 1.0;
}

/* The least error of the theory that would be seen: a share of it, or a value. */
static void seen_text(const ph_comparison_row_t *row, char *text, size_t size)
{
    const double value = row->resolution * row->sample_size;
    if (!isfinite(row->resolution))
        snprintf(text, size, "%g", row->resolution);
    else if (near_zero(row) && isfinite(value))
        snprintf(text, size, "%.1e", value);
    else
        snprintf(text, size, "%.2g%%", 100.0 * row->resolution);
}

static void print_row(const ph_grid_t *grid, const ph_comparison_row_t *row, bool csv)
{
    print_axes(grid, row->point, csv);
    if (csv) {
        printf("%lld,%.9g,%.3g,%.9g,%.3g,%.3g,%.3g,%.3g,%.3g,%.9g,%.3g,%.3g,%s,%s,%zu,%zu,%zu,%zu,%"
               "llu\n",
               (long long)row->pattern + 1, row->mc, row->error, row->sample_theory, row->deviation,
               row->allowance, row->z, row->deviate, row->resolution, row->population,
               row->disorder_error, row->population_deviate, ph_verdict_text(row->verdict),
               ph_reason_text(row->reason), row->left_out, row->away, row->moved, row->hopped,
               (unsigned long long)row->early);
        return;
    }
    const int digits = ph_error_decimals(row->error);
    char seen[32], thermal[PH_NUMBER_SIZE], disorder[PH_NUMBER_SIZE];
    seen_text(row, seen, sizeof(seen));
    ph_error_text(row->error, thermal, sizeof(thermal));
    ph_error_text(row->disorder_error, disorder, sizeof(disorder));
    printf("%-7lld %10.*f +- %-9s %9.*f %10.1e %8.2f %8.2f %8s %11.*f +- %-8s  %s",
           (long long)row->pattern + 1, digits, row->mc, thermal, digits, row->sample_theory,
           row->allowance, row->z, row->deviate, seen, ph_error_decimals(row->disorder_error),
           row->population, disorder, ph_verdict_text(row->verdict));
    if (row->reason != PH_REASON_NONE)
        printf(": %s", ph_reason_text(row->reason));
    if (row->left_out > 0)
        printf(" (%zu of %lld samples left out)", row->left_out, (long long)grid->samples);
    putchar('\n');
}

/* What the columns of the table are. */
static void print_legend(FILE *out)
{
    fputs("MC +- thermal: average; error of MC - theory, without the disorder between samples\n"
          "theory: of these samples; allowed: what it leaves open; z: (MC - theory) / thermal\n"
          "judged: what is beyond allowed, as a normal deviate; seen: least error of the theory it "
          "shows\n"
          "population +- disorder: infinite network, and how far off a mean over so many samples "
          "is\n",
          out);
}

/* Rows whose chains are in wells of both signs, so that what is printed does not add up to z. */
static void print_wells(const ph_comparison_t *found, FILE *out)
{
    size_t rows = 0;
    for (size_t i = 0; i < found->rows_count; i++) {
        const ph_comparison_row_t *row = &found->rows[i];
        rows += fabs(row->deviation - (row->mc - row->sample_theory)) > 1e-9;
    }
    if (rows > 0)
        fprintf(out,
                "%zu rows average over chains in wells of both signs; z counts each chain towards "
                "the sign of its own\n",
                rows);
}

/* How many points a reason leaves undecided, and what to change, the most that one of them needs.
 */
static void print_undecided(const ph_comparison_t *found, const ph_grid_t *grid, FILE *out)
{
    char text[256];
    for (int r = PH_REASON_NONE + 1; r < PH_REASON_COUNT; r++) {
        size_t points = 0;
        ph_advice_t most = {0};
        for (size_t i = 0; i < found->rows_count; i++) {
            if (found->rows[i].pattern != 0 || (int)found->rows[i].reason != r)
                continue;
            points++;
            ph_advice_add(&most, &found->advice[found->rows[i].point]);
        }
        ph_advice_text(&most, (ph_reason_t)r, ph_point_is_given(&grid->points[0]), text,
                       sizeof(text));
        if (points > 0)
            fprintf(out, "  %zu: %s (%s)\n", points, ph_reason_text((ph_reason_t)r), text);
    }
}

static int ascending(const void *a, const void *b)
{
    const double left = *(const double *)a, right = *(const double *)b;
    return (left > right) - (left < right);
}

/* The least errors of theory that half and nine of ten of the rows would have seen; a sentence with
 * two numbers. Values: of rows whose theory is near zero. */
static void print_seen(const ph_comparison_t *found, bool values, FILE *out)
{
    size_t count = 0;
    double *least = malloc((found->rows_count + 1) * sizeof(*least));
    for (size_t i = 0; least != NULL && i < found->rows_count; i++) {
        const ph_comparison_row_t *row = &found->rows[i];
        const double seen = row->resolution * (values ? row->sample_size : 100.0);
        if (row->verdict != PH_VERDICT_UNDECIDED && near_zero(row) == values && isfinite(seen))
            least[count++] = seen;
    }
    if (count > 0) {
        qsort(least, count, sizeof(*least), ascending);
        fprintf(out,
                values ? "a theory near 0 off by %.2g would be seen in half of such rows, by %.2g "
                         "in nine of ten\n"
                       : "a theory off by %.2g%% would be seen in half of the rows, by %.2g%% in "
                         "nine of ten\n",
                least[count / 2], least[count * 9 / 10]);
    }
    free(least);
}

static void print_wells_left(const ph_comparison_t *found, const ph_grid_t *grid, FILE *out)
{
    const long long all = (long long)(grid->samples * grid->replicas) * (long long)found->points;
    size_t away = 0, moved = 0, hopped = 0, late = 0;
    for (size_t i = 0; i < found->rows_count; i++) {
        away += found->rows[i].pattern == 0 ? found->rows[i].away : 0;
        moved += found->rows[i].pattern == 0 ? found->rows[i].moved : 0;
        hopped += found->rows[i].pattern == 0 ? found->rows[i].hopped : 0;
        late += found->rows[i].pattern == 0 && found->rows[i].early > 0;
    }
    if (away > 0)
        fprintf(out,
                "%zu of %lld chains are in another well than their start leads to, and compared "
                "there\n",
                away, all);
    if (moved > 0)
        fprintf(out, "%zu of %lld chains are left out, being too few in their wells\n", moved, all);
    if (hopped > 0)
        fprintf(out, "%zu of %lld chains went from well to well, and are compared by records\n",
                hopped, all);
    if (late > 0)
        fprintf(out,
                "%zu of %zu points are compared by the later half of the records, or less, the "
                "first having begun before equilibrium\n",
                late, found->points);
}

/* "0.7022 +- 0.0012, flow 0.7011": to two digits of the error. */
static void print_beside(FILE *out, double mc, double error, const char *word, double theory)
{
    char text[PH_NUMBER_SIZE];
    const int digits = ph_error_decimals(error);
    ph_error_text(error, text, sizeof(text));
    fprintf(out, "%.*f +- %s, %s %.*f", digits, mc, text, word, digits, theory);
}

/* The energies: how many, the largest deviation, and those that disagree one by one. */
static void print_energies(const ph_comparison_t *found, const ph_grid_t *grid, FILE *out)
{
    size_t decided = 0;
    char text[256];
    for (size_t p = 0; p < found->points; p++)
        decided += found->energies[p].verdict != PH_VERDICT_UNDECIDED ? 1 : 0;
    if (decided == 0)
        return;
    fprintf(out, "energies: %zu comparisons, largest deviation: %.2f errors\n", decided,
            found->largest_energy);
    for (size_t p = 0; p < found->points; p++) {
        const ph_comparison_row_t *row = &found->energies[p];
        if (row->verdict != PH_VERDICT_DISAGREE)
            continue;
        ph_grid_point_text(grid, p, text, sizeof(text));
        fprintf(out, "  %s%senergy ", text, text[0] != '\0' ? ": " : "");
        print_beside(out, row->mc, row->error, "theory", row->sample_theory);
        fprintf(out, ", %.1f errors\n", row->z);
    }
}

/* How many patterns are retrieved: at how many points, and where it is another number. */
static void print_retrieved(const ph_comparison_t *found, const ph_grid_t *grid, FILE *out)
{
    size_t chains = 0, near = 0;
    char text[256];
    for (size_t p = 0; p < found->points; p++) {
        chains += found->retrieved[p].chains;
        near += found->retrieved[p].near;
    }
    if (found->retrieved_decided == 0)
        return;
    fprintf(
        out,
        "retrieved patterns: %zu points compared, %zu with another number; %zu of %zu chains left "
        "out, near to what counts\n",
        found->retrieved_decided, found->retrieved_off, near, chains + near);
    for (size_t p = 0; p < found->points; p++) {
        const ph_retrieved_row_t *row = &found->retrieved[p];
        if (row->verdict != PH_VERDICT_DISAGREE)
            continue;
        ph_grid_point_text(grid, p, text, sizeof(text));
        fprintf(out, "  %s%s%.4g retrieved, theory %.4g; another number in %zu of %zu chains\n",
                text, text[0] != '\0' ? ": " : "", row->mc, row->theory, row->off, row->chains);
    }
}

static void print_summary(const ph_comparison_t *found, const ph_grid_t *grid, FILE *out)
{
    fprintf(out, "points: %zu, undecided: %zu; comparisons: %zu, beyond 4 errors: %zu\n",
            found->points, found->undecided_points, found->decided_rows, found->disagreeing_rows);
    print_undecided(found, grid, out);
    print_wells_left(found, grid, out);
    print_seen(found, false, out);
    print_seen(found, true, out);
    fprintf(out,
            "largest deviation beyond what is allowed: %.2f errors (bound %.2f for a false-alarm "
            "rate of %g over all)\n",
            found->largest, found->threshold, PH_COMPARE_FALSE_ALARM);
    print_energies(found, grid, out);
    print_retrieved(found, grid, out);
    if (found->largest_population > found->threshold)
        fprintf(out, "the infinite network is off its samples by %.2f errors\n",
                found->largest_population);
    if (found->free_energies_off > 0)
        fprintf(out, "free energies of the theory are not those of its states at %zu points\n",
                found->free_energies_off);
    if (found->exact_off > 0)
        fprintf(out, "exact sums of the theory are not those of its samples at %zu points\n",
                found->exact_off);
}

/* Why trajectories were not held against the flow, and at how many points; a pattern is enough. */
static void print_left_out(const ph_path_comparison_t *paths, FILE *out)
{
    size_t points[PH_PATH_REASONS] = {0}, last[PH_PATH_REASONS] = {0};
    bool any = false;
    for (size_t i = 0; i < paths->rows_count; i++) {
        const ph_path_row_t *row = &paths->rows[i];
        if (points[row->reason] == 0 || last[row->reason] != row->point)
            points[row->reason]++;
        last[row->reason] = row->point;
    }
    for (int r = PH_PATH_COMPARED + 1; r < PH_PATH_REASONS; r++)
        if (points[r] > 0) {
            fprintf(out, "%s%s (%zu point%s)", any ? "; " : "trajectories not compared: ",
                    ph_path_reason_text((ph_path_reason_t)r), points[r], points[r] == 1 ? "" : "s");
            any = true;
        }
    if (any)
        fputc('\n', out);
}

/* One parallel step: which points have it, and how it stands to the infinite network. */
static void print_steps(const ph_path_comparison_t *paths, const ph_grid_t *grid, FILE *out)
{
    size_t points = 0, held = 0;
    char text[256];
    for (size_t i = 0; i < paths->rows_count; i++) {
        const ph_path_row_t *row = &paths->rows[i];
        points += row->pattern == 0 && row->records > 0 &&
                  ph_path_has_step(grid, &grid->points[row->point]);
        held += isnan(row->step_deviate) ? 0 : 1;
    }
    if (points > 0)
        fprintf(out,
                "one parallel step: of %zu point%s, by the fields in the chains' very starts\n",
                points, points == 1 ? "" : "s");
    if (held > 0)
        fprintf(out,
                "one parallel step of the infinite network: %zu comparisons with the mean over the "
                "samples; largest deviation: %.2f errors\n",
                held, paths->largest_step);
    for (size_t i = 0; i < paths->rows_count; i++) {
        const ph_path_row_t *row = &paths->rows[i];
        if (!(row->step_deviate > paths->threshold))
            continue;
        ph_grid_point_text(grid, row->point, text, sizeof(text));
        fprintf(out, "  %s%spattern %lld after the step: ", text, text[0] != '\0' ? ", " : "",
                (long long)row->pattern + 1);
        print_beside(out, row->step_mc, row->step_error, "infinite network", row->step_population);
        fputc('\n', out);
    }
}

/* What is said of the wells of chains that part. */
static void print_splits(const ph_path_comparison_t *paths, const ph_grid_t *grid, FILE *out)
{
    size_t points = 0, left[PH_SPLIT_REASONS] = {0};
    double least = 0.0;
    char text[256];
    for (size_t p = 0; p < paths->points; p++) {
        const ph_split_row_t *row = &paths->splits[p];
        left[row->reason]++;
        points += row->comparisons > 0;
        if (row->comparisons > 0)
            least = fmax(least, row->resolution);
    }
    for (int r = PH_SPLIT_WHOLE + 1; r < PH_SPLIT_REASONS; r++)
        if (left[r] > 0)
            fprintf(out, "shares of wells not compared: %s (%zu point%s)\n",
                    ph_split_reason_text((ph_split_reason_t)r), left[r], left[r] == 1 ? "" : "s");
    if (points == 0)
        return;
    fprintf(out,
            "shares of wells: %zu point%s held against the split of the start; largest deviation: "
            "%.2f errors; %.2g off would be seen\n",
            points, points == 1 ? "" : "s", paths->largest_split, least);
    for (size_t p = 0; p < paths->points; p++) {
        const ph_split_row_t *row = &paths->splits[p];
        if (row->verdict != PH_VERDICT_DISAGREE)
            continue;
        ph_grid_point_text(grid, p, text, sizeof(text));
        fprintf(out,
                "  %s%swell %s after %llu sweeps: share %.4f of the chains, flow %.4f to %.4f\n",
                text, text[0] != '\0' ? ", " : "", row->well, (unsigned long long)row->sweep,
                row->mc, row->low, row->high);
    }
}

static void print_paths(const ph_path_comparison_t *paths, const ph_grid_t *grid, FILE *out)
{
    char text[256];
    print_left_out(paths, out);
    if (paths->comparisons == 0)
        return;
    fprintf(out,
            "trajectories: %zu comparisons with the flow of their samples; largest deviation: ",
            paths->comparisons);
    fprintf(out, "%.2f errors (bound %.2f for a false-alarm rate of %g)\n", paths->largest,
            paths->threshold, PH_COMPARE_FALSE_ALARM);
    for (size_t i = 0; i < paths->rows_count; i++) {
        const ph_path_row_t *row = &paths->rows[i];
        if (row->verdict != PH_VERDICT_DISAGREE)
            continue;
        ph_grid_point_text(grid, row->point, text, sizeof(text));
        fprintf(out, "  %s%spattern %lld after %llu sweeps: ", text, text[0] != '\0' ? ", " : "",
                (long long)row->pattern + 1, (unsigned long long)row->sweep);
        print_beside(out, row->mc, row->error, "flow", row->flow);
        fputc('\n', out);
    }
}

/* A distribution that disagrees, where it does most. */
static void print_distribution(const ph_distribution_row_t *row, const ph_grid_t *grid, FILE *out)
{
    char text[256];
    if (row->verdict != PH_VERDICT_DISAGREE)
        return;
    ph_grid_point_text(grid, row->point, text, sizeof(text));
    fprintf(out, "  %s%s", text, text[0] != '\0' ? ", " : "");
    if (row->pattern < 0)
        fprintf(out, "overlap of replicas");
    else
        fprintf(out, "pattern %lld", (long long)row->pattern + 1);
    fprintf(out, " at %.4g: share ", row->level);
    print_beside(out, row->mc, row->error, "of all states", row->exact);
    fputc('\n', out);
}

/* Of small networks: how many points, and why not others of them. */
static void print_distributions(const ph_distribution_comparison_t *found, const ph_grid_t *grid,
                                FILE *out)
{
    size_t points[PH_DISTRIBUTION_REASONS] = {0};
    for (size_t i = 0; i < found->rows_count; i++)
        points[found->rows[i].reason] += found->rows[i].pattern == 0;
    for (int r = PH_DISTRIBUTION_SHORT; r < PH_DISTRIBUTION_REASONS; r++)
        if (points[r] > 0)
            fprintf(out, "distributions not compared: %s (%zu point%s)\n",
                    ph_distribution_reason_text((ph_distribution_reason_t)r), points[r],
                    points[r] == 1 ? "" : "s");
    if (points[PH_DISTRIBUTION_COMPARED] == 0)
        return;
    fprintf(out,
            "distributions: %zu point%s, %zu levels held against all states of the samples; "
            "largest deviation: %.2f errors (bound %.2f for a false-alarm rate of %g)\n",
            points[PH_DISTRIBUTION_COMPARED], points[PH_DISTRIBUTION_COMPARED] == 1 ? "" : "s",
            found->comparisons, found->largest, found->threshold, PH_COMPARE_FALSE_ALARM);
    for (size_t i = 0; i < found->rows_count; i++)
        print_distribution(&found->rows[i], grid, out);
    for (size_t p = 0; p < found->points; p++)
        print_distribution(&found->overlaps[p], grid, out);
}

static void print_verdict(ph_verdict_t verdict, FILE *out)
{
    fprintf(out, "verdict: simulation and theory %s\n",
            verdict == PH_VERDICT_UNDECIDED ? "cannot be told to agree: too many points undecided"
                                            : ph_verdict_text(verdict));
}

/* Of which theory this is the verdict. */
static void print_theory(const ph_comparison_table_t *table, FILE *out)
{
    char digest[PH_DIGEST_TEXT_SIZE];
    if (table->origin == PH_ORIGIN_SOLVED)
        fprintf(out, "theory: solved anew\n");
    if (table->origin != PH_ORIGIN_FILE)
        return;
    ph_digest_text(table->theory, digest);
    fprintf(out, "theory: of a file, digest %s\n", digest);
}

void ph_cli_print_comparison(const ph_comparison_table_t *table, bool csv, bool brief)
{
    const ph_comparison_t *found = &table->equilibrium;
    FILE *summary = csv ? stderr : stdout;
    if (!brief || found->disagreeing_rows > 0)
        print_header(table->grid, table->view, csv);
    for (size_t k = 0; k < found->rows_count; k++)
        if (!brief || found->rows[k].verdict == PH_VERDICT_DISAGREE)
            print_row(table->grid, &found->rows[k], csv);
    if (!brief && !csv)
        print_legend(summary);
    print_wells(found, summary);
    print_theory(table, summary);
    print_summary(found, table->grid, summary);
    print_paths(&table->paths, table->grid, summary);
    print_steps(&table->paths, table->grid, summary);
    print_splits(&table->paths, table->grid, summary);
    print_distributions(&table->distributions, table->grid, summary);
    print_verdict(table->verdict, summary);
}
