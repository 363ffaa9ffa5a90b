"""The editor of the user's own filters: judged while one types, used as soon as saved."""

from __future__ import annotations

import threading
from pathlib import Path

from PyQt6.QtCore import Qt, QTimer
from PyQt6.QtWidgets import (
    QFileDialog,
    QHBoxLayout,
    QLabel,
    QListWidget,
    QListWidgetItem,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from myco_browser.services.filter_lint import Lint, lint
from myco_browser.services.own_filters import MAX_OWN
from myco_browser.ui.context import Context
from myco_browser.ui.disk_words import unwritten
from myco_browser.ui.filter_causes import reason
from myco_browser.ui.i18n import _, ngettext
from myco_browser.ui.numbered_text import NumberedText
from myco_browser.ui.theme import SPACE

_PAUSE_MS = 300
_MOST_SHOWN = 200
_LINE = Qt.ItemDataRole.UserRole


class FilterEditor(QWidget):
    """The text, what is wrong with it, and what can be done with it."""

    def __init__(self, context: Context) -> None:
        super().__init__()
        self._context = context
        self._own = context.own_filters
        self._saved = self._own.text
        self._turn = 0
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(SPACE["s"])
        self.text = NumberedText(context.face)
        self.text.setAccessibleName(_("My filters"))
        self.text.setPlaceholderText(_("||ads.example.org^\nexample.org##.banner"))
        self.text.setMinimumHeight(220)
        self.text.setPlainText(self._saved)
        self.text.setReadOnly(not self._own.writable)
        column.addWidget(self.text, 1)
        self._status = _quiet()
        column.addWidget(self._status)
        self.findings = QListWidget()
        self.findings.setAccessibleName(_("Lines without effect"))
        self.findings.setWordWrap(True)
        self.findings.setMaximumHeight(120)
        self.findings.itemClicked.connect(self._show_line)
        self.findings.itemActivated.connect(self._show_line)
        column.addWidget(self.findings)
        column.addLayout(self._buttons())
        self._message = _quiet()
        column.addWidget(self._message)
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(_PAUSE_MS)
        self._timer.timeout.connect(self._judge)
        self.text.textChanged.connect(self._changed)
        stop = self._own.observe(self._changed_elsewhere)
        self._there = there = threading.Event()
        there.set()
        self.destroyed.connect(stop)
        self.destroyed.connect(there.clear)
        self._tell_state()
        self._judge()

    def _buttons(self) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setSpacing(SPACE["s"])
        self.save_button = _button(_("Save"), self.save)
        self.save_button.setObjectName("primary")
        self._back = _button(_("Undo changes"), self._undo)
        self._import = _button(_("Import…"), self._choose_import)
        for button in (self.save_button, self._back, self._import):
            row.addWidget(button)
        row.addWidget(_button(_("Export…"), self._choose_export))
        row.addStretch(1)
        return row

    # What the user does

    def save(self) -> None:
        """Write the text; pages loaded from now on obey it."""
        text = self.text.toPlainText()
        self._saved, before = text, self._saved
        try:
            self._own.replace(text)
        except OSError as error:
            self._saved = before
            self._message.setText(
                _("Your filters could not be saved: {error}").format(error=unwritten(error))
            )
            return
        self._message.setText(_("Saved. Pages that you open or reload from now on obey it."))
        self._changed()

    def import_file(self, path: Path) -> None:
        """Add the lines of a file at the end; they count when saved."""
        try:
            content = path.read_bytes()[: MAX_OWN + 1]
            text = content.decode("utf-8-sig")
        except (OSError, UnicodeDecodeError):
            self._message.setText(_("This file cannot be read as text."))
            return
        if len(content) > MAX_OWN:
            self._message.setText(_("This file is too large."))
            return
        self._append(text)
        self._message.setText(_("The lines of the file were added below. Save to use them."))

    def export_file(self, path: Path) -> None:
        """Write the text as it stands into a file."""
        try:
            path.write_text(self.text.toPlainText(), encoding="utf-8", errors="surrogateescape")
        except OSError as error:
            text = _("The file could not be written: {error}")
            self._message.setText(text.format(error=unwritten(error, chosen=True)))
            return
        self._message.setText(_("Exported to {path}.").format(path=path))

    def _undo(self) -> None:
        self.text.setPlainText(self._saved)
        self._message.setText("")

    def _choose_import(self) -> None:
        name, _kind = QFileDialog.getOpenFileName(self, _("Import filters"))
        if name:
            self.import_file(Path(name))

    def _choose_export(self) -> None:
        name, _kind = QFileDialog.getSaveFileName(self, _("Export filters"), "filters.txt")
        if name:
            self.export_file(Path(name))

    def _show_line(self, item: QListWidgetItem) -> None:
        self.text.go_to(int(item.data(_LINE)))

    # What follows

    def _append(self, text: str) -> None:
        before = self.text.toPlainText()
        end = "" if not before or before.endswith("\n") else "\n"
        self.text.setPlainText(before + end + text)

    def _changed(self) -> None:
        self._timer.start()
        self._tell_state()

    def _tell_state(self) -> None:
        dirty = self.text.toPlainText() != self._saved
        self.save_button.setEnabled(dirty and self._own.writable)
        self._back.setEnabled(dirty)
        self._import.setEnabled(self._own.writable)
        if not self._own.writable:
            self._message.setText(_("Filters can only be changed in an ordinary window."))

    def _changed_elsewhere(self) -> None:
        """The element picker added or took a line: what is being typed here stays."""
        text = self._own.text
        if text == self._saved:
            return
        before, self._saved = self._saved, text
        if self.text.toPlainText() == before:
            self.text.setPlainText(text)
        elif text.startswith(before):
            self._append(text[len(before) :].lstrip("\n"))
        else:
            self._message.setText(_("Your filters were changed elsewhere; saving replaces them."))

    def _judge(self) -> None:
        self._turn += 1
        turn, text, there = self._turn, self.text.toPlainText(), self._there

        def show(found: Lint) -> None:
            # The window may have been closed meanwhile.
            if there.is_set() and turn == self._turn:
                self._show(found)

        self._context.beside.compute(lambda: lint(text), show)

    def _show(self, found: Lint) -> None:
        self.text.mark({one.line for one in found.findings})
        self.findings.clear()
        for one in found.findings[:_MOST_SHOWN]:
            words = _("Line {line}: {reason}") if one.line else _("The text: {reason}")
            item = QListWidgetItem(words.format(line=one.line, reason=reason(one)))
            item.setData(_LINE, one.line)
            self.findings.addItem(item)
        self.findings.setVisible(bool(found.findings))
        kept = ngettext("{count} filter has effect.", "{count} filters have effect.", found.kept)
        text = kept.format(count=found.kept)
        count = len(found.findings)
        if count:
            without = ngettext("{count} line has none.", "{count} lines have none.", count)
            text = f"{text} {without.format(count=count)}"
        self._status.setText(text)


def _button(text: str, act: object) -> QPushButton:
    button = QPushButton(text)
    button.setAutoDefault(False)
    if callable(act):
        button.clicked.connect(lambda: act())
    return button


def _quiet() -> QLabel:
    label = QLabel()
    label.setObjectName("quiet")
    label.setWordWrap(True)
    return label
