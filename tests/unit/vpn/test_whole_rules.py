"""What the privileged helper takes, and the rules it makes of it."""

from __future__ import annotations

import ipaddress
import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from myco_vpn.whole import machine, rules, verbs
from myco_vpn.whole.client import Gateways, pinned
from myco_vpn.whole.helper import allowed_users
from myco_vpn.whole.installation import MODULES, policy
from myco_vpn.whole.machine import Places
from myco_vpn.whole.verbs import Answer, BadRequestError, Block, Down, State, Status, Up
from myco_vpn.wireguard.config import Config, Endpoint, Peer, write
from myco_vpn.wireguard.keys import new_private_key

_KEY = new_private_key()
_EVERYTHING = (ipaddress.ip_network("0.0.0.0/0"),)


def _config(host: str = "192.0.2.1") -> Config:
    peer = Peer(_KEY.public(), None, Endpoint(host, 51820), _EVERYTHING)
    dns = (ipaddress.ip_address("10.0.0.1"),)
    return Config(_KEY, (ipaddress.ip_interface("10.0.0.2/32"),), (peer,), dns)


def test_verbs_are_read() -> None:
    assert verbs.parse_request(b'{"verb": "block"}') == Block()
    assert verbs.parse_request(b'{"verb": "down"}') == Down()
    assert verbs.parse_request(b'{"verb": "status"}') == Status()
    found = verbs.parse_request(verbs.request_line("up", write(_config())))
    assert found == Up(_config())


@pytest.mark.parametrize(
    "line",
    [
        b"",
        b"[]",
        b"null",
        b'"down"',
        b'{"verb": "up"}',
        b'{"verb": ["down"]}',
        b'{"verb": "down", "force": true}',
        b'{"verb": "up", "configuration": 5}',
        b'{"verb": "up", "configuration": "", "post_up": "touch /x"}',
        b'{"verb": "exec", "command": "id"}',
        b"[" * 100_000,
        b'{"verb": "' + b"x" * verbs.MAX_REQUEST + b'"}',
    ],
)
def test_what_is_not_known_is_refused(line: bytes) -> None:
    with pytest.raises(BadRequestError):
        verbs.parse_request(line)


@given(st.binary(max_size=200) | st.dictionaries(st.text(), st.text()).map(json.dumps))
def test_any_request_is_taken_or_refused(line: bytes | str) -> None:
    with pytest.raises(BadRequestError):
        verbs.parse_request(line.encode() if isinstance(line, str) else line)


@pytest.mark.parametrize(
    "change",
    [
        ("Address = 10.0.0.2/32", "Address = 10.0.0.2/32; flush ruleset"),
        ("192.0.2.1:51820", "192.0.2.1:51820 accept; #"),
        ("192.0.2.1:51820", "vpn.example:51820"),
        ("DNS = 10.0.0.1", "DNS = 10.0.0.1 }"),
        (f"PrivateKey = {_KEY.text}", ""),
    ],
)
def test_configuration_with_something_else_in_it_is_refused(change: tuple[str, str]) -> None:
    text = write(_config())
    assert change[0] in text
    with pytest.raises(BadRequestError) as caught:
        verbs.parse_request(verbs.request_line("up", text.replace(*change)))
    assert _KEY.text not in str(caught.value)


def test_commands_in_a_configuration_do_not_get_into_the_rules() -> None:
    text = write(_config()).replace("[Peer]", "PostUp = touch /x\nTable = 1\n[Peer]")
    found = verbs.parse_request(verbs.request_line("up", text))
    assert isinstance(found, Up)
    assert "touch" not in rules.tunnelled(found.config)


def test_rules_are_one_transaction_that_ends_in_refusal() -> None:
    for text in (rules.blocked(), rules.tunnelled(_config())):
        assert text.startswith(rules.no_rules() + f"table inet {rules.TABLE} {{")
        for hook in ("output", "input", "forward"):
            assert f"hook {hook} priority -10; policy drop;" in text
        assert text.index("dport { 53, 853 } reject" if "53" in text else "reject")
    assert "51820" not in rules.blocked()
    assert rules.DEVICE not in rules.blocked().replace(f'iifname "{rules.DEVICE}" ct', "")


def test_only_marked_packets_reach_the_gateway() -> None:
    lines = [line for line in rules.tunnelled(_config()).splitlines() if "dport 51820" in line]
    assert len(lines) == 1
    assert lines[0].strip().startswith(f"meta mark {rules.MARK:#x} ip daddr 192.0.2.1 ")


def test_answers_survive() -> None:
    for answer in (Answer(None, "no"), *(Answer(state, "", 5, 6, 7) for state in State)):
        assert verbs.parse_answer(verbs.answer_line(answer)) == answer
    with pytest.raises(BadRequestError):
        verbs.parse_answer(b'{"state": "fine"}')


@pytest.mark.parametrize(
    ("text", "wanted"),
    [(None, False), ('{"secured": false}', False), ('{"secured": true}', True), ("{", True),
     ("[]", True), ("{}", True), ('{"secured": 0}', True)],
)  # fmt: skip
def test_wish_that_cannot_be_read_means_protected(
    tmp_path: Path, text: str | None, wanted: bool
) -> None:
    places = Places(tmp_path / "kept", tmp_path / "run")
    if text is not None:
        places.kept.write_text(text)
    assert machine.wants_protection(places) is wanted


@pytest.mark.parametrize(
    ("text", "users"),
    [("[1000, 1001]", {1000, 1001}), ("[0, -1]", set()), ("{", set()), ('["1000"]', set()),
     ("5", set())],
)  # fmt: skip
def test_users_that_cannot_be_read_are_nobody(tmp_path: Path, text: str, users: set[int]) -> None:
    (tmp_path / "users").write_text(text)
    assert allowed_users(tmp_path / "users") == users
    assert allowed_users(tmp_path / "none") == frozenset()


def test_names_of_gateways_are_found_before_and_remembered(tmp_path: Path) -> None:
    found = pinned(_config("vpn.example"), lambda name: ipaddress.ip_address("192.0.2.9"))
    assert isinstance(found, Config)
    assert found.peers[0].endpoint == Endpoint("192.0.2.9", 51820)
    assert pinned(_config("vpn.example"), lambda name: None) == "vpn.example"
    gateways = Gateways(tmp_path / "gateways.json")
    address = gateways.find("localhost")
    assert address is not None
    assert address.is_loopback
    (tmp_path / "gateways.json").write_text('{"no-such-name.invalid": "192.0.2.7"}')
    assert str(gateways.find("no-such-name.invalid")) == "192.0.2.7"


def test_helper_is_small_and_polkit_asks_an_administrator() -> None:
    assert len(MODULES) < 15
    assert not [name for name in MODULES if "tunnel" in name or "door" in name]
    assert policy().count("<allow_any>no</allow_any>") == 1


@pytest.mark.parametrize(
    ("text", "first"),
    [('{"ONE": "7", "TWO": "2"}', "7"), ("{", "0"), ("[]", "0"), ('{"ONE": "1; id"}', "0"),
     ('{"ONE": {}}', "0"), ("[" * 100_000, "0"), (None, "1")],
)  # fmt: skip
def test_settings_are_put_back_whatever_the_file_says(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, text: str | None, first: str
) -> None:
    one, two = tmp_path / "one", tmp_path / "two"
    one.write_text("1")
    two.write_text("2")
    monkeypatch.setattr(machine, "_SETTINGS", {str(one): "1", str(two): "2"})
    places = Places(tmp_path / "kept", tmp_path / "settings")
    if text is not None:
        places.runtime.write_text(text.replace("ONE", str(one)).replace("TWO", str(two)))
    machine._restore_settings(places)
    assert one.read_text() == first
    assert not places.runtime.exists()
