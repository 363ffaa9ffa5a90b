"""Dialogs that a page asks for (alert, confirm, prompt), inside its own tab.

They cover the tab and nothing else: the user can always switch tabs, close this one, or from the
second dialog on keep the page from asking again. Closing the tab answers "no".
"""

from __future__ import annotations

from PyQt6.QtCore import QEventLoop, Qt, QUrl
from PyQt6.QtGui import QKeyEvent
from PyQt6.QtWidgets import (
    QCheckBox,
    QFrame,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QPushButton,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from myco_browser.domain.lookalikes import shown_host
from myco_browser.ui.i18n import _
from myco_browser.ui.theme import SPACE

_TEXT_SHOWN = 4000


class PageDialog(QWidget):
    """A veil over the tab with one question; `ask` returns when it is answered or closed."""

    def __init__(
        self, tab: QWidget, origin: QUrl, text: str, default: str | None, *, asks: bool, again: bool
    ) -> None:
        super().__init__(tab)
        self._loop = QEventLoop()
        self.accepted = False
        self.silenced = False
        self.setAutoFillBackground(False)
        self.setStyleSheet("PageDialog { background: rgba(0, 0, 0, 90); }")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(SPACE["xl"], SPACE["xl"], SPACE["xl"], SPACE["xl"])
        card = QFrame()
        card.setObjectName("popup")
        card.setMaximumWidth(480)
        column = QVBoxLayout(card)
        column.setContentsMargins(SPACE["l"], SPACE["l"], SPACE["l"], SPACE["l"])
        column.setSpacing(SPACE["m"])
        host = shown_host(origin.host()) or origin.scheme()
        heading = QLabel(_("{host} says").format(host=host))
        heading.setObjectName("strong")
        heading.setTextFormat(Qt.TextFormat.PlainText)
        column.addWidget(heading)
        column.addWidget(_text_area(text))
        self.field: QLineEdit | None = None
        if default is not None:
            self.field = QLineEdit(default)
            self.field.setAccessibleName(_("Your answer"))
            column.addWidget(self.field)
        self._silence = QCheckBox(_("Keep this page from asking again"))
        self._silence.setVisible(again)
        column.addWidget(self._silence)
        column.addLayout(self._buttons(asks))
        outer.addWidget(card, 0, Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignTop)
        self.setAccessibleName(heading.text())
        self.setGeometry(tab.rect())

    def ask(self) -> None:
        """Shows the dialog and waits; the rest of the window stays usable meanwhile."""
        self.show()
        self.raise_()
        (self.field or self._ok).setFocus()
        self._loop.exec()
        self.silenced = self._silence.isChecked()
        self.hide()
        self.deleteLater()

    def close_unanswered(self) -> None:
        """The tab closes or navigates away: nobody will answer."""
        self._loop.quit()

    def keyPressEvent(self, event: QKeyEvent | None) -> None:
        if event is None:
            return
        if event.key() == Qt.Key.Key_Escape:
            self._loop.quit()
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._accept()

    def _buttons(self, asks: bool) -> QHBoxLayout:
        row = QHBoxLayout()
        row.addStretch(1)
        if asks:
            cancel = QPushButton(_("Cancel"))
            cancel.clicked.connect(self._loop.quit)
            row.addWidget(cancel)
        self._ok = QPushButton(_("OK"))
        self._ok.setObjectName("primary")
        self._ok.clicked.connect(self._accept)
        row.addWidget(self._ok)
        return row

    def _accept(self) -> None:
        self.accepted = True
        self._loop.quit()


def _text_area(text: str) -> QScrollArea:
    label = QLabel(text[:_TEXT_SHOWN])
    label.setTextFormat(Qt.TextFormat.PlainText)
    label.setWordWrap(True)
    label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
    area = QScrollArea()
    area.setWidget(label)
    area.setWidgetResizable(True)
    label.ensurePolished()
    area.setFixedHeight(min(label.heightForWidth(440) + 8, 220))
    area.setMinimumWidth(440)
    return area
