"""What begins some time after the first window, so that it takes no time from the first page."""

from __future__ import annotations

from PyQt6.QtCore import QObject, QTimer

from myco_browser.bridge.worker import Worker
from myco_browser.services.settings_store import SettingsStore
from myco_browser.ui.context import Context
from myco_browser.ui.windows import WindowManager

_AFTER_MS = 1200


def begin_beside(
    context: Context,
    settings: SettingsStore,
    manager: WindowManager,
    worker: Worker,
    parent: QObject,
) -> None:
    """Waits, then begins."""

    def begin() -> None:
        # Loaded now and not at the start, which has no time for it.
        from myco_browser.app.history_keeping import keep_history
        from myco_browser.app.site_notices import SiteNotices
        from myco_browser.app.spelling import join_spelling

        join_spelling(context, settings)
        keep_history(context, settings)
        SiteNotices(context, manager, worker, parent)

    timer = QTimer(parent)
    timer.setSingleShot(True)
    timer.timeout.connect(begin)
    timer.start(_AFTER_MS)
