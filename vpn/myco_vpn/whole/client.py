"""Asking the privileged helper, as an ordinary program."""

from __future__ import annotations

import ipaddress
import json
import os
import socket
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from myco_vpn.files import replace_file
from myco_vpn.whole.verbs import Answer, BadRequestError, parse_answer, request_line
from myco_vpn.wireguard.config import Config, Endpoint, IpAddress, Peer, write

SOCKET = Path("/run/myco-vpn-whole.sock")
_ANSWER_S = 150.0
"""An administrator may have to find the password first."""

Find = Callable[[str], IpAddress | None]


class NotInstalledError(Exception):
    """There is no helper on this computer."""


def is_installed(path: Path = SOCKET) -> bool:
    """Whether the helper can be asked."""
    return path.is_socket()


def ask(verb: str, config: Config | None = None, path: Path = SOCKET) -> Answer:
    """Have a verb done; waits for it. Raises NotInstalledError, OSError, BadRequestError."""
    text = None if config is None else write(config)
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as sock:
        sock.settimeout(_ANSWER_S)
        try:
            sock.connect(os.fspath(path))
        except (FileNotFoundError, ConnectionRefusedError) as error:
            raise NotInstalledError from error
        sock.sendall(request_line(verb, text))
        with sock.makefile("rb") as answers:
            line = answers.readline()
    if not line:
        raise BadRequestError("the helper ended without an answer")
    return parse_answer(line)


def pinned(config: Config, find: Find) -> Config | str:
    """The configuration with addresses in the place of gateways' names; or a name not found."""
    peers: list[Peer] = []
    for peer in config.peers:
        endpoint = peer.endpoint
        if endpoint is not None and endpoint.address is None:
            found = find(endpoint.host)
            if found is None:
                return endpoint.host
            endpoint = Endpoint(str(found), endpoint.port)
        peers.append(replace(peer, endpoint=endpoint))
    return replace(config, peers=tuple(peers))


class Gateways:
    """Finds gateways by name, and remembers them: while all is blocked no name can be looked up."""

    def __init__(self, file: Path) -> None:
        self._file = file

    def find(self, name: str) -> IpAddress | None:
        """An address of a gateway: the one of now, or else the one of the last time."""
        known = self._known()
        try:
            found = socket.getaddrinfo(
                name, None, type=socket.SOCK_DGRAM, flags=socket.AI_ADDRCONFIG
            )
        except OSError:
            found = []
        if not found:
            return known.get(name)
        address = ipaddress.ip_address(found[0][4][0])
        if known.get(name) != address:
            texts = {one: str(place) for one, place in {**known, name: address}.items()}
            replace_file(self._file, json.dumps(texts).encode())
        return address

    def _known(self) -> dict[str, IpAddress]:
        try:
            body = json.loads(self._file.read_bytes())
            return {str(name): ipaddress.ip_address(text) for name, text in body.items()}
        except (OSError, ValueError, AttributeError):
            return {}
