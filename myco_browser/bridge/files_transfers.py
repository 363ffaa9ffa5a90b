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
from myco_browser.files.trees import Tellers
from myco_browser.files.webdav import WebDav
from myco_browser.services.files_carrying import Held, Whole, carry, clear, remove_own
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
    named: str
    dav: WebDav | None = None
    given_up: Transfer | None = None

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

    def find(self, number: str) -> Transfer | None:
        """The one of that number."""
        return self._book.find(number)

    def start(self) -> None:
        """From now on what waits is worked on."""
        self._started = True
        self._next()

    def end(self) -> None:
        """Stops; what is on its way waits for the next start."""
        self._started = False
        for run in self._runs.values():
            run.stop()

    def upload(
        self,
        account_id: str,
        paths: Sequence[Path],
        folder: str,
        *,
        ours: bool = False,
        start: bool = True,
    ) -> tuple[str, ...]:
        """Sends files and whole folders into a folder of the server; gives their numbers.

        What is `ours` was made to be sent, and is removed then. Without `start` they wait until
        somebody calls `start`.
        """
        return self._add([
            Transfer(
                secrets.token_hex(6), account_id, Way.UP, joined(folder, path.name), str(path),
                secrets.token_hex(8), is_folder=path.is_dir(), is_ours=ours,
            )
            for path in paths
        ], start=start)  # fmt: skip

    def download(self, account_id: str, entries: Sequence[Entry], folder: Path) -> tuple[str, ...]:
        """Fetches files and whole folders into a folder of this machine."""
        return self._add([
            Transfer(
                secrets.token_hex(6), account_id, Way.DOWN, one.path, str(folder),
                secrets.token_hex(4), size=one.size, is_folder=one.is_folder,
            )
            for one in entries
        ])  # fmt: skip

    def pause(self, number: str) -> None:
        """Stops one; it can be gone on with."""
        one = self._book.find(number)
        if one is not None and one.phase in (Phase.RUNNING, Phase.WAITING):
            self._put(one._replace(phase=Phase.PAUSED))
            if (run := self._runs.get(number)) is not None:
                run.stop()

    def resume(self, number: str) -> None:
        """Goes on with one that was paused, or failed, or of which something is missing."""
        one = self._book.find(number)
        if one is not None and one.phase in (Phase.PAUSED, Phase.FAILED, Phase.HELD):
            self._put(one._replace(phase=Phase.WAITING, cause=None, missing=()))
            self.start()

    def keep(self, number: str) -> None:
        """The second yes: what is held gets its name as it is."""
        one = self._book.find(number)
        if one is not None and one.phase is Phase.HELD:
            self._put(one._replace(phase=Phase.WAITING, agreed=True))
            self.start()

    def remove(self, number: str) -> None:
        """Gives one up, with all that there is of it; or takes it off the list."""
        one = self._book.find(number)
        if one is None:
            return
        if (run := self._runs.get(number)) is not None:
            # What it still does would come behind the clearing.
            run.given_up = one
            run.stop()
        elif one.phase is not Phase.DONE:
            self._clear(one)
        self._guard(lambda: self._book.remove(number))
        self.changed.emit(number)

    def forget(self, account_id: str) -> None:
        """Gives up everything of an account."""
        for one in self._book.all:
            if one.account_id == account_id:
                self.remove(one.number)

    def _add(self, transfers: list[Transfer], *, start: bool = True) -> tuple[str, ...]:
        # One write for all: the windows wait for it.
        self._guard(lambda: self._book.put(*transfers))
        for one in transfers:
            self.changed.emit(one.number)
        if start:
            self.start()
        return tuple(one.number for one in transfers)

    def _next(self) -> None:
        for one in self._book.all:
            if not self._started or len(self._runs) >= _AT_ONCE:
                return
            if one.phase is Phase.WAITING and one.number not in self._runs:
                self._runs[one.number] = run = _Run(threading.Event(), one.named)
                self._put(one._replace(phase=Phase.RUNNING))
                threading.Thread(
                    target=self._work, args=(one, run), name="myco-transfer", daemon=True
                ).start()

    def _work(self, one: Transfer, run: _Run) -> None:
        outcome: Whole | Held | FilesCause = FilesCause.INTERRUPTED
        for pause in (*_PAUSES_S, None):
            try:
                outcome = self._transfer(one, run)
            except FilesError as error:
                _log.info("transfer: %s", error)
                outcome = error.cause
            except Exception:
                # A thread that ends without a word would leave its transfer running for ever.
                _log.exception("a transfer failed")
                outcome = FilesCause.FAILED
            finally:
                if run.dav is not None:
                    run.dav.line.close()
            # A broken line is tried again by itself: what is there already is not sent twice.
            if outcome not in _TRY_AGAIN or pause is None or run.stopped.wait(pause):
                break
        self._back.to_qt(lambda: self._finish(one.number, outcome))

    def _transfer(self, one: Transfer, run: _Run) -> Whole | Held:
        if run.stopped.is_set():
            raise FilesError(FilesCause.INTERRUPTED, "stopped")
        run.dav = dav = self._connect(one.account_id)
        if run.stopped.is_set():
            raise FilesError(FilesCause.INTERRUPTED, "stopped")
        told, files = 0.0, (0, 0)

        def tell(done: int, size: int | None) -> None:
            nonlocal told
            now = time.monotonic()
            if now - told >= _TELL_EVERY_S or done == size:
                told = now
                so_far = files
                self._back.to_qt(lambda: self._progress(one.number, done, size, so_far))

        def count(done: int, size: int | None) -> None:
            nonlocal files
            files = (done, size or 0)

        def name(path: str) -> None:
            run.named = path
            self._keep_name(one.number, path)

        return carry(dav, one._replace(named=run.named), Tellers(tell, count), name)

    def _keep_name(self, number: str, path: str) -> None:
        # On the disk before the name is given: else a crash could do it twice.
        kept = threading.Event()

        def put() -> None:
            current = self._book.find(number)
            if current is not None:
                self._put(current._replace(named=path))
            kept.set()

        self._back.to_qt(put)
        kept.wait(10)

    def _progress(self, number: str, done: int, size: int | None, files: tuple[int, int]) -> None:
        one = self._book.find(number)
        if one is not None and one.phase is Phase.RUNNING:
            self._put(one._replace(done=done, size=size, files=files))

    def _finish(self, number: str, outcome: Whole | Held | FilesCause) -> None:
        run, one = self._runs.pop(number, None), self._book.find(number)
        if run is not None and run.given_up is not None:
            if not isinstance(outcome, Whole):
                self._clear(run.given_up)
        elif one is not None:
            self._put(_ended(one, outcome, is_stopped=run is not None and run.stopped.is_set()))
            if isinstance(outcome, Whole):
                self._guard(lambda: remove_own(one))
                if one.way is Way.UP:
                    self._arrived(one.account_id, one.path.rpartition("/")[0])
        self._next()

    def _clear(self, one: Transfer) -> None:
        def run() -> None:
            try:
                clear(lambda: self._connect(one.account_id), one)
            except (FilesError, OSError) as error:
                _log.info("the beginning of a transfer stays: %s", error)

        threading.Thread(target=run, name="myco-transfer", daemon=True).start()

    def _put(self, one: Transfer) -> None:
        self._guard(lambda: self._book.put(one))
        self.changed.emit(one.number)

    def _guard(self, act: Callable[[], None]) -> None:
        try:
            act()
        except OSError as error:
            _log.warning("transfers cannot be kept: %s", error)


def _ended(one: Transfer, outcome: Whole | Held | FilesCause, *, is_stopped: bool) -> Transfer:
    """What has become of a transfer whose thread has ended."""
    match outcome:
        case Whole():
            return one._replace(phase=Phase.DONE, done=one.size or one.done, cause=None)
        case Held(danger, found, missing):
            return one._replace(phase=Phase.HELD, danger=danger, found=found, missing=missing)
        case FilesCause() if one.phase is not Phase.RUNNING:
            return one  # paused
        case FilesCause() if is_stopped:
            return one._replace(phase=Phase.WAITING)  # for the next start of the session
        case FilesCause():
            return one._replace(phase=Phase.FAILED, cause=outcome)
