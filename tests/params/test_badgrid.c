/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Wrong grid files, each with all the messages it must give. */
#include <string.h>
#include <unistd.h>

#include "tests/params/badgrid.h"

static const ph_bad_t BAD[] = {
    {"", NULL, "g.yaml:1:1: is empty, expected a grid; `polyhebb new` prints one"},
    {"- 1\n", NULL,
     "g.yaml:1:1: is no grid, expected \"key: value\" lines; `polyhebb new` prints a grid to start "
     "from"},
    {"{}", NULL,
     "g.yaml:1:1: network.neurons is missing, expected an integer from 1 to 1073741824\n"
     "g.yaml:1:1: network.patterns is missing, expected an integer from 1 to 4096\n"
     "g.yaml:1:1: noise is missing, expected a number from 0 to 1e+300\n"
     "g.yaml:1:1: dynamics.sweeps is missing, expected an integer from 1 to 1000000000000"},
    {"network: [1, 2\n", NULL,
     "g.yaml:2:1: YAML syntax: flow sequence without a closing bracket, expected \"key: value\" "
     "lines"},
    {NETWORK NOISE "\tdynamics: 3\n", NULL,
     "g.yaml:2:8: YAML syntax: invalid multiline plain key, expected \"key: value\" lines"},
    {NETWORK NOISE DYNAMICS "---\nseed: 2\n", NULL,
     "g.yaml:4:1: a second document starts here, expected one grid a file"},
    {NETWORK NOISE DYNAMICS "seed: &a 2\n", NULL,
     "g.yaml:4:8: an anchor or alias (& or *) is not allowed in a grid, expected the value itself; "
     "write it out"},
    {NETWORK NOISE DYNAMICS "seed: !!int 2\n", NULL,
     "g.yaml:4:7: a tag (!...) is not allowed in a grid, expected the plain value; remove the tag"},
    {NETWORK NOISE DYNAMICS "<<: { seed: 1 }\n", NULL,
     "g.yaml:4:1: unknown key \"<<\" in the grid, expected one of title, seed, noise, figure, "
     "network, dynamics, ensemble, record, theory, zip, paper"},
    {NETWORK NOISE DYNAMICS "? [a, b]\n: 3\n", NULL,
     "g.yaml:4:3: a list or map where a key belongs, expected a name"},
    {NETWORK NOISE DYNAMICS "zip: [[[[[[[[[[[[[[[[[a]]]]]]]]]]]]]]]]]\n", NULL,
     "g.yaml:4:21: nested too deeply, expected lists and maps as in the reference grid"},
    {NETWORK NOISE DYNAMICS "nosie: 0.1\n", NULL,
     "g.yaml:4:1: unknown key \"nosie\" in the grid, expected \"noise\"?"},
    {NETWORK NOISE DYNAMICS "temperature: 0.1\n", NULL,
     "g.yaml:4:1: unknown key \"temperature\" in the grid, expected noise at the top level"},
    {"network: { neurons: 100, patterns: 3, dilutoin: 0.1 }\n" NOISE DYNAMICS, NULL,
     "g.yaml:1:39: unknown key \"dilutoin\" in network, expected \"dilution\"?"},
    {"network: { neurons: 100, patterns: 3, noise: 0.1 }\n" NOISE DYNAMICS, NULL,
     "g.yaml:1:39: unknown key \"noise\" in network, expected noise at the top level"},
    {NETWORK NOISE DYNAMICS "dilution: 0.1\n", NULL,
     "g.yaml:4:1: unknown key \"dilution\" in the grid, expected dilution inside \"network:\""},
    {NETWORK NOISE DYNAMICS "network.dilution: 0.1\n", NULL,
     "g.yaml:4:1: unknown key \"network.dilution\" in the grid, expected dilution inside "
     "\"network:\""},
    {NETWORK NOISE DYNAMICS "noise: 0.2\n", NULL,
     "g.yaml:4:1: key \"noise\" is repeated (first at line 2), expected it once"},
    {NETWORK NOISE DYNAMICS "network: { rule: storage }\n", NULL,
     "g.yaml:4:1: key \"network\" is repeated (first at line 1), expected it once"},
    {"network: { neurons: 100, patterns: 3, neurons: 100 }\n" NOISE DYNAMICS, NULL,
     "g.yaml:1:39: key \"neurons\" is repeated (first at line 1), expected it once"},
    {"network: 5\n" NOISE DYNAMICS, NULL,
     "g.yaml:1:10: network is the value 5, expected keys below it, such as \"network: { ... }\"\n"
     "g.yaml:1:1: network.neurons is missing, expected an integer from 1 to 1073741824\n"
     "g.yaml:1:1: network.patterns is missing, expected an integer from 1 to 4096"},
    {NETWORK NOISE DYNAMICS "record: [loss]\n", NULL,
     "g.yaml:4:9: record is a list, expected keys below it, such as \"record: { ... }\""},
    {NOISE, NULL,
     "g.yaml:1:1: network.neurons is missing, expected an integer from 1 to 1073741824\n"
     "g.yaml:1:1: network.patterns is missing, expected an integer from 1 to 4096\n"
     "g.yaml:1:1: dynamics.sweeps is missing, expected an integer from 1 to 1000000000000"},
    {"network: { neurons: x12, patterns: 3 }\n" NOISE DYNAMICS, NULL,
     "g.yaml:1:21: network.neurons: x12 is not a number, expected an integer from 1 to 1073741824"},
    {"network: { neurons: 100.5, patterns: 3 }\n" NOISE DYNAMICS, NULL,
     "g.yaml:1:21: network.neurons: 100.5 is not whole, expected an integer from 1 to 1073741824"},
    {"network: { neurons: 0, patterns: 3 }\n" NOISE DYNAMICS, NULL,
     "g.yaml:1:21: network.neurons: 0 is out of range, expected an integer from 1 to 1073741824"},
    {"network: { neurons: -5, patterns: 3 }\n" NOISE DYNAMICS, NULL,
     "g.yaml:1:21: network.neurons: -5 is out of range, expected an integer from 1 to 1073741824"},
    {"network: { neurons: 1073741825, patterns: 3 }\n" NOISE DYNAMICS, NULL,
     "g.yaml:1:21: network.neurons: 1073741825 is out of range, expected an integer from 1 to "
     "1073741824"},
    {"network: { neurons: 18446744073709551716, patterns: 3 }\n" NOISE DYNAMICS, NULL,
     "g.yaml:1:21: network.neurons: 18446744073709551716 is too large or too small, expected an "
     "integer from 1 to 1073741824"},
    {"network: { neurons: \"100\", patterns: 3 }\n" NOISE DYNAMICS, NULL,
     "g.yaml:1:22: network.neurons: 100 in quotes is text, not a number, expected an integer from "
     "1 to 1073741824"},
    {"network: { neurons: , patterns: 3 }\n" NOISE DYNAMICS, NULL,
     "g.yaml:1:12: network.neurons: has no value, expected an integer from 1 to 1073741824"},
    {"network: { neurons: ~, patterns: 3 }\n" NOISE DYNAMICS, NULL,
     "g.yaml:1:21: network.neurons: ~ is not a number, expected an integer from 1 to 1073741824"},
    {"network: { neurons: 0x64, patterns: 3 }\n" NOISE DYNAMICS, NULL,
     "g.yaml:1:21: network.neurons: 0x64 is not a number, expected an integer from 1 to "
     "1073741824"},
    {"network: { neurons: 1_000, patterns: 3 }\n" NOISE DYNAMICS, NULL,
     "g.yaml:1:21: network.neurons: 1_000 is not a number, expected an integer from 1 to "
     "1073741824"},
    {"network: { neurons: 1e400, patterns: 3 }\n" NOISE DYNAMICS, NULL,
     "g.yaml:1:21: network.neurons: 1e400 is too large or too small, expected an integer from 1 to "
     "1073741824"},
    {"network: { neurons: [100, 200.5], patterns: 3 }\n" NOISE DYNAMICS, NULL,
     "g.yaml:1:27: network.neurons: 200.5 is not whole, expected an integer from 1 to 1073741824"},
    {"network: { neurons: [], patterns: 3 }\n" NOISE DYNAMICS, NULL,
     "g.yaml:1:21: network.neurons: an empty list, expected at least one value"},
    {"network: { neurons: [100, [200]], patterns: 3 }\n" NOISE DYNAMICS, NULL,
     "g.yaml:1:27: network.neurons: a list instead of a value, expected an integer "
     "from 1 to 1073741824"},
    {"network: { neurons: { from: 1, to: 10, steps: 4, scale: cubic }, patterns: 3 }\n" NOISE
         DYNAMICS,
     NULL, "g.yaml:1:57: network.neurons: scale is cubic, expected linear or log"},
    {"network: { neurons: { from: 1, to: 10, steps: 3 }, patterns: 3 }\n" NOISE DYNAMICS, NULL,
     "g.yaml:1:21: network.neurons: the range passes through 5.5, which is not whole, expected "
     "steps that divide 9 evenly, or scale: log, which rounds"},
    {"network: { neurons: { from: 10, to: 10, steps: 3 }, patterns: 3 }\n" NOISE DYNAMICS, NULL,
     "g.yaml:1:37: network.neurons: from and to are both 10, expected two ends"},
    {"network: { neurons: { from: 1, to: 5, steps: 9, scale: log }, patterns: 3 }\n" NOISE DYNAMICS,
     NULL,
     "g.yaml:1:21: network.neurons: 1 is repeated (values are rounded), expected distinct values"},
    {"network: { neurons: 100, patterns: 4097 }\n" NOISE DYNAMICS, NULL,
     "g.yaml:1:36: network.patterns: 4097 is out of range, expected an integer from 1 to 4096"},
    {"network: { neurons: 100, patterns: 0 }\n" NOISE DYNAMICS, NULL,
     "g.yaml:1:36: network.patterns: 0 is out of range, expected an integer from 1 to 4096"},
    {NETWORK "noise: -0.1\n" DYNAMICS, NULL,
     "g.yaml:2:8: noise: -0.1 is out of range, expected a number from 0 to 1e+300"},
    {NETWORK "noise: .nan\n" DYNAMICS, NULL,
     "g.yaml:2:8: noise: .nan is not a number, expected a number from 0 to 1e+300"},
    {NETWORK "noise: nan\n" DYNAMICS, NULL,
     "g.yaml:2:8: noise: nan is not a number, expected a number from 0 to 1e+300"},
    {NETWORK "noise: inf\n" DYNAMICS, NULL,
     "g.yaml:2:8: noise: inf is not a number, expected a number from 0 to 1e+300"},
    {NETWORK "noise: 1e999\n" DYNAMICS, NULL,
     "g.yaml:2:8: noise: 1e999 is too large or too small, expected a number from 0 to 1e+300"},
    {NETWORK "noise: 1e-400\n" DYNAMICS, NULL,
     "g.yaml:2:8: noise: 1e-400 is too large or too small, expected a number from 0 to 1e+300"},
    {NETWORK "noise: 0,1\n" DYNAMICS, NULL,
     "g.yaml:2:8: noise: 0,1 is not a number, expected a number from 0 to 1e+300"},
    {NETWORK "noise: [0.1, 0.1000000000000001]\n" DYNAMICS, NULL,
     "g.yaml:2:14: noise: 0.1 is repeated (numbers count to 12 digits), expected distinct values"},
    {NETWORK "noise: { from: 1, to: 2, steps: 3, scale: [log] }\n" DYNAMICS, NULL,
     "g.yaml:2:43: noise: scale is a list or map, expected linear or log"},
    {NETWORK "noise: { from: 1, to: 2, steps: 3, scale: }\n" DYNAMICS, NULL,
     "g.yaml:2:36: noise: scale is empty, expected linear or log"},
    {NETWORK "noise: { from: 0, to: 1, steps: 3, scale: log }\n" DYNAMICS, NULL,
     "g.yaml:2:16: noise: 0 on a logarithmic scale, expected a positive end"},
    {NETWORK "noise: { from: 0, to: 1 }\n" DYNAMICS, NULL,
     "g.yaml:2:8: noise: the range has no \"steps\", expected { from, to, steps }"},
    {NETWORK "noise: { from: 0, to: 1, steps: 1 }\n" DYNAMICS, NULL,
     "g.yaml:2:33: noise: steps is 1, expected an integer from 2 to 10000000"},
    {NETWORK "noise: { from: 0, to: 1, steps: 2.5 }\n" DYNAMICS, NULL,
     "g.yaml:2:33: noise: steps is 2.5, expected an integer from 2 to 10000000"},
    {NETWORK "noise: { from: 0, to: 1, step: 3 }\n" DYNAMICS, NULL,
     "g.yaml:2:26: noise: unknown key \"step\", expected from, to, steps, scale"},
    {NETWORK "noise: { from: 0, from: 0, to: 1, steps: 3 }\n" DYNAMICS, NULL,
     "g.yaml:2:19: noise: \"from\" is repeated, expected it once"},
    {NETWORK "noise: { each: [0.1, 0.2, 0.3] }\n" DYNAMICS, NULL,
     "g.yaml:2:10: noise: unknown key \"each\", expected from, to, steps, scale"},
    {NETWORK "noise: { from: 0, to: 1, steps: 20000000 }\n" DYNAMICS, NULL,
     "g.yaml:2:33: noise: steps is 20000000, expected an integer from 2 to 10000000"},
    {"network: { neurons: 100, patterns: 3, dilution: 1.5 }\n" NOISE DYNAMICS, NULL,
     "g.yaml:1:49: network.dilution: 1.5 is out of range, expected a number from 0 to 1"},
    {"network: { neurons: 100, patterns: 3, dilution: { each: [0.1, 0.2] } }\n" NOISE DYNAMICS,
     NULL,
     "g.yaml:1:49: network.dilution: 2 values in each, but patterns is 3, expected one value a "
     "pattern at every point"},
    {"network: { neurons: 100, patterns: 3, dilution: { each: 0.1 } }\n" NOISE DYNAMICS, NULL,
     "g.yaml:1:57: network.dilution: each is 0.1, expected a list of one value a pattern"},
    {"network: { neurons: 100, patterns: 3, dilution: { each: [] } }\n" NOISE DYNAMICS, NULL,
     "g.yaml:1:57: network.dilution: an empty list, expected at least one value"},
    {"network: { neurons: 100, patterns: 3, dilution: { each: [0, 1, 2] } }\n" NOISE DYNAMICS, NULL,
     "g.yaml:1:64: network.dilution: 2 is out of range, expected a number from 0 to 1"},
    {"network: { neurons: 100, patterns: 3, dilution: { each: [0, 0, 1], from: 1 } }\n" NOISE
         DYNAMICS,
     NULL,
     "g.yaml:1:49: network.dilution: both \"each\" and \"from\", expected a value a pattern or a "
     "range"},
    {"network: { neurons: 100, patterns: [2, 3], dilution: { each: [0.1, 0.2] } }\n" NOISE DYNAMICS,
     NULL,
     "g.yaml:1:54: network.dilution: 2 values in each, but patterns is 3, expected one value a "
     "pattern at every point"},
    {"network: { neurons: 100, patterns: 3, normalization: variants }\n" NOISE DYNAMICS, NULL,
     "g.yaml:1:54: network.normalization: variants is unknown (did you mean variance?), expected "
     "variance or none"},
    {"network: { neurons: 100, patterns: 3, examples: [1, 2] }\n" NOISE DYNAMICS, NULL,
     "g.yaml:1:49: network.examples: an axis that rule storage does not see, expected network.rule "
     "supervised or unsupervised, or one value"},
    {"network: { neurons: 100, patterns: 3, rule: supervised, quality: 0, examples: 1.5, "
     "blank_fidelity: { each: [1, 2, 0.5] } }\n" NOISE DYNAMICS,
     NULL,
     "g.yaml:1:79: network.examples: 1.5 is not whole, expected an integer from 1 to 1000000\n"
     "g.yaml:1:66: network.quality: 0 is out of range, expected a number from 1e-06 to 1\n"
     "g.yaml:1:112: network.blank_fidelity: 2 is out of range, expected a number from 0 to 1"},
    {NETWORK NOISE DYNAMICS "theory: { kinds: [flow, flow], average: exakt }\n", NULL,
     "g.yaml:4:41: theory.average: exakt is unknown (did you mean exact?), expected auto, gaussian "
     "or exact\n"
     "g.yaml:4:25: theory.kinds: flow is repeated, expected one or a list of mean_field, "
     "signal_to_noise, flow, exact or basin"},
    {"network: { neurons: 100, patterns: 3, rule: learning }\n" NOISE DYNAMICS, NULL,
     "g.yaml:1:45: network.rule: learning is unknown, expected storage, supervised or "
     "unsupervised"},
    {"network: { neurons: 100, patterns: 3, normalization: true }\n" NOISE DYNAMICS, NULL,
     "g.yaml:1:54: network.normalization: true is unknown, expected variance or none"},
    {NETWORK NOISE "dynamics: { sweeps: 10, sampler: gluaber }\n", NULL,
     "g.yaml:3:34: dynamics.sampler: gluaber is unknown (did you mean glauber?), expected "
     "glauber, metropolis, little, block-gibbs, lumped-little, lumped-block-gibbs, descent, "
     "replica-exchange or auto"},
    {NETWORK NOISE "dynamics: { sweeps: 10, sampler: descent }\n", NULL,
     "g.yaml:2:8: noise: 0.1 with sampler descent, which knows none, expected 0"},
    {NETWORK NOISE "dynamics: { sweeps: 10, sampler: replica-exchange }\n", NULL,
     "g.yaml:3:34: dynamics.sampler: replica-exchange without a ladder, expected such as "
     "ladder: { from: 0.2, to: 1.2, steps: 6 }"},
    {NETWORK NOISE "dynamics: { sweeps: 10, sampler: replica-exchange, ladder: [0.2, 0.3] }\n",
     NULL, "g.yaml:2:8: noise: 0.1 is not on the ladder, expected one of its noises"},
    {NETWORK NOISE "dynamics: { sweeps: 10, ladder: [0.1, 0.3] }\n", NULL,
     "g.yaml:3:33: dynamics.ladder: with sampler glauber, expected it with replica-exchange only"},
    {NETWORK NOISE "dynamics: { sweeps: 10, sampler: replica-exchange, ladder: [0, 0.1] }\n", NULL,
     "g.yaml:3:61: dynamics.ladder: 0 is out of range, expected none or a list, each a number from "
     "1e-300 to 1e+300"},
    {NETWORK NOISE "dynamics: { sweeps: 10, ladder: [0.1, 0.1] }\n", NULL,
     "g.yaml:3:33: dynamics.ladder: expected 2 to 32 distinct noises"},
    {NETWORK NOISE "dynamics: { sweeps: 10, burn_in: 9, schedule: { from: 2, sweeps: 10 } }\n",
     NULL,
     "g.yaml:3:66: dynamics.schedule_sweeps: 10, but burn_in is 9, expected a schedule that ends "
     "within it"},
    {NETWORK NOISE "dynamics: { sweeps: 10, burn_in: 9, schedule: { to: 2, sweeps: 5 } }\n", NULL,
     "g.yaml:3:49: dynamics.schedule: unknown key \"to\", expected from, sweeps or scale"},
    {NETWORK NOISE "dynamics: { sweeps: 10, burn_in: 9, schedule: { from: 2 } }\n", NULL,
     "g.yaml:3:55: dynamics.schedule: without sweeps, expected { from: 2, sweeps: 500 }"},
    {NETWORK "noise: 0\ndynamics: { sweeps: 10, burn_in: 9, "
             "schedule: { from: 2, sweeps: 5, scale: log } }\n",
     NULL, "g.yaml:3:76: dynamics.schedule_scale: log from noise 2 to 0, expected both positive"},
    {NETWORK NOISE "dynamics: { sweeps: 10, schedule: 5 }\n", NULL,
     "g.yaml:3:35: dynamics.schedule: is no map, expected from, sweeps or scale"},
    {NETWORK NOISE "dynamics: { sweeps: 10 }\nrecord: { recall: 0.9 }\n", NULL,
     "g.yaml:4:19: record.recall: is no map, expected threshold"},
    {NETWORK NOISE "dynamics: { sweeps: 10, sampler: little, order: permuted }\n", NULL,
     "g.yaml:3:49: dynamics.order: permuted with sampler little, which updates all neurons at "
     "once, expected random (no order), or a sampler that visits them one by one"},
    {NETWORK NOISE "dynamics: { sweeps: 10, sampler: [glauber, lumped-block-gibbs], "
                   "order: [random, sequential] }\n",
     NULL,
     "g.yaml:3:72: dynamics.order: sequential with sampler lumped-block-gibbs, which updates all "
     "neurons at once, expected random (no order), or a sampler that visits them one by one"},
    {NETWORK NOISE "dynamics: { sweeps: 10, sampler: lumped-little }\nrecord: { flips: true }\n",
     NULL,
     "g.yaml:4:18: record.flips: true with sampler lumped-little, which knows numbers of spins "
     "and not which, expected false"},
    {NETWORK NOISE "dynamics: { sweeps: 10, sampler: lumped-little }\n"
                   "record: { replica_overlap: true }\nensemble: { replicas: 2 }\n",
     NULL,
     "g.yaml:4:28: record.replica_overlap: with sampler lumped-little, which does not follow "
     "single spins while little does remember them, expected false or sampler little"},
    {"network: { rule: [unsupervised, supervised], neurons: 10, patterns: 1, dilution: 0.1,\n"
     "  examples: 3, quality: 0.5 }\nnoise: 0.1\n"
     "dynamics: { sweeps: 10, sampler: lumped-little }\nrecord: { example_overlaps: 1 }\n",
     NULL,
     "g.yaml:5:29: record.example_overlaps: with sampler lumped-little in rule supervised, which "
     "does not follow single spins while little does remember them, expected 0 or sampler little"},
    {NETWORK NOISE "dynamics: { sweeps: 10, sampler: [glauber, metropolis, glauber] }\n", NULL,
     "g.yaml:3:56: dynamics.sampler: glauber is repeated, expected distinct values"},
    {NETWORK NOISE "dynamics: { sweeps: 10, order: { from: random, to: permuted, steps: 2 } }\n",
     NULL, "g.yaml:3:32: dynamics.order: a range of words, expected a list"},
    {NETWORK NOISE "dynamics: { sweeps: 10, start: Random }\n", NULL,
     "g.yaml:3:32: dynamics.start: Random is unknown (did you mean random?), expected random, "
     "archetype, hierarchical, parallel, example, corrupted, file, mixture or masked"},
    {NETWORK NOISE "dynamics: { sweeps: 10, start: { kind: corrupted, pattern: 1 } }\n", NULL,
     "g.yaml:3:40: dynamics.start: corrupted needs an overlap, expected { kind: corrupted, "
     "pattern: 1, overlap: 0.4 }"},
    {NETWORK NOISE "dynamics: { sweeps: 10, start: { kind: hierarchical, overlap: 0.4 } }\n", NULL,
     "g.yaml:3:54: dynamics.start_overlap: not used by this start, expected it with start "
     "corrupted or mixture only"},
    {NETWORK NOISE "dynamics: { sweeps: 10, start: { kind: [archetype, corrupted], "
                   "overlap: [0.2, 0.4] } }\n",
     NULL,
     "g.yaml:3:64: dynamics.start_overlap: an axis that one of the starts does not see, expected "
     "it with start corrupted or mixture only"},
    {NETWORK NOISE "dynamics: { sweeps: 10, start: { kind: random, patern: 2 } }\n", NULL,
     "g.yaml:3:48: dynamics.start: unknown key \"patern\", expected kind, pattern, example, "
     "overlap, patterns, file, digest, hidden, fill, region, shape or targets"},
    {NETWORK NOISE "dynamics: { sweeps: 10, start: { kind: archetype, pattern: 4 } }\n", NULL,
     "g.yaml:3:60: dynamics.start_pattern: 4, but a point has 3 patterns, expected at most that "
     "many"},
    {NETWORK NOISE "dynamics: { sweeps: 10, start: { kind: parallel, patterns: [1, 5] } }\n", NULL,
     "g.yaml:3:60: dynamics.start_patterns: 5, but a point has 3 patterns, expected at most that "
     "many"},
    {NETWORK NOISE "dynamics: { sweeps: 10, start: { kind: mixture, patterns: [2], overlap: 0.5 "
                   "} }\n",
     NULL,
     "g.yaml:3:40: dynamics.start: mixture of one pattern, expected two or more, or that pattern "
     "alone: { kind: corrupted, pattern: 2, overlap: 0.5 }"},
    {"network: { neurons: 9, patterns: [2, 1] }\n" NOISE
     "dynamics: { sweeps: 10, start: { kind: mixture, overlap: 0.5 } }\n",
     NULL,
     "g.yaml:3:40: dynamics.start: mixture of one pattern, expected two or more, or that pattern "
     "alone: { kind: corrupted, pattern: 1, overlap: 0.5 }"},
    {NETWORK NOISE "dynamics: { sweeps: 10, start: { kind: mixture, overlap: [0.5, -0.2] } }\n",
     NULL,
     "g.yaml:3:58: dynamics.start_overlap: -0.2 with start mixture, of which it is a share, "
     "expected "
     "0 to 1"},
    {NETWORK NOISE "dynamics: { sweeps: 10, start: { kind: parallel, patterns: [2, 2] } }\n", NULL,
     "g.yaml:3:60: dynamics.start_patterns: a pattern is repeated, expected each once"},
    {NETWORK NOISE "dynamics: { sweeps: 10, start: { kind: parallel, patterns: [1, 3, 1] } }\n",
     NULL, "g.yaml:3:60: dynamics.start_patterns: a pattern is repeated, expected each once"},
    {NETWORK NOISE "dynamics: { sweeps: 10, start: { kind: parallel, patterns: 2 } }\n", NULL,
     "g.yaml:3:60: dynamics.start_patterns: 2 is no list, expected all or a list, each an integer "
     "from 1 to 4096"},
    {NETWORK NOISE "dynamics: { sweeps: 10, start: { kind: file } }\n", NULL,
     "g.yaml:3:40: dynamics.start: file needs a file, expected { kind: file, file: run.h5 }"},
    {NETWORK NOISE "dynamics: { sweeps: 10, start: { kind: file, file: a, digest: 12 } }\n", NULL,
     "g.yaml:3:63: dynamics.start_digest: is no digest, expected 32 hexadecimal digits, or "
     "nothing, to take that of the file"},
    {NETWORK NOISE "dynamics: { sweeps: 10, start: example }\n", NULL,
     "g.yaml:3:32: dynamics.start: example in rule storage, which has no examples, expected "
     "network.rule supervised or unsupervised"},
    {"network: { neurons: 9, patterns: 1, rule: supervised, examples: 4 }\n" NOISE
     "dynamics: { sweeps: 10, start: { kind: example, example: 5 } }\n",
     NULL,
     "g.yaml:3:58: dynamics.start_example: 5, but a point has 4 examples of that pattern, "
     "expected at most that many"},
    {NETWORK NOISE "dynamics: { sweeps: 10, burn_in: -1 }\n", NULL,
     "g.yaml:3:34: dynamics.burn_in: -1 is out of range, expected an integer from 0 to "
     "1000000000000"},
    {NETWORK NOISE "dynamics: { sweeps: 10, record_every: 0 }\n", NULL,
     "g.yaml:3:39: dynamics.record_every: 0 is out of range, expected an integer from 1 to "
     "1000000000000"},
    {NETWORK NOISE "dynamics: { sweeps: 10, burn-in: 3 }\n", NULL,
     "g.yaml:3:25: unknown key \"burn-in\" in dynamics, expected \"burn_in\"?"},
    {NETWORK NOISE "dynamics: { sweeps: 0 }\n", NULL,
     "g.yaml:3:21: dynamics.sweeps: 0 is out of range, expected an integer from 1 to "
     "1000000000000"},
    {NETWORK NOISE "dynamics: { sweeps: 1e13 }\n", NULL,
     "g.yaml:3:21: dynamics.sweeps: 1e13 is out of range, expected an integer from 1 to "
     "1000000000000"},
    {NETWORK NOISE DYNAMICS "ensemble: { samples: [1, 2] }\n", NULL,
     "g.yaml:4:22: ensemble.samples: a list cannot be an axis, expected an integer from 1 to "
     "1000000000"},
    {NETWORK NOISE DYNAMICS "ensemble: { lanes: 65 }\n", NULL,
     "g.yaml:4:20: ensemble.lanes: 65 is out of range, expected an integer from 1 to 64"},
    {NETWORK NOISE DYNAMICS "ensemble: { replicas: 0 }\n", NULL,
     "g.yaml:4:23: ensemble.replicas: 0 is out of range, expected an integer from 1 to 1000000000"},
    {NETWORK NOISE DYNAMICS "ensemble: { replicas: 3 }\nrecord: { replica_overlap: true }\n", NULL,
     "g.yaml:4:23: ensemble.replicas is 3, but record.replica_overlap pairs replicas, expected an "
     "even number"},
    {NETWORK NOISE DYNAMICS "ensemble: { replicas: 4 }\nrecord: { replica_overlap: true }\n",
     "lanes=7",
     "--set lanes=7: ensemble.lanes is 7, but record.replica_overlap pairs replicas, expected an "
     "even number"},
    {NETWORK NOISE DYNAMICS "record: { replica_overlap: true }\n", NULL,
     "g.yaml:4:28: ensemble.replicas is 1, but record.replica_overlap pairs replicas, expected an "
     "even number"},
    {"network: { neurons: 100, patterns: { law: linear, base: 1 } }\n" NOISE DYNAMICS, NULL,
     "g.yaml:1:43: network.patterns: law is linear, expected log\n"
     "g.yaml:1:57: network.patterns: base is 1, expected a number above 1, at most 1000000"},
    {"network: { neurons: 100, patterns: { law: log, factor: 0, bass: 2 } }\n" NOISE DYNAMICS, NULL,
     "g.yaml:1:59: network.patterns: unknown or repeated key in a law, expected { law: log, base: "
     "2, "
     "factor: 1 }\n"
     "g.yaml:1:36: network.patterns: the law has no base, expected { law: log, base: 2, factor: 1 "
     "}"},
    {"network: { neurons: [9, 1000], patterns: { law: log, base: 2, factor: 500 } }\n" NOISE
         DYNAMICS,
     NULL,
     "g.yaml:1:42: network.patterns: the law gives 4983 patterns for 1000 neurons, expected at "
     "most "
     "4096"},
    {"network: { neurons: [9, 99], patterns: { law: log, base: 2 } }\nzip: [[neurons, "
     "patterns]]\n" NOISE DYNAMICS,
     NULL,
     "g.yaml:2:6: zip: network.patterns follows network.neurons by its law, expected it in no zip"},
    {NETWORK NOISE DYNAMICS "record: { loss: yes }\n", NULL,
     "g.yaml:4:17: record.loss: yes is neither true nor false, expected true or false"},
    {NETWORK NOISE DYNAMICS "record: { loss: \"true\" }\n", NULL,
     "g.yaml:4:18: record.loss: true is neither true nor false, expected true or false"},
    {NETWORK NOISE DYNAMICS "record: { trajectory: false, moments: false }\n", NULL,
     "g.yaml:4:39: record.trajectory and record.moments are both false, so that nothing would be "
     "recorded, expected at least one true"},
    {NETWORK NOISE DYNAMICS "record: { trajectory: [true, false] }\n", NULL,
     "g.yaml:4:23: record.trajectory: a list cannot be an axis, expected true or false"},
    {NETWORK NOISE DYNAMICS "seed: -1\n", NULL,
     "g.yaml:4:7: seed: -1 is out of range, expected an integer from 0 to 9223372036854775807"},
    {NETWORK NOISE DYNAMICS "seed: 9223372036854775808\n", NULL,
     "g.yaml:4:7: seed: 9223372036854775808 is too large or too small, expected an integer from 0 "
     "to 9223372036854775807"},
    {NETWORK NOISE DYNAMICS "seed: 1.5\n", NULL,
     "g.yaml:4:7: seed: 1.5 is not whole, expected an integer from 0 to 9223372036854775807"},
    {NETWORK NOISE DYNAMICS "seed: [1, 2]\n", NULL,
     "g.yaml:4:7: seed: a list cannot be an axis, expected an integer from 0 to "
     "9223372036854775807"},
    {NETWORK NOISE DYNAMICS "seed: \"7\"\n", NULL,
     "g.yaml:4:8: seed: 7 in quotes is text, not a number, expected an integer from 0 to "
     "9223372036854775807"},
    {NETWORK NOISE DYNAMICS "seed:\n", NULL,
     "g.yaml:4:1: seed: has no value, expected an integer from 0 to 9223372036854775807"},
    {NETWORK NOISE DYNAMICS "title: [a]\n", NULL,
     "g.yaml:4:8: title: a list instead of text, expected text"},
    {NETWORK NOISE DYNAMICS "title: \"a\\0b\"\n", NULL,
     "g.yaml:4:9: title: a?b holds a NUL or is not UTF-8, expected text"},
    /* Long words are cut between characters, never within one. */
    {NETWORK NOISE DYNAMICS "seed: xéééééééééééééééééééééééé\n", NULL,
     "g.yaml:4:7: seed: xééééééééééééééééééé... is not a number, expected an integer from 0 to "
     "9223372036854775807"},
    {NETWORK NOISE DYNAMICS "zip: noise\n", NULL,
     "g.yaml:4:6: zip: no list, expected lists of keys in a list, such as [[noise, "
     "dynamics.start]]"},
    {NETWORK NOISE DYNAMICS "zip: [noise, sweeps]\n", NULL,
     "g.yaml:4:7: zip: a group without two keys, expected lists of at least two, such as [[noise, "
     "dynamics.start]]\n"
     "g.yaml:4:14: zip: a group without two keys, expected lists of at least two, such as [[noise, "
     "dynamics.start]]"},
    {NETWORK NOISE DYNAMICS "zip: [[noise]]\n", NULL,
     "g.yaml:4:7: zip: a group without two keys, expected lists of at least two, such as [[noise, "
     "dynamics.start]]"},
    {NETWORK NOISE DYNAMICS "zip: [[noise, sweeps]]\n", NULL,
     "g.yaml:4:8: zip: noise is no axis, expected a key with a list or range\n"
     "g.yaml:4:15: zip: dynamics.sweeps is no axis, expected a key with a list or range"},
    {NETWORK "noise: [0.1, 0.2]\n" DYNAMICS "zip: [[noise, nosie]]\n", NULL,
     "g.yaml:4:15: zip: unknown key \"nosie\", expected \"noise\"?"},
    {NETWORK "noise: [0.1, 0.2]\n" DYNAMICS "zip: [[noise, noise]]\n", NULL,
     "g.yaml:4:15: zip: noise is repeated, expected every key once"},
    {"network: { neurons: [1, 2, 3], patterns: 3 }\nnoise: [0.1, 0.2]\n" DYNAMICS
     "zip: [[neurons, noise]]\n",
     NULL, "g.yaml:4:17: zip: noise has 2 values and network.neurons has 3, expected as many"},
    {"network: { neurons: [1, 1], patterns: 3 }\nnoise: [0.1, 0.2]\n" DYNAMICS
     "zip: [[neurons, noise]]\n",
     NULL,
     "g.yaml:1:25: network.neurons: 1 is repeated, expected distinct values in the first key of a "
     "zip; put another key first"},
    {"network: { neurons: [1, 2], patterns: 3 }\nnoise: [0.1, 0.2]\ndynamics: { sweeps: [1, 2] "
     "}\nzip: [[neurons, noise], [sweeps, noise]]\n",
     NULL, "g.yaml:4:34: zip: noise is repeated, expected every key once"},
    {NETWORK "noise: [0.1, 0.2]\n" DYNAMICS "zip: [[noise, temperature]]\n", NULL,
     "g.yaml:4:15: zip: unknown key \"temperature\", expected the name of an axis"},
    {"network: { neurons: 1, patterns: 4096, dilution: {from: 0, to: 1, steps: 100000} }\nnoise: "
     "1\n" DYNAMICS,
     NULL,
     "g.yaml:1:1: 100000 values of dilution for 4096 patterns, expected at most 134217728 in all; "
     "shorten "
     "network.dilution or lower network.patterns"},
    {"network: { neurons: x, paterns: 3 }\nnoise: -1\ndynamics: { sweep: 10 }\n", NULL,
     "g.yaml:1:24: unknown key \"paterns\" in network, expected \"patterns\"?\n"
     "g.yaml:3:13: unknown key \"sweep\" in dynamics, expected \"sweeps\"?\n"
     "g.yaml:1:21: network.neurons: x is not a number, expected an integer from 1 to 1073741824\n"
     "g.yaml:1:1: network.patterns is missing, expected an integer from 1 to 4096\n"
     "g.yaml:2:8: noise: -1 is out of range, expected a number from 0 to 1e+300\n"
     "g.yaml:3:1: dynamics.sweeps is missing, expected an integer from 1 to 1000000000000"},
    {NETWORK "noise: { from: 1, to: 1, steps: 3 }\n" DYNAMICS, NULL,
     "g.yaml:2:23: noise: from and to are both 1, expected two ends"},
    {NETWORK "# caf\xc3\xa9 \xf1\n" NOISE DYNAMICS, NULL,
     "g.yaml:2:8: the byte 0xf1 is not text here, expected a file in UTF-8"},
};

/* Every wrong file, one after the other. */
START_TEST(test_bad_files)
{
    for (size_t i = 0; i < sizeof(BAD) / sizeof(BAD[0]); i++)
        ph_bad_check(&BAD[i]);
}
END_TEST

/* A file of a thousand errors shows the first hundred and counts the rest. */
START_TEST(test_many_errors)
{
    char text[8192] = NETWORK DYNAMICS "noise: [x";
    ph_grid_t grid;
    ph_report_t report;
    ph_grid_init(&grid);
    ph_report_init(&report);
    for (int i = 1; i < 1000; i++)
        strcat(text, ", x");
    strcat(text, "]\n");
    ck_assert_int_eq(ph_grid_parse(&grid, text, "g.yaml", 0, NULL, &report), PH_ERR_INPUT);
    ck_assert_uint_eq(ph_report_errors(&report), 100);
    ck_assert_str_eq(report.messages[100].text, "g.yaml: 900 more errors are not shown");
    ph_report_free(&report);
}
END_TEST

/* Files that cannot be read, and bytes that are no text. */
START_TEST(test_files)
{
    static const struct {
        const char *bytes;
        size_t size;
        int status;
    } cases[] = {{"noise: 1\0", 9, PH_ERR_INPUT},
                 {"title: \xff\n", 9, PH_ERR_INPUT},
                 {"\xef\xbb\xbf" NETWORK NOISE DYNAMICS,
                  sizeof("\xef\xbb\xbf" NETWORK NOISE DYNAMICS) - 1, PH_OK},
                 {"noise: 0.1\r\ndynamics:\r\n  sweeps: 10\r\nnetwork:\r\n  patterns: 3\r\n"
                  "  neurons: 5\r\n",
                  76, PH_OK}};
    char path[] = "/tmp/polyhebb-grid-XXXXXX";
    ph_grid_t grid;
    ph_grid_init(&grid);
    ck_assert_int_eq(ph_grid_load(&grid, "/nonexistent/grid.yaml", 0, NULL, NULL), PH_ERR_IO);
    ck_assert_int_eq(ph_grid_load(&grid, "/", 0, NULL, NULL), PH_ERR_FORMAT);
    const int descriptor = mkstemp(path);
    ck_assert_int_ge(descriptor, 0);
    close(descriptor);
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        FILE *file = fopen(path, "wb");
        ck_assert_ptr_nonnull(file);
        ck_assert_uint_eq(fwrite(cases[i].bytes, 1, cases[i].size, file), cases[i].size);
        fclose(file);
        const int status = ph_grid_load(&grid, path, 0, NULL, NULL);
        ck_assert_msg(status == cases[i].status, "file %zu: status %d", i, status);
        ph_grid_free(&grid);
    }
    unlink(path);
}
END_TEST

PH_TEST_MAIN("badgrid", test_bad_files, test_many_errors, test_files)
