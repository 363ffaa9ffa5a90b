"""Ways to servers: what is not encrypted in the end is not left open."""

from __future__ import annotations

import gc
import select
import socket
import ssl
import struct

import pytest

from myco_browser.system.dialled import Way


@pytest.mark.parametrize("says_a_word", [False, True])
def test_a_server_that_is_gone_before_encryption_leaves_nothing_open(says_a_word: bool) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        sock = socket.create_connection(listener.getsockname())
        server, _address = listener.accept()
        if says_a_word:
            server.sendall(b"* OK\r\n")
        server.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        server.close()
        poll = select.poll()
        poll.register(sock, 0)
        assert poll.poll(10_000), "the connection is reset"
        way = Way(lambda _host, _port: sock, ssl.create_default_context)
        with pytest.raises(ConnectionResetError):
            way.encrypted(sock, "imap.coop.example")
    # A connection that nobody has any more, and that is open, is an error at this point.
    gc.collect()
    assert sock.fileno() == -1
