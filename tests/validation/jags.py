#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""jags.py PROGRAM JAGS [KEY=VALUE...]: the program against JAGS (Plummer 2003), somebody else's
Gibbs sampler, on networks too large to be summed here.

JAGS is told a fair coin for every neuron and one Poisson count that was seen to be 0, of mean H/T
but for a constant: the coins then have the law exp(-H/T). Couplings are those of definitions.py,
made of patterns and examples that the program exports. Compares <m^2> and <H>/N, of storage,
supervised and unsupervised networks; exit 1 where |z| > 4. KEY=VALUE changes the program's grids
alone, and must be found out.
"""
import math
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

import definitions as own
import independent as other

NEURONS, CHAINS, DRAWS, BATCHES, LIMIT = 40, 4, 12000, 12, 4.0
MODEL = """model {
  for (i in 1:N) {
    b[i] ~ dbern(0.5)
    s[i] <- 2 * b[i] - 1
    f[i] <- inprod(J[i,], s)
  }
  H <- -0.5 * inprod(f, s)
  zero ~ dpois(1 + (H - low) / T)
  out[1] <- pow(inprod(xi[1,], s) / N, 2)
  out[2] <- pow(inprod(xi[2,], s) / N, 2)
  out[3] <- H / N
}
"""


def dump(name, rows):
    """A matrix as R writes it, column by column."""
    numbers = ", ".join(repr(float(x)) for column in zip(*rows) for x in column)
    return f'"{name}" <- structure(c({numbers}), .Dim = c({len(rows)}, {len(rows[0])}))\n'


def sample(jags, folder, xi, J):
    """Means and errors of out[1..3], from batches of its chains."""
    low = -sum(abs(x) for row in J for x in row) / 2
    (folder / "model.bug").write_text(MODEL, encoding="utf-8")
    (folder / "data.R").write_text(f"N <- {NEURONS}\nT <- {other.NOISE}\nlow <- {low!r}\nzero <- 0\n" + dump("J", J) +
                                   dump("xi", xi), encoding="utf-8")
    script = ['model in "model.bug"', 'data in "data.R"', f"compile, nchains({CHAINS})"]
    for chain in range(1, CHAINS + 1):
        (folder / f"inits{chain}.R").write_text(
            f'".RNG.name" <- "base::Mersenne-Twister"\n".RNG.seed" <- {chain}\n', encoding="utf-8")
        script.append(f'parameters in "inits{chain}.R", chain({chain})')
    script += ["initialize", "update 1000", "monitor out", f"update {DRAWS}", 'coda *, stem("draws")']
    (folder / "script").write_text("\n".join(script) + "\n", encoding="utf-8")
    done = subprocess.run([jags, "script"], cwd=folder, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    found, size = [], DRAWS // BATCHES
    for k in range(3):
        means = []
        for chain in range(1, CHAINS + 1):
            lines = (folder / f"drawschain{chain}.txt").read_text(encoding="utf-8").splitlines()
            draws = [float(line.split()[1]) for line in lines[k * DRAWS:(k + 1) * DRAWS]]
            means += [statistics.fmean(draws[i:i + size]) for i in range(0, DRAWS, size)]
        found.append(other.mean(means))
    return found


def main(path, jags, *changes):
    checks = other.Checks()
    other.NEURONS = NEURONS
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        program = other.Program(Path(path).resolve(), folder, (f"neurons={NEURONS}",) + changes)
        for rule in ("storage", "supervised", "unsupervised"):
            program.run(rule, "dynamics: { sweeps: 20000, burn_in: 100 }\n"
                        "ensemble: { replicas: 8, lanes: 1 }\nrecord: { trajectory: false }\n")
            found = program.averages()
            xi, J, _ = program.network(rule, 1)
            for (what, which), (value, error) in zip(other.AVERAGES, sample(jags, folder, xi, J)):
                checks.z(rule, f"{what}, N = {NEURONS}, against JAGS", found[which][0], value,
                         math.hypot(error, found[which][2]))
    print(f"largest |z|: {checks.worst:.2f}")
    return 0 if checks.worst <= LIMIT else 1


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
