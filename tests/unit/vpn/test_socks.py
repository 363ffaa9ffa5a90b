"""The SOCKS5 parser: what the RFC asks, and ten thousand hostile clients."""

from __future__ import annotations

import ipaddress
import random
from typing import NamedTuple

import pytest
from hypothesis import given
from support.seeded import SEEDS, address, inputs, try_all

from myco_vpn.addresses import Destination, Reach, address_reach, canonical_host
from myco_vpn.socks import (
    MAX_BUFFER,
    Connect,
    Event,
    Refuse,
    Reply,
    Send,
    SocksParser,
    reply,
)

_NO_AUTH = b"\x05\x01\x00"
_EXAMPLE = b"\x05\x01\x00\x03\x0bexample.com\x01\xbb"


def _events(*pieces: bytes) -> list[Event]:
    parser = SocksParser()
    return [event for piece in pieces for event in parser.feed(piece)]


def test_a_page_connects_by_name() -> None:
    assert _events(_NO_AUTH, _EXAMPLE) == [
        Send(b"\x05\x00"),
        Connect(Destination("example.com", 443), "page"),
    ]


def test_a_named_client_is_known_by_its_user_name() -> None:
    events = _events(b"\x05\x02\x00\x02", b"\x01\x05Lists\x01-", _EXAMPLE)
    assert events == [
        Send(b"\x05\x02"),
        Send(b"\x01\x00"),
        Connect(Destination("example.com", 443), "lists"),
    ]


@pytest.mark.parametrize(
    ("address", "host"),
    [
        (b"\x01\xc0\x00\x02\x07", "192.0.2.7"),
        (b"\x04" + ipaddress.ip_address("2001:db8::1").packed, "2001:db8::1"),
        (b"\x04" + ipaddress.ip_address("::ffff:192.0.2.7").packed, "192.0.2.7"),
        (b"\x03\x0c[2001:DB8::2", "2001:db8::2"),
        (b"\x03\x0cExample.COM.", "example.com"),
    ],
)
def test_hosts_get_one_form(address: bytes, host: str) -> None:
    assert _events(_NO_AUTH, b"\x05\x01\x00" + address + b"\x00\x50")[-1] == Connect(
        Destination(host, 80), "page"
    )


@pytest.mark.parametrize(
    ("sent", "code"),
    [
        (b"\x05\x02\x00\x01\x01\x02\x03\x04\x00\x50", Reply.COMMAND_NOT_SUPPORTED),
        (b"\x05\x03\x00\x01\x01\x02\x03\x04\x00\x50", Reply.COMMAND_NOT_SUPPORTED),
        (b"\x05\x01\x00\x02\x01\x02\x03\x04\x00\x50", Reply.ADDRESS_NOT_SUPPORTED),
        (b"\x04\x01\x00\x01\x01\x02\x03\x04\x00\x50", Reply.FAILURE),
        (b"\x05\x01\x00\x01\x01\x02\x03\x04\x00\x00", Reply.NOT_ALLOWED),
        (b"\x05\x01\x00\x03\x03a b\x00\x50", Reply.NOT_ALLOWED),
        (b"\x05\x01\x00\x03\x00\x00\x50", Reply.NOT_ALLOWED),
        (b"\x05\x01\x00\x03\x04\xffabc\x00\x50", Reply.NOT_ALLOWED),
    ],
)
def test_what_is_no_connect_to_a_host_is_refused(sent: bytes, code: Reply) -> None:
    last = _events(_NO_AUTH, sent)[-1]
    assert isinstance(last, Refuse)
    assert last.payload == reply(code)


def test_no_method_in_common_is_said() -> None:
    assert _events(b"\x05\x01\x01")[-1] == Refuse(b"\x05\xff", "no method in common")


def test_what_follows_the_request_is_the_clients_stream() -> None:
    parser = SocksParser()
    parser.feed(_NO_AUTH + _EXAMPLE + b"hello")
    assert parser.finished
    assert parser.take_rest() == b"hello"


class _Client(NamedTuple):
    pieces: list[bytes]
    cut: int
    """How many bytes come at once the second time."""


def _request(chance: random.Random) -> bytes:
    command, kind = chance.choice([0, 1, 1, 1, 2, 3, 255]), chance.choice([0, 1, 3, 4, 255])
    port = chance.choice([0, 1, 65535, chance.randrange(65536)])
    body = _host(chance, kind) if chance.random() < 0.5 else _bytes(chance, 20)
    return bytes((5, command, 0, kind)) + body + port.to_bytes(2, "big")


def _host(chance: random.Random, kind: int) -> bytes:
    """A body as long as its kind asks for, which few bytes drawn at random are."""
    name = bytes(chance.choices(b"aZ0.-_[:]% \x00\xe9", k=chance.randint(0, 12)))
    if kind in (1, 4):
        known = ipaddress.ip_address(address(chance)).packed
        return known if len(known) == 4 * kind else chance.randbytes(4 * kind)
    return bytes((len(name),)) + name


def _greeting(chance: random.Random) -> bytes:
    methods = _bytes(chance, 8, least=1)
    return bytes((5, len(methods))) + methods


def _login(chance: random.Random) -> bytes:
    user, word = _bytes(chance, 12), _bytes(chance, 4)
    return bytes((1, len(user))) + user + bytes((len(word),)) + word


def _bytes(chance: random.Random, most: int, least: int = 0) -> bytes:
    """Any bytes, or mostly those that mean something here."""
    length = chance.randint(least, most)
    if chance.random() < 0.5:
        return chance.randbytes(length)
    return bytes(chance.choices(b"\x00\x01\x02\x03\x04\x05\xffaZ.", k=length))


def _piece(chance: random.Random) -> bytes:
    match chance.randrange(6):
        case 0:
            return _bytes(chance, 24)
        case 1:
            return chance.randbytes(1) * chance.randint(300, 1500)
        case 2:
            return _greeting(chance)
        case 3:
            return chance.choice([_NO_AUTH, b"\x05\x01\x02", b"\x05\x02\x00\x02"])
        case 4:
            return _login(chance)
        case _:
            return _request(chance)


def _hostile(chance: random.Random) -> _Client:
    pieces = [_piece(chance) for _ in range(chance.randint(0, 4))]
    return _Client(pieces, chance.choice([1, 2, 5, chance.randint(1, 64)]))


@inputs(10_000)
@given(SEEDS)
def test_hostile_clients_get_a_bounded_and_steady_answer(seed: int) -> None:
    try_all(seed, _hostile, _gets_a_bounded_and_steady_answer)


def _gets_a_bounded_and_steady_answer(client: _Client) -> None:
    pieces, cut = client
    parser = SocksParser()
    events: list[Event] = []
    for piece in pieces:
        was_finished = parser.finished
        answer = parser.feed(piece)
        assert not (was_finished and answer)
        assert parser.finished or parser.buffered <= MAX_BUFFER
        events += answer
    # However the bytes are cut, the same is decided.
    whole = b"".join(pieces)
    cut_up = [whole[start : start + cut] for start in range(0, len(whole), cut)]
    assert _decision(_events(*cut_up)) == _decision(events)
    for event in events:
        if isinstance(event, Connect):
            host = event.destination.host
            assert canonical_host(host) == host
            assert 1 <= event.destination.port <= 65535
            address = event.destination.address
            assert address is None or isinstance(address_reach(address), Reach)
            assert event.client.isprintable()


def _decision(events: list[Event]) -> list[Event]:
    """Without the limit on unfinished handshakes, which counts what has come at once."""
    return [e for e in events if not (isinstance(e, Refuse) and e.reason == "handshake too long")]
