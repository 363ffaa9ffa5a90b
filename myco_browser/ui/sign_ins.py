"""What a tab knows about signing in: the form on its page, and what may be kept of a sign-in.

A form was sent: that alone says nothing. If the next page still asks for a password, signing in
failed and what was typed is forgotten; otherwise it is compared with what is kept, and offered.
"""

from __future__ import annotations

from typing import NamedTuple

from PyQt6.QtCore import QObject, QTimer
from PyQt6.QtWidgets import QWidget

from myco_browser.domain.logins import Change, Login, compare
from myco_browser.domain.urls import origin
from myco_browser.services.passwords import Kept
from myco_browser.ui.tab import Tab
from myco_browser.web.page import WebPage
from myco_browser.web.sign_in import FormState, SentForm

# Longer than slow sites take; what was typed must not wait for ever.
_PATIENCE_MS = 60_000
_NAME_PATIENCE_MS = 600_000


class Offer(NamedTuple):
    """A password that may be kept; `replaces` is the login it would change."""

    form: SentForm
    kept: Kept
    replaces: Login | None


class SignIns(QObject):
    """Follows one tab. Private sessions follow forms only, and offer nothing."""

    def __init__(self, tab: Tab) -> None:
        super().__init__(tab)
        self._tab = tab
        self._form_at = ""
        self._name: SentForm | None = None
        self._sent: SentForm | None = None
        self._page: WebPage | None = None
        self.offer: Offer | None = None
        self.card: QWidget | None = None
        self._forget_sent = self._timer(_PATIENCE_MS, self.forget)
        self._forget_name = self._timer(_NAME_PATIENCE_MS, self._drop_name)
        tab.moved.connect(self._on_moved)

    @property
    def key(self) -> str:
        """What the key in the address bar is for."""
        if self.offer is not None:
            return "offer"
        return "form" if self._form_at and self._form_at == origin(self._tab.urlstr) else ""

    def hear(self, page: WebPage, word: str) -> None:
        """The script in the tab's page told something."""
        self._follow(page)
        if word == "form":
            self._form_at = origin(self._tab.urlstr) or ""
            self._tab.changed.emit()
        elif self._tab.context.private:
            return
        elif word in ("sent", "named"):
            self._tab.context.page_filters.sign_in.take(page, self._on_taken)
        elif word == "gone" and self._sent is not None:
            self._compare(self._sent)

    def forget(self) -> None:
        """What was typed is not kept."""
        self._sent, self.offer = None, None
        self._forget_sent.stop()
        if self.card is not None:
            self.card.close()
            self.card = None
        self._tab.changed.emit()

    def _drop_name(self) -> None:
        self._name = None

    def _follow(self, page: WebPage) -> None:
        if page is not self._page:
            self._page = page
            page.loadFinished.connect(lambda ok: self._on_loaded(page, ok))

    def _on_moved(self) -> None:
        if self._form_at and self._form_at != origin(self._tab.urlstr):
            self._form_at = ""

    def _on_taken(self, form: SentForm | None) -> None:
        if form is None or form.origin != origin(self._tab.urlstr):
            return
        if not form.password:
            self._name = form
            self._forget_name.start()
            return
        if not form.username and self._name is not None and self._name.origin == form.origin:
            form = form._replace(username=self._name.username)
        self._sent = form
        self._forget_sent.start()

    def _on_loaded(self, page: WebPage, ok: bool) -> None:
        if self._sent is not None and ok and page is self._tab.page:
            sent = self._sent
            self._tab.context.page_filters.sign_in.state(
                page, lambda state: self._judge(sent, state)
            )

    def _judge(self, sent: SentForm, state: FormState | None) -> None:
        if sent is not self._sent:
            return
        if state is not None and state.passwords:
            self.forget()
        else:
            self._compare(sent)

    def _compare(self, sent: SentForm) -> None:
        self._sent = None
        passwords = self._tab.context.passwords
        if sent.origin not in passwords.never:
            passwords.look(lambda kept: self._on_kept(sent, kept))

    def _on_kept(self, sent: SentForm, kept: Kept) -> None:
        change, login = compare(kept.logins, sent.origin + "/", sent.username, sent.password)
        if change is Change.SAME:
            return
        self.offer = Offer(sent, kept, login)
        self._forget_sent.start(_NAME_PATIENCE_MS)
        self._tab.changed.emit()
        if self._tab.isVisible():
            from myco_browser.ui.password_offer import show_offer

            show_offer(self._tab, self)

    def _timer(self, interval: int, act: object) -> QTimer:
        timer = QTimer(self)
        timer.setSingleShot(True)
        timer.setInterval(interval)
        if callable(act):
            timer.timeout.connect(act)
        return timer
