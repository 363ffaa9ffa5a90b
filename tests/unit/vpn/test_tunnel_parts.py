"""The small pure parts of the tunnel and of the gateway."""

from __future__ import annotations

import ipaddress
import struct

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from myco_vpn import dnswire
from myco_vpn.dnswire import AAAA, A, Bad, Failed, Found, NoSuchName, Truncated
from myco_vpn.gateway import files
from myco_vpn.gateway.state import Gateway, GatewayError, from_json, to_json
from myco_vpn.tunnel import shim
from myco_vpn.tunnel.watch import DOUBT_S, Health, Verdict
from myco_vpn.wireguard.config import Endpoint, write
from myco_vpn.wireguard.keys import new_private_key
from myco_vpn.wireguard.parse import Parsed, parse

_ALLOW, _NO_DEVICE, _SUCCESS = 0x7FFF0000, 0x00050000 | 19, 0x00050000


@pytest.mark.parametrize(
    ("machine", "arch", "ioctl"),
    [
        ("x86_64", 0xC000003E, 16),
        ("aarch64", 0xC00000B7, 29),
        ("riscv64", 0xC00000F3, 29),
    ],
)
def test_shim_answers_three_calls_and_no_others(machine: str, arch: int, ioctl: int) -> None:
    found = shim.instructions(machine)
    assert found is not None
    assert shim.outcome(found, arch, ioctl, 0x8933) == _SUCCESS
    assert shim.outcome(found, arch, ioctl, 0x8922) == _SUCCESS
    assert shim.outcome(found, arch, ioctl, 0x8921) == _NO_DEVICE
    for number, argument in ((ioctl, 0x5401), (0, 0x8933), (59, 0x8922), (ioctl + 1, 0x8921)):
        assert shim.outcome(found, arch, number, argument) == _ALLOW
    assert shim.outcome(found, 0x40000003, ioctl, 0x8933) == _ALLOW


def test_shim_is_only_for_known_machines() -> None:
    assert shim.instructions("vax") is None


def _answer(
    *records: bytes, number: int = 7, flags: int = 0x8180, name: str = "a.example"
) -> bytes:
    asked = dnswire.question(number, name, A)[12:]
    return struct.pack("!HHHHHH", number, flags, 1, len(records), 0, 0) + asked + b"".join(records)


def _record(owner: bytes, kind: int, payload: bytes, ttl: int = 60) -> bytes:
    return owner + struct.pack("!HHIH", kind, 1, ttl, len(payload)) + payload


def _name(name: str) -> bytes:
    return dnswire.question(0, name, A)[12:-4]


_OWNER = b"\xc0\x0c"


def test_addresses_and_aliases_are_read() -> None:
    packet = _answer(
        _record(_OWNER, 5, _name("b.example"), 30),
        _record(_name("b.example"), 5, _name("C.example")),
        _record(_name("c.example"), A, bytes((203, 0, 113, 5)), 90),
        _record(_name("other.example"), A, bytes((10, 0, 0, 1))),
    )
    expected = Found((ipaddress.ip_address("203.0.113.5"),), 30, "c.example")
    assert dnswire.read(packet, 7, "A.example", A) == expected
    assert dnswire.read(packet, 8, "a.example", A) == Bad()
    assert dnswire.read(packet, 7, "b.example", A) == Bad()
    assert dnswire.read(packet, 7, "a.example", AAAA) == Bad()


@pytest.mark.parametrize(
    ("flags", "expected"),
    [
        (0x8183, NoSuchName()),
        (0x8182, Failed(2)),
        (0x8185, Failed(5)),
        (0x8380, Truncated()),
        (0x0180, Bad()),
        (0x8180, Found((), 0)),
    ],
)
def test_other_answers(flags: int, expected: dnswire.Answer) -> None:
    assert dnswire.read(_answer(flags=flags), 7, "a.example", A) == expected


def test_loops_end() -> None:
    loop = _answer(_record(b"\xc0" + bytes((12 + 11 + 4,)), A, bytes(4)))
    assert dnswire.read(loop, 7, "a.example", A) == Bad()
    aliases = _answer(_record(_OWNER, 5, _name("a.example")))
    assert isinstance(dnswire.read(aliases, 7, "a.example", A), Found)


@settings(max_examples=500, deadline=None)
@given(st.binary(max_size=120), st.integers(0, 60))
def test_any_packet_is_survived(noise: bytes, at: int) -> None:
    packet = _answer(_record(_OWNER, A, bytes(4)))
    dnswire.read(packet[:at] + noise + packet[at:], 7, "a.example", A)


@pytest.mark.parametrize("name", ["", "a..b", "é.example", "x" * 64, ".".join(["abcdefgh"] * 40)])
def test_what_is_no_name_is_not_asked(name: str) -> None:
    with pytest.raises(ValueError, match=r"name|ascii"):
        dnswire.question(1, name, A)


def test_silence_is_believed_only_after_a_question() -> None:
    health = Health()
    assert health.judge(0, 10, 10) is Verdict.UNCHANGED
    assert health.judge(DOUBT_S + 1, 10, 10) is Verdict.UNCHANGED  # quiet, not dead
    assert health.judge(DOUBT_S + 2, 50, 10) is Verdict.DOUBTFUL
    assert health.after_question(True) is Verdict.UNCHANGED
    assert health.judge(DOUBT_S + 7, 60, 10) is Verdict.DOUBTFUL
    assert health.after_question(False) is Verdict.SILENT
    assert health.judge(DOUBT_S + 12, 60, 10) is Verdict.DOUBTFUL
    assert health.after_question(False) is Verdict.UNCHANGED
    assert health.judge(DOUBT_S + 17, 60, 11) is Verdict.HEARD


def test_sleep_is_noticed_once() -> None:
    health = Health()
    assert not health.has_slept(100, 100)
    assert not health.has_slept(105, 105.1)
    assert health.has_slept(110, 410)
    assert not health.has_slept(115, 415)


def _gateway() -> Gateway:
    return Gateway(
        new_private_key(),
        Endpoint("vpn.coop.example", 51820),
        "eth0",
        ipaddress.IPv4Network("10.66.0.0/29"),
        ipaddress.IPv6Network("fd66::/64"),
    )


def test_members_get_addresses_and_give_them_back() -> None:
    gateway, key = _gateway(), new_private_key()
    for name in ("ada", "bo", "cy"):
        gateway = gateway.adding(name, new_private_key().public(), new_private_key())
    assert [str(m.ipv4) for m in gateway.members] == ["10.66.0.2", "10.66.0.3", "10.66.0.4"]
    gateway = gateway.without("bo").adding("di", key.public(), new_private_key())
    di = gateway.member("di")
    assert di is not None
    assert (str(di.ipv4), str(di.ipv6)) == ("10.66.0.3", "fd66::3")
    for bad in ("di", "", "a b", "-x", "../x"):
        with pytest.raises(GatewayError):
            gateway.adding(bad, new_private_key().public(), new_private_key())
    with pytest.raises(GatewayError):
        gateway.without("bo")
    gateway = gateway.adding("e", new_private_key().public(), new_private_key())
    gateway = gateway.adding("f", new_private_key().public(), new_private_key())
    with pytest.raises(GatewayError, match="taken"):
        gateway.adding("g", new_private_key().public(), new_private_key())


def test_gateway_is_kept_and_members_can_import() -> None:
    key = new_private_key()
    gateway = _gateway().adding("ada", key.public(), new_private_key())
    assert from_json(to_json(gateway)) == gateway
    assert key.text not in to_json(gateway)  # a member's private key is never kept
    config = gateway.config_for(gateway.members[0], key)
    parsed = parse(write(config), "ada.conf")
    assert isinstance(parsed, Parsed)
    assert parsed.config == config
    assert config.carries_everything == (True, True)
    for text in ("", "{}", "[1]", to_json(gateway).replace("eth0", 'eth0\\"; drop')):
        with pytest.raises(GatewayError):
            from_json(text)


def test_gateway_writes_no_logs() -> None:
    gateway = _gateway()
    texts = (files.nftables(gateway), files.dnsmasq(gateway), files.wireguard(gateway))
    assert not any("log" in text.lower() for text in texts)
