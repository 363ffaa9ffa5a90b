"""Session state to JSON and back: strict, bounded, and sparing.

A bad part is dropped alone and reported: one bad tab must not cost the other thousand.
"""

from __future__ import annotations

import base64
import binascii
from collections.abc import Callable
from dataclasses import dataclass, field
from enum import Enum, auto
from typing import NamedTuple, TypeVar, cast

from myco_browser.domain.session_state import (
    MAX_CLOSED,
    MAX_ENGINE_HISTORY,
    MAX_ENTRIES,
    MAX_TABS,
    MAX_TITLE,
    MAX_WINDOWS,
    Closed,
    ClosedTab,
    ClosedWindow,
    Geometry,
    HistoryEntry,
    SessionState,
    TabState,
    WindowState,
    is_restorable,
)

T = TypeVar("T")

FORMAT = 1
_MAX_PROBLEMS = 100
_MAX_PIXELS = 1_000_000_000
_MAX_SECONDS = 2**53
_ZOOM = range(25, 501)


class StateCause(Enum):
    """What was wrong with a dropped part."""

    WRONG_FORM = auto()
    UNKNOWN_FORMAT = auto()
    ADDRESS = auto()
    TOO_MANY = auto()
    EMPTY = auto()


class StateProblem(NamedTuple):
    """A part that was dropped: where it stood (`windows.0.tabs.3`) and why."""

    where: str
    cause: StateCause


def state_to_json(state: SessionState) -> dict[str, object]:
    """The state as a JSON object, within the limits; what is over them is left out."""
    return {
        "format": FORMAT,
        "windows": [_window_out(window) for window in state.windows[:MAX_WINDOWS]],
        "closed": [_closed_out(item) for item in state.closed[-MAX_CLOSED:]],
    }


def state_from_json(raw: object) -> tuple[SessionState, tuple[StateProblem, ...]]:
    """Read a state. Never raises; what cannot be read is dropped and reported."""
    reader = _Reader()
    if not isinstance(raw, dict):
        return SessionState(), (StateProblem("", StateCause.WRONG_FORM),)
    if raw.get("format") != FORMAT or isinstance(raw.get("format"), bool):
        return SessionState(), (StateProblem("format", StateCause.UNKNOWN_FORMAT),)
    windows = reader.items(raw.get("windows"), "windows", MAX_WINDOWS, reader.window)
    closed = reader.items(raw.get("closed", []), "closed", MAX_CLOSED, reader.closed)
    return SessionState(windows, closed), tuple(reader.problems)


def _window_out(window: WindowState) -> dict[str, object]:
    row: dict[str, object] = {
        "id": window.id,
        "active": window.active,
        "tabs": [_tab_out(tab) for tab in window.tabs[:MAX_TABS]],
    }
    if window.maximised:
        row["maximised"] = True
    if window.geometry is not None:
        place = window.geometry
        row["geometry"] = [place.x, place.y, place.width, place.height]
    return row


def _tab_out(tab: TabState) -> dict[str, object]:
    first = min(max(0, tab.index - MAX_ENTRIES // 2), max(0, len(tab.entries) - MAX_ENTRIES))
    entries = tab.entries[first : first + MAX_ENTRIES]
    history = tab.engine_history
    if history is not None and len(history) > MAX_ENGINE_HISTORY:
        history = None
    row: dict[str, object] = {
        "url": tab.url,
        "title": tab.title[:MAX_TITLE],
        "favicon": tab.favicon,
        "pinned": tab.pinned,
        "muted": tab.muted,
        "zoom": tab.zoom,
        "entries": [[entry.url, entry.title[:MAX_TITLE], entry.scroll] for entry in entries],
        "index": tab.index - first,
        "engine_history": history,
        "last_seen": tab.last_seen,
    }
    return {key: value for key, value in row.items() if value not in (None, False, 0, [], "")}


def _closed_out(item: Closed) -> dict[str, object]:
    match item:
        case ClosedTab(tab, window_id, position, closed_at):
            return {
                "tab": _tab_out(tab),
                "window_id": window_id,
                "position": position,
                "closed_at": closed_at,
            }
        case ClosedWindow(window, closed_at):
            return {"window": _window_out(window), "closed_at": closed_at}


class _Dropped(Exception):  # noqa: N818 - not an error: the part is left out, reading goes on
    def __init__(self, cause: StateCause) -> None:
        super().__init__(cause.name)
        self.cause = cause


@dataclass(slots=True)
class _Reader:
    """Reads parts, counts tabs over all windows, and collects what was dropped."""

    problems: list[StateProblem] = field(default_factory=list)
    tabs_left: int = MAX_TABS

    def items(
        self, raw: object, where: str, limit: int, read: Callable[[object, str], T]
    ) -> tuple[T, ...]:
        """Read the items of a list one by one."""
        if not isinstance(raw, list):
            self.drop(where, StateCause.WRONG_FORM)
            return ()
        if len(raw) > limit:
            self.drop(where, StateCause.TOO_MANY)
        kept: list[T] = []
        for number, item in enumerate(raw[:limit]):
            place = f"{where}.{number}"
            try:
                kept.append(read(item, place))
            except _Dropped as dropped:
                self.drop(place, dropped.cause)
        return tuple(kept)

    def drop(self, where: str, cause: StateCause) -> None:
        """Note a dropped part; only the first hundred are of interest."""
        if len(self.problems) < _MAX_PROBLEMS:
            self.problems.append(StateProblem(where, cause))

    def window(self, raw: object, where: str) -> WindowState:
        """A window with at least one tab."""
        row = _row(raw)
        tabs = self.items(row.get("tabs"), f"{where}.tabs", MAX_TABS, self.tab)
        if not tabs:
            raise _Dropped(StateCause.EMPTY)
        return WindowState(
            id=_number(row.get("id"), 0, _MAX_SECONDS),
            tabs=tabs,
            active=min(_number(row.get("active", 0), 0, MAX_TABS), len(tabs) - 1),
            geometry=_geometry(row.get("geometry")),
            maximised=_switch(row.get("maximised")),
        )

    def tab(self, raw: object, where: str) -> TabState:
        """A tab; if its own address cannot be reopened, the nearest of its history is."""
        if self.tabs_left == 0:
            raise _Dropped(StateCause.TOO_MANY)
        row = _row(raw)
        listed = row.get("entries", [])
        entries = self.items(listed, f"{where}.entries", MAX_ENTRIES, _entry)
        # Dropped entries shift the index, and the engine's own history no longer fits.
        whole = isinstance(listed, list) and len(listed) == len(entries)
        index = min(_number(row.get("index", 0), 0, _MAX_SECONDS), max(0, len(entries) - 1))
        url, title = _text(row.get("url", ""), None), _text(row.get("title", ""), MAX_TITLE)
        restorable = is_restorable(url)
        if not restorable:
            if not entries:
                raise _Dropped(StateCause.ADDRESS)
            self.drop(f"{where}.url", StateCause.ADDRESS)
            url, title = entries[index].url, entries[index].title
        tab = TabState(
            url=url,
            title=title,
            favicon=_favicon(row.get("favicon")),
            pinned=_switch(row.get("pinned")),
            muted=_switch(row.get("muted")),
            zoom=_zoom(row.get("zoom")),
            entries=entries,
            index=index,
            engine_history=_blob(row.get("engine_history")) if whole and restorable else None,
            last_seen=_number(row.get("last_seen", 0), 0, _MAX_SECONDS),
        )
        self.tabs_left -= 1
        return tab

    def closed(self, raw: object, where: str) -> Closed:
        """A closed tab or window."""
        row = _row(raw)
        closed_at = _number(row.get("closed_at"), 0, _MAX_SECONDS)
        if "window" in row:
            return ClosedWindow(self.window(row["window"], f"{where}.window"), closed_at)
        return ClosedTab(
            tab=self.tab(row.get("tab"), f"{where}.tab"),
            window_id=_number(row.get("window_id"), 0, _MAX_SECONDS),
            position=_number(row.get("position"), 0, MAX_TABS),
            closed_at=closed_at,
        )


def _entry(raw: object, _where: str) -> HistoryEntry:
    if not isinstance(raw, list) or len(raw) != 3:
        raise _Dropped(StateCause.WRONG_FORM)
    url, title = _text(raw[0], None), _text(raw[1], MAX_TITLE)
    if not is_restorable(url):
        raise _Dropped(StateCause.ADDRESS)
    return HistoryEntry(url, title, _number(raw[2], 0, _MAX_PIXELS))


def _row(raw: object) -> dict[str, object]:
    if not isinstance(raw, dict):
        raise _Dropped(StateCause.WRONG_FORM)
    return cast("dict[str, object]", raw)


def _number(raw: object, low: int, high: int) -> int:
    if not isinstance(raw, int) or isinstance(raw, bool) or not low <= raw <= high:
        raise _Dropped(StateCause.WRONG_FORM)
    return raw


def _text(raw: object, limit: int | None) -> str:
    if not isinstance(raw, str):
        raise _Dropped(StateCause.WRONG_FORM)
    return raw if limit is None else raw[:limit]


def _switch(raw: object) -> bool:
    if raw is None or isinstance(raw, bool):
        return bool(raw)
    raise _Dropped(StateCause.WRONG_FORM)


def _zoom(raw: object) -> int | None:
    return None if raw is None else _number(raw, _ZOOM.start, _ZOOM.stop - 1)


def _favicon(raw: object) -> str | None:
    usable = isinstance(raw, str) and raw.startswith(("https:", "http:")) and is_restorable(raw)
    return raw if usable and isinstance(raw, str) else None


def _blob(raw: object) -> str | None:
    if not isinstance(raw, str) or not raw or len(raw) > MAX_ENGINE_HISTORY:
        return None
    try:
        base64.b64decode(raw, validate=True)
    except (binascii.Error, ValueError):
        return None
    return raw


def _geometry(raw: object) -> Geometry | None:
    """The place of a window; a wrong one costs the place only, not the window."""
    if not isinstance(raw, list) or len(raw) != 4:
        return None
    try:
        x, y = (_number(value, -100_000, 100_000) for value in raw[:2])
        width, height = (_number(value, 1, 100_000) for value in raw[2:])
    except _Dropped:
        return None
    return Geometry(x, y, width, height)
