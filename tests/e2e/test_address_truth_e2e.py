"""The address bar never names an origin whose content is not what is shown."""

from __future__ import annotations

import threading
from collections.abc import Callable
from urllib.parse import urlsplit

from support.browser_rig import BrowserRig, LedSession
from support.site import Answer, Site

_FIELD = "window.address.field.text()"
_CHIP = "window.address.chip.accessibleName()"
_CLICK = (
    "from PyQt6.QtTest import QTest\n"
    "from PyQt6.QtCore import QPoint, Qt\n"
    "QTest.mouseClick(tab.view.focusProxy(), Qt.MouseButton.LeftButton, pos=QPoint(60, 30))"
)
# Painted: before that, a click goes nowhere.
_PAGE = (
    "<!doctype html><meta charset=utf-8><title>-</title>"
    "<button style='position:fixed;inset:0;width:100%;height:100%' onclick='"
    "if (window.went) return; window.went = 1; {act}'>go</button>"
    "<script>requestAnimationFrame(() => requestAnimationFrame(() => setTimeout(() => {{"
    " document.title = '{name}' }}, 50)))</script>"
)


class _Slow:
    """A page that is on its way until it is let go."""

    def __init__(self) -> None:
        self.asked = threading.Event()
        self.go = threading.Event()

    def __call__(self) -> Answer:
        self.asked.set()
        self.go.wait(30)
        return Answer(b"<title>slow</title>slow")


def _is_true(session: LedSession) -> None:
    """What the field names is where the page comes from."""
    href = str(session.script("location.href"))
    # A name before an @ is left out where the address is shown.
    scheme, _slashes, place = str(session.value(_FIELD)).partition("://")
    shown = f"{scheme}://{place.rpartition('@')[2]}" if place else scheme
    assert urlsplit(shown)[:2] == urlsplit(href)[:2] or (shown, href) == ("", "about:blank"), (
        shown,
        href,
    )


def _click(session: LedSession, happened: Callable[[], object]) -> None:
    """Clicks until it has an effect: a page that was not painted yet takes none. It acts once."""
    for _ in range(60):
        session.do(_CLICK)
        for _again in range(20):
            if happened():
                return
            threading.Event().wait(0.02)
    raise AssertionError("the click did nothing")


def _open(session: LedSession, site: Site, act: str, name: str = "evil") -> None:
    site.page(f"{name}.example/", _PAGE.format(name=name, act=act))
    session.open(f"http://{name}.example/")
    session.wait_for(f"tab.title == {name!r}")


def test_a_page_on_its_way_is_not_taken_for_the_one_that_is_shown(
    rig: BrowserRig, site: Site
) -> None:
    slow = _Slow()
    site.pages["bank.example/"] = slow
    site.pages["bank.example/nothing"] = Answer(b"", status=204)
    session = rig.start(hosts=site.host_map())
    # A page that goes elsewhere.
    _open(session, site, 'location = "http://bank.example/"')
    _click(session, slow.asked.is_set)
    assert session.value(_FIELD) == "http://evil.example/"
    session.do("tab.stop()")
    session.wait_for("not tab.loading")
    _is_true(session)
    # What the user typed is shown while it is on its way, but nothing is said about it yet.
    slow.asked.clear()
    session.do("window.open_text('http://bank.example/')")
    assert slow.asked.wait(20)
    assert session.value(_FIELD) == "http://bank.example/"
    assert session.value(_CHIP) == "On the way to this page"
    session.do("tab.stop()")
    session.wait_for(f"{_FIELD} == 'http://evil.example/'")
    session.wait_for(f"'not encrypted' in {_CHIP}")
    # An answer without a page leaves the one before.
    session.do("window.open_text('http://bank.example/nothing')")
    session.wait_for("not tab.loading")
    session.wait_for(f"{_FIELD} == 'http://evil.example/'")
    # A window of its own, written into by who opened it.
    slow.asked.clear()
    act = (
        'w = window.open("http://bank.example/"); w.document.write("<title>forged</title>pay here")'
    )
    _open(session, site, act)
    _click(session, lambda: session.value("len(window.tabs) == 2"))
    session.wait_for("tab.title == 'forged'")
    assert "bank" not in session.value(_FIELD)
    session.wait_for(f"{_CHIP} != 'A page of the browser'")
    slow.go.set()


_LONG = "www-bank-com-" + "a" * 40
_PAINTED = """
from PyQt6.QtGui import QFontMetrics
from myco_browser.domain.urls import show_url
from myco_browser.ui.address_bar import fitting_parts
metrics = QFontMetrics(window.address.field.font())
session.painted = []
for url in {urls!r}:
    shown = fitting_parts(show_url(url), metrics, 160)
    assert sum(map(metrics.horizontalAdvance, shown)) <= 160, shown
    session.painted.append(shown)
"""


def _paint_narrow(session: LedSession) -> None:
    """Where there is little room, the end of the domain stays: it tells whose page it is."""
    urls = (
        f"https://{_LONG}.evil.example/", "https://www.bank.com." + "a." * 60 + "evil.org/bank.com",
        "https://evil.org/\u202emoc.knab/\u05d0" + "x" * 300,
    )  # fmt: skip
    session.do(_PAINTED.format(urls=urls))
    long, deep, turned = session.value("session.painted")
    assert long[1].endswith("evil.example")
    assert deep[1] == turned[1] == "evil.org"
    assert "bank" not in deep[0]
    assert turned[2].startswith("/%E2%80%AE")


def test_tricks_with_addresses_name_who_is_there(rig: BrowserRig, site: Site) -> None:
    session = rig.start(hosts=site.host_map())
    _paint_narrow(session)
    for act in (
        'try { history.pushState(0, "", "http://bank.example/") } catch (e) { document.title = 1 }',
        'location = "data:text/html,<title>1</title>bank"; document.title = 1',
        'location = "http://bank.example@other.example/"',
        'location = "http://bank.example:80@other.example/"',
        'try { location = "http://bank.example:80:8/" } catch { document.title = 1 }',
        'location = "http://bank.example:80%2F@other.example:80/"',
        "location = window.URL.createObjectURL("
        'new Blob(["<title>1</title>http://bank.example/"], { type: "text/html" }))',
    ):
        site.page("other.example/", "<title>1</title>")
        _open(session, site, act)
        _click(session, lambda: session.value("tab.title == '1'"))
        session.wait_for("tab.title == '1' and not tab.loading")
        _is_true(session)
        assert "bank" not in session.value("window.address.field._display.domain")
    assert session.value(_CHIP) == "Without an address of its own"
    # A page that holds on: what was typed is no longer named when the user stays.
    site.page("bank.example/", "<title>bank</title>")
    act = 'onbeforeunload = (event) => event.preventDefault(); document.title = "holds"'
    _open(session, site, act)
    _click(session, lambda: session.value("tab.title == 'holds'"))
    session.do("window.open_text('http://bank.example/')")
    session.wait_for("tab._dialogs.is_open")
    session.do(
        "from myco_browser.ui.page_dialog import PageDialog\n"
        "tab.findChild(PageDialog).close_unanswered()"
    )
    session.wait_for("not tab._dialogs.is_open and not tab.loading")
    session.wait_for(f"{_FIELD} == 'http://evil.example/'")
    assert session.value("tab.title") == "holds"
    _is_true(session)
    session.script("onbeforeunload = null; 1")
    # A page of nobody's is not one of the browser's.
    _open(
        session, site, 'window.open("about:blank#https://bank.example/").document.title = "forged"'
    )
    _click(session, lambda: session.value("len(window.tabs) == 2"))
    session.wait_for("tab.title == 'forged'")
    session.wait_for(f"{_CHIP} == 'Without an address of its own'")
    session.do("tab.ask_to_close()")
    session.wait_for("len(window.tabs) == 1")
    # A frame may not take the window elsewhere by itself.
    site.page(
        "frame.example/", "<script>try { top.location = 'http://bank.example/' } catch {}</script>"
    )
    site.page("host.example/", "<title>host</title><iframe src=http://frame.example/></iframe>")
    session.open("http://host.example/")
    session.wait_for("tab.title == 'host' and not tab.loading")
    _is_true(session)
