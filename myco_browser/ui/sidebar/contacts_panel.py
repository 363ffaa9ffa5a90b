"""Contacts in the sidebar of one window: the list, one of them, or a page to write on."""

from __future__ import annotations

from collections.abc import Callable

from PyQt6.QtCore import QUrl
from PyQt6.QtWidgets import QMessageBox, QStackedWidget, QVBoxLayout, QWidget

from myco_browser.bridge.contacts import Contacts
from myco_browser.bridge.mail import Mail
from myco_browser.domain.contacts import Contact, Fields
from myco_browser.files.errors import FilesError
from myco_browser.services.contacts_work import Conflict, Kept
from myco_browser.ui.i18n import _
from myco_browser.ui.sidebar.contact_edit import ContactEdit
from myco_browser.ui.sidebar.contact_view import ContactView
from myco_browser.ui.sidebar.contact_words import shown_name
from myco_browser.ui.sidebar.contacts_account import ContactsAccountPage
from myco_browser.ui.sidebar.contacts_assistant import ContactsAssistant
from myco_browser.ui.sidebar.contacts_list import ContactsList
from myco_browser.ui.sidebar.lock_page import LockPage
from myco_browser.ui.window import BrowserWindow

Write = Callable[[str, str], None]
"""Begins a message to somebody: name and address."""


class ContactsPanel(QWidget):
    """A stack of pages; all but the list are made when they are wanted, and gone afterwards."""

    def __init__(
        self, contacts: Contacts, mail: Mail, write: Write, window: BrowserWindow, parent: QWidget
    ) -> None:
        super().__init__(parent)
        self._contacts = contacts
        self._mail = mail
        self._write = write
        self._window = window
        self._face = window.context.face
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        self.pages = QStackedWidget()
        column.addWidget(self.pages)
        self.everybody = ContactsList(contacts, self._face)
        self.everybody.contact_wanted.connect(self.show_contact)
        self.everybody.new_wanted.connect(self.show_new)
        self.everybody.account_wanted.connect(self.show_assistant)
        self.everybody.settings_wanted.connect(self.show_settings)
        self.pages.addWidget(self.everybody)
        contacts.accounts_changed.connect(self._on_accounts)
        mail.opened.connect(self._on_opened)
        self._begin()

    def _begin(self) -> None:
        if self._contacts.accounts:
            self.show_list()
            self._mail.ask_keeper(self._on_keeper)
        else:
            self.show_assistant()

    def _on_keeper(self, wants: bool, _is_new: bool) -> None:
        if not wants:
            return
        page = LockPage(self._face)
        page.field.returnPressed.connect(lambda: self._open_lock(page))
        page.button.clicked.connect(lambda: self._open_lock(page))
        self._show_once(page)

    def _open_lock(self, page: LockPage) -> None:
        page.work()
        self._mail.unlock(page.field.text(), lambda problem: page.rest(is_right=not problem))

    def _on_opened(self) -> None:
        """The passphrase was typed, here or elsewhere."""
        page = self.pages.currentWidget()
        if isinstance(page, LockPage):
            self._mail.ask_keeper(lambda wants, _new: self._leave_lock(page, wants))

    def _leave_lock(self, page: LockPage, wants: bool) -> None:
        if not wants and self.pages.currentWidget() is page:
            self._contacts.refresh()
            self.show_list()

    def _on_accounts(self) -> None:
        if not self._contacts.accounts:
            self.show_assistant()

    # Pages

    def show_list(self) -> None:
        """Everybody; the page that was there is gone."""
        page = self.pages.currentWidget()
        self.pages.setCurrentWidget(self.everybody)
        self.setFocusProxy(self.everybody)
        if page is not None and page is not self.everybody:
            self.pages.removeWidget(page)
            page.deleteLater()
        if self.isVisible():
            self.everybody.list.setFocus()

    def _show_once(self, page: QWidget) -> None:
        before = self.pages.currentWidget()
        self.pages.addWidget(page)
        self.pages.setCurrentWidget(page)
        self.setFocusProxy(page)
        page.setFocus()
        if before is not None and before is not self.everybody:
            self.pages.removeWidget(before)
            before.deleteLater()

    def show_assistant(self) -> None:
        """A page to add a server."""
        page = ContactsAssistant(self._contacts, self._mail, self._face)
        page.finished.connect(self.show_list)
        page.cancelled.connect(self.show_list)
        if self._contacts.accounts:
            page.offer_cancel()
        self._show_once(page)

    def show_settings(self, account_id: str) -> None:
        """A page about an account."""
        found = (one for one in self._contacts.accounts if one.account_id == account_id)
        account = next(found, None)
        if account is None:
            return
        page = ContactsAccountPage(self._contacts, account)
        page.finished.connect(self.show_list)
        self._show_once(page)

    def show_contact(self, contact: Contact) -> None:
        """One of them."""
        found = (one for one in self._contacts.accounts if one.account_id == contact.account_id)
        account = next(found, None)
        if account is None:
            return
        books = {one.href: one for one in self._contacts.books(contact.account_id)}
        book = books.get(contact.book)
        name = book.name if book is not None and len(books) > 1 else ""
        may = book is not None and book.may_write
        page = ContactView(contact, account, name, self._face, may_write=may)
        page.back_wanted.connect(self.show_list)
        page.edit_wanted.connect(lambda: self.show_edit(contact))
        page.delete_wanted.connect(lambda: self.delete(contact))
        page.write_wanted.connect(lambda address: self._write(contact.fields.name, address))
        page.page_wanted.connect(lambda url: self._window.add_tab(QUrl(url)))
        self._show_once(page)

    def show_new(self) -> None:
        """A page for somebody new."""
        places = list(self._contacts.writable())
        if not places:
            return
        names = [f"{account.title} – {book.name or book.href}" for account, book in places]
        page = ContactEdit(Fields(), self._face, names)

        def keep(fields: Fields) -> None:
            account, book = places[max(0, page.place.currentIndex())]
            self._contacts.add(
                account.account_id, book, fields, page.uid,
                lambda kept: self._kept(account.account_id, kept), page_failed(page),
            )  # fmt: skip

        page.kept.connect(keep)
        page.cancelled.connect(self.show_list)
        self._show_once(page)

    def show_edit(self, contact: Contact) -> None:
        """A page to change somebody."""
        page = ContactEdit(contact.fields, self._face)
        page.kept.connect(lambda fields: self._change(page, contact, fields))
        page.cancelled.connect(lambda: self.show_contact(contact))
        self._show_once(page)

    # Doing

    def delete(self, contact: Contact) -> None:
        """Deletes; for a while it can be undone, and the server has not heard of it."""
        self.show_list()
        self._contacts.hide(contact)
        text = _("{name} was deleted").format(name=shown_name(contact.fields))
        self.everybody.toast.say(
            text,
            lambda: self._contacts.delete(contact, self.everybody.say),
            lambda: self._contacts.unhide(contact),
        )

    def _change(self, page: ContactEdit, contact: Contact, fields: Fields) -> None:
        def done(outcome: Kept | Conflict) -> None:
            match outcome:
                case Kept():
                    self._kept(contact.account_id, outcome)
                case Conflict(theirs=theirs):
                    self._resolve(page, contact, fields, theirs)

        self._contacts.change(contact, fields, done, page_failed(page))

    def _kept(self, account_id: str, kept: Kept) -> None:
        self.show_list()
        key = (account_id, kept.href)
        found = next((one for one in self._contacts.everybody if one.key == key), None)
        if found is not None:
            self.show_contact(found)

    def _resolve(
        self, page: ContactEdit, contact: Contact, mine: Fields, theirs: Fields | None
    ) -> None:
        """Somebody else changed it, or deleted it: the user says which one is to stay."""
        box = QMessageBox(self)
        box.setIcon(QMessageBox.Icon.Question)
        box.setWindowTitle(_("Changed meanwhile"))
        if theirs is None:
            box.setText(_("This contact was deleted elsewhere while you changed it."))
        else:
            box.setText(_("This contact was changed elsewhere while you changed it."))
        role = QMessageBox.ButtonRole.AcceptRole
        both = box.addButton(_("Keep mine") if theirs is None else _("Keep both"), role)
        other = box.addButton(
            _("Let it go") if theirs is None else _("Take theirs"),
            QMessageBox.ButtonRole.DestructiveRole,
        )
        box.addButton(_("Go on changing"), QMessageBox.ButtonRole.RejectRole)
        box.setDefaultButton(both)
        self.conflict = box

        def chosen() -> None:
            clicked = box.clickedButton()
            if clicked is both:
                self._keep_both(page, contact, mine)
            elif clicked is other:
                self._kept(contact.account_id, Kept(contact.href))
            else:
                page.fail(_("Nothing was kept yet."))
            box.deleteLater()

        box.finished.connect(lambda _result: chosen())
        box.open()

    def _keep_both(self, page: ContactEdit, contact: Contact, mine: Fields) -> None:
        books = {one.href: one for one in self._contacts.books(contact.account_id)}
        book = books.get(contact.book)
        if book is None:
            page.fail(_("There is no address book that can be changed."))
            return
        self._contacts.add(
            contact.account_id, book, mine, page.uid,
            lambda kept: self._kept(contact.account_id, kept), page_failed(page),
        )  # fmt: skip


def page_failed(page: ContactEdit) -> Callable[[FilesError], None]:
    """Tells on the page why something was not kept."""
    return lambda error: page.fail(_(error.cause.value))
