"""The one asyncio thread, `myco-io`, and the way back to the Qt thread."""

from __future__ import annotations

import logging
import sys
import threading
from collections.abc import Callable, Coroutine
from typing import TYPE_CHECKING, Any, TypeVar

from PyQt6.QtCore import QObject, pyqtSignal

if TYPE_CHECKING:
    # Loading it takes longer than most modules do, and no page waits for this thread.
    import asyncio

_log = logging.getLogger(__name__)
T = TypeVar("T")
_TURN_S = 0.001


class Worker(QObject):
    """Runs coroutines beside the Qt thread. What crosses must be immutable.

    The thread begins with the first work that it is given.
    """

    _called = pyqtSignal(object)

    def __init__(self) -> None:
        super().__init__()
        # How long another thread may keep the Qt thread waiting for the interpreter.
        sys.setswitchinterval(_TURN_S)
        self._lock = threading.Lock()
        self._early: list[Callable[[], object]] = []
        self._loop: asyncio.AbstractEventLoop | None = None
        self._tasks: set[asyncio.Task[None]] = set()
        self._called.connect(lambda act: act())
        self._thread = threading.Thread(target=self._run, name="myco-io", daemon=True)

    def start(self, work: Callable[[], Coroutine[Any, Any, None]]) -> None:
        """Starts a coroutine in the asyncio thread; what it raises is logged."""
        self._call(lambda: self._start_task(work))

    def to_qt(self, act: Callable[[], None]) -> None:
        """From any thread: calls `act` in the Qt thread, soon."""
        self._called.emit(act)

    def compute(self, work: Callable[[], T], done: Callable[[T], None]) -> None:
        """Calls `work` in a thread, then `done` with its value in the Qt thread."""

        async def run() -> None:
            import asyncio

            value = await asyncio.to_thread(work)
            self.to_qt(lambda: done(value))

        self.start(run)

    def stop(self) -> None:
        """Cancels everything and ends the thread."""
        if self._thread.ident is not None:
            self._call(self._cancel)
            self._thread.join(2)

    def _call(self, act: Callable[[], object]) -> None:
        with self._lock:
            if self._loop is not None:
                self._loop.call_soon_threadsafe(act)
                return
            self._early.append(act)
            if self._thread.ident is None:
                self._thread.start()

    def _run(self) -> None:
        import asyncio

        loop = asyncio.new_event_loop()
        asyncio.set_event_loop(loop)
        with self._lock:
            self._loop = loop
            for act in self._early:
                loop.call_soon(act)
            self._early.clear()
        # Child processes are started from this thread; their end is heard by pidfd.
        loop.run_forever()
        loop.close()

    def _start_task(self, work: Callable[[], Coroutine[Any, Any, None]]) -> None:
        assert self._loop is not None
        task = self._loop.create_task(work())
        self._tasks.add(task)
        task.add_done_callback(self._on_done)

    def _on_done(self, task: asyncio.Task[None]) -> None:
        self._tasks.discard(task)
        if not task.cancelled() and (error := task.exception()) is not None:
            _log.error("work beside the window failed", exc_info=error)

    def _cancel(self) -> None:
        import asyncio

        loop = self._loop
        assert loop is not None
        tasks = tuple(self._tasks)
        for task in tasks:
            task.cancel()

        async def wait_and_stop() -> None:
            await asyncio.gather(*tasks, return_exceptions=True)
            loop.stop()

        self._ending = loop.create_task(wait_and_stop())
