#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""power.py PROGRAM [long]: what `polyhebb compare` sees of a theory that is wrong by a known amount.

Runs storage grids (K = 3) in equilibrium, solves their theory, checks that it agrees, changes the
file by known amounts and asks for exit 3: every magnetization by a factor, one component only, the
noise, the 1/N correction, the free energies, the population. One component is changed by twice the
resolution that its row states, the population by what its few samples can tell. And energies of
the run by a thousandth. `long`: more
neurons and samples.
"""
import csv
import io
import subprocess
import sys
import tempfile
from pathlib import Path

import h5py
import numpy as np

GRID = """title: power
seed: 3
network: {{ neurons: {neurons}, patterns: 3, dilution: [0.3, 0.4] }}
noise: {noise}
dynamics: {{ start: hierarchical, sweeps: 400, burn_in: 200, record_every: 2 }}
ensemble: {{ samples: {samples}, replicas: {replicas} }}
"""


def call(program, *arguments):
    done = subprocess.run([program, *arguments], capture_output=True, text=True)
    return done.returncode, done.stdout + done.stderr


def scale(name, factor, component=slice(None)):
    def change(file):
        values = file[name][...]
        values[..., component] *= factor
        file[name][...] = values
    return change


def noise(program, folder, grid, factor):
    """The theory of another noise under the digest of the grid."""
    text = grid.read_text()
    value = float(text.split("noise: ")[1].split("\n")[0])
    other = folder / "other.yaml"
    other.write_text(text.replace(f"noise: {value}", f"noise: {factor * value:.6g}")
                     .replace("sweeps: 400, burn_in: 200", "sweeps: 2, burn_in: 0"))
    run = str(folder / "other.h5")
    Path(run).unlink(missing_ok=True)
    for arguments in (["run", "-q", str(other), "-o", run],
                      ["theory", run, "-o", str(folder / "other-theory.h5")]):
        code, text = call(program, *arguments)
        if code != 0:
            sys.exit(text)
    with h5py.File(folder / "other-theory.h5") as file:
        kept = {name: file[name][...] for name in
                ("magnetization", "magnetization_sample", "correction_sample", "free_energy",
                 "free_energy_sample")}

    def change(file):
        for name, values in kept.items():
            file[name][...] = values
    return change


def main():
    with tempfile.TemporaryDirectory() as folder:
        return judge(sys.argv[1], sys.argv[2:] == ["long"], Path(folder))


def judge(program, long, folder):
    missed = cases = 0
    sizes = [(1000, 0.15, 16, 64), (10000, 0.15, 16, 64)] if long else [(1000, 0.15, 8, 64)]
    for neurons, temperature, samples, replicas in sizes + [(1000, 0.6, 16 if long else 8, 128)]:
        grid = folder / f"{neurons}-{temperature}.yaml"
        grid.write_text(GRID.format(neurons=neurons, noise=temperature, samples=samples,
                                    replicas=replicas))
        run, theory = grid.with_suffix(".h5"), folder / f"{grid.stem}-theory.h5"
        for arguments in (["run", "-q", str(grid), "-o", str(run)],
                          ["theory", str(run), "-o", str(theory)]):
            code, text = call(program, *arguments)
            if code != 0:
                print(text)
                return 1
        code, text = call(program, "compare", str(run), str(theory))
        print(f"N = {neurons}, T = {temperature}: the right theory: exit {code}")
        cases += 1
        if code not in (0, 5):
            print(text)
            missed += 1
        _, table = call(program, "compare", "--csv", str(run), str(theory))
        rows = [row for row in csv.DictReader(io.StringIO(table)) if (row.get("pattern") or "").isdigit()]
        second = 2 * max(float(row["resolution"]) for row in rows if row["pattern"] == "2")
        # Student's t of few samples, and the room for what is O(1/N) on average
        ratio = max(float(row["disorder_error"]) / float(row["population"]) for row in rows
                    if row["pattern"] == "1")
        population = 12 * ratio + 5 * samples * ratio**2 + 4 / neurons
        changes = {"all m x 1.003": scale("magnetization_sample", 1.003),
                   "all m x 1.001": scale("magnetization_sample", 1.001),
                   "noise x 1.05": noise(program, folder, grid, 1.05),
                   "free energies of samples x 1.1": scale("free_energy_sample", 1.1),
                   "free energy x 1.001": scale("free_energy", 1.001)}
        if temperature < 0.5:  # above, patterns 2 and 3 have no average of their own
            changes[f"m_2 x {1 + second:.5f}"] = scale("magnetization_sample", 1 + second, 1)
            changes[f"population x {1 + population:.3f}"] = scale("magnetization", 1 + population)
        else:
            changes["correction x 0"] = scale("correction_sample", 0.0)
            changes["correction x -1"] = scale("correction_sample", -1.0)
        changes["energies of the run x 1.001"] = scale("energy", 1.001)
        for name, change in changes.items():
            of_run = "of the run" in name
            wrong = folder / "wrong.h5"
            wrong.write_bytes((run if of_run else theory).read_bytes())
            with h5py.File(wrong, "r+") as file:
                change(file)
            files = [str(wrong), str(theory)] if of_run else [str(run), str(wrong)]
            code, text = call(program, "compare", *files)
            cases += 1
            missed += code != 3
            seen = [line for line in text.splitlines() if line.startswith(("largest", "energies", "the infinite", "free"))]
            print(f"  {name}: {'seen' if code == 3 else f'NOT SEEN (exit {code})'}; {'; '.join(seen)}")
    print(f"{cases} cases, {missed} missed")
    return int(missed > 0 or cases == 0)


sys.exit(main())
