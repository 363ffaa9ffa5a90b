"""The upper part of a window: the row of tabs and the toolbar."""

from __future__ import annotations

from PyQt6.QtCore import QSize, Qt, QUrl, pyqtSignal
from PyQt6.QtGui import QResizeEvent
from PyQt6.QtWidgets import QHBoxLayout, QLabel, QToolButton, QVBoxLayout, QWidget

from myco_browser.ui.address_bar import AddressBar
from myco_browser.ui.bookmarks_bar import BookmarksBar
from myco_browser.ui.context import Context
from myco_browser.ui.i18n import _
from myco_browser.ui.icons import icon
from myco_browser.ui.tab_strip import TabStrip
from myco_browser.ui.theme import SPACE, Face
from myco_browser.ui.tunnel_button import TunnelButton

_NARROW = 760
_WIDE = 1000


class Chrome(QWidget):
    """The widgets; what they do is joined by the window and its actions."""

    page_wanted = pyqtSignal(QUrl, bool)  # a bookmark, and whether in the background

    def __init__(self, context: Context, window: QWidget) -> None:
        super().__init__(window)
        self._context = context
        face = context.face
        self.strip = TabStrip(face, window)
        self.new_tab = tool_button("plus", _("New tab"), face, face.on_frame)
        self.all_tabs = tool_button("chevron-down", _("All tabs"), face, face.on_frame)
        self.all_tabs.hide()
        self.strip.overflowed.connect(self.all_tabs.setVisible)
        self.back = tool_button("back", _("Back"), face)
        self.forward = tool_button("forward", _("Forward"), face)
        self.reload = tool_button("reload", _("Reload"), face)
        self.address = AddressBar(context, window)
        self.tunnel = TunnelButton(face, window)
        self.tunnel.show_view(context.tunnel.view)
        self.menu_button = tool_button("menu", _("Menu"), face)
        self.menu_button.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(self._tab_row())
        column.addWidget(self._toolbar())
        if context.bookmarks is not None:
            open_page = self.page_wanted.emit
            column.addWidget(BookmarksBar(context, context.bookmarks, open_page, self))

    def resizeEvent(self, event: QResizeEvent | None) -> None:
        self.tunnel.set_narrow(self.width() < _NARROW)
        self.tunnel.set_short(self.width() < _WIDE)
        self.address.level.set_narrow(self.width() < _NARROW)

    def add_tool(self, tool: QWidget) -> None:
        """Puts a button into the toolbar, beside the tunnel."""
        self._tools.insertWidget(self._tools.indexOf(self.tunnel), tool)

    def show_loading(self, loading: bool) -> None:
        """The reload button stops while a page loads."""
        name, text = ("stop", _("Stop loading")) if loading else ("reload", _("Reload"))
        self.reload.setIcon(icon(name, self._context.face.text, 18))
        self.reload.setToolTip(text)
        self.reload.setAccessibleName(text)

    def _tab_row(self) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setContentsMargins(SPACE["s"], 2, SPACE["s"], 0)
        row.setSpacing(2)
        row.addWidget(self.strip)
        row.addWidget(self.new_tab)
        row.addStretch(1)
        row.addWidget(self.all_tabs)
        if self._context.private:
            badge = QLabel(_("Private {number}").format(number=self._context.number))
            badge.setObjectName("badge")
            badge.setToolTip(_("This window keeps nothing when it is closed."))
            row.addWidget(badge, 0, Qt.AlignmentFlag.AlignVCenter)
        return row

    def _toolbar(self) -> QWidget:
        bar = QWidget()
        bar.setObjectName("toolbar")
        bar.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._tools = row = QHBoxLayout(bar)
        row.setContentsMargins(SPACE["s"], SPACE["xs"], SPACE["s"], SPACE["xs"] + 2)
        row.setSpacing(2)
        for button in (self.back, self.forward, self.reload):
            row.addWidget(button)
        row.addSpacing(SPACE["xs"])
        row.addWidget(self.address, 1)
        row.addSpacing(SPACE["xs"])
        row.addWidget(self.tunnel)
        row.addWidget(self.menu_button)
        return bar


def tool_button(name: str, text: str, face: Face, colour: str = "") -> QToolButton:
    """A button with an icon of the set and its name."""
    button = QToolButton()
    button.setIcon(icon(name, colour or face.text, 18))
    button.setIconSize(QSize(18, 18))
    button.setToolTip(text)
    button.setAccessibleName(text)
    return button
