"""Answers the dialogs of a tab's page: one at a time, and never against the user's will."""

from __future__ import annotations

from collections.abc import Callable

from PyQt6.QtCore import QUrl
from PyQt6.QtWidgets import QWidget

from myco_browser.ui.page_dialog import PageDialog


class TabDialogs:
    """The `Asker` of a tab. `pick` brings the tab to the front when its page asks something.

    `refused` is told that the user said no: such as to leaving a page that holds on.
    """

    def __init__(self, tab: QWidget, pick: Callable[[], None], refused: Callable[[], None]) -> None:
        self._tab = tab
        self._pick = pick
        self._refused = refused
        self._open: PageDialog | None = None
        self._count = 0
        self._silenced = False
        self._ended = False

    @property
    def is_open(self) -> bool:
        """Whether a dialog waits for an answer."""
        return self._open is not None

    def alert(self, origin: QUrl, text: str) -> None:
        """An alert."""
        self._ask(origin, text, None, asks=False)

    def confirm(self, origin: QUrl, text: str) -> bool:
        """A question."""
        dialog = self._ask(origin, text, None, asks=True)
        return dialog is not None and dialog.accepted

    def prompt(self, origin: QUrl, text: str, default: str) -> str | None:
        """A question with an answer."""
        dialog = self._ask(origin, text, default, asks=True)
        if dialog is None or not dialog.accepted or dialog.field is None:
            return None
        return dialog.field.text()

    def start_page(self) -> None:
        """Another page: what was silenced was the one before."""
        self._count = 0
        self._silenced = False

    def end(self) -> None:
        """The tab closes: nobody answers, and a page that asks again and again is not heard."""
        self._ended = True
        if self._open is not None:
            self._open.close_unanswered()

    def fit(self) -> None:
        """The tab has another size."""
        if self._open is not None:
            self._open.setGeometry(self._tab.rect())

    def _ask(
        self, origin: QUrl, text: str, default: str | None, *, asks: bool
    ) -> PageDialog | None:
        if self._open is not None or self._silenced or self._ended:
            return None
        self._pick()
        self._count += 1
        dialog = PageDialog(self._tab, origin, text, default, asks=asks, again=self._count > 1)
        self._open = dialog
        dialog.ask()
        self._open = None
        self._silenced = dialog.silenced
        if not dialog.accepted and not self._ended:
            self._refused()
        return dialog
