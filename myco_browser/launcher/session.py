"""One session process as the launcher sees it."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import os
import time
from dataclasses import dataclass, field
from typing import Protocol

from myco_browser.launcher.crashes import CrashHistory
from myco_browser.launcher.door import Attachment
from myco_browser.launcher.spawning import PRIVATE, OpenRequest, SessionName, Spawned
from myco_browser.system.processes import Process, tree_of
from myco_vpn.channel import Channel
from myco_vpn.framing import JsonObject, Message

_log = logging.getLogger(__name__)

_ENGINE_NAME = "QtWebEngine"


@dataclass(slots=True)
class SessionRecord:
    """What outlives a session's process, should it crash."""

    name: SessionName
    state_fd: int | None = None
    """Of a private session: its tabs, in memory that is never read here."""
    crashes: CrashHistory = field(default_factory=CrashHistory)
    canaries: tuple[str, ...] = ()
    """Words that a private session put wherever pages put things; see `launcher.traces`."""
    began: float = field(default_factory=time.time)
    copied: bool = False
    """Something was copied in it that could still be pasted when its last window closed."""

    def keep_state(self, fd: int | None) -> None:
        """Holds newer tabs, or none any more."""
        if self.state_fd is not None:
            os.close(self.state_fd)
        self.state_fd = fd


class SessionEvents(Protocol):
    """What a session tells the supervisor."""

    def listening(self, name: SessionName, attachment: Attachment) -> None:
        """The session has its sockets."""

    def message(self, session: SessionProcess, message: Message) -> None:
        """Any message that is not the session's own matter."""


class SessionProcess:
    """A running process: its channel, and what it said about its end."""

    def __init__(self, record: SessionRecord, spawned: Spawned, events: SessionEvents) -> None:
        self.record = record
        self.pid = spawned.pid
        self.is_ready = False
        self.is_closing = False
        """The user closed it, or it was told to quit: its end is no crash."""
        self._events = events
        self._mark = spawned.mark
        self._door_fd = spawned.door_fd
        self._first = spawned.request
        self._waiting: list[OpenRequest] = []
        self._gone = asyncio.Event()
        self._channel: Channel | None = Channel(
            spawned.channel, self._on_message, self._on_channel_end
        )

    def open(self, request: OpenRequest) -> None:
        """Open pages, as soon as the session can."""
        if self.is_ready:
            self.send(request.message())
        else:
            self._waiting.append(request)

    @property
    def unserved(self) -> OpenRequest:
        """What it was asked to open and never could; nothing, once it was ready."""
        if self.is_ready:
            return OpenRequest()
        urls = (url for request in (self._first, *self._waiting) for url in request.urls)
        return OpenRequest(tuple(urls), self._first.new_window)

    def send(self, body: JsonObject) -> None:
        """Send a message."""
        if self._channel is not None:
            self._channel.send(body)

    def quit(self) -> None:
        """Ask it to end."""
        self.is_closing = True
        self.send({"type": "quit"})

    def hear_last_words(self) -> None:
        """The process has ended: take what it still said, and let go of its descriptors."""
        if self._channel is not None:
            self._channel.drain()
        if self._channel is not None:
            self._channel.close()
            self._channel = None
        if self._door_fd >= 0:
            os.close(self._door_fd)
            self._door_fd = -1
        self._gone.set()

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
        tree = tree_of(self.pid, self._mark)
        if self.record.name.kind == PRIVATE:
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
                self.record.copied = message.flag("copied")
                self._events.message(self, message)
            case "state":
                self.record.keep_state(message.fds.pop(0) if message.fds else None)
            case "canary":
                self.record.canaries += (message.text("word"),)
            case _:
                self._events.message(self, message)

    def _take_listeners(self, message: Message) -> None:
        name = str(self.record.name)
        if self._door_fd < 0 or not message.fds:
            _log.error("session %s sent no listeners", name)
            return
        listeners, message.fds = tuple(message.fds), []
        door_fd, self._door_fd = self._door_fd, -1
        sealed = message.flag("sealed")
        _log.info("session %s: %s %s", name, _sealing(sealed), message.text("reason"))
        kind = self.record.name.kind
        screens = message.flag("screens")
        attachment = Attachment(name, kind, sealed, door_fd, listeners, screens)
        self._events.listening(self.record.name, attachment)

    def _on_channel_end(self) -> None:
        self._channel = None


def _sealing(sealed: bool) -> str:
    return "sealed" if sealed else "not sealed:"
