"""The settings in the real browser: found, reset, carried by a file; what it tells of itself."""

from __future__ import annotations

import json

from support.browser_rig import BrowserRig, LedSession

_WINDOW = "session._preferences._window"


def _open(session: LedSession) -> None:
    session.do("session._preferences.open()")
    session.do(f"{_WINDOW}.show_all()")


def _table(session: LedSession, what: str) -> object:
    return session.run(
        "from myco_browser.ui.settings_table import SettingsTable\n"
        "from pathlib import Path\n"
        f"table = {_WINDOW}.findChild(SettingsTable)\n"
        f"return {what}"
    )


def test_a_setting_is_found_changed_marked_and_reset(rig: BrowserRig) -> None:
    session = rig.start()
    _open(session)
    session.do(f"{_WINDOW}._search.setText('like the desktop')")
    boxes = f"{_WINDOW}._found.findChildren(__import__('PyQt6.QtWidgets').QtWidgets.QComboBox)"
    found = f"[box for box in {boxes} if box.findData('dark') >= 0]"
    assert session.value(f"(len({boxes}), len({found}))") == [2, 1]  # colours, and movement
    session.do(f"box = {found}[0]\nbox.activated.emit(box.findData('dark'))")
    session.wait_for("session._settings.settings.values.get('general.theme') == 'dark'")
    _open(session)
    _table(session, "table.model.show_words('general.theme')")
    row = "[str(table.model.data(table.model.index(0, c))) for c in range(3)]"
    assert _table(session, row) == ["● general.theme", "dark", "system"]
    edit = "table.model.setData(table.model.index(0, 1), {!r})"
    assert _table(session, edit.format("nonsense")) is False
    assert "choices" in str(_table(session, "table._note.text()"))
    assert _table(session, edit.format("light")) is True
    assert json.loads((rig.profile / "settings.json").read_text())["general.theme"] == "light"
    assert _table(session, "table.reset_all()") is True
    assert json.loads((rig.profile / "settings.json").read_text()) == {}


def test_a_file_of_settings_is_taken_whole_or_refused(rig: BrowserRig) -> None:
    session = rig.start()
    _open(session)
    good, bad = rig.folder / "good.json", rig.folder / "bad.json"
    assert _table(session, f"table.export(Path({str(good)!r}))") is True
    text = good.read_text()
    assert "content.https_first" in text
    bad.write_text(text.replace('"settings": {', '"settings": {\n    "general.zoom": 9000,'))
    good.write_text(text.replace('"settings": {', '"settings": {\n    "general.zoom": 120,'))
    assert _table(session, f"table.take_in(Path({str(bad)!r}))") is False
    assert _table(session, "table._note.text()") == (
        "Nothing was changed. Line 5: general.zoom: The number is too small or too large."
    )
    assert "general.zoom" not in (rig.profile / "settings.json").read_text()
    assert _table(session, f"table.take_in(Path({str(good)!r}))") is True
    kept = json.loads((rig.profile / "settings.json").read_text())
    assert kept == {"content.https_first": False, "general.zoom": 120}


def test_the_browser_tells_how_old_and_how_confined_it_is(rig: BrowserRig) -> None:
    session = rig.start()
    session.open("about:myco")
    text = session.script("document.body.innerText")
    assert "days, since" in text
    assert "newer releases are known" in text
    assert "user namespace of its own" in text
    assert "not whole" not in text
    session.open("about:config")
    assert "content.https_first\tfalse\ttrue\tchanged" in session.script("document.body.innerText")
