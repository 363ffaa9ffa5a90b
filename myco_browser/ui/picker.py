"""Picking an element of a page to hide it: point, choose, widen, see what goes, create, undo."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from PyQt6.QtCore import QObject, QPointF, QRectF, Qt
from PyQt6.QtWebEngineCore import QWebEnginePage

from myco_browser.domain.urls import host_of
from myco_browser.services.picked_filters import Pick, pick_of
from myco_browser.ui.context import Context
from myco_browser.ui.disk_words import unwritten
from myco_browser.ui.i18n import _
from myco_browser.ui.interstitial import Choice
from myco_browser.ui.notice_bar import NoticeBar
from myco_browser.ui.page_view import PageView
from myco_browser.ui.picker_bar import PickerBar
from myco_browser.ui.picker_overlay import PickerOverlay
from myco_browser.ui.tab import Tab
from myco_browser.web.page_picker import Box, Hits, Offer, PagePicker, Spot

_DODGE = 180

OpenPages = Callable[[], Iterable[QWebEnginePage]]


def start_picker(tab: Tab, pages: OpenPages, at: QPointF | None = None) -> None:
    """Lets the user pick on the page in a tab; `at` is where they pointed already.

    `pages` gives all open pages, on which what is created counts at once.
    """
    page, view = tab.page, tab.view
    host = host_of(tab.urlstr)
    if view is None or page is None or host is None or tab.failure is not None:
        reason = _("Elements can be blocked on pages of the web only.")
    elif not tab.context.policy.is_blocking(tab.site):
        reason = _("Blocking is off for this site: choose another level in the shield panel first.")
    elif pick_of(host, "x") is None:
        reason = _("No filter can name this address.")
    else:
        for old in tab.findChildren(ElementPicker):
            old.end()
        ElementPicker(tab, view, page, host, pages).begin(at)
        return
    tab.show_notice(NoticeBar("info", reason, (), tab.context.face))


class ElementPicker(QObject):
    """One picking, from the first look to Create or Cancel; ends with the page, too."""

    def __init__(
        self, tab: Tab, view: PageView, page: QWebEnginePage, host: str, pages: OpenPages
    ) -> None:
        super().__init__(tab)
        self._tab, self._view, self._engine_page, self._host = tab, view, page, host
        self._pages = pages
        self._context: Context = tab.context
        self._page = PagePicker(page)
        self._is_choosing = True
        self._is_asking = False
        self._next: QPointF | None = None
        self._has_ended = False
        private = _(
            "A private window keeps no filters: this one goes when the last of them closes."
        )
        self._bar = PickerBar(
            tab, self._context.face, host.removeprefix("www."),
            "" if self._context.page_filters.cosmetics.picked.are_kept else private,
        )  # fmt: skip
        self._overlay = PickerOverlay(view, self._context.face)
        self._connect()

    def begin(self, at: QPointF | None) -> None:
        """Shows the sheet and the bar; with a place, chooses at once what lies there."""
        self._overlay.show()
        self._overlay.raise_()
        self._bar.show()
        self._bar.fit()
        self._bar.raise_()
        self._overlay.setFocus(Qt.FocusReason.OtherFocusReason)
        if at is not None:
            self._page.at(*self._in_page(at), self._choose_if_there)

    def end(self) -> None:
        """Leaves page and window as they were."""
        if self._has_ended:
            return
        self._has_ended = True
        self._page.end()
        self._overlay.hide()
        self._overlay.deleteLater()
        self._bar.hide()
        self._bar.deleteLater()
        self.deleteLater()
        self._tab.setFocus()

    def _connect(self) -> None:
        overlay, bar = self._overlay, self._bar
        overlay.pointed.connect(self._on_pointed)
        overlay.clicked.connect(self._on_clicked)
        overlay.scrolled.connect(self._on_scrolled)
        overlay.went.connect(self._on_went)
        overlay.cancelled.connect(self.end)
        bar.selector_changed.connect(self._show_hits)
        bar.preview_changed.connect(lambda _on: self._show_hits(bar.selector))
        bar.again.connect(self._choose_again)
        bar.created.connect(self._create)
        bar.cancelled.connect(self.end)
        for signal in (self._engine_page.loadStarted, self._engine_page.renderProcessTerminated):
            signal.connect(self.end)

    # Choosing

    def _on_pointed(self, at: QPointF) -> None:
        if not self._is_choosing:
            return
        self._bar.dodge(down=at.y() < self._view.height() - _DODGE)
        # One question at a time: the mouse moves faster than a busy page answers.
        if self._is_asking:
            self._next = at
        else:
            self._is_asking = True
            self._page.at(*self._in_page(at), self._on_spot)

    def _on_spot(self, spot: Spot | None) -> None:
        self._is_asking = False
        if self._has_ended or not self._is_choosing:
            return
        self._overlay.show_boxes(*(([self._on_screen(spot.box)], spot.name) if spot else ([], "")))
        if self._next is not None:
            at, self._next = self._next, None
            self._on_pointed(at)

    def _on_went(self, way: str) -> None:
        if self._is_choosing:
            self._page.go(way, self._on_spot)

    def _on_scrolled(self, at: QPointF, far: QPointF) -> None:
        scale = self._engine_page.zoomFactor()
        self._page.scroll(*self._in_page(at), far.x() / scale, far.y() / scale)
        if self._is_choosing:
            self._on_pointed(at)
        else:
            self._show_hits(self._bar.selector)

    def _choose_if_there(self, spot: Spot | None) -> None:
        self._on_spot(spot)
        if spot is not None:
            self._on_clicked()

    def _on_clicked(self) -> None:
        if self._is_choosing:
            self._page.choose(self._on_offers)

    def _on_offers(self, offers: tuple[Offer, ...]) -> None:
        usable = [offer for offer in offers if pick_of(self._host, offer.selector) is not None]
        if self._has_ended or not self._is_choosing or not usable:
            return
        self._is_choosing = False
        self._overlay.setCursor(Qt.CursorShape.ArrowCursor)
        self._bar.offer([offer.selector for offer in usable], _start(usable))

    def _choose_again(self) -> None:
        self._is_choosing = True
        self._page.show("", False, lambda _hits: None)
        self._overlay.show_boxes([])
        self._overlay.setCursor(Qt.CursorShape.CrossCursor)
        self._overlay.setFocus(Qt.FocusReason.OtherFocusReason)
        self._bar.ask()

    # What was chosen

    def _show_hits(self, selector: str) -> None:
        is_filter = pick_of(self._host, selector) is not None

        def answer(hits: Hits | None) -> None:
            if self._has_ended or self._is_choosing or selector != self._bar.selector:
                return
            boxes = [self._on_screen(box) for box in hits.boxes] if hits is not None else []
            self._overlay.show_boxes(boxes)
            count = hits.count if hits is not None else None
            whole = hits is not None and hits.whole
            self._bar.show_hits(count, whole=whole, is_filter=is_filter)

        self._page.show(selector, self._bar.previews and is_filter, answer)

    def _create(self) -> None:
        pick = pick_of(self._host, self._bar.selector)
        if pick is None:
            return
        tab, context, pages = self._tab, self._context, self._pages
        self.end()
        if not _change(tab, pick, pages, hides=True):
            return
        undo = Choice(_("Undo"), lambda: undo_pick(tab, pick, pages))
        if context.page_filters.cosmetics.picked.are_kept:
            text = _("Hidden on {host} from now on: {selector}")
        else:
            text = _("Hidden on {host} in this private session: {selector}")
        shown = text.format(host=pick.host, selector=_short(pick.selector))
        tab.show_notice(NoticeBar("check", shown, (undo,), context.face))

    # Pixels of the page and of the screen

    def _in_page(self, at: QPointF) -> tuple[float, float]:
        scale = self._engine_page.zoomFactor()
        return at.x() / scale, at.y() / scale

    def _on_screen(self, box: Box) -> QRectF:
        scale = self._engine_page.zoomFactor()
        return QRectF(*(side * scale for side in box))


def undo_pick(tab: Tab, pick: Pick, pages: OpenPages) -> None:
    """Takes back what was created, on all open pages of the site."""
    _change(tab, pick, pages, hides=False)


def _change(tab: Tab, pick: Pick, pages: OpenPages, *, hides: bool) -> bool:
    cosmetics = tab.context.page_filters.cosmetics
    try:
        cosmetics.picked.add(pick) if hides else cosmetics.picked.remove(pick)
    except OSError as error:
        text = _("Could not be saved: {error}").format(error=unwritten(error))
        tab.show_notice(NoticeBar("warning", text, (), tab.context.face))
        return False
    for page in pages():
        cosmetics.apply(page, pick, hides=hides)
    return True


def _start(offers: list[Offer]) -> int:
    """The first step that hides more than by position, which changes when a page does."""
    named = (
        n for n, offer in enumerate(offers) if offer.depth == 0 and " > " not in offer.selector
    )
    return next(named, 0)


def _short(selector: str) -> str:
    return selector if len(selector) <= 80 else f"{selector[:79]}…"
