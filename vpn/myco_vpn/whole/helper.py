"""The privileged helper: answers verbs on a socket, for root and for whom an administrator allows.

systemd listens and starts it when somebody asks; it ends by itself after a while, for it holds no
state (see `machine`). Who asks is told by the kernel (SO_PEERCRED). Allowed are root, the users
that were named when it was installed, and whoever polkit lets (pkcheck asks for an administrator's
password where there is a desktop).
"""

from __future__ import annotations

import argparse
import json
import os
import socket
import struct
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

from myco_vpn.whole import machine
from myco_vpn.whole.machine import MachineError, Places
from myco_vpn.whole.verbs import (
    MAX_REQUEST,
    Answer,
    BadRequestError,
    Block,
    Down,
    Request,
    Status,
    Up,
    answer_line,
    parse_request,
)

ACTION = "coop.myco.vpn.whole-computer"
USERS_FILE = Path("/etc/myco-vpn/whole-users.json")
_PKCHECK = "/usr/bin/pkcheck"
_LISTEN_FD = 3
"""sd_listen_fds(3)."""
_REQUEST_S = 5.0
_PASSWORD_S = 120.0
_IDLE_S = 60.0


class Helper:
    """Serves one request after the other."""

    def __init__(self, places: Places, users: Path) -> None:
        self._places = places
        self._users = users

    def serve(self, listener: socket.socket, idle_s: float) -> None:
        """Until nobody has asked for so long."""
        listener.settimeout(idle_s)
        while True:
            try:
                client, _ = listener.accept()
            except TimeoutError:
                return
            with client:
                self._serve_one(client)

    def _serve_one(self, client: socket.socket) -> None:
        try:
            client.settimeout(_REQUEST_S)
            answer = self._answer(_read_line(client), client)
            client.sendall(answer_line(answer))
        except OSError as error:
            print(f"a request broke off: {error}", file=sys.stderr)

    def _answer(self, line: bytes, client: socket.socket) -> Answer:
        try:
            request = parse_request(line)
            if not isinstance(request, Status) and not self._may(client):
                return Answer(None, "you are not allowed to do that")
            return self._do(request)
        except (BadRequestError, MachineError) as error:
            return Answer(None, str(error))
        except (OSError, subprocess.SubprocessError) as error:
            return Answer(None, f"it did not work: {error}")

    def _do(self, request: Request) -> Answer:
        match request:
            case Up(config):
                machine.up(self._places, config)
            case Block():
                machine.block(self._places)
            case Down():
                machine.down(self._places)
            case Status():
                pass
        return machine.status()

    def _may(self, client: socket.socket) -> bool:
        size = struct.calcsize("3i")
        pid, uid, _ = struct.unpack(
            "3i", client.getsockopt(socket.SOL_SOCKET, socket.SO_PEERCRED, size)
        )
        return uid == 0 or uid in allowed_users(self._users) or _polkit_allows(pid, uid)


def allowed_users(path: Path) -> frozenset[int]:
    """The users that were named; nobody when the file cannot be read."""
    try:
        found = json.loads(path.read_bytes())
        return frozenset(one for one in found if isinstance(one, int) and one > 0)
    except (OSError, ValueError, TypeError):
        return frozenset()


def _polkit_allows(pid: int, uid: int) -> bool:
    """What polkit says of the process that asks; no, where it is not there."""
    try:
        # With the time of its start, so that another process with its number is not meant.
        started = Path(f"/proc/{pid}/stat").read_text("ascii").rpartition(")")[2].split()[19]
        done = subprocess.run(
            [_PKCHECK, "--action-id", ACTION, "--process", f"{pid},{started},{uid}",
             "--allow-user-interaction"],
            stdin=subprocess.DEVNULL, capture_output=True, timeout=_PASSWORD_S, check=False,
        )  # fmt: skip
    except (OSError, subprocess.SubprocessError, IndexError):
        return False
    return done.returncode == 0


def _read_line(client: socket.socket) -> bytes:
    received = b""
    while not received.endswith(b"\n"):
        more = client.recv(65536)
        if not more or len(received) > MAX_REQUEST:
            raise BadRequestError("the request has no end")
        received += more
    return received


def main(arguments: Sequence[str] | None = None) -> int:
    """Run as a service."""
    parser = argparse.ArgumentParser(prog="myco-vpn-helper", allow_abbrev=False)
    parser.add_argument("--boot", action="store_true", help="block, if that was wanted; then end")
    parser.add_argument("--down", action="store_true", help="take everything away; then end")
    parser.add_argument("--idle", type=float, default=_IDLE_S, help=argparse.SUPPRESS)
    parser.add_argument("--users", type=Path, default=USERS_FILE, help=argparse.SUPPRESS)
    parser.add_argument("--kept", type=Path, default=Places().kept, help=argparse.SUPPRESS)
    parser.add_argument("--runtime", type=Path, default=Places().runtime, help=argparse.SUPPRESS)
    options = parser.parse_args(arguments)
    os.umask(0o077)
    places = Places(options.kept, options.runtime)
    try:
        if options.boot:
            machine.block_if_wanted(places)
        elif options.down:
            machine.down(places)
        else:
            listener = socket.socket(fileno=_LISTEN_FD)
            Helper(places, options.users).serve(listener, options.idle)
    except MachineError as error:
        print(error, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
