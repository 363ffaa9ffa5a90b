"""Opens and closes the reader in a tab, and finds out whether a page is worth reading there.

Loaded after a page is there, never at the start.
"""

from __future__ import annotations

import os
from functools import cache

from PyQt6.QtCore import Qt, QUrl
from PyQt6.QtWebEngineCore import QWebEngineFindTextResult

from myco_browser.system.additions import reader_code
from myco_browser.ui.i18n import _
from myco_browser.ui.notice_bar import NoticeBar
from myco_browser.ui.reader_page import is_showable
from myco_browser.ui.reader_view import ReaderView
from myco_browser.ui.tab import Tab
from myco_browser.web.article import Article, ArticlePage, ask_readable

_SCHEMES = ("http", "https", "file")


@cache
def _code() -> tuple[str, ...] | None:
    return reader_code(os.environ)


def look_for_article(tab: Tab) -> None:
    """Finds out, cheaply and in a world of its own, whether the page is an article."""
    page, code = tab.page, _code()
    if page is None or code is None or tab.url.scheme() not in _SCHEMES or tab.failure is not None:
        return
    url = tab.url

    def answer(readable: bool) -> None:
        if tab.page is page and tab.url == url:
            tab.set_readable(readable)

    ask_readable(page, code, answer)


def toggle_reader(tab: Tab) -> None:
    """Shows the article of a page alone, or the page again."""
    if tab.reader is not None:
        tab.leave_reader()
        return
    page, code = tab.page, _code()
    if code is None:
        _tell(tab, _("The reader is not here yet: “scripts/run” fetches its parts when it can."))
    elif page is None or tab.url.scheme() not in _SCHEMES or tab.failure is not None:
        _tell(tab, _("The reader shows articles of web pages only."))
    else:
        url = tab.url
        shown = ArticlePage(tab.context.profile, tab)

        def answer(article: Article | None) -> None:
            if tab.page is page and tab.url == url and tab.reader is None:
                _on_taken(tab, shown, url, article)
            else:
                shown.deleteLater()

        shown.take(page, code, answer)


def _on_taken(tab: Tab, page: ArticlePage, url: QUrl, article: Article | None) -> None:
    if article is None:
        page.deleteLater()
        _tell(tab, _("No article was found on this page."))
        return
    reader = ReaderView(tab.context, article, page, tab)
    html = reader.html(url.host())
    if not is_showable(html):
        reader.deleteLater()
        _tell(tab, _("This article is too long for the reader."))
        return
    _connect(tab, reader)
    reader.page.setHtml(html, url)
    tab.enter_reader(reader)


def _connect(tab: Tab, reader: ReaderView) -> None:
    # Later: the engine is in the middle of asking when a link is clicked.
    later = Qt.ConnectionType.QueuedConnection
    reader.left.connect(tab.leave_reader, later)  # type: ignore[call-arg]
    page = reader.page
    page.link_clicked.connect(lambda url: _follow(tab, url), later)  # type: ignore[call-arg]
    page.tab_wanted.connect(tab.link_opened, later)  # type: ignore[call-arg]
    page.linkHovered.connect(tab.link_hovered)
    page.findTextFinished.connect(lambda result: _on_found(tab, result))


def _follow(tab: Tab, url: QUrl) -> None:
    """A link of the article, which is the page's word and not an address that the user typed."""
    if url.scheme() in ("http", "https") and (page := tab.page) is not None:
        tab.leave_reader()
        page.gate.hold(lambda: page.load(url))


def _on_found(tab: Tab, result: QWebEngineFindTextResult) -> None:
    tab.find_result.emit(result.activeMatch(), result.numberOfMatches())


def _tell(tab: Tab, text: str) -> None:
    tab.show_notice(NoticeBar("info", text, (), tab.context.face))
