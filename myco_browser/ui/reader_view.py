"""The reader in a tab: an article alone, and a bar to set how it looks."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from PyQt6.QtCore import Qt, pyqtSignal
from PyQt6.QtGui import QContextMenuEvent, QGuiApplication
from PyQt6.QtWebEngineWidgets import QWebEngineView
from PyQt6.QtWidgets import QFrame, QHBoxLayout, QMenu, QToolButton, QVBoxLayout, QWidget

from myco_browser.domain.controls import Choice, Setting
from myco_browser.domain.reader_look import (
    READER_COLOURS,
    READER_FONT,
    READER_SIZE,
    READER_WIDTH,
    next_size,
    style_of,
)
from myco_browser.domain.settings_snapshot import Change
from myco_browser.ui.context import Context
from myco_browser.ui.i18n import _
from myco_browser.ui.icons import icon
from myco_browser.ui.reader_page import article_html
from myco_browser.ui.theme import SPACE, is_dark
from myco_browser.web.article import Article, ArticlePage


class ReaderView(QWidget):
    """One article. `left` says that the page itself is wanted again."""

    left = pyqtSignal()

    def __init__(
        self, context: Context, article: Article, page: ArticlePage, parent: QWidget
    ) -> None:
        super().__init__(parent)
        self._context = context
        self._article = article
        self.view = _View(self)
        self.page = page
        page.setParent(self.view)
        self.view.setPage(self.page)
        self.setFocusProxy(self.view)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self._bar())
        column.addWidget(self.view, 1)
        self.destroyed.connect(context.settings.observe(lambda *_changed: self._restyle()))

    def html(self, where: str) -> str:
        """The text to show; `where` is the host that the article is from."""
        return article_html(self._article, self._style(), where)

    def zoom(self, step: int) -> float:
        """One step larger (1), smaller (-1) or the usual size (0); remembered."""
        size = next_size(self._context.now[READER_SIZE], step)
        self._set(READER_SIZE, size)
        return size / READER_SIZE.default

    def _style(self) -> dict[str, str]:
        return style_of(self._context.now, dark_window=is_dark(self._context.face))

    def _restyle(self) -> None:
        self.page.set_style(self._style())

    def _set(self, setting: Setting[Any], value: object) -> None:
        try:
            self._context.settings.change(Change(setting, value))
        except OSError:
            # What cannot be remembered is not shown either: the two never differ.
            return

    # The bar

    def _bar(self) -> QFrame:
        bar = QFrame()
        bar.setObjectName("notice")
        row = QHBoxLayout(bar)
        row.setContentsMargins(SPACE["s"], SPACE["xs"], SPACE["s"], SPACE["xs"])
        row.setSpacing(SPACE["xs"])
        back = self._button("back", _("Back to the page"), self.left.emit)
        back.setText(_("Back to the page"))
        back.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        row.addWidget(back)
        row.addStretch(1)
        row.addWidget(self._button("zoom-out", _("Smaller letters"), lambda: self.zoom(-1)))
        row.addWidget(self._button("zoom-in", _("Larger letters"), lambda: self.zoom(1)))
        for name, setting in (
            ("letters", READER_FONT), ("text-width", READER_WIDTH), ("palette", READER_COLOURS),
        ):  # fmt: skip
            row.addWidget(self._chooser(name, setting))
        return bar

    def _chooser(self, name: str, setting: Setting[str]) -> QToolButton:
        button = self._button(name, _(setting.title), None)
        button.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        menu = QMenu(button)
        menu.aboutToShow.connect(lambda: self._fill(menu, setting))
        button.setMenu(menu)
        return button

    def _fill(self, menu: QMenu, setting: Setting[str]) -> None:
        menu.clear()
        control = setting.control
        assert isinstance(control, Choice)
        for value, label in control.options:
            if (action := menu.addAction(_(label))) is not None:
                action.setCheckable(True)
                action.setChecked(self._context.now[setting] == value)
                action.triggered.connect(lambda _on, chosen=value: self._set(setting, chosen))

    def _button(self, name: str, text: str, act: Callable[[], object] | None) -> QToolButton:
        button = QToolButton()
        button.setIcon(icon(name, self._context.face.text, 18))
        button.setToolTip(text)
        button.setAccessibleName(text)
        if act is not None:
            button.clicked.connect(lambda _checked=False: act())
        return button


class _View(QWebEngineView):
    """The menu of an article has only what an article needs."""

    def contextMenuEvent(self, event: QContextMenuEvent | None) -> None:
        request, page = self.lastContextMenuRequest(), self.page()
        if event is None or request is None or page is None:
            return
        menu = QMenu(self)
        link = request.linkUrl()
        if not link.isEmpty():
            address = link.toEncoded().data().decode("ascii", "replace")
            menu.addAction(_("Copy link"), lambda: _copy(address))
        if request.selectedText():
            menu.addAction(_("Copy"), lambda: page.triggerAction(page.WebAction.Copy))
        menu.addAction(_("Select all"), lambda: page.triggerAction(page.WebAction.SelectAll))
        menu.popup(event.globalPos())


def _copy(text: str) -> None:
    if (clipboard := QGuiApplication.clipboard()) is not None:
        clipboard.setText(text)
