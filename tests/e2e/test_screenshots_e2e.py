"""Pictures of pages: the file on the disk and the clipboard show what was chosen."""

from __future__ import annotations

from pathlib import Path

from PIL import Image
from support.browser_rig import BrowserRig, LedSession
from support.site import Site

_COLOURS = ("#cc3333", "#33cc33", "#3333cc", "#cccc33", "#33cccc", "#cc33cc")
_PAGE = (
    "<!doctype html><title>stripes</title><style>body{margin:0}div{height:400px}</style>"
    + "".join(f"<div style='background:{colour}'></div>" for colour in _COLOURS)
)
_SHEET = "tab.findChildren(__import__('PyQt6.QtWidgets').QtWidgets.QWidget, 'sheet')"
_TRIGGER = "[a for a in window.actions() if a.shortcut().toString() == 'Ctrl+Shift+S'][0].trigger()"


def _start(rig: BrowserRig, site: Site, *arguments: str) -> LedSession:
    site.page("stripes.example/", _PAGE)
    session = rig.start(*arguments, hosts=site.host_map())
    session.open("http://stripes.example/")
    session.wait_for("tab.view.grab().toImage().pixelColor(9, 9).name() == '#cc3333'")
    session.do(_TRIGGER)
    session.wait_for(f"len({_SHEET}) == 1")
    return session


def _press(session: LedSession, where: str, text: str) -> None:
    kind = "__import__('PyQt6.QtWidgets').QtWidgets.QPushButton"
    session.do(f"[b for b in {where}.findChildren({kind}) if b.text() == {text!r}][0].click()")


def _saved(rig: BrowserRig, session: LedSession) -> Image.Image:
    session.wait_for("any(n.accessibleName().startswith('Picture taken') for n in tab.notices)")
    _press(session, "tab.notices[-1]", "Save")
    session.wait_for("any(n.accessibleName().startswith('Saved as') for n in tab.notices)")
    (path,) = (rig.folder / "home" / "Pictures").glob("stripes.example *.png")
    content = Path(path).read_bytes()
    assert not [kind for kind in (b"tEXt", b"iTXt", b"tIME", b"pHYs", b"eXIf") if kind in content]
    return Image.open(path).convert("RGB")


def test_the_whole_page_is_taken_beyond_what_is_visible(rig: BrowserRig, site: Site) -> None:
    session = _start(rig, site)
    session.wait_for("tab.page.gate.inspection.is_armed")
    _press(session, f"{_SHEET}[0]", "The whole page")
    image = _saved(rig, session)
    assert image.height == 400 * len(_COLOURS)
    found = ["#{:02x}{:02x}{:02x}".format(*image.getpixel((9, 200 + 400 * n))) for n in range(6)]  # type: ignore[misc]
    assert found == list(_COLOURS)
    assert session.value("len(tab.findChildren(type(tab.view)))") == 1


def test_a_part_is_chosen_with_the_mouse(rig: BrowserRig, site: Site) -> None:
    session = _start(rig, site)
    session.do(
        "from PyQt6.QtTest import QTest\n"
        "from PyQt6.QtCore import QPoint, Qt\n"
        f"sheet = {_SHEET}[0]\n"
        "left, none = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier\n"
        "QTest.mousePress(sheet, left, none, QPoint(30, 350))\n"
        "QTest.mouseMove(sheet, QPoint(100, 420))\n"
        "QTest.mouseRelease(sheet, left, none, QPoint(129, 449))"
    )
    image = _saved(rig, session)
    assert image.size == (100, 100)
    assert [image.getpixel((50, y)) for y in (10, 90)] == [(0xCC, 0x33, 0x33), (0x33, 0xCC, 0x33)]


def test_the_visible_part_is_copied_and_a_private_window_asks_where_to(
    rig: BrowserRig, site: Site
) -> None:
    session = _start(rig, site, "--private")
    _press(session, f"{_SHEET}[0]", "What is visible")
    session.wait_for("len(tab.notices) == 1")
    _press(session, "tab.notices[0]", "Copy")
    clipboard = "__import__('PyQt6.QtGui').QtGui.QGuiApplication.clipboard().image()"
    assert session.value(f"[{clipboard}.width(), {clipboard}.pixelColor(9, 9).name()]") == [
        session.value("tab.view.width()"),
        "#cc3333",
    ]
    session.do(_TRIGGER)
    session.wait_for(f"len({_SHEET}) == 1")
    _press(session, f"{_SHEET}[0]", "What is visible")
    session.wait_for("len(tab.notices) == 1")
    button = "__import__('PyQt6.QtWidgets').QtWidgets.QPushButton"
    session.do(
        "from PyQt6.QtCore import QTimer\n"
        f"one = [b for b in tab.notices[0].findChildren({button}) if b.text() == 'Save'][0]\n"
        "QTimer.singleShot(0, one.click)"
    )
    dialogs = "[d for d in session._application.topLevelWidgets() if d.inherits('QFileDialog')]"
    session.wait_for(f"len({dialogs}) == 1 and {dialogs}[0].isVisible()")
    session.do(f"{dialogs}[0].reject()")
    session.wait_for("len(tab.notices) == 1")
    assert not list((rig.folder / "home").rglob("*.png"))
