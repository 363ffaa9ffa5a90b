"""The one asyncio thread, `myco-io`, and the way back to the Qt thread."""

from __future__ import annotations

import asyncio
import logging
import threading
from collections.abc import Callable, Coroutine
from typing import Any, TypeVar

from PyQt6.QtCore import QObject, pyqtSignal

_log = logging.getLogger(__name__)
T = TypeVar("T")


class Worker(QObject):
    """Runs coroutines beside the Qt thread. What crosses must be immutable."""

    _called = pyqtSignal(object)

    def __init__(self) -> None:
        super().__init__()
        self._loop = asyncio.new_event_loop()
        self._tasks: set[asyncio.Task[None]] = set()
        self._called.connect(lambda act: act())
        self._thread = threading.Thread(target=self._run, name="myco-io", daemon=True)
        self._thread.start()

    def start(self, work: Callable[[], Coroutine[Any, Any, None]]) -> None:
        """Starts a coroutine in the asyncio thread; what it raises is logged."""
        self._loop.call_soon_threadsafe(self._start_task, work)

    def to_qt(self, act: Callable[[], None]) -> None:
        """From any thread: calls `act` in the Qt thread, soon."""
        self._called.emit(act)

    def compute(self, work: Callable[[], T], done: Callable[[T], None]) -> None:
        """Calls `work` in a thread, then `done` with its value in the Qt thread."""

        async def run() -> None:
            value = await asyncio.to_thread(work)
            self.to_qt(lambda: done(value))

        self.start(run)

    def stop(self) -> None:
        """Cancels everything and ends the thread."""
        self._loop.call_soon_threadsafe(self._cancel)
        self._thread.join(2)

    def _run(self) -> None:
        asyncio.set_event_loop(self._loop)
        # Child processes are started from this thread; their end is heard by pidfd.
        self._loop.run_forever()
        self._loop.close()

    def _start_task(self, work: Callable[[], Coroutine[Any, Any, None]]) -> None:
        task = self._loop.create_task(work())
        self._tasks.add(task)
        task.add_done_callback(self._on_done)

    def _on_done(self, task: asyncio.Task[None]) -> None:
        self._tasks.discard(task)
        if not task.cancelled() and (error := task.exception()) is not None:
            _log.error("work beside the window failed", exc_info=error)

    def _cancel(self) -> None:
        tasks = tuple(self._tasks)
        for task in tasks:
            task.cancel()

        async def wait_and_stop() -> None:
            await asyncio.gather(*tasks, return_exceptions=True)
            self._loop.stop()

        self._ending = self._loop.create_task(wait_and_stop())
