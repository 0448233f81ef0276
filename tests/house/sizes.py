#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""No source file over 600 lines, no function over 60. Arguments: the source folder, ctags."""
import json
import pathlib
import subprocess
import sys

FILE_MAX, FUNCTION_MAX = 600, 60
ROOMS = ["base", "data", "params", "sim", "analysis", "bench", "cli", "tests"]

root = pathlib.Path(sys.argv[1])
files = sorted(p for room in ROOMS for p in (root / room).glob("**/*.[ch]"))
long = []
for path in files:
    lines = len(path.read_text(encoding="utf-8").splitlines())
    if lines > FILE_MAX:
        long.append(f"{path.relative_to(root)}: {lines} lines, at most {FILE_MAX}")
tags = subprocess.run([sys.argv[2], "--output-format=json", "--languages=C", "--langmap=C:.c.h",
                       "--kinds-C=f", "--fields=+ne", "-f", "-", *map(str, files)],
                      check=True, capture_output=True, text=True).stdout
functions = [tag for tag in map(json.loads, tags.splitlines()) if "end" in tag]
for tag in functions:
    lines = tag["end"] - tag["line"] + 1
    if lines > FUNCTION_MAX:
        place = pathlib.Path(tag["path"]).relative_to(root)
        long.append(f"{place}:{tag['line']}: {tag['name']} has {lines} lines, at most {FUNCTION_MAX}")
print(*long, f"{len(files)} files, {len(functions)} functions, {len(long)} too long", sep="\n")
sys.exit(1 if long or not files or not functions else 0)
