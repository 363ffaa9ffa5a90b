"""The schemes of our own: `myco:` for the browser's pages, one for stand-ins, one for letters."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from PyQt6.QtCore import QBuffer, QByteArray, QIODevice, QObject, QUrl
from PyQt6.QtWebEngineCore import (
    QWebEngineUrlRequestJob,
    QWebEngineUrlScheme,
    QWebEngineUrlSchemeHandler,
)

from myco_resources.standins import stand_in

SCHEME = "myco"
STAND_INS = "myco-stand-in"
MAIL = "myco-letter"
START_PAGE = f"{SCHEME}://start/"
FARES = f"{SCHEME}://fares/"
"""Not a page: what a private session is asked for by this address (see `ui.fare_window`)."""

Renderer = Callable[[], str]
Form = Callable[[str], str | None]


def stand_in_url(name: str) -> QUrl:
    """Where the engine finds the stand-in of that canonical name."""
    return QUrl(f"{STAND_INS}://resource/{name}")


def register_scheme() -> None:
    """Makes our schemes known to the engine. Must be called before QApplication exists."""
    _register_stand_ins()
    # Only the profile for letters answers it.
    letters = QWebEngineUrlScheme(MAIL.encode())
    letters.setSyntax(QWebEngineUrlScheme.Syntax.Host)
    letters.setFlags(QWebEngineUrlScheme.Flag.SecureScheme)
    QWebEngineUrlScheme.registerScheme(letters)
    scheme = QWebEngineUrlScheme(SCHEME.encode())
    scheme.setSyntax(QWebEngineUrlScheme.Syntax.Host)
    # Local: web pages can neither link to these pages nor frame them.
    scheme.setFlags(
        QWebEngineUrlScheme.Flag.SecureScheme
        | QWebEngineUrlScheme.Flag.LocalScheme
        | QWebEngineUrlScheme.Flag.LocalAccessAllowed
    )
    QWebEngineUrlScheme.registerScheme(scheme)


def _register_stand_ins() -> None:
    scheme = QWebEngineUrlScheme(STAND_INS.encode())
    scheme.setSyntax(QWebEngineUrlScheme.Syntax.Host)
    # Pages under a policy of their own must be able to get them, as they would the original.
    scheme.setFlags(
        QWebEngineUrlScheme.Flag.SecureScheme
        | QWebEngineUrlScheme.Flag.CorsEnabled
        | QWebEngineUrlScheme.Flag.ContentSecurityPolicyIgnored
        | QWebEngineUrlScheme.Flag.FetchApiAllowed
    )
    QWebEngineUrlScheme.registerScheme(scheme)


class StandIns(QWebEngineUrlSchemeHandler):
    """Answers in place of resources that filters redirect."""

    def requestStarted(self, job: QWebEngineUrlRequestJob | None) -> None:
        if job is None:
            return
        found = stand_in(job.requestUrl().path().removeprefix("/"))
        if found is None:
            job.fail(QWebEngineUrlRequestJob.Error.UrlNotFound)
            return
        # As readable across sites as an empty answer is harmless.
        job.setAdditionalResponseHeaders({b"Access-Control-Allow-Origin": [b"*"]})
        _reply(job, found.kind, found.body)


class OwnPages(QWebEngineUrlSchemeHandler):
    """Answers `myco://NAME/` with the page that `renderers[NAME]` makes at that moment.

    A page with a form sends it to itself: `forms[NAME]` is given the query, and answers with the
    address of the page that follows, or None when it was no form that was sent.
    """

    def __init__(
        self,
        renderers: Mapping[str, Renderer],
        forms: Mapping[str, Form],
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._renderers = renderers
        self._forms = forms

    def requestStarted(self, job: QWebEngineUrlRequestJob | None) -> None:
        if job is None:
            return
        name = job.requestUrl().host()
        renderer, form = self._renderers.get(name), self._forms.get(name)
        foreign = job.initiator().isValid() and job.initiator().scheme() not in ("", SCHEME)
        if renderer is None or foreign or job.requestMethod() != b"GET":
            job.fail(QWebEngineUrlRequestJob.Error.UrlNotFound)
            return
        follows = None if form is None else form(job.requestUrl().query())
        if follows is not None:
            job.redirect(QUrl(follows))
            return
        _reply(job, "text/html;charset=utf-8", renderer().encode())


def _reply(job: QWebEngineUrlRequestJob, kind: str, body: bytes) -> None:
    buffer = QBuffer(job)
    buffer.setData(QByteArray(body))
    buffer.open(QIODevice.OpenModeFlag.ReadOnly)
    job.reply(kind.encode("ascii"), buffer)
