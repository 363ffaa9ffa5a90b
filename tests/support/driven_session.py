"""The real session process, led by a test: it also runs what comes over a control socket.

Each line that arrives is JSON {"code": …}: the body of a function of `session`, run on the Qt
thread. What it returns goes back as JSON. The session starts as it does for users, in the same
order and as fast.
"""

from __future__ import annotations

import json
import os
import socket
import sys
import textwrap
import traceback
from typing import Any

from myco_browser.app import __main__ as session_main
from myco_vpn import seal


def _lead(windows: Any) -> object:
    """What keeps the test's connection to the session that made these windows."""
    from PyQt6 import sip
    from PyQt6.QtCore import QSocketNotifier

    session = windows._equip.__self__
    connection = socket.socket(socket.AF_UNIX)
    connection.connect(os.environ["MYCO_TEST_CONTROL"])
    hello = {"pid": os.getpid(), "name": session._greeting.name}
    connection.sendall(json.dumps(hello).encode() + b"\n")
    buffer = bytearray()

    def run(code: str) -> object:
        scope: dict[str, Any] = {}
        exec("def body(session):\n" + textwrap.indent(code, "    "), scope)
        return scope["body"](session)

    def readable() -> None:
        received = connection.recv(1 << 20)
        if not received:
            notifier.setEnabled(False)
            return
        buffer.extend(received)
        while b"\n" in buffer:
            line, _, rest = bytes(buffer).partition(b"\n")
            buffer[:] = rest
            try:
                answer = json.dumps({"result": run(json.loads(line)["code"])})
            except Exception:
                answer = json.dumps({"error": traceback.format_exc()})
            connection.sendall(answer.encode() + b"\n")

    notifier = QSocketNotifier(sip.voidptr(connection.fileno()), QSocketNotifier.Type.Read, session)
    notifier.activated.connect(readable)
    return notifier


def _add_engine_arguments() -> None:
    """What a test gives the engine besides, such as a stand-in for a graphics card.

    With "!" before it, an argument is left out.
    """
    words = os.environ.get("MYCO_TEST_ENGINE_ARGUMENTS", "").split()
    if not words:
        return
    more = [word for word in words if not word.startswith("!")]
    less = {word.removeprefix("!") for word in words} - set(more)
    from myco_browser.app import opening
    from myco_browser.web.flags import chromium_arguments as usual

    def with_more(*ports: Any, **wishes: Any) -> list[str]:
        return [*(one for one in usual(*ports, **wishes) if one not in less), *more]

    setattr(opening, "chromium_arguments", with_more)  # noqa: B010 - a function, for mypy


def main() -> int:
    """Run a session as usual, and let the test lead it."""

    # Qt may only be imported after sealing, so what needs it waits for that.
    def die_with_parent_then_patch() -> None:
        seal.die_with_parent()
        _add_engine_arguments()

    setattr(session_main, "die_with_parent", die_with_parent_then_patch)  # noqa: B010
    return session_main.main(_lead)


if __name__ == "__main__":
    sys.exit(main())
