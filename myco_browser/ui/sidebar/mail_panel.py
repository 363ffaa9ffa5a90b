"""Mail in the sidebar of one window: the assistant, a folder, or a letter."""

from __future__ import annotations

from PyQt6.QtWidgets import QWidget

from myco_browser.ui.sidebar.account_settings import AccountSettings
from myco_browser.ui.sidebar.assistant import Assistant
from myco_browser.ui.sidebar.letter_acts import LetterActs
from myco_browser.ui.sidebar.letter_view import LetterView
from myco_browser.ui.sidebar.mail_desk import MailDesk
from myco_browser.ui.sidebar.mailbox import Mailbox
from myco_browser.ui.sidebar.outbox_page import OutboxPage
from myco_browser.ui.sidebar.page_stack import PageStack
from myco_browser.ui.sidebar.sign_in_row import page_opener
from myco_browser.ui.window import BrowserWindow


class MailPanel(PageStack):
    """A stack of pages, each made when it is wanted."""

    def __init__(self, desk: MailDesk, window: BrowserWindow, parent: QWidget) -> None:
        super().__init__(parent)
        self._desk = desk
        self._window = window
        self._face = window.context.face
        self.box: Mailbox | None = None
        self.letter: LetterView | None = None
        self.acts: LetterActs | None = None
        desk.mail.accounts_changed.connect(self._on_accounts)
        desk.letter_wanted.connect(self._on_letter_wanted)
        desk.panels.append(self)
        self.destroyed.connect(lambda _gone=None, me=self: _forget(desk, me))
        self._begin()

    @property
    def place(self) -> tuple[str, str]:
        """Account and folder that are shown."""
        return (self.box.account_id, self.box.path) if self.box is not None else ("", "")

    def arrange_again(self) -> None:
        """Conversations are wanted, or not any more."""
        if self.box is not None:
            self.box.show_all()

    def _begin(self) -> None:
        accounts = self._desk.mail.accounts
        if accounts:
            self.show_folder(accounts[0].account_id, "INBOX")
        else:
            self.show_assistant()

    def _on_accounts(self) -> None:
        known = {one.account_id for one in self._desk.mail.accounts}
        if self.box is not None and self.box.account_id not in known:
            self._begin()

    def show_assistant(self) -> None:
        """A page to add an account."""
        page = Assistant(self._desk.mail, self._face, page_opener(self._window))
        page.finished.connect(lambda account_id: self._close_to(page, account_id))
        page.cancelled.connect(lambda: self._close_to(page, ""))
        if self._desk.mail.accounts:
            page.offer_cancel()
        self.show_once(page)

    def show_outbox(self) -> None:
        """What is on its way out."""
        page = OutboxPage(self._desk, self._face)
        page.finished.connect(lambda: self._close_to(page, ""))
        self.show_once(page)

    def show_settings(self, account_id: str) -> None:
        """A page about an account."""
        account = next((a for a in self._desk.mail.accounts if a.account_id == account_id), None)
        if account is None:
            return
        page = AccountSettings(self._desk.mail, account, self._face)
        page.finished.connect(lambda: self._close_to(page, ""))
        self.show_once(page)

    def _close_to(self, page: QWidget, account_id: str) -> None:
        if account_id:
            self.show_folder(account_id, "INBOX")
        elif self.box is not None:
            self.pages.setCurrentWidget(self.box)
        else:
            self._begin()
        self.drop(page)

    def show_folder(self, account_id: str, path: str) -> None:
        """The list of a folder."""
        if self.box is None:
            self.box = box = Mailbox(self._desk, self._face)
            box.letter_wanted.connect(self._open)
            box.draft_wanted.connect(
                lambda uid: self._desk.write.open_draft(box.account_id, box.path, uid)
            )
            box.write_wanted.connect(lambda: self._desk.write.new(box.account_id))
            box.account_wanted.connect(self.show_assistant)
            box.outbox_wanted.connect(self.show_outbox)
            box.settings_wanted.connect(self.show_settings)
        self.box.show_folder(account_id, path)
        self.show_page(self.box)
        if self.isVisible():
            self.box.list.setFocus()

    def _open(self, uid: int) -> None:
        box = self.box
        if box is None:
            return
        if self.letter is None:
            self.letter = LetterView(self._desk, self._face, has_back=True)
            self.letter.back_wanted.connect(self.show_list)
            self.acts = LetterActs(self._desk, self.letter)
            self.acts.done.connect(self.show_list)
            self.acts.moved.connect(lambda one, role: box.move_to([one], role))
            self.acts.flagged.connect(lambda one, flag, on: box.set_flag([one], flag, on=on))
            self.acts.failed.connect(lambda text: box.toast.say(text))
        if self.acts is not None:
            members = box.conversation(uid)
            self.acts.open(box.account_id, box.path, uid, box.summary(uid), members)
        self.show_page(self.letter)

    def show_list(self) -> None:
        """Back from a letter."""
        if self.box is not None:
            self.show_page(self.box)
            self.box.list.setFocus()

    def _on_letter_wanted(self, account_id: str, path: str, uid: int) -> None:
        if not self.isVisible():
            return
        if self.box is None or (self.box.account_id, self.box.path) != (account_id, path):
            self.show_folder(account_id, path)
        if uid:
            self._open(uid)
        else:
            self.show_list()


def _forget(desk: MailDesk, panel: MailPanel) -> None:
    if panel in desk.panels:
        desk.panels.remove(panel)
