/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "analysis/phase/boundary.h"

#include <gsl/gsl_errno.h>
#include <gsl/gsl_roots.h>
#include <math.h>
#include <string.h>

#include "analysis/phase/boundary_private.h"

enum { SIZE = PH_STATES_PATTERNS_MAX };

static const double NARROW = 1e-11;    /* of a path: where bisection ends */
static const double ASIDE = 0.02;      /* of the way to where a branch is predicted to end */
static const double AGAIN = 0.1;       /* of the way to where a branch was too far */
static const double BEYOND = 1e-4;     /* of a path: where the next state is looked for */
static const double JUMP = 0.02;       /* of the largest overlaps: less is no jump */
static const double SOFT = 1e-3;       /* least eigenvalue near which a state ends */
static const double CREEPING = 1e-7;   /* of a path: no way worth a search */
static const double UNRESOLVED = 1e-9; /* residual of a descent, with much to spare */
static const double FADING = 1e-6;     /* least eigenvalue of a state that is all but another */
static const double SHARP = 1e-13;     /* of a path: where the root of an eigenvalue is placed */

const char *ph_boundary_text(ph_boundary_kind_t kind)
{
    static const char *const TEXTS[PH_BOUNDARY_COUNT] = {"continuous", "spinodal", "crossing",
                                                         "crossover",  "examples", "example-state"};
    return TEXTS[kind];
}

void ph_point_numbers(const ph_point_t *point, const double *numbers[PH_PATH_NUMBERS])
{
    numbers[0] = point->dilution;
    numbers[1] = point->examples;
    numbers[2] = point->quality;
    numbers[3] = point->blank_fidelity;
}

int ph_path_init(ph_path_t *self, const ph_point_t *from, const ph_point_t *to,
                 ph_average_t average)
{
    const double *a[PH_PATH_NUMBERS], *b[PH_PATH_NUMBERS];
    *self = (ph_path_t){.from = from, .to = to, .average = average, .point = *from};
    ph_point_numbers(from, a);
    ph_point_numbers(to, b);
    for (size_t k = 0; k < PH_PATH_NUMBERS; k++)
        if ((a[k] == NULL) != (b[k] == NULL))
            return PH_ERR_UNSUPPORTED;
    return from->patterns == to->patterns && from->patterns <= SIZE && from->rule == to->rule &&
                   from->normalization == to->normalization
               ? PH_OK
               : PH_ERR_UNSUPPORTED;
}

const ph_point_t *ph_path_point(ph_path_t *self, double share)
{
    const double *a[PH_PATH_NUMBERS], *b[PH_PATH_NUMBERS];
    ph_point_numbers(self->from, a);
    ph_point_numbers(self->to, b);
    for (size_t k = 0; k < PH_PATH_NUMBERS; k++)
        for (int64_t mu = 0; a[k] != NULL && mu < self->from->patterns; mu++)
            self->numbers[k][mu] = a[k][mu] + share * (b[k][mu] - a[k][mu]);
    self->point.dilution = self->numbers[0];
    self->point.examples = a[1] != NULL ? self->numbers[1] : NULL;
    self->point.quality = a[2] != NULL ? self->numbers[2] : NULL;
    self->point.blank_fidelity = a[3] != NULL ? self->numbers[3] : NULL;
    self->point.entropy = self->from->entropy + share * (self->to->entropy - self->from->entropy);
    if (self->point.entropy > 0.0)
        ph_point_entropy_quality(&self->point, self->numbers[2]);
    self->point.noise = self->from->noise + share * (self->to->noise - self->from->noise);
    return &self->point;
}

double ph_branch_difference(const ph_fixed_point_t *a, const double *largest_a,
                            const ph_fixed_point_t *b, const double *largest_b, size_t patterns)
{
    double most = 0.0;
    for (size_t mu = 0; mu < patterns; mu++)
        most = fmax(most, fabs(a->overlap[mu] / largest_a[mu] - b->overlap[mu] / largest_b[mu]));
    return most;
}

/* What becomes of a branch at another place. */
typedef enum {
    BRANCH_THERE, /* it is there */
    BRANCH_FAR,   /* a state of its name is, too far away to be known again */
    BRANCH_GONE
} arrival_t;

static int move(ph_path_t *path, double share, ph_branch_t *branch, arrival_t *arrival)
{
    ph_landscape_t landscape;
    ph_subspace_t subspace = {0};
    ph_fixed_point_t state;
    double n[SIZE];
    *arrival = BRANCH_GONE;
    int status = ph_landscape_init(&landscape, ph_path_point(path, share), path->average, NULL);
    if (status != PH_OK)
        return status;
    memcpy(n, branch->state.overlap, sizeof(n));
    status = ph_subspace_init(&subspace, &landscape, ph_symmetry_of(&landscape, n));
    if (status != PH_OK)
        goto out;
    status = ph_subspace_descend(&subspace, n);
    if (status == PH_OK)
        status = ph_landscape_restore(&landscape, n);
    if (status == PH_OK)
        status = ph_landscape_describe(&landscape, n, &state, NULL);
    if (status != PH_OK || !ph_fixed_point_stable(&state, landscape.patterns) ||
        !ph_label_equal(state.label, branch->state.label))
        goto out;
    /* A branch may turn as a square root does where it ends, but it does not jump. */
    const double reach = JUMP + 0.5 * sqrt(fabs(share - branch->share));
    *arrival = BRANCH_FAR;
    if (ph_branch_difference(&state, landscape.largest, &branch->state, branch->largest,
                             landscape.patterns) <= reach) {
        *arrival = BRANCH_THERE;
        branch->state = state;
        memcpy(branch->largest, landscape.largest, sizeof(branch->largest));
        branch->share = share;
        branch->smooth = landscape.smooth;
    }
out:
    ph_subspace_free(&subspace);
    ph_landscape_free(&landscape);
    return status == PH_ERR_NUMERIC ? PH_OK : status;
}

int ph_branch_move(ph_path_t *path, double share, ph_branch_t *branch, bool *there)
{
    arrival_t arrival;
    const int status = move(path, share, branch, &arrival);
    *there = arrival == BRANCH_THERE;
    return status;
}

int ph_branch_begin(ph_path_t *path, double share, const double *n, ph_branch_t *branch)
{
    ph_landscape_t landscape;
    int status = ph_landscape_init(&landscape, ph_path_point(path, share), path->average, NULL);
    if (status != PH_OK)
        return status;
    branch->share = share;
    branch->smooth = landscape.smooth;
    memcpy(branch->largest, landscape.largest, sizeof(branch->largest));
    status = ph_landscape_describe(&landscape, n, &branch->state, NULL);
    if (status == PH_OK && !ph_fixed_point_stable(&branch->state, landscape.patterns))
        status = PH_ERR_NUMERIC;
    ph_landscape_free(&landscape);
    return status;
}

/* Where a small push leads beyond the last place of a branch, so much further on the way. */
static int look_beyond(ph_path_t *path, const ph_branch_t *last, double distance,
                       ph_fixed_point_t *next, double *jump)
{
    ph_landscape_t landscape;
    ph_subspace_t subspace = {0};
    double n[SIZE], soft[SIZE] = {0}, most = 0.0;
    const double share = fmin(1.0, fmax(0.0, last->share + distance));
    int status = ph_landscape_init(&landscape, ph_path_point(path, share), path->average, NULL);
    if (status != PH_OK)
        return status;
    memcpy(n, last->state.overlap, sizeof(n));
    status = ph_subspace_init(&subspace, &landscape, ph_symmetry_none(&landscape));
    if (status == PH_OK)
        status = ph_landscape_describe(&landscape, n, next, soft);
    if (status != PH_OK)
        goto out;
    for (size_t mu = 0; mu < landscape.patterns; mu++)
        most = fmax(most, fabs(soft[mu]) / landscape.largest[mu]);
    for (size_t mu = 0; most > 0.0 && mu < landscape.patterns; mu++)
        n[mu] += BEYOND * soft[mu] / most;
    status = ph_subspace_descend(&subspace, n);
    if (status == PH_OK)
        status = ph_landscape_describe(&landscape, n, next, NULL);
    if (status == PH_OK)
        *jump = ph_branch_difference(next, landscape.largest, &last->state, last->largest,
                                     landscape.patterns);
out:
    ph_subspace_free(&subspace);
    ph_landscape_free(&landscape);
    return status;
}

/* The more symmetric of two states that become one, followed whether it is stable or not. */
typedef struct {
    ph_path_t *path;
    double n[SIZE];
    int status;
} parent_t;

/* Its least eigenvalue; 0, to end the search, where it is lost. */
static double parent_eigenvalue(double share, void *argument)
{
    parent_t *parent = argument;
    ph_landscape_t landscape;
    ph_subspace_t subspace = {0};
    ph_fixed_point_t state = {.spectrum = {0}};
    double n[SIZE];
    if (parent->status != PH_OK)
        return 0.0;
    parent->status = ph_landscape_init(&landscape, ph_path_point(parent->path, share),
                                       parent->path->average, NULL);
    if (parent->status != PH_OK)
        return 0.0;
    memcpy(n, parent->n, sizeof(n));
    parent->status = ph_subspace_init(&subspace, &landscape, ph_symmetry_of(&landscape, n));
    if (parent->status == PH_OK)
        parent->status = ph_subspace_newton(&subspace, n);
    if (parent->status == PH_OK)
        parent->status = ph_landscape_describe(&landscape, n, &state, NULL);
    ph_subspace_free(&subspace);
    ph_landscape_free(&landscape);
    return parent->status == PH_OK ? state.spectrum[0] : 0.0;
}

/*
 * Near a continuous transition the less symmetric state is hard to hold, and the other counts as
 * stable a little beyond: the place is where the least eigenvalue of the more symmetric one
 * vanishes, which it does with a slope. Left as it is where it does not nearby.
 */
static int sharpen(ph_path_t *path, const ph_fixed_point_t *parent_state, double *share)
{
    enum { STEPS = 100 };
    parent_t parent = {.path = path, .status = PH_OK};
    gsl_function function = {parent_eigenvalue, &parent};
    const double low = fmax(0.0, *share - BEYOND), high = fmin(1.0, *share + BEYOND);
    memcpy(parent.n, parent_state->overlap, sizeof(parent.n));
    const double first = parent_eigenvalue(low, &parent), last = parent_eigenvalue(high, &parent);
    if (parent.status != PH_OK || !(first * last < 0.0))
        return parent.status == PH_ERR_MEMORY ? PH_ERR_MEMORY : PH_OK;
    gsl_root_fsolver *solver = gsl_root_fsolver_alloc(gsl_root_fsolver_brent);
    if (solver == NULL)
        return PH_ERR_MEMORY;
    int result = gsl_root_fsolver_set(solver, &function, low, high), left = GSL_CONTINUE;
    for (int k = 0; k < STEPS && result == GSL_SUCCESS && left == GSL_CONTINUE; k++) {
        result = gsl_root_fsolver_iterate(solver);
        left = gsl_root_test_interval(gsl_root_fsolver_x_lower(solver),
                                      gsl_root_fsolver_x_upper(solver), SHARP, 0.0);
    }
    if (result == GSL_SUCCESS && left == GSL_SUCCESS && parent.status == PH_OK)
        *share = gsl_root_fsolver_root(solver);
    gsl_root_fsolver_free(solver);
    return parent.status == PH_ERR_MEMORY ? PH_ERR_MEMORY : PH_OK;
}

/* Of a long way BEYOND is far: an overlap that grows as a square root is there past JUMP already. A
 * hundredth as far it is a tenth of that, and a true jump is the same. */
static int look_nearer(ph_path_t *path, const ph_branch_t *last, double direction, double *jump)
{
    ph_fixed_point_t next;
    double nearer = INFINITY;
    const int status = look_beyond(path, last, 0.01 * direction * BEYOND, &next, &nearer);
    if (status == PH_OK && nearer < 0.2 * *jump) /* a square root: a tenth */
        *jump = nearer;
    return status == PH_ERR_NUMERIC ? PH_OK : status;
}

/* A state that only changes its name keeps its curvature. */
static int name_end(ph_path_t *path, const ph_branch_t *last, double direction, ph_boundary_t *end)
{
    ph_fixed_point_t next;
    double jump = INFINITY;
    *end = (ph_boundary_t){last->share, PH_BOUNDARY_SPINODAL, last->state.label, last->state.label};
    int status = look_beyond(path, last, direction * BEYOND, &next, &jump);
    if (status == PH_ERR_NUMERIC)
        return PH_OK;
    if (status == PH_OK && jump > JUMP && last->smooth)
        status = look_nearer(path, last, direction, &jump);
    if (status != PH_OK)
        return status;
    end->other = next.label;
    /* Without noise a state changes only where a row changes its sign: with a jump. */
    if (jump <= JUMP && last->smooth)
        end->kind = last->state.spectrum[0] > SOFT ? PH_BOUNDARY_CROSSOVER : PH_BOUNDARY_CONTINUOUS;
    if (end->kind != PH_BOUNDARY_CONTINUOUS || next.copies == last->state.copies)
        return PH_OK;
    return sharpen(path, next.copies < last->state.copies ? &next : &last->state, &end->share);
}

/*
 * Where a branch would end whose least eigenvalue, to some power, falls to zero as between two of
 * its places: the square at a spinodal, the eigenvalue itself where another state takes over.
 */
static double predict(double before, double value_before, const ph_branch_t *branch, double power)
{
    const double a = pow(value_before, power), b = pow(branch->state.spectrum[0], power);
    return branch->share + (branch->share - before) * b / (a - b);
}

/* The next place to try between a branch and where it is not, from the one before. */
typedef struct {
    enum { TRY_HALF, TRY_INSIDE, TRY_OUTSIDE, TRY_BEYOND } kind;
    double power, before, value_before, last_gap;
} approach_t;

/* By halves and, between them, on both sides of where the branch is predicted to end. */
static double next_trial(approach_t *self, const ph_branch_t *branch, double beyond, bool far)
{
    const double share = branch->share;
    const double end = predict(self->before, self->value_before, branch, self->power);
    if (far && fabs(beyond - share) < AGAIN * self->last_gap) {
        self->last_gap = fabs(beyond - share);
        self->kind = TRY_BEYOND;
        return beyond;
    }
    self->kind = self->kind == TRY_HALF     ? TRY_INSIDE
                 : self->kind == TRY_INSIDE ? TRY_OUTSIDE
                                            : TRY_HALF;
    const double trial = end + (self->kind == TRY_INSIDE ? -ASIDE : ASIDE) * (end - share);
    if (self->kind != TRY_HALF && (trial - share) * (beyond - trial) > 0.0)
        return trial;
    self->kind = TRY_HALF;
    return 0.5 * (share + beyond);
}

/*
 * As near to `beyond`, where the branch is not, as it goes; that comes nearer too. Where a state
 * was only too far to be known again it is asked for once more from nearby.
 */
static int close_in(ph_path_t *path, arrival_t at_beyond, double *beyond, ph_branch_t *branch)
{
    approach_t approach = {TRY_OUTSIDE, 2.0, branch->share, NAN, fabs(*beyond - branch->share)};
    int status = PH_OK;
    while (fabs(*beyond - branch->share) > NARROW && status == PH_OK) {
        const double share = branch->share, value = branch->state.spectrum[0];
        const double trial = next_trial(&approach, branch, *beyond, at_beyond == BRANCH_FAR);
        arrival_t arrival;
        status = move(path, trial, branch, &arrival);
        const bool there = arrival == BRANCH_THERE;
        if ((approach.kind == TRY_INSIDE && !there) || (approach.kind == TRY_OUTSIDE && there))
            approach.power = 3.0 - approach.power;
        if (there) {
            approach.before = share;
            approach.value_before = value;
        } else {
            *beyond = trial;
            at_beyond = arrival;
        }
    }
    return status;
}

/* Whether a state cannot be told from one of more symmetry: an overlap, or the difference of two of
 * alike patterns, is as small as what a descent leaves of it along the softest direction. */
static bool unresolved(const ph_path_t *path, const ph_branch_t *branch)
{
    const size_t patterns = (size_t)path->from->patterns;
    double least = INFINITY, share[SIZE];
    for (size_t mu = 0; mu < patterns; mu++) {
        share[mu] = branch->state.overlap[mu] / branch->largest[mu];
        least = share[mu] > 0.0 ? fmin(least, share[mu]) : least;
        for (size_t nu = 0; nu < mu; nu++)
            if (share[mu] != share[nu] && ph_point_alike(&path->point, mu, nu))
                least = fmin(least, fabs(share[mu] - share[nu]));
    }
    return least * branch->state.spectrum[0] < UNRESOLVED;
}

/*
 * A branch that changes much is not known again at the other end of a long step: where it goes on
 * from as near as it comes, there was no end, and the rest of the way is tried from there. Not of
 * one that is all but another and only fades away, or creeps on, within rounding.
 */
int ph_branch_end(ph_path_t *path, double goal, ph_branch_t *branch, ph_boundary_t *end, bool *ends)
{
    enum { STAGES = 256 };
    arrival_t arrival;
    const double direction = goal > branch->share ? 1.0 : -1.0;
    double before = INFINITY;
    int status = move(path, goal, branch, &arrival);
    for (int k = 0; k < STAGES && status == PH_OK && arrival != BRANCH_THERE; k++) {
        double beyond = goal;
        bool there = false;
        status = close_in(path, arrival, &beyond, branch);
        if (fabs(branch->share - before) < CREEPING)
            break;
        before = branch->share;
        if (status == PH_OK && branch->share != beyond && branch->state.spectrum[0] > FADING &&
            !unresolved(path, branch))
            status = ph_branch_move(path, beyond, branch, &there);
        if (status != PH_OK || branch->share != beyond)
            break;
        status = move(path, goal, branch, &arrival);
    }
    *ends = arrival != BRANCH_THERE;
    return status == PH_OK && *ends ? name_end(path, branch, direction, end) : status;
}

int ph_boundary_end(ph_path_t *path, bool backwards, const double *n, ph_boundary_t *end,
                    bool *ends)
{
    ph_branch_t branch;
    int status = ph_branch_begin(path, backwards ? 1.0 : 0.0, n, &branch);
    return status == PH_OK ? ph_branch_end(path, backwards ? 0.0 : 1.0, &branch, end, ends)
                           : status;
}
