"""What lies in a tab: notices on top, below them the page or a message in its place."""

from __future__ import annotations

from PyQt6.QtWidgets import QStackedLayout, QVBoxLayout, QWidget

from myco_browser.ui.interstitial import Interstitial
from myco_browser.ui.notice_bar import NoticeBar


class TabStack(QVBoxLayout):
    """The layout of a tab."""

    def __init__(self, tab: QWidget) -> None:
        super().__init__(tab)
        self.setContentsMargins(0, 0, 0, 0)
        self.setSpacing(0)
        self._stack = QStackedLayout()
        self.addLayout(self._stack, 1)
        self._view: QWidget | None = None
        self._message: Interstitial | None = None
        self._reader: QWidget | None = None
        self._notices: list[NoticeBar] = []
        self._early: list[NoticeBar] = []

    @property
    def notices(self) -> tuple[NoticeBar, ...]:
        """The notices that are shown, the oldest first."""
        return tuple(self._notices)

    @property
    def reader(self) -> QWidget | None:
        """The reader, while it stands before the page."""
        return self._reader

    @property
    def front(self) -> QWidget | None:
        """What is shown: the page's widget or a message."""
        return self._stack.currentWidget()

    def set_view(self, view: QWidget) -> None:
        """Puts the page's widget in."""
        self._view = view
        self._stack.addWidget(view)
        self._stack.setCurrentWidget(view)

    def show_view(self) -> None:
        """Shows the page, in place of a message or the reader."""
        self._drop_message()
        if self._reader is not None:
            self._stack.removeWidget(self._reader)
            self._reader.deleteLater()
            self._reader = None
        if self._view is not None:
            self._stack.setCurrentWidget(self._view)

    def show_message(self, message: Interstitial) -> None:
        """Shows a message in place of the page."""
        self._drop_message()
        self._message = message
        self._stack.addWidget(message)
        self._stack.setCurrentWidget(message)

    def show_reader(self, reader: QWidget) -> None:
        """Shows the reader before the page, which lives on behind it."""
        self.show_view()
        self._reader = reader
        self._stack.addWidget(reader)
        self._stack.setCurrentWidget(reader)

    def add_notice(self, bar: NoticeBar, *, early: bool) -> None:
        """Puts a notice above the page. `early`: the page it is told above is not there yet."""
        self.insertWidget(0, bar)
        self._notices.append(bar)
        if early:
            self._early.append(bar)
        bar.destroyed.connect(lambda: self._notices.remove(bar))

    def drop_notices(self) -> None:
        """What was asked or told about a page has no meaning on the next one.

        What was told while that one was on its way stays.
        """
        early, self._early = self._early, []
        for bar in self.notices:
            if bar not in early:
                bar.dismiss()

    def _drop_message(self) -> None:
        if self._message is not None:
            self._stack.removeWidget(self._message)
            self._message.deleteLater()
            self._message = None
