"""The open windows and tabs of a session, and those closed of late, as values.

`session_json` turns them into JSON and back; this module holds the words and their limits.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import NamedTuple

from myco_browser.domain.addresses import MAX_URL, parse_web_address, scheme_of

MAX_WINDOWS = 200
MAX_TABS = 10_000
MAX_ENTRIES = 50
MAX_CLOSED = 25
MAX_TITLE = 512
MAX_ENGINE_HISTORY = 65_536
"""Longest engine history in characters of base64; a longer one is left out, its pages stay."""

_PAGE = re.compile(r"(?:about:[a-z-]*|myco://[a-z][a-z0-9-]*(?:[/?#].*)?)")


class HistoryEntry(NamedTuple):
    """One page a tab went through. `scroll` is in CSS pixels from the top."""

    url: str
    title: str = ""
    scroll: int = 0


@dataclass(frozen=True, slots=True)
class TabState:
    """One tab. `index` is the entry it stands on, `zoom` in percent, `last_seen` Unix seconds.

    `engine_history` is what the engine itself wrote, in base64: it brings back form fields and
    positions as well, but only the engine that wrote it can read it.
    """

    url: str
    title: str = ""
    favicon: str | None = None
    pinned: bool = False
    muted: bool = False
    zoom: int | None = None
    entries: tuple[HistoryEntry, ...] = ()
    index: int = 0
    engine_history: str | None = None
    last_seen: int = 0


class Geometry(NamedTuple):
    """Where a window is, in device-independent pixels."""

    x: int
    y: int
    width: int
    height: int


@dataclass(frozen=True, slots=True)
class WindowState:
    """One window; `active` is the index of the tab in front. There is at least one tab."""

    id: int
    tabs: tuple[TabState, ...]
    active: int = 0
    geometry: Geometry | None = None
    maximised: bool = False


class ClosedTab(NamedTuple):
    """A closed tab and where it was. `closed_at` is in Unix seconds."""

    tab: TabState
    window_id: int
    position: int
    closed_at: int


class ClosedWindow(NamedTuple):
    """A closed window with its tabs. `closed_at` is in Unix seconds."""

    window: WindowState
    closed_at: int


Closed = ClosedTab | ClosedWindow


class SessionState(NamedTuple):
    """Everything that comes back after a restart; the most recently closed comes last."""

    windows: tuple[WindowState, ...] = ()
    closed: tuple[Closed, ...] = ()


def remember_closed(closed: tuple[Closed, ...], item: Closed) -> tuple[Closed, ...]:
    """The stack with `item` on top; the oldest falls off."""
    return (*closed, item)[-MAX_CLOSED:]


def is_restorable(url: str) -> bool:
    """May a tab be reopened at `url`: a page of the web, a file, or one of our own?

    Scripts and inline documents never are: a state file must not be a way to run them.
    """
    if len(url) > MAX_URL or not url.isprintable():
        return False
    match scheme_of(url):
        case "http" | "https":
            return parse_web_address(url) is not None
        case "file":
            return url.startswith("file:///")
        case "about" | "myco":
            return _PAGE.fullmatch(url) is not None
        case "view-source":
            inner = url[12:]
            return scheme_of(inner) in {"http", "https", "file"} and is_restorable(inner)
        case _:
            return False
