# SPDX-License-Identifier: GPL-3.0-or-later
"""Who holds each block of the manual. The first row that fits counts; a page's row without a begin takes its other blocks."""
import collections

PRINTS, RUNS = "printed as shown", "run"  # by a test, whose commands are the page's own
PARSED = "parsed"                        # by the program's and meson's own words
LONG = "parsed, run in the validation suite"
KEYS = "a grid, checked"
SITE = "a site's file, taken by slurm"
COMPILED = "compiled"                    # by: what stands before it within a function; "": whole
STANDS = "taken from a tested file"
SHOWN = "no command"                     # by: what it is
APART = "apart"                          # by: why nothing can hold it here

Row = collections.namedtuple("Row", "page begins how by")

CLI = "tests/cli/"
ROWS = [Row(*row) for row in (
    ("README.md", "./quickstart", PARSED, ""),
    ("README.md", "export PATH", RUNS, CLI + "files.bats"),
    ("README.md", "params/*.yaml -->", SHOWN, "the map of rooms, held by tests/house/includes.py"),
    ("CONTRIBUTING.md", "./quickstart", PARSED, ""),
    ("CONTRIBUTING.md", "ln -s", PARSED, ""),
    ("docs/atlas.md", "", LONG, "atlas"),
    ("CONTRIBUTING.md", "SAMPLER(", STANDS, "tests/sim/samplers/added"),
    ("CONTRIBUTING.md", "ISA(", SHOWN, "two rows to be written"),
    ("CONTRIBUTING.md", "START(", STANDS, "tests/sim/model/added"),
    ("CONTRIBUTING.md", "RULE(", STANDS, "tests/params/added"),
    ("CONTRIBUTING.md", "OBSERVABLE(", STANDS, "tests/sim/model/added"),
    ("CONTRIBUTING.md", "static void measure", STANDS, "tests/sim/model/added"),
    ("CONTRIBUTING.md", "MEAN(kurtosis", SHOWN, "a row to be written"),
    ("CONTRIBUTING.md", "{.key = ", SHOWN, "a row to be written"),
    ("CONTRIBUTING.md", "THEORY(", STANDS, "tests/analysis/theory/added"),
    ("CONTRIBUTING.md", "static const ph_theory", SHOWN, "an outline of tests/analysis/theory/added"),
    ("CONTRIBUTING.md", "static int draw", SHOWN, "an outline"),
    ("CONTRIBUTING.md", '{"largest"', SHOWN, "a row to be written"),
    ("docs/clusters.md", "slurm:", SITE, ""),
    ("docs/clusters.md", "cat >lone.yaml", PARSED, "processors of a network of 10^6 neurons"),
    ("docs/clusters.md", "# each row", PARSED, "10^5 points and more"),
    ("docs/clusters.md", "", RUNS, CLI + "manual.bats"),
    ("docs/compare.md", "", PRINTS, CLI + "manual.bats"),
    ("docs/crossover.md", "", PRINTS, CLI + "manual.bats"),
    ("docs/faq.md", "", RUNS, CLI + "manual.bats"),
    ("docs/faults.md", "", PARSED, ""),
    ("docs/first.md", "", PRINTS, CLI + "manual.bats"),
    ("docs/format.md", "", RUNS, CLI + "manual.bats"),
    ("docs/grid.md", "", KEYS, ""),
    ("docs/images.md", "polyhebb encode train-images", APART, "MNIST is nobody's to keep here; IDX files: tests/data, encode.bats"),
    ("docs/images.md", "", PRINTS, CLI + "images.bats"),
    ("docs/install.md", "", PARSED, ""),
    ("docs/letters.md", "", PRINTS, CLI + "manual.bats"),
    ("docs/library.md", "#include", COMPILED, ""),
    ("docs/library.md", "const char *settings", COMPILED,
     "void f(ph_chain_t *chain, ph_report_t *report, const int8_t *entries, const double *weights, double *m, int N, int K, int replicas)"),
    ("docs/paper/paper.md", "", LONG, "atlas"),
    ("docs/performance.md", "network:", KEYS, ""),
    ("docs/performance.md", "", PARSED, ""),
    ("docs/phases.md", "", PRINTS, CLI + "manual.bats"),
    ("docs/polyhebb.1", "slurm:", SITE, ""),
    ("docs/polyhebb.1", "", PARSED, ""),
    ("docs/python.md", "", RUNS, CLI + "manual.bats"),
    ("docs/recall.md", "dynamics:", KEYS, ""),
    ("docs/recall.md", "", RUNS, CLI + "recall.bats"),
    ("docs/samplers.md", "", PARSED, ""),
    ("docs/theory.md", "polyhebb", RUNS, CLI + "test_docs_figures.sh"),
    ("docs/theory.md", "", SHOWN, "equations"),
    ("docs/thresholds.md", "M >", SHOWN, "an equation, held by tests/analysis/snr"),
    ("docs/thresholds.md", "", PRINTS, CLI + "manual.bats"),
    ("docs/validation.md", "", PARSED, ""),
)]
