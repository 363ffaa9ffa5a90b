"""The session's channel to the launcher, as Qt signals."""

from __future__ import annotations

import logging
import os

from PyQt6 import sip
from PyQt6.QtCore import QObject, QSocketNotifier, pyqtSignal

from myco_browser.system.kept_memory import keep
from myco_vpn.framing import JsonObject, MessageSocket

_log = logging.getLogger(__name__)


class LauncherLink(QObject):
    """What the launcher says, and what it is told. `gone` means that this process has to end."""

    open_wanted = pyqtSignal(list, bool)  # URLs, in a new window
    quit_wanted = pyqtSignal()
    noticed = pyqtSignal(str, dict)  # name, arguments
    gone = pyqtSignal()
    self_test_told = pyqtSignal(object, str)  # the report, or None and why there is none
    tunnel_told = pyqtSignal(dict)
    tunnel_said = pyqtSignal(dict)

    def __init__(self, messages: MessageSocket) -> None:
        super().__init__()
        self._messages = messages
        self.others = 0
        """How many other sessions run."""
        self._notifier = QSocketNotifier(
            sip.voidptr(messages.fileno()), QSocketNotifier.Type.Read, self
        )
        self._notifier.activated.connect(self._drain)

    def open_private(self, urls: list[str]) -> None:
        """Asks for a new private session."""
        self._messages.send({"type": "open-session", "kind": "private", "urls": urls})

    def open_everyday(self, urls: list[str]) -> None:
        """Asks for an everyday window."""
        self._messages.send({"type": "focus-everyday", "urls": urls, "new_window": True})

    def quit_all(self) -> None:
        """The user quits: every session is to end."""
        self._messages.send({"type": "quit-all"})

    def tell_settings(self) -> None:
        """Settings that the launcher follows are in the file."""
        self._messages.send({"type": "settings-changed"})

    def tell_ready(self) -> None:
        """The first window is shown."""
        self._messages.send({"type": "ready"})

    def tell_closing(self, *, copied: bool = False) -> None:
        """The last window closed on purpose; `copied`: what was copied can still be pasted."""
        self._messages.send({"type": "closing", "copied": copied})

    def keep_state(self, state: JsonObject) -> None:
        """Gives the launcher a private session's tabs, in memory that it holds but never reads."""
        self._send_kept({"type": "state"}, state)

    def renew(self, state: JsonObject) -> None:
        """Asks for another private session with these windows, in place of this one."""
        self._send_kept({"type": "open-session", "kind": "private", "urls": []}, state)

    def tell_canary(self, word: str) -> None:
        """A word to be looked for when this session is gone."""
        self._messages.send({"type": "canary", "word": word})

    def ask_self_test(self) -> None:
        """Wants the self-test to be run, and to be told what came of it."""
        self._messages.send({"type": "self-test"})

    def _send_kept(self, message: JsonObject, state: JsonObject) -> None:
        fd = keep(state)
        try:
            self._messages.send(message, [fd])
        finally:
            os.close(fd)

    def ask_tunnel(self, body: JsonObject) -> None:
        """Says what the user wants of the tunnel."""
        self._messages.send({"type": "tunnel", **body})

    def _drain(self) -> None:
        for message in self._messages.drain():
            message.close_fds()
            match message.type:
                case "open":
                    urls = message.body.get("urls")
                    found = (
                        [u for u in urls if isinstance(u, str)] if isinstance(urls, list) else []
                    )
                    self.open_wanted.emit(found, message.flag("new_window"))
                case "quit":
                    self.quit_wanted.emit()
                case "notice":
                    arguments = message.body.get("args")
                    told = arguments if isinstance(arguments, dict) else {}
                    self.noticed.emit(message.text("text_id"), told)
                case "others":
                    self.others = message.number("count") or 0
                case "self-test-told":
                    self.self_test_told.emit(message.body.get("report"), message.text("problem"))
                case "tunnel":
                    self.tunnel_told.emit(message.body)
                case "tunnel-said":
                    self.tunnel_said.emit(message.body)
                case other:
                    _log.warning("unknown message from the launcher: %s", other)
        if self._messages.closed:
            self._notifier.setEnabled(False)
            self.gone.emit()
