"""A download that the browser goes on with by itself, seen from the Qt thread."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import replace

from PyQt6.QtCore import QObject, pyqtSignal

from myco_browser.bridge.worker import Worker
from myco_browser.domain.cookies import Cookie, cookie_header
from myco_browser.domain.downloads import Cause
from myco_browser.services.download_files import length_of
from myco_browser.services.range_fetcher import (
    Arrived,
    Progress,
    RangeFetcher,
    Stopped,
    Validators,
    Wanted,
)

# Pieces come by the hundred a second; people do not look that often.
_TELL_EVERY = 1 << 20

CookieReader = Callable[[str, Callable[[tuple[Cookie, ...]], None]], None]


class RangeTransfer(QObject):
    """Begins at once. Pausing hangs up; going on asks for the rest again."""

    progressed = pyqtSignal()
    ended = pyqtSignal(object)  # None when the file is whole, else a Cause
    survives_break = False

    def __init__(
        self, worker: Worker, fetcher: RangeFetcher, wanted: Wanted, cookies: CookieReader
    ) -> None:
        super().__init__()
        self._worker = worker
        self._fetcher = fetcher
        self._wanted = wanted
        self._cookies = cookies
        self._task: asyncio.Task[None] | None = None
        self._told = 0
        self._run = 0
        self.received = wanted.have
        self.total = wanted.total
        self.etag, self.modified = wanted.etag, wanted.modified
        self.anew = False
        self.is_paused = False
        self._start()

    def pause(self) -> None:
        """Hangs up; what arrived stays."""
        self.is_paused = True
        self._hang_up()
        self.progressed.emit()

    def resume(self) -> bool:
        """Asks for the rest."""
        self.is_paused = False
        have = length_of(self._wanted.part)
        self._wanted = replace(
            self._wanted, have=have, total=self.total, etag=self.etag, modified=self.modified
        )
        self.received = have
        self._start()
        return True

    def cancel(self) -> None:
        """Ends it."""
        self._hang_up()
        self.ended.emit(Cause.CANCELLED)

    def _start(self) -> None:
        self._run += 1
        run, wanted = self._run, self._wanted

        def tell(progress: Progress) -> None:
            is_first = not self._told or progress.received < self._told
            if is_first or progress.received - self._told >= _TELL_EVERY:
                self._told = progress.received
                self._worker.to_qt(lambda: self._take(run, progress))

        async def work() -> None:
            self._task = asyncio.current_task()
            self._told = 0
            outcome = await self._fetcher.resume(wanted, tell)
            self._worker.to_qt(lambda: self._end(run, outcome))

        def begin(cookies: tuple[Cookie, ...]) -> None:
            self._fetcher.cookies = lambda address: cookie_header(
                cookies, address, from_itself=True
            )
            if run == self._run and not self.is_paused:
                self._worker.start(work)

        self._cookies(wanted.url, begin)

    def _hang_up(self) -> None:
        self._run += 1
        if (task := self._task) is not None:
            task.get_loop().call_soon_threadsafe(task.cancel)
            self._task = None

    def _take(self, run: int, progress: Progress) -> None:
        if run != self._run:
            return
        self.received, self.total = progress.received, progress.total
        self.anew = self.anew or progress.anew
        if progress.etag or progress.modified:
            self.etag, self.modified = progress.etag, progress.modified
        self.progressed.emit()

    def _end(self, run: int, outcome: Arrived | Stopped) -> None:
        if run != self._run:
            return
        self.anew = self.anew or outcome.anew
        match outcome:
            case Arrived(total=total):
                self.received = self.total = total
                self.ended.emit(None)
            case Stopped(cause=cause):
                self.received = length_of(self._wanted.part)
                self.ended.emit(cause)


class Resumer:
    """Makes transfers, and asks servers whether they could be gone on with."""

    def __init__(
        self, worker: Worker, fetcher: Callable[[], RangeFetcher], cookies: CookieReader
    ) -> None:
        self._worker = worker
        self._fetcher = fetcher
        self._cookies = cookies

    def transfer(self, wanted: Wanted) -> RangeTransfer:
        """Goes on with it."""
        return RangeTransfer(self._worker, self._fetcher(), wanted, self._cookies)

    def probe(self, url: str, done: Callable[[Validators], None]) -> None:
        """Calls `done` with what the server says about a file, if it says anything."""
        fetcher = self._fetcher()

        async def work() -> None:
            if (found := await fetcher.probe(url)) is not None:
                self._worker.to_qt(lambda: done(found))

        def begin(cookies: tuple[Cookie, ...]) -> None:
            fetcher.cookies = lambda address: cookie_header(cookies, address, from_itself=True)
            self._worker.start(work)

        self._cookies(url, begin)
