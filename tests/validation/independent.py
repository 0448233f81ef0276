#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""independent.py PROGRAM [SIZE [KEY=VALUE...]]: the program against definitions.py, which shares
nothing with it.

For storage, supervised and unsupervised networks: energies and overlaps of recorded states, from
exported patterns, examples and spins; averages in equilibrium, of the program's own samples and of
samples drawn here, all 2^N states summed; Glauber's dynamics from the first pattern, on samples
drawn here. Prints a row a check, exit 1 where |z| > 4.5 or an energy is off. SIZE 1 draws 200
samples for equilibrium and 1600 for dynamics, half a minute of processor time. KEY=VALUE changes
the program's grids alone, and must be found out.
"""
import csv
import io
import math
import random
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

import definitions as own

NEURONS, PATTERNS, DILUTION, EXAMPLES, QUALITY, FIDELITY = 9, 2, 0.25, 3, 0.7, 0.8
NOISE, SWEEPS, TIMES = 0.9, 4, (1, 2, 4)
GRID = f"""seed: 8
network: {{ neurons: {NEURONS}, patterns: {PATTERNS}, dilution: {DILUTION}, examples: {EXAMPLES}, quality: {QUALITY},
  blank_fidelity: {FIDELITY} }}
noise: {NOISE}
"""
AVERAGES = (("<m_1^2>", ("magnetization_square", "1")), ("<m_2^2>", ("magnetization_square", "2")),
            ("<H>/N", ("energy", "-")))
LIMIT = 4.5  # of 45 values of z: one right program in 3000 is refused


class Checks:
    def __init__(self):
        self.worst = 0.0

    def z(self, rule, what, found, expected, error):
        z = (found - expected) / error
        self.worst = max(self.worst, math.inf if math.isnan(z) else abs(z))
        print(f"{rule:13} {what:44} {found:10.6f} {expected:10.6f} +- {error:.6f}  z = {z:6.2f}", flush=True)

    def same(self, rule, what, found, expected, allowed):
        off = max(abs(a - b) for a, b in zip(found, expected, strict=True))
        self.worst = max(self.worst, 0.0 if off <= allowed else math.inf)
        print(f"{rule:13} {what:44} {len(found):10} values, off by {off:.1e}", flush=True)


class Program:
    def __init__(self, path, folder, changes):
        self.path, self.folder, self.changes = path, folder, changes

    def call(self, *arguments):
        done = subprocess.run([self.path, *arguments], cwd=self.folder, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr
        return done.stdout

    def run(self, rule, grid):
        (self.folder / "grid.yaml").write_text(GRID + grid, encoding="utf-8")
        sets = [f"--set=network.rule={rule}"] + [f"--set={change}" for change in self.changes]
        (self.folder / "run.h5").unlink(missing_ok=True)
        self.call("run", "grid.yaml", "-o", "run.h5", "-q", *sets)

    def table(self, *what):
        """Columns of numbers by name; remarks stay text."""
        rows = list(csv.reader(io.StringIO(self.call("export", "run.h5", "--csv", *what))))
        return {name: list(column) for name, column in zip(rows[0], zip(*rows[1:]))}

    def averages(self):
        """(value, error, thermal error) by quantity and what it is of."""
        table = self.table("--quantities")
        numbers = zip(*([float(x) for x in table[name]] for name in ("value", "error", "thermal")))
        return dict(zip(zip(table["quantity"], table["of"]), numbers))

    def network(self, rule, number):
        """Patterns xi[mu][i] of a sample (1, 2, ...), its couplings, made here of what it learned, and the mean
        examples S/(M r)."""
        def columns(what):
            return [[int(x) for x in column] for column in self.table(what, "-s", str(number)).values()]
        learned = [] if rule == "storage" else columns("--examples")
        eta = [learned[mu * EXAMPLES:(mu + 1) * EXAMPLES] for mu in range(PATTERNS)]
        xi = columns("--patterns")
        seen = xi if rule == "storage" else [[sum(c) / (EXAMPLES * QUALITY) for c in zip(*a)] for a in eta]
        return xi, network(rule, xi, eta), seen


def network(rule, xi, eta):
    return own.couplings(own.features(rule, xi, eta, DILUTION, QUALITY, FIDELITY), NEURONS)


def draw(rule, rng):
    xi = own.patterns(rng, NEURONS, PATTERNS, DILUTION)
    eta = None if rule == "storage" else own.examples(rng, xi, EXAMPLES, QUALITY, FIDELITY)
    return xi, network(rule, xi, eta)


def squares(xi, J):
    """<m_1^2>, <m_2^2>, <H>/N in equilibrium."""
    return own.averages(J, NOISE, lambda s, H: [own.overlap(row, s) ** 2 for row in xi] + [H / NEURONS])


def mean(values):
    return statistics.fmean(values), statistics.stdev(values) / math.sqrt(len(values))


def recorded_states(program, checks, rule):
    """Energies and overlaps of states, computed from nothing but what is exported as text."""
    program.run(rule, "dynamics: { sweeps: 12 }\nensemble: { samples: 2, replicas: 3 }\n"
                "record: { states: { every: 1 }, example_magnetization: true }\n")
    found, expected = ([], [], []), ([], [], [])  # energies, overlaps with patterns and with their mean examples
    for sample in (1, 2):
        xi, J, seen = program.network(rule, sample)
        for replica in (1, 3):
            chain = ("-s", str(sample), "-r", str(replica))
            states = [[int(x) for x in column] for column in program.table("--states", *chain).values()]
            path = {name: [float(x) for x in column] for name, column in program.table("--trajectory", *chain).items()}
            found[0].extend(path["energy"])
            expected[0].extend(own.energy(J, s) / NEURONS for s in states)
            for mu in range(PATTERNS):
                found[1].extend(path[f"magnetization_{mu + 1}"])
                expected[1].extend(own.overlap(xi[mu], s) for s in states)
                found[2].extend(path[f"example_magnetization_{mu + 1}"])
                expected[2].extend(own.overlap(seen[mu], s) for s in states)
    for k, name in enumerate(("energies", "overlaps with patterns", "overlaps with mean examples")):
        checks.same(rule, f"{name} of states", found[k], expected[k], 1e-7 if k == 1 else 1e-9)


def equilibrium(program, checks, rule, rng, samples):
    """The same samples summed here; then samples of one's own, against many of the program's."""
    tail = "record: { trajectory: false }\n"
    program.run(rule, "dynamics: { sweeps: 20000, burn_in: 100 }\n"
                "ensemble: { samples: 4, replicas: 8, lanes: 1 }\n" + tail)
    exact = [sum(x) / 4 for x in zip(*(squares(*program.network(rule, s)[:2]) for s in range(1, 5)))]
    found = program.averages()
    for k, (name, which) in enumerate(AVERAGES):
        value, _, thermal = found[which]
        checks.z(rule, f"{name}, 4 samples, against all states", value, exact[k], thermal)
    program.run(rule, f"dynamics: {{ sweeps: 400, burn_in: 100 }}\nensemble: {{ samples: {10 * samples} }}\n" + tail)
    drawn = list(zip(*(squares(*draw(rule, rng)) for _ in range(samples))))
    found = program.averages()
    for k, (name, which) in enumerate(AVERAGES):
        here, error = mean(drawn[k])
        checks.z(rule, f"{name}, other samples, against all states", found[which][0], here,
                 math.hypot(error, found[which][1]))


def dynamics(program, checks, rule, rng, samples):
    """m_1 and H/N on the way from pattern 1, averaged over samples: neurons drawn at random, one at a time."""
    paths = []
    for _ in range(8 * samples):
        xi, J = draw(rule, rng)
        s = [x if x != 0 else rng.choice((-1, 1)) for x in xi[0]]
        path = []
        for time in range(1, SWEEPS + 1):
            own.sweep(rng, J, s, NOISE)
            if time in TIMES:
                path += [own.overlap(xi[0], s), own.overlap(xi[1], s) ** 2, own.energy(J, s) / NEURONS]
        paths.append(path)
    columns = list(zip(*paths))
    for k, time in enumerate(TIMES):
        # a chain of `time` sweeps whose only record is its last state
        program.run(rule, f"dynamics: {{ sweeps: 1, burn_in: {time}, record_every: 2, start: archetype }}\n"
                    f"ensemble: {{ samples: {100 * samples} }}\nrecord: {{ trajectory: false }}\n")
        found = program.averages()
        for j, (name, which) in enumerate((("<m_1>", ("magnetization", "1")),) + AVERAGES[1:]):
            here, error = mean(columns[3 * k + j])
            checks.z(rule, f"{name} after sweep {time}", found[which][0], here,
                     math.hypot(error, found[which][1]))


def main(path, size="1", *changes):
    checks, rng = Checks(), random.Random(20261129)
    samples = max(20, round(200 * float(size)))
    with tempfile.TemporaryDirectory() as folder:
        program = Program(Path(path).resolve(), Path(folder), changes)
        for rule in ("storage", "supervised", "unsupervised"):
            recorded_states(program, checks, rule)
            equilibrium(program, checks, rule, rng, samples)
            dynamics(program, checks, rule, rng, samples)
    print(f"largest |z|: {checks.worst:.2f}")
    return 0 if checks.worst <= LIMIT else 1


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
