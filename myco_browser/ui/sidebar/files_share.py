"""Links by which others can look at a file: until when, and with which password."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PyQt6.QtCore import QDate, QLocale, Qt, QTimer
from PyQt6.QtGui import QGuiApplication
from PyQt6.QtWidgets import (
    QCheckBox,
    QDateEdit,
    QDialog,
    QFrame,
    QHBoxLayout,
    QLineEdit,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from myco_browser.bridge.files import Files, Room
from myco_browser.domain.files import Entry, FilesCause, Share
from myco_browser.files.errors import FilesError
from myco_browser.ui.chrome import tool_button
from myco_browser.ui.i18n import _
from myco_browser.ui.panels import text_label
from myco_browser.ui.theme import SPACE

if TYPE_CHECKING:
    from myco_browser.ui.sidebar.files_browser import FilesBrowser

_USUAL_DAYS = 30


class ShareDialog(QDialog):
    """Makes a link that allows looking only, and copies it."""

    def __init__(self, files: Files, account_id: str, entry: Entry, browser: FilesBrowser) -> None:
        super().__init__(browser)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._face, self._language = browser.face, browser.language
        self._files = files
        self._account_id = account_id
        self._entry = entry
        self.setWindowTitle(_("Share a link"))
        self.setMinimumWidth(360)
        column = QVBoxLayout(self)
        column.setContentsMargins(SPACE["xl"], SPACE["l"], SPACE["xl"], SPACE["l"])
        column.setSpacing(SPACE["s"])
        column.addWidget(text_label(entry.name, "heading"))
        sentence = _("Whoever has the link can look at it and download it, but change nothing.")
        column.addWidget(text_label(sentence, "quiet"))
        self._add_choices(column)
        self._rows = QVBoxLayout()
        self._rows.setSpacing(SPACE["xs"])
        column.addLayout(self._rows)
        self._add_end(column)
        self._look()

    def _add_choices(self, column: QVBoxLayout) -> None:
        self.ends = QCheckBox(_("The link ends on"))
        self.ends.setChecked(True)
        self.day = QDateEdit(QDate.currentDate().addDays(_USUAL_DAYS))
        self.day.setCalendarPopup(True)
        self.day.setLocale(QLocale(self._language))
        self.day.setDisplayFormat("d MMMM yyyy")
        self.day.setMinimumDate(QDate.currentDate().addDays(1))
        self.day.setAccessibleName(_("Last day of the link"))
        self.ends.toggled.connect(self.day.setEnabled)
        row = QHBoxLayout()
        row.addWidget(self.ends)
        row.addWidget(self.day, 1)
        column.addLayout(row)
        self.password = QLineEdit()
        self.password.setPlaceholderText(_("Password for the link; may be empty"))
        self.password.setAccessibleName(_("Password for the link; may be empty"))
        column.addWidget(self.password)

    def _add_end(self, column: QVBoxLayout) -> None:
        self.link = QLineEdit()
        self.link.setReadOnly(True)
        self.link.setAccessibleName(_("The link"))
        self.link.hide()
        column.addWidget(self.link)
        self.note = text_label("", "quiet")
        self.note.hide()
        column.addWidget(self.note)
        buttons = QHBoxLayout()
        buttons.addStretch(1)
        close = QPushButton(_("Close"))
        close.clicked.connect(self.close)
        self.button = QPushButton(_("Make and copy the link"))
        self.button.setObjectName("primary")
        self.button.setDefault(True)
        self.button.clicked.connect(self.submit)
        buttons.addWidget(close)
        buttons.addWidget(self.button)
        column.addLayout(buttons)

    def submit(self) -> None:
        """Asks the server for a link."""
        day = self.day.date().toString("yyyy-MM-dd") if self.ends.isChecked() else ""
        password, path = self.password.text(), self._entry.path

        def make(room: Room) -> Share:
            if room.cloud is None:
                raise FilesError(FilesCause.UNSUPPORTED, "no Nextcloud")
            return room.cloud.share(path, day, password)

        self.button.setEnabled(False)
        self._files.ask(self._account_id, make, self._made, self._failed)

    def _made(self, share: Share) -> None:
        self.link.setText(share.url)
        self.link.show()
        self.link.selectAll()
        _copy(share.url)
        self.button.setEnabled(True)
        self._say(link_words(share, self._language))
        self._look()

    def _failed(self, cause: FilesCause) -> None:
        self.button.setEnabled(True)
        self._say(_(cause.value))

    def _say(self, sentence: str) -> None:
        self.note.setText(sentence)
        self.note.show()
        QTimer.singleShot(0, self._fit)

    def _fit(self) -> None:
        """Grows with what it shows; a dialog that is open does not by itself."""
        if (layout := self.layout()) is not None:
            layout.activate()
            self.resize(self.width(), max(self.height(), layout.totalHeightForWidth(self.width())))

    # The links that there are

    def _look(self) -> None:
        path = self._entry.path

        def find(room: Room) -> tuple[Share, ...]:
            return room.cloud.shares(path) if room.cloud is not None else ()

        self._files.ask(self._account_id, find, self._show_links, lambda _cause: None)

    def _show_links(self, shares: tuple[Share, ...]) -> None:
        while (item := self._rows.takeAt(0)) is not None:
            if (old := item.widget()) is not None:
                old.hide()
                old.deleteLater()
        for share in shares:
            self._rows.addWidget(self._row(share))
        QTimer.singleShot(0, self._fit)

    def _row(self, share: Share) -> QWidget:
        row = QFrame()
        row.setObjectName("file")
        line = QHBoxLayout(row)
        line.setContentsMargins(SPACE["m"], SPACE["xs"], SPACE["xs"], SPACE["xs"])
        line.addWidget(text_label(_facts(share, self._language), "body"), 1)
        for name, text, act in (
            ("copy", _("Copy this link"), lambda: _copy(share.url)),
            ("trash", _("End this link"), lambda: self._end(share)),
        ):
            button = tool_button(name, text, self._face)
            button.clicked.connect(lambda _on=False, do=act: do())
            line.addWidget(button)
        return row

    def _end(self, share: Share) -> None:
        def end(room: Room) -> None:
            if room.cloud is not None:
                room.cloud.unshare(share)

        def ended(_done: None) -> None:
            if self.link.text() == share.url:
                self.link.hide()
                self.note.hide()
            self._look()

        self._files.ask(self._account_id, end, ended, self._failed)


def link_words(share: Share, language: str) -> str:
    """What was copied, in a sentence."""
    if not share.expires:
        return _("The link was copied. Whoever has it can look at it.")
    words = _("The link was copied. It can be looked at until {day}.")
    return words.format(day=day_words(share.expires, language))


def day_words(day: str, language: str) -> str:
    """A day that was written as YYYY-MM-DD."""
    return QLocale(language).toString(QDate.fromString(day, "yyyy-MM-dd"), "d MMM yyyy")


def _facts(share: Share, language: str) -> str:
    until = _("A link until {day}").format(day=day_words(share.expires, language))
    text = until if share.expires else _("A link without end")
    return _("{link}, with a password").format(link=text) if share.has_password else text


def _copy(text: str) -> None:
    if (clipboard := QGuiApplication.clipboard()) is not None:
        clipboard.setText(text)
