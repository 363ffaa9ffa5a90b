"""`myco-vpn gateway`: set up, set up again, members, and taken away."""

from __future__ import annotations

import ipaddress
from pathlib import Path

import pytest

from myco_vpn.cli.main import main
from myco_vpn.gateway.state import Gateway, from_json
from myco_vpn.wireguard.keys import new_private_key
from myco_vpn.wireguard.parse import Parsed, parse


def _gateway(tmp_path: Path, *words: str) -> int:
    folders = ("--folder", str(tmp_path / "etc"), "--runtime", str(tmp_path / "run"))
    return main(["gateway", *folders, *words])


def _init(tmp_path: Path, *words: str) -> int:
    usual = ("--endpoint", "vpn.coop.example", "--uplink", "eth0", "--no-services")
    return _gateway(tmp_path, "init", *usual, *words)


def _state(tmp_path: Path) -> Gateway:
    return from_json((tmp_path / "etc" / "gateway.json").read_text())


def test_set_up_can_be_repeated_and_members_stay(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert _init(tmp_path) == 0
    first = _state(tmp_path)
    assert _init(tmp_path) == 0
    assert _state(tmp_path) == first
    assert (tmp_path / "etc" / "gateway.json").stat().st_mode & 0o077 == 0
    capsys.readouterr()
    assert _gateway(tmp_path, "add-member", "ada", "--no-qr") == 0
    given = parse(capsys.readouterr().out, "ada.conf")
    assert isinstance(given, Parsed)
    assert given.config.peers[0].preshared_key is not None
    assert {one.version for one in given.config.addresses} == {4, 6}
    assert _init(tmp_path, "--mtu", "1380", "--dns", "192.0.2.53") == 0
    changed = _state(tmp_path)
    assert [member.name for member in changed.members] == ["ada"]
    assert (changed.mtu, changed.private_key) == (1380, first.private_key)
    assert changed.upstream == (ipaddress.ip_address("192.0.2.53"),)
    assert _init(tmp_path, "--ipv4", "10.1.0.0/24") == 1  # ada has an address of the other one
    assert _state(tmp_path) == changed


def test_members_may_keep_their_key_and_are_removed(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    _init(tmp_path)
    capsys.readouterr()
    own = new_private_key()
    assert _gateway(tmp_path, "add-member", "bo", "--public-key", own.public().text) == 0
    said = capsys.readouterr().out
    assert own.text not in said
    assert "PrivateKey = (yours)" in said
    assert _gateway(tmp_path, "list") == 0
    assert capsys.readouterr().out.startswith("bo\t10.66.0.2\t")
    for code in (0, 1):  # a second time there is nobody
        assert _gateway(tmp_path, "remove-member", "bo") == code
    assert _state(tmp_path).members == ()


def test_uninstall_leaves_nothing(tmp_path: Path) -> None:
    _init(tmp_path)
    assert _gateway(tmp_path, "uninstall") == 0
    assert [path for path in tmp_path.rglob("*") if path.is_file()] == []
    assert _gateway(tmp_path, "list") == 1


@pytest.mark.parametrize(
    "words",
    [
        ("--endpoint", "vpn.example; id"),
        ("--uplink", "eth0\nx"),
        ("--ipv4", "8.8.8.0"),
        ("--mtu", "9"),
    ],
)
def test_what_is_no_value_is_refused(tmp_path: Path, words: tuple[str, str]) -> None:
    assert _init(tmp_path, *words) == 1
    assert not (tmp_path / "etc" / "gateway.json").exists()
