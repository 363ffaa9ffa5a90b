"""Loads one page in several fresh identities at once, and reads what it shows.

Each identity has storage, cache and connections of its own, in memory, inside a private session:
what pages can measure is the same for all, so only what a shop keeps of its visitors differs.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

from PyQt6.QtCore import QObject, Qt, QTimer, QUrl, pyqtSignal
from PyQt6.QtWebEngineCore import QWebEnginePage, QWebEnginePermission, QWebEngineProfile
from PyQt6.QtWebEngineWidgets import QWebEngineView

from myco_browser.domain.fares import Price, read_prices
from myco_browser.web.inspection import Inspections
from myco_browser.web.page import WebPage
from myco_browser.web.page_filters import PageFilters

FRESH = 4
"""How many fresh identities ask."""
_WIDTH, _HEIGHT = 1000, 700
_LOOK_MS = 400
_LEAST_LOOKS = 2
_MOST_LOOKS = 40
_READ = "document.body ? document.body.innerText : ''"

MakeProfile = Callable[[QObject], tuple[QWebEngineProfile, PageFilters]]
"""A fresh identity."""


@dataclass(slots=True)
class Load:
    """One load of the page; `prices` is None until it was read, or when it could not be loaded."""

    prices: tuple[Price, ...] | None = None
    is_done: bool = False


class FareCheck(QObject):
    """Loads the page in `FRESH` identities at once, in the first one twice, then in each once more.

    `loads` are the first of each identity, the control, and then the second of each.
    """

    changed = pyqtSignal()

    def __init__(
        self, url: QUrl, make: MakeProfile, inspections: Inspections, parent: QObject
    ) -> None:
        super().__init__(parent)
        self._url = url
        self._inspections = inspections
        self.loads = [Load() for _number in range(2 * FRESH + 1)]
        self._identities = [make(self) for _number in range(FRESH)]
        self._readers: list[_Reader] = []

    @property
    def is_done(self) -> bool:
        """Whether every load came to its end."""
        return all(load.is_done for load in self.loads)

    def start(self) -> None:
        """Begins: all ask in one moment, so that both loads of the first one are a stranger's."""
        readers = [self._reader(number, number) for number in range(FRESH)]
        readers.append(self._reader(FRESH, 0))
        waiting = set(readers)

        def ready(reader: _Reader) -> None:
            if reader in waiting:
                waiting.remove(reader)
                if not waiting:
                    for one in readers:
                        one.load(self._url)

        for reader in readers:
            reader.prepare(partial(ready, reader))

    def end(self) -> None:
        """Lets the pages go, before their profiles."""
        readers, self._readers = self._readers, []
        for reader in readers:
            reader.end()

    def _reader(self, number: int, identity: int) -> _Reader:
        profile, filters = self._identities[identity]
        reader = _Reader(profile, filters, self._inspections, self)
        reader.done.connect(lambda text: self._take(number, text))
        self._readers.append(reader)
        return reader

    def _take(self, number: int, text: str | None) -> None:
        load = self.loads[number]
        if load.is_done:
            return
        load.prices = None if text is None else read_prices(text)
        load.is_done = True
        if number <= FRESH and all(one.is_done for one in self.loads[: FRESH + 1]):
            for identity in range(FRESH):
                self._reader(FRESH + 1 + identity, identity).load(self._url)
        self.changed.emit()


class _Silent:
    """Answers what pages ask in dialogs: nobody is there."""

    def alert(self, origin: QUrl, text: str) -> None:
        """Nothing."""

    def confirm(self, origin: QUrl, text: str) -> bool:
        """No."""
        return False

    def prompt(self, origin: QUrl, text: str, default: str) -> str | None:
        """Nothing."""
        return None


class _Reader(QObject):
    """One page in a view that is never on the screen, read when its text stays the same."""

    done = pyqtSignal(object)  # the text, or None

    def __init__(
        self,
        profile: QWebEngineProfile,
        filters: PageFilters,
        inspections: Inspections,
        parent: QObject,
    ) -> None:
        super().__init__(parent)
        self._view: QWebEngineView | None = QWebEngineView()
        self._view.setAttribute(Qt.WidgetAttribute.WA_DontShowOnScreen)
        self._view.resize(_WIDTH, _HEIGHT)
        self._page = WebPage(profile, _Silent(), filters, inspections, self._view)
        self._view.setPage(self._page)
        self._view.show()
        self._page.permissionRequested.connect(lambda wish: QWebEnginePermission(wish).deny())
        self._page.certificate_refused.connect(lambda error: error.rejectCertificate())
        self._page.failed.connect(lambda *_why: self._finish(None))
        self._page.loadFinished.connect(self._on_loaded)
        self._text = ""
        self._looks = 0
        self._timer = QTimer(self)
        self._timer.setInterval(_LOOK_MS)
        self._timer.timeout.connect(self._look)

    def prepare(self, then: Callable[[], None]) -> None:
        """Calls `then`, perhaps twice, when a load would begin at once, or cannot begin at all."""
        self._page.gate.inspection.failed.connect(then)
        self._page.gate.hold(then)

    def load(self, url: QUrl) -> None:
        """Begins."""
        self._page.load_for_user(url)
        self._timer.start()

    def end(self) -> None:
        """Lets the page go."""
        self._timer.stop()
        view, self._view = self._view, None
        if view is not None:
            view.close()
            view.deleteLater()

    def _on_loaded(self, is_fine: bool) -> None:
        if is_fine:
            self._looks = 0

    def _look(self) -> None:
        self._looks += 1
        if self._looks > _MOST_LOOKS:
            self._finish(self._text or None)
            return
        if self._page.isLoading() or self._page.url().isEmpty():
            return
        world = 1  # not the page's own, which could answer for us
        self._page.runJavaScript(_READ, world, self._take)

    def _take(self, text: object) -> None:
        if self._view is None or not isinstance(text, str):
            return
        is_same = text == self._text and bool(text)
        self._text = text
        if is_same and self._looks >= _LEAST_LOOKS:
            self._finish(text)

    def _finish(self, text: str | None) -> None:
        if self._timer.isActive():
            self._timer.stop()
            self.done.emit(text)


def visible_text(page: QWebEnginePage, then: Callable[[str], None]) -> None:
    """What a page shows, as text."""
    page.runJavaScript(_READ, 1, lambda text: then(text if isinstance(text, str) else ""))
