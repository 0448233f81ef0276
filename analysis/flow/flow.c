/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "analysis/flow/flow.h"
#include "base/floating.h"

#include <gsl/gsl_errno.h>
#include <gsl/gsl_odeiv2.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "sim/model/starts.h"

static const double ERROR = 1e-13;     /* local, absolute */
static const double REST = 1e-12;      /* change of a sweep that counts as none */
static const double STEP = 1.0 / 64.0; /* longest, in sweeps: bounds the interpolation error */
static const double BOUNDARY = 1e-6;   /* resolution of a basin's boundary */
static const double SAME_END = 1e-6;   /* states this close are one */
static const uint64_t SWEEPS_MAX = 100000;
static const uint64_t EVALUATIONS_MAX = 10000000;

/* Descent leaves a neuron without field as it is, Glauber dynamics throws a coin. In storage that
 * is one without any entry, which no overlap knows; where examples cancel in the coupling the
 * archetype has an entry all the same. */
static bool stays_put(const ph_point_t *point)
{
    return ph_sampler_has(point->sampler, PH_TRAIT_FREEZES) && ph_rule_learns(point->rule);
}

ph_flow_law_t ph_flow_law(const ph_point_t *point)
{
    if (stays_put(point))
        return PH_FLOW_NONE;
    switch (ph_sampler_facts(point->sampler)->updates) {
    case PH_UPDATES_SITES:
        break;
    case PH_UPDATES_ALL:
        return PH_FLOW_PARALLEL;
    case PH_UPDATES_HIDDEN:
        return PH_FLOW_BLOCK;
    default:
        return PH_FLOW_NONE;
    }
    switch (point->order) {
    case PH_ORDER_RANDOM:
        return PH_FLOW_RANDOM;
    case PH_ORDER_PERMUTED:
        return PH_FLOW_PERMUTED;
    case PH_ORDER_SEQUENTIAL:
        return PH_FLOW_SEQUENTIAL;
    default:
        return PH_FLOW_NONE;
    }
}

const char *ph_flow_missing(const ph_point_t *point)
{
    if (stays_put(point))
        return "descent leaves neurons as they are whose examples cancel, which no overlap tells; "
               "take sampler glauber at noise 0";
    if (ph_flow_law(point) == PH_FLOW_NONE)
        return "this sampler's moves do not close in the overlaps; take sampler glauber, which has "
               "a flow";
    if (point->before != NULL)
        return "chains begin where those of another point ended, and not at the start; take "
               "follow: "
               "none";
    if (ph_start_facts(point->start)->spins == PH_SPINS_OF_FILE)
        return "cues from a file have no mean for a flow to begin at; take start corrupted, masked "
               "or mixture, or the share of chains that recall (record.recall)";
    if (!ph_start_is_of_rows(point))
        return "cues hidden by place, or filled with one sign, are no function of the patterns; "
               "take fill: random without a region";
    return NULL;
}

bool ph_flow_known(const ph_point_t *point)
{
    return ph_flow_missing(point) == NULL;
}

/* What the updates of one sweep add up to, G(tau) = int_0^tau F(o) dtau', at the steps taken. */
typedef struct {
    size_t count, capacity;
    double *tau;  /* [capacity] ascending from 0 to 1 */
    double *sum;  /* [capacity][size]: G */
    double *rate; /* [capacity][size]: F */
} sweep_t;

typedef struct {
    const ph_flow_system_t *system;
    ph_flow_law_t law;
    size_t size;
    uint64_t evaluations;
    bool exhausted;     /* the limit of evaluations was met within a sweep */
    int status;         /* of the map */
    double *o, *mapped; /* [size] */
    sweep_t now, before;
    gsl_odeiv2_step *step;
    gsl_odeiv2_control *control;
    gsl_odeiv2_evolve *evolve;
} flow_t;

static void sweep_free(sweep_t *self)
{
    free(self->tau);
    free(self->sum);
    free(self->rate);
}

static int sweep_add(sweep_t *self, size_t size, double tau, const double *sum, const double *rate)
{
    if (self->count == self->capacity) {
        const size_t capacity = self->capacity == 0 ? 128 : 2 * self->capacity;
        double *at = realloc(self->tau, capacity * sizeof(*at));
        self->tau = at != NULL ? at : self->tau;
        double *sums = realloc(self->sum, capacity * size * sizeof(*sums));
        self->sum = sums != NULL ? sums : self->sum;
        double *rates = realloc(self->rate, capacity * size * sizeof(*rates));
        self->rate = rates != NULL ? rates : self->rate;
        if (at == NULL || sums == NULL || rates == NULL)
            return PH_ERR_MEMORY;
        self->capacity = capacity;
    }
    self->tau[self->count] = tau;
    memcpy(self->sum + self->count * size, sum, size * sizeof(*sum));
    memcpy(self->rate + self->count * size, rate, size * sizeof(*rate));
    self->count++;
    return PH_OK;
}

/* G(tau) by cubic Hermite interpolation: exact where F is constant, as it is at zero noise. */
static void sweep_at(const sweep_t *self, size_t size, double tau, double *sum)
{
    size_t low = 0, high = self->count - 1;
    while (high - low > 1) {
        const size_t middle = (low + high) / 2;
        if (self->tau[middle] > tau)
            high = middle;
        else
            low = middle;
    }
    const double width = self->tau[high] - self->tau[low], x = (tau - self->tau[low]) / width;
    const double to_high = x * x * (3.0 - 2.0 * x), from_low = x * (1.0 - x) * (1.0 - x);
    const double from_high = x * x * (x - 1.0);
    for (size_t a = 0; a < size; a++) {
        const double *g = self->sum + low * size + a, *f = self->rate + low * size + a;
        sum[a] =
            g[0] + to_high * (g[size] - g[0]) + width * (from_low * f[0] + from_high * f[size]);
    }
}

/* The state at tau where updates so far add up to `sum`: sites not yet updated as a sweep ago. */
static void state_at(const flow_t *self, double tau, const double *sum, double *o)
{
    const double *whole = self->before.sum + (self->before.count - 1) * self->size;
    sweep_at(&self->before, self->size, tau, o);
    for (size_t a = 0; a < self->size; a++)
        o[a] = sum[a] + (whole[a] - o[a]);
}

static int map(flow_t *self, const double *o, double *out)
{
    self->evaluations++;
    self->status = self->system->map(self->system->context, o, out);
    return self->status == PH_OK ? GSL_SUCCESS : GSL_EBADFUNC;
}

static int right_hand_side(double tau, const double *y, double *rate, void *context)
{
    flow_t *self = context;
    if (self->law != PH_FLOW_RANDOM) {
        state_at(self, tau, y, self->o);
        return map(self, self->o, rate);
    }
    int status = map(self, y, rate);
    for (size_t a = 0; a < self->size; a++)
        rate[a] -= y[a];
    return status;
}

static void flow_free(flow_t *self)
{
    sweep_free(&self->now);
    sweep_free(&self->before);
    free(self->o);
    free(self->mapped);
    if (self->step != NULL)
        gsl_odeiv2_step_free(self->step);
    if (self->control != NULL)
        gsl_odeiv2_control_free(self->control);
    if (self->evolve != NULL)
        gsl_odeiv2_evolve_free(self->evolve);
}

static int flow_init(flow_t *self, const ph_flow_system_t *system, ph_flow_law_t law)
{
    *self = (flow_t){.system = system, .law = law, .size = system->size};
    self->o = calloc(system->size, sizeof(double));
    self->mapped = calloc(system->size, sizeof(double));
    self->step = gsl_odeiv2_step_alloc(gsl_odeiv2_step_rkf45, system->size);
    self->control = gsl_odeiv2_control_y_new(ERROR, 0.0);
    self->evolve = gsl_odeiv2_evolve_alloc(system->size);
    return self->o == NULL || self->mapped == NULL || self->step == NULL || self->control == NULL ||
                   self->evolve == NULL
               ? PH_ERR_MEMORY
               : PH_OK;
}

/* Integrates y over one sweep; `keep` notes the steps in self->now. */
static int integrate(flow_t *self, double *y, double *h, bool keep)
{
    const gsl_odeiv2_system equations = {right_hand_side, NULL, self->size, self};
    double tau = 0.0;
    while (tau < 1.0) {
        self->exhausted = self->evaluations >= EVALUATIONS_MAX;
        if (self->exhausted)
            return PH_OK;
        if (self->law == PH_FLOW_SEQUENTIAL)
            *h = fmin(*h, STEP);
        if (gsl_odeiv2_evolve_apply(self->evolve, self->control, self->step, &equations, &tau, 1.0,
                                    h, y) != GSL_SUCCESS)
            return self->status != PH_OK ? self->status : PH_ERR_NUMERIC;
        if (!keep)
            continue;
        if (right_hand_side(tau, y, self->mapped, self) != GSL_SUCCESS)
            return self->status;
        int status = sweep_add(&self->now, self->size, tau, y, self->mapped);
        if (status != PH_OK)
            return status;
    }
    return PH_OK;
}

/* One sweep of an order that visits every site once: o(1) = G(1). */
static int sweep_once(flow_t *self, double *o, double *h)
{
    const size_t size = self->size;
    int status = PH_OK;
    if (self->law == PH_FLOW_PERMUTED || self->before.count == 0) {
        memset(self->o, 0, size * sizeof(double)); /* sites left as they were, at random */
        self->before.count = 0;
        status = sweep_add(&self->before, size, 0.0, self->o, o);
        if (status == PH_OK)
            status = sweep_add(&self->before, size, 1.0, o, o);
        if (status != PH_OK)
            return status;
    }
    memset(o, 0, size * sizeof(*o));
    self->now.count = 0;
    if (right_hand_side(0.0, o, self->mapped, self) != GSL_SUCCESS)
        return self->status;
    status = sweep_add(&self->now, size, 0.0, o, self->mapped);
    gsl_odeiv2_step_reset(self->step);
    gsl_odeiv2_evolve_reset(self->evolve);
    if (status == PH_OK)
        status = integrate(self, o, h, self->law == PH_FLOW_SEQUENTIAL);
    if (self->law == PH_FLOW_SEQUENTIAL) {
        const sweep_t used = self->before;
        self->before = self->now;
        self->now = used;
    }
    return status;
}

static int advance(flow_t *self, double *o, double *h)
{
    switch (self->law) {
    case PH_FLOW_RANDOM:
        return integrate(self, o, h, false);
    case PH_FLOW_PERMUTED:
    case PH_FLOW_SEQUENTIAL:
        return sweep_once(self, o, h);
    default:
        memcpy(self->o, o, self->size * sizeof(*o));
        return map(self, self->o, o) == GSL_SUCCESS ? PH_OK : self->status;
    }
}

static double change(const double *a, const double *b, size_t n)
{
    double largest = 0.0;
    for (size_t i = 0; i < n; i++)
        largest = fmax(largest, isnan(a[i]) ? INFINITY : fabs(a[i] - b[i]));
    return largest;
}

/*
 * Sweeps on until `last`, until rest (two sweeps without change: the sequential order remembers
 * one), or until the limits; `until` is the time asked for next.
 */
static int sweep_until(flow_t *self, double *o, double *h, uint64_t until, unsigned *still,
                       double *before, ph_flow_end_t *end)
{
    while (end->sweeps < until && !end->stationary) {
        if (end->sweeps >= SWEEPS_MAX || self->evaluations >= EVALUATIONS_MAX) {
            end->complete = false;
            return PH_OK;
        }
        memcpy(before, o, self->size * sizeof(*o));
        int status = advance(self, o, h);
        if (status != PH_OK)
            return status;
        if (self->exhausted) {
            memcpy(o, before, self->size * sizeof(*o));
            continue;
        }
        end->sweeps++;
        *still = change(o, before, self->size) <= REST ? *still + 1 : 0;
        end->stationary = *still >= 2;
    }
    return PH_OK;
}

int ph_flow_solve(const ph_flow_system_t *self, ph_flow_law_t law, double *o, size_t times,
                  const uint64_t *time, double *path, ph_flow_end_t *end, ph_report_t *report)
{
    PH_FLOATING_GUARD();
    flow_t flow = {0};
    double h = 1e-3;
    unsigned still = 0;
    *end = (ph_flow_end_t){.complete = true};
    if (law == PH_FLOW_NONE)
        return ph_fail(report, PH_ERR_UNSUPPORTED,
                       "the flow of the overlaps is not closed under this dynamics; it needs "
                       "sampler glauber, little or block-gibbs");
    double *before = malloc(self->size * sizeof(*before));
    int status = before == NULL ? PH_ERR_MEMORY : flow_init(&flow, self, law);
    for (size_t k = 0; k < times && status == PH_OK; k++) {
        status = sweep_until(&flow, o, &h, time[k], &still, before, end);
        for (size_t a = 0; a < self->size; a++)
            path[k * self->size + a] = end->complete ? o[a] : (double)NAN;
    }
    flow_free(&flow);
    free(before);
    if (status == PH_ERR_MEMORY)
        return ph_fail(report, status, "no memory for the flow of %zu overlaps", self->size);
    if (status != PH_OK)
        return ph_fail(report, status, "the flow of the overlaps could not be integrated: %s",
                       ph_status_text(status));
    return PH_OK;
}

/* Where the flow from (1 - x) a + x b ends; PH_ERR_NUMERIC where it does not. */
static int find_end(const ph_flow_system_t *self, ph_flow_law_t law, const double *a,
                    const double *b, double x, double *o, ph_report_t *report)
{
    const uint64_t last = SWEEPS_MAX / 10;
    ph_flow_end_t end;
    double *path = malloc(self->size * sizeof(*path));
    if (path == NULL)
        return ph_fail(report, PH_ERR_MEMORY, "no memory for the flow of %zu overlaps", self->size);
    for (size_t i = 0; i < self->size; i++)
        o[i] = (1.0 - x) * a[i] + x * b[i];
    int status = ph_flow_solve(self, law, o, 1, &last, path, &end, report);
    free(path);
    if (status == PH_OK && !end.stationary)
        status = ph_fail(report, PH_ERR_NUMERIC, "the flow does not come to rest in %llu sweeps",
                         (unsigned long long)end.sweeps);
    return status;
}

/* What an end of the flow is asked for: to be this one, or to have an overlap of at least so much.
 */
typedef struct {
    const double *end;
    bool of_place;
    size_t place;
    double least;
} goal_t;

static bool is_met(const goal_t *goal, const double *o, size_t size)
{
    return goal->of_place ? o[goal->place] >= goal->least : change(o, goal->end, size) <= SAME_END;
}

/* Bisects the line from a to b, whose ends lie on both sides; to[size] is room. */
static int bisect(const ph_flow_system_t *self, ph_flow_law_t law, const double *a, const double *b,
                  const goal_t *goal, double *to, double *boundary, ph_report_t *report)
{
    double low = 0.0, high = 1.0;
    int status = PH_OK;
    while (high - low > BOUNDARY && status == PH_OK) {
        const double middle = 0.5 * (low + high);
        status = find_end(self, law, a, b, middle, to, report);
        if (is_met(goal, to, self->size))
            low = middle;
        else
            high = middle;
    }
    if (status == PH_OK)
        *boundary = 0.5 * (low + high);
    return status;
}

/* Where the goal is the end of the flow from a, that is found first. */
static int find_boundary(const ph_flow_system_t *self, ph_flow_law_t law, const double *a,
                         const double *b, goal_t goal, double *boundary, ph_report_t *report)
{
    PH_FLOATING_GUARD();
    double *from = malloc(self->size * sizeof(*from)), *to = malloc(self->size * sizeof(*to));
    int status = PH_OK;
    *boundary = NAN;
    if (from == NULL || to == NULL)
        status =
            ph_fail(report, PH_ERR_MEMORY, "no memory for the flow of %zu overlaps", self->size);
    if (status == PH_OK)
        status = find_end(self, law, a, b, 0.0, from, report);
    if (status == PH_OK)
        status = find_end(self, law, a, b, 1.0, to, report);
    goal.end = goal.of_place ? NULL : from;
    if (status == PH_OK && is_met(&goal, from, self->size) && !is_met(&goal, to, self->size))
        status = bisect(self, law, a, b, &goal, to, boundary, report);
    free(from);
    free(to);
    return status;
}

int ph_flow_basin(const ph_flow_system_t *self, ph_flow_law_t law, const double *a, const double *b,
                  double *boundary, ph_report_t *report)
{
    return find_boundary(self, law, a, b, (goal_t){.of_place = false}, boundary, report);
}

int ph_flow_recall(const ph_flow_system_t *self, ph_flow_law_t law, const double *a,
                   const double *b, size_t place, double least, double *boundary,
                   ph_report_t *report)
{
    const goal_t goal = {.of_place = true, .place = place, .least = least};
    return find_boundary(self, law, a, b, goal, boundary, report);
}
