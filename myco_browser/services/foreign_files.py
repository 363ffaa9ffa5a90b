"""What other browsers keep, as values; how each family keeps it is in modules of their own."""

from __future__ import annotations

from dataclasses import dataclass

from myco_browser.domain.logins import Login
from myco_browser.services.bookmarks import Bookmark, Tree
from myco_browser.services.copied_files import FileProblem
from myco_browser.services.foreign_profiles import Family, ForeignProfile

MAX_VISITS = 200_000
"""Of a longer history the newest are taken."""

MAX_ROWS = 200_000
"""Bookmarks, and passwords, that are taken at most."""
MAX_TITLE = 512
MAX_ADDRESS = 8192
"""In characters: one long title, told with every visit, would fill the memory."""


@dataclass(frozen=True, slots=True)
class ForeignVisit:
    """A visit; `at` in Unix seconds."""

    url: str
    title: str
    at: int
    typed: bool


@dataclass(frozen=True, slots=True)
class ForeignEngine:
    """A search engine that the user of the other browser added."""

    name: str
    keyword: str
    template: str


@dataclass(frozen=True, slots=True)
class Findings:
    """What a profile holds; `problems` name the files that could not be read, and why."""

    bar: tuple[Tree, ...] = ()
    other: tuple[Tree, ...] = ()
    visits: tuple[ForeignVisit, ...] = ()
    engines: tuple[ForeignEngine, ...] = ()
    logins: tuple[Login, ...] = ()
    other_logins: int = 0
    """Passwords for what is no web address, such as apps: they stay where they are."""
    problems: tuple[FileProblem, ...] = ()

    @property
    def bookmarks(self) -> int:
        """How many pages, folders not counted."""
        return sum(map(count_pages, (*self.bar, *self.other)))


def read_profile(profile: ForeignProfile) -> Findings:
    """Everything that can be brought over. Slow: reads whole files. Raises nothing expected."""
    # Each family has its module; both need what is below.
    if profile.family is Family.FIREFOX:
        from myco_browser.services.firefox_files import read_firefox

        return read_firefox(profile.folder)
    from myco_browser.services.chromium_files import read_chromium

    return read_chromium(profile.folder, profile.keyring_name)


def count_pages(tree: Tree) -> int:
    """The pages in a tree."""
    return int(tree.item.url is not None) + sum(map(count_pages, tree.inside))


def page(title: str, url: str, added: int, tags: tuple[str, ...] = ()) -> Tree:
    """A bookmark that is not ours yet."""
    return Tree(Bookmark(0, None, 0, url, title, tags, added))


def folder(title: str, inside: tuple[Tree, ...], added: int = 0) -> Tree:
    """A folder of bookmarks that is not ours yet."""
    return Tree(Bookmark(0, None, 0, None, title, (), added), inside)
