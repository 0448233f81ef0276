/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What states are called, against what their neurons do. */
#include <math.h>
#include <string.h>

#include "analysis/phase/states_private.h"
#include "tests/testing.h"

enum { MOST = 4 };

static const double UNIT[PH_STATES_PATTERNS_MAX] = {1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1};

/* What the class of descending positive signals has to be, from the fields of all neurons: rows of
 * entries +1, 0, -1 of the patterns retrieved. */
static ph_class_id_t class_of_fields(const double *signals, size_t count)
{
    bool first_decides = true, votes_decide = true, differ = true, equal = true;
    int rows = 1;
    for (size_t i = 0; i < count; i++)
        rows *= 3;
    for (int code = 0; code < rows; code++) {
        double h = 0.0;
        int votes = 0, first = 0, rest = code;
        for (size_t i = 0; i < count; i++, rest /= 3) {
            const int entry = rest % 3 - 1;
            h += entry * signals[i];
            votes += entry;
            first = first == 0 ? entry : first;
        }
        first_decides = first_decides && (first == 0 || h * first > 0.0);
        votes_decide = votes_decide && (votes == 0 || h * votes > 0.0);
    }
    for (size_t i = 1; i < count; i++) {
        differ = differ && signals[i] < signals[i - 1];
        equal = equal && signals[i] == signals[0];
    }
    return count == 0                             ? PH_CLASS_PARAMAGNETIC
           : count == 1                           ? PH_CLASS_PURE
           : first_decides                        ? PH_CLASS_HIERARCHICAL
           : equal                                ? PH_CLASS_SYMMETRIC
           : count >= 3 && differ && votes_decide ? PH_CLASS_TIE_BROKEN
                                                  : PH_CLASS_MIXED;
}

/* All descending whole signals up to `top`; each also in another order and with other signs, which
 * call a state the same. */
static void compare_all(size_t patterns, int top, size_t *met)
{
    int codes = 1;
    for (size_t i = 0; i < patterns; i++)
        codes *= top + 1;
    for (int code = 0; code < codes; code++) {
        double signals[MOST], turned[MOST], largest[MOST];
        size_t count = 0;
        bool ordered = true;
        for (size_t i = 0, rest = (size_t)code; i < patterns; i++, rest /= (size_t)top + 1) {
            signals[i] = (double)(rest % ((size_t)top + 1));
            ordered = ordered && (i == 0 || signals[i] <= signals[i - 1]);
            count += signals[i] > 0.0;
            largest[i] = top;
        }
        if (!ordered)
            continue;
        const ph_class_id_t wanted = class_of_fields(signals, count);
        for (size_t i = 0; i < patterns; i++)
            turned[(i + 1) % patterns] = i % 2 == 0 ? -signals[i] : signals[i];
        const ph_label_t label = ph_label_signals(signals, largest, patterns),
                         again = ph_label_signals(turned, largest, patterns);
        ck_assert_msg(label.id == wanted && label.count == count, "(%g, %g, %g): %s, not %s",
                      signals[0], signals[1], patterns > 2 ? signals[2] : 0.0,
                      ph_state_class(label.id)->name, ph_state_class(wanted)->name);
        ck_assert(ph_label_equal(label, again));
        met[wanted]++;
    }
}

/* The words mean what they say: of three and four patterns every combination of whole signals is
 * called after what the fields of all rows do; no class is left without an example. */
START_TEST(test_fields)
{
    size_t met[PH_CLASS_COUNT] = {0};
    compare_all(2, 9, met);
    compare_all(3, 12, met);
    compare_all(4, 9, met);
    for (size_t c = 0; c < PH_CLASS_COUNT; c++)
        ck_assert_msg(met[c] > 0, "nothing is %s", ph_state_class((ph_class_id_t)c)->name);
}
END_TEST

/* Signals equal but for rounding are equal; those that vanish beside the largest a pattern can have
 * are none, however large another pattern's is. */
START_TEST(test_tolerances)
{
    const double near[] = {0.5, 0.5 - 1e-8}, apart[] = {0.5, 0.5 - 1e-5};
    const double faint[] = {0.5, 1e-14}, weak[] = {0.5, 1e-14}, small[] = {1.0, 1e-9};
    ck_assert_int_eq(ph_label_signals(near, UNIT, 2).id, PH_CLASS_SYMMETRIC);
    ck_assert_int_eq(ph_label_signals(apart, UNIT, 2).id, PH_CLASS_HIERARCHICAL);
    ck_assert_int_eq(ph_label_signals(faint, UNIT, 2).id, PH_CLASS_PURE);
    ck_assert_int_eq(ph_label_signals(weak, small, 2).id, PH_CLASS_HIERARCHICAL);
    /* Where the first equals the sum of the others but for rounding, it does not decide. */
    const double third = 1.0 / 3.0, even[] = {0.9, 0.6, 0.3 * third + 0.3 * (1 - third)};
    ck_assert_int_eq(ph_label_signals(even, UNIT, 3).id, PH_CLASS_MIXED);
    /* Faint signals are told apart by their own size (T = 0, K = 4, d = 5e-4). */
    const double steep[] = {0.9995, 4.9975e-4, 2.49875e-7, 1.24938e-10};
    ck_assert_int_eq(ph_label_signals(steep, UNIT, 4).id, PH_CLASS_HIERARCHICAL);
    ck_assert_uint_eq(ph_label_signals(steep, UNIT, 4).count, 4);
}
END_TEST

/* The table of classes: every row at its place, with a word of its own, and open to states of as
 * many patterns as its least. */
START_TEST(test_table)
{
    static const double EXAMPLES[PH_CLASS_COUNT][3] = {
        [PH_CLASS_PURE] = {0.5},
        [PH_CLASS_HIERARCHICAL] = {0.5, 0.2},
        [PH_CLASS_SYMMETRIC] = {0.4, 0.4},
        [PH_CLASS_TIE_BROKEN] = {0.5, 0.4, 0.3},
        [PH_CLASS_MIXED] = {0.5, 0.4, 0.4},
    };
    char text[64], small[6];
    for (size_t c = 0; c < PH_CLASS_COUNT; c++) {
        const ph_state_class_t *class = ph_state_class((ph_class_id_t)c);
        ck_assert_uint_eq(class->id, c);
        ck_assert_uint_gt(strlen(class->help), 8);
        for (size_t other = 0; other < c; other++)
            ck_assert_str_ne(class->name, ph_state_class((ph_class_id_t)other)->name);
        const ph_label_t label = ph_label_signals(EXAMPLES[c], UNIT, 3);
        ck_assert_uint_eq(label.id, c);
        ck_assert_uint_eq(label.count, class->least);
        ck_assert(class->holds(EXAMPLES[c], class->least));
        ph_label_text(label, text, sizeof(text));
        ck_assert_int_eq(strncmp(text, class->name, strlen(class->name)), 0);
        ck_assert(class->numbered == (strchr(text + strlen(class->name), '-') != NULL));
        ph_label_text(label, small, sizeof(small)); /* cut short, not overrun */
        ck_assert_int_eq(strncmp(small, text, 5), 0);
        ck_assert_uint_le(strlen(small), 5);
    }
}
END_TEST

/* A label is its class and its number. */
START_TEST(test_equal)
{
    const ph_label_t label = {PH_CLASS_HIERARCHICAL, 3};
    ck_assert(ph_label_equal(label, (ph_label_t){PH_CLASS_HIERARCHICAL, 3}));
    ck_assert(!ph_label_equal(label, (ph_label_t){PH_CLASS_HIERARCHICAL, 2}));
    ck_assert(!ph_label_equal(label, (ph_label_t){PH_CLASS_MIXED, 3}));
    ck_assert_str_eq(ph_stability_text(PH_STABILITY_STABLE), "stable");
    ck_assert_str_eq(ph_stability_text(PH_STABILITY_METASTABLE), "metastable");
    ck_assert_str_eq(ph_stability_text(PH_STABILITY_UNSTABLE), "unstable");
}
END_TEST

PH_TEST_MAIN("labels", test_fields, test_tolerances, test_table, test_equal)
