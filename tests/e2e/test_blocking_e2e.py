"""Ads and trackers stay away: judged at the server, shown on the shield."""

from __future__ import annotations

from pathlib import Path

from support.browser_rig import BrowserRig, set_level
from support.site import Site

TRACKER = "doubleclick.net"


def _news(site: Site) -> str:
    images = "".join(
        f'<img width="40" height="40" src="http://'
        f'{TRACKER if number < 20 else "cdn.example"}/{number}.png">'
        for number in range(60)
    )
    site.page("news.example/", f"<!doctype html><title>News</title><body>{images}</body>")
    return site.host_map("*.example", TRACKER)


def test_sixty_resources_twenty_blocked(rig: BrowserRig, site: Site) -> None:
    session = rig.start(hosts=_news(site))
    assert session.value("session._context.sealed"), "this machine must allow sealing"
    session.open("http://news.example/")
    session.wait_for("session._blocked.page(tab.urlstr).count == 20")
    session.wait_for("window.address.shield.text() == '20'")
    pictures = [place for place in site.arrived if place.endswith(".png")]
    assert sorted(pictures) == sorted(f"cdn.example/{number}.png" for number in range(20, 60))
    assert not [place for place in site.arrived if place.startswith(TRACKER)]


def test_blocked_pictures_leave_no_hole(rig: BrowserRig, site: Site, tmp_path: Path) -> None:
    session = rig.start(hosts=_news(site))
    session.open("http://news.example/")
    shown = "[...document.images].filter(i => getComputedStyle(i).display != 'none')"
    session.wait_for("session._blocked.page(tab.urlstr).count == 20")
    session.do("session._blocked._changed.add(tab.urlstr)")
    session.wait_for("not session._blocked._changed")
    assert session.script(f"{shown}.length") == 40
    assert session.script(f"{shown}.every(i => i.naturalWidth > 0)") is True
    picture = tmp_path / "news.png"
    session.picture(picture)
    assert picture.stat().st_size > 1000


def test_switching_blocking_off_for_a_site(rig: BrowserRig, site: Site) -> None:
    session = rig.start(hosts=_news(site))
    session.open("http://news.example/")
    session.do(set_level("news.example", "OFF"))
    session.open("http://news.example/?again")
    site.page("news.example/?again", "<p>")
    session.open("http://news.example/")
    assert len([place for place in site.arrived if place.startswith(TRACKER)]) == 20
    assert '"level": "off"' in (rig.profile / "sites.json").read_text()


def test_an_exception_in_the_policy_blocks(rig: BrowserRig, site: Site) -> None:
    """What cannot be decided does not leave (measured: an exception would let it out)."""
    session = rig.start(hosts=site.host_map("*.example"))
    site.page("news.example/", "<title>secret</title>")
    session.do(
        "from dataclasses import replace\n"
        "whole = session._interceptor.snapshot.engine\n"
        "class Broken:\n"
        "    def __getattr__(self, name): return getattr(whole, name)\n"
        "    def match(self, request): raise RuntimeError('broken')\n"
        "broken = replace(session._interceptor.snapshot, engine=Broken())\n"
        "session._interceptor.snapshot = broken"
    )
    session.open("http://news.example/")
    assert site.arrived == []
    assert session.value("session._interceptor.failures") > 0


def test_a_page_of_a_malware_list_is_a_full_page_with_a_way_on(rig: BrowserRig, site: Site) -> None:
    session = rig.start(hosts=site.host_map("*.example"))
    site.page("bad.example/", "<title>arrived</title>")
    session.do(
        "from myco_filters.engine import Engine\n"
        "from myco_filters.syntax.lists import FilterList\n"
        "lists = [FilterList('m', 'Malware', '||bad.example^$all')]\n"
        "session._context.policy.set_engine(Engine.compile(lists))"
    )
    session.open("http://bad.example/")
    assert site.arrived == []
    assert session.value("tab.title") == "This page is on a filter list"
    session.do("session._context.policy.allow_document(tab.urlstr); tab.reload()")
    session.wait_for("tab.title == 'arrived'")


def _use(lines: str) -> str:
    return (
        "from myco_filters.engine import Engine\n"
        "from myco_filters.syntax.lists import FilterList\n"
        f"engine = Engine.compile([FilterList('t', 'Test', {lines!r})])\n"
        "session._context.policy.set_engine(engine)"
    )


_SHOWN = "[...document.querySelectorAll('div')].filter(d => d.offsetHeight).map(d => d.id).join()"


def test_places_of_advertisements_are_hidden_under_any_policy_of_the_page(
    rig: BrowserRig, site: Site
) -> None:
    boxes = "".join(
        f"<div id={name} class={kind}>{name}</div>"
        for name, kind in (
            ("text", "story"), ("one", "ad-box"), ("two", "story"), ("banner", "story"),
        )
    )  # fmt: skip
    policy = (("Content-Security-Policy", "style-src 'none'; script-src 'none'"),)
    site.page("hide.example/", f"<!doctype html><title>h</title>{boxes}", headers=policy)
    site.page("free.example/", f"<!doctype html><title>f</title>{boxes}")
    session = rig.start(hosts=site.host_map())
    session.do(_use("hide.example###two\n##.ad-box\n###banner\nfree.example#@#.ad-box"))
    session.open("http://hide.example/")
    session.wait_for_script(_SHOWN, "text")
    session.open("http://free.example/")
    session.wait_for_script(_SHOWN, "text,one,two")


def test_hidden_stays_hidden(rig: BrowserRig, site: Site) -> None:
    """Things added later, frames, and a page that clears the style sheets."""
    site.page(
        "late.example/",
        "<!doctype html><title>l</title><div id=text>t</div><iframe src='http://in.example/'>"
        "</iframe><script>setTimeout(() => { document.adoptedStyleSheets = [];"
        "document.body.insertAdjacentHTML('beforeend', '<div id=late class=ad-box>x</div>') }, 50)"
        "</script>",
    )
    site.page(
        "in.example/",
        "<!doctype html><div id=ad class=frame-ad>x</div><script>requestAnimationFrame(() =>"
        "requestAnimationFrame(() => parent.postMessage(ad.offsetHeight, '*')))</script>",
    )
    session = rig.start(hosts=site.host_map())
    session.do(_use("##.ad-box\nin.example##.frame-ad"))
    session.open("http://late.example/")
    session.wait_for_script("!!document.getElementById('late')", True)
    session.wait_for_script(_SHOWN, "text")
    site.pages["in.example/?again"] = site.pages["in.example/"]
    session.script("addEventListener('message', e => window.height = e.data)")
    session.script("document.querySelector('iframe').src += '?again'")
    session.wait_for_script("window.height", 0)


def test_hiding_ends_where_blocking_is_off(rig: BrowserRig, site: Site) -> None:
    site.page("off.example/", "<!doctype html><title>o</title><div id=ad class=ad-box>x</div>")
    session = rig.start(hosts=site.host_map())
    session.do(_use("##.ad-box"))
    session.open("http://off.example/")
    session.wait_for_script(_SHOWN, "")
    session.do(set_level("off.example", "OFF"))
    session.open("http://off.example/")
    session.wait_for_script(_SHOWN, "ad")


def test_stand_ins_answer_in_place_of_trackers(rig: BrowserRig, site: Site) -> None:
    policy = (("Content-Security-Policy", "script-src 'unsafe-inline' http://track.example"),)
    site.page(
        "shop.example/",
        "<!doctype html><title>waiting</title>"
        "<script src='http://track.example/gtm.js'></script>"
        "<script>dataLayer.push({event: 'x', eventCallback: () => document.title = 'went on'})"
        "</script><img src='http://track.example/pixel.gif'>",
        headers=policy,
    )
    session = rig.start(hosts=site.host_map())
    session.do(
        _use(
            "||track.example/gtm.js$script,redirect=googletagmanager.com/gtm.js\n"
            "||track.example/pixel$image,redirect=1x1.gif:10\n"
            "||track.example/other$script,redirect=unknown-resource\n"
        )
    )
    session.open("http://shop.example/")
    session.wait_for("tab.title == 'went on'")
    session.wait_for_script("document.images[0].naturalWidth", 1)
    session.wait_for("session._blocked.page(tab.urlstr).count == 2")
    assert not [place for place in site.arrived if place.startswith("track.example")]
