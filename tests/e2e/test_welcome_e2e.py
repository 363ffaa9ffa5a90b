"""The page that a new profile shows once."""

from __future__ import annotations

import json

from support.browser_rig import BrowserRig
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
    session.wait_for("tab.urlstr == 'myco://start/'")
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
