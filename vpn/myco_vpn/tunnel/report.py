"""The state of a tunnel as JSON, for other processes: pure."""

from __future__ import annotations

from dataclasses import dataclass

from myco_vpn.tunnel.route import parse_route
from myco_vpn.tunnel.states import Blocked, Connecting, Off, Protected, State


@dataclass(frozen=True, slots=True)
class Traffic:
    """How a tunnel fares."""

    last_handshake: float = 0.0
    """Seconds since 1970; 0: none."""
    sent: int = 0
    received: int = 0
    endpoint: str = ""
    latency_s: float | None = None


def report(state: State, figures: Traffic | None, now: float) -> dict[str, object]:
    """What docs/vpn.md tells of a state; `now` in seconds since 1970."""
    chosen = None if isinstance(state, Off) else state.exit_id
    route = None if chosen is None else parse_route(chosen)
    body: dict[str, object] = {
        "state": type(state).__name__.lower(),
        "exit": None if route is None else route.exit_id,
        "through": None if route is None else route.through,
    }
    match state:
        case Blocked():
            body |= {"cause": state.cause.value, "detail": state.detail, "retry_s": state.retry_s}
        case Protected():
            body |= {"silent": state.is_silent}
        case Off() | Connecting():
            pass
    if figures is not None:
        age = max(0.0, now - figures.last_handshake) if figures.last_handshake else None
        body |= {
            "handshake_age_s": None if age is None else round(age, 1),
            "sent": figures.sent,
            "received": figures.received,
            "endpoint": figures.endpoint,
            "latency_s": figures.latency_s,
        }
    return body
