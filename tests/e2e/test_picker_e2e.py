"""The element picker, led by mouse and keys, judged in the pages and in the file of own filters."""

from __future__ import annotations

import textwrap
from pathlib import Path
from typing import Any

from support.browser_rig import BrowserRig, LedSession, set_level
from support.site import Site

_HEAD = "<!doctype html><meta charset=utf-8><title>page</title><style>div{height:40px}</style>"
_PAGE = (
    _HEAD + "<div id=text>text</div><section class=side><div id=one class='promo big'>a</div>"
    "<div id=two class=promo>b</div></section><div id=end>end</div>"
)
_SHOWN = (
    "[...document.querySelectorAll('div')].filter(d => d.offsetHeight).map(d => d.id).join()"
)  # fmt: skip
_PARTS = (
    "from PyQt6.QtCore import QPoint, Qt\n"
    "from PyQt6.QtTest import QTest\n"
    "from PyQt6.QtWidgets import QLabel\n"
    "from myco_browser.ui.picker import ElementPicker\n"
    "from myco_browser.ui.picker_bar import PickerBar\n"
    "from myco_browser.ui.picker_overlay import PickerOverlay\n"
    "def found(kind): return next((w for w in tab.findChildren(kind) if w.isVisible()), None)\n"
    "overlay, bar = found(PickerOverlay), found(PickerBar)\n"
)
_KEY = "[a for a in window.actions() if a.shortcut().toString() == 'Ctrl+Shift+E'][0].trigger()"


class Picking:
    """Leads the picker of the tab in front."""

    def __init__(self, session: LedSession) -> None:
        self.session = session

    def start(self) -> None:
        """By the action that the shortcut has."""
        self.session.do(_KEY)
        self.session.do(f"{_PARTS}assert overlay is not None and bar is not None")

    def do(self, code: str) -> None:
        """Runs code with `overlay` and `bar`."""
        self.session.do(_PARTS + code)

    def value(self, expression: str) -> Any:
        """An expression of `overlay` and `bar`."""
        self.session.do(f"{_PARTS}session.found = {expression}")
        return self.session.value("session.found")

    def wait_for(self, expression: str) -> None:
        """Waits until an expression of `overlay` and `bar` is true."""
        body = textwrap.indent(f"{_PARTS}return bool({expression})", "    ")
        self.session.do(f"def test(tab):\n{body}\nsession.test = test")
        self.session.wait_for("session.test(tab)")

    def point(self, element: str) -> None:
        """Moves the mouse over the middle of an element, and waits for its mark."""
        box = f"document.getElementById({element!r}).getBoundingClientRect()"
        x = self.session.script(f"{box}.left + {box}.width / 2")
        y = self.session.script(f"{box}.top + {box}.height / 2")
        scale = self.session.value("tab.page.zoomFactor()")
        x, y = round(x * scale), round(y * scale)
        # By the window's handle: moving over a widget moves the display's pointer, and what then
        # comes depends on other windows that lie there.
        self.do(
            f"overlay._boxes = []\nat = overlay.mapTo(window, QPoint({x}, {y}))\n"
            "QTest.mouseMove(window.windowHandle(), at)"
        )
        self.wait_for(f"overlay._boxes and overlay._boxes[0].contains({x}, {y})")

    def choose(self, element: str) -> list[str]:
        """Clicks an element; the selectors that are offered."""
        self.point(element)
        self.do("QTest.mouseClick(overlay, Qt.MouseButton.LeftButton)")
        self.wait_for("bar._controls.isVisible() and bar._create.isEnabled()")
        found: list[str] = self.value("list(bar._selectors)")
        return found

    def step(self, selector: str) -> None:
        """Moves the slider to a selector and waits for its count."""
        self.do(f"bar._slider.setValue(list(bar._selectors).index({selector!r}))")
        assert self.value("bar.selector") == selector

    def create(self) -> None:
        """Presses Create."""
        self.wait_for("bar._create.isEnabled()")
        self.do("bar._create.click()")
        self.session.wait_for("len(tab.notices) == 1")


def _own(rig: BrowserRig) -> str:
    path: Path = rig.profile / "own-filters.txt"
    return path.read_text() if path.exists() else ""


def test_pick_widen_create_and_undo(rig: BrowserRig, site: Site) -> None:
    for name in ("news.example", "m.news.example", "other.example"):
        site.page(f"{name}/", _PAGE)
    session = rig.start(hosts=site.host_map())
    pages = ["http://m.news.example/", "http://other.example/", "http://news.example/"]
    for number, address in enumerate(pages):
        if number:
            session.do("window.add_tab()")
        session.open(address)
    picking = Picking(session)
    session.do("tab.page.setZoomFactor(1.5)")
    picking.start()
    selectors = picking.choose("one")
    assert selectors[:3] == ["#one", ".promo", ".side"]
    assert picking.value("bar.selector") == "#one"
    session.wait_for_script(_SHOWN, "text,two,end")
    picking.step(".promo")
    session.wait_for_script(_SHOWN, "text,end")
    picking.wait_for("'2' in bar._headline.text()")
    picking.do("bar._preview.setChecked(False)")
    session.wait_for_script(_SHOWN, "text,one,two,end")
    picking.wait_for("len(overlay._boxes) == 2")
    assert _own(rig) == ""
    picking.create()
    assert _own(rig) == "news.example##.promo\n"
    hidden, whole = "text,end", "text,one,two,end"
    for index, left in ((2, hidden), (0, hidden), (1, whole)):
        session.do(f"window.tabs.show({index})")
        session.wait_for_script(_SHOWN, left)
    # At once after a reload, and still when the engine was compiled with it.
    session.do("window.tabs.show(2)")
    for _again in range(2):
        session.do("session.loads.clear(); tab.reload()")
        session.wait_for("session.loads and not tab.loading")
        session.wait_for_script(_SHOWN, hidden)
        session.wait_for(
            "'user-own' in [one.id for one in session._context.policy.snapshot.engine.lists]"
        )
    session.do("window.tabs.show(0)")
    session.wait_for_script(_SHOWN, hidden)


def test_undo_takes_it_back_everywhere(rig: BrowserRig, site: Site) -> None:
    site.page("news.example/", _PAGE)
    session = rig.start(hosts=site.host_map())
    session.open("http://news.example/")
    session.do("window.add_tab()")
    session.open("http://news.example/")
    picking = Picking(session)
    picking.start()
    picking.choose("two")
    picking.create()
    session.wait_for_script(_SHOWN, "text,one,end")
    session.do("from PyQt6.QtWidgets import QPushButton\n"
               "tab.notices[0].findChild(QPushButton).click()")  # fmt: skip
    assert _own(rig) == ""
    for index in (1, 0):
        session.do(f"window.tabs.show({index})")
        session.wait_for_script(_SHOWN, "text,one,two,end")
    session.do("session.loads.clear(); tab.reload()")
    session.wait_for("not tab.loading")
    session.wait_for_script(_SHOWN, "text,one,two,end")


def test_the_menu_of_the_page_begins_with_what_was_pointed_at(rig: BrowserRig, site: Site) -> None:
    site.page("news.example/", _PAGE)
    session = rig.start(hosts=site.host_map())
    session.open("http://news.example/")
    box = "document.getElementById('two').getBoundingClientRect()"
    x, y = (round(session.script(f"{box}.{side} + 20")) for side in ("left", "top"))
    session.do(
        f"{_PARTS}target = tab.view.focusProxy() or tab.view\n"
        f"from PyQt6.QtGui import QContextMenuEvent\n"
        f"QTest.mouseClick(target, Qt.MouseButton.RightButton, pos=QPoint({x}, {y}))"
    )
    session.do(
        "from PyQt6.QtWidgets import QMenu\n"
        "def entry(window): return next((a for m in window.findChildren(QMenu) if m.isVisible()"
        " for a in m.actions() if a.text() == 'Block element…'), None)\n"
        "session.entry = entry"
    )
    session.wait_for("session.entry(window) is not None")
    session.do("session.entry(window).trigger()")
    picking = Picking(session)
    picking.wait_for("bar is not None and bar._create.isEnabled()")
    assert picking.value("bar.selector") == "#two"
    session.wait_for_script(_SHOWN, "text,one,end")
    # Elsewhere there is nothing to pick, and the reason is told.
    picking.do("QTest.keyClick(bar, Qt.Key.Key_Escape)")
    session.do(set_level("news.example", "OFF"))
    session.do(_KEY)
    session.wait_for("len(tab.notices) == 1")
    picking.wait_for("overlay is None")


def test_escape_leaves_everything_as_it_was(rig: BrowserRig, site: Site) -> None:
    site.page("news.example/", _PAGE)
    session = rig.start(hosts=site.host_map())
    session.open("http://news.example/")
    picking = Picking(session)
    picking.start()
    picking.do("QTest.keyClick(overlay, Qt.Key.Key_Escape)")
    picking.wait_for("overlay is None and bar is None")
    picking.start()
    # By keys alone: to the first element of the page, beside it, into it, back up, chosen.
    for key in ("Down", "Right", "Down", "Up", "Return"):
        picking.do(f"QTest.keyClick(overlay, Qt.Key.Key_{key})")
    picking.wait_for("bar._controls.isVisible() and bar._create.isEnabled()")
    assert picking.value("bar.selector") == ".side"
    session.wait_for_script(_SHOWN, "text,end")
    picking.do("QTest.keyClick(bar, Qt.Key.Key_Escape)")
    picking.wait_for("overlay is None and bar is None")
    session.wait_for_script(_SHOWN, "text,one,two,end")
    session.wait_for_script("document.adoptedStyleSheets.length", 1)
    # A page that goes takes its picker along.
    picking.start()
    session.open("http://news.example/?again")
    picking.wait_for("overlay is None and bar is None")
    assert _own(rig) == ""


_HOSTILE = (
    "<form><input name=id><input name=classList><input name=parentElement>"
    "<input name=getBoundingClientRect></form>"
    "<img name=body><img name=documentElement><img name=elementFromPoint>"
    "<img name=querySelectorAll><img name=adoptedStyleSheets>"
    "<script>window.heard = []; window.changes = 0;"
    "for (const kind of ['mousemove', 'mousedown', 'mouseup', 'click', 'keydown', 'pointermove',"
    " 'pointerdown', 'wheel', 'blur', 'mouseover']) addEventListener(kind, e => { if (e.isTrusted)"
    " { heard.push(kind); e.stopImmediatePropagation(); } }, true);"
    "new MutationObserver(() => changes++).observe(document, {subtree: true, childList: true,"
    " attributes: true});"
    "Element.prototype.matches = Document.prototype.elementFromPoint = () => document.body;"
    "CSS.escape = () => '*'; JSON.stringify = () => 'x';</script>"
)


_PLAIN = _SHOWN.replace("document.q", "Document.prototype.q").replace(
    "('div')", ".call(document, 'div')"
)


def test_a_hostile_page_neither_sees_nor_leads_the_picker(rig: BrowserRig, site: Site) -> None:
    names = "x##y:has-text(a),*{}/*\\\\\"'#@#|"
    page = (
        f"{_HEAD}<div id=text>t</div><div id=bad>b</div><div id=end>e</div>{_HOSTILE}"
        f"<script>const one = bad; one.id = end.className = one.className = {names!r};</script>"
    )
    site.page("hostile.example/", page)
    session = rig.start(hosts=site.host_map())
    session.open("http://hostile.example/")
    session.script("heard.length = 0; changes = 0")
    picking = Picking(session)
    picking.start()
    by_id, by_class = picking.choose(names)
    assert by_id.startswith('[id="x##y:has-text(a)')
    session.wait_for_script(_PLAIN, "text,end")
    picking.step(by_class)
    session.wait_for_script(_PLAIN, "text")
    assert session.script("typeof mycoPicker + typeof mycoCosmetics") == "undefinedundefined"
    assert session.script("heard.filter(kind => kind !== 'blur').join()") == ""
    assert session.script("changes") == 0
    picking.create()
    engine = "session._context.policy.snapshot.engine"
    session.wait_for(f"'user-own' in [one.id for one in {engine}.lists]")
    found = session.value(f"list({engine}.cosmetics('http://hostile.example/').selectors)")
    assert found == [by_class]
    session.do("session.loads.clear(); tab.reload()")
    session.wait_for("session.loads and not tab.loading")
    session.wait_for_script(_PLAIN, "text")


def test_a_private_session_keeps_its_picks_to_itself(rig: BrowserRig, site: Site) -> None:
    site.page("news.example/", _PAGE)
    session = rig.start(hosts=site.host_map())
    session.do("session._context.own_filters.append('news.example###text')")
    session.do("session._context.launcher.open_private(['http://news.example/'])")
    private = rig.session()
    private.wait_for("tab is not None and tab.title == 'page' and not tab.loading")
    private.do("session.loads = []; tab.page.loadFinished.connect(session.loads.append)")
    private.wait_for_script(_SHOWN, "one,two,end")
    picking = Picking(private)
    picking.start()
    picking.choose("two")
    texts = picking.value("[label.text() for label in bar.findChildren(QLabel)]")
    assert any(text.startswith("A private window keeps no filters") for text in texts)
    picking.create()
    private.do("session.loads.clear(); tab.reload()")
    private.wait_for("session.loads and not tab.loading")
    private.wait_for_script(_SHOWN, "one,end")
    assert _own(rig) == "news.example###text\n"
