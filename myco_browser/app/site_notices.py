"""Notifications of sites that may send them: on the desktop, or in the window where there is none.

Private sessions never use the desktop's service, which may keep what it showed (the engine refuses
sites there the permission anyway).
"""

from __future__ import annotations

from PyQt6.QtCore import QObject

from myco_browser.bridge.notices import DesktopNotices
from myco_browser.bridge.worker import Worker
from myco_browser.system.notifications import SITE
from myco_browser.ui.context import Context
from myco_browser.ui.i18n import _
from myco_browser.ui.windows import WindowManager
from myco_browser.web.site_notification import SiteNotification

_MOST = 64
_MAX_TEXT = 200


class SiteNotices(QObject):
    """Shows what sites send; a newer one with the same tag takes the place of the one before."""

    def __init__(
        self, context: Context, manager: WindowManager, worker: Worker, parent: QObject
    ) -> None:
        super().__init__(parent)
        self._context = context
        self._manager = manager
        self._shown: dict[str, SiteNotification] = {}
        self._count = 0
        self._desktop: DesktopNotices | None = None
        if not context.private:
            self._desktop = DesktopNotices(worker, self)
            self._desktop.clicked.connect(self._on_clicked)
            self._desktop.gone.connect(self._on_gone)
        context.profile.setNotificationPresenter(self._present)

    def _present(self, notification: SiteNotification) -> None:
        # Who speaks stands first, in our words: a site could call itself anything.
        host = notification.origin().host()
        title = " ".join(notification.title().split())[:_MAX_TEXT]
        body = " ".join(notification.message().split())[:_MAX_TEXT]
        notification.show()
        if self._desktop is None:
            self._tell(host, title)
            return
        self._count += 1
        key = f"{host} {notification.tag() or self._count}"
        self._shown[key] = notification
        while len(self._shown) > _MOST:
            self._shown.pop(next(iter(self._shown)))
        self._desktop.show(
            key, host, f"{title}\n{body}".strip(), _("Open"), lambda: self._tell(host, title), SITE
        )

    def _tell(self, host: str, title: str) -> None:
        if (window := self._manager.active_window()) is not None and len(window.tabs):
            window.tell("bell", f"{host}: {title}")

    def _on_clicked(self, key: str) -> None:
        notification = self._shown.get(key)
        if notification is None:
            return
        notification.click()
        if (window := self._manager.active_window()) is not None:
            window.raise_()
            window.activateWindow()

    def _on_gone(self, key: str) -> None:
        if (notification := self._shown.pop(key, None)) is not None:
            notification.close()
