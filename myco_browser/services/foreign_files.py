"""What other browsers keep, read from copies: theirs may be running, and stays untouched.

A database is copied with its write-ahead log, and copied again if either changed meanwhile; the
copy lies in a folder for us alone and goes at the end.
"""

from __future__ import annotations

import contextlib
import json
import shutil
import sqlite3
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from myco_browser.services.bookmarks import Bookmark, Tree
from myco_browser.services.foreign_profiles import Family, ForeignProfile

MAX_VISITS = 200_000
"""Of a longer history the newest are taken."""

_TRIES = 5
# What SQLite keeps beside a database while it is written: without it, the copy may be half.
_BESIDE = ("-wal", "-journal")
_MAX_JSON = 64 * 1024 * 1024


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
    problems: tuple[str, ...] = ()

    @property
    def bookmarks(self) -> int:
        """How many pages, folders not counted."""
        return sum(map(count_pages, (*self.bar, *self.other)))


class UnreadableError(Exception):
    """A file of the other browser cannot be read; the text says why."""


def read_profile(profile: ForeignProfile) -> Findings:
    """Everything that can be brought over. Slow: reads whole files. Raises nothing expected."""
    # Each family has its module; both need what is below.
    if profile.family is Family.FIREFOX:
        from myco_browser.services.firefox_files import read_firefox

        return read_firefox(profile.folder)
    from myco_browser.services.chromium_files import read_chromium

    return read_chromium(profile.folder)


def count_pages(tree: Tree) -> int:
    """The pages in a tree."""
    return int(tree.item.url is not None) + sum(map(count_pages, tree.inside))


def page(title: str, url: str, added: int, tags: tuple[str, ...] = ()) -> Tree:
    """A bookmark that is not ours yet."""
    return Tree(Bookmark(0, None, 0, url, title, tags, added))


def folder(title: str, inside: tuple[Tree, ...], added: int = 0) -> Tree:
    """A folder of bookmarks that is not ours yet."""
    return Tree(Bookmark(0, None, 0, None, title, (), added), inside)


@contextlib.contextmanager
def copied_database(path: Path) -> Iterator[sqlite3.Connection]:
    """A connection to a copy of a database. Raises UnreadableError."""
    with tempfile.TemporaryDirectory(prefix="myco-move-in-") as place:
        copy = Path(place, "copy.sqlite")
        try:
            _copy_while_quiet(path, copy)
            connection = sqlite3.connect(copy)
        except (OSError, sqlite3.Error) as error:
            raise UnreadableError(str(error)) from error
        try:
            connection.execute("PRAGMA trusted_schema = OFF")
            yield connection
        except sqlite3.Error as error:
            raise UnreadableError(str(error)) from error
        finally:
            connection.close()


def read_json(path: Path) -> object:
    """A JSON file; None when there is none. Raises UnreadableError."""
    try:
        with path.open("rb") as file:
            content = file.read(_MAX_JSON + 1)
        if len(content) > _MAX_JSON:
            raise UnreadableError("too large")
        found: object = json.loads(content)
    except FileNotFoundError:
        return None
    except OSError as error:
        raise UnreadableError(error.strerror or str(error)) from error
    except (ValueError, RecursionError) as error:
        raise UnreadableError("not valid JSON") from error
    return found


def _copy_while_quiet(path: Path, copy: Path) -> None:
    parts = [(path.with_name(path.name + more), copy.with_name(copy.name + more))
             for more in ("", *_BESIDE)]  # fmt: skip
    for _try in range(_TRIES):
        before = [_state(part) for part, _copy in parts]
        for part, part_copy in parts:
            part_copy.unlink(missing_ok=True)
            if part == path or part.exists():
                shutil.copyfile(part, part_copy)
        if before == [_state(part) for part, _copy in parts] and _is_whole(copy):
            return
    raise sqlite3.OperationalError("it changes all the time; close the other browser")


def _state(path: Path) -> tuple[int, int] | None:
    try:
        found = path.stat()
    except FileNotFoundError:
        return None
    return found.st_mtime_ns, found.st_size


def _is_whole(copy: Path) -> bool:
    connection = sqlite3.connect(copy)
    try:
        (answer,) = connection.execute("PRAGMA quick_check(1)").fetchone()
    finally:
        connection.close()
    return bool(answer == "ok")
