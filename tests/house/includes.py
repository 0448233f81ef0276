#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Holds the arrows between the rooms: who may include whose headers; and no circle of files.

Argument: the source folder. A room that is not listed here, or that README.md does not name, is an error.
"""
import pathlib
import re
import sys

GRID = ["base", "data", "params"]
MODEL = GRID + ["sim/model"]
FILES = MODEL + ["sim/store"]
MAY_INCLUDE = {
    "base": [],
    "data": ["base"],
    "params": ["base", "data"],
    "sim/model": GRID,
    "sim/store": MODEL,
    "sim/vector": [],
    "sim/random": MODEL + ["sim/vector"],
    "sim/chain": MODEL + ["sim/random"],
    "sim/samplers": MODEL + ["sim/vector", "sim/random", "sim/chain"],
    "sim/run": FILES + ["sim/chain", "sim/samplers"],
    "analysis/meanfield": MODEL,
    "analysis/snr": MODEL,
    "analysis/exact": MODEL + ["analysis/meanfield"],
    "analysis/flow": MODEL + ["analysis/meanfield"],
    "analysis/phase": FILES + ["analysis/meanfield"],
    "analysis/estimate": FILES + ["analysis/meanfield", "analysis/exact"],
    "analysis/attractors": FILES + ["analysis/meanfield", "analysis/estimate"],
    "analysis/theory": FILES + ["analysis/meanfield", "analysis/flow", "analysis/snr", "analysis/exact"],
    "analysis/export": FILES + ["analysis/estimate"],
    "analysis/compare": FILES + ["analysis/meanfield", "analysis/exact", "analysis/snr", "analysis/flow", "analysis/theory",
                                 "analysis/estimate"],
}
ANALYSIS = [room for room in MAY_INCLUDE if room.startswith("analysis/")]
MAY_INCLUDE["analysis/figure"] = FILES + ANALYSIS
MAY_INCLUDE["bench"] = [room for room in MAY_INCLUDE if room.startswith("sim/")] + GRID + ANALYSIS
MAY_INCLUDE["api"] = [room for room in MAY_INCLUDE if room != "bench"]
MAY_INCLUDE["cli"] = [room for room in MAY_INCLUDE if room != "api"]
# What programs include: it knows no room, and only api all of it; below are the words in common.
PUBLIC = "include/polyhebb"
MAY_INCLUDE[PUBLIC] = []
COMMON = ["include/polyhebb/api.h", "include/polyhebb/status.h"]
GENERATED = ["polyhebb_build.h", "include/polyhebb/version.h"]
INCLUDE = re.compile(r'\s*#\s*include\s*(?:"([^"]+)"|<(polyhebb/[^>]+)>)')


def includes(root):
    """Of each file of a room, as a path below the root: (line, included path) in turn."""
    found = {}
    for room in MAY_INCLUDE:
        for path in sorted((root / room).glob("*.[ch]")):
            lines = path.read_text(encoding="utf-8").splitlines()
            found[str(path.relative_to(root))] = [
                (number, target) for number, line in enumerate(lines, 1)
                if (match := INCLUDE.match(line)) and
                (target := match[1] or f"include/{match[2]}") not in GENERATED]
    return found


def wrong_arrows(root, found):
    for path, lines in found.items():
        room = str(pathlib.PurePosixPath(path).parent)
        for number, target in lines:
            other = str(pathlib.PurePosixPath(target).parent)
            common = target in COMMON or (other == PUBLIC and room == "api")
            if other != room and other not in MAY_INCLUDE[room] and not common:
                yield f"{path}:{number}: {room} may not include {target}"
            elif not (root / target).is_file():
                yield f"{path}:{number}: no such header: {target}"
            elif target.endswith("_private.h") and other != room:
                yield f"{path}:{number}: {target} is private to {other}"


def circles(found):
    """Files that include one another in the end: each circle once, from where it was met."""
    state = {}

    def visit(path, trail):
        state[path] = "open"
        for _, target in found.get(path, []):
            if state.get(target) == "open":
                yield " -> ".join(trail[trail.index(target):] + [target])
            elif target not in state:
                yield from visit(target, trail + [target])
        state[path] = "done"

    for path in found:
        if path not in state:
            yield from visit(path, [path])


def unknown_rooms(root):
    readme = (root / "README.md").read_text(encoding="utf-8")
    tops = {room.split("/")[0] for room in MAY_INCLUDE}
    there = {str(p.parent.relative_to(root)) for top in tops for p in (root / top).glob("**/*.[ch]")}
    yield from (f"{room}: a room without rules" for room in sorted(there - set(MAY_INCLUDE)))
    yield from (f"{room}: rules without a room" for room in sorted(set(MAY_INCLUDE) - there))
    names = {part for room in MAY_INCLUDE for part in room.split("/")}
    yield from (f"{name}: not in the room map of README.md" for name in sorted(names)
                if not re.search(rf"\b{name}\b", readme))


def main():
    root = pathlib.Path(sys.argv[1])
    found = includes(root)
    wrong = [*wrong_arrows(root, found), *(f"circle: {c}" for c in circles(found)), *unknown_rooms(root)]
    seen = sum(len(lines) for lines in found.values())
    print(*wrong, f"{len(found)} files, {seen} includes looked at, {len(wrong)} wrong", sep="\n")
    return 1 if wrong or seen == 0 else 0


if __name__ == "__main__":
    sys.exit(main())
