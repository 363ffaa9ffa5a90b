"""Names over HTTPS: the chosen server is asked and nobody else, whatever becomes of it."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from pathlib import Path

import pytest
from support.doh_server import DohRig, serve_names
from support.door_rig import door_rig, far_side

from myco_vpn import doh
from myco_vpn.link import DialError
from myco_vpn.lookups import ProcessResolver
from myco_vpn.resolver import Resolved


@pytest.fixture
def names(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[DohRig]:
    with serve_names(tmp_path) as rig:
        monkeypatch.setenv("SSL_CERT_FILE", str(rig.authority))
        yield rig


@pytest.fixture
def system(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """What the system's resolver is asked stands in this file, also by the process for look-ups."""
    file = tmp_path / "system"
    file.touch()

    def note(name: str) -> Resolved:
        with file.open("a") as lines:
            lines.write(f"{name}\n")
        raise OSError("no such name")

    monkeypatch.setattr("myco_vpn.resolver.system_lookup", note)
    monkeypatch.setattr("myco_vpn.doh.system_lookup", note)
    return file


def _why(url: str, addresses: list[str]) -> tuple[str, bytes]:
    """The door's word for a connection to shop.test, and what came over it."""
    return asyncio.run(_connect(url, addresses, "shop.test"))


async def _connect(url: str, addresses: list[str], host: str) -> tuple[str, bytes]:
    async with far_side() as far, door_rig(resolver=ProcessResolver()) as rig:
        rig.control.send({"type": "resolver", "url": url, "addresses": addresses})
        await asyncio.to_thread(rig.link.grant_local, host, far.port)
        try:
            found = await rig.fetch(host, far.port)
        except DialError:
            return await rig.why(host, far.port), b""
        return "none", found


def test_the_chosen_server_is_asked_and_nobody_else(names: DohRig, system: Path) -> None:
    names.names["shop.test"] = "127.0.0.1"
    why, found = _why(names.url, [])
    assert (why, found[-5:]) == ("none", b"hello")
    assert names.asked == ["shop.test", "shop.test"]
    assert system.read_text() == ""
    # Every question is as long as the next, so that its length tells nothing.
    assert names.lengths == {128}


@pytest.mark.parametrize("broken", ["status", "garbage", "failure"])
def test_a_broken_server_is_told_and_not_replaced(names: DohRig, system: Path, broken: str) -> None:
    names.names["shop.test"] = "127.0.0.1"
    names.broken = broken
    assert _why(names.url, []) == ("resolver", b"")
    assert set(names.asked) == {"shop.test"}
    assert system.read_text() == ""


def test_a_server_that_is_silent_is_given_up(
    names: DohRig, system: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(doh, "_ANSWER_S", 0.2)
    names.broken = "silence"
    assert _why(names.url, []) == ("resolver", b"")
    assert system.read_text() == ""


def test_a_name_that_does_not_exist_is_no_failure(names: DohRig, system: Path) -> None:
    assert _why(names.url, []) == ("name-not-found", b"")
    assert system.read_text() == ""


def test_a_server_that_is_not_trusted_is_not_asked(
    names: DohRig, system: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("SSL_CERT_FILE")
    assert _why(names.url, []) == ("resolver", b"")
    assert names.asked == []
    assert system.read_text() == ""


def test_a_server_with_another_name_is_not_asked(names: DohRig, system: Path) -> None:
    wrong = f"https://other.test:{names.port}/dns-query"
    assert _why(wrong, ["127.0.0.1"]) == ("resolver", b"")
    right = f"https://dns.test:{names.port}/dns-query"
    assert _why(right, ["127.0.0.1"]) == ("name-not-found", b"")
    assert set(names.asked) == {"shop.test"}
    assert system.read_text() == ""


def test_only_the_servers_own_name_is_asked_of_the_system(names: DohRig, system: Path) -> None:
    named = f"https://dns.test:{names.port}/dns-query"
    assert _why(named, []) == ("resolver", b"")
    assert set(system.read_text().split()) == {"dns.test"}


@pytest.mark.parametrize("url", ["https:", "http://127.0.0.1/dns-query", "nonsense"])
def test_what_is_no_address_closes_the_way(system: Path, url: str) -> None:
    assert _why(url, []) == ("resolver", b"")
    assert system.read_text() == ""


def test_a_server_whose_name_no_certificate_can_have_is_not_asked(
    names: DohRig, system: Path
) -> None:
    assert _why(f"https://.test:{names.port}/dns-query", ["127.0.0.1"]) == ("resolver", b"")
    assert names.asked == []
    assert system.read_text() == ""


def test_a_surprise_in_a_look_up_is_told_at_once(
    system: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def surprise(_server: doh.DohServer) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr(doh, "_connect", surprise)
    assert _why("https://127.0.0.1:1/dns-query", []) == ("resolver", b"")
    assert system.read_text() == ""


def test_a_server_without_http_2_is_refused(
    tmp_path: Path, system: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with serve_names(tmp_path, alpn="http/1.1") as names:
        monkeypatch.setenv("SSL_CERT_FILE", str(names.authority))
        assert _why(names.url, []) == ("resolver", b"")
    assert system.read_text() == ""


def test_an_unreachable_server_is_told(system: Path) -> None:
    assert _why("https://127.0.0.1:1/dns-query", []) == ("resolver", b"")
    assert system.read_text() == ""
