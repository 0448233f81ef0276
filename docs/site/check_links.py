# SPDX-License-Identifier: GPL-3.0-or-later
"""check_links.py SITE: every link, image and anchor of the manual's pages that lies on the site is there, and nothing is
fetched from elsewhere to show them."""
import pathlib
import sys
import urllib.parse
from html.parser import HTMLParser


class Page(HTMLParser):
    def __init__(self, path):
        super().__init__()
        self.links, self.anchors, self.needs = [], set(), []
        self.feed(path.read_text(encoding="utf-8"))

    def handle_starttag(self, tag, attributes):
        values = dict(attributes)
        self.anchors |= {values[name] for name in ("id", "name") if values.get(name)}
        self.needs += [values[name] for name in ("href", "src")
                       if tag in ("link", "script", "img") and values.get("rel") != "canonical" and values.get(name)]
        self.links += [values[name] for name in ("href", "src") if values.get(name)]


def target(site, path, link):
    """The page and anchor that a link leads to; None: out of the site."""
    parts = urllib.parse.urlsplit(link)
    if parts.scheme or parts.netloc:
        return None
    where = urllib.parse.unquote(parts.path)
    to = (site / where.lstrip("/") if where.startswith("/") else path.parent / where) if where else path
    return (to / "index.html" if to.is_dir() else to).resolve(), urllib.parse.unquote(parts.fragment)


def main():
    site = pathlib.Path(sys.argv[1]).resolve()
    pages = {path.resolve(): Page(path) for path in site.rglob("*.html") if "reference" not in path.parts}
    bad = seen = 0
    for path, page in pages.items():
        for link in page.needs:
            if urllib.parse.urlsplit(link).netloc:
                print(f"{path.relative_to(site)}: {link} is fetched from elsewhere")
                bad += 1
        for link in page.links:
            found = target(site, path, link)
            if found is None or path.name == "404.html":
                continue
            seen += 1
            to, anchor = found
            if not to.exists() or (anchor and to in pages and anchor not in pages[to].anchors):
                print(f"{path.relative_to(site)}: there is no {link}")
                bad += 1
    print(f"{len(pages)} pages, {seen} links, {bad} faults")
    return 1 if bad or seen < 100 else 0


sys.exit(main())
