"""A line above the page: a pop-up was blocked, a permission is asked, a download is done."""

from __future__ import annotations

from PyQt6.QtCore import Qt, pyqtSignal
from PyQt6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QToolButton, QWidget

from myco_browser.ui.i18n import _
from myco_browser.ui.icons import icon, pixmap
from myco_browser.ui.interstitial import Choice
from myco_browser.ui.theme import SPACE, Face


class NoticeBar(QFrame):
    """One notice with its choices; closing it counts as "not now"."""

    dismissed = pyqtSignal()

    def __init__(
        self,
        icon_name: str,
        text: str,
        choices: tuple[Choice, ...],
        face: Face,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.setObjectName("notice")
        self.setAccessibleName(text)
        row = QHBoxLayout(self)
        row.setContentsMargins(SPACE["m"], SPACE["xs"], SPACE["s"], SPACE["xs"])
        row.setSpacing(SPACE["s"])
        picture = QLabel()
        picture.setPixmap(pixmap(icon_name, face.accent, 18, self.devicePixelRatioF()))
        row.addWidget(picture)
        label = QLabel(text)
        label.setTextFormat(Qt.TextFormat.PlainText)
        label.setWordWrap(True)
        row.addWidget(label, 1)
        for choice in choices:
            button = QPushButton(choice.label)
            button.clicked.connect(lambda _checked=False, act=choice.act: self._choose(act))
            row.addWidget(button)
        close = QToolButton()
        close.setIcon(icon("close", face.quiet))
        close.setToolTip(_("Dismiss"))
        close.setAccessibleName(_("Dismiss"))
        close.clicked.connect(self.dismiss)
        row.addWidget(close, 0, Qt.AlignmentFlag.AlignTop)

    def _choose(self, act: object) -> None:
        if callable(act):
            act()
        self.hide()
        self.deleteLater()

    def dismiss(self) -> None:
        """Goes away unanswered."""
        self.dismissed.emit()
        self.hide()
        self.deleteLater()
