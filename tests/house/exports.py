#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""The shared library exports what the public headers mark with PH_API: all of it, nothing else.

Arguments: folder of the public headers, the shared library, nm.
"""
import pathlib
import re
import subprocess
import sys

MARKED = re.compile(r"^PH_API\b[^;]*?\b(ph_\w+)\s*\(", re.MULTILINE)


def main():
    headers, library, nm = pathlib.Path(sys.argv[1]), sys.argv[2], sys.argv[3]
    paths = [*headers.glob("*.h"), *headers.glob("*.h.in")]
    promised = [name for path in paths for name in MARKED.findall(path.read_text(encoding="utf-8"))]
    listed = subprocess.run([nm, "--dynamic", "--defined-only", "--extern-only", library], check=True,
                            capture_output=True, text=True).stdout
    exported = {line.split()[-1].split("@")[0] for line in listed.splitlines()}
    wrong = [f"{name}: marked PH_API twice" for name in sorted(set(promised))
             if promised.count(name) > 1]
    wrong += [f"{name}: marked PH_API, not exported" for name in sorted(set(promised) - exported)]
    wrong += [f"{name}: exported, not marked PH_API" for name in sorted(exported - set(promised))]
    print(*wrong, f"{len(promised)} functions marked, {len(exported)} symbols exported", sep="\n")
    return 1 if wrong or not promised else 0


if __name__ == "__main__":
    sys.exit(main())
