"""Between a tab and what is kept of it."""

from __future__ import annotations

import base64
import binascii
import contextlib
import time
from dataclasses import replace

from PyQt6.QtCore import QUrl

from myco_browser.domain.session_state import (
    MAX_ENGINE_HISTORY,
    HistoryEntry,
    TabState,
    is_restorable,
)
from myco_browser.ui.context import Context
from myco_browser.ui.tab import Tab

_ENTRIES = 20


def tab_state(tab: Tab) -> TabState | None:
    """What is kept of a tab, None for one whose page cannot be reopened."""
    asleep = tab.asleep
    if asleep is not None:
        if (asleep.pinned, asleep.muted) == (tab.pinned, tab.muted):
            return asleep
        return replace(asleep, pinned=tab.pinned, muted=tab.muted)
    if not is_restorable(tab.urlstr):
        return None
    encoded = base64.b64encode(tab.serialized_history()).decode()
    return TabState(
        url=tab.urlstr,
        title=tab.title[:500],
        pinned=tab.pinned,
        muted=tab.muted,
        entries=_entries(tab),
        engine_history=encoded if 0 < len(encoded) <= MAX_ENGINE_HISTORY else None,
        last_seen=int(time.time() - (time.monotonic() - tab.last_shown)),
    )


def restored_tab(context: Context, state: TabState) -> Tab:
    """A tab asleep, as it was; it loads when it is shown."""
    tab = Tab(context, QUrl.fromEncoded(state.url.encode()), state.title)
    history = b""
    if state.engine_history is not None:
        with contextlib.suppress(binascii.Error):
            history = base64.b64decode(state.engine_history, validate=True)
    tab.sleep_as(state, history)
    return tab


def _entries(tab: Tab) -> tuple[HistoryEntry, ...]:
    history = tab.page.history() if tab.page is not None else None
    if history is None:
        return ()
    items = history.backItems(_ENTRIES)
    return tuple(
        HistoryEntry(url, item.title()[:500])
        for item in items
        if is_restorable(url := item.url().toEncoded().data().decode("ascii", "replace"))
    )
