#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-3.0-or-later
# The benchmark prints what it says, for machines and for people.
load common

@test "bench --json is JSON with every sampler, and its ratios are those of its rates" {
    run -0 --separate-stderr polyhebb bench --json --largest 1000 --seconds 0.0003 -j 1
    python3 - "$output" <<'END'
import json, statistics, sys
bench = json.loads(sys.argv[1])
assert list(bench) == ["version", "revision", "compiler", "processor", "results", "effective"] and bench["processor"]
rows = bench["results"]
keys = ["sampler", "order", "kernel", "patterns", "neurons", "noise", "replicas", "blocks", "threads",
        "updates_per_second", "spread", "ns_per_class", "ratio_to_naive", "ratio_to_naive_spread",
        "ratio_to_dense"]
assert all(list(row) == keys for row in rows), rows[0]
assert {row["patterns"] for row in rows} == {1, 3, 8, 16}
assert {(row["replicas"], row["blocks"]) for row in rows} - {(32, 2)} == {(1, 1), (64, 1)}
avx2 = "avx2" in open("/proc/cpuinfo").read()
assert {row["sampler"] for row in rows if row["blocks"] == 2} == ({"glauber", "metropolis"} if avx2 else set())
for row in rows:
    lumped = row["sampler"].startswith("lumped")
    assert row["neurons"] == 1000 and not lumped
    assert (row["ns_per_class"] is None) != lumped
    assert row["updates_per_second"] > 0 and row["ratio_to_naive"] > 0
naive, dense = {}, {}
for row in rows:
    rate = row["updates_per_second"] / row["ratio_to_naive"]
    naive.setdefault(row["patterns"], []).append(rate)
    rate = row["updates_per_second"] / row["ratio_to_dense"]
    assert abs(dense.setdefault(row["neurons"], rate) / rate - 1) < 1e-4
# The loop of a K is one and the same for all rows. O(K) an update: never as slow as one over all neurons. Times this
# short tell no more.
naive = {patterns: statistics.median(rates) for patterns, rates in naive.items()}
assert 1e10 > max(naive.values()) and min(naive.values()) > dense[1000] > 1e3, (naive, dense)
samplers = {row["sampler"] for row in rows}
for name in samplers:
    assert len({row["noise"] for row in bench["effective"] if row["sampler"] == name}) == 2
assert {row["sampler"] for row in bench["effective"]} >= samplers
assert all(row["tau"] >= 0.5 and row["samples_per_second"] > 0 for row in bench["effective"])
END
}

@test "one kernel alone; nonsense is refused" {
    run -0 polyhebb bench --kernel sse2 --largest 1000 --seconds 0.0003 -j 1
    [[ "$output" == *sse2* ]]
    for seconds in never 0 -1 nan 61; do
        run -2 polyhebb bench --seconds $seconds --largest 1000
    done
    run -2 polyhebb bench --largest 10
    run -2 polyhebb bench -j 0
}

@test "bench --compare has the ratios to another run, with their noise, and reads nothing else" {
    run -0 --separate-stderr polyhebb bench --json --largest 1000 --seconds 0.0003 -j 1
    echo "$output" >new.json
    python3 - <<'END'
import json
bench = json.load(open("new.json"))
for row in bench["results"]:
    row["updates_per_second"] /= 4
    row["spread"] = 0.5
bench["results"] = [row for row in bench["results"] if row["patterns"] != 8]
json.dump(bench, open("old.json", "w"), indent=1)
END
    run -0 --separate-stderr polyhebb bench --json --compare old.json --largest 1000 --seconds 0.0003 -j 1
    echo "$output" >compared.json
    python3 - <<'END'
import json, math
old = {}
case = lambda row: tuple(row[key] for key in
    ("sampler", "patterns", "replicas", "blocks", "threads")) + (row["kernel"] == "reference",)
for row in json.load(open("old.json"))["results"]:
    old[case(row)] = row
rows = json.load(open("compared.json"))["results"]
assert sum(row["ratio_to_old"] is None for row in rows) == sum(row["patterns"] == 8 for row in rows) > 0
for row in rows:
    if row["patterns"] == 8:
        continue
    other = old[case(row)]
    ratio = row["updates_per_second"] / other["updates_per_second"]
    assert abs(row["ratio_to_old"] / ratio - 1) < 1e-4, row
    assert abs(row["ratio_to_old_noise"] / ratio / math.hypot(row["spread"], 0.5) - 1) < 1e-4, row
    naive = row["updates_per_second"] / row["ratio_to_naive"]
    before = other["updates_per_second"] / other["ratio_to_naive"]
    assert abs(row["naive_to_old"] * before / naive - 1) < 1e-4, row
END
    run -0 polyhebb bench --compare old.json --largest 1000 --seconds 0.0003 -j 1
    [[ "${lines[0]}" == *"/old +- noise  naive/old" ]]
    [[ "${lines[1]}" == *" +- "* ]]
    for text in '' '[1' '{"results": 3}' '{"results": [{"sampler": "glauber"}]}' 'noise: 0.5'; do
        printf '%s' "$text" >bad.json
        run -2 polyhebb bench --compare bad.json
        [[ "$output" == *"bad.json"*"expected what bench --json prints"* ]]
    done
    run polyhebb bench --compare missing.json
    [ "$status" -ne 0 ]
    [[ "$output" == *missing.json* ]]
}

@test "the runs that are kept are whole, are of what their names say, are compared with and drawn" {
    source=$DATA/../..
    python3 - "$source"/docs/bench/*.json <<'END'
import json, pathlib, sys
for path in sys.argv[1:]:
    run = json.load(open(path))
    assert pathlib.Path(path).stem.endswith("-" + run["version"]), (path, run["version"])
    assert {row["neurons"] for row in run["results"]} == {1000, 10000, 1000000}, path
    assert len(run["effective"]) == 14 and run["processor"], path
END
    for kept in "$source"/docs/bench/*.json; do
        run -0 --separate-stderr polyhebb bench --json --compare "$kept" --largest 1000 --seconds 0.0003 -j 1
        [ "$(grep -c '"ratio_to_old": [0-9]' <<<"$output")" -ge 40 ]
    done
    type gnuplot >/dev/null || skip "gnuplot is not installed"
    run -0 "$source/scripts/bench" -o figure.png "$source"/docs/bench/*.json
    [ "${#lines[@]}" -eq "$(ls "$source"/docs/bench/*.json | wc -l)" ]
    for line in "${lines[@]}"; do
        [[ "$line" == *": 8 of 8 panels" ]]
    done
    [ "$(head -c 4 figure.png | tail -c 3)" = PNG ]
    [ "$(od -An -tu1 -j 24 -N 1 figure.png | tr -d ' ')" = 8 ]
    printf '{"results": 3}' >bad.json
    run -2 "$source/scripts/bench" -o bad.png bad.json
    [[ "$output" == *"bad.json: expected what polyhebb bench --json prints"* ]]
    [ ! -e bad.png ]
}

@test "scripts/bench: what is not a run's gives no picture, nor is it executed" {
    type gnuplot >/dev/null || skip "gnuplot is not installed"
    script=$DATA/../../scripts/bench
    kept=("$DATA"/../../docs/bench/*.json)
    python3 - "${kept[0]}" <<'END'
import json, sys
def write(name, run):
    json.dump(run, open(name, "w"))
def changed(name, key, value):
    run = json.load(open(sys.argv[1]))
    for row in run["results"]:
        row[key] = value
    write(name, run)
run = json.load(open(sys.argv[1]))
for key in "processor", "version":
    write(f"bad-{key}.json", run | {key: 'x\nsystem "touch owned"\n# '})
write("bad-umlaut.json", run | {"processor": "\u00fc"})
write("bad-none.json", run | {"results": []})
write("bad-all.json", [run])
changed("bad-infinite.json", "ratio_to_naive", float("inf"))
changed("bad-nan.json", "spread", float("nan"))
changed("bad-nan-ratio.json", "ratio_to_naive_spread", float("nan"))
changed("bad-word.json", "ratio_to_naive", "1")
changed("bad-patterns.json", "patterns", "1\nEND\nsystem \"touch owned\"\n")
END
    for bad in bad-*.json; do
        run -2 "$script" -o bad.png "$bad"
        [[ "$output" == *"$bad: expected what polyhebb bench --json prints"* ]]
    done
    line=$'x\nsystem "touch owned"\n# ' # of a run that does not say its processor
    python3 -c 'import json, sys; r = json.load(open(sys.argv[1])); del r["processor"]; json.dump(r, open(sys.argv[2], "w"))' \
        "${kept[0]}" "$line"
    run -0 "$script" -o named.png "$line"
    run -2 "$script" -o figure.svg "${kept[0]}"
    [[ "$output" == *"figure.svg: expected a name that ends in .png"* ]]
    mkdir few
    python=$(python3 -c 'import sys; print(sys.executable)')
    run -2 env PATH="$PWD/few" "$python" "$script" -o figure.png "${kept[0]}"
    [[ "$output" == *"gnuplot is not installed"* ]]
    printf '#!/bin/sh\nexit 1\n' >few/gnuplot
    chmod +x few/gnuplot
    echo before >figure.png
    run -1 env PATH="$PWD/few:$PATH" "$script" -o figure.png "${kept[0]}"
    [[ "$output" == *"figure.png is not written: gnuplot failed"* ]]
    [ "$(cat figure.png)" = before ]
    for none in owned bad.png figure.png.tmp figure.svg; do
        [ ! -e $none ]
    done
}
