"""Which hosts are offered on a session's own loopback, and by which listeners."""

from __future__ import annotations

import socket

import pytest

from myco_vpn.offers import LoopbackOffers, loopback_addresses


@pytest.mark.parametrize(
    ("host", "addresses"),
    [
        ("localhost", ("127.0.0.1", "::1")),
        ("App.Localhost.", ("127.0.0.1", "::1")),
        ("127.0.0.9", ("127.0.0.9",)),
        ("[::1]", ("::1",)),
        ("::ffff:127.0.0.1", ("127.0.0.1",)),
        ("192.168.1.1", ()),
        ("example.org", ()),
        ("", ()),
    ],
)
def test_where_the_engine_looks(host: str, addresses: tuple[str, ...]) -> None:
    assert loopback_addresses(host) == addresses


def test_two_names_share_a_place_until_both_are_revoked() -> None:
    offers = LoopbackOffers()
    with socket.create_server(("127.0.0.1", 0)) as reserved:
        port = reserved.getsockname()[1]
    assert [offer.host for offer in offers.add("127.0.0.1", port)] == ["127.0.0.1"]
    assert "localhost" not in [o.host for o in offers.all() if o.listener.family.name == "AF_INET"]
    offers.add("localhost", port)
    assert offers.covers("localhost", port)
    again = offers.remove("127.0.0.1", {("localhost", port), ("other.localhost", None)})
    assert [offer.host for offer in again] == ["localhost"]
    assert offers.remove("localhost", ()) == []
    assert offers.all() == []
    assert not offers.covers("localhost", port)


def test_a_taken_port_is_not_offered() -> None:
    offers = LoopbackOffers()
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        assert offers.add("127.0.0.1", port) == []
        assert not offers.covers("127.0.0.1", port)
    offers.close()


def test_what_is_not_loopback_needs_no_offer() -> None:
    offers = LoopbackOffers()
    assert offers.add("192.168.1.1", 80) == []
    assert offers.covers("192.168.1.1", 80)
