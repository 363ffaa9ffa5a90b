"""Where letters are shown: a profile of their own that keeps, runs and asks for nothing.

Five layers, each tested by itself: the HTML was made safe before (`mail.safe_html`); a content
policy in the document; no JavaScript, storage or cookies; an interceptor that refuses every
request but those for the letter and, when the user allowed it, for pictures that no filter is
against; and no navigation at all: links are told as a signal.
"""

from __future__ import annotations

import logging
import secrets
from collections.abc import Callable
from dataclasses import dataclass

from PyQt6.QtCore import QBuffer, QByteArray, QIODevice, QObject, QUrl, pyqtSignal
from PyQt6.QtWebEngineCore import (
    QWebEngineNewWindowRequest,
    QWebEnginePage,
    QWebEngineProfile,
    QWebEngineSettings,
    QWebEngineUrlRequestInfo,
    QWebEngineUrlRequestInterceptor,
    QWebEngineUrlRequestJob,
    QWebEngineUrlSchemeHandler,
)

from myco_browser.domain.identity import SessionIdentity
from myco_browser.web.requests import encoded
from myco_browser.web.schemes import MAIL

_log = logging.getLogger(__name__)
_Attribute = QWebEngineSettings.WebAttribute
_Navigation = QWebEnginePage.NavigationType
_OFF = (
    _Attribute.JavascriptEnabled, _Attribute.JavascriptCanOpenWindows,
    _Attribute.JavascriptCanAccessClipboard, _Attribute.LocalStorageEnabled,
    _Attribute.PluginsEnabled, _Attribute.PdfViewerEnabled, _Attribute.DnsPrefetchEnabled,
    _Attribute.HyperlinkAuditingEnabled, _Attribute.AutoLoadIconsForPage,
    _Attribute.WebGLEnabled, _Attribute.Accelerated2dCanvasEnabled,
    _Attribute.FullScreenSupportEnabled, _Attribute.NavigateOnDropEnabled,
    _Attribute.LocalContentCanAccessRemoteUrls, _Attribute.LocalContentCanAccessFileUrls,
)  # fmt: skip
MayLoad = Callable[[str], bool]
"""Whether the filters let a picture from elsewhere be loaded."""


@dataclass(frozen=True, slots=True)
class ShownLetter:
    """A whole document, and the pictures that it has in itself: kind and bytes."""

    html: str
    pictures: tuple[tuple[str, bytes], ...]
    remote: bool


class MailEngine(QObject):
    """The profile for letters, and what is shown now. One for a session."""

    def __init__(
        self, identity: SessionIdentity, may_load: MayLoad, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self.letters: dict[str, ShownLetter] = {}
        self.refused: list[str] = []
        """Addresses of which the interceptor refused to ask; for tests and the log."""
        self.profile = profile = QWebEngineProfile(self)
        profile.setHttpCacheType(QWebEngineProfile.HttpCacheType.NoCache)
        profile.setPersistentCookiesPolicy(
            QWebEngineProfile.PersistentCookiesPolicy.NoPersistentCookies
        )
        profile.setHttpUserAgent(identity.user_agent)
        profile.setHttpAcceptLanguage(identity.accept_language)
        if (hints := profile.clientHints()) is not None:
            hints.setAllClientHintsEnabled(False)
        profile.setPushServiceEnabled(False)
        profile.setSpellCheckEnabled(False)
        if (settings := profile.settings()) is not None:
            for attribute in _OFF:
                settings.setAttribute(attribute, False)
            settings.setUnknownUrlSchemePolicy(
                QWebEngineSettings.UnknownUrlSchemePolicy.DisallowUnknownUrlSchemes
            )
        if (store := profile.cookieStore()) is not None:
            store.setCookieFilter(lambda _request: False)
        self._guard = _Guard(self, may_load)
        profile.setUrlRequestInterceptor(self._guard)
        self._answers = _Answers(self)
        profile.installUrlSchemeHandler(MAIL.encode(), self._answers)
        # A letter is no reason to download anything; attachments take another way.
        profile.downloadRequested.connect(lambda download: download.cancel())


class LetterPage(QWebEnginePage):
    """One letter. `link_chosen` carries where a link leads that the user clicked."""

    link_chosen = pyqtSignal(QUrl)

    def __init__(self, engine: MailEngine, parent: QObject | None = None) -> None:
        super().__init__(engine.profile, parent)
        self._engine = engine
        self._key = ""
        self._awaited = QUrl()
        self.newWindowRequested.connect(self._on_new_window)
        self.destroyed.connect(lambda: engine.letters.pop(self._key, None))

    def show_letter(self, letter: ShownLetter) -> None:
        """Shows a letter in place of the one before."""
        self._engine.letters.pop(self._key, None)
        self._key = secrets.token_hex(8)
        self._engine.letters[self._key] = letter
        self._awaited = QUrl(f"{MAIL}://{self._key}/")
        self.load(self._awaited)

    def acceptNavigationRequest(
        self, url: QUrl, navigation: QWebEnginePage.NavigationType, is_main_frame: bool
    ) -> bool:
        # The one address that we asked for ourselves, once.
        if is_main_frame and url == self._awaited and navigation == _Navigation.NavigationTypeTyped:
            self._awaited = QUrl()
            return True
        if navigation == _Navigation.NavigationTypeLinkClicked and is_main_frame:
            self._tell(url)
        return False

    def javaScriptConsoleMessage(
        self, level: object, message: str | None, line: int, source: str | None
    ) -> None:
        """What the engine says of a stranger's document is of no interest."""

    def _on_new_window(self, request: QWebEngineNewWindowRequest) -> None:
        if request.isUserInitiated():
            self._tell(request.requestedUrl())

    def _tell(self, url: QUrl) -> None:
        if url.scheme() in ("http", "https", "mailto"):
            self.link_chosen.emit(url)


class _Guard(QWebEngineUrlRequestInterceptor):
    """Refuses everything but the letter itself and allowed pictures. Fails closed."""

    def __init__(self, engine: MailEngine, may_load: MayLoad) -> None:
        super().__init__(engine)
        self._engine = engine
        self._may_load = may_load

    def interceptRequest(self, info: QWebEngineUrlRequestInfo) -> None:
        try:
            if not self._is_allowed(info):
                info.block(True)
                self._engine.refused.append(encoded(info.requestUrl()))
                del self._engine.refused[:-200]
        except Exception:
            info.block(True)
            _log.exception("a request of a letter was blocked because deciding on it failed")

    def _is_allowed(self, info: QWebEngineUrlRequestInfo) -> bool:
        url = info.requestUrl()
        kind = info.resourceType()
        types = QWebEngineUrlRequestInfo.ResourceType
        if url.scheme() == MAIL:
            return url.host() in self._engine.letters
        if url.scheme() == "data":
            return bool(kind == types.ResourceTypeImage)
        letter = self._engine.letters.get(info.firstPartyUrl().host())
        return bool(
            letter is not None
            and letter.remote
            and kind == types.ResourceTypeImage
            and url.scheme() in ("http", "https")
            and info.requestMethod() == b"GET"
            and self._may_load(encoded(url))
        )


class _Answers(QWebEngineUrlSchemeHandler):
    """Gives the engine the letter and the pictures within it."""

    def __init__(self, engine: MailEngine) -> None:
        super().__init__(engine)
        self._engine = engine

    def requestStarted(self, job: QWebEngineUrlRequestJob | None) -> None:
        if job is None:
            return
        url = job.requestUrl()
        letter = self._engine.letters.get(url.host())
        folder, _, number = url.path().removeprefix("/").partition("/")
        if letter is None or job.requestMethod() != b"GET":
            job.fail(QWebEngineUrlRequestJob.Error.UrlNotFound)
        elif not folder:
            _reply(job, "text/html;charset=utf-8", letter.html.encode("utf-8", "replace"))
        elif folder == "picture" and number.isdecimal() and int(number) < len(letter.pictures):
            _reply(job, *letter.pictures[int(number)])
        else:
            job.fail(QWebEngineUrlRequestJob.Error.UrlNotFound)


def _reply(job: QWebEngineUrlRequestJob, kind: str, body: bytes) -> None:
    buffer = QBuffer(job)
    buffer.setData(QByteArray(body))
    buffer.open(QIODevice.OpenModeFlag.ReadOnly)
    job.reply(kind.encode("ascii"), buffer)


def document(body: str, style: str, *, remote: bool) -> str:
    """A whole document around safe HTML, with a policy that allows pictures and styles only."""
    elsewhere = " https: http:" if remote else ""
    policy = (
        f"default-src 'none'; img-src {MAIL}: data:{elsewhere}; style-src 'unsafe-inline'; "
        "form-action 'none'; base-uri 'none'; frame-src 'none'; object-src 'none'"
    )
    return (
        '<!doctype html><html><head><meta charset="utf-8">'
        f'<meta http-equiv="Content-Security-Policy" content="{policy}">'
        '<meta name="referrer" content="no-referrer">'
        '<meta http-equiv="x-dns-prefetch-control" content="off">'
        '<meta name="viewport" content="width=device-width">'
        f"<style>{style}</style></head><body>{body}</body></html>"
    )
