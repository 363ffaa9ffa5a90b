"""The strip of tabs: reorder by dragging, tear off, pin, mute, close; the usual mouse and wheel."""

from __future__ import annotations

from functools import cache

from PyQt6.QtCore import QPoint, QRect, QSize, Qt, pyqtSignal
from PyQt6.QtGui import (
    QIcon,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPixmap,
    QWheelEvent,
)
from PyQt6.QtWidgets import QHBoxLayout, QSizePolicy, QTabBar, QToolButton, QWidget

from myco_browser.ui.i18n import _
from myco_browser.ui.icons import icon
from myco_browser.ui.tab_face import TabFace, paint_spinner
from myco_browser.ui.theme import Face

_WIDEST = 230
_NARROWEST = 76
_PINNED = 42
# How far the pointer must leave the strip before a dragged tab becomes a window of its own.
_TEAR_DISTANCE = 60
_LEFT = QTabBar.ButtonPosition.LeftSide
_RIGHT = QTabBar.ButtonPosition.RightSide
# Between the tab's right edge, its buttons and its title.
_PADDING = 14


class TabStrip(QTabBar):
    """Shows tabs; what they are is the window's business, told by index."""

    close_wanted = pyqtSignal(int)
    mute_wanted = pyqtSignal(int)
    menu_wanted = pyqtSignal(int, QPoint)
    tear_wanted = pyqtSignal(int, QPoint)
    new_tab_wanted = pyqtSignal()

    def __init__(self, face: Face, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._face = face
        self._pinned: set[int] = set()
        self._loading: set[int] = set()
        self._angle = 0
        self._press: QPoint | None = None
        self._wheel = 0
        self.setObjectName("tabs")
        self.setAccessibleName(_("Tabs"))
        self.setMovable(True)
        self.setExpanding(False)
        self.setDrawBase(False)
        self.setUsesScrollButtons(True)
        self.setElideMode(Qt.TextElideMode.ElideRight)
        self.setIconSize(QSize(16, 16))
        self.setSelectionBehaviorOnRemove(QTabBar.SelectionBehavior.SelectRightTab)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self.customContextMenuRequested.connect(self._on_menu)

    def show_tab(
        self, index: int, title: str, tab_icon: QIcon, *, pinned: bool, loading: bool, sound: str
    ) -> None:
        """Shows the state of a tab. `sound` is "", "audible" or "muted"."""
        (self._pinned.add if pinned else self._pinned.discard)(index)
        (self._loading.add if loading else self._loading.discard)(index)
        self.setTabToolTip(index, title)
        # The bar's own text is empty, so the tab's name is told here.
        self.setAccessibleTabName(index, title)
        if pinned:
            self.setTabIcon(index, _blank_icon() if loading else tab_icon)
            self._clear_buttons(index)
            return
        self.setTabIcon(index, QIcon())
        face = self._face_of(index)
        face.show_state(title, tab_icon, loading=loading)
        self._show_buttons(index, sound)
        self._fit(index)

    def forget_marks(self) -> None:
        """Indexes changed: the window shows every tab anew."""
        self._pinned.clear()
        self._loading.clear()

    def spin(self) -> bool:
        """Turns the spinners one step; False when nothing is loading."""
        if self._loading:
            self._angle = (self._angle + 30) % 360
            for index in self._loading:
                if index in self._pinned:
                    self.update(self.tabRect(index))
                else:
                    self._face_of(index).turn(self._angle)
        return bool(self._loading)

    def tabSizeHint(self, index: int) -> QSize:
        if index in self._pinned:
            return QSize(_PINNED, 39)
        window = self.parentWidget()
        room = (window.width() if window else 800) - 96 - _PINNED * len(self._pinned)
        shared = room // max(1, self.count() - len(self._pinned))
        return QSize(max(_NARROWEST, min(_WIDEST, shared)), 39)

    def minimumTabSizeHint(self, index: int) -> QSize:
        return self.tabSizeHint(index)

    def relayout(self) -> None:
        """Takes new widths, after the window or the number of tabs changed."""
        # Setting the icon size is what makes the bar ask for its hints again.
        self.setIconSize(QSize(16, 17 if self.iconSize().height() == 16 else 16))

    # Mouse

    def mousePressEvent(self, event: QMouseEvent | None) -> None:
        if event is None:
            return
        self._press = event.position().toPoint()
        if event.button() == Qt.MouseButton.MiddleButton:
            return
        super().mousePressEvent(event)

    def mouseReleaseEvent(self, event: QMouseEvent | None) -> None:
        if event is None:
            return
        at = event.position().toPoint()
        index = self.tabAt(at)
        if event.button() == Qt.MouseButton.MiddleButton:
            pressed = self.tabAt(self._press) if self._press is not None else -1
            if index >= 0 and index == pressed:
                self.close_wanted.emit(index)
            return
        super().mouseReleaseEvent(event)
        self._press = None

    def mouseMoveEvent(self, event: QMouseEvent | None) -> None:
        if event is None:
            return
        at = event.position().toPoint()
        away = max(-at.y(), at.y() - self.height())
        if (
            self._press is not None
            and event.buttons() & Qt.MouseButton.LeftButton
            and away > _TEAR_DISTANCE
        ):
            self._press = None
            index = self.currentIndex()
            # End Qt's own drag before the tab is taken away under it.
            release = QMouseEvent(
                QMouseEvent.Type.MouseButtonRelease, event.position(), event.globalPosition(),
                Qt.MouseButton.LeftButton, Qt.MouseButton.NoButton, event.modifiers(),
            )  # fmt: skip
            super().mouseReleaseEvent(release)
            self.tear_wanted.emit(index, event.globalPosition().toPoint())
            return
        super().mouseMoveEvent(event)

    def mouseDoubleClickEvent(self, event: QMouseEvent | None) -> None:
        if event is not None and self.tabAt(event.position().toPoint()) < 0:
            self.new_tab_wanted.emit()

    def wheelEvent(self, event: QWheelEvent | None) -> None:
        if event is None or self.count() == 0:
            return
        self._wheel += event.angleDelta().y() or event.angleDelta().x()
        if abs(self._wheel) >= 120:
            step = -1 if self._wheel > 0 else 1
            self._wheel = 0
            self.setCurrentIndex(max(0, min(self.count() - 1, self.currentIndex() + step)))
        event.accept()

    def paintEvent(self, event: QPaintEvent | None) -> None:
        super().paintEvent(event)
        painter = QPainter(self)
        for index in self._loading & self._pinned:
            rect = self.tabRect(index)
            if rect.isValid():
                place = QRect(rect.center().x() - 8, rect.center().y() - 8, 16, 16)
                paint_spinner(painter, place, self._angle, self._face)

    def tabLayoutChange(self) -> None:
        super().tabLayoutChange()
        for index in range(self.count()):
            self._fit(index)

    def _fit(self, index: int) -> None:
        left = self.tabButton(index, _LEFT)
        if isinstance(left, TabFace):
            right = self.tabButton(index, _RIGHT)
            taken = right.sizeHint().width() if right is not None else 0
            left.set_width(self.tabRect(index).width() - taken - _PADDING)

    def _face_of(self, index: int) -> TabFace:
        face = self.tabButton(index, _LEFT)
        if not isinstance(face, TabFace):
            face = TabFace(self._face, self)
            self.setTabButton(index, _LEFT, face)
        return face

    def _clear_buttons(self, index: int) -> None:
        for side in (_LEFT, _RIGHT):
            if self.tabButton(index, side) is not None:
                self.setTabButton(index, side, None)

    def _show_buttons(self, index: int, sound: str) -> None:
        """The buttons at the right: the sound's, if there is any, and the one that closes."""
        current = self.tabButton(index, _RIGHT)
        if current is not None and current.property("sound") == sound:
            return
        buttons = QWidget(self)
        buttons.setProperty("sound", sound)
        row = QHBoxLayout(buttons)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(0)
        if sound:
            row.addWidget(self._sound_button(sound, buttons))
        row.addWidget(self._close_button(buttons))
        self.setTabButton(index, _RIGHT, buttons)

    def _close_button(self, buttons: QWidget) -> QToolButton:
        button = self._small_button("close", self._face.quiet, _("Close tab"), buttons)
        button.clicked.connect(lambda: self.close_wanted.emit(self._index_of(buttons)))
        return button

    def _sound_button(self, sound: str, buttons: QWidget) -> QToolButton:
        audible = sound == "audible"
        name = "speaker" if audible else "speaker-off"
        text = _("Mute tab") if audible else _("Unmute tab")
        button = self._small_button(name, self._face.accent, text, buttons)
        button.clicked.connect(lambda: self.mute_wanted.emit(self._index_of(buttons)))
        return button

    def _small_button(self, name: str, colour: str, text: str, parent: QWidget) -> QToolButton:
        button = QToolButton(parent)
        button.setObjectName("tabclose")
        button.setIcon(icon(name, colour, 14))
        button.setIconSize(QSize(14, 14))
        button.setToolTip(text)
        button.setAccessibleName(text)
        button.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        return button

    def _index_of(self, buttons: QWidget) -> int:
        return next((i for i in range(self.count()) if self.tabButton(i, _RIGHT) is buttons), -1)

    def _on_menu(self, at: QPoint) -> None:
        self.menu_wanted.emit(self.tabAt(at), self.mapToGlobal(at))


@cache
def _blank_icon() -> QIcon:
    """Keeps the title in its place while the spinner is painted over it."""
    blank = QPixmap(16, 16)
    blank.fill(Qt.GlobalColor.transparent)
    return QIcon(blank)
