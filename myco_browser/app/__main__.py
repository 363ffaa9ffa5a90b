"""A session process: seals itself, meets its launcher, then builds every object and joins them.

The first part runs before Qt is imported: sealing needs a process with one thread, and the door's
sockets travel to the launcher while the engine loads. It imports little, because nothing else can
be done meanwhile.
"""

from __future__ import annotations

import gc
import os
import sys
from collections.abc import Callable
from typing import TYPE_CHECKING, NamedTuple

from myco_browser.system.kept_memory import read_kept
from myco_vpn.framing import Message, MessageSocket
from myco_vpn.seal import (
    Sealed,
    Unsealed,
    die_with_parent,
    forbid_core_files,
    lock_memory,
    open_listeners,
)

if TYPE_CHECKING:
    from myco_browser.ui.windows import WindowManager

_HELLO_S = 10.0
# The engine takes at most 32 connections a port; see docs/adr/0003.
_DOOR_PORTS = 4


class Greeting(NamedTuple):
    """What the launcher told this session, checked."""

    name: str
    private: bool
    number: int
    profile: str | None
    cache: str | None
    lists_from: str
    urls: tuple[str, ...]
    seal: bool
    state: object
    crashes: int
    """How often it crashed of late; its tabs come back then."""
    language: str | None
    log_level: str


def main(led_by: Callable[[WindowManager], object] | None = None) -> int:
    """Runs one session; the exit status is the application's.

    `led_by` is what leads the windows of a session under test, made when they are there.
    """
    match sys.argv[1:]:
        case ["--launcher-fd", number] if number.isdecimal():
            messages = MessageSocket.from_fd(int(number), _HELLO_S)
        case _:
            return _refuse()
    hello = messages.receive()
    if hello is None or hello.type != "hello" or not hello.fds:
        return _refuse()
    greeting = _read_greeting(hello)
    seal = open_listeners(greeting.seal, _DOOR_PORTS)
    die_with_parent()
    if greeting.private:
        forbid_core_files()
        lock_memory()
    sealed = isinstance(seal, Sealed)
    reason = seal.reason if isinstance(seal, Unsealed) else ""
    messages.send(
        {"type": "listening", "sealed": sealed, "reason": reason, "screens": True},
        [listener.fileno() for listener in seal.listeners],
    )
    ports = seal.ports
    for listener in seal.listeners:
        listener.close()
    door_fd, hello.fds = hello.fds[0], hello.fds[1:]
    hello.close_fds()
    os.set_inheritable(door_fd, False)
    # What is made at the start stays; looking for garbage among it takes a tenth of the time.
    gc.disable()
    # Only now: threads are started.
    from myco_browser.app import groundwork

    groundwork.lay()
    from myco_browser.app.opening import open_session

    opening = open_session(greeting, ports, sealed=sealed)
    from myco_browser.app.composition import run

    return run(
        opening, greeting, messages, door_fd, ports, sealed=sealed, reason=reason, led_by=led_by
    )


def _refuse() -> int:
    print("myco-browser: a session is started by the launcher only", file=sys.stderr)
    return 2


def _read_greeting(hello: Message) -> Greeting:
    body = hello.body
    urls = body.get("urls")
    return Greeting(
        name=hello.text("session"),
        private=hello.text("kind") != "everyday",
        number=hello.number("number") or 0,
        profile=hello.text("profile") or None,
        cache=hello.text("cache") or None,
        lists_from=hello.text("lists_from"),
        urls=tuple(u for u in urls if isinstance(u, str)) if isinstance(urls, list) else (),
        # A wish that cannot be read is the safer one.
        seal=body.get("seal") is not False,
        state=read_kept(hello.fds[1]) if len(hello.fds) > 1 else None,
        crashes=hello.number("crashes") or 0,
        language=hello.text("language") or None,
        log_level=hello.text("log_level") or "warning",
    )


if __name__ == "__main__":
    sys.exit(main())
