"""The tunnel as a session sees it: what the launcher tells, as values."""

from __future__ import annotations

from collections.abc import Mapping
from enum import Enum
from typing import NamedTuple


class TunnelPhase(Enum):
    """What may leave now; the values are the launcher's words."""

    OFF = "off"
    CONNECTING = "connecting"
    PROTECTED = "protected"
    BLOCKED = "blocked"


class WholePhase(Enum):
    """How the whole computer goes; the values but the first are the helper's words."""

    NOT_INSTALLED = "not-installed"
    OFF = "off"
    BLOCKED = "blocked"
    CONNECTING = "connecting"
    PROTECTED = "protected"


class ExitView(NamedTuple):
    """One of the user's exits."""

    exit_id: str
    name: str
    colour: str
    endpoint: str
    dns: tuple[str, ...]
    favourite: bool
    partial: bool
    """Whether it carries a part of the internet only."""
    last_used: float = 0.0
    """Seconds since 1970; 0: never."""
    latency_s: float | None = None
    """As it was measured last."""


class KeyPlace(NamedTuple):
    """Where keys are kept."""

    sealed_file: bool = False
    """In a file under a passphrase, because no keyring works here."""
    is_new: bool = False
    is_locked: bool = False


class TunnelFigures(NamedTuple):
    """How the tunnel fares; None where it is not known."""

    handshake_age_s: float | None = None
    sent: int = 0
    received: int = 0
    endpoint: str = ""
    latency_s: float | None = None


class NetworkView(NamedTuple):
    """The network that this computer is in, where the user wants it followed."""

    name: str
    """Empty while it is not known."""
    trusted: bool


class TunnelView(NamedTuple):
    """Everything that is shown of the tunnel."""

    phase: TunnelPhase = TunnelPhase.OFF
    exit_id: str | None = None
    through: str | None = None
    """The exit by which the exit is reached, of two hops."""
    cause: str = ""
    """Of BLOCKED: the word of `myco_vpn.tunnel.states.Cause`."""
    is_silent: bool = False
    retries: bool = False
    last_exit: str | None = None
    last_through: str | None = None
    exits: tuple[ExitView, ...] = ()
    keys: KeyPlace = KeyPlace()
    figures: TunnelFigures | None = None
    whole: WholePhase = WholePhase.NOT_INSTALLED
    network: NetworkView | None = None

    def exit(self) -> ExitView | None:
        """The exit that is in use, or was used last."""
        return self._named(self.exit_id or self.last_exit)

    def first_hop(self) -> ExitView | None:
        """The exit that leads to it, if there are two hops."""
        return self._named(self.last_through if self.exit_id is None else self.through)

    def _named(self, wanted: str | None) -> ExitView | None:
        return next((one for one in self.exits if one.exit_id == wanted), None)


def tunnel_view(body: Mapping[str, object]) -> TunnelView:
    """What a message says. A word that is not known means BLOCKED: never more than there is."""
    words = {phase.value: phase for phase in TunnelPhase}
    exits = body.get("exits")
    keeper = body.get("keeper")
    keeper = keeper if isinstance(keeper, dict) else {}
    return TunnelView(
        words.get(str(body.get("state")), TunnelPhase.BLOCKED),
        _text_or_none(body.get("exit")),
        _text_or_none(body.get("through")),
        str(body.get("cause", "")),
        body.get("silent") is True,
        isinstance(body.get("retry_s"), int | float),
        _text_or_none(body.get("last")),
        _text_or_none(body.get("last_through")),
        tuple(_exit(one) for one in exits if isinstance(one, dict))
        if isinstance(exits, list)
        else (),
        KeyPlace(
            keeper.get("sealed_file") is True,
            keeper.get("new") is True,
            keeper.get("locked") is True,
        ),
        _figures(body),
        _whole(body.get("whole")),
        _network(body.get("network")),
    )


def _network(body: object) -> NetworkView | None:
    if not isinstance(body, dict):
        return None
    return NetworkView(str(body.get("name", "")), body.get("trusted") is True)


def _whole(body: object) -> WholePhase:
    if not isinstance(body, dict) or body.get("installed") is not True:
        return WholePhase.NOT_INSTALLED
    words = {phase.value: phase for phase in WholePhase}
    return words.get(str(body.get("state")), WholePhase.BLOCKED)


def _exit(body: Mapping[str, object]) -> ExitView:
    dns = body.get("dns")
    return ExitView(
        str(body.get("id", "")),
        str(body.get("name", "")),
        str(body.get("colour", "")),
        str(body.get("endpoint", "")),
        tuple(map(str, dns)) if isinstance(dns, list) else (),
        body.get("favourite") is True,
        body.get("partial") is True,
        _number_or_none(body.get("last_used")) or 0.0,
        _number_or_none(body.get("latency_s")),
    )


def _figures(body: Mapping[str, object]) -> TunnelFigures | None:
    if "sent" not in body:
        return None
    return TunnelFigures(
        _number_or_none(body.get("handshake_age_s")),
        int(_number_or_none(body.get("sent")) or 0),
        int(_number_or_none(body.get("received")) or 0),
        str(body.get("endpoint", "")),
        _number_or_none(body.get("latency_s")),
    )


def _number_or_none(value: object) -> float | None:
    return float(value) if isinstance(value, int | float) and not isinstance(value, bool) else None


def _text_or_none(value: object) -> str | None:
    return value if isinstance(value, str) and value else None
