"""A private session leaves nothing: on disk, in shared memory, in processes that live on."""

from __future__ import annotations

import os
import signal
from pathlib import Path

from support.browser_rig import BrowserRig, LedSession
from support.launcher_rig import is_alive, wait_until
from support.site import Site
from support.traces import files_with, memory_with, new_words, serve_words
from support.trusted_site import serve_trusted

from myco_browser.system.processes import all_processes, descendants

_HOST = "traces.example"
_CLOSES = 2
_TOLD = """
from PyQt6.QtWidgets import QLabel
def told():
    bar = session._notices._shown.get('private-gone')
    return ' '.join(label.text() for label in bar.findChildren(QLabel)) if bar else ''
session.told = told
"""


def _fill(session: LedSession, site: Site) -> dict[str, str]:
    words = new_words()
    session.open(f"https://{_HOST}{serve_words(site, _HOST, words)}")
    session.wait_for_script("window.isDone === true", True)
    session.wait_for(f"tab.title == {words['title']!r}")
    return words


def _end(rig: BrowserRig, session: LedSession, *, killed: bool) -> None:
    if killed:
        # It comes back with its tabs, and is closed then.
        os.kill(session.pid, signal.SIGKILL)
        session = rig.session()
        session.wait_for("tab is not None")
    tree = {one.pid for one in descendants(session.pid, all_processes())} | {session.pid}
    session.do("window.close()")
    assert wait_until(lambda: not any(map(is_alive, tree)), 2.0), "gone within two seconds"


def _alive(rig: BrowserRig) -> set[int]:
    launcher = rig.started[0].pid
    return {launcher, *(one.pid for one in descendants(launcher, all_processes()))}


def test_nothing_of_private_sessions_stays(rig: BrowserRig) -> None:
    with serve_trusted(rig.folder / "home", _HOST) as site:
        everyday = rig.start(hosts=site.host_map())
        found: list[str] = []
        words: dict[str, str] = {}
        for number in range(_CLOSES):
            everyday.do("session._context.launcher.open_private([])")
            private = rig.session()
            words = _fill(private, site)
            _end(rig, private, killed=number % 2 == 1)
            found += files_with(words, rig.folder, Path("/dev/shm"))
            for pid in _alive(rig):
                found += [f"{place} ({number})" for place in memory_with(words, pid)]
        assert found == []
        # The search for the last one may still go on while the word on the first is shown.
        wanted = f"Nothing is left of private window {_CLOSES}"
        everyday.do(_TOLD)
        everyday.wait_for(f"{wanted!r} in session.told()")


def test_the_search_itself_finds_what_is_there(rig: BrowserRig) -> None:
    with serve_trusted(rig.folder / "home", _HOST) as site:
        everyday = rig.start(hosts=site.host_map())
        words = _fill(everyday, site)
        in_memory = memory_with(words, everyday.pid)
        assert {place.partition(" ")[0] for place in in_memory} >= {"title", "address"}
        everyday.do("window.close()")
        assert rig.started[0].wait(20) == 0
        on_disk = {place.partition(" ")[0] for place in files_with(words, rig.folder)}
        assert on_disk >= {"local", "title", "address", "body", "file"}


def _files(folder: Path) -> dict[str, tuple[int, int]]:
    """Every file below `folder`, with its size and the time of its last change."""
    found = {}
    for path in folder.rglob("*"):
        if path.is_file() and path.name not in ("log", "control", "hosts"):
            status = path.stat()
            found[str(path.relative_to(folder))] = (status.st_size, status.st_mtime_ns)
    return found


def test_a_private_start_makes_and_changes_no_file(rig: BrowserRig) -> None:
    with serve_trusted(rig.folder / "home", _HOST) as site:
        private = rig.start("--private", hosts=site.host_map())
        before = _files(rig.folder)
        _fill(private, site)
        private.do("window.close()")
        assert rig.started[0].wait(20) == 0
        after = _files(rig.folder)
        # The lock is the launcher's; nothing else was there before, or came.
        assert {name for name in after if after[name] != before.get(name)} == set()
        assert {name for name in before if not name.startswith("home/")} <= {
            "profile/lock", "profile/settings.json", "profile/welcome-shown",
        }  # fmt: skip


def test_a_new_identity_has_nothing_of_the_old_one(rig: BrowserRig) -> None:
    with serve_trusted(rig.folder / "home", _HOST) as site:
        private = rig.start("--private", hosts=site.host_map())
        _fill(private, site)
        private.do("window.add_tab(); window.resize(1000, 700); window.move(60, 40)")
        place = private.value("[window.geometry().x(), window.width()]")
        private.do("from myco_browser.ui.new_identity import new_identity\n"
                   "new_identity(window, session._manager)")  # fmt: skip
        fresh = rig.session()
        fresh.wait_for("tab is not None and not tab.loading and window.isVisible()")
        assert fresh.name != private.name
        assert wait_until(lambda: not is_alive(private.pid), 5.0)
        assert fresh.value("[one.urlstr for one in window.tabs]") == ["myco://start/"]
        assert fresh.value("[window.geometry().x(), window.width()]") == place
        fresh.open(f"https://{_HOST}/kept")
        assert fresh.script("document.cookie + Object.keys(localStorage).length") == "0"
