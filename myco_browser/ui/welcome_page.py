"""The text of the page that a new profile shows once."""

from __future__ import annotations

from html import escape

from myco_browser.ui.i18n import _
from myco_browser.ui.own_pages import fill, mark
from myco_browser.ui.theme import Face


def welcome_page(
    face: Face, language: str, cookies: bool, lists: list[tuple[str, str, bool]]
) -> str:
    """The page; `lists` are (id, title, is on) of those suggested for the user's languages."""
    rows = [
        _row(
            "cookies",
            "on",
            cookies,
            _("Refuse cookie banners"),
            _("The usual consent tools are answered with “reject”, never with “accept”, and other "
              "banners are hidden. A few pages may look odd."),
        )
    ]  # fmt: skip
    for identifier, title, on in lists:
        text = _("A filter list for pages in your language.")
        rows.append(_row("list", identifier, on, title, text))
    return fill(
        "welcome.html", face, language, title=_("Welcome"), heading=_("Welcome to Myco"),
        intro=_("Ads and trackers are blocked already. One thing is for you to choose."),
        go=_("Start browsing"), skip=_("Skip"), mark=mark("myco"), body="".join(rows),
        later=_("You find all of this in the settings, too."),
    )  # fmt: skip


def _row(name: str, value: str, on: bool, title: str, text: str) -> str:
    checked = " checked" if on else ""
    return (
        f'<label><input type="checkbox" name="{name}" value="{escape(value)}"{checked}>'
        f"<b>{escape(title)}</b><span>{escape(text)}</span></label>"
    )
