"""One contact: what is known, and what can be done."""

from __future__ import annotations

from PyQt6.QtCore import Qt, pyqtSignal
from PyQt6.QtWidgets import (
    QApplication,
    QFrame,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from myco_browser.domain.contacts import Contact, Reach
from myco_browser.services.contacts_accounts import ContactsAccount
from myco_browser.ui.chrome import tool_button
from myco_browser.ui.i18n import _
from myco_browser.ui.panels import text_label
from myco_browser.ui.sidebar.contact_words import initials, kind_name, shown_name
from myco_browser.ui.theme import SPACE, Face


class ContactView(QWidget):
    """`write_wanted` carries an address, `page_wanted` one of the web."""

    back_wanted = pyqtSignal()
    edit_wanted = pyqtSignal()
    delete_wanted = pyqtSignal()
    write_wanted = pyqtSignal(str)
    page_wanted = pyqtSignal(str)

    def __init__(
        self, contact: Contact, account: ContactsAccount, book: str, face: Face, *, may_write: bool
    ) -> None:
        super().__init__()
        self.contact = contact
        self._face = face
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.setSpacing(0)
        outer.addWidget(self._head(may_write))
        area = QScrollArea()
        area.setWidgetResizable(True)
        area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        inner = QWidget()
        self._column = column = QVBoxLayout(inner)
        column.setContentsMargins(SPACE["xl"], SPACE["l"], SPACE["xl"], SPACE["l"])
        column.setSpacing(SPACE["xs"])
        area.setWidget(inner)
        outer.addWidget(area, 1)
        self._add_name(account.colour)
        self._add_rows()
        column.addSpacing(SPACE["l"])
        where = account.title if not book else f"{account.title} · {book}"
        column.addWidget(text_label(where, "small"))
        if not may_write:
            column.addWidget(text_label(_("This address book can only be read."), "small"))
        column.addStretch(1)

    def _head(self, may_write: bool) -> QWidget:
        head = QWidget()
        head.setObjectName("sidehead")
        head.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        row = QHBoxLayout(head)
        row.setContentsMargins(SPACE["s"], SPACE["s"], SPACE["s"], SPACE["s"])
        row.setSpacing(2)
        back = tool_button("back", _("Back to the list"), self._face)
        back.clicked.connect(self.back_wanted)
        self.setFocusProxy(back)
        row.addWidget(back)
        row.addStretch(1)
        for name, text, signal in (
            ("write", _("Change"), self.edit_wanted),
            ("trash", _("Delete"), self.delete_wanted),
        ):
            button = tool_button(name, text, self._face)
            button.setEnabled(may_write)
            button.clicked.connect(signal)
            row.addWidget(button)
        return head

    def _add_name(self, colour: str) -> None:
        fields = self.contact.fields
        row = QHBoxLayout()
        row.setSpacing(SPACE["m"])
        picture = QLabel()
        picture.setPixmap(initials(fields, colour, 52, self.devicePixelRatioF()))
        row.addWidget(picture)
        words = QVBoxLayout()
        words.setSpacing(2)
        words.addStretch(1)
        words.addWidget(text_label(shown_name(fields), "headline"))
        if fields.organisation and fields.organisation != fields.name:
            words.addWidget(text_label(fields.organisation, "quiet"))
        words.addStretch(1)
        row.addLayout(words, 1)
        self._column.addLayout(row)

    def _add_rows(self) -> None:
        fields = self.contact.fields
        for reach in fields.emails:
            self._add(kind_name(reach.kind), reach.value, lambda r=reach: self._write(r))
        for reach in fields.phones:
            self._add(kind_name(reach.kind), reach.value)
        for place in fields.places:
            self._add(kind_name(place.kind), place.value)
        for link in fields.links:
            is_web = link.startswith(("https://", "http://"))
            self._add(_("Web"), link, (lambda u=link: self.page_wanted.emit(u)) if is_web else None)
        if fields.birthday:
            self._add(_("Birthday"), fields.birthday)
        if fields.note:
            self._add(_("Note"), fields.note)

    def _write(self, reach: Reach) -> None:
        self.write_wanted.emit(reach.value)

    def _add(self, title: str, value: str, act: object = None) -> None:
        line = QFrame()
        line.setObjectName("rule")
        self._column.addSpacing(SPACE["s"])
        self._column.addWidget(line)
        self._column.addWidget(text_label(title, "small"))
        row = QHBoxLayout()
        row.setSpacing(SPACE["xs"])
        if callable(act):
            do = act
            button = QPushButton(self._elided(value))
            button.setObjectName("link")
            button.setToolTip(value)
            button.setAccessibleName(value)
            button.clicked.connect(lambda _on=False: do())
            row.addWidget(button, 0, Qt.AlignmentFlag.AlignLeft)
            row.addStretch(1)
        else:
            label = text_label(value, "body")
            label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
            row.addWidget(label, 1)
        copy = tool_button("copy", _("Copy"), self._face, self._face.quiet)
        copy.clicked.connect(lambda: self._copy(value))
        row.addWidget(copy, 0, Qt.AlignmentFlag.AlignTop)
        self._column.addLayout(row)

    def _elided(self, text: str) -> str:
        return self.fontMetrics().elidedText(text, Qt.TextElideMode.ElideMiddle, 230)

    def _copy(self, value: str) -> None:
        if (clipboard := QApplication.clipboard()) is not None:
            clipboard.setText(value)
