"""The owner of a loopback connection, by both ways of asking."""

from __future__ import annotations

import os
import socket
from pathlib import Path

import pytest

from myco_vpn import peers

_TABLE = """  sl  local_address rem_address   st queues tr retrnsmt uid
   0: 0100007F:0438 0100007F:C350 01 00000000:00000000 00:00000000 00000000  1000        0 12 1
   1: 0100007F:C350 0100007F:0438 01 00000000:00000000 00:00000000 00000000  1234        0 13 1
"""


def test_the_kernel_knows_whose_connection_it_is() -> None:
    with (
        socket.create_server(("127.0.0.1", 0)) as listener,
        socket.create_connection(listener.getsockname()) as client,
    ):
        server_side, peer = listener.accept()
        with server_side:
            assert peers.peer_uid(peer, listener.getsockname()) == os.getuid()
            own = peers._by_proc(client.getsockname(), listener.getsockname(), _proc())
            assert own == os.getuid()


def test_nobody_owns_a_connection_that_is_not_there() -> None:
    assert peers.peer_uid(("127.0.0.1", 1), ("127.0.0.1", 2)) is None


def test_without_netlink_the_table_is_read(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    table = tmp_path / "tcp"
    table.write_text(_TABLE)
    client, ours = ("127.0.0.1", 50000), ("127.0.0.1", 1080)
    assert peers._by_proc(client, ours, table) == 1234
    assert peers._by_proc(ours, client, table) == 1000
    assert peers._by_proc(("127.0.0.2", 50000), ours, table) is None
    assert peers._by_proc(client, ours, tmp_path / "missing") is None

    def no_netlink(*_: object) -> int:
        raise OSError("no such protocol")

    monkeypatch.setattr(peers, "_by_netlink", no_netlink)
    assert peers.peer_uid(("127.0.0.1", 1), ("127.0.0.1", 2)) is None


def _proc() -> Path:
    return Path("/proc/net/tcp")
