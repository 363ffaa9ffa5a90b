"""The page that a new profile shows once."""

from __future__ import annotations

import json

from support.browser_rig import BrowserRig
from support.foreign_browsers import firefox_profile
from support.site import Site

# Where the list that goes with it comes from: here, where it is not to be had.
_LIST_SERVER = "secure.fanboy.co.nz"


def _fresh(rig: BrowserRig, *arguments: str, hosts: str = "") -> None:
    """A start without the mark that the page was seen."""
    rig.launch(*arguments, hosts=hosts, is_new=True)


def test_it_comes_once_and_its_choice_counts(rig: BrowserRig, site: Site) -> None:
    _fresh(rig, hosts=site.host_map("*.example", _LIST_SERVER))
    session = rig.session()
    session.wait_for("tab.title == 'Welcome' and not tab.loading")
    assert session.script("document.querySelectorAll('input[type=checkbox]:checked').length") == 0
    session.script("document.querySelector('input[name=cookies]').click()")
    session.script("document.querySelector('button').click()")
    session.wait_for("tab.urlstr == 'myco://welcome-more/' and not tab.loading")
    settings = json.loads((rig.profile / "settings.json").read_text())
    assert settings["blocking.cookie_banners"] is True
    assert session.value("[row.on for row in session._lists.rows() "
                         "if row.subscription.id == 'easylist-cookies']") == [True]  # fmt: skip
    # What is in the history chooses nothing again.
    session.do("window.open_text('myco://welcome/?answer=1')")
    session.wait_for("tab.urlstr == 'myco://start/' and not tab.loading")
    assert json.loads((rig.profile / "settings.json").read_text()) == settings
    session.do("session._manager.close_all()")
    rig.started[-1].wait(30)
    rig.launch(hosts=site.host_map("*.example", _LIST_SERVER), is_new=True)
    again = rig.session()
    again.wait_for("tab is not None and not tab.loading and tab.title != ''")
    assert again.value("'welcome' in tab.urlstr") is False
    assert site.arrived == []


def test_it_does_not_stand_in_the_way(rig: BrowserRig, site: Site) -> None:
    """Not before an address that was asked for, and never in a private window."""
    site.page("news.example/", "<title>news</title>")
    # With a port of its own the address is not taken to an encrypted one.
    _fresh(rig, "http://news.example:8080/", hosts=site.host_map("*.example", _LIST_SERVER))
    session = rig.session()
    session.wait_for("tab.title == 'news'")
    assert session.value("len(window.tabs)") == 1
    session.do("session._context.launcher.open_private([])")
    private = rig.session()
    private.wait_for("tab is not None and tab.title == 'Private window'")


def test_three_screens_choose_move_and_set_up(rig: BrowserRig, site: Site) -> None:
    firefox_profile(rig.folder / "home")
    _fresh(rig, hosts=site.host_map("*.example", _LIST_SERVER))
    session = rig.session()
    session.wait_for("tab.title == 'Welcome' and not tab.loading")
    session.script("document.querySelector('select[name=language]').value = 'fr'")
    session.script("document.querySelector('select[name=theme]').value = 'dark'")
    session.script("document.querySelector('button').click()")
    session.wait_for("tab.urlstr == 'myco://welcome-move/' and not tab.loading")
    session.wait_for(
        "tab.title == 'Bienvenue' and session._context.face.bar == '#1f2724' and not tab.loading"
    )
    assert "Firefox" in session.script("document.body.innerText")
    session.script("window.before = true; document.querySelector('.card').click()")
    session.wait_for("'move-in' in session._manager._single")
    # The page comes anew below the window.
    session.wait_for_script("!window.before && document.querySelectorAll('.go').length", 1)
    session.wait_for("not tab.loading")
    session.do("session._manager._single['move-in'].close()")
    session.script("document.querySelector('.go').click()")
    session.wait_for("tab.urlstr == 'myco://welcome-more/' and not tab.loading")
    assert session.script("document.querySelectorAll('.card').length") == 2
    session.script("document.querySelector('.go').click()")
    session.wait_for("tab.urlstr == 'myco://start/'")
    kept = json.loads((rig.profile / "settings.json").read_text())
    assert (kept["general.language"], kept["general.theme"]) == ("fr", "dark")
    assert site.arrived == []


def test_a_broken_database_is_told_and_the_browser_goes_on(rig: BrowserRig, site: Site) -> None:
    site.page("news.example/", "<title>news</title>")
    rig.profile.mkdir(mode=0o700)
    (rig.profile / "history.sqlite").write_bytes(b"no database" * 500)
    session = rig.start(hosts=site.host_map())
    notices = "[bar.accessibleName() for bar in window.findChildren(__import__("
    notices += "'myco_browser.ui.notice_bar', fromlist=['x']).NoticeBar)]"
    told = session.wait_for(notices)
    assert any("history.sqlite was damaged" in text for text in told)
    session.open("http://news.example/")
    session.wait_for("session._context.visits.complete('news')")
    assert (rig.profile / "history.sqlite.broken").exists()
