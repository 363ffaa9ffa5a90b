"""One session process as the launcher sees it."""

from __future__ import annotations

import asyncio
import contextlib
import itertools
import logging
import os
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Protocol

from myco_browser.launcher.children import Children
from myco_browser.launcher.crashes import CrashHistory
from myco_browser.launcher.door import Attachment
from myco_browser.launcher.environment import SESSION_MARK
from myco_browser.system.processes import Process, tree_of
from myco_vpn.channel import Channel
from myco_vpn.framing import JsonObject, Message, message_pair

_log = logging.getLogger(__name__)

SESSION_COMMAND = (sys.executable, "-P", "-m", "myco_browser.app")
EVERYDAY = "everyday"
PRIVATE = "private"
_ENGINE_NAME = "QtWebEngine"
_starts = itertools.count(1)


@dataclass(frozen=True, slots=True)
class OpenRequest:
    """Pages to open."""

    urls: tuple[str, ...] = ()
    new_window: bool = False
    activation_token: str | None = None

    def message(self) -> JsonObject:
        """As the session gets it."""
        return {
            "type": "open",
            "urls": list(self.urls),
            "new_window": self.new_window,
            "activation_token": self.activation_token,
        }


@dataclass(slots=True)
class SessionRecord:
    """What outlives a session's process, should it crash."""

    name: str
    kind: str
    number: int
    first: OpenRequest
    state: object = None
    """Of a private session: its tabs, in memory only."""
    crashes: CrashHistory = field(default_factory=CrashHistory)


class SessionEvents(Protocol):
    """What a session tells the supervisor."""

    def listening(self, session: SessionProcess, attachment: Attachment) -> None:
        """The session has its sockets."""

    def message(self, session: SessionProcess, message: Message) -> None:
        """Any other message."""

    def ended(self, session: SessionProcess, status: int) -> None:
        """The process is gone."""


class SessionProcess:
    """A running process: its channel, and what it said about its end."""

    def __init__(self, record: SessionRecord, events: SessionEvents) -> None:
        self.record = record
        self.pid = 0
        self.is_ready = False
        self.is_closing = False
        """The user closed it, or it was told to quit: its end is no crash."""
        self._events = events
        self._channel: Channel | None = None
        self._door_fd = -1
        self._waiting: list[OpenRequest] = []
        self._gone = asyncio.Event()
        # A restarted session must not be taken for what is left of the crashed one.
        self._mark = f"{os.getpid()}.{next(_starts)}"

    def start(
        self,
        children: Children,
        command: tuple[str, ...],
        environ: Mapping[str, str],
        hello: JsonObject,
    ) -> None:
        """Start the process and greet it. Raises OSError."""
        ours, theirs = message_pair()
        with theirs:
            fd = theirs.fileno()
            arguments = (*command, "--launcher-fd", str(fd))
            marked = {**environ, SESSION_MARK: self._mark}
            self.pid = children.spawn(arguments, marked, [fd], self._on_exit)
        self._channel = Channel(ours, self._on_message, self._on_channel_end)
        door_end, session_end = message_pair()
        with session_end:
            self._channel.send(hello, [session_end.fileno()])
        self._door_fd = door_end.detach()

    def open(self, request: OpenRequest) -> None:
        """Open pages, as soon as the session can."""
        if self.is_ready:
            self.send(request.message())
        else:
            self._waiting.append(request)

    def send(self, body: JsonObject) -> None:
        """Send a message."""
        if self._channel is not None:
            self._channel.send(body)

    def quit(self) -> None:
        """Ask it to end."""
        self.is_closing = True
        self.send({"type": "quit"})

    async def wait_for_end(self, seconds: float) -> None:
        """Until the process is gone, at most this long."""
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                await self._gone.wait()

    def remaining_processes(self) -> set[Process]:
        """What has to end with this session.

        Of a private one everything: nothing that it started may stay. Of the everyday one only the
        browser's own processes: a document that the user opened from it stays open.
        """
        tree = tree_of(self.pid, f"{SESSION_MARK}={self._mark}")
        if self.record.kind == PRIVATE:
            return tree
        return {p for p in tree if p.pid == self.pid or p.name.startswith(_ENGINE_NAME)}

    def _on_message(self, message: Message) -> None:
        match message.type:
            case "listening":
                self._take_listeners(message)
            case "ready":
                self.is_ready = True
                for request in self._waiting:
                    self.send(request.message())
                self._waiting.clear()
            case "closing":
                self.is_closing = True
                self._events.message(self, message)
            case "state":
                self.record.state = message.body.get("state")
            case _:
                self._events.message(self, message)

    def _take_listeners(self, message: Message) -> None:
        if self._door_fd < 0 or not message.fds:
            _log.error("session %s sent no listeners", self.record.name)
            return
        listeners, message.fds = tuple(message.fds), []
        door_fd, self._door_fd = self._door_fd, -1
        sealed = message.flag("sealed")
        _log.info("session %s sealed: %s %s", self.record.name, sealed, message.text("reason"))
        name, kind = self.record.name, self.record.kind
        self._events.listening(self, Attachment(name, kind, sealed, door_fd, listeners))

    def _on_channel_end(self) -> None:
        self._channel = None

    def _on_exit(self, status: int) -> None:
        self._drop_channel()
        self._gone.set()
        self._events.ended(self, status)

    def _drop_channel(self) -> None:
        if self._channel is not None:
            self._channel.drain()
            self._channel.close()
            self._channel = None
        if self._door_fd >= 0:
            os.close(self._door_fd)
            self._door_fd = -1
