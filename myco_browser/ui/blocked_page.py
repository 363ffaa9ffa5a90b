"""What a tab shows in place of a page that a filter refuses: why, by which list, and a way on.

Pages on lists of malicious sites ask twice before they are opened.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from myco_browser.ui.i18n import _
from myco_browser.ui.interstitial import Choice, Message
from myco_browser.web.block_log import Refused


class Ways(NamedTuple):
    """What can be done: go back, open the page, show another message in this one's place."""

    back: Callable[[], None]
    go_on: Callable[[], None]
    show: Callable[[Message], None]


def blocked_message(host: str, refused: Refused, address: str, ways: Ways) -> Message:
    """The message for a page that a list refuses."""
    details = _("Filter: {text}").format(text=refused.filter_text)
    if refused.alias:
        host = _("{host} (in truth {alias})").format(host=host, alias=refused.alias)
    back = Choice(_("Go back"), ways.back)
    if _is_malicious(refused.list_id):
        return Message(
            "warning",
            _("This page is dangerous"),
            _("{host} is on “{title}”, a list of sites that spread malware or are made to deceive. "
              "It was not asked for anything.").format(host=host, title=refused.list_title),
            details,
            "danger",
            (back, Choice(_("Continue…"),
                          lambda: ways.show(_second(host, refused, address, ways)), risky=True)),
        )  # fmt: skip
    return Message(
        "shield",
        _("This page is on a filter list"),
        _("{host} is on “{title}”. Such pages mostly count visitors or show advertising on the way "
          "to another page.").format(host=host, title=refused.list_title),
        details,
        "warning",
        (back, Choice(_("Open it anyway, this once"), ways.go_on, risky=True)),
    )  # fmt: skip


def _second(host: str, refused: Refused, address: str, ways: Ways) -> Message:
    return Message(
        "warning",
        _("Open a dangerous page?"),
        _("{host} may try to install something, to steal passwords, or to talk you into paying. Do "
          "not type anything there, and download nothing.").format(host=host),
        f"{address}\n{refused.list_title}",
        "danger",
        (Choice(_("Go back"), ways.back),
         Choice(_("I understand the risk: open it this once"), ways.go_on, risky=True)),
    )  # fmt: skip


def _is_malicious(list_id: str) -> bool:
    # Imported when needed: a start has no use for the catalogue's words.
    from myco_filters.lists.catalogue import ListKind, by_id

    known = by_id(list_id)
    return known is not None and known.kind is ListKind.MALWARE
