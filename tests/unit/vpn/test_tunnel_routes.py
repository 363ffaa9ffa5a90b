"""Routes of one hop and of two, and the packets that fit into a tunnel inside a tunnel."""

from __future__ import annotations

import ipaddress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from myco_vpn.tunnel.pool import nested_mtu
from myco_vpn.tunnel.report import report
from myco_vpn.tunnel.route import Route, parse_route, route_text
from myco_vpn.tunnel.states import Protected
from myco_vpn.wireguard.config import Config, Endpoint, Peer
from myco_vpn.wireguard.keys import new_private_key

_IDS = st.text("0123456789abcdef", min_size=1, max_size=12)


@given(_IDS, st.none() | _IDS)
def test_route_survives_as_text(exit_id: str, through: str | None) -> None:
    route = Route(exit_id, through)
    assert parse_route(str(route)) == route
    assert route_text(exit_id, through) == str(route)


@given(st.text())
def test_any_text_is_a_route(text: str) -> None:
    assert str(parse_route(text)) in (text, text.removesuffix("~"))


def test_nothing_chosen_is_no_route() -> None:
    assert route_text(None, "a") is None
    assert route_text("a", "") == "a"


def test_report_names_both_hops() -> None:
    body = report(Protected("b~a", 1), None, 0.0)
    assert (body["exit"], body["through"]) == ("b", "a")


@pytest.mark.parametrize(
    ("wanted", "outer", "expected"),
    [(None, 1420, 1340), (1420, 1420, 1340), (1300, 1420, 1300), (None, 1300, 1280)],
)
def test_inner_packets_fit(wanted: int | None, outer: int, expected: int) -> None:
    key = new_private_key()
    peer = Peer(key.public(), None, Endpoint("192.0.2.1", 1))
    config = Config(key, (ipaddress.ip_interface("10.0.0.2/32"),), (peer,), mtu=wanted)
    assert nested_mtu(config, outer) == expected
