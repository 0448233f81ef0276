/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "analysis/exact/well.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "analysis/exact/lattice_private.h"
#include "analysis/exact/well_private.h"
#include "base/floating.h"
#include "base/report.h"

enum { AXES = PH_WELL_AXES, ARRAYS = 6 };

/*
 * p is Gaussian at heart along each axis, of the width found there, and nowhere narrower than the
 * Gaussian of variance T/(N w) that makes x of the overlaps: the trapezoidal rule with step a of
 * the widths errs by exp(-2 pi^2 / a^2).
 */
static const double STEPS[] = {0.8, 0.65, 0.5, 0.4, 0.3};
enum {
    FINE = 1
}; /* of three axes, every second site of its lattice is as good as the one before */
static const double BY_PARTS = 1e-9;

/* So far below its peak a well is at its end, beyond what separates two: where there is no
 * tolerance, and for one of TOLERANCE and more, where 2 10^-6 of a Gaussian is left out. */
static const double NEGLIGIBLE = 32.0, TOLERABLE = 14.6, TOLERANCE = 3e-4;
/* A way between parts that a lattice has so deep is deep: it has ways a T too deep, if at all. */
static const double PLAINLY_DEEP = 4.0;
static const double EDGE_PARTS = 10.0; /* of what is cut off there, in integrals by parts */
enum { ROUGH_PASSES = 6 };
static const double ROUGH_FINER = 0.82;
static const double WIDTH_STEP = 1.1;
enum { WIDTH_STEPS = 4 }; /* at a time, first */
/* Widths of a Gaussian at whose end the fall of log p says how wide a well is: near an onset one is
 * wide at its top and steep farther out, where a tolerance has fewer places a width. */
static const double WIDTHS = 1.0, WIDTHS_ROUGH = 2.0;
static const double WIDTH_OF_PLACE = 4.0; /* what depths vary by about a place near the end */
static const double PLAINLY = 6.0;        /* so far down a depth need not be known but for a step */

static int reach_neighbours(ph_well_filler_t *self, const int32_t *centre)
{
    const size_t d = self->lattice->dimensions;
    size_t count = 1;
    for (size_t a = 0; a < d; a++)
        count *= 3;
    for (size_t k = 0; k < count; k++) {
        int32_t at[AXES] = {0};
        double x[AXES];
        size_t rest = k;
        for (size_t a = 0; a < d; a++, rest /= 3)
            at[a] = centre[a] + (int32_t)(rest % 3) - 1;
        if (ph_lattice_find(self->lattice, at) != NULL)
            continue;
        if ((double)(self->lattice->count + 1) * (double)self->rows->count > PH_WELL_TERMS)
            return PH_ERR_LIMIT;
        ph_lattice_place(self->lattice, at, x);
        const int status = ph_lattice_add(self->lattice, at, ph_well_log_density(self, x));
        if (status != PH_OK)
            return status;
    }
    return PH_OK;
}

/* One above the level is in a basin that was poured into, and was not seen before. */
int ph_well_pour(ph_well_filler_t *self, double value, bool *end)
{
    ph_exact_well_t *out = self->out;
    *end = value < out->peak - self->negligible;
    if (*end)
        return PH_OK;
    if (value > self->water + PH_WELL_RISE) {
        *end = out->peak - self->water >= PH_EXACT_WELL_SEPARATE;
        if (*end) {
            out->barrier = out->peak - self->water;
            return PH_OK;
        }
        self->inner = self->water;
    }
    self->water = fmin(self->water, value);
    out->peak = fmax(out->peak, value);
    return isfinite(self->inner) && out->peak - self->inner > PH_EXACT_WELL_JOINT ? PH_ERR_NUMERIC
                                                                                  : PH_OK;
}

/* The sum of p within one T of the well's end: what is left out below the end, or belongs to the
 * other side, is less. */
static double find_edge(const ph_well_filler_t *self)
{
    double sum = 0.0;
    if (!isfinite(self->out->barrier))
        return 0.0;
    for (size_t i = 0; i < self->lattice->count; i++) {
        const ph_exact_site_t *site = &self->lattice->sites[i];
        if (site->inside && site->value < self->water + 1.0)
            sum += exp(site->value - self->reference);
    }
    return sum;
}

/* Takes sites in descending order of p. */
static int fill(ph_well_filler_t *self)
{
    ph_exact_well_t *out = self->out;
    bool end = false;
    int status = ph_lattice_add(self->lattice, (int32_t[AXES]){0}, self->reference);
    self->water = out->peak = self->reference;
    self->inner = out->barrier = INFINITY;
    while (status == PH_OK) {
        ph_exact_site_t *site = ph_lattice_take(self->lattice);
        if (site == NULL)
            break;
        status = ph_well_pour(self, site->value, &end);
        if (status != PH_OK || end)
            break;
        site->inside = true;
        const ph_exact_site_t taken = *site;
        ph_well_add_site(self, &taken);
        status = reach_neighbours(self, taken.at);
    }
    self->edge = find_edge(self);
    return status;
}

/* Whether log p so far along a direction, on both sides, is less than `fall` below the centre's. */
static bool within_width(const ph_well_filler_t *self, const double *direction, double far,
                         double fall)
{
    for (int side = -1; side <= 1; side += 2) {
        double x[AXES];
        for (size_t a = 0; a < self->lattice->dimensions; a++)
            x[a] = self->lattice->centre[a] + side * far * direction[a];
        if (!(self->reference - ph_well_log_density(self, x) < fall))
            return false;
    }
    return true;
}

/* The width along a direction, on the nearer side, to a tenth, first by larger steps: that of the
 * Gaussian which falls as log p does WIDTHS of it from the centre. */
static double width_along(const ph_well_filler_t *self, const double *direction)
{
    const double widths = self->rows->tolerance > 0.0 ? WIDTHS_ROUGH : WIDTHS;
    const double fall = 0.5 * widths * widths;
    double width = 0.5; /* of the Gaussian of x, which is no wider than p */
    for (int steps = WIDTH_STEPS; steps > 0 && width < 1e6;) {
        double next = width;
        for (int k = 0; k < steps; k++)
            next *= WIDTH_STEP;
        if (within_width(self, direction, widths * next, fall))
            width = next;
        else
            steps = steps > 1 ? 1 : 0;
    }
    return width;
}

/* Axes along the eigenvectors of -(log p)'' at the centre, in units sqrt(T/(N w)) of x. */
static int set_axes(ph_well_filler_t *self)
{
    const ph_exact_rows_t *rows = self->rows;
    const size_t d = self->lattice->dimensions;
    double matrix[AXES][AXES], values[AXES], vectors[AXES][AXES], unit[AXES];
    for (size_t a = 0; a < d; a++) {
        unit[a] = 1.0 / sqrt(rows->neurons * self->scaled[a]);
        for (size_t b = 0; b < d; b++)
            matrix[a][b] = a == b ? 1.0 : 0.0;
    }
    for (size_t i = 0; i < rows->count; i++) {
        const double *phi = rows->phi + i * rows->features;
        const double t = tanh(ph_well_field(self, i, self->lattice->centre));
        for (size_t a = 0; a < d; a++)
            for (size_t b = 0; b < d; b++)
                matrix[a][b] -= rows->share[i] * (1.0 - t * t) *
                                sqrt(self->scaled[a] * self->scaled[b]) *
                                phi[self->lattice->from[a]] * phi[self->lattice->from[b]];
    }
    const int status = ph_well_eigen(d, matrix, values, vectors);
    for (size_t i = 0; status == PH_OK && i < d; i++) {
        for (size_t a = 0; a < d; a++)
            self->lattice->axis[i][a] = vectors[i][a] * unit[a];
        const double width = width_along(self, self->lattice->axis[i]);
        for (size_t a = 0; a < d; a++) {
            self->lattice->axis[i][a] *= width;
            self->lattice->dual[i][a] = vectors[i][a] / (unit[a] * width);
        }
    }
    return status;
}

/* Axes of other steps, in units of the widths. */
static void scale_axes(ph_exact_lattice_t *self, double factor)
{
    for (size_t i = 0; i < self->dimensions; i++)
        for (size_t a = 0; a < self->dimensions; a++) {
            self->axis[i][a] *= factor;
            self->dual[i][a] /= factor;
        }
}

/* A well with one maximum, by lines, once: at a step of the widths. What it is held against is the
 * pass before, or (`halves`) the sites of it whose places add up to an even number. */
static int pass_quick(ph_well_filler_t *self, ph_well_lines_t *lines, ph_well_sums_t *odd,
                      bool halves, bool *filled)
{
    ph_well_clear_sums(self, &self->sums);
    const int status = ph_well_lines_fill(lines, self, odd, filled);
    if (status != PH_OK || !*filled)
        return status;
    const bool again = isfinite(self->out->energy);
    if (halves)
        ph_well_note(self, false);
    ph_well_add_sums(self, &self->sums, odd);
    ph_well_note(self, halves || again);
    return PH_OK;
}

/*
 * At step FINE, where integrals by parts say that it is enough; they do not see everything, and so
 * half of its sites are a second resolution, a lattice of three axes with 1.26 of its step. Else at
 * the step before, and at FINE against that.
 */
static int fill_quick(ph_well_filler_t *self, ph_well_lines_t *lines, ph_well_sums_t *odd,
                      bool *filled)
{
    static const size_t PASSES[] = {FINE, 0, FINE};
    const double centre = self->reference;
    double steps = 1.0;
    int status = PH_OK;
    for (size_t k = self->lattice->dimensions == AXES ? 0 : 1; k < 3; k++) {
        const bool alone = k == 0;
        scale_axes(self->lattice, STEPS[PASSES[k]] / steps);
        steps = STEPS[PASSES[k]];
        self->reference = centre;
        self->out->energy = k < 2 ? (double)NAN : self->out->energy;
        status = pass_quick(self, lines, odd, alone, filled);
        if (status != PH_OK || !*filled)
            break;
        *filled = k != 1 && ph_well_agrees(self);
        if (*filled && (!alone || ph_well_off_by_parts(self) <= BY_PARTS))
            return PH_OK;
        *filled = false;
    }
    scale_axes(self->lattice, 1.0 / steps);
    self->reference = centre;
    return status;
}

/* By lines as far as they go, else by sites; `kept` says which. */
static int fill_once(ph_well_filler_t *self, ph_well_lines_t *lines, ph_well_sums_t *odd,
                     bool *by_lines)
{
    *by_lines = lines != NULL;
    ph_well_clear_sums(self, &self->sums);
    ph_lattice_clear(self->lattice);
    if (*by_lines) {
        const int status = ph_well_lines_order(lines, self, false, odd, by_lines);
        if (status != PH_OK)
            return status;
    }
    if (!*by_lines)
        return fill(self);
    ph_well_add_sums(self, &self->sums, odd);
    return PH_OK;
}

/* With finer steps until two agree. */
static int fill_finer(ph_well_filler_t *self, ph_well_lines_t *lines, ph_well_sums_t *odd,
                      bool *by_lines)
{
    const double centre = self->reference;
    int status = PH_OK;
    for (size_t pass = 0; pass < sizeof(STEPS) / sizeof(STEPS[0]) && status == PH_OK; pass++) {
        scale_axes(self->lattice, pass == 0 ? STEPS[0] : STEPS[pass] / STEPS[pass - 1]);
        self->reference = centre;
        status = fill_once(self, lines, odd, by_lines);
        if (status == PH_OK && self->rows->whole)
            return PH_OK;
        if (status == PH_OK)
            ph_well_note(self, pass > 0);
        if (status == PH_OK && pass > 0 && ph_well_agrees(self))
            return PH_OK;
    }
    return status == PH_OK ? PH_ERR_NUMERIC : status;
}

/* What has a tolerance, once, held against its sites whose places add up to an even number. */
static int pass_rough(ph_well_filler_t *self, ph_well_lines_t *lines, ph_well_sums_t *odd,
                      bool *filled)
{
    int status = PH_OK;
    *filled = false;
    ph_well_clear_sums(self, &self->sums);
    if (!self->rows->rugged)
        status = ph_well_lines_fill(lines, self, odd, filled);
    if (status == PH_OK && !*filled)
        status = ph_well_lines_order(lines, self, !self->rows->rugged, odd, filled);
    if (status != PH_OK || !*filled || self->rows->whole)
        return status;
    ph_well_note(self, false);
    ph_well_add_sums(self, &self->sums, odd);
    ph_well_note(self, true);
    return PH_OK;
}

/* The step of the widths at which half of a lattice errs by the tolerance of a Gaussian: half of
 * one of three axes has the shortest wave of length sqrt(3/4), of two sqrt(1/2), of one 1/2. */
static double first_step(const ph_well_filler_t *self)
{
    const double axes = (double)self->lattice->dimensions, square = 0.25 * axes, pi = acos(-1.0);
    return sqrt(2.0 * pi * pi * square / log(pow(2.0, axes) / self->rows->tolerance));
}

/* Whether chains are much too slow for averages to be wanted. */
static bool is_slow(ph_well_filler_t *self)
{
    return self->rows->least_rate > 0.0 && ph_well_find_rate(self) == PH_OK &&
           self->out->rate < 0.5 * self->rows->least_rate;
}

/*
 * With finer steps until half of the sites say the same, and integrals by parts nothing against it
 * but what is cut off at the edge. Basins that are neither joint nor apart at two steps are so, and
 * those plainly at one.
 */
static int fill_rough(ph_well_filler_t *self, ph_well_lines_t *lines, ph_well_sums_t *odd,
                      bool *filled)
{
    const double centre = self->reference, enough = fmax(BY_PARTS, self->rows->tolerance);
    double scale = first_step(self), steps = 1.0;
    bool neither = false;
    *filled = false;
    for (int pass = 0; pass < ROUGH_PASSES; pass++, scale = ROUGH_FINER) {
        scale_axes(self->lattice, scale);
        steps *= scale;
        self->reference = centre;
        const int status = pass_rough(self, lines, odd, filled);
        if (status == PH_ERR_NUMERIC && !neither && self->out->peak - self->inner < PLAINLY_DEEP) {
            neither = true;
            *filled = false;
            continue;
        }
        if (status != PH_OK)
            return status;
        if (!*filled)
            break;
        if (self->rows->whole || is_slow(self))
            return PH_OK;
        *filled = ph_well_agrees(self) &&
                  ph_well_off_by_parts(self) <= enough + EDGE_PARTS * self->out->edge;
        if (*filled)
            return PH_OK;
    }
    scale_axes(self->lattice, 1.0 / steps);
    self->reference = centre;
    return PH_OK;
}

static int fill_well(ph_well_filler_t *self)
{
    ph_well_lines_t *lines = NULL;
    ph_well_sums_t odd = {.m = calloc(PH_WELL_OF_COUNT * self->rows->patterns, sizeof(double))};
    bool by_lines = false;
    int status = odd.m == NULL ? PH_ERR_MEMORY : set_axes(self);
    if (status == PH_OK)
        status = ph_well_lines_init(&lines, self);
    if (status == PH_OK && lines != NULL)
        status =
            (self->rows->tolerance > 0.0 ? fill_rough : fill_quick)(self, lines, &odd, &by_lines);
    if (status == PH_OK && !by_lines)
        status = fill_finer(self, lines, &odd, &by_lines);
    if (status == PH_OK && by_lines)
        status = ph_well_lines_keep(lines, self->lattice);
    if (status == PH_OK && !self->rows->whole)
        status = ph_well_find_rate(self);
    free(odd.m);
    ph_well_lines_free(lines);
    return status;
}

static double negligible_for(double tolerance, bool whole)
{
    return tolerance > 0.0 && !whole ? TOLERABLE + fmax(log(TOLERANCE / tolerance), 0.0)
                                     : NEGLIGIBLE;
}

static void set_arrays(ph_exact_well_t *self, size_t patterns)
{
    self->spread = self->m + patterns;
    self->error = self->m + 2 * patterns;
    self->fourth = self->m + 3 * patterns;
    self->absolute = self->m + 4 * patterns;
    self->absolute_error = self->m + 5 * patterns;
}

int ph_exact_well_mirror(ph_exact_well_t *self, const ph_exact_well_t *of, size_t patterns)
{
    *self = *of;
    self->m = malloc(ARRAYS * patterns * sizeof(*self->m));
    const int status = ph_lattice_mirror(&self->lattice, &of->lattice);
    if (self->m == NULL || status != PH_OK) {
        ph_exact_well_free(self);
        return PH_ERR_MEMORY;
    }
    memcpy(self->m, of->m, ARRAYS * patterns * sizeof(*self->m));
    set_arrays(self, patterns);
    for (size_t mu = 0; mu < patterns; mu++)
        self->m[mu] = -of->m[mu];
    return PH_OK;
}

int ph_exact_well_init(ph_exact_well_t *self, const ph_exact_rows_t *rows, const double *centre)
{
    PH_FLOATING_GUARD();
    ph_well_filler_t filler = {.rows = rows,
                               .out = self,
                               .lattice = &self->lattice,
                               .negligible = negligible_for(rows->tolerance, rows->whole)};
    memset(self, 0, sizeof(*self));
    if (!(rows->noise > 0.0))
        return PH_ERR_LIMIT;
    for (size_t p = 0; p < rows->features; p++) {
        if (!(rows->weights[p] > 0.0))
            continue;
        if (self->lattice.dimensions == AXES)
            return PH_ERR_LIMIT;
        const size_t a = self->lattice.dimensions++;
        self->lattice.from[a] = p;
        self->lattice.centre[a] = centre[p];
        filler.scaled[a] = rows->weights[p] / rows->noise;
    }
    if (self->lattice.dimensions == 0)
        return PH_ERR_LIMIT;
    self->m = calloc(ARRAYS * rows->patterns, sizeof(*self->m));
    filler.sums.m =
        calloc((PH_WELL_OF_COUNT + PH_WELL_CUMULANTS) * rows->patterns, sizeof(*filler.sums.m));
    filler.spin = calloc(rows->count + rows->patterns, sizeof(*filler.spin));
    const bool room = self->m != NULL && filler.sums.m != NULL && filler.spin != NULL;
    int status = room ? PH_OK : PH_ERR_MEMORY;
    if (status == PH_OK) {
        set_arrays(self, rows->patterns);
        filler.corner = filler.spin + rows->count;
        for (size_t mu = 0; mu < rows->patterns; mu++)
            filler.corner[mu] = ph_well_corner(rows, mu);
        filler.reference = ph_well_log_density(&filler, self->lattice.centre);
        status = fill_well(&filler);
    }
    free(filler.spin);
    free(filler.sums.m);
    return status;
}

void ph_exact_well_free(ph_exact_well_t *self)
{
    ph_lattice_free(&self->lattice);
    free(self->m);
    memset(self, 0, sizeof(*self));
}

/* log p at a place of the lattice; -INFINITY outside the well. */
static double value_at(const ph_exact_lattice_t *lattice, const int32_t *at)
{
    if (lattice->lines != NULL)
        return ph_well_lines_value(lattice, at);
    const ph_exact_site_t *site = ph_lattice_find(lattice, at);
    return site != NULL && site->inside ? site->value : (double)-INFINITY;
}

/* The highest of the places of the lattice about x. */
static double highest_about(const ph_exact_lattice_t *lattice, const double *steps)
{
    double highest = -INFINITY;
    for (size_t k = 0; k < (size_t)1 << lattice->dimensions; k++) {
        int32_t at[AXES] = {0};
        for (size_t b = 0; b < lattice->dimensions; b++)
            at[b] = (int32_t)(floor(steps[b]) + (double)(k >> b & 1));
        highest = fmax(highest, value_at(lattice, at));
    }
    return highest;
}

/* By p itself, of x along the lattice's axes. */
static double depth_at(const ph_exact_well_t *self, const ph_exact_rows_t *rows, const double *x)
{
    ph_exact_lattice_t lattice = self->lattice;
    ph_well_filler_t filler = {.rows = rows, .lattice = &lattice};
    for (size_t a = 0; a < lattice.dimensions; a++)
        filler.scaled[a] = rows->weights[lattice.from[a]] / rows->noise;
    return fmax(self->peak - ph_well_log_density(&filler, x), 0.0);
}

bool ph_exact_well_may_reach(const ph_exact_well_t *self, const ph_exact_rows_t *rows,
                             const double *n)
{
    double x[AXES];
    for (size_t a = 0; a < self->lattice.dimensions; a++)
        x[a] = n[self->lattice.from[a]];
    const double depth = depth_at(self, rows, x);
    return rows->tolerance > 0.0 && !rows->whole && !isfinite(self->barrier) &&
           depth < NEGLIGIBLE && depth > negligible_for(rows->tolerance, false) - WIDTH_OF_PLACE;
}

double ph_exact_well_depth(const ph_exact_well_t *self, const ph_exact_rows_t *rows,
                           const double *n)
{
    const ph_exact_lattice_t *lattice = &self->lattice;
    double x[AXES], steps[AXES];
    int32_t at[AXES] = {0};
    for (size_t a = 0; a < lattice->dimensions; a++)
        x[a] = n[lattice->from[a]];
    if (!ph_lattice_steps(lattice, x, steps))
        return INFINITY;
    for (size_t b = 0; b < lattice->dimensions; b++)
        at[b] = (int32_t)(steps[b] + copysign(0.5, steps[b])); /* within REACH */
    const double near = self->peak - value_at(lattice, at);
    if (near < PLAINLY)
        return fmax(near, 0.0);
    return isfinite(highest_about(lattice, steps)) ? depth_at(self, rows, x) : (double)INFINITY;
}
