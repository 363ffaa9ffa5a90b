"""Bookmarks as the HTML file that every browser reads and writes ("Netscape bookmark file").

Read leniently, because browsers write it differently: headings open folders, `DL` ends close them.
What is no address to keep is left out; nothing in the file is run or asked for.
"""

from __future__ import annotations

from html import escape
from html.parser import HTMLParser

from myco_browser.services.bookmarks import Bookmark, Tree, is_keepable

MAX_FILE = 64 * 1024 * 1024
MAX_ITEMS = 200_000
_HEAD = """<!DOCTYPE NETSCAPE-Bookmark-file-1>
<META HTTP-EQUIV="Content-Type" CONTENT="text/html; charset=UTF-8">
<TITLE>Bookmarks</TITLE>
<H1>Bookmarks</H1>
"""


class BookmarkFileError(Exception):
    """The file is no bookmark file."""


def write_html(bar: Tree, other: Tree, bar_title: str) -> str:
    """The file for both folders; that of the bar is marked as such."""
    inside = "".join(_written(tree, 1) for tree in other.inside)
    bar_lines = _folder(bar, bar_title, ' PERSONAL_TOOLBAR_FOLDER="true"', 1)
    return f"{_HEAD}<DL><p>\n{bar_lines}{inside}</DL><p>\n"


def read_html(text: str) -> tuple[tuple[Tree, ...], tuple[Tree, ...]]:
    """What belongs to the bar, and the rest. Raises BookmarkFileError."""
    if "<dl" not in text[:MAX_FILE].lower():
        raise BookmarkFileError("no list of bookmarks")
    reader = _Reader()
    reader.feed(text[:MAX_FILE])
    reader.close()
    return reader.result()


def _written(tree: Tree, depth: int) -> str:
    item, pad = tree.item, "    " * depth
    if item.url is None:
        return _folder(tree, item.title, "", depth)
    tags = f' TAGS="{escape(",".join(item.tags))}"' if item.tags else ""
    return (
        f'{pad}<DT><A HREF="{escape(item.url)}" ADD_DATE="{item.added:d}"{tags}>'
        f"{escape(item.title)}</A>\n"
    )


def _folder(tree: Tree, title: str, mark: str, depth: int) -> str:
    pad = "    " * depth
    inside = "".join(_written(one, depth + 1) for one in tree.inside)
    head = f'{pad}<DT><H3 ADD_DATE="{tree.item.added:d}"{mark}>{escape(title)}</H3>\n'
    return f"{head}{pad}<DL><p>\n{inside}{pad}</DL><p>\n"


class _Open:
    """A folder while its end has not been read."""

    def __init__(self, item: Bookmark, is_bar: bool) -> None:
        self.item = item
        self.is_bar = is_bar
        self.inside: list[Tree] = []


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self._stack = [_Open(_made("", None, "", ""), False)]
        self._bar: list[Tree] = []
        self._heading: dict[str, str] | None = None
        self._link: dict[str, str] | None = None
        self._waiting: _Open | None = None
        self._text: list[str] = []
        self._count = 0

    def result(self) -> tuple[tuple[Tree, ...], tuple[Tree, ...]]:
        while len(self._stack) > 1:
            self._end_folder()
        return tuple(self._bar), tuple(self._stack[0].inside)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = {name: value or "" for name, value in attrs}
        if tag == "h3":
            self._heading, self._text = values, []
        elif tag == "a":
            self._link, self._text = values, []
        elif tag == "dl" and self._waiting is not None:
            self._stack.append(self._waiting)
            self._waiting = None

    def handle_endtag(self, tag: str) -> None:
        text = " ".join("".join(self._text).split())
        if tag == "h3" and self._heading is not None:
            mark = self._heading.get("personal_toolbar_folder", "").lower() == "true"
            made = _made(text, None, self._heading.get("add_date", ""), "")
            self._waiting, self._heading = _Open(made, mark), None
        elif tag == "a" and self._link is not None:
            self._add_link(text, self._link)
            self._link = None
        elif tag == "dl" and len(self._stack) > 1:
            self._end_folder()

    def handle_data(self, data: str) -> None:
        if self._heading is not None or self._link is not None:
            self._text.append(data)

    def _add_link(self, text: str, values: dict[str, str]) -> None:
        url = values.get("href", "").strip()
        if not is_keepable(url) or self._count >= MAX_ITEMS:
            return
        self._count += 1
        item = _made(text or url, url, values.get("add_date", ""), values.get("tags", ""))
        self._stack[-1].inside.append(Tree(item))

    def _end_folder(self) -> None:
        done = self._stack.pop()
        if done.is_bar:
            self._bar += done.inside
        else:
            self._stack[-1].inside.append(Tree(done.item, tuple(done.inside)))


def _made(title: str, url: str | None, added: str, tags: str) -> Bookmark:
    seconds = int(added) if added.isdecimal() and len(added) < 17 else 0
    while seconds > 10**11:  # some browsers write milli- or microseconds
        seconds //= 1000
    words = tuple(tag.strip() for tag in tags.split(",") if tag.strip())
    return Bookmark(0, None, 0, url, title, words, seconds)
