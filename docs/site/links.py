# SPDX-License-Identifier: GPL-3.0-or-later
"""Pages name each other as files of the project, docs/compare.md: links of the site. A page shows the cells of a notebook."""
import json
import pathlib
import posixpath
import re

NAMED = re.compile(r"`docs/([a-z]+\.md)`|\(docs/([a-z]+\.md)((?:, sections? [^)]*)?)\)")


CELLS = re.compile(r"^<!-- cells of (examples/[a-z]+\.ipynb) -->$", re.M)


def shown(cell):
    text = "".join(cell["source"])
    # The notebook's title is the page's.
    return f"```python\n{text}\n```" if cell["cell_type"] == "code" else re.sub(r"^#.*\n", "", text)


def on_page_markdown(markdown, page, config, files):
    def cells(match):
        notebook = pathlib.Path(config["docs_dir"], match.group(1)).read_text(encoding="utf-8")
        return "\n\n".join(shown(cell) for cell in json.loads(notebook)["cells"])

    def link(match):
        target = match.group(1) or match.group(2)
        if files.get_file_from_path(target) is None or target == page.file.src_path:
            return match.group(0)
        here = posixpath.relpath(target, posixpath.dirname(page.file.src_path) or ".")
        named = f"[`docs/{target}`]({here})"
        return named if match.group(1) else f"({named}{match.group(3)})"

    markdown = CELLS.sub(cells, markdown)
    # What stands in boxes or is indented is to be typed, or was printed.
    parts = re.split(r"(^```.*?^```$|^    .*$)", markdown, flags=re.M | re.S)
    parts[::2] = [NAMED.sub(link, part) for part in parts[::2]]
    return "".join(parts)
