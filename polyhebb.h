/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef POLYHEBB_H
#define POLYHEBB_H

/*
 * The public interface of libpolyhebb in one include: grids (params), models, streams, run files
 * and journals (sim), theory, statistics and comparison (analysis).
 */
#include "analysis/compare/compare.h"
#include "analysis/estimate/statistics.h"
#include "analysis/exact/exact.h"
#include "analysis/meanfield/meanfield.h"
#include "analysis/theory/theoryfile.h"
#include "base/digest.h"
#include "base/machine.h"
#include "base/report.h"
#include "base/status.h"
#include "params/grid.h"
#include "params/starter.h"
#include "sim/model/coupling.h"
#include "sim/model/observables.h"
#include "sim/model/patterns.h"
#include "sim/model/starts.h"
#include "sim/model/stream.h"
#include "sim/run/run.h"
#include "sim/store/runfile.h"

#endif
