# SPDX-License-Identifier: GPL-3.0-or-later
"""Pages name each other as files of the project, docs/compare.md: links of the site. A page shows what lies in other files."""
import json
import pathlib
import posixpath
import re

NAMED = re.compile(r"`docs/([a-z]+\.md)`|\(docs/([a-z]+\.md)((?:, sections? [^)]*)?)\)")


HERE = re.compile(r"^<!-- here: ([A-Za-z/.]+)(?:, ([A-Za-z ]+))? -->$", re.M)


def shown(path, title):
    """What a page shows of a file of the project: a notebook's cells, a section of a page, or all of it in a box."""
    text = path.read_text(encoding="utf-8")
    if path.suffix == ".ipynb":
        cells = [("".join(cell["source"]), cell["cell_type"]) for cell in json.loads(text)["cells"]]
        # The notebook's title is the page's.
        return "\n\n".join(f"```python\n{cell}\n```" if kind == "code" else re.sub(r"^# .*\n", "", cell) for cell, kind in cells)
    if title:
        found = re.search(rf"^## {title}\n.*?(?=^## |\Z)", text, re.M | re.S)
        if found is None:
            raise ValueError(f"{path} has no section {title}")
        return found.group(0)
    return f"```\n{text}```"


def deepened(markdown):
    """What belongs to an item of a list is indented by two; mkdocs wants four, and where there are paragraphs within the
    items a blank line between them."""
    within = boxed = loose = False
    lines = []
    for line in markdown.split("\n"):
        boxed ^= line.startswith("```")
        begins = not boxed and line.startswith("- ")
        if begins and loose and lines[-1]:
            lines.append("")
        within = not boxed and (begins or within and (not line or line.startswith("  ")))
        loose = within and (loose or not line)
        lines.append("  " + line if within and line.startswith("  ") else line)
    return "\n".join(lines)


def on_page_markdown(markdown, page, config, files):
    root = pathlib.Path(config["docs_dir"]).parent

    def link(match):
        target = match.group(1) or match.group(2)
        if files.get_file_from_path(target) is None or target == page.file.src_path:
            return match.group(0)
        here = posixpath.relpath(target, posixpath.dirname(page.file.src_path) or ".")
        named = f"[`docs/{target}`]({here})"
        return named if match.group(1) else f"({named}{match.group(3)})"

    markdown = HERE.sub(lambda match: shown(root / match.group(1), match.group(2)), markdown)
    # What stands in boxes or is indented is to be typed, or was printed.
    parts = re.split(r"(^```.*?^```$|^    [^\n]*$)", markdown, flags=re.M | re.S)
    parts[::2] = [NAMED.sub(link, part) for part in parts[::2]]
    return deepened("".join(parts))
