"""One page of the engine: what it may open, ask and navigate to, told as signals to its tab."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Protocol
from urllib.parse import unquote_plus

from PyQt6.QtCore import QObject, QTimer, QUrl, QUrlQuery, pyqtSignal
from PyQt6.QtWebEngineCore import (
    QWebEngineCertificateError,
    QWebEngineFullScreenRequest,
    QWebEngineLoadingInfo,
    QWebEngineNewWindowRequest,
    QWebEnginePage,
    QWebEngineProfile,
    QWebEngineScript,
)

from myco_browser.domain.urls import site_key
from myco_browser.web.filled_page import FilledPage
from myco_browser.web.gate import PageGate
from myco_browser.web.inspection import Inspections
from myco_browser.web.page_filters import PageFilters
from myco_browser.web.popups import WindowOrigin
from myco_browser.web.requests import encoded
from myco_browser.web.schemes import SCHEME
from myco_filters.request import Kind

_Navigation = QWebEnginePage.NavigationType
_BY_USER = (
    _Navigation.NavigationTypeTyped,
    _Navigation.NavigationTypeBackForward,
    _Navigation.NavigationTypeReload,
)
_OWN_WORLD = QWebEngineScript.ScriptWorldId.ApplicationWorld.value
# A page may not send the user to these; the address bar may.
_USER_ONLY_SCHEMES = frozenset({"file", "view-source", "chrome", "devtools"})


class Asker(Protocol):
    """Asks the user on behalf of a page; returns when the user answered or the tab closed."""

    def alert(self, origin: QUrl, text: str) -> None: ...

    def confirm(self, origin: QUrl, text: str) -> bool: ...

    def prompt(self, origin: QUrl, text: str, default: str) -> str | None: ...


class WebPage(QWebEnginePage):
    """A page whose failures and wishes are signals."""

    failed = pyqtSignal(QUrl, object, int)  # url, error domain, error code
    certificate_refused = pyqtSignal(object)  # a deferred QWebEngineCertificateError
    popup_blocked = pyqtSignal(QUrl)
    window_wanted = pyqtSignal(object)  # QWebEngineNewWindowRequest, to be opened at once
    search_wanted = pyqtSignal(str)
    own_link_clicked = pyqtSignal(QUrl)
    link_refused = pyqtSignal(QUrl)
    sending_refused = pyqtSignal(QUrl)  # a form with a filled password, to another site
    sign_in_told = pyqtSignal(str)  # a word of `SignInScript`
    full_screen_wanted = pyqtSignal(bool)

    def __init__(
        self,
        profile: QWebEngineProfile,
        asker: Asker,
        filters: PageFilters,
        inspections: Inspections,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(profile, parent)
        self.gate = PageGate(self, inspections)
        self._filters = filters
        self.filled = FilledPage()
        self._window = WindowOrigin(filters.popups)
        self._top = ""
        self._asker = asker
        self._user_url: QUrl | None = None
        self._waited: QUrl | None = None
        self._awaited: tuple[str, Callable[[str], None]] | None = None
        self.loadingChanged.connect(self._on_loading_changed)
        self.urlChanged.connect(lambda _url: self.filled.arrive())
        self.loadFinished.connect(self._on_loaded)
        self.certificateError.connect(self._on_certificate_error)
        self.newWindowRequested.connect(self._on_new_window)
        self.fullScreenRequested.connect(self._on_full_screen)

    def load_for_user(self, url: QUrl) -> None:
        """Loads what the user typed or chose; such an address may name a file or an own page."""
        self._user_url = url
        if url.scheme() == SCHEME:
            self.gate.stop()
            self.load(url)
        else:
            self.gate.hold(lambda: self.load(url))
            self.gate.begin()

    def await_arrival(self, at: str, arrived: Callable[[str], None]) -> None:
        """As soon as this page is led to the address `at`, `arrived` is told the whole of it.

        Nobody is asked for it then: it carries what a sign-in needs (RFC 8252, 8.1).
        """
        self._awaited = (at, arrived)

    def _arrives(self, urlstr: str) -> bool:
        if self._awaited is None or urlstr.partition("?")[0] != self._awaited[0]:
            return False
        _at, arrived = self._awaited
        self._awaited = None
        arrived(urlstr)
        return True

    def acceptNavigationRequest(
        self, url: QUrl, navigation: QWebEnginePage.NavigationType, is_main_frame: bool
    ) -> bool:
        if is_main_frame and self._arrives(encoded(url)):
            return False
        accepted = self._accept(url, navigation, is_main_frame)
        if accepted and navigation == _Navigation.NavigationTypeFormSubmitted:
            accepted = self._may_send(url)
        if accepted and navigation == _Navigation.NavigationTypeRedirect:
            accepted = self._follow(encoded(url), is_main_frame)
        if accepted and is_main_frame:
            filters = self._filters
            self.gate.follow(filters.open_sites.covers(url), filters.agents.agent(url))
        if accepted and is_main_frame and self._has_to_wait(url, navigation):
            self._wait_for(url, navigation)
            return False
        if accepted:
            if is_main_frame:
                self._top = encoded(url)
            self._filters.prepare(url, self._top)
        return accepted

    def _may_send(self, url: QUrl) -> bool:
        """A form goes to `url`: not with a password that is for another site."""
        allowed = self.filled.may_send(encoded(url))
        if not allowed:
            self.sending_refused.emit(url)
        return allowed

    def _follow(self, urlstr: str, is_main_frame: bool) -> bool:
        """A server sends us to `urlstr`; False when another address is loaded instead."""
        target = self._filters.hop(self._top, urlstr, is_main_frame)
        if target is None:
            return True
        if self._window.may_go(target, by_user=False):
            # Later: the engine is in the middle of asking.
            QTimer.singleShot(0, lambda: self.load(QUrl(target)))
        else:
            self._refuse_window()
        return False

    def _has_to_wait(self, url: QUrl, navigation: QWebEnginePage.NavigationType) -> bool:
        # A form's content would be lost; the page script alone prepares what it opens.
        sent = navigation == _Navigation.NavigationTypeFormSubmitted
        return not (self.gate.is_open or sent) and url.scheme() in ("http", "https")

    def _place_of(self, url: QUrl) -> int | None:
        """Where in the history the page stands that is loaded again or gone back to."""
        history = self.history()
        if history is None or history.count() == 0 or history.currentItem().url() != url:
            return None
        return history.currentItemIndex()

    def _wait_for(self, url: QUrl, navigation: QWebEnginePage.NavigationType) -> None:
        """Goes to `url` when the gate opens, as it would have gone now."""
        place = self._place_of(url)
        source = self._top or self._window.opened_by
        by_user = self._is_users(url, navigation)
        is_led = bool(source) and not by_user and site_key(source) != site_key(encoded(url))
        self.gate.hold(lambda: self._go_on(url, place, is_led=is_led, by_user=by_user))

    def _is_users(self, url: QUrl, navigation: QWebEnginePage.NavigationType) -> bool:
        # What waited is loaded by us, and so looks like the user's own wish.
        return url == self._user_url or (navigation in _BY_USER and url != self._waited)

    def _go_on(self, url: QUrl, place: int | None, *, is_led: bool, by_user: bool) -> None:
        """Loads what waited; what has a place in the history keeps it.

        `is_led`: another site leads here. Loaded by us, it would count as the user's own wish and
        get cookies that are kept from other sites (SameSite=Strict), so the page goes by itself.
        """
        history = self.history()
        self._waited = None if by_user else url
        if is_led:
            self.runJavaScript(f"location.assign({json.dumps(encoded(url))})", _OWN_WORLD)
        elif place is None or history is None:
            self.load(url)
        elif history.currentItemIndex() == place:
            self.triggerAction(QWebEnginePage.WebAction.Reload)
        else:
            history.goToItem(history.itemAt(place))

    def _accept(
        self, url: QUrl, navigation: QWebEnginePage.NavigationType, is_main_frame: bool
    ) -> bool:
        scheme = url.scheme()
        if scheme == SCHEME and url.host() == "search":
            raw = QUrlQuery(url).queryItemValue("q", QUrl.ComponentFormattingOption.FullyEncoded)
            self.search_wanted.emit(unquote_plus(raw))
            return False
        from_user = self._is_users(url, navigation)
        if is_main_frame and not self._window.may_go(encoded(url), by_user=from_user):
            self._refuse_window()
            return False
        if self._is_link_of_ours(url, navigation):
            self.own_link_clicked.emit(url)
            return False
        if scheme == SCHEME:
            return from_user or self.url().scheme() in ("", SCHEME)
        if scheme in _USER_ONLY_SCHEMES and not from_user:
            own = self.url().scheme() == scheme
            if not own:
                self.link_refused.emit(url)
            return own
        # A top-level data: page has no address to judge it by.
        return scheme != "data" or not is_main_frame or from_user

    def _refuse_window(self) -> None:
        """A filter is against where this window goes: one that was opened for it goes away."""
        if self._window.is_popup:
            # Later: the engine is in the middle of asking.
            QTimer.singleShot(0, self.windowCloseRequested.emit)

    def _is_link_of_ours(self, url: QUrl, navigation: QWebEnginePage.NavigationType) -> bool:
        # The engine keeps local pages from the web altogether; a click there is the user's choice.
        return (
            navigation == _Navigation.NavigationTypeLinkClicked
            and self.url().scheme() == SCHEME
            and url.scheme() in ("http", "https")
        )

    # Dialogs. The engine waits for the answer.

    def javaScriptAlert(self, origin: QUrl, text: str | None) -> None:
        self._asker.alert(origin, text or "")

    def javaScriptConfirm(self, origin: QUrl, text: str | None) -> bool:
        return self._asker.confirm(origin, text or "")

    def javaScriptPrompt(
        self, origin: QUrl, text: str | None, default: str | None
    ) -> tuple[bool, str]:
        answer = self._asker.prompt(origin, text or "", default or "")
        return (answer is not None, answer or "")

    def javaScriptConsoleMessage(
        self,
        _level: QWebEnginePage.JavaScriptConsoleMessageLevel,
        message: str | None,
        _line: int,
        _source: str | None,
    ) -> None:
        """Only our own script is heard; the developer tools show the rest."""
        if (word := self._filters.sign_in.word(message)) is not None:
            self.sign_in_told.emit(word)
        else:
            self._filters.hear(self, message)

    # Signals of the engine.

    def _on_loaded(self, _ok: bool) -> None:
        self._waited = None
        self._window.arrived(encoded(self.url()))

    def _on_loading_changed(self, info: QWebEngineLoadingInfo) -> None:
        status = QWebEngineLoadingInfo.LoadStatus
        self.filled.load(info.status())
        if info.status() == status.LoadFailedStatus:
            self.failed.emit(info.url(), info.errorDomain(), info.errorCode())

    def _on_certificate_error(self, error: QWebEngineCertificateError) -> None:
        if not error.isMainFrame():
            error.rejectCertificate()
            return
        deferred = QWebEngineCertificateError(error)
        deferred.defer()
        self.certificate_refused.emit(deferred)

    def _on_new_window(self, request: QWebEngineNewWindowRequest) -> None:
        target, own = encoded(request.requestedUrl()), encoded(self.url())
        allowed = self._filters.popups.allow(target, own, Kind.POPUP)
        allowed = allowed and self.filled.may_send(target)
        if allowed and request.isUserInitiated():
            self._window.opens(target, own)
            with self._filters.popups.opened_by(own):
                self.window_wanted.emit(request)
        else:
            self.popup_blocked.emit(request.requestedUrl())

    def _on_full_screen(self, request: QWebEngineFullScreenRequest) -> None:
        request.accept()
        self.full_screen_wanted.emit(request.toggleOn())


PageFactory = Callable[[Asker], WebPage]
