"""Pages are asked for by encrypted connection first; without one, the user decides.

Only pages themselves are upgraded: what a page then loads follows it. A page that has no
encryption is never loaded in the clear by itself, not even after a failure: the tab says so.
"""

from __future__ import annotations

from collections import OrderedDict

from PyQt6.QtCore import QUrl
from PyQt6.QtWebEngineCore import QWebEngineUrlRequestInfo

from myco_browser.domain.hosts import is_local_host
from myco_browser.web.requests import encoded

_MAIN_FRAME = QWebEngineUrlRequestInfo.ResourceType.ResourceTypeMainFrame
_KEPT = 256


class HttpsFirst:
    """Upgrades requests of a session, and knows which. Qt thread only."""

    def __init__(self, *, on: bool) -> None:
        self.on = on
        self._plain_hosts: set[str] = set()
        self._upgraded: OrderedDict[str, QUrl] = OrderedDict()

    def upgrade(self, info: QWebEngineUrlRequestInfo) -> bool:
        """Redirects a page in the clear to its encrypted address; whether it did.

        Not what a form sends, which a redirect would lose, nor a port that was asked for by name.
        """
        url = info.requestUrl()
        if (
            not self.on
            or info.resourceType() != _MAIN_FRAME
            or url.scheme() != "http"
            or url.port(80) != 80
            or bytes(info.requestMethod().data()) not in (b"GET", b"HEAD")
            or url.host() in self._plain_hosts
            or is_local_host(url.host())
        ):
            return False
        wanted = QUrl(url)
        wanted.setScheme("https")
        wanted.setPort(-1)
        self._upgraded[_key(wanted)] = QUrl(url)
        if len(self._upgraded) > _KEPT:
            self._upgraded.popitem(last=False)
        info.redirect(wanted)
        return True

    def plain_address(self, url: QUrl) -> QUrl | None:
        """The address in the clear that was upgraded to `url`, if it was."""
        return self._upgraded.get(_key(url))

    def allow_plain(self, url: QUrl) -> None:
        """The user goes on without encryption: for this host, until the session ends."""
        self._plain_hosts.add(url.host())


def _key(url: QUrl) -> str:
    return encoded(url.adjusted(QUrl.UrlFormattingOption.RemoveFragment))
