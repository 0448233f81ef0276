/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "analysis/theory/kinds.h"

#include "analysis/theory/kinds_private.h"
#include "params/words.h"

#define DECLARE(ID, ...) extern const ph_theory_solver_t PH_THEORY_SOLVER_##ID;
PH_THEORIES(DECLARE)

#define ROW(ID, ...) &PH_THEORY_SOLVER_##ID,
static const ph_theory_solver_t *const SOLVERS[PH_THEORY_COUNT] = {PH_THEORIES(ROW)};

const ph_theory_solver_t *ph_theory_solver(ph_theory_kind_t kind)
{
    return SOLVERS[kind];
}

const char *ph_theory_kind_name(ph_theory_kind_t kind)
{
    return PH_THEORY_WORDS.words[kind];
}

const char *ph_theory_kind_help(ph_theory_kind_t kind)
{
    return SOLVERS[kind]->help;
}
