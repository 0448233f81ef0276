#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Functions are declared in the header of the file that has them. Arguments: the source folder, ctags.

The header of NAME.c, or of NAME_more.c, is NAME.h or NAME_private.h beside it, or include/polyhebb/NAME.h.
Files that the header of another names stand in ELSEWHERE, and leave it when they have moved.
"""
import collections
import json
import pathlib
import subprocess
import sys

ROOMS = ["base", "data", "params", "sim", "analysis", "api", "bench", "cli"]
PUBLIC = "include/polyhebb"
# A file: the headers of other names that declare functions of it.
ELSEWHERE = {
    "analysis/exact/integral.c": ["exact.h"],
    # One problem and its sums, in pieces.
    **{f"analysis/meanfield/{name}.c": ["meanfield.h"] for name in ["correction", "solve", "start"]},
    **{f"analysis/meanfield/{name}.c": ["meanfield_private.h"]
       for name in ["gauss", "law", "local", "next", "product", "rows"]},
    "analysis/meanfield/linear.c": ["meanfield.h", "meanfield_private.h"],
    "analysis/meanfield/stability.c": ["meanfield.h"],
    "analysis/phase/example_state.c": ["example_field.h"],
    "analysis/phase/labels.c": ["states.h", "states_private.h"],
    "analysis/phase/landscape.c": ["states_private.h"],
    "analysis/phase/phasefile.c": ["phase.h"],
    "analysis/phase/phasefile_check.c": ["phase_private.h"],
    "analysis/phase/symmetric_subspace.c": ["states_private.h"],
    "analysis/snr/threshold.c": ["snr.h", "snr_private.h"],
    "data/stored.c": ["hdf5_file.h"],
    "params/grid_number.c": ["number_private.h"],
    "params/key.c": ["grid.h"],
    # Lists of rows, made anew where a row is added out of tree.
    "sim/model/observable_rows.c": ["observables.h"],
    "sim/model/start_rows.c": ["starts.h"],
    "sim/random/draw_lists.c": ["distributions.h"],
    "sim/random/distributions.c": ["binomial_private.h"],
    "sim/store/provenance.c": ["gridfile_private.h"],
    "cli/common.c": ["cli.h"],
    "cli/help.c": ["options.h"],
}


def tags(root, ctags):
    """Definitions in sources that others may call, and prototypes in headers: name to paths."""
    files = sorted(p for room in [*ROOMS, PUBLIC] for p in (root / room).glob("**/*.[ch]"))
    text = subprocess.run([ctags, "--output-format=json", "--languages=C", "--langmap=C:.c.h", "--kinds-C=fp",
                           "--fields=+nf", "-I", "PH_API", "-f", "-", *map(str, files)],
                          check=True, capture_output=True, text=True).stdout
    defined, declared = collections.defaultdict(set), collections.defaultdict(set)
    for tag in map(json.loads, text.splitlines()):
        path = pathlib.Path(tag["path"]).relative_to(root)
        if tag["kind"] == "function" and path.suffix == ".c" and "file" not in tag:
            defined[tag["name"]].add(path)
        elif tag["kind"] == "prototype" and path.suffix == ".h":
            declared[tag["name"]].add(path)
    return defined, declared


def own(source, header):
    stem = header.stem.removesuffix("_private")
    beside = header.parent == source.parent or (str(header.parent) == PUBLIC and header.stem == stem)
    return beside and (source.stem == stem or source.stem.startswith(stem + "_"))


def main():
    root = pathlib.Path(sys.argv[1])
    defined, declared = tags(root, sys.argv[2])
    pairs, used, wrong = 0, set(), []
    for name, sources in sorted(defined.items()):
        for source in sources:
            for header in declared[name]:
                pairs += 1
                if own(source, header):
                    continue
                if header.name in ELSEWHERE.get(str(source), []) and header.parent == source.parent:
                    used.add((str(source), header.name))
                else:
                    wrong.append(f"{source}: {name} is declared in {header}")
    wrong += [f"{source}: nothing of it is in {header} any more: take it off the list" for source in ELSEWHERE
              for header in ELSEWHERE[source] if (source, header) not in used]
    print(*wrong, f"{pairs} functions looked at, {len(wrong)} wrong", sep="\n")
    return 1 if wrong or pairs == 0 else 0


if __name__ == "__main__":
    sys.exit(main())
