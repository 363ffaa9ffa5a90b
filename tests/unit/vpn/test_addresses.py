"""Which destinations a page may reach."""

from __future__ import annotations

import ipaddress

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from myco_vpn.addresses import (
    Destination,
    Grant,
    Grants,
    Reach,
    address_reach,
    canonical_host,
    destination,
    dialable,
    is_refused_by_name,
    name_reach,
)

_NOTHING = Grants()


@pytest.mark.parametrize(
    ("text", "reach"),
    [
        ("93.184.216.34", Reach.PUBLIC),
        ("2606:2800:220:1:248:1893:25c8:1946", Reach.PUBLIC),
        ("127.0.0.1", Reach.LOCAL),
        ("127.255.255.254", Reach.LOCAL),
        ("10.0.0.1", Reach.LOCAL),
        ("172.16.0.1", Reach.LOCAL),
        ("172.31.255.255", Reach.LOCAL),
        ("172.32.0.1", Reach.PUBLIC),
        ("192.168.1.1", Reach.LOCAL),
        ("100.64.0.1", Reach.LOCAL),
        ("100.127.255.255", Reach.LOCAL),
        ("100.128.0.1", Reach.PUBLIC),
        ("169.254.169.254", Reach.LOCAL),
        ("198.19.0.1", Reach.LOCAL),
        ("0.0.0.0", Reach.NEVER),
        ("0.1.2.3", Reach.NEVER),
        ("224.0.0.251", Reach.NEVER),
        ("239.255.255.250", Reach.NEVER),
        ("255.255.255.255", Reach.NEVER),
        ("::1", Reach.LOCAL),
        ("::", Reach.NEVER),
        ("::7f00:1", Reach.NEVER),
        ("fe80::1", Reach.LOCAL),
        ("fe80::1%eth0", Reach.LOCAL),
        ("fd12::1", Reach.LOCAL),
        ("fec0::1", Reach.LOCAL),
        ("ff02::fb", Reach.NEVER),
        ("::ffff:127.0.0.1", Reach.LOCAL),
        ("::ffff:93.184.216.34", Reach.PUBLIC),
        ("::ffff:0:10.0.0.1", Reach.LOCAL),
        ("64:ff9b::192.168.1.1", Reach.LOCAL),
        ("64:ff9b::8.8.8.8", Reach.PUBLIC),
        ("64:ff9b:1::10.0.0.1", Reach.LOCAL),
        ("2002:7f00:1::", Reach.LOCAL),
        ("2002:a00:1::1", Reach.LOCAL),
        ("2002:808:808::1", Reach.PUBLIC),
        ("2001:0:4136:e378:8000:63bf:3fff:fdd2", Reach.NEVER),
    ],
)
def test_ranges(text: str, reach: Reach) -> None:
    assert address_reach(ipaddress.ip_address(text)) is reach


@pytest.mark.parametrize(
    ("name", "reach"),
    [
        ("example.com", Reach.PUBLIC),
        ("localhost", Reach.LOCAL),
        ("app.localhost", Reach.LOCAL),
        ("printer.local", Reach.LOCAL),
        ("router", Reach.LOCAL),
        ("notlocalhost.org", Reach.PUBLIC),
        ("local.example.org", Reach.PUBLIC),
    ],
)
def test_names(name: str, reach: Reach) -> None:
    assert name_reach(name) is reach


@pytest.mark.parametrize(
    ("host", "canonical"),
    [
        ("Example.COM", "example.com"),
        ("example.com.", "example.com"),
        ("LOCALHOST.", "localhost"),
        ("[::1]", "::1"),
        ("::FFFF:127.0.0.1", "127.0.0.1"),
        ("0:0:0:0:0:0:0:1", "::1"),
        ("", None),
        (".", None),
        ("a..b", None),
        ("ex ample.com", None),
        ("ex\0ample.com", None),
        ("exämple.com", None),
        ("a" * 64 + ".com", None),
        ("a." * 127 + "com", None),
    ],
)
def test_one_form_for_a_host(host: str, canonical: str | None) -> None:
    assert canonical_host(host) == canonical


@pytest.mark.parametrize("port", [0, -1, 65536])
def test_impossible_ports_are_no_destination(port: int) -> None:
    assert destination("example.com", port) is None


def test_a_grant_is_for_its_host_and_port_only() -> None:
    grants = _NOTHING.adding(Grant("localhost", 3000)).adding(Grant("192.168.1.1", None))
    assert not is_refused_by_name(Destination("localhost", 3000), grants)
    assert is_refused_by_name(Destination("localhost", 3001), grants)
    assert not is_refused_by_name(Destination("192.168.1.1", 8443), grants)
    assert is_refused_by_name(Destination("192.168.1.2", 80), grants)
    assert is_refused_by_name(Destination("localhost", 3000), grants.without("localhost"))


def test_no_grant_opens_what_is_no_destination() -> None:
    grants = _NOTHING.adding(Grant("0.0.0.0", None)).adding(Grant("224.0.0.1", None))
    assert is_refused_by_name(Destination("0.0.0.0", 80), grants)
    assert is_refused_by_name(Destination("224.0.0.1", 80), grants)


def test_a_public_name_with_private_addresses_keeps_only_the_public_ones() -> None:
    target = Destination("rebind.example", 80)
    public = ipaddress.ip_address("93.184.216.34")
    resolved = [ipaddress.ip_address("127.0.0.1"), public, ipaddress.ip_address("fe80::1")]
    assert dialable(target, resolved, _NOTHING) == (public,)
    granted = _NOTHING.adding(Grant("rebind.example", 80))
    assert dialable(target, resolved, granted) == tuple(resolved)


_local_v4 = st.sampled_from(
    [ipaddress.IPv4Network(n) for n in ("127.0.0.0/8", "10.0.0.0/8", "192.168.0.0/16")]
).flatmap(lambda n: st.integers(int(n.network_address), int(n.broadcast_address)))


@settings(max_examples=2000, deadline=None)
@given(number=_local_v4)
def test_no_wrapping_makes_a_local_address_public(number: int) -> None:
    wrapped = [
        ipaddress.IPv6Address((0xFFFF << 32) | number),
        ipaddress.IPv6Address((0x64FF9B << 96) | number),
        ipaddress.IPv6Address((0x2002 << 112) | (number << 80) | 1),
        ipaddress.IPv6Address(number),
    ]
    for address in wrapped:
        assert address_reach(address) is not Reach.PUBLIC
        target = destination(str(address), 80)
        assert target is not None
        assert is_refused_by_name(target, _NOTHING)


@settings(max_examples=2000, deadline=None)
@given(host=st.text(max_size=80) | st.from_regex(r"[0-9a-fA-F:.%\[\]x]{1,40}"))
def test_whatever_is_asked_for_has_one_form_or_none(host: str) -> None:
    canonical = canonical_host(host)
    if canonical is not None:
        assert canonical_host(canonical) == canonical
        is_refused_by_name(Destination(canonical, 80), _NOTHING)
