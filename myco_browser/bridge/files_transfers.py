"""Files on their way, as the windows see them. A few at once; the others wait their turn."""

from __future__ import annotations

import logging
import secrets
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from PyQt6.QtCore import QObject, pyqtSignal

from myco_browser.domain.files import Entry, FilesCause
from myco_browser.files.errors import FilesError
from myco_browser.files.paths import joined
from myco_browser.files.transfers import Errand, Mark, download, upload
from myco_browser.files.webdav import WebDav
from myco_browser.services.files_transfers import Phase, Transfer, TransferBook, Way

_log = logging.getLogger(__name__)

_AT_ONCE = 2
_TELL_EVERY_S = 0.1
_TRY_AGAIN = (FilesCause.INTERRUPTED, FilesCause.UNREACHABLE)
_PAUSES_S = (1.0, 5.0, 20.0)


class Back(Protocol):
    """The way back to the Qt thread."""

    def to_qt(self, act: Callable[[], None]) -> None: ...


@dataclass(slots=True)
class _Run:
    stopped: threading.Event
    dav: WebDav | None = None

    def stop(self) -> None:
        self.stopped.set()
        if self.dav is not None:
            self.dav.line.cancel()


class Transfers(QObject):
    """All transfers. `changed` carries the number of the one that changed."""

    changed = pyqtSignal(str)

    def __init__(
        self,
        book: Path,
        connect: Callable[[str], WebDav],
        back: Back,
        arrived: Callable[[str, str], None],
        parent: QObject,
    ) -> None:
        """`connect` is called in other threads; `arrived` hears of account and folder."""
        super().__init__(parent)
        self._book = TransferBook(book)
        self._connect = connect
        self._back = back
        self._arrived = arrived
        self._runs: dict[str, _Run] = {}
        self._started = False

    @property
    def all(self) -> tuple[Transfer, ...]:
        """All that are known, the oldest first."""
        return self._book.all

    def start(self) -> None:
        """From now on what waits is worked on."""
        self._started = True
        self._next()

    def end(self) -> None:
        """Stops; what is on its way waits for the next start."""
        self._started = False
        for run in self._runs.values():
            run.stop()

    def upload(self, account_id: str, files: Sequence[Path], folder: str) -> None:
        """Sends files of this machine into a folder of the server."""
        for file in files:
            self._add(Way.UP, account_id, joined(folder, file.name), file, Mark.new().word)

    def download(self, account_id: str, entries: Sequence[Entry], folder: Path) -> None:
        """Fetches files into a folder of this machine."""
        for entry in entries:
            self._add(Way.DOWN, account_id, entry.path, folder, "")

    def pause(self, number: str) -> None:
        """Stops one; it can be gone on with."""
        if (one := self._book.find(number)) is not None and one.phase is not Phase.DONE:
            self._put(one._replace(phase=Phase.PAUSED))
            if (run := self._runs.get(number)) is not None:
                run.stop()

    def resume(self, number: str) -> None:
        """Goes on with one that was paused, or failed."""
        if (one := self._book.find(number)) is not None and number not in self._runs:
            self._put(one._replace(phase=Phase.WAITING, cause=None))
            self.start()

    def remove(self, number: str) -> None:
        """Gives one up, or takes it off the list."""
        one = self._book.find(number)
        if one is None:
            return
        if (run := self._runs.get(number)) is not None:
            run.stop()
        elif one.way is Way.UP and one.phase is not Phase.DONE and one.mark:
            self._clean(one)
        self._guard(lambda: self._book.remove(number))
        self.changed.emit(number)

    def forget(self, account_id: str) -> None:
        """Gives up everything of an account."""
        for one in self._book.all:
            if one.account_id == account_id:
                self.remove(one.number)

    def _add(self, way: Way, account_id: str, path: str, local: Path, mark: str) -> None:
        number = secrets.token_hex(6)
        self._put(Transfer(number, account_id, way, path, str(local), mark))
        self.start()

    def _next(self) -> None:
        for one in self._book.all:
            if not self._started or len(self._runs) >= _AT_ONCE:
                return
            if one.phase is Phase.WAITING and one.number not in self._runs:
                self._runs[one.number] = run = _Run(threading.Event())
                self._put(one._replace(phase=Phase.RUNNING))
                threading.Thread(
                    target=self._work, args=(one, run), name="myco-transfer", daemon=True
                ).start()

    def _work(self, one: Transfer, run: _Run) -> None:
        cause: FilesCause | None = None
        for pause in (*_PAUSES_S, None):
            try:
                self._transfer(one, run)
                cause = None
            except FilesError as error:
                _log.info("transfer: %s", error)
                cause = error.cause
            except OSError as error:
                _log.warning("transfer: %s", error)
                cause = FilesCause.FULL if error.errno == 28 else FilesCause.FAILED
            finally:
                if run.dav is not None:
                    run.dav.line.close()
            # A broken line is tried again by itself: what is there already is not sent twice.
            if cause not in _TRY_AGAIN or pause is None or run.stopped.wait(pause):
                break
        self._back.to_qt(lambda: self._finish(one.number, cause))

    def _transfer(self, one: Transfer, run: _Run) -> None:
        if run.stopped.is_set():
            raise FilesError(FilesCause.INTERRUPTED, "stopped")
        run.dav = dav = self._connect(one.account_id)
        told = 0.0

        def tell(done: int, size: int | None) -> None:
            nonlocal told
            now = time.monotonic()
            if now - told >= _TELL_EVERY_S or done == size:
                told = now
                self._back.to_qt(lambda: self._progress(one.number, done, size))

        if one.way is Way.UP:
            named = self._named(one)
            errand = Errand(Path(one.local), one.path, Mark(one.mark), named, one.named)
            upload(dav, dav.root, errand, tell)
            return
        entry = dav.find(one.path)
        if entry is None or entry.is_folder:
            raise FilesError(FilesCause.GONE, "no such file")
        download(dav, entry, Path(one.local), tell)

    def _named(self, one: Transfer) -> Callable[[str], None]:
        def keep(path: str) -> None:
            # On the disk before the server is asked: else a crash could send it twice.
            kept = threading.Event()

            def put() -> None:
                current = self._book.find(one.number)
                if current is not None:
                    self._put(current._replace(named=path))
                kept.set()

            self._back.to_qt(put)
            kept.wait(10)

        return keep

    def _progress(self, number: str, done: int, size: int | None) -> None:
        one = self._book.find(number)
        if one is not None and one.phase is Phase.RUNNING:
            self._put(one._replace(done=done, size=size))

    def _finish(self, number: str, cause: FilesCause | None) -> None:
        run = self._runs.pop(number, None)
        one = self._book.find(number)
        if one is not None and cause is None:
            self._put(one._replace(phase=Phase.DONE, done=one.size or one.done))
            if one.way is Way.UP:
                self._arrived(one.account_id, one.path.rpartition("/")[0])
        elif one is not None and one.phase is Phase.RUNNING:
            # Stopped by the end of the session: it waits. Else it failed.
            stopped = run is not None and run.stopped.is_set()
            phase = Phase.WAITING if stopped else Phase.FAILED
            self._put(one._replace(phase=phase, cause=None if stopped else cause))
        self._next()

    def _clean(self, one: Transfer) -> None:
        """What an upload that was given up left on the server."""

        def run() -> None:
            try:
                dav = self._connect(one.account_id)
                waiting = Mark(one.mark).beside(one.path)
                if dav.find(waiting) is not None:
                    dav.delete(waiting)
                dav.line.close()
            except FilesError as error:
                _log.info("the beginning of an upload stays on the server: %s", error)

        threading.Thread(target=run, name="myco-transfer", daemon=True).start()

    def _put(self, one: Transfer) -> None:
        self._guard(lambda: self._book.put(one))
        self.changed.emit(one.number)

    def _guard(self, act: Callable[[], None]) -> None:
        try:
            act()
        except OSError as error:
            _log.warning("transfers cannot be kept: %s", error)
