"""The context menu of a page that is kept somewhere: bookmarks, history, reading list."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PyQt6.QtCore import QPoint, Qt, QUrl
from PyQt6.QtWidgets import QMenu, QWidget

from myco_browser.ui.context import Context
from myco_browser.ui.i18n import _
from myco_browser.ui.icons import icon

_MOST_AT_ONCE = 20

OpenPage = Callable[[QUrl, bool], None]
"""An address, and whether it is opened in a new tab in the background."""
Entry = tuple[str, str, Callable[[], None]]
"""The name of an icon, the text, and what is done."""


def show_kept_menu(
    owner: QWidget,
    at: QPoint,
    context: Context,
    open_page: OpenPage,
    urls: Sequence[str],
    *more: Entry,
) -> None:
    """Shows what can be done with the pages at `urls`, and `more` below it; `at` is in `owner`."""
    few = list(urls[:_MOST_AT_ONCE])
    if not few:
        return
    menu = QMenu(owner)
    colour = context.face.quiet

    def add(entry: Entry) -> None:
        name, text, act = entry
        action = menu.addAction(icon(name, colour, 16), text)
        if action is not None:
            action.triggered.connect(lambda _checked=False: act())

    def open_tabs() -> None:
        for url in few:
            open_page(QUrl.fromEncoded(url.encode()), True)

    add(("plus", _("Open in a new tab"), open_tabs))
    add(("mask", _("Open in a private window"), lambda: context.launcher.open_private(few)))
    if more:
        menu.addSeparator()
    for entry in more:
        add(entry)
    menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    menu.popup(owner.mapToGlobal(at))
