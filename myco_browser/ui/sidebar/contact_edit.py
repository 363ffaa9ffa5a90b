"""A page on which a contact is written or changed."""

from __future__ import annotations

import re
from collections.abc import Sequence

from PyQt6.QtCore import Qt, pyqtSignal
from PyQt6.QtWidgets import (
    QComboBox,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QPlainTextEdit,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from myco_browser.domain.contacts import Fields, Reach
from myco_browser.services.contacts_work import new_uid
from myco_browser.ui.chrome import tool_button
from myco_browser.ui.i18n import _
from myco_browser.ui.panels import text_label
from myco_browser.ui.sidebar.contact_words import KINDS_OF_MAIL, KINDS_OF_PHONE, kind_name
from myco_browser.ui.sidebar.form import Report, add_field, chain, scrolling_column
from myco_browser.ui.theme import SPACE, Face

_DATE = re.compile(r"(\d{4}|-)-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])")
_LONGEST_NOTE = 20_000


class ContactEdit(QWidget):
    """`kept` carries the fields, when the user is done."""

    kept = pyqtSignal(object)
    cancelled = pyqtSignal()

    def __init__(self, fields: Fields, face: Face, places: Sequence[str] = ()) -> None:
        """`places`: the address books that somebody new can be put into."""
        super().__init__()
        self.uid = new_uid()
        """The same for each try to put somebody new on the server."""
        self._before = fields
        self._column = column = scrolling_column(self)
        column.setContentsMargins(SPACE["xl"], SPACE["l"], SPACE["xl"], SPACE["l"])
        column.setSpacing(SPACE["xs"])
        title = _("New contact") if places else _("Change contact")
        column.addWidget(text_label(title, "headline"))
        self.place = QComboBox()
        self._add_places(places)
        self.given = self._field(_("First name"), fields.given)
        self.family = self._field(_("Last name"), fields.family)
        self.organisation = self._field(_("Organisation"), fields.organisation)
        self.emails = Reaches(_("Mail addresses"), _("Add a mail address"), KINDS_OF_MAIL, face)
        self.phones = Reaches(_("Phone numbers"), _("Add a number"), KINDS_OF_PHONE, face)
        for rows, known in ((self.emails, fields.emails), (self.phones, fields.phones)):
            column.addWidget(rows)
            rows.fill(known)
        self.birthday = self._field(_("Birthday"), fields.birthday)
        self.birthday.setPlaceholderText(_("Year-month-day: 1985-04-12"))
        self._add_note(fields.note)
        self.report = Report(face)
        column.addWidget(self.report)
        self._add_buttons()
        column.addStretch(1)
        self.setFocusProxy(self.given)

    def fields(self) -> Fields:
        """What was typed."""
        return self._before._replace(
            given=" ".join(self.given.text().split()),
            family=" ".join(self.family.text().split()),
            organisation=self.organisation.text().strip(),
            emails=self.emails.reaches(),
            phones=self.phones.reaches(),
            birthday=self.birthday.text().strip(),
            note=self.note.toPlainText()[:_LONGEST_NOTE].rstrip()
            if self.note.toPlainText() != self._before.note
            else self._before.note,
        )

    def submit(self) -> None:
        """Checks it and gives it on."""
        fields = self.fields()
        if not fields._replace(shown="").name:
            self.fail(_("A name or an address is needed."))
            self.given.setFocus()
        elif fields.birthday != self._before.birthday and not _is_date(fields.birthday):
            self.fail(_("The birthday is to be written like 1985-04-12."))
            self.birthday.setFocus()
        else:
            self.report.problem.hide()
            self.button.setEnabled(False)
            self.kept.emit(fields)

    def fail(self, text: str) -> None:
        """What was typed stays; tells why it was not kept."""
        self.button.setEnabled(True)
        self.report.fail(text)

    def _field(self, title: str, text: str) -> QLineEdit:
        field = add_field(self._column, title, self.submit)
        field.setText(text)
        return field

    def _add_places(self, places: Sequence[str]) -> None:
        if len(places) < 2:
            return
        label = QLabel(_("Address book"))
        label.setObjectName("strong")
        label.setBuddy(self.place)
        self.place.setAccessibleName(_("Address book"))
        self.place.addItems(list(places))
        self._column.addSpacing(SPACE["s"])
        self._column.addWidget(label)
        self._column.addWidget(self.place)

    def _add_note(self, text: str) -> None:
        label = QLabel(_("Note"))
        label.setObjectName("strong")
        self.note = QPlainTextEdit(text)
        self.note.setFixedHeight(80)
        self.note.setTabChangesFocus(True)
        self.note.setAccessibleName(_("Note"))
        label.setBuddy(self.note)
        self._column.addSpacing(SPACE["s"])
        self._column.addWidget(label)
        self._column.addWidget(self.note)

    def _add_buttons(self) -> None:
        self._column.addSpacing(SPACE["m"])
        row = QHBoxLayout()
        self.button = QPushButton(_("Keep"))
        self.button.setObjectName("primary")
        self.button.clicked.connect(self.submit)
        cancel = QPushButton(_("Cancel"))
        cancel.clicked.connect(self.cancelled)
        row.addWidget(self.button)
        row.addWidget(cancel)
        row.addStretch(1)
        self._column.addLayout(row)


class Reaches(QWidget):
    """Rows of mail addresses or numbers."""

    def __init__(self, title: str, more: str, kinds: Sequence[str], face: Face) -> None:
        super().__init__()
        self._title = title
        self._kinds = kinds
        self._face = face
        self._rows: list[_Row] = []
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, SPACE["s"], 0, 0)
        self._column.setSpacing(SPACE["xs"])
        label = QLabel(title)
        label.setObjectName("strong")
        self._column.addWidget(label)
        self._add = add = QPushButton(more)
        add.setObjectName("link")
        add.clicked.connect(lambda: self.add(Reach("", "")).field.setFocus())
        self._column.addWidget(add, 0, Qt.AlignmentFlag.AlignLeft)

    def fill(self, reaches: Sequence[Reach]) -> None:
        """Shows these; an empty row where there is none."""
        for reach in reaches or (Reach("", ""),):
            self.add(reach)

    def add(self, reach: Reach) -> _Row:
        """One row more."""
        row = _Row(reach, self._kinds, self._title, self._face)
        row.gone.clicked.connect(lambda: self._remove(row))
        self._column.insertWidget(self._column.count() - 1, row)
        before = [self._rows[-1].gone] if self._rows else []
        chain(*before, row.field, row.choice, row.gone, self._add)
        self._rows.append(row)
        return row

    def reaches(self) -> tuple[Reach, ...]:
        """What stands in the rows that are not empty."""
        found = (Reach(row.kind, " ".join(row.field.text().split())) for row in self._rows)
        return tuple(one for one in found if one.value)

    def _remove(self, row: _Row) -> None:
        self._rows.remove(row)
        self._column.removeWidget(row)
        row.deleteLater()


class _Row(QWidget):
    def __init__(self, reach: Reach, kinds: Sequence[str], title: str, face: Face) -> None:
        super().__init__()
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(SPACE["xs"])
        self.field = QLineEdit(reach.value)
        self.field.setAccessibleName(title)
        self.choice = QComboBox()
        self.choice.setAccessibleName(_("Kind"))
        for kind in kinds:
            self.choice.addItem(kind_name(kind), kind)
        if reach.kind not in kinds:
            self.choice.addItem(kind_name(reach.kind), reach.kind)
        self.choice.setCurrentIndex(self.choice.findData(reach.kind))
        self.gone = tool_button("close", _("Take it away"), face, face.quiet)
        row.addWidget(self.field, 1)
        row.addWidget(self.choice)
        row.addWidget(self.gone)

    @property
    def kind(self) -> str:
        """What it is for."""
        return str(self.choice.currentData())


def _is_date(text: str) -> bool:
    return not text or _DATE.fullmatch(text) is not None
