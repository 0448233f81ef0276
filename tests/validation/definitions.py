# SPDX-License-Identifier: GPL-3.0-or-later
"""The network and its dynamics as docs/theory.md defines them in sections 1 and 2, in plain Python:
dense couplings, fields summed over all neurons, every state enumerated. Shares nothing with the
program but that page."""
import math


def patterns(rng, neurons, count, dilution):
    """xi[mu][i]: 0 with probability d, else a fair sign."""
    return [[0 if rng.random() < dilution else rng.choice((-1, 1)) for _ in range(neurons)]
            for _ in range(count)]


def examples(rng, xi, count, quality, fidelity):
    """eta[mu][a][i]: xi, right with probability (1 + r)/2; a blank stays one with probability s."""
    def entry(x):
        if x != 0:
            return x if rng.random() < (1 + quality) / 2 else -x
        return 0 if rng.random() < fidelity else rng.choice((-1, 1))
    return [[[entry(x) for x in row] for _ in range(count)] for row in xi]


def features(rule, xi, eta, dilution, quality, fidelity):
    """(w, phi) of each feature, with couplings normalized to the variance E2."""
    if rule == "storage":
        return [(1 / (1 - dilution), row) for row in xi]
    count, r2 = len(eta[0]), quality ** 2
    rho, rho0 = (1 - r2) / (count * r2), (1 - fidelity) / (count * r2)
    g = 1 / ((1 - dilution) * (1 + rho) + dilution * rho0)
    if rule == "supervised":
        return [(g / (count * quality) ** 2, [sum(column) for column in zip(*own)]) for own in eta]
    return [(g / (count * r2), row) for own in eta for row in own]


def couplings(feats, neurons):
    """J[i][j] = (1/N) sum_p w_p phi_i phi_j, without a diagonal."""
    return [[0.0 if i == j else sum(w * phi[i] * phi[j] for w, phi in feats) / neurons
             for j in range(neurons)] for i in range(neurons)]


def energy(J, s):
    return -sum(J[i][j] * s[i] * s[j] for i in range(len(s)) for j in range(i))


def overlap(row, s):
    return sum(x * y for x, y in zip(row, s)) / len(s)


def sweep(rng, J, s, noise):
    """N updates of Glauber's dynamics, each of a neuron drawn at random."""
    for _ in s:
        i = rng.randrange(len(s))
        h = sum(J[i][j] * s[j] for j in range(len(s)))
        s[i] = 1 if rng.random() < 1 / (1 + math.exp(-2 * h / noise)) else -1


def averages(J, noise, measure):
    """Averages of the list measure(s, H) over exp(-H/T), all 2^N states summed."""
    total, sums = 0.0, None
    for number in range(2 ** len(J)):
        s = [1 if number >> i & 1 else -1 for i in range(len(J))]
        H = energy(J, s)
        weight, values = math.exp(-H / noise), measure(s, H)
        total += weight
        sums = [a + weight * b for a, b in zip(sums or [0.0] * len(values), values)]
    return [x / total for x in sums]
