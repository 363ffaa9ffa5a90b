"""The one field for address and search, with the site chip at its left and the shield at its right.

While it is not edited it shows the address so that the place is plain: the registrable domain
stands out, everything else is quiet. Editing shows the whole address.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from PyQt6.QtCore import QRect, QSize, Qt, QUrl, pyqtBoundSignal, pyqtSignal
from PyQt6.QtGui import (
    QColor,
    QContextMenuEvent,
    QFocusEvent,
    QFontMetrics,
    QGuiApplication,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
)
from PyQt6.QtWidgets import QHBoxLayout, QLineEdit, QMenu, QToolButton, QWidget

from myco_browser.domain.omnibox import clean_input
from myco_browser.domain.urls import ShownUrl, SiteKind, show_url
from myco_browser.services.completion import CompletionRow, OpenTab
from myco_browser.ui.context import Context
from myco_browser.ui.dressing import set_property
from myco_browser.ui.i18n import _, ngettext
from myco_browser.ui.icons import icon
from myco_browser.ui.level_chip import LevelChip
from myco_browser.ui.theme import SPACE
from myco_browser.web.requests import encoded
from myco_browser.web.schemes import START_PAGE

if TYPE_CHECKING:
    from myco_browser.ui.completion_popup import CompletionPopup


class AddressField(QLineEdit):
    """The editable part."""

    chosen = pyqtSignal(str, bool)  # text, in a new tab
    row_chosen = pyqtSignal(object, bool)  # a CompletionRow, in a new tab
    left = pyqtSignal()

    def __init__(self, context: Context, parent: QWidget) -> None:
        super().__init__(parent)
        self._context = context
        self._face = context.face
        self.open_tabs: Callable[[], list[OpenTab]] = list
        self._popup: CompletionPopup | None = None
        self._display: ShownUrl | None = None
        self._full = ""
        self._select_on_release = False
        self._typed = ""
        self._inline = ""
        self._inline_url = ""
        self.setAccessibleName(_("Address and search"))
        self.setPlaceholderText(_("Search or type an address"))
        self.setFrame(False)
        self.setMaxLength(70_000)
        self.textEdited.connect(self._on_edited)

    def show_address(self, display: ShownUrl, full: str) -> None:
        """Shows an address, `full` when it is edited; an edit under way is kept."""
        self._display = display
        self._full = full
        if not self.isModified() or not self.hasFocus():
            self.setText(full)
            self.setModified(False)
            self.setCursorPosition(0)
        self.update()

    def revert(self) -> None:
        """Forgets the edit."""
        self.hide_popup()
        self.setText(self._full)
        self.setModified(False)

    def hide_popup(self) -> None:
        """Takes the suggestions away."""
        if self._popup is not None:
            self._popup.hide()

    def insert_and_go(self) -> None:
        """Goes to what the clipboard holds."""
        clipboard = QGuiApplication.clipboard()
        text = clean_input(clipboard.text()[:70_000]) if clipboard is not None else ""
        if text:
            self.setText(text)
            self.setModified(True)
            self.chosen.emit(text, False)

    # Events

    def keyPressEvent(self, event: QKeyEvent | None) -> None:
        if event is None:
            return
        key, modifiers = event.key(), event.modifiers()
        if key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._accept(new_tab=bool(modifiers & Qt.KeyboardModifier.AltModifier))
        elif key == Qt.Key.Key_Escape:
            if self._popup is not None and self._popup.isVisible():
                self._popup.hide()
            else:
                self.revert()
                self.selectAll()
                self.left.emit()
        elif (
            key in (Qt.Key.Key_Down, Qt.Key.Key_Up)
            and self._popup is not None
            and self._popup.isVisible()
        ):
            self._popup.step(1 if key == Qt.Key.Key_Down else -1)
            if (row := self._popup.current_row()) is not None:
                self.setText(row.text)
                self.setModified(True)
        else:
            super().keyPressEvent(event)

    def focusInEvent(self, event: QFocusEvent | None) -> None:
        super().focusInEvent(event)
        self._mark(True)
        if event is not None and event.reason() == Qt.FocusReason.MouseFocusReason:
            self._select_on_release = True
        elif event is not None and event.reason() != Qt.FocusReason.PopupFocusReason:
            self.selectAll()

    def focusOutEvent(self, event: QFocusEvent | None) -> None:
        super().focusOutEvent(event)
        if event is not None and event.reason() == Qt.FocusReason.PopupFocusReason:
            return
        self._mark(False)
        self.hide_popup()
        self.setCursorPosition(0)

    def mouseReleaseEvent(self, event: QMouseEvent | None) -> None:
        super().mouseReleaseEvent(event)
        if self._select_on_release and not self.hasSelectedText():
            self.selectAll()
        self._select_on_release = False

    def paintEvent(self, event: QPaintEvent | None) -> None:
        if self.hasFocus() or self.isModified() or self._display is None or not self.text():
            super().paintEvent(event)
            return
        self._paint_address(self._display)

    def contextMenuEvent(self, event: QContextMenuEvent | None) -> None:
        menu = self.createStandardContextMenu()
        if menu is None or event is None:
            return
        menu.setParent(self)
        menu.setWindowFlags(Qt.WindowType.Popup)
        self._add_paste_and_go(menu)
        menu.exec(event.globalPos())

    def _add_paste_and_go(self, menu: QMenu) -> None:
        clipboard = QGuiApplication.clipboard()
        action = menu.addAction(_("Paste and go"), self.insert_and_go)
        if action is not None:
            action.setEnabled(clipboard is not None and bool(clipboard.text().strip()))

    def _paint_address(self, display: ShownUrl) -> None:
        painter = QPainter(self)
        metrics = QFontMetrics(self.font())
        rect = self.contentsRect().adjusted(6, 0, -4, 0)
        quiet, strong = QColor(self._face.quiet), QColor(self._face.text)
        left = rect.left()
        parts = fitting_parts(display, metrics, rect.width())
        for shown, colour in zip(parts, (quiet, strong, quiet), strict=True):
            painter.setPen(colour)
            width = rect.right() - left
            if width <= 0:
                break
            painter.drawText(
                QRect(left, rect.top(), width, rect.height()),
                Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft,
                shown,
            )
            left += metrics.horizontalAdvance(shown)

    def _on_edited(self, text: str) -> None:
        self.setModified(True)
        grew = len(text) > len(self._typed) and text.startswith(self._typed)
        self._typed = text
        completion = self._made_popup().update_rows(clean_input(text))
        completed, self._inline, self._inline_url = completion.inline, "", ""
        at_end = self.cursorPosition() == len(text)
        if grew and at_end and completed and completed.lower().startswith(text.lower()):
            self._inline = text + completed[len(text) :]
            self._inline_url = completion.inline_url or self._inline
            self.setText(self._inline)
            self.setModified(True)
            self.setSelection(len(completed), len(text) - len(completed))

    def _accept(self, *, new_tab: bool) -> None:
        row = None if self._popup is None else self._popup.current_row()
        self.hide_popup()
        if row is not None:
            self.row_chosen.emit(row, new_tab)
            return
        text = self._inline_url if self.text() == self._inline else self.text()
        if text.strip():
            self.chosen.emit(text, new_tab)

    def _made_popup(self) -> CompletionPopup:
        if self._popup is None:
            # The first window does without until somebody types.
            from myco_browser.ui.completion_popup import CompletionPopup

            self._popup = CompletionPopup(self._context, self, self.open_tabs)
            self._popup.picked.connect(self._take_row)
        return self._popup

    def _take_row(self, row: CompletionRow) -> None:
        self.hide_popup()
        self.row_chosen.emit(row, False)

    def _mark(self, editing: bool) -> None:
        holder = self.parentWidget()
        if holder is None:
            return
        set_property(holder, "editing", "true" if editing else "false")
        self.update()


class AddressBar(QWidget):
    """Chip, field, shield and level in one rounded box."""

    chip_clicked = pyqtSignal()
    shield_clicked = pyqtSignal()
    star_clicked = pyqtSignal()
    reader_clicked = pyqtSignal()
    key_clicked = pyqtSignal()
    level_clicked = pyqtSignal()

    def __init__(self, context: Context, parent: QWidget) -> None:
        super().__init__(parent)
        self._context = context
        self.setObjectName("field")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setMinimumHeight(38)
        self.setProperty("editing", "false")
        row = QHBoxLayout(self)
        row.setContentsMargins(SPACE["xs"], 0, SPACE["xs"], 0)
        row.setSpacing(2)
        self.chip = self._button("chip", self.chip_clicked)
        self.field = AddressField(context, self)
        self.key = self._button("key", self.key_clicked)
        self.star = self._button("star", self.star_clicked)
        self.star.setVisible(context.bookmarks is not None and context.bookmarks.can_change)
        self.reader = self._button("reader", self.reader_clicked)
        self.shield = self._button("shield", self.shield_clicked)
        row.addWidget(self.chip)
        row.addWidget(self.field, 1)
        row.addWidget(self.reader)
        row.addWidget(self.key)
        row.addWidget(self.star)
        self.level = LevelChip(context.face, self)
        self.level.clicked.connect(self.level_clicked)
        row.addWidget(self.shield)
        row.addWidget(self.level)
        self.show_page(QUrl(), "")
        self.show_reader(readable=False, reading=False)
        self.show_key("")
        self.show_kept(kept=False)
        self.show_blocked(0, on=True)

    def show_page(self, url: QUrl, warning: str, *, pending: bool = False) -> None:
        """Shows an address; `warning` is "" or a word for the chip ("Certificate error").

        With `pending`, its page is not what is shown: nothing is said about its connection yet.
        """
        urlstr = encoded(url)
        shown = show_url(urlstr)
        own = urlstr in ("", START_PAGE, "about:blank")
        self.field.show_address(shown, "" if own else urlstr)
        name, text, state, spoken = self._chip_face(shown.kind, own, warning)
        if pending and not own:
            name, text, state, spoken = "globe", "", "plain", _("On the way to this page")
        elif _is_of_others(urlstr):
            name, state, spoken = "info", "plain", _("Without an address of its own")
        face = self._context.face
        colour = {"danger": face.danger, "private": face.accent}.get(state, face.quiet)
        self.chip.setIcon(icon(name, colour, 16))
        self.chip.setText(text)
        self.chip.setToolTip(spoken)
        self.chip.setAccessibleName(spoken)
        self.chip.setToolButtonStyle(
            Qt.ToolButtonStyle.ToolButtonTextBesideIcon
            if text
            else Qt.ToolButtonStyle.ToolButtonIconOnly
        )
        set_property(self.chip, "state", state)

    def show_reader(self, *, readable: bool, reading: bool) -> None:
        """Whether the page is an article, and whether the reader shows it."""
        self.reader.setVisible(readable or reading)
        if readable or reading:
            face = self._context.face
            text = _("Back to the page") if reading else _("Read this article alone")
            self.reader.setIcon(icon("book", face.accent if reading else face.quiet, 18))
            self.reader.setToolTip(text)
            self.reader.setAccessibleName(text)

    def show_key(self, state: str) -> None:
        """The key: "" hides it, "form" is for filling, "offer" for a password to be kept."""
        self.key.setVisible(bool(state))
        if state and state != self.key.property("state"):
            colour = self._context.face.accent if state == "offer" else self._context.face.quiet
            text = _("Keep this password?") if state == "offer" else _("Passwords for this page")
            self.key.setProperty("state", state)
            self.key.setIcon(icon("key", colour, 18))
            self.key.setToolTip(text)
            self.key.setAccessibleName(text)

    def show_kept(self, *, kept: bool) -> None:
        """Whether the page is a bookmark."""
        face = self._context.face
        name, colour = ("star-full", face.accent) if kept else ("star", face.quiet)
        text = _("Change this bookmark") if kept else _("Bookmark this page")
        self.star.setIcon(icon(name, colour, 18))
        self.star.setToolTip(text)
        self.star.setAccessibleName(text)

    def show_blocked(self, count: int, *, on: bool) -> None:
        """The count on the shield; `on` is whether this site is filtered."""
        face = self._context.face
        name = "shield-check" if on else "shield-off"
        self.shield.setIcon(icon(name, face.good if on else face.warning, 18))
        self.shield.setText(str(count) if on and count else "")
        self.shield.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        text = (
            ngettext(
                "{count} request blocked on this page",
                "{count} requests blocked on this page",
                count,
            ).format(count=count)
            if on
            else _("Blocking is off for this site")
        )
        self.shield.setToolTip(text)
        self.shield.setAccessibleName(text)
        set_property(self.shield, "state", "on" if on else "off")

    def _chip_face(self, kind: SiteKind, own: bool, warning: str) -> tuple[str, str, str, str]:
        if warning:
            return ("warning", warning, "danger", warning)
        match kind:
            case SiteKind.SECURE:
                return ("lock", "", "plain", _("Connection is encrypted. About this site"))
            case SiteKind.PLAIN:
                text = _("Connection is not encrypted. About this site")
                return ("unlock", _("Not secure"), "danger", text)
            case SiteKind.LOCAL:
                return ("home", _("Local"), "plain", _("On this machine or network"))
            case SiteKind.FILE:
                return ("file", _("File"), "plain", _("A file of this machine"))
            case SiteKind.SOURCE:
                return ("code", _("Source"), "plain", _("The source of a page"))
            case SiteKind.INTERNAL | SiteKind.OTHER:
                if self._context.private:
                    return ("mask", "", "private", _("Private window"))
                return ("search" if own else "info", "", "plain", _("A page of the browser"))

    def _button(self, name: str, signal: pyqtBoundSignal) -> QToolButton:
        button = QToolButton(self)
        button.setObjectName(name)
        button.setIconSize(QSize(18, 18))
        button.setCursor(Qt.CursorShape.ArrowCursor)
        button.clicked.connect(signal)
        return button


def fitting_parts(display: ShownUrl, metrics: QFontMetrics, width: int) -> tuple[str, str, str]:
    """What is painted of an address: before the domain, the domain, and behind it.

    The end of the domain tells whose it is: what precedes it gives way first, and what follows.
    """
    domain = metrics.elidedText(display.domain, Qt.TextElideMode.ElideLeft, width)
    room = max(width - metrics.horizontalAdvance(domain), 0)
    before = display.scheme + display.prefix
    if metrics.horizontalAdvance(before) > room // 2:
        before = metrics.elidedText(before, Qt.TextElideMode.ElideLeft, room // 2)
    room = max(room - metrics.horizontalAdvance(before), 0)
    return before, domain, metrics.elidedText(display.suffix, Qt.TextElideMode.ElideRight, room)


def _is_of_others(urlstr: str) -> bool:
    """Pages put texts into these, of their own making: none of them is ours."""
    return urlstr.startswith(("about:", "data:", "blob:", "filesystem:"))
