# SPDX-License-Identifier: GPL-3.0-or-later
"""torture.py PROGRAM INJECTOR [--places | --all] [SCENARIO | SCENARIO:SIDE:KIND:CALL:HOW]...

Makes calls of small runs of the program fail, one at a time (inject.c), and holds what follows
against the promises of docs/design.md:

- the exit code is not 0, and a message names a file and the cause; or it is 0 and the result whole;
- no result that was there before is lost, neither from files nor from journals;
- nothing half-written stands under a final name;
- the same command, undisturbed, then comes to the same bits and leaves nothing lying about.

Which calls: a choice that takes some fifteen seconds; with --places one of each place in the program
(the whole stack of callers; drawn from the calls made there, with the seed FAULT_SEED of the environment, 0), in half an
hour; with --all every one, in two hours. Of the allocations of libraries there are LIBRARY_MOST at most. A call that was bad
is printed as it can be given to strike it again. INJECTOR is the library to preload, or "linked" where
the program has it inside. Exit 77 where h5py is missing."""
import os
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import time

try:
    import h5py
    import numpy
except ImportError:
    print("h5py is missing")
    sys.exit(77)

GRID = """title: fault test
seed: 7
network: {{neurons: 64, patterns: 2, dilution: [0.2, 0.5]}}
noise: [{noise}]
dynamics: {{sweeps: {sweeps}, burn_in: 2}}
ensemble: {{samples: {samples}, replicas: 2, lanes: 2}}
"""
SMALL = GRID.format(noise="0.05, 0.3", sweeps=6, samples=2)
GROWN = GRID.format(noise="0.05, 0.2, 0.3", sweeps=9, samples=3)

KINDS = {
    "memory": "memory", "open": "Permission denied", "read": "Input/output error",
    "write": "No space left on device", "sync": "Input/output error", "rename": "Permission denied",
    "close": "Input/output error", "map": "memory", "truncate": "No space left on device",
    "unlink": "Permission denied", "stat": "Input/output error", "lock": "No locks available",
    "process": "Resource temporarily unavailable",
}


SEED = os.environ.get("FAULT_SEED", "0")
# In a choice, of plot only these, because gnuplot takes long. Only plot's own calls fail, up to exec:
# gnuplot is another program, whose calls nothing here can see (tests/cli/test_plot.sh has those).
PLOT_KINDS = ("memory", "open", "write", "process")
# Libraries make ten thousands of allocations a run, and need not live through them.
LIBRARY_MOST = 50


class Server:
    """A program whose main() waits for orders (inject.c)."""

    def __init__(self, program, injector, command, folder):
        orders, self.orders = os.pipe()
        self.answers, answers = os.pipe()
        environment = dict(os.environ, FAULT_SERVER=f"{orders} {answers}", OMP_NUM_THREADS="1", LC_ALL="C")
        if injector != "linked":
            environment["LD_PRELOAD"] = injector

        self.process = subprocess.Popen([program, *command], env=environment, cwd=folder,
                                        pass_fds=(orders, answers))
        os.close(orders)
        os.close(answers)
        self.lines = os.fdopen(self.answers)
        self.seconds = 0.0

    def run(self, folder, kind="open", side="own", at=0, how="none", error=0):
        """One run in a folder: exit code (or minus a signal) and counts {(kind, side): calls}."""
        os.write(self.orders, f"{folder} {kind} {side} {at} {how} {error}\n".encode())
        child = int(self.lines.readline())
        signal.signal(signal.SIGALRM, lambda *_: os.kill(child, signal.SIGABRT))
        signal.alarm(120)
        words = self.lines.readline().split()
        signal.alarm(0)
        status, self.seconds = int(words[0]), self.seconds + int(words[1]) * 1e-6
        counts = {}
        for k in range(2, len(words), 3):
            counts[words[k], "own"] = int(words[k + 1])
            counts[words[k], "library"] = int(words[k + 2])
        return os.waitstatus_to_exitcode(status), counts

    def close(self):
        os.close(self.orders)
        self.process.wait()
        self.lines.close()


def read(path):
    with open(path, "rb") as file:
        return file.read()


def content(path):
    """What must be equal in two equal HDF5 files: all datasets and attributes but /provenance."""
    found = {}

    def visit(name, thing):
        if name.split("/")[0] == "provenance":
            return
        for key, value in thing.attrs.items():
            if key not in ("DIMENSION_LIST", "REFERENCE_LIST"):
                found[name, key] = numpy.asarray(value).tobytes() if not isinstance(value, str) else value
        if isinstance(thing, h5py.Dataset):
            data = thing[()]
            found[name] = str(thing.dtype), thing.shape, (
                data.tolist() if thing.dtype.kind == "O" else numpy.asarray(data).tobytes())

    with h5py.File(path, "r") as file:
        file.visititems(visit)
        return found


class Scenario:
    """A command, and the files it starts from."""

    def __init__(self, name, command, outputs, prepare, text=False, refused=False):
        self.name, self.command, self.outputs, self.prepare = name, command, outputs, prepare
        self.refused = refused  # whether the output's name is that of a file which is not ours
        self.text = text  # whether its standard output is a result


class Torture:
    def __init__(self, program, injector, folder):
        self.program, self.injector, self.folder = program, injector, folder
        self.failures = 0
        self.runs = self.deaths = self.mistaken = 0
        self.good = {}  # bytes of files that were found equal

    def plain(self, folder, *command):
        subprocess.run([self.program, *command], cwd=folder, check=True, stdout=subprocess.DEVNULL,
                       env=dict(os.environ, OMP_NUM_THREADS="1"))

    def equal(self, path, wanted):
        """Whether a file is what it should be."""
        if not path.endswith(".h5"):
            return path.endswith((".png", ".pdf")) and os.path.getsize(path) > 0 or read(path) == wanted
        data = read(path)
        key = hash(data)
        if self.good.get(key) is not wanted:
            try:
                if content(path) != wanted:
                    return False
            except (OSError, KeyError, ValueError, RuntimeError):
                return False
            self.good[key] = wanted
        return True

    def begin(self, scenario):
        """Prepares a scenario: its server, the folder it starts from and what it should come to."""
        base = os.path.join(self.folder, scenario.name)
        self.start, self.room = os.path.join(base, "start"), os.path.join(base, "room")
        shutil.rmtree(base, ignore_errors=True)
        os.makedirs(self.start)
        for name, text in (("grid.yaml", SMALL), ("grown.yaml", GROWN)):
            with open(os.path.join(self.start, name), "w") as file:
                file.write(text)
        scenario.prepare(self, self.start)
        self.scenario = scenario
        self.server = Server(self.program, self.injector, scenario.command, base)
        self.fresh()
        code, self.counts = self.server.run(self.room)
        assert code == 2 if scenario.refused else code in (0, 3, 5), (scenario.name, code, read(self.room + "/.err"))
        self.usual = code
        self.names = self.listing()
        self.text = read(self.room + "/.out")
        self.before, self.wanted = {}, {}
        for name in self.names:
            path = os.path.join(self.room, name)
            self.wanted[name] = content(path) if name.endswith(".h5") else read(path)
        for name in (name for name in os.listdir(self.start) if not name.endswith(".status")):
            path = os.path.join(self.start, name)
            self.before[name] = content(path) if name.endswith(".h5") else read(path)

    def fresh(self):
        shutil.rmtree(self.room, ignore_errors=True)
        shutil.copytree(self.start, self.room)

    def listing(self):
        return sorted(name for name in os.listdir(self.room)
                      if name[0] != "." and not name.endswith(".status"))

    def whole(self, claim=False):
        """What is wrong with the results, or None; a dead claim may be left."""
        if [name for name in self.listing() if not (claim and name.endswith(".claim"))] != self.names:
            return f"files {self.listing()} instead of {self.names}"
        for name in self.names:
            if not self.equal(os.path.join(self.room, name), self.wanted[name]):
                return f"{name} is not what it should be"
        if self.scenario.text and read(self.room + "/.out") != self.text:
            return "another text"
        return None

    def lost(self, kind):
        """What was lost or is half-written after a failure, or None."""
        for name in sorted(set(self.listing()) | set(self.before)):
            path = os.path.join(self.room, name)
            if not os.path.exists(path):
                if name in self.wanted or not os.path.exists(self.target()):
                    return f"{name} is lost"
                continue
            if name.endswith((".partial", ".claim")):
                if kind not in ("unlink", "kill", "stat"):
                    return f"{name} is left"
            elif name.endswith(".journal"):
                if name in self.before and not self.finished() and not read(path).startswith(self.before[name]):
                    return f"{name} is shorter or another"
            elif not (name in self.before and self.equal(path, self.before[name])
                      or name in self.wanted and self.equal(path, self.wanted[name])
                      or self.scenario.name in ("run", "resume", "extend", "start") and self.part(path)):
                return f"{name} is neither old nor new"
        return None

    def target(self):
        return os.path.join(self.room, self.scenario.outputs[0]) if self.scenario.outputs else ""

    def finished(self):
        target = self.target()
        return os.path.exists(target) and self.equal(target, self.wanted[os.path.basename(target)])

    def part(self, path):
        """Whether a run file holds a part of what it should, and says so."""
        return path.endswith(".h5") and subprocess.run(
            [self.program, "check", path], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL).returncode in (0, 75)

    def message(self, kind, code):
        """What is wrong with exit code and message of a failure, or None."""
        text = read(self.room + "/.err").decode(errors="replace")
        if code < 0 or code not in (1, 2, 75) or "Sanitizer" in text or "runtime error" in text:
            return f"exit {code}"
        # Where a table is longer than stdio's buffer, stdio forgets why a write failed.
        forgotten = kind == "write" and "an earlier write failed" in text
        if KINDS[kind].lower() not in text.lower() and not forgotten:
            return f"exit {code}, the cause is not named"
        if KINDS[kind] != "memory" and not any(name in text for name in self.known()):
            return f"exit {code}, no file is named"
        return None

    def known(self):
        names = {*self.before, *self.wanted, "standard output", "gnuplot", "plots/", "fork", "thread"}
        return names

    def strike(self, kind, side, at, how):
        self.fresh()
        self.runs += 1
        code, _ = self.server.run(self.room, kind, side, at, how)
        said = read(self.room + "/.err").decode(errors="replace")
        bad = None
        if code == self.usual:
            bad = self.whole(claim=kind in ("unlink", "stat"))
            bad = bad and f"exit {code} and " + bad
        elif side == "library" and kind == "memory" and self.message(kind, code):
            # libhdf5 1.10 and libfyaml 0.7 do not live through allocations of their own that fail, and
            # libgomp ends the program: as good as a kill.
            self.deaths += 1
            self.mistaken += code == 4
            bad = self.lost("kill")
        elif how == "short":
            bad = f"short reads and writes: exit {code}"
        elif how == "kill":
            bad = self.lost("kill")
        else:
            bad = self.message(kind, code) or self.lost(kind)
        again = ""
        if not bad:
            code, _ = self.server.run(self.room)
            bad = f"the same command again: exit {code}" if code != self.usual else self.whole()
            bad = bad and "again: " + bad
            again = read(self.room + "/.err").decode(errors="replace")
        if bad:
            self.failures += 1
            print(f"not ok {self.scenario.name}:{side}:{kind}:{at}:{how}: {bad}\n    " +
                  "\n    ".join((said + again).strip().split("\n")), flush=True)

    def places(self):
        """The calls of a run by where they are made: {(kind, side): [[number, ...], ...]}."""
        self.fresh()
        self.server.run(self.room, how="places")
        seen, found = {}, {}
        for line in read(self.room + "/.places").decode().splitlines():
            kind, side, place = line.split()
            seen[kind, side] = seen.get((kind, side), 0) + 1
            found.setdefault((kind, side), {}).setdefault(place, []).append(seen[kind, side])
        return {key: list(places.values()) for key, places in found.items()}

    def calls_of(self, kind, side, count, chance, places=None):
        """Which calls to strike, as (manner, numbers): all; with `places` one of each of them; else with
        `chance` one of each kind and side."""
        hows = ["once", "ever"]
        hows += ["short"] if kind in ("read", "write") else []
        hows += ["kill"] if kind in ("write", "rename", "unlink", "sync") and self.scenario.outputs else []
        if count == 0:
            return
        if places is None and chance is not None:
            yield chance.choice(hows), [chance.randint(1, count)]
            return
        for how in hows:
            numbers = range(1, count + 1) if places is None else [chance.choice(calls) for calls in places]
            if side == "library" and kind == "memory" and len(numbers) > LIBRARY_MOST:
                numbers = random.Random(f"{how} {SEED}").sample(numbers, LIBRARY_MOST)
            yield how, numbers[:1] if how == "short" else sorted(numbers)

    def all_of(self, scenario, which):
        """Strikes calls of a scenario: "all", one of each of its "places", or a "choice"."""
        self.begin(scenario)
        chance = None if which == "all" else random.Random(f"{scenario.name} {SEED}")
        places = self.places() if which == "places" else {}
        runs, failures = self.runs, self.failures
        for (kind, side), count in self.counts.items():
            if which == "choice" and scenario.name == "plot" and (side == "library" or kind not in PLOT_KINDS):
                continue
            here = places.get((kind, side), []) if which == "places" else None
            for how, numbers in self.calls_of(kind, side, count, chance, here):
                for at in numbers:
                    self.strike(kind, side, at, how)
        self.server.close()
        print(f"# {scenario.name}: {sum(self.counts.values())} calls, {self.runs - runs} made to fail, "
              f"{self.failures - failures} bad, {self.server.seconds:.1f} s of processor time", flush=True)

    def again(self, scenario, words):
        """One strike, SIDE:KIND:CALL:HOW."""
        side, kind, at, how = words.split(":")
        self.begin(scenario)
        self.strike(kind, side, int(at), how)
        self.server.close()


def nothing(torture, folder):
    pass


def a_run(torture, folder):
    torture.plain(folder, "run", "grid.yaml", "-q", "-o", "run.h5")


def a_theory(torture, folder):
    a_run(torture, folder)
    torture.plain(folder, "theory", "run.h5", "-o", "theory.h5")


def notes(torture, folder):
    """A run, and a file of somebody's own under the name of the output."""
    a_run(torture, folder)
    with open(os.path.join(folder, "notes.txt"), "w") as file:
        file.write("what nobody may overwrite\n")


def start_file(torture, folder):
    with open(os.path.join(folder, "start.txt"), "w") as file:
        file.write("+1 -1\n" * 32)


def shards(torture, folder):
    for k in range(2):
        torture.plain(folder, "run", "grid.yaml", "-q", "-o", "run.h5", "-s", f"{k}/2")


def images(torture, folder):
    """Images in PGM and HDF5, and labels in a text."""
    with open(os.path.join(folder, "images.pgm"), "wb") as file:
        for k in range(4):
            file.write(b"P5 3 2 255\n" + bytes((37 * k + 50 * p) % 256 for p in range(6)))
    with open(os.path.join(folder, "labels.txt"), "w") as file:
        file.write("1 2 1 2\n")
    torture.plain(folder, "encode", "images.pgm", "-o", "images.h5")


def killed(torture, folder):
    """A run that was killed in the middle of its journal."""
    server = Server(torture.program, torture.injector, RUN, folder)
    room = os.path.join(folder, ".count")
    os.makedirs(room)
    shutil.copy(os.path.join(folder, "grid.yaml"), room)
    _, counts = server.run(room)
    shutil.rmtree(room)
    for at in range(counts["write", "own"] // 2, 0, -1):
        server.run(folder, "write", "own", at, "kill")
        for name in (".out", ".err", "run.h5.claim", "run.h5.partial"):
            if os.path.exists(os.path.join(folder, name)):
                os.remove(os.path.join(folder, name))
        if os.path.exists(os.path.join(folder, "run.h5.journal")) and not os.path.exists(os.path.join(folder, "run.h5")):
            break
    server.close()
    assert os.path.getsize(os.path.join(folder, "run.h5.journal")) > 300


RUN = ["run", "grid.yaml", "-q", "-j", "1", "-o", "run.h5"]
SCENARIOS = [
    Scenario("run", RUN, ["run.h5"], nothing),
    Scenario("resume", RUN, ["run.h5"], killed),
    Scenario("extend", ["run", "grown.yaml", "-q", "-j", "1", "-o", "run.h5"], ["run.h5"], a_run),
    Scenario("merge", ["merge", "-o", "run.h5", "run.0-of-2.h5", "run.1-of-2.h5"], ["run.h5"], shards),
    Scenario("theory", ["theory", "run.h5", "-j", "1", "-o", "theory.h5"], ["theory.h5"], a_run),
    Scenario("phase", ["phase", "grid.yaml", "-j", "1", "-o", "phase.h5"], ["phase.h5"], nothing),
    Scenario("export", ["export", "run.h5", "--csv", "-o", "run.csv"], ["run.csv"], a_run),
    Scenario("start", RUN + ["-S", "dynamics.start={kind: file, file: start.txt}"], ["run.h5"], start_file),
    Scenario("notes-export", ["export", "run.h5", "-o", "notes.txt"], [], notes, refused=True),
    Scenario("notes-theory", ["theory", "run.h5", "-j", "1", "-o", "notes.txt"], [], notes, refused=True),
    Scenario("print", ["export", "run.h5"], [], a_run, text=True),
    Scenario("compare", ["compare", "run.h5"], [], a_theory, text=True),
    Scenario("check", ["check", "run.h5"], [], a_run, text=True),
    Scenario("check-grid", ["check", "grid.yaml"], [], nothing),
    Scenario("encode", ["encode", "images.pgm", "--labels", "labels.txt", "-s", "2x2", "-c", "-o", "data.txt"], ["data.txt"], images),
    Scenario("encode-hdf5", ["encode", "images.h5", "-d", "patterns", "-o", "patterns.h5"], ["patterns.h5"], images),
    Scenario("plot", ["plot", "run.h5"], ["run.pdf"], a_run),
]


def main():
    program, injector, *wanted = [word for word in sys.argv[1:] if not word.startswith("--")]
    which = "all" if "--all" in sys.argv else "places" if "--places" in sys.argv else "choice"
    with tempfile.TemporaryDirectory(prefix="polyhebb-fault-") as folder:
        torture = Torture(os.path.abspath(program), injector if injector == "linked" else os.path.abspath(injector), folder)
        for scenario in SCENARIOS:
            if not wanted or scenario.name in wanted:
                torture.all_of(scenario, which)
            for words in wanted:
                if words.startswith(scenario.name + ":"):
                    torture.again(scenario, words[len(scenario.name) + 1:])
    print(f"{torture.runs} faults, {torture.failures} bad; libraries died "
          f"{torture.deaths} times of their own allocations, and {torture.mistaken} times called a file damaged")
    return torture.failures != 0 or torture.runs == 0


sys.exit(main())
