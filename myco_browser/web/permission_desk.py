"""Where pages' wishes arrive: answered from memory, or kept until the user answers.

Our own store remembers; the engine is to remember nothing. What it keeps all the same while it
runs is taken back: after “once” when the page is left, and when the user thinks better of it.
"""

from __future__ import annotations

import contextlib
from collections.abc import Callable
from dataclasses import dataclass, field

from PyQt6.QtCore import QEventLoop, QObject, QUrl, pyqtSignal
from PyQt6.QtWebEngineCore import (
    QWebEngineDesktopMediaRequest,
    QWebEnginePage,
    QWebEnginePermission,
)

from myco_browser.domain.asking import Answer, is_offered
from myco_browser.domain.identity import SessionIdentity
from myco_browser.domain.site_settings import Decision, Permission, SiteSettings
from myco_browser.domain.urls import site_key
from myco_browser.services.site_store import SiteStore
from myco_browser.web.requests import encoded

_Type = QWebEnginePermission.PermissionType
_KNOWN: dict[_Type, tuple[Permission, ...]] = {
    _Type.MediaAudioCapture: (Permission.MICROPHONE,),
    _Type.MediaVideoCapture: (Permission.CAMERA,),
    _Type.MediaAudioVideoCapture: (Permission.CAMERA, Permission.MICROPHONE),
    _Type.MouseLock: (Permission.POINTER_LOCK,),
    _Type.Notifications: (Permission.NOTIFICATIONS,),
    _Type.Geolocation: (Permission.LOCATION,),
    _Type.ClipboardReadWrite: (Permission.CLIPBOARD,),
    _Type.LocalFontsAccess: (Permission.LOCAL_FONTS,),
}
_SCREENS = frozenset({_Type.DesktopVideoCapture, _Type.DesktopAudioVideoCapture})
_MOST_KEPT = 64


@dataclass(eq=False, slots=True)
class Ask:
    """What a page waits for. `top_host` is the page on top where another site in it asks.

    `sources` are the screens and windows to choose from, when it is about sharing one.
    """

    host: str
    top_host: str
    wanted: tuple[Permission, ...]
    may_remember: bool
    finish: Callable[[Answer, int], None]
    sources: tuple[str, ...] = ()


@dataclass(slots=True)
class _Page:
    """What is open at one page."""

    waiting: list[Ask] = field(default_factory=list)
    once: list[QWebEnginePermission] = field(default_factory=list)
    shares_screen: bool = False


class PermissionDesk(QObject):
    """The wishes of a session's pages. Qt thread only."""

    changed = pyqtSignal(object)  # the page

    def __init__(self, sites: SiteStore, identity: SessionIdentity, parent: QObject) -> None:
        super().__init__(parent)
        self._sites = sites
        self._identity = identity
        self._pages: dict[QWebEnginePage, _Page] = {}
        self._kept: dict[str, list[tuple[tuple[Permission, ...], QWebEnginePermission]]] = {}
        sites.observe(self._on_site)

    def watch(self, page: QWebEnginePage) -> None:
        """Answers what `page` asks for from now on."""
        self._pages[page] = _Page()
        page.permissionRequested.connect(lambda request: self._on_request(page, request))
        page.desktopMediaRequested.connect(lambda request: self._on_screen(page, request))
        page.loadStarted.connect(lambda: self._leave(page))
        page.urlChanged.connect(lambda url: self._refuse_others(page, url.host()))

    def release(self, page: QWebEnginePage) -> None:
        """The page is about to go."""
        self._leave(page)
        self._pages.pop(page, None)

    def waiting(self, page: QWebEnginePage) -> tuple[Ask, ...]:
        """What the page waits for, the oldest first."""
        found = self._pages.get(page)
        return tuple(found.waiting) if found is not None else ()

    def answer(self, page: QWebEnginePage, ask: Ask, answer: Answer, source: int = 0) -> None:
        """The user answered; raises OSError when it holds but cannot be kept."""
        found = self._pages.get(page)
        if found is None or ask not in found.waiting:
            return
        found.waiting.remove(ask)
        try:
            ask.finish(answer, source)
        finally:
            self.changed.emit(page)

    # Requests

    def _on_request(self, page: QWebEnginePage, request: QWebEnginePermission) -> None:
        asked = QWebEnginePermission(request)
        kind, place = asked.permissionType(), self._pages.get(page)
        if place is None:
            asked.deny()
        elif kind in _SCREENS:
            # What is shared was chosen just before.
            is_chosen, place.shares_screen = place.shares_screen, False
            self._settle(page, asked, granted=is_chosen)
        else:
            wanted = _KNOWN.get(kind, ())
            offered = all(is_offered(one, self._identity) for one in wanted)
            if wanted and offered:
                self._decide(page, place, asked, wanted)
            else:
                asked.deny()

    def _decide(
        self,
        page: QWebEnginePage,
        place: _Page,
        request: QWebEnginePermission,
        wanted: tuple[Permission, ...],
    ) -> None:
        origin, top = QUrl(request.origin()), page.url()
        site = site_key(encoded(origin))
        is_framed = site != site_key(encoded(top))
        known = [self._sites.get(site).decision(one) for one in wanted]
        if Decision.BLOCK in known:
            self._keep(site, wanted, request)
            request.deny()
        elif all(one is Decision.ALLOW for one in known) and not is_framed:
            self._keep(site, wanted, request)
            request.grant()
        else:

            def finish(answer: Answer, _source: int) -> None:
                self._finish(page, request, site, wanted, answer)

            top_host = top.host() if is_framed else ""
            may_remember = site is not None and not is_framed
            place.waiting.append(Ask(origin.host(), top_host, wanted, may_remember, finish))
            self.changed.emit(page)

    def _finish(
        self,
        page: QWebEnginePage,
        request: QWebEnginePermission,
        site: str | None,
        wanted: tuple[Permission, ...],
        answer: Answer,
    ) -> None:
        if answer in (Answer.ONCE, Answer.NOT_NOW):
            self._settle(page, request, granted=answer is Answer.ONCE)
            return
        allowed = answer is Answer.ALWAYS
        request.grant() if allowed else request.deny()
        if site is None:
            return
        decision = Decision.ALLOW if allowed else Decision.BLOCK
        settings = self._sites.get(site)
        for permission in wanted:
            settings = settings.with_decision(permission, decision)
        self._sites.put(site, settings)
        self._keep(site, wanted, request)

    def _settle(
        self, page: QWebEnginePage, request: QWebEnginePermission, *, granted: bool
    ) -> None:
        """Holds until the page is left."""
        request.grant() if granted else request.deny()
        if (place := self._pages.get(page)) is not None:
            place.once.append(request)

    def _on_screen(self, page: QWebEnginePage, request: QWebEngineDesktopMediaRequest) -> None:
        """The engine waits here for what is to be shared; it is chosen anew each time."""
        place = self._pages.get(page)
        if place is None or not is_offered(Permission.SCREEN, self._identity):
            request.cancel()
            return
        models = (request.screensModel(), request.windowsModel())
        rows = [
            (model, model.index(row, 0))
            for model in models
            if model is not None
            for row in range(model.rowCount())
        ]
        chosen: list[int] = []
        loop = QEventLoop(self)

        def finish(answer: Answer, source: int) -> None:
            if answer is Answer.ONCE and source < len(rows):
                chosen.append(source)
            loop.quit()

        names = tuple(str(model.data(index) or "") for model, index in rows)
        host = page.url().host()
        place.waiting.append(Ask(host, "", (Permission.SCREEN,), False, finish, names))
        self.changed.emit(page)
        loop.exec()
        if not chosen:
            request.cancel()
            return
        place.shares_screen = True
        model, index = rows[chosen[0]]
        if model is models[0]:
            request.selectScreen(index)
        else:
            request.selectWindow(index)

    # What ends

    def _leave(self, page: QWebEnginePage) -> None:
        """The page is left: what waits is refused, what was given once is taken back."""
        place = self._pages.get(page)
        if place is None:
            return
        waiting, place.waiting = place.waiting, []
        for ask in waiting:
            ask.finish(Answer.NOT_NOW, 0)
        once, place.once, place.shares_screen = place.once, [], False
        for request in once:
            request.reset()
        if waiting:
            self.changed.emit(page)

    def _refuse_others(self, page: QWebEnginePage, host: str) -> None:
        """The page that was left could still ask until the next one was there."""
        place = self._pages.get(page)
        if place is None:
            return
        late = [ask for ask in place.waiting if (ask.top_host or ask.host) != host]
        place.waiting = [ask for ask in place.waiting if ask not in late]
        for ask in late:
            ask.finish(Answer.NOT_NOW, 0)
        if late:
            self.changed.emit(page)

    def _keep(
        self, site: str | None, wanted: tuple[Permission, ...], request: QWebEnginePermission
    ) -> None:
        if site is not None:
            kept = self._kept.setdefault(site, [])
            kept.append((wanted, request))
            del kept[:-_MOST_KEPT]

    def _on_site(self, site: str, settings: SiteSettings) -> None:
        """The engine forgets what the user decided otherwise, or forgot."""
        staying = []
        for wanted, request in self._kept.pop(site, []):
            known = {settings.decision(one) for one in wanted}
            state = request.state()
            held = Decision.ALLOW if state == QWebEnginePermission.State.Granted else Decision.BLOCK
            if known == {held}:
                staying.append((wanted, request))
            else:
                with contextlib.suppress(RuntimeError):
                    request.reset()
        if staying:
            self._kept[site] = staying
