"""What a text in the address bar means for a session: an address, or the sentence why not."""

from __future__ import annotations

from PyQt6.QtCore import QUrl

from myco_browser.domain.omnibox import Navigate, Reason, Refused, Search, parse_input
from myco_browser.ui.context import Context
from myco_browser.ui.i18n import _

# People know pages of the browser as `about:NAME`; ours have a scheme of their own.
_OWN_PAGES = {
    "about:start": "myco://start/",
    "about:shortcuts": "myco://shortcuts/",
    "about:selftest": "myco://selftest/",
    "about:config": "myco://config/",
    "about:version": "myco://version/",
    "about:myco": "myco://version/",
}


def resolve(context: Context, text: str) -> QUrl | str:
    """The address that `text` means, or the sentence that says why it means none."""
    match parse_input(text, context.engines(), context.default_engine()):
        case Navigate(url=urlstr) | Search(url=urlstr):
            urlstr = _OWN_PAGES.get(urlstr, urlstr)
            if urlstr.startswith("about:") and urlstr != "about:blank":
                # The engine would show an empty page.
                return _(Reason.INVALID_ADDRESS.value)
            url = QUrl.fromEncoded(urlstr.encode())
            return url if url.isValid() else _("This is not a valid address.")
        case Refused(reason=reason):
            return _(reason.value)
