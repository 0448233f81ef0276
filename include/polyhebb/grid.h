/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef POLYHEBB_GRID_H
#define POLYHEBB_GRID_H

/** @file
 * Grids: every parameter of one network, or of many along axes, under the keys of grid files
 * (params/reference.yaml has all of them with units, ranges and defaults).
 */
#include <stddef.h>
#include <stdint.h>

#include <polyhebb/report.h>

/** A checked grid: axes, and points in row-major order over them, the last axis fastest. It does
 * not change, so several threads may read it. */
typedef struct ph_grid ph_grid_t;

PH_BEGIN_C

/**
 * A grid from text in YAML ("network: {neurons: 1000, patterns: 2}\nnoise: 0.1", NULL: no text) and
 * `count` settings on top of it, each "key=value" with the key dotted or by its last name
 * ("network.neurons=1000", "noise=[0.1, 0.2]"). No file is read: dynamics.start_file needs its
 * start_digest, and patterns of one's own are given as network.patterns_given, not by a file.
 *
 * PH_ERR_INPUT: syntax, unknown keys, types, ranges, contradictions, more than ten million points;
 * every error is reported. PH_ERR_LIMIT: more points than memory holds. PH_ERR_MEMORY. On failure
 * *grid is NULL.
 */
PH_API int ph_grid_new(ph_grid_t **grid, const char *text, size_t count,
                       const char *const *settings, ph_report_t *report);

/**
 * The same from a grid file or, without settings, from the grid inside any file of polyhebb (run,
 * theory, phase, comparison). Also PH_ERR_IO (cannot be read), PH_ERR_FORMAT (a file of
 * another kind, or above 256 MiB) and PH_ERR_DAMAGED.
 */
PH_API int ph_grid_new_from_file(ph_grid_t **grid, const char *path, size_t count,
                                 const char *const *settings, ph_report_t *report);

/** Frees a grid, which nothing may use any more; NULL does nothing. */
PH_API void ph_grid_delete(ph_grid_t *grid);

/** The whole grid as YAML, every key with its value; ph_grid_new() of it gives this grid again. */
PH_API const char *ph_grid_text(const ph_grid_t *grid);

/** Number of points, at least 1. */
PH_API size_t ph_grid_points(const ph_grid_t *grid);

/** Number of axes, 0 to 24. */
PH_API size_t ph_grid_axes(const ph_grid_t *grid);

/** Name of the key of an axis, "dilution"; of zipped keys the first. NULL beyond the last axis. */
PH_API const char *ph_grid_axis_name(const ph_grid_t *grid, size_t axis);

/** Number of values of an axis; 0 beyond the last axis. */
PH_API size_t ph_grid_axis_size(const ph_grid_t *grid, size_t axis);

/**
 * Value i of an axis as text, a word or a number with up to 12 digits, into text[size]; 32 bytes
 * are enough for numbers. PH_ERR_INPUT where there is none.
 */
PH_API int ph_grid_axis_text(const ph_grid_t *grid, size_t axis, size_t i, char *text, size_t size);

/** The place of a point on every axis, index[axes]. PH_ERR_INPUT where there is no such point. */
PH_API int ph_grid_place(const ph_grid_t *grid, size_t point, size_t *index);

/** Number of samples of the disorder, at least 1. */
PH_API int64_t ph_grid_samples(const ph_grid_t *grid);

/** Number of replicas of a sample, at least 1. */
PH_API int64_t ph_grid_replicas(const ph_grid_t *grid);

/** Neurons N of a point; 0 where there is no such point. */
PH_API int64_t ph_grid_neurons(const ph_grid_t *grid, size_t point);

/** Patterns K of a point; 0 where there is no such point. */
PH_API int64_t ph_grid_patterns(const ph_grid_t *grid, size_t point);

/** Noise T of a point, the temperature of exp(-H/T) with H as in chain.h; NaN without such a point.
 */
PH_API double ph_grid_noise(const ph_grid_t *grid, size_t point);

/** Records of a chain at a point: the state after burn-in and one every dynamics.record_every
 * sweeps; with dynamics.until at most; 0 where there is no such point. */
PH_API int64_t ph_grid_records(const ph_grid_t *grid, size_t point);

PH_END_C

#endif
