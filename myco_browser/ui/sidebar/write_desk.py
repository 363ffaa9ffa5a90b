"""Opens the windows in which messages are written: new ones, answers, drafts."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Protocol
from urllib.parse import parse_qs, unquote, urlsplit

from PyQt6.QtCore import QObject, pyqtSignal

from myco_browser.domain.mail import ANSWERED, Account, Draft, Letter, Person
from myco_browser.mail import writing
from myco_browser.mail.errors import MailError
from myco_browser.services import mail_jobs
from myco_browser.services.mail_outbox import KeptDraft, OutLetter
from myco_browser.services.mail_post import Desk as JobDesk
from myco_browser.ui.i18n import _
from myco_browser.ui.sidebar.mail_words import day_for_others

if TYPE_CHECKING:
    from myco_browser.bridge.files import Files
    from myco_browser.bridge.mail import Mail
    from myco_browser.ui.context import Context
    from myco_browser.ui.sidebar.compose import ComposeWindow


class Desk(Protocol):
    """The desk of the session's mail."""

    mail: Mail
    files: Callable[[], Files]

    @property
    def context(self) -> Context: ...


class WriteDesk(QObject):
    """Keeps the windows that are open. `failed` carries a sentence."""

    failed = pyqtSignal(str)

    def __init__(self, desk: Desk, parent: QObject) -> None:
        super().__init__(parent)
        self._desk = desk
        self.windows: list[ComposeWindow] = []

    def new(self, account_id: str) -> None:
        """An empty message."""
        self._open(Draft(account_id, text=self.signature(account_id)))

    def to_person(self, account_id: str, name: str, address: str) -> None:
        """A message to one person."""
        to = (Person("" if name == address else name, address),)
        self._open(Draft(account_id, to=to, text=self.signature(account_id)))

    def to_address(self, account_id: str, url: str) -> None:
        """What a mailto: link asks for (RFC 6068); of its fields only harmless ones are taken."""
        parts = urlsplit(url)
        fields = {name.lower(): " ".join(values) for name, values in parse_qs(parts.query).items()}
        self._open(
            Draft(
                account_id,
                to=writing.parse_people(unquote(parts.path)),
                cc=writing.parse_people(fields.get("cc", "")),
                subject=fields.get("subject", "")[:500],
                text=fields.get("body", "")[:20_000] + self.signature(account_id),
            )
        )

    def answer(self, account_id: str, path: str, letter: Letter, way: str) -> None:
        """`way` is "reply", "reply-all" or "forward"."""
        account = self._account(account_id)
        if account is None:
            return
        words = self.quoted_words(letter)
        if way == "forward":
            self._forward(account, path, letter)
            return
        draft = writing.reply_to(letter, account, everybody=way == "reply-all", words=words)
        window = self._open(_signed(draft, self.signature(account_id)))
        uid = letter.uid
        window.left.connect(
            lambda: self._desk.mail.acts.flag(account_id, (path, 0), [uid], ANSWERED, on=True)
        )

    def quoted_words(self, letter: Letter) -> str:
        """What stands above a quotation."""
        when = day_for_others(letter.date, self._desk.context.language)
        return _("On {when}, {who} wrote:").format(when=when, who=letter.sender.shown)

    def go_on(self, draft: Draft, message_id: str, then: Callable[[], None]) -> None:
        """A draft that was begun elsewhere; `then` is called when it is on its way."""
        self._open(draft, message_id).left.connect(then)

    def _forward(self, account: Account, path: str, letter: Letter) -> None:
        words = _("Forwarded message from {who}, {when}:").format(
            who=writing.people_text((letter.sender,)),
            when=day_for_others(letter.date, self._desk.context.language),
        )
        uid, count = letter.uid, len(letter.attachments)

        def files(desk: JobDesk) -> tuple[tuple[str, str, bytes], ...]:
            return tuple(
                (one.name, one.kind, mail_jobs.attachment(desk, path, uid, one.part))
                for one in letter.attachments[:count]
            )

        def write(found: tuple[tuple[str, str, bytes], ...]) -> None:
            draft = writing.forward(letter, account, words, found)
            self._open(_signed(draft, self.signature(account.account_id)))

        self._desk.mail.ask(account.account_id, files, write, self._not_there)

    def open_draft(self, account_id: str, path: str, uid: int) -> None:
        """A draft of the server, to be written on."""

        def write(found: tuple[Draft, str]) -> None:
            draft, message_id = found
            self._open(draft, message_id)

        work = lambda desk: mail_jobs.draft(desk, path, uid)  # noqa: E731 - said where it is used
        self._desk.mail.ask(account_id, work, write, self._not_there)

    def _not_there(self, _error: MailError) -> None:
        self.failed.emit(_("The message is not on this computer, and the server is away."))

    def open_letter(self, letter: OutLetter) -> None:
        """A message of the outbox, to be written on: from then on it is a draft."""
        account, out = self._account(letter.account_id), self._desk.mail.out
        if account is None:
            return

        def show(draft: Draft, was_there: bool) -> None:
            if was_there:
                self._open(draft, letter.message_id)

        def take(found: tuple[Draft, KeptDraft]) -> None:
            draft, kept = found
            out.to_draft(letter.letter_id, kept, lambda was_there: show(draft, was_there))

        out.raw(
            letter.letter_id,
            lambda raw: self._desk.mail.beside(
                lambda: mail_jobs.draft_of_letter(account, letter, raw), take
            ),
        )

    def end(self) -> None:
        """The session ends: what is being written is kept."""
        for window in tuple(self.windows):
            window.large.give_up()
            window.save()

    def _open(self, draft: Draft, message_id: str = "") -> ComposeWindow:
        # Loaded when something is written.
        from myco_browser.ui.sidebar.compose import ComposeWindow

        desk = self._desk
        window = ComposeWindow(desk.mail, desk.files, desk.context, draft, message_id)
        self.windows.append(window)
        window.destroyed.connect(lambda: self._forget(window))
        window.show()
        window.raise_()
        window.activateWindow()
        return window

    def _forget(self, window: ComposeWindow) -> None:
        if window in self.windows:
            self.windows.remove(window)

    def _account(self, account_id: str) -> Account | None:
        found = (a for a in self._desk.mail.accounts if a.account_id == account_id)
        return next(found, None)

    def signature(self, account_id: str) -> str:
        """What stands below every message of an account."""
        account = self._account(account_id)
        signature = account.signature.strip() if account is not None else ""
        return f"\n\n-- \n{signature}" if signature else ""


def _signed(draft: Draft, signature: str) -> Draft:
    """With the signature above what is quoted, where the answer is written."""
    from dataclasses import replace

    return replace(draft, text=f"{signature}{draft.text}" if signature else draft.text)
