/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef PH_PARAMS_GRID_PRIVATE_H
#define PH_PARAMS_GRID_PRIVATE_H

#include "data/table.h"
#include "params/entries_private.h"
#include "params/key_private.h"
#include "params/number_private.h"
#include "params/reader_private.h"
#include "params/text_private.h"

/*
 * The steps from text to grid, each in one file:
 * grid_yaml.c text -> tree; grid_keys.c tree -> one node a key; grid_count.c how many points that
 * makes; grid_value.c node -> values (with
 * grid_number.c), of patterns by a law in grid_law.c, of given ones in grid_given.c and of given
 * examples in grid_data.c, another size in grid_paper.c; grid_zip.c values -> sorted and bound;
 * grid_expand.c -> axes and points; grid_text.c grid -> canonical text; grid_identity.c -> digests
 * of points.
 */

enum { PH_MAX_POINTS = 10000000 };

/**
 * The tree of one YAML document, or NULL with errors added; the caller frees it. `set_text`: NULL
 * for a file, else what the places in messages are called instead of file:line:column. text[length]
 * must be NUL.
 */
ph_node_t *ph_yaml_parse(ph_reader_t *reader, const char *text, size_t length,
                         const char *set_text);

/** Finds every key of the tree in the schema; reports unknown and repeated ones. */
void ph_entries_gather(ph_entries_t *self, const ph_node_t *root, ph_reader_t *reader);

/** Puts an override's value in the place of the file's; `named` holds the keys set before. */
void ph_entries_override(ph_entries_t *self, const char *key, const ph_node_t *value,
                         bool named[PH_KEY_COUNT + 1], ph_reader_t *reader);

/** The key of a grid's other size, and of what is set to have it. */
#define PH_PAPER "paper"

/** Takes what that key is set to; an error where it is no flag, or is set twice. */
void ph_entries_ask_paper(ph_entries_t *self, const ph_node_t *value, ph_reader_t *reader);

/** Puts the keys of the other size in the place of the file's, where it is asked for; errors where
 * there is none, or in its keys and each value for itself, asked for or not. Before all overrides.
 */
void ph_entries_take_paper(ph_entries_t *self, ph_reader_t *reader);

/** PH_ERR_LIMIT where a grid of `points` points needs more memory than this process may use. */
void ph_reader_check_memory(ph_reader_t *self, double bytes, double points);

/** How many values a key's list or range has, 1 of any other: before a value is read. */
double ph_entries_length(const ph_entries_t *self, ph_key_t key);

/**
 * False and an error where the axes make more points than a grid may have or than fit into the
 * memory of this process. Looks at the lengths of lists and ranges alone, before a value is read.
 */
bool ph_entries_count(const ph_entries_t *self, ph_reader_t *reader);

/** Reads the values of every key and the zips, and checks them against the schema. */
void ph_entries_evaluate(ph_entries_t *self, ph_reader_t *reader);

/** The shape of the figure, where the grid says none: of the images that these lists were. */
void ph_entries_take_shape(ph_entries_t *self, const ph_table_t *table, ph_reader_t *reader);

/** Errors where the figure is to be drawn along something that no grid has, or in a shape that no
 * point has. */
void ph_entries_check_figure(ph_entries_t *self, ph_reader_t *reader);

/** A note where a grid file of the user's has keys of a figure that it does not ask for. */
void ph_grid_tell_figure(const ph_grid_t *grid, ph_reader_t *reader);

/** Errors for start keys that no start of the grid sees, or that are missing. */
void ph_entries_check_start(ph_entries_t *self, ph_reader_t *reader);

/** Errors where a point's start names a pattern or an example that the point does not have. */
void ph_point_check_start(const ph_point_t *point, const ph_entries_t *given, ph_reader_t *reader);

/** An error where the examples of a pattern do not fill the features of the point's rule. */
void ph_point_check_rule(const ph_point_t *point, const ph_entries_t *given, ph_reader_t *reader);

/** Whether the grid says an entropy of the data, which qualities follow from. */
bool ph_entry_has_entropy(const ph_entry_t *entropy);

/** Errors where something else says the quality, too. */
void ph_entries_check_entropy(const ph_entries_t *self, ph_reader_t *reader);

/** Sorts the ladder; errors where its noises are not distinct, or too many. */
void ph_entries_check_ladder(ph_entries_t *self, ph_reader_t *reader);

/** Leaves in record.observables the words that have no key of their own, and sets the keys of the
 * others: one request has one form from here on. */
void ph_entries_share_observables(ph_entries_t *self, ph_reader_t *reader);

/** Errors where the times of recorded states do not ascend, or are given twice. */
void ph_entries_check_states(ph_entries_t *self, ph_reader_t *reader);

/** Errors where states are to be recorded after the end of a point, or of a sampler that does not
 * know them. */
void ph_point_check_states(const ph_point_t *point, const ph_entries_t *given, ph_reader_t *reader);

/** Errors where a point's sampler cannot take its order, or show what is recorded. */
void ph_point_check_dynamics(const ph_point_t *point, const ph_entries_t *given,
                             ph_reader_t *reader);

/** Errors where what the grid says of `until` cannot be done, at all or at a point. */
void ph_point_check_until(const ph_point_t *point, const ph_grid_t *grid, const ph_entries_t *given,
                          ph_reader_t *reader);

/** Whether a start uses a key of role PH_ROLE_START (or start_file). */
bool ph_start_uses(ph_start_id_t start, ph_key_t key);

/** Whether a value is of the form { law: ... }. */
bool ph_node_is_law(const ph_node_t *node);

/** Sets network.patterns from network.neurons where it is a law; all other values are read. */
void ph_entries_apply_law(ph_entries_t *self, ph_reader_t *reader);

/** One key's value from its node; false (and an error) if it is none. */
bool ph_entry_read(ph_reader_t *reader, ph_key_t key, ph_entry_t *entry);

/**
 * Reads the examples that the grid gives, or the file that has them and makes the patterns too;
 * before the patterns. Then, with these: quality and fidelity are measured.
 */
void ph_entries_read_data(ph_entries_t *self, ph_reader_t *reader);
void ph_entries_measure_data(ph_entries_t *self, ph_reader_t *reader);

/** Sets a key that follows from given examples; false if it is none of these, or is given too. */
bool ph_entries_take_data(ph_entries_t *self, ph_key_t key, ph_reader_t *reader);

/** Errors where a key contradicts the given examples; all values are read. */
void ph_entries_check_data(ph_entries_t *self, ph_reader_t *reader);

/** Takes a table as the given patterns; false and an error where one is blank or there are too
 * many, when there is another `way`. Notes what is odd of those of a file, `path` (else NULL). */
bool ph_entries_keep_given(ph_entries_t *self, const ph_table_t *table, const char *way,
                           const char *path, const ph_node_t *place, ph_reader_t *reader);

/** Which of the given patterns are asked for, once that key is read. */
ph_choice_t ph_entries_choice(const ph_entries_t *self);

/** Reads the patterns that the grid gives, or the file that has them, before all other values. */
void ph_entries_read_given(ph_entries_t *self, ph_reader_t *reader);

/** Sets a key that follows from given patterns; false if it is none of these, or is given too. */
bool ph_entries_take_given(ph_entries_t *self, ph_key_t key, ph_reader_t *reader);

/** Errors where a key contradicts the given patterns; all values are read. */
void ph_entries_check_given(ph_entries_t *self, ph_reader_t *reader);

/** Sets the number of classes of its given patterns; PH_ERR_MEMORY. */
int ph_point_count_given(ph_point_t *point);

/** Reads the zips, sorts the axes; called by ph_entries_evaluate after the values are known. */
void ph_entries_zip(ph_entries_t *self, ph_reader_t *reader);

/** Fills the grid from entries without errors. */
int ph_grid_expand(ph_grid_t *grid, const ph_entries_t *given, ph_reader_t *reader);

/** The value of a key as in the canonical text. */
void ph_grid_key_text(const ph_grid_t *grid, ph_key_t key, ph_text_t *text);

/** Adds the line "name: value" of a key; none where the key is later than some files and has its
 * default, so that their texts and digests are still theirs. */
void ph_grid_key_line(const ph_grid_t *grid, ph_key_t key, const char *indent, ph_text_t *text);

/** The zips as in the canonical text. */
void ph_grid_zip_text(const ph_grid_t *grid, ph_text_t *text);

/** The coordinate of a key, NULL if the key is no axis. */
const ph_coordinate_t *ph_grid_coordinate(const ph_grid_t *grid, ph_key_t key, size_t *size);

/** Sets grid->text and grid->digest. */
int ph_grid_write_text(ph_grid_t *grid);

/** Sets the digests of all points. */
int ph_grid_identify(ph_grid_t *grid);

/** Finds the points before those that follow others (dynamics.follow); what cannot be is reported.
 */
void ph_grid_follow(ph_grid_t *grid, const ph_entries_t *given, ph_reader_t *reader);

/** Makes what came before a part of the identities of such points, which have their own. */
void ph_grid_identify_followers(ph_grid_t *grid);

#endif
