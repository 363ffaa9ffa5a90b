"""Trackers behind a name of the page's own site: the door finds out, the server is not reached."""

from __future__ import annotations

from support.browser_rig import BrowserRig
from support.site import Site

_USE = (
    "from myco_filters.engine import Engine\n"
    "from myco_filters.syntax.lists import FilterList\n"
    "lines = '||tracker.test^$third-party\\n||blocked.example^$ipaddress=127.0.0.1,all'\n"
    "engine = Engine.compile([FilterList('t', 'Test list', lines)])\n"
    "session._context.policy.set_engine(engine)"
)


def test_a_cloaked_tracker_is_never_contacted(rig: BrowserRig, site: Site) -> None:
    page = (
        "<!doctype html><title>{0}</title><img src='http://metrics.shop.example/{0}.png'>"
        "<img src='http://cdn.shop.example/{0}.png'>"
    )
    site.page("shop.example/", page.format("shop"))
    site.page("free.example/", page.format("free"))
    hosts = (
        f"metrics.shop.example 127.0.0.1:{site.port} eu.tracker.test\n"
        f"cdn.shop.example 127.0.0.1:{site.port} shop.some-cdn.test\n" + site.host_map()
    )
    session = rig.start(hosts=hosts)
    session.do(_USE)
    session.open("http://shop.example/")
    session.wait_for("session._blocked.page(tab.urlstr).count == 1")
    assert "cdn.shop.example/shop.png" in site.arrived
    entry = "session._blocked.page(tab.urlstr).entries[0]"
    assert session.value(f"[{entry}.host, {entry}.alias, {entry}.list_title]") == [
        "metrics.shop.example", "eu.tracker.test", "Test list",
    ]  # fmt: skip
    assert session.value(f"{entry}.filter_text") == "||tracker.test^$third-party"
    session.wait_for("window.address.shield.text() == '1'")
    # A site where blocking is off gets it; the other one still does not.
    session.do(
        "from myco_browser.domain.site_settings import Level\n"
        "session._context.policy.set_level('free.example', Level.OFF)"
    )
    session.open("http://free.example/")
    assert "metrics.shop.example/free.png" in site.arrived
    session.open("http://shop.example/")
    session.wait_for("session._blocked.page(tab.urlstr).count == 1")
    assert "metrics.shop.example/shop.png" not in site.arrived


def test_a_page_at_a_listed_address_is_a_full_page_with_a_way_on(
    rig: BrowserRig, site: Site
) -> None:
    site.page("blocked.example/", "<title>arrived</title>")
    session = rig.start(hosts=site.host_map())
    session.do(_USE)
    session.open("http://blocked.example/")
    session.wait_for("tab.title == 'This page is on a filter list'")
    assert site.arrived == []
    session.do("session._context.policy.allow_document(tab.urlstr); tab.reload()")
    session.wait_for("tab.title == 'arrived'")
