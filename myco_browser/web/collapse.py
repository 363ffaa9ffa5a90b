"""Hides the empty places that blocked pictures and frames leave on a page."""

from __future__ import annotations

import json

from PyQt6.QtWebEngineCore import QWebEnginePage, QWebEngineScript

from myco_browser.web.block_log import PageLog
from myco_resources import read_script

_PLACES = frozenset({"image", "sub_frame", "object", "media"})


def collapse(page: QWebEnginePage, log: PageLog) -> None:
    """Hides the elements of the page on top whose address was refused."""
    addresses = [entry.url for entry in log.entries if entry.kind in _PLACES]
    if addresses:
        source = read_script("collapse.js").replace("__ADDRESSES__", json.dumps(addresses))
        # A world of its own: the page sees neither the script nor its list.
        page.runJavaScript(source, QWebEngineScript.ScriptWorldId.ApplicationWorld.value)
