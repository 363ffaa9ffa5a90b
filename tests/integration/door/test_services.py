"""Where a domain's services are (RFC 2782), asked at the door: of whom it asks names, or nobody."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest
from support.doh_server import DohRig, serve_names
from support.door_rig import door_rig, services_by

from myco_vpn.lookups import ProcessResolver

_NAME = "_imaps._tcp.coop.test"


async def _find(names: DohRig, asked: list[str], exit_: str = "") -> list[list[tuple[str, int]]]:
    async with door_rig(resolver=ProcessResolver()) as rig:
        rig.control.send({"type": "resolver", "url": names.url, "addresses": []})
        if exit_:
            rig.control.send({"type": "exit", "exit": exit_})
        found = [await services_by(rig.link, name) for name in asked]
        return [[(one.target, one.port) for one in services] for services in found]


def test_the_chosen_server_says_where_a_service_is(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with serve_names(tmp_path) as names:
        monkeypatch.setenv("SSL_CERT_FILE", str(names.authority))
        names.services[_NAME] = (1993, "imap.elsewhere.test")
        found = asyncio.run(_find(names, [_NAME, "_imap._tcp.coop.test"]))
        assert found == [[("imap.elsewhere.test", 1993)], []]
        assert names.asked == [_NAME, "_imap._tcp.coop.test"]
        # Questions for services are as long as all others.
        assert names.lengths == {128}
        names.broken = "failure"
        assert asyncio.run(_find(names, [_NAME])) == [[]]


@pytest.mark.parametrize(
    ("asked", "exit_"),
    [
        (_NAME, "blocked"),
        ("coop.test", ""),
        ("_imaps._tcp.printer", ""),
        ("_imaps._tcp.box.local", ""),
        ("_imaps._sctp.coop.test", ""),
        ("_imaps._tcp.192.0.2.1", ""),
    ],
)
def test_nobody_is_asked_what_may_not_leave(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, asked: str, exit_: str
) -> None:
    with serve_names(tmp_path) as names:
        monkeypatch.setenv("SSL_CERT_FILE", str(names.authority))
        assert asyncio.run(_find(names, [asked], exit_)) == [[]]
        assert names.asked == []
