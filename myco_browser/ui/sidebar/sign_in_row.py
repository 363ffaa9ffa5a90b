"""The way to an account by the provider's own page: a link, a field, and what is going on."""

from __future__ import annotations

from collections.abc import Callable

from PyQt6.QtCore import Qt, QTimer, QUrl, pyqtSignal
from PyQt6.QtWidgets import QPushButton, QVBoxLayout, QWidget

from myco_browser.bridge.sign_in import SignIn
from myco_browser.domain.oauth import SignInCause
from myco_browser.services.oauth import Attempt
from myco_browser.ui.i18n import _
from myco_browser.ui.panels import text_label
from myco_browser.ui.sidebar.form import add_field
from myco_browser.ui.theme import SPACE
from myco_browser.ui.window import BrowserWindow

OpenPage = Callable[[str, str, Callable[[str], None]], None]
"""Opens an address in a tab; as soon as the tab is led to the second one, that is told instead."""


class SignInRow(QWidget):
    """`wanted` when the link was clicked; `granted` carries what the user agreed to."""

    wanted = pyqtSignal()
    granted = pyqtSignal(object)
    failed = pyqtSignal(str)

    def __init__(self, sign_in: SignIn, open_page: OpenPage) -> None:
        super().__init__()
        self._sign_in = sign_in
        self._open_page = open_page
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(SPACE["xs"])
        self.place = QWidget()
        inside = QVBoxLayout(self.place)
        inside.setContentsMargins(0, 0, 0, 0)
        inside.setSpacing(SPACE["xs"])
        self.provider = add_field(inside, _("Address of the provider"), self.wanted.emit)
        self.provider.setPlaceholderText(_("login.example.org"))
        self.place.hide()
        column.addWidget(self.place)
        self.link = QPushButton(_("Sign in on the provider's page"))
        self.link.setObjectName("link")
        self.link.clicked.connect(self.wanted)
        column.addWidget(self.link, 0, Qt.AlignmentFlag.AlignLeft)
        self.doing = text_label("", "quiet")
        self.doing.hide()
        column.addWidget(self.doing)
        self.stop = QPushButton(_("Give up"))
        self.stop.clicked.connect(self.give_up)
        self.stop.hide()
        column.addWidget(self.stop, 0, Qt.AlignmentFlag.AlignLeft)

    @property
    def field(self) -> QWidget | None:
        """Where the provider is typed, once that is asked for."""
        return None if self.place.isHidden() else self.provider

    def start(self, address: str) -> None:
        """Looks for the provider and opens its page."""
        self._work(_("Looking for the provider…"))

        def show(attempt: Attempt) -> None:
            self._work(_("Agree on the page that opens; this goes on by itself then."))
            self._open_page(
                attempt.page(address), attempt.redirect, lambda url: self._arrived(attempt, url)
            )

        self._sign_in.start(address, self.provider.text().strip(), show, self._refused)

    def give_up(self) -> None:
        """Nobody waits for the page any more."""
        self._sign_in.give_up()
        self.rest()
        self.failed.emit("")

    def rest(self) -> None:
        """Nothing is going on."""
        self.doing.hide()
        self.stop.hide()
        self.link.setEnabled(True)

    def _arrived(self, attempt: Attempt, url: str) -> None:
        self._work(_("Looking for the servers…"))
        self._sign_in.finish(attempt, url, self.granted.emit, self._refused)

    def _refused(self, cause: SignInCause) -> None:
        self.rest()
        if cause in (SignInCause.NO_PROVIDER, SignInCause.UNREACHABLE):
            # Not every domain says who its provider is: the user may know.
            self.place.show()
        self.failed.emit(_(cause.value))

    def _work(self, text: str) -> None:
        self.doing.setText(text)
        self.doing.show()
        self.stop.show()
        self.link.setEnabled(False)


def page_opener(window: BrowserWindow) -> OpenPage:
    """Opens sign-ins in tabs of a window; a tab that has done its part is closed."""

    def open_page(url: str, until: str, arrived: Callable[[str], None]) -> None:
        tab = window.add_tab(QUrl(url))
        page = tab.page
        if page is None:
            return

        def take(reached: str) -> None:
            # Later: the engine is in the middle of asking.
            QTimer.singleShot(0, lambda: window.close_tab(tab))
            arrived(reached)

        page.await_arrival(until, take)

    return open_page
