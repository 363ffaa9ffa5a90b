"""What the user picked on pages to be hidden, from the moment of the click.

In the everyday session a pick is a line of the user's own filters; it is kept here as well because
the engine needs a second or two to be compiled with it. In a private session it is kept here only,
and goes with the session.
"""

from __future__ import annotations

from typing import NamedTuple

from myco_browser.services.own_filters import OwnFilters
from myco_filters.syntax.lists import parse_list
from myco_filters.syntax.procedural import BodyError, Hide, read_body


class Pick(NamedTuple):
    """Hide what `selector` finds on a host and the hosts below it."""

    host: str
    selector: str

    @property
    def line(self) -> str:
        """The filter."""
        return f"{self.host}##{self.selector}"

    def covers(self, host: str) -> bool:
        """Whether it counts on pages of that host."""
        return host == self.host or host.endswith(f".{self.host}")


def pick_of(host: str, selector: str) -> Pick | None:
    """The pick, or None when no filter says exactly this.

    A page names its elements as it likes: what comes back is one line, means this selector and no
    other, is for this host, and is closed in itself, so that it cannot swallow its neighbours in
    a style sheet.
    """
    pick = Pick(host.removeprefix("www."), selector)
    if len(pick.line.splitlines()) != 1 or selector.endswith("\\"):
        return None
    parsed = parse_list(pick.line)
    if len(parsed.cosmetic) != 1 or parsed.network or parsed.hosts or parsed.unsupported:
        return None
    made = parsed.cosmetic[0]
    if made.exception or made.include != (pick.host,) or made.body != selector:
        return None
    try:
        body = read_body(made.body)
    except BodyError:
        return None
    return pick if isinstance(body, Hide) and body.selector == selector else None


class PickedFilters:
    """The picks of a session. Qt thread only."""

    def __init__(self, own: OwnFilters) -> None:
        self._own = own
        self._hidden: dict[Pick, None] = {}
        self._lifted: dict[Pick, None] = {}
        own.observe(self._follow_text)

    @property
    def are_kept(self) -> bool:
        """Whether picks outlive the session."""
        return self._own.writable

    def add(self, pick: Pick) -> None:
        """Hides from now on; raises OSError when the line could not be written."""
        if self.are_kept:
            self._own.append(pick.line)
        self._hidden[pick] = None
        self._lifted.pop(pick, None)

    def remove(self, pick: Pick) -> None:
        """Shows again; raises OSError when the line could not be taken away."""
        if self.are_kept:
            self._own.remove(pick.line)
        self._hidden.pop(pick, None)
        # The engine may have been compiled with it already.
        self._lifted[pick] = None

    def adjust(self, host: str, selectors: tuple[str, ...]) -> tuple[str, ...]:
        """The selectors of the lists for a host, with what was picked and without what was undone.

        An undone pick is lifted only until the engine is compiled anew without it, or the same
        line is there again.
        """
        lifted = {pick.selector for pick in self._lifted if pick.covers(host)}
        kept = [selector for selector in selectors if selector not in lifted]
        more = (pick.selector for pick in self._hidden if pick.covers(host))
        return tuple(dict.fromkeys((*kept, *more)))

    def _follow_text(self) -> None:
        """The editor may have taken a picked line away, or put an undone one back."""
        lines = {line.strip() for line in self._own.text.splitlines()}
        self._hidden = {pick: None for pick in self._hidden if pick.line in lines}
        self._lifted = {pick: None for pick in self._lifted if pick.line not in lines}
