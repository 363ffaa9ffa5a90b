"""The privileged helper: answers verbs on a socket, for root and for whom an administrator allows.

systemd listens and starts it when somebody asks; it ends by itself after a while, for it holds no
state (see `machine`). Who asks is told by the kernel (SO_PEERCRED). Allowed are root, the users
that were named when it was installed, and whoever polkit lets (pkcheck asks for an administrator's
password where there is a desktop).

Who asks slowly, or has to find a password first, keeps nobody else waiting: each request has a
thread of its own, few for each user, and changes are made one after the other.
"""

from __future__ import annotations

import argparse
import errno
import json
import os
import select
import socket
import struct
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
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
"""For all of a request."""
_PASSWORD_S = 120.0
_IDLE_S = 60.0
_AT_ONCE = 4
"""Requests of one user; more are refused."""
_CREDENTIALS = struct.Struct("3i")
_SO_PEERPIDFD = 77
"""Since Linux 6.5."""


@dataclass(frozen=True, slots=True)
class Asker:
    """Who asks, by the kernel's word."""

    pid: int
    uid: int


class Helper:
    """Serves requests."""

    def __init__(self, places: Places, users: Path) -> None:
        self._places = places
        self._users = users
        self._turn = threading.Lock()
        self._books = threading.Lock()
        self._busy: Counter[int] = Counter()

    def serve(self, listener: socket.socket, idle_s: float) -> None:
        """Until nobody has asked for so long."""
        listener.settimeout(idle_s)
        while True:
            try:
                client, _ = listener.accept()
            except TimeoutError:
                if not self._busy.total():
                    return
                continue
            asker = _asker(client)
            with self._books:
                is_too_much = self._busy[asker.uid] >= _AT_ONCE
                self._busy[asker.uid] += not is_too_much
            if is_too_much:
                client.close()
            else:
                threading.Thread(target=self._serve_one, args=(client, asker), daemon=True).start()

    def _serve_one(self, client: socket.socket, asker: Asker) -> None:
        try:
            with client:
                try:
                    answer = self._answer(client, asker)
                finally:
                    # Who has its answer may ask again at once.
                    with self._books:
                        self._busy[asker.uid] -= 1
                client.settimeout(_REQUEST_S)
                client.sendall(answer_line(answer))
        except OSError as error:
            print(f"a request broke off: {error}", file=sys.stderr)

    def _answer(self, client: socket.socket, asker: Asker) -> Answer:
        try:
            request = parse_request(_read_line(client))
            if not isinstance(request, Status) and not self._may(client, asker):
                return Answer(None, "you are not allowed to do that")
            with self._turn:
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

    def _may(self, client: socket.socket, asker: Asker) -> bool:
        if asker.uid == 0 or asker.uid in allowed_users(self._users):
            return True
        return _polkit_allows(client, asker)


def _asker(client: socket.socket) -> Asker:
    found = client.getsockopt(socket.SOL_SOCKET, socket.SO_PEERCRED, _CREDENTIALS.size)
    pid, uid, _ = _CREDENTIALS.unpack(found)
    return Asker(pid, uid)


def allowed_users(path: Path) -> frozenset[int]:
    """The users that were named; nobody when the file cannot be read."""
    try:
        found = json.loads(path.read_bytes())
        return frozenset(one for one in found if isinstance(one, int) and one > 0)
    except (OSError, ValueError, TypeError):
        return frozenset()


def _polkit_allows(client: socket.socket, asker: Asker) -> bool:
    """What polkit says of the process that asks; no, where it is not there."""
    try:
        # With the time of its start, so that another process with its number is not meant.
        stat = Path(f"/proc/{asker.pid}/stat").read_text("ascii")
        started = stat.rpartition(")")[2].split()[19]
        if _has_ended(client):
            return False
        done = subprocess.run(
            [_PKCHECK, "--action-id", ACTION, "--process", f"{asker.pid},{started},{asker.uid}",
             "--allow-user-interaction"],
            stdin=subprocess.DEVNULL, capture_output=True, timeout=_PASSWORD_S, check=False, env={},
        )  # fmt: skip
    except (OSError, subprocess.SubprocessError, IndexError, UnicodeError):
        return False
    return done.returncode == 0


def _has_ended(client: socket.socket) -> bool:
    """Whether the process that connected is gone, so that its number may be another's by now.

    Kernels before 6.5 do not tell; there only the number is known.
    """
    try:
        pidfd = client.getsockopt(socket.SOL_SOCKET, _SO_PEERPIDFD)
    except OSError as error:
        return error.errno != errno.ENOPROTOOPT
    try:
        poll = select.poll()
        poll.register(pidfd, select.POLLIN)
        return bool(poll.poll(0))
    finally:
        os.close(pidfd)


def _read_line(client: socket.socket) -> bytes:
    received, until = b"", time.monotonic() + _REQUEST_S
    while not received.endswith(b"\n"):
        left = until - time.monotonic()
        if left <= 0:
            raise TimeoutError("the request does not come to its end")
        client.settimeout(left)
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
