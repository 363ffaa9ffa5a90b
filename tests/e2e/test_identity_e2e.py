"""What pages can know: the same in every realm, and the same on machines that differ."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pytest
from support.browser_rig import BrowserRig, LedSession
from support.identity_pages import POPUPS, REALMS, serve_realms, told
from support.launcher_rig import wait_until
from support.site import Site

# What an opaque origin, or a context without encryption, does not have at all.
_MAY_LACK = frozenset({"quota", "devices", "high", "has storageBuckets"})


def _wait_for_realms(site: Site, realms: set[str]) -> dict[str, dict[str, Any]]:
    assert wait_until(lambda: realms <= told(site).keys(), 20.0)
    found = told(site)
    assert realms <= found.keys(), f"these realms told nothing: {realms - found.keys()}"
    return found


def _differences(values: dict[str, Any], truth: dict[str, Any]) -> dict[str, Any]:
    return {
        key: (value, truth.get(key))
        for key, value in values.items()
        if value != truth.get(key) and not (value is None and key in _MAY_LACK)
    }


def _assert_alike(site: Site, realms: Sequence[str], top: dict[str, Any]) -> None:
    found = _wait_for_realms(site, set(realms))
    for realm in realms:
        assert "error" not in found[realm], (realm, found[realm])
        assert not _differences(found[realm], top), realm


@pytest.mark.parametrize("kind", ["private", "everyday"])
def test_every_realm_of_a_page_tells_the_same(rig: BrowserRig, site: Site, kind: str) -> None:
    serve_realms(site)
    page = f"http://localhost:{site.port}/"
    if kind == "private":
        session = rig.start("--private", hosts=site.host_map())
        session.open(page)
    else:
        # The very first page, too, waits until all of it is prepared.
        session = rig.start(page, hosts=site.host_map())
    found = _wait_for_realms(site, {*REALMS, "window only", "service worker"})
    top = found["top"]
    for realm in REALMS:
        assert "error" not in found[realm], (realm, found[realm])
        assert not _differences(found[realm], top), realm
    assert "deviceMemory" not in top
    assert "heap" not in top
    assert top["hardwareConcurrency"] == 8
    assert top["globalPrivacyControl"] is True
    assert top["quota"] == 10 * 1024**3
    assert top["devices"] == 0
    assert "QtWebEngine" not in top["userAgent"]
    assert not any(top[key] for key in top if key.startswith(("has ", "global ")))
    assert found["window only"]["screen colorDepth"] == 24
    if kind == "private":
        assert (top["zone"], top["locale"], top["webgl"]) == ("UTC", "en-US", False)
        assert found["service worker"] == {"registered": False}
    else:
        assert found["service worker"] == {"registered": True}
    session.script(
        "addEventListener('click', e => { seen = [e.screenX - e.clientX, e.screenY - e.clientY]; })"
    )
    for button in ("#blank", "#popup"):
        session.click(button)
        session.wait_for("window.tabs.current_index > 0")
        session.do("window.tabs.show(0)")
    # Where on the screen the mouse is; the page is below the bar with the address.
    right, below = session.script("seen")
    assert ((right, below) == (0, 0)) if kind == "private" else below > 0
    _assert_alike(site, POPUPS, top)
    assert all(
        headers.get("sec-gpc") == "1"
        for place, headers in zip(site.arrived, site.headers[-len(site.arrived) :], strict=True)
        if "tell" in place
    )


def test_everyday_tabs_behind_asleep_and_brought_back_tell_the_same(
    rig: BrowserRig, site: Site
) -> None:
    serve_realms(site)
    site.page("front.example/", "<title>front</title>")
    session = rig.start("http://front.example/", hosts=site.host_map())
    session.wait_for("tab.title == 'front' and not tab.loading")
    here = f"http://localhost:{site.port}/"
    session.do(f"from PyQt6.QtCore import QUrl\nwindow.add_tab(QUrl({here!r}), show=False)")
    _wait_for_realms(site, {"top"})
    top = told(site)["top"]
    assert "deviceMemory" not in top
    _assert_alike(site, REALMS, top)
    tab = "window.tabs[1]"

    def again(statement: str) -> None:
        site.arrived.clear()
        session.do(statement)
        _assert_alike(site, REALMS, top)
        session.wait_for(f"not {tab}.loading")

    session.wait_for(f"not {tab}.loading")
    assert session.value(f"{tab}.discard()")
    again("window.tabs.show(1)")
    assert session.value("tab.page.history().count()") == 1
    # Not in front, and loaded again there.
    session.do("window.tabs.show(0)")
    again(f"{tab}.reload(bypass_cache=True)")
    # Its page's process ends, then its bridge's.
    crash = "import os, signal\nos.kill({}.renderProcessPid(), signal.SIGKILL)"
    session.do(crash.format(f"{tab}.page"))
    session.wait_for(f"{tab}.failure is not None")
    again(f"{tab}.reload()")
    session.do(f"{tab}.page.gate.inspection.armed.connect(lambda: setattr(session, 'anew', True))")
    session.do(crash.format(f"{tab}.page.gate.inspection._tools"))
    session.wait_for("getattr(session, 'anew', False)")
    again(f"{tab}.reload(bypass_cache=True)")


def _wait_for_tools(session: LedSession) -> None:
    """Until the engine's own program shows itself in the window of the developer tools."""
    look = "!!document.querySelector('.root-view')"
    there = False
    while not there:
        session.do(
            "session.there = []\n"
            f"tab.page.devToolsPage().runJavaScript({look!r}, 0, session.there.append)"
        )
        session.wait_for("session.there")
        there = session.value("session.there[0]")


def test_the_developer_tools_change_nothing_that_a_page_can_know(
    rig: BrowserRig, site: Site
) -> None:
    serve_realms(site)
    session = rig.start("--private", hosts=site.host_map())
    session.open(f"http://localhost:{site.port}/")
    # Each time all of them: what a worker tells late must not be taken for the next page's.
    _wait_for_realms(site, set(REALMS))
    session.do("from myco_browser.ui.dev_tools import open_dev_tools; open_dev_tools(tab)")
    # Before the tools themselves are there, and when they are.
    session.wait_for("tab.page.gate.inspection.is_armed")
    for is_there in (False, True):
        site.arrived.clear()
        session.open(f"http://localhost:{site.port}/")
        found = _wait_for_realms(site, set(REALMS))
        assert "deviceMemory" not in found["top"]
        # Workers that start in the moment in which the tools come may be unprepared.
        for realm in (one for one in REALMS if is_there or "worker" not in one):
            assert not _differences(found[realm], found["top"]), realm
        _wait_for_tools(session)
    session.do(
        "from PyQt6.QtWebEngineWidgets import QWebEngineView\n"
        "QWebEngineView.forPage(tab.page.devToolsPage()).close()"
    )
    session.wait_for("tab.page.gate.inspection.is_armed")
    site.arrived.clear()
    session.open(f"http://localhost:{site.port}/")
    found = _wait_for_realms(site, set(REALMS))
    for realm in REALMS:
        assert not _differences(found[realm], found["top"]), realm


def test_the_developer_tools_end_with_their_page(rig: BrowserRig, site: Site) -> None:
    session = rig.start("--private", hosts=site.host_map())
    session.do("window.add_tab()")
    session.open(f"http://localhost:{site.port}/")
    session.do("from myco_browser.ui.dev_tools import open_dev_tools; open_dev_tools(tab)")
    session.wait_for("tab.page.gate.inspection.is_armed")
    session.do("session.tools = tab.tools; tab.ask_to_close()")
    session.wait_for("len(window.tabs) == 1")
    session.wait_for("__import__('PyQt6.sip').sip.isdeleted(session.tools)")
    assert "Traceback" not in rig.log()


def test_a_private_page_that_slept_is_prepared_again(rig: BrowserRig, site: Site) -> None:
    serve_realms(site)
    session = rig.start("--private", hosts=site.host_map())
    session.open(f"http://localhost:{site.port}/")
    session.do("window.add_tab(); window.tabs[0].discard()")
    assert session.value("window.tabs[0].page.lifecycleState().name") == "Discarded"
    site.arrived.clear()
    session.do("window.tabs.show(0)")
    found = _wait_for_realms(site, set(REALMS))
    for realm in REALMS:
        assert not _differences(found[realm], found["top"]), realm
