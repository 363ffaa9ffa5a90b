"""A session with the real engine and no browser around it: what sealing leaves working.

Loads chrome://sandbox, then the URLs of its hello, and reports the text of each as a JSON line to
the socket at $MYCO_TEST_CONTROL.
"""

from __future__ import annotations

import json
import os
import socket
import sys

from myco_vpn import seal
from myco_vpn.framing import MessageSocket


def main() -> int:
    """Run, report, end."""
    launcher = MessageSocket.from_fd(int(sys.argv[sys.argv.index("--launcher-fd") + 1]))
    hello = launcher.receive()
    assert hello is not None
    outcome = seal.open_listeners(hello.flag("seal"))
    seal.die_with_parent()
    sealed = isinstance(outcome, seal.Sealed)
    launcher.send(
        {"type": "listening", "sealed": sealed, "reason": ""},
        [listener.fileno() for listener in outcome.listeners],
    )
    pages = _load(outcome.ports[0], ["chrome://sandbox/", *hello.texts("urls")])
    with socket.socket(socket.AF_UNIX) as test:
        test.connect(os.environ["MYCO_TEST_CONTROL"])
        test.sendall(json.dumps({"sealed": sealed, "pages": pages}).encode() + b"\n")
        test.shutdown(socket.SHUT_WR)
    launcher.send({"type": "closing"})
    return 0


def _load(port: int, urls: list[str]) -> list[str]:
    # Only now: sealing needs a process with one thread.
    from PyQt6.QtCore import QUrl
    from PyQt6.QtWebEngineCore import QWebEnginePage, QWebEngineProfile
    from PyQt6.QtWidgets import QApplication

    flags = (
        f"--proxy-server=socks5://127.0.0.1:{port}",
        "--proxy-bypass-list=<-loopback>",
        "--host-resolver-rules=MAP * ~NOTFOUND , EXCLUDE 127.0.0.1",
    )
    application = QApplication([sys.argv[0], "--webEngineArgs", *flags])
    profile = QWebEngineProfile()
    page = QWebEnginePage(profile)
    texts: list[str] = []
    waiting = list(urls)

    def take(text: str) -> None:
        texts.append(text)
        if waiting:
            page.load(QUrl(waiting.pop(0)))
        else:
            application.quit()

    page.loadFinished.connect(lambda _: page.toPlainText(take))
    page.load(QUrl(waiting.pop(0)))
    application.exec()
    page.deleteLater()
    return texts


if __name__ == "__main__":
    status = main()
    sys.stdout.flush()
    os._exit(status)  # the engine's own tidying is not what is tested
