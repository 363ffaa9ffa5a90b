"""Downloads in the real browser, judged at the server and on the disk."""

from __future__ import annotations

import io
import os
import signal
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from support.browser_rig import DEADLINE_S, BrowserRig, LedSession
from support.download_site import DownloadSite, Offered, serve_downloads
from support.launcher_rig import wait_until

_SIZE = 3_000_000
_HELD = 1_000_000
_BODY = bytes(range(256)) * (_SIZE // 256)
_OTHER = _BODY[::-1]
_PAGE = "dl.example/"
_KEYS = "[one for one in window.actions() if one.shortcut().toString() == {!r}][0].trigger()"
_MENU = """
from PyQt6.QtCore import QPoint
from PyQt6.QtWidgets import QApplication
window.tab_menu_wanted.emit(tab, QPoint(5, 5))
menu = QApplication.activePopupWidget()
[one] = [one for one in menu.actions() if one.text() == "Close tab"]
menu.close()
one.trigger()
"""
_LEAVING = ("Ctrl+W", "Ctrl+Shift+W", "Ctrl+Q")
_STILL = "1 download is still running."


@pytest.fixture
def files() -> Iterator[DownloadSite]:
    with serve_downloads() as site:
        site.files[_PAGE] = Offered(
            b"<title>files</title>",
            headers=(("Content-Type", "text/html"), ("Set-Cookie", "ticket=for-you; Path=/")),
        )
        yield site


def _start(rig: BrowserRig, files: DownloadSite, *arguments: str) -> LedSession:
    rig.settings["content.forget_closed"] = False
    rig.settings["downloads.folder"] = str(_folder(rig))
    return rig.start(*arguments, hosts=files.host_map())


def _folder(rig: BrowserRig) -> Path:
    folder = rig.folder / "got"
    folder.mkdir(exist_ok=True)
    return folder


def _get(session: LedSession, name: str, saved_as: str = "") -> None:
    session.open("http://dl.example/")
    session.script(
        "var a = document.createElement('a');"
        f"a.href = {name!r}; a.download = {saved_as!r}; document.body.append(a); a.click()"
    )


def _phase(session: LedSession, phase: str, number: int = 1) -> None:
    session.wait_for(
        f"(one := session._downloads.list.get({number})) and one.phase.name == {phase!r}"
    )


def _at_half(session: LedSession) -> None:
    session.wait_for(f"(one := session._downloads.list.get(1)) and one.received == {_HELD}")


def _held_at_half(session: LedSession, files: DownloadSite) -> None:
    """Waits until half is there, and the server was asked how it can be gone on with."""
    _at_half(session)
    if files.files["dl.example/big.dat"].ranges:
        session.wait_for("session._downloads.list.get(1).has_validator")


def test_a_download_pauses_goes_on_and_leaves_no_mark_of_its_origin(
    rig: BrowserRig, files: DownloadSite
) -> None:
    files.files["dl.example/big.dat"] = Offered(_BODY, etag='"1"', hold_at=_HELD)
    session = _start(rig, files)
    _get(session, "big.dat")
    _at_half(session)
    session.do("session._downloads.list.pause(1)")
    _phase(session, "PAUSED")
    session.do("session._downloads.list.resume(1)")
    files.go.set()
    _phase(session, "DONE")
    got = _folder(rig) / "big.dat"
    assert got.read_bytes() == _BODY
    assert os.listxattr(got) == []
    assert [path.name for path in _folder(rig).iterdir()] == ["big.dat"]
    assert session.value("[b.isVisible() for b in session._downloads._buttons.values()]") == [True]


def test_a_killed_browser_goes_on_where_it_stopped(rig: BrowserRig, files: DownloadSite) -> None:
    files.files["dl.example/big.dat"] = Offered(_BODY, etag='"1"', hold_at=_HELD)
    session = _start(rig, files)
    _get(session, "big.dat")
    _held_at_half(session, files)
    agent = files.asked_for("dl.example/big.dat")[0].headers["user-agent"]
    os.kill(session.pid, signal.SIGKILL)
    session = rig.session()
    files.files["dl.example/big.dat"].hold_at = None
    told = "[one.accessibleName() for one in session._downloads._buttons.values()]"
    session.wait_for(f"{told} == ['Downloads: something was left unfinished']")
    _phase(session, "STOPPED")
    assert session.value("session._downloads.list.get(1).cause.name") == "ENDED"
    session.open("http://dl.example/")  # the engine writes cookies down every half minute only
    session.do("session._downloads.list.resume(1)")
    _phase(session, "DONE")
    assert (_folder(rig) / "big.dat").read_bytes() == _BODY
    asked = files.asked_for("dl.example/big.dat")[-1].headers
    assert asked["range"] == f"bytes={_HELD}-"
    assert asked["if-range"] == '"1"'
    assert asked["user-agent"] == agent
    assert asked["cookie"] == "ticket=for-you"
    clients = "[row.client for row in session._door.counters() if row.host == 'dl.example']"
    assert "downloads" in session.value(clients)


def test_what_changed_on_the_server_begins_anew_and_says_so(
    rig: BrowserRig, files: DownloadSite
) -> None:
    files.files["dl.example/big.dat"] = Offered(_BODY, etag='"1"', hold_at=_HELD)
    session = _start(rig, files)
    _get(session, "big.dat")
    _held_at_half(session, files)
    session.do("session._launcher.quit_all()")
    rig.started[0].wait(30)
    assert [path.name for path in _folder(rig).iterdir()] == ["big.dat.part"]
    files.files["dl.example/big.dat"] = Offered(_OTHER, etag='"2"')
    session = rig.start(hosts=files.host_map())
    session.do("session._downloads.show()")
    session.do("session._downloads.list.resume(1)")
    _phase(session, "DONE")
    assert (_folder(rig) / "big.dat").read_bytes() == _OTHER
    assert files.asked_for("dl.example/big.dat")[-1].headers["if-range"] == '"1"'
    assert session.value("session._downloads.list.get(1).anew")
    texts = "[r._state.text() for r in session._downloads._window._rows.values()]"
    assert "began anew" in session.value(texts)[0]


def test_a_broken_connection_is_told_and_gone_on_with(rig: BrowserRig, files: DownloadSite) -> None:
    files.files["dl.example/big.dat"] = Offered(_BODY, etag='"1"', cut_at=_HELD)
    session = _start(rig, files)
    _get(session, "big.dat")
    _phase(session, "STOPPED")
    assert session.value("session._downloads.list.get(1).cause.name") == "NETWORK"
    files.files["dl.example/big.dat"].cut_at = None
    session.do("session._downloads.list.resume(1)")
    _phase(session, "DONE")
    assert (_folder(rig) / "big.dat").read_bytes() == _BODY
    assert files.asked_for("dl.example/big.dat")[-1].headers["if-range"] == '"1"'


def _zip(*names: str) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        for name in names:
            archive.writestr(name, b"x")
    return packed.getvalue()


def test_what_can_do_harm_waits_for_a_second_yes(rig: BrowserRig, files: DownloadSite) -> None:
    files.files["dl.example/run.sh"] = Offered(b"echo hello")
    files.files["dl.example/a.zip"] = Offered(_zip("readme.txt", "setup.exe"))
    files.files["dl.example/photo.png"] = Offered(b"\x7fELF not a picture")
    files.files["dl.example/fine.zip"] = Offered(_zip("readme.txt"))
    session = _start(rig, files)
    for number, name in enumerate(("run.sh", "a.zip", "photo.png", "fine.zip"), 1):
        _get(session, name)
        _phase(session, "DONE" if name == "fine.zip" else "HELD", number)
    names = {path.name for path in _folder(rig).iterdir()}
    assert names == {"run.sh.part", "a.zip.part", "photo.png.part", "fine.zip"}
    assert session.value("session._downloads.list.get(2).found") == "setup.exe"
    (_folder(rig) / "a.zip").write_text("mine, made meanwhile")
    session.do("session._downloads.list.keep(2)")
    session.do("session._downloads.list.forget(1)")
    _phase(session, "DONE", 2)
    names = {path.name for path in _folder(rig).iterdir()}
    assert names == {"photo.png.part", "a.zip", "a (1).zip", "fine.zip"}
    assert (_folder(rig) / "a.zip").read_text() == "mine, made meanwhile"


def test_cancelling_leaves_nothing(rig: BrowserRig, files: DownloadSite) -> None:
    files.files["dl.example/big.dat"] = Offered(_BODY, hold_at=_HELD)
    session = _start(rig, files)
    _get(session, "big.dat", saved_as="..\u202e/../fdp.big.dat")
    _at_half(session)
    assert "/" not in session.value("session._downloads.list.get(1).name")
    # Whoever wants to leave meanwhile is told of it once; to close again means it.
    for wish in ("window.strip.close_wanted.emit(0)", _MENU, *map(_KEYS.format, _LEAVING)):
        session.do(wish)
        session.wait_for("[bar.accessibleName()[:28] for bar in tab.notices] == "
                         f"[{_STILL!r}]")  # fmt: skip
        session.do("tab.notices[0].dismiss()")
        session.wait_for("not tab.notices")
    session.do("session._downloads.list.cancel(1)")
    assert wait_until(lambda: not list(_folder(rig).iterdir()))
    assert session.value("session._downloads.list.get(1).cause.name") == "CANCELLED"
    session.do(_KEYS.format("Ctrl+Shift+W"))
    assert rig.started[0].wait(DEADLINE_S) == 0


def test_a_private_session_lists_its_own_and_asks_servers_nothing(
    rig: BrowserRig, files: DownloadSite
) -> None:
    files.files["dl.example/big.dat"] = Offered(_BODY, etag='"1"')
    target = _folder(rig) / "mine.dat"
    session = _start(rig, files)
    session.do("session._launcher.open_private([])")
    private = rig.session()
    private.do(
        "from PyQt6.QtWidgets import QFileDialog\n"
        f"QFileDialog.getSaveFileName = staticmethod(lambda *a: ({str(target)!r}, ''))"
    )
    _get(private, "big.dat")
    _phase(private, "DONE")
    assert target.read_bytes() == _BODY
    assert os.listxattr(target) == []
    assert session.value("len(session._downloads.list.all)") == 0
    private.do("window.close()")
    session.wait_for("not session._downloads.list.all")
    assert not files.asked_for("dl.example/big.dat", "HEAD")
    assert (
        not (rig.profile / "downloads.sqlite").exists()
        or b"big.dat" not in (rig.profile / "downloads.sqlite").read_bytes()
    )


def test_a_folder_that_may_not_be_written_is_told(rig: BrowserRig, files: DownloadSite) -> None:
    files.files["dl.example/big.dat"] = Offered(_BODY)
    session = _start(rig, files)
    _folder(rig).chmod(0o500)
    _get(session, "big.dat")
    _phase(session, "STOPPED")
    assert session.value("session._downloads.list.get(1).cause.name") == "NO_ACCESS"
    _folder(rig).chmod(0o700)
