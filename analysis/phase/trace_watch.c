/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>
#include <string.h>

#include "analysis/phase/trace_private.h"

enum { SIZE = PH_STATES_PATTERNS_MAX, UNKNOWNS = PH_SYSTEM_UNKNOWNS, RIVALS = 2 };

static const double LOWER = 1e-10; /* free energies this close are equal */
static const double SAME = 5e-3;   /* of overlaps: one state */
static const double MARGIN = 0.02; /* free energies of rivals at the corners of a square */
static const double FAINT = 0.04;  /* overlaps whose free energies are all but equal */
static const double FADING = 0.03; /* overlaps of states that all but vanish */
static const double FADING_CROSSING =
    0.06;                            /* ... whose free energies are of fourth order in them */
static const double NEGATIVE = 1e-9; /* an eigenvalue below zero by more than rounding */
static const double FLAT = 1e-9;     /* derivatives, of what they can be: rounding */
static const double REACH = 0.15;    /* how far an event may be from where it was seen */

/* Overlaps without signs, in descending order among patterns that are alike. */
static void sort_alike(const ph_system_t *system, const double *n, double *sorted)
{
    for (size_t mu = 0; mu < system->patterns; mu++)
        sorted[mu] = fabs(n[mu]);
    for (size_t mu = 0; mu < system->patterns; mu++)
        for (size_t nu = mu + 1; nu < system->patterns; nu++)
            if (sorted[mu] < sorted[nu] && ph_point_alike(&system->plane->point, mu, nu)) {
                const double larger = sorted[nu];
                sorted[nu] = sorted[mu];
                sorted[mu] = larger;
            }
}

static bool same_state(const ph_system_t *system, const double *z, const double *n)
{
    double own[SIZE], sorted[2][SIZE];
    sort_alike(system, n, sorted[1]);
    for (size_t s = 0; s < system->states; s++) {
        double most = 0.0;
        ph_system_overlaps(system, z, s, own);
        sort_alike(system, own, sorted[0]);
        for (size_t mu = 0; mu < system->patterns; mu++)
            most = fmax(most, fabs(sorted[0][mu] - sorted[1][mu]));
        if (most < SAME)
            return true;
    }
    return false;
}

/* The state that a corner's leads to at a place, if it is lower than the best. */
static int try_rival(const ph_system_t *system, const ph_landscape_t *landscape, const double *z,
                     const double *from, double *lowest, double *rival)
{
    ph_subspace_t subspace = {0};
    double n[SIZE], map[SIZE], energy;
    ph_evaluation_t there = {.n = map, .free_energy = &energy};
    memcpy(n, from, sizeof(n));
    int status = ph_subspace_init(&subspace, landscape, ph_symmetry_of(landscape, n));
    if (status == PH_OK)
        status = ph_subspace_descend(&subspace, n);
    ph_subspace_free(&subspace);
    if (status != PH_OK)
        return status == PH_ERR_NUMERIC ? PH_OK : status;
    ph_meanfield_evaluate(&landscape->problem, n, &there);
    if (energy < *lowest && !same_state(system, z, n)) {
        *lowest = energy;
        memcpy(rival, n, sizeof(n));
    }
    return PH_OK;
}

/* Whether one of the low states of the square's corners is lower here than the curve's own. */
static int find_rival(ph_tracer_t *self, ph_system_t *system, const double *z, ph_watch_t *watch)
{
    ph_landscape_t landscape;
    double energy;
    const size_t *stride = self->plane.stride;
    const size_t base = ph_plane_index(&self->plane, 0, z[0]) * stride[0] +
                        ph_plane_index(&self->plane, 1, z[1]) * stride[1];
    const size_t corners[] = {base, base + stride[0], base + stride[1],
                              base + stride[0] + stride[1]};
    int status = ph_system_energy(system, 0, z, &energy);
    if (status != PH_OK)
        return status;
    double lowest = energy - LOWER, most = 0.0, n[SIZE];
    ph_system_overlaps(system, z, 0, n);
    for (size_t mu = 0; mu < system->patterns; mu++)
        most = fmax(most, fabs(n[mu]));
    watch->ground = true;
    watch->unsure = most > 0.0 && most < FAINT;
    if (watch->unsure)
        return PH_OK;
    status = ph_landscape_init(&landscape, ph_plane_point(&self->plane, z),
                               self->plane.grid->average, NULL);
    for (size_t c = 0; c < 4 && status == PH_OK; c++) {
        const ph_states_t *states = &self->phase->points[corners[c]];
        size_t tried = 0;
        for (size_t i = 0; i < states->count && tried < RIVALS && status == PH_OK; i++) {
            const ph_fixed_point_t *state = &states->states[i];
            if (state->kind == PH_STABILITY_UNSTABLE ||
                state->free_energy > states->states[states->ground].free_energy + MARGIN)
                continue;
            tried++;
            status = try_rival(system, &landscape, z, state->overlap, &lowest, watch->rival);
        }
    }
    ph_landscape_free(&landscape);
    watch->ground = !(lowest < energy - LOWER);
    return status;
}

int ph_watch_look(ph_tracer_t *self, ph_system_t *system, const double *z, bool rivals,
                  ph_watch_t *watch)
{
    const ph_condition_t *own = &system->condition[0];
    int status = PH_OK;
    *watch = (ph_watch_t){.turn = INFINITY};
    for (size_t s = 0; s < system->states && status == PH_OK; s++)
        status = ph_system_least(system, s, z, &watch->least[s], &watch->least_condition[s]);
    if (status == PH_OK && own->kind == PH_CONDITION_MODE) {
        ph_condition_t turn = *own;
        turn.kind = PH_CONDITION_TURN;
        status = ph_system_value(system, &turn, z, &watch->turn);
        double n[SIZE];
        ph_system_overlaps(system, z, own->state, n);
        const double noise = ph_system_noise(system, n);
        if (fabs(watch->turn) * noise * noise < FLAT)
            watch->turn = 0.0;
        watch->jumps = ph_system_cubic(system, own) || watch->turn < 0.0;
    }
    return status == PH_OK && rivals ? find_rival(self, system, z, watch) : status;
}

/* The system with one condition more at z, solved. */
static bool solve_with(ph_system_t *system, const ph_condition_t *condition, double *z)
{
    system->condition[system->conditions++] = *condition;
    const bool solved = ph_system_solve(system, z, NULL, REACH) == PH_OK;
    ph_system_free(system);
    return solved;
}

static void put_event(ph_event_t *event, ph_special_kind_t kind, bool passes, bool solved,
                      const double *z)
{
    *event = (ph_event_t){.solved = solved, .passes = passes, .kind = kind, .place = {z[0], z[1]}};
}

/* The system whose solution an event is; that it has is freed. */
static void keep_system(ph_event_t *event, const ph_system_t *system, const double *z)
{
    event->system = *system;
    memcpy(event->z, z, sizeof(event->z));
}

static void middle_of(const ph_system_t *system, const double *a, const double *b, double share,
                      double *z)
{
    const size_t unknowns = ph_system_offset(system, system->states);
    for (size_t i = 0; i < unknowns; i++)
        z[i] = a[i] + share * (b[i] - a[i]);
}

/* The system with state s replaced by one of more symmetry, and the mode that leads out of it. */
static void merge(const ph_system_t *system, const double *z, size_t s, size_t a, size_t b,
                  ph_system_t *merged, double *merged_z, ph_condition_t *mode)
{
    *merged = ph_system_copy(system);
    merged->states = 0;
    merged_z[0] = z[0];
    merged_z[1] = z[1];
    for (size_t state = 0; state < system->states; state++) {
        const ph_system_state_t *member = &system->members[state];
        ph_symmetry_t symmetry;
        double n[SIZE];
        ph_system_overlaps(system, z, state, n);
        for (size_t mu = 0; mu < system->patterns; mu++) {
            const int place = member->place[mu];
            symmetry.block[mu] = place < 0 ? -1 : (int)member->first[place];
            if (state == s && place >= 0 && place == member->place[a] && a == b)
                symmetry.block[mu] = -1;
            if (state == s && place >= 0 && place == member->place[b] && a != b)
                symmetry.block[mu] = (int)member->first[member->place[a]];
        }
        ph_system_add(merged, n, symmetry, merged_z);
    }
    *mode = (ph_condition_t){.kind = PH_CONDITION_MODE, .state = s, .other = s, .a = a, .b = b};
}

/* Where a curve ends as n_a, or n_a - n_b, of a state vanishes: an even function of that. */
static bool extrapolate(const ph_system_t *system, const double *from, size_t s, size_t a, size_t b,
                        double *place)
{
    static const double WEIGHTS[] = {56.0 / 35.0, -28.0 / 35.0, 8.0 / 35.0, -1.0 / 35.0};
    ph_condition_t amplitude = {.kind = PH_CONDITION_AMPLITUDE, .state = s, .a = a, .b = b};
    double z[UNKNOWNS], n[SIZE];
    memcpy(z, from, sizeof(z));
    ph_system_overlaps(system, z, s, n);
    const double now = a == b ? n[a] : n[a] - n[b];
    const double small = copysign(fmin(0.015, 0.25 * fabs(now)), now);
    place[0] = place[1] = 0.0;
    for (int k = 4; k > 0; k--) {
        ph_system_t system_k = ph_system_copy(system);
        amplitude.value = k * small;
        if (!solve_with(&system_k, &amplitude, z))
            return false;
        place[0] += WEIGHTS[k - 1] * z[0];
        place[1] += WEIGHTS[k - 1] * z[1];
    }
    return true;
}

/* What it is called where a curve meets a mode that vanishes. */
static ph_special_kind_t mode_kind(const ph_system_t *system)
{
    switch (system->condition[0].kind) {
    case PH_CONDITION_CROSSING:
        return PH_SPECIAL_CRITICAL_END;
    case PH_CONDITION_FOLD:
        return PH_SPECIAL_TRICRITICAL;
    case PH_CONDITION_MODE:
        return PH_SPECIAL_MULTICRITICAL;
    default:
        return PH_SPECIAL_MEETING;
    }
}

static void solve_merge(const ph_system_t *system, const double *z_a, const double *z_b, size_t s,
                        size_t a, size_t b, ph_event_t *event)
{
    ph_system_t merged;
    ph_condition_t mode;
    double from[UNKNOWNS], z[UNKNOWNS];
    middle_of(system, z_a, z_b, 0.5, from);
    merge(system, from, s, a, b, &merged, z, &mode);
    const ph_condition_t *own = &system->condition[0];
    const int *place = merged.members[s].place;
    const bool alike = own->kind == PH_CONDITION_MODE && own->state == s &&
                       (own->a == own->b) == (a == b) && place[own->a] == place[a] &&
                       ph_point_alike(&system->plane->point, own->a, a);
    if (own->kind == PH_CONDITION_FOLD)
        merged.condition[0] = mode;
    if (own->kind == PH_CONDITION_FOLD || alike) /* of equal modes: where the third order ends */
        mode.kind = PH_CONDITION_TURN;
    if ((!alike || a != b) && solve_with(&merged, &mode, z)) {
        put_event(event, mode_kind(system), false, true, z);
        keep_system(event, &merged, z);
        return;
    }
    const bool solved = extrapolate(system, z_a, s, a, b, z);
    if (!solved)
        memcpy(z, from, 2 * sizeof(*z));
    put_event(event, mode_kind(system), false, solved, z);
}

/* Two states that cross become one: of one symmetry at a cusp, else where a mode of the more
 * symmetric one turns. */
static void solve_coming_together(const ph_system_t *system, const double *z_a, const double *z_b,
                                  ph_event_t *event)
{
    const bool alike = system->members[0].blocks == system->members[1].blocks;
    const size_t parent = system->members[0].blocks <= system->members[1].blocks ? 0 : 1;
    double from[UNKNOWNS], z[UNKNOWNS], n[2][SIZE], middle[SIZE];
    ph_system_t alone = ph_system_copy(system);
    ph_symmetry_t symmetry;
    middle_of(system, z_a, z_b, 0.5, from);
    for (size_t s = 0; s < 2; s++)
        ph_system_overlaps(system, from, s, n[s]);
    for (size_t mu = 0; mu < system->patterns; mu++) {
        const int place = system->members[parent].place[mu];
        middle[mu] = alike ? 0.5 * (n[0][mu] + n[1][mu]) : n[parent][mu];
        symmetry.block[mu] = place < 0 ? -1 : (int)system->members[parent].first[place];
    }
    alone.states = alone.conditions = 0;
    memcpy(z, from, sizeof(z));
    ph_system_add(&alone, middle, symmetry, z);
    ph_condition_t second = {.kind = PH_CONDITION_CUSP};
    alone.condition[alone.conditions++] = (ph_condition_t){.kind = PH_CONDITION_FOLD};
    if (!alike) {
        double least;
        alone.conditions = 0;
        if (ph_system_least(&alone, 0, z, &least, &second) != PH_OK) {
            put_event(event, PH_SPECIAL_TRICRITICAL, false, false, from);
            return;
        }
        alone.condition[alone.conditions++] = second;
        second.kind = PH_CONDITION_TURN;
    }
    const bool solved = solve_with(&alone, &second, z);
    put_event(event, alike ? PH_SPECIAL_CRITICAL : PH_SPECIAL_TRICRITICAL, false, solved,
              solved ? z : from);
}

/* A third state is as low as the curve's own. */
static void solve_rival(const ph_system_t *system, const double *z_a, const double *z_b,
                        const double *rival, ph_event_t *event)
{
    const ph_condition_kind_t kind = system->condition[0].kind;
    const ph_special_kind_t special = kind == PH_CONDITION_CROSSING ? PH_SPECIAL_TRIPLE
                                      : kind == PH_CONDITION_MODE   ? PH_SPECIAL_CRITICAL_END
                                                                    : PH_SPECIAL_MEETING;
    double z[UNKNOWNS];
    ph_system_t three = ph_system_copy(system);
    ph_symmetry_t symmetry;
    middle_of(system, z_a, z_b, 0.5, z);
    for (size_t mu = 0; mu < system->patterns; mu++) {
        symmetry.block[mu] = rival[mu] > 1e-6 ? (int)mu : -1;
        for (size_t nu = 0; nu < mu && symmetry.block[mu] == (int)mu; nu++)
            if (ph_point_alike(&system->plane->point, mu, nu) && fabs(rival[mu] - rival[nu]) < 1e-6)
                symmetry.block[mu] = symmetry.block[nu];
    }
    const size_t third = ph_system_add(&three, rival, symmetry, z);
    const ph_condition_t equal = {.kind = PH_CONDITION_CROSSING, .state = 0, .other = third};
    const bool solved = solve_with(&three, &equal, z);
    if (!solved)
        middle_of(system, z_a, z_b, 0.5, z);
    put_event(event, special, kind == PH_CONDITION_MODE, solved, z);
    keep_system(event, &three, z);
}

static void solve_condition(const ph_system_t *system, const double *z_a, const double *z_b,
                            const ph_condition_t *condition, ph_special_kind_t kind, bool passes,
                            ph_event_t *event)
{
    double z[UNKNOWNS];
    ph_system_t both = ph_system_copy(system);
    middle_of(system, z_a, z_b, 0.5, z);
    const bool solved = solve_with(&both, condition, z);
    if (!solved)
        middle_of(system, z_a, z_b, 0.5, z);
    put_event(event, kind, passes, solved, z);
    keep_system(event, &both, z);
}

/* A step of a curve, and what has been seen of it. */
typedef struct {
    const ph_system_t *system;
    const double *z_a, *tangent, *z_b;
    bool any, clear;
    ph_event_t first;
} look_t;

/* Whether what was solved lies between the two points: else it is something else. */
static bool near_way(const look_t *self, const ph_event_t *event)
{
    const size_t unknowns = ph_system_offset(self->system, self->system->states);
    double length = 0.0, apart = 0.0;
    for (size_t i = 0; i < unknowns; i++)
        length += (self->z_b[i] - self->z_a[i]) * (self->z_b[i] - self->z_a[i]);
    for (size_t k = 0; k < 2; k++) {
        const double away = event->place[k] - 0.5 * (self->z_a[k] + self->z_b[k]);
        apart += away * away;
    }
    return event->solved && apart <= length + 1e-12;
}

/* Of several events the one that comes first along the curve; those that are solved before the
 * others. */
static void see(look_t *self, ph_event_t event)
{
    double along[2];
    event.solved = near_way(self, &event);
    self->clear = self->clear && event.solved;
    for (int k = 0; k < 2; k++) {
        const ph_event_t *own = k == 0 ? &event : &self->first;
        along[k] = (own->place[0] - self->z_a[0]) * self->tangent[0] +
                   (own->place[1] - self->z_a[1]) * self->tangent[1];
    }
    if (!self->any || (event.solved && !self->first.solved) ||
        (event.solved == self->first.solved && along[0] < along[1]))
        self->first = event;
    self->any = true;
}

/* Blocks of a state that vanish or become equal. */
static void compare_blocks(look_t *self)
{
    const ph_system_t *system = self->system;
    ph_event_t event;
    for (size_t s = 0; s < system->states; s++) {
        const ph_system_state_t *member = &system->members[s];
        const size_t offset = ph_system_offset(system, s);
        for (size_t b = 0; b < member->blocks; b++)
            for (size_t c = 0; c <= b; c++) {
                const double *z_a = self->z_a + offset, *z_b = self->z_b + offset;
                const double before = z_a[b] - (b == c ? 0.0 : z_a[c]);
                const double after = z_b[b] - (b == c ? 0.0 : z_b[c]);
                const size_t mu = member->first[c], nu = member->first[b];
                if (before * after > 0.0 ||
                    (b != c && !ph_point_alike(&system->plane->point, mu, nu)))
                    continue;
                solve_merge(system, self->z_a, self->z_b, s, mu, nu, &event);
                see(self, event);
            }
    }
}

/* The difference of the two states of a crossing, along what it was. */
static bool come_together(const look_t *self)
{
    double before[2][SIZE], after[2][SIZE], product = 0.0;
    for (size_t s = 0; s < 2; s++) {
        ph_system_overlaps(self->system, self->z_a, s, before[s]);
        ph_system_overlaps(self->system, self->z_b, s, after[s]);
    }
    for (size_t mu = 0; mu < self->system->patterns; mu++)
        product += (before[0][mu] - before[1][mu]) * (after[0][mu] - after[1][mu]);
    return product <= 0.0;
}

/* The curve turns back, or what is a transition without a jump begins to have one. */
static void compare_kinds(look_t *self, const double *tangent_b, const ph_watch_t *a,
                          const ph_watch_t *b)
{
    const ph_condition_t *own = &self->system->condition[0];
    ph_condition_t second = *own;
    ph_event_t event;
    if (own->kind == PH_CONDITION_FOLD &&
        self->tangent[0] * tangent_b[0] + self->tangent[1] * tangent_b[1] < 0.0) {
        second.kind = PH_CONDITION_CUSP;
        solve_condition(self->system, self->z_a, self->z_b, &second, PH_SPECIAL_CRITICAL, true,
                        &event);
        see(self, event);
    }
    if (own->kind == PH_CONDITION_MODE && a->turn * b->turn < 0.0) {
        second.kind = PH_CONDITION_TURN;
        const bool cubic = ph_system_cubic(self->system, own);
        solve_condition(self->system, self->z_a, self->z_b, &second,
                        cubic ? PH_SPECIAL_MULTICRITICAL : PH_SPECIAL_TRICRITICAL, true, &event);
        see(self, event);
    } else if (!a->jumps && !b->jumps && own->kind != PH_CONDITION_FOLD && a->ground != b->ground &&
               !a->unsure && !b->unsure) {
        solve_rival(self->system, self->z_a, self->z_b, a->ground ? b->rival : a->rival, &event);
        see(self, event);
    }
}

bool ph_watch_compare(const ph_system_t *system, const ph_stand_t *from, const ph_stand_t *to,
                      ph_event_t *event)
{
    look_t look = {
        .system = system, .z_a = from->z, .tangent = from->tangent, .z_b = to->z, .clear = true};
    if (system->condition[0].kind == PH_CONDITION_CROSSING && come_together(&look)) {
        solve_coming_together(system, from->z, to->z, event);
        see(&look, *event);
    }
    if (!look.any || !look.first.solved)
        compare_blocks(&look);
    for (size_t s = 0; s < system->states; s++)
        if (from->watch.least[s] > -NEGATIVE && to->watch.least[s] <= -NEGATIVE) {
            solve_condition(system, from->z, to->z, &to->watch.least_condition[s],
                            mode_kind(system), false, event);
            see(&look, *event);
        }
    if (!look.any || !look.first.solved)
        compare_kinds(&look, to->tangent, &from->watch, &to->watch);
    *event = look.first;
    event->clear = look.clear;
    return look.any;
}

bool ph_watch_fading(const ph_system_t *system, const ph_stand_t *from, ph_event_t *event)
{
    double most = 0.0, n[SIZE], next[SIZE], z[UNKNOWNS];
    size_t state = 0, pattern = 0;
    for (size_t s = 0; s < system->states; s++) {
        ph_system_overlaps(system, from->z, s, n);
        for (size_t mu = 0; mu < system->patterns; mu++)
            if (fabs(n[mu]) > most) {
                most = fabs(n[mu]);
                state = s;
                pattern = mu;
            }
    }
    const double near =
        system->condition[0].kind == PH_CONDITION_CROSSING ? FADING_CROSSING : FADING;
    if (!(most > 0.0 && most < near))
        return false;
    for (size_t i = 0; i < UNKNOWNS; i++)
        z[i] = from->z[i] + 1e-3 * from->tangent[i];
    ph_system_overlaps(system, z, state, next);
    ph_system_overlaps(system, from->z, state, n);
    if (!(fabs(next[pattern]) < fabs(n[pattern])) ||
        !extrapolate(system, from->z, state, pattern, pattern, z))
        return false;
    put_event(event, mode_kind(system), false, true, z);
    event->clear = true;
    return true;
}

bool ph_watch_edge(const ph_system_t *system, const ph_stand_t *from, double *end)
{
    const double *z = from->z, *tangent = from->tangent;
    const size_t unknowns = ph_system_offset(system, system->states);
    double share = INFINITY;
    ph_condition_t place = {.kind = PH_CONDITION_PLACE};
    for (size_t k = 0; k < 2; k++) {
        const double to = tangent[k] > 0.0 ? 1.0 : 0.0, way = (to - z[k]) / tangent[k];
        if (!ph_plane_along(z, tangent, k) && tangent[k] != 0.0 && way < share) {
            share = way;
            place.a = k;
            place.value = to;
        }
    }
    if (!isfinite(share) || share > REACH)
        return false;
    for (size_t i = 0; i < unknowns; i++)
        end[i] = z[i] + share * tangent[i];
    end[place.a] = place.value;
    ph_system_t edge = ph_system_copy(system);
    return solve_with(&edge, &place, end);
}
