"""In a network of its own: a name server on port 53, and what our look-up asks and finds there.

Run as root of its own user, network and mount namespaces; the arguments are the names to look up.
"""

from __future__ import annotations

import asyncio
import json
import socket
import struct
import subprocess
import sys
import tempfile
import threading
from pathlib import Path

from myco_vpn.resolver import Resolver

_ALIASES = {"metrics.shop.test": "shop.cloak.test", "shop.cloak.test": "eu.tracker.test"}
_ADDRESSES = {"eu.tracker.test": "192.0.2.7", "www.shop.test": "192.0.2.8"}
_SERVICES = {
    "_imaps._tcp.shop.test": [(20, 0, 993, "spare.shop.test"), (10, 1, 1993, "imap.shop.test")]
}
_KINDS = {1: "A", 28: "AAAA", 33: "SRV"}


def _name(text: str) -> bytes:
    labels = (label.encode() for label in text.split("."))
    return b"".join(bytes((len(label),)) + label for label in labels) + b"\0"


def _answer(question: bytes, asked: list[str]) -> bytes:
    labels, at = [], 12
    while question[at]:
        labels.append(question[at + 1 : at + 1 + question[at]].decode())
        at += 1 + question[at]
    (kind,) = struct.unpack_from("!H", question, at + 1)
    name = ".".join(labels)
    asked.append(f"{name} {_KINDS.get(kind, kind)}")
    records = []
    while name in _ALIASES:
        target = _name(_ALIASES[name])
        records.append(_name(name) + struct.pack("!HHIH", 5, 1, 60, len(target)) + target)
        name = _ALIASES[name]
    known = name in _ADDRESSES or name in _SERVICES
    for *numbers, host in _SERVICES.get(name, ()) if kind == 33 else ():
        place = struct.pack("!HHH", *numbers) + _name(host)
        records.append(_name(name) + struct.pack("!HHIH", 33, 1, 60, len(place)) + place)
    if known and kind == 1:
        address = socket.inet_aton(_ADDRESSES[name])
        records.append(_name(name) + struct.pack("!HHIH", 1, 1, 60, 4) + address)
    flags = 0x8180 if known else 0x8183
    head = question[:2] + struct.pack("!HHHHH", flags, 1, len(records), 0, 0)
    return head + question[12 : at + 5] + b"".join(records)


def _serve(sock: socket.socket, asked: list[str]) -> None:
    while True:
        question, sender = sock.recvfrom(4096)
        sock.sendto(_answer(question, asked), sender)


def _use_only_our_server(folder: Path) -> None:
    for name, text in (
        ("resolv.conf", "nameserver 127.0.0.1\noptions timeout:2 attempts:1\n"),
        ("nsswitch.conf", "hosts: files dns\n"),
        ("hosts", "127.0.0.1 localhost\n"),
    ):
        (folder / name).write_text(text)
        place = Path("/etc", name).resolve()
        subprocess.run(["mount", "--bind", str(folder / name), str(place)], check=True)


async def _look_up(names: list[str]) -> dict[str, object]:
    resolver = Resolver()
    services = [name for name in names if name.startswith("_")]
    found = {name: await resolver.resolve(name) for name in names if name not in services}
    told: dict[str, object] = {
        name: [[str(a) for a in one.addresses], one.canonical] for name, one in found.items()
    }
    for name in services:
        try:
            told[name] = await resolver.services(name)
        except OSError:
            told[name] = None
    resolver.close()
    return told


def main() -> int:
    """Print what was found and asked, as JSON."""
    for words in ("link set lo up", "addr add 192.0.2.1/24 dev lo"):
        subprocess.run(["ip", *words.split()], check=True)
    sock = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    sock.bind(("127.0.0.1", 53))
    asked: list[str] = []
    threading.Thread(target=_serve, args=(sock, asked), daemon=True).start()
    with tempfile.TemporaryDirectory() as folder:
        _use_only_our_server(Path(folder))
        found = asyncio.run(_look_up(sys.argv[1:]))
        print(json.dumps({"found": found, "asked": asked}))
        sys.stdout.flush()
        for name in ("resolv.conf", "nsswitch.conf", "hosts"):
            subprocess.run(["umount", str(Path("/etc", name).resolve())], check=False)
    return 0


if __name__ == "__main__":
    sys.exit(main())
