"""Moving in, as people do it: the window, what it shows, what is here afterwards."""

from __future__ import annotations

from support.browser_rig import BrowserRig, LedSession
from support.foreign_browsers import chromium_files, firefox_profile
from support.foreign_passwords import chromium_logins, firefox_logins

_WINDOW = "session._manager._single['move-in']"


def _bring_over(session: LedSession) -> list[str]:
    session.do("session._manager.show_move_in()")
    session.wait_for(f"{_WINDOW}.go.isEnabled()")
    session.do(f"{_WINDOW}.go.click()")
    told = session.wait_for(f"getattr({_WINDOW}, 'told', None)")
    session.do(f"{_WINDOW}.close()")
    session.wait_for("'move-in' not in session._manager._single")
    return list(told)


def test_firefox_moves_in_once(rig: BrowserRig) -> None:
    firefox_logins(firefox_profile(rig.folder / "home"))
    chromium_files(rig.folder / "home/.config/chromium/Default")
    chromium_logins(
        rig.folder / "home/.config/chromium/Default", [("https://b.example/", "bob", "two")]
    )
    session = rig.start()
    assert _bring_over(session) == [
        "Bookmarks: 3 came, 1 were here already or cannot be kept.",
        "History: 3 came, 0 were here already or cannot be kept.",
        "Search engines: 2 came, 0 were here already or cannot be kept.",
        "Passwords: could not be kept: open your passwords here first (Ctrl+Alt+Shift+K), then do"
        " it once more.",
    ]
    assert session.value("[item.title for item in session._context.bookmarks.children(1)]") == [
        "On the bar", "Folder",
    ]  # fmt: skip
    found = "[page.url for page in session._context.visits.complete('deep')]"
    assert session.value(found) == ["https://deep.example/x"]
    names = "[engine.name for engine in session._context.engines()]"
    assert session.value(names)[-2:] == ["Beetles", "Look"]
    passwords = "session.kept = []; session._context.passwords"
    session.do(f"{passwords}.open_with('word', session.kept.append)")
    session.wait_for("len(session.kept)")
    again = _bring_over(session)
    assert all(" 0 came" in text for text in again[:-1])
    assert again[-1] == "Passwords: 1 came, 0 were here already or cannot be kept."
    session.do(f"{passwords}.look(session.kept.append)")
    kept = "[(one.origin, one.username, one.password) for one in session.kept[0].logins]"
    session.wait_for("len(session.kept)")
    assert session.value(kept) == [["https://fox.example", "ada", "hunter2"]]
    session.do("session._manager.show_move_in()")
    session.do(f"{_WINDOW}.choice.setCurrentIndex(1)")
    session.wait_for(f"{_WINDOW}._parts and {_WINDOW}._parts[0].detail == 'Bar, Folder, No page'")
    assert session.value(f"{_WINDOW}._parts[3].preview") == "1 password"


def test_a_machine_without_other_browsers_says_so(rig: BrowserRig) -> None:
    session = rig.start()
    session.do("session._manager.show_move_in()")
    labels = "[label.text() for label in _w.findChildren(_q.QLabel)]"
    texts = session.run(
        f"import PyQt6.QtWidgets as _q\n_w = session._manager._single['move-in']\nreturn {labels}"
    )
    assert any("was found" in text for text in texts)
