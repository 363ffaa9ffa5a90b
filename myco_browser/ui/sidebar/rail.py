"""The rail at the left of everyday windows. What its buttons open is made when it is wanted."""

from __future__ import annotations

from collections.abc import Callable

from PyQt6.QtCore import QRectF, QSize, Qt, pyqtSignal
from PyQt6.QtGui import QColor, QFont, QMouseEvent, QPainter, QPaintEvent
from PyQt6.QtWidgets import QHBoxLayout, QToolButton, QVBoxLayout, QWidget

from myco_browser.ui.i18n import _, ngettext
from myco_browser.ui.icons import icon
from myco_browser.ui.theme import SPACE, Face

RAIL_WIDTH = 44
LEAST_WIDTH, MOST_WIDTH, USUAL_WIDTH = 320, 480, 380
MAIL = "mail"
FILES = "files"
CONTACTS = "contacts"
Make = Callable[[QWidget], QWidget]
"""Makes what a button opens, as a child of the panel."""


class RailButton(QToolButton):
    """A button of the rail with a number on it."""

    def __init__(self, icon_name: str, text: str, face: Face) -> None:
        super().__init__()
        self._face = face
        self._text = text
        self._count = 0
        self.setCheckable(True)
        self.setFixedSize(36, 36)
        self.setIconSize(QSize(20, 20))
        self.setIcon(icon(icon_name, face.on_frame, 20))
        self.setToolTip(text)
        self.setAccessibleName(text)

    @property
    def count(self) -> int:
        """The number that is shown."""
        return self._count

    def show_count(self, count: int) -> None:
        """Shows a number; 0 shows none."""
        if count == self._count:
            return
        self._count = count
        words = ngettext("{count} unread message", "{count} unread messages", count)
        name = f"{self._text} – {words.format(count=count)}" if count else self._text
        self.setToolTip(name)
        self.setAccessibleName(name)
        self.update()

    def paintEvent(self, event: QPaintEvent | None) -> None:
        super().paintEvent(event)
        if not self._count:
            return
        text = str(self._count) if self._count < 100 else "99+"
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        font = QFont(self.font())
        font.setPixelSize(10)
        font.setWeight(QFont.Weight.Bold)
        painter.setFont(font)
        width = max(16.0, painter.fontMetrics().horizontalAdvance(text) + 8.0)
        place = QRectF(self.width() - width - 1, 1, width, 16)
        painter.setPen(QColor(self._face.frame))
        painter.setBrush(QColor(self._face.accent))
        painter.drawRoundedRect(place, 8, 8)
        painter.setPen(QColor(self._face.accent_text))
        painter.drawText(place, Qt.AlignmentFlag.AlignCenter, text)
        painter.end()


class Sidebar(QWidget):
    """The rail and the panel beside it. `shape_changed` carries what is open ("" for nothing)."""

    shape_changed = pyqtSignal(str, int)

    def __init__(self, face: Face, width: int) -> None:
        super().__init__()
        self._face = face
        self._makers: dict[str, Make] = {}
        self._buttons: dict[str, RailButton] = {}
        self._parts: dict[str, QWidget] = {}
        self._open = ""
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(0)
        rail = QWidget()
        rail.setObjectName("rail")
        rail.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        rail.setFixedWidth(RAIL_WIDTH)
        self._column = QVBoxLayout(rail)
        self._column.setContentsMargins(SPACE["xs"], SPACE["s"], 3, SPACE["s"])
        self._column.setSpacing(SPACE["xs"])
        self._column.addStretch(1)
        self._panel = QWidget()
        self._panel.setObjectName("sidepanel")
        self._panel.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._panel.setFixedWidth(width)
        self._panel.hide()
        inside = QVBoxLayout(self._panel)
        inside.setContentsMargins(0, 0, 1, 0)
        row.addWidget(rail)
        row.addWidget(self._panel)
        self._grip = _Grip(self._panel, self._resize)
        self._grip.setParent(self)
        self._grip.hide()

    def add(self, name: str, icon_name: str, text: str, make: Make) -> RailButton:
        """A button that opens what `make` makes."""
        button = RailButton(icon_name, text, self._face)
        button.clicked.connect(lambda: self.toggle(name))
        self._makers[name] = make
        self._buttons[name] = button
        self._column.insertWidget(self._column.count() - 1, button)
        return button

    @property
    def open_name(self) -> str:
        """What is open, "" for nothing."""
        return self._open

    def button(self, name: str) -> RailButton:
        """The button of that name."""
        return self._buttons[name]

    def part(self, name: str) -> QWidget | None:
        """What was made for a button, if it was wanted yet."""
        return self._parts.get(name)

    def toggle(self, name: str) -> None:
        """Opens, or closes what is open."""
        self.show_part("" if self._open == name else name)

    def show_part(self, name: str) -> QWidget | None:
        """Opens what belongs to a button; "" closes."""
        for other, button in self._buttons.items():
            button.setChecked(other == name)
        if name and name not in self._parts:
            self._parts[name] = made = self._makers[name](self._panel)
            if (layout := self._panel.layout()) is not None:
                layout.addWidget(made)
        for other, widget in self._parts.items():
            widget.setVisible(other == name)
        self._open = name
        self._panel.setVisible(bool(name))
        self._grip.setVisible(bool(name))
        self._place_grip()
        self.shape_changed.emit(name, self._panel.width())
        part = self._parts.get(name)
        if part is not None:
            part.setFocus(Qt.FocusReason.OtherFocusReason)
        return part

    def resizeEvent(self, event: object) -> None:
        self._place_grip()

    def _place_grip(self) -> None:
        self._grip.setGeometry(RAIL_WIDTH + self._panel.width() - 5, 0, 5, self.height())
        self._grip.raise_()

    def _resize(self, width: int, done: bool) -> None:
        self._panel.setFixedWidth(max(LEAST_WIDTH, min(MOST_WIDTH, width)))
        self._place_grip()
        if done:
            self.shape_changed.emit(self._open, self._panel.width())


class _Grip(QWidget):
    """The edge with which the panel is made wider."""

    def __init__(self, panel: QWidget, resize: Callable[[int, bool], None]) -> None:
        super().__init__()
        self._panel = panel
        self._resize = resize
        self._from: tuple[float, int] | None = None
        self.setCursor(Qt.CursorShape.SizeHorCursor)
        self.setAccessibleName(_("Width of the sidebar"))

    def mousePressEvent(self, event: QMouseEvent | None) -> None:
        if event is not None:
            self._from = (event.globalPosition().x(), self._panel.width())

    def mouseMoveEvent(self, event: QMouseEvent | None) -> None:
        if event is not None and self._from is not None:
            self._resize(round(self._from[1] + event.globalPosition().x() - self._from[0]), False)

    def mouseReleaseEvent(self, event: QMouseEvent | None) -> None:
        self._from = None
        self._resize(self._panel.width(), True)
