"""The downloads of a session: begun, halted, gone on with, looked at, and given their names.

One value a download; who shows them reads the values and hears of changes. In the everyday
session they are kept, so that what was cut off can be gone on with after a restart.
"""

from __future__ import annotations

import logging
import sqlite3
import time
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Protocol

from PyQt6.QtCore import QObject, QTimer, pyqtBoundSignal, pyqtSignal

from myco_browser.domain.downloads import MOVING, Cause, Download, Phase
from myco_browser.domain.urls import site_key
from myco_browser.services import download_files
from myco_browser.services.download_files import Judged
from myco_browser.services.download_store import DownloadStore
from myco_browser.services.range_fetcher import Validators, Wanted
from myco_browser.ui.context import Beside
from myco_browser.ui.download_speed import Speeds

_log = logging.getLogger(__name__)

# Short downloads are over before it is worth asking how they could be gone on with.
_PROBE_AFTER_MS = 1000
_SHOW_EVERY_MS = 250


class Transfer(Protocol):
    """Who fetches the bytes: the engine, or the browser itself."""

    progressed: pyqtBoundSignal
    ended: pyqtBoundSignal
    survives_break: bool
    """Whether it can be told to go on after the connection broke."""
    anew: bool
    etag: str
    modified: str

    @property
    def received(self) -> int: ...

    @property
    def total(self) -> int | None: ...

    @property
    def is_paused(self) -> bool: ...

    def pause(self) -> None: ...

    def resume(self) -> bool: ...

    def cancel(self) -> None: ...


class Resumer(Protocol):
    """Goes on with what the engine no longer has."""

    def transfer(self, wanted: Wanted) -> Transfer: ...

    def probe(self, url: str, done: Callable[[Validators], None]) -> None: ...


class DownloadList(QObject):
    """Qt thread only. `finished` tells the number of one that ended by itself, `failed` why
    something could not be noted."""

    listed = pyqtSignal()
    changed = pyqtSignal(int)
    finished = pyqtSignal(int)
    failed = pyqtSignal(str)

    def __init__(
        self, store: DownloadStore, beside: Beside, resumer: Resumer | None, parent: QObject
    ) -> None:
        super().__init__(parent)
        self._store = store
        self._beside = beside
        self._resumer = resumer
        self._transfers: dict[int, Transfer] = {}
        self._named: set[int] = set()
        self._replacing: set[int] = set()
        self._all = {one.number: one for one in map(_as_found, self._stored())}
        self.speeds = Speeds()
        self._clock = QTimer(self)
        self._clock.setInterval(_SHOW_EVERY_MS)
        self._clock.timeout.connect(self._show_progress)

    @property
    def all(self) -> tuple[Download, ...]:
        """The newest first."""
        return tuple(self._all[number] for number in sorted(self._all, reverse=True))

    @property
    def running(self) -> int:
        """How many are on their way."""
        return sum(one.phase in (Phase.RUNNING, Phase.CHECKING) for one in self._all.values())

    def get(self, number: int) -> Download | None:
        """One of them."""
        return self._all.get(number)

    def is_name_taken(self, folder: str, name: str) -> bool:
        """Whether a file of this name is there, or will be."""
        return Path(folder, name).exists() or any(
            one.folder == folder and one.name == name and one.phase is not Phase.DONE
            for one in self._all.values()
        )

    def can_go_on(self, download: Download) -> bool:
        """Whether the user may be offered to go on, or to begin again."""
        if download.phase is not Phase.STOPPED:
            return False
        if download.number in self._transfers:
            return True
        return self._resumer is not None and site_key(download.url) is not None

    # What the user does

    def begin(self, download: Download, transfer: Transfer, *, named: bool, replace: bool) -> None:
        """Takes a download that runs; its number is given here. `named`: the file has its name
        from the start; `replace`: the user agreed that a file of that name goes."""
        number = max(self._all, default=0) + 1
        download = _with_number(download, number)
        self._named |= {number} if named else set()
        self._replacing |= {number} if replace else set()
        self._put(download)
        self._watch(number, transfer)
        if self._resumer is not None and not named and site_key(download.url) is not None:
            QTimer.singleShot(_PROBE_AFTER_MS, lambda: self._probe(number))
        self.listed.emit()

    def pause(self, number: int) -> None:
        """Halts it."""
        if (transfer := self._transfers.get(number)) is not None:
            transfer.pause()
            self._change(number, phase=Phase.PAUSED, received=transfer.received)

    def resume(self, number: int) -> None:
        """Goes on after a pause, a break or a restart."""
        download, transfer = self._all.get(number), self._transfers.get(number)
        if download is None:
            return
        if transfer is not None:
            transfer.resume()
            self._change(number, phase=Phase.RUNNING, cause=None, ended=0)
        elif self._resumer is not None:
            try:
                have = download_files.take_over_part(download.folder, download.name)
            except OSError as error:
                self._change(number, cause=download_files.cause_of(error))
                return
            part = download_files.part_of(download.folder, download.name)
            wanted = Wanted(
                download.url, part, have, download.total, download.etag, download.modified
            )
            self._change(number, phase=Phase.RUNNING, cause=None, ended=0, received=have)
            self._watch(number, self._resumer.transfer(wanted))

    def cancel(self, number: int) -> None:
        """Ends it, and removes what arrived."""
        if (transfer := self._transfers.pop(number, None)) is not None:
            transfer.cancel()
        self._remove_parts(number)
        self._end(number, phase=Phase.STOPPED, cause=Cause.CANCELLED, received=0)

    def keep(self, number: int) -> None:
        """The second yes: a held file gets its name."""
        download = self._all.get(number)
        if download is not None and download.phase is Phase.HELD:
            self._settle(download)

    def forget(self, number: int) -> None:
        """Takes it out of the list; a file that is whole stays, what is not goes."""
        download = self._all.get(number)
        if download is None:
            return
        if (transfer := self._transfers.pop(number, None)) is not None:
            transfer.cancel()
        if download.phase is not Phase.DONE:
            self._remove_parts(number)
        self._all.pop(number, None)
        self._tried(lambda: self._store.delete(number))
        self.listed.emit()

    def forget_ended(self) -> None:
        """Takes out of the list what is done or given up; what can be gone on with stays."""
        for one in filter(self.is_over, self.all):
            self.forget(one.number)

    @staticmethod
    def is_over(download: Download) -> bool:
        """Whether it is done or given up."""
        return download.phase is Phase.DONE or download.cause is Cause.CANCELLED

    def stop_all(self) -> None:
        """The session ends: what runs is left so that it can be gone on with."""
        for number, transfer in tuple(self._transfers.items()):
            self._transfers.pop(number, None)
            download = self._all[number]
            if download.phase not in MOVING:
                continue
            received = transfer.received
            if self._store.keeps and number not in self._named:
                transfer.pause()
                # Under our name the engine does not find it when it clears up.
                self._tried(partial(download_files.take_over_part, download.folder, download.name))
                self._end(number, phase=Phase.STOPPED, cause=Cause.ENDED, received=received)
            else:
                transfer.cancel()
                self._remove_parts(number)

    def look_again(self) -> None:
        """Drops from the list what was forgotten elsewhere (history cleared, a site forgotten)."""
        if not self._store.keeps:
            return
        known = {one.number for one in self._stored()}
        for one in self.all:
            if one.ended and one.number not in known and one.number not in self._transfers:
                del self._all[one.number]

    # What happens

    def _watch(self, number: int, transfer: Transfer) -> None:
        self._transfers[number] = transfer
        transfer.progressed.connect(lambda: self._on_progress(number))
        transfer.ended.connect(lambda cause: self._on_ended(number, cause))
        self._clock.start()

    def _on_progress(self, number: int) -> None:
        download, transfer = self._all.get(number), self._transfers.get(number)
        if download is None or transfer is None:
            return
        anew = download.anew or transfer.anew
        facts = (transfer.total, anew, transfer.is_paused)
        if facts != (download.total, download.anew, download.phase is Phase.PAUSED):
            phase = Phase.PAUSED if transfer.is_paused else Phase.RUNNING
            phase = phase if download.phase in MOVING else download.phase
            self._change(number, total=transfer.total, anew=anew, phase=phase, **_tags(transfer))

    def _on_ended(self, number: int, cause: Cause | None) -> None:
        download, transfer = self._all.get(number), self._transfers.get(number)
        if download is None or transfer is None:
            return
        self._on_progress(number)
        if cause is not None:
            # The engine can go on after a break; a transfer of ours is made anew.
            if cause is Cause.CANCELLED or not transfer.survives_break:
                self._transfers.pop(number)
            self._end(number, phase=Phase.STOPPED, cause=cause, received=_on_disk(download))
            if cause is not Cause.CANCELLED:
                self.finished.emit(number)
            return
        self._transfers.pop(number)
        self._change(number, phase=Phase.CHECKING, received=transfer.received, cause=None)
        if number in self._named:
            self._end(number, phase=Phase.DONE, total=transfer.received)
            self.finished.emit(number)
            return
        part, name = download_files.part_of(download.folder, download.name), download.name
        self._beside.compute(
            lambda: _judged(part, name), lambda judged: self._on_judged(number, judged)
        )

    def _on_judged(self, number: int, judged: Judged | Cause) -> None:
        download = self._all.get(number)
        if download is None:
            return
        if isinstance(judged, Cause):
            self._end(number, phase=Phase.STOPPED, cause=judged)
        elif download.total is not None and judged.length != download.total:
            self._end(number, phase=Phase.STOPPED, cause=Cause.WRONG_LENGTH)
        elif judged.danger is not None:
            self._change(
                number, phase=Phase.HELD, danger=judged.danger, found=judged.found,
                received=judged.length,
            )  # fmt: skip
        else:
            self._change(number, received=judged.length)
            self._settle(self._all[number])
            return
        self.finished.emit(number)

    def _settle(self, download: Download) -> None:
        number = download.number
        try:
            if number in self._replacing:
                Path(download.folder, download.name).unlink(missing_ok=True)
            name = download_files.settle(download.folder, download.name)
        except OSError as error:
            self._end(number, phase=Phase.STOPPED, cause=download_files.cause_of(error))
        else:
            self._end(number, phase=Phase.DONE, name=name, cause=None)
        self.finished.emit(number)

    def _probe(self, number: int) -> None:
        download = self._all.get(number)
        if download is None or self._resumer is None or download.phase not in MOVING:
            return

        def take(found: Validators) -> None:
            now = self._all.get(number)
            if now is not None and found.ranges and found.length == now.total is not None:
                self._change(number, etag=found.etag, modified=found.modified)

        self._resumer.probe(download.url, take)

    def _show_progress(self) -> None:
        moving = [n for n in self._transfers if self._all[n].phase is Phase.RUNNING]
        for number in moving:
            received = self._transfers[number].received
            self.speeds.note(number, received, time.monotonic())
            self._all[number] = replace(self._all[number], received=received)
            self.changed.emit(number)
        if not moving:
            self._clock.stop()

    # Keeping

    def _end(self, number: int, **facts: object) -> None:
        self.speeds.forget(number)
        self._change(number, ended=int(time.time()), **facts)

    def _change(self, number: int, **facts: object) -> None:
        download = self._all.get(number)
        if download is None:
            return
        changed = replace(download, **facts)  # type: ignore[arg-type]
        if changed != download:
            self._put(changed)
            self.changed.emit(number)
            if changed.phase is Phase.RUNNING:
                self._clock.start()

    def _put(self, download: Download) -> None:
        self._all[download.number] = download
        self._tried(lambda: self._store.put(download))

    def _remove_parts(self, number: int) -> None:
        download = self._all.get(number)
        if download is not None and number not in self._named:
            self._tried(lambda: download_files.remove_parts(download.folder, download.name))

    def _stored(self) -> tuple[Download, ...]:
        try:
            return self._store.read_all()
        except (sqlite3.Error, OSError) as error:
            _log.warning("the downloads of earlier sessions cannot be read: %s", error)
            return ()

    def _tried(self, act: Callable[[], object]) -> None:
        """What cannot be kept is told, and the download goes on."""
        try:
            act()
        except (sqlite3.Error, OSError) as error:
            _log.warning("a download could not be noted: %s", error)
            self.failed.emit(str(getattr(error, "strerror", None) or error))


def _on_disk(download: Download) -> int:
    """What of it has arrived where it is kept: on a full disk, less than over the line."""
    part = download_files.part_of(download.folder, download.name)
    engine_part = download_files.engine_part_of(download.folder, download.name)
    return max(map(download_files.length_of, (part, engine_part)))


def _judged(part: Path, name: str) -> Judged | Cause:
    try:
        return download_files.judge_file(part, name)
    except OSError as error:
        return download_files.cause_of(error)


def _tags(transfer: Transfer) -> dict[str, str]:
    if not transfer.etag and not transfer.modified:
        return {}
    return {"etag": transfer.etag, "modified": transfer.modified}


def _with_number(download: Download, number: int) -> Download:
    return replace(download, number=number)


def _as_found(download: Download) -> Download:
    """As a download of an earlier session is found: what ran then has stopped."""
    if download.phase not in MOVING:
        return download
    received = _on_disk(download)
    return replace(download, phase=Phase.STOPPED, cause=Cause.ENDED, received=received)
