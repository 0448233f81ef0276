# SPDX-License-Identifier: GPL-3.0-or-later
"""Command lines that no test runs, read as far as can be without running them: polyhebb's own by the program, where --help
behind all else has it look at every option and do nothing; meson's by the tests, targets and options of the build."""
import glob
import json
import os
import re
import shlex
import subprocess

# Words of a shell and of systems, whose own lines are not ours to check.
OTHERS = set(""": . [ awk bash cat cd cmp do done echo else eval exit export fi for grep h5diff h5dump hq if in ln mkdir module
parallel paste pkg-config python3 qsub sbatch sed seq sh sleep srun test then time top true while xargs zcat code fold cut disBatch
cc for i""".split())
SPAN = re.compile(r"(?<!`)`polyhebb ([^`]+)`(?!`)")


class Parser:
    def __init__(self, root, program, build, place):
        self.root, self.program, self.build, self.place = root, program, build, place
        self.count, self.seen = 0, {}
        about = build / "meson-info"
        tests = json.loads((about / "intro-tests.json").read_text())
        self.tests = {test["name"] for test in tests}
        self.suites = {suite.split(":")[-1] for test in tests for suite in test["suite"]}
        # A suite whose programs this machine lacks is one all the same.
        for path in (root / "tests").rglob("meson.build"):
            self.suites |= set(re.findall(r"suite: '(\w+)'", path.read_text()))
        targets = json.loads((about / "intro-targets.json").read_text())
        self.targets = {target["name"] for target in targets}
        self.files = {str(path)[len(str(build)) + 1:] for target in targets for path in target["filename"]}
        self.options = {option["name"] for option in json.loads((about / "intro-buildoptions.json").read_text())}

    def run(self, *words, **variables):
        done = subprocess.run([self.program, *words], cwd=self.place, capture_output=True, text=True, check=False,
                              stdin=subprocess.DEVNULL, timeout=60, env={**os.environ, **variables})
        return done.returncode, done.stdout + done.stderr

    def polyhebb(self, words):
        """A fault, or nothing: polyhebb's words, verb first."""
        words = [re.sub(r"\$\{?\w+\}?", "0", word) for word in words if word not in ("...", "…")]
        key = tuple(words)
        if not words or words[0].isupper() or key in self.seen:
            return self.seen.get(key)
        self.count += 1
        code, said = self.run(*words, "--help")
        # `run --scratch` alone is a name of an option, whose value is left out.
        bad = code != 0 and not re.search(r"needs a value, .* but '--help' follows", said)
        fault = said.split("\n")[0] if bad else self.settings(words)
        self.seen[key] = f"polyhebb {' '.join(words)}: {fault}" if fault else None
        return self.seen[key]

    def settings(self, words):
        """Keys of --set, and files of the project that are to be there."""
        for word in words:
            if re.match(r"(params|scripts|docs|tests|plots)/", word) and not glob.glob(str(self.root / word)):
                return f"there is no {word}"
        given = [words[i + 1] for i, word in enumerate(words[:-1]) if word in ("--set", "-S")]
        given += [word[6:] for word in words if word.startswith("--set=")]
        given = [word for word in given if "=" in word and not word.split("=")[0].isupper()]
        if not given:
            return None
        code, said = self.run("new")
        (self.place / "new.yaml").write_text(said)
        for word in given:
            code, said = self.run("check", "new.yaml", "--set", word)
            if code == 2 and "unknown key" in said:
                return said.split("\n")[0]
        return None

    def grid(self, text):
        """A grid, or a part of one, that a page shows: its keys and their values are known."""
        self.count += 1
        if "network:" not in text:
            text = "network: { neurons: 400, patterns: 3 }\nnoise: 0.1\n" + text
        (self.place / "shown.yaml").write_text(text + "\n")
        code, said = self.run("check", "shown.yaml")
        if code != 0:
            yield said.split("\n")[0]

    def site(self, lines):
        """A site's file, which the scripts for Slurm are written by."""
        self.count += 1
        (self.place / "polyhebb").mkdir(exist_ok=True)
        (self.place / "polyhebb" / "site.yaml").write_text("\n".join(lines) + "\n")
        (self.place / "site-grid.yaml").write_text(self.run("new")[1])
        code, said = self.run("slurm", "site-grid.yaml", "-t", "4h", XDG_CONFIG_HOME=str(self.place))
        if code != 0 or "account=physics" not in (self.place / "site-grid-array.sh").read_text():
            yield f"not taken: {said}"

    def meson(self, words):
        verb = words[0] if words else ""
        rest, skip = [], False
        for word in words[1:]:
            if skip:
                skip = False
            elif word in ("-C", "--suite", "--setup"):
                skip = True
            else:
                rest.append(word)
        for i, word in enumerate(words):
            if word == "--suite" and words[i + 1] not in self.suites:
                return f"no suite {words[i + 1]}"
            if word.startswith("-D") and "=" in word and word[2:].split("=")[0] not in self.options:
                return f"no option {word}"
        names = [word for word in rest if not word.startswith("-")]
        if verb == "test" and set(names) - self.tests:
            return f"no test {set(names) - self.tests}"
        if verb == "compile" and set(names) - self.targets:
            return f"no target {set(names) - self.targets}"
        return None if verb in ("test", "compile", "setup", "configure", "install") else f"no such command of meson: {verb}"

    def command(self, words):
        first = words[0]
        if first == "polyhebb":
            return self.polyhebb(words[1:])
        self.count += 1
        if first == "meson":
            return self.meson(words[1:])
        if first == "ninja":
            return None
        if re.match(r"build[a-z-]*/", first):
            name = first.split("/", 1)[1]
            return None if name in self.files else f"no target is built as {name}"
        if re.match(r"(\./|scripts/)", first):
            return None if (self.root / first).exists() else f"there is no {first}"
        if first in OTHERS or re.match(r"[A-Za-z_]+=", first) or first.startswith("$"):
            return None
        return f"{first}: a command that tests/house/blocks_parse.py does not know"

    def shell(self, lines):
        """The faults of lines as one types them, with here-documents, of which grids are checked."""
        text = re.sub(r"\\\n\s*", " ", "\n".join(lines)).split("\n")
        while text:
            line = text.pop(0)
            here = re.search(r"<<\s*'?(\w+)'?", line)
            if here:
                end = text.index(here.group(1))
                body, text = text[:end], text[end + 1:]
                into = re.search(r">\s*(\S+)", line)
                if into and into.group(1).endswith(".yaml"):
                    yield from self.grid("\n".join(body))
                elif "python" not in line:
                    yield from self.shell([row for row in body if not row.startswith("#")])
                continue
            yield from (fault for fault in map(self.command, commands(line)) if fault)

    def c(self, lines, start):
        """C that a page shows, behind what it leaves out."""
        code = [line for line in lines if not line.startswith("cc ")]
        yield from self.shell([line for line in lines if line.startswith("cc ")])
        self.count += 1
        text = "\n".join(code) if not start else "#include <polyhebb/polyhebb.h>\n" + start + "{\n" + "\n".join(code) + "\n}\n"
        done = subprocess.run(["cc", "-std=c11", "-fsyntax-only", "-Wall", "-Wno-unused", "-Werror", "-I", self.root / "include",
                               "-I", self.build / "include", "-xc", "-"],
                              input=text, capture_output=True, text=True, check=False)
        if done.returncode != 0:
            yield done.stderr.split("\n")[1]

    def prose(self, page):
        """`polyhebb run GRID --shard 0/8` in a sentence."""
        sentences = re.sub(r"^```.*?^```$|^    .*$", "", page, flags=re.M | re.S)
        for span in SPAN.findall(sentences):
            line = " ".join(span.replace(r"\|", "|").split())
            for words in commands("polyhebb " + line):
                fault = self.command(words) if words[0] == "polyhebb" else None
                if fault:
                    yield fault


def commands(line):
    """The simple commands of a line, as words, without redirections, comments and what stands in $(...)."""
    line = re.sub(r"\$\([^()]*\)", "X", line)
    if not line.strip() or line.strip().startswith("#"):
        return
    words, quiet = [], False
    lexer = shlex.shlex(line, posix=True, punctuation_chars="();<>|&")
    lexer.whitespace_split, lexer.commenters = True, "#"
    for word in lexer:
        if quiet:
            quiet = False
        elif set(word) <= set("();|&"):
            if words:
                yield words
            words = []
        elif set(word) <= set("<>&"):
            quiet = True
            if words and words[-1].isdigit():
                words.pop()
        elif not words and (word in ("do", "then", "!", "exec", "time", "!") or re.match(r"[A-Z_]+=", word)):
            continue
        else:
            words.append(word)
    if words:
        yield words
