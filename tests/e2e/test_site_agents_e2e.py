"""Sites that refuse our user agent are told another: the same in headers and in every realm."""

from __future__ import annotations

import json

import pytest
from support.browser_rig import BrowserRig, LedSession
from support.identity_pages import REALMS, serve_realms, told
from support.launcher_rig import wait_until
from support.site import Answer, Site

from myco_browser.domain.agents import chrome_agent

_CHROME = chrome_agent()
_SERVICE = (
    "fetch('http://tell.example/tell?' + encodeURIComponent(JSON.stringify(['worker, service',"
    "{userAgent: navigator.userAgent, brands: JSON.stringify(navigator.userAgentData?.brands)}])),"
    "{mode: 'no-cors'})"
)

# A site's icon is asked for late: it would come among the requests after the next choice.
_NO_ICON = "<link rel=icon href='data:,'>"


def _choose(session: LedSession, site: str, chrome: bool) -> None:
    """By the switch in the panel of the page in front."""
    session.do("window.address.chip_clicked.emit()")
    session.do(
        "from PyQt6.QtWidgets import QCheckBox\n"
        "from myco_browser.ui.panels import Panel\n"
        "panel = next(one for one in window.findChildren(Panel) if one.isVisible())\n"
        "box = next(b for b in panel.findChildren(QCheckBox) if 'Google Chrome' in b.text())\n"
        f"assert box.isChecked() is not {chrome}\nbox.click()\npanel.close()"
    )
    assert session.value(f"session._sites.get({site!r}).chrome") is (True if chrome else None)


def _hints(site: Site) -> dict[str, set[str]]:
    """The client hints of requests to the own host, by place."""
    rows = zip(site.arrived, site.headers, strict=True)
    return {
        place: {name for name in headers if name.startswith("sec-ch-")}
        for place, headers in rows
        if place.startswith("localhost/") and "favicon" not in place
    }


@pytest.mark.parametrize("kind", ["everyday", "private"])
def test_a_site_is_told_chrome_in_every_realm(rig: BrowserRig, site: Site, kind: str) -> None:
    serve_realms(site)
    site.pages["localhost/service.js"] = Answer(_SERVICE.encode(), "text/javascript")
    socket = "new WebSocket('ws://other.example/socket')"
    site.page("other.example/", f"<title>other</title>{_NO_ICON}<script>{socket}</script>")
    site.page("plain.example/", f"<title>plain</title>{_NO_ICON}<script>{socket}</script>")
    arguments = ["--private"] if kind == "private" else []
    session = rig.start(*arguments, hosts=site.host_map())
    here = f"http://localhost:{site.port}"
    realms = {*REALMS, "worker, service"} if kind == "everyday" else set(REALMS)

    session.open(f"{here}/")
    assert wait_until(lambda: realms <= told(site).keys(), 20.0)
    usual = _hints(site)
    assert "Chrome/140" in told(site)["top"]["userAgent"]

    _choose(session, f"localhost:{site.port}", True)
    site.arrived.clear()
    site.headers.clear()
    if kind == "everyday":
        session.script("navigator.serviceWorker.getRegistration().then(one => one.unregister())")
    session.do("tab.reload(bypass_cache=True)")
    assert wait_until(lambda: realms <= told(site).keys(), 20.0)
    found = told(site)
    brands = json.dumps(_CHROME.override()["userAgentMetadata"]["brands"])  # type: ignore[index]
    for realm in realms:
        assert found[realm]["userAgent"] == _CHROME.user_agent, realm
        # An insecure realm has none.
        if "brands" in found[realm]:
            assert json.loads(found[realm]["brands"]) == json.loads(brands), realm
        high = json.loads(found[realm].get("high") or "{}")
        for row in high.get("fullVersionList", ()):
            assert "140" not in row["version"], realm
    assert "brands" in found["top"]
    named = dict(_CHROME.headers(has_brands=True))[b"Sec-CH-UA"].decode()
    for place, headers in zip(tuple(site.arrived), tuple(site.headers), strict=False):
        assert headers["user-agent"] == _CHROME.user_agent, place
        assert headers.get("sec-ch-ua", named) == named, place
    assert _hints(site) == usual

    # The same tab goes on: nothing of it stays.
    site.arrived.clear()
    site.headers.clear()
    session.do("window.open_text('http://plain.example/')")
    session.wait_for("tab.title == 'plain' and not tab.loading")
    assert "Chrome/140" in session.script("navigator.userAgent")
    assert wait_until(lambda: "other.example/socket" in site.arrived, 10.0)
    assert {"Chrome/140" in headers["user-agent"] for headers in site.headers} == {True}


def test_the_table_holds_without_a_choice_and_sockets_follow(rig: BrowserRig, site: Site) -> None:
    names = ("slack.com", "app.slack.com", "plain.example")
    script = "new WebSocket('ws://app.slack.com/socket')"
    site.page("slack.com/", f"<title>slack</title>{_NO_ICON}<script>{script}</script>")
    session = rig.start(hosts=site.host_map(*names))
    session.do("window.open_text('http://slack.com/')")
    session.wait_for("tab.title == 'slack' and not tab.loading")
    assert wait_until(lambda: "app.slack.com/socket" in site.arrived, 10.0)
    assert {headers["user-agent"] for headers in site.headers} == {_CHROME.user_agent}
    _choose_not(session)
    stored = json.loads((rig.profile / "sites.json").read_text())
    assert stored == {"slack.com": {"chrome": False}}
    site.headers.clear()
    session.do("tab.reload(bypass_cache=True)")
    assert wait_until(lambda: len(site.headers) > 1, 10.0)
    assert {"Chrome/140" in headers["user-agent"] for headers in site.headers} == {True}


def _choose_not(session: LedSession) -> None:
    session.do("window.address.chip_clicked.emit()")
    session.do(
        "from PyQt6.QtWidgets import QCheckBox\n"
        "from myco_browser.ui.panels import Panel\n"
        "panel = next(one for one in window.findChildren(Panel) if one.isVisible())\n"
        "box = next(b for b in panel.findChildren(QCheckBox) if 'Google Chrome' in b.text())\n"
        "assert box.isChecked()\nbox.click()\npanel.close()"
    )
