"""Builds the engine's profile of a session: where it stores, who it says it is, what is off."""

from __future__ import annotations

from pathlib import Path

from PyQt6.QtCore import QObject
from PyQt6.QtWebEngineCore import (
    QWebEngineProfile,
    QWebEngineSettings,
    QWebEngineUrlRequestInterceptor,
    QWebEngineUrlSchemeHandler,
)

from myco_browser.domain.identity import SessionIdentity
from myco_browser.web.schemes import SCHEME, STAND_INS, StandIns

_Attribute = QWebEngineSettings.WebAttribute

_ATTRIBUTES: dict[_Attribute, bool] = {
    _Attribute.LocalContentCanAccessFileUrls: False,
    _Attribute.LocalContentCanAccessRemoteUrls: False,
    _Attribute.HyperlinkAuditingEnabled: False,
    _Attribute.DnsPrefetchEnabled: False,
    _Attribute.WebRTCPublicInterfacesOnly: True,
    _Attribute.NavigateOnDropEnabled: False,
    _Attribute.FullScreenSupportEnabled: True,
    _Attribute.PluginsEnabled: True,
    _Attribute.PdfViewerEnabled: True,
    _Attribute.ScrollAnimatorEnabled: True,
    _Attribute.FocusOnNavigationEnabled: False,
    _Attribute.ErrorPageEnabled: False,
    _Attribute.JavascriptCanPaste: False,
    _Attribute.JavascriptCanAccessClipboard: False,
    _Attribute.AllowRunningInsecureContent: False,
    _Attribute.AllowGeolocationOnInsecureOrigins: False,
    # A graphics card draws its own way, and pages can read what they drew.
    _Attribute.Accelerated2dCanvasEnabled: False,
}


def build_profile(
    directory: Path | None,
    cache: Path | None,
    identity: SessionIdentity,
    interceptor: QWebEngineUrlRequestInterceptor,
    pages: QWebEngineUrlSchemeHandler,
    parent: QObject,
) -> QWebEngineProfile:
    """A profile stored in `directory`, or off the record when that is None."""
    if directory is None:
        profile = QWebEngineProfile(parent)
        profile.setHttpCacheType(QWebEngineProfile.HttpCacheType.MemoryHttpCache)
        profile.setPersistentCookiesPolicy(
            QWebEngineProfile.PersistentCookiesPolicy.NoPersistentCookies
        )
    else:
        profile = QWebEngineProfile("everyday", parent)
        profile.setPersistentStoragePath(str(directory / "engine"))
        profile.setCachePath(str(cache or directory / "cache"))
        profile.setPersistentCookiesPolicy(
            QWebEngineProfile.PersistentCookiesPolicy.ForcePersistentCookies
        )
    profile.setPersistentPermissionsPolicy(
        QWebEngineProfile.PersistentPermissionsPolicy.AskEveryTime
    )
    profile.setHttpUserAgent(identity.user_agent)
    profile.setHttpAcceptLanguage(identity.accept_language)
    if (hints := profile.clientHints()) is not None:
        hints.setAllClientHintsEnabled(False)
    profile.setPushServiceEnabled(False)
    profile.setSpellCheckEnabled(False)
    profile.setUrlRequestInterceptor(interceptor)
    profile.installUrlSchemeHandler(SCHEME.encode(), pages)
    profile.installUrlSchemeHandler(STAND_INS.encode(), StandIns(profile))
    _apply_settings(profile, identity)
    _unload_hangouts(profile)
    return profile


def apply_choices(
    profile: QWebEngineProfile, *, javascript: bool, autoplay: bool, pdf_viewer: bool
) -> None:
    """What the user chose for pages in general."""
    settings = profile.settings()
    if settings is None:
        return
    settings.setAttribute(_Attribute.JavascriptEnabled, javascript)
    settings.setAttribute(_Attribute.PlaybackRequiresUserGesture, not autoplay)
    settings.setAttribute(_Attribute.PluginsEnabled, pdf_viewer)
    settings.setAttribute(_Attribute.PdfViewerEnabled, pdf_viewer)


def _apply_settings(profile: QWebEngineProfile, identity: SessionIdentity) -> None:
    settings = profile.settings()
    if settings is None:
        raise RuntimeError("the engine gave a profile without settings")
    for attribute, value in _ATTRIBUTES.items():
        settings.setAttribute(attribute, value)
    settings.setAttribute(_Attribute.WebGLEnabled, identity.webgl)
    settings.setAttribute(_Attribute.ScreenCaptureEnabled, identity.devices)
    settings.setUnknownUrlSchemePolicy(
        QWebEngineSettings.UnknownUrlSchemePolicy.DisallowUnknownUrlSchemes
    )


def _unload_hangouts(profile: QWebEngineProfile) -> None:
    # The engine loads it into every profile; it has crashed mail and video pages.
    manager = profile.extensionManager()
    if manager is None:
        return
    for extension in manager.extensions():
        if "hangouts" in extension.name().lower():
            manager.unloadExtension(extension)
