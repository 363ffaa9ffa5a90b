"""The launcher's hold on the door process: started, attached to sessions, restarted after a crash.

The launcher keeps every session's listening sockets and the door's end of its control channel, so
that a new door takes over without the session noticing more than a cut.
"""

from __future__ import annotations

import logging
import os
import socket
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from myco_browser.launcher.children import Children
from myco_browser.launcher.crashes import CrashHistory
from myco_browser.launcher.spawning import LauncherSettings, begin_copy, spawn
from myco_vpn.channel import Channel
from myco_vpn.framing import JsonObject, Message, message_pair

_log = logging.getLogger(__name__)

DOOR_COMMAND = (sys.executable, "-P", "-m", "myco_vpn.door")


@dataclass(frozen=True, slots=True)
class Attachment:
    """What the door needs of one session; the descriptors belong to the launcher."""

    session: str
    kind: str
    sealed: bool
    control_fd: int
    listener_fds: tuple[int, ...]
    screens: bool = False
    """Whether it answers questions about pages' connections."""


class StartedDoor(NamedTuple):
    """A door's process."""

    pid: int
    channel: socket.socket
    """The launcher's end."""


def spawn_door(settings: LauncherSettings) -> StartedDoor:
    """Start a door that waits until somebody says which way leads out. Raises OSError."""
    ours, theirs = message_pair()
    with theirs:
        command = (*DOOR_COMMAND, *_arguments(settings, theirs.fileno()))
        return StartedDoor(spawn(command, settings.environ, [theirs.fileno()]), ours)


def fork_door(settings: LauncherSettings) -> StartedDoor | int:
    """As `spawn_door`, by a copy of this process; in the copy, the descriptor of its channel.

    The first window comes sooner without another interpreter at work. Only for a process with one
    thread, whose descriptors the caller closes in the copy. Raises OSError.
    """
    ours, theirs = message_pair()
    pid = os.fork()
    if pid == 0:
        ours.close()
        begin_copy(settings.environ)
        return theirs.detach()
    theirs.close()
    return StartedDoor(pid, ours)


def run_door(settings: LauncherSettings, channel_fd: int) -> int:
    """Be the door, in the copy; the exit status, if it could not begin."""
    from myco_vpn import door  # the launcher has no use for it

    return door.main(_arguments(settings, channel_fd))


def _arguments(settings: LauncherSettings, channel_fd: int) -> tuple[str, ...]:
    return ("--control-fd", str(channel_fd), "--exit", "waiting", *settings.door_arguments)


class DoorProcess:
    """Keeps a door running, until it crashes too often."""

    def __init__(
        self,
        children: Children,
        settings: LauncherSettings,
        on_restart: Callable[[bool], None],
        on_start: Callable[[], None],
        first: StartedDoor,
    ) -> None:
        self._children = children
        self._settings = settings
        self._on_restart = on_restart
        self._on_start = on_start
        self._first: StartedDoor | None = first
        self._attachments: dict[str, Attachment] = {}
        self._channel: Channel | None = None
        self._crashes = CrashHistory()
        self._is_ending = False

    def start(self) -> None:
        """Take the first process, or start another, and attach what is known. Raises OSError."""
        door, self._first = self._first or spawn_door(self._settings), None
        self._children.watch(door.pid, self._on_exit)
        self._channel = Channel(door.channel, self._on_message, self._on_channel_end)
        self._on_start()
        for attachment in self._attachments.values():
            self._send_attach(attachment)

    def attach(self, attachment: Attachment) -> None:
        """Serve a session, now and after every restart."""
        self.detach(attachment.session)
        self._attachments[attachment.session] = attachment
        self._send_attach(attachment)

    def detach(self, session: str) -> None:
        """Serve a session no longer; closes its descriptors here."""
        attachment = self._attachments.pop(session, None)
        if attachment is None:
            return
        for fd in (attachment.control_fd, *attachment.listener_fds):
            os.close(fd)
        if self._channel is not None:
            self._channel.send({"type": "detach", "session": session})

    def send(self, body: JsonObject, fds: Sequence[int] = ()) -> None:
        """Tell the door something, if there is one."""
        if self._channel is not None:
            self._channel.send(body, fds)

    def end(self) -> None:
        """Ask the process to end; it also does when the launcher is gone."""
        self._is_ending = True
        if self._channel is not None:
            self._channel.send({"type": "shutdown"})

    def _send_attach(self, attachment: Attachment) -> None:
        if self._channel is None:
            return
        body = {
            "type": "attach",
            "session": attachment.session,
            "kind": attachment.kind,
            "sealed": attachment.sealed,
            "screens": attachment.screens,
        }
        self._channel.send(body, [attachment.control_fd, *attachment.listener_fds])

    def _on_message(self, message: Message) -> None:
        if message.type == "failed":
            _log.error("the door reports: %s", message.text("reason"))

    def _on_channel_end(self) -> None:
        self._channel = None

    def _on_exit(self, status: int) -> None:
        if self._channel is not None:
            self._channel.close()
            self._channel = None
        if self._is_ending:
            return
        _log.error("the door ended with status %s", status)
        self._crashes = self._crashes.after_crash(time.monotonic())
        if not self._crashes.is_loop:
            self.start()
        # Without a door nothing leaves: that is the safe side of giving up.
        self._on_restart(not self._crashes.is_loop)
