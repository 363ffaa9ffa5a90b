"""By which exits a tunnel goes: pure.

A route is one exit, or one exit that is reached through another (two hops): the inner one's packets
travel inside the outer one's tunnel, so the first gateway sees who you are and the second where you
go. As text it is `EXIT` or `EXIT~THROUGH`; identities of exits have no tilde.
"""

from __future__ import annotations

from dataclasses import dataclass

_MARK = "~"


@dataclass(frozen=True, slots=True)
class Route:
    """`exit_id` is where traffic comes out, `through` the hop before it."""

    exit_id: str
    through: str | None = None

    def __str__(self) -> str:
        return self.exit_id if self.through is None else f"{self.exit_id}{_MARK}{self.through}"


def parse_route(text: str) -> Route:
    """The route of a text; any text is one."""
    exit_id, _, through = text.partition(_MARK)
    return Route(exit_id, through or None)


def route_text(exit_id: str | None, through: str | None) -> str | None:
    """The text for a choice; None when nothing was chosen."""
    return None if exit_id is None else str(Route(exit_id, through or None))
