"""What the privileged helper can be asked, and how it answers: pure.

A request is one line of JSON, an answer another. Every field is parsed to a type here, before
anything is done; whatever is not known is refused as a whole. A configuration is read by the same
parser as everywhere, so that commands in it are never more than text.

    {"verb": "up", "configuration": TEXT}
    {"verb": "block"}    {"verb": "down"}    {"verb": "status"}
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from enum import Enum

from myco_vpn.wireguard.config import Config
from myco_vpn.wireguard.parse import Rejected, parse

MAX_REQUEST = 256 * 1024
"""Bytes of a line."""


class BadRequestError(ValueError):
    """A request that is none; the message is for people and repeats no secret."""


@dataclass(frozen=True, slots=True)
class Up:
    """Everything of this computer through that tunnel, or nothing."""

    config: Config


@dataclass(frozen=True, slots=True)
class Block:
    """Nothing leaves this computer."""


@dataclass(frozen=True, slots=True)
class Down:
    """Everything as it was before."""


@dataclass(frozen=True, slots=True)
class Status:
    """How it is now."""


Request = Up | Block | Down | Status
_SIMPLE: dict[str, Request] = {"block": Block(), "down": Down(), "status": Status()}


class State(Enum):
    """How it is."""

    OFF = "off"
    BLOCKED = "blocked"
    """The rules stand and there is no tunnel."""
    CONNECTING = "connecting"
    """The tunnel stands and its gateway has not answered yet."""
    PROTECTED = "protected"


@dataclass(frozen=True, slots=True)
class Answer:
    """What the helper says."""

    state: State | None = None
    """None when the request was refused."""
    problem: str = ""
    last_handshake: int = 0
    """Seconds since 1970; 0: none."""
    received: int = 0
    sent: int = 0


def parse_request(line: bytes) -> Request:
    """The request in a line. Raises BadRequestError."""
    body = _object(line)
    verb = body.pop("verb", None)
    if verb == "up":
        text = body.pop("configuration", None)
        if not isinstance(text, str) or body:
            raise BadRequestError("“up” takes a configuration and nothing else")
        return Up(_config(text))
    if not isinstance(verb, str) or verb not in _SIMPLE:
        raise BadRequestError("there is no such verb")
    if body:
        raise BadRequestError(f"“{verb}” takes nothing")
    return _SIMPLE[verb]


def request_line(verb: str, configuration: str | None = None) -> bytes:
    """A request as it is sent."""
    body = {"verb": verb}
    if configuration is not None:
        body["configuration"] = configuration
    return json.dumps(body).encode("utf-8") + b"\n"


def answer_line(answer: Answer) -> bytes:
    """An answer as it is sent."""
    body = {
        "state": None if answer.state is None else answer.state.value,
        "problem": answer.problem,
        "last_handshake": answer.last_handshake,
        "received": answer.received,
        "sent": answer.sent,
    }
    return json.dumps(body).encode("utf-8") + b"\n"


def parse_answer(line: bytes) -> Answer:
    """The answer in a line. Raises BadRequestError."""
    body = _object(line)
    word, numbers = body.get("state"), [body.get(n) for n in ("last_handshake", "received", "sent")]
    try:
        state = None if word is None else State(word)
        handshake, received, sent = (int(str(number)) for number in numbers)
    except ValueError as error:
        raise BadRequestError("the helper's answer makes no sense") from error
    return Answer(state, str(body.get("problem", "")), handshake, received, sent)


def _object(line: bytes) -> dict[str, object]:
    if len(line) > MAX_REQUEST:
        raise BadRequestError("the request is too long")
    try:
        body = json.loads(line)
    except (ValueError, RecursionError) as error:
        raise BadRequestError("the request is no JSON") from error
    if not isinstance(body, dict):
        raise BadRequestError("the request is no object")
    return body


def _config(text: str) -> Config:
    parsed = parse(text, "configuration")
    if isinstance(parsed, Rejected):
        raise BadRequestError(str(parsed.problems[0]))
    config = parsed.config
    if config.private_key is None:
        raise BadRequestError("the configuration has no private key")
    if not any(peer.endpoint for peer in config.peers):
        raise BadRequestError("no peer has an endpoint")
    for peer in config.peers:
        if peer.endpoint is not None and peer.endpoint.address is None:
            raise BadRequestError("endpoints have to be addresses: names are looked up before")
    return config
