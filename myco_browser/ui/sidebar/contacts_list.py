"""Everybody by name, with a field to search; and what can be done with all of them."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from PyQt6.QtCore import QAbstractListModel, QModelIndex, QObject, QRect, QSize, Qt, pyqtSignal
from PyQt6.QtGui import QColor, QFont, QPainter
from PyQt6.QtWidgets import (
    QAbstractItemView,
    QFileDialog,
    QHBoxLayout,
    QLineEdit,
    QListView,
    QMenu,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from myco_browser.bridge.contacts import Contacts
from myco_browser.domain.contacts import Contact
from myco_browser.files.errors import FilesError
from myco_browser.services.contacts_search import fitting
from myco_browser.services.contacts_work import Brought
from myco_browser.ui.chrome import tool_button
from myco_browser.ui.empty_note import EmptyNote
from myco_browser.ui.i18n import _, ngettext
from myco_browser.ui.icons import icon
from myco_browser.ui.sidebar.banner import Banner
from myco_browser.ui.sidebar.contact_words import draw_initials, second_line, shown_name
from myco_browser.ui.sidebar.page_stack import Margined
from myco_browser.ui.sidebar.toast import Toast
from myco_browser.ui.theme import SPACE, Face

CONTACT = Qt.ItemDataRole.UserRole
_ROW_HEIGHT = 52
_SIDE = 34
_OFTEN_MS = 15 * 60 * 1000


class ContactsList(QWidget):
    """The page that one comes back to."""

    contact_wanted = pyqtSignal(object)
    new_wanted = pyqtSignal()
    account_wanted = pyqtSignal()
    settings_wanted = pyqtSignal(str)

    def __init__(self, contacts: Contacts, face: Face) -> None:
        super().__init__()
        self._contacts = contacts
        self._face = face
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self._head())
        self.banner = Banner(face)
        column.addWidget(Margined(self.banner))
        self.model = ContactsModel(self)
        self.list = self._list()
        column.addWidget(self.list, 1)
        self._empty = EmptyNote(self.list, face)
        self.toast = Toast(self)
        self.setFocusProxy(self.list)
        contacts.changed.connect(self.renew)
        self.renew()

    def renew(self) -> None:
        """Shows what is known now."""
        text = self.field.text()
        found = list(fitting(self._contacts.everybody, text))
        self.model.show(found, {one.account_id: one.colour for one in self._contacts.accounts})
        may_add = next(self._contacts.writable(), None) is not None
        self.add_button.setEnabled(may_add)
        self._show_empty(bool(found), text.strip(), may_add=may_add)
        self._show_problem()

    def say(self, error: FilesError) -> None:
        """Tells why something was not done."""
        self.toast.say(_(error.cause.value))

    def _show_empty(self, is_full: bool, wanted: str, *, may_add: bool) -> None:
        new = (_("New contact"), self.new_wanted.emit) if may_add else None
        if is_full:
            self._empty.hide()
        elif wanted:
            text = _("Nobody fits “{words}”.").format(words=wanted)
            self._empty.say(text, "search", (_("Show everybody"), self.field.clear))
        elif self._contacts.busy:
            self._empty.say(_("Looking…"))
        else:
            self._empty.say(_("Nobody is here yet."), "people", new)

    def _show_problem(self) -> None:
        for account in self._contacts.accounts:
            problem = self._contacts.problem(account.account_id)
            if problem is not None:
                text = _("{name}: {problem}").format(name=account.title, problem=_(problem.value))
                again = (_("Try again"), self._contacts.refresh)
                self.banner.say("warning", text, (again,), "warning")
                return
        self.banner.hide()

    def _head(self) -> QWidget:
        head = QWidget()
        head.setObjectName("sidehead")
        head.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        column = QVBoxLayout(head)
        column.setContentsMargins(SPACE["s"], SPACE["s"], SPACE["s"], SPACE["s"])
        column.setSpacing(SPACE["xs"])
        row = QHBoxLayout()
        row.setSpacing(2)
        column.addLayout(row)
        self.place = QToolButton()
        self.place.setObjectName("place")
        self.place.setText(_("Contacts"))
        self.place.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        self.place.setLayoutDirection(Qt.LayoutDirection.RightToLeft)
        self.place.setIcon(icon("chevron-down", self._face.quiet, 14))
        self.place.setIconSize(QSize(14, 14))
        self.place.clicked.connect(self._show_menu)
        row.addWidget(self.place)
        row.addStretch(1)
        self.add_button = tool_button("plus", _("New contact"), self._face)
        self.add_button.clicked.connect(self.new_wanted)
        again = tool_button("reload", _("Look again"), self._face)
        again.clicked.connect(self._contacts.refresh)
        row.addWidget(self.add_button)
        row.addWidget(again)
        self.field = QLineEdit()
        self.field.setPlaceholderText(_("Search contacts"))
        self.field.setAccessibleName(_("Search contacts"))
        self.field.setClearButtonEnabled(True)
        self.field.textChanged.connect(lambda _text: self.renew())
        column.addWidget(self.field)
        return head

    def _list(self) -> QListView:
        view = QListView()
        view.setObjectName("mails")
        view.setAccessibleName(_("Contacts"))
        view.setModel(self.model)
        view.setItemDelegate(ContactsDelegate(self._face, self))
        view.setMouseTracking(True)
        view.setUniformItemSizes(True)
        view.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        view.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        view.clicked.connect(self._open)
        view.activated.connect(self._open)
        return view

    def _open(self, index: QModelIndex) -> None:
        contact = index.data(CONTACT)
        if isinstance(contact, Contact):
            self.contact_wanted.emit(contact)

    def _show_menu(self) -> None:
        menu = QMenu(self)
        for account in self._contacts.accounts:
            action = menu.addAction(icon("settings", self._face.quiet, 16), account.title)
            if action is not None:
                action.triggered.connect(
                    lambda _on=False, one=account.account_id: self.settings_wanted.emit(one)
                )
        menu.addSeparator()
        for name, text, act in (
            ("plus", _("Add account…"), self.account_wanted.emit),
            ("download", _("Bring in cards from a file…"), self._ask_bring),
            ("upload", _("Write all cards into a file…"), self._ask_give),
        ):
            action = menu.addAction(icon(name, self._face.quiet, 16), text)
            if action is not None:
                action.triggered.connect(lambda _on=False, do=act: do())
        menu.exec(self.place.mapToGlobal(self.place.rect().bottomLeft()))
        menu.deleteLater()

    def _ask_bring(self) -> None:
        kinds = _("Cards (*.vcf *.vcard)")
        path, _kind = QFileDialog.getOpenFileName(self, _("Bring in cards"), "", kinds)
        if path:
            self.bring(Path(path))

    def bring(self, path: Path) -> None:
        """Puts the cards of a file into the first book that can be written."""
        place = next(self._contacts.writable(), None)
        if place is None:
            self.toast.say(_("There is no address book that can be changed."))
            return
        account, book = place
        self._contacts.bring(account.account_id, book, path, self._brought, self._not_brought)

    def _brought(self, found: Brought) -> None:
        if not (found.added or found.known or found.refused):
            self.toast.say(_("There is no card in this file."))
            return
        words = ngettext("{count} card was added.", "{count} cards were added.", found.added)
        parts = [words.format(count=found.added)]
        if found.known:
            words = ngettext(
                "{count} was there already.", "{count} were there already.", found.known
            )
            parts.append(words.format(count=found.known))
        if found.refused:
            words = ngettext(
                "{count} was refused by the server.",
                "{count} were refused by the server.",
                found.refused,
            )
            parts.append(words.format(count=found.refused))
        self.toast.say(" ".join(parts))

    def _not_brought(self, error: FilesError) -> None:
        self.toast.say(_("Not all of the file could be brought in: {problem}").format(
            problem=_(error.cause.value)
        ))  # fmt: skip

    def _ask_give(self) -> None:
        path, _kind = QFileDialog.getSaveFileName(
            self, _("Write all cards into a file"), "contacts.vcf", _("Cards (*.vcf *.vcard)")
        )
        if path:
            self.give(Path(path))

    def give(self, path: Path) -> None:
        """Writes all cards into a file."""

        def done(count: int) -> None:
            words = ngettext("{count} card was written.", "{count} cards were written.", count)
            self.toast.say(words.format(count=count))

        self._contacts.give(path, done, self.say)


class ContactsModel(QAbstractListModel):
    """Contacts in their order."""

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._contacts: Sequence[Contact] = ()
        self.colours: dict[str, str] = {}

    @property
    def contacts(self) -> Sequence[Contact]:
        """What is listed."""
        return self._contacts

    def show(self, contacts: Sequence[Contact], colours: dict[str, str]) -> None:
        """Lists these, in the colours of their accounts."""
        if (contacts, colours) != (self._contacts, self.colours):
            self.beginResetModel()
            self._contacts, self.colours = contacts, colours
            self.endResetModel()

    def rowCount(self, parent: QModelIndex | None = None) -> int:
        return 0 if parent is not None and parent.isValid() else len(self._contacts)

    def data(self, index: QModelIndex, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        if not 0 <= index.row() < len(self._contacts):
            return None
        contact = self._contacts[index.row()]
        if role == Qt.ItemDataRole.DisplayRole:
            return shown_name(contact.fields)
        return contact if role == CONTACT else None


class ContactsDelegate(QStyledItemDelegate):
    """Paints somebody: a circle with initials, the name, and how to reach them."""

    def __init__(self, face: Face, parent: ContactsList) -> None:
        super().__init__(parent)
        self._face = face
        self._model = parent.model

    def sizeHint(self, _option: QStyleOptionViewItem, _index: QModelIndex) -> QSize:
        return QSize(0, _ROW_HEIGHT)

    def paint(
        self, painter: QPainter | None, option: QStyleOptionViewItem, index: QModelIndex
    ) -> None:
        contact = index.data(CONTACT)
        if painter is None or not isinstance(contact, Contact):
            return
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        place = option.rect.adjusted(4, 1, -4, -1)
        is_chosen = option.state & QStyle.StateFlag.State_Selected
        if is_chosen or option.state & QStyle.StateFlag.State_MouseOver:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(QColor(self._face.field_hover if is_chosen else self._face.field))
            painter.drawRoundedRect(place, 8, 8)
        if option.state & QStyle.StateFlag.State_HasFocus:
            painter.setPen(QColor(self._face.accent))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(place, 8, 8)
        top = place.top() + (place.height() - _SIDE) // 2
        circle = QRect(place.left() + SPACE["s"], top, _SIDE, _SIDE)
        colour = self._model.colours.get(contact.account_id, "teal")
        draw_initials(painter, circle, contact.fields, colour)
        words = place.adjusted(_SIDE + SPACE["s"] + SPACE["m"], 6, -SPACE["s"], -6)
        below = second_line(contact)
        half = words.height() // 2
        upper = QRect(words.left(), words.top(), words.width(), half if below else words.height())
        self._text(painter, upper, shown_name(contact.fields), self._face.text, 13)
        if below:
            lower = QRect(words.left(), words.top() + half, words.width(), half)
            self._text(painter, lower, below, self._face.quiet, 11)
        painter.restore()

    def _text(self, painter: QPainter, place: QRect, text: str, colour: str, size: int) -> None:
        font = QFont(painter.font())
        font.setPixelSize(size)
        font.setWeight(QFont.Weight.Normal)
        painter.setFont(font)
        painter.setPen(QColor(colour))
        shown = painter.fontMetrics().elidedText(text, Qt.TextElideMode.ElideRight, place.width())
        flags = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
        painter.drawText(place, flags, shown)
