# SPDX-License-Identifier: GPL-3.0-or-later
"""What the manual shows to be typed, and what it shows as printed, is held by a test.

blocks.py SOURCE PROGRAM BUILD        every block of README.md, CONTRIBUTING.md and docs/ is one of the rows of blocks_held.py,
                                      every row has a block, and what no test runs is parsed by the program itself
blocks.py pieces SOURCE PAGE TEST     what TEST (tests/cli/NAME) runs of a page: N.sh is what is typed up to the N-th box,
                                      N.txt what that box shows
A block is what is indented by four or fenced, as in Markdown: what is fenced was printed. In the page of man it is an example.
"""
import dataclasses
import fnmatch
import pathlib
import re
import sys
import tempfile

sys.path.insert(0, str(pathlib.Path(__file__).parent))
sys.dont_write_bytecode = True
import blocks_held as held  # noqa: E402
from blocks_parse import Parser  # noqa: E402

COMMAND = re.compile(r"^(\./|\. |\$|polyhebb |meson |ninja |python3? |bash |sh |cat |cc |scripts/|build)")


@dataclasses.dataclass
class Block:
    page: str
    line: int
    fenced: bool
    lines: list

    @property
    def where(self):
        return f"{self.page}:{self.line}: {self.lines[0].strip()[:60]}"


def blocks_of(root, page):
    """All blocks of a page, in order. Front matter between --- is none."""
    lines = (root / page).read_text(encoding="utf-8").split("\n")
    found, i, blank = [], 0, True
    if page.endswith(".1"):
        begins = [n for n, text in enumerate(lines) if text == ".EX"]
        return [Block(page, n + 2, False, [text.replace("\\-", "-") for text in lines[n + 1:lines.index(".EE", n)]]) for n in begins]
    if lines[0] == "---":
        i = lines.index("---", 1) + 1
    while i < len(lines):
        if re.match(r" *```", lines[i]):
            end = next((j for j in range(i + 1, len(lines)) if re.match(r" *```\s*$", lines[j])), None)
            if end is None:
                sys.exit(f"{page}:{i + 1}: a box without an end")
            found.append(Block(page, i + 1, True, lines[i + 1:end] or [""]))
            i, blank = end + 1, True
        elif blank and lines[i].startswith("    "):
            end = i
            while end < len(lines) and (lines[end].startswith("    ") or not lines[end].strip()):
                end += 1
            body = lines[i:end]
            while not body[-1].strip():
                body.pop()
            margin = min(len(text) - len(text.lstrip(" ")) for text in body if text.strip())
            found.append(Block(page, i + 1, False, [text[margin:] for text in body]))
            i, blank = end, True
        else:
            blank = not lines[i].strip() or lines[i].startswith("#")
            i += 1
    return found


def pages(root):
    yield from ("README.md", "CONTRIBUTING.md", "docs/polyhebb.1")
    yield from (str(path.relative_to(root)) for path in sorted(root.glob("docs/**/*.md")))


def bare(text):
    """C, or a line of it, without blanks and the backslashes of long lines."""
    return re.sub(r"[\s\\]", "", text)


def row_of(block):
    for row in held.ROWS:
        if fnmatch.fnmatchcase(block.page, row.page) and block.lines[0].strip().startswith(row.begins):
            return row
    return None


def is_run(row, test):
    return row is not None and row.how in (held.PRINTS, held.RUNS) and row.by == test


def write_pieces(root, page, test):
    number, typed, printed = 1, [], 0
    for block in blocks_of(root, page):
        if not is_run(row_of(block), test):
            continue
        if block.fenced:
            pathlib.Path(f"{number}.sh").write_text("\n".join(typed) + "\n", encoding="utf-8")
            pathlib.Path(f"{number}.txt").write_text("\n".join(block.lines) + "\n", encoding="utf-8")
            number, typed, printed = number + 1, [], printed + 1
        else:
            typed += block.lines
    if typed:
        pathlib.Path(f"{number}.sh").write_text("\n".join(typed) + "\n", encoding="utf-8")
    return 0 if typed or printed else f"blocks.py: {test} runs no block of {page}"


def takes(test, page):
    """Whether a line of a test, which is no comment and no title, takes the pieces of a page."""
    name = re.escape(pathlib.Path(page).name)
    return re.search(rf"^(?!@test\b)[^#\n]*\b(pieces|prints)\s[^#\n]*\b{name}(?!\S)", test, re.M) is not None


def compare_rows(root, row, block):
    """What is wrong with a block that a row claims, but for what Parser finds."""
    text = (root / row.by) if row.how in (held.PRINTS, held.RUNS, held.STANDS) else None
    if text is not None and not text.exists():
        yield f"{row.by} is not there"
    elif row.how in (held.PRINTS, held.RUNS):
        if not takes(text.read_text(encoding="utf-8"), row.page):
            yield f"{row.by} takes no pieces of {row.page}"
    elif row.how is held.STANDS:
        files = [text] if text.is_file() else [path for path in sorted(text.rglob("*")) if path.is_file()]
        there = "".join(bare(path.read_text(encoding="utf-8")) for path in files)
        yield from (f"'{line.strip()}' does not stand in {row.by}" for line in block.lines if bare(line) not in there)
    elif row.how is held.SHOWN:
        yield from (f"'{line.strip()}' looks like a command" for line in block.lines if COMMAND.match(line.strip()))
    if block.fenced and row.how is not held.PRINTS:
        yield "what is fenced was printed, and is to be compared"


def faults(root, parser):
    used = set()
    for page in pages(root):
        blocks = blocks_of(root, page)
        for block in blocks:
            row = row_of(block)
            if row is None:
                yield f"{block.where}: no row of tests/house/blocks_held.py says which test holds this block"
                continue
            used.add(row)
            yield from (f"{block.where}: {fault}" for fault in compare_rows(root, row, block))
            if row.how in (held.PARSED, held.LONG):
                yield from (f"{block.where}: {fault}" for fault in parser.shell(block.lines))
            elif row.how is held.COMPILED:
                yield from (f"{block.where}: {fault}" for fault in parser.c(block.lines, row.by))
            elif row.how is held.SITE:
                yield from (f"{block.where}: {fault}" for fault in parser.site(block.lines))
            elif row.how is held.KEYS:
                yield from (f"{block.where}: {fault}" for fault in parser.grid("\n".join(block.lines)))
        yield from (f"{page}: {fault}" for fault in parser.prose((root / page).read_text(encoding="utf-8")))
    yield from (f"tests/house/blocks_held.py: {row.page}, '{row.begins}': no such block" for row in held.ROWS if row not in used)
    long = (root / "tests/validation/meson.build").read_text(encoding="utf-8")
    yield from (f"{row.page}: tests/validation/meson.build does not run {row.by}" for row in held.ROWS
                if row.how is held.LONG and row.by not in long)


def main():
    if sys.argv[1:2] == ["pieces"]:
        return write_pieces(pathlib.Path(sys.argv[2]), sys.argv[3], sys.argv[4])
    root, program, build = (pathlib.Path(word).resolve() for word in sys.argv[1:4])
    with tempfile.TemporaryDirectory() as place:
        parser = Parser(root, program, build, pathlib.Path(place))
        found = list(faults(root, parser))
    print("\n".join(found))
    counts = {}
    for page in pages(root):
        for block in blocks_of(root, page):
            how = getattr(row_of(block), "how", "held by nothing")
            counts[how] = counts.get(how, 0) + 1
    print(f"{sum(counts.values())} blocks: " + ", ".join(f"{count} {how}" for how, count in sorted(counts.items())) +
          f"; {parser.count} commands parsed")
    return 1 if found or parser.count < 60 else 0


sys.exit(main())
