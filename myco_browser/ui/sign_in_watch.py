"""Begins to follow sign-ins of a tab when its page has a form for one, and not before."""

from __future__ import annotations

from typing import TYPE_CHECKING

from myco_browser.web.page import WebPage

if TYPE_CHECKING:
    from myco_browser.ui.tab import Tab


def watch_sign_ins(tab: Tab, page: WebPage) -> None:
    """Follows what the script in `page` tells."""
    page.sign_in_told.connect(lambda word: _hear(tab, page, word))
    page.sending_refused.connect(lambda url: _tell_refused(tab, url.host()))


def _hear(tab: Tab, page: WebPage, word: str) -> None:
    # Loaded when it is wanted: most pages ask for no password.
    from myco_browser.ui.sign_ins import SignIns

    if tab.sign_ins is None:
        tab.sign_ins = SignIns(tab)
    tab.sign_ins.hear(page, word)


def _tell_refused(tab: Tab, host: str) -> None:
    from myco_browser.domain.lookalikes import shown_host
    from myco_browser.ui.i18n import _
    from myco_browser.ui.notice_bar import NoticeBar

    text = _("This page wanted to send the password to {host}. Nothing was sent.")
    bar = NoticeBar("warning", text.format(host=shown_host(host)), (), tab.context.face)
    tab.show_notice(bar)
