"""The panel below the key: fills a password into the page in front, because the user says so.

The panel is the browser's own window: a page can neither cover it nor press its buttons.
"""

from __future__ import annotations

from collections.abc import Callable

from PyQt6.QtCore import QSize, Qt
from PyQt6.QtWidgets import QCheckBox, QPushButton

from myco_browser.domain.logins import Login, of_origin, of_relatives, same_site
from myco_browser.domain.lookalikes import shown_host
from myco_browser.domain.urls import host_of, origin
from myco_browser.services.password_store import Opening
from myco_browser.services.passwords import Kept
from myco_browser.ui.i18n import _
from myco_browser.ui.icons import icon
from myco_browser.ui.panels import Panel, text_label
from myco_browser.ui.password_fields import UnlockRow
from myco_browser.ui.password_maker import MakerRow
from myco_browser.ui.password_offer import show_offer, warnings_of
from myco_browser.ui.tab import Tab
from myco_browser.ui.window import BrowserWindow
from myco_browser.web.page import WebPage
from myco_browser.web.sign_in import FormState

_MOST_SHOWN = 6


def show_password_panel(window: BrowserWindow, open_all: Callable[[], None]) -> None:
    """What there is for the page in front; an offer that waits comes first."""
    tab = window.current()
    if tab.key == "offer" and tab.sign_ins is not None:
        show_offer(tab, tab.sign_ins)
        return
    page = tab.page
    if page is None or tab.failure is not None or origin(tab.urlstr) is None:
        window.tell("info", _("Passwords are for pages of the web."))
        return
    passwords, script = window.context.passwords, window.context.page_filters.sign_in

    def show(state: FormState | None, kept: Kept) -> None:
        if window.tabs.current is tab and tab.page is page:
            panel = PasswordPanel(window, tab, page, state, kept, open_all)
            panel.show_below(window.address.key if tab.key else window.address.chip)

    script.state(page, lambda state: passwords.look(lambda kept: show(state, kept)))


class PasswordPanel(Panel):
    """What fits the page: to be filled, or only to be shown."""

    def __init__(
        self, window: BrowserWindow, tab: Tab, page: WebPage, state: FormState | None, kept: Kept,
        open_all: Callable[[], None],
    ) -> None:  # fmt: skip
        super().__init__(window, _("Passwords for this page"), 380)
        self._tab = tab
        self._page = page
        self._state = state
        self._urlstr = tab.urlstr
        self._open_all = open_all
        self.rows: list[QPushButton] = []
        self.agree: QCheckBox | None = None
        self.add_heading(_("Passwords for this page"))
        self.column.addWidget(text_label(shown_host(tab.url.host()), "quiet"))
        if kept.opening is Opening.NOTHING:
            self._fill(kept)
        else:
            context = window.context
            self.unlock = UnlockRow(context.face, context.passwords, kept, self._reopen)
            self.column.addWidget(self.unlock)
            self.unlock.field.setFocus(Qt.FocusReason.PopupFocusReason)

    def _fill(self, kept: Kept) -> None:
        if kept.problem:
            self.add_row("warning", _("The passwords cannot be read"), kept.problem, "danger")
            return
        risks = [*warnings_of(self._urlstr, kept.logins), *self._foreign_target()]
        for risk in risks:
            self.add_row("warning", risk, tone="danger")
        mine = of_origin(kept.logins, self._urlstr)
        can_fill = self._state is not None and self._state.is_there
        if mine and can_fill and risks:
            self.agree = self.add_switch(_("Fill it in all the same"), False, self._enable)
        for login in mine[:_MOST_SHOWN]:
            self._add_login(login, enabled=can_fill and not risks)
        if not mine:
            self.column.addWidget(text_label(_("Nothing is kept for this address."), "quiet"))
        elif not can_fill:
            self.column.addWidget(
                text_label(_("There is no form to fill in on this page."), "quiet")
            )
        self._add_relatives(kept)
        if self._state is not None and self._state.asks_new:
            self.add_rule()
            self.maker = MakerRow(self._face, self._use_new)
            self.column.addWidget(self.maker)
        self.add_rule()
        if not self._window.context.passwords.writable:
            text = _("Private windows fill in passwords of your everyday windows, and keep none.")
            self.column.addWidget(text_label(text, "small"))
        else:
            more = QPushButton(_("All passwords"))
            more.setObjectName("link")
            more.clicked.connect(self._show_all)
            self.column.addWidget(more, 0, Qt.AlignmentFlag.AlignLeft)
        if self.rows:
            self.rows[0].setFocus(Qt.FocusReason.PopupFocusReason)

    def _add_login(self, login: Login, *, enabled: bool) -> None:
        button = QPushButton(login.username or _("(no name)"))
        button.setObjectName("login")
        button.setIcon(icon("key", self._face.accent, 18))
        button.setIconSize(QSize(18, 18))
        button.setEnabled(enabled)
        button.setAccessibleName(
            _("Fill in the password of {name}").format(name=login.username or _("(no name)"))
        )
        button.clicked.connect(lambda: self._use(login))
        self.rows.append(button)
        self.column.addWidget(button)

    def _add_relatives(self, kept: Kept) -> None:
        others = of_relatives(kept.logins, self._urlstr)
        if not others:
            return
        self.add_rule()
        self.column.addWidget(text_label(_("Kept for other addresses of this site"), "strong"))
        note = _("They are shown only: a password is filled in where it belongs and nowhere else.")
        self.column.addWidget(text_label(note, "small"))
        for login in others[:_MOST_SHOWN]:
            host = shown_host(host_of(login.origin + "/") or "")
            scheme = "http://" if login.origin.startswith("http:") else ""
            name = login.username or _("(no name)")
            self.column.addWidget(text_label(f"{name} · {scheme}{host}", "quiet"))

    def _foreign_target(self) -> list[str]:
        targets = self._state.targets if self._state is not None else ()
        text = _("The form on this page sends what is typed to another site: {host}.")
        return [
            text.format(host=shown_host(host_of(one) or one[:60]))
            for one in targets
            if origin(one) is not None and not same_site(self._urlstr, one)
        ][:1]

    def _enable(self, on: bool) -> None:
        for row in self.rows:
            row.setEnabled(on)

    def _use(self, login: Login) -> None:
        self.close()
        if origin(self._tab.urlstr) != login.origin or self._tab.page is not self._page:
            return
        agreed = self._state.targets if self._state is not None and self.agree is not None else ()
        # Before it is filled: a page may send a form as soon as it is complete.
        self._page.filled.fill(login.origin, agreed)
        script = self._window.context.page_filters.sign_in
        script.fill(self._page, login.origin, login.username, login.password, self._on_filled)
        self._tab.setFocus()

    def _use_new(self, password: str) -> None:
        self.close()
        place = origin(self._tab.urlstr)
        if place is not None and self._tab.page is self._page:
            self._page.filled.fill(place, ())
            script = self._window.context.page_filters.sign_in
            script.fill_new(self._page, place, password, self._on_filled)

    def _on_filled(self, refusal: str) -> None:
        if refusal:
            self._window.tell("warning", refusal_words(refusal))

    def _reopen(self, _kept: Kept) -> None:
        self.close()
        show_password_panel(self._window, self._open_all)

    def _show_all(self) -> None:
        self.close()
        self._open_all()


def refusal_words(refusal: str) -> str:
    """Why nothing was filled in."""
    match refusal:
        case "hidden":
            return _("Nothing was filled in: the page hides the field for the password.")
        case "covered":
            return _("Nothing was filled in: something lies above the field for the password.")
        case "elsewhere":
            return _("Nothing was filled in: another page is there by now.")
        case _:
            return _("Nothing was filled in: there is no form for it on this page.")
