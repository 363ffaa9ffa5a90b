"""The bar of bookmarks below the toolbar: pages as buttons, folders as menus."""

from __future__ import annotations

from collections.abc import Callable

from PyQt6.QtCore import QPoint, QSize, Qt, QUrl
from PyQt6.QtGui import QDragEnterEvent, QDropEvent, QIcon, QMouseEvent, QResizeEvent
from PyQt6.QtWidgets import QHBoxLayout, QMenu, QSizePolicy, QToolButton, QWidget

from myco_browser.domain.settings import BOOKMARKS_BAR
from myco_browser.services.bookmarks import BAR, Bookmark, Bookmarks
from myco_browser.ui.context import Context
from myco_browser.ui.i18n import _
from myco_browser.ui.icons import icon
from myco_browser.ui.tab_pictures import kept_picture
from myco_browser.ui.theme import SPACE

_LONGEST = 28
_IN_MENU = 60
_HEIGHT = 32
_MOST_AT_ONCE = 30

OpenPage = Callable[[QUrl, bool], None]
"""An address, and whether it is opened in a new tab in the background."""


class BookmarksBar(QWidget):
    """Hidden while it is empty."""

    def __init__(
        self, context: Context, bookmarks: Bookmarks, open_page: OpenPage, parent: QWidget
    ) -> None:
        super().__init__(parent)
        self._context = context
        self._bookmarks = bookmarks
        self._open_page = open_page
        self._buttons: list[QToolButton] = []
        self._wanted = context.now[BOOKMARKS_BAR]
        self.setObjectName("bookmarks")
        self.setAccessibleName(_("Bookmarks bar"))
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setFixedHeight(_HEIGHT)
        self.setAcceptDrops(bookmarks.can_change)
        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(SPACE["s"], 0, SPACE["s"], SPACE["xs"])
        self._row.setSpacing(2)
        self._row.addStretch(1)
        self._more = QToolButton(self)
        self._more.setText("»")
        self._more.setAccessibleName(_("More bookmarks"))
        self._more.setToolTip(_("More bookmarks"))
        self._more.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        self._more.setMenu(QMenu(self._more))
        self._row.addWidget(self._more)
        self.destroyed.connect(bookmarks.observe(self.refresh))
        self.destroyed.connect(
            context.settings.observe(lambda _old, new: self.set_wanted(new[BOOKMARKS_BAR]))
        )
        self.refresh()

    def set_wanted(self, wanted: bool) -> None:
        """Whether the user wants to see it."""
        self._wanted = wanted
        self.setVisible(wanted and bool(self._buttons))

    def refresh(self) -> None:
        """Shows what is on the bar now."""
        for button in self._buttons:
            self._row.removeWidget(button)
            button.deleteLater()
        self._buttons = [self._button(item) for item in self._bookmarks.children(BAR)[:100]]
        for place, button in enumerate(self._buttons):
            self._row.insertWidget(place, button)
        self.set_wanted(self._wanted)
        self._fit()

    def resizeEvent(self, event: QResizeEvent | None) -> None:
        self._fit()

    def dragEnterEvent(self, event: QDragEnterEvent | None) -> None:
        data = event.mimeData() if event is not None else None
        if event is not None and data is not None and data.hasUrls():
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent | None) -> None:
        data = event.mimeData() if event is not None else None
        if event is None or data is None:
            return
        at = event.position().x()
        place = sum(1 for button in self._buttons if button.geometry().center().x() < at)
        for url in data.urls():
            text = data.text().strip() or url.host()
            title = url.host() if "://" in text else text
            add_bookmark(self._bookmarks, title, url, place)
        event.acceptProposedAction()

    def _fit(self) -> None:
        """What has no room goes into a menu at the end."""
        margins = self._row.contentsMargins()
        more = self._more.sizeHint().width() + self._row.spacing()
        room = self.width() - margins.left() - margins.right()
        widths = [button.sizeHint().width() + self._row.spacing() for button in self._buttons]
        fits_all = sum(widths) <= room
        left = room if fits_all else room - more
        hidden: list[int] = []
        for place, width in enumerate(widths):
            left -= width
            self._buttons[place].setVisible(left >= 0)
            if left < 0:
                hidden.append(place)
        self._more.setVisible(bool(hidden))
        menu = self._more.menu()
        if menu is not None:
            menu.clear()
            items = self._bookmarks.children(BAR) if hidden else ()
            for place in hidden:
                self._add_to_menu(menu, items[place])

    def _button(self, item: Bookmark) -> QToolButton:
        button = _PageButton(self)
        button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        button.setIconSize(QSize(16, 16))
        button.setIcon(self._picture(item))
        title = item.title or item.url or ""
        # The style leaves no room between picture and text.
        button.setText(f" {_shortened(title, _LONGEST)}")
        button.setAccessibleName(title)
        button.setToolTip(f"{title}\n{item.url}" if item.url else title)
        if item.url is None:
            button.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
            button.setMenu(self._folder_menu(item, button))
        else:
            url = QUrl.fromEncoded(item.url.encode())
            button.clicked.connect(lambda: self._open_page(url, False))
            button.on_middle = lambda: self._open_page(url, True)
            button.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
            button.customContextMenuRequested.connect(
                lambda at, page=item.url: self._show_menu(button, at, page)
            )
        return button

    def _show_menu(self, button: QToolButton, at: QPoint, url: str) -> None:
        # Loaded when it is wanted: the bar is made at the start.
        from myco_browser.ui.kept_menu import show_kept_menu

        show_kept_menu(button, at, self._context, self._open_page, [url])

    def _folder_menu(self, folder: Bookmark, parent: QWidget) -> QMenu:
        menu = QMenu(parent)
        menu.setTitle(_shortened(folder.title, _IN_MENU))
        menu.setIcon(self._picture(folder))
        # Filled when it is opened: a folder may hold thousands.
        menu.aboutToShow.connect(lambda: self._fill(menu, folder))
        return menu

    def _fill(self, menu: QMenu, folder: Bookmark) -> None:
        menu.clear()
        items = self._bookmarks.children(folder.id)
        for item in items:
            self._add_to_menu(menu, item)
        pages = [item for item in items if item.url is not None]
        if not items:
            empty = menu.addAction(_("Empty"))
            if empty is not None:
                empty.setEnabled(False)
        elif len(pages) > 1:
            menu.addSeparator()
            text = _("Open all in tabs")
            menu.addAction(text, lambda: self._open_all(pages[:_MOST_AT_ONCE]))

    def _open_all(self, pages: list[Bookmark]) -> None:
        for page in pages:
            self._open(page, True)

    def _add_to_menu(self, menu: QMenu, item: Bookmark) -> None:
        if item.url is None:
            menu.addMenu(self._folder_menu(item, menu))
            return
        text = _shortened(item.title or item.url, _IN_MENU)
        action = menu.addAction(self._picture(item), text)
        if action is not None:
            action.setToolTip(item.url)
            action.triggered.connect(lambda _checked=False: self._open(item, False))

    def _open(self, item: Bookmark, background: bool) -> None:
        if item.url is not None:
            self._open_page(QUrl.fromEncoded(item.url.encode()), background)

    def _picture(self, item: Bookmark) -> QIcon:
        quiet = self._context.face.quiet
        if item.url is None:
            return icon("folder", quiet, 16)
        kept = kept_picture(self._context, item.url)
        return icon("globe", quiet, 16) if kept.isNull() else kept


class _PageButton(QToolButton):
    """A button that also knows the middle mouse button."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.on_middle: Callable[[], None] = lambda: None

    def mouseReleaseEvent(self, event: QMouseEvent | None) -> None:
        if event is not None and event.button() == Qt.MouseButton.MiddleButton:
            self.on_middle()
        else:
            super().mouseReleaseEvent(event)


def add_bookmark(bookmarks: Bookmarks, title: str, url: QUrl, place: int | None = None) -> None:
    """Adds a page to the bar."""
    import time

    encoded = url.toEncoded().data().decode("ascii", "replace")
    bookmarks.add(title, encoded, int(time.time()), BAR, place)


def _shortened(text: str, longest: int) -> str:
    shown = text if len(text) <= longest else f"{text[: longest - 1].rstrip()}…"
    return shown.replace("&", "&&")
