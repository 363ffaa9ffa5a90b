"""Clears what was kept of browsing: which things, and of which time."""

from __future__ import annotations

import time

from PyQt6.QtCore import Qt
from PyQt6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QDialog,
    QDialogButtonBox,
    QLabel,
    QVBoxLayout,
    QWidget,
)

from myco_browser.ui.context import Context, Forgotten
from myco_browser.ui.i18n import _
from myco_browser.ui.theme import SPACE

_HOUR = 3600


class ClearDataDialog(QDialog):
    """Asks once, then clears."""

    def __init__(self, context: Context, parent: QWidget | None) -> None:
        super().__init__(parent)
        self._context = context
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(_("Clear data"))
        column = QVBoxLayout(self)
        column.setContentsMargins(SPACE["xl"], SPACE["xl"], SPACE["xl"], SPACE["l"])
        column.setSpacing(SPACE["m"])
        self._history = _box(_("History"), True)
        self._range = QComboBox()
        self._range.setAccessibleName(_("History of"))
        for text, seconds in (
            (_("the last hour"), _HOUR),
            (_("the last day"), 24 * _HOUR),
            (_("the last week"), 7 * 24 * _HOUR),
            (_("the last four weeks"), 28 * 24 * _HOUR),
            (_("all time"), 0),
        ):
            self._range.addItem(text, seconds)
        self._range.setCurrentIndex(self._range.count() - 1)
        self._history.toggled.connect(self._range.setEnabled)
        self._stored = _box(_("Cookies and what sites stored: you are logged out everywhere"), True)
        self._cache = _box(_("Files of pages kept to load faster"), True)
        self._sites = _box(_("Choices for sites: permissions, zoom, blocking"), False)
        for widget in (self._history, self._range, self._stored, self._cache, self._sites):
            column.addWidget(widget)
        self._note = note = QLabel(
            _("Cookies and files are cleared for all time, whatever the time above.")
        )
        note.setObjectName("quiet")
        note.setWordWrap(True)
        column.addWidget(note)
        buttons = QDialogButtonBox()
        clear = buttons.addButton(_("Clear"), QDialogButtonBox.ButtonRole.AcceptRole)
        buttons.addButton(_("Cancel"), QDialogButtonBox.ButtonRole.RejectRole)
        if clear is not None:
            clear.setObjectName("primary")
        buttons.accepted.connect(self._clear)
        buttons.rejected.connect(self.reject)
        column.addWidget(buttons)

    def _clear(self) -> None:
        seconds = int(self._range.currentData())
        since = int(time.time()) - seconds if seconds else 0
        cause = self._context.forgetting.forget(
            Forgotten(
                history_since=since if self._history.isChecked() else None,
                stored=self._stored.isChecked(),
                cache=self._cache.isChecked(),
                sites=self._sites.isChecked(),
            )
        )
        if cause:
            self._note.setText(_("Not everything could be forgotten: {cause}").format(cause=cause))
        else:
            self.accept()


def _box(text: str, on: bool) -> QCheckBox:
    box = QCheckBox(text)
    box.setChecked(on)
    return box
