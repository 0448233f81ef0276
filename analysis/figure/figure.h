/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef PH_FIGURE_FIGURE_H
#define PH_FIGURE_FIGURE_H

#include "analysis/attractors/map.h"
#include "analysis/compare/compare.h"
#include "analysis/estimate/alignment.h"
#include "analysis/export/selection.h"
#include "analysis/figure/inset.h"
#include "analysis/phase/phase.h"
#include "analysis/theory/theory.h"
#include "base/report.h"
#include "sim/store/runfile.h"

enum { PH_FIGURE_PANELS = 9, PH_FIGURE_PATTERNS = 12, PH_FIGURE_SETS = 32 };

/**
 * What figures are drawn of: an attractors file, or a phase file, or a run, or a theory file,
 * whichever is there first;
 * the others are drawn beside it. NULL: not there.
 */
typedef struct {
    ph_runfile_t *run;
    const ph_comparison_t *comparison; /* of the run, in the request's view */
    const ph_theory_t *theory;         /* of the run's grid */
    const ph_phase_t *phase;
    const ph_attractor_map_t *attractors;
} ph_figure_source_t;

/** The grid of what is there first. */
const ph_grid_t *ph_figure_source_grid(const ph_figure_source_t *self);

/** What a figure is drawn of: which of these is there first. */
typedef enum {
    PH_FIGURE_OF_RUN,
    PH_FIGURE_OF_THEORY,
    PH_FIGURE_OF_PHASE,
    PH_FIGURE_OF_ATTRACTORS
} ph_figure_of_t;

/** The format of figures for LaTeX: PREFIX-...-tex.tex with the text, -tex.pdf with all else. */
#define PH_FIGURE_TEX "tex"

/** Widths of figures in print, in millimetres. */
#define PH_FIGURE_WIDTH_LEAST 50.0
#define PH_FIGURE_WIDTH_MOST 420.0

/** What to draw and how. */
typedef struct {
    const char *prefix;    /* of every file written, with its folder */
    const char *formats;   /* of "png", "svg", "pdf", divided by blanks; or PH_FIGURE_TEX alone */
    bool own_scale;        /* of a map's colours for each pattern */
    bool monochrome;       /* greys, hatches and dashes instead of colours */
    const char *font;      /* its name; NULL or "": the style's own */
    double font_size;      /* in print points where there is a width, else those of gnuplot for PDF,
                              3/2 of them; 0: the style's own */
    double width;          /* millimetres, PH_FIGURE_WIDTH_LEAST to _MOST; 0: what comes out */
    const char *templates; /* folder of style.gp, curves.gp, map.gp */
    int threads;           /* for the theory */
    ph_view_t view;        /* what is drawn: patterns by number, or by rank */
    const char *figures;   /* words of figures divided by blanks; NULL: those of `draw` */
    unsigned draw;         /* bits 1 << ph_figure_id_t; 0: the usual ones */
    /* What figure "quantity" draws: which (analysis/estimate/quantity.h), along and by what (names
     * of axes, or "pattern"; NULL or "": whatever is best), beside which theories (bits 1 <<
     * ph_theory_kind_t; 0: exact sums and the mean field of the chains' wells). */
    const char *quantity, *x, *by;
    ph_figure_scale_t scale;
    unsigned compare;
    bool fit;              /* ... and the slopes of straight lines through its series */
    const char *title;     /* in place of the grid's; NULL: that */
    const char *mark;      /* one line, kept in the scripts: of what figures are made. Figures that
                              are there with this mark are not made again; NULL: no mark */
    ph_inset_part_t inset; /* of figures "diagram", ... */
    bool refine;           /* lines are solved between the grid's values also beside a theory */
    size_t shape[2];       /* of images of states: rows and columns of neurons; 0: the grid's */
    int64_t sample,
        replica; /* which chain they are of, from 1; 0: the first; of overlaps the sample */
} ph_figure_request_t;

/** The figures that a grid says it is for (its key figure) and that are drawn of this: a set. */
unsigned ph_figures_of_grid(const ph_grid_t *grid, ph_figure_of_t of);

/** Which is there first. */
ph_figure_of_t ph_figure_source_of(const ph_figure_source_t *self);

/** Asks for them, where there are any and no figure is named. */
void ph_figure_request_of_grid(ph_figure_request_t *self, const ph_grid_t *grid, ph_figure_of_t of);

/** The gnuplot scripts; running one in its own folder draws the figure. */
typedef struct {
    size_t count;
    char **scripts;
    bool *kept; /* [count]: it was there with the request's mark, and so was its figure */
} ph_figures_t;

/**
 * Writes data (.dat) and gnuplot script (.gp) of figures over the axes that the selection leaves
 * open; with more than two of them the same for every combination of values on the others,
 * PREFIX-KEY-VALUE-... The usual ones:
 *
 * Of a run, magnetizations: with one axis PREFIX-curves, simulation with error bars and theory as
 * lines; with two PREFIX-curves with a panel a value of the shorter axis (words before numbers; at
 * most PH_FIGURE_PANELS, evenly chosen), and PREFIX-map with a panel a pattern, beside one of its
 * theory. At most the first PH_FIGURE_PATTERNS patterns are drawn, as estimates
 * (analysis/estimate/estimates.h), so those of last states at noise 0; open symbols have no error
 * that could be known. Of a pattern whose sign is lost somewhere in the figure (left open by the
 * start, or changed by the chains so that the error of the mean excludes the theory) |m| is drawn,
 * and said so; theory likewise. Theory is that of the wells the chains are in, as the comparison
 * has it; where that has none, or between the grid's values, the mean field of the infinite network
 * from the grid's start: from `theory`, else solved, on a finer grid where the start is
 * hierarchical.
 *
 * Of a phase file PREFIX-diagram, the regions of the ground states and of the states reached from
 * the start, as polygons between traced curves where it has those, with boundaries; and, with a run
 * over the same two axes, PREFIX-map, its magnetizations under the theory's lines.
 *
 * Of an attractors file PREFIX-attractors, along noise: overlaps of the patterns that are stable,
 * and the free energies of all stable states (several samples: shares of them).
 *
 * Of a theory file PREFIX-thresholds, the learning thresholds, over one or two axes. As each is of
 * one quality, neither this nor "needed" is drawn of a grid with network.entropy, whose quality
 * changes with the number of examples, and no figure has thresholds as lines there.
 *
 * By its word "trajectory", of one selected point of a run, PREFIX-trajectory: of its first sample
 * the mean over all chains, one chain, and the flow with a band of one standard deviation of a
 * chain, as far as the dynamics has them.
 *
 * By its word "states", of one selected point of a run, PREFIX-states: images of one chain, -1
 * white, 0 grey, +1 black: the pattern that its start is a cue of (else that which its last state
 * is most like), the start, recorded states, evenly chosen, the last one, and the pattern that it
 * is most like where that is another.
 *
 * By its word "overlaps", of selected points of a run that share their patterns, PREFIX-overlaps: a
 * map of the overlaps of a sample's patterns with each other, with numbers up to twelve, of at most
 * the first 256; the scale is symmetric about 0 and ends beyond the largest off the diagonal.
 *
 * By its word "distribution", of a run with points of up to PH_EXACT_LAW_NEURONS neurons,
 * PREFIX-distribution: shares of the records by magnetization and by the overlap of replicas, with
 * errors, over sums over all states, a panel a value of the best open axis.
 *
 * By its word "landscape", of one selected point of a run with two drawn, stored patterns or more,
 * PREFIX-landscape: cost and loss over the first two magnetizations of an infinite network, where
 * it has states, under the paths of the first sample's chains; below, both along these chains, over
 * the least of any state. Of more patterns than two the surfaces and the loss are of the first two;
 * the cost along chains is that of all, and no least is drawn under it.
 *
 * By its word "portrait", of a run's points of one network of two drawn, stored patterns that
 * differ in their start, PREFIX-portrait: over the two magnetizations the basins of the infinite
 * network's flow, where it goes, and the first sample's chains and the flow from each start.
 *
 * By its word "needed", of a run over examples and dilution, quality or blank_fidelity,
 * PREFIX-needed-KEY for each of these: the number of examples with which a pattern keeps erf(Theta)
 * of its entries, straight in the logarithm between the run's numbers, with the error that those of
 * the magnetizations make, over the absolute threshold of the infinite network.
 *
 * By its word "quantity", of a run, PREFIX-NAME of the request's quantity, PREFIX-NAME-X-BY where
 * the request says along what and by what: estimates with errors along x, a series a value of `by`,
 * a panel a pattern or else a combination of values of what is left (at most 7 series and
 * PH_FIGURE_PANELS panels), theories as lines; over examples, with signal_to_noise among these, the
 * absolute thresholds of the infinite network as vertical lines.
 *
 * By its word "reweighted", of a run, and unasked where all points have a ladder,
 * PREFIX-reweighted: energy and specific heat (without ladders the first pattern's |m| and
 * susceptibility, too) along the noise from the records of all noises
 * together (analysis/estimate/reweight.h) with a band of one error, a series a value of the other
 * open axis, and what rungs and points say alone.
 *
 * PH_ERR_INPUT for an unknown word, a figure of another kind of file, or several points where one
 * is drawn; PH_ERR_UNSUPPORTED for too few or too many open axes, more than PH_FIGURE_SETS
 * combinations, or a source without what is drawn; PH_ERR_IO, PH_ERR_MEMORY. `self` may be freed
 * after any of them.
 */
int ph_figures_write(ph_figures_t *self, const ph_figure_source_t *source,
                     const ph_selection_t *selection, const ph_figure_request_t *request,
                     ph_report_t *report);

/**
 * Whether these figures can be drawn, before anything is computed, and whether they need the
 * source's comparison, which need not be there yet. Errors as ph_figures_write.
 */
int ph_figures_check(bool *compares, const ph_figure_source_t *source,
                     const ph_selection_t *selection, const ph_figure_request_t *request,
                     ph_report_t *report);

/** The same of one figure that need not be in the list (analysis/figure/kind.h), alone. */
struct ph_figure_kind;
int ph_figures_write_kind(ph_figures_t *self, const struct ph_figure_kind *kind,
                          const ph_figure_source_t *source, const ph_selection_t *selection,
                          const ph_figure_request_t *request, ph_report_t *report);
void ph_figures_free(ph_figures_t *self);

/** Figure i of the list: its word and one line of help; false after the last. */
bool ph_figures_list(size_t i, const char **word, const char **help);

#endif
