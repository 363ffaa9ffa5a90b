"""The order of dialling and which failure is shown."""

from __future__ import annotations

import errno
import ipaddress

from myco_vpn.dialing import interleave, most_telling

_V4 = [ipaddress.ip_address(f"192.0.2.{n}") for n in (1, 2, 3)]
_V6 = [ipaddress.ip_address(f"2001:db8::{n}") for n in (1, 2)]


def test_families_take_turns_beginning_with_the_resolvers_choice() -> None:
    assert interleave([*_V6, *_V4]) == [_V6[0], _V4[0], _V6[1], _V4[1], _V4[2]]
    assert interleave([*_V4, *_V6])[:2] == [_V4[0], _V6[0]]
    assert interleave([]) == []


def test_an_answer_tells_more_than_a_missing_route() -> None:
    refused = ConnectionRefusedError(errno.ECONNREFUSED, "refused")
    no_route = OSError(errno.ENETUNREACH, "unreachable")
    assert most_telling([refused, no_route]) is refused
    assert most_telling([no_route]) is no_route
    assert most_telling([]).errno == errno.EHOSTUNREACH
