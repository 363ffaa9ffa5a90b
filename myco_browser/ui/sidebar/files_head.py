"""What stands above the files of a folder: where one is, and what can be done there."""

from __future__ import annotations

from PyQt6.QtCore import QPoint, QSize, Qt, pyqtSignal
from PyQt6.QtGui import QResizeEvent
from PyQt6.QtWidgets import QHBoxLayout, QLineEdit, QMenu, QToolButton, QVBoxLayout, QWidget

from myco_browser.ui.chrome import tool_button
from myco_browser.ui.i18n import _
from myco_browser.ui.icons import icon
from myco_browser.ui.theme import SPACE, Face

_AROUND_NAME = 60
"""What the name has around it: the margins, and the arrow behind it."""
_LEAST_NAME = 60
_NARROW = 370
"""Pixels; below that, what is rarely wanted is in a menu."""
_RARE = ("pictures", "folder", "again")


class FilesHead(QWidget):
    """A row of buttons, and a field for searching that is shown when it is wanted.

    `wanted` carries one of "up", "places", "pictures", "folder", "send", "again";
    `searched` what to search for, "" when the search ends.
    """

    wanted = pyqtSignal(str)
    searched = pyqtSignal(str)

    def __init__(self, face: Face) -> None:
        super().__init__()
        self.setObjectName("sidehead")
        self._name = ""
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        column = QVBoxLayout(self)
        column.setContentsMargins(SPACE["s"], SPACE["s"], SPACE["s"], SPACE["s"])
        column.setSpacing(SPACE["xs"])
        row = QHBoxLayout()
        row.setSpacing(2)
        column.addLayout(row)
        self.up = tool_button("up", _("To the folder above"), face)
        self.up.clicked.connect(lambda: self.wanted.emit("up"))
        self.place = QToolButton()
        self.place.setObjectName("place")
        self.place.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        self.place.setLayoutDirection(Qt.LayoutDirection.RightToLeft)
        self.place.setIcon(icon("chevron-down", face.quiet, 14))
        self.place.setIconSize(QSize(14, 14))
        self.place.clicked.connect(lambda: self.wanted.emit("places"))
        row.addWidget(self.up)
        row.addWidget(self.place)
        row.addStretch(1)
        self.search = tool_button("search", _("Search"), face)
        self.search.clicked.connect(self.toggle_search)
        row.addWidget(self.search)
        self.buttons: dict[str, QToolButton] = {}
        for word, name, text in (
            ("pictures", "grid", _("Pictures or rows")),
            ("folder", "folder-plus", _("New folder")),
            ("send", "upload", _("Send files or a folder")),
            ("again", "reload", _("Look again")),
        ):
            button = tool_button(name, text, face)
            button.clicked.connect(lambda _on=False, what=word: self.wanted.emit(what))
            row.addWidget(button)
            self.buttons[word] = button
        self.more = tool_button("more", _("More"), face)
        self.more.clicked.connect(self._show_more)
        self.more.hide()
        row.addWidget(self.more)
        self.field = QLineEdit()
        self.field.setPlaceholderText(_("Search for names below this folder"))
        self.field.setAccessibleName(_("Search for names below this folder"))
        self.field.returnPressed.connect(lambda: self.searched.emit(self.field.text().strip()))
        self.field.hide()
        column.addWidget(self.field)

    @property
    def is_searching(self) -> bool:
        """Whether the field is there."""
        return not self.field.isHidden()

    def show_place(self, name: str, whole: str, has_above: bool) -> None:
        """Shows which folder it is."""
        self._name = name
        self._fit()
        self.place.setToolTip(whole)
        self.place.setAccessibleName(_("Folder: {name}").format(name=name))
        self.up.setEnabled(has_above)
        self.field.clear()
        self.field.hide()

    def resizeEvent(self, event: QResizeEvent | None) -> None:
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        """As much of the name as there is room for beside the buttons."""
        is_narrow = self.width() < _NARROW
        for word in _RARE:
            self.buttons[word].setVisible(not is_narrow)
        self.more.setVisible(is_narrow)
        others = (self.up, self.search, *self.buttons.values(), self.more)
        shown = [one for one in others if not one.isHidden()]
        taken = sum(one.sizeHint().width() + 2 for one in shown) + _AROUND_NAME
        room = max(_LEAST_NAME, self.width() - taken)
        metrics = self.place.fontMetrics()
        self.place.setText(metrics.elidedText(self._name, Qt.TextElideMode.ElideMiddle, room))

    def _show_more(self) -> None:
        """What there is no room for."""
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        for word in _RARE:
            button = self.buttons[word]
            menu.addAction(button.icon(), button.toolTip(), button.click)
        menu.popup(self.more.mapToGlobal(QPoint(0, self.more.height())))

    def toggle_search(self) -> None:
        """Opens the field for searching, or closes it."""
        self.field.setVisible(not self.is_searching)
        if self.is_searching:
            self.field.setFocus()
        else:
            self.field.clear()
            self.searched.emit("")
