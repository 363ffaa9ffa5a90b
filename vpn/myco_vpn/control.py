"""What a session may ask the door: request in, answer out.

A session speaks only for itself: every request concerns the session whose channel it came by.
"""

from __future__ import annotations

import socket
from collections.abc import Mapping

from myco_vpn.addresses import Grant, canonical_host, destination
from myco_vpn.framing import JsonObject, Message
from myco_vpn.sessions import AttachedSession
from myco_vpn.socks import PAGE, Connect

MAX_GRANTS = 1024
_MAX_COUNTER_ROWS = 1000


def answer(session: AttachedSession, exit_name: str, request: Message) -> JsonObject | None:
    """The answer to `request`, or None when it is no request that the door knows."""
    match request.type:
        case "grant-local":
            result = _grant(session, request)
        case "forward":
            result = _forward(session, request)
        case "revoke-local":
            result = _revoke(session, request)
        case "why":
            result = _why(session, request)
        case "counters":
            result = _counters(session)
        case "status":
            result = _status(session, exit_name)
        case _:
            return None
    return {"type": request.type, "id": request.body.get("id"), **result}


def _grant(session: AttachedSession, request: Message) -> Mapping[str, object]:
    host = canonical_host(request.text("host"))
    port = request.number("port")
    wrong_port = request.body.get("port") is not None and (port is None or not 1 <= port <= 65535)
    if host is None or wrong_port or len(session.grants.granted) >= MAX_GRANTS:
        return {"ok": False}
    session.grants = session.grants.adding(Grant(host, port))
    return {"ok": True}


def _forward(session: AttachedSession, request: Message) -> Mapping[str, object]:
    """Serve listeners in a sealed session's own network that lead to a granted local server."""
    target = destination(request.text("host"), request.number("port") or 0)
    if target is None or not session.identity.sealed or not session.grants.cover(target):
        return {"ok": False}
    listeners, request.fds = request.fds, []
    for fd in listeners:
        session.add_forward(socket.socket(fileno=fd), Connect(target, PAGE))
    return {"ok": True}


def _revoke(session: AttachedSession, request: Message) -> Mapping[str, object]:
    host = canonical_host(request.text("host"))
    if host is None:
        return {"ok": False}
    session.grants = session.grants.without(host)
    session.drop_forwards(host)
    return {"ok": True}


def _why(session: AttachedSession, request: Message) -> Mapping[str, object]:
    host = canonical_host(request.text("host"))
    failure = session.ledger.last_failure(host or "", request.number("port") or 0)
    if failure is None:
        return {"cause": "none", "detail": ""}
    return {"cause": failure.cause.value, "detail": failure.detail}


def _counters(session: AttachedSession) -> Mapping[str, object]:
    rows = sorted(session.ledger.rows(), key=lambda row: row[2].sent + row[2].received)
    total = session.ledger.total()
    return {
        "rows": [
            {
                "host": host,
                "client": client,
                "connections": count.connections,
                "sent": count.sent,
                "received": count.received,
            }
            for host, client, count in reversed(rows[-_MAX_COUNTER_ROWS:])
        ],
        "total": {
            "connections": total.connections,
            "sent": total.sent,
            "received": total.received,
        },
        "open": session.open_connections,
    }


def _status(session: AttachedSession, exit_name: str) -> Mapping[str, object]:
    sealed = session.identity.sealed
    return {"exit": exit_name, "sealed": sealed, "resolver": "system"}
