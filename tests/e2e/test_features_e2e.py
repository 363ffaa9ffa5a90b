"""What people do every day: keys, passwords, downloads, PDF, pins, own pages."""

from __future__ import annotations

import base64
from collections.abc import Callable

from support.browser_rig import BrowserRig, LedSession
from support.launcher_rig import wait_until
from support.site import Answer, Site

_KEY = """
from PyQt6.QtTest import QTest
from PyQt6.QtGui import QKeySequence
QTest.keySequence(window, QKeySequence({keys!r}))
"""


def _press(session: LedSession, keys: str) -> None:
    session.do("window.activateWindow()")
    session.wait_for("window.isActiveWindow()")
    session.do(_KEY.format(keys=keys))


def test_keys_open_close_and_bring_back_tabs(rig: BrowserRig, site: Site) -> None:
    site.page("one.example/", "<title>one</title>")
    session = rig.start(hosts=site.host_map())
    session.open("http://one.example/")
    side = "__import__('PyQt6.QtWidgets').QtWidgets.QTabBar.ButtonPosition.LeftSide"
    title = f"window.strip.tabButton(0, {side}).y()"
    height = session.value(title)
    _press(session, "Ctrl+T")
    session.wait_for("len(window.tabs) == 2 and window.tabs.current_index == 1")
    assert session.value(title) == height
    session.wait_for("window.address.field.hasFocus() or not window.isActiveWindow()")
    _press(session, "Ctrl+1")
    session.wait_for("window.tabs.current_index == 0")
    _press(session, "Ctrl+W")
    session.wait_for("len(window.tabs) == 1")
    _press(session, "Ctrl+Shift+T")
    session.wait_for("len(window.tabs) == 2 and tab.title == 'one'")


def test_middle_click_on_a_tab_closes_it_and_drag_reorders(rig: BrowserRig, site: Site) -> None:
    for name in ("a", "b", "c"):
        site.page(f"{name}.example/", f"<title>{name}</title>")
    session = rig.start(hosts=site.host_map())
    session.open("http://a.example/")
    for name in ("b", "c"):
        session.do("window.add_tab()")
        session.open(f"http://{name}.example/")
    session.do("window.tabs.move(tab, -1)")
    assert session.value("[t.title for t in window.tabs]") == ["a", "c", "b"]
    session.do("window.tabs.set_pinned(window.tabs[2], True)")
    assert session.value("[t.title for t in window.tabs]") == ["b", "a", "c"]
    session.do(
        "from PyQt6.QtTest import QTest\n"
        "from PyQt6.QtCore import Qt\n"
        "at = window.strip.tabRect(1).center()\n"
        "QTest.mouseClick(window.strip, Qt.MouseButton.MiddleButton, pos=at)"
    )
    session.wait_for("[t.title for t in window.tabs] == ['b', 'c']")


_DRAG = """
from PyQt6.QtTest import QTest
from PyQt6.QtCore import Qt, QPoint
from PyQt6.QtWidgets import QApplication
strip = window.strip
start = strip.tabRect({tab}).center()
end = {end}
left, none = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
# By the window's handle, so that it does not depend on what else is on the display.
handle, inside = window.windowHandle(), lambda at: strip.mapTo(window, at)
QTest.mousePress(handle, left, none, inside(start))
for step in range(1, 11):
    QTest.mouseMove(handle, inside(start + (end - start) * step / 10))
    QApplication.processEvents()
QTest.mouseRelease(handle, left, none, inside(end))
"""


def test_the_mouse_drags_tabs_along_the_strip_and_out_of_it(rig: BrowserRig, site: Site) -> None:
    for name in ("a", "b", "c"):
        site.page(f"{name}.example/", f"<title>{name}</title>")
    session = rig.start(hosts=site.host_map())
    session.open("http://a.example/")
    for name in ("b", "c"):
        session.do("window.add_tab()")
        session.open(f"http://{name}.example/")
    session.do(_DRAG.format(tab=0, end="strip.tabRect(1).center() + QPoint(20, 0)"))
    session.wait_for("[t.title for t in window.tabs] == ['b', 'a', 'c']")
    assert session.value("tab.title") == "a", "what is dragged comes to the front"
    session.do(_DRAG.format(tab=1, end="start + QPoint(0, 200)"))
    session.wait_for("len(session._manager.windows) == 2")
    titles = session.value("[[t.title for t in w.tabs] for w in session._manager.windows]")
    assert titles == [["b", "c"], ["a"]]
    assert site.arrived.count("a.example/") == 1, "its page lives on"


def test_a_page_gets_the_file_that_the_user_picks(rig: BrowserRig, site: Site) -> None:
    site.page(
        "upload.example/",
        "<input type=file id=pick style='width:300px;height:60px'><script>"
        "pick.onchange = async () => document.title = await pick.files[0].text()</script>",
    )
    (rig.folder / "home" / "chosen.txt").write_text("what the file says")
    session = rig.start(hosts=site.host_map())
    session.open("http://upload.example/")
    session.click("#pick")
    dialogs = "[d for d in session._application.topLevelWidgets() if d.inherits('QFileDialog')]"
    session.wait_for(f"len({dialogs}) == 1 and {dialogs}[0].isVisible()")
    session.do(
        "from PyQt6.QtTest import QTest\n"
        "from PyQt6.QtWidgets import QDialogButtonBox, QLineEdit\n"
        f"dialog = {dialogs}[0]\n"
        "QTest.keyClicks(dialog.findChild(QLineEdit, 'fileNameEdit'), 'chosen.txt')\n"
        "buttons = dialog.findChild(QDialogButtonBox)\n"
        "buttons.button(QDialogButtonBox.StandardButton.Open).click()"
    )
    session.wait_for("tab.title == 'what the file says'")


def test_a_torn_off_tab_keeps_its_page(rig: BrowserRig, site: Site) -> None:
    site.page("a.example/", "<title>a</title>")
    session = rig.start(hosts=site.host_map())
    session.do("window.add_tab()")
    session.open("http://a.example/")
    session.script("window.lived = true")
    session.do("window.tear_off(tab)")
    session.wait_for("len(session._manager.windows) == 2")
    kept = "session._manager.windows[1].current()"
    session.do(
        "session.answers = []\n"
        f"{kept}.page.runJavaScript('window.lived', 0, session.answers.append)"
    )
    session.wait_for("session.answers == [True]")
    assert site.arrived.count("a.example/") == 1


def _guarded(site: Site) -> Callable[[], Answer]:
    expected = "Basic " + base64.b64encode(b"ada:lovelace").decode()

    def answer() -> Answer:
        if site.asking.get("authorization") == expected:
            return Answer(b"<title>welcome</title>")
        return Answer(
            b"<title>who?</title><p>No.",
            status=401,
            headers=(("WWW-Authenticate", "Basic realm=x"),),
        )

    return answer


def test_a_server_that_asks_for_a_password(rig: BrowserRig, site: Site) -> None:
    site.pages["guarded.example/"] = _guarded(site)
    session = rig.start(hosts=site.host_map())
    session.do("window.open_text('http://guarded.example/')")
    dialog = "__import__('PyQt6.QtWidgets').QtWidgets.QApplication.activeModalWidget()"
    session.wait_for(f"{dialog} is not None")
    # Who cancels is not asked again, and sees the server's own answer.
    session.do(f"{dialog}.reject()")
    session.wait_for("tab.title == 'who?' and not tab.loading")
    assert site.arrived.count("guarded.example/") == 1
    session.do("tab.reload()")
    session.wait_for(f"{dialog} is not None")
    session.do(
        "from PyQt6.QtWidgets import QLineEdit, QApplication\n"
        "dialog = QApplication.activeModalWidget()\n"
        "name, password = dialog.findChildren(QLineEdit)\n"
        "name.setText('ada'); password.setText('lovelace')\n"
        "dialog.accept()"
    )
    session.wait_for("tab.title == 'welcome'")


def test_downloads_land_where_they_should(rig: BrowserRig, site: Site) -> None:
    site.page("dl.example/", "<title>dl</title><a id=a href='/x' download='../../evil.txt'>x</a>")
    site.pages["dl.example/x"] = Answer(b"content", "application/octet-stream")
    folder = rig.folder / "got"
    folder.mkdir()
    session = rig.start(hosts=site.host_map())
    session.do(
        "from myco_browser.domain.settings import DOWNLOAD_FOLDER\n"
        "from myco_browser.domain.settings_snapshot import Change\n"
        f"session._settings.change(Change(DOWNLOAD_FOLDER, {str(folder)!r}))"
    )
    session.open("http://dl.example/")
    for _ in range(2):
        session.script("document.getElementById('a').click()")
    # A file on its way has a second name, so the downloads are counted, not the files.
    session.wait_for("len(session._downloads.list.all) == 2")
    session.wait_for("all(one.ended for one in session._downloads.list.all)")
    names = sorted(path.name for path in folder.iterdir())
    assert len(names) == 2
    assert all("evil" in name for name in names)
    assert not list(rig.folder.glob("evil*"))


_PRINTERS = """#!/bin/sh
[ "$1" = -d ] && echo "system default destination: Second" || printf 'First\nSecond\n'
"""
_LP = """#!/bin/sh
cat > "$HOME/printed.part"; echo "$*" > "$HOME/printed.words"
mv "$HOME/printed.part" "$HOME/printed.pdf"
"""
_PRINT = "next(iter(window.findChildren(__import__('myco_browser.ui.print_dialog', fromlist=['x']).PrintDialog)), None)"  # noqa: E501

_PAPER = f"(lambda v: '%08x' % v.grab().toImage().pixel({{at}}, v.height() // 2))({_PRINT}.preview)"


def test_a_page_becomes_a_pdf_and_goes_to_a_printer(rig: BrowserRig, site: Site) -> None:
    sheets = "<p style='background:#cfe;break-after:page'>words" * 2
    site.page("paper.example/", f"<title>paper</title>{sheets}<p>end")
    target, printed = rig.folder / "paper.pdf", rig.folder / "home" / "printed.pdf"
    programs = rig.folder / "bin"
    programs.mkdir()
    for name, text in (("lpstat", _PRINTERS), ("lp", _LP)):
        (programs / name).write_text(text)
        (programs / name).chmod(0o755)
    rig.environ["PATH"] = f"{programs}:{rig.environ['PATH']}"
    session = rig.start(hosts=site.host_map())
    session.open("http://paper.example/")
    session.do(
        "from PyQt6.QtWidgets import QFileDialog\n"
        f"QFileDialog.getSaveFileName = staticmethod(lambda *a: ({str(target)!r}, ''))\n"
        "from myco_browser.ui.printing import save_pdf\n"
        "save_pdf(window)"
    )
    assert wait_until(lambda: target.exists() and target.read_bytes().startswith(b"%PDF"))
    # A folder that is gone is told, and not made.
    gone = rig.folder / "gone" / "paper.pdf"
    session.do(
        "from PyQt6.QtWidgets import QFileDialog\n"
        f"QFileDialog.getSaveFileName = staticmethod(lambda *a: ({str(gone)!r}, ''))\n"
        "from myco_browser.ui.printing import save_pdf\n"
        "save_pdf(window)"
    )
    session.wait_for("'The folder is not there any more.' in tab.notices[-1].accessibleName()")
    assert not gone.parent.exists()
    # The page asks by itself; the second time it can be kept from it.
    session.script("print(); 0")
    session.wait_for(f"{_PRINT} is not None and {_PRINT}.button.isEnabled()")
    assert session.value(f"{_PRINT}.silence.isVisible()") is False
    session.do(f"{_PRINT}.reject()")
    session.wait_for(f"{_PRINT} is None")
    session.script("print(); 0")
    session.wait_for(f"{_PRINT} is not None and {_PRINT}.printer.currentText() == 'Second'")
    session.wait_for(f"{_PRINT}._count.text() == '3 pages'")
    # The sheets are seen: paper in the middle of the preview, and something darker around it.
    session.wait_for(_PAPER.format(at="v.width() // 2") + " == 'ffffffff'")
    session.wait_for(_PAPER.format(at="4") + " < 'ff555555'")
    assert session.value(f"{_PRINT}.silence.isVisible()") is True
    session.do(f"d = {_PRINT}; d.pages.setText('x'); d.pages.textEdited.emit('x')")
    session.wait_for(f"{_PRINT}._problem.isVisible() and not {_PRINT}.button.isEnabled()")
    session.do(
        f"d = {_PRINT}; d.both_sides.setChecked(True); d.landscape.setChecked(True)\n"
        "d.silence.setChecked(True); d.pages.setText('2-3'); d.pages.textEdited.emit('2-3')"
    )
    session.wait_for(f"{_PRINT}._count.text() == '2 pages' and {_PRINT}.button.isEnabled()")
    session.do(f"{_PRINT}.button.click()")
    assert wait_until(printed.exists)
    assert printed.read_bytes().startswith(b"%PDF")
    words = (rig.folder / "home" / "printed.words").read_text().split()
    assert words[:6] == ["-d", "Second", "-n", "1", "-t", "paper"]
    assert "sides=two-sided-short-edge" in words
    session.wait_for(f"{_PRINT} is None")
    session.script("print(); 0")
    session.do("from myco_browser.ui.printing import print_page\nprint_page(window)")
    session.wait_for(f"{_PRINT} is not None and {_PRINT}.button.isEnabled()")
    assert session.value(f"{_PRINT}.silence.isVisible()") is False
    # The page goes; what was made of it can still be printed, and nothing else.
    session.do("tab.navigate(__import__('PyQt6.QtCore').QtCore.QUrl('about:start'))")
    session.wait_for(f"not {_PRINT}.pages.isEnabled() and {_PRINT}.button.isEnabled()")


def test_pinned_pages_stand_on_the_start_page(rig: BrowserRig, site: Site) -> None:
    site.page("liked.example/", "<title>liked</title>")
    session = rig.start(hosts=site.host_map())
    session.open("http://liked.example/")
    session.do("session._context.pins.toggle(tab.urlstr, tab.title)")
    session.open("about:start")
    assert "liked.example" in session.script("document.body.innerText")
    session.script("document.querySelector('.sites a').click()")
    session.wait_for("tab.title == 'liked'")


def test_the_start_page_searches_and_navigates(rig: BrowserRig, site: Site) -> None:
    site.page("typed.example/a%20b", "<title>typed</title>")
    session = rig.start(hosts=site.host_map("typed.example"))
    session.wait_for("tab.title == 'Start page'")
    session.script(
        "document.querySelector('input').value = 'http://typed.example/a b';"
        "document.querySelector('form').requestSubmit()"
    )
    session.wait_for("tab.urlstr == 'http://typed.example/a%20b'")


def test_own_pages(rig: BrowserRig) -> None:
    session = rig.start()
    for address, words in (
        ("about:shortcuts", "Ctrl+Shift+T"),
        ("about:version", "Chromium"),
        ("about:myco", "PyQt"),
    ):
        session.open(address)
        assert words in session.script("document.body.innerText")
    # The engine has no page for any other, and would show an empty one.
    session.do("session.told = []\nwindow.tell = lambda sign, text: session.told.append(text)")
    session.do("window.open_text('about:crash')")
    assert session.value("[tab.urlstr, session.told]") == [
        "myco://version/",
        ["This is not a valid address."],
    ]


def test_a_broken_settings_file_is_told_and_taken_for_the_safer_choice(rig: BrowserRig) -> None:
    rig.profile.mkdir()
    (rig.profile / "settings.json").write_text('{"content.javascript": "maybe"}')
    session = rig.start()
    session.wait_for("len(tab.notices) == 1")
    assert session.value("session._settings.settings.values['content.javascript']") is False


def test_the_language_can_be_chosen(rig: BrowserRig) -> None:
    session = rig.start("--lang", "fr")
    session.wait_for("window.reload.toolTip() in ('Recharger', 'Actualiser', 'Arrêter')")
    # Those of Qt that its catalogue knows, and one that is newer than it.
    known = "__import__('PyQt6.QtCore').QtCore.QCoreApplication.translate('QFileDialog', {!r})"
    for text, french in (
        ("File &name:", "&Nom de fichier\u00a0:"),
        ("&Look in:", "Voir dans\u00a0:"),
    ):
        assert session.value(known.format(text)) == french
    assert session.value(known.format("neither")) == "neither"
    session.open("about:shortcuts")
    assert "Ctrl+Maj+T" in session.script("document.body.innerText")


def test_other_colours_leave_pages_alone(rig: BrowserRig, site: Site) -> None:
    site.page("alive.example/", "<title>alive</title>")
    session = rig.start(hosts=site.host_map())
    session.do("window.add_tab()")
    session.open("http://alive.example/")
    session.script("window.lived = true")
    session.do(
        "from myco_browser.domain.settings import THEME\n"
        "from myco_browser.domain.settings_snapshot import Change\n"
        "session._settings.change(Change(THEME, 'dark'))"
    )
    session.wait_for("window.context.face.text == '#e6edea' and tab.title == 'alive'")
    assert session.script("window.lived") is True
    assert session.value("[len(session._manager.windows), len(window.tabs)]") == [1, 2]
    assert site.arrived.count("alive.example/") == 1


_HISTORY = "session._manager._single['history']"
_ROWS = f"""[{_HISTORY}._model.item(d).child(r).text() for d in range({_HISTORY}._model.rowCount())
             for r in range({_HISTORY}._model.item(d).rowCount())]"""


def test_the_history_finds_opens_and_forgets(rig: BrowserRig, site: Site) -> None:
    for host in ("one.example", "shop.two.example", "www.two.example"):
        site.page(f"{host}/", f"<title>{host} title</title>")
    site.pages["shop.two.example/"] = Answer(
        b"<title>shop.two.example title</title>", headers=(("Set-Cookie", "id=1; Max-Age=999"),)
    )
    session = rig.start(hosts=site.host_map())
    for host in ("one.example", "shop.two.example", "www.two.example"):
        session.open(f"http://{host}/")
        session.wait_for(f"tab.title == '{host} title'")

    def cookie() -> str:
        session.open("http://shop.two.example/")
        asked = zip(site.arrived, site.headers, strict=True)
        return [sent.get("cookie", "") for place, sent in asked if place == "shop.two.example/"][-1]

    assert cookie() == "id=1"
    # From now on it sets none, so that what is sent was kept.
    site.page("shop.two.example/", "<title>shop.two.example title</title>")
    assert cookie() == "id=1"
    session.script("localStorage.word = 'kept'")
    _press(session, "Ctrl+H")
    session.wait_for(f"len({_ROWS}) == 3")
    assert "shop.two.example title" in session.value(_ROWS)[0]
    session.do(f"{_HISTORY}._search.setText('one')")
    session.wait_for(f"len({_ROWS}) == 1")
    session.do(f"{_HISTORY}._search.clear()")
    session.wait_for(f"len({_ROWS}) == 3")
    session.do(
        f"tree, model = {_HISTORY}._tree, {_HISTORY}._model\n"
        "tree.setCurrentIndex(model.index(0, 0, model.index(0, 0)))\n"
        f"{_HISTORY}._forget_site.click()"
    )
    session.wait_for(f"len({_ROWS}) == 1")
    assert "one.example title" in session.value(_ROWS)[0]
    assert wait_until(lambda: cookie() == "")
    session.wait_for_script("localStorage.word || 'gone'", "gone")
    # Kept for some days, and not at all.
    session.do(
        "from myco_browser.domain.settings_kept import HISTORY_KEPT\n"
        "from myco_browser.domain.settings_snapshot import Change\n"
        "session.keep = lambda wish: session._settings.change(Change(HISTORY_KEPT, wish))\n"
        "session._records.history.record('http://old.example/', 'old', 1_500_000_000)"
    )
    session.wait_for("len(session._context.visits.complete('old.ex')) == 1")
    session.do("session.keep('90')")
    session.wait_for("not session._context.visits.complete('old.ex')")
    session.do("session.keep('off')")
    session.open("http://www.two.example/")
    session.wait_for("tab.title == 'www.two.example title'")
    assert session.value("session._context.visits.complete('www.two')") == []
    session.wait_for("len(session._context.visits.complete('one.ex')) == 1")


def test_bookmarks_are_kept_shown_and_found_again(rig: BrowserRig, site: Site) -> None:
    for name in ("one", "two"):
        site.page(f"{name}.example/", f"<title>{name}</title>")
    session = rig.start(hosts=site.host_map())
    session.open("http://one.example/")
    _press(session, "Ctrl+D")
    popup = "session._application.activePopupWidget()"
    session.wait_for(f"type({popup}).__name__ == 'BookmarkPanel'")
    session.do(f"{popup}._title.setText('Renamed'); {popup}._tags.setText('a, b'); {popup}.close()")
    kept = session.value(
        "[[b.title, b.url, list(b.tags)] for b in session._context.bookmarks.children(1)]"
    )
    assert kept == [["Renamed", "http://one.example/", ["a", "b"]]]
    assert session.value("window.address.star.toolTip()") == "Change this bookmark"
    bar = "window._chrome.findChild(__import__('PyQt6.QtWidgets').QtWidgets.QWidget, 'bookmarks')"
    assert session.value(f"{bar}.isVisible()")
    session.open("http://two.example/")
    assert session.value("window.address.star.toolTip()") == "Bookmark this page"
    session.do(f"{bar}._buttons[0].click()")
    session.wait_for("tab.title == 'one'")
    session.do("window.focus_address()")
    _press(session, "Ctrl+Shift+B")
    session.wait_for(f"not {bar}.isVisible()")
    _press(session, "Ctrl+Shift+O")
    library = "session._manager._single['bookmarks']"
    session.wait_for(f"{library}.isVisible()")
    exported = rig.folder / "out.html"
    session.do(f"from pathlib import Path; {library}.export_file(Path({str(exported)!r}))")
    assert 'HREF="http://one.example/"' in exported.read_text()
    session.do(
        f"tree = {library}._tree; tree.topLevelItem(0).child(0).setSelected(True)\n"
        f"{library}._remove.click()"
    )
    assert session.value("len(session._context.bookmarks.children(1))") == 0
    session.do(f"{library}._back.click()")
    assert session.value("len(session._context.bookmarks.children(1))") == 1
    session.do(f"from pathlib import Path; {library}.import_file(Path({str(exported)!r}))")
    assert session.value("len(session._context.bookmarks.children(1))") == 2
    session.do("session._context.launcher.open_private([])")
    private = rig.session()
    private.wait_for("tab is not None")
    assert not private.value("window.address.star.isVisible()")
