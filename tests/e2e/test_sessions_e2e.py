"""Sessions: sandboxed, sealed, apart from each other, and back after a crash."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from support.browser_rig import BrowserRig, LedSession
from support.launcher_rig import is_alive, wait_until
from support.site import Site

from myco_browser.domain.session_state import SessionState, TabState, WindowState
from myco_browser.services.session_store import SessionStore

_BAR = (
    "window.findChildren(__import__('myco_browser.ui.bookmarks_bar').ui.bookmarks_bar.BookmarksBar)"
)
_BOOKMARK_IT = (
    "[one for one in window.actions() if one.shortcut().toString() == 'Ctrl+D'][0].trigger()"
)


def _sandbox_page(session: LedSession) -> str:
    session.do("from PyQt6.QtCore import QUrl; tab.page.load(QUrl('chrome://sandbox'))")
    session.wait_for("tab.page.url().toString().startswith('chrome://sandbox')")
    text = ""
    while "sandboxed" not in text:
        text = str(session.script("document.body ? document.body.innerText : ''"))
    return text


def _kill(session: LedSession) -> None:
    os.kill(session.pid, signal.SIGKILL)


def test_the_engine_is_sandboxed_inside_the_seal(rig: BrowserRig) -> None:
    session = rig.start()
    text = _sandbox_page(session)
    assert "You are adequately sandboxed" in text
    assert session.value("session._context.sealed")
    links = session.run("import os; return os.listdir('/sys/class/net')")
    inside = session.run("return open('/proc/self/net/dev').read()")
    assert "lo:" in inside
    assert inside.count(":") == 1, f"a sealed session has loopback only: {inside} {links}"


def test_an_unsealed_session_still_asks_the_door_only(rig: BrowserRig, site: Site) -> None:
    site.page("plain.example/", "<title>through the door</title>")
    session = rig.start("--no-seal", hosts=site.host_map())
    session.open("http://plain.example/")
    assert session.value("tab.title") == "through the door"
    assert not session.value("session._context.sealed")
    hosts = session.value("[row.host for row in session._door.counters()]")
    assert "plain.example" in hosts


def test_a_private_session_is_another_process_and_goes_at_once(rig: BrowserRig, site: Site) -> None:
    site.page("cookie.example/", "<script>document.title = document.cookie || 'none'</script>")
    session = rig.start(hosts=site.host_map())
    session.open("http://cookie.example/")
    session.script("document.cookie = 'canary=everyday; max-age=9999'")
    session.open("http://cookie.example/")
    session.wait_for("tab.title == 'canary=everyday'")
    session.do("session._context.bookmarks.add('Kept', 'http://cookie.example/', 1)")
    session.do("session._context.launcher.open_private(['http://cookie.example/'])")
    private = rig.session()
    private.wait_for("tab.title == 'none'")
    assert private.pid != session.pid
    before = _files(rig.folder)
    private.script("document.cookie = 'canary=private; max-age=9999'; localStorage.x = 'private'")
    private.open("http://cookie.example/")
    private.wait_for("tab.title == 'canary=private'")
    # Bookmarks are there to be opened.
    private.do("window.add_tab()")
    private.wait_for("not tab.loading")
    private.do(f"[bar] = {_BAR}\nbar._buttons[0].click()")
    private.wait_for("tab.title == 'canary=private'")
    private.do(_BOOKMARK_IT)
    private.wait_for("any('changed in an everyday' in n.accessibleName() for n in tab.notices)")
    assert (
        private.value("session._context.bookmarks.find('http://cookie.example/').title") == "Kept"
    )
    assert _files(rig.folder) == before, "a private session makes no files"
    tree = _tree(private.pid)
    assert len(tree) > 1
    for pid in tree:
        limits = Path(f"/proc/{pid}/limits").read_text()
        assert re.search(r"Max core file size +0 +0 ", limits), "no process leaves a core file"
    private.do("window.close()")
    assert wait_until(lambda: not any(map(is_alive, tree)), 2.0), "gone within two seconds"
    session.open("http://cookie.example/")
    session.wait_for("tab.title == 'canary=everyday'")


def test_a_dead_renderer_shows_a_page_and_others_live_on(rig: BrowserRig, site: Site) -> None:
    site.page("one.example/", "<title>one</title>")
    site.page("two.example/", "<title>two</title>")
    session = rig.start(hosts=site.host_map())
    session.open("http://one.example/")
    session.do("window.add_tab()")
    session.open("http://two.example/")
    session.do("import os; os.kill(tab.page.renderProcessPid(), 9)")
    session.wait_for("tab.title == 'This page has crashed'")
    session.do("tab.reload()")
    session.wait_for("tab.title == 'two'")
    session.do("window.tabs.show(0)")
    assert session.script("document.title") == "one"


def test_a_crashed_session_comes_back_with_its_tabs(rig: BrowserRig, site: Site) -> None:
    site.page("one.example/", "<title>one</title>")
    site.page("two.example/", "<title>two</title>")
    session = rig.start(hosts=site.host_map())
    session.open("http://one.example/")
    session.do("window.add_tab()")
    session.open("http://two.example/")
    session.wait_for("not window._windows._state_timer.isActive()")
    assert wait_until(lambda: "two.example" in _state(rig))
    _kill(session)
    again = rig.session()
    again.wait_for("tab and tab.title == 'two'")
    assert again.value("[t.urlstr for t in window.tabs]") == [
        "http://one.example/",
        "http://two.example/",
    ]
    assert not again.value("window.tabs[0].awake"), "a tab loads when it is shown"
    assert site.arrived.count("one.example/") == 1


def test_tabs_of_last_time_sleep_behind_an_address_that_is_asked_for(
    rig: BrowserRig, site: Site
) -> None:
    site.page("one.example/", "<title>one</title>")
    site.page("two.example/", "<title>two</title>")
    session = rig.start(hosts=site.host_map())
    session.open("http://one.example/")
    session.do("window.showMaximized()")
    session.wait_for("window.isMaximized() and not tab.icon.isNull()")
    assert wait_until(lambda: "one.example" in _state(rig))
    session.do("session._manager.close_all()")
    assert rig.started[0].wait(20) == 0
    again = rig.start("http://two.example/", hosts=site.host_map())
    again.wait_for("tab and tab.title == 'two'")
    assert again.value("[t.title for t in window.tabs]") == ["one", "two"]
    assert again.value("window.isMaximized() and window.isVisible()")
    assert not again.value("window.tabs[0].awake")
    colour = "window.tabs[0].icon.pixmap(16, 16).toImage().pixelColor(8, 8).name()"
    assert again.value(colour) == "#2a9d8f", "asleep, it has the picture of its site"
    assert site.arrived.count("one.example/") == 1
    again.do("window.tabs.show(0)")
    again.wait_for("tab.awake")
    again.wait_for_script("document.title", "one")


_WHEEL = """
from PyQt6.QtCore import QPoint, QPointF, Qt
from PyQt6.QtGui import QWheelEvent
for _ in range(6):
    window.strip.wheelEvent(QWheelEvent(
        QPointF(100, 20), QPointF(100, 20), QPoint(), QPoint(0, -120), Qt.MouseButton.NoButton,
        Qt.KeyboardModifier.NoModifier, Qt.ScrollPhase.NoScrollPhase, False))
"""


def test_hundreds_of_tabs_come_back_asleep_and_are_found(rig: BrowserRig, site: Site) -> None:
    tabs = tuple(TabState(f"http://t{n}.example/", f"Tab {n}", pinned=n < 2) for n in range(300))
    rig.profile.mkdir(mode=0o700)
    store = SessionStore(rig.profile)
    store.submit(SessionState((WindowState(1, tabs, 150),)))
    store.close()
    for number in (150, 299):
        site.page(f"t{number}.example/", f"<title>shown {number}</title>")
    session = rig.start(hosts=site.host_map())
    session.wait_for("tab and tab.title == 'shown 150'")
    assert session.value("len(window.tabs)") == 300
    assert session.value("sum(tab.awake for tab in window.tabs)") == 1
    faces = "__import__('myco_browser.ui.tab_face').ui.tab_face.TabFace"
    count = f"len(window.strip.findChildren({faces}))"
    assert 1 < session.value(count) < 40, "only tabs in sight have widgets"
    session.do(_WHEEL)
    assert session.value("window.tabs.current_index") == 150, "the wheel moves the strip alone"
    session.wait_for("window.strip.tabAt(window.strip.rect().center()) > 160")
    assert session.value("sum(tab.awake for tab in window.tabs)") == 1
    session.do(
        "window.show_all_tabs()\n"
        "from PyQt6.QtWidgets import QApplication\n"
        "session.panel = QApplication.activePopupWidget()\n"
        "session.panel.field.setText('tab 29')"
    )
    assert session.value("session.panel.list.model().rowCount()") == 13, (
        "29, 129, 229, and 290 to 299"
    )
    session.do(
        "from PyQt6.QtTest import QTest\n"
        "from PyQt6.QtCore import Qt\n"
        "for _ in range(2): QTest.keyClick(session.panel.field, Qt.Key.Key_PageDown)\n"
        "QTest.keyClick(session.panel.field, Qt.Key.Key_Return)"
    )
    session.wait_for("tab.title == 'shown 299'")
    face = "window.strip.tabButton(299, window.strip.ButtonPosition.LeftSide)"
    session.wait_for(f"isinstance({face}, {faces}) and {face}._title == 'shown 299'")
    assert session.value("sum(tab.awake for tab in window.tabs)") == 2
    session.do("session._manager.dress(session._context)")
    session.wait_for("tab.title == 'shown 299'")
    assert session.value("sum(tab.awake for tab in window.tabs)") == 2, "new colours wake nothing"
    asked = {place for place in site.arrived if place.endswith(".example/")}
    assert asked == {"t150.example/", "t299.example/"}


def test_three_crashes_in_a_minute_end_it(rig: BrowserRig) -> None:
    session = rig.start()
    for _ in range(2):
        _kill(session)
        session = rig.session()
    _kill(session)
    assert rig.started[0].wait(20) != 0
    assert "crashed three times" in rig.log()


def test_a_card_that_makes_it_crash_is_left_out_from_then_on(rig: BrowserRig) -> None:
    rig.settings["general.graphics"] = "card"
    software = "__import__('os').environ.get('QT_QUICK_BACKEND') == 'software'"
    session = rig.start()
    names = [Path(f"/proc/{pid}/cmdline").read_bytes() for pid in _tree(session.pid)]
    assert not any(b"--type=gpu-process" in name for name in names), "it draws in this process"
    for _ in range(2):
        assert not session.value(software)
        os.kill(session.pid, signal.SIGSEGV)
        session = rig.session()
    assert session.value(software)
    session.wait_for("any('graphics card' in bar.accessibleName() for bar in tab.notices)")
    session.do("session._manager.close_all()")
    assert rig.started[0].wait(20) == 0
    session = rig.start()
    assert session.value(software), "it is remembered"
    assert not session.value("len(tab.notices)")
    session.do(
        "from myco_browser.domain.settings import GRAPHICS\n"
        "from myco_browser.domain.settings_snapshot import Change\n"
        "for wish in ('auto', 'card'): session._settings.change(Change(GRAPHICS, wish))"
    )
    assert not (rig.profile / "graphics-failed").exists(), "the next start tries the card again"


@pytest.mark.parametrize("arguments", [(), ("--new-window",)])
def test_a_second_start_hands_its_addresses_over(
    rig: BrowserRig, site: Site, arguments: tuple[str, ...]
) -> None:
    site.page("handed.example/", "<title>handed over</title>")
    session = rig.start(hosts=site.host_map())
    second = rig.launch(*arguments, "http://handed.example/")
    assert second.wait(10) == 0
    session.wait_for("tab.title == 'handed over'")
    assert session.value("len(session._manager.windows)") == (2 if arguments else 1)


def test_version_names_the_engine_and_its_patch_level() -> None:
    shown = subprocess.run(
        [sys.executable, "-m", "myco_browser", "--version"],
        capture_output=True, text=True, check=True,
    ).stdout  # fmt: skip
    for word in ("Myco Browser", "PyQt", "QtWebEngine", "Chromium", "patch"):
        assert word in shown


def _files(folder: Path) -> set[str]:
    """Files below `folder`, but for what the everyday session may write meanwhile."""
    found = (path for path in folder.rglob("*") if path.is_file())
    return {str(path) for path in found if "profile" not in path.parts and path.name != "log"}


def _state(rig: BrowserRig) -> str:
    return "".join(path.read_text() for path in rig.profile.glob("session-*.json"))


def _tree(pid: int) -> list[int]:
    text = subprocess.run(["ps", "-eo", "pid,ppid"], capture_output=True, text=True, check=True)
    pairs = [tuple(map(int, line.split())) for line in text.stdout.splitlines()[1:]]
    tree, grew = {pid}, True
    while grew:
        more = {child for child, parent in pairs if parent in tree} - tree
        grew = bool(more)
        tree |= more
    return sorted(tree)


_POPUP = "session._application.activePopupWidget()"
_PLACES = (
    "<!doctype html><title>{host}</title><style>body{{margin:0}}*{{position:absolute;left:0;"
    "width:200px;height:40px;font:30px monospace}}</style>"
    "<a href='http://link.example/' style='top:40px'>a link</a>"
    "<img src=/picture.svg style='top:80px'><p style='top:120px;margin:0' id=words>words</p>"
    "<input style='top:200px'>"
)
_PRESS = """
from PyQt6.QtTest import QTest
from PyQt6.QtCore import QPoint, Qt
QTest.mouseClick(tab.view.focusProxy(), Qt.MouseButton.RightButton, pos=QPoint({x}, {y}))
"""
_NOTE = """
session.asked, link = [], session._context.launcher
link.open_private = lambda urls, go=link.open_private: (session.asked.append(urls),
                                                       len(session.asked) == 1 and go(urls))
"""
# A row of a list is chosen, and its menu is asked for where it stands.
_ROW = """
view = {view}
view.setCurrentIndex({index})
view.customContextMenuRequested.emit(view.visualRect(view.currentIndex()).center())
"""


def _choose_private(session: LedSession) -> list[str]:
    """Takes the entry of the menu that stands open; the addresses that the launcher got."""
    session.wait_for(f"{_POPUP} is not None")
    session.do(
        f"menu = {_POPUP}\n"
        "found = [one for one in menu.actions() if one.text().endswith('in a private window')]\n"
        "assert len(found) == 1, [one.text() for one in menu.actions()]\n"
        "found[0].trigger()\nmenu.close()"
    )
    session.wait_for(f"{_POPUP} is None")
    asked: list[str] = session.value("session.asked[-1]")
    return asked


def test_every_menu_of_a_page_can_open_it_in_a_private_window(rig: BrowserRig, site: Site) -> None:
    site.page("menu.example/", _PLACES.format(host="menu"))
    site.page("link.example/", "<title>link</title>")
    session = rig.start(hosts=site.host_map())
    session.open("http://menu.example/")
    session.do(_NOTE)
    session.do("session._context.bookmarks.add('Kept', 'http://kept.example/', 1)")
    session.do("session._context.reading.add('http://later.example/', 'Later', 1)")
    session.wait_for_script("document.images[0].naturalWidth > 0", True)
    # Until it is painted, a click finds the page and no element.
    found: list[str] = []
    for _ in range(60):
        session.do(_PRESS.format(x=20, y=60))
        session.wait_for(f"{_POPUP} is not None")
        texts = session.value(f"[one.text() for one in {_POPUP}.actions()]")
        if "Open link in a private window" in texts:
            found = _choose_private(session)
            break
        session.do(f"{_POPUP}.close()")
    assert found == ["http://link.example/"]
    private = rig.session()
    private.wait_for("tab.title == 'link'")
    assert private.pid != session.pid
    session.do(_PRESS.format(x=100, y=100))
    assert _choose_private(session) == ["http://menu.example/picture.svg"]
    session.script("getSelection().selectAllChildren(words)")
    # The page itself: where it is empty, on what was marked, and where one types.
    for x, y in ((400, 300), (20, 135), (100, 215)):
        session.do(_PRESS.format(x=x, y=y))
        assert _choose_private(session) == ["http://menu.example/"]
    # What is kept: the bar, and the windows of bookmarks, of the reading list and of the history.
    bar = "window._chrome.findChild(__import__('PyQt6.QtWidgets').QtWidgets.QWidget, 'bookmarks')"
    session.do(
        f"button = {bar}._buttons[0]\n"
        "button.customContextMenuRequested.emit(button.rect().center())"
    )
    assert _choose_private(session) == ["http://kept.example/"]
    for name, show, part, url in (
        ("bookmarks", "show_bookmarks", "_tree", "http://kept.example/"),
        ("reading", "show_reading_list", "_rows", "http://later.example/"),
        ("history", "show_history", "_tree", "http://menu.example/"),
    ):
        session.do(f"session._manager.{show}()")
        view = f"session._manager._single[{name!r}].{part}"
        session.wait_for(f"{view}.model().rowCount() and {view}.isVisible()")
        inner = "view.model().index(0, 0)"
        if name != "reading":
            inner = f"view.model().index(0, 0, {inner})"
        session.do(_ROW.format(view=view, index=inner))
        assert _choose_private(session) == [url]
