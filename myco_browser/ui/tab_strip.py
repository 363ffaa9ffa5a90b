"""The strip of tabs: reorder by dragging, tear off, pin, mute, close; the usual mouse and wheel.

What a tab shows is kept as its data in the bar, which moves with it. Only tabs that come into sight
get widgets: of a thousand tabs a window shows a dozen.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable
from functools import cache
from typing import NamedTuple

from PyQt6.QtCore import QPoint, QRect, QSize, Qt, pyqtSignal
from PyQt6.QtGui import (
    QIcon,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPixmap,
    QWheelEvent,
)
from PyQt6.QtWidgets import (
    QHBoxLayout,
    QSizePolicy,
    QStyle,
    QStyleOptionTab,
    QStylePainter,
    QTabBar,
    QToolButton,
    QWidget,
)

from myco_browser.ui.i18n import _
from myco_browser.ui.icons import icon
from myco_browser.ui.tab_face import TabFace, paint_face, paint_spinner
from myco_browser.ui.theme import Face

_WIDEST = 230
_NARROWEST = 104
_PINNED = 42
_HEIGHT = 39
# How far the pointer must leave the strip before a dragged tab becomes a window of its own.
_TEAR_DISTANCE = 60
_LEFT = QTabBar.ButtonPosition.LeftSide
_RIGHT = QTabBar.ButtonPosition.RightSide
# Between the tab's right edge, its buttons and its title.
_PADDING = 14
_MARGIN, _TOP = 3, 7
_TABS_A_NOTCH = 3
# From so many tabs on, the bar's own painting takes longer than a frame may.
_MANY = 100


class Look(NamedTuple):
    """What a tab shows. `sound` is "", "audible" or "muted"."""

    title: str
    pinned: bool = False
    loading: bool = False
    sound: str = ""


class TabStrip(QTabBar):
    """Shows tabs; what they are is the window's business, told by index."""

    close_wanted = pyqtSignal(int)
    mute_wanted = pyqtSignal(int)
    menu_wanted = pyqtSignal(int, QPoint)
    tear_wanted = pyqtSignal(int, QPoint)
    new_tab_wanted = pyqtSignal()
    overflowed = pyqtSignal(bool)  # whether there are more tabs than can be seen

    def __init__(self, face: Face, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._face = face
        self._pinned = 0
        self._room = (0, 0, 0)
        self._size, self._pinned_size = QSize(_WIDEST, _HEIGHT), QSize(_PINNED, _HEIGHT)
        self._dressing = False
        self._angle = 0
        self.picture_of: Callable[[int], QIcon] = lambda _index: QIcon()
        """The picture of a tab, asked for when it comes into sight."""
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
        self.currentChanged.connect(lambda _index: self._dress_all_in_sight())

    def show_tab(self, index: int, look: Look) -> None:
        """Shows the state of a tab."""
        before = self._look(index)
        self.setTabData(index, look)
        self._pinned += look.pinned - (before is not None and before.pinned)
        if before is None or look.title != before.title:
            self.setTabToolTip(index, look.title)
            # The bar's own text is empty, so the tab's name is told here.
            self.setAccessibleTabName(index, look.title)
        if look.pinned:
            self.setTabIcon(index, _blank_icon() if look.loading else self.picture_of(index))
            self._clear_buttons(index)
        elif before is not None and before.pinned:
            self.setTabIcon(index, QIcon())
        if self.tabButton(index, _LEFT) is not None:
            self._dress(index)
        elif index in self._in_sight():
            self._dress_all_in_sight()
            self.update(self.tabRect(index))

    def spin(self) -> bool:
        """Turns the spinners one step; False when nothing is loading."""
        looks = [self._look(index) for index in range(self.count())]
        if not any(look is not None and look.loading for look in looks):
            return False
        self._angle = (self._angle + 30) % 360
        for index in self._in_sight():
            face = self.tabButton(index, _LEFT)
            if isinstance(face, TabFace):
                face.turn(self._angle)
            else:
                self.update(self.tabRect(index))
        return True

    def tabSizeHint(self, index: int) -> QSize:
        # Asked for every tab at each layout: pinned ones come first, all others are alike.
        if not self._dressing:
            self._measure()
        return self._size if index >= self._pinned else self._pinned_size

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
            if self._needs_scrolling():
                self._scroll(step)
            else:
                self.setCurrentIndex(max(0, min(self.count() - 1, self.currentIndex() + step)))
        event.accept()

    def _scroll(self, step: int) -> None:
        """Moves the strip, and not the tab in front: each tab on the way would wake."""
        name = "ScrollRightButton" if step > 0 else "ScrollLeftButton"
        if (button := self.findChild(QToolButton, name)) is not None:
            for _again in range(_TABS_A_NOTCH):
                button.click()

    def paintEvent(self, event: QPaintEvent | None) -> None:
        if self.count() < _MANY:
            super().paintEvent(event)
        else:
            self._paint_shapes()
        painter = QPainter(self)
        for index in self._in_sight():
            look = self._look(index)
            if look is None:
                continue
            if not look.pinned and self.tabButton(index, _LEFT) is None:
                # Scrolled to. A widget given to the bar would scroll it back to the tab in front.
                rect = self.tabRect(index).adjusted(_MARGIN, _TOP, -_PADDING, -_TOP)
                paint_face(painter, rect, look.title, self.picture_of(index), self._face, self)
            elif look.pinned and look.loading:
                rect = self.tabRect(index)
                place = QRect(rect.center().x() - 8, rect.center().y() - 8, 16, 16)
                paint_spinner(painter, place, self._angle, self._face)

    def _paint_shapes(self) -> None:
        """What the bar itself paints, without looking at each tab that is out of sight."""
        painter = QStylePainter(self)
        current = self.currentIndex()
        for index in sorted(self._in_sight(), key=lambda index: index == current):
            option = QStyleOptionTab()
            self.initStyleOption(option, index)
            painter.drawControl(QStyle.ControlElement.CE_TabBarTab, option)

    def tabLayoutChange(self) -> None:
        super().tabLayoutChange()
        if not self._dressing:
            self.overflowed.emit(self._needs_scrolling())
            self._dress_all_in_sight()

    def tabRemoved(self, index: int) -> None:
        super().tabRemoved(index)
        looks = [self._look(number) for number in range(self.count())]
        self._pinned = sum(1 for look in looks if look is not None and look.pinned)

    def _needs_scrolling(self) -> bool:
        count = self.count()
        return count > 0 and self.tabRect(count - 1).right() - self.tabRect(0).left() > self.width()

    def _measure(self) -> None:
        window = self.parentWidget()
        room = (window.width() if window else 800, self.count(), self._pinned)
        if room != self._room:
            self._room = room
            shared = (room[0] - 96 - _PINNED * room[2]) // max(1, room[1] - room[2])
            self._size = QSize(max(_NARROWEST, min(_WIDEST, shared)), _HEIGHT)

    def _look(self, index: int) -> Look | None:
        look = self.tabData(index)
        return look if isinstance(look, Look) else None

    def _in_sight(self) -> range:
        """The tabs that can be seen, at least in part; none before the strip is laid out."""
        count, width = self.count(), self.width()
        if not self.isVisible():
            return range(0)
        first = bisect_right(range(count), 0, key=lambda index: self.tabRect(index).right())
        last = bisect_right(range(count), width, key=lambda index: self.tabRect(index).left())
        return range(first, last)

    def _dress_all_in_sight(self) -> None:
        rect = self.tabRect(self.currentIndex())
        if rect.left() < 0 or rect.right() > self.width():
            return  # the strip was scrolled away from the tab in front, and stays there
        for index in self._in_sight():
            self._dress(index)

    def _dress(self, index: int) -> None:
        """Gives a tab in sight the widgets that show it."""
        look = self._look(index)
        if look is None or look.pinned:
            return
        picture = self.picture_of(index)
        # Each widget makes the bar lay itself out, and then ask for this again.
        self._dressing = True
        face = self.tabButton(index, _LEFT)
        if not isinstance(face, TabFace):
            face = TabFace(self._face, self)
            self.setTabButton(index, _LEFT, face)
        face.show_state(look.title, picture, loading=look.loading)
        self._show_buttons(index, look.sound)
        self._dressing = False
        right = self.tabButton(index, _RIGHT)
        taken = right.sizeHint().width() if right is not None else 0
        face.set_width(self.tabRect(index).width() - taken - _PADDING)

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
