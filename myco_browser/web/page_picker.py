"""The picker's hands in a page: asks it, in a world of its own, what lies where.

The page can neither see that script nor call it, and its own scripts get no event of the mouse: a
widget above the page takes them.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass

from PyQt6.QtWebEngineCore import QWebEnginePage, QWebEngineScript

from myco_resources import read_script

_WORLD = QWebEngineScript.ScriptWorldId.UserWorld.value
_MOST = 1000

Box = tuple[float, float, float, float]
"""Left, top, width and height in pixels of the page."""


@dataclass(frozen=True, slots=True)
class Spot:
    """An element that the mouse is over."""

    box: Box
    name: str


@dataclass(frozen=True, slots=True)
class Offer:
    """A selector for what was chosen; the deeper, the further around it."""

    selector: str
    count: int
    depth: int


@dataclass(frozen=True, slots=True)
class Hits:
    """What a selector finds. `whole` says that the page itself is among it."""

    count: int
    whole: bool
    boxes: tuple[Box, ...]


class PagePicker:
    """Asks one page. Answers come later, and not at all once the page has gone."""

    def __init__(self, page: QWebEnginePage) -> None:
        self._page = page
        page.runJavaScript(read_script("picker.js"), _WORLD)

    def at(self, x: float, y: float, answer: Callable[[Spot | None], None]) -> None:
        """What lies at a point of the page's window."""
        self._ask(f"at({x:.1f}, {y:.1f})", lambda raw: answer(_spot(raw)))

    def go(self, way: str, answer: Callable[[Spot | None], None]) -> None:
        """The element "up", "down", "left" or "right" of the one asked for last."""
        self._ask(f"go({json.dumps(way)})", lambda raw: answer(_spot(raw)))

    def choose(self, answer: Callable[[tuple[Offer, ...]], None]) -> None:
        """Selectors for the element asked for last, from the narrowest to the broadest."""
        self._ask("choose()", lambda raw: answer(_offers(raw)))

    def show(self, selector: str, hides: bool, answer: Callable[[Hits | None], None]) -> None:
        """What a selector finds, None for one that is not valid; hides it when wanted."""
        call = f"show({json.dumps(selector)}, {json.dumps(hides)})"
        self._ask(call, lambda raw: answer(_hits(raw)))

    def scroll(self, x: float, y: float, right: float, down: float) -> None:
        """Scrolls what lies at a point."""
        self._ask(f"scroll({x:.1f}, {y:.1f}, {right:.1f}, {down:.1f})", lambda _raw: None)

    def end(self) -> None:
        """Leaves the page as it was."""
        self._page.runJavaScript("globalThis.mycoPicker?.end()", _WORLD)

    def _ask(self, call: str, answer: Callable[[object], None]) -> None:
        self._page.runJavaScript(f"globalThis.mycoPicker?.{call}", _WORLD, answer)


def _spot(raw: object) -> Spot | None:
    if not isinstance(raw, dict) or (box := _box(raw.get("box"))) is None:
        return None
    return Spot(box, str(raw.get("name", ""))[:40])


def _offers(raw: object) -> tuple[Offer, ...]:
    rows = raw[:_MOST] if isinstance(raw, list) else []
    return tuple(
        Offer(str(row.get("selector", "")), _whole(row.get("count")), _whole(row.get("depth")))
        for row in rows
        if isinstance(row, dict)
    )


def _hits(raw: object) -> Hits | None:
    if not isinstance(raw, dict):
        return None
    boxes = raw.get("boxes")
    found = [_box(box) for box in boxes[:_MOST]] if isinstance(boxes, list) else []
    kept = tuple(box for box in found if box is not None)
    return Hits(_whole(raw.get("count")), raw.get("whole") is True, kept)


def _box(raw: object) -> Box | None:
    if not isinstance(raw, list) or len(raw) != 4:
        return None
    numbers = [float(n) for n in raw if isinstance(n, int | float) and -1e7 < n < 1e7]
    return (numbers[0], numbers[1], numbers[2], numbers[3]) if len(numbers) == 4 else None


def _whole(raw: object) -> int:
    return int(raw) if isinstance(raw, int | float) and 0 <= raw < 1e9 else 0
