"""A session process without Qt, led by a test over a socket.

It does what a session owes the launcher (hello, listening, ready), then connects to the socket at
$MYCO_TEST_CONTROL, tells its hello, and obeys one JSON command a line.
"""

from __future__ import annotations

import argparse
import asyncio
import dataclasses
import json
import os
import select
import socket
import subprocess
import sys

from myco_browser.system.kept_memory import keep, read_kept
from myco_vpn import link, seal
from myco_vpn.framing import JsonObject, MessageSocket

_CHILD = (
    "import os, sys, time\n"
    "os.setsid()\n"  # as a program that leaves its parent's kernel session
    "if os.fork() == 0: time.sleep(600)\n"
    "time.sleep(600)\n"
)


def main() -> int:
    """Run until told to end, or until the launcher is gone."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--launcher-fd", type=int, required=True)
    launcher = MessageSocket.from_fd(parser.parse_args().launcher_fd)
    hello = launcher.receive()
    assert hello is not None
    outcome = seal.open_listeners(hello.flag("seal"), 4)
    seal.die_with_parent()
    sealed = isinstance(outcome, seal.Sealed)
    door_link = link.DoorLink(socket.socket(fileno=hello.fds[0]), sealed)
    reason = outcome.reason if isinstance(outcome, seal.Unsealed) else ""
    launcher.send(
        {"type": "listening", "sealed": sealed, "reason": reason},
        [listener.fileno() for listener in outcome.listeners],
    )
    stub = _Stub(launcher, door_link, outcome.ports[0])
    state = read_kept(hello.fds[1]) if len(hello.fds) > 1 else None
    stub.tell(
        {
            "event": "hello",
            "hello": {**hello.body, "state": state},
            "pid": os.getpid(),
            "sealed": sealed,
        }
    )
    if "MYCO_TEST_NOT_READY" not in os.environ:
        launcher.send({"type": "ready"})
    return stub.run()


class _Stub:
    def __init__(self, launcher: MessageSocket, door_link: link.DoorLink, port: int) -> None:
        self._launcher = launcher
        self._link = door_link
        self._port = port
        self._test = socket.socket(socket.AF_UNIX)
        self._test.connect(os.environ["MYCO_TEST_CONTROL"])
        self._lines = self._test.makefile("rw")

    def tell(self, body: JsonObject) -> None:
        self._lines.write(json.dumps(body) + "\n")
        self._lines.flush()

    def run(self) -> int:
        while True:
            launcher, test = self._launcher.fileno(), self._test.fileno()
            readable, _, _ = select.select([launcher, test], [], [])
            if launcher in readable:
                for message in self._launcher.drain():
                    self.tell({"event": message.type, "body": message.body})
                    if message.type == "quit":
                        return 0
                if self._launcher.closed:
                    return 1
            if test in readable:
                line = self._lines.readline()
                if not line:
                    return 1
                command = json.loads(line)
                if command["do"] == "end":
                    return int(command["status"])
                self.tell(self._obey(command))

    def _obey(self, command: dict[str, str]) -> JsonObject:
        host, port = command.get("host", ""), int(command.get("port", 0))
        result: JsonObject
        match command["do"]:
            case "send":
                result = {"done": self._launcher.send(json.loads(command["body"]))}
            case "send-kept":
                fd = keep(json.loads(command["state"]))
                result = {"done": self._launcher.send(json.loads(command["body"]), [fd])}
                os.close(fd)
            case "fetch":
                result = asyncio.run(self._fetch(host, port))
            case "grant":
                result = {"done": self._link.grant_local(host, port or None)}
            case "fetch-from-own-loopback":
                result = _fetch_from_own_loopback(host, port)
            case "revoke":
                result = {"done": self._link.revoke_local(host)}
            case "why":
                result = dataclasses.asdict(self._link.why(host, port))
            case "status":
                news = [type(event).__name__ for event in self._link.drain()]
                status = self._link.status()
                result = {"news": news, "exit": None if status is None else status.exit}
            case "spawn":
                child = subprocess.Popen([sys.executable, "-c", _CHILD])
                result = {"pid": child.pid}
            case _:
                result = {"environ": dict(os.environ)}
        return result

    async def _fetch(self, host: str, port: int) -> JsonObject:
        try:
            reader, writer = await link.dial(host, port, "page", ("127.0.0.1", self._port))
        except link.DialError as error:
            return {"error": str(error), "reply": error.reply}
        writer.write(f"GET / HTTP/1.0\r\nHost: {host}\r\n\r\n".encode())
        answer = await reader.read()
        writer.close()
        return {"answer": answer.decode()}


def _fetch_from_own_loopback(host: str, port: int) -> JsonObject:
    try:
        with socket.create_connection((host, port), 5) as sock:
            sock.sendall(f"GET / HTTP/1.0\r\nHost: {host}\r\n\r\n".encode())
            return {"answer": sock.makefile().read()}
    except OSError as error:
        return {"error": str(error)}


if __name__ == "__main__":
    sys.exit(main())
