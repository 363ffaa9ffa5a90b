"""The reader's hands in a page, and the page of its own that shows what they took.

The text of a page is taken as it stands, then an empty page of ours finds the article in it and
cleans it, in a world of its own: the original's policies have no say there, and nothing of it runs.
The same page shows the article: no scripts, a policy that allows pictures and nothing else, and
the address of the original, so that the filters judge those pictures as they judged the original's.
"""

from __future__ import annotations

import contextlib
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from PyQt6.QtCore import QObject, Qt, QUrl, pyqtSignal
from PyQt6.QtWebEngineCore import (
    QWebEngineNewWindowRequest,
    QWebEnginePage,
    QWebEngineProfile,
    QWebEngineScript,
    QWebEngineSettings,
)

from myco_resources import read_script

_WORLD = QWebEngineScript.ScriptWorldId.UserWorld.value + 1
_MOST_HTML = 8_000_000
_EMPTY = "<meta http-equiv=Content-Security-Policy content=\"default-src 'none'\">"
_Attribute = QWebEngineSettings.WebAttribute
_Navigation = QWebEnginePage.NavigationType
_OFF = (
    _Attribute.JavascriptEnabled,
    _Attribute.PluginsEnabled,
    _Attribute.PdfViewerEnabled,
    _Attribute.AutoLoadIconsForPage,
    _Attribute.ErrorPageEnabled,
)


@dataclass(frozen=True, slots=True)
class Article:
    """What the reader shows. `html` is clean; the rest is plain text."""

    title: str
    byline: str
    site: str
    language: str
    direction: str
    minutes: int
    html: str


def ask_readable(page: QWebEnginePage, code: Sequence[str], answer: Callable[[bool], None]) -> None:
    """Asks, cheaply, whether a page looks like an article."""
    source = f"(function (module) {{ {code[0]}\nreturn isProbablyReaderable(document); }})()"
    page.runJavaScript(source, _WORLD, lambda raw: answer(raw is True))


class ArticlePage(QWebEnginePage):
    """Shows articles. Links are told and not followed: they belong to the tab."""

    link_clicked = pyqtSignal(QUrl)
    tab_wanted = pyqtSignal(QUrl)

    def __init__(self, profile: QWebEngineProfile, parent: QObject) -> None:
        super().__init__(profile, parent)
        if (settings := self.settings()) is not None:
            for attribute in _OFF:
                settings.setAttribute(attribute, False)
        self.newWindowRequested.connect(self._on_new_window)

    def take(
        self,
        original: QWebEnginePage,
        code: Sequence[str],
        answer: Callable[[Article | None], None],
    ) -> None:
        """Finds the article of another page; None when there is none. Once for each page."""
        once = Qt.ConnectionType.SingleShotConnection

        base = original.url()

        def find(text: str | None) -> None:
            source = f"{_source(code)}({json.dumps(text or '')})"
            # The tab may have been closed meanwhile.
            with contextlib.suppress(RuntimeError):
                self.loadFinished.connect(
                    lambda _ok: self.runJavaScript(
                        source, _WORLD, lambda raw: answer(_article(raw))
                    ),
                    once,  # type: ignore[call-arg]
                )
                self.setHtml(_EMPTY, base)

        original.toHtml(find)

    def acceptNavigationRequest(
        self, url: QUrl, navigation: QWebEnginePage.NavigationType, is_main_frame: bool
    ) -> bool:
        if url.scheme() == "data" and navigation == _Navigation.NavigationTypeTyped:
            return is_main_frame
        if navigation == _Navigation.NavigationTypeLinkClicked:
            self.link_clicked.emit(url)
        return False

    def set_style(self, properties: dict[str, str]) -> None:
        """Changes the look of what is shown, without losing the place in it."""
        source = (
            f"for (const [name, value] of Object.entries({json.dumps(properties)}))"
            " document.documentElement.style.setProperty(name, value)"
        )
        self.runJavaScript(source, _WORLD)

    def _on_new_window(self, request: QWebEngineNewWindowRequest) -> None:
        self.tab_wanted.emit(request.requestedUrl())


def _source(code: Sequence[str]) -> str:
    before, _, after = read_script("reader.js").partition("__CODE__")
    return "\n".join((before, *code, after)).rstrip()


def _article(raw: object) -> Article | None:
    if not isinstance(raw, str) or len(raw) > _MOST_HTML:
        return None
    found = json.loads(raw)
    minutes = found["minutes"]
    return Article(
        _line(found["title"]),
        _line(found["byline"]),
        _line(found["site"]),
        _line(found["language"])[:35],
        found["direction"] if found["direction"] in ("ltr", "rtl") else "auto",
        int(minutes) if isinstance(minutes, int | float) and 0 < minutes < 100_000 else 1,
        str(found["html"]),
    )


def _line(raw: object) -> str:
    return " ".join(str(raw).split())[:300]
