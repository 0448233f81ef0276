# SPDX-License-Identifier: GPL-3.0-or-later
"""Pages name each other as files of the project, docs/compare.md: links of the site."""
import posixpath
import re

NAMED = re.compile(r"`docs/([a-z]+\.md)`|\(docs/([a-z]+\.md)((?:, sections? [^)]*)?)\)")


def on_page_markdown(markdown, page, config, files):
    def link(match):
        target = match.group(1) or match.group(2)
        if files.get_file_from_path(target) is None or target == page.file.src_path:
            return match.group(0)
        here = posixpath.relpath(target, posixpath.dirname(page.file.src_path) or ".")
        named = f"[`docs/{target}`]({here})"
        return named if match.group(1) else f"({named}{match.group(3)})"

    # What stands in boxes or is indented is to be typed, or was printed.
    parts = re.split(r"(^```.*?^```$|^    .*$)", markdown, flags=re.M | re.S)
    parts[::2] = [NAMED.sub(link, part) for part in parts[::2]]
    return "".join(parts)
