#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Holds the arrows between the rooms: who may include whose headers. Argument: the source folder."""
import pathlib
import re
import sys

BELOW_SAMPLE = ["base", "params", "sim/model", "sim/store"]
MAY_INCLUDE = {
    "base": ["base"],
    "params": ["base", "params"],
    "sim/model": ["base", "params", "sim/model"],
    "sim/store": BELOW_SAMPLE,
    "sim/sample": BELOW_SAMPLE + ["sim/sample"],
    "analysis": BELOW_SAMPLE + ["analysis"],
    "bench": BELOW_SAMPLE + ["sim/sample", "analysis", "bench"],
    "cli": BELOW_SAMPLE + ["sim/sample", "analysis", "bench", "cli"],
}
GENERATED = ["polyhebb_build.h"]
PRIVATE = re.compile(r"_(private|parts)\.h$")

root = pathlib.Path(sys.argv[1])
wrong, seen = [], 0
for room, allowed in MAY_INCLUDE.items():
    for path in sorted((root / room).glob("*.[ch]")):
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
            match = re.match(r'\s*#\s*include\s*"([^"]+)"', line)
            if not match or match[1] in GENERATED:
                continue
            seen += 1
            target = str(pathlib.PurePosixPath(match[1]).parent)
            place = f"{path.relative_to(root)}:{number}"
            if target not in allowed:
                wrong.append(f"{place}: {room} may not include {match[1]}")
            elif not (root / match[1]).is_file():
                wrong.append(f"{place}: no such header: {match[1]}")
            elif PRIVATE.search(match[1]) and target != room:
                wrong.append(f"{place}: {match[1]} is private to {target}")
rooms = {str(p.parent.relative_to(root)) for p in root.glob("**/*.c")
         if p.relative_to(root).parts[0] in ("base", "params", "sim", "analysis", "bench", "cli")}
wrong += [f"{room}: a room without rules" for room in sorted(rooms - set(MAY_INCLUDE))]
print(*wrong, f"{seen} includes looked at, {len(wrong)} wrong", sep="\n")
sys.exit(1 if wrong or seen == 0 else 0)
