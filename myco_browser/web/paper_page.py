"""Shows a PDF that was made for printing, where a broken one can do no harm.

What a page made is read by the engine's own viewer, in a process that is confined as those of
pages are, and in a profile of its own that keeps nothing and asks for nothing but this.
"""

from __future__ import annotations

from PyQt6.QtCore import QBuffer, QByteArray, QIODevice, QObject, QUrl
from PyQt6.QtGui import QColor
from PyQt6.QtWebEngineCore import (
    QWebEnginePage,
    QWebEngineProfile,
    QWebEngineSettings,
    QWebEngineUrlRequestInfo,
    QWebEngineUrlRequestInterceptor,
    QWebEngineUrlRequestJob,
    QWebEngineUrlSchemeHandler,
)

from myco_browser.web.schemes import SCHEME

_Attribute = QWebEngineSettings.WebAttribute
# The engine's viewer is made of these.
_OF_THE_VIEWER = (SCHEME, "chrome", "chrome-extension")
_LOOK = "toolbar=0&navpanes=0&view=Fit"
_AROUND_PAPER = QColor(40, 40, 40)


class PaperPage(QWebEnginePage):
    """A PDF as sheets, one below the other. It goes nowhere else."""

    def __init__(self, parent: QObject) -> None:
        profile = QWebEngineProfile()
        super().__init__(profile, parent)
        # After the page, which it has to outlive.
        profile.setParent(parent)
        self._wanted = QUrl()
        self._count = 0
        self._answers = _Answers(profile)
        profile.installUrlSchemeHandler(SCHEME.encode(), self._answers)
        profile.setUrlRequestInterceptor(_Guard(profile))
        if (settings := profile.settings()) is not None:
            settings.setAttribute(_Attribute.PluginsEnabled, True)
            settings.setAttribute(_Attribute.PdfViewerEnabled, True)
        self.setBackgroundColor(_AROUND_PAPER)

    def show_pdf(self, pdf: bytes) -> None:
        """Shows it in place of the one before."""
        self._answers.pdf = pdf
        self._count += 1
        self._wanted = QUrl(f"{SCHEME}://paper/{self._count}#{_LOOK}")
        self.load(self._wanted)

    def acceptNavigationRequest(
        self, url: QUrl, _navigation: QWebEnginePage.NavigationType, is_main_frame: bool
    ) -> bool:
        return is_main_frame and url == self._wanted

    def javaScriptConsoleMessage(
        self, level: object, message: str | None, line: int, source: str | None
    ) -> None:
        """What the viewer says of itself is of no interest."""


class _Guard(QWebEngineUrlRequestInterceptor):
    def interceptRequest(self, info: QWebEngineUrlRequestInfo) -> None:
        if info.requestUrl().scheme() not in _OF_THE_VIEWER:
            info.block(True)


class _Answers(QWebEngineUrlSchemeHandler):
    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self.pdf = b""

    def requestStarted(self, job: QWebEngineUrlRequestJob | None) -> None:
        if job is None:
            return
        buffer = QBuffer(job)
        buffer.setData(QByteArray(self.pdf))
        buffer.open(QIODevice.OpenModeFlag.ReadOnly)
        job.reply(b"application/pdf", buffer)
