"""The scheme `myco:` and the pages it serves: start, shortcuts, version. Local, without scripts."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from PyQt6.QtCore import QBuffer, QByteArray, QIODevice, QObject
from PyQt6.QtWebEngineCore import (
    QWebEngineUrlRequestJob,
    QWebEngineUrlScheme,
    QWebEngineUrlSchemeHandler,
)

SCHEME = "myco"
START_PAGE = f"{SCHEME}://start/"

Renderer = Callable[[], str]


def register_scheme() -> None:
    """Makes `myco:` known to the engine. Must be called before QApplication exists."""
    scheme = QWebEngineUrlScheme(SCHEME.encode())
    scheme.setSyntax(QWebEngineUrlScheme.Syntax.Host)
    # Local: web pages can neither link to these pages nor frame them.
    scheme.setFlags(
        QWebEngineUrlScheme.Flag.SecureScheme
        | QWebEngineUrlScheme.Flag.LocalScheme
        | QWebEngineUrlScheme.Flag.LocalAccessAllowed
    )
    QWebEngineUrlScheme.registerScheme(scheme)


class OwnPages(QWebEngineUrlSchemeHandler):
    """Answers `myco://NAME/` with the page that `renderers[NAME]` makes at that moment."""

    def __init__(self, renderers: Mapping[str, Renderer], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._renderers = renderers

    def requestStarted(self, job: QWebEngineUrlRequestJob | None) -> None:
        if job is None:
            return
        renderer = self._renderers.get(job.requestUrl().host())
        foreign = job.initiator().isValid() and job.initiator().scheme() not in ("", SCHEME)
        if renderer is None or foreign or job.requestMethod() != b"GET":
            job.fail(QWebEngineUrlRequestJob.Error.UrlNotFound)
            return
        buffer = QBuffer(job)
        buffer.setData(QByteArray(renderer().encode()))
        buffer.open(QIODevice.OpenModeFlag.ReadOnly)
        job.reply(b"text/html;charset=utf-8", buffer)
