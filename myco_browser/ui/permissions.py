"""Asks the user when a page wants a device or the like; an answer can be remembered."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PyQt6.QtCore import QUrl
from PyQt6.QtWebEngineCore import QWebEnginePermission

from myco_browser.domain.lookalikes import shown_host
from myco_browser.domain.site_settings import Decision, Permission
from myco_browser.domain.urls import site_key
from myco_browser.ui.i18n import _
from myco_browser.ui.interstitial import Choice
from myco_browser.ui.notice_bar import NoticeBar
from myco_browser.ui.permission_names import permission_name
from myco_browser.web.page import WebPage
from myco_browser.web.requests import encoded

if TYPE_CHECKING:
    from myco_browser.ui.tab import Tab

_Type = QWebEnginePermission.PermissionType
_KNOWN: dict[_Type, tuple[Permission, ...]] = {
    _Type.MediaAudioCapture: (Permission.MICROPHONE,),
    _Type.MediaVideoCapture: (Permission.CAMERA,),
    _Type.MediaAudioVideoCapture: (Permission.CAMERA, Permission.MICROPHONE),
    _Type.DesktopVideoCapture: (Permission.SCREEN,),
    _Type.DesktopAudioVideoCapture: (Permission.SCREEN,),
    _Type.MouseLock: (Permission.POINTER_LOCK,),
    _Type.Notifications: (Permission.NOTIFICATIONS,),
    _Type.Geolocation: (Permission.LOCATION,),
    _Type.ClipboardReadWrite: (Permission.CLIPBOARD,),
    _Type.LocalFontsAccess: (Permission.LOCAL_FONTS,),
}


def watch_permissions(tab: Tab, page: WebPage) -> None:
    """Answers what `page` asks for: from memory, or by a notice in `tab`."""
    page.permissionRequested.connect(lambda request: _on_request(tab, request))


def _on_request(tab: Tab, request: QWebEnginePermission) -> None:
    wanted = _KNOWN.get(request.permissionType())
    if wanted is None:
        request.deny()
        return
    asked = QWebEnginePermission(request)
    site = site_key(encoded(QUrl(asked.origin())))
    known = [tab.context.sites.get(site).decision(permission) for permission in wanted]
    if Decision.BLOCK in known:
        asked.deny()
    elif all(decision is Decision.ALLOW for decision in known):
        asked.grant()
    else:
        _ask(tab, asked, site, wanted)


def _ask(
    tab: Tab, request: QWebEnginePermission, site: str | None, wanted: tuple[Permission, ...]
) -> None:
    host = shown_host(request.origin().host())
    names = ", ".join(permission_name(permission) for permission in wanted)
    text = _("{host} asks for: {names}").format(host=host, names=names)

    def remember(decision: Decision) -> None:
        if site is None:
            return
        settings = tab.context.sites.get(site)
        for permission in wanted:
            settings = settings.with_decision(permission, decision)
        tab.context.sites.put(site, settings)

    def always() -> None:
        remember(Decision.ALLOW)
        request.grant()

    def never() -> None:
        remember(Decision.BLOCK)
        request.deny()

    choices = (
        Choice(_("Never"), never),
        Choice(_("Always"), always),
        Choice(_("This time"), request.grant),
    )
    bar = NoticeBar("bell", text, choices, tab.context.face)
    # A request that nobody answers would hang for ever.
    bar.dismissed.connect(request.deny)
    tab.show_notice(bar)
