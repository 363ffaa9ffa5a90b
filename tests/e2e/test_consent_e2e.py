"""Cookie banners are answered with "no" where that is wanted, judged at the server."""

from __future__ import annotations

import threading
import time

from support.browser_rig import DEADLINE_S, BrowserRig, LedSession
from support.consent_pages import ONLY_YES, pages
from support.site import Site

_ON = (
    "from myco_browser.domain.settings import COOKIE_BANNERS\n"
    "from myco_browser.domain.settings_snapshot import Change\n"
    "session._settings.change(Change(COOKIE_BANNERS, True))"
)


# Where the list that goes with it comes from: here, where it is not to be had.
_LIST_SERVER = "secure.fanboy.co.nz"


def _answers(site: Site, host: str = "") -> list[str]:
    told = (place for place in site.arrived if place.partition("/")[2].startswith(("no", "yes")))
    return [place for place in told if place.startswith(host)]


def _wait_for(site: Site, count: int, session: LedSession) -> None:
    deadline = time.monotonic() + DEADLINE_S
    while len(_answers(site)) < count:
        missing = set(pages()) - {place.partition("-")[2][:-4] for place in _answers(site)}
        assert time.monotonic() < deadline, missing
        session.value("1")
        threading.Event().wait(0.05)


def test_each_tool_gets_a_no_and_never_a_yes(rig: BrowserRig, site: Site) -> None:
    made = pages()
    frames = ""
    for name, html in made.items():
        # Two from other sites; a process for each of them all would only take long.
        place = f"{name}.example/" if name in ("didomi", "sourcepoint") else f"all.example/{name}"
        site.page(place, html)
        frames += f"<iframe src='http://{place}' width=300 height=90></iframe>"
    site.page("all.example/", f"<!doctype html><title>all</title>{frames}")
    session = rig.start(hosts=site.host_map("*.example", _LIST_SERVER))
    session.do(_ON)
    session.open("http://all.example/")
    _wait_for(site, len(made), session)
    told = {place.partition("/")[2] for place in _answers(site)}
    saved = {"onetrust-two", "google-fc-two"}
    assert told == {f"no{'0' if name in saved else ''}-{name}.png" for name in made}
    # On top of a page as well, and the banner is gone.
    session.open("http://didomi.example/")
    session.wait_for_script("document.querySelector('[data-banner]') === null", True)
    # The shield says so, where there was one.
    site.page("fresh.example/", made["didomi"])
    session.open("http://fresh.example/")
    session.wait_for("session._blocked.page(tab.urlstr).banners == 1")
    session.do("window.address.shield_clicked.emit()")
    words = (
        "any('cookie banner was answered' in label.text() and label.isVisible()"
        " for label in window.findChildren(__import__('PyQt6.QtWidgets').QtWidgets.QLabel))"
    )
    session.wait_for(words)


def test_nothing_is_pressed_where_it_is_not_wanted(rig: BrowserRig, site: Site) -> None:
    """Not before the user chose it, not where blocking is off, and never consent in disguise."""
    banner = pages()["onetrust"]
    for host in ("early", "off", "on"):
        site.page(f"{host}.example/", banner)
    site.page("only-yes.example/", ONLY_YES)
    session = rig.start(hosts=site.host_map("*.example", _LIST_SERVER))
    session.open("http://early.example/")
    session.do(_ON)
    session.do(
        "from myco_browser.domain.site_settings import Level\n"
        "session._context.policy.set_level('off.example', Level.OFF)"
    )
    session.open("http://only-yes.example/")
    session.open("http://off.example/")
    session.open("http://on.example/")
    _wait_for(site, 1, session)
    assert _answers(site) == ["on.example/no-onetrust.png"]


def test_a_banner_that_a_filter_hides_is_refused_too(rig: BrowserRig, site: Site) -> None:
    site.page("hidden.example/", pages()["cookiebot"])
    session = rig.start(hosts=site.host_map("*.example", _LIST_SERVER))
    session.do(_ON)
    session.do(
        "from myco_filters.engine import Engine\n"
        "from myco_filters.syntax.lists import FilterList\n"
        "lists = [FilterList('t', 'Test', 'hidden.example###CybotCookiebotDialog')]\n"
        "session._context.policy.set_engine(Engine.compile(lists))"
    )
    session.open("http://hidden.example/")
    _wait_for(site, 1, session)
    assert _answers(site) == ["hidden.example/no-cookiebot.png"]
