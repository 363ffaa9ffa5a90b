"""What the buttons of a letter do."""

from __future__ import annotations

from dataclasses import replace
from functools import partial

from PyQt6.QtCore import QObject, pyqtSignal

from myco_browser.domain.mail import ANSWERED, FLAGGED, SEEN, Letter, Role, Summary
from myco_browser.mail.errors import ActionError, MailError
from myco_browser.services import mail_jobs
from myco_browser.ui.i18n import _
from myco_browser.ui.sidebar.letter_files import (
    drag_file,
    open_file,
    put_into_files,
    save_file,
)
from myco_browser.ui.sidebar.letter_view import LetterView
from myco_browser.ui.sidebar.mail_desk import MailDesk

_TARGETS = {"archive": Role.ARCHIVE, "delete": Role.TRASH, "spam": Role.JUNK}


class LetterActs(QObject):
    """Fetches letters for a view and carries out what its buttons say."""

    done = pyqtSignal()  # the letter is gone from here
    moved = pyqtSignal(int, object)  # a message is to go to the folder with that role
    flagged = pyqtSignal(int, str, bool)
    failed = pyqtSignal(str)

    def __init__(self, desk: MailDesk, view: LetterView) -> None:
        super().__init__(view)
        self._desk = desk
        self._view = view
        self._summary: Summary | None = None
        self._members: tuple[int, ...] = ()
        self._known: dict[int, Summary] = {}
        self.place: tuple[str, str, int] = ("", "", 0)
        view.act_wanted.connect(self._act)
        view.pictures_wanted.connect(self._show_pictures)
        view.file_wanted.connect(self._on_file)
        view.strip.chosen.connect(self._show_member)
        view.quick.sent.connect(self._answered)
        view.quick.more_wanted.connect(
            lambda draft, name: desk.write.go_on(draft, name, self._answered)
        )
        view.address_wanted.connect(lambda url: desk.write.to_address(self.place[0], url))

    def open(
        self,
        account_id: str,
        path: str,
        uid: int,
        summary: Summary | None,
        members: tuple[int, ...] = (),
    ) -> None:
        """Fetches a letter and shows it; it counts as read then. `members`: its conversation."""
        self.place = (account_id, path, uid)
        self._summary = summary
        self._members = members
        self._known = {uid: summary} if summary is not None else {}
        self._show_strip(self._known)
        self._fetch(remote=False)
        if len(members) > 1:
            self._desk.mail.ask(
                account_id, lambda desk: mail_jobs.rows(desk, path, members), self._show_strip
            )

    def _show_strip(self, known: dict[int, Summary]) -> None:
        self._known = {**self._known, **known}
        self._view.strip.show_members(self._members, self._known, self.place[2])

    def _show_member(self, uid: int) -> None:
        """Another message of the conversation."""
        account_id, path, _uid = self.place
        known = self._known
        self.open(account_id, path, uid, known.get(uid), self._members)
        self._show_strip(known)

    def _answered(self) -> None:
        self.flagged.emit(self.place[2], ANSWERED, True)

    def _fetch(self, *, remote: bool) -> None:
        place = self.place
        account_id, path, uid = place

        def show(letter: Letter) -> None:
            if place != self.place:
                return
            summary = self._summary
            if not letter.date and summary is not None:
                letter = replace(letter, date=summary.when)
            self._view.show_letter(letter)
            self._view.quick.show_letter(account_id, letter)
            if self._summary is None or self._summary.unread:
                self.flagged.emit(uid, SEEN, True)

        self._desk.mail.ask(
            account_id,
            lambda desk: mail_jobs.read(desk, path, uid, remote=remote),
            show,
            self._not_there,
        )

    def _not_there(self, error: MailError) -> None:
        if isinstance(error, ActionError):
            self.failed.emit(_("This message is not on the server any more."))
        else:
            self.failed.emit(_("The message is not on this computer, and the server is away."))
        self.done.emit()

    def _show_pictures(self, always: bool) -> None:
        letter = self._view.letter
        if always and letter is not None:
            address = letter.sender.address
            self._desk.mail.ask(self.place[0], lambda desk: mail_jobs.allow_sender(desk, address))
        self._fetch(remote=True)

    def _act(self, name: str) -> None:
        account_id, path, uid = self.place
        letter = self._view.letter
        if name in _TARGETS:
            self.moved.emit(uid, _TARGETS[name])
            self.done.emit()
        elif name == "unread":
            self.flagged.emit(uid, SEEN, False)
            self.done.emit()
        elif name == "star":
            on = self._summary is None or FLAGGED not in self._summary.flags
            self.flagged.emit(uid, FLAGGED, on)
        elif name == "window":
            self._desk.open_window(account_id, path, uid, self._summary)
        elif letter is not None:
            self._desk.write.answer(account_id, path, letter, name)

    def _on_file(self, number: int, act: str) -> None:
        account_id, path, uid = self.place
        letter = self._view.letter
        if letter is None or number >= len(letter.attachments):
            return
        name = letter.attachments[number].name
        acts = {"open": open_file, "files": put_into_files, "drag": drag_file}
        save = partial(acts.get(act, save_file), self._desk, self._view, name)
        self._desk.mail.ask(
            account_id,
            lambda desk: mail_jobs.attachment(desk, path, uid, number),
            save,
            self._not_there,
        )
