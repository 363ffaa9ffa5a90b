"""A large file of a letter becomes a link: it goes to the user's files, where a link is made."""

from __future__ import annotations

import datetime
from enum import Enum, auto
from pathlib import Path

from PyQt6.QtCore import QObject, pyqtSignal

from myco_browser.bridge.files import Files, Room
from myco_browser.domain.files import FilesCause, Share
from myco_browser.files.errors import FilesError
from myco_browser.services.files_transfers import Phase, Transfer

LINK_DAYS = 30
"""How long the link can be used."""


class Stage(Enum):
    """How far it is."""

    OFFERED = auto()
    SENDING = auto()
    LINKING = auto()
    STOPPED = auto()
    """By the user, among the files."""
    LOCKED = auto()
    """The passwords have to be unlocked first."""
    FAILED = auto()
    DONE = auto()


class LinkUpload(QObject):
    """One file. `changed` tells that it is further, `made` brings the link."""

    changed = pyqtSignal()
    made = pyqtSignal(object)  # Share

    def __init__(self, files: Files, path: Path, folder: str, parent: QObject) -> None:
        """`folder` is the one on the server; it is made if there is none."""
        super().__init__(parent)
        self.stage = Stage.OFFERED
        self.cause = FilesCause.FAILED
        """Why it failed, if it did."""
        self.done = 0
        """How many bytes are on the server."""
        self._files = files
        self._path = path
        self._folder = folder
        self._account_id = ""
        self._number = ""
        self._uploaded = ""
        self._is_over = False
        files.transfers.changed.connect(self._look)

    @property
    def is_busy(self) -> bool:
        """Whether it is being worked on."""
        return self.stage in (Stage.SENDING, Stage.LINKING)

    def begin(self, account_id: str) -> None:
        """Sends it to the files of an account."""
        self._account_id = account_id
        self._go_to(Stage.SENDING)
        self._files.ask_keeper(lambda locked, _new: self._make_folder(is_locked=locked))

    def again(self) -> None:
        """Once more, without sending twice what is there."""
        if self._uploaded:
            self._share(self._uploaded)
        elif self._files.transfers.find(self._number) is not None:
            self._files.transfers.resume(self._number)
        else:
            self.begin(self._account_id)

    def give_up(self) -> None:
        """It is not wanted any more: what is half on the server goes away again."""
        self._is_over = True
        one = self._files.transfers.find(self._number)
        if one is not None and one.phase is not Phase.DONE:
            self._files.transfers.remove(self._number)

    def _make_folder(self, *, is_locked: bool) -> None:
        if self._is_over:
            return
        if is_locked:
            self._go_to(Stage.LOCKED)
            return
        folder = self._folder

        def make(room: Room) -> None:
            if room.cloud is None:
                raise FilesError(FilesCause.UNSUPPORTED, "no links")
            try:
                room.dav.make_folder(folder)
            except FilesError as error:
                if error.cause is not FilesCause.TAKEN:
                    raise

        self._files.ask(self._account_id, make, lambda _none: self._send(), self._fail)

    def _send(self) -> None:
        if not self._is_over:
            found = self._files.transfers.upload(self._account_id, [self._path], self._folder)
            self._number = found[0]

    def _look(self, number: str) -> None:
        if number != self._number or self._is_over or self._uploaded:
            return
        one = self._files.transfers.find(number)
        if one is None:
            self._number = ""
            self._go_to(Stage.STOPPED)
        else:
            self._follow(one)

    def _follow(self, one: Transfer) -> None:
        match one.phase:
            case Phase.WAITING | Phase.RUNNING:
                self.done = one.done
                self._go_to(Stage.SENDING)
            case Phase.PAUSED | Phase.HELD:
                self._go_to(Stage.STOPPED)
            case Phase.FAILED:
                self._fail(one.cause or FilesCause.FAILED)
            case Phase.DONE:
                # Beside what had its name already, it got another one.
                self._uploaded = one.named or one.path
                self._share(self._uploaded)

    def _share(self, path: str) -> None:
        self._go_to(Stage.LINKING)
        last = datetime.datetime.now().astimezone().date() + datetime.timedelta(days=LINK_DAYS)

        def make(room: Room) -> Share:
            if room.cloud is None:
                raise FilesError(FilesCause.UNSUPPORTED, "no links")
            return room.cloud.share(path, last.isoformat())

        self._files.ask(self._account_id, make, self._take, self._fail)

    def _take(self, share: Share) -> None:
        if not self._is_over:
            self._is_over = True
            self.stage = Stage.DONE
            self.made.emit(share)

    def _fail(self, cause: FilesCause) -> None:
        if not self._is_over:
            self.cause = cause
            self._go_to(Stage.FAILED)

    def _go_to(self, stage: Stage) -> None:
        self.stage = stage
        self.changed.emit()
