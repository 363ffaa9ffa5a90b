"""Which sessions run, and what follows when one opens, closes or crashes."""

from __future__ import annotations

import asyncio
import logging
import sys
import time
from collections.abc import Coroutine

from myco_browser.launcher import preferences, traces
from myco_browser.launcher.children import Children
from myco_browser.launcher.door import Attachment, DoorProcess, StartedDoor
from myco_browser.launcher.self_test import SelfTest
from myco_browser.launcher.session import SessionProcess, SessionRecord
from myco_browser.launcher.spawning import (
    EVERYDAY,
    PRIVATE,
    LauncherSettings,
    OpenRequest,
    SessionName,
    Spawned,
    spawn_session,
)
from myco_browser.launcher.way_out import WayOut
from myco_browser.system import processes
from myco_vpn.framing import JsonObject, Message

_log = logging.getLogger(__name__)

CRASH_LOOP_STATUS = 70
"""EX_SOFTWARE: a session, or the door, could not be kept running."""
_PRIVATE_GRACE_S = 1.0
"""A private session's processes are gone within 2 s of closing; this is their own part of it."""
_EVERYDAY_GRACE_S = 6.0
_QUIT_GRACE_S = 3.0
_SWEEP_S = 0.05
_SWEEPS = 60


class Supervisor:
    """The launcher's heart. `wait()` returns the exit status when no session is left."""

    def __init__(
        self, settings: LauncherSettings, door: StartedDoor, name: SessionName, first: Spawned
    ) -> None:
        self._settings = settings
        self._children = Children()
        self._sessions: dict[SessionName, SessionProcess] = {}
        self._private_count = name.number
        self._sweeps: set[asyncio.Task[None]] = set()
        self._after_everyday: OpenRequest | None = None
        self._status = 0
        self._is_quitting = False
        self._finished = asyncio.Event()
        self._door = DoorProcess(
            self._children,
            settings,
            self._on_door_restart,
            lambda: self._way_out.door_started(),
            door,
        )
        self._way_out = WayOut(settings, self._door.send, self._tell)
        self._self_test = SelfTest(self._children, settings)
        self._door.start()
        self._watch(SessionRecord(name), first)

    def open(self, private: bool, request: OpenRequest) -> None:
        """Serve a start of the program: this one, or a later one that was handed over."""
        if private or (not self._has_everyday() and self._preferences().invisible):
            self._start_private(request)
        else:
            self._open_everyday(request)

    def quit(self) -> None:
        """End every session in order, then the launcher."""
        self._is_quitting = True
        for session in list(self._sessions.values()):
            session.quit()
            self._end_after(session, _QUIT_GRACE_S)

    async def wait(self) -> int:
        """Until nothing runs any more; the exit status."""
        await self._finished.wait()
        while self._sweeps:
            await asyncio.wait(self._sweeps)
            # Meanwhile another start may have been handed over.
            if self._sessions:
                self._finished.clear()
                await self._finished.wait()
        self._way_out.close()
        self._self_test.end()
        self._door.end()
        self._children.close()
        return self._status

    # What sessions say (SessionEvents).

    def listening(self, name: SessionName, attachment: Attachment) -> None:
        """Give the session's sockets to the door."""
        self._door.attach(attachment)
        self._way_out.session_attached(name)

    def message(self, session: SessionProcess, message: Message) -> None:
        """Do what a session asks for."""
        request = OpenRequest(tuple(message.texts("urls")), message.flag("new_window"))
        match message.type:
            case "open-session":
                self._start_private(request, message.fds.pop(0) if message.fds else None)
            case "focus-everyday":
                self._open_everyday(request)
            case "closing":
                is_private = session.record.name.kind == PRIVATE
                self._end_after(session, _PRIVATE_GRACE_S if is_private else _EVERYDAY_GRACE_S)
            case "settings-changed":
                self._way_out.tell_resolver()
            case "quit-all":
                self.quit()
            case "self-test":
                self._self_test.start(session.send)
            case "tunnel":
                self._way_out.request(session.record.name, message, session.send)
            case unknown:
                _log.warning("unknown message %r of %s", unknown, session.record.name)

    def _ended(self, session: SessionProcess, status: int) -> None:
        """Tidy up after a process, and start it again if it should still be there."""
        session.hear_last_words()
        record = session.record
        self._sessions.pop(record.name, None)
        self._door.detach(str(record.name))
        self._end_after(session, 0.0)
        if not (session.is_closing or self._is_quitting or status == 0):
            self._on_crash(session, status)
        else:
            self._way_out.session_ended(record.name)
            record.keep_state(None)
            self._sweep(self._look_for_traces(record))
        if record.name.kind == EVERYDAY and self._after_everyday is not None:
            request, self._after_everyday = self._after_everyday, None
            self._open_everyday(request)
        if record.copied:
            self._notify("private-copied", {"number": record.name.number})
        self._tell_others()
        if not self._sessions:
            self._finished.set()

    def _start_private(self, request: OpenRequest, state_fd: int | None = None) -> None:
        if self._is_quitting:
            return
        self._private_count += 1
        name = SessionName.private(self._private_count)
        self._start(SessionRecord(name, state_fd), request)

    def _preferences(self) -> preferences.Preferences:
        return preferences.read(self._settings.profile)

    def _has_everyday(self) -> bool:
        return SessionName.everyday() in self._sessions

    def _open_everyday(self, request: OpenRequest) -> None:
        running = self._sessions.get(SessionName.everyday())
        if running is not None and not running.is_closing:
            running.open(request)
        elif running is not None:
            self._after_everyday = request  # its profile is free when it has ended
        elif not self._is_quitting:
            self._start(SessionRecord(SessionName.everyday()), request)

    def _start(self, record: SessionRecord, request: OpenRequest) -> None:
        crashes = len(record.crashes.times)
        spawned = spawn_session(self._settings, record.name, request, record.state_fd, crashes)
        self._watch(record, spawned)

    def _watch(self, record: SessionRecord, spawned: Spawned) -> None:
        session = SessionProcess(record, spawned, self)
        self._sessions[record.name] = session
        # Before it is attached: its first connection finds the way out as it is to be.
        secures = record.name.kind == PRIVATE and self._preferences().private_tunnel
        self._way_out.session_started(record.name, secures)
        self._children.watch(spawned.pid, lambda status: self._ended(session, status))
        self._tell_others()

    def _tell_others(self) -> None:
        """Each session knows how many there are besides: who goes last leaves nobody to ask."""
        for session in self._sessions.values():
            session.send({"type": "others", "count": len(self._sessions) - 1})

    def _on_crash(self, session: SessionProcess, status: int) -> None:
        record = session.record
        print(f"myco-browser: the {record.name} session crashed ({status})", file=sys.stderr)
        record.crashes = record.crashes.after_crash(time.monotonic())
        if not record.crashes.is_loop:
            # Once it was ready, its pages are in the restored state, or were the cause.
            self._start(record, session.unserved)
            return
        self._way_out.session_ended(record.name)
        record.keep_state(None)
        self._status = CRASH_LOOP_STATUS
        print(
            f"myco-browser: the {record.name} session crashed three times within a minute "
            "and is not started again",
            file=sys.stderr,
        )
        self._notify("session-crash-loop", {"session": str(record.name)})

    def _on_door_restart(self, restarted: bool) -> None:
        if restarted:
            self._notify("door-restarted", {})
            return
        self._status = CRASH_LOOP_STATUS
        print("myco-browser: the door crashed three times: all is blocked", file=sys.stderr)
        self._notify("door-crash-loop", {})

    def _tell(self, name: SessionName, body: JsonObject) -> None:
        if (session := self._sessions.get(name)) is not None:
            session.send(body)

    def _notify(self, text_id: str, arguments: JsonObject) -> None:
        for session in self._sessions.values():
            session.send({"type": "notice", "text_id": text_id, "args": arguments})

    def _end_after(self, session: SessionProcess, delay: float) -> None:
        """Give a process that is ending `delay` seconds, then end what is left of its tree."""
        self._sweep(self._sweep_tree(session, delay))

    def _sweep(self, work: Coroutine[None, None, None]) -> None:
        """Do `work` before the launcher ends."""
        task = asyncio.create_task(work)
        self._sweeps.add(task)
        task.add_done_callback(self._sweeps.discard)

    async def _look_for_traces(self, record: SessionRecord) -> None:
        """A private session is gone: say whether it left anything on this computer."""
        if record.name.kind != PRIVATE or not record.canaries:
            return
        settings = self._settings
        folders = traces.places(settings.environ, settings.profile, settings.cache)
        outcome = await asyncio.to_thread(traces.search, record.canaries, folders, record.began)
        for path in outcome.found:
            print(f"myco-browser: traces of {record.name} are in {path}", file=sys.stderr)
        self._notify(
            "private-gone",
            {
                "number": record.name.number,
                "found": list(outcome.found[:20]),
                "files": outcome.files,
                "whole": outcome.is_whole,
            },
        )

    async def _sweep_tree(self, session: SessionProcess, delay: float) -> None:
        await session.wait_for_end(delay)
        for _ in range(_SWEEPS):
            left = session.remaining_processes()
            if not left:
                return
            processes.kill(left)
            await asyncio.sleep(_SWEEP_S)
        _log.error("processes of %s do not end", session.record.name)
