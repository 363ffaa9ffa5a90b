"""A profile that cannot be written, a full disk, damaged files, a clock that jumps: a sentence, and
the browser goes on."""

from __future__ import annotations

import os
import time
from pathlib import Path

from support.browser_rig import BrowserRig, LedSession
from support.site import Site

from myco_browser.services.history import History

_TOLD = "[bar.accessibleName() for bar in tab.notices]"
_STAR = "session._context.bookmarks.add('Kept', 'http://{}.example/', 1)"
# A disk of its own for the profile, as a user without rights may make one.
_OWN_DISK = (
    "mount -t tmpfs -o size=24m,mode=700 none {profile} && cp -a {kept}/. {profile} && exec setpriv"
    ' --ambient-caps=-all --inh-caps=-all "$@"'
)


def _told(session: LedSession, words: str) -> None:
    session.wait_for(f"any({words!r} in text for text in {_TOLD})")


def _later(session: LedSession, code: str) -> None:
    """As a click would do it: what nobody catches goes where it goes then."""
    session.do(f"from PyQt6.QtCore import QTimer; QTimer.singleShot(0, lambda: {code})")


def _visited(profile: Path) -> None:
    history = History(profile / "history.sqlite", lambda _what: None)
    history.record("http://before.example/", "Before", int(time.time()), typed=True)
    history.close()


def test_a_profile_that_may_not_be_written_is_read(rig: BrowserRig, site: Site) -> None:
    site.page("now.example/", "<title>now</title><script>localStorage.x = 1</script>")
    site.page("later.example/", "<title>later</title>")
    rig.profile.mkdir(mode=0o700)
    (rig.profile / "settings.json").write_text('{"content.https_first": false}')
    _visited(rig.profile)
    (rig.profile / "welcome-shown").touch()
    before = _digest(rig.profile)
    for path in (*rig.profile.rglob("*"), rig.profile):
        path.chmod(0o500 if path.is_dir() else 0o400)
    try:
        rig.launch(is_new=True, hosts=site.host_map())
        session = rig.session()
        _told(session, "may not be written")
        session.open("http://now.example/")
        assert session.value("tab.title") == "now"
        assert session.script("localStorage.x") == "1", "for this session it is there"
        assert session.value("len(session._context.visits.complete('before'))") == 1
        _later(session, _STAR.format("now"))
        session.open("http://later.example/")
        assert session.value("tab.title") == "later", "it goes on"
        second = rig.launch("http://now.example/", is_new=True)
        assert second.wait(20) == 0, "the profile is taken all the same"
        session.wait_for("len(window.tabs) == 2 and tab.title == 'now'")
        session.do("session._manager.close_all()")
        assert rig.started[0].wait(20) == 0
        assert _digest(rig.profile) == before
    finally:
        rig.profile.chmod(0o700)


def test_a_full_disk_damaged_files_and_a_clock_that_jumps(rig: BrowserRig, site: Site) -> None:
    for name in ("one", "two", "three"):
        site.page(f"{name}.example/", f"<title>{name}</title>")
    kept = rig.folder / "kept"
    kept.mkdir()
    rig.profile.mkdir(mode=0o700)
    (kept / "settings.json").write_text('{"content.https_first": false}')
    (kept / "welcome-shown").touch()
    _visited(kept)
    (kept / "bookmarks.sqlite").write_bytes(b"no database" * 1000)
    (kept / "session-a.json").write_bytes(b"{")
    (kept / "sites.json").write_bytes(b"{")
    script = _OWN_DISK.format(profile=rig.profile, kept=kept)
    own = ("unshare", "--user", "--map-current-user", "--keep-caps", "--mount")
    rig.inside = (*own, "sh", "-c", script, "sh")
    session = rig.start(hosts=site.host_map())
    # What is told before the first page is there, stays above it.
    session.wait_for("tab.progress == 100 and not tab.loading")
    _told(session, "bookmarks.sqlite was damaged and was begun anew")
    _told(session, "sites.json could not be read in full")
    session.run(_FILL.format(path=str(rig.profile / "full")))
    session.open("http://one.example/")
    assert session.value("tab.title") == "one"
    assert not session.value(f"any('in full' in text for text in {_TOLD})"), "that page is left"
    _later(session, _STAR.format("one"))
    _told(session, "no room left on the disk")
    session.open("http://two.example/")
    assert session.value("tab.title") == "two", "it goes on"
    session.run(f"import os; os.unlink({str(rig.profile / 'full')!r})")
    session.do(_STAR.format("two"))
    assert session.value("len(session._context.bookmarks.search('two'))") == 1, "room again"
    years = 10 * 365 * 86_400
    for shift in (years, -2 * years):
        session.do(f"import time; now = time.time; time.time = lambda: now() + {shift}")
        session.open("http://three.example/")
        assert session.value("tab.title") == "three"
    assert session.value("len(session._context.visits.complete('before'))") == 1, "nothing is lost"
    session.do("session._manager.close_all()")
    assert rig.started[0].wait(20) == 0


_FILL = """
import os
with open({path!r}, "wb", buffering=0) as file:
    for size in (1 << 16, 1 << 10, 1):
        try:
            while True:
                file.write(b"x" * size)
        except OSError:
            pass
"""


def _digest(folder: Path) -> dict[str, bytes]:
    names = (name for name in os.listdir(folder) if (folder / name).is_file())
    return {name: (folder / name).read_bytes() for name in names}
