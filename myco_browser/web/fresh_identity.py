"""Fresh identities inside a private session, for comparing prices."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from PyQt6.QtCore import QObject
from PyQt6.QtWebEngineCore import QWebEngineProfile, QWebEngineUrlSchemeHandler

from myco_browser.domain.identity import SessionIdentity
from myco_browser.web.interceptor import Interceptor
from myco_browser.web.page_filters import PageFilters, page_filters
from myco_browser.web.policy import PolicyControl
from myco_browser.web.profile import apply_choices, build_profile

if TYPE_CHECKING:
    from myco_browser.services.own_filters import OwnFilters

MakeIdentity = Callable[[QObject], tuple[QWebEngineProfile, PageFilters]]


def fresh_identities(
    pages: QWebEngineUrlSchemeHandler,
    identity: SessionIdentity,
    policy: PolicyControl,
    interceptor: Interceptor,
    own_filters: OwnFilters,
) -> MakeIdentity:
    """Makes profiles with the session's face and storage of their own, in memory."""

    def make(parent: QObject) -> tuple[QWebEngineProfile, PageFilters]:
        profile = build_profile(None, None, identity, interceptor, pages, parent)
        apply_choices(profile, javascript=True, autoplay=False, pdf_viewer=False)
        filters = page_filters(profile, identity, policy, interceptor, own_filters, lambda: False)
        return profile, filters

    return make
