"""The texts of the pages that a new profile shows once. No scripts in them."""

from __future__ import annotations

from html import escape

from myco_browser.domain.controls import Choice, Setting
from myco_browser.domain.settings import COOKIE_BANNERS, LANGUAGE, THEME
from myco_browser.domain.settings_snapshot import Settings
from myco_browser.ui.i18n import _
from myco_browser.ui.own_pages import fill, mark
from myco_browser.ui.theme import Face


def first_page(
    face: Face, language: str, settings: Settings, lists: list[tuple[str, str, bool]]
) -> str:
    """Language and colours; `lists` are (id, title, is on) of those for the user's languages."""
    choices = f'<div class="pair">{_choice("language", LANGUAGE)}{_choice("theme", THEME)}</div>'
    rows = [
        _row(
            "cookies",
            "on",
            settings[COOKIE_BANNERS],
            _("Refuse cookie banners"),
            _("The usual consent tools are answered with “reject”, never with “accept”, and other "
              "banners are hidden. A few pages may look odd."),
        )
    ]  # fmt: skip
    for identifier, title, on in lists:
        text = _("A filter list for pages in your language.")
        rows.append(_row("list", identifier, on, title, text))
    onward, past = escape(_("Next")), escape(_("Skip"))
    go = f'<button type="submit">{onward}</button>'
    skip = f'<a href="myco://start/">{past}</a>'
    body = (
        '<form action="myco://welcome/" method="get"><input type="hidden" name="answer" value="1">'
        f'{choices}{"".join(rows)}<div class="row">{go}{skip}</div></form>'
    )
    return fill(
        "welcome.html", face, language, title=_("Welcome"), heading=_("Welcome to Myco"),
        intro=_("Ads and trackers are blocked already. The rest is for you to choose."),
        mark=mark("myco"), body=body, later=_("You find all of this in the settings, too."),
    )  # fmt: skip


def move_page(face: Face, language: str, browsers: tuple[str, ...]) -> str:
    """Moving in from another browser."""
    intro = _("Bring your bookmarks, history, search engines and passwords from {browsers}.")
    card = _card(
        "myco://welcome-move/?open=move",
        _("Move in from another browser…"),
        _("You see what would come before anything comes. The other browser stays as it is."),
    )
    return _step(
        face, language, _("Move in"), intro.format(browsers=", ".join(browsers)), card,
        ("myco://welcome-more/", _("Next")),
    )  # fmt: skip


def more_page(face: Face, language: str) -> str:
    """VPN and mail, or later."""
    cards = _card(
        "myco://welcome-more/?open=vpn",
        _("Set up the VPN…"),
        _("With a WireGuard file of your provider. One click beside the address turns it on."),
    ) + _card(
        "myco://welcome-more/?open=mail",
        _("Set up mail…"),
        _("Mail beside your pages, in a panel that loads nothing from senders."),
    )
    intro = _("Now, or whenever you like: nothing needs an account.")
    onward = ("myco://start/", _("Start browsing"))
    return _step(face, language, _("VPN and mail"), intro, cards, onward)


def _step(
    face: Face, language: str, heading: str, intro: str, cards: str, onward: tuple[str, str]
) -> str:
    address, text = onward
    go = f'<a class="go" href="{address}">{escape(text)}</a>'
    return fill(
        "welcome.html", face, language, title=_("Welcome"), heading=heading, intro=intro,
        mark=mark("myco"), body=f'{cards}<div class="row">{go}</div>',
        later=_("You find all of this in the menu, too."),
    )  # fmt: skip


def _card(address: str, title: str, text: str) -> str:
    return f'<a class="card" href="{address}"><b>{escape(title)}</b><span>{escape(text)}</span></a>'


def _choice(name: str, setting: Setting[str]) -> str:
    control = setting.control
    options = control.options if isinstance(control, Choice) else ()
    shown = "".join(
        f'<option value="{escape(key)}">{escape(_(label))}</option>' for key, label in options
    )
    title = escape(_(setting.title))
    select = f'<select name="{name}" aria-label="{title}">{shown}</select>'
    return f'<div class="choice"><b>{title}</b>{select}</div>'


def _row(name: str, value: str, on: bool, title: str, text: str) -> str:
    checked = " checked" if on else ""
    return (
        f'<label><input type="checkbox" name="{name}" value="{escape(value)}"{checked}>'
        f"<b>{escape(title)}</b><span>{escape(text)}</span></label>"
    )
