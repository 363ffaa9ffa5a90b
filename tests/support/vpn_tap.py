"""Reads what leaves the client of a lab, on its only cable."""

from __future__ import annotations

import itertools
import select
import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass, field

GATEWAY_V4, GATEWAY_V6 = "198.51.100.1", "2001:db8:1::1"
WG_PORT = 51820
_ETH_P_ALL = 3
_MARK_KIND = 0x88B5  # IEEE: for local experiments
_IPV6_HOUSEKEEPING = frozenset({*range(130, 138), 143})


@dataclass
class Capture:
    """What came out of the client's cable, told apart from what may."""

    allowed: int = 0
    housekeeping: int = 0
    others: list[str] = field(default_factory=list)


class Tap:
    """Reads every frame that the client sends, at the gateway's end of the cable."""

    def __init__(
        self,
        inside: Callable[[], AbstractContextManager[None]],
        interface: str,
        endpoint_port: int = WG_PORT,
        gateways: tuple[str, ...] = (GATEWAY_V4,),
    ) -> None:
        """`inside` leads into the network of the interface."""
        with inside():
            self._socket = socket.socket(
                socket.AF_PACKET, socket.SOCK_RAW, socket.htons(_ETH_P_ALL)
            )
            self._socket.bind((interface, _ETH_P_ALL))
        self._socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 8 << 20)
        self._port = endpoint_port
        self.gateways = gateways
        """Where WireGuard packets may go to."""
        self._capture = Capture()
        self._marks = itertools.count(1)
        self._marked = 0
        self._stop = False
        self._lock = threading.Lock()
        self._thread = threading.Thread(target=self._read, daemon=True)
        self._thread.start()

    def take(self) -> Capture:
        """What came since the last call; frames that are on their way are waited for."""
        with self._lock:
            taken, self._capture = self._capture, Capture()
        return taken

    def settle(self) -> None:
        """Until a frame of our own, sent now, came through behind all others."""
        number = next(self._marks)
        with socket.socket(socket.AF_PACKET, socket.SOCK_RAW) as sock:
            sock.bind(("c0", _MARK_KIND))
            mark = number.to_bytes(4, "big")
            sock.send(b"\xff" * 6 + b"\x02" + bytes(5) + _MARK_KIND.to_bytes(2, "big") + mark)
        deadline = time.monotonic() + 5
        while self._marked < number:
            if time.monotonic() > deadline:
                raise RuntimeError("the tap does not see what is sent")
            select.select([], [], [], 0.005)

    def wait_for(self, description: str, seconds: float = 10.0) -> bool:
        """Until a frame of that description came."""
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            with self._lock:
                if any(description in other for other in self._capture.others):
                    return True
            select.select([], [], [], 0.01)
        return False

    def close(self) -> None:
        self._stop = True
        self._thread.join()
        self._socket.close()

    def _read(self) -> None:
        while not self._stop:
            if not select.select([self._socket], [], [], 0.05)[0]:
                continue
            frame, address = self._socket.recvfrom(2048)
            if address[2] == socket.PACKET_OUTGOING:  # what the gateway sends
                continue
            with self._lock:
                self._sort(frame)

    def _sort(self, frame: bytes) -> None:
        kind = int.from_bytes(frame[12:14], "big")
        packet = frame[14:]
        if kind == _MARK_KIND:
            self._marked = int.from_bytes(packet[:4], "big")
        elif kind == 0x0806:
            self._capture.housekeeping += 1
        elif kind == 0x0800:
            self._sort_v4(packet)
        elif kind == 0x86DD:
            self._sort_v6(packet)
        else:
            self._capture.others.append(f"ethernet {kind:#06x}")

    def _sort_v4(self, packet: bytes) -> None:
        start, to = 4 * (packet[0] & 15), socket.inet_ntoa(packet[16:20])
        port = int.from_bytes(packet[start + 2 : start + 4], "big")
        # "Port unreachable" is the kernel's answer to a gateway that has not heard of the end yet.
        is_farewell = packet[9] == 1 and packet[start : start + 2] == b"\x03\x03"
        if to in self.gateways and (is_farewell or (packet[9] == 17 and port == self._port)):
            self._capture.allowed += 1
        else:
            self._capture.others.append(
                f"{_protocol(packet[9])} {to} {port} {_flags(packet, start)}"
            )

    def _sort_v6(self, packet: bytes) -> None:
        following, payload = packet[6], packet[40:]
        to = socket.inet_ntop(socket.AF_INET6, packet[24:40])
        if following == 0 and len(payload) > 8:
            following, payload = payload[0], payload[8 * (payload[1] + 1) :]
        if following == 58 and payload[:1] and payload[0] in _IPV6_HOUSEKEEPING:
            self._capture.housekeeping += 1
            return
        port = int.from_bytes(payload[2:4], "big")
        if following == 17 and to == GATEWAY_V6 and port == self._port:
            self._capture.allowed += 1
        else:
            self._capture.others.append(f"{_protocol(following)} {to} {port}")


def _protocol(number: int) -> str:
    return {1: "icmp", 6: "tcp", 17: "udp", 58: "icmp6"}.get(number, str(number))


def _flags(packet: bytes, start: int) -> str:
    """The flags of a TCP packet, or the name that is looked up (RFC 1035, 4.1.2)."""
    if packet[9] == 17 and packet[start + 2 : start + 4] == b"\0\x35":
        return ".".join(_labels(packet[start + 20 :]))
    if packet[9] != 6:
        return ""
    bits = packet[start + 13]
    return "".join(name for bit, name in ((1, "F"), (2, "S"), (4, "R"), (16, "A")) if bits & bit)


def _labels(question: bytes) -> Iterator[str]:
    while question and (length := question[0]):
        yield question[1 : 1 + length].decode("ascii", "replace")
        question = question[1 + length :]
