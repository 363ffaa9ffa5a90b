"""The zoom of pages: in steps, remembered for each site."""

from __future__ import annotations

from dataclasses import replace

from PyQt6.QtWebEngineCore import QWebEnginePage

from myco_browser.domain.settings import DEFAULT_ZOOM
from myco_browser.ui.context import Context

_STEPS = (0.3, 0.5, 0.67, 0.8, 0.9, 1.0, 1.1, 1.2, 1.33, 1.5, 1.7, 2.0, 2.4, 3.0, 4.0, 5.0)


def apply_zoom(context: Context, page: QWebEnginePage, site: str | None) -> None:
    """Gives a page the zoom that its site is remembered with, or the usual one."""
    percent = context.sites.get(site).zoom or _usual(context)
    if abs(page.zoomFactor() - percent / 100) > 0.001:
        page.setZoomFactor(percent / 100)


def change_zoom(context: Context, page: QWebEnginePage, site: str | None, step: int) -> float:
    """One step larger (1), smaller (-1), or back to the usual size (0); the new factor."""
    usual = _usual(context) / 100
    factor = usual if step == 0 else next_zoom(page.zoomFactor(), step)
    page.setZoomFactor(factor)
    if site is not None:
        percent = None if step == 0 else round(factor * 100)
        context.sites.put(site, replace(context.sites.get(site), zoom=percent))
    return factor


def _usual(context: Context) -> int:
    # Pages can tell the zoom, so that private windows begin with the same for everybody.
    return 100 if context.identity.uniform else context.now[DEFAULT_ZOOM]


def next_zoom(factor: float, step: int) -> float:
    """The next of the usual factors, larger or smaller; the outermost at the ends."""
    if step > 0:
        return next((z for z in _STEPS if z > factor + 0.01), _STEPS[-1])
    return next((z for z in reversed(_STEPS) if z < factor - 0.01), _STEPS[0])
