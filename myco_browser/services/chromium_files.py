"""What Chromium and its kin keep: `Bookmarks` (JSON), the others SQLite."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

from myco_browser.services.bookmarks import Tree
from myco_browser.services.copied_files import (
    FileProblem,
    Unreadable,
    UnreadableError,
    copied_database,
    read_json,
)
from myco_browser.services.foreign_files import (
    MAX_ADDRESS,
    MAX_TITLE,
    MAX_VISITS,
    Findings,
    ForeignEngine,
    ForeignVisit,
    folder,
    page,
)

# Times are microseconds since 1601.
_EPOCH = 11_644_473_600
_MICRO = 1_000_000
_CORE = 0xFF
_TYPED = 1
_FRAMES = (3, 4)
_CHAIN_END = 0x20000000
_MAX_DEPTH = 60
_MAX_ENGINES = 1000

T = TypeVar("T")


def read_chromium(profile: Path, keyring_name: str) -> Findings:
    """Everything of a profile that can be brought over."""
    # Loaded with the profile that needs it: few have passwords to bring.
    from myco_browser.services.chromium_passwords import read_logins

    problems: list[FileProblem] = []

    def read(name: str, work: Callable[[Path], T]) -> T | None:
        path = profile / name
        if not path.exists():
            return None
        try:
            return work(path)
        except UnreadableError as error:
            problems.append(FileProblem(name, error.cause))
            return None

    bar, other = read("Bookmarks", lambda path: _bookmarks(read_json(path))) or ((), ())
    visits = read("History", _visits) or ()
    engines = read("Web Data", _engines) or ()
    logins, left_out = read("Login Data", lambda path: read_logins(path, keyring_name)) or ((), 0)
    return Findings(bar, other, visits, engines, logins, left_out, tuple(problems))


def _bookmarks(whole: object) -> tuple[tuple[Tree, ...], tuple[Tree, ...]]:
    roots = whole.get("roots") if isinstance(whole, dict) else None
    if whole is None:
        return (), ()
    if not isinstance(roots, dict):
        raise UnreadableError(Unreadable.FORM)
    made = {name: _inside(roots.get(name), 0) for name in ("bookmark_bar", "other", "synced")}
    return made["bookmark_bar"], (*made["other"], *made["synced"])


def _inside(raw: object, depth: int) -> tuple[Tree, ...]:
    children = raw.get("children") if isinstance(raw, dict) else None
    if not isinstance(children, list) or depth > _MAX_DEPTH:
        return ()
    return tuple(made for one in children if (made := _tree(one, depth)) is not None)


def _tree(raw: object, depth: int) -> Tree | None:
    if not isinstance(raw, dict):
        return None
    name, url, kind = raw.get("name"), raw.get("url"), raw.get("type")
    title = name if isinstance(name, str) else ""
    added = _seconds(raw.get("date_added"))
    if kind == "folder":
        return folder(title, _inside(raw, depth + 1), added)
    return page(title, url, added) if isinstance(url, str) else None


def _visits(path: Path) -> tuple[ForeignVisit, ...]:
    with copied_database(path) as database:
        rows = database.execute(
            "SELECT u.url, substr(u.title, 1, ?), v.visit_time, v.transition FROM visits v"
            " JOIN urls u ON u.id = v.url WHERE u.hidden = 0 AND v.transition & ?"
            " AND v.transition & ? NOT IN (?, ?) AND length(u.url) <= ?"
            " ORDER BY v.visit_time DESC LIMIT ?",
            (MAX_TITLE, _CHAIN_END, _CORE, *_FRAMES, MAX_ADDRESS, MAX_VISITS),
        )
        return tuple(
            ForeignVisit(url, str(title or ""), _seconds(at), transition & _CORE == _TYPED)
            for url, title, at, transition in rows
            if isinstance(url, str)
        )


def _engines(path: Path) -> tuple[ForeignEngine, ...]:
    """Those that did not come with the browser; its own shortcuts begin with an @."""
    with copied_database(path) as database:
        rows = database.execute(
            "SELECT substr(short_name, 1, ?), substr(keyword, 1, ?), url FROM keywords"
            " WHERE prepopulate_id = 0 AND keyword NOT LIKE '@%' AND length(url) <= ? LIMIT ?",
            (MAX_TITLE, MAX_TITLE, MAX_ADDRESS, _MAX_ENGINES),
        )
        return tuple(
            ForeignEngine(str(name), str(keyword), url.replace("{searchTerms}", "{query}"))
            for name, keyword, url in rows
            if isinstance(url, str) and url.startswith("https:") and "{searchTerms}" in url
        )


def _seconds(raw: object) -> int:
    try:
        return max(0, int(str(raw)) // _MICRO - _EPOCH)
    except ValueError:
        return 0
