"""A name server over HTTPS on loopback: keeps what it was asked, and can be broken on purpose."""

from __future__ import annotations

import contextlib
import socket
import ssl
import struct
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import trustme
from h2.config import H2Configuration
from h2.connection import H2Connection
from h2.events import DataReceived, StreamEnded
from h2.exceptions import ProtocolError


@dataclass
class DohRig:
    """The server. `broken`: "" or "status", "garbage", "failure" (SERVFAIL), "silence"."""

    port: int
    authority: Path
    asked: list[str] = field(default_factory=list)
    lengths: set[int] = field(default_factory=set)
    names: dict[str, str] = field(default_factory=dict)
    services: dict[str, tuple[int, str]] = field(default_factory=dict)
    """Port and target."""
    broken: str = ""

    @property
    def url(self) -> str:
        """Its address."""
        return f"https://127.0.0.1:{self.port}/dns-query"


@contextlib.contextmanager
def serve_names(folder: Path, alpn: str = "h2") -> Iterator[DohRig]:
    """A server until the context ends; `authority` is what a client has to trust."""
    authority = trustme.CA()
    file = folder / "doh-authority.pem"
    authority.cert_pem.write_to_path(file)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.set_alpn_protocols([alpn])
    authority.issue_cert("127.0.0.1", "dns.test").configure_cert(context)
    listener = socket.create_server(("127.0.0.1", 0))
    rig = DohRig(listener.getsockname()[1], file)
    ending = threading.Event()

    def accept() -> None:
        while not ending.is_set():
            try:
                plain, _peer = listener.accept()
            except OSError:
                return
            threading.Thread(target=_serve, args=(rig, context, plain), daemon=True).start()

    thread = threading.Thread(target=accept)
    thread.start()
    try:
        yield rig
    finally:
        ending.set()
        listener.shutdown(socket.SHUT_RDWR)
        listener.close()
        thread.join()


def _serve(rig: DohRig, context: ssl.SSLContext, plain: socket.socket) -> None:
    with contextlib.suppress(OSError, ProtocolError), context.wrap_socket(plain, True) as sock:
        connection = H2Connection(H2Configuration(client_side=False))
        connection.initiate_connection()
        sock.sendall(connection.data_to_send())
        bodies: dict[int, bytes] = {}
        while received := sock.recv(65_536):
            for event in connection.receive_data(received):
                if isinstance(event, DataReceived):
                    bodies[event.stream_id] = bodies.get(event.stream_id, b"") + (event.data or b"")
                elif isinstance(event, StreamEnded):
                    _answer(rig, connection, event.stream_id, bodies.pop(event.stream_id, b""))
            if out := connection.data_to_send():
                sock.sendall(out)


def _answer(rig: DohRig, connection: H2Connection, stream: int, packet: bytes) -> None:
    name, kind, at = _question(packet)
    rig.asked.append(name)
    rig.lengths.add(len(packet))
    if rig.broken == "silence":
        return
    known = rig.names.get(name)
    records = b""
    if known is not None and kind == 1:
        records = packet[12:at] + struct.pack("!HHIH", 1, 1, 60, 4) + socket.inet_aton(known)
    if kind == 33 and (service := rig.services.get(name)) is not None:
        known, (port, target) = name, service
        labels = b"".join(bytes((len(one),)) + one.encode() for one in target.split("."))
        place = struct.pack("!HHH", 0, 0, port) + labels + b"\0"
        records = packet[12:at] + struct.pack("!HHIH", 33, 1, 60, len(place)) + place
    code = 2 if rig.broken == "failure" else 0 if known else 3
    head = packet[:2] + struct.pack("!HHHHH", 0x8180 | code, 1, 1 if records else 0, 0, 0)
    body = b"garbage" if rig.broken == "garbage" else head + packet[12 : at + 4] + records
    status = "500" if rig.broken == "status" else "200"
    connection.send_headers(
        stream, [(":status", status), ("content-type", "application/dns-message")]
    )
    connection.send_data(stream, body, end_stream=True)


def _question(packet: bytes) -> tuple[str, int, int]:
    labels, at = [], 12
    while packet[at]:
        labels.append(packet[at + 1 : at + 1 + packet[at]].decode())
        at += 1 + packet[at]
    (kind,) = struct.unpack_from("!H", packet, at + 1)
    return ".".join(labels), kind, at + 1
