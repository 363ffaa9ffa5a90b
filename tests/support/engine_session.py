"""A session with the real engine and no browser around it: what sealing leaves working.

Loads chrome://sandbox, then the URLs of its hello, and reports the text of each as a JSON line to
the socket at $MYCO_TEST_CONTROL. A URL with the path /granted is granted at the door first.
"""

from __future__ import annotations

import json
import os
import socket
import sys

from myco_vpn import engineproxy, link, seal
from myco_vpn.framing import MessageSocket


def main() -> int:
    """Run, report, end."""
    launcher = MessageSocket.from_fd(int(sys.argv[sys.argv.index("--launcher-fd") + 1]))
    hello = launcher.receive()
    assert hello is not None
    outcome = seal.open_listeners(hello.flag("seal"), 4)
    seal.die_with_parent()
    sealed = isinstance(outcome, seal.Sealed)
    launcher.send(
        {"type": "listening", "sealed": sealed, "reason": ""},
        [listener.fileno() for listener in outcome.listeners],
    )
    arguments = engineproxy.proxy_arguments(outcome.ports, sealed)
    own_loopback = engineproxy.uses_own_loopback(outcome.ports, sealed)
    door = link.DoorLink(socket.socket(fileno=hello.fds.pop()), own_loopback)
    pages = _load(arguments, ["chrome://sandbox/", *hello.texts("urls")], door)
    with socket.socket(socket.AF_UNIX) as test:
        test.connect(os.environ["MYCO_TEST_CONTROL"])
        test.sendall(json.dumps({"sealed": sealed, "pages": pages}).encode() + b"\n")
        test.shutdown(socket.SHUT_WR)
    launcher.send({"type": "closing"})
    return 0


def _load(arguments: tuple[str, ...], urls: list[str], door: link.DoorLink) -> list[str]:
    # Only now: sealing needs a process with one thread.
    from PyQt6.QtCore import QUrl
    from PyQt6.QtWebEngineCore import QWebEnginePage, QWebEngineProfile
    from PyQt6.QtWidgets import QApplication

    application = QApplication([sys.argv[0], "--webEngineArgs", *arguments])
    profile = QWebEngineProfile()
    page = QWebEnginePage(profile)
    texts: list[str] = []
    waiting = list(urls)

    def load_next() -> None:
        url = QUrl(waiting.pop(0))
        if url.path() == "/granted":
            door.grant_local(url.host(), url.port())
        page.load(url)

    def take(text: str | None) -> None:
        texts.append(text or "")
        if waiting:
            load_next()
        else:
            application.quit()

    page.loadFinished.connect(lambda _: page.toPlainText(take))
    load_next()
    application.exec()
    page.deleteLater()
    return texts


if __name__ == "__main__":
    status = main()
    sys.stdout.flush()
    os._exit(status)  # the engine's own tidying is not what is tested
