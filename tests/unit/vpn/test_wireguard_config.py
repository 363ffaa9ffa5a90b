"""Real configurations are read whole, hostile ones refused with file, line and cause."""

from __future__ import annotations

import random
import subprocess
import sys
from ipaddress import ip_address, ip_interface, ip_network

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from support import seeded

from myco_vpn.wireguard import uapi
from myco_vpn.wireguard.config import (
    Config,
    Endpoint,
    Peer,
    take_secrets,
    with_secrets,
    write,
)
from myco_vpn.wireguard.keys import BadKeyError, PublicKey, SecretKey, new_private_key
from myco_vpn.wireguard.parse import (
    Cause,
    Ignored,
    Parsed,
    Problem,
    Reason,
    Rejected,
    parse,
    parse_bytes,
)

_PRIVATE = SecretKey(bytes(range(1, 33)))
_PUBLIC = PublicKey(bytes(range(2, 34)))
_SHARED = SecretKey(bytes(range(3, 35)))

_USUAL = f"""\
[Interface]
# Device: Quick Fox
PrivateKey = {_PRIVATE.text}
Address = 10.64.1.2/32,fc00:bbbb:bbbb:bb01::1:1/128
DNS = 10.64.0.1

[Peer]
PublicKey = {_PUBLIC.text}
AllowedIPs = 0.0.0.0/0,::0/0
Endpoint = 198.51.100.7:51820
"""
_ODD = f"""\ufeff[interface]\r
privatekey={_PRIVATE.text}\r
ADDRESS = 10.2.0.2 # no length\r
Address = fd00::2/64\r
DNS = 10.2.0.1, lan.example\r
DNS = fd00::1\r
DNS =\r
MTU=1380\r
ListenPort = 0\r
FwMark = 0xca6c\r
Table = off\r
PostUp = iptables -A x; touch /tmp/never # and more\r
PreDown = wg set %i\r
\r
[PEER]\r
PublicKey = {_PUBLIC.text}\r
PresharedKey = {_SHARED.text}\r
AllowedIPs = 10.9.9.9/8\r
AllowedIPs = ::/0\r
Endpoint = [2001:db8::1]:443\r
PersistentKeepalive = off\r
"""


def _config(text: str) -> Config:
    outcome = parse(text, "a.conf")
    assert isinstance(outcome, Parsed), outcome
    return outcome.config


def _problems(text: str) -> list[tuple[int, Cause]]:
    outcome = parse(text, "a.conf")
    assert isinstance(outcome, Rejected)
    assert all(problem.file == "a.conf" for problem in outcome.problems)
    return [(problem.line, problem.cause) for problem in outcome.problems]


def test_usual_file() -> None:
    assert _config(_USUAL) == Config(
        _PRIVATE,
        (ip_interface("10.64.1.2/32"), ip_interface("fc00:bbbb:bbbb:bb01::1:1/128")),
        (
            Peer(
                _PUBLIC,
                None,
                Endpoint("198.51.100.7", 51820),
                (ip_network("0.0.0.0/0"), ip_network("::/0")),
            ),
        ),
        (ip_address("10.64.0.1"),),
    )
    assert _config(_USUAL).carries_everything == (True, True)


def test_odd_file() -> None:
    outcome = parse_bytes(_ODD.encode(), "odd.conf")
    assert isinstance(outcome, Parsed)
    assert outcome.config == Config(
        _PRIVATE,
        (ip_interface("10.2.0.2/32"), ip_interface("fd00::2/64")),
        (
            Peer(
                _PUBLIC,
                _SHARED,
                Endpoint("2001:db8::1", 443),
                (ip_network("10.0.0.0/8"), ip_network("::/0")),
            ),
        ),
        (ip_address("10.2.0.1"), ip_address("fd00::1")),
        ("lan.example",),
        1380,
        0,
    )
    runs, idle = Reason.WOULD_RUN_A_PROGRAM, Reason.NOT_NEEDED
    assert outcome.ignored == (
        Ignored(10, "FwMark", "0xca6c", idle),
        Ignored(11, "Table", "off", idle),
        Ignored(12, "PostUp", "iptables -A x; touch /tmp/never # and more", runs),
        Ignored(13, "PreDown", "wg set %i", runs),
    )


@pytest.mark.parametrize(
    ("old", "new", "line", "cause"),
    [
        ("[Interface]", "[Interfac]", 1, Cause.UNKNOWN_SECTION),
        ("[Interface]", "", 3, Cause.NO_SECTION),
        ("[Peer]", "[Interface]", 7, Cause.REPEATED_SECTION),
        ("PrivateKey", "Privatkey", 3, Cause.UNKNOWN_KEY),
        ("PrivateKey", "# PrivateKey", 1, Cause.MISSING_KEY),
        ("Address", "# Address", 1, Cause.MISSING_KEY),
        ("PublicKey", "# PublicKey", 7, Cause.MISSING_KEY),
        ("DNS = ", "DNS ", 5, Cause.NO_VALUE),
        ("DNS = 10.64.0.1", "MTU =", 5, Cause.NO_VALUE),
        ("DNS = 10.64.0.1", "DNS = 10.64.0.999", 5, Cause.BAD_VALUE),
        ("DNS = 10.64.0.1", "MTU = 12", 5, Cause.BAD_VALUE),
        ("DNS = 10.64.0.1", "MTU = \u0661\u0664\u0660\u0660", 5, Cause.BAD_VALUE),
        ("DNS = 10.64.0.1", "Jc = 4", 5, Cause.UNKNOWN_KEY),
        ("DNS = 10.64.0.1", f"PrivateKey = {_PRIVATE.text}", 5, Cause.REPEATED_KEY),
        ("10.64.1.2/32", "10.64.1.2/33", 4, Cause.BAD_VALUE),
        ("10.64.1.2/32", "0.0.0.0", 4, Cause.BAD_VALUE),
        ("0.0.0.0/0", "everything", 9, Cause.BAD_VALUE),
        ("198.51.100.7:51820", "198.51.100.7", 10, Cause.BAD_VALUE),
        ("198.51.100.7:51820", "198.51.100.700:51820", 10, Cause.BAD_VALUE),
        ("198.51.100.7:51820", "vpn.example:0", 10, Cause.BAD_VALUE),
        ("198.51.100.7:51820", "$(reboot):51820", 10, Cause.BAD_VALUE),
        ("198.51.100.7:51820", "-v:51820", 10, Cause.BAD_VALUE),
    ],
)
def test_mistake_has_its_line_and_cause(old: str, new: str, line: int, cause: Cause) -> None:
    assert (line, cause) in _problems(_USUAL.replace(old, new, 1))


def test_sections_that_are_missing() -> None:
    assert _problems("") == [(1, Cause.NO_INTERFACE)]
    assert _problems(_USUAL.partition("[Peer]")[0]) == [(1, Cause.NO_PEER)]
    peer = "[Peer]" + _USUAL.partition("[Peer]")[2]
    assert _problems(_USUAL + peer) == [(11, Cause.REPEATED_PEER)]
    assert _problems("x" * 300_000) == [(1, Cause.TOO_LONG)]
    outcome = parse_bytes(b"\xff\xfe[\0I", "b.conf")
    assert outcome == Rejected((Problem("b.conf", 1, Cause.NOT_TEXT, ""),))


@pytest.mark.parametrize("spoil", ["PrivateKey {}", "{}", "PrivateKey = {}=", "PrivateKey={}\0"])
def test_problem_never_shows_a_key(spoil: str) -> None:
    line = spoil.format(_PRIVATE.text)
    outcome = parse(f"{line}\n[Interface]\n{line}\n[Peer]\n", "a.conf")
    assert isinstance(outcome, Rejected)
    shown = " ".join(map(str, outcome.problems)) + repr(outcome)
    assert _PRIVATE.text[:20] not in shown


def test_secrets_can_be_taken_out_and_put_back() -> None:
    config = _config(_ODD)
    public, secrets = take_secrets(config)
    assert _PRIVATE.text not in write(public)
    assert _SHARED.text not in write(public)
    again = parse(write(public), "kept", needs_secrets=False)
    assert isinstance(again, Parsed)
    assert with_secrets(again.config, secrets) == config
    assert isinstance(parse(write(public), "kept"), Rejected)


def test_secret_does_not_show_itself() -> None:
    shown = f"{_PRIVATE} {_PRIVATE!r} {_config(_ODD)!r}"
    assert _PRIVATE.text not in shown
    assert _PRIVATE.raw.hex() not in shown
    assert repr(_PRIVATE.raw) not in shown


def test_keys_agree_with_the_reference_program() -> None:
    key = new_private_key()
    done = subprocess.run(
        ["wg", "pubkey"], check=True, input=key.text, capture_output=True, text=True
    )
    assert done.stdout.strip() == key.public().text
    assert new_private_key() != key


@pytest.mark.parametrize("text", ["", "a" * 44, "é" * 44, _PRIVATE.text[:-2] + "B=", "=" * 44])
def test_what_is_no_key(text: str) -> None:
    with pytest.raises(BadKeyError):
        SecretKey.parse(text)


_keys = st.binary(min_size=32, max_size=32).filter(any)
_networks = st.one_of(
    st.tuples(st.ip_addresses(v=4), st.integers(0, 32)),
    st.tuples(st.ip_addresses(v=6), st.integers(0, 128)),
).map(lambda pair: ip_network(pair, strict=False))
_names = st.from_regex(
    r"[a-z0-9]([a-z0-9-]{0,8}[a-z0-9])?(\.[a-z][a-z0-9]{0,8}){1,3}", fullmatch=True
)
_own = st.one_of(
    st.tuples(st.ip_addresses(v=4, network="10.0.0.0/8"), st.integers(8, 32)),
    st.tuples(st.ip_addresses(v=6, network="fd00::/8"), st.integers(8, 128)),
).map(lambda pair: ip_interface(pair))
_endpoints = st.builds(Endpoint, _names | st.ip_addresses().map(str), st.integers(1, 65535))
_peers = st.builds(
    Peer,
    _keys.map(PublicKey),
    st.none() | _keys.map(SecretKey),
    st.none() | _endpoints,
    st.lists(_networks, max_size=4, unique=True).map(tuple),
    st.integers(0, 65535),
)
_configs = st.builds(
    Config,
    _keys.map(SecretKey),
    st.lists(_own, min_size=1, max_size=3, unique=True).map(tuple),
    st.lists(_peers, min_size=1, max_size=3, unique_by=lambda peer: peer.public_key).map(tuple),
    st.lists(
        st.ip_addresses(network="10.0.0.0/8") | st.ip_addresses(network="fd00::/8"),
        max_size=2,
        unique=True,
    ).map(tuple),
    st.lists(_names, max_size=2, unique=True).map(tuple),
    st.none() | st.integers(576, 65535),
    st.none() | st.integers(0, 65535),
)


@settings(max_examples=200, deadline=None)
@given(_configs)
def test_written_configuration_reads_the_same(config: Config) -> None:
    assert _config(write(config)) == config


_KEYS = ["PrivateKey", "Address", "DNS", "MTU", "AllowedIPs", "Endpoint", "PublicKey", "PostUp"]
_KEYS += ["PreDown", "PersistentKeepalive", "PresharedKey", "ListenPort", "Jc"]
_LINES = _USUAL.splitlines() + _ODD.splitlines()


def _line(chance: random.Random) -> str:
    if chance.random() < 0.3:
        return chance.choice(_LINES)
    if chance.random() < 0.5:
        return seeded.any_text(chance, 60)
    match chance.randrange(3):
        case 0:
            value = seeded.any_text(chance, 40)
        case 1:
            value = str(seeded.whole_number(chance))
        case _:
            value = seeded.address(chance)
    return f"{chance.choice(_KEYS)} = {value}"


def _hostile(chance: random.Random) -> bytes:
    match chance.randrange(3):
        case 0:
            lines = [_line(chance) for _ in range(chance.randint(0, 25))]
            return "\n".join(lines).encode("utf-8", "replace")
        case 1:
            return chance.randbytes(chance.randint(0, 300))
        case _:
            usual, at = _USUAL.encode(), chance.randint(0, len(_USUAL))
            return usual[:at] + _some_bytes(chance) + usual[at:]


def _some_bytes(chance: random.Random) -> bytes:
    length = chance.randint(0, 12)
    if chance.random() < 0.5:
        return chance.randbytes(length)
    return bytes(chance.choices(b"\n\r\0#=[]/:,. a0", k=length))


@seeded.inputs(10_000)
@given(seeded.SEEDS)
def test_hostile_file_is_read_or_refused(seed: int) -> None:
    seeded.try_all(seed, _hostile, _is_read_or_refused)


def _is_read_or_refused(payload: bytes) -> None:
    match parse_bytes(payload, "evil.conf"):
        case Parsed(config):
            assert _config(write(config)) == config
        case Rejected(problems):
            lines = payload.count(b"\n") + payload.count(b"\r") + 1
            assert problems
            assert all(p.file == "evil.conf" and 1 <= p.line <= lines for p in problems)


def test_reading_runs_nothing() -> None:
    """In a process that reports every start of a program (sys.addaudithook), none is started."""
    program = (
        "import sys\n"
        "from myco_vpn.wireguard.parse import parse\n"
        "seen = []\n"
        "names = ('subprocess.Popen', 'os.system', 'os.exec', 'os.posix_spawn', 'open')\n"
        "sys.addaudithook(lambda name, _: seen.append(name) if name in names else None)\n"
        "parse(sys.stdin.read(), 'a')\n"
        "print(seen)\n"
        "import subprocess; subprocess.run(['true']); print(bool(seen))\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], input=_ODD, capture_output=True, text=True, check=True
    )
    assert done.stdout.split() == ["[]", "True"]


def test_uapi_says_what_the_configuration_says() -> None:
    config = _config(_ODD)
    at = {_PUBLIC: (ip_address("2001:db8::1"), 443)}
    assert uapi.set_config(config, at).decode().splitlines() == [
        "set=1",
        f"private_key={_PRIVATE.raw.hex()}",
        "listen_port=0",
        "replace_peers=true",
        f"public_key={_PUBLIC.raw.hex()}",
        f"preshared_key={_SHARED.raw.hex()}",
        "endpoint=[2001:db8::1]:443",
        "replace_allowed_ips=true",
        "allowed_ip=10.0.0.0/8",
        "allowed_ip=::/0",
        "persistent_keepalive_interval=25",
        "",
    ]
    assert b"persistent_keepalive_interval=0" in uapi.set_keepalives(config)
    answer = (
        f"listen_port=9\npublic_key={_PUBLIC.raw.hex()}\nlast_handshake_time_sec=12\n"
        "last_handshake_time_nsec=500000000\nrx_bytes=7\ntx_bytes=8\nerrno=0\n\n"
    )
    status = uapi.parse_status(answer.encode())
    assert (status.last_handshake, status.received, status.sent) == (12.5, 7, 8)
    with pytest.raises(uapi.UapiError):
        uapi.parse_status(b"errno=-22\n\n")


@settings(max_examples=300, deadline=None)
@given(st.binary(max_size=200) | st.text(alphabet="publickey_rx=0123456789\n").map(str.encode))
def test_any_answer_of_the_program_is_survived(answer: bytes) -> None:
    try:
        uapi.parse_status(answer)
    except uapi.UapiError:
        return
